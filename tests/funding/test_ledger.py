"""The books are true at every instant: no more is committed than appropriated, no more paid than committed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from funding.enums import AccountKind, AppropriationKind, AppropriationStatus, EntryKind, TrancheStatus
from funding.models import Appropriation, Award, BudgetLine, LedgerAccount, LedgerEntry, Payment, Posting, Tranche
from funding.selectors.ledger import only_line, sums_of
from funding.services.appropriations import (
    confirm_appropriation,
    create_programme,
    drop_appropriation,
    name_line,
    open_line,
    record_appropriation,
)
from funding.services.awards import NO_LINE, create_award
from funding.services.decisions import approve_application
from funding.services.ledger import Leg, disburse, enter
from funding.services.recusals import recuse_official
from funding.services.tranches import cancel_tranche, pay_tranche
from members.enums import Role
from portal.kernel.models import AuditEntry
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.funding import make_application, make_award, make_call, make_contract, make_line, make_tranche
from tests.factories.members import give
from tests.personas import Personas
from tests.races import at_once, refusals

K = AccountKind
TODAY = timezone.localdate(NOON)
WAN = Decimal(10_000)
MEANT: dict[str, Any] = {
    "kind": AppropriationKind.ADJUSTMENT, "amount": 100 * WAN, "document_number": "样财〔2026〕9号",
    "decided_on": TODAY, "reason": "样例追加",
}  # fmt: skip


def standing(line: BudgetLine) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Appropriated, committed, paid and available, in 10,000 yuan."""
    sums = sums_of([line])[0]
    return tuple(one / WAN for one in (sums.appropriated, sums.committed, sums.paid, sums.available))  # type: ignore[return-value]


def paid(people: Personas, tranche: Tranche, voucher: str = "PZ-1") -> Payment:
    return pay_tranche(tranche=tranche, actor=people.finance, voucher=voucher, paid_on=TODAY, at=NOON)


# --- from the appropriation to the payment ------------------------------------------------------
def test_money_moves_from_the_appropriation_to_the_lead(people: Personas) -> None:
    line = make_line(people, 500 * WAN)
    award = make_contract(people, make_award(people, line=line)).award
    tranche = make_tranche(people, award, TrancheStatus.APPROVED)

    payment = paid(people, tranche)

    assert standing(line) == (500, 155, 93, 345)
    entry = LedgerEntry.objects.get(kind=EntryKind.PAYMENT)
    assert (entry.award, entry.tranche, entry.payment, entry.note) == (award, tranche, payment, "PZ-1")
    held = LedgerAccount.objects.get(kind=K.HELD)
    assert (held.balance, held.organisation) == (payment.amount, award.consortium.lead)


def test_an_approval_commits_and_a_cancelled_tranche_frees(people: Personas) -> None:
    line = make_line(people, 200 * WAN)
    application = make_application(people, "PUBLICISED", call=make_call(people, line=line))
    application.notice.ends_at = NOON - DAY
    application.notice.save()

    approve_application(application=application, actor=people.leader, document_number="样科〔2026〕9号", at=NOON)
    assert standing(line) == (200, 155, 0, 45)

    last = Tranche.objects.get(sequence=2)
    cancel_tranche(tranche=last, actor=people.officer, reason="样例终止", at=NOON)
    assert standing(line) == (200, 93, 0, 107)


def test_no_more_is_awarded_than_the_line_has(people: Personas, english: None) -> None:
    line = make_line(people, 100 * WAN)
    application = make_application(people, "PUBLICISED", call=make_call(people, line=line))

    with pytest.raises(TransitionRefused) as refusal, transaction.atomic():
        create_award(application=application, actor=people.leader, document_number="样", at=NOON)

    assert str(refusal.value.reasons[0]) == "The budget line has only 100.00 (10,000 yuan) left."
    assert (Award.objects.count(), standing(line)) == (0, (100, 0, 0, 100))


def test_nothing_is_awarded_where_the_call_draws_on_no_line(people: Personas) -> None:
    application = make_application(people, "PUBLICISED")
    application.call.line = None

    with pytest.raises(TransitionRefused) as refusal, transaction.atomic():
        create_award(application=application, actor=people.leader, document_number="样", at=NOON)

    assert refusal.value.reasons == [NO_LINE]


@pytest.mark.django_db(transaction=True)
def test_two_awards_at_once_do_not_spend_the_same_money(people: Personas) -> None:
    line = make_line(people, 200 * WAN)
    both = [make_application(people, "PUBLICISED", call=make_call(people, line=line)) for _ in range(2)]
    people.leader  # noqa: B018 (made before the threads begin)

    def award(application: Any) -> Callable[[], Any]:
        def act() -> Award:
            with transaction.atomic():
                return create_award(application=application, actor=people.leader, document_number="样", at=NOON)

        return act

    results = at_once(*(award(one) for one in both))

    assert (refusals(results), Award.objects.count(), standing(line)) == (1, 1, (200, 155, 0, 45))


# --- appropriations -----------------------------------------------------------------------------
def test_an_appropriation_counts_once_another_person_confirms(people: Personas) -> None:
    line = make_line(people, 500 * WAN)
    found = record_appropriation(line=line, actor=people.finance, at=NOON, facts=MEANT)
    assert standing(line)[0] == 500

    confirm_appropriation(appropriation=found, actor=people.leader, at=NOON)

    assert (found.status, standing(line)[0]) == (AppropriationStatus.CONFIRMED, 600)
    assert sums_of([line])[0].adjusted == 100 * WAN
    with pytest.raises(TransitionRefused):
        confirm_appropriation(appropriation=found, actor=people.leader, at=NOON)
    with pytest.raises(TransitionRefused):
        drop_appropriation(appropriation=found, actor=people.finance, reason="样例", at=NOON)
    assert LedgerEntry.objects.filter(kind=EntryKind.APPROPRIATION).count() == 2


def test_who_recorded_does_not_confirm(people: Personas) -> None:
    found = record_appropriation(line=make_line(people), actor=people.finance, at=NOON, facts=MEANT)
    give(people.finance, Role.LEADER)

    with pytest.raises(PermissionDenied):
        confirm_appropriation(appropriation=found, actor=people.finance, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appropriation.objects.filter(pk=found.pk).update(confirmed_by=people.finance)


def test_what_is_committed_cannot_be_taken_from_the_line(people: Personas, english: None) -> None:
    line = make_line(people, 200 * WAN)
    make_award(people, line=line)
    found = record_appropriation(line=line, actor=people.finance, at=NOON, facts=MEANT | {"amount": -50 * WAN})

    with pytest.raises(TransitionRefused) as refusal:
        confirm_appropriation(appropriation=found, actor=people.leader, at=NOON)

    assert str(refusal.value.reasons[0]) == "The budget line has only 45.00 (10,000 yuan) left."
    found.refresh_from_db()
    assert (found.status, standing(line)[0]) == (AppropriationStatus.RECORDED, 200)
    drop_appropriation(appropriation=found, actor=people.finance, reason="样例", at=NOON)
    assert found.status == AppropriationStatus.DROPPED


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"amount": Decimal(0)}, "amount"),
    ({"reason": ""}, "reason"),
    ({"decided_on": TODAY + DAY}, "decided_on"),
    ({"document_number": "样财〔2026〕1号"}, "document_number"),
    ({"kind": AppropriationKind.INITIAL}, "kind"),
]


@pytest.mark.parametrize(("facts", "field"), WRONG)
def test_a_wrong_appropriation_is_refused_beside_its_field(people: Personas, facts: dict[str, Any], field: str) -> None:
    line = make_line(people)

    with pytest.raises(ValidationError) as error:
        record_appropriation(line=line, actor=people.finance, at=NOON, facts=MEANT | facts)

    assert field in error.value.error_dict


def test_an_adjustment_waits_for_the_beginning(people: Personas) -> None:
    line = make_line(people, Decimal(0))
    found = record_appropriation(line=line, actor=people.finance, at=NOON, facts=MEANT)

    with pytest.raises(TransitionRefused):
        confirm_appropriation(appropriation=found, actor=people.leader, at=NOON)


@pytest.mark.parametrize("who", ["officer", "leader", "lead", "district_officer", "system_admin"])
def test_only_finance_keeps_the_budget(people: Personas, who: str) -> None:
    line, call, actor = make_line(people), make_call(people), getattr(people, who)
    acts: list[Callable[[], Any]] = [
        lambda: create_programme(actor=actor, at=NOON, facts={"code": "X", "name": "样例"}),
        lambda: open_line(actor=actor, at=NOON, facts={"programme": line.programme, "year": 2027, "subject": "1"}),
        lambda: record_appropriation(line=line, actor=actor, at=NOON, facts=MEANT),
        lambda: name_line(call=call, line=line, actor=actor, at=NOON),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_a_call_is_given_a_line_of_its_year(people: Personas) -> None:
    line, call = make_line(people), make_call(people)
    other = open_line(
        actor=people.finance, at=NOON,
        facts={"programme": line.programme, "year": 2025, "subject": "2060499", "name": "样例"},
    )  # fmt: skip

    assert (only_line(2026), only_line(2024)) == (line, None)
    with pytest.raises(ValidationError):
        name_line(call=call, line=other, actor=people.finance, at=NOON)
    name_line(call=call, line=line, actor=people.finance, at=NOON)
    with pytest.raises(TransitionRefused):
        name_line(call=call, line=line, actor=people.finance, at=NOON)

    call.refresh_from_db()
    assert call.line == line
    assert AuditEntry.objects.filter(action="name_line").count() == 1


# --- entries ------------------------------------------------------------------------------------
def test_the_same_key_is_entered_once(people: Personas) -> None:
    tranche = make_tranche(people, status=TrancheStatus.PAID)
    before = standing(tranche.award.line)

    again = disburse(payment=tranche.payment, actor=people.finance, at=NOON)

    assert (again, standing(tranche.award.line)) == (LedgerEntry.objects.get(kind=EntryKind.PAYMENT), before)


def breach(how: str) -> None:
    """Try it round the code."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(how)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


BREACHES = {
    "an entry changes": "UPDATE funding_ledgerentry SET note = 'x'",
    "an entry goes": "DELETE FROM funding_ledgerentry",
    "a posting changes": "UPDATE funding_posting SET amount = amount * 2",
    "a posting goes": "DELETE FROM funding_posting",
    "a balance is written": "UPDATE funding_ledgeraccount SET balance = 5 WHERE kind = 'AVAILABLE'",
    "an account goes": "DELETE FROM funding_ledgeraccount",
    "a posting comes later": "INSERT INTO funding_posting (entry_id, account_id, amount) SELECT entry_id, account_id, "
    "1 FROM funding_posting LIMIT 1",
    "a pair comes later": "INSERT INTO funding_posting (entry_id, account_id, amount) SELECT entry_id, account_id, "
    "sign(amount) FROM funding_posting WHERE entry_id = (SELECT min(id) FROM funding_ledgerentry)",
    "an entry has no postings": "INSERT INTO funding_ledgerentry (key, kind, legs, happened_on, entered_at, note) "
    "VALUES ('x', 'PAYMENT', 2, now(), now(), '')",
    "a key comes twice": "INSERT INTO funding_ledgerentry (key, kind, legs, happened_on, entered_at, note) SELECT key, "
    "kind, legs, happened_on, entered_at, note FROM funding_ledgerentry LIMIT 1",
}


@pytest.mark.parametrize("how", BREACHES.values(), ids=BREACHES)
def test_the_database_keeps_the_books(people: Personas, how: str) -> None:
    make_tranche(people, status=TrancheStatus.PAID)
    connection.check_constraints()

    with pytest.raises(DatabaseError):
        breach(how)


@pytest.mark.parametrize(
    ("kind", "amount"), [(K.AVAILABLE, -(10**11)), (K.COMMITTED, -1_550_001), (K.APPROPRIATED, 10**11)]
)
def test_the_database_overdraws_no_account(people: Personas, kind: str, amount: int) -> None:
    award = make_award(people)
    account = LedgerAccount.objects.get(kind=kind)
    source = LedgerAccount.objects.exclude(pk=account.pk).exclude(kind=kind).first()
    assert source is not None
    entry = LedgerEntry.objects.create(
        key="样例", kind=EntryKind.PAYMENT, legs=2, happened_on=TODAY, entered_at=NOON, award=award
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(entry=entry, account=account, amount=amount)

    for one, other in ((account, 1), (source, -1)):  # so that the entry left behind balances
        Posting.objects.create(entry=entry, account=one, amount=other if kind != K.APPROPRIATED else -other)


def test_an_unbalanced_entry_is_refused(people: Personas) -> None:
    line = make_line(people)

    legs = [Leg(K.AVAILABLE, Decimal(2), line=line), Leg(K.APPROPRIATED, Decimal(-1), line=line)]
    point = transaction.savepoint()
    enter(kind=EntryKind.APPROPRIATION, key="样", legs=legs, actor=None, at=NOON, on=TODAY)
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.savepoint_rollback(point)


def test_who_keeps_away_from_a_case_does_not_see_its_entries(people: Personas) -> None:
    award = make_award(people)

    recuse_official(
        application=award.application, person=people.officer, ground="样例回避", actor=people.head, at=NOON
    )  # fmt: skip

    assert not LedgerEntry.objects.visible_to(people.officer).filter(award=award).exists()
    assert LedgerEntry.objects.visible_to(people.finance).filter(award=award).exists()
    assert not LedgerEntry.objects.visible_to(people.lead).exists()
    assert not BudgetLine.objects.visible_to(people.lead).exists()


# --- whatever is done in whatever order ----------------------------------------------------------
class Books(RuleBasedStateMachine):
    """Appropriations, awards, payments and cancellations as they come; what is not allowed is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.people = Personas()
        self.line = make_line(self.people, 300 * WAN)
        self.number = 0

    def teardown(self) -> None:
        connection.check_constraints()
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    def attempt(self, act: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                act()
        except (TransitionRefused, ValidationError, PermissionDenied):
            pass

    @rule(amount=st.integers(-300, 300).filter(bool))
    def adjust(self, amount: int) -> None:
        self.number += 1
        facts = MEANT | {"amount": amount * WAN, "document_number": f"样财〔2026〕{100 + self.number}号"}
        found = record_appropriation(line=self.line, actor=self.people.finance, at=NOON, facts=facts)
        self.attempt(lambda: confirm_appropriation(appropriation=found, actor=self.people.leader, at=NOON))

    @precondition(lambda self: Award.objects.count() < 4)
    @rule()
    def award(self) -> None:
        application = make_application(self.people, "APPROVED", call=make_call(self.people, line=self.line))

        def act() -> None:
            award = make_contract(self.people, make_award(self.people, application, line=self.line)).award
            make_tranche(self.people, award, TrancheStatus.APPROVED)
            make_tranche(self.people, award)

        self.attempt(act)

    @precondition(lambda self: Tranche.objects.exists())
    @rule(which=st.integers(0, 7), again=st.booleans())
    def pay(self, which: int, again: bool) -> None:
        tranche = list(Tranche.objects.order_by("created_at"))[which % Tranche.objects.count()]
        for _ in range(1 + again):
            self.number += 1
            self.attempt(lambda: paid(self.people, tranche, f"PZ-{self.number}"))

    @precondition(lambda self: Tranche.objects.exists())
    @rule(which=st.integers(0, 7))
    def cancel(self, which: int) -> None:
        tranche = list(Tranche.objects.order_by("created_at"))[which % Tranche.objects.count()]
        self.attempt(lambda: cancel_tranche(tranche=tranche, actor=self.people.officer, reason="样例", at=NOON))

    @invariant()
    def holds(self) -> None:
        sums = sums_of([self.line])[0]
        assert 0 <= sums.paid <= sums.committed <= sums.appropriated
        assert sums.paid == (Payment.objects.aggregate(sum=Sum("amount"))["sum"] or 0)
        granted = Award.objects.aggregate(sum=Sum("amount"))["sum"] or 0
        given_up = Tranche.objects.filter(status=TrancheStatus.CANCELLED).aggregate(sum=Sum("amount"))["sum"] or 0
        assert sums.committed == granted - given_up
        assert (Posting.objects.aggregate(sum=Sum("amount"))["sum"] or 0) == 0


def test_no_sequence_of_acts_breaks_the_books(db: None) -> None:
    few = settings(max_examples=8, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Books, settings=few)
