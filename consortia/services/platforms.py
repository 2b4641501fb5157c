"""Joint platforms."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, Platform
from consortia.services.editing import editing, require_member, store


def add_platform(*, consortium: Consortium, platform: Platform, actor: Any, at: datetime) -> Platform:
    """Record an unsaved joint platform."""
    with editing(consortium=consortium, action=Action.ADD_PLATFORM, actor=actor, at=at, name=platform) as locked:
        platform.consortium, platform.created_at = locked, at
        _store_platform(locked, platform, at)
    return platform


def update_platform(*, platform: Platform, actor: Any, at: datetime, seen: str = "") -> Platform:
    """Store a changed joint platform."""
    with editing(
        consortium=platform.consortium,
        action=Action.UPDATE_PLATFORM,
        actor=actor,
        at=at,
        name=platform,
        subject=platform,
        seen=seen,
    ) as locked:
        _store_platform(locked, platform, at)
    return platform


def remove_platform(*, platform: Platform, actor: Any, at: datetime) -> None:
    """Take a joint platform off the record."""
    with editing(
        consortium=platform.consortium,
        action=Action.REMOVE_PLATFORM,
        actor=actor,
        at=at,
        name=platform,
        subject=platform,
    ):
        platform.delete()


def _store_platform(consortium: Consortium, platform: Platform, at: datetime) -> None:
    require_member(consortium=consortium, organisation=platform.builder, field="builder")
    if platform.opened_on and platform.opened_on > timezone.localdate(at):
        raise ValidationError({"opened_on": _("This day is still to come; leave it empty while it is being built.")})
    store(row=platform)
