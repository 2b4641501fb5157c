"""Showing sealed values: a right of its own, a reason, a record, once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from portal.kernel.personal import disclose
from portal.kernel.views import LoadMixin, ServiceFormView


class PurposeForm(forms.Form):
    """What it is needed for."""

    note = forms.CharField(
        label=_("What do you need it for?"), max_length=300, min_length=4,
        help_text=_("Kept in the audit trail together with your name."),
    )  # fmt: skip


@method_decorator(never_cache, name="dispatch")
class RevealView(LoadMixin, ServiceFormView):
    """Sealed fields of one object; the answer to the POST shows them and is kept by nobody.

    Subclasses give `model`, `permission`, `fields`, and where one comes from (`back_url`).
    """

    template_name = "reveal.html"
    fields: Sequence[str] = ()

    def is_own(self) -> bool:
        """Whether the person looks at its own data, which needs no reason."""
        return False

    def back_url(self) -> str:
        """The page that this one was opened from."""
        return str(self.object.get_absolute_url())

    def get_form_class(self) -> type[forms.Form]:
        return forms.Form if self.is_own() else PurposeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meta = self.object._meta  # noqa: SLF001
        masked = [(meta.get_field(name).verbose_name, getattr(self.object, name)) for name in self.fields]
        return super().get_context_data(masked=masked, back=self.back_url(), own=self.is_own(), **kwargs)

    def perform(self, form: Any) -> dict[str, str]:
        return disclose(
            subject=self.object, fields=self.fields, permission=self.permission, actor=self.actor, at=self.at,
            note=form.cleaned_data.get("note", ""), own=self.is_own(),
        )  # fmt: skip

    def get_success_url(self) -> str:
        return self.request.path

    def form_valid(self, form: Any) -> HttpResponse:
        """Not a redirect: the values stand in this one answer. Sending the form again, as a reload does, asks anew."""
        done = super().form_valid(form)
        if done.status_code != 302:
            return done
        meta = self.object._meta  # noqa: SLF001
        plain = [(meta.get_field(name).verbose_name, text) for name, text in self.result.items()]
        shown = self.render_to_response(self.get_context_data(form=form, plain=plain))
        shown.replay = done  # type: ignore[attr-defined]
        return shown
