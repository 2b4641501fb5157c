"""Grading by the officer, decision and approval by a leader: never the same person.

Reasons of grading and decision stand among the facts of the trail, not as notes: the timeline of an application,
which the district reads, shows notes.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from funding.enums import Action
from funding.models import Application, Call
from funding.selectors.decisions import committed
from funding.selectors.reviews import Assessment, assess
from funding.selectors.sessions import lacks_visit
from funding.services.awards import create_award
from funding.services.lists import leaving_list
from funding.services.telling import lead_people
from funding.workflow import APPLICATION
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.application_graded", _("“%(name)s” is graded and waits for the decision."))
register("funding.application_sent_back", _("The grading of “%(name)s” was sent back: %(note)s"), urgent=True)
register("funding.application_decided", _("“%(name)s” is proposed for approval; please publish it."))
register("funding.application_approved", _("“%(name)s” is approved."))


# --- grading -----------------------------------------------------------------------------------
def grade_application(
    *, application: Application, actor: User, tier: str, amount: Decimal, rationale: str, at: datetime
) -> Application:
    """Propose tier and amount (an empty tier: no support); departing from the rules needs a rationale."""
    facts: dict[str, Any] = {"rationale": rationale}
    with APPLICATION.moving(application, Action.GRADE, actor=actor, at=at, facts=facts) as locked:
        found = assess(locked)
        if found is None:  # the guard has said so already
            raise TransitionRefused(_("An expert is still scoring."))
        require_possible(application=locked, tier=tier, amount=amount)
        if (tier, amount) != (found.proposal.tier, found.proposal.amount) and not rationale.strip():
            raise TransitionRefused(_("Please give the rationale for departing from the rules' proposal."))
        locked.score, locked.graded_by, locked.graded_at = found.panel.mean, actor, at
        locked.proposed_tier, locked.proposed_amount, locked.rationale = tier, amount, rationale
        facts |= _graded_facts(locked, found)
        _tell(holders(Role.LEADER).exclude(pk=actor.pk), locked, "funding.application_graded", at)
    return application


def _graded_facts(application: Application, found: Assessment) -> dict[str, Any]:
    return {
        "score": application.score,
        "tier": application.proposed_tier,
        "amount": application.proposed_amount,
        "by_rule": {"tier": found.proposal.tier, "amount": found.proposal.amount},
        "dispersed": found.panel.is_dispersed,
    }


def require_possible(*, application: Application, tier: str, amount: Decimal) -> None:
    """No more than the cap of the tier, no more than was asked for.

    What asks for a visit has had one. Raises ValidationError for `amount`.
    """
    if lacks_visit(application, {tier}):
        raise TransitionRefused(_("For this tier the site has to be visited first."))
    cap, asked = application.call.cap(tier) if tier else Decimal(), application.requested_amount or Decimal()
    if amount and not cap:
        raise ValidationError({"amount": _("No money goes with this tier; enter 0.")})
    if not 0 <= amount <= cap:
        _refuse_amount(gettext("The amount must lie between 0 and %(limit)s (10,000 yuan)."), cap)
    if amount > asked:
        _refuse_amount(gettext("Only %(limit)s (10,000 yuan) were asked for; more cannot be granted."), asked)
    if tier in {Tier.A, Tier.B} and not amount:
        raise ValidationError({"amount": _("Tiers A and B need an amount.")})


def _refuse_amount(text: str, limit: Decimal) -> NoReturn:
    raise ValidationError({"amount": text % {"limit": f"{limit / 10_000:,.2f}"}})


def send_back_application(*, application: Application, actor: User, note: str, at: datetime) -> Application:
    """Ask for another grading; the present one stays in the audit trail only."""
    leaving = leaving_list(application=application, actor=actor, at=at, why=_("The grading was sent back."))
    facts = {"reason": note}
    with leaving, APPLICATION.moving(application, Action.SEND_BACK, actor=actor, at=at, facts=facts) as locked:
        if locked.graded_by:
            _tell([locked.graded_by], locked, "funding.application_sent_back", at, note=note)
        locked.score = locked.graded_by = locked.graded_at = locked.proposed_amount = None
        locked.proposed_tier = locked.rationale = ""
    return application


# --- decision ----------------------------------------------------------------------------------
def decide_application(
    *, application: Application, actor: User, tier: str, amount: Decimal, meeting: str, at: datetime, note: str = ""
) -> Application:
    """Propose for approval by the meeting, alone; what is committed in a call never exceeds its budget."""
    with leaving_list(application=application, actor=actor, at=at, why=_("It was decided alone.")):
        return enter_decision(
            application=application, actor=actor, tier=tier, amount=amount, meeting=meeting, at=at, note=note
        )


def enter_decision(
    *, application: Application, actor: User, tier: str, amount: Decimal, meeting: str, at: datetime, note: str = ""
) -> Application:
    """The same with the list that it is on, or alone."""
    facts = {"tier": tier, "amount": amount, "meeting": meeting, "reasons": note}
    with APPLICATION.moving(application, Action.DECIDE, actor=actor, at=at, facts=facts) as locked:
        require_possible(application=locked, tier=tier, amount=amount)
        if not tier:
            raise TransitionRefused(_("Please choose a tier, or decide not to support."))
        if (tier, amount) != (locked.proposed_tier, locked.proposed_amount) and not note.strip():
            raise TransitionRefused(_("Please give the reasons for departing from the grading."))
        _require_budget(locked, amount)
        _decide(locked, actor, meeting, note, at)
        locked.decided_tier, locked.decided_amount = tier, amount
        _tell(holders(Role.OFFICER), locked, "funding.application_decided", at)
    return application


def _decide(application: Application, actor: User, meeting: str, note: str, at: datetime) -> None:
    application.decided_by, application.decided_at = actor, at
    application.meeting, application.decision_note = meeting, note


def _require_budget(application: Application, amount: Decimal) -> None:
    """Lock the call, so that two leaders cannot spend the last of its budget at once."""
    call = Call.everything.select_for_update().get(pk=application.call_id)
    left = call.budget - committed(call)
    if amount > left:
        text = gettext("The budget of the call has only %(left)s (10,000 yuan) left.")
        raise TransitionRefused(text % {"left": f"{left / 10_000:,.2f}"})


def decline_application(*, application: Application, actor: User, meeting: str, note: str, at: datetime) -> Application:
    """Decide not to support, alone, with the reasons. Nobody outside learns it before the list of its call."""
    with leaving_list(application=application, actor=actor, at=at, why=_("It was decided alone.")):
        return enter_refusal(application=application, actor=actor, meeting=meeting, note=note, at=at)


def enter_refusal(*, application: Application, actor: User, meeting: str, note: str, at: datetime) -> Application:
    """The same with the list that it is on, or alone."""
    facts = {"meeting": meeting, "reasons": note}
    with APPLICATION.moving(application, Action.DECLINE, actor=actor, at=at, facts=facts) as locked:
        _decide(locked, actor, meeting, note, at)
    return application


# --- approval ----------------------------------------------------------------------------------
def approve_application(
    *, application: Application, actor: User, document_number: str, at: datetime, note: str = ""
) -> Application:
    """Approve what was publicised and stood; award and contract offer come with it, in a rehearsal neither."""
    facts: dict[str, Any] = {"document": document_number}
    with APPLICATION.moving(application, Action.APPROVE, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.approved_by, locked.approved_at = actor, at
        if not locked.is_rehearsal:
            award = create_award(application=locked, actor=actor, document_number=document_number, at=at)
            facts |= {"award": award.pk, "tier": award.tier, "amount": award.amount}
        _tell(lead_people(consortium=locked.consortium), locked, "funding.application_approved", at)
    return application


def _tell(recipients: Any, application: Application, kind: str, at: datetime, note: str = "") -> None:
    params = {"name": application.told_as, "note": note}
    notify(recipients=recipients, kind=kind, params=params, url=application.get_absolute_url(), at=at)
