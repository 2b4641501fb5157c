"""An application, a contract or an evaluation as it was on a day, from the audit trail alone."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from funding.enums import Action as FundingAction
from members.enums import Role
from portal.kernel.enumerating import enumerated
from portal.kernel.models.audit import AuditEntry, Result
from reports.enums import Action
from reports.selectors.asofwords import expert_names, in_words

KINDS = {
    "application": "funding.application",
    "contract": "funding.contract",
    "evaluation": "reports.evaluation",
}


@dataclass(frozen=True)
class Beginning:
    """What was made by an act on another object: which act, the way to that object, and which facts it tells."""

    subject: str
    action: str
    path: str
    told: tuple[str, ...]


BEGINNINGS = {
    "funding.contract": Beginning(
        "funding.application", FundingAction.APPROVE, "award__application", ("document", "tier", "amount")
    ),
    "reports.evaluation": Beginning("reports.evaluationcycle", Action.OPEN_CYCLE, "cycle", ("year", "rules")),
}


@dataclass(frozen=True)
class AsOf:
    """What stood at the end of the day; `status` is empty before the first step."""

    label: str
    day: date
    first: date | None
    last: date | None
    status: str
    facts: list[tuple[str, str]]
    steps: list[tuple[AuditEntry, str]]  # what was done until then and by which roles, oldest first
    later: int  # how many entries came afterwards


def role_words(entry: AuditEntry) -> str:
    """The roles that the actor held, in words."""
    words = dict(Role.choices)
    return enumerated(words.get(code, code) for code in entry.roles.split(",") if code)


def kind_of(entry: AuditEntry) -> str:
    """The kind of the object as addresses write it; empty when it has no such page."""
    return next((kind for kind, subject in KINDS.items() if subject == entry.subject_type), "")


def as_of(*, kind: str, pk: UUID, day: date) -> AsOf | None:
    """The object at the end of `day`, Beijing time; None when there is no such object and never was."""
    subject = KINDS[kind]
    own = Q(subject_type=subject, subject_id=str(pk))
    everything = list(AuditEntry.objects.filter(own | _beginning(subject, pk), result=Result.DONE).order_by("id"))
    labels = [entry.subject_label for entry in everything if entry.subject_type == subject] or [_label(subject, pk)]
    if not labels[-1]:
        return None
    done = [entry for entry in everything if timezone.localdate(entry.at) <= day]
    count = sum(entry.subject_type == subject for entry in done)
    return AsOf(
        label=labels[count - 1],
        day=day,
        first=timezone.localdate(everything[0].at) if everything else None,
        last=timezone.localdate(everything[-1].at) if everything else None,
        status=_status(subject, done, everything[len(done) :]),
        facts=_facts(subject, done),
        steps=[(entry, role_words(entry)) for entry in done],
        later=len(everything) - len(done),
    )


def _beginning(subject: str, pk: UUID) -> Q:
    """The entry of the act by which the object was made, where that act was on another one."""
    begun = BEGINNINGS.get(subject)
    if begun is None:
        return Q(pk__in=())
    rows = apps.get_model(subject)._base_manager.filter(pk=pk)  # noqa: SLF001
    ids = [str(one) for one in rows.values_list(begun.path, flat=True)]
    return Q(subject_type=begun.subject, subject_id__in=ids, action=begun.action)


def _label(subject: str, pk: UUID) -> str:
    """What an object is called that has no entry of its own yet."""
    found = apps.get_model(subject)._base_manager.filter(pk=pk).first()  # noqa: SLF001
    return str(found) if found else ""


def _status(subject: str, done: list[AuditEntry], later: list[AuditEntry]) -> str:
    """The target of the last step in words; before the first one what it left, else what such objects begin with."""
    if not done:
        return ""
    field: Any = apps.get_model(subject)._meta.get_field("status")  # noqa: SLF001
    codes = [entry.facts["to"] for entry in done if "to" in entry.facts and entry.subject_type == subject]
    left = [entry.facts["from"] for entry in later if "from" in entry.facts and entry.subject_type == subject]
    code = next(iter([*codes[-1:], *left]), field.default)
    return str(dict(field.flatchoices).get(code, code))


def _facts(subject: str, done: list[AuditEntry]) -> list[tuple[str, str]]:
    """What the last step left standing, and what was recorded after it."""
    found: dict[str, Any] = {}
    for entry in done:
        told = entry.facts if entry.subject_type == subject else _told(subject, entry)
        found = {**({} if "to" in told else found), **told}
    left = {name: value for name, value in found.items() if name not in {"from", "to"}}
    return in_words(subject, left, expert_names([left]))


def _told(subject: str, entry: AuditEntry) -> dict[str, Any]:
    return {name: entry.facts[name] for name in BEGINNINGS[subject].told if name in entry.facts}
