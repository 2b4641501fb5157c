"""The cases of an expert in one call, one after another."""

from dataclasses import dataclass

from django.db.models import Count, Q

from funding.enums import ReviewStatus
from funding.models import Review

OPEN = (ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED, ReviewStatus.SUBMITTED)


@dataclass(frozen=True)
class Case:
    """One of the cases, as the bar of progress shows it."""

    review: Review
    number: int
    is_here: bool

    @property
    def is_done(self) -> bool:
        """Handed in."""
        return self.review.status == ReviewStatus.SUBMITTED

    @property
    def is_begun(self) -> bool:
        """Something is scored."""
        return bool(self.review.scored)  # type: ignore[attr-defined] # annotated


@dataclass(frozen=True)
class Desk:
    """All cases of the expert in the call of this one."""

    cases: tuple[Case, ...]
    here: Case

    @property
    def done(self) -> int:
        """How many are handed in."""
        return sum(case.is_done for case in self.cases)

    @property
    def previous(self) -> Review | None:
        """The case before this one."""
        return self.cases[self.here.number - 2].review if self.here.number > 1 else None

    @property
    def next(self) -> Review | None:
        """The case after this one."""
        return self.cases[self.here.number].review if self.here.number < len(self.cases) else None


def desk(review: Review) -> Desk:
    """In the order in which the cases came to the expert; recused ones are left out."""
    call = review.application.call_id
    rows = Review.everything.filter(expert=review.expert_id, application__call=call)
    rows = rows.filter(Q(status__in=OPEN) | Q(pk=review.pk)).only("id", "status", "assigned_at", "ordinal")
    rows = rows.annotate(scored=Count("scores")).order_by("assigned_at", "id")
    cases = tuple(Case(row, number, row.pk == review.pk) for number, row in enumerate(rows, 1))
    return Desk(cases, next(case for case in cases if case.is_here))
