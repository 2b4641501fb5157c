"""Filters that people keep under a name."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import SavedFilter

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
        saved, _new = SavedFilter.objects.update_or_create(owner=owner, page=page, name=name, defaults={"query": query})
    return saved


def remove_filter(*, saved: SavedFilter) -> None:
    """Forget it."""
    saved.delete()
