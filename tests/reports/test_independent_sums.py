"""Every report of money computed once more by pandas over the bare tables."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd
from django.db import connection

from funding.models import Call
from reports.exporters import BY_SLUG, REPORTS
from reports.exporters.fees import pays
from reports.exporters.surplus import ended, rests
from tests.factories.richyear import rich_year
from tests.personas import Personas

NIL = Decimal(0)
CENT = Decimal("0.01")
Rows = list[tuple[Any, ...]]


# --- the bare tables ---------------------------------------------------------------------------
def frame(sql: str) -> pd.DataFrame:
    """The rows of a statement, amounts as they stand."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        return pd.DataFrame(cursor.fetchall(), columns=names, dtype=object)


def awards() -> pd.DataFrame:
    """Each award with what was paid, cancelled and spent by others, and with its contract's shares."""
    base = frame(
        "SELECT a.id, a.year, a.tier, a.amount, c.id AS consortium, c.code, c.district_id AS district, "
        "c.sub_field_id AS field, p.requested_amount AS requested, "
        "CASE WHEN k.countersigned_at IS NOT NULL THEN (k.terms->'shares'->>'district')::numeric END "
        "AS district_share, "
        "CASE a.tier WHEN 'A' THEN l.cap_a WHEN 'B' THEN l.cap_b ELSE l.cap_c END AS cap "
        "FROM funding_award a JOIN consortia_consortium c ON c.id = a.consortium_id "
        "JOIN funding_application p ON p.id = a.application_id JOIN funding_call l ON l.id = p.call_id "
        "LEFT JOIN funding_contract k ON k.award_id = a.id ORDER BY a.year, c.code"
    )
    tranches = frame("SELECT id, award_id, amount, status FROM funding_tranche")
    payments = frame("SELECT tranche_id, amount FROM funding_payment WHERE returned_on IS NULL")
    paid = payments.merge(tranches[["id", "award_id"]], left_on="tranche_id", right_on="id")
    spent = frame("SELECT award_id, amount, source, status FROM funding_expenditure")
    others = spent[(spent.source != "GRANT") & spent.status.isin(["RECORDED", "ACCEPTED"])]
    found = base.assign(
        paid=per(paid, "award_id", base.id),
        cancelled=per(tranches[tranches.status == "CANCELLED"], "award_id", base.id),
        private=per(others, "award_id", base.id),
    )
    return found.assign(left=found.amount - found.cancelled - found.paid)


def per(rows: pd.DataFrame, key: str, wanted: Iterable[Any], amount: str = "amount") -> list[Decimal]:
    """The sum of an amount for each of the keys that are wanted."""
    sums = rows.groupby(key)[amount].agg(lambda part: sum(part, NIL)).to_dict() if len(rows) else {}
    return [sums.get(one, NIL) for one in wanted]


def ratio(part: Decimal, whole: Decimal, times: int = 100) -> Decimal | None:
    return (part * times / whole).quantize(CENT) if whole else None


def cents(value: Any) -> Decimal:
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


# --- each report, once more --------------------------------------------------------------------
def register(all_: pd.DataFrame) -> Rows:
    return [
        (one.code, one.requested, one.amount, one.district_share, one.paid, one.cancelled, one.left)
        for one in all_.itertuples()
    ]


def ledger_of_tranches(_all: pd.DataFrame) -> Rows:
    rows = frame("SELECT c.code, t.sequence, t.amount, t.status, p.amount AS paid FROM funding_tranche t "
                 "JOIN funding_award a ON a.id = t.award_id JOIN consortia_consortium c ON c.id = a.consortium_id "
                 "LEFT JOIN funding_payment p ON p.tranche_id = t.id AND p.returned_on IS NULL "
                 "ORDER BY a.year, c.code, t.sequence")  # fmt: skip
    paid = [one or NIL for one in rows.paid]
    left = [NIL if row.status == "CANCELLED" else row.amount - one
            for row, one in zip(rows.itertuples(), paid, strict=True)]  # fmt: skip
    return list(zip(rows.code, rows.sequence, rows.amount, paid, left, strict=True))


def orders(_all: pd.DataFrame) -> Rows:
    rows = frame("SELECT b.number, o.amount, o.failed_on, b.status, p.returned_on FROM funding_paymentorder o "
                 "JOIN funding_paymentbatch b ON b.id = o.batch_id LEFT JOIN funding_payment p ON p.order_id = o.id "
                 "ORDER BY b.number, o.sequence")  # fmt: skip
    gone = rows.failed_on.notna() | (rows.status == "DROPPED") | rows.returned_on.notna()
    return [(row.number, row.amount, NIL if dead else row.amount)
            for row, dead in zip(rows.itertuples(), gone, strict=True)]  # fmt: skip


def execution(all_: pd.DataFrame) -> Rows:
    lines = frame("SELECT id, year FROM funding_budgetline ORDER BY year")
    given = frame("SELECT line_id, amount, kind FROM funding_appropriation WHERE status = 'CONFIRMED'")
    back = frame("SELECT e.amount, a.line_id FROM funding_recoveryreceipt e JOIN funding_recovery r "
                 "ON r.id = e.recovery_id JOIN funding_award a ON a.id = r.award_id "
                 "WHERE e.reversed_at IS NULL")  # fmt: skip
    whole = per(given, "line_id", lines.id)
    moved = per(given[given.kind == "ADJUSTMENT"], "line_id", lines.id)
    received = per(back, "line_id", lines.id)
    rows = []
    for year, all_given, adjusted, came in zip(lines.year, whole, moved, received, strict=True):
        mine = all_[all_.year == year]
        owed, paid = sum(mine.amount - mine.cancelled, NIL), sum(mine.paid, NIL)
        rows.append((year, all_given - adjusted, adjusted, all_given, owed, paid, all_given + came - owed, came))
    return rows


def grouped(all_: pd.DataFrame, key: str, names: Iterable[Any]) -> list[tuple[Any, pd.DataFrame]]:
    return [(name, all_[all_[key] == name]) for name in names]


def by_tier(all_: pd.DataFrame) -> Rows:
    whole = sum(all_.amount, NIL)
    return [
        (len(part), sum(part.amount, NIL), cents(sum(part.amount, NIL) / len(part)), sum(part.paid, NIL),
         sum(part.cancelled, NIL), sum(part.left, NIL), ratio(sum(part.paid, NIL), sum(part.amount, NIL)),
         sum(part.cap, NIL), ratio(sum(part.amount, NIL), whole))
        for _tier, part in grouped(all_, "tier", "ABC")
    ]  # fmt: skip


def by_district(all_: pd.DataFrame) -> Rows:
    codes = frame("SELECT code FROM members_district ORDER BY code").code
    came = frame("SELECT award_id, amount FROM funding_cofunding WHERE status = 'CONFIRMED'")
    rows = []
    for code, part in grouped(all_.assign(came=per(came, "award_id", all_.id)), "district", codes):
        due, arrived = sum(part.district_share.dropna(), NIL), sum(part.came, NIL)
        rows.append((code, *((part.tier == tier).sum() for tier in "ABC"), len(part), sum(part.amount, NIL),
                     sum(part.paid, NIL), sum(part.cancelled, NIL), sum(part.left, NIL), due, arrived,
                     ratio(arrived, due)))  # fmt: skip
    return rows


def by_field(all_: pd.DataFrame) -> Rows:
    outcomes = frame("SELECT c.sub_field_id AS field, o.kind, o.consortium_id FROM consortia_outcome o "
                     "JOIN consortia_consortium c ON c.id = o.consortium_id")  # fmt: skip
    outcomes = outcomes[outcomes.consortium_id.isin(set(all_.consortium))]
    rows = []
    for field, part in grouped(all_, "field", sorted(set(all_.field))):
        made = [((outcomes.field == field) & (outcomes.kind == kind)).sum()
                for kind in ("PATENT", "STANDARD", "PRODUCT")]  # fmt: skip
        awarded = sum(part.amount, NIL)
        each = (Decimal(int(sum(made))) * 1_000_000 / awarded).quantize(CENT)
        rows.append((len(part), awarded, sum(part.paid, NIL), *made, each))
    return rows


def relays(_all: pd.DataFrame) -> Rows:
    planned = frame("SELECT o.id, o.name, (part->>'grant')::numeric AS amount, k.award_id FROM funding_contract k, "
                    "jsonb_array_elements(k.terms->'parties') part JOIN members_organisation o "
                    "ON o.id = (part->>'id')::uuid WHERE part->>'role' <> 'LEAD'")  # fmt: skip
    planned = planned[planned.amount > 0]
    passed = frame("SELECT organisation_id, amount FROM funding_relay WHERE status = 'CONFIRMED'")
    got = per(passed, "organisation_id", planned.id)
    rows = [(name, amount, one, amount - one)
            for name, amount, one in zip(planned.name, planned.amount, got, strict=True)]  # fmt: skip
    return sorted(rows)


def expenditures(_all: pd.DataFrame) -> Rows:
    rows = frame("SELECT voucher, amount, status FROM funding_expenditure")
    counted = rows.status.isin(["RECORDED", "ACCEPTED"])
    return sorted((row.voucher, row.amount, row.amount if one else NIL)
                  for row, one in zip(rows.itertuples(), counted, strict=True))  # fmt: skip


def adjustments(_all: pd.DataFrame) -> Rows:
    rows = frame("SELECT line_id, kind, amount, status, confirmed_at, document_number FROM funding_appropriation")
    given = rows[rows.status == "CONFIRMED"]
    found = []
    for row in rows[rows.kind == "ADJUSTMENT"].itertuples():
        earlier = given[given.line_id == row.line_id]
        if row.status == "CONFIRMED":
            before = sum(earlier[earlier.confirmed_at < row.confirmed_at].amount, NIL)
            found.append((row.document_number, before, row.amount, row.amount, before + row.amount))
    return sorted(found)


def self_raised(_all: pd.DataFrame) -> Rows:
    members = frame("SELECT m.id, c.code, o.name, m.cash, m.consortium_id, m.organisation_id "
                    "FROM consortia_participation m JOIN consortia_consortium c ON c.id = m.consortium_id "
                    "JOIN members_organisation o ON o.id = m.organisation_id WHERE m.status = 'CONFIRMED' "
                    "AND c.id IN (SELECT consortium_id FROM funding_award)")  # fmt: skip
    came = frame("SELECT participation_id, amount, kind, confirmed_at FROM consortia_contribution")
    here = came.confirmed_at.notna()
    spent = frame("SELECT a.consortium_id, e.organisation_id, e.amount FROM funding_expenditure e "
                  "JOIN funding_award a ON a.id = e.award_id WHERE e.source <> 'GRANT' "
                  "AND e.status IN ('RECORDED', 'ACCEPTED')")  # fmt: skip
    spent["who"] = list(zip(spent.consortium_id, spent.organisation_id, strict=True))
    sums = [
        per(came[here & (came.kind == "CASH")], "participation_id", members.id),
        per(came[here & (came.kind != "CASH")], "participation_id", members.id),
        per(came[~here], "participation_id", members.id),
        per(spent, "who", zip(members.consortium_id, members.organisation_id, strict=True)),
    ]
    return sorted(zip(members.code, members.name, members.cash, *sums, strict=True))


def performance(all_: pd.DataFrame) -> Rows:
    outcomes = frame("SELECT consortium_id, kind, amount FROM consortia_outcome")
    patents = outcomes[outcomes.kind == "PATENT"].groupby("consortium_id").size()
    sales = per(outcomes[outcomes.kind == "PRODUCT"], "consortium_id", all_.consortium)
    years = frame("SELECT organisation_id, year, rd_expense, staff FROM members_yearfigures")
    members = frame("SELECT consortium_id, organisation_id FROM consortia_participation WHERE status = 'CONFIRMED'")
    rows = []
    for one, sold in zip(all_.itertuples(), sales, strict=True):
        mine = members[members.consortium_id == one.consortium].merge(years, on="organisation_id")
        last = mine[mine.year == mine.year.max()]
        both = last.merge(mine[mine.year == mine.year.max() - 1], on="organisation_id", suffixes=("", "_before"))
        growth = sum(both.rd_expense - both.rd_expense_before, NIL)
        rows.append((one.code, one.amount, one.paid, one.private, ratio(one.private, one.paid, 1), growth, sold,
                     patents.get(one.consortium, 0), sum(last.staff)))  # fmt: skip
    return rows


def holds(_all: pd.DataFrame) -> Rows:
    rows = frame("SELECT c.code, t.amount FROM funding_tranche t JOIN funding_award a ON a.id = t.award_id "
                 "JOIN consortia_consortium c ON c.id = a.consortium_id WHERE t.status = 'ON_HOLD'")  # fmt: skip
    return list(rows.itertuples(index=False, name=None))


def claims(_all: pd.DataFrame) -> Rows:
    rows = frame("SELECT id, number, amount, status FROM funding_recovery ORDER BY number")
    receipts = frame("SELECT recovery_id, amount FROM funding_recoveryreceipt WHERE reversed_at IS NULL")
    received = per(receipts, "recovery_id", rows.id)
    return [
        (row.number, row.amount, one, NIL if row.status in {"STOPPED", "SETTLED", "WRITTEN_OFF"} else row.amount - one)
        for row, one in zip(rows.itertuples(), received, strict=True)
    ]


def settlement(_all: pd.DataFrame) -> Rows:
    rows = frame("SELECT p.paid_on, p.amount, p.returned_on, l.batch FROM funding_payment p JOIN funding_tranche t "
                 "ON t.id = p.tranche_id JOIN funding_award a ON a.id = t.award_id JOIN funding_application q "
                 "ON q.id = a.application_id JOIN funding_call l ON l.id = q.call_id")  # fmt: skip
    sums: dict[tuple[int, int], list[Any]] = {}
    for row in rows.itertuples():
        one = sums.setdefault((row.paid_on.year, row.batch), [0, NIL, NIL])
        one[0], one[1] = one[0] + 1, one[1] + row.amount
        if row.returned_on:
            sums.setdefault((row.returned_on.year, row.batch), [0, NIL, NIL])[2] += row.amount
    net = {key: paid - back for key, (_count, paid, back) in sums.items()}
    return [(*key, *sums[key], net[key], net[key], NIL) for key in sorted(sums)]


def surplus(_all: pd.DataFrame) -> Rows:
    """Each organisation of an ended project, from payments, relays, vouchers and claims."""
    ended = frame("SELECT a.id, a.consortium_id, c.lead_id, k.number FROM funding_award a JOIN funding_contract k "
                  "ON k.award_id = a.id JOIN consortia_consortium c ON c.id = a.consortium_id "
                  "WHERE k.status IN ('COMPLETED', 'TERMINATED', 'EXPIRED')")  # fmt: skip
    paid = frame("SELECT t.award_id, p.amount FROM funding_payment p JOIN funding_tranche t ON t.id = p.tranche_id "
                 "WHERE p.returned_on IS NULL")  # fmt: skip
    passed = frame("SELECT award_id, organisation_id, amount FROM funding_relay WHERE status = 'CONFIRMED'")
    used = frame("SELECT award_id, organisation_id, amount FROM funding_expenditure WHERE source = 'GRANT' "
                 "AND status IN ('RECORDED', 'ACCEPTED')")  # fmt: skip
    asked = frame("SELECT award_id, organisation_id, amount, status FROM funding_recovery")
    asked = asked[~asked.status.isin(["STOPPED", "WRITTEN_OFF"])]
    back = frame("SELECT r.award_id, r.organisation_id, e.amount FROM funding_recoveryreceipt e "
                 "JOIN funding_recovery r ON r.id = e.recovery_id WHERE e.reversed_at IS NULL")  # fmt: skip
    names = frame("SELECT id, name FROM members_organisation").set_index("id").name
    rows = []
    for one in ended.itertuples():
        mine = {name: part[part.award_id == one.id] for name, part in
                (("paid", paid), ("passed", passed), ("used", used), ("asked", asked), ("back", back))}  # fmt: skip
        for who in {*mine["passed"].organisation_id, *mine["used"].organisation_id, one.lead_id}:
            spent, claimed, returned, got = (
                sum(mine[name][mine[name].organisation_id == who].amount, NIL)
                for name in ("used", "asked", "back", "passed")
            )
            if who == one.lead_id:
                got = sum(mine["paid"].amount, NIL) - sum(mine["passed"].amount, NIL)
            if got or spent:
                left = max(got - spent, NIL)
                rows.append((one.number, names[who], got, spent, left, claimed, returned))
    return sorted(rows)


def expert_fees(_all: pd.DataFrame) -> Rows:
    """By the proposed standards: 400 yuan a review, 1,000 a defence, 1,500 a site visit."""
    work = frame("SELECT l.batch, to_char(r.submitted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, "
                 "e.user_id AS who, 400 AS fee FROM funding_review r JOIN members_expert e ON e.id = r.expert_id "
                 "JOIN funding_application q ON q.id = r.application_id JOIN funding_call l ON l.id = q.call_id "
                 "WHERE r.status = 'SUBMITTED' AND NOT l.rehearsal UNION ALL "
                 "SELECT l.batch, to_char(s.starts_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), t.person_id, "
                 "CASE s.kind WHEN 'DEFENCE' THEN 1000 ELSE 1500 END FROM funding_sessionseat t "
                 "JOIN funding_reviewsession s ON s.id = t.session_id JOIN funding_call l ON l.id = s.call_id "
                 "WHERE t.role = 'EXPERT' AND t.signed_in_at IS NOT NULL AND s.status = 'LOCKED' "
                 "AND NOT l.rehearsal")  # fmt: skip
    rows = []
    for (batch, month, _who), part in work.groupby(["batch", "month", "who"]):
        pay = Decimal(int(part.fee.sum()))
        kept = pay - 800 if pay <= 4000 else pay * Decimal("0.8")
        tax = NIL if pay <= 800 else cents(kept * Decimal("0.2"))  # below 25,000 yuan
        rows.append((batch, month, (part.fee == 400).sum(), (part.fee == 1000).sum(), (part.fee == 1500).sum(),
                     pay, tax, pay - tax))  # fmt: skip
    return sorted(rows)


def every_leg(_all: pd.DataFrame) -> Rows:
    """The postings as they stand, and the sum of each kind of entry from the documents that it is made of."""
    rows = frame("SELECT e.id, e.kind, p.amount, e.note FROM funding_posting p JOIN funding_ledgerentry e "
                 "ON e.id = p.entry_id ORDER BY p.id")  # fmt: skip
    moved = rows[rows.amount > 0].groupby("kind").amount.agg(lambda part: sum(part, NIL)).to_dict()
    assert moved == documents()
    return [
        (row.id, row.amount if row.amount > 0 else None, -row.amount if row.amount < 0 else None, row.note or None)
        for row in rows.itertuples()
    ]


def documents() -> dict[str, Decimal]:
    """What each kind of entry has to have moved."""
    given = frame("SELECT abs(amount) AS amount FROM funding_appropriation WHERE status = 'CONFIRMED'")
    awarded = frame("SELECT amount FROM funding_award WHERE amount > 0")
    dropped = frame("SELECT amount FROM funding_tranche WHERE status = 'CANCELLED'")
    paid = frame("SELECT amount, returned_on FROM funding_payment")
    passed = frame("SELECT amount FROM funding_relay WHERE status = 'CONFIRMED'")
    back = frame("SELECT amount, reversed_at FROM funding_recoveryreceipt")
    reversed_ = back[back.reversed_at.notna()]
    parts = {
        "APPROPRIATION": given, "COMMITMENT": awarded, "RELEASE": dropped, "PAYMENT": paid,
        "RETURN": paid[paid.returned_on.notna()], "TRANSFER": passed, "RECOVERY": pd.concat([back, reversed_]),
    }  # fmt: skip
    return {kind: sum(part.amount, NIL) for kind, part in parts.items()}


def disclosed(all_: pd.DataFrame) -> Rows:
    return [(one.year, one.tier, one.amount) for one in all_.itertuples()]


def doubles(_all: pd.DataFrame) -> Rows:
    rows = frame("SELECT s.project, s.amount, f.degree FROM funding_overlapfinding f JOIN funding_othersubsidy s "
                 "ON s.id = f.subsidy_id")  # fmt: skip
    return sorted(rows.itertuples(index=False, name=None))


def compensated(_all: pd.DataFrame) -> Rows:
    """The paid sum from the rows of payments and returns, the granted one by the proposed share and cap."""
    rows = frame("SELECT id, number, loss, accepted, granted FROM funding_compensation ORDER BY number")
    moved = frame("SELECT compensation_id, CASE kind WHEN 'PAYMENT' THEN amount ELSE -amount END AS amount "
                  "FROM funding_compensationentry")  # fmt: skip
    found = list(zip(rows.itertuples(), per(moved, "compensation_id", rows.id), strict=True))
    for row, _paid in found:
        assert row.granted is None or row.granted <= min(row.accepted * Decimal("0.3"), Decimal(500_000))
    return [(row.number, row.loss, row.accepted, Decimal("30.00"), row.granted, paid) for row, paid in found]


def changes(_all: pd.DataFrame) -> Rows:
    rows = frame("SELECT c.code, a.amount, l.cap_a, l.cap_b FROM consortia_lifeevent e JOIN consortia_consortium c "
                 "ON c.id = e.consortium_id JOIN funding_award a ON a.consortium_id = c.id JOIN funding_application p "
                 "ON p.id = a.application_id JOIN funding_call l ON l.id = p.call_id WHERE e.tier_before = 'B' "
                 "AND e.tier_after = 'A'")  # fmt: skip
    return [(row.code, row.amount, row.cap_b, row.cap_a, row.cap_a - row.cap_b) for row in rows.itertuples()]


def trend(all_: pd.DataFrame) -> Rows:
    grades = frame("SELECT y.year, e.grade FROM reports_evaluation e JOIN reports_evaluationcycle y "
                   "ON y.id = e.cycle_id WHERE e.status = 'FINAL'")  # fmt: skip
    rows = []
    for year, part in grouped(all_, "year", sorted(set(all_.year))):
        awarded, paid, private = (sum(part[name], NIL) for name in ("amount", "paid", "private"))
        best = ((grades.year == year) & (grades.grade == "EXCELLENT")).sum()
        rows.append((year, len(part), awarded, paid, ratio(paid, awarded), private, ratio(private, paid, 1), best))
    return rows


# the report, its columns, and the same by pandas
AGAIN: dict[str, tuple[str, Callable[[pd.DataFrame], Rows]]] = {
    "awards": (
        """
        consortium_code requested_amount awarded_amount districts_share amount_paid amount_cancelled amount_not_paid
        """,
        register,
    ),
    "tranches": ("consortium_code tranche amount_due amount_paid amount_not_paid", ledger_of_tranches),
    "payment-orders": ("batch amount of_it_neither_failed_nor_given_up_nor_returned", orders),
    "execution": (
        """
        year beginning_of_the_year adjusted appropriated committed paid available claimed_back_and_received
        """,
        execution,
    ),
    "by-tier": (
        """
        awards awarded average_award paid amount_cancelled not_paid paid_of_the_awarded sum_of_the_caps
        share_of_all_awards
        """,
        by_tier,
    ),
    "by-district": (
        """
        district_code tiers_a tiers_b tiers_c awards awarded paid amount_cancelled not_paid due_from_the_district
        arrived_from_the_district arrived_of_what_is_due
        """,
        by_district,
    ),
    "by-field": ("awards awarded paid patents standards new_products outputs_per_million_yuan", by_field),
    "member-relay": ("member amount_by_the_contract amount_passed_on still_to_be_passed_on", relays),
    "expenditures": ("voucher_number amount_with_tax amount_that_counts", expenditures),
    "adjustments": ("document budget_before adjustment of_it_confirmed budget_afterwards", adjustments),
    "self-raised": (
        """
        consortium_code organisation cash_promised cash_arrived arrived_in_kind not_confirmed_by_the_lead
        own_money_spent
        """,
        self_raised,
    ),
    "performance": (
        """
        consortium_code awarded_amount paid own_and_other_money_spent own_and_other_money_for_each_yuan_paid
        growth_of_the_rd_expense_of_the_members sales_of_new_products patents staff_of_the_members
        """,
        performance,
    ),
    "holds": ("consortium_code amount", holds),
    "recoveries": ("number to_be_paid_back paid_back still_to_be_paid_back", claims),
    "double-funding": ("other_project amount overlap", doubles),
    "settlement": (
        """
        year cumulative_batch payments amount_paid returned net_amount in_the_ledger difference
        """,
        settlement,
    ),
    "surplus": (
        """
        contract_number organisation received_of_the_grant spent_of_the_grant surplus claimed_back paid_back
        """,
        surplus,
    ),
    "expert-fees": (
        """
        cumulative_batch month reviews_handed_in defences_attended site_visits_attended amount_before_tax
        income_tax_withheld amount_after_tax
        """,
        expert_fees,
    ),
    "risk-compensation": ("number loss loss_accepted share_of_the_loss granted paid", compensated),
    "ledger": ("entry debit credit document", every_leg),
    "disclosure": ("year tier awarded_amount", disclosed),
    "tier-change": (
        """
        consortium_code awarded_amount cap_of_the_former_tier cap_of_the_new_tier difference_of_the_caps
        """,
        changes,
    ),
    "trend": (
        """
        year awards awarded paid paid_of_the_awarded own_and_other_money_spent own_and_other_money_for_each_yuan_paid
        grades_excellent
        """,
        trend,
    ),
}
BY_NAME = {
    "member-relay",
    "expenditures",
    "adjustments",
    "self-raised",
    "double-funding",
    "surplus",
    "expert-fees",
}  # sorted by the test


def said(slug: str, user: Any) -> tuple[Rows, list[Decimal | None], Rows]:
    """The chosen columns of a report, their totals, and its checks."""
    report, names = BY_SLUG[slug], AGAIN[slug][0].split()
    narrowed = report.base(user)
    rows = report.made(narrowed)
    places = [[column.name for column in report.columns].index(name) for name in names]
    cells = [tuple(report.columns[n].cell(row) for n in places) for row in rows]
    totals = report.totals(rows)
    checks = [(str(check.name), check.reported, check.booked) for check in report.checks(narrowed)]
    return cells, [totals[n] for n in places], checks


def test_every_report_of_money_by_pandas_from_the_bare_tables(people: Personas) -> None:
    rich_year(people)
    all_ = awards()

    wrong: dict[str, Any] = {}
    for slug, (_names, again) in AGAIN.items():
        cells, totals, checks = said(slug, people.finance)
        expected = [tuple(one) for one in again(all_)]
        if slug == "adjustments":  # what waits for its confirmation counts nowhere
            assert [row[3] for row in cells if row[4] != row[1] + row[3]] == [NIL]
            cells = [row for row in cells if row[3]]
        found = sorted(cells) if slug in BY_NAME else cells
        sums = [sum((row[n] or NIL for row in found), NIL) for n in range(len(found[0])) if totals[n] is not None]
        unequal = [(one, two) for one, two in zip(found, expected, strict=False) if one != two]
        if unequal or len(found) != len(expected):
            wrong[slug] = unequal or (found, expected)
        if sums != [total for total in totals if total is not None]:
            wrong[f"{slug}: totals"] = (sums, totals)
        wrong |= {f"{slug}: {name}": (one, two) for name, one, two in checks if one != two}

    assert wrong == {}
    assert {report.slug for report in REPORTS} == set(AGAIN)
    assert all_.cancelled.sum() > 0
    assert {one.handling for one in rests(ended(people.finance))} > {""}
    assert any(one.tax for one in pays(Call.objects.all()))
    assert any(row[4] > row[3] for row in said("settlement", people.finance)[0])
    assert all_.paid.sum() > 0
