"""The direct recognition of a platform: who takes which step when, what is frozen, told and refused."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import ConsortiumStatus, PlatformKind
from consortia.models import DirectRecognition, Platform
from consortia.rules.platforms import DirectAction, DirectStatus, PlatformState
from consortia.rules.recognition import DEFAULTS, Condition, Terms, last_day
from consortia.selectors.platforms import for_pages, public_platforms, state_of, terms_of
from consortia.services import directs
from consortia.services.directs import Finding, Hearing
from consortia.services.life import Paper
from consortia.workflow import DIRECT
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import make_direct, make_platform, meet, ready_consortium, recognised_facts
from tests.personas import Personas
from tests.races import at_once, refusals

D, X = DirectStatus, DirectAction
PAPER = Paper("样科认〔2026〕3号", "样例局务会", date(2026, 11, 10))
FIRST = date(2026, 11, 20)
HEARD = Hearing(True, 5, date(2026, 11, 15), "一致同意。")


def a_platform(people: Personas, **facts: Any) -> Platform:
    meet(people.district_officer, people.officer, people.head, people.leader)
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING, district=people.lead_org.district)
    return make_platform(consortium, **facts)


def proposed(people: Personas, **facts: Any) -> DirectRecognition:
    return directs.propose_direct(
        platform=a_platform(people, **facts), grounds="条件齐备。", actor=people.lead, at=NOON
    )


def supported(people: Personas, **facts: Any) -> DirectRecognition:
    case = proposed(people, **facts)
    return directs.opine_direct(case=case, supported=True, opinion="同意。", actor=people.district_officer, at=NOON)


def answers(case: DirectRecognition, *, met: bool = True, note: str = "现场核实") -> dict[Any, Finding]:
    return {row.pk: Finding(met or not row.hard, note) for row in case.conditions.all()}


def checked(people: Personas, *, met: bool = True, **facts: Any) -> DirectRecognition:
    case = supported(people, **facts)
    return directs.check_direct(case=case, findings=answers(case, met=met), actor=people.officer, at=NOON)


def tabled(people: Personas, *, met: bool = True) -> DirectRecognition:
    return directs.table_direct(case=checked(people, met=met), actor=people.officer, at=NOON)


def recognised(people: Personas) -> DirectRecognition:
    return directs.recognise_direct(
        case=tabled(people), paper=PAPER, valid_from=FIRST, actor=people.head, at=NOON, note="符合条件。"
    )


def told(kind: str) -> set[str]:
    rows = Notification.objects.filter(kind=f"consortia.{kind}")
    return {email.partition("@")[0] for email in rows.values_list("recipient__email", flat=True)}


# --- whole routes ------------------------------------------------------------------------------
def test_from_the_proposal_to_the_directory(people: Personas) -> None:
    case = recognised(people)

    directs.publish_direct(case=case, actor=people.officer, at=NOON)

    assert (case.status, case.document_number) == (D.RECOGNISED, PAPER.document_number)
    assert case.valid_until == date(2029, 11, 20)
    assert [row.platform for row in public_platforms()] == [case.platform]
    steps = [X.PUBLISH, X.RECOGNISE, X.TABLE, X.CHECK, X.OPINE]
    assert [entry.action for entry in trail(case)] == [step.value for step in steps]
    directs.conceal_direct(case=case, actor=people.officer, at=NOON)
    assert public_platforms().count() == 0


def test_everybody_is_told_whose_turn_it_is(people: Personas) -> None:
    recognised(people)

    names = {kind: told(kind) for kind in ("direct_proposed", "direct_opined", "direct_checked", "direct_tabled")}
    assert names == {
        "direct_proposed": {"district"}, "direct_opined": {"officer"}, "direct_checked": {"officer"},
        "direct_tabled": {"head", "leader"},
    }  # fmt: skip
    assert {"lead", "district", "officer"} <= told("direct_recognised")


def test_returned_completed_and_proposed_again(people: Personas) -> None:
    case = checked(people)

    directs.return_direct(case=case, actor=people.officer, at=NOON, note="请补充章程。")
    assert (case.status, case.returned_because) == (D.RETURNED, "请补充章程。")
    directs.resubmit_direct(case=case, grounds="已补充。", actor=people.lead, at=NOON)

    assert (case.status, case.opined_by, case.checked_by, case.supported) == (D.PROPOSED, None, None, None)
    assert set(case.conditions.values_list("met", flat=True)) == {None}


def test_the_district_sends_back_and_the_lead_withdraws(people: Personas) -> None:
    case = proposed(people)
    directs.send_back_direct(case=case, actor=people.district_officer, at=NOON, note="缺材料。")

    directs.withdraw_direct(case=case, actor=people.lead, at=NOON, note="暂不申请。")

    assert case.status == D.WITHDRAWN
    again = directs.propose_direct(platform=case.platform, grounds="再次提出。", actor=people.lead, at=NOON)
    assert (again.status, DirectRecognition.objects.count()) == (D.PROPOSED, 2)


def test_what_was_refused_may_be_proposed_again(people: Personas) -> None:
    case = tabled(people, met=False)

    with pytest.raises(TransitionRefused):
        directs.recognise_direct(
            case=case, paper=PAPER, valid_from=FIRST, actor=people.head, at=NOON, note="仍予认定。"
        )
    directs.refuse_direct(case=case, paper=PAPER, actor=people.head, at=NOON, note="条件不齐。")

    assert (case.status, case.reason, case.valid_until) == (D.NOT_RECOGNISED, "条件不齐。", None)
    assert directs.propose_direct(platform=case.platform, grounds="已补齐。", actor=people.lead, at=NOON).pk


def test_a_revoked_recognition_leaves_the_directory(people: Personas) -> None:
    case = recognised(people)
    directs.publish_direct(case=case, actor=people.officer, at=NOON)

    with pytest.raises(PermissionDenied):
        directs.revoke_direct(case=case, paper=PAPER, actor=people.head, at=NOON, note="停止运行。")
    directs.revoke_direct(case=case, paper=PAPER, actor=people.leader, at=NOON, note="停止运行。")

    assert (case.status, case.published_on, public_platforms().count()) == (D.REVOKED, None, 0)


# --- before the proposal -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: one.co_builders.all().delete(), "two parties"),
        (lambda one: one.co_builders.update(share=None), "share of every builder"),
        (lambda one: Platform.objects.filter(pk=one.pk).update(share=None), "share of every builder"),
        (lambda one: Platform.objects.filter(pk=one.pk).update(kind=PlatformKind.PARK), "not recognised directly"),
    ],
)
def test_what_a_platform_needs_first(people: Personas, change: Any, words: str) -> None:
    platform = a_platform(people)
    change(platform)

    with pytest.raises(TransitionRefused) as refusal:
        directs.propose_direct(platform=platform, grounds="条件齐备。", actor=people.lead, at=NOON)

    assert [words in str(reason) for reason in refusal.value.reasons] == [True]


def test_a_consortium_in_preparation_proposes_nothing(people: Personas) -> None:
    platform = make_platform(ready_consortium(people))

    with pytest.raises(TransitionRefused):
        directs.propose_direct(platform=platform, grounds="条件齐备。", actor=people.lead, at=NOON)


def test_a_recognition_is_renewed_in_its_last_half_year(people: Personas) -> None:
    platform = a_platform(people)
    facts = recognised_facts(people.head)
    make_direct(platform, people.lead, **facts)
    early = NOON + timedelta(days=1)
    late = NOON + 600 * DAY

    with pytest.raises(TransitionRefused):
        directs.propose_direct(platform=platform, grounds="续期。", actor=people.lead, at=early)
    case = directs.propose_direct(platform=platform, grounds="续期。", actor=people.lead, at=late)

    assert case.status == D.PROPOSED


@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_once_are_one() -> None:
    people = Personas()
    platform = a_platform(people)
    meet(people.lead)

    results = at_once(
        *[lambda: directs.propose_direct(platform=platform, grounds="条件齐备。", actor=people.lead, at=NOON)] * 2
    )

    assert (refusals(results), DirectRecognition.objects.count()) == (1, 1)


# --- who may -----------------------------------------------------------------------------------
STEPS: list[tuple[str, DirectStatus, set[str]]] = [
    (X.OPINE, D.PROPOSED, {"district_officer"}),
    (X.SEND_BACK, D.PROPOSED, {"district_officer"}),
    (X.ATTACH, D.PROPOSED, {"lead"}),
    (X.CHECK, D.DISTRICT_OPINION, {"officer", "second_officer"}),
    (X.HEAR, D.CONDITION_CHECK, {"officer", "second_officer"}),
    (X.RETURN, D.CONDITION_CHECK, {"officer", "second_officer"}),
    (X.TABLE, D.CONDITION_CHECK, {"officer", "second_officer"}),
    (X.RECOGNISE, D.MEETING, {"head", "leader"}),
    (X.REFUSE, D.MEETING, {"head", "leader"}),
    (X.RESUBMIT, D.RETURNED, {"lead"}),
    (X.WITHDRAW, D.PROPOSED, {"lead"}),
]
CAST = [
    "lead", "signatory", "university_confirmer", "rival", "district_officer", "other_district_officer", "officer",
    "second_officer", "head", "leader", "finance", "supervisor", "expert", "system_admin",
]  # fmt: skip


@pytest.mark.parametrize(("action", "status", "who"), STEPS)
def test_who_may_take_which_step(people: Personas, action: str, status: str, who: set[str]) -> None:
    case = make_direct(a_platform(people), people.lead, status=status)

    assert {name for name in CAST if action in DIRECT.offered(case, getattr(people, name))} == who


def test_who_prepared_does_not_decide(people: Personas) -> None:
    case = make_direct(a_platform(people), people.lead, status=D.MEETING, checked_by=people.head)

    assert X.RECOGNISE not in DIRECT.offered(case, people.head)
    assert X.RECOGNISE in DIRECT.offered(case, people.leader)


def test_every_step_is_refused_in_every_other_state(people: Personas) -> None:
    case = make_direct(a_platform(people), people.lead)

    open_now = {action for action in DIRECT.transitions if not DIRECT.obstacles(case, action, NOON)}

    assert open_now == {X.ATTACH, X.DETACH, X.OPINE, X.SEND_BACK, X.WITHDRAW}


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one() -> None:
    people = Personas()
    case = tabled(people)
    meet(people.head, people.leader)

    results = at_once(
        lambda: directs.recognise_direct(
            case=DirectRecognition.objects.get(), paper=PAPER, valid_from=FIRST, actor=people.head, at=NOON, note="可。"
        ),
        lambda: directs.refuse_direct(
            case=DirectRecognition.objects.get(), paper=PAPER, actor=people.leader, at=NOON, note="不可。"
        ),
    )

    case.refresh_from_db()
    assert (refusals(results), case.status in {D.RECOGNISED, D.NOT_RECOGNISED}) == (1, True)


# --- the check ---------------------------------------------------------------------------------
def test_the_check_keeps_the_figure_and_needs_a_remark_against_it(people: Personas) -> None:
    case = supported(people, kind=PlatformKind.INCUBATOR)
    area = case.conditions.get(measure="AREA")
    bare = answers(case, note="") | {area.pk: Finding(True, "")}

    with pytest.raises(ValidationError) as refusal:
        directs.check_direct(case=case, findings=bare, actor=people.officer, at=NOON)
    assert list(refusal.value.message_dict) == [f"{area.pk}-note"]
    directs.check_direct(
        case=case, findings=bare | {area.pk: Finding(True, "另有二期两千平方米")}, actor=people.officer, at=NOON
    )

    area.refresh_from_db()
    assert (area.value, area.met, area.note) == (Decimal(1200), True, "另有二期两千平方米")


def test_every_condition_is_answered(people: Personas) -> None:
    case = supported(people)

    with pytest.raises(ValidationError):
        directs.check_direct(case=case, findings={}, actor=people.officer, at=NOON)

    case.refresh_from_db()
    assert case.status == D.DISTRICT_OPINION


def test_where_experts_are_asked_they_are_heard_first(people: Personas) -> None:
    case = checked(people, kind=PlatformKind.KEY_LAB)

    with pytest.raises(TransitionRefused):
        directs.table_direct(case=case, actor=people.officer, at=NOON)
    directs.hear_direct(case=case, hearing=HEARD, evidence=None, actor=people.officer, at=NOON)
    directs.table_direct(case=case, actor=people.officer, at=NOON)

    assert (case.status, case.expert_count, case.favoured) == (D.MEETING, 5, True)


def test_a_decision_names_its_paper_its_reason_and_a_fresh_number(people: Personas) -> None:
    case = tabled(people)
    make_direct(make_platform(case.platform.consortium), people.lead, **recognised_facts(people.head))
    used = Paper("样科认〔2025〕1号", "样例局务会", date(2026, 11, 10))

    for paper, note, field in ((Paper(), "可。", "meeting"), (PAPER, " ", "note"), (used, "可。", "document_number")):
        with pytest.raises(ValidationError) as refusal:
            directs.recognise_direct(case=case, paper=paper, valid_from=FIRST, actor=people.head, at=NOON, note=note)
        assert field in refusal.value.message_dict


# --- the conditions ----------------------------------------------------------------------------
def test_a_new_version_holds_for_new_cases_only(people: Personas) -> None:
    running = proposed(people)
    before = running.conditions.count()
    terms = Terms((Condition("样例条件", "Sample condition"),), years=5)

    version = directs.set_terms(
        kind=PlatformKind.ACADEMICIAN, terms=terms, basis="样科〔2026〕5号", actor=people.head, at=NOON
    )

    assert (version.version, terms_of(PlatformKind.ACADEMICIAN)[0]) == (1, terms)
    assert (running.conditions.count(), before) == (5, 5)
    other = make_platform(running.platform.consortium)
    case = directs.propose_direct(platform=other, grounds="条件齐备。", actor=people.lead, at=NOON)
    assert ([str(row) for row in case.conditions.all()], case.years) == (["Sample condition"], 5)


@pytest.mark.parametrize("who", ["officer", "leader", "lead", "district_officer", "system_admin"])
def test_the_head_alone_sets_conditions(people: Personas, who: str) -> None:
    terms = Terms((Condition("样例条件", "Sample condition"),))

    with pytest.raises(PermissionDenied):
        directs.set_terms(kind="KEY_LAB", terms=terms, basis="样例", actor=getattr(people, who), at=NOON)


def test_a_checklist_has_conditions_and_complete_measures(people: Personas) -> None:
    half = Condition("样例条件", "Sample condition", True, "AREA")

    for terms in (Terms(()), Terms((half,)), Terms((Condition("样例", "sample"),) * 11)):
        with pytest.raises(ValidationError):
            directs.set_terms(kind="KEY_LAB", terms=terms, basis="样例", actor=people.head, at=NOON)


def test_defaults_can_be_stored_as_they_are() -> None:
    assert all(Condition.of(one.data()) == one for terms in DEFAULTS.values() for one in terms.conditions)


def test_a_term_of_years() -> None:
    assert (last_day(date(2026, 3, 1), 3), last_day(date(2028, 2, 29), 3)) == (date(2029, 3, 1), date(2031, 2, 28))


# --- the clock ---------------------------------------------------------------------------------
def test_the_end_is_announced_once(people: Personas) -> None:
    platform = a_platform(people)
    meet(people.lead)
    make_direct(platform, people.lead, **recognised_facts(people.head))
    late = NOON + 700 * DAY

    counts = [directs.remind_of_ends(at=when) for when in (NOON, late, late)]

    assert (counts, told("direct_ending")) == ([0, 1, 0], {"lead"})


def test_how_far_a_platform_is(people: Personas) -> None:
    platform = a_platform(people, opened_on=None)
    today = NOON.date()

    def state(day: date = today) -> PlatformState:
        return state_of(for_pages(Platform.objects.filter(pk=platform.pk)).get(), day)

    found = [state()]
    case = make_direct(platform, people.lead)
    found.append(state())
    DirectRecognition.objects.filter(pk=case.pk).update(**recognised_facts(people.head))
    found += [state(), state(date(2029, 1, 1))]

    assert found == [
        PlatformState.BUILDING, PlatformState.PROPOSED, PlatformState.RECOGNISED, PlatformState.EXPIRED,
    ]  # fmt: skip
