"""The audit trail as its readers see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.selectors.recusals import subjects_kept_from
from members.enums import Role
from members.rules.wording import ROOMS
from portal.kernel.models import AuditEntry
from reports.selectors.asof import kind_of, role_words
from reports.selectors.asofwords import expert_names, in_words

BUSINESS = ("consortia", "funding", "reports")
# What the bureau may open; the rest of the trail is read here only.
PAGES = {
    "consortia.consortium", "consortia.participation", "funding.application", "funding.call", "funding.contract",
    "funding.objection", "funding.publicnotice", "funding.tranche", "reports.evaluation", "reports.evaluationcycle",
    "reports.report",
}  # fmt: skip


def rooms_of(user: Any) -> dict[str, str | Promise]:
    """The rooms whose trail the reader may see, with their names: all for the audit administrator."""
    if user.holds(Role.AUDIT_ADMIN):
        return {**ROOMS, "kernel": _("Requests and files taken out")}
    return {room: ROOMS[room] for room in BUSINESS}


def entries(user: Any) -> QuerySet[AuditEntry]:
    """The whole trail for the audit administrator; what concerns the business for supervision."""
    if user.holds(Role.AUDIT_ADMIN):
        return AuditEntry.objects.all()
    rows = AuditEntry.objects.filter(reduce(or_, (Q(subject_type__startswith=f"{room}.") for room in BUSINESS)))
    hidden = subjects_kept_from(user)
    return rows.exclude(subject_id__in=hidden) if hidden else rows


@dataclass(frozen=True)
class Line:
    """An entry with its states and facts in words, and where its object can be read ("" where it cannot)."""

    entry: AuditEntry
    before: str
    after: str
    facts: list[tuple[str, str]]
    raw: list[tuple[str, Any]]  # the same facts as they were recorded
    url: str
    roles: str
    day_kind: str  # for the page that shows the object as it was on a day


def lines(rows: Iterable[AuditEntry], *, linked: bool) -> list[Line]:
    """The entries of one page."""
    page = list(rows)
    names = expert_names(entry.facts for entry in page)
    return [_line(entry, names, linked=linked) for entry in page]


def _line(entry: AuditEntry, names: Mapping[str, str], *, linked: bool) -> Line:
    words = _states(entry.subject_type)
    before, after = entry.facts.get("from", ""), entry.facts.get("to", "")
    raw = {name: value for name, value in entry.facts.items() if name not in {"from", "to"}}
    facts = in_words(entry.subject_type, raw, names)
    url = _address(entry) if linked and entry.subject_type in PAGES else ""
    states = (str(words.get(before, before)), str(words.get(after, after)))
    return Line(entry, *states, facts, list(raw.items()), url, role_words(entry), kind_of(entry))


def _states(subject_type: str) -> dict[Any, Any]:
    """What the states of a kind of object are called."""
    try:
        field: Any = apps.get_model(subject_type)._meta.get_field("status")  # noqa: SLF001
    except (LookupError, FieldDoesNotExist):
        return {}
    return dict(field.flatchoices)


def _address(entry: AuditEntry) -> str:
    subject: Any = apps.get_model(entry.subject_type)(pk=entry.subject_id)
    address: str = subject.get_absolute_url()
    return address
