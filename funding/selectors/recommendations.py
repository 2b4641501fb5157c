"""What a district recommends: its list as it stands, and why nothing more may be entered or the list not closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from funding.models import Application, RecommendationEntry, RecommendationList
from funding.models.application import HEAVY
from funding.models.recommendation import GIVEN_UP, waiting
from funding.models.recusal import Recusal, kept_from
from portal.kernel.audit import sha256

Text = str | Promise
TAKEN = Count("entries", filter=~Q(entries__application__status__in=GIVEN_UP))


@dataclass(frozen=True)
class Line:
    """A place in the list; `given_up` is the status in words of what is not recommended any more."""

    application: Application
    position: int
    facts: Mapping[str, Any]
    given_up: str


def listed(rows: QuerySet[RecommendationList], user: Any) -> QuerySet[RecommendationList]:
    """Lists with the number of applications that are still recommended and that the reader may know of."""
    away = Q(entries__application__in=Recusal.objects.filter(person=user.pk).values("application"))
    taken = Count("entries", filter=~Q(entries__application__status__in=GIVEN_UP) & ~away)
    return rows.select_related("call", "district", "closed_by").annotate(taken=taken)


def entries(listing: RecommendationList) -> QuerySet[RecommendationEntry]:
    """The places in their order, with what a line needs."""
    heavy = [f"application__{name}" for name in HEAVY]
    return listing.entries.select_related("application__consortium__lead").defer(*heavy).order_by("position")


def seen_entries(listing: RecommendationList, user: Any) -> QuerySet[RecommendationEntry]:
    """The places that a reader may know of; of a case it keeps away from even the place is left out."""
    return entries(listing).filter(~kept_from(user, "application"))


def lines(listing: RecommendationList, user: Any) -> list[Line]:
    """The list as a page shows it: as it was closed, or as it stands."""
    return [
        Line(entry.application, entry.position, facts_of(entry), given_up(entry.application))
        for entry in seen_entries(listing, user)
    ]


def facts_of(entry: RecommendationEntry) -> Mapping[str, Any]:
    """What the list says of an application: frozen when it was closed, until then as it is; money in yuan."""
    return entry.facts or facts_now(entry.application)


def facts_now(application: Application) -> dict[str, Any]:
    """The same of the application as it stands."""
    return {
        "number": application.number,
        "consortium": application.consortium.name,
        "code": application.consortium.code,
        "lead": application.consortium.lead.name,
        "uscc": application.consortium.lead.uscc,
        "tier": application.requested_tier,
        "amount": str(application.requested_amount),
        "opinion": application.opinion,
        "snapshot_sha256": application.snapshot_hash,
    }


def given_up(application: Application) -> str:
    """The status in words of what stands in the list and is not recommended any more."""
    return application.get_status_display() if application.status in GIVEN_UP else ""


def fingerprint(listing: RecommendationList) -> str:
    """The SHA-256 (hex) of the content of a closed list."""
    return sha256({
        "call": listing.call.batch,
        "document": listing.call.document_number,
        "district": listing.district_id,
        "number": listing.number,
        "closed_at": listing.closed_at.astimezone(UTC).isoformat() if listing.closed_at else "",
        "closed_by": listing.closed_by_id,
        "entries": [[entry.position, entry.facts] for entry in listing.entries.order_by("position")],
    })  # fmt: skip


# --- what stands in the way --------------------------------------------------------------------
def no_room(application: Application) -> Text | None:
    """Why the district recommends no further one; what is in its list already may come back after a correction."""
    if RecommendationEntry.objects.filter(application=application).exists():
        return None
    mine = RecommendationList.everything.filter(call=application.call_id, district=application.district_id)
    listing = mine.annotate(taken=TAKEN).first()
    if listing and listing.closed_at:
        return _("The district has closed its recommendation list in this call.")
    most = application.call.quotas.get(application.district_id)
    if most is None or getattr(listing, "taken", 0) < most:
        return None
    sentence = ngettext(
        "The district recommends at most %(most)s application in this call; its quota is used up.",
        "The district recommends at most %(most)s applications in this call; its quota is used up.",
        most,
    )
    return sentence % {"most": most}


def not_closable(listing: RecommendationList, at: datetime) -> list[Text]:
    """Why a list cannot be closed now, as sentences."""
    if listing.closed_at:
        return [_("The list is closed already.")]
    if at < listing.call.finishes_at:
        return [_("The call still takes applications.")]
    left = waiting(at).filter(call=listing.call_id, district=listing.district_id).count()
    if not left:
        return []
    sentence = ngettext(
        "%(left)s application still waits for the district or is being corrected.",
        "%(left)s applications still wait for the district or are being corrected.",
        left,
    )
    return [sentence % {"left": left}]
