"""Relations of many experts from a file: all of them or none, and what is wrong is said row by row."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from members.enums import Action
from members.models import Relation
from members.rules.relations import RelationSource
from members.services.relations import Entry, RowsRefused, import_relations
from portal.kernel.audit import trail
from tests.clock import NOON
from tests.personas import Personas

pytestmark = pytest.mark.usefixtures("english")
HEADS = "email,kind,person,code,name,percent,since,until,document_number"


def entry(people: Personas, number: int = 2, **changes: Any) -> Entry:
    facts = {"email": people.experts[0].user.email, "kind": "CONSULTANT", "name": "样例咨询有限公司"}
    return Entry(number, **facts | changes)


def bring(user: Any, *rows: str, name: str = "r.csv", content: bytes | None = None) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    raw = content if content is not None else "\n".join((HEADS, *rows)).encode()
    return client.post(reverse("members:relation-import"), {"upload": SimpleUploadedFile(name, raw)})


def test_all_rows_are_recorded_and_the_second_time_nothing(people: Personas) -> None:
    rows = [
        entry(people),
        entry(people, 3, email=people.experts[1].user.email.upper(), kind="EQUITY", name="",
              code=people.university.uscc, percent="2.5"),
    ]  # fmt: skip

    first = import_relations(entries=rows, actor=people.officer, at=NOON)
    again = import_relations(entries=rows, actor=people.officer, at=NOON)

    assert (first, again) == ((2, 0), (0, 2))
    assert set(Relation.objects.values_list("source", flat=True)) == {RelationSource.BUREAU}
    assert trail(people.experts[0]).filter(action=Action.RECORD_RELATION).count() == 1


def test_one_wrong_row_and_nothing_is_recorded(people: Personas) -> None:
    rows = [entry(people), entry(people, 3, email="nobody@example.com"), entry(people, 4, name="", code="91X")]

    with pytest.raises(RowsRefused) as refused:
        import_relations(entries=rows, actor=people.officer, at=NOON)

    assert [one.row for one in refused.value.rows] == [3, 4]
    assert not Relation.objects.exists()


@pytest.mark.parametrize("name", ["head", "supervisor", "expert", "lead", "system_admin"])
def test_the_bureau_imports(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        import_relations(entries=[entry(people)], actor=getattr(people, name), at=NOON)


def test_a_file_is_brought_in_the_browser(people: Personas) -> None:
    email = people.experts[0].user.email

    answer = bring(people.officer, f"{email},CONSULTANT,,,样例咨询有限公司,,2024-01-01,,样例1号")

    assert answer.status_code == 302
    assert Relation.objects.get().document_number == "样例1号"


def test_wrong_cells_are_named_with_row_and_column(people: Personas) -> None:
    email = people.experts[0].user.email

    page = bring(
        people.officer, f"{email},FRIEND,,,样例,,,,", f"{email},CONSULTANT,,,样例,,soon,,", ",CONSULTANT,,,样例,,,,"
    )  # fmt: skip

    assert page.status_code == 200
    assert [(one.row, one.column) for one in page.context["wrong"]] == [
        (2, "Relation"), (3, "Bound since"), (4, "E-mail address of the expert")
    ]  # fmt: skip
    assert not Relation.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2", b"email,kind\n", b"\x00\xff\xfe", f"{HEADS}\n".encode() + b"a,b\n" * 501]
)
def test_what_is_no_such_table_is_refused(people: Personas, content: bytes) -> None:
    page = bring(people.officer, content=content)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Relation.objects.exists()


def test_the_template_can_be_filled_in_and_brought(people: Personas) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(people.officer)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(reverse("members:relation-template")))))
    sheet = book.worksheets[0]
    given = {"email": people.experts[0].user.email, "relation": "Paid consultant",
             "name of the organisation": "样例咨询有限公司"}  # fmt: skip
    for column in range(1, sheet.max_column + 1):
        heading = str(sheet.cell(1, column).value).lower()
        key = "email" if "e-mail" in heading else heading
        sheet.cell(2, column).value = given.get(key)
    target = io.BytesIO()
    book.save(target)

    answer = bring(people.officer, name="r.xlsx", content=target.getvalue())

    assert answer.status_code == 302
    assert Relation.objects.get().kind == "CONSULTANT"
