"""Requests for a platform of a higher level, and what the bureau answers."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import PlatformMatch
from consortia.services.editing import editing
from consortia.services.notices import tell_lead_of_match
from portal.kernel.workflow import TransitionRefused

OF_THE_BUREAU = {"by": "", "by_id": ""}


def answer_match(*, match: PlatformMatch, answer: str, actor: Any, at: datetime, seen: str = "") -> PlatformMatch:
    """Say what the bureau does about the request; a later answer replaces the earlier one. The lead is told."""
    text = answer.strip()
    if not text:
        raise ValidationError({"answer": _("Write the answer.")})
    with editing(
        consortium=match.consortium, action=Action.ANSWER_MATCH, actor=actor, at=at, name=match, subject=match,
        note=text, facts=dict(OF_THE_BUREAU), seen=seen,
    ):  # fmt: skip
        locked: PlatformMatch = (
            PlatformMatch.objects.select_for_update(of=("self",)).select_related("consortium").get(pk=match.pk)
        )
        if locked.answer == text:
            raise TransitionRefused(_("Nothing has changed."))
        locked.answer, locked.answered_by, locked.answered_at = text, actor, at
        locked.save(update_fields=["answer", "answered_by", "answered_at"])
        tell_lead_of_match(match=locked, at=at)
    return locked
