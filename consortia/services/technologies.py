"""The key-technology list."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, KeyTechnology
from consortia.services.editing import editing, require_member, store

LOWEST, HIGHEST = 1, 9


def add_technology(*, consortium: Consortium, technology: KeyTechnology, actor: Any, at: datetime) -> KeyTechnology:
    """Put an unsaved technology on the list of a consortium in preparation."""
    with editing(consortium=consortium, action=Action.ADD_TECHNOLOGY, actor=actor, at=at, name=technology) as locked:
        technology.consortium, technology.created_at = locked, at
        _store(locked, technology)
    return technology


def update_technology(*, technology: KeyTechnology, actor: Any, at: datetime, seen: str = "") -> KeyTechnology:
    """Store a changed technology of a consortium in preparation."""
    with editing(
        consortium=technology.consortium, action=Action.UPDATE_TECHNOLOGY, actor=actor, at=at, name=technology,
        subject=technology,
        seen=seen,
    ) as locked:  # fmt: skip
        _store(locked, technology)
    return technology


def remove_technology(*, technology: KeyTechnology, actor: Any, at: datetime) -> None:
    """Take a technology off the list; tasks that refer to it stay without it."""
    with editing(
        consortium=technology.consortium, action=Action.REMOVE_TECHNOLOGY, actor=actor, at=at, name=technology,
        subject=technology,
    ):  # fmt: skip
        technology.delete()


def record_readiness(*, technology: KeyTechnology, trl_now: int, actor: Any, at: datetime, note: str) -> KeyTechnology:
    """Record the readiness level reached by a consortium at work; `note` says what proves it."""
    if not LOWEST <= trl_now <= HIGHEST:
        raise ValidationError({"trl_now": _("The scale runs from 1 to 9.")})
    levels: dict[str, Any] = {}
    with editing(
        consortium=technology.consortium, action=Action.RECORD_READINESS, actor=actor, at=at, name=technology,
        subject=technology, note=note, facts=levels,
    ):  # fmt: skip
        fresh = KeyTechnology.objects.select_for_update().get(pk=technology.pk)
        levels |= {"before": fresh.trl_now, "after": trl_now}
        fresh.trl_now = trl_now
        fresh.save(update_fields=["trl_now"])
    return fresh


def _store(consortium: Consortium, technology: KeyTechnology) -> None:
    require_member(consortium=consortium, organisation=technology.owner, field="owner")
    store(row=technology)
