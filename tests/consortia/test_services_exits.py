"""The exit case: who may take which step when, what is written, and what becomes of the consortium."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import ConsortiumStatus, ExitMeasure, ExitStatus, ExitTrigger
from consortia.models import Consortium, ExitCase
from consortia.services import exits
from consortia.services.consortia import rectify_consortium
from consortia.services.exits import Settlement
from consortia.services.life import Paper
from consortia.workflow import EXIT_CASE
from members.enums import IntegrityLevel, Role
from members.models import IntegrityRecord
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, make_exit_case, ready_consortium
from tests.factories.members import give
from tests.personas import Personas
from tests.races import at_once, refusals

S, E, T = ConsortiumStatus, ExitStatus, ExitTrigger
PAPER = Paper("样科〔2026〕9号", "样例局务会", date(2026, 11, 10))
SETTLED = Settlement("结余收回。", "归原权利人。", "移交牵头单位。", Decimal(1000), no_fault=True)
FAULTY = Settlement("全额收回。", "归原权利人。", "移交牵头单位。", Decimal(1000))


def operating(people: Personas, **facts: Any) -> Consortium:
    return ready_consortium(people, status=S.OPERATING, **facts)


def heard(people: Personas, trigger: str) -> ExitCase:
    case = exits.open_exit(
        consortium=operating(people), trigger=trigger, grounds="样例事由。", actor=people.officer, at=NOON
    )
    exits.serve_notice(case=case, notice_number="样科告〔2026〕1号", actor=people.officer, at=NOON, note="拟撤销。")
    return exits.record_delivery(case=case, actor=people.signatory, at=NOON)


def decided(people: Personas, trigger: str, measure: str, settlement: Settlement, level: str = "") -> ExitCase:
    case = heard(people, trigger)
    exits.file_statement(case=case, statement="请予宽限。", evidence=None, actor=people.lead, at=NOON)
    exits.assess_exit(case=case, settlement=settlement, actor=people.officer, at=NOON)
    exits.decide_exit(
        case=case, measure=measure, integrity_level=level, paper=PAPER, actor=people.leader, at=NOON, note="研究。"
    )
    return exits.publicise_exit(case=case, actor=people.officer, at=NOON)


AFTER = NOON + 8 * DAY


# --- whole routes ------------------------------------------------------------------------------
def test_the_no_fault_route_leaves_no_record(people: Personas) -> None:
    case = decided(people, T.LOW_OUTPUT, ExitMeasure.EXIT, SETTLED)

    exits.close_exit(case=case, actor=people.head, at=AFTER)

    consortium = Consortium.objects.get(pk=case.consortium_id)
    assert (case.status, consortium.status, consortium.leaving_since) == (E.CLOSED, S.EXITED, None)
    assert IntegrityRecord.objects.count() == 0
    assert [one.kind for one in consortium.life.order_by("at", "created_at", "id")][-1] == "exit"


def test_the_violation_route_writes_one_record_and_revokes(people: Personas) -> None:
    case = decided(people, T.VIOLATION, ExitMeasure.REVOKE, FAULTY, IntegrityLevel.SERIOUS)

    exits.close_exit(case=case, actor=people.leader, at=AFTER)

    record = IntegrityRecord.objects.get()
    assert Consortium.objects.get(pk=case.consortium_id).status == S.REVOKED
    assert (record.organisation, record.level, record.source, record.effective_from) == (
        people.lead_org, IntegrityLevel.SERIOUS, "样科〔2026〕9号", date(2026, 11, 26),
    )  # fmt: skip
    with pytest.raises(TransitionRefused):
        exits.close_exit(case=case, actor=people.leader, at=AFTER)
    assert IntegrityRecord.objects.count() == 1


def test_who_leaves_of_its_own_will_is_settled_at_once(people: Personas) -> None:
    case = exits.request_exit(consortium=operating(people), grounds="业务调整。", actor=people.signatory, at=NOON)

    with pytest.raises(TransitionRefused):
        exits.serve_notice(case=case, notice_number="1号", actor=people.officer, at=NOON, note="不需要。")
    exits.assess_exit(case=case, settlement=SETTLED, actor=people.officer, at=NOON)

    assert (case.status, case.trigger, case.no_fault) == (E.ASSESSED, T.VOLUNTARY, True)


def test_a_case_closes_a_rectification_too(people: Personas) -> None:
    case = decided(people, T.UNQUALIFIED, ExitMeasure.REVOKE, FAULTY)
    Consortium.objects.update(status=S.RECTIFYING, rectify_by=date(2027, 1, 1))

    exits.close_exit(case=case, actor=people.head, at=AFTER)

    stored = Consortium.objects.get(pk=case.consortium_id)
    assert (stored.status, stored.rectify_by) == (S.REVOKED, None)


def test_a_reversed_decision_leaves_the_consortium_at_work(people: Personas) -> None:
    case = decided(people, T.UNQUALIFIED, ExitMeasure.EXIT, FAULTY)
    exits.appeal_exit(case=case, appeal="认定有误。", evidence=None, actor=people.signatory, at=NOON)

    exits.reverse_exit(case=case, actor=people.supervisor, at=NOON, note="认定有误，予以撤销。")

    stored = Consortium.objects.get(pk=case.consortium_id)
    assert (case.status, stored.status, stored.leaving_since) == (E.REVERSED, S.OPERATING, None)
    rectify_consortium(consortium=stored, actor=people.head, at=NOON, note="另行整改。")


def test_an_upheld_decision_may_be_closed_at_once(people: Personas) -> None:
    case = decided(people, T.UNQUALIFIED, ExitMeasure.EXIT, FAULTY)
    exits.appeal_exit(case=case, appeal="认定有误。", evidence=None, actor=people.lead, at=NOON)
    exits.uphold_exit(case=case, actor=people.supervisor, at=NOON, note="事实清楚。")

    exits.close_exit(case=case, actor=people.head, at=NOON)

    assert Consortium.objects.get(pk=case.consortium_id).status == S.EXITED


# --- opening -----------------------------------------------------------------------------------
def test_one_case_at_a_time(people: Personas) -> None:
    consortium = operating(people)
    case = exits.open_exit(
        consortium=consortium, trigger=T.LOST_CONTACT, grounds="失联。", actor=people.officer, at=NOON
    )

    assert (case.number, consortium.leaving_since) == ("TC-2026-0001", NOON.date())
    with pytest.raises(TransitionRefused):
        exits.open_exit(consortium=consortium, trigger=T.LOST_CONTACT, grounds="失联。", actor=people.officer, at=NOON)
    with pytest.raises(TransitionRefused):
        exits.request_exit(consortium=consortium, grounds="退出。", actor=people.signatory, at=NOON)


@pytest.mark.parametrize("status", [S.PREPARING, S.GRADUATED, S.EXITED, S.REVOKED])
def test_only_a_consortium_at_work_leaves(people: Personas, status: str) -> None:
    with pytest.raises(TransitionRefused):
        exits.open_exit(
            consortium=make_consortium(people, status=status), trigger=T.UNQUALIFIED, grounds="不合格。",
            actor=people.officer, at=NOON,
        )  # fmt: skip


@pytest.mark.parametrize("who", ["lead", "signatory", "rival", "head", "leader", "district_officer", "supervisor"])
def test_only_the_officer_opens(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        exits.open_exit(
            consortium=operating(people), trigger=T.UNQUALIFIED, grounds="不合格。", actor=getattr(people, who), at=NOON
        )


@pytest.mark.parametrize("who", ["lead", "rival", "officer", "head", "university_confirmer"])
def test_only_the_signatory_asks_to_leave(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        exits.request_exit(consortium=operating(people), grounds="退出。", actor=getattr(people, who), at=NOON)


def test_the_bureau_does_not_open_a_voluntary_case(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        exits.open_exit(
            consortium=operating(people), trigger=T.VOLUNTARY, grounds="退出。", actor=people.officer, at=NOON
        )

    assert sorted(refusal.value.message_dict) == ["trigger"]


# --- deadlines ---------------------------------------------------------------------------------
def test_ten_working_days_to_speak(people: Personas) -> None:
    case = heard(people, T.UNQUALIFIED)
    last = NOON.replace(month=12, day=2)

    assert case.statement_due == date(2026, 12, 2)
    with pytest.raises(TransitionRefused):
        exits.assess_exit(case=case, settlement=FAULTY, actor=people.officer, at=last)
    with pytest.raises(TransitionRefused):
        exits.file_statement(case=case, statement="迟了。", evidence=None, actor=people.lead, at=last + DAY)
    exits.file_statement(case=case, statement="及时。", evidence=None, actor=people.lead, at=last)
    with pytest.raises(TransitionRefused):
        exits.file_statement(case=case, statement="再说一次。", evidence=None, actor=people.lead, at=last)
    exits.assess_exit(case=case, settlement=FAULTY, actor=people.officer, at=last)


def test_who_stays_silent_has_been_heard(people: Personas) -> None:
    case = heard(people, T.LOST_CONTACT)

    exits.assess_exit(case=case, settlement=FAULTY, actor=people.officer, at=NOON + 20 * DAY)

    assert case.status == E.ASSESSED


def test_the_decision_waits_for_the_end_of_publicity(people: Personas) -> None:
    case = decided(people, T.UNQUALIFIED, ExitMeasure.EXIT, FAULTY)

    assert case.publicised_to == date(2026, 11, 25)
    with pytest.raises(TransitionRefused):
        exits.close_exit(case=case, actor=people.head, at=NOON + 7 * DAY)
    with pytest.raises(TransitionRefused):
        exits.appeal_exit(case=case, appeal="迟了。", evidence=None, actor=people.lead, at=AFTER)
    exits.appeal_exit(case=case, appeal="及时。", evidence=None, actor=people.lead, at=NOON + timedelta(days=7))


# --- separation of duties ----------------------------------------------------------------------
def test_who_opened_does_not_decide(people: Personas) -> None:
    give(people.officer, Role.HEAD)
    case = heard(people, T.UNQUALIFIED)
    exits.assess_exit(case=case, settlement=FAULTY, actor=people.officer, at=NOON + 20 * DAY)

    with pytest.raises(PermissionDenied):
        exits.decide_exit(
            case=case, measure=ExitMeasure.EXIT, paper=PAPER, actor=people.officer, at=NOON, note="自行决定。"
        )
    with pytest.raises(PermissionDenied):
        exits.dismiss_exit(case=case, actor=people.officer, at=NOON, note="自行撤案。")


def test_who_decided_does_not_hear_the_appeal(people: Personas) -> None:
    case = decided(people, T.UNQUALIFIED, ExitMeasure.EXIT, FAULTY)
    exits.appeal_exit(case=case, appeal="认定有误。", evidence=None, actor=people.lead, at=NOON)

    with pytest.raises(PermissionDenied):
        exits.uphold_exit(case=case, actor=people.leader, at=NOON, note="维持。")


def test_only_the_leader_revokes(people: Personas) -> None:
    case = heard(people, T.UNQUALIFIED)
    exits.assess_exit(case=case, settlement=FAULTY, actor=people.officer, at=NOON + 20 * DAY)

    with pytest.raises(PermissionDenied):
        exits.decide_exit(case=case, measure=ExitMeasure.REVOKE, paper=PAPER, actor=people.head, at=NOON, note="撤销。")


@pytest.mark.parametrize(
    ("trigger", "settlement", "measure", "level", "field"),
    [
        (T.LOW_OUTPUT, SETTLED, ExitMeasure.REVOKE, "", "measure"),
        (T.LOW_OUTPUT, SETTLED, ExitMeasure.EXIT, IntegrityLevel.MINOR, "integrity_level"),
        (T.VIOLATION, FAULTY, ExitMeasure.REVOKE, "", "integrity_level"),
        (T.UNQUALIFIED, FAULTY, ExitMeasure.REVOKE, IntegrityLevel.MINOR, "integrity_level"),
    ],
)
def test_measures_fit_the_case(
    people: Personas, trigger: str, settlement: Settlement, measure: str, level: str, field: str
) -> None:
    case = heard(people, trigger)
    exits.assess_exit(case=case, settlement=settlement, actor=people.officer, at=NOON + 20 * DAY)

    with pytest.raises(ValidationError) as refusal:
        exits.decide_exit(
            case=case, measure=measure, integrity_level=level, paper=PAPER, actor=people.leader, at=NOON, note="理由"
        )

    assert sorted(refusal.value.message_dict) == [field]


def test_a_violation_is_never_without_fault(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        exits.assess_exit(case=heard(people, T.VIOLATION), settlement=SETTLED, actor=people.officer, at=NOON + 20 * DAY)

    assert sorted(refusal.value.message_dict) == ["no_fault"]


# --- taken back ----------------------------------------------------------------------------------
def asked_for(people: Personas) -> ExitCase:
    return exits.request_exit(consortium=operating(people), grounds="战略调整。", actor=people.signatory, at=NOON)


@pytest.mark.parametrize("assessed", [False, True])
def test_the_lead_takes_its_application_back_until_a_meeting_decides(people: Personas, assessed: bool) -> None:
    officer, case = people.officer, asked_for(people)
    if assessed:
        exits.assess_exit(case=case, settlement=SETTLED, actor=officer, at=NOON)

    exits.withdraw_exit(case=case, actor=people.signatory, at=NOON + DAY, note="新一轮投资已到位。")

    consortium = Consortium.objects.get(pk=case.consortium_id)
    event = consortium.life.filter(kind="withdraw_exit").get()
    told = set(Notification.objects.filter(kind="consortia.exit_withdrawn").values_list("recipient", flat=True))
    assert (case.status, case.ended_on, consortium.leaving_since) == (E.WITHDRAWN, date(2026, 11, 19), None)
    assert (event.by, event.reason) == (people.lead_org.name, "新一轮投资已到位。")
    assert officer.pk in told
    assert people.signatory.pk not in told
    again = exits.request_exit(consortium=consortium, grounds="仍要退出。", actor=people.signatory, at=NOON + DAY)
    assert again.status == E.OPENED


def test_what_the_bureau_has_opened_is_not_taken_back(people: Personas) -> None:
    case = exits.open_exit(
        consortium=operating(people), trigger=T.UNQUALIFIED, grounds="不合格。", actor=people.officer, at=NOON
    )

    with pytest.raises(TransitionRefused) as refusal:
        exits.withdraw_exit(case=case, actor=people.signatory, at=NOON, note="不同意。")

    said = "The bureau has opened this case; only the lead's own application is taken back."
    assert [str(one) for one in refusal.value.reasons] == [said]


def test_an_application_taken_back_gives_its_reason_and_is_decided_no_more(people: Personas) -> None:
    case = asked_for(people)

    with pytest.raises(ValidationError) as error:
        exits.withdraw_exit(case=case, actor=people.signatory, at=NOON, note=" ")
    exits.withdraw_exit(case=case, actor=people.signatory, at=NOON, note="继续建设。")
    with pytest.raises(TransitionRefused):
        exits.withdraw_exit(case=case, actor=people.signatory, at=NOON, note="继续建设。")
    with pytest.raises(TransitionRefused):
        exits.assess_exit(case=case, settlement=SETTLED, actor=people.officer, at=NOON)

    assert list(error.value.error_dict) == ["note"]


# --- the table ---------------------------------------------------------------------------------
Step = Callable[[ExitCase, Personas], ExitCase]
STEPS: dict[str, Step] = {
    "serve_notice": lambda c, p: exits.serve_notice(case=c, notice_number="1", actor=p.officer, at=NOON, note="告知"),
    "record_delivery": lambda c, p: exits.record_delivery(case=c, actor=p.signatory, at=NOON),
    "file_statement": lambda c, p: exits.file_statement(case=c, statement="陈述", evidence=None, actor=p.lead, at=NOON),
    "assess_exit": lambda c, p: exits.assess_exit(case=c, settlement=FAULTY, actor=p.officer, at=NOON),
    "decide_exit": lambda c, p: exits.decide_exit(
        case=c, measure=ExitMeasure.EXIT, paper=PAPER, actor=p.head, at=NOON, note="决定"
    ),
    "publicise_exit": lambda c, p: exits.publicise_exit(case=c, actor=p.officer, at=NOON),
    "appeal_exit": lambda c, p: exits.appeal_exit(case=c, appeal="申诉", evidence=None, actor=p.lead, at=NOON),
    "uphold_exit": lambda c, p: exits.uphold_exit(case=c, actor=p.supervisor, at=NOON, note="维持"),
    "reverse_exit": lambda c, p: exits.reverse_exit(case=c, actor=p.supervisor, at=NOON, note="撤销"),
    "close_exit": lambda c, p: exits.close_exit(case=c, actor=p.head, at=AFTER),
    "dismiss_exit": lambda c, p: exits.dismiss_exit(case=c, actor=p.head, at=NOON, note="撤案"),
    "withdraw_exit": lambda c, p: exits.withdraw_exit(case=c, actor=p.signatory, at=NOON, note="继续建设"),
}
TABLE: dict[tuple[str, str], str] = {
    ("OPENED", "serve_notice"): "NOTICE_SERVED",
    ("OPENED", "dismiss_exit"): "DISMISSED",
    ("NOTICE_SERVED", "record_delivery"): "STATEMENT_PERIOD",
    ("NOTICE_SERVED", "dismiss_exit"): "DISMISSED",
    ("STATEMENT_PERIOD", "file_statement"): "STATEMENT_PERIOD",
    ("STATEMENT_PERIOD", "dismiss_exit"): "DISMISSED",
    ("ASSESSED", "decide_exit"): "MEETING_DECIDED",
    ("ASSESSED", "dismiss_exit"): "DISMISSED",
    ("MEETING_DECIDED", "publicise_exit"): "PUBLICISED",
    ("PUBLICISED", "appeal_exit"): "APPEALED",
    ("PUBLICISED", "close_exit"): "CLOSED",
    ("APPEALED", "uphold_exit"): "UPHELD",
    ("APPEALED", "reverse_exit"): "REVERSED",
    ("UPHELD", "close_exit"): "CLOSED",
}  # a case that was not heard is not assessed, one of the bureau not taken back: both have tests of their own


def _standing(people: Personas, status: str) -> ExitCase:
    facts: dict[str, Any] = {"statement_due": date(2026, 12, 2)}
    if status in {"MEETING_DECIDED", "PUBLICISED", "APPEALED", "UPHELD", "REVERSED", "CLOSED"}:
        facts |= {"measure": "EXIT", "decided_by": people.leader, "document_number": "1", "meeting": "会"}
        facts |= {"meeting_on": date(2026, 11, 10), "publicised_to": date(2026, 11, 25)}
    return make_exit_case(operating(people), people.officer, status=status, **facts)


def test_every_step_is_in_the_table_of_this_test() -> None:
    assert sorted(STEPS) == sorted(EXIT_CASE.transitions)


@pytest.mark.parametrize("status", E.values)
def test_statuses_move_by_the_table_only(people: Personas, status: str) -> None:
    reached = {}
    for name, take in STEPS.items():
        case = _standing(people, status)
        try:
            take(case, people)
        except TransitionRefused:
            pass
        else:
            reached[status, name] = str(case.status)
        assert ExitCase.objects.get(pk=case.pk).status == reached.get((status, name), status)

    assert reached == {move: target for move, target in TABLE.items() if move[0] == status}


WHO: dict[str, set[str]] = {
    "serve_notice": {"officer"},
    "record_delivery": {"officer", "lead", "signatory"},
    "file_statement": {"lead", "signatory"},
    "assess_exit": {"officer"},
    "decide_exit": {"head", "leader"},
    "publicise_exit": {"officer"},
    "appeal_exit": {"lead", "signatory"},
    "uphold_exit": {"leader", "supervisor"},
    "reverse_exit": {"leader", "supervisor"},
    "close_exit": {"head", "leader"},
    "dismiss_exit": {"head", "leader"},
    "withdraw_exit": {"signatory"},
}
CAST = (
    "lead", "signatory", "university_confirmer", "rival", "district_officer", "officer", "head", "leader", "finance",
    "supervisor", "system_admin",
)  # fmt: skip


def test_who_is_offered_which_step(people: Personas) -> None:
    found: dict[str, set[str]] = {name: set() for name in WHO}
    consortium = operating(people)
    for status in E.values:
        case = ExitCase(consortium=consortium, status=status, opened_by=people.finance)
        for who in CAST:
            for name in EXIT_CASE.offered(case, getattr(people, who)):
                found[name].add(who)

    assert found == WHO


def test_each_step_is_in_the_trail(people: Personas) -> None:
    case = decided(people, T.UNQUALIFIED, ExitMeasure.EXIT, FAULTY)

    assert sorted(entry.action for entry in trail(case)) == [
        "assess_exit", "decide_exit", "file_statement", "publicise_exit", "record_delivery", "serve_notice",
    ]  # fmt: skip
    assert sorted(entry.action for entry in trail(case.consortium)) == ["open_exit"]


# --- two at once -------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_stands() -> None:
    people = Personas()
    case = exits.request_exit(consortium=operating(people), grounds="业务调整。", actor=people.signatory, at=NOON)
    exits.assess_exit(case=case, settlement=SETTLED, actor=people.officer, at=NOON)
    head, leader = people.head, people.leader

    def decide(actor: Any, note: str) -> Any:
        fresh = ExitCase.objects.get(pk=case.pk)
        return exits.decide_exit(
            case=fresh, measure=ExitMeasure.EXIT, paper=PAPER, actor=actor, at=NOON, note=note
        )  # fmt: skip

    results = at_once(lambda: decide(head, "甲"), lambda: decide(leader, "乙"))

    case.refresh_from_db()
    decisions = [entry.actor_id for entry in trail(case) if entry.action == "decide_exit"]
    assert (refusals(results), case.status, decisions) == (1, E.MEETING_DECIDED, [case.decided_by_id])


@pytest.mark.django_db(transaction=True)
def test_a_case_closed_by_two_at_once_ends_once() -> None:
    people = Personas()
    case = decided(people, T.VIOLATION, ExitMeasure.REVOKE, FAULTY, IntegrityLevel.SERIOUS)
    head, leader = people.head, people.leader

    results = at_once(
        *[
            lambda actor=actor: exits.close_exit(case=ExitCase.objects.get(pk=case.pk), actor=actor, at=AFTER)
            for actor in (head, leader)
        ]
    )

    assert (refusals(results), IntegrityRecord.objects.count()) == (1, 1)
