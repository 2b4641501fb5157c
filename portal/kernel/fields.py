"""Model fields that are sealed in the database and masked everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import Promise

from portal.kernel.crypto import Unreadable, open_sealed, seal

HIDDEN = "****"
UNBOUND = "this sealed value came without its row (values(), an annotation): load the object to reveal it"


# --- masks -------------------------------------------------------------------------------------
def ends(first: int, last: int) -> Callable[[str], str]:
    """A mask that leaves the first and the last signs; a text too short for that is hidden altogether."""

    def mask(text: str) -> str:
        if len(text) < first + last + len(HIDDEN):
            return HIDDEN
        return f"{text[:first]}{HIDDEN}{text[len(text) - last :]}"

    return mask


def identity(text: str) -> str:
    """320***********1234: as long as the number itself."""
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}" if len(text) > len(HIDDEN) + 7 else HIDDEN


def contact(text: str) -> str:
    """z****@sample.cn for an address, else as a telephone number."""
    name, at, host = text.partition("@")
    return f"{name[:1]}{HIDDEN}@{host}" if at and name else phone(text)


def person(text: str) -> str:
    """张**: the first sign of a name."""
    return f"{text[:1]}**" if text else ""


phone, account = ends(3, 4), ends(0, 4)
MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": phone,
    "account": account,
    "identity": identity,
    "contact": contact,
    "person": person,
    "all": lambda _text: HIDDEN,
}


# --- the value ---------------------------------------------------------------------------------
class Secret(Promise):
    """A value that shows its mask wherever it is printed; `reveal()` gives the text itself, to services alone.

    It is lazy text to Django, so templates, JSON and the API print the mask too. An empty one is false.
    """

    __slots__ = ("_about", "_mask", "_plain", "_sealed")

    def __init__(self, *, plain: str | None = None, sealed: str = "", mask: str = "all", about: str = "") -> None:
        self._plain, self._sealed, self._mask, self._about = plain, sealed, mask, about

    def reveal(self) -> str:
        """The text itself. Raises Unreadable."""
        if self._plain is not None:
            return self._plain
        if self._sealed and not self._about:
            raise Unreadable(UNBOUND)
        return open_sealed(self._sealed, self._about) if self._sealed else ""

    reveal.alters_data = True  # type: ignore[attr-defined]  # a template that asks gets nothing

    def __str__(self) -> str:
        try:
            plain = self.reveal()
        except Unreadable:
            return HIDDEN
        return MASKS[self._mask](plain) if plain else ""

    def __repr__(self) -> str:
        return f"<Secret {self}>"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._sealed or self._plain)

    def __len__(self) -> int:
        return len(str(self))

    def __reduce__(self) -> Any:
        """Neither a cache nor a copy holds the text itself."""
        return _restore, (self.for_database(), self._mask, self._about)

    def bound(self, about: str) -> Secret:
        """This value at its place in the database; at another one it does not open."""
        if not self._about:
            self._about = about
        return self

    def belongs_to(self, about: str) -> bool:
        """Whether this is its place, or it has none yet."""
        return self._about in {"", about}

    def for_database(self) -> str:
        """What the column holds: sealed once, then always the same."""
        if self._plain and not self._sealed:
            if not self._about:
                raise TypeError("a sealed field is saved with its row, not by update() or in an expression")
            self._sealed = seal(self._plain, self._about)
        return self._sealed


def _restore(sealed: str, mask: str, about: str) -> Secret:
    return Secret(sealed=sealed, mask=mask, about=about)


# --- the field ---------------------------------------------------------------------------------
class _Attribute(DeferredAttribute):
    """Always a Secret: of what was loaded, or of the text that somebody has set."""

    field: EncryptedField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        return super().__get__(instance, cls).bound(self.field.about(instance))

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class EncryptedField(models.TextField[Any, Any]):
    """A short text, sealed for its table, column and row; the attribute is a Secret, empty text stays empty.

    `mask` names one of MASKS. It cannot be searched or compared in the database, and is saved with its row only.
    """

    descriptor_class = _Attribute

    def __init__(self, *args: Any, mask: str = "all", **kwargs: Any) -> None:
        self.mask = mask
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "mask": self.mask}

    def about(self, instance: models.Model) -> str:
        """The place that a value of this row is bound to."""
        return f"{instance._meta.db_table}.{self.column}:{instance.pk}"  # noqa: SLF001

    def to_python(self, value: Any) -> Secret:
        if isinstance(value, Secret):
            return value
        return Secret(plain=str(value or "").strip(), mask=self.mask)

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> Secret:
        """Without its row it shows no more than that there is something."""
        return Secret(sealed=value or "", mask=self.mask)

    def get_prep_value(self, value: Any) -> str:
        return self.to_python(value).for_database()

    def pre_save(self, model_instance: models.Model, add: bool) -> Secret:
        value: Secret = getattr(model_instance, self.attname)
        if value and not value.belongs_to(self.about(model_instance)):
            raise ValueError(f"{self.name}: a sealed value belongs to one row; set its text instead")
        return value

    def get_lookup(self, lookup_name: str) -> None:
        """Refuses filter(), exclude() and constraints: Django names the field in its error."""

    def get_transform(self, lookup_name: str) -> None:
        """As above."""

    def value_to_string(self, obj: models.Model) -> str:
        """A dump of fixtures gets the mask; only a backup of the database holds what is sealed."""
        return str(getattr(obj, self.attname))

    def value_from_object(self, obj: models.Model) -> str:
        """Forms start empty: what is stored never travels to a browser."""
        return ""

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """A field left empty keeps what is stored."""
        if data:
            setattr(instance, self.attname, data)

    def formfield(self, **kwargs: Any) -> Any:
        """A line that no browser remembers; a bound one shows what was typed, never what is stored."""
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        options = {"max_length": self.max_length, "widget": widget, "required": not self.blank, **kwargs}
        return super(models.TextField, self).formfield(form_class=SealedInput, **options)


class SealedInput(forms.CharField):
    """The form field of a sealed column. `stored` is the mask that a page may show beside it."""

    stored: Any = ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


def sealed_fields(model: type[models.Model]) -> list[EncryptedField]:
    """The sealed columns of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]  # noqa: SLF001
