"""Scenarios: frozen, put forward with reasons, approved by two, decided at once, void when a case changes."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import Action, ApplicationStatus, ReviewStatus, ScenarioStatus
from funding.models import Application, Recusal, Scenario, ScenarioApproval
from funding.rules.boards import Choice
from funding.rules.defaults import DEFAULT_RULES
from funding.selectors.boards import Setting, panels
from funding.selectors.decisions import committed
from funding.services.decisions import decide_application, decline_application, send_back_application
from funding.services.recusals import step_aside
from funding.services.scenarios import (
    Drafted,
    approve_scenario,
    freeze_scenario,
    put_forward_scenario,
    take_scenario_back,
)
from members.enums import Role
from portal.kernel.audit import sha256, trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import freeze, make_application, make_call, make_draw, make_review
from tests.factories.members import give
from tests.personas import Personas
from tests.races import at_once, refusals

S, SC = ApplicationStatus, ScenarioStatus
A, B = Decimal(1_550_000), Decimal(700_000)
MEETING = "样例会议〔2026〕7号"
pytestmark = pytest.mark.usefixtures("english")


def graded(people: Personas, call: Any, *totals: str, **facts: Any) -> Application:
    """With a complete panel; graded as the factory grades."""
    consortium = facts.pop("consortium", None) or ready_consortium(people)
    mean = sorted(Decimal(one) for one in totals)[1]
    facts = {"status": S.GRADED, "score": mean, **facts}
    application = freeze(make_application(people, facts.pop("status"), call=call, consortium=consortium, **facts))
    for expert, total in zip(people.experts, totals, strict=True):
        make_review(application, expert, people, ReviewStatus.SUBMITTED, total=Decimal(total))
    return application


def listing(people: Personas, **facts: Any) -> tuple[Any, list[Application]]:
    """A call with three graded cases: 80, 78, 50."""
    call = make_call(people, **facts)
    return call, [
        graded(people, call, *totals) for totals in (("79", "80", "81"), ("77", "78", "79"), ("49", "50", "51"))
    ]


def setting(call: Any, people: Personas, **choices: Choice) -> Setting:
    terms = panels(call, people.officer).terms
    return Setting(terms.lines, terms.weights, {name.replace("_", "-"): one for name, one in choices.items()})


def frozen(
    people: Personas, call: Any, *, common: str = "样例理由", choices: Any = None, name: str = "方案一"
) -> Scenario:
    chosen = setting(call, people)
    drafted = Drafted(Setting(chosen.lines, chosen.weights, choices or {}), name, {}, common)
    return freeze_scenario(call=call, drafted=drafted, actor=people.officer, at=NOON)


def proposed(people: Personas, call: Any, **facts: Any) -> Scenario:
    assert people.leader != people.second_leader
    scenario = frozen(people, call, **facts)
    return put_forward_scenario(scenario=scenario, meeting=MEETING, actor=people.head, at=NOON)


def approve(people: Personas, scenario: Scenario, actor: Any = None) -> Scenario:
    return approve_scenario(scenario=scenario, seen=scenario.sha256, actor=actor or people.leader, at=NOON)


def statuses(cases: Any) -> list[str]:
    return [Application.objects.get(pk=one.pk).status for one in cases]


# --- freezing ------------------------------------------------------------------------------------
def test_a_board_is_frozen_with_all_it_rests_on(people: Personas) -> None:
    call, cases = listing(people)

    scenario = frozen(people, call)

    places = list(scenario.places.all())
    assert [one.application for one in places] == cases
    assert [(one.rank, one.tier, one.rule_tier) for one in places] == [(1, "B", "B"), (2, "B", "B"), (3, "", "")]
    assert scenario.sha256 == sha256(scenario.frozen)
    assert (scenario.status, scenario.needed, scenario.number) == (SC.FROZEN, 2, f"2026-{call.batch:02d}-S1")
    assert [one["reason"] for one in scenario.frozen["places"]] == ["", "", ""]
    assert trail(scenario).get(action=Action.FREEZE_SCENARIO).facts["sha256"] == scenario.sha256
    assert frozen(people, call, name="方案二").ordinal == 2


@pytest.mark.parametrize("name", ["acceptance", "head", "leader", "finance", "supervisor", "expert", "lead"])
def test_only_an_officer_freezes(people: Personas, name: str) -> None:
    call, _cases = listing(people)
    drafted = Drafted(setting(call, people), "样例", {})

    with pytest.raises(PermissionDenied):
        freeze_scenario(call=call, drafted=drafted, actor=getattr(people, name), at=NOON)


def test_who_keeps_away_from_a_case_freezes_no_board_of_its_call(people: Personas) -> None:
    call, cases = listing(people)
    step_aside(application=cases[0], actor=people.officer, ground="样例", at=NOON)

    with pytest.raises(PermissionDenied):
        frozen(people, call)


def test_what_could_not_be_granted_is_not_frozen(people: Personas) -> None:
    call, cases = listing(people)
    too_much = {str(cases[0].pk): Choice("B", Decimal(1_000_001))}

    with pytest.raises(ValidationError, match=cases[0].number):
        frozen(people, call, choices=too_much)
    with pytest.raises(ValidationError):
        frozen(people, call, name=" ")
    assert not Scenario.objects.exists()


# --- before the meeting --------------------------------------------------------------------------
def test_a_deviation_without_a_reason_is_not_put_forward(people: Personas) -> None:
    call, cases = listing(people)
    lifted = {str(cases[2].pk): Choice("C")}
    silent = frozen(people, call, choices=lifted, common="")

    with pytest.raises(TransitionRefused, match=f"without a reason: {cases[2].number}"):
        put_forward_scenario(scenario=silent, meeting=MEETING, actor=people.head, at=NOON)

    told = proposed(people, call, choices=lifted, common="补链需要，样例。")
    assert (told.status, told.meeting, told.proposed_by) == (SC.PROPOSED, MEETING, people.head)
    waiting = Notification.objects.filter(kind="funding.list_proposed").values_list("recipient", flat=True)
    assert set(waiting) == {people.leader.pk, people.second_leader.pk}


def test_one_list_at_a_time(people: Personas) -> None:
    call, _cases = listing(people)
    other = frozen(people, call, name="方案二")
    first = proposed(people, call)

    with pytest.raises(TransitionRefused, match="put forward already"):
        put_forward_scenario(scenario=other, meeting=MEETING, actor=people.head, at=NOON)
    take_scenario_back(scenario=first, actor=people.head, note="改日再议", at=NOON)
    put_forward_scenario(scenario=other, meeting=MEETING, actor=people.head, at=NOON)
    assert (first.status, first.why_void, other.status) == (SC.VOID, "改日再议", SC.PROPOSED)


def test_what_is_not_graded_or_has_changed_or_costs_too_much_waits(people: Personas) -> None:
    call, cases = listing(people)
    scenario = frozen(people, call)
    cases[0].reviews.filter(ordinal=1).update(total=Decimal(60))
    with pytest.raises(TransitionRefused, match=f"changed since it was frozen: {cases[0].number}"):
        put_forward_scenario(scenario=scenario, meeting=MEETING, actor=people.head, at=NOON)

    open_call = make_call(people, budget=Decimal(100_000))
    graded(people, open_call, "79", "80", "81", status=S.REVIEWING, score=None)
    with pytest.raises(TransitionRefused) as refused:
        put_forward_scenario(scenario=frozen(people, open_call), meeting=MEETING, actor=people.head, at=NOON)
    said = [str(one) for one in refused.value.reasons]
    assert [one.split(":")[0] for one in said] == [
        "These do not wait for a decision", "The list exceeds the budget of the call.",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["acceptance", "leader", "finance", "supervisor", "expert", "lead"])
def test_only_officer_and_head_put_forward(people: Personas, name: str) -> None:
    call, _cases = listing(people)

    with pytest.raises(PermissionDenied):
        put_forward_scenario(scenario=frozen(people, call), meeting=MEETING, actor=getattr(people, name), at=NOON)


# --- approving -----------------------------------------------------------------------------------
def test_the_last_approval_decides_every_case_at_once(people: Personas) -> None:
    call, cases = listing(people)
    scenario = proposed(people, call)

    approve(people, scenario)
    assert (scenario.status, statuses(cases)) == (SC.PROPOSED, [S.GRADED] * 3)
    approve(people, scenario, people.second_leader)

    assert (scenario.status, scenario.decided_at) == (SC.DECIDED, NOON)
    assert statuses(cases) == [S.DECIDED, S.DECIDED, S.NOT_APPROVED]
    first = Application.objects.get(pk=cases[0].pk)
    assert (first.meeting, first.decided_by, first.decided_tier) == (MEETING, people.second_leader, "B")
    assert committed(call) == sum(scenario.places.values_list("amount", flat=True))
    assert {one.sha256 for one in scenario.approvals.all()} == {scenario.sha256}
    assert trail(scenario).filter(action=Action.APPROVE_LIST).count() == 2


@pytest.mark.parametrize("name", ["acceptance", "officer", "head", "finance", "supervisor", "expert", "lead"])
def test_only_leaders_approve(people: Personas, name: str) -> None:
    call, _cases = listing(people)
    scenario = proposed(people, call)

    with pytest.raises(PermissionDenied):
        approve(people, scenario, getattr(people, name))


@pytest.mark.parametrize("act", ["prepared", "proposed", "graded", "drew", "scored", "keeps away"])
def test_who_acted_in_a_case_does_not_approve(people: Personas, act: str) -> None:
    call, cases = listing(people)
    scenario = proposed(people, call)
    leader = people.leader
    if act in {"prepared", "proposed"}:
        Scenario.objects.update(**{f"{act}_by": leader})
    elif act == "graded":
        Application.objects.filter(pk=cases[1].pk).update(graded_by=leader)
    elif act == "drew":
        draw = make_draw(people)
        type(draw).objects.update(application=cases[1], prepared_by=leader)
    elif act == "scored":
        leader = people.experts[0].user
        give(leader, Role.LEADER)
    else:
        Recusal.objects.create(application=cases[2], person=leader, ground="样例", declared_by=leader, recused_at=NOON)
    scenario.refresh_from_db()

    with pytest.raises(PermissionDenied):
        approve(people, scenario, leader)


def test_the_second_click_and_another_hash_are_refused(people: Personas) -> None:
    call, _cases = listing(people)
    scenario = proposed(people, call)
    with pytest.raises(TransitionRefused, match="not the list that you have read"):
        approve_scenario(scenario=scenario, seen="0" * 64, actor=people.leader, at=NOON)
    approve(people, scenario)

    with pytest.raises(TransitionRefused, match="approved this list already"):
        approve(people, scenario)
    assert ScenarioApproval.objects.count() == 1


# --- void ----------------------------------------------------------------------------------------
def test_a_case_sent_back_makes_list_and_approvals_void_and_they_stay(people: Personas) -> None:
    call, cases = listing(people)
    scenario = proposed(people, call)
    approve(people, scenario)

    send_back_application(application=cases[1], actor=people.second_leader, note="请核实。", at=NOON)

    scenario.refresh_from_db()
    [approval] = scenario.approvals.all()
    assert (scenario.status, scenario.why_void) == (SC.VOID, f"{cases[1].number}: The grading was sent back.")
    assert (approval.voided_at, approval.why_void) == (NOON, "The grading was sent back.")
    assert Notification.objects.filter(kind="funding.list_void", recipient=people.leader).count() == 1
    with pytest.raises(TransitionRefused):
        approve(people, scenario, people.second_leader)
    assert statuses(cases) == [S.GRADED, S.REVIEWING, S.GRADED]


@pytest.mark.parametrize("declines", [True, False])
def test_a_case_decided_alone_makes_the_list_void(people: Personas, declines: bool) -> None:
    call, cases = listing(people)
    scenario = proposed(people, call)
    facts = {"application": cases[0], "actor": people.leader, "meeting": MEETING, "note": "样例理由", "at": NOON}

    if declines:
        decline_application(**facts)
    else:
        decide_application(**facts, tier="B", amount=B)

    scenario.refresh_from_db()
    assert (scenario.status, scenario.void_case) == (SC.VOID, cases[0])


def test_a_list_that_changed_without_a_word_is_not_approved(people: Personas) -> None:
    call, cases = listing(people)
    scenario = proposed(people, call)
    Application.objects.filter(pk=cases[0].pk).update(proposed_amount=A - 1)

    with pytest.raises(TransitionRefused, match="changed since it was frozen"):
        approve(people, scenario)


def test_who_steps_aside_afterwards_takes_its_approval_along(people: Personas) -> None:
    call, cases = listing(people)
    scenario = proposed(people, call)
    approve(people, scenario)

    step_aside(application=cases[0], actor=people.leader, ground="样例", at=NOON)

    [approval] = scenario.approvals.all()
    assert approval.why_void == "Keeps away from a case on the list."
    assert not Scenario.objects.visible_to(people.leader).exists()
    approve(people, scenario, people.second_leader)
    assert scenario.status == SC.PROPOSED


# --- alone or by a list --------------------------------------------------------------------------
def test_where_the_rules_say_so_nothing_is_decided_alone(people: Personas) -> None:
    call, cases = listing(people)
    call.rules.data = {**DEFAULT_RULES, "board": {"single": False, "approvals": 1}}
    call.rules.save()
    facts = {"application": cases[0], "actor": people.leader, "meeting": MEETING, "note": "样例理由", "at": NOON}

    with pytest.raises(TransitionRefused, match="decided together"):
        decide_application(**facts, tier="B", amount=B)
    with pytest.raises(TransitionRefused, match="decided together"):
        decline_application(**facts)
    call.refresh_from_db()
    approve(people, proposed(people, call))
    assert statuses(cases) == [S.DECIDED, S.DECIDED, S.NOT_APPROVED]


# --- the database --------------------------------------------------------------------------------
BREACHES: dict[str, Any] = {
    "a_person_approves_once": lambda s, p: ScenarioApproval.objects.create(
        scenario=s, approver=p.leader, approved_at=NOON, sha256=s.sha256
    ),
    "void_approval_says_why": lambda s, _p: s.approvals.update(voided_at=NOON),
    "approval_sha256_is_hex": lambda s, _p: s.approvals.update(sha256="x"),
    "approval_void_later": lambda s, _p: s.approvals.update(voided_at=NOON.replace(year=2020), void_reason="x"),
    "void_scenario_says_why": lambda s, _p: Scenario.objects.filter(pk=s.pk).update(status=SC.VOID),
    "decided_scenario_says_when": lambda s, _p: Scenario.objects.filter(pk=s.pk).update(status=SC.DECIDED),
    "proposed_scenario_has_a_meeting": lambda s, _p: Scenario.objects.filter(pk=s.pk).update(meeting=""),
    "scenario_sha256_is_hex": lambda s, _p: Scenario.objects.filter(pk=s.pk).update(sha256="x"),
    "scenario_has_a_name": lambda s, _p: Scenario.objects.filter(pk=s.pk).update(name=""),
    "scenario_needs_approval": lambda s, _p: Scenario.objects.filter(pk=s.pk).update(needed=0),
    "one_scenario_before_the_meeting": lambda s, _p: Scenario.objects.create(
        call=s.call, ordinal=9, name="x", status=SC.PROPOSED, prepared_by=s.prepared_by, prepared_at=NOON, frozen={},
        sha256=s.sha256, needed=2, meeting="x", proposed_by=s.prepared_by, proposed_at=NOON,
    ),
    "scenario_ordinal_once": lambda s, _p: Scenario.objects.create(
        call=s.call, ordinal=s.ordinal, name="x", prepared_by=s.prepared_by, prepared_at=NOON, frozen={},
        sha256=s.sha256, needed=2,
    ),
    "no_money_without_a_tier": lambda s, _p: s.places.update(tier=""),
    "scenario_amounts_not_negative": lambda s, _p: s.places.update(amount=-1),
    "place_in_a_scenario_once": lambda s, _p: s.places.update(position=1),
    "case_in_a_scenario_once": lambda s, _p: s.places.update(application=s.places.first().application),
}  # fmt: skip


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_keeps_what_must_always_be_true(people: Personas, name: str) -> None:
    call, _cases = listing(people)
    scenario = proposed(people, call)
    approve(people, scenario)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREACHES[name](scenario, people)


# --- races ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_leaders_approve_at_once_and_the_list_is_decided_once() -> None:
    people = Personas()
    call, cases = listing(people)
    scenario = proposed(people, call)
    first, second = people.leader, people.second_leader
    copies = [Scenario.objects.get(pk=scenario.pk) for _ in range(2)]

    results = at_once(lambda: approve(people, copies[0], first), lambda: approve(people, copies[1], second))

    scenario.refresh_from_db()
    assert (refusals(results), scenario.status) == (0, SC.DECIDED)
    assert [trail(one).filter(action__in=[Action.DECIDE, Action.DECLINE]).count() for one in cases] == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_case_sent_back_at_once_leave_one_truth() -> None:
    people = Personas()
    call, cases = listing(people)
    scenario = proposed(people, call)
    approve(people, scenario)
    first, second = people.leader, people.second_leader

    results = at_once(
        lambda: approve(people, Scenario.objects.get(pk=scenario.pk), second),
        lambda: send_back_application(application=cases[1], actor=first, note="请核实。", at=NOON),
    )

    scenario.refresh_from_db()
    assert refusals(results) == 1
    assert (scenario.status, statuses(cases)) in [
        (SC.DECIDED, [S.DECIDED, S.DECIDED, S.NOT_APPROVED]), (SC.VOID, [S.GRADED, S.REVIEWING, S.GRADED]),
    ]  # fmt: skip


# --- pages ---------------------------------------------------------------------------------------
def board_of(call: Any) -> str:
    return reverse("funding:tier-board", args=[call.pk])


def typed(page: Any, **facts: Any) -> dict[str, Any]:
    """What the form holds, with some of it changed."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | facts


@pytest.mark.parametrize(("name", "code"), [
    ("officer", 200), ("head", 200), ("leader", 200), ("finance", 200), ("supervisor", 200), ("acceptance", 403),
    ("district_officer", 403), ("expert", 403), ("lead", 403),
])  # fmt: skip
def test_who_may_open_board_and_scenarios(people: Personas, sign_in: Any, name: str, code: int) -> None:
    call, _cases = listing(people)
    scenario = frozen(people, call)
    client = sign_in(getattr(people, name))
    pages = [board_of(call), reverse("funding:call-scenarios", args=[call.pk])]
    own = [scenario.get_absolute_url(), reverse("funding:scenario-meeting", args=[scenario.pk])]

    assert {client.get(one).status_code for one in pages} == {code}
    assert {client.get(one).status_code for one in own} == {200 if code == 200 else 404}


def test_lines_are_moved_without_javascript_and_counted_again(people: Personas, sign_in: Any) -> None:
    call, cases = listing(people)
    client = sign_in(people.officer)
    page = client.get(board_of(call) + "?lines=rules")

    moved = client.post(board_of(call), typed(page, act="up-B"))
    board = moved.context["board"]

    assert [one.row.tier for one in board.rows] == ["B", "C", ""]
    assert moved.context["form"]["line_B"].value() == Decimal(80)
    assert [one.application for one in board.moving] == [cases[1]]
    assert not Scenario.objects.exists()


@pytest.mark.parametrize("facts", [{"line_A": "abc"}, {"line_A": ""}, {"line_B": "-1"}, {"weight_L": "1e3"}])
def test_nonsense_is_said_and_nothing_typed_is_lost(people: Personas, sign_in: Any, facts: Any) -> None:
    call, _cases = listing(people)
    client = sign_in(people.officer)
    [(field, value)] = facts.items()

    answer = client.post(board_of(call), typed(client.get(board_of(call)), **facts))

    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"][field].value() == value


def test_the_officer_freezes_on_the_page_and_the_second_click_gives_the_same(people: Personas, sign_in: Any) -> None:
    call, cases = listing(people)
    client = sign_in(people.officer)
    facts = typed(client.get(board_of(call) + "?lines=rules"), act="freeze", name="方案一")
    facts |= {f"tier_{cases[2].pk}": "C", f"reason_{cases[2].pk}": "补链需要。"}

    answer = client.post(board_of(call), facts)

    scenario = Scenario.objects.get()
    assert answer.url == scenario.get_absolute_url()
    assert list(scenario.places.values_list("tier", "reason")) == [("B", ""), ("B", ""), ("C", "补链需要。")]
    assert sign_in(people.leader).post(board_of(call), facts).status_code == 403
    assert Scenario.objects.count() == 1


def test_a_leader_reads_and_approves_on_the_page(people: Personas, sign_in: Any) -> None:
    call, _cases = listing(people)
    scenario = proposed(people, call)
    page, client = reverse("funding:scenario-approve", args=[scenario.pk]), sign_in(people.leader)
    seen = client.get(page).context["form"]["seen"].value()

    assert list(client.post(page, {"seen": seen}).context["form"].errors) == ["read"]
    assert client.post(page, {"seen": seen, "read": "on"}).status_code == 302
    assert client.post(page, {"seen": seen, "read": "on"}).status_code == 409
    assert scenario.approvals.get().approver == people.leader


def test_the_screen_of_the_meeting_names_no_expert_and_has_no_menu(people: Personas, sign_in: Any) -> None:
    call, cases = listing(people)
    scenario = proposed(people, call)
    client = sign_in(people.leader)
    page = reverse("funding:scenario-meeting", args=[scenario.pk])

    texts = [client.get(f"{page}?case={turn}").content.decode() for turn in (1, 2, 3, 0, 99)]

    assert [cases[n].number in texts[n] for n in range(3)] == [True] * 3
    names = [expert.user.name for expert in people.experts]
    assert not any(word in text for text in texts for word in [*names, 'class="side', "E01"])
    assert scenario.sha256 in texts[3]


QUERIES = 14


def test_the_board_costs_the_same_at_one_and_at_three_rows(
    people: Personas, sign_in: Any, django_assert_num_queries: Any
) -> None:
    call = make_call(people)
    graded(people, call, "79", "80", "81")
    client = sign_in(people.officer)
    client.get(board_of(call))
    for _ in range(2):
        with django_assert_num_queries(QUERIES):
            assert client.get(board_of(call)).context["board"].call == call
        for _ in range(2):
            graded(people, call, "79", "80", "81")


def test_whoever_keeps_away_finds_neither_case_nor_list(people: Personas, sign_in: Any) -> None:
    call, cases = listing(people)
    scenario = frozen(people, call)
    step_aside(application=cases[0], actor=people.leader, ground="样例", at=NOON)
    client = sign_in(people.leader)

    text = client.get(board_of(call)).content.decode()

    assert cases[0].number not in text
    assert client.get(scenario.get_absolute_url()).status_code == 404
    assert scenario.name not in client.get(reverse("funding:call-scenarios", args=[call.pk])).content.decode()
