"""Links between consortia: proposed, accepted or declined, taken back, ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, ConsortiumLink
from consortia.rules.links import LinkKind, link_fault
from consortia.selectors.leadchanges import speaks_for
from consortia.selectors.links import linkable
from consortia.services.editing import editing, note_edit, store
from consortia.services.life import require_reason
from consortia.services.notices import WRITERS, tell_all
from consortia.workflow import LINK
from members.selectors import holders
from portal.kernel.notifications import notify


def propose_link(
    *, consortium: Consortium, partner: Consortium, link: ConsortiumLink, actor: Any, at: datetime
) -> ConsortiumLink:
    """Record an unsaved link with a published consortium; those who write for its lead are told.

    Raises ValidationError by field for an unknown partner, an unnamed project or days in the wrong order.
    """
    link.proposer, link.partner, link.proposed_by, link.created_at = consortium, partner, actor, at
    facts = {"partner": partner.name, "kind": str(link.kind), "subject": link.subject}
    with editing(
        consortium=consortium, action=Action.PROPOSE_LINK, actor=actor, at=at, name=partner.name, facts=facts
    ) as locked:
        if not linkable(locked).filter(pk=partner.pk).exists():
            raise ValidationError(_("Links are made with other published consortia that are at work."))
        if link.kind != LinkKind.PROJECT:
            link.project_name = link.project_level = link.project_number = ""
        if faults := link_fault(link.kind, link.project_name, link.project_level, link.project_number):
            raise ValidationError(faults)
        store(row=link)
        _tell_lead(link, partner, locked, "consortia.link_proposed", at)
    return link


def accept_link(*, link: ConsortiumLink, actor: Any, at: datetime) -> ConsortiumLink:
    """The lead that was asked says yes; the members of both are told."""
    with _both(link, Action.ACCEPT_LINK, actor, at, by=link.partner) as locked:
        locked.answered_by, locked.answered_at = actor, at
        _tell_both(locked, "consortia.link_accepted", at)
    return link


def decline_link(*, link: ConsortiumLink, actor: Any, at: datetime, note: str) -> ConsortiumLink:
    """The lead that was asked says no, and why."""
    reason = require_reason(note=note)
    with _both(link, Action.DECLINE_LINK, actor, at, by=link.partner, reason=reason) as locked:
        locked.answered_by, locked.answered_at = actor, at
        _tell_lead(locked, locked.proposer, locked.partner, "consortia.link_declined", at)
    return link


def withdraw_link(*, link: ConsortiumLink, actor: Any, at: datetime, note: str) -> ConsortiumLink:
    """Whoever proposed it takes it back before it is answered."""
    reason = require_reason(note=note)
    with _both(link, Action.WITHDRAW_LINK, actor, at, by=link.proposer, reason=reason) as locked:
        _tell_lead(locked, locked.partner, locked.proposer, "consortia.link_withdrawn", at)
    return link


def end_link(*, link: ConsortiumLink, actor: Any, at: datetime, note: str) -> ConsortiumLink:
    """Either lead ends it, and says why; the members of both are told."""
    reason = require_reason(note=note)
    side = link.proposer if speaks_for(actor, link.proposer.lead_id) else link.partner
    with _both(link, Action.END_LINK, actor, at, by=side, reason=reason) as locked:
        locked.ended_by, locked.ended_at = actor, at
        _tell_both(locked, "consortia.link_ended", at)
    return link


@contextmanager
def _both(
    link: ConsortiumLink, action: Action, actor: Any, at: datetime, *, by: Consortium, reason: str = ""
) -> Iterator[ConsortiumLink]:
    """Move the link and write into the trails of both consortia, to each with the name of the other."""
    facts = {"by": by.lead.name, "by_id": str(by.lead_id)}
    with LINK.moving(link, action, actor=actor, at=at, note=reason, facts=facts) as locked:
        locked.reason = reason
        yield locked
        for whole, other in ((locked.proposer, locked.partner), (locked.partner, locked.proposer)):
            note_edit(
                consortium=whole, action=action, actor=actor, at=at, name=other.name, note=reason, facts=dict(facts)
            )


def _tell_lead(link: ConsortiumLink, told: Consortium, other: Consortium, kind: str, at: datetime) -> None:
    people = holders(*WRITERS, organisation=told.lead_id)
    said = {"consortium": told.name, "other": other.name}
    notify(recipients=people, kind=kind, params=said, url=link.get_absolute_url(), at=at)


def _tell_both(link: ConsortiumLink, kind: str, at: datetime) -> None:
    for told, other in ((link.proposer, link.partner), (link.partner, link.proposer)):
        tell_all(consortium=told, kind=kind, at=at, other=other.name)
