"""An application as PDF: a draft that says so, and after the submission the same file for everybody who may read."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from funding.enums import ApplicationStatus as S
from funding.models import Application
from portal.kernel.jobs import run
from portal.kernel.models import Attachment, Job
from portal.kernel.models.job import JobState
from portal.kernel.workflow import TransitionRefused
from reports.exporters.application import application_text
from reports.models import ApplicationDocument
from reports.selectors.applications import application_snapshot
from reports.services.applications import order_application_document, retry_application_document
from reports.services.pruning import prune_draft_documents
from tests.clock import DAY, NOON
from tests.factories.funding import freeze, make_application
from tests.funding.steps import edit, submit
from tests.funding.test_answers import draft, fill
from tests.personas import Personas

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


def order(application: Application, user: Any, language: str = "zh-hans") -> ApplicationDocument:
    return order_application_document(application=application, language=language, actor=user, at=NOON)


def made(document: ApplicationDocument) -> str:
    """The text of the document once the job has made it."""
    assert document.job
    run(document.job.pk, document.job.run_after)
    document.refresh_from_db()
    assert document.file
    return "".join(page.extract_text() for page in PdfReader(BytesIO(document.file.file.read_bytes())).pages)


def test_a_draft_says_so_and_holds_the_whole_application(people: Personas) -> None:
    application = make_application(people)

    text = made(order(application, people.lead))

    assert "草稿" in text
    for word in (application.number, "攻克关键核心技术", "财政资金", "180.00", people.university.name):
        assert word in text


def test_the_same_content_gives_the_same_document(people: Personas) -> None:
    application = make_application(people)
    first, again = order(application, people.lead), order(application, people.university_confirmer)
    edit(application, people)
    other = order(application, people.lead)
    assert (first, Job.objects.count(), first.snapshot_hash == other.snapshot_hash) == (again, 2, False)


def test_what_was_submitted_is_one_file_for_all(people: Personas) -> None:
    application = submit(make_application(people), people)
    rows = [order(application, who) for who in (people.lead, people.officer, people.district_officer)]
    english = order(application, people.officer, "en")

    text = made(english)

    assert {row.pk for row in rows} == {rows[0].pk}
    assert (english.is_draft, english.snapshot_hash, english.language) == (False, application.snapshot_hash, "en")
    assert ("Draft" in text, "Members by year" in text) == (False, True)


def test_after_a_return_officials_get_what_was_submitted_and_the_lead_its_draft(people: Personas) -> None:
    application = freeze(make_application(people, S.RETURNED))
    theirs, ours = order(application, people.officer), order(application, people.lead)

    assert (theirs.is_draft, ours.is_draft) == (False, True)
    assert list(ApplicationDocument.objects.visible_to(people.officer)) == [theirs]
    assert set(ApplicationDocument.objects.visible_to(people.lead)) == {theirs, ours}


@pytest.mark.parametrize("who", ["rival", "expert"])
def test_nobody_else_gets_it(people: Personas, sign_in: Any, who: str) -> None:
    application = submit(make_application(people), people)
    document = order(application, people.lead)
    client = sign_in(getattr(people, who))

    with pytest.raises(PermissionDenied):
        order(application, getattr(people, who))
    pages = {"application-documents": application.pk} | dict.fromkeys(
        ("application-document", "application-document-progress", "application-document-download"), document.pk
    )
    answers = [client.get(reverse(f"reports:{name}", args=[pk])).status_code for name, pk in pages.items()]
    assert answers == [404, 404, 404, 404]


def test_the_bureau_gets_no_draft(people: Personas, sign_in: Any) -> None:
    page = reverse("reports:application-documents", args=[make_application(people).pk])
    assert sign_in(people.officer).get(page).status_code == 404


def test_the_pages_lead_from_the_order_to_the_file(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    listed = reverse("reports:application-documents", args=[application.pk])

    sent = client.post(listed, {"language": "zh-hans"})
    document = ApplicationDocument.objects.get()
    missing = client.get(reverse("reports:application-document-download", args=[document.pk]))
    waiting = client.get(reverse("reports:application-document-progress", args=[document.pk]))
    made(document)
    over = client.get(reverse("reports:application-document-progress", args=[document.pk]))
    file = client.get(reverse("reports:application-document-download", args=[document.pk]))

    assert (sent["Location"], missing.status_code, waiting.status_code) == (document.get_absolute_url(), 404, 200)
    assert (over["HX-Redirect"], file.status_code, b"".join(file.streaming_content)[:5]) == (
        document.get_absolute_url(), 200, b"%PDF-",
    )  # fmt: skip
    assert [client.get(one).status_code for one in (listed, document.get_absolute_url())] == [200, 200]


def test_only_what_failed_is_made_again(people: Personas, sign_in: Any) -> None:
    document = order(make_application(people), people.lead)
    with pytest.raises(TransitionRefused):
        retry_application_document(document=document, actor=people.lead, at=NOON)
    Job.objects.update(state=JobState.FAILED, error="x", finished_at=NOON)

    answer = sign_in(people.lead).post(reverse("reports:application-document-retry", args=[document.pk]))

    assert (answer.status_code, Job.objects.get().state) == (302, JobState.QUEUED)


def test_an_old_snapshot_without_a_budget_is_printed(people: Personas) -> None:
    application = freeze(make_application(people, S.SUBMITTED))
    snapshot = {name: part for name, part in application.snapshot.items() if name != "budget"}
    with override("en"):
        found = application_text(snapshot, is_draft=False, sha256="0" * 64)
    assert "budget" not in {chapter.key for chapter in found.chapters}


def test_designed_sections_are_printed_with_every_answer(people: Personas) -> None:
    application = fill(draft(people), people)

    text = made(order(application, people.lead, "en"))

    for word in ("Pilot line", "Costs", "样例泵", "Members", people.university.name):
        assert word in text
    with override("en"):
        snapshot, _is_draft = application_snapshot(application, people.lead)
        chapters = application_text(snapshot, is_draft=True, sha256="0" * 64).chapters
    assert [chapter.key for chapter in chapters][:4] == ["written", "pilot", "costs", "budget"]


def test_documents_of_drafts_that_a_newer_one_replaced_go_after_a_while(people: Personas, settings: Any) -> None:
    settings.DRAFT_DOCUMENTS_KEPT_DAYS = 30
    application = make_application(people)
    old = order(application, people.lead)
    made(old)
    made(order(application, people.lead, "en"))
    assert prune_draft_documents(at=NOON + 31 * DAY) == 0

    edit(application, people)
    newer = order_application_document(application=application, language="zh-hans", actor=people.lead, at=NOON + DAY)
    assert prune_draft_documents(at=NOON + 31 * DAY) == 0  # the newer one is not made yet
    made(newer)

    assert [prune_draft_documents(at=NOON + days * DAY) for days in (30, 31, 32)] == [0, 1, 0]
    assert set(ApplicationDocument.objects.values_list("language", "created_at")) == {
        ("en", NOON), ("zh-hans", NOON + DAY),
    }  # fmt: skip
    assert not Attachment.objects.filter(pk=old.file_id).exists()


def test_nothing_of_a_submission_goes(people: Personas, settings: Any) -> None:
    settings.DRAFT_DOCUMENTS_KEPT_DAYS = 1
    application = submit(make_application(people), people)
    first = order(application, people.officer)
    made(first)
    ApplicationDocument.objects.create(
        application=application, language="zh-hans", template_version="0", is_draft=False, snapshot={},
        snapshot_hash="x", requested_by=people.officer, created_at=NOON + DAY, file=first.file, pages=1,
    )  # fmt: skip

    assert prune_draft_documents(at=NOON + 400 * DAY) == 0


def test_kept_for_ever_where_the_days_are_none(people: Personas, settings: Any) -> None:
    settings.DRAFT_DOCUMENTS_KEPT_DAYS = 0
    assert prune_draft_documents(at=NOON + 400 * DAY) == 0
