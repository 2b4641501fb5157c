"""The facts of a consortium as plain JSON values, for the snapshots that the rooms above freeze."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from consortia.enums import AgreementStatus, ConsortiumForm
from consortia.models import (
    Agreement,
    Consortium,
    Fund,
    Investment,
    KeyTechnology,
    Milestone,
    Outcome,
    Participation,
    Platform,
    ResearchTask,
    SevenOnesItem,
    SubField,
)
from consortia.selectors.parts import newest_confirmations
from members.models import District, Organisation
from members.selectors.figures import origin_facts
from portal.kernel.querysets import introduce

DETAILS = (
    "patent_type", "applied_on", "granted_on", "standard_level", "standard_role", "first_set", "market",
    "certificates", "breakthrough_level", "statement", "substitutes", "award_level",
)  # fmt: skip


def consortium_facts(consortium: Consortium) -> dict[str, Any]:
    """What the consortium is made of at this moment, canonical and JSON-able, in a constant number of queries.

    Money is a string in yuan with two decimals, shares are per cent with four, dates are ISO 8601, enums their
    values, identifiers strings. Members are those present (invited or confirmed), the lead first. `agreement` is
    the version in force, otherwise the newest that was sent, or None.
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
        "seven_ones": [_verified_one(row) for row in whole.seven_ones.all()],
    }


def load_whole(consortium: Consortium) -> Consortium:
    """The consortium with everything that belongs to it; `present_members` are its members."""
    whole = _everything().get(pk=consortium.pk)
    _introduce(whole)
    prefetch_related_objects([whole.lead], "years")
    return whole


@cache
def _everything() -> QuerySet[Consortium]:
    """What is read of a consortium, put together once: as a question to the database it is always the same."""
    present = Participation.objects.present().prefetch_related(newest_confirmations())
    sent = Agreement.objects.laid_down().defer("content")
    return Consortium.objects.select_related("sub_field", "district").prefetch_related(
        "cross_fields",
        "shareholdings",
        Prefetch("participations", present.order_by("role", "created_at", "id"), to_attr="present_members"),
        Prefetch("agreements", sent.prefetch_related("signatures__scan")),
        Prefetch("technologies", KeyTechnology.objects.order_by("created_at", "id")),
        "tasks",
        Prefetch("tasks__milestones", Milestone.objects.order_by("due", "created_at", "id")),
        Prefetch("platforms", Platform.objects.order_by("created_at", "id")),
        "platforms__co_builders",
        Prefetch("funds", Fund.objects.order_by("created_at", "id")),
        "funds__sub_fields",
        "funds__investments",
        Prefetch("outcomes", Outcome.objects.with_standing().order_by("date", "created_at", "id")),
        Prefetch("seven_ones", SevenOnesItem.objects.exclude(verified=None).order_by("year", "item")),
        "outcomes__co_owners",
    )


def _introduce(whole: Consortium) -> None:
    """Make its rows know each other, and the organisations they name, each of which is read once."""
    tasks, technologies = list(whole.tasks.all()), list(whole.technologies.all())
    platforms, outcomes = list(whole.platforms.all()), list(whole.outcomes.all())
    signatures = [one for agreement in whole.agreements.all() for one in agreement.signatures.all()]
    introduce(tasks, "technology", technologies)
    introduce(outcomes, "task", tasks)
    introduce(signatures, "participation", present_members(whole))
    introduce([*present_members(whole), *tasks, *technologies, *platforms], "consortium", [whole])
    places: list[tuple[Iterable[Model], str]] = [
        ([whole], "lead"),
        (whole.shareholdings.all(), "organisation"),
        (present_members(whole), "organisation"),
        (technologies, "owner"),
        (tasks, "lead"),
        (platforms, "builder"),
        ([one for platform in platforms for one in platform.co_builders.all()], "organisation"),
        (whole.funds.all(), "manager"),
        (outcomes, "owner"),
        ([one for outcome in outcomes for one in outcome.co_owners.all()], "organisation"),
    ]
    named = {getattr(row, f"{name}_id") for rows, name in places for row in rows}
    organisations = list(Organisation.objects.select_related("district").filter(pk__in=named))
    for rows, name in places:
        introduce(rows, name, organisations)


def present_members(whole: Consortium) -> list[Participation]:
    """The members of a consortium that `load_whole` gave, the lead first."""
    members: list[Participation] = whole.present_members  # type: ignore[attr-defined]
    return members


def newest_agreement(whole: Consortium) -> Agreement | None:
    """The newest version that was sent to the members, which is the one to sign."""
    return next(iter(whole.agreements.all()), None)


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
        "decision_body": row.decision_body,
        "secretariat": row.secretariat,
        "alignment": row.alignment,
        "directions": sorted(row.directions),
        "chain_action": row.chain_action,
        "industry_class": row.industry_class,
        "operating_model": row.operating_model,
        "cross_fields": [_sub_field(one) for one in row.cross_fields.all()],
        "entity": _entity(row),
        "exit_plan": row.exit_plan,
        "sunset_on": _day(row.sunset_on),
        "tier": row.tier,
        "status": row.status,
        "build_from": _day(row.build_from),
        "build_to": _day(row.build_to),
        "recognised_on": _day(row.recognised_on),
    }


def _entity(row: Consortium) -> dict[str, Any] | None:
    """The company of an incorporated consortium, with the shares of its members."""
    if row.form != ConsortiumForm.ENTITY:
        return None
    return {
        "name": row.entity_name,
        "code": row.entity_code,
        "capital": None if row.entity_capital is None else _money(row.entity_capital),
        "shares": [
            {"organisation": str(one.organisation_id), "name": one.organisation.name, "share": f"{one.share:.4f}"}
            for one in row.shareholdings.all()
        ],
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
                **origin_facts(one),
            }
            for one in years
        ],
    }


def _members(whole: Consortium) -> list[dict[str, Any]]:
    current = current_agreement(whole)
    signed = {row.participation_id for row in current.signatures.all()} if current else set()
    return [_member(row, signed=row.pk in signed) for row in present_members(whole)]


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
        "benefit_share": f"{row.benefit_share:.4f}",
        "person_months": row.person_months,
        "status": row.status,
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
        "confirmations": {one.item: one.sha256 for one in row.newest_confirmations},  # type: ignore[attr-defined]
        "signed": signed,
    }


def current_agreement(whole: Consortium) -> Agreement | None:
    """The version in force, otherwise the newest that was sent."""
    in_force = (row for row in whole.agreements.all() if row.status == AgreementStatus.EFFECTIVE)
    return next(in_force, None) or newest_agreement(whole)


def _agreement(whole: Consortium) -> dict[str, Any] | None:
    current = current_agreement(whole)
    if current is None:
        return None
    return {
        "id": str(current.pk),
        "version": current.version,
        "status": current.status,
        "effective_on": _day(current.effective_on),
        "expires_on": _day(current.expires_on),
        "sha256": current.sha256,
        "clauses": current.settled,
        "signatures": [
            {
                "organisation": str(row.participation.organisation_id),
                "signed_at": row.signed_at.isoformat(),
                "method": row.method,
                "sha256": row.sha256,
            }
            for row in current.signatures.all()
        ],
    }


def _technology(row: KeyTechnology) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "problem_class": row.problem_class,
        "benchmark": row.benchmark,
        "openness": row.openness,
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
        "task_class": row.task_class,
        "research_type": row.research_type,
        "risk": row.risk,
        "stage": row.stage,
        "project_level": row.project_level,
        "project_number": row.project_number,
        "as_consortium": row.as_consortium,
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
        "co_builders": [str(one) for one in row.co_builders.all()],
        "area": row.area,
        "opened_on": _day(row.opened_on),
    }


def _fund(row: Fund) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "kind": row.kind,
        "role": row.role,
        "manager": _named(row.manager),
        "sub_fields": [one.code for one in row.sub_fields.all()],
        "investments": [_investment(one) for one in row.investments.all()],
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
        "owners": [
            {**_named(row.owner), "share": _share(row.owner_share)},
            *({**_named(one.organisation), "share": _share(one.share)} for one in row.co_owners.all()),
        ],
        "stage": row.stage,
        "verification": row.verification,
        "proven": row.proven,  # type: ignore[attr-defined]
        "counts": row.counts,  # type: ignore[attr-defined]
        "details": {name: _plain(getattr(row, name)) for name in DETAILS if getattr(row, name)},
        "task": {"id": str(row.task.pk), "number": row.task.number} if row.task else None,
        "date": _day(row.date),
        "amount": _money(row.amount),
    }


def _verified_one(row: SevenOnesItem) -> dict[str, Any]:
    """What the bureau has verified of one of the seven in a year."""
    return {"year": row.year, "item": row.item, "progress": row.verified}


def _investment(row: Investment) -> dict[str, Any]:
    return {"target": row.target, "amount": _money(row.amount), "date": _day(row.date), "landed": row.landed}


def _share(share: Decimal | None) -> str | None:
    return None if share is None else f"{share:.2f}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


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
