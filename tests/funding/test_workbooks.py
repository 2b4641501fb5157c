"""The tables of an application filled in offline: every difference is shown, all of it is taken over or nothing."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from consortia.enums import ParticipationStatus
from consortia.models import KeyTechnology
from consortia.services.technologies import update_technology
from funding.enums import Action
from funding.enums import ApplicationStatus as S
from funding.forms.workbook import Judgement, write_workbook
from funding.models import Application, Workbook
from funding.rules.budget import Cell, Row
from funding.selectors.budgets import cells_of, items_of, line_of
from funding.services.budgets import edit_budget
from funding.services.workbooks import KIND, Edits, apply_workbook, upload_workbook
from funding.services.writers import assign_section
from portal.kernel import files
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import make_application
from tests.hostile_files import swollen
from tests.personas import Personas

pytestmark = pytest.mark.django_db
FIRST = 3  # the first row of data


def download(application: Application, user: Any) -> Any:
    content = BytesIO()
    write_workbook(content, application, user, NOON)
    content.seek(0)
    return load_workbook(content)


def sheet_of(book: Any, code: str) -> Any:
    return next(sheet for sheet in book.worksheets if sheet["A1"].value == f"#{code}")


def cell(sheet: Any, field: str, row: int = FIRST) -> Any:
    column = next(n for n in range(1, 40) if sheet.cell(1, n).value == field)
    return sheet.cell(row, column)


def taken(book: Any) -> SimpleUploadedFile:
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile("样例.xlsx", content.getvalue(), files.XLSX)


def upload(application: Application, people: Personas, book: Any) -> Workbook:
    return upload_workbook(application=application, upload=taken(book), actor=people.lead, at=NOON)


def judged(workbook: Workbook, people: Personas) -> Judgement:
    return Judgement(workbook, workbook.application, people.lead)


def apply(workbook: Workbook, people: Personas, **facts: Any) -> Workbook:
    edits = facts.pop("edits", None) or judged(workbook, people).edits
    return apply_workbook(workbook=workbook, edits=edits, actor=people.lead, at=NOON)


def errors(found: Judgement) -> list[tuple[str, str]]:
    return [error for table in found.tables for row in table.rows for error in row.errors]


# --- out and back ------------------------------------------------------------------------------
def test_what_comes_back_untouched_changes_nothing(people: Personas) -> None:
    application = make_application(people)
    workbook = upload(application, people, download(application, people.lead))

    found = judged(workbook, people)

    assert ([table.code for table in found.tables], found.changed, found.wrong) == (
        ["budget", "technologies", "members"], 0, 0,
    )  # fmt: skip
    with pytest.raises(TransitionRefused):
        apply(workbook, people)


def test_every_table_is_taken_over_at_once(people: Personas) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    cell(sheet_of(book, "budget"), "2027").value = 12.5
    cell(sheet_of(book, "technologies"), "target").value = 999.5
    cell(sheet_of(book, "members"), "duties", FIRST + 1).value = "样例新职责"

    workbook = upload(application, people, book)
    found = judged(workbook, people)
    shown = [(table.code, row.number, row.changes[0][2]) for table in found.tables for row in table.rows]
    apply(workbook, people)

    assert shown == [("budget", 3, "12.50"), ("technologies", 3, "999.5"), ("members", 4, "样例新职责")]
    cells = cells_of(map(line_of, items_of(application)))
    assert cells[Cell(Row(str(people.lead_org.pk), "GRANT", "EQUIPMENT"), "2027").name] == "125000.00"
    assert application.consortium.technologies.filter(target=Decimal("999.5")).count() == 1
    revised = application.consortium.participations.get(duties="样例新职责")
    assert (revised.status, found.revises) == (ParticipationStatus.INVITED, 1)
    entry = trail(application)[0]
    assert (entry.action, entry.facts["changed"]) == (
        Action.APPLY_WORKBOOK, {"budget": 1, "technologies": 1, "members": 1},
    )  # fmt: skip


def test_a_new_technology_comes_from_a_spare_row(people: Personas) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    sheet = sheet_of(book, "technologies")
    for n in range(2, sheet.max_column + 1):
        sheet.cell(FIRST + 3, n).value = sheet.cell(FIRST, n).value
    cell(sheet, "name", FIRST + 3).value = "样例新技术"

    workbook = upload(application, people, book)
    (row,) = (row for table in judged(workbook, people).tables for row in table.rows)
    apply(workbook, people)

    assert (row.is_new, row.errors) == (True, [])
    assert KeyTechnology.objects.filter(name="样例新技术", consortium=application.consortium).count() == 1


def test_what_others_changed_in_other_cells_stays(people: Personas) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    other = Cell(Row(str(people.university.pk), "OTHER", "LABOUR"), "2026").name
    edit_budget(application=application, actor=people.signatory, at=NOON, typed={other: "5.00"})
    cell(sheet_of(book, "budget"), "2028").value = 1

    apply(upload(application, people, book), people)

    cells = cells_of(map(line_of, items_of(application)))
    assert (cells[other], cells[Cell(Row(str(people.lead_org.pk), "GRANT", "EQUIPMENT"), "2028").name]) == (
        "5.00", "10000.00",
    )  # fmt: skip


# --- what is wrong -----------------------------------------------------------------------------
@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("code", "field", "value", "sentence"),
    [
        ("budget", "2026", "=1+1", "A formula is not taken; please enter its value."),
        ("budget", "2026", -1, "Ensure this value is greater than or equal to 0."),
        ("budget", "2026", "三万", "Write the number in digits"),
        ("budget", "note", "+cmd|' /C calc'!A0", "A text must not begin with"),
        ("budget", "note", "长" * 201, "at most 200"),
        ("technologies", "owner", "样例外人", "Choose one of those"),
        ("technologies", "trl_target", 12, "9"),
        ("technologies", "due", "明天", "date"),
        ("members", "cash", -5, "0"),
        ("members", "ip_share", 101, "100"),
    ],
)
def test_what_is_wrong_is_said_at_its_row(people: Personas, code: str, field: str, value: Any, sentence: str) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    cell(sheet_of(book, code), field).value = value
    cell(sheet_of(book, "budget"), "2027").value = 3

    workbook = upload(application, people, book)
    found = judged(workbook, people)

    ((_heading, said),) = errors(found)
    assert (found.wrong, sentence in said) == (1, True), said


@pytest.mark.usefixtures("english")
def test_a_cell_that_somebody_else_changed_is_named(people: Personas) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    name = Cell(Row(str(people.lead_org.pk), "GRANT", "EQUIPMENT"), "2027").name
    edit_budget(application=application, actor=people.signatory, at=NOON, typed={name: "70000.00"})
    technology = application.consortium.technologies.order_by("created_at", "id")[0]
    technology.target = Decimal(77)
    update_technology(technology=technology, actor=people.lead, at=NOON)
    cell(sheet_of(book, "budget"), "2027").value = 8
    cell(sheet_of(book, "technologies"), "target").value = 88

    found = judged(upload(application, people, book), people)

    assert [said for _heading, said in errors(found)] == [
        "Meanwhile somebody wrote “7.00” here.", "Meanwhile somebody wrote “77” here.",
    ]  # fmt: skip


def test_rows_of_nobody_and_rows_twice_are_refused(people: Personas) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    budget, technologies = sheet_of(book, "budget"), sheet_of(book, "technologies")
    budget.cell(FIRST, 1).value = "0.GRANT.EQUIPMENT"
    cell(budget, "2027").value = 1
    technologies.cell(FIRST + 1, 1).value = technologies.cell(FIRST, 1).value

    assert len(errors(judged(upload(application, people, book), people))) == 2


def test_the_workbook_of_another_application_is_refused(people: Personas, sign_in: Any) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    memory = book["_memory"]
    for row in memory.iter_rows():
        if row[3].value == "application":
            row[4].value = "x"
    page = sign_in(people.lead).get(upload(application, people, book).get_absolute_url())
    assert (page.status_code, bool(page.context["trouble"])) == (200, True)


# --- all or nothing ----------------------------------------------------------------------------
def test_the_second_time_is_refused(people: Personas) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    cell(sheet_of(book, "budget"), "2027").value = 3
    workbook = upload(application, people, book)
    edits = judged(workbook, people).edits
    apply(workbook, people, edits=edits)
    with pytest.raises(TransitionRefused):
        apply(workbook, people, edits=edits)


def test_nothing_is_half_taken_over(people: Personas) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    cell(sheet_of(book, "technologies"), "target").value = 999
    cell(sheet_of(book, "budget"), "2027").value = 3
    workbook = upload(application, people, book)
    edits = judged(workbook, people).edits
    name = Cell(Row(str(people.lead_org.pk), "GRANT", "EQUIPMENT"), "2027").name
    edit_budget(application=application, actor=people.signatory, at=NOON, typed={name: "1.00"})

    with pytest.raises(TransitionRefused):
        apply(workbook, people, edits=edits)

    workbook.refresh_from_db()
    assert (workbook.applied_at, application.consortium.technologies.filter(target=999).exists()) == (None, False)


# --- the pages ---------------------------------------------------------------------------------
def page(application: Application, name: str = "application-workbook") -> str:
    return reverse(f"funding:{name}", args=[application.pk])


def accept(client: Client, workbook: Workbook, digest: str | None = None) -> Any:
    shown = client.get(workbook.get_absolute_url()).context["form"]["digest"].value()
    return client.post(workbook.get_absolute_url(), {"digest": digest or shown})


def test_the_pages_lead_from_the_download_to_the_acceptance(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    got = client.get(page(application, "workbook-download"))
    book = load_workbook(BytesIO(b"".join(got.streaming_content)))
    cell(sheet_of(book, "budget"), "2027").value = 3

    sent = client.post(page(application), {"upload": taken(book)})
    workbook = Workbook.objects.get()
    answer = accept(client, workbook)

    workbook.refresh_from_db()
    assert (got["Content-Type"], sent.status_code, sent["Location"]) == (files.XLSX, 302, workbook.get_absolute_url())
    assert (answer.status_code, workbook.applied_by) == (302, people.lead)
    assert accept(client, workbook, "0" * 64).status_code == 409


def test_an_acceptance_of_other_differences_is_refused(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    book = download(application, people.lead)
    cell(sheet_of(book, "budget"), "2027").value = 3
    workbook = upload(application, people, book)
    name = Cell(Row(str(people.lead_org.pk), "GRANT", "EQUIPMENT"), "2027").name
    shown = client.get(workbook.get_absolute_url()).context["form"]["digest"].value()
    edit_budget(application=application, actor=people.signatory, at=NOON, typed={name: "1.00"})

    answer = client.post(workbook.get_absolute_url(), {"digest": shown})

    workbook.refresh_from_db()
    assert (answer.status_code, workbook.applied_at) == (409, None)


def test_a_bomb_and_another_kind_of_file_are_refused_at_the_field(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    for name, content in (("bomb.xlsx", swollen()), ("x.csv", b"a,b"), ("x.xlsx", b"no workbook")):
        answer = client.post(page(application), {"upload": SimpleUploadedFile(name, content, files.XLSX)})
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["upload"])
    assert (Workbook.objects.count(), files.limit(KIND).extensions) == (0, (".xlsx",))


@pytest.mark.parametrize(("who", "status"), [("lead", 200), ("university_confirmer", 403), ("rival", 404)])
def test_who_gets_the_workbook(people: Personas, sign_in: Any, who: str, status: int) -> None:
    application = make_application(people)
    client = sign_in(getattr(people, who))
    answers = [client.get(page(application)), client.get(page(application, "workbook-download"))]
    assert [answer.status_code for answer in answers] == [status, status]


def test_a_writer_of_the_budget_gets_the_budget_alone(people: Personas) -> None:
    application = make_application(people)
    assign_section(
        application=application, section="budget", people=[people.university_confirmer.pk], shown=[],
        actor=people.lead, at=NOON,
    )  # fmt: skip
    book = download(application, people.university_confirmer)
    marks = [sheet["A1"].value for sheet in book.worksheets[1:-1]]
    assert marks == ["#budget"]


def test_nobody_else_uploads_and_nobody_after_the_submission(people: Personas) -> None:
    application = make_application(people)
    book = download(application, people.lead)
    with pytest.raises(PermissionDenied):
        upload_workbook(application=application, upload=taken(book), actor=people.rival, at=NOON)
    Application.objects.filter(pk=application.pk).update(status=S.WITHDRAWN)
    with pytest.raises(TransitionRefused):
        upload(application, people, book)
    assert Edits().count == {"budget": 0, "technologies": 0, "members": 0}
