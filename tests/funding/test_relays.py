"""Money that the lead passes on: reported with a slip, confirmed by who got it, alarmed when it is kept."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from funding.enums import AccountKind, BudgetSource, EntryKind, RelayStatus, TrancheStatus
from funding.models import Award, Contract, LedgerAccount, LedgerEntry, Posting, Relay, RelayAlarm
from funding.rules.relaying import Received, standing
from funding.selectors.relays import at_hand, member_parts
from funding.services.payments import return_payment
from funding.services.relays import confirm_relay, refuse_relay, report_relay, watch_relays, withdraw_relay
from funding.services.tranches import confirm_receipt
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.funding import make_budget_item, make_contract, make_tranche
from tests.funding.steps import kinds
from tests.personas import Personas
from tests.races import at_once, refusals
from tests.samples import PDF

R = RelayStatus
TODAY = timezone.localdate(NOON)
WAN = Decimal(10_000)
pytestmark = pytest.mark.usefixtures("english")


def paid_award(people: Personas, part: int = 30) -> Award:
    """An award with its first tranche received; by the contract the university gets so much of it (10,000 yuan)."""
    contract = make_contract(people)
    parties = [
        {"id": str(people.lead_org.pk), "name": "样例", "role": "LEAD", "duties": "", "grant": "0.00", "own": "0.00"},
        {"id": str(people.university.pk), "name": "样例", "role": "MEMBER", "duties": "", "grant": f"{part * WAN:.2f}",
         "own": "0.00"},
    ]  # fmt: skip
    Contract.objects.filter(pk=contract.pk).update(terms={**contract.terms, "parties": parties})
    award = Award.objects.get(pk=contract.award_id)
    tranche = make_tranche(people, award, TrancheStatus.PAID)
    confirm_receipt(tranche=tranche, actor=people.lead, received_on=TODAY, at=NOON)
    return Award.objects.select_related("consortium", "contract", "application__call__rules").get(pk=award.pk)


def report(people: Personas, award: Award, amount: int = 10, **facts: Any) -> Relay:
    given = {
        "organisation": people.university, "amount": amount * WAN, "passed_on": TODAY, "slip": "HD-001",
        "upload": SimpleUploadedFile("回单.pdf", PDF), "actor": people.lead, "at": NOON,
    }  # fmt: skip
    return report_relay(award=award, **given | facts)


def held(award: Award, organisation: Any) -> Decimal:
    account = LedgerAccount.objects.filter(kind=AccountKind.HELD, award=award, organisation=organisation).first()
    return account.balance if account else Decimal(0)


# --- the rule ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("passed", "waiting", "today", "due", "overdue"),
    [
        (0, 0, date(2026, 3, 20), 18, 0),  # within the term
        (0, 0, date(2026, 3, 26), 18, 18),
        (10, 0, date(2026, 3, 26), 18, 8),
        (10, 8, date(2026, 3, 26), 18, 0),  # what waits for the member is not kept
        (18, 0, date(2026, 12, 31), 30, 12),
    ],
)
def test_a_member_s_part_is_due_with_each_tranche(
    passed: int, waiting: int, today: date, due: int, overdue: int
) -> None:
    received = [Received(date(2026, 3, 4), Decimal(60))]
    if today.year == 2026 and today.month == 12:
        received.append(Received(date(2026, 10, 12), Decimal(40)))

    found = standing(
        planned=Decimal(30), granted=Decimal(100), received=received, passed=Decimal(passed), waiting=Decimal(waiting),
        grace=15, today=today,
    )  # fmt: skip

    assert (found.due, found.overdue) == (due, overdue)
    assert (found.since is None) == (overdue == 0)


def test_a_grant_that_divides_badly_never_owes_more_than_agreed() -> None:
    received = [Received(date(2026, 3, day), Decimal("33.33")) for day in (2, 3, 4)] + [
        Received(date(2026, 3, 5), Decimal("0.01"))
    ]

    found = standing(
        planned=Decimal("10.00"), granted=Decimal(100), received=received, passed=Decimal(0), waiting=Decimal(0),
        grace=15, today=date(2026, 3, 9),
    )  # fmt: skip

    assert found.due <= Decimal("10.00")


# --- the way -----------------------------------------------------------------------------------
def test_what_is_confirmed_moves_in_the_books(people: Personas) -> None:
    award, member = paid_award(people), people.university_confirmer
    before = held(award, people.lead_org)

    relay = report(people, award)
    assert (held(award, people.university), at_hand(award)) == (0, before - 10 * WAN)
    confirm_relay(relay=relay, received_on=TODAY, actor=member, at=NOON)

    assert (relay.status, relay.judged_by) == (R.CONFIRMED, member)
    assert held(award, people.lead_org) == before - 10 * WAN
    assert held(award, people.university) == 10 * WAN
    assert sum(Posting.objects.values_list("amount", flat=True)) == 0
    assert "funding.relay_reported" in kinds(member)
    assert "funding.relay_confirmed" in kinds(people.lead)
    [part] = member_parts(award, TODAY)
    assert (part.standing.planned, part.standing.passed, part.standing.left) == (30 * WAN, 10 * WAN, 8 * WAN)


def test_without_parts_in_the_contract_the_budget_tells_them(people: Personas) -> None:
    award = paid_award(people)
    Contract.objects.filter(award=award).update(terms={})
    award.application.budget.all().delete()
    make_budget_item(award.application, people.university, BudgetSource.GRANT, {2026: 5 * WAN, 2027: 3 * WAN})
    make_budget_item(award.application, people.university, BudgetSource.OWN, {2026: WAN}, note="样例")

    [part] = member_parts(Award.objects.get(pk=award.pk), TODAY)

    assert (part.organisation, part.standing.planned) == (people.university, 8 * WAN)


def test_what_did_not_arrive_stays_with_the_lead_and_its_slip_is_free(people: Personas) -> None:
    award, officer = paid_award(people), people.officer
    before = held(award, people.lead_org)
    refused, withdrawn = report(people, award), report(people, award, slip="HD-002")

    refuse_relay(relay=refused, reason="样例：未到账。", actor=people.university_confirmer, at=NOON)
    withdraw_relay(relay=withdrawn, reason="样例：填错金额。", actor=people.lead, at=NOON)

    assert at_hand(award) == held(award, people.lead_org) == before
    assert "funding.relay_refused" in kinds(officer)
    assert report(people, award).status == R.REPORTED
    assert not LedgerEntry.objects.filter(kind=EntryKind.TRANSFER).exists()


def test_who_may_not(people: Personas) -> None:
    award = paid_award(people)
    relay = report(people, award)

    for who in (people.university_confirmer, people.rival, people.officer, people.finance):
        with pytest.raises(PermissionDenied):
            report(people, award, actor=who, slip="HD-009")
        with pytest.raises(PermissionDenied):
            withdraw_relay(relay=relay, reason="样例", actor=who, at=NOON)
    for who in (people.lead, people.rival, people.officer, people.lead_confirmer):
        with pytest.raises(PermissionDenied):
            confirm_relay(relay=relay, received_on=TODAY, actor=who, at=NOON)
    assert not Relay.objects.visible_to(people.rival).exists()
    assert Relay.objects.visible_to(people.university_confirmer).exists()


BAD = [
    ({"amount": 10_000}, "amount"),
    ({"passed_on": TODAY - timedelta(days=1)}, "passed_on"),
    ({"passed_on": TODAY + timedelta(days=1)}, "passed_on"),
    ({"organisation": "lead_org"}, "organisation"),
    ({"organisation": "rival_org"}, "organisation"),
    ({"slip": " HD-001 "}, "slip"),
]


@pytest.mark.parametrize(("facts", "field"), BAD)
def test_bad_input_is_refused_beside_its_field(people: Personas, facts: dict[str, Any], field: str) -> None:
    award = paid_award(people)
    if field == "slip":
        report(people, award)
    given = {key: getattr(people, one) if key == "organisation" else one for key, one in facts.items()}

    with pytest.raises(ValidationError) as caught:
        report(people, award, **given)

    assert list(caught.value.message_dict) == [field]


def test_the_day_of_receipt_lies_between_transfer_and_today(people: Personas) -> None:
    relay = report(people, paid_award(people))

    for day in (-1, 1):
        with pytest.raises(ValidationError):
            confirm_relay(
                relay=relay, received_on=TODAY + timedelta(days=day), actor=people.university_confirmer, at=NOON
            )


def test_nothing_is_answered_twice(people: Personas) -> None:
    relay = report(people, paid_award(people))
    confirm_relay(relay=relay, received_on=TODAY, actor=people.university_confirmer, at=NOON)

    for act in (
        partial(confirm_relay, received_on=TODAY, actor=people.university_confirmer),
        partial(refuse_relay, reason="样例", actor=people.university_confirmer),
        partial(withdraw_relay, reason="样例", actor=people.lead),
    ):
        with pytest.raises(TransitionRefused):
            act(relay=relay, at=NOON)
    assert LedgerEntry.objects.filter(kind=EntryKind.TRANSFER).count() == 1


def test_what_was_passed_on_cannot_come_back_from_the_bank(people: Personas) -> None:
    award = paid_award(people)
    relay = report(people, award)
    confirm_relay(relay=relay, received_on=TODAY, actor=people.university_confirmer, at=NOON)

    with pytest.raises(TransitionRefused, match="holds only"):
        return_payment(
            tranche=award.tranches.get(), actor=people.finance, returned_on=TODAY, reason="样例：退汇", at=NOON
        )


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_do_not_pass_the_same_money_on(people: Personas) -> None:
    award = paid_award(people)
    most = int(held(award, people.lead_org) / WAN)
    people.lead  # noqa: B018
    acts = [partial(report, people, Award.objects.get(pk=award.pk), most, slip=f"HD-{n}") for n in range(2)]

    results = at_once(*acts)

    assert refusals(results) == 1
    assert Relay.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("bank_slip_once", {"slip": "HD-001"}),
        ("relay_positive", {"amount": 0}),
        ("relay_answered_by_somebody", {"status": R.CONFIRMED}),
        ("relay_answered_by_somebody", {"status": R.REFUSED}),
    ],
)
def test_the_database_keeps_it(people: Personas, name: str, facts: dict[str, Any]) -> None:
    award = paid_award(people)
    report(people, award)
    other = report(people, award, 1, slip="HD-002")

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Relay.objects.filter(pk=other.pk).update(**facts)


# --- the clock ---------------------------------------------------------------------------------
def test_an_alarm_is_raised_once_and_closed_when_the_money_is_there(people: Personas) -> None:
    award, lead, officer, member = paid_award(people), people.lead, people.officer, people.university_confirmer
    late = NOON + 40 * DAY

    raised = [watch_relays(at=one) for one in (NOON, late, late + DAY)]

    [alarm] = RelayAlarm.objects.all()
    assert (raised, alarm.amount, alarm.settled_at) == ([0, 1, 0], 18 * WAN, None)
    assert all("funding.relay_overdue" in kinds(one) for one in (lead, officer, member))

    relay = report(people, award, 18, at=late, passed_on=timezone.localdate(late))
    confirm_relay(relay=relay, received_on=timezone.localdate(late), actor=member, at=late)
    watch_relays(at=late + 2 * DAY)
    alarm.refresh_from_db()
    assert alarm.settled_at == late + 2 * DAY


# --- pages -------------------------------------------------------------------------------------
def test_by_the_pages(people: Personas, sign_in: Any) -> None:
    award = paid_award(people)
    page = reverse("funding:award-relays", args=[award.pk])
    address = reverse("funding:relay-report", args=[award.pk])
    typed = {"organisation": people.university.pk, "amount": "100000", "passed_on": "2026-11-18", "slip": "HD-7"}
    lead = sign_in(people.lead)

    bad = lead.post(address, {**typed, "amount": "0"})
    good = lead.post(address, {**typed, "upload": SimpleUploadedFile("回单.pdf", PDF)})
    relay = Relay.objects.get()
    assert "HD-7" in lead.get(page).content.decode()
    member = sign_in(people.university_confirmer)
    assert b"".join(member.get(reverse("funding:relay-slip", args=[relay.pk])).streaming_content) == PDF
    answers = [
        member.post(reverse("funding:relay-confirm", args=[relay.pk]), {"received_on": "2026-11-18"}).status_code
        for _ in range(2)
    ]
    rival = sign_in(people.rival)

    relay.refresh_from_db()
    assert {"amount", "upload"} <= set(bad.context["form"].errors)
    assert (good.status_code, answers, relay.status) == (302, [302, 409], R.CONFIRMED)
    assert rival.get(page).status_code == 404
    assert rival.get(reverse("funding:relay-slip", args=[relay.pk])).status_code == 404


def test_a_member_reads_its_own_part_only(people: Personas, sign_in: Any) -> None:
    award = paid_award(people)
    report(people, award)

    for who in (people.university_confirmer, people.officer, people.district_officer):
        text = sign_in(who).get(reverse("funding:award-relays", args=[award.pk])).content.decode()
        assert ("HD-001" in text, people.university.name in text) == (True, True)
    assert [one.organisation for one in member_parts(award, TODAY, people.university_confirmer)] == [people.university]
