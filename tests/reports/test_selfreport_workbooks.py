"""The self-report filled in offline: every wrong cell is named, all of it is saved or nothing."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from funding.models import RuleSet
from portal.kernel import files
from portal.kernel.audit import trail
from reports.enums import EvaluationStatus as S
from reports.forms.selfreport_workbook import (
    OF_ANOTHER,
    OLDER,
    OTHER_RULES,
    OTHER_YEAR,
    SelfReportJudgement,
    write_self_report,
)
from reports.models import Evaluation
from reports.selectors.selfreport import dimension_rows, present_figures
from reports.services.selfreports import save_self_report
from tests.clock import NOON
from tests.factories.reports import make_cycle, make_evaluation, rich_consortium
from tests.hostile_files import swollen
from tests.personas import Personas

LOCKED_EN = "This cell is filled by the portal and cannot be changed here."
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def _year_is_open(people: Personas) -> None:
    today = timezone.localdate()
    make_cycle(people, opens_on=today - timedelta(days=9), due_on=today + timedelta(days=9))


def rows_of(evaluation: Evaluation) -> Any:
    return dimension_rows(evaluation.cycle.rules.data, present_figures(evaluation))


def download(evaluation: Evaluation) -> Any:
    content = BytesIO()
    write_self_report(content, evaluation, rows_of(evaluation), NOON)
    content.seek(0)
    return load_workbook(content)


def cell(book: Any, key: str, field: str) -> Any:
    """The cell of a metric, or of a text."""
    for sheet in book.worksheets:
        if str(sheet["A1"].value).startswith("#"):
            columns = {sheet.cell(1, n).value: n for n in range(1, 12)}
            for number in range(3, sheet.max_row + 1):
                if sheet.cell(number, 1).value == key and field in columns:
                    return sheet.cell(number, columns[field])
    raise KeyError(key, field)


def sent(book: Any) -> SimpleUploadedFile:
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile("样例.xlsx", content.getvalue(), files.XLSX)


def page(evaluation: Evaluation, name: str = "workbook") -> str:
    return reverse(f"reports:self-report-{name}", args=[evaluation.pk])


def upload(client: Client, evaluation: Evaluation, book: Any) -> Any:
    client.cookies["django_language"] = "en"
    return client.post(page(evaluation), {"upload": sent(book)})


def refused(answer: Any) -> str:
    return " ".join(answer.context["form"].errors["upload"])


# --- out ---------------------------------------------------------------------------------------
def test_cells_are_typed_and_what_flows_in_is_locked(people: Personas) -> None:
    book = download(make_evaluation(people, consortium=rich_consortium(people)))
    sheet = next(one for one in book.worksheets if one["A1"].value == "#figures")

    assert [one.value for one in sheet[2][1:9]] == [
        "Indicator", "Unit", "Data source", "Last year", "Actual value", "Target", "Yardstick", "Note",
    ]  # fmt: skip
    patents, sales = cell(book, "patents", "value"), cell(book, "sales", "value")
    assert (patents.value, patents.protection.locked, sales.value, sales.protection.locked) == (4, True, 4500, False)
    assert cell(book, "own_funds", "target").protection.locked
    assert not cell(book, "patents", "note").protection.locked
    assert (sheet.protection.sheet, sheet.freeze_panes, cell(book, "sales", "unit").value) == (
        True, "C3", "×10k yuan",
    )  # fmt: skip
    assert "Notes" in book.sheetnames


# --- back --------------------------------------------------------------------------------------
def test_out_and_back(people: Personas, sign_in: Any) -> None:
    evaluation, client = make_evaluation(people), sign_in(people.lead)
    got = client.get(page(evaluation, "download"))
    book = load_workbook(BytesIO(b"".join(got.streaming_content)))
    cell(book, "sales", "value").value = 4321.5
    cell(book, "sales", "note").value = "样例说明。"
    cell(book, "patents", "note").value = "样例：登记库。"
    cell(book, "summary", "text").value = "样例总结。" * 900
    cell(book, "taxes", "value").value = None

    answer = upload(client, evaluation, book)

    evaluation.refresh_from_db()
    kept = evaluation.values
    assert (answer.status_code, answer["Location"]) == (302, page(evaluation, "edit"))
    assert (kept["sales"]["value"], kept["sales"]["note"]) == ("4321.5", "样例说明。")
    assert (kept["patents"]["note"], kept["taxes"]["value"], kept["jobs"]["value"]) == ("样例：登记库。", "", "45")
    assert (len(evaluation.summary), evaluation.version) == (4500, 1)
    assert trail(evaluation)[0].facts["workbook"]["name"] == "样例.xlsx"


def test_what_comes_back_untouched_changes_nothing(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people, consortium=rich_consortium(people), summary="甲\r\n乙")
    save_self_report(
        evaluation=evaluation, actor=people.lead, values={**evaluation.values, "sales": {"value": "0.1", "note": "一"}},
        summary="甲\r\n乙", problems="", version=0, at=NOON,
    )  # fmt: skip

    answer = upload(sign_in(people.lead), evaluation, download(evaluation))

    evaluation.refresh_from_db()
    assert (refused(answer), evaluation.version) == ("Nothing in this workbook differs from what stands here.", 1)


@pytest.mark.parametrize(
    ("key", "field", "value", "sentence"),
    [
        ("sales", "value", "=1+1", "A formula is not taken; please enter its value."),
        ("sales", "value", -1, "greater than or equal to 0"),
        ("sales", "value", "许多", "Write the number in digits"),
        ("sales", "value", 1.234, "decimal places"),
        ("new_specialised", "value", 1.5, "decimal places"),
        ("local_supply", "value", 101, "less than or equal to 100"),
        ("sales", "target", 0, "greater than or equal to 1"),
        ("sales", "note", "长" * 301, "at most 300"),
        ("summary", "text", "长" * 5001, "at most 5000"),
        ("patents", "value", 9, LOCKED_EN),
        ("sales", "unit", "元", LOCKED_EN),
        ("sales", "before", 5, LOCKED_EN),
        ("findings", "target", 5, LOCKED_EN),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_saved(
    people: Personas, sign_in: Any, key: str, field: str, value: Any, sentence: str
) -> None:
    evaluation = make_evaluation(people)
    book = download(evaluation)
    spot = cell(book, key, field)
    spot.value = value
    cell(book, "jobs", "value").value = 33

    answer = upload(sign_in(people.lead), evaluation, book)

    evaluation.refresh_from_db()
    (wrong,) = answer.context["wrong"]
    assert (wrong.sheet, wrong.row) == (spot.parent.title, spot.row)
    assert wrong.column == spot.parent.cell(2, spot.column).value
    assert sentence in wrong.text
    assert (answer.status_code, evaluation.version, evaluation.values["jobs"]["value"]) == (200, 0, "45")


def test_every_wrong_cell_is_named_at_once(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people)
    book = download(evaluation)
    cell(book, "sales", "value").value = "x"
    cell(book, "jobs", "target").value = "y"
    cell(book, "taxes", "name").parent.cell(cell(book, "taxes", "name").row, 1).value = "sales"

    found = upload(sign_in(people.lead), evaluation, book).context["wrong"]

    assert sorted((one.column, one.text[:16]) for one in found) == [
        ("", "The row of Addit"), ("", "This row stands "), ("Actual value", "Write the number"),
        ("Target", "Write the number"),
    ]  # fmt: skip


# --- what does not belong here -----------------------------------------------------------------
def test_the_workbook_of_another_consortium_is_refused(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people)
    other = make_evaluation(people)

    assert refused(upload(sign_in(people.lead), evaluation, download(other))) == OF_ANOTHER


def test_the_workbook_of_another_year_is_refused(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people)
    other = make_evaluation(people, consortium=evaluation.consortium, cycle=make_cycle(people, 2025))

    assert refused(upload(sign_in(people.lead), evaluation, download(other))) == OTHER_YEAR


def test_the_workbook_of_other_rules_is_refused(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people)
    book = download(evaluation)
    for row in book["_memory"].iter_rows():
        if row[3].value == "rules":
            row[4].value = "0" * 64

    assert refused(upload(sign_in(people.lead), evaluation, book)) == OTHER_RULES
    assert RuleSet.objects.filter(cycles=evaluation.cycle).exists()


def test_a_workbook_older_than_the_page_is_refused_and_so_is_the_second_click(people: Personas, sign_in: Any) -> None:
    evaluation, client = make_evaluation(people), sign_in(people.lead)
    book = download(evaluation)
    cell(book, "sales", "value").value = 1
    first = upload(client, evaluation, book)
    cell(book, "sales", "value").value = 2

    second = upload(client, evaluation, book)

    evaluation.refresh_from_db()
    assert (first.status_code, refused(second), evaluation.values["sales"]["value"]) == (302, OLDER, "1")


@pytest.mark.parametrize("content", [swollen, lambda: b"no workbook"])
def test_bombs_and_other_files_are_refused_at_the_field(people: Personas, sign_in: Any, content: Any) -> None:
    evaluation = make_evaluation(people)
    answer = sign_in(people.lead).post(
        page(evaluation), {"upload": SimpleUploadedFile("x.xlsx", content(), files.XLSX)}
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["upload"])


def test_a_workbook_of_another_page_is_refused(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people)
    book = download(evaluation)
    del book["_memory"]

    assert "not a workbook of this page" in refused(upload(sign_in(people.lead), evaluation, book))


# --- who and when ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status"),
    [("lead", 200), ("signatory", 200), ("lead_admin", 403), ("district_officer", 403), ("head", 403), ("rival", 404)],
)
def test_who_may_write_may_do_it_offline_and_nobody_else(
    people: Personas, sign_in: Any, name: str, status: int
) -> None:
    evaluation = make_evaluation(people)
    book = download(evaluation)
    client = sign_in(getattr(people, name))

    codes = {client.get(page(evaluation)).status_code, client.get(page(evaluation, "download")).status_code}
    cell(book, "sales", "value").value = 7

    assert codes == {status}
    assert upload(client, evaluation, book).status_code == (302 if status == 200 else status)


def test_what_was_filed_is_not_written_offline(people: Personas, sign_in: Any) -> None:
    evaluation, client = make_evaluation(people), sign_in(people.lead)
    book = download(evaluation)
    cell(book, "sales", "value").value = 7
    Evaluation.objects.filter(pk=evaluation.pk).update(status=S.EXEMPT)

    answer = upload(client, evaluation, book)

    assert (answer.status_code, client.get(page(evaluation, "download")).status_code) == (409, 302)
    assert client.get(page(evaluation)).context["reasons"]


def test_a_target_that_the_records_took_over_meanwhile_is_not_taken(people: Personas) -> None:
    evaluation = make_evaluation(people)
    book = download(evaluation)
    cell(book, "own_funds", "target").value = 77
    figures = present_figures(evaluation)
    figures["own_funds"] |= {"target": "9", "target_from_records": True}
    rows = dimension_rows(evaluation.cycle.rules.data, figures)

    found = SelfReportJudgement(sent(book), evaluation, rows)

    assert [one.text for one in found.wrong] == [LOCKED_EN]
