"""Reads about objections: for their objectors, for supervision, and in numbers for everybody."""

from collections import defaultdict
from dataclasses import dataclass
from hmac import compare_digest

from django.db.models import Count

from funding.enums import ObjectionEffect, ObjectionStatus
from funding.models import Objection
from funding.rules.publicity import sealed_code, told
from portal.kernel.models import Letter
from portal.kernel.models.job import JobState

O = ObjectionStatus  # noqa: E741
CANCELLED, AMENDED, DISMISSED, REFUSED, OPEN = "cancelled", "amended", "dismissed", "refused", "open"
OUTCOMES: dict[tuple[str, str], str] = {
    (O.OPEN, ""): OPEN, (O.DISMISSED, ""): DISMISSED, (O.INADMISSIBLE, ""): REFUSED,
    (O.UPHELD, ObjectionEffect.AMEND): AMENDED, (O.UPHELD, ObjectionEffect.CANCEL): CANCELLED,
    (O.UPHELD, ""): CANCELLED,  # from the time before effects
}  # fmt: skip


def followed(*, number: str, code: str) -> Objection | None:
    """The objection of this number, for whoever has its code."""
    found = Objection.objects.filter(number=number.strip().upper()).exclude(code_hash="").first()
    sealed = sealed_code(found.number, code) if found else ""
    return found if found and compare_digest(found.code_hash, sealed) else None


def reply_state(objection: Objection) -> JobState | None:
    """Where the mail with the reply stands; None when it is not sent by mail."""
    letter = Letter.objects.filter(job__key=f"funding.objection_reply:{objection.pk}").select_related("job").first()
    return letter.status if letter else None


@dataclass(frozen=True)
class Counts:
    """The objections of one call by what became of them; None for a number too small to be told."""

    call: str
    shown: dict[str, int | None]


def objection_counts() -> list[Counts]:
    """By call, the newest first; one query."""
    rows = (
        Objection.objects.values("application__call__batch", "application__call__title", "status", "effect")
        .annotate(count=Count("pk"))
        .order_by("-application__call__batch")
    )
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(OUTCOMES.values(), 0))
    for _batch, title, status, effect, count in rows.values_list(
        "application__call__batch", "application__call__title", "status", "effect", "count"
    ):
        found[title][OUTCOMES[status, effect]] += count
    return [Counts(title, told(counts)) for title, counts in found.items()]
