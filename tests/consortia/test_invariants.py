"""Whatever anybody does in whatever order: who works has a valid agreement, and statuses move by the table only."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import AT_WORK, Action, AgreementStatus, ConsortiumStatus, ExitMeasure, ExitStatus, ExitTrigger
from consortia.models import Agreement, Consortium, Fund
from consortia.selectors.agreements import parties_waiting
from consortia.services import exits
from consortia.services.agreements import (
    Draft,
    draft_agreement,
    end_agreements,
    put_into_force,
    send_agreement,
    sign_agreement,
)
from consortia.services.consortia import (
    downgrade_consortium,
    graduate_consortium,
    rectify_consortium,
    report_rectification,
    resume_consortium,
    start_consortium,
    upgrade_consortium,
)
from consortia.services.exits import Settlement
from consortia.services.life import Paper
from members.models import User
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import TEXTS, ready_consortium
from tests.personas import Personas

S = ConsortiumStatus
PAPER = Paper("样科1号", "样例会", date(2026, 11, 10))
SETTLED = Settlement("收回。", "归原权利人。", "移交。")
REFUSALS = (TransitionRefused, PermissionDenied, ValidationError)
MOVES = {
    (S.PREPARING, S.OPERATING), (S.PREPARING, S.CULTIVATION), (S.OPERATING, S.CULTIVATION),
    (S.CULTIVATION, S.OPERATING), (S.OPERATING, S.RECTIFYING), (S.CULTIVATION, S.RECTIFYING),
    (S.RECTIFYING, S.OPERATING), (S.RECTIFYING, S.CULTIVATION), (S.OPERATING, S.GRADUATED),
    (S.CULTIVATION, S.GRADUATED),
    *((source, target) for source in AT_WORK for target in (S.EXITED, S.REVOKED)),
}  # fmt: skip
Act = Callable[[Consortium, Any, Any], object]


def _case(consortium: Consortium) -> Any:
    case = consortium.exit_cases.first()
    if case is None:
        raise TransitionRefused("no case")
    return case


def _draft(at: Any) -> Draft:
    return Draft(TEXTS | {"goals": f"新版 {at}"}, (at + 400 * DAY).date(), changes="改")


def _version(consortium: Consortium, status: str) -> Agreement:
    found = consortium.agreements.filter(status=status).first()
    if found is None:
        raise TransitionRefused("no version")
    return found


def _one_signs(consortium: Consortium, at: Any, number: int = 0) -> None:
    waiting = parties_waiting(_version(consortium, "SIGNING"))
    member = waiting[number % len(waiting)]
    for person in User.objects.filter(role_grants__organisation=member.organisation, role_grants__role="CONFIRMER"):
        sign_agreement(agreement=_version(consortium, "SIGNING"), participation=member, actor=person, at=at)
        return


def _all_sign(consortium: Consortium, at: Any) -> None:
    for _ in parties_waiting(_version(consortium, "SIGNING")):
        _one_signs(consortium, at)


ACTS: tuple[Act, ...] = (
    lambda c, who, at: start_consortium(
        consortium=c, actor=who, tier=random.Random(at.timestamp()).choice("ABC"), recognised_on=at.date(),
        build_from=at.date(), build_to=(at + 900 * DAY).date(), at=at,
    ),
    lambda c, who, at: upgrade_consortium(consortium=c, actor=who, tier="A", at=at, note="升", paper=PAPER),
    lambda c, who, at: downgrade_consortium(consortium=c, actor=who, tier="C", at=at, note="降", paper=PAPER),
    lambda c, who, at: rectify_consortium(consortium=c, actor=who, at=at, note="改"),
    lambda c, who, at: report_rectification(consortium=c, report="已改", evidence=None, actor=who, at=at),
    lambda c, who, at: resume_consortium(consortium=c, actor=who, at=at, note="收"),
    lambda c, who, at: graduate_consortium(consortium=c, actor=who, at=at, note="毕业", paper=PAPER),
    lambda c, who, at: draft_agreement(consortium=c, draft=_draft(at), actor=who, at=at),
    lambda c, who, at: send_agreement(agreement=_version(c, "DRAFT"), actor=who, at=at),
    lambda c, who, at: _all_sign(c, at),
    lambda c, who, at: _one_signs(c, at),
    lambda c, who, at: put_into_force(agreement=_version(c, "SIGNING"), actor=who, at=at),
    lambda c, who, at: end_agreements(at=at + 2000 * DAY) if c.status in AT_WORK else None,
    lambda c, who, at: exits.request_exit(consortium=c, grounds="退", actor=who, at=at),
    lambda c, who, at: exits.open_exit(consortium=c, trigger=ExitTrigger.UNQUALIFIED, grounds="退", actor=who, at=at),
    lambda c, who, at: exits.serve_notice(case=_case(c), notice_number="1", actor=who, at=at, note="告知"),
    lambda c, who, at: exits.record_delivery(case=_case(c), actor=who, at=at),
    lambda c, who, at: exits.file_statement(case=_case(c), statement="述", evidence=None, actor=who, at=at),
    lambda c, who, at: exits.assess_exit(case=_case(c), settlement=SETTLED, actor=who, at=at),
    lambda c, who, at: exits.decide_exit(
        case=_case(c), measure=ExitMeasure.REVOKE, paper=PAPER, actor=who, at=at, note="定"
    ),
    lambda c, who, at: exits.publicise_exit(case=_case(c), actor=who, at=at),
    lambda c, who, at: exits.appeal_exit(case=_case(c), appeal="诉", evidence=None, actor=who, at=at),
    lambda c, who, at: exits.reverse_exit(case=_case(c), actor=who, at=at, note="撤"),
    lambda c, who, at: exits.close_exit(case=_case(c), actor=who, at=at),
    lambda c, who, at: exits.dismiss_exit(case=_case(c), actor=who, at=at, note="撤案"),
    lambda c, who, at: exits.withdraw_exit(case=_case(c), actor=who, at=at, note="收回"),
)  # fmt: skip


def is_covered(consortium: Consortium) -> bool:
    """Whether exactly one version is in force, and was signed by every member that it names and that is present."""
    in_force = consortium.agreements.filter(status=AgreementStatus.EFFECTIVE)
    return in_force.count() == 1 and not parties_waiting(in_force.get())


@pytest.mark.parametrize("seed", range(6))
def test_no_sequence_of_acts_breaks_the_life_cycle(people: Personas, seed: int) -> None:
    dice = random.Random(seed)
    consortium, at = ready_consortium(people), NOON
    Fund.objects.create(consortium=consortium, name="样例基金", manager=people.fund, scale=10)
    cast = [people.lead, people.signatory, people.officer, people.head, people.leader, people.supervisor]
    for _ in range(240):
        before, act, actor = consortium.status, dice.choice(ACTS), dice.choice(cast)
        at += DAY * dice.choice((0, 1, 3))
        with suppress(*REFUSALS):
            act(Consortium.objects.get(pk=consortium.pk), actor, at)
        consortium.refresh_from_db()
        running = consortium.exit_cases.exclude(
            status__in=[ExitStatus.CLOSED, ExitStatus.REVERSED, ExitStatus.DISMISSED, ExitStatus.WITHDRAWN]
        )
        assert consortium.status == before or (before, consortium.status) in MOVES
        assert (consortium.leaving_since is not None) == running.exists()
        assert consortium.status not in AT_WORK or is_covered(consortium)
        assert (consortium.rectify_by is not None) == (consortium.status == S.RECTIFYING)
    assert consortium.life.exclude(kind=Action.CREATE).exists()
