"""The export centre: what the files hold, who takes them, what is on record."""

import csv
import hashlib
import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import FileResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from funding.enums import TrancheStatus
from funding.models import Award, Payment, Tranche
from portal.kernel.models import AuditEntry, ExportLog
from tests.clock import NOON
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.factories.funding import (
    make_application,
    make_award,
    make_call,
    make_contract,
    make_expenditure,
    make_tranche,
)
from tests.factories.members import make_district
from tests.funding.steps import queries_of
from tests.personas import Personas

BOM = b"\xef\xbb\xbf"
TAKERS = ("officer", "head", "leader", "finance", "supervisor", "district_officer", "other_district_officer",
          "lead", "signatory", "rival")  # fmt: skip
OTHERS = ("acceptance", "lead_admin", "lead_confirmer", "university_confirmer", "expert", "system_admin",
          "security_admin", "audit_admin")  # fmt: skip
WHO = {**dict.fromkeys(TAKERS, 200), **dict.fromkeys(OTHERS, 403)}
AWARD_HEADINGS = [
    "No.", "Year", "Cumulative batch", "Consortium code", "Consortium", "Lead organisation",
    "Unified social credit code", "District", "Sub-field", "Tier", "Requested amount (yuan)", "Awarded amount (yuan)",
    "City's share (yuan)", "District's share (yuan)", "District's share of the city's (%)",
    "Budget line", "Approval document", "Approved on", "Contract number", "Contract from", "Contract until",
    "Contract status", "Amount paid (yuan)", "Amount cancelled (yuan)", "Amount not paid (yuan)",
    "Status of the consortium",
]  # fmt: skip
TRANCHE_HEADINGS = [
    "No.", "Year", "Consortium code", "Consortium", "Lead organisation", "Tier", "Tranche", "Share of the award (%)",
    "Amount due (yuan)", "Condition", "Condition met on", "Requested at", "Verified by", "Reviewed by", "Approved by",
    "Amount paid (yuan)", "Paid on", "Voucher number", "Receipt confirmed on", "Amount not paid (yuan)", "Status",
    "Reason of the hold",
]  # fmt: skip


def enter(user: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def take(user: Any, slug: str, year: str = "", language: str = "en", **asked: str) -> bytes:
    """The file as it reaches the reader."""
    address = reverse("reports:export-take", args=[slug]) + (f"?year={year}" if year else "")
    response = enter(user, language).post(address, {"format": "csv", **asked})
    assert isinstance(response, FileResponse)
    return b"".join(response.streaming_content)  # type: ignore[arg-type]


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def data_sheet(content: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def values(sheet: Worksheet, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


@pytest.fixture
def award(people: Personas) -> Award:
    """An award with contract and two tranches, the first paid and confirmed, the second on hold."""
    application = make_application(people, "APPROVED", consortium=ready_consortium(people, name="=样例导出联合体"))
    award = make_contract(people, make_award(people, application)).award
    paid = make_tranche(people, award, TrancheStatus.CONFIRMED)
    Payment.objects.filter(tranche=paid).update(
        voucher="PZ-00001", receipt_on=date(2026, 11, 20), receipt_by=people.lead
    )
    make_tranche(
        people, award, TrancheStatus.ON_HOLD, hold_reason="@整改中", condition="EVALUATION", condition_met_on=None,
        percent=Decimal(40), amount=Decimal(620_000),
    )  # fmt: skip
    return award


# --- who ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "status"), WHO.items())
def test_the_export_centre_is_open_to_who_works_with_money(people: Personas, name: str, status: int) -> None:
    client = enter(getattr(people, name))

    answers = [client.get(reverse("reports:export-list")).status_code]
    answers += [client.get(reverse("reports:export-take", args=[slug])).status_code
                for slug in ("awards", "tranches", "expenditures", "disclosure")]  # fmt: skip

    assert answers == [status] * 5


@pytest.mark.parametrize("name", ["expert", "system_admin", "acceptance"])
def test_nobody_else_gets_a_file(people: Personas, name: str) -> None:
    response = enter(getattr(people, name)).post(reverse("reports:export-take", args=["awards"]), {"format": "csv"})

    assert (response.status_code, ExportLog.objects.count()) == (403, 0)


def test_without_signing_in_there_is_no_export(client: Client, db: None) -> None:
    url = reverse("reports:export-take", args=["awards"])

    assert client.post(url, {"format": "csv"}).headers["location"] == f"{reverse('account_login')}?next={url}"


def test_an_unknown_export_does_not_exist(people: Personas) -> None:
    assert enter(people.finance).get(reverse("reports:export-take", args=["payroll"])).status_code == 404


def test_a_file_holds_only_what_its_taker_may_see(people: Personas, award: Award) -> None:
    foreign = make_award(people, make_application(people, "APPROVED", consortium=rival_consortium(people)))
    elsewhere = ready_consortium(people, district=make_district("320581"))
    distant = make_award(people, make_application(people, "APPROVED", consortium=elsewhere))

    taken = {
        name: {row[3] for row in lines(take(getattr(people, name), "awards"))[1:]}
        for name in ("finance", "district_officer", "other_district_officer", "lead", "rival")
    }

    own, theirs, far = (one.consortium.code for one in (award, foreign, distant))
    assert taken == {
        "finance": {own, theirs, far}, "district_officer": {own, theirs}, "other_district_officer": {far},
        "lead": {own, far}, "rival": {theirs},
    }  # fmt: skip


# --- what: CSV ---------------------------------------------------------------------------------
def test_the_award_register_as_csv(people: Personas, award: Award) -> None:
    content = take(people.finance, "awards")

    heading, row = lines(content)
    assert (content[:3], heading) == (BOM, AWARD_HEADINGS)
    assert row == [
        "1", "2026", str(award.application.call.batch), award.consortium.code, "'=样例导出联合体",
        "样例领航科技有限公司", people.lead_org.uscc, "Kunshan", "Integrated circuits", "A", "1800000.00", "1550000.00",
        "1550000.00", "775000.00", "50.00",
        "2026 · 样例创新联合体专项资金 (2060499)", "样科〔2026〕9号", "2026-11-18", award.contract.number, "2026-11-18",
        "2029-08-14", "Effective", "930000.00", "0.00", "620000.00",
        award.consortium.get_status_display(),
    ]  # fmt: skip


def test_the_tranche_ledger_as_csv(people: Personas, award: Award) -> None:
    heading, first, second = lines(take(people.finance, "tranches"))

    who = [award.consortium.code, "'=样例导出联合体", "样例领航科技有限公司", "A"]
    assert heading == TRANCHE_HEADINGS
    assert first == [
        "1", "2026", *who, "1", "60.00", "930000.00", "Contract effective", "2026-11-18", "2026-11-18 12:00",
        "样例科员甲", "样例财务甲", "样例局长甲", "930000.00", "2026-11-18", "PZ-00001", "2026-11-20", "0.00",
        "Receipt confirmed", "",
    ]  # fmt: skip
    assert second == [
        "2", "2026", *who, "2", "40.00", "620000.00", "Annual evaluation at least qualified", "", "", "", "", "",
        "0.00", "", "", "", "620000.00", "On hold", "'@整改中",
    ]  # fmt: skip


def test_the_expenditures_as_csv_and_only_ones_own(people: Personas, award: Award) -> None:
    paper = {
        "invoice_kind": "PAPER",
        "invoice_code": "032002500111",
        "invoice_number": "00000001",
        "net": Decimal(1000),
    }
    facts = {"voucher": "=记-1", "seller_name": "样例", **paper}
    make_expenditure(people, award, status="REFUSED", **facts)
    later = NOON + timedelta(minutes=1)
    make_expenditure(people, award, hits=["fines"], explanation="样例", created_at=later, **facts)
    make_expenditure(people, organisation=people.rival_org, status="ACCEPTED")

    heading, *rows = lines(take(people.finance, "expenditures"))
    own = lines(take(people.lead, "expenditures"))[1:]

    assert (len(heading), len(rows), len(own)) == (20, 3, 3)
    assert rows[0] == [
        "1", award.consortium.code, "'=样例导出联合体", "样例领航科技有限公司", "2026-11-18", "Equipment costs",
        "样例：示波器", "1130.00", "0.00", "Fiscal grant", "'=记-1", "Invoice with code and number",
        "032002500111", "00000001", "1000.00", "", "Counts in another row", "", "Refused", "样例：票据不清。",
    ]  # fmt: skip
    assert rows[1][16:19] == ["No double", "May be on it", "Waiting for the check"]


def test_the_public_disclosure_names_no_person(people: Personas, award: Award) -> None:
    heading, row = lines(take(people.head, "disclosure"))

    assert heading == ["No.", "Year", "Consortium", "Lead organisation", "Tier", "Awarded amount (yuan)", "Approved on"]
    assert row == ["1", "2026", "'=样例导出联合体", "样例领航科技有限公司", "A", "1550000.00", "2026-11-18"]


def test_an_award_without_a_contract_leaves_its_columns_empty(people: Personas) -> None:
    make_award(people)

    _heading, row = lines(take(people.finance, "awards"))

    assert (row[12:15], row[18:22]) == (["", "", ""], ["", "", "", ""])


def test_rows_are_numbered_by_year_and_code(people: Personas) -> None:
    for year in (2026, 2025):
        make_award(people, make_application(people, "APPROVED", call=make_call(people, year=year)))

    rows = lines(take(people.finance, "awards"))[1:]

    assert [row[:2] for row in rows] == [["1", "2025"], ["2", "2026"]]
    assert [row[:2] for row in lines(take(people.finance, "awards", year="2026"))[1:]] == [["1", "2026"]]


# --- what: XLSX and JSON -----------------------------------------------------------------------
def test_the_award_register_as_a_workbook(people: Personas, award: Award) -> None:
    second = make_contract(people).award
    sheet = data_sheet(take(people.finance, "awards", format="xlsx"))

    assert values(sheet, 1)[0] == "Unit of amounts: yuan"
    assert values(sheet, 2) == AWARD_HEADINGS
    assert sheet.freeze_panes == "A3"
    row = values(sheet, 3)
    assert (row[0], row[4], row[10], row[11]) == (1, "=样例导出联合体", 1_800_000, 1_550_000)
    assert row[17] == datetime(2026, 11, 18)  # noqa: DTZ001
    assert {cell.data_type for cell in (sheet["K3"], sheet["L3"])} == {"n"}
    assert (sheet["E3"].data_type, sheet["L3"].number_format) == ("s", "#,##0.00")
    assert (values(sheet, 4)[3], sheet["A5"].value) == (second.consortium.code, "Total")
    assert [sheet[f"{column}5"].value for column in "KL"] == ["=SUM(K3:K4)", "=SUM(L3:L4)"]


def test_the_ledgers_totals_are_right_before_anybody_computes_them(people: Personas, award: Award) -> None:
    content = take(people.finance, "tranches", format="xlsx")

    book = load_workbook(io.BytesIO(content), data_only=True)
    sheet = book.worksheets[0]
    assert [sheet[f"{column}5"].value for column in ("I", "P", "T")] == [1_550_000, 930_000, 620_000]
    assert sheet["H3"].value == 60


def test_the_workbook_says_how_it_was_made(people: Personas, award: Award) -> None:
    book = load_workbook(io.BytesIO(take(people.finance, "awards", format="xlsx", year="2026")))

    notes = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert {name: notes[name] for name in ("Export", "Made by", "Rows", "Unit of amounts", "Year")} == {
        "Export": "F01 Award register", "Made by": "样例财务甲", "Rows": 1, "Unit of amounts": "yuan", "Year": "2026",
    }  # fmt: skip


def test_an_empty_register_is_a_file_with_its_headings(people: Personas) -> None:
    assert lines(take(people.finance, "tranches")) == [TRANCHE_HEADINGS]
    assert values(data_sheet(take(people.finance, "awards", format="xlsx")), 2) == AWARD_HEADINGS


def test_the_names_in_json_are_the_same_in_every_language(people: Personas, award: Award) -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(people.finance)
    response: Any = client.post(reverse("reports:export-take", args=["awards"]), {"format": "json"})

    (row,) = json.loads(b"".join(response.streaming_content))
    assert (row["consortium"], row["awarded_amount"], row["contract_number"]) == (
        "=样例导出联合体", 1_550_000, award.contract.number,
    )  # fmt: skip


def test_the_register_costs_the_same_whatever_its_length(people: Personas, award: Award) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            take(people.finance, "tranches", format="xlsx")
        return len(captured)

    take(people.finance, "tranches")
    one = cost()
    for _ in range(2):
        make_tranche(people, make_contract(people).award, TrancheStatus.PAID)

    assert cost() == one
    assert Tranche.objects.count() == 4


# --- on record ---------------------------------------------------------------------------------
def test_each_file_is_logged_and_audited_with_its_fingerprint(people: Personas, award: Award) -> None:
    first = take(people.finance, "awards", purpose="向财政局报送", year="2026")
    second = take(people.finance, "tranches")

    logs = ExportLog.objects.order_by("created_at")
    assert [(log.user, log.slug, log.format, log.params, log.row_count, log.purpose, log.sha256) for log in logs] == [
        (people.finance, "awards", "csv", {"year": "2026"}, 1, "向财政局报送", hashlib.sha256(first).hexdigest()),
        (people.finance, "tranches", "csv", {}, 2, "", hashlib.sha256(second).hexdigest()),
    ]
    entries = AuditEntry.objects.filter(action="export").order_by("id")
    assert [(entry.actor, entry.subject_id, entry.note, entry.facts["sha256"]) for entry in entries] == [
        (people.finance, str(log.pk), log.purpose, log.sha256) for log in logs
    ]


def test_ones_last_files_stand_in_the_export_centre(people: Personas, award: Award) -> None:
    take(people.finance, "awards")
    take(people.head, "tranches")

    page = enter(people.finance).get(reverse("reports:export-list"))

    assert [(log.slug, str(title)) for log, title in page.context["logs"]] == [("awards", "F01 Award register")]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"format": "doc"}, "format"),
        ({"format": ""}, "format"),
        ({"format": "csv", "purpose": "用" * 201}, "purpose"),
    ],
)
def test_bad_input_is_named_beside_its_field_and_makes_no_file(
    people: Personas, award: Award, asked: dict[str, str], field: str
) -> None:
    response = enter(people.finance).post(reverse("reports:export-take", args=["awards"]), asked)

    form = response.context["form"]
    assert (response.status_code, list(form.errors), form[field].value()) == (200, [field], asked[field])
    assert ExportLog.objects.count() == 0


@pytest.mark.parametrize("query", ["year=1999", "tier=X", "district=999999", "programme=x", "line=x"])
def test_a_filter_that_is_not_understood_makes_no_file(people: Personas, award: Award, query: str) -> None:
    address = reverse("reports:export-take", args=["awards"])

    response = enter(people.finance).post(f"{address}?{query}", {"format": "csv"})

    assert (response.status_code, len(response.context["form"].non_field_errors())) == (200, 1)
    assert ExportLog.objects.count() == 0


def test_the_export_centre_costs_the_same_whatever_its_length(people: Personas, award: Award) -> None:
    client, url = enter(people.finance), reverse("reports:export-list")
    take(people.finance, "awards")
    client.get(url)
    one = len(queries_of(client, url))
    for _ in range(2):
        take(people.finance, "awards")

    assert (one, len(queries_of(client, url))) == (5, 5)
