"""The register of outcomes, and the numbers in it that are claimed twice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from consortia.enums import OutcomeKind, PipelineStage, Verification
from consortia.models import Adoption, Consortium, CoOwner, DuplicateClaim, Outcome, OutcomeEvidence

ZERO = Decimal(0)
PAIR = (
    "first__consortium__lead", "first__consortium__district", "first__owner", "second__consortium__lead",
    "second__consortium__district", "second__owner", "withdrawn", "settled_by",
)  # fmt: skip


@dataclass(frozen=True)
class Totals:
    """What a register comes to; each number counts once, claims that yield do not count. Money in yuan."""

    recorded: int
    counted: int
    verified: int
    disputed: int
    commercialised: int  # beyond the stage of research; papers are not asked
    convertible: int
    sales: Decimal
    contracts: Decimal
    kinds: list[tuple[OutcomeKind, int]]

    @property
    def conversion(self) -> Decimal | None:
        """How many of a hundred outcomes left the stage of research; None where there are none."""
        return Decimal(100 * self.commercialised) / self.convertible if self.convertible else None


@dataclass(frozen=True)
class Flag:
    """What the people of one outcome may know of another claim to its number.

    `other` is that outcome where it is their own too; the other consortium's name only where both are published.
    """

    claim: DuplicateClaim
    other: Outcome | None
    consortium: str
    yields: bool  # this outcome does not count because of the claim


def register(user: Any) -> QuerySet[Outcome]:
    """The outcomes that the user may see, as rows of a list."""
    return for_list(Outcome.objects.visible_to(user))


def for_list(rows: QuerySet[Outcome]) -> QuerySet[Outcome]:
    """With owners, task and standing."""
    co_owners = Prefetch("co_owners", CoOwner.objects.select_related("organisation"))
    parts = ("consortium__lead", "consortium__district", "owner", "task")
    return rows.with_standing().select_related(*parts).prefetch_related(co_owners)  # type: ignore[attr-defined, no-any-return]


def totals(rows: QuerySet[Outcome]) -> Totals:
    """What these outcomes come to, in three queries."""
    plain = Outcome.objects.filter(pk__in=rows.order_by().values("pk"))
    once = plain.counted_once()
    kinds = dict(once.order_by().values_list("kind").annotate(Count("pk")))
    sums = once.aggregate(
        verified=Count("pk", filter=Q(verification=Verification.VERIFIED)),
        commercialised=Count("pk", filter=~Q(stage=PipelineStage.RESEARCH) & ~Q(kind=OutcomeKind.PAPER)),
        sales=Sum("amount", filter=Q(kind=OutcomeKind.PRODUCT), default=ZERO),
        contracts=Sum("amount", filter=Q(kind=OutcomeKind.CONTRACT), default=ZERO),
    )
    counted = sum(kinds.values())
    whole = plain.with_standing().aggregate(recorded=Count("pk"), flagged=Count("pk", filter=Q(disputed=True)))
    by_kind = [(kind, kinds[kind.value]) for kind in OutcomeKind if kinds.get(kind.value)]
    convertible = counted - kinds.get(OutcomeKind.PAPER, 0)
    return Totals(
        counted=counted,
        convertible=convertible,
        kinds=by_kind,
        recorded=whole["recorded"],
        disputed=whole["flagged"],
        **sums,
    )


def outcome_page(user: Any) -> QuerySet[Outcome]:
    """One outcome with all that its page shows."""
    evidence = Prefetch("evidence", OutcomeEvidence.objects.select_related("attachment__uploaded_by"))
    return (
        register(user)
        .select_related("judged_by")
        .prefetch_related(evidence, Prefetch("adoptions", Adoption.objects.all()))
    )


def flags(outcome: Outcome) -> list[Flag]:
    """Every other claim to the number of this outcome, as its own people may know it."""
    claims = duplicates().filter(Q(first=outcome) | Q(second=outcome)).order_by("created_at", "id")
    found = [(claim, claim.second if claim.first_id == outcome.pk else claim.first) for claim in claims]
    wanted = {outcome.consortium_id, *(other.consortium_id for _claim, other in found)}
    public = set(Consortium.objects.published().filter(pk__in=wanted).values_list("pk", flat=True)) if found else set()
    return [_flag(outcome, claim, other, public) for claim, other in found]


def _flag(outcome: Outcome, claim: DuplicateClaim, other: Outcome, public: set[Any]) -> Flag:
    same = other.consortium_id == outcome.consortium_id
    named = {outcome.consortium_id, other.consortium_id} <= public
    yields = claim.withdrawn_id == outcome.pk or (claim.settled_at is None and claim.second_id == outcome.pk)
    return Flag(claim, other if same else None, other.consortium.name if named and not same else "", yields)


def duplicates() -> QuerySet[DuplicateClaim]:
    """All pairs, for the bureau."""
    return DuplicateClaim.objects.select_related(*PAIR)
