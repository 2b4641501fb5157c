"""The public notice and the letter to an objector as PDF: what stands in them, for whom, the same twice."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from funding.enums import ApplicationStatus, ObjectionStatus
from funding.models import Objection, PublicNotice, Recusal
from funding.rules.publicity import notice_row
from funding.services.notices import publicise_applications
from portal.kernel import files, jobs
from portal.kernel.audit import canonical, sha256
from portal.kernel.models import AuditEntry
from portal.kernel.workflow import TransitionRefused
from reports import pdf
from reports.models import NoticeDocument, ReplyDocument
from reports.services.publicity import order_lacking_notices, order_notice_documents, order_reply
from reports.tasks import notice_html, reply_html
from tests.clock import DAY, NOON
from tests.factories.funding import make_application, make_call, make_notice, make_objection
from tests.personas import Personas
from tests.samples import PDF

pytestmark = pytest.mark.usefixtures("db")
NAME = "样例异议人"


def published(people: Personas, **facts: Any) -> Any:
    call = make_call(people)
    case = make_application(people, ApplicationStatus.PUBLICISED, call=call, decided_tier="A", decided_amount=3_000_000)
    case.notice = make_notice(people, call, rows=[notice_row(case)], **facts)
    case.save()
    return case


def answered(people: Personas) -> Objection:
    return make_objection(
        published(people), status=ObjectionStatus.DISMISSED, finding="核查无误。",
        letter="致异议提出人：\n\n维持原公示结果。", handled_by=people.supervisor, handled_at=NOON,
    )  # fmt: skip


# --- the notice --------------------------------------------------------------------------------
def test_the_notice_says_what_was_published_and_names_nobody(people: Personas) -> None:
    case = published(people)
    chinese, english = order_notice_documents(notice=case.notice, at=NOON)

    said = notice_html(chinese), notice_html(english)

    row = case.notice.rows[0]
    for text in (case.notice.title, case.notice.document_number, case.notice.sha256, row["lead"], case.number, "300"):
        assert all(text in html for html in said)
    assert (row["district_zh"] in said[0], row["district_en"] in said[1]) == (True, True)
    assert not any(person.name in html for html in said for person in (people.officer, people.lead, people.leader))


def test_it_is_ordered_as_it_is_published_once(people: Personas, django_capture_on_commit_callbacks: Any) -> None:
    case = make_application(people, ApplicationStatus.DECIDED, decided_tier="A", decided_amount=3_000_000)
    with django_capture_on_commit_callbacks(execute=True):
        notice = publicise_applications(
            call=case.call, applications=[case], title="样例公示", document_number="样科公示〔2026〕77号",
            starts_on=timezone.localdate(NOON), actor=people.officer, at=NOON,
        )  # fmt: skip

    again = order_notice_documents(notice=notice, at=NOON + DAY)

    assert {one.pk for one in again} == set(NoticeDocument.objects.values_list("pk", flat=True))
    assert [one.language for one in again] == ["zh-hans", "en"]
    assert {one.snapshot_hash for one in again} == {sha256(again[0].snapshot)}


def test_a_notice_from_before_gets_its_document_once(people: Personas) -> None:
    published(people)

    made = order_lacking_notices(at=NOON), order_lacking_notices(at=NOON)

    assert made == (PublicNotice.objects.count(), 0)
    assert NoticeDocument.objects.count() == 2 * made[0]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_same_notice_gives_the_same_bytes(people: Personas, language: str, tmp_path: Path) -> None:
    documents = order_notice_documents(notice=published(people).notice, at=NOON)
    html = notice_html(next(one for one in documents if one.language == language))
    paths = [tmp_path / "1.pdf", tmp_path / "2.pdf"]

    for file in paths:
        pdf.lay_out(html).write(file)

    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].read_bytes().startswith(b"%PDF")


def test_everybody_has_it_from_the_first_day_on(people: Personas, client: Client) -> None:
    today = timezone.localdate()
    notice = published(people, starts_on=today, ends_on=today).notice
    address = f"/reports/notices/{notice.pk}/en.pdf"
    document = order_notice_documents(notice=notice, at=NOON)[1]

    stored = files.store_bytes(PDF, name="样例.pdf", mime=files.PDF, kind="notice", at=NOON)
    before = client.get(address)
    NoticeDocument.objects.filter(pk=document.pk).update(file=stored, pages=1)
    made = client.get(address)
    notice.starts_on = notice.ends_on = today + timedelta(days=1)
    notice.save()

    assert (before.status_code, before["Location"]) == (302, f"/funding/notices/{notice.pk}/print/")
    assert (made.status_code, b"".join(made.streaming_content)) == (200, PDF)
    assert client.get(address).status_code == 404
    assert client.get(address.replace("/en.pdf", "/xx.pdf")).status_code == 404


# --- the letter --------------------------------------------------------------------------------
def test_the_letter_names_the_objector_and_nothing_else_does(people: Personas) -> None:
    objection = answered(people)
    document = order_reply(objection=objection, actor=people.supervisor, at=NOON)

    html = reply_html(document)

    assert all(text in html for text in (NAME, objection.number, "维持原公示结果。"))
    assert people.supervisor.name not in html
    trail = canonical([[one.facts, one.note] for one in AuditEntry.objects.all()])
    assert NAME not in canonical([document.snapshot, document.job.params]) + trail
    assert AuditEntry.objects.filter(action="reveal", actor=people.supervisor).exists()


def test_the_same_letter_is_made_once_with_the_same_bytes(people: Personas, tmp_path: Path) -> None:
    objection = answered(people)
    first = order_reply(objection=objection, actor=people.supervisor, at=NOON)
    again = order_reply(objection=objection, actor=people.supervisor, at=NOON + DAY)
    paths = [tmp_path / "1.pdf", tmp_path / "2.pdf"]

    for document, file in zip((first, again), paths, strict=True):
        pdf.lay_out(reply_html(document)).write(file)

    assert (first, ReplyDocument.objects.count()) == (again, 1)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_there_is_no_letter_before_the_answer(people: Personas) -> None:
    with pytest.raises(TransitionRefused, match="not answered yet"):
        order_reply(objection=make_objection(published(people)), actor=people.supervisor, at=NOON)


@pytest.mark.parametrize("name", ["officer", "leader", "head", "audit_admin", "lead", "expert"])
def test_only_supervision_has_letters(people: Personas, sign_in: Any, name: str) -> None:
    document = order_reply(objection=answered(people), actor=people.supervisor, at=NOON)
    somebody = getattr(people, name)

    with pytest.raises(PermissionDenied):
        order_reply(objection=document.objection, actor=somebody, at=NOON)
    client = sign_in(somebody)
    assert client.get(f"/reports/replies/{document.objection_id}/").status_code in {403, 404}
    assert client.get(document.get_absolute_url()).status_code == 404


def test_whoever_stepped_aside_has_none_either(people: Personas, sign_in: Any) -> None:
    document = order_reply(objection=answered(people), actor=people.supervisor, at=NOON)
    page = f"/reports/replies/{document.objection_id}/"
    assert list(sign_in(people.supervisor).get(page).context["documents"]) == [document]

    Recusal.objects.create(
        application=document.objection.application, person=people.supervisor, ground="样例",
        declared_by=people.supervisor, recused_at=NOON,
    )  # fmt: skip

    assert [sign_in(people.supervisor).get(one).status_code for one in (page, document.get_absolute_url())] == [404] * 2


def test_the_job_makes_the_letter(people: Personas, sign_in: Any) -> None:
    objection = answered(people)
    sent = sign_in(people.supervisor).post(f"/reports/replies/{objection.pk}/")
    document = objection.documents.get()

    jobs.run(document.job_id, timezone.now() + timedelta(seconds=1))

    document.refresh_from_db()
    assert (sent.status_code, document.pages, document.file.name) == (302, 1, f"{objection.number}.pdf")


@pytest.mark.parametrize("kind", [NoticeDocument, ReplyDocument])
def test_a_file_has_pages(people: Personas, kind: Any) -> None:
    order_reply(objection=answered(people), actor=people.supervisor, at=NOON)
    order_lacking_notices(at=NOON)

    with pytest.raises(IntegrityError, match="document_has_pages"), transaction.atomic():
        kind.objects.update(pages=1)
