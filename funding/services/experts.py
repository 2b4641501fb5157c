"""Who reviews: experts are assigned, added to a running review, released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ExpertMode
from funding.models import Application, Review
from funding.selectors.experts import drawn, eligible
from funding.workflow import APPLICATION, REVIEW
from members.models import Expert, User
from portal.kernel.enumerating import enumerated
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.review_assigned", _("You are asked to review “%(name)s”; please declare first."), urgent=True)
register("funding.review_released", _("You need not review “%(name)s” any more."))


@dataclass(frozen=True)
class Choice:
    """Which experts: named ones, or `count` drawn by a seed, which lets anybody repeat the draw."""

    experts: Sequence[Expert] = ()
    count: int = 0
    seed: str = ""


def assign_experts(
    *, application: Application, choice: Choice, actor: User, at: datetime, note: str = ""
) -> Application:
    """Begin the review with these experts."""
    facts: dict[str, Any] = {}
    with APPLICATION.moving(application, Action.ASSIGN, actor=actor, at=at, note=note, facts=facts) as locked:
        experts = _chosen(locked, choice, at)
        needed = locked.call.rules.data["panel"]["required"]
        if len(experts) < needed:
            text = ngettext("At least %(needed)s expert is needed.", "At least %(needed)s experts are needed.", needed)
            raise TransitionRefused(text % {"needed": needed})
        facts |= _assign(locked, experts, choice, actor, at, note)
    return application


def add_experts(*, application: Application, choice: Choice, actor: User, at: datetime, note: str = "") -> Application:
    """Add experts to a running review, for those who recused themselves or when opinions lie far apart."""
    facts: dict[str, Any] = {}
    with APPLICATION.moving(application, Action.ADD_EXPERT, actor=actor, at=at, note=note, facts=facts) as locked:
        experts = _chosen(locked, choice, at)
        if not experts:
            raise TransitionRefused(_("No expert is chosen."))
        facts |= _assign(locked, experts, choice, actor, at, note)
    return application


def _chosen(application: Application, choice: Choice, at: datetime) -> Sequence[Expert]:
    """The experts named, or as many as were asked for drawn from those eligible at this moment."""
    if not choice.seed:
        return choice.experts
    if application.call.expert_mode == ExpertMode.INVITED:
        raise TransitionRefused(_("In this call experts are invited: choose them by name."))
    experts = drawn(eligible(application, at).values(), choice.count, choice.seed)
    if len(experts) < choice.count:
        raise TransitionRefused(gettext("Only %(found)s experts are eligible.") % {"found": len(experts)})
    return experts


def _assign(
    application: Application, experts: Sequence[Expert], choice: Choice, actor: User, at: datetime, note: str
) -> dict[str, Any]:
    """Write the reviews and tell the experts; refuses whoever is not eligible now, or bound without a reason given."""
    open_to = eligible(application, at)
    barred = [str(expert) for expert in experts if expert.pk not in open_to]
    if barred or len({expert.pk for expert in experts}) < len(experts):
        names = gettext(", ").join(barred) or gettext("chosen twice")
        raise TransitionRefused(gettext("Not eligible: %(names)s.") % {"names": names})
    bound = {str(expert.pk): open_to[expert.pk].tie for expert in experts if open_to[expert.pk].needs_reason}
    _require_reason([str(expert) for expert in experts if str(expert.pk) in bound], note)
    last = application.reviews.aggregate(last=Max("ordinal"))["last"] or 0
    for ordinal, expert in enumerate(experts, last + 1):
        review = Review.objects.create(
            application=application, expert=expert, ordinal=ordinal, assigned_by=actor, assigned_at=at
        )
        tell(recipients=[expert.user], review=review, kind="funding.review_assigned", at=at)
    method = {"method": "draw", "seed": choice.seed} if choice.seed else {"method": "choice"}
    return {**method, "experts": [expert.pk for expert in experts], **({"ties": bound} if bound else {})}


def _require_reason(names: Sequence[str], note: str) -> None:
    """Whoever is chosen in spite of a tie is chosen for a reason that stays in the trail."""
    if names and not note.strip():
        text = gettext("Please say in the remark why you choose in spite of a tie: %(names)s.")
        raise TransitionRefused(text % {"names": enumerated(names)})


def tell(*, recipients: Any, review: Review, kind: str, at: datetime) -> None:
    application = review.application
    params = {"name": application.told_as, "expert": lazy(lambda: review.blind_name, str)()}
    notify(recipients=recipients, kind=kind, params=params, url=_place(review, kind), at=at)


def _place(review: Review, kind: str) -> str:
    if kind == "funding.review_released":
        return reverse("funding:review-list")
    to_expert = kind in {"funding.review_assigned", "funding.to_consolidate"}
    return review.get_absolute_url() if to_expert else review.application.get_absolute_url()


def release_expert(*, review: Review, actor: User, note: str, at: datetime) -> Review:
    """Take an expert off the panel who does not answer or cannot go on; another one may be added."""
    with REVIEW.moving(review, Action.RELEASE_EXPERT, actor=actor, at=at, note=note) as locked:
        tell(recipients=[locked.expert.user], review=locked, kind="funding.review_released", at=at)
    return review
