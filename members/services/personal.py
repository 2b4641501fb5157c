"""What people may do with the data about them: state, accept, copy."""

import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from members.enums import Action
from members.models import User
from members.rules.notice import current_version
from members.rules.numbers import mobile
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.crypto import Unreadable
from portal.kernel.fields import Secret
from portal.kernel.personal import INVENTORY, Held
from portal.kernel.workflow import TransitionRefused

OLD_NOTICE = _("The privacy notice has changed meanwhile; please read the new one.")
UNREADABLE = "(does not open)"


@transaction.atomic
def update_phone(*, person: User, phone: str, remove: bool, actor: User, at: datetime) -> User:
    """State, change or delete one's mobile number; an empty one stays as it is. Raises ValidationError for `phone`."""
    require(actor, "members.update_own_data", person)
    locked = User.objects.select_for_update().get(pk=person.pk)
    if remove:
        locked.phone = ""
    elif phone.strip():
        try:
            locked.phone = mobile(phone)
        except ValidationError as error:
            raise ValidationError({"phone": error}) from None
    locked.save(update_fields=["phone"])
    audit.record(actor=actor, action=Action.UPDATE_PHONE, subject=locked, at=at, facts={"phone": locked.phone})
    return locked


def choose_shortcuts(*, person: User, on: bool) -> None:
    """Whether single letters do something in lists; who speaks to the machine or uses switches turns them off."""
    User.objects.filter(pk=person.pk).update(shortcuts=on)


@transaction.atomic
def accept_notice(*, person: User, version: int, at: datetime) -> User:
    """Keep which privacy notice somebody has accepted, and when."""
    if version != current_version():
        raise TransitionRefused(OLD_NOTICE)
    locked = User.objects.select_for_update().get(pk=person.pk)
    locked.notice_version, locked.notice_at = version, at
    locked.save(update_fields=["notice_version", "notice_at"])
    audit.record(actor=locked, action=Action.ACCEPT_NOTICE, subject=locked, at=at, facts={"version": version})
    return locked


# --- the copy ----------------------------------------------------------------------------------
def copy_data(*, person: User, actor: User, at: datetime) -> IO[bytes]:
    """Everything held about a person as JSON in an open file at its beginning; the caller closes it.

    `held` lists the inventory with its rows, sealed values opened; `acts` the keys of rows that name the person.
    """
    require(actor, "members.update_own_data", person)
    with transaction.atomic():
        audit.record(actor=actor, action=Action.COPY_DATA, subject=person, at=at)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        for part in _json(person, at):
            file.write(part.encode())
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _json(person: User, at: datetime) -> Iterator[str]:
    yield f'{{"person": {_dump(str(person.pk))},\n"made_at": {_dump(at)},\n"held": ['
    separator = ""
    for held in INVENTORY:
        if held.path:
            yield f"{separator}\n{_dump(_about(held))[:-1]}, "
            yield from _rows(held, person)
            yield "}"
            separator = ","
    yield f'\n],\n"acts": {_dump(_acts(person))}}}\n'


def _about(held: Held) -> dict[str, str]:
    with translation.override("en"):
        return {
            "what": held.model,
            "purpose": str(held.purpose),
            "basis": str(held.basis.value),
            "kept": str(held.kept.value),
        }


def _rows(held: Held, person: User) -> Iterator[str]:
    rows = held.get_model()._base_manager.filter(**{held.path: getattr(person, held.by)}).order_by("pk")  # noqa: SLF001
    shown = held.shown()
    yield '"rows": ['
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n  " + _dump({field.name: _value(row, field) for field in shown})
    yield "]"


def _value(row: models.Model, field: models.Field[Any, Any]) -> Any:
    value = getattr(row, field.attname)
    if not isinstance(value, Secret):
        return value
    try:
        return value.reveal()
    except Unreadable:
        return UNREADABLE


def _acts(person: User) -> dict[str, list[str]]:
    """The rows that name the person, by model and field: who decided, signed, uploaded."""
    found = {}
    for relation in User._meta.get_fields(include_hidden=True):  # noqa: SLF001
        if isinstance(relation, models.ManyToOneRel):
            model: Any = relation.related_model
            name = relation.field.name
            keys = model._base_manager.filter(**{name: person}).order_by("pk").values_list("pk", flat=True)  # noqa: SLF001
            found[f"{model._meta.label}.{name}"] = [str(key) for key in keys]  # noqa: SLF001
    return {place: keys for place, keys in sorted(found.items()) if keys}


def _dump(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
