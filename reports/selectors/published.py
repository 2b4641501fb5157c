"""The public edition of a report: what it may say, and which editions there are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED, MilestoneStatus, OutcomeKind
from consortia.rules.work import Openness
from members.enums import BUREAU
from portal.kernel.authz import may
from portal.kernel.fields import person
from portal.kernel.workflow import Reason
from reports.enums import EvaluationStatus, Grade
from reports.models import Evaluation, Publication, PublicationDocument, Report, TypicalCase
from reports.models.publication import PUBLISHABLE

Facts = dict[str, Any]

SCHEMA = 1
PROFILE = ("name", "code", "tier", "form", "mission", "build_from", "build_to")
TOTALS = (  # of the indicators only these, and of these only the value
    "platforms", "incubated", "recognised", "smes", "new_specialised", "sharing_hours", "talent", "trained", "seconded",
)  # fmt: skip


# --- what may be said: a list of what is kept, never of what is left out --------------------------
def public_facts(snapshot: Mapping[str, Any]) -> Facts:
    """What everybody may read of the frozen snapshot of a final report; whatever is not named here stays inside.

    No money but the funds' total, no points, no rank, no opinion, no evidence; the chief scientist by a masked name.
    What hangs on a technology that is not open is counted, not named. Raises ValueError for a year that is not final
    or is unqualified.
    """
    evaluation, filing = snapshot["evaluation"], snapshot["filing"]
    if evaluation["status"] != EvaluationStatus.FINAL or evaluation["grade"] not in PUBLISHABLE:
        raise ValueError("not to be published")
    facts = filing["facts"]
    open_ids = {row["id"] for row in facts["technologies"] if row.get("openness") == Openness.PUBLIC}
    open_tasks = [row for row in facts["tasks"] if row["technology"] and row["technology"]["id"] in open_ids]
    return {
        "schema": SCHEMA,
        "year": evaluation["year"],
        "grade": evaluation["grade"],
        "final_on": evaluation["finalised_on"],
        "list": _list(snapshot.get("published")),
        "consortium": _consortium(facts["consortium"]),
        "lead": facts["lead"]["name"],
        "members": [_member(row) for row in facts["members"] if row["status"] in JOINED],
        "technologies": [_technology(row) for row in facts["technologies"] if row["id"] in open_ids],
        "tasks": [_task(row) for row in open_tasks],
        **_outcomes(facts["outcomes"], filing["window"], {row["id"] for row in open_tasks}),
        "platforms": _platforms(facts["platforms"], filing["window"][1]),
        "funds": _funds(facts["funds"]),
        "totals": _totals(snapshot["rules"]["data"], filing["metrics"]),
        "not_named": {
            "technologies": len(facts["technologies"]) - len(open_ids), "tasks": len(facts["tasks"]) - len(open_tasks),
        },
    }  # fmt: skip


def _kept(row: Mapping[str, Any], *names: str) -> Facts:
    return {name: row[name] for name in names}


def _list(published: Mapping[str, Any] | None) -> Facts | None:
    return _kept(published, "number", "meeting_on", "from", "until") if published else None


def _consortium(row: Mapping[str, Any]) -> Facts:
    return {
        **_kept(row, *PROFILE),
        "sub_field": _kept(row["sub_field"], "code", "zh", "en"),
        "district": _kept(row["district"], "code", "zh", "en"),
        "chief_scientist": person(row["chief_scientist"]),
    }


def _member(row: Mapping[str, Any]) -> Facts:
    return {**_kept(row["organisation"], "name", "type", "group"), **_kept(row, "layer", "duties")}


def _technology(row: Mapping[str, Any]) -> Facts:
    """Its name, indicator and owner: no more was promised to be shown when it was called open."""
    return {**_kept(row, "name", "indicator"), "owner": row["owner"]["name"]}


def _task(row: Mapping[str, Any]) -> Facts:
    reached = sum(1 for one in row["milestones"] if one["status"] == MilestoneStatus.REACHED)
    return {
        **_kept(row, "number", "name", "start", "end"), "lead": row["lead"]["name"],
        "reached": reached, "planned": len(row["milestones"]),
    }  # fmt: skip


def _outcomes(rows: Iterable[Mapping[str, Any]], window: list[str], open_tasks: set[str]) -> Facts:
    """Outcomes of the year that count; those of a closed task, and patents not granted yet, by their number alone."""
    counting = [row for row in rows if row.get("counts", True) and window[0] <= row["date"] <= window[1]]
    shown = [row for row in counting if _is_open(row, open_tasks)]
    return {
        "outcomes": [_kept(row, "kind", "name", "identifier", "date") for row in shown],
        "outcomes_not_named": len(counting) - len(shown),
    }


def _is_open(row: Mapping[str, Any], open_tasks: set[str]) -> bool:
    pending = row["kind"] == OutcomeKind.PATENT and not row.get("details", {}).get("granted_on")
    return not pending and (not row["task"] or row["task"]["id"] in open_tasks)


def _platforms(rows: Iterable[Mapping[str, Any]], until: str) -> dict[str, int]:
    """How many of each kind were open at the end of the year."""
    return dict(sorted(Counter(row["kind"] for row in rows if row["opened_on"] and row["opened_on"] <= until).items()))


def _funds(rows: list[Mapping[str, Any]]) -> Facts:
    return {"count": len(rows), "scale": f"{sum((Decimal(row['scale']) for row in rows), Decimal(0)):.2f}"}


def _totals(rules: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]) -> list[Facts]:
    known = {
        metric["code"]: metric
        for dimension in rules["dimensions"] for one in dimension["indicators"] for metric in one["metrics"]
    }  # fmt: skip
    stated = {code: figures[code]["value"] for code in TOTALS if code in known and code in figures}
    return [
        {**_kept(known[code], "code", "zh", "en", "unit_zh", "unit_en"), "value": value}
        for code, value in stated.items()
        if value is not None
    ]


def edition_of(report: Report) -> Facts:
    """The public facts of a report, and what they were drawn from: a number and a fingerprint, which tell nothing."""
    origin = {"number": report.number, "sha256": report.snapshot_hash}
    return {**public_facts(report.snapshot), "origin": origin}


# --- which there are ---------------------------------------------------------------------------
def final_report(evaluation: Evaluation) -> Report | None:
    """The newest report of the final grade, whose snapshot the public edition is drawn from."""
    return Report.objects.filter(evaluation=evaluation, is_final=True).order_by("-created_at", "-id").first()


def why_not_to_publish(evaluation: Evaluation) -> Reason | None:
    """What keeps the year from the public."""
    if evaluation.status != EvaluationStatus.FINAL:
        return _("Only a final evaluation is published.")
    if evaluation.grade not in PUBLISHABLE:
        return _("An unqualified year is not published.")
    return None


def published_editions() -> QuerySet[Publication]:
    """Those that everybody can read, newest first."""
    return Publication.objects.standing()


def documents_of_edition(publication: Publication) -> list[PublicationDocument]:
    """Its documents that are made, the Chinese one first."""
    rows = PublicationDocument.objects.filter(publication=publication, file__isnull=False)
    return list(rows.select_related("file", "publication").defer("snapshot", "publication__snapshot"))


@dataclass(frozen=True)
class Editions:
    """The public editions of an evaluation for its own page, and what the reader may do about them."""

    rows: list[Publication]
    may_publish: bool
    may_withdraw: bool
    newer: Report | None  # says something else than the report that the standing edition was drawn from


def editions_of(evaluation: Evaluation, user: Any) -> Editions:
    """One query, or two for who may withdraw."""
    people = ("published_by", "withdrawn_by", "report")
    rows = list(evaluation.publications.select_related(*people).defer("snapshot", "report__snapshot"))
    standing = next((row for row in rows if not row.is_withdrawn), None)
    offered = not standing and why_not_to_publish(evaluation) is None
    may_withdraw = standing is not None and may(user, "reports.withdraw_report")
    newest = final_report(evaluation) if may_withdraw else None
    outdated = standing and newest and newest.snapshot_hash != standing.report.snapshot_hash
    return Editions(rows, offered and may(user, "reports.publish_report"), may_withdraw, newest if outdated else None)


# --- typical cases -----------------------------------------------------------------------------
def excellent_years() -> QuerySet[Evaluation]:
    """The evaluations that a case may be written about, newest first."""
    rows = Evaluation.objects.filter(status=EvaluationStatus.FINAL, grade=Grade.EXCELLENT)
    light = rows.select_related("consortium", "cycle").defer("snapshot", "values", "sheet", "scores")
    return light.order_by("-cycle__year", "consortium__code")


def cases(user: Any) -> QuerySet[TypicalCase]:
    """The library as the reader sees it: what everybody reads, and for the bureau what is on its way."""
    rows = TypicalCase.objects.visible_to(user)
    if not (user.is_authenticated and user.holds_any(BUREAU)):
        rows = rows.shown()
    light = ("evaluation__snapshot", "evaluation__values", "evaluation__sheet", "evaluation__scores")
    return rows.select_related("evaluation__consortium__lead", "evaluation__cycle").defer(*light)
