"""What follows from a year: proposed by its rules, decided by a person who did not grade it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from consortia.enums import ConsortiumStatus, Tier
from consortia.models import Consortium, Rectification
from funding.enums import AccountKind, TrancheCondition, TrancheStatus
from funding.models import Award, LedgerAccount, Posting, Tranche
from funding.services.tranches import cancel_tranche, hold_tranche
from portal.kernel.models import Notification
from portal.kernel.models.audit import AuditEntry
from portal.kernel.workflow import TransitionRefused
from reports.enums import ConsequenceKind, ConsequenceStatus, EvaluationStatus, Grade
from reports.exporters.awards import checked_to_the_end, with_paid
from reports.exporters.statistics import by_tier
from reports.figures import Line, Sheet, following
from reports.models import Consequence, Evaluation
from reports.rules import DEFAULT_EVALUATION
from reports.selectors.yearly import consequences_to_decide, exits_to_open
from reports.services.consequences import Decision, decide_consequences
from reports.services.grading import finalise_evaluation, mark_absent
from tests.clock import DAY, NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_award, make_contract, make_tranche
from tests.factories.reports import make_cycle, make_evaluation
from tests.personas import Personas
from tests.races import at_once, refusals

D = Decimal
K, S, T, E = ConsequenceKind, ConsequenceStatus, TrancheStatus, EvaluationStatus
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def waiting_tranche(people: Personas, **facts: Any) -> Tranche:
    """The second tranche of an operating consortium, waiting for an evaluation."""
    award = make_contract(people).award
    Consortium.objects.filter(pk=award.consortium_id).update(
        status=ConsortiumStatus.OPERATING, tier=Tier.A, recognised_on=date(2025, 3, 1)
    )
    make_tranche(people, award, T.CONFIRMED)
    return make_tranche(
        people, award, condition=TrancheCondition.EVALUATION, condition_met_on=None, percent=D(40),
        amount=award.amount * D("0.4"), **facts,
    )  # fmt: skip


def final(people: Personas, tranche: Tranche, outcome: str, **facts: Any) -> Evaluation:
    """A year of its consortium that the head has confirmed."""
    consortium = Consortium.objects.get(pk=tranche.award.consortium_id)
    evaluation = make_evaluation(people, E.PUBLICISED, consortium=consortium, grade=outcome, **facts)
    return finalise_evaluation(evaluation=evaluation, actor=people.head, at=NOON)


def failed(people: Personas, tranche: Tranche) -> Evaluation:
    return final(people, tranche, Grade.UNQUALIFIED, total=D("48.00"))


def year_before(people: Personas, tranche: Tranche, year: int, status: str, outcome: str) -> None:
    """What an earlier year ended with, while the consortium is at work again."""
    cycle = make_cycle(people, year, opens_on=date(year, 11, 1), due_on=date(year, 12, 15))
    consortium = Consortium.objects.get(pk=tranche.award.consortium_id)
    make_evaluation(people, status, consortium=consortium, cycle=cycle, grade=outcome)


def proposed(evaluation: Evaluation) -> list[str]:
    return [row.kind for row in evaluation.consequences.undecided()]


def decide(evaluation: Evaluation, actor: Any, *, accepted: bool = True, reason: str = "", **only: Any) -> None:
    rows = evaluation.consequences.filter(**only)
    decisions = [Decision(row, accepted, reason) for row in rows]
    decide_consequences(evaluation=evaluation, decisions=decisions, actor=actor, at=NOON)


# --- the rules ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Case:
    outcome: str
    again: bool
    funds: str  # points of 8 for the use of the funds
    wanted: tuple[tuple[str, str | None], ...]


CASES = (
    Case(Grade.EXCELLENT, False, "8", (("NEXT", None), ("UPGRADE", None))),
    Case(Grade.GOOD, False, "1", (("NEXT", None),)),
    Case(Grade.QUALIFIED, False, "4.8", (("NEXT", None),)),
    Case(Grade.QUALIFIED, False, "4.79", (("REDUCE", "80"),)),
    Case(Grade.QUALIFIED, True, "8", (("NEXT", None),)),
    Case(Grade.UNQUALIFIED, False, "8", (("RECTIFY", None), ("HOLD", None))),
    Case(Grade.UNQUALIFIED, True, "8", (("EXIT", None), ("CANCEL", None))),
    Case("ABSENT", False, "0", (("EXIT", None), ("HOLD", None))),
)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("stored", [True, False])
def test_the_rules_say_what_follows(case: Case, stored: bool) -> None:
    rules = DEFAULT_EVALUATION if stored else {
        key: said for key, said in DEFAULT_EVALUATION.items() if key not in {"consequences", "reduced"}
    }  # fmt: skip
    sheet = Sheet((Line("G8.1", "G8", D(8), D(case.funds), None),))

    found = following(rules, case.outcome, sheet, again=case.again)

    assert found == [(kind, D(percent) if percent else None) for kind, percent in case.wanted]


# --- proposed ----------------------------------------------------------------------------------
@pytest.mark.parametrize("outcome", [Grade.EXCELLENT, Grade.GOOD, Grade.QUALIFIED])
def test_a_qualified_year_opens_the_next_tranche_once_a_person_says_so(people: Personas, outcome: Grade) -> None:
    tranche = waiting_tranche(people)
    evaluation = final(people, tranche, outcome)
    tranche.refresh_from_db()
    assert tranche.condition_met_on is None

    decide(evaluation, people.leader)

    tranche.refresh_from_db()
    assert (tranche.status, tranche.condition_met_on) == (T.PLANNED, date(2026, 11, 18))


def test_only_the_next_of_several_waiting_tranches_opens(people: Personas) -> None:
    second = waiting_tranche(people)
    Tranche.objects.filter(pk=second.pk).update(amount=F("amount") - D(100))
    third = make_tranche(
        people, second.award, condition=TrancheCondition.EVALUATION, condition_met_on=None, amount=D(100)
    )

    decide(final(people, second, Grade.GOOD), people.leader)

    met = {tranche.sequence: tranche.condition_met_on is not None for tranche in second.award.tranches.all()}
    assert met == {1: True, second.sequence: True, third.sequence: False}


def test_an_unqualified_year_stops_the_money_once_a_person_says_so(people: Personas) -> None:
    tranche = waiting_tranche(people)
    evaluation = failed(people, tranche)
    assert AuditEntry.objects.get(action="finalise_evaluation").facts["consequences"] == ["RECTIFY", "HOLD:2"]
    tranche.award.consortium.refresh_from_db()
    assert tranche.award.consortium.status == ConsortiumStatus.OPERATING

    decide(evaluation, people.head)

    tranche.refresh_from_db()
    tranche.award.consortium.refresh_from_db()
    assert (tranche.status, tranche.award.consortium.status) == (T.ON_HOLD, ConsortiumStatus.RECTIFYING)
    assert tranche.hold_reason == "Unqualified in the annual evaluation 2026."
    assert Rectification.objects.get().consortium == tranche.award.consortium
    assert AuditEntry.objects.filter(action="accept_consequence").count() == 2


def test_what_the_bank_returned_is_stopped_too(people: Personas) -> None:
    tranche = waiting_tranche(people)
    back = make_tranche(people, status=T.RETURNED)
    Tranche.objects.filter(pk=tranche.pk).update(
        status=T.RETURNED, condition_met_on=back.condition_met_on, approved_at=back.approved_at,
        **{f"{name}_by": getattr(back, f"{name}_by") for name in ("requested", "verified", "reviewed", "approved")},
    )  # fmt: skip

    decide(failed(people, tranche), people.head, kind=K.HOLD)

    tranche.refresh_from_db()
    assert tranche.status == T.ON_HOLD


@pytest.mark.parametrize(("status", "outcome"), [(E.FINAL, Grade.UNQUALIFIED), (E.ABSENT, "")])
def test_who_fails_again_faces_exit_and_loses_its_tranches(people: Personas, status: str, outcome: str) -> None:
    tranche = waiting_tranche(people)
    year_before(people, tranche, 2025, status, outcome)
    officer = people.officer
    evaluation = failed(people, tranche)
    assert proposed(evaluation) == [K.EXIT, K.CANCEL]
    assert not exits_to_open(officer, NOON)

    decide(evaluation, people.leader)

    tranche.refresh_from_db()
    tranche.award.consortium.refresh_from_db()
    assert (tranche.status, tranche.award.consortium.status) == (T.CANCELLED, ConsortiumStatus.OPERATING)
    assert {one.recipient for one in Notification.objects.filter(kind="reports.revoke")} == {officer}
    assert list(exits_to_open(officer, NOON)) == [evaluation]


def test_who_rectifies_still_faces_exit(people: Personas) -> None:
    tranche = waiting_tranche(people)
    Consortium.objects.filter(pk=tranche.award.consortium_id).update(status=ConsortiumStatus.RECTIFYING)

    assert proposed(failed(people, tranche)) == [K.EXIT, K.CANCEL]


@pytest.mark.parametrize(
    ("year", "status", "outcome"),
    [(2025, E.FINAL, Grade.QUALIFIED), (2025, E.GRADED, Grade.UNQUALIFIED), (2024, E.FINAL, Grade.UNQUALIFIED)],
)
def test_only_a_final_failure_of_the_year_before_counts(people: Personas, year: int, status: str, outcome: str) -> None:
    tranche = waiting_tranche(people)
    year_before(people, tranche, year, status, outcome)

    assert proposed(failed(people, tranche)) == [K.RECTIFY, K.HOLD]


def test_whoever_is_absent_faces_exit_and_a_hold(people: Personas) -> None:
    tranche = waiting_tranche(people)
    evaluation = make_evaluation(people, consortium=Consortium.objects.get(pk=tranche.award.consortium_id))

    mark_absent(evaluation=evaluation, actor=people.head, note="未提交", at=NOON + 60 * DAY)

    assert proposed(evaluation) == [K.EXIT, K.HOLD]
    decide(evaluation, people.leader)
    tranche.refresh_from_db()
    assert (tranche.status, tranche.hold_reason) == (T.ON_HOLD, "Absent from the annual evaluation 2026.")


def test_an_award_without_tranches_has_no_consequence(people: Personas) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    award = make_award(people)
    award.consortium = consortium
    award.save()

    finalise_evaluation(
        evaluation=make_evaluation(people, E.PUBLICISED, consortium=consortium, grade=Grade.GOOD),
        actor=people.head,
        at=NOON,
    )

    assert AuditEntry.objects.get(action="finalise_evaluation").facts["consequences"] == []


# --- money -------------------------------------------------------------------------------------
def reducible(people: Personas) -> tuple[Tranche, Evaluation]:
    """A tranche of a committed award, which the rules want to see reduced."""
    tranche = waiting_tranche(people)
    evaluation = final(people, tranche, Grade.QUALIFIED)
    evaluation.consequences.filter(kind=K.NEXT).delete()
    Consequence.objects.filter(evaluation=evaluation).delete()
    Consequence.objects.create(evaluation=evaluation, kind=K.REDUCE, tranche=tranche, percent=D(80), basis={})
    return tranche, evaluation


def committed(tranche: Tranche) -> D:
    return LedgerAccount.objects.get(kind=AccountKind.COMMITTED, award=tranche.award).balance


def test_a_reduced_tranche_frees_the_rest_and_the_books_balance(people: Personas) -> None:
    tranche, evaluation = reducible(people)
    due, before = tranche.amount, committed(tranche)

    decide(evaluation, people.leader)

    tranche.refresh_from_db()
    freed = due * D("0.2")
    assert (tranche.amount, tranche.percent, tranche.condition_met_on) == (due - freed, D(32), date(2026, 11, 18))
    assert committed(tranche) == before - freed
    hold_tranche(tranche=tranche, actor=people.head, reason="样例", at=NOON)
    cancel_tranche(tranche=tranche, actor=people.head, reason="样例", at=NOON)
    assert committed(tranche) == before - due
    assert sum(Posting.objects.values_list("amount", flat=True)) == 0


def test_what_was_reduced_is_not_still_to_be_paid_in_the_registers(people: Personas) -> None:
    tranche, evaluation = reducible(people)
    award, cut = Award.objects.filter(pk=tranche.award_id), tranche.amount * D("0.2")

    decide(evaluation, people.leader)

    of_tier = next(row for row in by_tier(award) if row.count)
    assert [with_paid(award).get().cancelled, of_tier.cancelled] == [cut, cut]
    assert of_tier.unpaid == committed(tranche)
    assert [check.difference for check in checked_to_the_end(award)] == [0, 0, 0]


# --- deciding ----------------------------------------------------------------------------------
def test_declined_nothing_happens_and_the_reason_stands(people: Personas) -> None:
    tranche = waiting_tranche(people)
    evaluation = failed(people, tranche)
    with pytest.raises(TransitionRefused, match="Say why"):
        decide(evaluation, people.head, accepted=False)

    decide(evaluation, people.head, accepted=False, reason="整改已完成。")

    tranche.refresh_from_db()
    rows = evaluation.consequences.values_list("status", "reason", "decided_by")
    assert (tranche.status, set(rows)) == (T.PLANNED, {(S.DECLINED, "整改已完成。", people.head.pk)})


@pytest.mark.parametrize("name", ["officer", "finance", "lead", "district_officer", "supervisor", "acceptance"])
def test_only_head_and_leader_decide(people: Personas, name: str) -> None:
    evaluation = failed(people, waiting_tranche(people))

    with pytest.raises(PermissionDenied):
        decide(evaluation, getattr(people, name))
    assert proposed(evaluation) == [K.RECTIFY, K.HOLD]


def test_whoever_graded_does_not_decide(people: Personas) -> None:
    evaluation = failed(people, waiting_tranche(people))
    Evaluation.objects.filter(pk=evaluation.pk).update(graded_by=people.leader)
    evaluation.refresh_from_db()

    with pytest.raises(PermissionDenied):
        decide(evaluation, people.leader)
    assert not consequences_to_decide(people.leader, NOON)
    assert list(consequences_to_decide(people.head, NOON)) == [evaluation]


def test_a_second_click_is_refused(people: Personas) -> None:
    evaluation = failed(people, waiting_tranche(people))
    decide(evaluation, people.head)

    with pytest.raises(TransitionRefused):
        decide(evaluation, people.leader)
    assert Rectification.objects.count() == 1


def test_all_or_nothing(people: Personas) -> None:
    tranche = waiting_tranche(people)
    evaluation = failed(people, tranche)
    hold_tranche(tranche=tranche, actor=people.officer, reason="样例", at=NOON)

    with pytest.raises(TransitionRefused):
        decide(evaluation, people.head)
    tranche.award.consortium.refresh_from_db()
    assert (tranche.award.consortium.status, proposed(evaluation)) == (ConsortiumStatus.OPERATING, [K.RECTIFY, K.HOLD])


@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once(people: Personas) -> None:
    evaluation = failed(people, waiting_tranche(people))

    results = at_once(*(partial(decide, evaluation, person) for person in (people.head, people.leader)))

    assert (refusals(results), Rectification.objects.count()) == (1, 1)
    assert set(evaluation.consequences.values_list("status", flat=True)) == {S.ACCEPTED}


BROKEN: dict[str, dict[str, Any]] = {
    "consequence_names_its_tranche": {"tranche": None},
    "reduction_says_to_what": {"percent": D(80)},
    "consequence_decided_by_whom": {"status": S.ACCEPTED},
    "declined_consequence_has_a_reason": {"status": S.DECLINED, "decided_at": NOON},
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(people: Personas, name: str) -> None:
    evaluation = failed(people, waiting_tranche(people))
    rows = evaluation.consequences.filter(kind=K.HOLD)
    facts = BROKEN[name] | ({"decided_by": people.head} if "decided_at" in BROKEN[name] else {})

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**facts)


def test_a_consequence_is_proposed_once(people: Personas) -> None:
    evaluation = failed(people, waiting_tranche(people))

    with pytest.raises(IntegrityError, match="consequence_once"), transaction.atomic():
        Consequence.objects.create(evaluation=evaluation, kind=K.RECTIFY, basis={})


# --- pages -------------------------------------------------------------------------------------
def keys(evaluation: Evaluation) -> dict[str, str]:
    return {row.kind: row.pk.hex for row in evaluation.consequences.all()}


def test_decided_on_one_page_one_now_one_later(people: Personas, sign_in: Any) -> None:
    evaluation = failed(people, waiting_tranche(people))
    client, page = sign_in(people.head), reverse("reports:consequences-decide", args=[evaluation.pk])
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    listed = client.get(reverse("reports:consequence-list"))
    assert (page in listed.text, "Put a tranche on hold" in listed.text) == (True, True)
    key = keys(evaluation)

    nothing = client.post(page, {})
    unsaid = client.post(page, {f"d_{key['HOLD']}": "decline", f"r_{key['HOLD']}": " "})
    assert "Decide on one of them at least." in nothing.text
    assert set(unsaid.context["form"].errors) == {f"r_{key['HOLD']}"}
    assert client.post(page, {f"d_{key['RECTIFY']}": "accept"}).status_code == 302

    assert proposed(evaluation) == [K.HOLD]
    assert "Accepted" in client.get(evaluation.get_absolute_url()).text
    assert client.post(page, {f"d_{key['HOLD']}": "decline", f"r_{key['HOLD']}": "样例"}).status_code == 302
    assert page not in client.get(reverse("reports:consequence-list")).text


def test_the_lead_sees_what_was_accepted_and_nothing_else(people: Personas) -> None:
    evaluation = failed(people, waiting_tranche(people))
    client = Client(headers={"accept-language": "en"})
    client.force_login(people.lead)
    assert "Order a rectification" not in client.get(evaluation.get_absolute_url()).text
    decide(evaluation, people.head, kind=K.RECTIFY)

    text = client.get(evaluation.get_absolute_url()).text

    assert ("Order a rectification" in text, "Put a tranche on hold" in text) == (True, False)
    assert client.get(reverse("reports:consequences-decide", args=[evaluation.pk])).status_code == 403
    assert client.get(reverse("reports:consequence-list")).status_code == 403
    client.force_login(people.rival)
    assert client.get(reverse("reports:consequences-decide", args=[evaluation.pk])).status_code == 404
