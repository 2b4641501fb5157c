"""The funding reports: who reads which, what stands in them, computed once more from the bare tables."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from consortia.enums import Tier
from consortia.models import LifeEvent, Rectification
from funding.enums import BatchStatus, TrancheStatus
from funding.models import Award, Contract, OverlapFinding, Recovery
from funding.services.payments import return_payment
from funding.services.recoveries import receive_recovery
from funding.services.relays import confirm_relay
from funding.services.tranches import pay_tranche
from portal.kernel.capitals import capitals
from portal.kernel.models import AuditEntry
from reports.exporters import BY_SLUG, REPORTS
from reports.exporters.report import Report
from tests.clock import NOON
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.factories.funding import (
    make_application,
    make_award,
    make_contract,
    make_expenditure,
    make_recovery,
    make_subsidy,
    make_tranche,
)
from tests.factories.members import make_district
from tests.factories.payments import make_batch
from tests.funding.steps import queries_of
from tests.funding.test_relays import paid_award
from tests.funding.test_relays import report as pass_on
from tests.personas import Personas
from tests.reports.test_exports import enter, lines, take
from tests.samples import PDF

BUDGET = {report.slug for report in REPORTS if report.permission == "funding.view_budget"}
BUREAU = ("officer", "head", "leader", "finance", "supervisor")


def page(user: Any, slug: str, query: str = "", language: str = "en") -> Any:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client.get(f"{reverse('reports:funding-report', args=[slug])}?{query}")


def tables(slug: str, user: Any) -> list[list[Any]]:
    """The cells of a report, without titles."""
    report = BY_SLUG[slug]
    return [[column.cell(row) for column in report.columns] for row in report.made(report.base(user))]


def bare(sql: str) -> list[tuple[Any, ...]]:
    """Rows of the bare tables."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.fixture
def awards(people: Personas) -> list[Award]:
    """Three awards: two paid in part, one of another district and tier with a tranche on hold."""
    first = make_contract(people, make_award(people, make_application(people, "APPROVED"))).award
    rival = make_award(people, make_application(people, "APPROVED", consortium=rival_consortium(people)))
    far = ready_consortium(people, district=make_district("320581"))
    third = make_contract(people, make_award(people, make_application(people, "APPROVED", consortium=far))).award
    make_tranche(people, first, TrancheStatus.CONFIRMED)
    make_tranche(people, make_contract(people, rival).award, TrancheStatus.PAID)
    make_tranche(people, third, TrancheStatus.ON_HOLD, hold_reason="样例：整改中")
    make_expenditure(people, first, source="OWN", amount=Decimal("310000.00"))
    make_expenditure(people, first, status="REFUSED", source="OWN")
    return [first, rival, third]


# --- who ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.slug)
def test_each_report_is_read_by_whom_it_concerns(people: Personas, report: Report) -> None:
    names = ("finance", "district_officer", "lead", "expert", "system_admin")

    answers = {name: page(getattr(people, name), report.slug).status_code for name in names}

    outside = 403 if report.slug in BUDGET else 200
    assert answers == {
        "finance": 200, "district_officer": outside, "lead": outside, "expert": 403, "system_admin": 403,
    }  # fmt: skip


def test_an_unknown_report_does_not_exist(people: Personas) -> None:
    assert page(people.finance, "payroll").status_code == 404


def test_the_list_offers_what_one_may_read(people: Personas) -> None:
    def offered(user: Any) -> set[str]:
        found = enter(user).get(reverse("reports:export-list")).context["reports"]
        return {report.slug for report in found}

    everything = {report.slug for report in REPORTS}
    assert (offered(people.finance), offered(people.lead)) == (everything, everything - BUDGET)


def test_a_report_holds_only_what_its_reader_may_see(people: Personas, awards: list[Award]) -> None:
    def codes(user: Any) -> set[str]:
        return {row[2] for row in tables("awards", user)}

    first, rival, third = (award.consortium.code for award in awards)
    assert codes(people.finance) == {first, rival, third}
    assert codes(people.district_officer) == {first, rival}
    assert codes(people.rival) == {rival}


# --- what, from the bare tables ----------------------------------------------------------------
def test_every_report_shows_the_same_page_in_both_languages(people: Personas, awards: list[Award]) -> None:
    for report in REPORTS:
        found = [page(people.finance, report.slug, language=language) for language in ("en", "zh-hans")]
        assert [one.status_code for one in found] == [200, 200], report.slug
        assert found[0].context["totals"] == found[1].context["totals"], report.slug


def test_every_report_agrees_with_the_ledger(people: Personas, awards: list[Award]) -> None:
    checks = [(report.slug, check) for report in REPORTS for check in report.checks(report.base(people.finance))]

    assert {slug for slug, check in checks if check.difference} == set()
    assert {slug for slug, check in checks if check.reported} >= {"awards", "tranches", "execution", "settlement"}


def test_the_register_beside_the_tables(people: Personas, awards: list[Award]) -> None:
    paid = dict(bare("SELECT t.award_id, sum(p.amount) FROM funding_payment p JOIN funding_tranche t "
                     "ON t.id = p.tranche_id GROUP BY 1"))  # fmt: skip
    expected = [
        (code, amount, paid.get(key, Decimal(0)), amount - paid.get(key, Decimal(0)))
        for key, code, amount in bare("SELECT a.id, c.code, a.amount FROM funding_award a JOIN consortia_consortium c "
                                      "ON c.id = a.consortium_id ORDER BY a.year, c.code")
    ]  # fmt: skip

    assert [(row[2], row[10], row[21], row[23]) for row in tables("awards", people.finance)] == expected


@pytest.mark.parametrize(
    ("slug", "key", "names"),
    [
        ("by-tier", "a.tier", "SELECT unnest(ARRAY['A', 'B', 'C'])"),
        ("by-district", "c.district_id", "SELECT code FROM members_district ORDER BY code"),
        ("trend", "a.year", "SELECT DISTINCT year FROM funding_award ORDER BY year"),
    ],
)
def test_the_statistics_beside_the_tables(
    people: Personas, awards: list[Award], slug: str, key: str, names: str
) -> None:
    sums: dict[Any, tuple[int, Decimal]] = {
        of: (count, amount)
        for of, count, amount in bare(f"SELECT {key}, count(*), sum(a.amount) FROM funding_award a "  # noqa: S608
                                      "JOIN consortia_consortium c ON c.id = a.consortium_id GROUP BY 1")
    }  # fmt: skip
    paid = defaultdict(
        Decimal,
        bare(f"SELECT {key}, sum(p.amount) FROM funding_payment p JOIN funding_tranche t ON t.id = p.tranche_id "  # noqa: S608
             "JOIN funding_award a ON a.id = t.award_id JOIN consortia_consortium c ON c.id = a.consortium_id "
             "GROUP BY 1"),
    )  # fmt: skip
    report = BY_SLUG[slug]
    titles = [column.name for column in report.columns]

    rows = [dict(zip(titles, row, strict=True)) for row in tables(slug, people.finance)]

    found = [(row["awards"], row["awarded"], row["paid"]) for row in rows]
    nothing = (0, Decimal(0))
    assert found == [(*sums.get(of, nothing), paid[of]) for (of,) in bare(names)]


def test_the_trend_counts_the_money_of_others_once(people: Personas, awards: list[Award]) -> None:
    titles = [column.name for column in BY_SLUG["trend"].columns]

    (row,) = (dict(zip(titles, row, strict=True)) for row in tables("trend", people.finance))

    assert row["own_and_other_money_spent"] == Decimal("310000.00")
    assert row["own_and_other_money_for_each_yuan_paid"] == (Decimal(310_000) / row["paid"]).quantize(Decimal("0.01"))


def test_the_execution_beside_the_tables(people: Personas, awards: list[Award]) -> None:
    ((appropriated, committed, paid),) = bare(
        "SELECT (SELECT sum(amount) FROM funding_appropriation WHERE status = 'CONFIRMED'), "
        "(SELECT sum(amount) FROM funding_award), (SELECT sum(amount) FROM funding_payment)"
    )

    rows = tables("execution", people.finance)

    sums = [sum((row[n] for row in rows), Decimal(0)) for n in (6, 7, 8, 10)]
    assert sums == [appropriated, committed, paid, appropriated - committed]


def test_the_settlement_beside_the_tables(people: Personas, awards: list[Award]) -> None:
    expected = bare("SELECT extract(year FROM paid_on)::int, count(*), sum(amount) FROM funding_payment GROUP BY 1")

    rows = tables("settlement", people.finance)

    sums = [(rows[0][0], sum(row[3] for row in rows), sum(row[4] for row in rows))]
    assert sums == expected
    assert [row[4:9] for row in rows] == [[row[4], Decimal(0), row[4], row[4], Decimal(0)] for row in rows]


def test_holds_name_their_reason_and_amount(people: Personas, awards: list[Award]) -> None:
    code, held = awards[2].consortium.code, awards[2].tranches.get().amount
    order = {"consortium": awards[2].consortium, "demands": "样例：补交报告", "created_at": NOON}
    Rectification.objects.create(due=timezone.localdate() - timedelta(days=1), **order)

    rows = [(row[0], row[3], row[4], row[8]) for row in tables("holds", people.finance)]

    assert rows == [(code, "样例：整改中", held, "On hold"), (code, "样例：补交报告", None, "Overdue")]


def test_a_change_of_tier_after_the_award_stands_in_its_report(people: Personas, awards: list[Award]) -> None:
    award = awards[0]
    LifeEvent.objects.create(
        consortium=award.consortium, kind="downgrade", at=NOON + timedelta(days=30), actor=people.leader,
        reason="样例：年度评价不合格", document_number="样科〔2026〕30号", tier_before=Tier.A, tier_after=Tier.B,
    )  # fmt: skip

    (row,) = tables("tier-change", people.finance)

    call = award.application.call
    assert (row[1], row[4], row[5]) == (award.consortium.code, "A", "B")
    assert row[9:12] == [call.cap_a, call.cap_b, call.cap_b - call.cap_a]


def test_orders_show_whom_the_treasury_pays_and_hide_the_account(people: Personas) -> None:
    tranche = make_tranche(people, status=TrancheStatus.APPROVED)
    [order] = make_batch(people, tranche).orders.all()

    (row,) = tables("payment-orders", people.finance)

    account = order.bank_account.reveal()
    assert (row[0], row[2], row[5]) == (order.batch.number, people.lead_org.name, tranche.amount)
    assert (row[4], account in str(row)) == (f"****{account[-4:]}", False)


def test_members_see_what_is_due_to_them_and_what_came(people: Personas) -> None:
    award = paid_award(people)
    first = pass_on(people, award)
    confirm_relay(relay=first, received_on=timezone.localdate(NOON), actor=people.university_confirmer, at=NOON)
    pass_on(people, award, 5, slip="HD-002")
    Contract.objects.filter(award=award).update(countersigned_at=NOON)
    report = BY_SLUG["member-relay"]

    ((*_who, member, planned, passed, last, slips, left, remark),) = tables("member-relay", people.finance)
    (district,) = [row for row in tables("by-district", people.finance) if row[5]]

    assert (member, planned, passed, left) == (people.university.name, 300_000, 100_000, 200_000)
    assert (last, slips, "50,000.00" in remark) == (timezone.localdate(NOON), "HD-001", True)
    assert [check.difference for check in report.checks(report.base(people.finance))] == [0]
    register = BY_SLUG["awards"]
    totals = register.totals(register.made(register.base(people.finance)))
    due = Decimal(Contract.objects.get().terms["shares"]["district"])
    assert due > 0
    assert (district[11], totals[12]) == (due, due)


def test_what_came_back_is_in_the_settlement_and_not_in_what_is_paid(people: Personas, awards: list[Award]) -> None:
    batch = make_batch(people, make_tranche(people, status=TrancheStatus.APPROVED), status=BatchStatus.SENT)
    [order] = batch.orders.all()
    pay_tranche(tranche=order.tranche, actor=people.finance, paid_on=timezone.localdate(NOON), voucher="PZ-9", at=NOON)
    return_payment(
        tranche=order.tranche,
        actor=people.finance,
        returned_on=timezone.localdate(NOON),
        reason="样例：户名不符",
        at=NOON,
    )

    rows = tables("settlement", people.finance)

    assert sum(row[5] for row in rows) == order.amount
    assert {row[8] for row in rows} == {Decimal(0)}
    assert [(report.slug, check) for report in REPORTS for check in report.checks(report.base(people.finance))
            if check.difference] == []  # fmt: skip


def test_the_sums_of_what_is_signed_stand_in_capitals(people: Personas, awards: list[Award]) -> None:
    report = BY_SLUG["awards"]
    with translation.override("zh-hans"):
        notes = dict(report.notes(report.base(people.finance), []))
    with translation.override("en"):
        english = dict(report.notes(report.base(people.finance), []))

    total = sum((award.amount for award in awards), Decimal(0))
    assert capitals(total) in notes.values()
    assert not any("元整" in text for text in english.values())


def test_claims_stand_with_what_arrived_and_what_the_ledger_says(people: Personas) -> None:
    claim = make_recovery(people, paid_award(people), amount=Decimal(20_000))
    upload = SimpleUploadedFile("缴款书.pdf", PDF)
    receive_recovery(
        recovery=claim, amount=Decimal(5_000), arrived_on=timezone.localdate(NOON), slip="JK-1", upload=upload,
        actor=people.finance, at=NOON,
    )  # fmt: skip

    (row,) = tables("recoveries", people.finance)

    assert (row[0], row[4:7]) == (claim.number, [Decimal(20_000), Decimal(5_000), Decimal(15_000)])
    [check] = BY_SLUG["recoveries"].checks(Recovery.objects.all())
    assert (check.reported, check.difference) == (5_000, 0)
    differing = [(one.slug, check) for one in REPORTS for check in one.checks(one.base(people.finance))
                 if check.difference]  # fmt: skip
    assert differing == []


def test_what_was_concluded_about_other_money_stands_in_its_report(people: Personas) -> None:
    application = make_application(people, "APPROVED")
    subsidy = make_subsidy(people)
    OverlapFinding.objects.create(
        application=application, subsidy=subsidy, degree=40, verdict="PARTIAL", reason="样例：部分相近",
        judged_by=people.supervisor, judged_at=NOON,
    )  # fmt: skip

    (row,) = tables("double-funding", people.finance)

    assert row[:3] == [subsidy.holder, subsidy.credit_code, application.number]
    assert (row[8], row[9], row[11], row[13]) == (subsidy.amount, 40, "样例：部分相近", None)
    assert tables("double-funding", people.lead) == []


# --- pages -------------------------------------------------------------------------------------
def test_the_filter_narrows_rows_totals_and_the_books_alike(people: Personas, awards: list[Award]) -> None:
    found = page(people.finance, "awards", "district=320581")

    ((row,), (awarded, paid, left)) = (found.context["rows"], found.context["checks"])
    assert row[2][1] == awards[2].consortium.code
    assert (awarded.reported, awarded.difference, paid.reported, paid.difference) == (awards[2].amount, 0, 0, 0)
    assert (left.reported, left.difference) == (awards[2].amount, 0)


def test_a_difference_is_said_aloud(people: Personas, awards: list[Award]) -> None:
    with connection.cursor() as cursor:  # as only somebody at the database could
        cursor.execute("UPDATE funding_award SET amount = amount - 1 WHERE id = %s", [awards[0].pk])

    check = next(iter(BY_SLUG["awards"].checks(Award.objects.all())))

    assert check.difference == Decimal(-1)
    assert "difference -1.00 yuan" in check.words


def test_a_report_costs_the_same_whatever_its_length(people: Personas, awards: list[Award]) -> None:
    client = enter(people.finance)
    urls = {report.slug: reverse("reports:funding-report", args=[report.slug]) for report in REPORTS}
    client.get(urls["awards"])

    before = {slug: len(queries_of(client, url)) for slug, url in urls.items()}
    for _ in range(2):
        more = make_contract(people).award
        make_tranche(people, more, TrancheStatus.PAID)
        make_expenditure(people, more, source="OWN")

    assert {slug: len(queries_of(client, url)) for slug, url in urls.items()} == before
    assert max(before.values()) <= 25


def test_a_file_says_and_records_that_it_agrees_with_the_ledger(people: Personas, awards: list[Award]) -> None:
    heading, *rows = lines(take(people.finance, "tranches"))

    facts = AuditEntry.objects.get(action="export").facts
    booked = sum(Decimal(row[heading.index("Amount paid (yuan)")]) for row in rows)
    assert facts["ledger"] == {"paid": {"reported": f"{booked:.2f}", "booked": f"{booked:.2f}"}}
