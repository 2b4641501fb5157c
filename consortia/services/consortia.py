"""The consortium itself: formed, described, started, and what becomes of it."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, ParticipationRole, Tier
from consortia.models import Consortium, Participation
from consortia.services.editing import editing, note_edit, store
from consortia.services.notices import tell_all
from consortia.services.participations import Part, create_participation
from consortia.workflow import CONSORTIUM
from members.enums import OrganisationType
from portal.kernel.authz import require
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused

PROFILE = ("name", "sub_field", "district", "type", "form", "mission", "chief_scientist", "governance")


def create_consortium(*, consortium: Consortium, part: Part, actor: Any, at: datetime) -> Consortium:
    """Form a consortium from an unsaved row; the lead takes part with `part` and confirms it like every member.

    The row brings lead and profile; code and author are set here.
    """
    with transaction.atomic():
        require(actor, "consortia.create_consortium", consortium.lead)
        if consortium.lead.type != OrganisationType.ENTERPRISE:
            raise TransitionRefused(_("A consortium is led by an enterprise."))
        year = timezone.localtime(at).year
        consortium.code = f"LHT-{year}-{next_number(f'LHT-{year}'):04d}"
        consortium.created_by, consortium.created_at = actor, at
        store(row=consortium)
        lead = Participation(
            consortium=consortium, organisation=consortium.lead, role=ParticipationRole.LEAD, **part.facts()
        )
        create_participation(participation=lead, actor=actor, at=at)
        facts = {"participation": str(lead.pk), "part": lead.canonical()}
        note_edit(consortium=consortium, action=Action.CREATE, actor=actor, at=at, name=consortium.name, facts=facts)
    return consortium


def update_consortium(*, consortium: Consortium, actor: Any, at: datetime, seen: str = "") -> Consortium:
    """Store the changed profile of a consortium in preparation."""
    facts: dict[str, Any] = {}
    with editing(
        consortium=consortium, action=Action.UPDATE, actor=actor, at=at, name=consortium.name, facts=facts, seen=seen
    ) as locked:
        changed = [name for name in PROFILE if getattr(locked, name) != getattr(consortium, name)]
        for name in changed:
            setattr(locked, name, getattr(consortium, name))
        store(row=locked)
        facts["fields"] = changed
    return locked


def start_consortium(
    *,
    consortium: Consortium,
    actor: Any,
    tier: Tier | str,
    recognised_on: date,
    build_from: date,
    build_to: date,
    at: datetime,
    note: str = "",
) -> Consortium:
    """Recognise a prepared consortium in its tier; the build period runs from `build_from` to `build_to`."""
    if build_to <= build_from:
        raise ValidationError({"build_to": _("The build period must end after it begins.")})
    facts = {"tier": Tier(tier).value, "recognised_on": recognised_on.isoformat()}
    with CONSORTIUM.moving(consortium, Action.START, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.tier, locked.recognised_on = Tier(tier).value, recognised_on
        locked.build_from, locked.build_to = build_from, build_to
        tell_all(consortium=locked, kind="consortia.started", at=at, tier=locked.tier)
    return consortium


def change_tier(*, consortium: Consortium, actor: Any, tier: Tier | str, at: datetime, note: str = "") -> Consortium:
    """Move a consortium at work to another tier."""
    facts: dict[str, Any] = {"by": "", "by_id": ""}
    with editing(
        consortium=consortium, action=Action.CHANGE_TIER, actor=actor, at=at, note=note, facts=facts
    ) as locked:
        before, after = locked.tier, Tier(tier).value
        if before == after:
            raise TransitionRefused(_("The consortium is in tier %(tier)s already.") % {"tier": after})
        locked.tier = after
        locked.save(update_fields=["tier"])
        tell_all(consortium=locked, kind="consortia.tier_changed", at=at, tier=after)
        facts |= {"before": before, "after": after}
    consortium.tier = after
    return consortium


def rectify_consortium(*, consortium: Consortium, actor: Any, at: datetime, note: str) -> Consortium:
    """Order the consortium to put things right; `note` says what."""
    return _decide(consortium, Action.RECTIFY, "consortia.rectifying", actor, at, note)


def resume_consortium(*, consortium: Consortium, actor: Any, at: datetime, note: str) -> Consortium:
    """Accept the rectification."""
    return _decide(consortium, Action.RESUME, "consortia.resumed", actor, at, note)


def graduate_consortium(*, consortium: Consortium, actor: Any, at: datetime, note: str) -> Consortium:
    """End the support of a consortium that stands on its own feet."""
    return _decide(consortium, Action.GRADUATE, "consortia.graduated", actor, at, note)


def exit_consortium(*, consortium: Consortium, actor: Any, at: datetime, note: str) -> Consortium:
    """Record that the consortium gives up."""
    return _decide(consortium, Action.EXIT, "consortia.exited", actor, at, note)


def revoke_consortium(*, consortium: Consortium, actor: Any, at: datetime, note: str) -> Consortium:
    """Take the recognition back after a rectification that failed."""
    return _decide(consortium, Action.REVOKE, "consortia.revoked", actor, at, note)


def _decide(consortium: Consortium, action: Action, kind: str, actor: Any, at: datetime, note: str) -> Consortium:
    """A decision of the bureau: it has a reason, and everybody concerned is told."""
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})
    with CONSORTIUM.moving(consortium, action, actor=actor, at=at, note=note.strip()) as locked:
        tell_all(consortium=locked, kind=kind, at=at)
    return consortium
