"""What the lead changes in the profile of a consortium at work; what binds the agreement has procedures of its own."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, ConsortiumForm
from consortia.models import Consortium
from consortia.services.consortia import require_sound_form
from consortia.services.editing import editing, store
from consortia.services.life import note_event, require_reason
from consortia.services.notices import tell_all, tell_bureau
from portal.kernel.workflow import TransitionRefused

AMENDABLE = (
    "mission", "alignment", "chief_scientist", "decision_body", "secretariat", "governance", "operating_model",
    "exit_plan", "form", "entity_name", "entity_code", "entity_capital",
)  # fmt: skip


def amend_consortium(*, consortium: Consortium, actor: Any, at: datetime, note: str, seen: str = "") -> Consortium:
    """Store the changed profile of a consortium at work, of it what is AMENDABLE, for the reason `note`.

    It stands on the timeline; members and the bureau are told, the trail keeps what it was before.
    """
    reason = require_reason(note=note)
    facts: dict[str, Any] = {}
    with editing(
        consortium=consortium, action=Action.AMEND, actor=actor, at=at, name=consortium.name, note=reason, facts=facts,
        seen=seen,
    ) as locked:  # fmt: skip
        require_sound_form(consortium=consortium)
        facts |= _change(locked, consortium)
        store(row=locked)
        if locked.form == ConsortiumForm.VIRTUAL:
            locked.shareholdings.all().delete()
        note_event(consortium=locked, kind=Action.AMEND, actor=actor, at=at, by=locked.lead.name, reason=reason)
        tell_all(consortium=locked, kind="consortia.profile_amended", at=at)
        tell_bureau(consortium=locked, kind="consortia.profile_amended", at=at)
    return locked


def _change(locked: Consortium, typed: Consortium) -> dict[str, dict[str, str]]:
    """Put what differs into the locked row; what it was and what it is now, for the trail."""
    changed = [name for name in AMENDABLE if getattr(locked, name) != getattr(typed, name)]
    if not changed:
        raise TransitionRefused(_("Nothing has changed."))
    before = {name: _text(getattr(locked, name)) for name in changed}
    for name in changed:
        setattr(locked, name, getattr(typed, name))
    return {"before": before, "after": {name: _text(getattr(locked, name)) for name in changed}}


def _text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value or "")
