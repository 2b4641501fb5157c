"""Who may see what of a review, and when: the whole table, and that no page, export or answer leaks an aggregate."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from funding.enums import ApplicationStatus, ReviewStatus
from funding.models import Application, RuleSet
from funding.rules import windows
from funding.rules.defaults import DEFAULT_RULES
from funding.rules.windows import Point, is_open, opens_at
from funding.selectors.windows import opened, point_of
from members.enums import Role
from members.models import Expert
from tests.clock import NOON
from tests.factories.funding import freeze, make_application, make_review
from tests.personas import Personas

S = ApplicationStatus
R = ReviewStatus
NEVER = None

# Subject → viewer → from when on. Who stands in no row sees it never.
TABLE: dict[str, dict[str, Point]] = {
    "names": {Role.ACCEPTANCE: Point.ASSIGNED, Role.SUPERVISOR: Point.ASSIGNED},
    "scores": {
        "panel": Point.LOCKED, "lead_reviewer": Point.LOCKED, Role.OFFICER: Point.LOCKED, Role.HEAD: Point.LOCKED,
        Role.LEADER: Point.LOCKED, Role.SUPERVISOR: Point.LOCKED,
    },
    "remarks": {Role.OFFICER: Point.LOCKED, Role.HEAD: Point.LOCKED, Role.SUPERVISOR: Point.LOCKED},
    "aggregates": {
        "panel": Point.LOCKED, "lead_reviewer": Point.LOCKED, Role.ACCEPTANCE: Point.LOCKED,
        Role.OFFICER: Point.LOCKED, Role.HEAD: Point.LOCKED, Role.LEADER: Point.LOCKED,
        Role.SUPERVISOR: Point.LOCKED, Role.FINANCE: Point.GRADED,
    },
    "opinions": {
        "panel": Point.LOCKED, "lead_reviewer": Point.LOCKED, Role.OFFICER: Point.LOCKED, Role.HEAD: Point.LOCKED,
        Role.LEADER: Point.LOCKED, Role.SUPERVISOR: Point.LOCKED, "applicant": Point.PUBLISHED,
    },
}  # fmt: skip
VIEWERS = [*Role, "applicant", "panel", "lead_reviewer"]


@pytest.mark.parametrize("subject", windows.SUBJECTS)
@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("rules", [DEFAULT_RULES, {}], ids=["default", "older rules"])
def test_every_window(subject: str, viewer: str, rules: Any) -> None:
    assert opens_at(rules, subject, viewer) == TABLE[subject].get(viewer, NEVER)


@pytest.mark.parametrize("point", Point)
def test_a_window_stays_open(point: Point) -> None:
    assert is_open({}, "aggregates", [Role.FINANCE], point) == (point >= Point.GRADED)


def test_a_rule_set_sets_a_row_otherwise() -> None:
    rules = {"windows": {"opinions": {"applicant": "GRADED"}}}

    assert opens_at(rules, "opinions", "applicant") == Point.GRADED
    assert opens_at(rules, "opinions", Role.OFFICER) is NEVER
    assert opens_at(rules, "scores", Role.OFFICER) == Point.LOCKED


# --- applied -----------------------------------------------------------------------------------
def panel(people: Personas, status: str, *states: str, **facts: Any) -> Application:
    application = freeze(make_application(people, status, **facts))
    for expert, state in zip(people.experts, states or [R.SUBMITTED] * 3, strict=False):
        make_review(
            application, expert, people, state, remark="样例密语", opinion="样例意见：路线清楚，指标可测，建议支持。"
        )
    return application


@pytest.mark.parametrize(
    ("status", "states", "point"),
    [
        (S.REVIEWING, [R.SUBMITTED, R.SUBMITTED, R.ACCEPTED], Point.ASSIGNED),
        (S.REVIEWING, [R.SUBMITTED, R.SUBMITTED, R.SUBMITTED], Point.CONSOLIDATED),
        (S.REVIEWING, [R.SUBMITTED, R.SUBMITTED, R.RECUSED], Point.ASSIGNED),
        (S.GRADED, [], Point.GRADED),
        (S.DECIDED, [], Point.GRADED),
        (S.PUBLICISED, [], Point.PUBLISHED),
        (S.APPROVED, [], Point.PUBLISHED),
        (S.CHECKED, [R.RECUSED], Point.ASSIGNED),
    ],
)
def test_how_far_a_review_is(people: Personas, status: str, states: list[str], point: Point) -> None:
    assert point_of(panel(people, status, *states)) == point


@pytest.mark.parametrize(("name", "open_"), [
    ("officer", "scores remarks aggregates opinions"), ("head", "scores remarks aggregates opinions"),
    ("leader", "scores aggregates opinions"), ("supervisor", "names scores remarks aggregates opinions"),
    ("acceptance", "names aggregates"), ("finance", ""), ("district_officer", ""), ("lead", ""), ("rival", ""),
    ("expert", "scores aggregates opinions"), ("system_admin", ""), ("audit_admin", ""),
])  # fmt: skip
def test_when_all_scores_are_locked(people: Personas, name: str, open_: str) -> None:
    application = panel(people, S.REVIEWING)

    seen = opened(application, getattr(people, name))

    assert {one for one in windows.SUBJECTS if getattr(seen, one)} == set(open_.split())


def test_an_official_of_the_panel_looks_as_an_expert_only(people: Personas) -> None:
    application = panel(people, S.REVIEWING, R.SUBMITTED, R.SUBMITTED, R.ACCEPTED)
    officer = people.officer
    application.reviews.filter(ordinal=3).update(expert=Expert.objects.create(user=officer))

    assert not opened(application, officer).anything


def test_who_stepped_back_sees_nothing(people: Personas) -> None:
    application = panel(people, S.REVIEWING, R.SUBMITTED, R.SUBMITTED, R.RECUSED)

    assert not opened(application, people.experts[2].user).anything


# --- the sweep ---------------------------------------------------------------------------------
MEAN = "86.50"


def places(application: Application) -> list[str]:
    """Every page, export and answer on which a score, a mean or a rank could stand."""
    pk = [application.pk]
    return [
        application.get_absolute_url(),
        *(reverse(f"funding:application-{name}", args=pk) for name in ("reviews", "grade", "decide", "print")),
        reverse("funding:application-list"),
        reverse("funding:application-export"),
        reverse("funding:grading-board"),
        reverse("api:application-list"),
        reverse("api:application-detail", args=pk),
    ]


LOOKERS = ["officer", "head", "leader", "supervisor", "acceptance", "finance", "district_officer", "lead", "expert"]


@pytest.mark.parametrize("name", LOOKERS)
def test_no_aggregate_before_every_score_is_locked(people: Personas, sign_in: Any, name: str) -> None:
    application = panel(people, S.REVIEWING, R.SUBMITTED, R.SUBMITTED, R.ACCEPTED)

    assert found(sign_in(getattr(people, name)), application) == []


@pytest.mark.parametrize("name", ["finance", "district_officer", "lead", "rival"])
def test_no_aggregate_for_whom_the_window_is_shut(people: Personas, sign_in: Any, name: str) -> None:
    application = panel(people, S.REVIEWING)

    assert found(sign_in(getattr(people, name)), application) == []


@pytest.mark.parametrize("name", ["district_officer", "lead", "rival"])
@pytest.mark.parametrize("status", [S.GRADED, S.DECIDED, S.PUBLICISED, S.APPROVED])
def test_no_aggregate_ever_outside_the_bureau(people: Personas, sign_in: Any, name: str, status: str) -> None:
    application = panel(people, status, score=Decimal(MEAN))

    assert found(sign_in(getattr(people, name)), application) == []


def test_the_sweep_would_find_one(people: Personas, sign_in: Any) -> None:
    application = panel(people, S.REVIEWING)

    assert len(found(sign_in(people.officer), application)) >= 3


def found(client: Any, application: Application) -> list[str]:
    pages = {place: client.get(place) for place in places(application)}
    return [place for place, answer in pages.items() if answer.status_code == 200 and MEAN in _text(answer)]


def _text(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode(errors="replace"))


# --- opinions for the applicant ------------------------------------------------------------------
def test_the_applicant_reads_the_opinions_once_it_is_published(people: Personas, sign_in: Any) -> None:
    application = panel(people, S.GRADED)
    client = sign_in(people.lead)

    before = _text(client.get(application.get_absolute_url()))
    Application.everything.filter(pk=application.pk).update(status=S.NOT_APPROVED, told_at=NOON)
    after = _text(client.get(application.get_absolute_url()))

    assert ("样例意见" in before, "样例意见" in after, "样例密语" in after, MEAN in after) == (
        False,
        True,
        False,
        False,
    )
    assert people.experts[0].user.name not in after


def test_a_call_may_keep_the_opinions_to_itself(people: Personas, sign_in: Any) -> None:
    application = panel(people, S.NOT_APPROVED)
    rules = RuleSet.objects.get(pk=application.call.rules_id)
    rules.data["windows"]["opinions"].pop("applicant")
    RuleSet.objects.filter(pk=rules.pk).update(data=rules.data)

    assert "样例意见" not in _text(sign_in(people.lead).get(application.get_absolute_url()))
