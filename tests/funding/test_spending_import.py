"""A filled table of expenditures: looked at, refused row by row, recorded as a whole or not at all."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from funding.enums import Action
from funding.forms.spending_import import columns_for
from funding.models import Award, Expenditure
from portal.kernel.models import AuditEntry
from tests.clock import NOON
from tests.factories.funding import make_contract
from tests.funding.test_money_views import enter
from tests.personas import Personas

pytestmark = pytest.mark.usefixtures("english")
DAY = timezone.localdate(NOON).isoformat()
GOOD = [DAY, "Equipment costs", "财政资金", "1130.00", "样例：示波器", "记-1", "Fully digital invoice", "",
        "26322000000012345678", "1000.00", "样例仪器", "", ""]  # fmt: skip
OTHER = [DAY, "Labour costs", "OWN", "52000", "样例：人工", "记-2", "No invoice", "", "", "", "", "", ""]


def table(award: Award, *rows: list[Any]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append([column.heading for column in columns_for(award)])
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("样例.xlsx", content.getvalue())


def bring(people: Personas, award: Award, *rows: list[Any], who: str = "lead", **facts: Any) -> Any:
    given = {"organisation": str(people.lead_org.pk), "mode": "record", "upload": table(award, *rows)} | facts
    return enter(getattr(people, who)).post(reverse("funding:expenditure-import", args=[award.pk]), given)


def changed(row: list[Any], **cells: Any) -> list[Any]:
    names = [column.name for column in columns_for(Award.objects.get())]
    return [cells.get(name, cell) for name, cell in zip(names, row, strict=True)]


def test_a_table_is_looked_at_first_and_then_recorded(people: Personas) -> None:
    award = make_contract(people).award

    page = bring(people, award, GOOD, OTHER, mode="look")
    assert (page.status_code, len(page.context["found"].rows), Expenditure.objects.count()) == (200, 2, 0)

    assert bring(people, award, GOOD, OTHER).status_code == 302
    assert sorted(Expenditure.objects.values_list("voucher", "category", "source")) == [
        ("记-1", "EQUIPMENT", "GRANT"), ("记-2", "LABOUR", "OWN"),
    ]  # fmt: skip
    again = bring(people, award, GOOD, OTHER)
    assert [(number, heading) for number, heading, _text in again.context["wrong"]] == [
        (2, "Invoice number"),
        (3, "—"),
    ]
    assert AuditEntry.objects.filter(action=Action.BLOCK_INVOICE, subject_id=str(award.pk)).count() == 1
    assert Expenditure.objects.count() == 2


def test_each_wrong_cell_is_named_and_nothing_is_recorded(people: Personas) -> None:
    award = make_contract(people).award
    rows = [
        GOOD,
        changed(OTHER, amount="x", category="boats"),
        changed(OTHER, voucher="记-3", day="2031-01-01"),
        changed(OTHER, voucher="记-4", amount="=1+1"),
        changed(OTHER, voucher=5),
        changed(OTHER, voucher=None),
        changed(GOOD, voucher="记-6"),
        changed(OTHER, voucher="记-7", description="罚款"),
    ]

    page = bring(people, award, *rows)

    wrong = {(number, heading) for number, heading, _text in page.context["wrong"]}
    assert wrong == {
        (3, "Amount with tax (yuan)"), (3, "Category"), (4, "Day of the voucher"), (5, "Amount with tax (yuan)"),
        (6, "Voucher number"), (7, "Voucher number"), (8, "Invoice number"), (9, "Why it is not on the negative list"),
    }  # fmt: skip
    assert not Expenditure.objects.exists()


@pytest.mark.parametrize("who", ["officer", "district_officer"])
def test_who_does_not_write_for_an_organisation_imports_nothing(people: Personas, who: str) -> None:
    assert bring(people, make_contract(people).award, GOOD, who=who).status_code == 403


def test_an_organisation_of_somebody_else_cannot_be_chosen(people: Personas) -> None:
    page = bring(people, make_contract(people).award, GOOD, organisation=str(people.university.pk))

    assert list(page.context["form"].errors) == ["organisation"]


def test_a_file_that_is_no_table_is_refused(people: Personas) -> None:
    upload = SimpleUploadedFile("样例.xlsx", b"PK\x03\x04 no")

    page = bring(people, make_contract(people).award, GOOD, upload=upload)

    assert list(page.context["form"].errors) == ["upload"]


def test_the_template_carries_its_own_headings(people: Personas) -> None:
    award = make_contract(people).award

    response = enter(people.lead).get(reverse("funding:expenditure-template", args=[award.pk]))

    sheet: Any = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.heading for column in columns_for(award)]
