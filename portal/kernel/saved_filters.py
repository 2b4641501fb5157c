"""Filters that people keep under a name, and what is new in them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.kernel.enumerating import enumerated
from portal.kernel.models import SavedFilter
from portal.kernel.notifications import notify, register

MOST = 20  # of one list
LONGEST = 1000
PASSING = frozenset({"after", "before", "page", "ids"})  # where one stood in the list, not what one looked for


def query_of(asked: QueryDict) -> str:
    """What a list was asked for, without where the reader stood in it and without empty fields."""
    kept = [(name, text) for name, texts in asked.lists() for text in texts if text and name not in PASSING]
    return urlencode(sorted(kept))


def save_filter(*, owner: Any, page: str, name: str, query: str) -> SavedFilter:
    """Keep the query; the same name replaces what stood under it. Raises ValidationError."""
    if not query:
        raise ValidationError(_("No filter is set, so there is nothing to keep."))
    if len(query) > LONGEST:
        raise ValidationError(_("This filter is too long to be kept."))
    with transaction.atomic():
        get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
        own = SavedFilter.objects.visible_to(owner).filter(page=page)
        if own.exclude(name=name).count() >= MOST:
            raise ValidationError(
                _("You keep %(most)d filters of this list already. Remove one first.") % {"most": MOST}
            )
        saved, _new = SavedFilter.objects.update_or_create(
            owner=owner, page=page, name=name, defaults={"query": query, "alerts": False, "known": []}
        )
    return saved


def remove_filter(*, saved: SavedFilter) -> None:
    """Forget it."""
    saved.delete()


# --- what is new in them -----------------------------------------------------------------------
Rows = Callable[[Any, QueryDict], QuerySet[Any]]  # of a reader and a query; keys are UUIDs
WATCHED: dict[str, Rows] = {}  # lists that can be watched, by the name of their address; the rooms fill it
WIDEST = 2000  # rows of a view that is watched
register("kernel.views_gained", _("New rows in your saved views: %(views)s."))


def set_alert(*, saved: SavedFilter, wanted: bool) -> SavedFilter:
    """Watch the view from now on, or no longer. Raises ValidationError when it cannot be watched."""
    with transaction.atomic():
        locked = SavedFilter.objects.select_for_update().get(pk=saved.pk)
        locked.alerts, locked.known, locked.checked_on = wanted, [], None
        if wanted:
            if locked.page not in WATCHED:
                raise ValidationError(_("This list cannot be watched."))
            locked.known = _keys(locked)
            if len(locked.known) > WIDEST:
                raise ValidationError(
                    _("This view has more than %(most)d rows; narrow it to watch it.") % {"most": WIDEST}
                )
        locked.save()
    return locked


def tell_of_gains(*, at: datetime) -> int:
    """One notice a day to each owner whose watched views have rows that were not there before; how many notices."""
    owners = SavedFilter.objects.filter(alerts=True, owner__is_active=True).exclude(checked_on=localdate(at))
    keys = owners.order_by("owner").values_list("owner", flat=True).distinct()
    return sum(_tell(owner, at) for owner in get_user_model().objects.filter(pk__in=keys))


def _tell(owner: Any, at: datetime) -> bool:
    """In one transaction with the note that these views were looked at today: a second run tells nothing."""
    with transaction.atomic():
        own = SavedFilter.objects.select_for_update().filter(owner=owner, alerts=True)
        rows = list(own.exclude(checked_on=localdate(at)).order_by("name"))
        gained = [(saved, n) for saved in rows if (n := _look(saved, localdate(at)))]
        if gained:
            words = lazy(enumerated, str)([f"{saved.name} +{n}" for saved, n in gained])
            first = gained[0][0]
            url = f"{reverse(first.page)}?{first.query}"
            notify(recipients=[owner], kind="kernel.views_gained", params={"views": words}, url=url, at=at)
    return bool(gained)


def _look(saved: SavedFilter, today: date) -> int:
    """How many rows it has gained since it was last looked at; what has grown too wide is not watched any more."""
    keys = _keys(saved)
    gained = len(set(keys) - set(saved.known))
    saved.alerts, saved.checked_on = len(keys) <= WIDEST, today
    saved.known = keys if saved.alerts else []
    saved.save()
    return gained


def _keys(saved: SavedFilter) -> list[UUID]:
    rows = WATCHED[saved.page](saved.owner, QueryDict(saved.query)) if saved.page in WATCHED else None
    return [] if rows is None else list(rows.order_by("pk").values_list("pk", flat=True)[: WIDEST + 1])
