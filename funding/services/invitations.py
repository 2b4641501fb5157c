"""Invitations of experts after they were sent: reminded of, lapsed when nobody answers, the seat filled again."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, Leaving, Reminding, ReviewStatus
from funding.models import Application, Review, ReviewReminder
from funding.rules import inviting
from funding.selectors.experts import barred_from
from funding.selectors.invitations import open_reviews, seats_to_fill
from funding.services.draws import fill_seat
from funding.services.experts import tell
from funding.services.leads import leaving_panel, propose_lead, replace_lead
from funding.services.recusals import forget
from funding.workflow import REVIEW
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import register
from portal.kernel.workflow import TransitionRefused

register("funding.invitation_lapsed", _("Your invitation to review “%(name)s” has lapsed; nothing is left to do."))
register("funding.invitation_unanswered", _("%(expert)s has not answered for “%(name)s”; the seat is free again."))
register("funding.answer_due", _("Please answer until %(until)s whether you review “%(name)s”."), urgent=True)
register("funding.scores_due", _("Please hand in your scores for “%(name)s” until %(until)s."), urgent=True)

register("funding.answer_extended", _("You have until %(until)s to answer whether you review “%(name)s”."), urgent=True)
register(
    "funding.invited_again",
    _("You are asked once more to review “%(name)s”; please answer until %(until)s."),
    urgent=True,
)
register(
    "funding.expert_invited_again", _("%(expert)s is asked once more to review “%(name)s”; the reason is on record.")
)

KINDS = {Reminding.ANSWER: "funding.answer_due", Reminding.SCORES: "funding.scores_due"}


# --- nobody answers ----------------------------------------------------------------------------
def lapse_invitations(*, at: datetime) -> int:
    """Close the invitations whose time is over; how many there were. Whoever answers meanwhile goes first."""
    rows = open_reviews(ReviewStatus.ASSIGNED).filter(answer_by__lt=at)
    return sum(_lapse(review, at) for review in rows)


def _lapse(review: Review, at: datetime) -> bool:
    try:
        step = REVIEW.moving(review, Action.LAPSE_INVITATION, actor=None, at=at)
        with leaving_panel(review=review), step as locked:
            locked.left_for = Leaving.LAPSED
            replace_lead(review=locked, at=at)
            forget(person=locked.expert.user, application=locked.application)
            tell(recipients=[locked.expert.user], review=locked, kind="funding.invitation_lapsed", at=at)
            tell(recipients=holders(Role.ACCEPTANCE), review=locked, kind="funding.invitation_unanswered", at=at)
    except TransitionRefused:  # answered meanwhile
        return False
    return True


# --- another chance ----------------------------------------------------------------------------
@transaction.atomic
def extend_answer(*, review: Review, until: date, note: str, actor: User, at: datetime) -> Review:
    """Give an expert more time to answer, for a reason; it is told, and reminded anew. Raises ValidationError."""
    locked = _locked(review)
    require(actor, "funding.extend_answer", locked)
    if locked.waited_for != Reminding.ANSWER or locked.answer_by is None or locked.is_overdue(at):
        raise TransitionRefused(_("Nothing is to be answered any more."))
    _require_time(locked, until, note, at)
    before, last = locked.answer_by, inviting.end_of(until)
    if last <= before:
        raise ValidationError({"until": _("The new day is later than the one before.")})
    _give_time(locked, last)
    locked.save(update_fields=["answer_by"])
    facts = {"before": before, "until": last}
    audit.record(actor=actor, action=Action.EXTEND_ANSWER, subject=locked, at=at, note=note.strip(), facts=facts)
    tell(recipients=[locked.expert.user], review=locked, kind="funding.answer_extended", at=at)
    return locked


def invite_again(*, review: Review, until: date, note: str, actor: User, at: datetime) -> Review:
    """Ask somebody once more who did not answer, for a reason; supervision is told. Raises ValidationError."""
    facts: dict[str, Any] = {}
    with transaction.atomic():
        Application.everything.select_for_update(of=("self",)).get(pk=review.application_id)  # nobody fills the seat
        step = REVIEW.moving(review, Action.INVITE_AGAIN, actor=actor, at=at, note=note.strip(), facts=facts)
        with step as locked:
            _require_time(locked, until, note, at)
            reasons, tie = barred_from(locked, at)
            if reasons:
                raise TransitionRefused(*reasons)
            facts |= {"until": inviting.end_of(until), **({"ties": {str(locked.expert_id): tie}} if tie else {})}
            locked.left_for = locked.left_note = ""
            locked.assigned_by, locked.assigned_at = actor, at
            _give_time(locked, inviting.end_of(until))
        propose_lead(application=review.application, at=at)
        tell(recipients=[review.expert.user], review=review, kind="funding.invited_again", at=at)
        tell(recipients=holders(Role.SUPERVISOR), review=review, kind="funding.expert_invited_again", at=at)
    return review


def _require_time(review: Review, until: date, note: str, at: datetime) -> None:
    if not note.strip():
        raise ValidationError({"note": _("Please give a reason.")})
    most = inviting.terms_of(review.application.call.rules.data).extend_days
    if not timezone.localdate(at) < until <= timezone.localdate(inviting.end_after(most, at)):
        text = gettext("Choose a day from tomorrow on, within %(days)s working days.")
        raise ValidationError({"until": text % {"days": most}})


def _give_time(review: Review, until: datetime) -> None:
    """The reminders by the rules begin anew; what was sent stands in the trail."""
    review.answer_by = until
    review.reminders.filter(about=Reminding.ANSWER, by=None).delete()


# --- the seat is free --------------------------------------------------------------------------
def fill_seats(*, at: datetime) -> int:
    """Call the next in line where the rules let the portal do it; how many were called.

    Where nobody in the line fits any more the seat stays free, and the desk finds it among its duties.
    """
    return sum(_fill(review, at) for review in seats_to_fill())


def _fill(review: Review, at: datetime) -> bool:
    if not inviting.terms_of(review.application.call.rules.data).by_portal:
        return False
    try:
        fill_seat(review=review, at=at)
    except TransitionRefused:
        return False
    return True


# --- reminders ---------------------------------------------------------------------------------
def remind_experts(*, at: datetime) -> int:
    """Send the reminders that are due by the rules, each once; how many there were."""
    due = (
        (review, about, days)
        for about, rows in (
            (Reminding.ANSWER, open_reviews(ReviewStatus.ASSIGNED).filter(answer_by__gte=at)),
            (Reminding.SCORES, open_reviews(ReviewStatus.ACCEPTED).filter(score_by__gte=at)),
        )
        for review in rows
        if (days := _due(review, about, at)) is not None
    )
    return sum(_remind(review, about, days, at) for review, about, days in due)


def _due(review: Review, about: Reminding, at: datetime) -> int | None:
    """Never on the very day of the invitation or the acceptance."""
    terms, today = inviting.terms_of(review.application.call.rules.data), timezone.localdate(at)
    ends, since, days = (
        (review.answer_by, review.assigned_at, terms.remind_answer)
        if about == Reminding.ANSWER
        else (review.score_by, review.declared_at, terms.remind_scoring)
    )
    if ends is None or since is None or timezone.localdate(since) >= today:
        return None
    return inviting.reminder_due(ends=timezone.localdate(ends), today=today, days=days)


def _remind(review: Review, about: Reminding, days: int, at: datetime) -> bool:
    with transaction.atomic():
        locked = _locked(review)
        if about != locked.waited_for or locked.reminders.filter(about=about, days=days, by=None).exists():
            return False
        _send(locked, about, days, None, at)
    return True


def remind_expert(*, review: Review, actor: User, at: datetime) -> ReviewReminder:
    """Remind an expert of the answer or the scores, from the desk; once a day at most."""
    try:
        with transaction.atomic():
            locked = _locked(review)
            require(actor, "funding.remind_expert", locked)
            about = locked.waited_for
            if about is None:
                raise TransitionRefused(_("Nothing is to be waited for from this expert."))
            if locked.is_overdue(at) and about == Reminding.ANSWER:
                raise TransitionRefused(_("The time to answer this invitation is over."))
            return _send(locked, about, None, actor, at)
    except IntegrityError as error:
        raise TransitionRefused(_("This expert was reminded today already.")) from error


def _locked(review: Review) -> Review:
    rows: QuerySet[Review] = Review.everything.select_for_update(of=("self",))
    return rows.select_related("application__call", "expert__user").get(pk=review.pk)


def _send(review: Review, about: Reminding, days: int | None, by: User | None, at: datetime) -> ReviewReminder:
    made = ReviewReminder.objects.create(
        review=review, about=about, days=days, by=by, on=timezone.localdate(at), at=at, created_at=at
    )
    tell(recipients=[review.expert.user], review=review, kind=KINDS[about], at=at)
    audit.record(actor=by, action=Action.REMIND_EXPERT, subject=review, at=at, facts={"about": about, "days": days})
    return made
