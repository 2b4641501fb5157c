"""Who could take a seat that became free where experts are invited: the next best, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from funding.enums import ApplicationStatus as S
from funding.enums import ExpertMode, ReviewStatus
from funding.models import Application, Review
from funding.rules import assigning
from funding.rules.terms import Terms, least_missing, terms_of
from funding.selectors.draws import pool
from funding.selectors.experts import Candidate
from portal.kernel.enumerating import enumerated

SHOWN = 3


@dataclass(frozen=True)
class Proposal:
    """An expert whom nothing speaks against, and what speaks for it."""

    candidate: Candidate
    cost: int
    fit: str
    load: str


def free_seats(application: Application, reviews: Sequence[Review]) -> int:
    """How many fewer sit on the panel than were asked at first, or than the rules require."""
    if application.status != S.REVIEWING or not reviews:
        return 0
    first = min(one.assigned_at for one in reviews)
    asked = sum(one.assigned_at == first for one in reviews)
    sitting = sum(one.status != ReviewStatus.RECUSED for one in reviews)
    needed: int = application.call.rules.data["panel"]["required"]
    return max(asked, needed) - sitting


def next_best(application: Application, reviews: Sequence[Review], at: datetime) -> list[Proposal]:
    """For a free seat on a panel whose experts are invited; nobody bound to the case, nobody whom a rule bars."""
    if application.call.expert_mode != ExpertMode.INVITED or free_seats(application, reviews) < 1:
        return []
    rules = application.call.rules.data
    said, terms = assigning.terms(rules), terms_of(rules)
    kinds = _kinds_missing(terms, [one for one in reviews if one.status != ReviewStatus.RECUSED])
    fits = [one for one in pool(application, at) if not one.reasons and (not kinds or one.expert.kind in kinds)]
    seed = str(application.call_id)
    ranked = sorted(
        ((_cost(one, said), assigning.tie_break(seed, str(application.pk), str(one.expert.pk)), one) for one in fits),
        key=lambda row: row[:2],
    )
    return [Proposal(one, cost, *_words(one)) for cost, _tie, one in ranked[:SHOWN]]


def _kinds_missing(terms: Terms, sitting: Sequence[Review]) -> set[str]:
    """Of which kinds the panel has too few without the one that left."""
    missing = least_missing(terms.least, [one.expert.kind for one in sitting], len(terms.least))
    return {kind for group in missing for kind in group["kinds"]}


def _cost(one: Candidate, said: Any) -> int:
    price = assigning.cost(said, fields=len(one.expert.fields), financial=one.is_financial, bound=False)
    return price + one.running * int(said["load"])


def _words(one: Candidate) -> tuple[str, str]:
    expert: Any = one.expert
    fields = gettext("Judges: %(fields)s") % {"fields": enumerated(one.fields)}
    fit = gettext("Judges the money side, in whatever field") if one.is_financial else fields
    load = gettext("%(running)s to do; %(year)s of %(limit)s this year") % {
        "running": one.running, "year": expert.reviews_this_year, "limit": expert.yearly_limit,
    }  # fmt: skip
    return fit, load
