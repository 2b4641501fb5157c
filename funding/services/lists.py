"""What becomes of a list before the meeting when one of its cases changes: it and its approvals are void, and stay."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from funding.enums import Action
from funding.models import Application, Scenario
from funding.selectors.scenarios import standing_list
from funding.workflow import SCENARIO
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import Reason

register("funding.list_void", _("The list “%(name)s” is void: a case on it has changed."), urgent=True)


@contextmanager
def leaving_list(*, application: Application, actor: User, at: datetime, why: Reason) -> Iterator[None]:
    """Around a step that takes a case off its list. The list is locked before the case, as an approval locks them."""
    with transaction.atomic():
        listed = list(standing_list(application).select_for_update(of=("self",)))
        yield
        for scenario in listed:
            void_list(scenario=scenario, case=application, actor=actor, at=at, reason=in_source(why=why))


def in_source(*, why: Reason) -> str:
    """A reason as it is stored, in the words of the source, to be translated for each reader."""
    with override(None):
        return str(why)


def void_list(*, scenario: Scenario, case: Application, actor: User, at: datetime, reason: str) -> None:
    """The list and every approval of it are void for this reason; whoever approved or put it forward is told."""
    told = {one.approver for one in scenario.approvals.filter(voided_at=None).select_related("approver")}
    facts = {"by": actor.pk, "case": case.number, "reason": reason}
    with SCENARIO.moving(scenario, Action.VOID_LIST, actor=None, at=at, facts=facts) as locked:
        locked.voided_at, locked.void_reason, locked.void_case = at, reason, case
        void_approvals(scenario=locked, at=at, reason=reason)
    params = {"name": scenario.name}
    recipients = {*told, *holders(Role.OFFICER)} - {actor}
    notify(recipients=recipients, kind="funding.list_void", params=params, url=scenario.get_absolute_url(), at=at)


def void_approvals(*, scenario: Scenario, at: datetime, reason: str, of: User | None = None) -> int:
    """Mark the standing approvals (of one person) as void; how many there were."""
    rows = scenario.approvals.filter(voided_at=None)
    if of is not None:
        rows = rows.filter(approver=of)
    return rows.update(voided_at=at, void_reason=reason[:500])
