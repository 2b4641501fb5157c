"""What a panel does together once every score is locked: it talks, and its lead reviewer sums up."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ReviewMode
from funding.enums import ApplicationStatus as S
from funding.models import Application, Consolidation, PanelMessage, Review
from funding.rules import scoring
from funding.selectors.panels import is_consolidated
from funding.selectors.reviews import assess, progress
from funding.services.leads import NO_PANEL, OVER, SUMMED_UP
from funding.services.reviews import ask_again
from funding.services.scores import OPINION_LENGTH
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify
from portal.kernel.workflow import TransitionRefused

NOT_LOCKED = _("The panel talks when every expert has handed in.")


@transaction.atomic
def discuss(*, review: Review, indicator: str, text: str, actor: User, at: datetime) -> PanelMessage:
    """Say something about a criterion to the others, under one's blind name; no score changes by it."""
    application = _locked(review)
    require(actor, "funding.discuss_panel", review)
    _require_talking(application)
    if indicator not in {one.code for one in scoring.indicators(application.call.rules.data)}:
        raise TransitionRefused(_("There is no such criterion."))
    row = PanelMessage.objects.create(review=review, indicator=indicator, text=text, at=at, created_at=at)
    audit.record(actor=actor, action=Action.DISCUSS, subject=review, at=at, facts={"indicator": indicator})
    return row


@transaction.atomic
def consolidate(
    *, review: Review, opinion: str, explanation: str, finish: bool, actor: User, at: datetime
) -> Consolidation:
    """Keep the summary, or finish it: with an opinion, and where the experts differ widely with an explanation."""
    application = _locked(review)
    require(actor, "funding.consolidate_panel", review)
    _require_talking(application)
    row, _made = Consolidation.objects.get_or_create(application=application, defaults={"review": review})
    row.review, row.opinion, row.explanation = review, opinion, explanation
    if finish:
        _require_complete(application, opinion, explanation)
        row.consolidated_at = at
        audit.record(actor=actor, action=Action.CONSOLIDATE, subject=review, at=at)
        notify(recipients=holders(Role.OFFICER), kind="funding.reviews_complete", at=at,
               params={"name": application.told_as}, url=application.get_absolute_url())  # fmt: skip
        ask_again(application=application, at=at)
    row.save()
    return row


def _locked(review: Review) -> Application:
    return Application.everything.select_for_update(of=("self",)).get(pk=review.application_id)


def _require_talking(application: Application) -> None:
    if application.call.review_mode != ReviewMode.LEAD_REVIEWER:
        raise TransitionRefused(NO_PANEL)
    if application.status != S.REVIEWING:
        raise TransitionRefused(OVER)
    if not progress(application).is_complete:
        raise TransitionRefused(NOT_LOCKED)
    if is_consolidated(application):
        raise TransitionRefused(SUMMED_UP)


def _require_complete(application: Application, opinion: str, explanation: str) -> None:
    reasons = []
    if len(opinion.strip()) < OPINION_LENGTH:
        text = gettext("The consolidated opinion needs at least %(n)s characters.")
        reasons.append(text % {"n": OPINION_LENGTH})
    found = assess(application)
    if found and found.panel.is_dispersed and len(explanation.strip()) < OPINION_LENGTH:
        text = gettext("The experts differ widely: please explain it in at least %(n)s characters.")
        reasons.append(text % {"n": OPINION_LENGTH})
    if reasons:
        raise TransitionRefused(*reasons)
