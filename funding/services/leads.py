"""Who leads a panel: proposed by the rules of the call, replaced when it leaves, named otherwise for a reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ReviewMode, ReviewStatus
from funding.enums import ApplicationStatus as S
from funding.models import Application, Consolidation, Review
from funding.rules import leading
from funding.selectors.leading import chairs_of
from funding.selectors.panels import is_consolidated, lead_review
from members.models import User
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.named_lead", _("You sum up the reviews of “%(name)s” as lead reviewer once all are handed in."))

NO_PANEL = _("In this call no panel talks: every expert scores alone.")
SUMMED_UP = _("The lead reviewer has summed up already.")
OVER = _("This application is no longer under review.")


# --- by the rules ------------------------------------------------------------------------------
def propose_lead(*, application: Application, at: datetime, without: Review | None = None) -> Review | None:
    """Let the rules say who leads where nobody does. Inside the transaction that locked the application."""
    if application.call.review_mode != ReviewMode.LEAD_REVIEWER or _stands(application, without):
        return None
    chairs = chairs_of(application, at, without)
    criteria = leading.criteria_of(application.call.rules.data)
    chosen = leading.choose(chairs, criteria)
    if chosen is None:
        return None
    review = application.reviews.select_related("expert__user", "application__call").get(pk=chosen.key)
    basis = leading.basis(chairs, chosen, criteria)
    _keep(review, None, "", basis)
    audit.record(actor=None, action=Action.PROPOSE_LEAD, subject=review, at=at, facts=basis)
    _tell(review, at)
    return review


def _stands(application: Application, without: Review | None) -> bool:
    """Whether somebody leads who does not leave."""
    row = Consolidation.objects.filter(application=application).select_related("review").first()
    if row is None:
        return False
    gone = row.review.status == ReviewStatus.RECUSED or (without is not None and row.review_id == without.pk)
    return row.consolidated_at is not None or not gone


@contextmanager
def leaving_panel(*, review: Review) -> Iterator[None]:
    """Around a step that takes an expert off its panel.

    The case is locked before the review, as whoever reopens a review, recuses itself again or names a lead locks them:
    in the other order two of them could wait for each other.
    """
    with transaction.atomic():
        _locked_case(review)
        yield


def _locked_case(review: Review) -> Application:
    return Application.everything.select_for_update(of=("self",)).get(pk=review.application_id)


def replace_lead(*, review: Review, at: datetime) -> None:
    """Another one leads, by the same rules, when the lead reviewer leaves. Inside the transaction of its leaving."""
    application = _locked_case(review)
    if lead_review(application) == review:
        propose_lead(application=application, at=at, without=review)


# --- by hand -----------------------------------------------------------------------------------
@transaction.atomic
def name_lead(*, review: Review, note: str, actor: User, at: datetime) -> Review:
    """Let this expert sum up instead of the one whom the rules propose, for a reason."""
    application = _locked_case(review)
    require(actor, "funding.name_lead", review)
    if application.call.review_mode != ReviewMode.LEAD_REVIEWER:
        raise TransitionRefused(NO_PANEL)
    if application.status != S.REVIEWING:
        raise TransitionRefused(OVER)
    review.refresh_from_db()
    if review.status == ReviewStatus.RECUSED:
        raise TransitionRefused(_("This expert does not review this application any more."))
    if is_consolidated(application):
        raise TransitionRefused(SUMMED_UP)
    if Consolidation.objects.filter(application=application, review=review).exists():
        raise TransitionRefused(_("This expert is the lead reviewer already."))
    if not note.strip():
        raise TransitionRefused(_("Please give a reason."))
    _keep(review, actor, note.strip(), {})
    audit.record(actor=actor, action=Action.NAME_LEAD, subject=review, at=at, note=note.strip())
    _tell(review, at)
    return review


def _keep(review: Review, by: User | None, reason: str, basis: dict[str, object]) -> None:
    facts = {"review": review, "named_by": by, "reason": reason, "basis": basis}
    Consolidation.objects.update_or_create(application=review.application, defaults=facts)


def _tell(review: Review, at: datetime) -> None:
    params = {"name": review.application.told_as}
    notify(recipients=[review.expert.user], kind="funding.named_lead", params=params, at=at,
           url=review.get_absolute_url())  # fmt: skip
