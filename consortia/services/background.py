"""The rights that members bring along."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import BackgroundIp, Consortium
from consortia.services.editing import editing, require_member, store

UNANSWERED = _("This organisation has not answered the invitation; nothing is listed in its name before.")


def add_background(*, consortium: Consortium, background: BackgroundIp, actor: Any, at: datetime) -> BackgroundIp:
    """List an unsaved right of a present member."""
    with editing(consortium=consortium, action=Action.ADD_BACKGROUND, actor=actor, at=at, name=background) as locked:
        background.consortium, background.created_at = locked, at
        _store(locked, background)
    return background


def update_background(*, background: BackgroundIp, actor: Any, at: datetime, seen: str = "") -> BackgroundIp:
    """Store a changed right; a version that was sent keeps what it says."""
    with editing(
        consortium=background.consortium, action=Action.UPDATE_BACKGROUND, actor=actor, at=at, name=background,
        subject=background, seen=seen,
    ) as locked:  # fmt: skip
        _store(locked, background)
    return background


def remove_background(*, background: BackgroundIp, actor: Any, at: datetime) -> None:
    """Take a right off the list; a version that was sent keeps it."""
    with editing(
        consortium=background.consortium, action=Action.REMOVE_BACKGROUND, actor=actor, at=at, name=background,
        subject=background,
    ):  # fmt: skip
        background.delete()


def _store(consortium: Consortium, background: BackgroundIp) -> None:
    require_member(consortium=consortium, organisation=background.owner, field="owner")
    if not consortium.participations.answered().filter(organisation=background.owner).exists():
        raise ValidationError({"owner": UNANSWERED})
    store(row=background)
