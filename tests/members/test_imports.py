"""Imports: a table is read row by row, shown, and taken over as a whole or not at all."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from members.enums import (
    Action,
    ChainLink,
    FigureSource,
    FigureStatus,
    IdScheme,
    ImportKind,
    ImportStatus,
    Listing,
    OrganisationStatus,
    OrganisationType,
    Ownership,
    SizeClass,
    Verdict,
)
from members.forms.import_columns import columns_of
from members.forms.imports import template_text, write_template
from members.models import ImportBatch, ImportRow, Organisation, PastFigures, YearFigures
from members.rules.codes import credit_code
from members.services.figures import record_year
from members.services.imports import apply_import, discard_import, upload_import
from members.services.organisations import update_organisation
from members.tasks import check_again, take_in
from portal.kernel import jobs
from portal.kernel.audit import trail
from portal.kernel.models import AuditEntry, Job, Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas
from tests.races import at_once, refusals

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
HEADINGS = ["uscc", "name", "type", "district", "registered_capital"]
YEARS = ["uscc", "year", "revenue", "rd_expense", "staff", "rd_staff"]


def code(n: int) -> str:
    """A sound credit code."""
    body = f"91320583MA{n:07d}"
    return body + SIGNS[-sum(SIGNS.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True)) % 31]


def sheet(*rows: list[Any], formulas: dict[tuple[int, int], str] | None = None) -> SimpleUploadedFile:
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        page = book.add_worksheet()
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
        for (row_, column), formula in (formulas or {}).items():
            page.write_formula(row_, column, formula)
    return SimpleUploadedFile("样例.xlsx", content.getvalue())


def comma(*rows: list[Any], spelling: str = "utf-8-sig") -> SimpleUploadedFile:
    content = io.StringIO(newline="")
    csv.writer(content).writerows(rows)
    return SimpleUploadedFile("样例.csv", content.getvalue().encode(spelling))


def bring(people: Personas, upload: Any, kind: str = ImportKind.ORGANISATIONS, **options: Any) -> ImportBatch:
    facts = {"source": FigureSource.IMPORT, "actor": people.officer, "at": NOON, **options}
    return take_in(kind=kind, upload=upload, **facts)


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    batch.refresh_from_db()
    return batch.new, batch.changed, batch.unchanged, batch.wrong


def wrong(batch: ImportBatch) -> list[tuple[int, str]]:
    return [(row.number, name) for row in batch.rows.filter(verdict=Verdict.WRONG) for name, _text in row.errors]


def apply(people: Personas, batch: ImportBatch) -> ImportBatch:
    return apply_import(batch=batch, actor=people.officer, at=NOON)


def test_makes_what_is_new_and_changes_what_is_named(people: Personas) -> None:
    make_district("320583")
    known = make_organisation("样例旧名有限公司", uscc=code(1), address="样例路一号")
    batch = bring(
        people,
        sheet(
            HEADINGS,
            [code(1), "样例新名有限公司", "企业", "", ""],
            [code(2), "样例甲大学", "University", "320583", "１２．５"],
        ),
    )
    assert (counts(batch), batch.status) == ((1, 1, 0, 0), ImportStatus.CHECKED)
    assert batch.rows.get(verdict=Verdict.CHANGED).changes == {"name": ["样例旧名有限公司", "样例新名有限公司"]}
    apply(people, batch)
    known.refresh_from_db()
    made = Organisation.objects.get(uscc=code(2))
    assert (known.name, known.address) == ("样例新名有限公司", "样例路一号")
    assert (made.type, made.district_id, made.registered_capital, made.is_verified, made.status) == (
        OrganisationType.UNIVERSITY, "320583", Decimal("125000.00"), False, OrganisationStatus.ACTIVE,
    )  # fmt: skip
    batch.refresh_from_db()
    assert (batch.status, batch.applied_by, batch.rows.count()) == (ImportStatus.APPLIED, people.officer, 0)
    assert [entry.action for entry in trail(made)] == [entry.action for entry in trail(known)] == [Action.APPLY_IMPORT]
    assert trail(known)[0].facts["name"] == ["样例旧名有限公司", "样例新名有限公司"]
    assert len(trail(batch)[0].facts["applied"]) == 64


def test_keeps_the_chain_of_the_trail_whole(people: Personas) -> None:
    batch = bring(people, sheet(HEADINGS, *([code(n), f"样例{n}有限公司", "企业", "", ""] for n in range(3))))
    apply(people, batch)
    entries = list(AuditEntry.objects.order_by("id"))
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert [entry.id for entry in entries] == list(range(entries[0].id, entries[0].id + len(entries)))


def test_tells_the_district_once(people: Personas) -> None:
    officer = people.district_officer
    rows = [[code(n), f"样例{n}有限公司", "企业", "320583", ""] for n in range(3)]
    apply(people, bring(people, sheet(HEADINGS, *rows)))
    told = Notification.objects.filter(kind="members.import_applied")
    assert [(one.recipient, one.params) for one in told] == [(officer, {"n": 3})]


def test_official_statistics_verify(people: Personas) -> None:
    rows = [HEADINGS, [code(1), "样例甲有限公司", "企业", "", ""]]
    apply(people, bring(people, sheet(*rows), source=FigureSource.STATISTICS))
    made = Organisation.objects.get(uscc=code(1))
    assert (made.is_verified, made.verified_by) == (True, people.officer)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["91320583MA0000001Z", "样例甲", "企业", "", ""], "uscc"),
        ([code(1)[:-1] + ("1" if code(1)[-1] != "1" else "2"), "样例甲", "企业", "", ""], "uscc"),
        ([913205830000000000, "样例甲", "企业", "", ""], "uscc"),
        (["", "样例甲", "企业", "", ""], "uscc"),
        ([code(1), "", "企业", "", ""], "name"),
        ([code(1), "样例<b>甲", "企业", "", ""], "name"),
        ([code(1), "样例甲", "公司", "", ""], "type"),
        ([code(1), "样例甲", "政府机构", "", ""], "type"),
        ([code(1), "样例甲", "企业", "样例市", ""], "district"),
        ([code(1), "样例甲", "企业", "", "-1"], "registered_capital"),
        ([code(1), "样例甲", "企业", "", "一百"], "registered_capital"),
    ],
)
def test_says_what_is_wrong_and_takes_nothing(people: Personas, row: list[Any], column: str) -> None:
    batch = bring(people, sheet(HEADINGS, [code(9), "样例好有限公司", "企业", "", ""], row))
    assert (wrong(batch), counts(batch)) == ([(3, column)], (1, 0, 0, 1))
    with pytest.raises(TransitionRefused):
        apply(people, batch)
    assert not Organisation.objects.filter(uscc=code(9)).exists()


def test_a_formula_is_neither_done_nor_taken(people: Personas) -> None:
    rows = [HEADINGS, [code(1), "", "企业", "", ""], [code(2), "=1+1", "企业", "", ""]]
    batch = bring(people, sheet(*rows, formulas={(1, 1): '=HYPERLINK("http://sample.test","x")'}))
    assert wrong(batch) == [(2, "name")]
    assert batch.rows.get(key=code(2)).values["name"] == "=1+1"  # a text, and stays one


def test_the_second_row_about_the_same_is_wrong(people: Personas) -> None:
    row = [code(1), "样例甲有限公司", "企业", "", ""]
    assert wrong(bring(people, sheet(HEADINGS, row, row))) == [(3, "uscc")]


ABROAD = ["uscc", "country", "registration_number", "name", "type"]


def test_takes_organisations_abroad_by_country_and_number(people: Personas) -> None:
    row = ["", "ｄｅ", "hrb　12345", "Sample Institute", "Research institute"]
    apply(people, bring(people, sheet(ABROAD, row), source=FigureSource.STATISTICS))
    made = Organisation.objects.get(registration_number="HRB 12345")
    assert (made.uscc, made.id_scheme, made.country, made.code, made.is_verified) == (
        None, IdScheme.FOREIGN, "DE", "DE HRB 12345", True,
    )  # fmt: skip
    assert [entry.facts["code"] for entry in trail(made)] == ["DE HRB 12345"]
    assert counts(bring(people, sheet(ABROAD, row))) == (0, 0, 1, 0)
    batch = bring(people, sheet(ABROAD, [*row[:3], "Sample Laboratory", row[4]], ["", "AT", *row[2:]]))
    assert counts(batch) == (1, 1, 0, 0)
    apply(people, batch)
    made.refresh_from_db()
    assert (made.name, Organisation.objects.filter(registration_number="HRB 12345").count()) == ("Sample Laboratory", 2)


def test_a_number_completes_one_organisation_known_by_name_alone(people: Personas) -> None:
    known = make_organisation("Sample Institute", id_scheme=IdScheme.FOREIGN, uscc=None)
    rows = [["", "DE", f"HRB {n}", "Sample Institute", "Research institute"] for n in range(2)]
    batch = bring(people, sheet(ABROAD, *rows))
    assert counts(batch) == (1, 1, 0, 0)
    apply(people, batch)
    codes = set(Organisation.objects.filter(name="Sample Institute").values_list("country", "registration_number"))
    known.refresh_from_db()
    assert (codes, known.code in {"DE HRB 0", "DE HRB 1"}) == ({("DE", "HRB 0"), ("DE", "HRB 1")}, True)


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (["", "", "HRB 1"], ["country"]),
        (["", "DE", ""], ["registration_number"]),
        (["", "CN", "HRB 1"], ["country"]),
        (["", "Germany", "HRB 1"], ["country"]),
        (["", "DE", "HRB_1"], ["registration_number"]),
        (["", "DE", "1" * 28], ["registration_number"]),
        ([code(1), "DE", "HRB 1"], ["uscc"]),
        ([code(1), "DE", ""], ["uscc", "registration_number"]),
        (["", "", ""], ["uscc"]),
    ],
)
def test_says_what_is_wrong_with_a_registration_abroad(people: Personas, row: list[str], columns: list[str]) -> None:
    batch = bring(people, sheet(ABROAD, [*row, "Sample Institute", "Research institute"]))
    assert wrong(batch) == [(2, column) for column in columns]


def test_the_second_row_about_the_same_abroad_is_wrong(people: Personas) -> None:
    rows = [["", "DE", number, "Sample Institute", "Research institute"] for number in ("HRB 1", "hrb  1")]
    assert wrong(bring(people, sheet(ABROAD, *rows))) == [(3, "registration_number")]


def test_names_the_row_abroad_that_somebody_else_made_meanwhile(people: Personas) -> None:
    batch = bring(people, sheet(ABROAD, ["", "DE", "HRB 1", "Sample Institute", "Research institute"]))
    make_organisation("Other", id_scheme=IdScheme.FOREIGN, uscc=None, country="DE", registration_number="HRB 1")
    with pytest.raises(TransitionRefused) as refusal:
        apply(people, batch)
    assert len(refusal.value.reasons) == 1


def test_a_deregistered_organisation_does_not_change(people: Personas) -> None:
    make_organisation("样例甲", uscc=code(1), status=OrganisationStatus.DEREGISTERED)
    assert wrong(bring(people, sheet(HEADINGS, [code(1), "样例乙", "企业", "", ""]))) == [(2, "uscc")]


@pytest.mark.parametrize(
    "rows",
    [
        [["uscc", "name", "colour"]],
        [["uscc", "name", "name", "type"]],
        [["uscc", "name"], [code(1), "样例"]],
        [HEADINGS],
        [],
    ],
)
def test_a_table_that_is_none_is_refused_as_a_whole(people: Personas, rows: list[list[Any]]) -> None:
    batch = bring(people, sheet(*rows))
    assert (bool(batch.trouble), counts(batch)) == (True, (0, 0, 0, 0))
    with pytest.raises(TransitionRefused):
        apply(people, batch)


@pytest.mark.parametrize("spelling", ["utf-8-sig", "gb18030"])
def test_reads_text_as_spreadsheets_write_it(people: Personas, spelling: str) -> None:
    with override("zh-hans"):
        headings = [column.heading for column in columns_of(ImportKind.ORGANISATIONS, NOON)[:3]]
    batch = bring(people, comma(headings, [code(1), "样例甲有限公司", "企业"], spelling=spelling))
    assert (batch.trouble, counts(batch)) == ("", (1, 0, 0, 0))


def test_a_second_click_and_a_file_that_changes_nothing_are_refused(people: Personas) -> None:
    rows = [HEADINGS, [code(1), "样例甲有限公司", "企业", "", ""]]
    batch = apply(people, bring(people, sheet(*rows)))
    with pytest.raises(TransitionRefused):
        apply(people, batch)
    again = bring(people, sheet(*rows))
    assert counts(again) == (0, 0, 1, 0)
    with pytest.raises(TransitionRefused):
        apply(people, again)


def test_names_the_rows_that_changed_since(people: Personas) -> None:
    rows = [[code(n), f"样例{n}改名", "企业", "", ""] for n in range(3)]
    make_organisation("样例一", uscc=code(1))
    people.lead_org.uscc = code(0)
    people.lead_org.save()
    batch = bring(people, sheet(HEADINGS, *rows))
    update_organisation(organisation=people.lead_org, actor=people.lead_admin, at=NOON, address="样例路二号")
    make_organisation("样例二", uscc=code(2))
    with pytest.raises(TransitionRefused) as refusal:
        apply(people, batch)
    assert len(refusal.value.reasons) == 2
    assert Organisation.objects.get(uscc=code(1)).name == "样例一"
    batch.refresh_from_db()
    check_again(batch=batch, actor=people.officer, at=NOON)
    apply(people, batch)
    names = Organisation.objects.filter(uscc__in=[code(n) for n in range(3)]).values_list("name", flat=True)
    assert sorted(names) == ["样例0改名", "样例1改名", "样例2改名"]


def test_a_discarded_file_is_not_applied(people: Personas) -> None:
    batch = bring(people, sheet(HEADINGS, [code(1), "样例甲有限公司", "企业", "", ""]))
    discard_import(batch=batch, actor=people.officer, at=NOON)
    with pytest.raises(TransitionRefused):
        apply(people, batch)
    assert not ImportRow.objects.exists()


def test_a_large_file_is_read_by_a_worker(people: Personas) -> None:
    rows = [[code(n), f"样例{n}有限公司", "企业", "", str(n)] for n in range(3000)]
    batch = bring(people, sheet(HEADINGS, *rows))
    assert (batch.status, batch.is_being_read) == (ImportStatus.UPLOADED, True)
    jobs.run(Job.objects.get(kind="members.check_import").pk, NOON)
    assert counts(batch) == (3000, 0, 0, 0)


def test_only_the_keepers_of_the_registry_import(people: Personas) -> None:
    batch = bring(people, sheet(HEADINGS, [code(1), "样例甲有限公司", "企业", "", ""]))
    for person in (people.lead_admin, people.district_officer, people.finance):
        with pytest.raises(PermissionDenied):
            upload_import(kind=batch.kind, source=batch.source, upload=sheet([]), actor=person, at=NOON)
        with pytest.raises(PermissionDenied):
            apply_import(batch=batch, actor=person, at=NOON)
        assert not ImportBatch.objects.visible_to(person).exists()


# --- figures -----------------------------------------------------------------------------------
def test_states_and_corrects_figures(people: Personas) -> None:
    organisation = people.lead_org
    old = record_year(
        organisation=organisation, year=2021, actor=people.lead_admin, at=NOON, revenue=Decimal(10_000),
        rd_expense=Decimal(0), staff=5, rd_staff=1, net_profit=Decimal(7),
    )  # fmt: skip
    rows = [[organisation.uscc, "2021", "２", "1.5", "５", 1], [organisation.uscc, 2022, 3, 1, 8, 2]]
    batch = bring(people, sheet(YEARS, *rows), ImportKind.YEARS)
    assert counts(batch) == (1, 1, 0, 0)
    apply_import(batch=batch, actor=people.officer, at=NOON + DAY)
    old.refresh_from_db()
    made = YearFigures.objects.get(organisation=organisation, year=2022)
    assert (old.revenue, old.rd_expense, old.net_profit, old.version, old.source, old.status) == (
        Decimal(20_000), Decimal(15_000), Decimal(7), 2, FigureSource.IMPORT, FigureStatus.STATED,
    )  # fmt: skip
    assert PastFigures.objects.get(figures=old).revenue == Decimal(10_000)
    assert (made.revenue, made.staff, made.source, made.stated_by) == (
        Decimal(30_000), 8, FigureSource.IMPORT, people.officer,
    )  # fmt: skip
    assert [trail(one)[0].action for one in (old, made)] == [Action.APPLY_IMPORT, Action.APPLY_IMPORT]


YEARS_ABROAD = ["uscc", "country", "registration_number", *YEARS[1:]]


def test_states_figures_of_organisations_abroad(people: Personas) -> None:
    number = "HRB 12345/678 (B) ABCDEFGH"
    abroad = make_organisation(
        "Sample Institute", id_scheme=IdScheme.FOREIGN, uscc=None, country="DE", registration_number=number
    )
    facts = [2021, 3, 1, 8, 2]
    rows = [["", "de", number.lower(), *facts], [people.lead_org.uscc, "", "", *facts]]

    batch = apply(people, bring(people, sheet(YEARS_ABROAD, *rows), ImportKind.YEARS))

    assert (batch.new, YearFigures.objects.get(organisation=abroad, year=2021).revenue) == (2, Decimal(30_000))
    again = bring(people, sheet(YEARS_ABROAD, ["", "DE", number, 2021, 4, 1, 8, 2]), ImportKind.YEARS)
    assert counts(again) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (["", "DE", "HRB 9"], ["registration_number"]),
        (["", "DE", ""], ["registration_number"]),
        (["", "", "HRB 1"], ["country"]),
        (["", "", ""], ["uscc"]),
        ([code(1), "DE", "HRB 1"], ["uscc", "uscc"]),
    ],
)
def test_says_whose_figures_it_does_not_know(people: Personas, row: list[str], columns: list[str]) -> None:
    batch = bring(people, sheet(YEARS_ABROAD, [*row, 2022, 3, 1, 8, 2]), ImportKind.YEARS)

    assert wrong(batch) == [(2, column) for column in columns]


def test_figures_abroad_stand_in_one_row(people: Personas) -> None:
    make_organisation("Sample", id_scheme=IdScheme.FOREIGN, uscc=None, country="DE", registration_number="HRB 1")
    row = ["", "DE", "HRB 1", 2022, 3, 1, 8, 2]

    batch = bring(people, sheet(YEARS_ABROAD, row, [*row[:3], 2023, *row[4:]], row), ImportKind.YEARS)

    assert wrong(batch) == [(4, "registration_number")]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"uscc": code(5)}, "uscc"),
        ({"year": 1999}, "year"),
        ({"year": 2999}, "year"),
        ({"revenue": -1}, "revenue"),
        ({"staff": 1, "rd_staff": 2}, "rd_staff"),
        ({"staff": "1.5"}, "staff"),
    ],
)
def test_wrong_figures_are_not_taken(people: Personas, changes: dict[str, Any], column: str) -> None:
    row = {"uscc": people.lead_org.uscc, "year": 2021, "revenue": 1, "rd_expense": 1, "staff": 5, "rd_staff": 1}
    batch = bring(people, sheet(YEARS, list({**row, **changes}.values())), ImportKind.YEARS)
    assert wrong(batch) == [(2, column)]


# --- the template ------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ImportKind)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_understood_in_either_language(people: Personas, kind: ImportKind, language: str) -> None:
    content = io.BytesIO()
    with override(language):
        write_template(content, kind, NOON)
        text = template_text(kind, NOON)
    first = next(openpyxl.load_workbook(content, read_only=True).worksheets[0].iter_rows(values_only=True))
    assert list(first) == text.decode("utf-8-sig").strip().split(",")
    batch = bring(people, SimpleUploadedFile("样例.csv", text + b"x\r\n"), kind)
    assert (batch.trouble, batch.wrong) == ("", 1)


def word(choices: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *choices.values])


ORGANISATION = st.fixed_dictionaries(
    {
        "name": st.text("样例甲乙丙丁（）AB", min_size=1, max_size=20).map(lambda text: f"样例{text}"),
        "ownership": word(Ownership), "size_class": word(SizeClass), "listing": word(Listing),
        "chain_link": word(ChainLink), "industry_code": st.from_regex(r"[0-9]{4}|", fullmatch=True),
        "registered_capital": st.one_of(st.just(""), st.decimals(0, 10**6, places=6).map("{:f}".format)),
        "established_on": st.one_of(st.just(""), st.dates(date(1850, 1, 1), date(2020, 1, 1)).map(str)),
    }
)  # fmt: skip


@settings(max_examples=6, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ORGANISATION, min_size=1, max_size=6), start=st.integers(1, 9_000))
@pytest.mark.django_db
def test_what_the_template_takes_comes_back_as_it_was(people: Personas, rows: list[dict[str, str]], start: int) -> None:
    Organisation.objects.filter(uscc__startswith="91320583MA").delete()
    table = [
        ["uscc", "type", *rows[0]],
        *([code(start + n), "企业", *(row[name] for name in rows[0])] for n, row in enumerate(rows)),
    ]
    batch = bring(people, sheet(*table))
    assert wrong(batch) == []
    apply(people, batch)
    for n, row in enumerate(rows):
        made = Organisation.objects.get(uscc=code(start + n))
        kept = {name: getattr(made, name) for name in row}
        capital, day = row["registered_capital"], row["established_on"]
        expected = {
            **row, "listing": row["listing"] or Listing.NONE,
            "registered_capital": (Decimal(capital) * 10_000).quantize(Decimal("0.01")) if capital else None,
        }  # fmt: skip
        kept["established_on"] = str(kept["established_on"] or "")
        assert kept == {**expected, "established_on": day}
    assert counts(bring(people, sheet(*table))) == (0, 0, len(rows), 0)


# --- races -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("exists", [True, False])
def test_two_officers_apply_two_files_about_the_same(people: Personas, exists: bool) -> None:
    officers = (people.officer, people.head)
    if exists:
        make_organisation("样例旧名", uscc=code(1))
    batches = [bring(people, sheet(HEADINGS, [code(1), f"样例{n}", "企业", "", ""])) for n in range(2)]
    results = at_once(
        *(lambda b=b, o=o: apply_import(batch=b, actor=o, at=NOON) for b, o in zip(batches, officers, strict=True))
    )
    assert refusals(results) == 1
    assert [type(one) for one in results if isinstance(one, Exception)] == [TransitionRefused]
    applied = ImportBatch.objects.get(status=ImportStatus.APPLIED)
    assert Organisation.objects.get(uscc=code(1)).name == f"样例{[b.pk for b in batches].index(applied.pk)}"


def test_sound_codes_are_sound() -> None:
    assert [credit_code(code(n)) for n in range(50)] == [code(n) for n in range(50)]


# --- pages -------------------------------------------------------------------------------------
def test_the_way_of_an_officer(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    registry = client.get(reverse("members:organisation-list")).content.decode()
    assert reverse("members:import-list") in registry
    upload = sheet(HEADINGS, [code(1), "样例甲有限公司", "企业", "", ""])
    data = {"kind": "ORGS", "source": "IMPORT", "upload": upload}
    shown = client.post(reverse("members:import-upload"), data, follow=True)
    batch = ImportBatch.objects.get()
    assert (shown.status_code, shown.request["PATH_INFO"]) == (200, batch.get_absolute_url())
    apply_url = reverse("members:import-apply", args=[batch.pk])
    assert apply_url in shown.content.decode()
    assert client.post(apply_url).status_code == 302
    assert client.post(apply_url).status_code == 409
    assert Organisation.objects.filter(uscc=code(1)).exists()


def test_the_preview_and_the_list_of_what_is_wrong(people: Personas, sign_in: Any) -> None:
    rows = [[code(n), f"样例{n}", "不知道", "", ""] for n in range(120)]
    batch = bring(people, sheet(HEADINGS, *rows))
    client = sign_in(people.officer)
    page = client.get(batch.get_absolute_url()).content.decode()
    taken = b"".join(client.get(reverse("members:import-errors", args=[batch.pk])).streaming_content)
    assert page.count('class="c-name"') == 100
    assert len(taken.decode("utf-8-sig").splitlines()) == 121


def test_whoever_reads_what_is_wrong_reads_it_in_their_language(people: Personas, sign_in: Any) -> None:
    with override("zh-hans"):
        batch = bring(
            people, sheet(HEADINGS, [code(1), "样例甲", "不知道", "", ""], [code(1), "样例甲", "企业", "", ""])
        )
    client = sign_in(people.head)

    said = [
        b"".join(client.get(reverse("members:import-errors", args=[batch.pk]), headers=headers).streaming_content)
        for headers in ({"accept-language": "zh-hans"}, {"accept-language": "en"})
    ]

    assert [line.rpartition(",")[2] for line in said[0].decode("utf-8-sig").splitlines()[1:]] == [
        "“不知道”不在可选项之内；可选项见模板第二张工作表。", "与第2行重复。",
    ]  # fmt: skip
    assert [line.rpartition(",")[2] for line in said[1].decode("utf-8-sig").splitlines()[1:]] == [
        "“不知道” is none of the choices; they stand on the second sheet of the template.",
        "Row 2 is about the same already.",
    ]


def test_why_a_file_cannot_be_read_is_said_in_the_language_of_the_reader(people: Personas) -> None:
    with override("zh-hans"):
        batch = bring(people, comma(["uscc", "name"], [code(1), "样例甲"]))
    read = ImportBatch.objects.get(pk=batch.pk)

    with override("en"):
        assert read.trouble_told == "The column “Type” is missing."
    with override("zh-hans"):
        assert read.trouble_told == "缺少列“类型”。"


def test_a_bad_file_is_refused_next_to_its_field(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    for name, content in (("a.xlsx", b"PK\x03\x04rubbish"), ("a.csv", b"a,b\x00c"), ("a.pdf", b"%PDF-1.4")):
        data = {"kind": "ORGS", "source": "IMPORT", "upload": SimpleUploadedFile(name, content)}
        answer = client.post(reverse("members:import-upload"), data)
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["upload"])


def test_strangers_do_not_find_an_import(people: Personas, sign_in: Any) -> None:
    batch = bring(people, sheet(HEADINGS, [code(1), "样例甲有限公司", "企业", "", ""]))
    for person, listed in ((people.lead_admin, 403), (people.finance, 403), (people.district_officer, 403)):
        client = sign_in(person)
        assert client.get(reverse("members:import-list")).status_code == listed
        for name in ("detail", "apply", "errors", "document", "check", "discard", "progress"):
            assert client.get(reverse(f"members:import-{name}", args=[batch.pk])).status_code == 404


def test_takes_a_template(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    answers = [
        client.get(reverse("members:import-template", args=[kind, form])).status_code
        for kind, form in (("orgs", "xlsx"), ("years", "csv"), ("orgs", "pdf"), ("people", "csv"))
    ]
    assert answers == [200, 200, 404, 404]
