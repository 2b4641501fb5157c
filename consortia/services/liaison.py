"""Who accompanies a consortium, what was done for it, and what follows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, FollowUp, LiaisonVisit
from consortia.selectors.liaison import accompanied_by, liaison_officers
from consortia.services.editing import editing, store
from consortia.services.notices import WRITERS
from members.enums import Role
from members.models import User
from members.selectors import holders
from members.selectors.handover import register as register_work
from portal.kernel import audit
from portal.kernel.notifications import notify
from portal.kernel.workflow import TransitionRefused

OF_THE_BUREAU = {"by": "", "by_id": ""}


def assign_liaison(*, consortia: Iterable[Consortium], officer: User | None, actor: Any, at: datetime) -> int:
    """Assign a liaison officer to all of these consortia, or to none (None); how many changed hands."""
    if officer and not liaison_officers().filter(pk=officer.pk).exists():
        raise ValidationError({"officer": _("This person is not a liaison officer.")})
    with transaction.atomic():
        return sum(_assign(one, officer, actor, at) for one in sorted(consortia, key=lambda row: row.pk))


def _assign(consortium: Consortium, officer: User | None, actor: Any, at: datetime) -> bool:
    facts: dict[str, Any] = dict(OF_THE_BUREAU)
    with editing(consortium=consortium, action=Action.ASSIGN_LIAISON, actor=actor, at=at, facts=facts) as locked:
        facts |= {"before": str(locked.liaison_officer_id or ""), "after": str(officer.pk if officer else "")}
        changed = bool(facts["before"] != facts["after"])
        locked.liaison_officer = officer
        locked.save(update_fields=["liaison_officer"])
        if officer and changed:
            said, url = {"consortium": locked.name}, locked.get_absolute_url()
            notify(recipients=[officer], kind="consortia.liaison_assigned", params=said, url=url, at=at)
    consortium.liaison_officer = officer
    return changed


def pass_consortia(*, leaver: User, successor: User, actor: User, at: datetime) -> None:
    """Everything that `leaver` accompanies is the successor's; who may end a role may do this."""
    rows = list(accompanied_by(leaver, at).select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        row.liaison_officer = successor
        row.save(update_fields=["liaison_officer"])
    for row in rows:
        facts = {**OF_THE_BUREAU, "before": str(leaver.pk), "after": str(successor.pk)}
        audit.record(actor=actor, action=Action.ASSIGN_LIAISON, subject=row, at=at, facts=facts)


register_work(Role.LIAISON, _("Consortia accompanied"), accompanied_by, pass_consortia)


def record_visit(*, consortium: Consortium, visit: LiaisonVisit, actor: Any, at: datetime) -> LiaisonVisit:
    """Record an unsaved visit or service; the lead is told."""
    with editing(consortium=consortium, action=Action.RECORD_VISIT, actor=actor, at=at, facts=_about(visit)) as locked:
        visit.consortium, visit.recorded_by, visit.created_at = locked, actor, at
        _store_visit(visit, at)
        people = holders(*WRITERS, organisation=locked.lead_id)
        said = {"consortium": locked.name}
        notify(recipients=people, kind="consortia.visit_recorded", params=said, url=visit.get_absolute_url(), at=at)
    return visit


def update_visit(*, visit: LiaisonVisit, actor: Any, at: datetime, seen: str = "") -> LiaisonVisit:
    """Store a changed visit."""
    with editing(
        consortium=visit.consortium, action=Action.UPDATE_VISIT, actor=actor, at=at, subject=visit, seen=seen,
        facts=_about(visit),
    ):  # fmt: skip
        _store_visit(visit, at)
    return visit


def add_follow_up(*, visit: LiaisonVisit, follow_up: FollowUp, actor: Any, at: datetime) -> FollowUp:
    """Note what has to be done after a visit, and until when."""
    if follow_up.due < visit.date:
        raise ValidationError({"due": _("This day lies before the visit.")})
    with editing(
        consortium=visit.consortium, action=Action.ADD_FOLLOW_UP, actor=actor, at=at, subject=visit,
        facts=_about(visit),
    ):  # fmt: skip
        follow_up.visit, follow_up.created_at = visit, at
        store(row=follow_up)
    return follow_up


def finish_follow_up(*, follow_up: FollowUp, actor: Any, at: datetime, done_note: str) -> FollowUp:
    """Record that a follow-up is done and how."""
    with editing(
        consortium=follow_up.consortium, action=Action.FINISH_FOLLOW_UP, actor=actor, at=at, subject=follow_up,
        facts=_about(follow_up.visit),
    ):  # fmt: skip
        if FollowUp.objects.get(pk=follow_up.pk).done_on:
            raise TransitionRefused(_("This is recorded as done already."))
        follow_up.done_on, follow_up.done_by, follow_up.done_note = timezone.localdate(at), actor, done_note
        follow_up.save(update_fields=["done_on", "done_by", "done_note"])
    return follow_up


def _store_visit(visit: LiaisonVisit, at: datetime) -> None:
    if visit.date > timezone.localdate(at):
        raise ValidationError({"date": _("This day is still to come.")})
    store(row=visit)


def _about(visit: LiaisonVisit) -> dict[str, Any]:
    """The trail is read by all members: that there was a visit and when, not what was said."""
    return {**OF_THE_BUREAU, "visit": str(visit.pk), "date": visit.date.isoformat()}
