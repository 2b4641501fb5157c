"""What is spent: an invoice counts once, a voucher once a year, two look at each row, and the sums add up."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from consortia.enums import ParticipationStatus
from funding.enums import (
    Action,
    BudgetCategory,
    BudgetMode,
    BudgetSource,
    ContractStatus,
    ExpenditureStatus,
    InvoiceKind,
)
from funding.models import Award, Expenditure, Recusal, RuleSet
from funding.rules import spending as rules
from funding.rules.budget import Line, Row
from funding.selectors.spending import accountable_awards, expenditures, sheet_of
from funding.services.spending import (
    InvoiceTaken,
    Spending,
    accept_expenditure,
    accept_expenditures,
    correct_expenditure,
    record_expenditure,
    refuse_expenditure,
)
from portal.kernel.models import AuditEntry
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import meet, rival_consortium
from tests.factories.funding import (
    fill_budget,
    make_application,
    make_award,
    make_budget_item,
    make_call,
    make_contract,
    make_expenditure,
)
from tests.factories.members import make_code
from tests.personas import Personas
from tests.races import at_once, refusals
from tests.samples import pdf

pytestmark = pytest.mark.usefixtures("english")
TODAY = timezone.localdate(NOON)
S, K = ExpenditureStatus, InvoiceKind
DIGITAL = "26322000000012345678"


def said(**facts: Any) -> Spending:
    given: dict[str, Any] = {
        "day": TODAY, "category": BudgetCategory.EQUIPMENT, "source": BudgetSource.GRANT, "amount": Decimal("1130.00"),
        "description": "样例：示波器", "voucher": "记-1",
    }  # fmt: skip
    return Spending(**given | facts)


def invoiced(**facts: Any) -> Spending:
    return said(**{
        "invoice_kind": K.DIGITAL, "invoice_number": DIGITAL, "net": Decimal("1000.00"), "seller_name": "样例仪器",
        "seller_code": make_code(),
    } | facts)  # fmt: skip


def record(people: Personas, award: Award, spending: Spending | None = None, **facts: Any) -> Expenditure:
    given = {"organisation": people.lead_org, "actor": people.lead, "spending": spending or said(), "at": NOON}
    return record_expenditure(award=award, **given | facts)


def rival_award(people: Personas) -> Award:
    application = make_application(people, "APPROVED", consortium=rival_consortium(people, status="OPERATING"))
    return make_contract(people, make_award(people, application)).award


# --- recording ---------------------------------------------------------------------------------
def test_a_voucher_is_recorded_and_checked_by_another(people: Personas) -> None:
    award = make_contract(people).award
    scan = SimpleUploadedFile("invoice.pdf", pdf())

    row = record(people, award, invoiced(invoice_number=" 2632 2000 0000 1234 5678 "), upload=scan)
    accept_expenditure(expenditure=row, actor=people.officer, at=NOON)

    row.refresh_from_db()
    assert (row.status, row.invoice_number, row.fingerprint, row.judged_by) == (
        S.ACCEPTED, DIGITAL, DIGITAL, people.officer,
    )  # fmt: skip
    assert row.evidence is not None
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "record_expenditure", "accept_expenditure",
    ]  # fmt: skip


def test_a_member_records_for_itself_alone(people: Personas) -> None:
    award = make_contract(people).award

    row = record(people, award, organisation=people.university, actor=people.university_confirmer)

    assert row.organisation == people.university
    for actor, organisation in (
        (people.university_confirmer, people.lead_org), (people.lead, people.university),
        (people.rival, people.rival_org), (people.officer, people.lead_org), (people.signatory, people.lead_org),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            record(people, award, said(voucher="记-2"), organisation=organisation, actor=actor)


def test_who_has_left_records_nothing(people: Personas) -> None:
    award = make_contract(people).award
    award.consortium.participations.filter(organisation=people.fund).update(
        status=ParticipationStatus.DECLINED, decline_reason="样例"
    )

    with pytest.raises(PermissionDenied):
        record(people, award, organisation=people.fund, actor=people.fund_confirmer)


@pytest.mark.parametrize("status", [ContractStatus.OFFERED, ContractStatus.SIGNED])
def test_nothing_is_recorded_before_the_contract(people: Personas, status: str) -> None:
    with pytest.raises(TransitionRefused, match="contract is effective"):
        record(people, make_contract(people, status=status).award)


@pytest.mark.parametrize(("facts", "field"), [
    ({"day": TODAY + timedelta(days=1)}, "day"),
    ({"day": TODAY - timedelta(days=1)}, "day"),
    ({"amount": Decimal(0)}, "amount"),
    ({"amount": Decimal(-5)}, "amount"),
    ({"category": BudgetCategory.LUMP_SUM}, "category"),
    ({"description": "业务招待费"}, "explanation"),
    ({"description": "gift boxes", "explanation": "  "}, "explanation"),
])  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(people: Personas, facts: dict[str, Any], field: str) -> None:
    award = make_contract(people).award

    with pytest.raises(ValidationError) as refusal:
        record(people, award, said(**facts))

    assert list(refusal.value.message_dict) == [field]
    assert not Expenditure.objects.exists()


@pytest.mark.parametrize(("facts", "field"), [
    ({"invoice_number": "12345678"}, "invoice_number"),
    ({"invoice_number": "٢" * 20}, "invoice_number"),
    ({"invoice_kind": K.PAPER, "invoice_code": "123", "invoice_number": "12345678"}, "invoice_code"),
    ({"invoice_kind": K.PAPER, "invoice_code": "1" * 12, "invoice_number": "1"}, "invoice_number"),
    ({"net": None}, "net"),
    ({"net": Decimal(2000)}, "net"),
    ({"seller_name": " "}, "seller_name"),
    ({"seller_code": "91320500MA1MABCD0X"}, "seller_code"),
])  # fmt: skip
def test_an_invoice_is_whole_and_numbered_as_its_kind(people: Personas, facts: dict[str, Any], field: str) -> None:
    award = make_contract(people).award

    with pytest.raises(ValidationError) as refusal:
        record(people, award, invoiced(**facts))

    assert list(refusal.value.message_dict) == [field]


def test_without_an_invoice_nothing_of_one_is_kept(people: Personas) -> None:
    row = record(people, make_contract(people).award, invoiced(invoice_kind=K.NONE))

    assert (row.invoice_number, row.seller_code, row.net) == ("", "", None)


# --- twice -------------------------------------------------------------------------------------
def test_an_invoice_counts_once_in_the_whole_portal_and_nobody_learns_where(people: Personas) -> None:
    first = record(people, make_contract(people).award, invoiced())
    other = rival_award(people)

    with pytest.raises(InvoiceTaken) as refusal:
        record(people, other, invoiced(), organisation=people.rival_org, actor=people.rival)

    words = " ".join(refusal.value.messages)
    assert "recorded in the portal already" in words
    assert not any(told in words for told in (first.voucher, first.award.consortium.name, str(people.lead_org)))
    entry = AuditEntry.objects.get(action=Action.BLOCK_INVOICE)
    assert (entry.subject_id, entry.facts["stands"]) == (str(other.pk), str(first.pk))


def test_a_printed_digital_invoice_is_the_same_invoice(people: Personas) -> None:
    award = make_contract(people).award
    record(people, award, invoiced())

    printed: dict[str, Any] = {"invoice_kind": K.PAPER, "invoice_code": DIGITAL[:12], "invoice_number": DIGITAL[12:]}
    with pytest.raises(InvoiceTaken):
        record(people, award, invoiced(voucher="记-2", **printed))


def test_what_was_refused_frees_its_invoice_and_its_voucher(people: Personas) -> None:
    award = make_contract(people).award
    row = record(people, award, invoiced())

    refuse_expenditure(expenditure=row, actor=people.finance, reason="样例：抬头有误。", at=NOON)
    again = correct_expenditure(expenditure=row, spending=invoiced(), actor=people.lead, at=NOON)

    row.refresh_from_db()
    assert (row.status, row.reason, again.corrects, again.status) == (S.REFUSED, "样例：抬头有误。", row, S.RECORDED)
    with pytest.raises(TransitionRefused, match="corrected already"):
        correct_expenditure(expenditure=row, spending=said(voucher="记-3"), actor=people.lead, at=NOON)


def test_a_correction_replaces_what_waits_and_not_what_is_accepted(people: Personas) -> None:
    award = make_contract(people).award
    row = record(people, award, invoiced())

    again = correct_expenditure(
        expenditure=row, spending=invoiced(amount=Decimal(1200)), actor=people.lead, at=NOON
    )  # fmt: skip

    assert (row.status, again.amount) == (S.REPLACED, Decimal(1200))
    accept_expenditure(expenditure=again, actor=people.officer, at=NOON)
    with pytest.raises(TransitionRefused):
        correct_expenditure(expenditure=again, spending=said(), actor=people.lead, at=NOON)
    with pytest.raises(PermissionDenied):
        correct_expenditure(expenditure=again, spending=said(), actor=people.rival, at=NOON)


def test_a_voucher_number_counts_once_in_a_year_of_an_organisation(people: Personas) -> None:
    award = make_contract(people).award
    record(people, award)
    record(people, award, organisation=people.university, actor=people.university_confirmer)

    with pytest.raises(ValidationError) as refusal:
        record(people, award, said(amount=Decimal(7)))

    assert list(refusal.value.message_dict) == ["voucher"]


def test_the_same_amount_of_the_same_day_is_confirmed_first(people: Personas) -> None:
    award = make_contract(people).award
    record(people, award)

    with pytest.raises(ValidationError) as refusal:
        record(people, award, said(voucher="记-2"))

    assert refusal.value.message_dict == {
        "confirmed": ["The same amount of the same day is recorded already (voucher 记-1)."]
    }
    assert record(people, award, said(voucher="记-2"), confirmed=True).status == S.RECORDED


@pytest.mark.django_db(transaction=True)
def test_two_organisations_come_with_one_invoice_at_once(people: Personas) -> None:
    award, other = make_contract(people).award, rival_award(people)
    meet(people.lead, people.rival)
    acts = [
        partial(record, people, Award.objects.get(pk=award.pk), invoiced()),
        partial(record, people, Award.objects.get(pk=other.pk), invoiced(), organisation=people.rival_org,
                actor=people.rival),
    ]  # fmt: skip

    results = at_once(*acts)

    assert refusals(results) == 1
    assert [type(one) for one in results if isinstance(one, Exception)] == [InvoiceTaken]
    assert Expenditure.objects.count() == 1


# --- the bureau --------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["lead", "rival", "head", "leader", "supervisor", "district_officer", "expert"])
def test_only_officer_and_finance_check(people: Personas, who: str) -> None:
    row = make_expenditure(people)

    with pytest.raises(PermissionDenied):
        accept_expenditure(expenditure=row, actor=getattr(people, who), at=NOON)
    with pytest.raises(PermissionDenied):
        refuse_expenditure(expenditure=row, actor=getattr(people, who), reason="样例", at=NOON)


def test_a_second_click_is_refused(people: Personas) -> None:
    row = make_expenditure(people)
    accept_expenditure(expenditure=row, actor=people.officer, at=NOON)

    with pytest.raises(TransitionRefused):
        accept_expenditure(expenditure=row, actor=people.finance, at=NOON)


def test_a_recused_official_sees_and_checks_nothing(people: Personas) -> None:
    row = make_expenditure(people)
    Recusal.objects.create(
        application=row.award.application, person=people.officer, ground="样例", declared_by=people.officer,
        recused_at=NOON,
    )  # fmt: skip

    assert not expenditures(people.officer).exists()
    assert not accountable_awards(people.officer).exists()
    with pytest.raises(PermissionDenied):
        accept_expenditure(expenditure=row, actor=people.officer, at=NOON)


def test_of_several_the_odd_one_is_left(people: Personas) -> None:
    award = make_contract(people).award
    rows = [make_expenditure(people, award), make_expenditure(people, award, hits=["fines"], explanation="样例")]

    outcomes = accept_expenditures(expenditures=rows, actor=people.officer, at=NOON)

    assert [one.passed for one in outcomes] == [True, False]
    assert [one.status for one in rows] == [S.ACCEPTED, S.RECORDED]


def test_the_lead_sees_all_a_member_its_own_a_stranger_nothing(people: Personas) -> None:
    award = make_contract(people).award
    own = make_expenditure(people, award)
    member = make_expenditure(people, award, organisation=people.university, recorded_by=people.university_confirmer)

    seen = {
        who: set(expenditures(getattr(people, who)))
        for who in ("lead", "university_confirmer", "fund_confirmer", "rival", "officer", "district_officer",
                    "other_district_officer", "expert")
    }  # fmt: skip

    assert seen == {
        "lead": {own, member}, "university_confirmer": {member}, "fund_confirmer": set(), "rival": set(),
        "officer": {own, member}, "district_officer": {own, member}, "other_district_officer": set(), "expert": set(),
    }  # fmt: skip


# --- budget against actual ---------------------------------------------------------------------
def test_what_is_over_the_budget_is_confirmed_and_told_the_lead_in_figures(people: Personas) -> None:
    award = make_contract(people).award
    fill_budget(award.application)
    make_budget_item(award.application, people.lead_org, BudgetSource.OTHER, {2026: Decimal(10_000)}, category="LABOUR")
    spending = said(category="LABOUR", source="OTHER", amount=Decimal(20_000))

    with pytest.raises(ValidationError, match=r"2\.00 of 1\.00"):
        record(people, award, spending)
    with pytest.raises(ValidationError, match="agree with the lead"):
        record(people, award, spending, organisation=people.university, actor=people.university_confirmer)

    record(people, award, spending, confirmed=True)
    assert [(one.code, one.account.of, one.account.left) for one in sheet_of(award).overruns()] == [
        ("category", "LABOUR", Decimal(-10_000))
    ]


def test_a_lump_sum_is_held_as_a_whole(people: Personas) -> None:
    call = make_call(people, budget_mode=BudgetMode.LUMP_SUM)
    award = make_contract(people, make_award(people, make_application(people, "APPROVED", call=call))).award
    fill_budget(award.application)
    award.application.budget.update(category=BudgetCategory.LUMP_SUM)
    lump = partial(said, category=BudgetCategory.LUMP_SUM, source=BudgetSource.OWN)
    total = sheet_of(award).total.planned

    with pytest.raises(ValidationError, match="the whole comes to"):
        record(people, award, lump(amount=total + 1))
    with pytest.raises(ValidationError, match="negative list"):
        record(people, award, lump(description="交通罚款"))

    record(people, award, lump(amount=total))
    assert sheet_of(award).overruns() == []


def test_the_grant_is_never_spent_beyond_the_award_unseen(people: Personas) -> None:
    award = make_contract(people).award

    with pytest.raises(ValidationError, match="of a grant of"):
        record(people, award, said(amount=award.amount + 1))


def test_the_negative_list_is_of_the_rules_of_the_call(people: Personas) -> None:
    award = make_contract(people).award
    data = award.application.call.rules.data
    barred = [{"code": "boats", "zh": "游艇", "en": "Boats", "words": ["游艇"]}]
    RuleSet.objects.filter(pk=award.application.call.rules_id).update(data={**data, "spending": {"negative": barred}})

    row = record(people, award, said(description="购买游艇", explanation="样例：为水面试验平台。"))

    assert row.hits == ["boats"]
    assert record(people, award, said(description="缴纳罚款", voucher="记-2"), confirmed=True).hits == []


def test_sums_are_those_of_an_independent_computation() -> None:
    dice = random.Random(7)
    organisations, categories, sources = "abc", list(BudgetCategory), list(BudgetSource)
    for _ in range(50):
        lines = {
            side: [
                (dice.choice(organisations), dice.choice(sources), dice.choice(categories), 2025 + dice.randrange(3),
                 Decimal(dice.randrange(0, 10**9)) / 100)
                for _ in range(dice.randrange(12))
            ]
            for side in ("planned", "spent")
        }  # fmt: skip
        plan, actual = ([Line(Row(*row[:3]), {row[3]: row[4]}) for row in lines[side]] for side in ("planned", "spent"))
        for place, key in enumerate(("organisation", "source", "category", "year")):
            expected: defaultdict[Any, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
            for side, name in enumerate(("planned", "spent")):
                for row in lines[name]:
                    expected[row[place]][side] += row[4]
            found = {one.of: [one.planned, one.spent] for one in rules.accounts(plan, actual, key)}
            assert found == {of: sums for of, sums in expected.items() if any(sums)}
            assert sum((one.left for one in rules.accounts(plan, actual, key)), Decimal(0)) == (
                rules.total(plan, actual).left
            )


@pytest.mark.parametrize(("planned", "spent", "near", "over", "percent"), [
    (100, 89, False, False, Decimal("89.0")), (100, 90, True, False, Decimal("90.0")),
    (100, 101, False, True, Decimal("101.0")), (0, 1, False, True, None), (0, 0, False, False, None),
])  # fmt: skip
def test_an_account_knows_when_it_is_nearly_spent(
    planned: int, spent: int, near: bool, over: bool, percent: Decimal | None
) -> None:
    account = rules.Account("x", Decimal(planned), Decimal(spent))

    assert (account.is_near(Decimal(90)), account.is_over, account.percent) == (near, over, percent)


# --- the database ------------------------------------------------------------------------------
INVOICE = {"invoice_kind": K.DIGITAL, "invoice_number": DIGITAL, "net": Decimal(1), "seller_name": "样例"}
BREACHES: dict[str, dict[str, Any]] = {
    "invoice_recorded_once": INVOICE,
    "voucher_once_a_year": {"voucher": "记-0"},
    "expenditure_positive": {"amount": Decimal(0)},
    "expenditure_has_a_voucher": {"description": ""},
    "invoice_numbered_as_its_kind": INVOICE | {"invoice_kind": K.PAPER},
    "seller_code_in_shape": INVOICE | {"invoice_number": "1" * 20, "seller_code": "x"},
    "spent_before_it_was_recorded": {"day": TODAY + timedelta(days=1)},
    "negative_list_explained": {"hits": ["fines"]},
    "expenditure_judged_by_somebody": {"status": S.ACCEPTED, "judged_by": None},
    "two_see_an_expenditure": {"status": S.REFUSED, "recorded_by": "officer"},
}


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_keeps_expenditures_in_order(people: Personas, name: str) -> None:
    award = make_expenditure(people, voucher="记-0", **INVOICE).award
    facts = {key: getattr(people, value) if value == "officer" else value for key, value in BREACHES[name].items()}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_expenditure(people, award, **facts)


def test_every_constraint_was_tried() -> None:
    assert {one.name for one in Expenditure._meta.constraints} == set(BREACHES)


def test_the_same_voucher_in_another_year_is_another_voucher(people: Personas) -> None:
    award = make_expenditure(people, voucher="记-0").award

    assert make_expenditure(people, award, voucher="记-0", day=date(2025, 1, 1)).pk
