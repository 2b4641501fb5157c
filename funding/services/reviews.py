"""What experts do before they read: declare to have no conflict of interest, or step back."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Review
from funding.services.experts import tell
from funding.services.recusals import forget
from funding.workflow import REVIEW
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel.notifications import register

register("funding.review_recused", _("%(expert)s does not review “%(name)s”; another expert may be needed."))

DECLARATION = "review-declaration-1"  # version of the text that the expert agrees to


# --- the expert's declaration ------------------------------------------------------------------
def accept_review(*, review: Review, actor: User, at: datetime) -> Review:
    """Declare to have no conflict of interest and to keep confidentiality and integrity; opens the content."""
    facts = {"declared": ["no_conflict", "confidentiality", "integrity"], "text": DECLARATION}
    with REVIEW.moving(review, Action.ACCEPT, actor=actor, at=at, facts=facts) as locked:
        locked.declared_at = at
    return review


def recuse_review(*, review: Review, actor: User, conflict: str, at: datetime) -> Review:
    """Declare a conflict of interest; closes the content for good."""
    with REVIEW.moving(review, Action.RECUSE, actor=actor, at=at, note=conflict) as locked:
        locked.conflict = conflict
        forget(person=actor, application=locked.application)
        tell(recipients=holders(Role.ACCEPTANCE), review=locked, kind="funding.review_recused", at=at)
    return review
