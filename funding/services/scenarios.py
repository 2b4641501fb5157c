"""Scenarios: frozen with their hash, put forward for a meeting, approved by several people, decided together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application, Call, Scenario, ScenarioApproval, ScenarioPlace
from funding.rules.boards import Row, as_points, rank
from funding.rules.scoring import TIERS
from funding.selectors.boards import Panels, Setting, panels, rows_of_board
from funding.selectors.decisions import committed
from funding.selectors.scenarios import states
from funding.services.decisions import enter_decision, enter_refusal, require_possible
from funding.services.lists import void_approvals
from funding.workflow import SCENARIO
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.list_proposed", _("The list “%(name)s” waits for your approval."))
register("funding.minutes_to_write", _("The list “%(name)s” goes before its meeting; please write the minutes."))
register("funding.list_decided", _("The list “%(name)s” is approved and decided; please publish it."))

FORMAT = "board-1"
APPROVED_ALREADY = _("You have approved this list already.")


@dataclass(frozen=True)
class Drafted:
    """What somebody wants to freeze: the board as it was tried, its name, the reasons."""

    setting: Setting
    name: str
    reasons: Mapping[str, str]
    common: str = ""  # for every deviation without a reason of its own


# --- freezing ----------------------------------------------------------------------------------
@transaction.atomic
def freeze_scenario(*, call: Call, drafted: Drafted, actor: User, at: datetime) -> Scenario:
    """Keep a board as it stands, whether or not it could be put forward. Raises ValidationError."""
    locked = Call.everything.select_for_update(of=("self",)).get(pk=call.pk)
    require(actor, "funding.freeze_scenario", locked)
    found = panels(locked, actor)
    if not found.cases:
        raise TransitionRefused(_("There is nothing to rank yet."))
    if not drafted.name.strip():
        raise ValidationError({"name": _("Please give the scenario a name.")})
    scenario = _scenario(locked, drafted, found, actor, at)
    places = list(_places(scenario, found, drafted))
    scenario.frozen = _frozen(scenario, drafted, places)
    scenario.sha256 = audit.sha256(scenario.frozen)
    scenario.save(force_insert=True)
    ScenarioPlace.objects.bulk_create(places)
    facts = {"scenario": scenario.number, "name": scenario.name, "sha256": scenario.sha256, "cases": len(places)}
    audit.record(actor=actor, action=Action.FREEZE_SCENARIO, subject=scenario, at=at, facts=facts)
    return scenario


def _scenario(call: Call, drafted: Drafted, found: Panels, actor: User, at: datetime) -> Scenario:
    last = call.scenarios.aggregate(last=Max("ordinal"))["last"] or 0
    return Scenario(
        call=call, ordinal=last + 1, name=drafted.name.strip(), prepared_by=actor, prepared_at=at, created_at=at,
        needed=found.terms.approvals,
    )  # fmt: skip


def _places(scenario: Scenario, found: Panels, drafted: Drafted) -> Sequence[ScenarioPlace]:
    setting = drafted.setting
    ranking = rank(found.cases, setting.lines, found.terms, weights=setting.weights, choices=setting.choices)
    applications, now = rows_of_board(found), states(UUID(one.pk) for one in found.cases)
    made, wrong = [], []
    for position, row in enumerate(ranking.rows, 1):
        application = applications[row.case.pk]
        wrong += _impossible(scenario.call, application, row)
        made.append(_place(scenario, application, position, row, drafted, now[application.pk]))
    if wrong:
        raise ValidationError(wrong)
    return made


def _impossible(call: Call, application: Application, row: Row) -> list[str]:
    """Why the amount cannot be granted."""
    application.call = call
    try:
        require_possible(application=application, tier=row.tier, amount=row.amount)
    except ValidationError as error:
        return [f"{application.number}: {sentence}" for sentence in error.messages]
    return []


def _place(
    scenario: Scenario, application: Application, position: int, row: Row, drafted: Drafted, state: str
) -> ScenarioPlace:
    own = drafted.reasons.get(row.case.pk, "") or drafted.common
    return ScenarioPlace(
        scenario=scenario, application=application, position=position, rank=row.rank, score=row.score,
        rule_tier=row.rule_tier, rule_amount=row.rule_amount, tier=row.tier, amount=row.amount,
        reason=own.strip()[:500] if row.deviates else "", state=state,
    )  # fmt: skip


def _frozen(scenario: Scenario, drafted: Drafted, places: Sequence[ScenarioPlace]) -> dict[str, Any]:
    """The one object that the hash is of."""
    call, setting = scenario.call, drafted.setting
    made: dict[str, Any] = audit.plain({
        "format": FORMAT,
        "number": scenario.number,
        "name": scenario.name,
        "call": {"id": call.pk, "title": call.title, "document": call.document_number, "budget": call.budget,
                 "committed": committed(call)},
        "rules": {"code": call.rules.code, "sha256": call.rules.sha256},
        "lines": {tier: as_points(setting.lines[tier]) for tier in TIERS},
        "weights": [as_points(weight) for weight in setting.weights],
        "prepared": {"by": scenario.prepared_by.pk, "name": scenario.prepared_by.name, "at": scenario.prepared_at},
        "needed": scenario.needed,
        "places": [
            {"position": one.position, "application": one.application.pk, "number": one.application.number,
             "consortium": one.application.consortium.name, "rank": one.rank, "score": one.score,
             "by_rule": {"tier": one.rule_tier, "amount": one.rule_amount}, "tier": one.tier, "amount": one.amount,
             "reason": one.reason, "state": one.state}
            for one in places
        ],
    })  # fmt: skip
    return made


# --- before the meeting ------------------------------------------------------------------------
def put_forward_scenario(*, scenario: Scenario, meeting: str, actor: User, at: datetime) -> Scenario:
    """Make it the list of the meeting; the leaders are asked to approve."""
    try:
        with SCENARIO.moving(scenario, Action.PUT_FORWARD, actor=actor, at=at) as locked:
            if not meeting.strip():
                raise TransitionRefused(_("What is put forward names its meeting."))
            locked.meeting, locked.proposed_by, locked.proposed_at = meeting.strip(), actor, at
            _tell(locked, holders(Role.LEADER).exclude(pk=actor.pk), "funding.list_proposed", at)
            params, url = {"name": locked.name}, reverse("funding:scenario-record", args=[locked.pk])
            notify(recipients=holders(Role.SECRETARY), kind="funding.minutes_to_write", params=params, url=url, at=at)
    except IntegrityError as error:
        raise TransitionRefused(_("Another scenario of this call is put forward already.")) from error
    return scenario


def take_scenario_back(*, scenario: Scenario, actor: User, at: datetime, note: str) -> Scenario:
    """Take the list off the meeting; it is void with its approvals, for a reason that stays with it."""
    with SCENARIO.moving(scenario, Action.TAKE_SCENARIO_BACK, actor=actor, at=at, note=note) as locked:
        if not note.strip():
            raise TransitionRefused(_("Please give a reason."))
        locked.voided_at, locked.void_reason = at, note.strip()[:500]
        void_approvals(scenario=locked, at=at, reason=note.strip())
    return scenario


# --- approving ---------------------------------------------------------------------------------
def approve_scenario(*, scenario: Scenario, seen: str, actor: User, at: datetime) -> Scenario:
    """Approve the list of this hash; with the last approval that is needed all of it is decided at once."""
    facts: dict[str, Any] = {}
    with SCENARIO.moving(scenario, Action.APPROVE_LIST, actor=actor, at=at, facts=facts) as locked:
        if seen != locked.sha256:
            raise TransitionRefused(_("This is not the list that you have read; please open it again."))
        if locked.approvals.filter(approver=actor).exists():
            raise TransitionRefused(APPROVED_ALREADY)
        ScenarioApproval.objects.create(
            scenario=locked, approver=actor, approved_at=at, sha256=locked.sha256, created_at=at
        )
        given = locked.approvals.filter(voided_at=None).count()
        facts |= {"approved": locked.sha256, "given": given, "needed": locked.needed}
        if given >= locked.needed:
            _decide_all(locked, actor, at)
            locked.decided_at = at
            _tell(locked, holders(Role.OFFICER), "funding.list_decided", at)
    return scenario


def _decide_all(scenario: Scenario, actor: User, at: datetime) -> None:
    """Every case by its own step; all rows are locked before the first entry of the trail, always in one order."""
    places = {place.application_id: place for place in scenario.places.all()}
    rows = Application.everything.select_for_update(of=("self",)).filter(pk__in=places).order_by("pk")
    cases = list(rows.select_related("call__rules", "consortium"))
    Call.everything.select_for_update(of=("self",)).get(pk=scenario.call_id)
    for case in cases:
        place = places[case.pk]
        note = place.reason or gettext("As on the list %(number)s.") % {"number": scenario.number}
        told: dict[str, Any] = {
            "application": case,
            "actor": actor,
            "meeting": scenario.meeting,
            "note": note,
            "at": at,
        }
        if place.tier:
            _enter(told, place.tier, place.amount)
        else:
            enter_refusal(**told)


def _enter(told: dict[str, Any], tier: str, amount: Decimal) -> None:
    try:
        enter_decision(**told, tier=tier, amount=amount)
    except ValidationError as error:
        raise TransitionRefused(*(f"{told['application'].number}: {text}" for text in error.messages)) from error


def _tell(scenario: Scenario, recipients: Any, kind: str, at: datetime) -> None:
    notify(recipients=recipients, kind=kind, params={"name": scenario.name}, url=scenario.get_absolute_url(), at=at)
