"""An application, a contract or an evaluation as it was on a day, from the audit trail alone."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone

from members.enums import Role
from portal.kernel.models.audit import AuditEntry, Result

KINDS = {
    "application": "funding.application",
    "contract": "funding.contract",
    "evaluation": "reports.evaluation",
}


@dataclass(frozen=True)
class AsOf:
    """What stood at the end of the day; `status` is empty before the first step."""

    label: str
    day: date
    first: date | None
    last: date | None
    status: str
    facts: list[tuple[str, Any]]
    steps: list[tuple[AuditEntry, str]]  # what was done until then and by which roles, oldest first
    later: int  # how many entries came afterwards


def role_words(entry: AuditEntry) -> str:
    """The roles that the actor held, in words."""
    words = dict(Role.choices)
    return ", ".join(str(words.get(code, code)) for code in entry.roles.split(",") if code)


def kind_of(entry: AuditEntry) -> str:
    """The kind of the object as addresses write it; empty when it has no such page."""
    return next((kind for kind, subject in KINDS.items() if subject == entry.subject_type), "")


def as_of(*, kind: str, pk: UUID, day: date) -> AsOf | None:
    """The object at the end of `day`, Beijing time; None when there is no such object and never was."""
    entries = AuditEntry.objects.filter(subject_type=KINDS[kind], subject_id=str(pk), result=Result.DONE)
    everything = list(entries.order_by("id"))
    label = everything[-1].subject_label if everything else _label(KINDS[kind], pk)
    if not label:
        return None
    done = [entry for entry in everything if timezone.localdate(entry.at) <= day]
    return AsOf(
        label=done[-1].subject_label if done else label,
        day=day,
        first=timezone.localdate(everything[0].at) if everything else None,
        last=timezone.localdate(everything[-1].at) if everything else None,
        status=_status(KINDS[kind], done),
        facts=_facts(KINDS[kind], done),
        steps=[(entry, role_words(entry)) for entry in done],
        later=len(everything) - len(done),
    )


def _label(subject: str, pk: UUID) -> str:
    """What an object is called that has no entry of its own yet."""
    found = apps.get_model(subject)._base_manager.filter(pk=pk).first()  # noqa: SLF001
    return str(found) if found else ""


def _status(subject: str, done: list[AuditEntry]) -> str:
    """The target of the last step in words; before the first step that with which such an object begins."""
    if not done:
        return ""
    field: Any = apps.get_model(subject)._meta.get_field("status")  # noqa: SLF001
    codes = [entry.facts["to"] for entry in done if "to" in entry.facts]
    code = codes[-1] if codes else field.default
    return str(dict(field.flatchoices).get(code, code))


def _facts(subject: str, done: list[AuditEntry]) -> list[tuple[str, Any]]:
    """What the last step left standing, and what was recorded after it."""
    found: dict[str, Any] = {}
    for entry in done:
        found = {**({} if "to" in entry.facts else found), **entry.facts}
    return [_in_words(subject, name, value) for name, value in found.items() if name not in {"from", "to"}]


def _in_words(subject: str, name: str, value: Any) -> tuple[str, Any]:
    """A fact with the heading and the words of the field it was in, if it was in one."""
    try:
        field: Any = apps.get_model(subject)._meta.get_field(name)  # noqa: SLF001
    except FieldDoesNotExist:
        return name, value
    words = dict(getattr(field, "flatchoices", ()))
    return str(getattr(field, "verbose_name", name)), words.get(str(value), value)
