"""Nobody's work is overwritten unseen: a form says which state of its row it began with."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.db.models import DecimalField, Field, Model
from django.http import HttpResponse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.kernel.audit import sha256
from portal.kernel.fields import EncryptedField
from portal.kernel.forms import CentField
from portal.kernel.workflow import TransitionRefused

SEEN = "seen"
CHANGED = _("Somebody else changed this after you opened it. Compare, and save again what is to stand.")
STANDS = _("%(label)s: now stands “%(value)s”.")
UNSAID = _("This page does not say which state it was opened on. Open it again, and save then.")
LENGTH = 300  # characters shown of what stands
MONEY_DIGITS = 18


class Stale(TransitionRefused):
    """The row has changed since the form was opened; `seen` is its present state."""

    def __init__(self, seen: str, *reasons: Any) -> None:
        super().__init__(*reasons)
        self.seen = seen


def seen_of(row: Model, names: Collection[str] | None = None) -> str:
    """The state of a row: SHA-256 (hex) over its columns, or over the fields `names`."""
    fields = [field for field in row._meta.concrete_fields if names is None or field.name in names]  # noqa: SLF001
    return sha256({field.attname: _kept(row, field) for field in fields})


def _kept(row: Model, field: Any) -> Any:
    """Of a sealed column its ciphertext, which is new with every change and tells nothing."""
    if isinstance(field, EncryptedField):
        return getattr(row, field.attname).for_database()
    return field.value_from_object(row)


def typed_in(row: Model) -> dict[str, Any]:
    """What a form has put into a row."""
    editable = [field for field in row._meta.concrete_fields if field.editable]  # noqa: SLF001
    return {field.name: getattr(row, field.name) for field in editable}


def require_unchanged(*, row: Model, seen: str, typed: Mapping[str, Any], names: Collection[str] | None = None) -> None:
    """Raise Stale when the locked, freshly read `row` is not what was seen; says where it differs from `typed`.

    `names` are the fields that count, those of the view's `seen_names`.
    """
    present = seen_of(row, names)
    if seen in {"", present}:
        return
    different = [name for name, value in typed.items() if getattr(row, name) != value]
    raise Stale(present, CHANGED, *(_stands(row, name) for name in different))


def _stands(row: Model, name: str) -> str:
    field: Field[Any, Any] = row._meta.get_field(name)  # type: ignore[assignment]  # noqa: SLF001
    shown = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
    if isinstance(field, DecimalField) and field.max_digits == MONEY_DIGITS:  # in forms money is in 10,000 yuan
        shown = gettext("%(amount)s ×10k yuan") % {"amount": CentField().prepare_value(shown)}
    value = Truncator("—" if shown in {None, ""} else str(shown)).chars(LENGTH)
    return str(STANDS % {"label": capfirst(field.verbose_name), "value": value})


class SeenField(forms.CharField):
    """Must be sent by the page, so that no template can leave the guard out."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        if value is None:
            raise forms.ValidationError(UNSAID, code="unsaid")
        return super().clean(value)


class SeenMixin(View):
    """A form on `self.object` that carries the state it began with; hand `form.cleaned_data["seen"]` to the service."""

    object: Any
    seen_names: Collection[str] | None = None  # the fields that count, where other forms change the rest of the row

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)  # type: ignore[misc]
        begun = seen_of(self.object, self.seen_names)
        form.fields[SEEN] = SeenField(label=_("State of the page"), required=False, max_length=64, initial=begun)
        return form

    def refuse(self, form: Any, refusal: TransitionRefused) -> HttpResponse:
        """Having been told of the other's change, one may save over it."""
        if isinstance(refusal, Stale):
            form.data = form.data.copy()
            form.data[form.add_prefix(SEEN)] = refusal.seen
        answer: HttpResponse = super().refuse(form, refusal)  # type: ignore[misc]
        return answer
