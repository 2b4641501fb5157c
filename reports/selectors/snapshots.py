"""Everything an annual report says, frozen: the same facts give the same snapshot, whoever asks and whenever."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from consortia.models import Participation
from funding.models import Award, Tranche
from portal.kernel.models import AuditEntry
from reports.enums import EvaluationStatus
from reports.figures import rank
from reports.models import Evaluation
from reports.selectors.quality import quality_notes
from reports.selectors.scores import sheet_json, sheet_of

SCHEMA = 1
PUBLISHED = (EvaluationStatus.PUBLICISED, EvaluationStatus.FINAL)


def report_snapshot(evaluation: Evaluation) -> dict[str, Any]:
    """JSON-able and canonical: money in yuan with two decimals, days ISO 8601, enums by value."""
    until = evaluation.appeal_until
    return {
        "schema": SCHEMA,
        "evaluation": _evaluation(evaluation),
        "as_of": _as_of(evaluation).isoformat(),
        "appeal_until": until.isoformat() if until else None,
        "appeals": _appeals(evaluation),
        "published": _published(evaluation),
        "rules": {"code": evaluation.cycle.rules.code, "data": evaluation.cycle.rules.data},
        "filing": evaluation.snapshot,
        "filing_hash": evaluation.snapshot_hash,
        "sheet": evaluation.sheet or sheet_json(sheet_of(evaluation)),
        "group": _group(evaluation),
        "last_year": _last_year(evaluation),
        "changes": _changes(evaluation),
        "awards": [_award(award) for award in _awards(evaluation)],
        "notes": quality_notes(evaluation),
    }


def _evaluation(row: Evaluation) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "year": row.cycle.year,
        "status": row.status,
        "total": None if row.total is None else str(row.total),
        "grade": row.grade,
        "veto": row.veto,
        "bonus_note": row.bonus_note,
        "deduction_note": row.deduction_note,
        "grade_note": row.grade_note,
        "returned_count": row.returned_count,
        "submitted_on": _day(row.submitted_at),
        "verified_on": _day(row.verified_at),
        "scored_on": _day(row.scored_at),
        "graded_on": _day(row.graded_at),
        "confirmed_on": _day(row.confirmed_at),
        "accepted_on": _day(row.accepted_at),
        "finalised_on": _day(row.finalised_at),
        "verification": row.verification,
        "opinion": row.expert_opinion,
        "comments": {code: entry["comment"] for code, entry in row.scores.get("expert", {}).items()},
    }


def _as_of(row: Evaluation) -> date:
    """The day of the last step taken."""
    taken = [row.submitted_at, row.verified_at, row.scored_at, row.graded_at, row.confirmed_at, row.finalised_at]
    return timezone.localdate(max(moment for moment in taken if moment))


def _appeals(row: Evaluation) -> list[dict[str, Any]]:
    """What contested its grades, oldest first; never who."""
    return [
        {
            "number": one.number, "kind": one.kind, "received_on": _day(one.created_at), "status": one.status,
            "decided_on": _day(one.decided_at), "remedy": one.remedy,
        }
        for one in row.appeals.order_by("created_at", "number")
    ]  # fmt: skip


def _published(row: Evaluation) -> dict[str, Any] | None:
    """The list on which the grade stood."""
    published = row.grade_list
    if published is None:
        return None
    return {
        "number": published.document_number, "meeting_on": published.meeting_on.isoformat(),
        "minutes": published.meeting_number, "from": published.starts_on.isoformat(),
        "until": published.ends_on.isoformat(), "sha256": published.sha256,
    }  # fmt: skip


def _group(row: Evaluation) -> dict[str, Any]:
    """The place among the evaluations of the year in the same tier whose grade was published, as it stands."""
    others = Evaluation.objects.filter(
        cycle=row.cycle_id, consortium__tier=row.consortium.tier, status__in=PUBLISHED
    ).exclude(pk=row.pk)
    totals = [total for total in others.values_list("total", flat=True) if total is not None]
    place = None if row.total is None else rank(row.total, totals)
    return {"tier": row.consortium.tier, "place": place, "of": len(totals) + 1}


def _last_year(row: Evaluation) -> dict[str, Any] | None:
    before = Evaluation.objects.filter(
        consortium=row.consortium_id, cycle__year=row.cycle.year - 1, status=EvaluationStatus.FINAL
    ).first()
    if before is None:
        return None
    lines = before.sheet.get("lines", [])
    return {
        "total": str(before.total), "grade": before.grade, "scores": {line["code"]: line["score"] for line in lines}
    }  # fmt: skip


def _changes(row: Evaluation) -> list[dict[str, Any]]:
    """Recorded acts on the consortium's members in the year, oldest first."""
    members = Participation.objects.filter(consortium=row.consortium_id).select_related("organisation")
    names = {str(member.pk): member.organisation.name for member in members}
    entries = AuditEntry.objects.filter(
        subject_type=Participation._meta.label_lower,  # noqa: SLF001
        subject_id__in=names,
        at__date__range=row.cycle.window,
    )
    return [
        {"on": _day(entry.at), "action": entry.action, "organisation": names[entry.subject_id], "note": entry.note}
        for entry in entries.order_by("id")
    ]


# --- money -------------------------------------------------------------------------------------
def _awards(row: Evaluation) -> Any:
    awards = Award.objects.filter(consortium=row.consortium_id).select_related("contract", "application__call")
    return awards.prefetch_related("tranches__payment").order_by("approved_on", "id")


def _award(award: Award) -> dict[str, Any]:
    contract = getattr(award, "contract", None)
    return {
        "year": award.year,
        "batch": award.application.call.batch,
        "tier": award.tier,
        "amount": f"{award.amount:.2f}",
        "document": award.document_number,
        "approved_on": award.approved_on.isoformat(),
        "contract": contract and {
            "number": contract.number, "status": contract.status,
            "starts_on": contract.starts_on.isoformat(), "ends_on": contract.ends_on.isoformat(),
        },
        "tranches": [_tranche(tranche) for tranche in award.tranches.all()],
    }  # fmt: skip


def _tranche(tranche: Tranche) -> dict[str, Any]:
    payment = getattr(tranche, "payment", None)
    return {
        "sequence": tranche.sequence,
        "percent": f"{tranche.percent:.4f}",
        "amount": f"{tranche.amount:.2f}",
        "condition": tranche.condition,
        "condition_met_on": tranche.condition_met_on.isoformat() if tranche.condition_met_on else None,
        "status": tranche.status,
        "hold_reason": tranche.hold_reason,
        "paid": f"{payment.amount:.2f}" if payment else None,
        "paid_on": payment.paid_on.isoformat() if payment else None,
    }


def _day(moment: datetime | None) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None
