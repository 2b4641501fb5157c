"""Previews: the first pages of what is attached, drawn in the sandbox, shown to whoever may open the file."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image
from pypdf import PdfWriter

from funding import tasks as tasks  # registers the handler
from funding.enums import ApplicationStatus as S
from funding.enums import ReviewStatus
from funding.models import Application, ApplicationFile, FilePreview
from funding.selectors.previews import previews
from funding.services.applications import attach_file, detach_file
from funding.services.previews import JOB_KIND, store_previews
from portal.kernel import inspection, jobs
from portal.kernel.models import Attachment, Job
from portal.kernel.models.attachment import Scan
from tests.clock import NOON
from tests.factories.funding import make_application, make_review
from tests.funding.steps import queries_of
from tests.personas import Personas
from tests.samples import PDF

pytestmark = pytest.mark.django_db


def document(pages: int, width: float = 595, height: float = 842) -> bytes:
    writer, target = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=width, height=height)
    writer.write(target)
    return target.getvalue()


def photograph() -> bytes:
    target = BytesIO()
    Image.new("RGB", (3000, 1000), "navy").save(target, "JPEG")
    return target.getvalue()


def attach(application: Application, people: Personas, name: str, content: bytes) -> ApplicationFile:
    upload = SimpleUploadedFile(name, content)
    return attach_file(application=application, actor=people.lead, at=NOON, upload=upload, label="样例附件")


def drawn(file: ApplicationFile) -> ApplicationFile:
    """After the job."""
    job = Job.objects.get(kind=JOB_KIND, params__file=str(file.pk))
    jobs.run(job.pk, job.run_after)
    file.refresh_from_db()
    return file


def url(file: ApplicationFile, page: int = 1) -> str:
    return reverse("funding:application-file-preview", args=[file.application_id, file.pk, page])


def ask(client: Any, address: str) -> Any:
    """The answer, read to its end."""
    answer = client.get(address)
    if answer.streaming:
        answer.getvalue()
    return answer


# --- drawing -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "kind", "sizes"),
    [
        (document(1), "pdf", [(900, 1274)]),
        (document(5), "pdf", [(900, 1274)] * 3),
        (document(1, 14400, 14400), "pdf", [(900, 900)]),
        (photograph(), "jpeg", [(900, 300)]),
        (b"%PDF-1.7 and no more", "pdf", []),
        (b"no picture", "png", []),
    ],
)  # fmt: skip
def test_the_sandbox_draws_the_first_pages(content: bytes, kind: str, sizes: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    pictures = [Image.open(BytesIO(one)) for one in inspection.draw(path, kind)]

    assert [one.format for one in pictures] == ["PNG"] * len(sizes)
    assert all(abs(one.width - width) <= 2 and abs(one.height - height) <= 2
               for one, (width, height) in zip(pictures, sizes, strict=True))  # fmt: skip


@pytest.mark.parametrize(
    ("said", "count"),
    [(b"", 0), (b"\0\0\0\x10", 0), (b"\0\0\0\x04html", 0), (b"\0\0\0\x08" + inspection.PNG, 1),
     ((b"\0\0\0\x08" + inspection.PNG) * 9, 3)],
)  # fmt: skip
def test_what_is_no_picture_is_not_believed(said: bytes, count: int) -> None:
    assert len(list(inspection.parted(said))) == count


def test_the_job_draws_once_and_keeps_what_it_drew(people: Personas) -> None:
    file = drawn(attach(make_application(people), people, "三页.pdf", document(3)))

    assert [(one.page, one.picture.mime, one.picture.name) for one in file.previews.all()] == [
        (1, "image/png", "三页.pdf 1.png"), (2, "image/png", "三页.pdf 2.png"), (3, "image/png", "三页.pdf 3.png"),
    ]  # fmt: skip
    assert store_previews(file=file, pictures=[b"x"], at=NOON) == 0


def test_what_cannot_be_drawn_has_no_preview_and_is_no_error(people: Personas) -> None:
    file = attach(make_application(people), people, "审计报告.pdf", PDF)
    file.attachment.file.write_bytes(b"spoilt")

    drawn(file)

    assert (Job.objects.get(kind=JOB_KIND).state, file.drawn_at is None, file.previews.count()) == ("DONE", False, 0)


def test_other_kinds_are_not_drawn_at_all(people: Personas) -> None:
    application = make_application(people)
    row = attach(application, people, "审计报告.pdf", PDF)
    Attachment.objects.filter(pk=row.attachment_id).update(mime="application/zip", name="表.xlsx")
    (shown,) = previews(application, people.lead)
    assert (shown.kind, shown.is_drawable, shown.pages) == ("XLSX", False, [])


def test_the_pictures_go_with_the_file(people: Personas) -> None:
    file = drawn(attach(make_application(people), people, "一页.pdf", document(1)))
    pictures = list(file.previews.values_list("picture", flat=True))

    detach_file(file=file, actor=people.lead, at=NOON)

    assert (FilePreview.objects.count(), Attachment.objects.filter(pk__in=pictures).count()) == (0, 0)
    assert store_previews(file=file, pictures=[b"x"], at=NOON) == 0


# --- showing -----------------------------------------------------------------------------------
def test_it_is_shown_to_whoever_may_open_the_file(people: Personas, sign_in: Any) -> None:
    application = make_application(people)
    file = drawn(attach(application, people, "一页.pdf", document(1)))
    codes = {who: ask(sign_in(getattr(people, who)), url(file)).status_code for who in ("lead", "rival", "officer")}
    assert codes == {"lead": 200, "rival": 404, "officer": 404}  # a draft is not the bureau's yet

    Application.objects.filter(pk=application.pk).update(
        status=S.RECOMMENDED, submitted_at=NOON, submitted_by=people.signatory, snapshot={"a": 1}, snapshot_hash="x"
    )
    answer = ask(sign_in(people.officer), url(file))

    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/png",
        "nosniff",
    )
    assert (answer["Content-Disposition"].split(";")[0], answer["Cache-Control"]) == ("inline", "private, no-store")
    assert sign_in(people.officer).get(url(file, 2)).status_code == 404


def test_an_expert_sees_it_after_the_declaration_only(people: Personas, sign_in: Any) -> None:
    application = make_application(people)
    file = drawn(attach(application, people, "一页.pdf", document(1)))
    Application.objects.filter(pk=application.pk).update(
        status=S.REVIEWING, submitted_at=NOON, submitted_by=people.signatory, snapshot={"a": 1}, snapshot_hash="x"
    )
    application.refresh_from_db()
    expert = people.experts[0]
    review = make_review(application, expert, people, ReviewStatus.ASSIGNED)
    address = reverse("funding:review-file-preview", args=[review.pk, file.pk, 1])
    client = sign_in(expert.user)

    before = ask(client, address).status_code
    type(review).objects.filter(pk=review.pk).update(status=ReviewStatus.ACCEPTED, declared_at=NOON)

    assert (before, ask(client, address).status_code) == (403, 200)
    assert sign_in(people.experts[1].user).get(address).status_code == 404


@pytest.mark.parametrize("facts", [{"scan": Scan.INFECTED}, {"damaged_at": NOON}])
def test_there_is_none_of_a_file_that_is_withheld(people: Personas, sign_in: Any, facts: dict[str, Any]) -> None:
    file = drawn(attach(make_application(people), people, "一页.pdf", document(1)))
    Attachment.objects.filter(pk=file.attachment_id).update(**facts)

    page = sign_in(people.lead).get(reverse("funding:application-files", args=[file.application_id]))

    assert [one.pages for one in page.context["previews"]] == [[]]
    assert sign_in(people.lead).get(url(file)).status_code == 404


def test_the_page_asks_no_more_for_many_files(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    page = reverse("funding:application-files", args=[application.pk])
    drawn(attach(application, people, "一.pdf", document(1)))
    client.get(page)
    one = len(queries_of(client, page))
    for number in (2, 3):
        drawn(attach(application, people, f"{number}.pdf", document(number)))

    assert len(queries_of(client, page)) == one
    assert url(application.files.last()) in client.get(page).text


@pytest.mark.parametrize(("facts", "constraint"), [({}, "one_preview_a_page"), ({"page": 0}, "preview_pages_begin_at")])
def test_the_database_holds_it(people: Personas, facts: dict[str, Any], constraint: str) -> None:
    file = drawn(attach(make_application(people), people, "一页.pdf", document(1)))
    kept = file.previews.get()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FilePreview.objects.create(**{"file": file, "page": 1, "picture": kept.picture, **facts})
