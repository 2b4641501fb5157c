"""From the draw of the experts to the published list, with one objection upheld, and the proof of it all.

The draw, the board, the objection and the replay are clicked; a second case of the list comes as it is from the
database. One thing is moved there, because no test waits for it: the moment of the public randomness.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from funding.enums import ApplicationStatus, ExpertMode, ObjectionStatus, ReviewStatus, ScenarioStatus
from funding.models import Application, Objection
from members.enums import Role
from tests.clock import DAY
from tests.factories.consortia import ready_consortium
from tests.factories.funding import freeze, make_application, make_call, make_review
from tests.factories.members import make_user
from tests.journeys import listing, reviewing
from tests.journeys.person import Person
from tests.personas import Personas

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
S = ApplicationStatus
Enter = Callable[..., Person]
EXAMINER = "样例监督乙"
LOWER = (Decimal("77.00"), Decimal("78.00"), Decimal("79.00"))


def test_from_draw_to_list(enter: Enter, people: Personas, tmp_path: Path) -> None:
    now = timezone.now()
    call = make_call(people, opens_at=now - 30 * DAY, closes_at=now - DAY, expert_mode=ExpertMode.DRAWN)
    case = freeze(make_application(people, S.CHECKED, call=call))
    reviewing.pool()
    cast = everybody(enter, people)

    review(cast, enter, case)
    lower = second_case(people, case)
    decide(cast, case, lower)

    notice = listing.publish(cast["officer"], call, 31)
    listing.finds_result(cast["lead"], case)
    receipt = listing.object_to(cast["visitor"], notice, case, tmp_path)
    objection = Objection.objects.get(number=receipt.number)
    listing.may_not_handle(cast["officer"], objection)
    listing.uphold(cast["examiner"], objection)
    amended = listing.publish(cast["officer"], call, 32)
    listing.follows(cast["visitor"], receipt)

    objection.refresh_from_db()
    case.refresh_from_db()
    assert (objection.status, objection.handled_by.name) == (ObjectionStatus.UPHELD, EXAMINER)
    assert (amended.amends, objection.letter_sent_at is not None) == (notice, True)
    assert (case.status, case.decided_tier, case.decided_amount) == (S.PUBLICISED, "B", Decimal(800_000))
    assert listing.takes_bundle(cast["supervisor"], case, tmp_path)[-1] == "OK"


def everybody(enter: Enter, people: Personas) -> dict[str, Person]:
    """Each at an own browser, both factors given."""
    users = {
        "acceptance": people.acceptance, "officer": people.officer, "head": people.head, "leader": people.leader,
        "other_leader": people.second_leader, "supervisor": people.supervisor, "lead": people.lead,
        "examiner": make_user("examiner", EXAMINER, Role.SUPERVISOR),
    }  # fmt: skip
    cast = {name: enter(name, "en" if name in {"head", "supervisor"} else "zh-hans") for name in users}
    for name, user in users.items():
        cast[name].comes_in_as(user)
    return cast | {"visitor": enter()}


def review(cast: dict[str, Person], enter: Enter, case: Application) -> None:
    """Drawn, declined, replaced, scored, graded."""
    reviewing.draw(case, cast["acceptance"], cast["supervisor"])
    reviewing.read_published_draw(cast["visitor"])
    reviewing.decline(case, enter, cast["acceptance"])
    reviewing.score(case, enter)
    reviewing.grade(case, cast["officer"])
    assert case.status == S.GRADED


def second_case(people: Personas, case: Application) -> Application:
    """Scored lower by the same three, and graded."""
    consortium = ready_consortium(people, name="样例石湖装备创新联合体")
    facts = {"proposed_tier": "B", "proposed_amount": Decimal(700_000), "score": Decimal("78.00")}
    lower = freeze(make_application(people, S.GRADED, call=case.call, consortium=consortium, **facts))
    seated = case.reviews.filter(status=ReviewStatus.SUBMITTED).select_related("expert")
    for one, total in zip(seated, LOWER, strict=True):
        make_review(lower, one.expert, people, ReviewStatus.SUBMITTED, total=total)
    return lower


def decide(cast: dict[str, Person], case: Application, lower: Application) -> None:
    """A first list is void because a case of it changes after one approval; the second one is decided by two."""
    officer, leaders = cast["officer"], (cast["leader"], cast["other_leader"])
    first = listing.freeze_board(officer, lower, "样例方案一")
    listing.put_forward(cast["head"], first)
    listing.approve(leaders[0], first)
    listing.send_back(leaders[1], lower)
    listing.finds_void(leaders[0], first)
    reviewing.grade(lower, officer)
    second = listing.freeze_board(officer, lower, "样例方案二")
    listing.put_forward(cast["head"], second)
    for leader in leaders:
        listing.approve(leader, second)
    second.refresh_from_db()
    assert second.status == ScenarioStatus.DECIDED
    listing.finds_nothing_yet(cast["lead"], case)
