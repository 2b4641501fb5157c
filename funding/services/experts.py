"""Who reviews: experts are invited by name, named as an exception, seated, released."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ExpertMode, Leaving
from funding.models import Application, Naming, Review
from funding.rules import inviting
from funding.selectors.draws import TAKES_EXPERTS
from funding.selectors.experts import eligible
from funding.services.leads import leaving_panel, propose_lead, replace_lead
from funding.workflow import APPLICATION, NAMING, REVIEW
from members.enums import Role
from members.models import Expert, User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.enumerating import enumerated
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.review_assigned", _("You are asked to review “%(name)s”; please declare first."), urgent=True)
register("funding.review_released", _("You need not review “%(name)s” any more."))
register("funding.experts_proposed", _("Experts are named for “%(name)s”; please agree or refuse."))
register("funding.experts_agreed", _("The supervisor has agreed to the experts named for “%(name)s”."))
register("funding.experts_refused", _("The supervisor has refused the experts named for “%(name)s”."))

TO_EXPERT = frozenset({
    "funding.review_assigned", "funding.to_consolidate", "funding.to_declare_again", "funding.answer_due",
    "funding.scores_due", "funding.named_lead",
})  # fmt: skip
DUE: Mapping[str, Callable[[Review], datetime | None]] = {
    "funding.answer_due": lambda review: review.answer_by,
    "funding.answer_extended": lambda review: review.answer_by,
    "funding.invited_again": lambda review: review.answer_by,
    "funding.scores_due": lambda review: review.score_by,
}
NO_REASON = _("Please give a reason.")


# --- invited by name ---------------------------------------------------------------------------
def assign_experts(
    *, application: Application, experts: Sequence[Expert], actor: User, at: datetime, note: str
) -> Application:
    """Begin the review with these experts; only where the call invites them."""
    facts: dict[str, Any] = {}
    with APPLICATION.moving(application, Action.ASSIGN, actor=actor, at=at, note=note, facts=facts) as locked:
        needed = locked.call.rules.data["panel"]["required"]
        if len(experts) < needed:
            text = ngettext("At least %(needed)s expert is needed.", "At least %(needed)s experts are needed.", needed)
            raise TransitionRefused(text % {"needed": needed})
        facts |= _invite(locked, experts, actor, at, note)
    return application


def add_experts(
    *, application: Application, experts: Sequence[Expert], actor: User, at: datetime, note: str
) -> Application:
    """Invite experts to a running review, for those who recused themselves or when opinions lie far apart."""
    facts: dict[str, Any] = {}
    with APPLICATION.moving(application, Action.ADD_EXPERT, actor=actor, at=at, note=note, facts=facts) as locked:
        facts |= _invite(locked, experts, actor, at, note)
    return application


def _invite(
    application: Application, experts: Sequence[Expert], actor: User, at: datetime, note: str
) -> dict[str, Any]:
    bound = _require_eligible(application, experts, at)
    _require_reason(bound, note)
    reviews = seat_experts(application=application, experts=experts, assigned_by=actor, at=at)
    return {"method": "choice", "experts": [review.expert_id for review in reviews], **_ties(bound)}


def _require_reason(bound: Mapping[Expert, str], note: str) -> None:
    """Experts are named for a reason; the more so in spite of a tie."""
    if note.strip():
        return
    if bound:
        text = gettext("Please say in the remark why you choose in spite of a tie: %(names)s.")
        raise TransitionRefused(text % {"names": enumerated([str(expert) for expert in bound])})
    raise TransitionRefused(NO_REASON)


def _ties(bound: Mapping[Expert, str]) -> dict[str, Any]:
    """For the trail: who was chosen in spite of which tie."""
    return {"ties": {str(expert.pk): tie for expert, tie in bound.items()}} if bound else {}


def _require_eligible(application: Application, experts: Sequence[Expert], at: datetime) -> dict[Expert, str]:
    """Refuses whoever is not eligible at this moment, or stands there twice; gives those bound by a tie, in words."""
    if not experts:
        raise TransitionRefused(_("No expert is chosen."))
    open_to = eligible(application, at)
    barred = [str(expert) for expert in experts if expert.pk not in open_to]
    if barred or len({expert.pk for expert in experts}) < len(experts):
        names = gettext(", ").join(barred) or gettext("chosen twice")
        raise TransitionRefused(gettext("Not eligible: %(names)s.") % {"names": names})
    return {expert: open_to[expert.pk].tie for expert in experts if open_to[expert.pk].needs_reason}


def seat_experts(
    *, application: Application, experts: Sequence[Expert], assigned_by: User, at: datetime
) -> list[Review]:
    """The reviews of experts who were found eligible; tells them. Inside the transaction that locked the row."""
    last = application.reviews.aggregate(last=Max("ordinal"))["last"] or 0
    until = inviting.end_after(inviting.terms_of(application.call.rules.data).answer_days, at)
    reviews = [
        Review.objects.create(
            application=application, expert=expert, ordinal=ordinal, assigned_by=assigned_by, assigned_at=at,
            answer_by=until,
        )
        for ordinal, expert in enumerate(experts, last + 1)
    ]  # fmt: skip
    for review in reviews:
        tell(recipients=[review.expert.user], review=review, kind="funding.review_assigned", at=at)
    propose_lead(application=application, at=at)
    return reviews


# --- named where experts are drawn -------------------------------------------------------------
def propose_experts(
    *, application: Application, experts: Sequence[Expert], reason: str, actor: User, at: datetime
) -> Naming:
    """Name experts although the call draws them; they begin when the supervisor agrees."""
    try:
        with transaction.atomic():
            locked = Application.everything.select_for_update(of=("self",)).get(pk=application.pk)
            require(actor, "funding.assign_experts", locked)
            _require_exception(locked)
            bound = _require_eligible(locked, experts, at)
            _require_reason(bound, reason)
            naming = Naming.objects.create(application=locked, reason=reason.strip(), proposed_by=actor, proposed_at=at)
            naming.experts.set(experts)
            facts = {"experts": [expert.pk for expert in experts], "naming": naming.pk, **_ties(bound)}
            audit.record(actor=actor, action=Action.PROPOSE_EXPERTS, subject=locked, at=at, note=reason, facts=facts)
            _tell_naming(naming, holders(Role.SUPERVISOR), "funding.experts_proposed", at)
    except IntegrityError as error:
        raise TransitionRefused(_("Experts are proposed for this application already.")) from error
    return naming


def _require_exception(application: Application) -> None:
    if application.call.expert_mode == ExpertMode.INVITED:
        raise TransitionRefused(_("In this call experts are invited: choose them by name."))
    if application.status not in TAKES_EXPERTS:
        raise TransitionRefused(_("The application takes no experts any more."))


def agree_experts(*, naming: Naming, actor: User, at: datetime, note: str = "") -> Naming:
    """The supervisor agrees: the named experts begin."""
    with NAMING.moving(naming, Action.AGREE_EXPERTS, actor=actor, at=at, note=note) as locked:
        locked.decided_by, locked.decided_at, locked.note = actor, at, note
        facts: dict[str, Any] = {"method": "exception", "naming": locked.pk}
        step = APPLICATION.moving(
            locked.application, Action.AGREE_EXPERTS, actor=actor, at=at, note=locked.reason, facts=facts
        )
        with step as application:
            experts = list(locked.experts.select_related("user").order_by("user__name", "pk"))
            facts |= _ties(_require_eligible(application, experts, at))
            seat_experts(application=application, experts=experts, assigned_by=locked.proposed_by, at=at)
            facts["experts"] = [expert.pk for expert in experts]
        _tell_naming(locked, [locked.proposed_by], "funding.experts_agreed", at)
    return naming


def refuse_experts(*, naming: Naming, actor: User, at: datetime, note: str) -> Naming:
    """The supervisor refuses: experts are drawn as the call says."""
    with NAMING.moving(naming, Action.REFUSE_EXPERTS, actor=actor, at=at, note=note) as locked:
        _require_reason({}, note)
        locked.decided_by, locked.decided_at, locked.note = actor, at, note
        _tell_naming(locked, [locked.proposed_by], "funding.experts_refused", at)
    return naming


def _tell_naming(naming: Naming, recipients: Any, kind: str, at: datetime) -> None:
    params = {"name": naming.application.told_as}
    notify(recipients=recipients, kind=kind, params=params, url=naming.get_absolute_url(), at=at)


# --- telling, releasing ------------------------------------------------------------------------
def tell(*, recipients: Any, review: Review, kind: str, at: datetime) -> None:
    """A notice about a review; experts are led to it, officials to the application."""
    application = review.application
    params = {"name": application.told_as, "expert": lazy(lambda: review.blind_name, str)()}
    if kind in DUE and (until := DUE[kind](review)):
        params["until"] = timezone.localdate(until).isoformat()
    notify(recipients=recipients, kind=kind, params=params, url=_place(review, kind), at=at)


def _place(review: Review, kind: str) -> str:
    if kind in {"funding.review_released", "funding.invitation_lapsed"}:
        return reverse("funding:review-list")
    return review.get_absolute_url() if kind in TO_EXPERT else review.application.get_absolute_url()


def release_expert(*, review: Review, actor: User, note: str, at: datetime) -> Review:
    """Take an expert off the panel who does not answer or cannot go on; another one may be added."""
    step = REVIEW.moving(review, Action.RELEASE_EXPERT, actor=actor, at=at, note=note)
    with leaving_panel(review=review), step as locked:
        locked.left_for, locked.left_note = Leaving.RELEASED, note.strip()
        replace_lead(review=locked, at=at)
        tell(recipients=[locked.expert.user], review=locked, kind="funding.review_released", at=at)
    return review
