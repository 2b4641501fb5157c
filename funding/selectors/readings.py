"""A snapshot in words, for pages: codes become labels in the reader's language; what is missing stays empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consortia.enums import (
    ChainPosition,
    Clause,
    ConsortiumForm,
    ConsortiumType,
    Layer,
    MilestoneStatus,
    OutcomeKind,
    ParticipationRole,
    ParticipationStatus,
    PlatformKind,
    ProblemClass,
)
from funding.enums import ApplicationKind
from funding.models import Application
from funding.rules.eligibility import SHORT
from funding.rules.freezing import ReadSection, read_frozen
from funding.rules.sections import SECTIONS, TEXTS, Section
from funding.selectors.budgets import Sums, read_budget
from members.enums import LeadClass, OrganisationType
from members.selectors.figures import origin_in

Snapshot = Mapping[str, Any]
Row = dict[str, Any]

PARTS: dict[str, str | Promise] = {
    **{section.code: section.title for section in SECTIONS.values()},
    "consortium": _("Profile of the consortium"),
    "lead": _("Lead organisation"),
    "members": _("Member organisations"),
    "agreement": _("Consortium agreement"),
    "technologies": _("Key-technology list"),
    "tasks": _("Research tasks"),
    "platforms": _("Joint platforms"),
    "funds": _("Funds"),
    "outcomes": _("Outcomes"),
    "files": _("Files"),
    "avoid": _("Experts to be avoided"),
}


@dataclass(frozen=True)
class Text:
    """One written section."""

    section: Section
    text: str


@dataclass(frozen=True)
class Reading:
    """An application as it is read; money in yuan."""

    form: Row
    call: Row
    texts: tuple[Text, ...]
    profile: Row
    lead: Row
    members: tuple[Row, ...]
    agreement: Row | None
    technologies: tuple[Row, ...]
    tasks: tuple[Row, ...]
    platforms: tuple[Row, ...]
    funds: tuple[Row, ...]
    outcomes: tuple[Row, ...]
    files: tuple[Row, ...]
    budget: Sums | None
    declarations: tuple[str, ...]
    findings: tuple[str, ...]
    submitted: Row | None
    designed: tuple[ReadSection, ...] = ()


def read(snapshot: Snapshot) -> Reading:
    """Words for every code in a snapshot (or in what `compose` makes of a draft)."""
    form = snapshot.get("application") or {}
    return Reading(
        form={**form, "kind": _word(ApplicationKind, form.get("kind"))},
        call=snapshot.get("call") or {},
        texts=tuple(Text(section, form.get(section.code, "")) for section in TEXTS),
        profile=_profile(snapshot.get("consortium") or {}),
        lead=_lead(snapshot.get("lead") or {}),
        members=_rows(snapshot, "members", _member),
        agreement=_agreement(snapshot.get("agreement")),
        technologies=_rows(snapshot, "technologies", _technology),
        tasks=_rows(snapshot, "tasks", _task),
        platforms=_rows(snapshot, "platforms", _platform),
        funds=_rows(snapshot, "funds", dict),
        outcomes=_rows(snapshot, "outcomes", _outcome),
        files=_rows(snapshot, "files", dict),
        budget=read_budget(snapshot.get("budget")),
        declarations=tuple((snapshot.get("declarations") or {}).get("texts", {}).values()),
        findings=tuple(str(SHORT.get(code, code)) for code in snapshot.get("findings") or ()),
        submitted=_submitted(snapshot.get("submitted")),
        designed=read_frozen(snapshot.get("designed") or (), snapshot),
    )


def part_titles(application: Application) -> dict[str, str | Promise]:
    """The titles of every part of an application, its designed sections among them."""
    return {**PARTS, **{section.code: str(section.title) for section in application.designed}}


def _rows(snapshot: Snapshot, part: str, worded: Any) -> tuple[Row, ...]:
    return tuple(worded(row) for row in snapshot.get(part) or ())


def _word(choices: type[TextChoices], code: str | None) -> str:
    return str(dict(choices.choices).get(code or "", code or ""))


def _named(place: Mapping[str, str] | None) -> str:
    """The name of a district or sub-field in the reader's language."""
    if not place:
        return ""
    return place["zh" if (get_language() or "zh").startswith("zh") else "en"]


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _profile(row: Snapshot) -> Row:
    return {
        **row,
        "sub_field": _named(row.get("sub_field")),
        "district": _named(row.get("district")),
        "type": _word(ConsortiumType, row.get("type")),
        "form": _word(ConsortiumForm, row.get("form")),
    }


def _organisation(row: Snapshot) -> Row:
    return {
        **row,
        "type": _word(OrganisationType, row.get("type")),
        "district": _named(row.get("district")),
        "lead_class": _word(LeadClass, row.get("lead_class")),
    }


def _lead(row: Snapshot) -> Row:
    years = [{**year, "origin": origin_in(year)} for year in row.get("years") or ()]
    return {**_organisation(row), "years": years}


def _member(row: Snapshot) -> Row:
    return {
        **row,
        "organisation": _organisation(row["organisation"]),
        "is_lead": row["role"] == ParticipationRole.LEAD,
        "confirmed": row["status"] == ParticipationStatus.CONFIRMED,
        "layer": _word(Layer, row["layer"]),
        "chain_position": _word(ChainPosition, row["chain_position"]),
    }


def _agreement(row: Snapshot | None) -> Row | None:
    if row is None:
        return None
    settled = set(row["clauses"])
    return {**row, "clauses": [{"label": clause.label, "settled": clause.value in settled} for clause in Clause]}


def _technology(row: Snapshot) -> Row:
    return {**row, "problem_class": _word(ProblemClass, row["problem_class"]), "due": _day(row["due"])}


def _task(row: Snapshot) -> Row:
    steps = [
        {**one, "due": _day(one["due"]), "status": _word(MilestoneStatus, one["status"])} for one in row["milestones"]
    ]
    return {**row, "start": _day(row["start"]), "end": _day(row["end"]), "milestones": steps}


def _platform(row: Snapshot) -> Row:
    return {**row, "kind": _word(PlatformKind, row["kind"]), "opened_on": _day(row["opened_on"])}


def _outcome(row: Snapshot) -> Row:
    return {**row, "kind": _word(OutcomeKind, row["kind"]), "date": _day(row["date"])}


def _submitted(row: Snapshot | None) -> Row | None:
    return {**row, "at": datetime.fromisoformat(row["at"])} if row else None
