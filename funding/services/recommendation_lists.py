"""The recommendation list of a district: entered one by one, ordered, closed once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application, RecommendationEntry, RecommendationList
from funding.selectors.recommendations import entries, facts_now, fingerprint, no_room, not_closable
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit, notifications
from portal.kernel.authz import require
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

notifications.register(
    "funding.recommendations_closed",
    _("%(district)s closed its recommendation list %(number)s: %(count)s applications in %(title)s."),
)


def enter(*, application: Application, at: datetime) -> None:
    """Put it last in the list of its district, unless it stands there; the caller moves the status in a transaction.

    The lock of the list lets two officers not pass the quota at once. Raises TransitionRefused.
    """
    listing, _made = RecommendationList.everything.get_or_create(
        call_id=application.call_id, district_id=application.district_id, defaults={"created_at": at}
    )
    listing = _locked(listing)
    if reason := no_room(application):
        raise TransitionRefused(reason)
    if listing.entries.filter(application=application).exists():
        return
    last = listing.entries.aggregate(last=Max("position"))["last"] or 0
    RecommendationEntry.objects.create(list=listing, application=application, position=last + 1, created_at=at)
    _touch(listing)


@transaction.atomic
def order_recommendations(
    *, listing: RecommendationList, actor: User, at: datetime, order: Sequence[UUID], seen: str = ""
) -> RecommendationList:
    """Bring the list into this order of its applications. Raises Stale when it is not in the state `seen` any more."""
    locked = _locked(listing)
    require(actor, "funding.order_recommendations", locked)
    if locked.closed_at:
        raise TransitionRefused(_("The list is closed already."))
    require_unchanged(row=locked, seen=seen, typed={})
    rows = {row.application_id: row for row in locked.entries.all()}
    if sorted(order) != sorted(rows):
        raise TransitionRefused(_("Give each application of the list one place."))
    for position, pk in enumerate(order, start=1):
        rows[pk].position = position
    RecommendationEntry.objects.bulk_update(rows.values(), ["position"])
    _touch(locked)
    facts = {"order": list(locked.entries.order_by("position").values_list("application__number", flat=True))}
    audit.record(actor=actor, action=Action.ORDER_RECOMMENDATIONS, subject=locked, at=at, facts=facts)
    return locked


@transaction.atomic
def close_recommendations(*, listing: RecommendationList, actor: User, at: datetime) -> RecommendationList:
    """Sign the list: its order and content stand from now on, under a number and a fingerprint."""
    locked = _locked(listing)
    require(actor, "funding.close_recommendations", locked)
    if reasons := not_closable(locked, at):
        raise TransitionRefused(*reasons)
    count = _freeze(locked)
    locked.number = f"{locked.call.prefix}{locked.call.year}-{locked.call.batch:02d}-{locked.district_id}"
    locked.closed_by, locked.closed_at = actor, at
    locked.sha256 = fingerprint(locked)
    locked.save()
    facts = {"number": locked.number, "sha256": locked.sha256, "applications": count}
    _tell(locked, count, at)
    audit.record(actor=actor, action=Action.CLOSE_RECOMMENDATIONS, subject=locked, at=at, facts=facts)
    return locked


def _locked(listing: RecommendationList) -> RecommendationList:
    rows = RecommendationList.everything.select_for_update(of=("self",)).select_related("call", "district")
    return rows.get(pk=listing.pk)


def _touch(listing: RecommendationList) -> None:
    """Whoever has the page open learns that the list has changed."""
    listing.version += 1
    listing.save(update_fields=["version"])


def _freeze(listing: RecommendationList) -> int:
    rows = list(entries(listing))
    for row in rows:
        row.facts = facts_now(row.application)
    RecommendationEntry.objects.bulk_update(rows, ["facts"])
    return len(rows)


def _tell(listing: RecommendationList, count: int, at: datetime) -> None:
    params = {
        "district": lazystr(listing.district), "number": listing.number, "count": count, "title": listing.call.title,
    }  # fmt: skip
    notifications.notify(
        recipients=holders(Role.ACCEPTANCE, Role.OFFICER), kind="funding.recommendations_closed", params=params,
        url=listing.get_absolute_url(), at=at,
    )  # fmt: skip
