"""Out of a consortium that is still being prepared: a member steps back, or the lead gives it up."""

from datetime import datetime
from typing import Any

from django.db import transaction

from consortia.enums import Action
from consortia.models import Consortium, Participation
from consortia.services.agreements import drop_waiting
from consortia.services.confirmations import about, settle_parts
from consortia.services.handover import return_work
from consortia.services.invitations import take_back_invitations
from consortia.services.life import note_event, require_reason
from consortia.services.notices import tell_all, tell_lead
from consortia.workflow import CONSORTIUM, PARTICIPATION


def step_back_participation(*, participation: Participation, actor: Any, at: datetime, note: str) -> Participation:
    """The member leaves, for the reason in `note`: its work falls to the lead, which confirms it anew."""
    reason = require_reason(note=note)
    facts: dict[str, Any] = about(by=participation.organisation, participation=participation)
    by = {"by": facts["by"], "by_id": facts["by_id"]}
    with transaction.atomic():
        consortium = Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        list(consortium.participations.select_for_update().order_by("pk").values_list("pk"))  # before the trail
        with PARTICIPATION.moving(
            participation, Action.STEP_BACK, actor=actor, at=at, note=reason, facts=facts
        ) as locked:
            facts["rows"] = return_work(member=locked)
            tell_lead(participation=locked, kind="consortia.stepped_back", at=at, reason=reason)
        settle_parts(consortium=consortium, actor=actor, at=at, by=by)
    return participation


def abandon_consortium(*, consortium: Consortium, actor: Any, at: datetime, note: str) -> Consortium:
    """The lead gives it up, for the reason in `note`, which every member reads; open invitations are taken back."""
    reason = require_reason(note=note)
    facts = {"by": consortium.lead.name, "by_id": str(consortium.lead_id)}
    with CONSORTIUM.moving(consortium, Action.ABANDON, actor=actor, at=at, note=reason, facts=facts) as locked:
        list(locked.participations.select_for_update().order_by("pk").values_list("pk"))  # before the trail
        drop_waiting(consortium=locked, at=at)
        take_back_invitations(consortium=locked, actor=actor, at=at, note=reason)
        tell_all(consortium=locked, kind="consortia.abandoned", at=at, reason=reason)
        note_event(consortium=locked, kind=Action.ABANDON, actor=actor, at=at, by=facts["by"], reason=reason)
    return consortium
