"""Another organisation leads: proposed, consented to or refused, answered by the lead, decided by the bureau."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, DepartureStatus, Layer, LeadChangeGround, ParticipationRole
from consortia.models import Consortium, Departure, LeadChange, LeadConsent, Participation
from consortia.rules.leadchanges import HEARING_WORKING_DAYS
from consortia.selectors.leadchanges import asked, barred, content_of, may_lead, speaks_for
from consortia.services.agreements import drop_waiting
from consortia.services.confirmations import settle_parts
from consortia.services.editing import editing, note_edit, store
from consortia.services.life import NO_PAPER, Paper, note_event, require_paper, require_reason
from consortia.services.notices import tell_all, tell_confirmers, tell_deciders, tell_new_lead
from consortia.workflow import LEAD_CHANGE
from members.enums import Role
from members.models import Organisation
from portal.kernel.audit import sha256
from portal.kernel.authz import require
from portal.kernel.calendar import add_working_days
from portal.kernel.workflow import TransitionRefused

BY_LEAD = frozenset({LeadChangeGround.HANDED_OVER})


def propose_lead_change(
    *,
    consortium: Consortium,
    new_lead: Organisation,
    ground: LeadChangeGround | str,
    actor: Any,
    at: datetime,
    note: str,
) -> LeadChange:
    """Name another lead: the lead hands over, or a core member or the bureau says that it leaves or is silent.

    Raises ValidationError for `new_lead`, `ground` and `note`.
    """
    reason = require_reason(note=note)
    asker = _asker(consortium, actor)
    facts = _by(asker) | {"name": new_lead.name, "ground": str(ground)}
    with editing(
        consortium=consortium, action=Action.PROPOSE_LEAD_CHANGE, actor=actor, at=at, name=new_lead.name, note=reason,
        facts=facts,
    ) as locked:  # fmt: skip
        _require_ground(locked, asker, ground)
        if locked.leaving_since:
            raise TransitionRefused(_("An exit case about this consortium is running."))
        if not may_lead(locked).filter(pk=new_lead.pk).exists():
            raise ValidationError({"new_lead": _("Only a confirmed member of this city leads, of a fitting kind.")})
        if reasons := barred(locked, new_lead):
            raise ValidationError({"new_lead": [str(reason) for reason in reasons]})
        change = LeadChange(
            consortium=locked, ground=ground, old_lead=locked.lead, new_lead=new_lead, reason=reason, asked_by=asker,
            proposed_by=actor, heard_until=_heard_until(ground, at), created_at=at,
        )  # fmt: skip
        store(row=change)
        note_event(
            consortium=locked, kind=Action.PROPOSE_LEAD_CHANGE, actor=actor, at=at, by=asker.name if asker else "",
            reason=f"{change.old_lead} → {new_lead}: {reason}"[:2000],
        )  # fmt: skip
        _ask(change, at)
    return change


def _asker(consortium: Consortium, actor: Any) -> Organisation | None:
    """Who proposes: the lead, a core member, or nobody of the consortium because it is the bureau."""
    if speaks_for(actor, consortium.lead_id):
        return consortium.lead
    core = consortium.participations.present().filter(layer=Layer.CORE).select_related("organisation")
    own = [row.organisation for row in core if actor.holds(Role.CONFIRMER, organisation=row.organisation_id)]
    return own[0] if own else None


def _require_ground(consortium: Consortium, asker: Organisation | None, ground: str) -> None:
    own = asker is not None and asker.pk == consortium.lead_id
    if own and ground not in BY_LEAD:
        raise ValidationError({"ground": _("The lead itself hands over.")})
    if not own and ground in BY_LEAD:
        raise ValidationError({"ground": _("Only the lead itself hands over.")})


def _heard_until(ground: str, at: datetime) -> Any:
    return None if ground in BY_LEAD else add_working_days(timezone.localdate(at), HEARING_WORKING_DAYS)


def _ask(change: LeadChange, at: datetime) -> None:
    places = [row.organisation for row in asked(change)]
    tell_confirmers(
        organisations=places, kind="consortia.lead_change_asked", consortium=change.consortium,
        url=change.get_absolute_url(), at=at, organisation=change.new_lead.name,
    )  # fmt: skip
    tell_deciders(change=change, kind="consortia.lead_change_proposed", at=at)


def consent_lead_change(
    *, change: LeadChange, participation: Participation, actor: Any, at: datetime, seen: str
) -> LeadChange:
    """A member that is asked agrees to exactly what it read (`seen`, SHA-256)."""
    return _say(change, participation, Action.CONSENT_LEAD_CHANGE, actor, at, agrees=True, seen=seen)


def refuse_lead_change(
    *, change: LeadChange, participation: Participation, actor: Any, at: datetime, note: str
) -> LeadChange:
    """A member that is asked says no, and why; it may change its mind while nothing is decided."""
    reason = require_reason(note=note)
    return _say(change, participation, Action.REFUSE_LEAD_CHANGE, actor, at, agrees=False, reason=reason)


def _say(
    change: LeadChange,
    participation: Participation,
    action: Action,
    actor: Any,
    at: datetime,
    *,
    agrees: bool,
    reason: str = "",
    seen: str = "",
) -> LeadChange:
    with transaction.atomic():
        _hold(change)
        require(actor, "consortia.confirm_participation", participation)
        facts = _by(participation.organisation)
        with LEAD_CHANGE.moving(change, action, actor=actor, at=at, note=reason, facts=facts) as locked:
            if not asked(locked).filter(pk=participation.pk).exists():
                raise TransitionRefused(_("This member is not asked."))
            fingerprint = facts["sha256"] = sha256(content_of(locked))
            if seen and seen != fingerprint:
                raise TransitionRefused(_("This has changed meanwhile. Please read it again."))
            LeadConsent.objects.create(
                change=locked, participation=participation, agrees=agrees, reason=reason, sha256=fingerprint,
                given_by=actor, given_at=at, created_at=at,
            )  # fmt: skip
            note_edit(
                consortium=locked.consortium, action=action, actor=actor, at=at, name=locked.new_lead.name,
                note=reason, facts=facts,
            )  # fmt: skip
    return change


def answer_lead_change(*, change: LeadChange, answer: str, actor: Any, at: datetime) -> LeadChange:
    """The lead so far answers a proposal that is not its own, once and in time."""
    if not answer.strip():
        raise ValidationError({"answer": _("The answer has no text.")})
    with LEAD_CHANGE.moving(change, Action.ANSWER_LEAD_CHANGE, actor=actor, at=at) as locked:
        locked.answer, locked.answered_by, locked.answered_at = answer.strip(), actor, at
        tell_deciders(change=locked, kind="consortia.lead_change_answered", at=at)
    return change


def withdraw_lead_change(*, change: LeadChange, actor: Any, at: datetime, note: str) -> LeadChange:
    """Whoever proposed it takes it back."""
    reason = require_reason(note=note)
    return _end(change, Action.WITHDRAW_LEAD_CHANGE, reason, actor, at)


def reject_lead_change(*, change: LeadChange, actor: Any, at: datetime, note: str) -> LeadChange:
    """The bureau decides that the lead stays."""
    reason = require_reason(note=note)
    return _end(change, Action.REJECT_LEAD_CHANGE, reason, actor, at)


def _end(change: LeadChange, action: Action, reason: str, actor: Any, at: datetime) -> LeadChange:
    with transaction.atomic():
        consortium = _hold(change)
        facts = _by(change.asked_by if action == Action.WITHDRAW_LEAD_CHANGE else None)
        with LEAD_CHANGE.moving(change, action, actor=actor, at=at, note=reason, facts=facts) as locked:
            locked.decision = reason
            if action == Action.REJECT_LEAD_CHANGE:
                locked.decided_by, locked.decided_at = actor, at
            _tell_life(locked, action, actor, at, facts["by"])
            tell_all(consortium=consortium, kind="consortia.lead_stays", at=at)
            note_edit(consortium=consortium, action=action, actor=actor, at=at, name=change.new_lead.name, facts=facts)
    return change


def approve_lead_change(*, change: LeadChange, paper: Paper, actor: Any, at: datetime, note: str) -> LeadChange:
    """The roles swap in one step; what both had confirmed of their roles lapses, a version that waits falls away."""
    reason = require_reason(note=note)
    require_paper(paper=paper, at=at)
    facts: dict[str, Any] = {"before": change.old_lead.name, "after": change.new_lead.name} | _by(None) | paper.facts()
    with transaction.atomic():
        consortium = _hold(change)
        with LEAD_CHANGE.moving(
            change, Action.APPROVE_LEAD_CHANGE, actor=actor, at=at, note=reason, facts=facts
        ) as locked:
            locked.decided_by, locked.decided_at, locked.decision = actor, at, reason
            locked.document_number, locked.meeting = paper.document_number, paper.meeting
            locked.meeting_on = paper.meeting_on
            tell_all(consortium=consortium, kind="consortia.lead_changed", at=at, organisation=change.new_lead.name)
            _swap(consortium, locked)
            drop_waiting(consortium=consortium, at=at)
            _tell_life(locked, Action.APPROVE_LEAD_CHANGE, actor, at, "", paper)
        note_edit(
            consortium=consortium, action=Action.APPROVE_LEAD_CHANGE, actor=actor, at=at, name=change.new_lead.name,
            note=reason, facts=facts,
        )  # fmt: skip
        settle_parts(consortium=consortium, actor=actor, at=at, by=_by(None))
        tell_new_lead(consortium=consortium, at=at)
    return change


def _swap(consortium: Consortium, change: LeadChange) -> None:
    """The old lead first: at no moment are there two. What it asked of members as the lead is the new lead's now."""
    parts = consortium.participations.present()
    parts.filter(role=ParticipationRole.LEAD).update(role=ParticipationRole.MEMBER)
    parts.filter(organisation=change.new_lead).update(role=ParticipationRole.LEAD, layer=Layer.CORE)
    consortium.lead, consortium.contact = change.new_lead, None
    consortium.save(update_fields=["lead", "contact"])
    asked_for = Departure.objects.filter(
        participation__consortium=consortium, status=DepartureStatus.OPEN, asked_by=change.old_lead
    )
    asked_for.exclude(participation__organisation=change.old_lead).update(asked_by=change.new_lead)


def _hold(change: LeadChange) -> Consortium:
    """The consortium and its members, locked before the first entry of the trail."""
    consortium = Consortium.objects.select_for_update(of=("self",)).select_related("lead").get(pk=change.consortium_id)
    list(consortium.participations.select_for_update().order_by("pk").values_list("pk"))
    return consortium


def _tell_life(change: LeadChange, kind: Action, actor: Any, at: datetime, by: str, paper: Paper = NO_PAPER) -> None:
    reason = f"{change.old_lead} → {change.new_lead}: {change.decision}"[:2000]
    note_event(consortium=change.consortium, kind=kind, actor=actor, at=at, by=by, reason=reason, paper=paper)


def _by(place: Organisation | None) -> dict[str, Any]:
    """In whose name; empty for the bureau."""
    return {"by": place.name if place else "", "by_id": str(place.pk) if place else ""}
