"""The pages of grading, ranking, decision and approval."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from funding.enums import ApplicationStatus, ReviewStatus
from funding.models import Award
from funding.selectors.decisions import board
from tests.factories.consortia import ready_consortium
from tests.factories.funding import freeze, make_application, make_call, make_objection, make_review
from tests.factories.members import make_expert
from tests.personas import Personas

S = ApplicationStatus
BOARD = "funding:grading-board"
QUERIES = 13
pytestmark = pytest.mark.usefixtures("english")


def address(name: Any, subject: Any) -> Any:
    return reverse(f"funding:{name}", args=[subject.pk])


def reviewed(people: Personas, *totals: Any, status: Any = S.REVIEWING, **facts: Any) -> Any:
    application = freeze(make_application(people, status, **facts))
    for expert, total in zip(people.experts, totals or ("78", "79", "80"), strict=True):
        make_review(application, expert, people, ReviewStatus.SUBMITTED, total=Decimal(total))
    return application


# --- steps ---------------------------------------------------------------------------------------
def test_the_grading_is_prefilled_by_the_rules_and_taken(people: Personas, sign_in: Any) -> None:
    application, client = reviewed(people), sign_in(people.officer)

    form = client.get(address("application-grade", application)).context["form"]
    answer = client.post(address("application-grade", application), {"tier": "B", "amount": "75"})

    application.refresh_from_db()
    assert (form.initial["tier"], form["amount"].value()) == ("B", "75.00")
    assert (answer.url, application.status) == (application.get_absolute_url(), S.GRADED)
    assert application.proposed_amount == Decimal(750_000)


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, ["amount"]),
        ({"tier": "D", "amount": "75"}, ["tier"]),
        ({"tier": "B", "amount": "viel"}, ["amount"]),
        ({"tier": "B", "amount": "-1"}, ["amount"]),
        ({"tier": "A", "amount": "150"}, ["__all__"]),
        ({"tier": "A", "amount": "180.01"}, ["amount"]),
        ({"tier": "B", "amount": "100.01", "rationale": "理由充分。"}, ["amount"]),
    ],
)
def test_a_bad_grading_is_refused_and_nothing_typed_is_lost(
    people: Personas, sign_in: Any, data: Any, fields: Any
) -> None:
    application = reviewed(people)

    form = sign_in(people.officer).post(address("application-grade", application), data).context["form"]

    application.refresh_from_db()
    assert (list(form.errors), application.status) == (fields, S.REVIEWING)
    assert form["amount"].value() == data.get("amount")


def test_a_leader_decides_on_the_page(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people, S.GRADED), sign_in(people.leader)
    data = {"tier": "A", "amount": "155", "meeting": "样例会议〔2026〕3号"}

    assert client.get(address("application-decide", application)).context["form"]["amount"].value() == "155.00"
    assert client.post(address("application-decide", application), data).status_code == 302
    application.refresh_from_db()
    assert (application.status, application.decided_amount) == (S.DECIDED, Decimal(1_550_000))


@pytest.mark.parametrize(
    ("page", "data", "status", "target"),
    [
        ("application-decline", {"meeting": "样例会议", "note": "指标不可测。"}, S.GRADED, S.NOT_APPROVED),
        ("application-send-back", {"note": "请核实。"}, S.GRADED, S.REVIEWING),
        ("application-approve", {"document_number": "样科〔2026〕12号"}, S.PUBLICISED, S.APPROVED),
    ],
)
def test_the_other_steps_of_a_leader(
    people: Personas, sign_in: Any, page: Any, data: Any, status: Any, target: Any
) -> None:
    application, client = make_application(people, status), sign_in(people.leader)

    assert client.get(address(page, application)).status_code == 200
    assert list(client.post(address(page, application), {}).context["form"].errors) == list(data)
    assert client.post(address(page, application), data).status_code == 302
    application.refresh_from_db()
    assert application.status == target
    assert client.post(address(page, application), data).status_code == 409  # the second click is told why not
    assert Award.objects.count() == int(target == S.APPROVED)


@pytest.mark.parametrize(
    ("page", "allowed", "status"),
    [
        ("application-grade", "officer", S.REVIEWING),
        ("application-decide", "leader", S.GRADED),
        ("application-decline", "leader", S.GRADED),
        ("application-send-back", "leader", S.GRADED),
        ("application-approve", "leader", S.PUBLICISED),
        ("application-continue", "supervisor", S.OBJECTED),
        ("application-overturn", "supervisor", S.OBJECTED),
    ],
)
def test_who_may_open_a_step(people: Personas, sign_in: Any, page: Any, allowed: Any, status: Any) -> None:
    application = make_application(people, status)
    names = ["officer", "leader", "supervisor", "head", "acceptance", "finance", "district_officer", "lead"]

    codes = {name: sign_in(getattr(people, name)).get(address(page, application)).status_code for name in names}

    assert codes == {name: 200 if name == allowed else 403 for name in names}
    for stranger in ("rival", "expert", "other_district_officer", "system_admin"):
        assert sign_in(getattr(people, stranger)).get(address(page, application)).status_code == 404


def test_the_page_of_the_application_offers_what_can_be_done(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.PUBLICISED)
    make_objection(application)

    offered = {
        name: [
            step["action"]
            for step in sign_in(getattr(people, name)).get(application.get_absolute_url()).context["decision_steps"]
        ]
        for name in ("officer", "supervisor", "leader", "head")
    }

    assert offered == {"officer": ["object"], "supervisor": ["object"], "leader": ["approve"], "head": []}


def test_what_stands_in_the_way_of_the_approval_is_said(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.PUBLICISED)
    make_objection(application)

    [step] = sign_in(people.leader).get(application.get_absolute_url()).context["decision_steps"]

    assert len(step["obstacles"]) == 1


# --- the ranking ---------------------------------------------------------------------------------
def ranking(people: Personas) -> Any:
    """Four applications of one call; 3.5 million in the budget."""
    call = make_call(people)
    call.budget = Decimal(3_500_000)
    call.save()

    def one(*totals: Any, **facts: Any) -> Any:
        return reviewed(people, *totals, call=call, consortium=ready_consortium(people), **facts)

    best = one("92", "93", "94", status=S.DECIDED, score=Decimal(93), decided_amount=Decimal(1_750_000))
    second = one("88", "90", "92", status=S.GRADED, score=Decimal(90), proposed_amount=Decimal(1_650_000))
    third = one("70", "84", "98")
    last = one(
        "76", "77", "78", status=S.GRADED, score=Decimal(77), proposed_tier="B", proposed_amount=Decimal(700_000)
    )
    return call, [best, second, third, last]


def test_the_ranking_adds_up_to_the_budget_line(people: Personas) -> None:
    call, ranked = ranking(people)

    found = board(call, people.officer)

    assert [row.application for row in found.rows] == ranked
    assert [row.score for row in found.rows] == [Decimal(93), Decimal(90), Decimal(84), Decimal(77)]
    assert [row.cumulative for row in found.rows] == [
        Decimal(1_750_000),
        Decimal(3_400_000),
        Decimal(3_400_000),
        Decimal(4_100_000),
    ]
    assert [row.below for row in found.rows] == [False, False, False, True]
    assert [bool(row.panel.is_dispersed) for row in found.rows] == [False, False, True, False]
    assert (found.supported, found.asked, found.left, found.committed) == (
        3,
        Decimal(4_100_000),
        Decimal(-600_000),
        Decimal(1_750_000),
    )
    assert found.tiers == (("A", 2, Decimal(3_400_000)), ("B", 1, Decimal(700_000)), ("C", 0, Decimal(0)))


def test_who_is_still_with_the_experts_is_counted_not_ranked(people: Personas) -> None:
    call, _ranked = ranking(people)
    waiting = make_application(people, S.REVIEWING, call=call, consortium=ready_consortium(people))
    make_review(waiting, people.experts[0], people, ReviewStatus.ACCEPTED)

    found = board(call, people.officer)

    assert (found.waiting, len(found.rows)) == (1, 4)


def test_the_filter_keeps_ranks_and_sums(people: Personas) -> None:
    call, ranked = ranking(people)

    [row] = board(call, people.officer, tier="B").rows

    assert (row.application, row.rank, row.cumulative) == (ranked[3], 4, Decimal(4_100_000))


def test_what_was_declined_takes_nothing_from_the_budget(people: Personas) -> None:
    call, _ranked = ranking(people)
    reviewed(
        people,
        "95",
        "95",
        "95",
        status=S.NOT_APPROVED,
        call=call,
        consortium=ready_consortium(people),
        score=Decimal(95),
    )

    found = board(call, people.officer)

    assert (found.rows[0].cumulative, found.supported) == (Decimal(0), 3)


@pytest.mark.parametrize(("name", "code"), [
    ("officer", 200), ("head", 200), ("leader", 200), ("finance", 200), ("supervisor", 200), ("acceptance", 403),
    ("expert", 403), ("district_officer", 403), ("lead", 403), ("system_admin", 403),
])  # fmt: skip
def test_who_may_open_the_ranking(people: Personas, sign_in: Any, name: Any, code: Any) -> None:
    assert sign_in(getattr(people, name)).get(reverse(BOARD)).status_code == code


def test_the_ranking_costs_the_same_at_one_and_at_four_rows(
    people: Personas, sign_in: Any, django_assert_num_queries: Any
) -> None:
    call = make_call(people)
    reviewed(people, call=call)
    client = sign_in(people.leader)
    client.get(reverse(BOARD))
    for _ in range(2):
        with django_assert_num_queries(QUERIES):
            assert client.get(reverse(BOARD)).context["board"].call == call
        for _ in range(3):
            reviewed(people, call=call, consortium=ready_consortium(people))


@pytest.mark.parametrize(
    "query", ["?call=nonsense", "?tier=Z", "?status=NONE", "?page=0", "?page=-1", "?page=²", "?page=999999999"]
)
def test_nonsense_in_the_address_does_no_harm(people: Personas, sign_in: Any, query: Any) -> None:
    ranking(people)

    assert sign_in(people.leader).get(reverse(BOARD) + query).status_code == 200


def test_an_empty_portal_has_an_empty_ranking(people: Personas, sign_in: Any) -> None:
    assert sign_in(people.leader).get(reverse(BOARD)).context["board"] is None


def test_the_page_shows_the_budget_line_once(people: Personas, sign_in: Any) -> None:
    ranking(people)

    text = sign_in(people.leader).get(reverse(BOARD)).content.decode()

    assert (text.count('class="bline"'), text.count('cy="12"')) == (1, 12)


def test_an_expert_is_not_named_anywhere_on_the_ranking(people: Personas, sign_in: Any) -> None:
    ranking(people)
    make_expert("somebody", "专家辛01")

    assert "专家甲" not in sign_in(people.leader).get(reverse(BOARD)).content.decode()
