"""Many officials decide on the same applications at once: each application is decided exactly once.

The control does the same without locking the row, to show that the contest is real.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models

from funding.enums import Action, ApplicationStatus
from funding.models import Application
from funding.services.decisions import decide_application, decline_application
from members.models import User
from portal.kernel.models import AuditEntry
from portal.kernel.workflow import TransitionRefused, Workflow
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application, make_call
from tests.personas import Personas
from tests.races import in_processes

CASES, CONTROL, PROCESSES = 1_000, 100, 4
DECISIONS = [Action.DECIDE, Action.DECLINE]


def run(cases: int = CASES, control: int = CONTROL) -> Iterator[tuple[str, float, str]]:
    """The figures of both rounds."""
    people = Personas()
    decided = contest(people, cases, locked=True)
    yield "decided_twice", sum(times > 1 for times in decided), "applications"
    yield "undecided", sum(times == 0 for times in decided), "applications"
    yield "cases", cases, "applications"
    yield "control_decided_twice", sum(times > 1 for times in contest(people, control, locked=False)), "applications"


def contest(people: Personas, cases: int, *, locked: bool) -> list[int]:
    """How often each application was decided by four processes, two leaders deciding and two declining."""
    consortium = ready_consortium(people)
    ids = [
        make_application(people, ApplicationStatus.GRADED, consortium=consortium, call=make_call(people)).pk
        for _ in range(cases)
    ]
    leaders = [people.leader.pk, people.second_leader.pk]
    in_processes(PROCESSES, lambda start, n: official(start, ids, leaders[n % 2], n < 2, locked))
    entries = AuditEntry.objects.filter(action__in=DECISIONS, subject_id__in=map(str, ids))
    counted = Counter(entries.values_list("subject_id", flat=True))
    return [counted[str(pk)] for pk in ids]


def official(start: Any, ids: list[UUID], leader: UUID, decides: bool, locked: bool) -> None:
    """One process: the same applications in the same order as everybody, each begun together."""
    if not locked:
        Workflow._lock = staticmethod(unlocked)  # type: ignore[method-assign]
    actor = User.objects.get(pk=leader)
    for pk in ids:
        application = Application.objects.get(pk=pk)
        start.wait(60)
        try:
            act(application, actor, decides)
        except (TransitionRefused, PermissionDenied):
            continue


def unlocked(subject: models.Model) -> Any:
    """What `Workflow._lock` would be without the lock."""
    return type(subject)._base_manager.get(pk=subject.pk)


def act(application: Application, actor: User, decides: bool) -> None:
    """Take the one decision that this official takes."""
    if decides:
        decide_application(
            application=application, actor=actor, tier="A", amount=Decimal(1_000_000), meeting="样例会议", at=NOON,
            note="样例理由。",
        )  # fmt: skip
    else:
        decline_application(application=application, actor=actor, meeting="样例会议", note="样例理由。", at=NOON)
