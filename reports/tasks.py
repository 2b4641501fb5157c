"""The jobs that make reports and agreements."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

from celery import shared_task
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal.kernel import exporting
from portal.kernel.authz import may
from portal.kernel.counting import Counting
from portal.kernel.exporting import Export, Value, Writer
from portal.kernel.jobs import JobFailed, LeaseLost, Progress, handler
from portal.kernel.models import Job
from portal.kernel.models.notification import ExportFormat
from portal.kernel.workflow import TransitionRefused
from reports import pdf
from reports.enums import ReportStatus
from reports.exporters import BY_SLUG
from reports.exporters.agreement import agreement_text
from reports.exporters.annual import annual_report
from reports.exporters.annual.blocks import RecordText
from reports.exporters.annual.data import enclosed
from reports.exporters.annual.material import Material
from reports.exporters.application import application_text
from reports.exporters.city import city_report
from reports.exporters.city.material import CityMaterial
from reports.exporters.claim import claim_text
from reports.exporters.contract import contract_text
from reports.exporters.draw import draw_text
from reports.exporters.minutes import minutes_text
from reports.exporters.paper import paper_of
from reports.exporters.public import public_report
from reports.exporters.public.material import PublicMaterial
from reports.exporters.publicity import notice_text
from reports.exporters.session import session_text
from reports.filters import days_in_words, filterset_of
from reports.models import (
    AgreementDocument,
    ApplicationDocument,
    BatchItem,
    CityReport,
    ContractDocument,
    ExportJob,
    NoticeDocument,
    PublicationDocument,
    RecoveryDocument,
    ReplyDocument,
    Report,
)
from reports.models.batch import GOING
from reports.models.document import MadeDocument
from reports.seals import address_to_verify, seal
from reports.selectors.exports import due_schedules, reach_of
from reports.services import (
    agreements,
    applications,
    contracts,
    draws,
    minutes,
    publications,
    publicity,
    recoveries,
    sessions,
    summary,
)
from reports.services.agreements import LANGUAGES
from reports.services.batches import JOB_KIND as BATCH_KIND
from reports.services.batches import end_batch, end_batches, freeze_item, hold_if_paused
from reports.services.documents import JOB_KIND, fail_report, store_report
from reports.services.exports import JOB_KIND as EXPORT_KIND
from reports.services.exports import keep_export, prune_exports
from reports.services.made import Paper, keep_document
from reports.services.notices import tell_of_export
from reports.services.pruning import prune_draft_documents
from reports.services.publicity import order_lacking_notices
from reports.services.recoveries import order_lacking_recovery_notices
from reports.services.reminders import remind_of_terms
from reports.services.schedules import run_schedule
from reports.signing import sign

PATIENCE = timedelta(minutes=3)  # longer than any layout: it shows no progress while it runs
READING = gettext_noop("Reading the snapshot")
WRITING = gettext_noop("Writing chapters and charts")
LAYING_OUT = gettext_noop("Laying out the pages")
STORING = gettext_noop("Storing the document")
READING_ROWS = gettext_noop("Reading the rows")
PAPER_VERSION = "1"  # of the template of reports to be signed
NO_FILTER = gettext_noop("The filter of the report does not fit any longer.")
NO_RIGHT = gettext_noop("Whoever asked for this may not have it made any longer.")


@handler(JOB_KIND, lease=PATIENCE)
def render_report(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the document of one report; a report that is stored already stays as it is."""
    report = Report.objects.select_related("evaluation__consortium", "requested_by").get(pk=job.params["report"])
    if report.status == ReportStatus.STORED:
        return {"pages": report.pages}
    if not may(report.requested_by, "reports.request_report", report.evaluation):
        raise JobFailed(NO_RIGHT)
    return make_or_give_up(job, report, progress)


def make_or_give_up(job: Job, report: Report, progress: Progress, *, quietly: bool = False) -> dict[str, Any]:
    """The document; when the last attempt fails the report says so."""
    try:
        return make(report, progress, quietly=quietly)
    except LeaseLost:
        raise
    except Exception:
        if job.attempts >= job.max_attempts:
            fail_report(report=report, at=progress.now(), quietly=quietly)
        raise


@handler(BATCH_KIND, lease=PATIENCE)
def render_in_batch(job: Job, progress: Progress) -> dict[str, Any]:
    """Freeze and make one report of a batch; one that is there, or that another job makes, is only noted."""
    item = BatchItem.objects.select_related("batch__requested_by", "evaluation").get(job=job)
    if hold_if_paused(item=item, progress=progress):
        return {}
    if not may(item.batch.requested_by, "reports.request_report", item.evaluation):
        raise JobFailed(NO_RIGHT)
    try:
        report = freeze_item(item=item, job=job, at=progress.now())
    except TransitionRefused as refusal:
        raise JobFailed(" ".join(str(reason) for reason in refusal.reasons)) from None
    if report.status == ReportStatus.QUEUED and report.job_id == job.pk:
        make_or_give_up(job, report, progress, quietly=item.batch.status in GOING)
    if not progress.finished:
        with progress.finishing() as result:
            result["pages"] = report.pages
    end_batch(batch=item.batch, at=progress.now())
    return {"pages": report.pages}


@shared_task(ignore_result=True)
def sweep_batches() -> None:
    """End batches whose last report failed."""
    end_batches(at=timezone.now())


def make(report: Report, progress: Progress, *, quietly: bool = False) -> dict[str, Any]:
    """Text, layout, file."""
    progress(5, READING)
    material = material_of(report)
    progress(15, WRITING)
    html = annual_html(material, report.language)
    finish = partial(finish_annual, material=material, language=report.language, at=report.created_at)
    return lay_out(html, progress, partial(store_report, report=report, quietly=quietly), finish)


def material_of(report: Report) -> Material:
    """What the report says, and what the one that it corrects said."""
    corrects = _material(report.corrects) if report.corrects else None
    return replace(_material(report), corrects=corrects)


def _material(report: Report) -> Material:
    return Material(report.snapshot, report.number, report.template_version, report.snapshot_hash)


def finish_annual(document: pdf.Pdf, path: Path, *, material: Material, language: str, at: datetime) -> None:
    """The pages with their data inside, signed as of the moment at which they were ordered."""
    with override(language):
        document.write(path, enclosed(annual_report(material)), on=material.as_of)
        sign(path, at=at, reason=_("Annual evaluation report %(number)s") % {"number": material.number})


def lay_out(
    html: str,
    progress: Progress,
    store: Callable[..., Any],
    finish: Callable[[pdf.Pdf, Path], Any] = pdf.Pdf.write,
) -> dict[str, Any]:
    """Pages from the text; `store` keeps the file, in one transaction with the end of the job."""
    progress(35, LAYING_OUT)
    document = pdf.lay_out(html)
    progress(75, STORING)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        finish(document, path)
        with progress.finishing() as result:
            store(path=path, pages=document.pages, at=progress.now())
            result["pages"] = document.pages
    return {"pages": document.pages}


def annual_html(material: Material, language: str) -> str:
    """The whole document as HTML, in its own language."""
    with override(language):
        words = {"name": material.consortium["name"], "year": material.year}
        context = {
            "report": annual_report(material),
            "title": _("%(name)s: annual evaluation report %(year)s") % words,
            "seal": seal(address_to_verify(material.number)),
            "city": settings.CITY,
        }
        return render_to_string("reports/pdf/annual.html", context)


def render_document(job: Job, progress: Progress, *, paper: Paper[Any], html: Callable[[Any], str]) -> dict[str, Any]:
    """Make a document; one that is stored already stays as it is."""
    document = paper.rows().select_related(paper.model.of).get(pk=job.params["document"])
    if document.pages is not None:
        return {"pages": document.pages}
    if paper.permission and not may(document.requested_by, paper.permission, document.subject):
        raise JobFailed(NO_RIGHT)
    progress(15, WRITING)
    finish = FINISHING.get(paper.job)
    end = partial(finish, document) if finish else pdf.Pdf.write
    return lay_out(html(document), progress, partial(keep_document, paper=paper, document=document), end)


def agreement_html(document: AgreementDocument) -> str:
    """The whole agreement as HTML; in another language than the contract's it is a copy to read."""
    with override(document.language):
        report = agreement_text(document.snapshot)
        words = {"name": report.name, **document.snapshot}
        context = {
            "report": report,
            "title": _("%(name)s: agreement, version %(version)s") % words,
            "template_version": document.template_version,
            "reading_copy": document.language != LANGUAGES[0],
        }
        return render_to_string("reports/pdf/agreement.html", context)


def application_html(document: ApplicationDocument) -> str:
    """The whole application as HTML, in the language of the document; a draft says so on every page."""
    with override(document.language):
        report = application_text(document.snapshot, is_draft=document.is_draft, sha256=document.snapshot_hash)
        return _printed("application", document, f"{report.number} {report.name}", report=report)


def contract_html(document: ContractDocument) -> str:
    """The contract as HTML, in the language of the document."""
    with override(document.language):
        report = contract_text(document.snapshot)
        return _printed("contract", document, f"{report.number} {report.name}", report=report)


def record_html(document: MadeDocument, *, text: Callable[[dict[str, Any]], RecordText]) -> str:
    """What is on record of a draw, a meeting or a session as HTML, in the language of the document."""
    with override(document.language):
        report = text(document.snapshot)
        return _printed("record", document, report.number, report=report)


def notice_html(document: NoticeDocument) -> str:
    """The notice as HTML, in the language of the document."""
    with override(document.language):
        report = notice_text(document.snapshot)
        return _printed("notice", document, report.title, report=report)


def reply_html(document: ReplyDocument) -> str:
    """The letter as HTML; whom it goes to is read here and kept in the file alone."""
    with override(document.language):
        title = _("Reply to objection %(number)s") % document.snapshot
        paragraphs = [line for line in document.snapshot["letter"].splitlines() if line.strip()]
        addressee = document.objection.name.reveal()
        return _printed("reply", document, title, addressee=addressee, paragraphs=paragraphs)


def claim_html(document: RecoveryDocument) -> str:
    """The notice of a claim as HTML, in the language of the document."""
    with override(document.language):
        report = claim_text(document.snapshot)
        return _printed("claim", document, f"{report.number} {report.title}", report=report)


def city_material(document: CityReport) -> CityMaterial:
    """What the summary says."""
    return CityMaterial(document.snapshot, document.number, document.template_version, document.snapshot_hash)


def city_html(document: CityReport) -> str:
    """The whole summary as HTML, in its own language."""
    with override(document.language):
        report = city_report(city_material(document))
        title = _("City-wide annual summary %(year)s") % {"year": report.material.year}
        return _printed("city", document, title, report=report, seal=seal(address_to_verify(document.number)))


def finish_city(row: CityReport, document: pdf.Pdf, path: Path) -> None:
    """The pages with their data inside, signed as of the moment at which they were ordered."""
    with override(row.language):
        material = city_material(row)
        document.write(path, enclosed(city_report(material)), on=material.as_of)
        sign(path, at=row.created_at, reason=_("City-wide annual summary %(number)s") % {"number": row.number})


def public_material(document: PublicationDocument) -> PublicMaterial:
    """What everybody may read."""
    return PublicMaterial(document.snapshot, document.number, document.template_version, document.snapshot_hash)


def public_html(document: PublicationDocument) -> str:
    """The whole public edition as HTML, in the language of the document."""
    with override(document.language):
        report = public_report(public_material(document))
        words = {"name": report.material.consortium["name"], "year": report.material.year}
        title = _("%(name)s: annual report %(year)s, public edition") % words
        return _printed("public", document, title, report=report, seal=seal(address_to_verify(document.number)))


def finish_public(row: PublicationDocument, document: pdf.Pdf, path: Path) -> None:
    """The pages with their data inside, signed as of the moment at which they were published."""
    with override(row.language):
        document.write(path, enclosed(public_report(public_material(row))), on=timezone.localdate(row.created_at))
        sign(path, at=row.created_at, reason=_("Public edition %(number)s") % {"number": row.number})


def _printed(template: str, document: MadeDocument, title: str, **context: Any) -> str:
    facts = {"title": title, "document": document, "city": settings.CITY, **context}
    return render_to_string(f"reports/pdf/{template}.html", facts)


PAPERS: tuple[tuple[Paper[Any], Callable[[Any], str]], ...] = (
    (agreements.PAPER, agreement_html),
    (applications.PAPER, application_html),
    (contracts.PAPER, contract_html),
    (summary.PAPER, city_html),
    (publications.PAPER, public_html),
    (draws.PAPER, partial(record_html, text=draw_text)),
    (minutes.PAPER, partial(record_html, text=minutes_text)),
    (sessions.PAPER, partial(record_html, text=session_text)),
    (publicity.NOTICE, notice_html),
    (publicity.REPLY, reply_html),
    (recoveries.PAPER, claim_html),
)
FINISHING: dict[str, Callable[..., None]] = {  # those with data inside and a signature
    summary.PAPER.job: finish_city,
    publications.PAPER.job: finish_public,
}
for _paper, _html in PAPERS:
    handler(_paper.job, lease=PATIENCE)(partial(render_document, paper=_paper, html=_html))


# --- funding reports ---------------------------------------------------------------------------
@handler(EXPORT_KIND, lease=PATIENCE)
def make_export(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the file of one order; one that is there already stays as it is."""
    order = ExportJob.objects.select_related("requested_by", "log").get(pk=job.params["export"])
    if order.log:
        return {"rows": order.log.row_count}
    try:
        with override(order.language):
            return export_file(order, progress)
    except LeaseLost:
        raise
    except Exception as error:
        if job.attempts >= job.max_attempts:
            tell_of_export(order=order, title=BY_SLUG[order.slug].name, at=progress.now())
        if isinstance(error, ValidationError):
            raise JobFailed(" ".join(error.messages)) from None
        raise


def export_file(order: ExportJob, progress: Progress) -> dict[str, Any]:
    """Read, write, keep."""
    progress(2, READING_ROWS)
    at, reach = progress.now(), reach_of(order.requested_by)
    export, rows = ordered_export(order)
    counting = Counting(progress, READING_ROWS, rows)
    with counting.told():
        written = exporting.write(
            export, order.requested_by, order.params, order.format, at, counting.over, printer(order, at)
        )
    with written[0]:
        progress(95, STORING)
        keep_export(order=order, export=export, written=written, reach=reach, progress=progress, at=progress.now())
    return {"rows": written[2]}


def printer(order: ExportJob, at: datetime) -> Writer | None:
    """What lays the paper out, if it was ordered."""
    return partial(write_paper, order=order, at=at) if order.format == ExportFormat.PDF else None


def write_paper(
    file: IO[bytes], _columns: Any, rows: Iterable[list[Value]], *, order: ExportJob, at: datetime
) -> int:  # fmt: skip
    """The report as pages to be signed; the number of rows. Raises ValidationError."""
    report = BY_SLUG[order.slug]
    number = f"{report.number}-{timezone.localdate(at):%Y%m%d}-{order.pk.hex[:8].upper()}"
    narrowed = narrowed_by(order)
    words, by = in_words(order, narrowed), str(order.requested_by)
    paper = paper_of(report, narrowed.qs, rows, number=number, by=by, words=words, at=at)
    document = {"snapshot_hash": paper.sha256, "template_version": PAPER_VERSION, "created_at": at}
    facts = {"paper": paper, "title": f"{report.number} {paper.name}", "document": document, "city": settings.CITY}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        pdf.lay_out(render_to_string("reports/pdf/sheet.html", facts)).write(path)
        file.write(path.read_bytes())
    return len(paper.rows)


def narrowed_by(order: ExportJob) -> Any:
    """What its maker may see now and the filter leaves. Raises JobFailed."""
    report, user = BY_SLUG[order.slug], order.requested_by
    if not (user.is_active and may(user, report.permission)):
        raise JobFailed(NO_RIGHT)
    filters = filterset_of(tuple(report.filters.items()))
    narrowed = filters(QueryDict(order.query), queryset=report.base(user), request=SimpleNamespace(user=user))
    if not narrowed.form.is_valid():
        raise JobFailed(NO_FILTER)
    return narrowed


def in_words(order: ExportJob, narrowed: Any) -> list[tuple[str, str]]:
    """What was asked for, and the days that a moving period has now."""
    return [*((label, text) for label, text in order.words), *days_in_words(narrowed)]


def ordered_export(order: ExportJob) -> tuple[Export, int]:
    """What was ordered, cut to what its maker may see now, and about how many rows that is."""
    report, narrowed = BY_SLUG[order.slug], narrowed_by(order)
    return report.export(narrowed.qs, in_words(order, narrowed)), narrowed.qs.count() if report.order else 0


@shared_task(ignore_result=True)
def order_scheduled_exports() -> None:
    """Order the files whose day has come; each in a transaction of its own, however often this runs."""
    at = timezone.now()
    for schedule in due_schedules(timezone.localdate(at)):
        report = BY_SLUG[schedule.slug]
        export = report.export(report.base(schedule.requested_by), [])
        run_schedule(schedule=schedule, export=export, at=at)


@shared_task(ignore_result=True)
def prune_export_files() -> None:
    """Throw away files that were kept long enough."""
    prune_exports(at=timezone.now())


@shared_task(ignore_result=True)
def sweep_documents() -> None:
    """Throw away old documents of drafts; order those of notices and claims that have none."""
    prune_draft_documents(at=timezone.now())
    order_lacking_notices(at=timezone.now())
    order_lacking_recovery_notices(at=timezone.now())


@shared_task(ignore_result=True)
def remind_of_evaluations() -> None:
    """Remind of terms of the annual evaluation that end soon or have ended."""
    remind_of_terms(at=timezone.now())
