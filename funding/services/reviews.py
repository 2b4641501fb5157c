"""What experts do before they read: declare to have no conflict of interest, or step back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, Leaving, ReviewStatus
from funding.models import Application, Consolidation, Review
from funding.rules.inviting import end_after
from funding.rules.inviting import terms_of as invitation_terms
from funding.rules.sessions import terms_of
from funding.selectors.sessions import is_to_declare_again
from funding.services.experts import tell
from funding.services.leads import leaving_panel, replace_lead
from funding.services.recusals import forget, leave_sessions
from funding.workflow import REVIEW
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import register
from portal.kernel.workflow import TransitionRefused

register("funding.to_declare_again", _("The panel of “%(name)s” has met; please declare again."), urgent=True)
register("funding.interest_came_up", _("A score of “%(name)s” counts no more: an interest came up. Please look."))
register("funding.review_recused", _("%(expert)s does not review “%(name)s”; another expert may be needed."))

register("funding.review_declined", _("%(expert)s has declined to review “%(name)s”; another expert may be needed."))

GROUNDS = (Leaving.NO_TIME, Leaving.OTHER_FIELD, Leaving.CONFLICT, Leaving.OTHER)  # an expert's own
TOLD = frozenset({Leaving.CONFLICT, Leaving.OTHER})  # need a word more
DECLARATION = "review-declaration-1"  # version of the text that the expert agrees to


# --- the expert's declaration ------------------------------------------------------------------
def accept_review(*, review: Review, actor: User, at: datetime) -> Review:
    """Declare to have no conflict of interest and to keep confidentiality and integrity; opens the content."""
    facts = {"declared": ["no_conflict", "confidentiality", "integrity"], "text": DECLARATION}
    with REVIEW.moving(review, Action.ACCEPT, actor=actor, at=at, facts=facts) as locked:
        locked.declared_at = at
        locked.score_by = end_after(invitation_terms(locked.application.call.rules.data).scoring_days, at)
    return review


def decline_review(*, review: Review, ground: str, remark: str, actor: User, at: datetime) -> Review:
    """Decline an invitation for one of the reasons of the list; the content stays closed, another one is asked."""
    if ground not in GROUNDS:
        raise ValidationError({"ground": _("Please choose a reason.")})
    if ground in TOLD and not remark.strip():
        raise ValidationError({"remark": _("Please say it in a few words.")})
    if ground == Leaving.CONFLICT:
        return recuse_review(review=review, actor=actor, conflict=remark.strip(), at=at)
    facts = {"ground": ground}
    step = REVIEW.moving(review, Action.DECLINE_REVIEW, actor=actor, at=at, note=remark.strip(), facts=facts)
    with leaving_panel(review=review), step as locked:
        locked.left_for, locked.left_note = ground, remark.strip()
        replace_lead(review=locked, at=at)
        forget(person=actor, application=locked.application)
        tell(recipients=holders(Role.ACCEPTANCE), review=locked, kind="funding.review_declined", at=at)
    return review


def recuse_review(*, review: Review, actor: User, conflict: str, at: datetime) -> Review:
    """Declare a conflict of interest; closes the content for good."""
    step = REVIEW.moving(review, Action.RECUSE, actor=actor, at=at, note=conflict)
    with leaving_panel(review=review), step as locked:
        locked.conflict, locked.left_for = conflict, Leaving.CONFLICT
        replace_lead(review=locked, at=at)
        forget(person=actor, application=locked.application)
        leave_sessions(person=actor, application=locked.application, why=conflict)
        tell(recipients=holders(Role.ACCEPTANCE), review=locked, kind="funding.review_recused", at=at)
    return review


# --- the second one, after the panel met -------------------------------------------------------
def ask_again(*, application: Application, at: datetime) -> None:
    """Ask every expert whose score counts, where the rules of the call say so."""
    if not terms_of(application.call.rules.data).second_declaration:
        return
    for review in application.reviews.filter(status=ReviewStatus.SUBMITTED).select_related("expert__user"):
        tell(recipients=[review.expert.user], review=review, kind="funding.to_declare_again", at=at)


@transaction.atomic
def declare_again(*, review: Review, actor: User, at: datetime) -> Review:
    """Say that no interest came up in the session or the discussion."""
    locked = Review.everything.select_for_update(of=("self",)).get(pk=review.pk)
    require(actor, "funding.declare_again", locked)
    if not is_to_declare_again(locked):
        raise TransitionRefused(_("Nothing is to be declared now."))
    locked.declared_again_at = at
    locked.save(update_fields=["declared_again_at"])
    facts = {"declared": ["no_conflict"], "text": DECLARATION}
    audit.record(actor=actor, action=Action.DECLARE_AGAIN, subject=locked, at=at, facts=facts)
    return locked


@transaction.atomic
def recuse_again(*, review: Review, actor: User, conflict: str, at: datetime) -> Review:
    """Say that an interest came up: the score counts no more, and what was summed up with it is summed up anew."""
    Application.everything.select_for_update(of=("self",)).get(pk=review.application_id)  # nobody grades meanwhile
    with REVIEW.moving(review, Action.RECUSE_AGAIN, actor=actor, at=at, note=conflict) as locked:
        locked.conflict, locked.left_for = conflict, Leaving.CONFLICT
        rows = Consolidation.objects.filter(application=locked.application_id, consolidated_at__isnull=False)
        if rows.update(consolidated_at=None):
            audit.record(actor=actor, action=Action.UNDO_CONSOLIDATION, subject=locked.application, at=at)
        replace_lead(review=locked, at=at)
        forget(person=actor, application=locked.application)
        leave_sessions(person=actor, application=locked.application, why=conflict)
        told = holders(Role.ACCEPTANCE)
        tell(recipients=told, review=locked, kind="funding.review_recused", at=at)
        tell(recipients=holders(Role.OFFICER), review=locked, kind="funding.interest_came_up", at=at)
    return review
