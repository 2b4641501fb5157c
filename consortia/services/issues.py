"""Coordination issues: raised in confidence, mediated, resolved. The consortium's own trail does not speak of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED, Action
from consortia.models import Consortium, Issue, IssueNote
from consortia.selectors.demands import joined_places, writing_places
from consortia.selectors.liaison import mediators
from consortia.services.editing import store
from consortia.services.notices import WRITERS
from consortia.workflow import ISSUE, edit_obstacles
from members.enums import Role
from members.models import Organisation, User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify
from portal.kernel.workflow import TransitionRefused


def raise_issue(
    *, consortium: Consortium, issue: Issue, parties: Iterable[Organisation], actor: Any, at: datetime
) -> Issue:
    """Raise an unsaved issue; only the parties named, the liaison officer and the bureau learn of it."""
    others = [one for one in parties if one.pk != issue.raised_by_id]
    with transaction.atomic():
        locked = Consortium.objects.select_for_update(of=("self",)).get(pk=consortium.pk)
        require(actor, "consortia.raise_issue", locked)
        if reasons := edit_obstacles(locked, Action.RAISE_ISSUE):
            raise TransitionRefused(*reasons)
        _check(locked, issue, others, actor)
        issue.consortium, issue.author, issue.created_at = locked, actor, at
        store(row=issue)
        issue.parties.set(others)
        facts = {"by": issue.raised_by.name, "by_id": str(issue.raised_by_id)}
        audit.record(actor=actor, action=Action.RAISE_ISSUE, subject=issue, at=at, facts=facts)
        _tell(issue, "consortia.issue_raised", mediators(locked), at)
    return issue


def note_issue(*, issue: Issue, text: str, actor: Any, at: datetime) -> Issue:
    """Add what all who see the issue read."""
    return _move(issue, Action.NOTE_ISSUE, text, actor, at)


def mediate_issue(*, issue: Issue, text: str, actor: Any, at: datetime) -> Issue:
    """Take the issue up; `text` says how."""
    return _move(issue, Action.MEDIATE_ISSUE, text, actor, at)


def settle_issue(*, issue: Issue, text: str, actor: Any, at: datetime) -> Issue:
    """Record what was agreed."""
    return _move(issue, Action.SETTLE_ISSUE, text, actor, at)


def close_issue(*, issue: Issue, text: str, actor: Any, at: datetime) -> Issue:
    """Close the issue, resolved or not; `text` says why."""
    return _move(issue, Action.CLOSE_ISSUE, text, actor, at)


def _move(issue: Issue, action: Action, text: str, actor: Any, at: datetime) -> Issue:
    if not text.strip():
        raise ValidationError({"text": _("Write a sentence.")})
    with ISSUE.moving(issue, action, actor=actor, at=at) as locked:
        place = next(iter(_concerned(locked) & writing_places(actor)), None)
        store(row=IssueNote(issue=locked, author=actor, organisation_id=place, text=text.strip(), created_at=at))
        people = holders(Role.CONFIRMER, *WRITERS, organisation__in=_concerned(locked))
        told = [one for one in (*people, *mediators(locked.consortium)) if one.pk != actor.pk]
        _tell(locked, "consortia.issue_moved", told, at)
    return issue


def _concerned(issue: Issue) -> set[Any]:
    return {issue.raised_by_id, *issue.parties.values_list("pk", flat=True)}


def _check(consortium: Consortium, issue: Issue, parties: list[Organisation], actor: Any) -> None:
    if issue.raised_by_id not in joined_places(actor, consortium):
        raise ValidationError({"raised_by": _("Raise an issue for an organisation that you write for.")})
    joined = consortium.participations.filter(status__in=JOINED).values_list("organisation", flat=True)
    if {one.pk for one in parties} - set(joined):
        raise ValidationError({"parties": _("This organisation is not a member of the consortium.")})


def _tell(issue: Issue, kind: str, people: Iterable[User], at: datetime) -> None:
    said, url = {"consortium": issue.consortium.name}, issue.get_absolute_url()
    notify(recipients=people, kind=kind, params=said, url=url, at=at)
