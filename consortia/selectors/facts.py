"""The facts of a consortium as plain JSON values, for the snapshots that the rooms above freeze."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from consortia.models import (
    Agreement,
    Consortium,
    Fund,
    KeyTechnology,
    Milestone,
    Outcome,
    Participation,
    Platform,
    ResearchTask,
    SubField,
)
from members.models import District, Organisation


def consortium_facts(consortium: Consortium) -> dict[str, Any]:
    """What the consortium is made of at this moment, canonical and JSON-able, in a constant number of queries.

    Money is a string in yuan with two decimals, shares are per cent with four, dates are ISO 8601, enums their
    values, identifiers strings. Members are those present (invited or confirmed), the lead first. `agreement` is
    the newest version, or None.
    """
    return facts_of(load_whole(consortium))


def facts_of(whole: Consortium) -> dict[str, Any]:
    """The same of a consortium that `load_whole` gave, without a query."""
    return {
        "consortium": _profile(whole),
        "lead": _lead(whole.lead),
        "members": _members(whole),
        "agreement": _agreement(whole),
        "technologies": [_technology(row) for row in whole.technologies.all()],
        "tasks": [_task(row) for row in whole.tasks.all()],
        "platforms": [_platform(row) for row in whole.platforms.all()],
        "funds": [_fund(row) for row in whole.funds.all()],
        "outcomes": [_outcome(row) for row in whole.outcomes.all()],
    }


def load_whole(consortium: Consortium) -> Consortium:
    """The consortium with everything that belongs to it; `present_members` are its members."""
    present = Participation.objects.present().select_related("organisation__district")
    return (
        Consortium.objects.select_related("lead__district", "sub_field", "district")
        .prefetch_related(
            "lead__years",
            Prefetch("participations", present.order_by("role", "created_at", "id"), to_attr="present_members"),
            Prefetch("agreements", Agreement.objects.prefetch_related("signatures__participation")),
            Prefetch("technologies", KeyTechnology.objects.select_related("owner").order_by("created_at", "id")),
            Prefetch("tasks", ResearchTask.objects.select_related("lead", "technology")),
            Prefetch("tasks__milestones", Milestone.objects.order_by("due", "created_at", "id")),
            Prefetch("platforms", Platform.objects.select_related("builder").order_by("created_at", "id")),
            Prefetch("funds", Fund.objects.select_related("manager").order_by("created_at", "id")),
            Prefetch("outcomes", Outcome.objects.select_related("owner", "task").order_by("date", "created_at", "id")),
        )
        .get(pk=consortium.pk)
    )


def _profile(row: Consortium) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "code": row.code,
        "name": row.name,
        "sub_field": _sub_field(row.sub_field),
        "district": _district(row.district),
        "type": row.type,
        "form": row.form,
        "mission": row.mission,
        "chief_scientist": row.chief_scientist,
        "governance": row.governance,
        "tier": row.tier,
        "status": row.status,
        "build_from": _day(row.build_from),
        "build_to": _day(row.build_to),
        "recognised_on": _day(row.recognised_on),
    }


def _lead(row: Organisation) -> dict[str, Any]:
    years = sorted(row.years.all(), key=lambda one: one.year)
    return {
        **_organisation(row),
        "lead_class": row.lead_class,
        "established_on": _day(row.established_on),
        "years": [
            {
                "year": one.year,
                "revenue": _money(one.revenue),
                "rd_expense": _money(one.rd_expense),
                "staff": one.staff,
                "rd_staff": one.rd_staff,
            }
            for one in years
        ],
    }


def _members(whole: Consortium) -> list[dict[str, Any]]:
    newest = next(iter(whole.agreements.all()), None)
    signed = {row.participation_id for row in newest.signatures.all()} if newest else set()
    present: list[Participation] = whole.present_members  # type: ignore[attr-defined]
    return [_member(row, signed=row.pk in signed) for row in present]


def _member(row: Participation, *, signed: bool) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "organisation": _organisation(row.organisation),
        "role": row.role,
        "layer": row.layer,
        "chain_position": row.chain_position,
        "duties": row.duties,
        "cash": _money(row.cash),
        "in_kind": _money(row.in_kind),
        "ip_share": f"{row.ip_share:.4f}",
        "person_months": row.person_months,
        "status": row.status,
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
        "confirmed_hash": row.confirmed_hash,
        "signed": signed,
    }


def _agreement(whole: Consortium) -> dict[str, Any] | None:
    newest = next(iter(whole.agreements.all()), None)
    if newest is None:
        return None
    return {
        "id": str(newest.pk),
        "version": newest.version,
        "sha256": newest.sha256,
        "clauses": list(newest.clauses),
        "signatures": [
            {
                "organisation": str(row.participation.organisation_id),
                "signed_at": row.signed_at.isoformat(),
                "sha256": row.sha256,
            }
            for row in newest.signatures.all()
        ],
    }


def _technology(row: KeyTechnology) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "problem_class": row.problem_class,
        "gap": row.gap,
        "indicator": row.indicator,
        "unit": row.unit,
        "baseline": _measure(row.baseline),
        "target": _measure(row.target),
        "trl_start": row.trl_start,
        "trl_now": row.trl_now,
        "trl_target": row.trl_target,
        "owner": _named(row.owner),
        "due": _day(row.due),
    }


def _task(row: ResearchTask) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "number": row.number,
        "name": row.name,
        "technology": {"id": str(row.technology.pk), "name": row.technology.name} if row.technology else None,
        "lead": _named(row.lead),
        "start": _day(row.start),
        "end": _day(row.end),
        "budget_grant": _money(row.budget_grant),
        "budget_own": _money(row.budget_own),
        "milestones": [_milestone(one) for one in row.milestones.all()],
    }


def _milestone(row: Milestone) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "metric": row.metric,
        "target": _measure(row.target),
        "actual": None if row.actual is None else _measure(row.actual),
        "weight": row.weight,
        "due": _day(row.due),
        "reached_on": _day(row.reached_on),
        "status": row.status,
    }


def _platform(row: Platform) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "name": row.name,
        "builder": _named(row.builder),
        "area": row.area,
        "opened_on": _day(row.opened_on),
    }


def _fund(row: Fund) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "manager": _named(row.manager),
        "scale": _money(row.scale),
        "paid_in": _money(row.paid_in),
    }


def _outcome(row: Outcome) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "name": row.name,
        "identifier": row.identifier,
        "owner": _named(row.owner),
        "task": {"id": str(row.task.pk), "number": row.task.number} if row.task else None,
        "date": _day(row.date),
        "amount": _money(row.amount),
    }


def _organisation(row: Organisation) -> dict[str, Any]:
    return {
        **_named(row),
        "id_scheme": row.id_scheme,
        "uscc": row.uscc,
        "type": row.type,
        "group": row.group.value,
        "district": _district(row.district) if row.district else None,
    }


def _named(row: Organisation) -> dict[str, str]:
    return {"id": str(row.pk), "name": row.name}


def _sub_field(row: SubField) -> dict[str, str]:
    return {
        "code": row.code,
        "zh": row.name_zh,
        "en": row.name_en,
        "cluster_zh": row.cluster_zh,
        "cluster_en": row.cluster_en,
    }


def _district(row: District) -> dict[str, str]:
    return {"code": row.code, "zh": row.name_zh, "en": row.name_en}


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _measure(value: Decimal) -> str:
    return f"{value:.3f}"


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
