"""What officials do with an organisation; its figures, qualifications and integrity records on pages."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.enums import FigureStatus, IntegrityLevel, OrganisationStatus, QualificationKind, QualificationStatus
from members.models import IntegrityRecord, Organisation, Qualification, YearFigures
from portal.kernel.models import ExportLog
from tests.factories.consortia import ready_consortium
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas
from tests.samples import pdf

LIST = reverse("members:organisation-list")
INTEGRITY = reverse("members:integrity-list")
EXPORT = reverse("members:organisation-export")


def url(name: str, subject: Any, *more: Any) -> str:
    return reverse(f"members:{name}", args=[subject.pk, *more])


def errors(answer: Any) -> dict[str, list[str]]:
    return {field: [str(error) for error in found] for field, found in answer.context["form"].errors.items()}


def status_of(client: Any, address: str) -> int:
    """Of a file, read to its end."""
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == pdf()
    return int(answer.status_code)


def qualification(people: Personas, **changes: Any) -> Qualification:
    facts = {"organisation": people.lead_org, "kind": QualificationKind.HNTE, "valid_from": date(2026, 1, 1)}
    return Qualification.objects.create(**{**facts, **changes})


def breach(people: Personas, **changes: Any) -> IntegrityRecord:
    facts = {
        "organisation": people.lead_org, "level": IntegrityLevel.SERIOUS, "behaviour": "样例失信行为",
        "source": "样例通报", "effective_from": date(2026, 1, 1),
    }  # fmt: skip
    return IntegrityRecord.objects.create(**{**facts, **changes})


def newest(people: Personas) -> YearFigures:
    return people.lead_org.years.get(year=2025)


# --- who may open what -------------------------------------------------------------------------
PAGES = {
    "organisation-verify": {"officer": 200, "district_officer": 200, "lead_admin": 403, "finance": 403},
    "organisation-affiliate": {"officer": 200, "district_officer": 200, "lead_admin": 403, "finance": 403},
    "organisation-suspend": {"officer": 200, "district_officer": 403, "lead_admin": 403},
    "organisation-deregister": {"head": 200, "district_officer": 403, "lead_admin": 403},
    "qualification-add": {"lead_admin": 200, "lead": 403, "officer": 403},
    "integrity-record": {"supervisor": 200, "officer": 403, "lead_admin": 403},
}


@pytest.mark.parametrize(("page", "name"), [(page, name) for page, names in PAGES.items() for name in names])
def test_who_may_open_the_forms_about_an_organisation(people: Personas, sign_in: Any, page: str, name: str) -> None:
    answer = sign_in(getattr(people, name)).get(url(page, people.lead_org))

    assert answer.status_code == PAGES[page][name]
    assert sign_in(people.rival).get(url(page, people.lead_org)).status_code == 404
    assert sign_in(people.other_district_officer).get(url(page, people.lead_org)).status_code == 404


READERS = [("lead", 200), ("district_officer", 200), ("finance", 200), ("rival", 404), ("expert", 404)]


@pytest.mark.parametrize(("name", "status"), READERS)
def test_who_reads_figures_qualifications_and_records(people: Personas, sign_in: Any, name: str, status: int) -> None:
    client = sign_in(getattr(people, name))
    pages = [("year-detail", newest(people)), ("qualification-detail", qualification(people))]

    for page, subject in [*pages, ("integrity-detail", breach(people))]:
        assert client.get(url(page, subject)).status_code == status


STEPS = {
    "year-verify": ("district_officer", "lead_admin"),
    "year-question": ("officer", "lead_admin"),
    "qualification-verify": ("district_officer", "lead_admin"),
    "qualification-decline": ("officer", "lead"),
    "qualification-withdraw": ("lead_admin", "officer"),
    "integrity-lift": ("supervisor", "officer"),
    "integrity-appeal": ("supervisor", "lead_admin"),
}


@pytest.mark.parametrize("page", STEPS)
def test_who_may_take_the_steps(people: Personas, sign_in: Any, page: str) -> None:
    subjects = {"year": newest(people), "qualification": qualification(people), "integrity": breach(people)}
    step, (may, may_not) = url(page, subjects[page.partition("-")[0]]), STEPS[page]

    assert sign_in(getattr(people, may)).get(step).status_code == 200
    assert sign_in(getattr(people, may_not)).get(step).status_code == 403
    assert sign_in(people.rival).get(step).status_code == 404


# --- organisations -----------------------------------------------------------------------------
def test_verified_with_its_source_and_shown_so(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    step = url("organisation-verify", people.lead_org)

    assert errors(client.post(step, {"source": ""})) == {"source": ["此项为必填项。"]}
    assert client.post(step, {"source": "公示系统"})["Location"] == people.lead_org.get_absolute_url()
    assert client.post(step, {"source": "公示系统"}).status_code == 409

    people.lead_org.refresh_from_db()
    assert people.lead_org.is_verified


def test_what_was_renamed_meanwhile_is_not_verified(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    step = url("organisation-verify", people.lead_org)
    seen = client.get(step).context["form"].fields["seen"].initial
    Organisation.objects.filter(pk=people.lead_org.pk).update(name="样例改名有限公司")

    assert client.post(step, {"source": "公示系统", "seen": seen}).status_code == 409


def test_a_parent_by_its_code(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    step = url("organisation-affiliate", people.lead_org)

    bad = client.post(step, {"parent_code": "91320599MA000042AX", "source": "年报"})
    assert list(errors(bad)) == ["parent_code"]
    assert client.post(step, {"parent_code": str(people.supplier.uscc).lower(), "source": "年报"}).status_code == 302

    assert client.get(url("organisation-detail", people.supplier)).context["subsidiaries"].get() == people.lead_org
    own = sign_in(people.lead).get(reverse("members:organisation-own"))
    assert (own.context["object"].parent, own.context["sees_parent"]) == (people.supplier, False)


def test_suspended_and_admitted_again(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)

    for step, status in (
        ("organisation-suspend", OrganisationStatus.SUSPENDED),
        ("organisation-resume", OrganisationStatus.ACTIVE),
        ("organisation-deregister", OrganisationStatus.DEREGISTERED),
    ):
        assert list(errors(client.post(url(step, people.lead_org), {"reason": ""}))) == ["reason"]
        assert client.post(url(step, people.lead_org), {"reason": "样例"}).status_code == 302
        people.lead_org.refresh_from_db()
        assert people.lead_org.status == status
    assert client.post(url("organisation-resume", people.lead_org), {"reason": "样例"}).status_code == 409


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ownership=STATE", {"lead"}), ("size_class=LARGE", {"lead"}), ("listing=STAR", {"lead"}),
        ("status=SUSPENDED", {"rival"}), ("verified=1", {"lead"}), ("verified=0", {"rival"}), ("barred=1", {"rival"}),
        ("barred=0", {"lead"}), ("year=1", {"rival"}), ("year=0", {"lead"}), ("year=7", {"lead", "rival"}),
        ("listing=STAR&barred=1", set()), ("qualification=UNICORN", set()),
    ],
)  # fmt: skip
def test_the_filters_of_the_registry(people: Personas, sign_in: Any, query: str, found: set[str]) -> None:
    Organisation.objects.filter(pk=people.lead_org.pk).update(
        ownership="STATE", size_class="LARGE", listing="STAR", verified_by=people.officer,
        verified_at="2026-01-01T00:00Z", verified_name=people.lead_org.name, verified_code=people.lead_org.uscc,
        verified_in="公示系统",
    )  # fmt: skip
    Organisation.objects.filter(pk=people.rival_org.pk).update(status=OrganisationStatus.SUSPENDED)
    people.rival_org.years.all().delete()
    breach(people, organisation=people.rival_org)
    breach(people, lifted_on=date(2026, 2, 1), lifted_by=people.supervisor, lift_reason="样例")

    rows = sign_in(people.officer).get(f"{LIST}?{query}").context["rows"]

    assert {"lead" if row == people.lead_org else "rival" for row in rows} == found


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_an_organisation_costs_the_same_however_much_there_is(
    people: Personas, sign_in: Any, rows: int
) -> None:
    for number in range(rows):
        qualification(people, certificate=str(number))
        breach(people)
        make_organisation(parent=people.lead_org, district=make_district())
        ready_consortium(people)
    client = sign_in(people.officer)
    client.get(people.lead_org.get_absolute_url())

    with CaptureQueriesContext(connection) as queries:
        client.get(people.lead_org.get_absolute_url())

    assert len(queries) == 15


def test_the_export_holds_what_the_list_shows(people: Personas, sign_in: Any) -> None:
    assert people.lead_org
    assert people.university
    client = sign_in(people.officer)

    page = client.get(f"{EXPORT}?type=UNIVERSITY")
    answer = client.post(f"{EXPORT}?type=UNIVERSITY", {"format": "csv"})

    assert page.context["chosen"] == [("类型", "高校")]
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["样例理工大学"]
    log = ExportLog.objects.get()
    assert (log.slug, log.row_count, log.params) == ("organisations", 1, {"type": "UNIVERSITY"})
    assert sign_in(people.lead_admin).get(EXPORT).status_code == 403
    assert list(errors(client.post(EXPORT, {"format": "pdf"}))) == ["format"]


def test_a_district_exports_its_own(people: Personas, sign_in: Any) -> None:
    assert people.lead_org
    assert people.university

    answer = sign_in(people.district_officer).post(EXPORT, {"format": "xlsx"})

    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert ExportLog.objects.get().row_count == 1


# --- figures -----------------------------------------------------------------------------------
def test_audited_figures_bring_their_document(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead_admin)
    step = url("year-record", people.lead_org)
    data = {
        "year": "2022", "revenue": "300", "net_profit": "-12.5", "total_assets": "900", "rd_expense": "60",
        "staff": "50", "rd_staff": "20", "source": "AUDITED", "auditor": "样例会计师事务所",
    }  # fmt: skip

    assert list(errors(client.post(step, data))) == ["upload"]
    assert list(errors(client.post(step, {**data, "auditor": ""}))) == ["auditor"]
    fake = SimpleUploadedFile("a.pdf", b"no pdf", "application/pdf")
    assert list(errors(client.post(step, {**data, "upload": fake}))) == ["upload"]
    assert list(errors(client.post(step, {**data, "source": "IMPORT"}))) == ["source"]
    report = SimpleUploadedFile("审计报告.pdf", pdf(), "application/pdf")
    assert client.post(step, {**data, "upload": report}).status_code == 302

    figures = people.lead_org.years.get(year=2022)
    document = url("year-document", figures, 1)
    assert b"".join(sign_in(people.district_officer).get(document).streaming_content) == pdf()
    assert sign_in(people.rival).get(document).status_code == 404
    assert client.get(url("year-document", figures, 2)).status_code == 404


def test_verified_on_the_page_and_questioned_with_a_reason(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.district_officer)
    figures = newest(people)

    assert client.post(url("year-verify", figures), {"note": ""})["Location"] == figures.get_absolute_url()
    assert client.post(url("year-verify", figures), {"note": ""}).status_code == 409
    assert list(errors(client.post(url("year-question", figures), {"reason": ""}))) == ["reason"]
    assert client.post(url("year-question", figures), {"reason": "样例疑问"}).status_code == 302

    figures.refresh_from_db()
    assert (figures.status, figures.remark) == (FigureStatus.QUESTIONED, "样例疑问")
    page = sign_in(people.lead_admin).get(figures.get_absolute_url())
    assert page.context["acts"] == ["correct_year"]
    assert page.content.decode().count("样例疑问") == 2  # remark, and the note in the history
    assert sign_in(people.lead).get(figures.get_absolute_url()).content.decode().count("样例区员甲") == 0


def test_what_was_corrected_meanwhile_is_shown_before_it_is_overwritten(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead_admin)
    step = url("year-record", people.lead_org)
    data = {"year": "2025", "revenue": "300", "rd_expense": "60", "staff": "50", "rd_staff": "20", "source": "OWN"}
    seen = client.get(step + "?year=2025").context["form"].fields["seen"].initial
    assert client.post(step, {**data, "seen": seen}).status_code == 302

    late = client.post(step + "?year=2025", {**data, "staff": "70", "seen": seen})

    assert late.status_code == 409
    assert client.post(step + "?year=2025", {**data, "staff": "70", "seen": late.context["form"]["seen"].value()}).url
    assert newest(people).staff == 70


# --- qualifications ----------------------------------------------------------------------------
def test_stated_with_a_certificate_verified_and_withdrawn(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead_admin)
    step = url("qualification-add", people.lead_org)
    data = {"kind": "CHINA500", "valid_from": "2026-01-01", "level": "NATIONAL"}

    assert list(errors(client.post(step, data))) == ["list_year"]
    assert list(errors(client.post(step, {**data, "list_year": "2026", "rank": "501"}))) == ["rank"]
    assert list(errors(client.post(step, {**data, "valid_from": "soon"}))) == ["valid_from", "list_year"]
    ranked = {**data, "list_year": "2026", "rank": "88", "upload": SimpleUploadedFile("榜单.pdf", pdf())}
    assert client.post(step, ranked).status_code == 302
    row = Qualification.objects.get()

    document = url("qualification-document", row)
    assert status_of(sign_in(people.officer), document) == 200
    assert sign_in(people.rival).get(document).status_code == 404
    assert sign_in(people.officer).post(url("qualification-verify", row), {}).status_code == 302
    assert client.post(url("qualification-withdraw", row), {"note": "样例"}).status_code == 302
    assert client.post(url("qualification-withdraw", row), {"note": "样例"}).status_code == 409
    row.refresh_from_db()
    assert row.status == QualificationStatus.WITHDRAWN


def test_an_expired_one_is_shown_as_such(people: Personas, sign_in: Any) -> None:
    row = qualification(people, valid_to=date(2026, 1, 2))

    page = sign_in(people.lead).get(row.get_absolute_url())

    assert page.context["expired"]
    assert sign_in(people.lead).get(people.lead_org.get_absolute_url()).context["qualifications"] == [(row, True)]
    assert sign_in(people.lead).get(url("qualification-document", row)).status_code == 404


# --- integrity ---------------------------------------------------------------------------------
def test_recorded_lifted_and_seen_by_the_organisation(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.supervisor)
    data = {"level": "GRAVE", "behaviour": "样例造假", "source": "样例决定", "effective_from": "2026-01-01"}
    step = url("integrity-record", people.lead_org)

    assert list(errors(client.post(step, {**data, "effective_to": "2025-01-01"}))) == ["effective_to"]
    assert list(errors(client.post(step, {**data, "level": "AWFUL"}))) == ["level"]
    assert client.post(step, {**data, "upload": SimpleUploadedFile("决定.pdf", pdf())}).status_code == 302
    row = IntegrityRecord.objects.get()
    assert row.effective_to == date(2030, 12, 31)

    own = sign_in(people.lead)
    assert own.get(reverse("members:organisation-own")).context["records"] == [(row, True)]
    assert status_of(own, url("integrity-document", row)) == 200
    assert sign_in(people.rival).get(url("integrity-document", row)).status_code == 404
    appeal = {"appealed_on": "2026-02-01", "appeal": "样例申诉"}
    assert client.post(url("integrity-appeal", row), appeal).status_code == 302
    assert list(errors(client.post(url("integrity-appeal", row), {"appeal": "样例"}))) == ["appealed_on"]
    assert client.post(url("integrity-lift", row), {"reason": "样例修复"}).status_code == 302
    assert client.post(url("integrity-lift", row), {"reason": "样例修复"}).status_code == 409


@pytest.mark.parametrize(
    ("name", "count"), [("supervisor", 2), ("officer", 2), ("district_officer", 1), ("other_district_officer", 0)]
)
def test_the_list_of_records(people: Personas, sign_in: Any, name: str, count: int) -> None:
    breach(people)
    breach(people, organisation=people.university, effective_to=date(2026, 1, 2))
    client = sign_in(getattr(people, name))

    assert len(client.get(INTEGRITY).context["records"]) == count
    assert len(client.get(f"{INTEGRITY}?in_force=1").context["records"]) == min(count, 1)
    assert len(client.get(f"{INTEGRITY}?in_force=0&q=理工").context["records"]) == max(count - 1, 0)


@pytest.mark.parametrize("name", ["lead", "rival", "expert", "system_admin"])
def test_the_list_of_records_is_for_officials(people: Personas, sign_in: Any, name: str) -> None:
    assert sign_in(getattr(people, name)).get(INTEGRITY).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_records_costs_the_same(people: Personas, sign_in: Any, rows: int) -> None:
    for _row in range(rows):
        breach(people)
    client = sign_in(people.supervisor)
    client.get(INTEGRITY)

    with CaptureQueriesContext(connection) as queries:
        client.get(INTEGRITY)

    assert len(queries) == 7


# --- the consortia of an organisation ----------------------------------------------------------
@pytest.mark.parametrize(("name", "count"), [("lead", 1), ("officer", 1), ("district_officer", 1)])
def test_its_consortia_as_far_as_the_reader_may_see_them(people: Personas, sign_in: Any, name: str, count: int) -> None:
    ready_consortium(people)

    page = sign_in(getattr(people, name)).get(people.lead_org.get_absolute_url())

    found = {panel["template"]: panel["rows"] for panel in page.context["panels"]}
    assert len(found["consortia/_consortia_of.html"].parts) == count
    assert ("members/_credit.html" in found) == (name != "lead")
