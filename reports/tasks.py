"""The jobs that make reports and agreements."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from celery import shared_task
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal.kernel.authz import may
from portal.kernel.jobs import JobFailed, LeaseLost, Progress, handler
from portal.kernel.models import Job
from reports import pdf
from reports.enums import ReportStatus
from reports.exporters.agreement import agreement_text
from reports.exporters.annual import annual_report
from reports.exporters.annual.material import Material
from reports.exporters.application import application_text
from reports.exporters.draw import draw_text
from reports.exporters.minutes import minutes_text
from reports.exporters.publicity import notice_text
from reports.exporters.session import session_text
from reports.models import (
    AgreementDocument,
    ApplicationDocument,
    DrawDocument,
    MinutesDocument,
    NoticeDocument,
    ReplyDocument,
    Report,
    SessionDocument,
)
from reports.services.agreements import JOB_KIND as AGREEMENT_KIND
from reports.services.agreements import LANGUAGES, store_agreement_document
from reports.services.agreements import TEMPLATE_VERSION as AGREEMENT_TEMPLATE
from reports.services.applications import JOB_KIND as APPLICATION_KIND
from reports.services.applications import store_application_document
from reports.services.documents import JOB_KIND, fail_report, store_report
from reports.services.draws import JOB_KIND as DRAW_KIND
from reports.services.draws import store_draw_document
from reports.services.minutes import JOB_KIND as MINUTES_KIND
from reports.services.minutes import store_minutes
from reports.services.pruning import prune_draft_documents
from reports.services.publicity import (
    NAMES,
    NOTICE_KIND,
    REPLY_KIND,
    order_lacking_notices,
    store_notice,
    store_reply,
)
from reports.services.sessions import JOB_KIND as SESSION_KIND
from reports.services.sessions import store_session_document

PATIENCE = timedelta(minutes=3)  # longer than any layout: it shows no progress while it runs
READING = gettext_noop("Reading the snapshot")
WRITING = gettext_noop("Writing chapters and charts")
LAYING_OUT = gettext_noop("Laying out the pages")
STORING = gettext_noop("Storing the document")
NO_RIGHT = gettext_noop("Whoever asked for this may not have it made any longer.")


@handler(JOB_KIND, lease=PATIENCE)
def render_report(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the document of one report; a report that is stored already stays as it is."""
    report = Report.objects.select_related("evaluation__consortium", "requested_by").get(pk=job.params["report"])
    if report.status == ReportStatus.STORED:
        return {"pages": report.pages}
    if not may(report.requested_by, "reports.request_report", report.evaluation):
        raise JobFailed(NO_RIGHT)
    try:
        return make(report, progress)
    except LeaseLost:
        raise
    except Exception:
        if job.attempts >= job.max_attempts:
            fail_report(report=report, at=progress.now())
        raise


def make(report: Report, progress: Progress) -> dict[str, Any]:
    """Text, layout, file."""
    progress(5, READING)
    material = Material(report.snapshot, report.number, report.template_version, report.snapshot_hash)
    progress(15, WRITING)
    html = annual_html(material, report.language)
    return lay_out(html, progress, partial(store_report, report=report))


def lay_out(html: str, progress: Progress, store: Callable[..., Any]) -> dict[str, Any]:
    """Pages from the text; `store` keeps the file, in one transaction with the end of the job."""
    progress(35, LAYING_OUT)
    document = pdf.lay_out(html)
    progress(75, STORING)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        document.write(path)
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
            "city": settings.CITY,
        }
        return render_to_string("reports/pdf/annual.html", context)


@handler(AGREEMENT_KIND, lease=PATIENCE)
def render_agreement(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the document of one version; one that is stored already stays as it is."""
    document = AgreementDocument.objects.select_related("agreement__consortium").get(pk=job.params["document"])
    if document.pages is not None:
        return {"pages": document.pages}
    progress(15, WRITING)
    html = agreement_html(document.snapshot, document.language)
    return lay_out(html, progress, partial(store_agreement_document, document=document))


@handler(APPLICATION_KIND, lease=PATIENCE)
def render_application(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the document of an application; one that is stored already stays as it is."""
    document = ApplicationDocument.objects.select_related("application", "requested_by").get(pk=job.params["document"])
    if document.pages is not None:
        return {"pages": document.pages}
    if not may(document.requested_by, "reports.order_application_document", document.application):
        raise JobFailed(NO_RIGHT)
    progress(15, WRITING)
    html = application_html(document)
    return lay_out(html, progress, partial(store_application_document, document=document))


def application_html(document: ApplicationDocument) -> str:
    """The whole application as HTML, in the language of the document; a draft says so on every page."""
    with override(document.language):
        report = application_text(document.snapshot, is_draft=document.is_draft, sha256=document.snapshot_hash)
        context = {
            "report": report,
            "title": f"{report.number} {report.name}",
            "document": document,
            "city": settings.CITY,
        }
        return render_to_string("reports/pdf/application.html", context)


@handler(DRAW_KIND, lease=PATIENCE)
def render_draw(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the record of a draw; one that is stored already stays as it is."""
    document = DrawDocument.objects.select_related("draw", "requested_by").get(pk=job.params["document"])
    if document.pages is not None:
        return {"pages": document.pages}
    if not may(document.requested_by, "reports.order_draw_document", document.draw):
        raise JobFailed(NO_RIGHT)
    return lay_out(draw_html(document), progress, partial(store_draw_document, document=document))


def draw_html(document: DrawDocument) -> str:
    """The record as HTML, in the language of the document."""
    with override(document.language):
        report = draw_text(document.snapshot)
        context = {"report": report, "title": report.number, "document": document, "city": settings.CITY}
        return render_to_string("reports/pdf/draw.html", context)


@handler(MINUTES_KIND, lease=PATIENCE)
def render_minutes(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the minutes of a meeting; those that are stored already stay as they are."""
    document = MinutesDocument.objects.select_related("scenario", "requested_by").get(pk=job.params["document"])
    if document.pages is not None:
        return {"pages": document.pages}
    if not may(document.requested_by, "reports.order_minutes", document.scenario):
        raise JobFailed(NO_RIGHT)
    return lay_out(minutes_html(document), progress, partial(store_minutes, document=document))


def minutes_html(document: MinutesDocument) -> str:
    """The minutes as HTML, in the language of the document."""
    with override(document.language):
        report = minutes_text(document.snapshot)
        context = {"report": report, "title": report.number, "document": document, "city": settings.CITY}
        return render_to_string("reports/pdf/minutes.html", context)


@handler(SESSION_KIND, lease=PATIENCE)
def render_session(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the minutes of a session; those that are stored already stay as they are."""
    document = SessionDocument.objects.select_related("session", "requested_by").get(pk=job.params["document"])
    if document.pages is not None:
        return {"pages": document.pages}
    if not may(document.requested_by, "funding.print_minutes", document.session):
        raise JobFailed(NO_RIGHT)
    return lay_out(session_html(document), progress, partial(store_session_document, document=document))


def session_html(document: SessionDocument) -> str:
    """The minutes as HTML, in the language of the document."""
    with override(document.language):
        report = session_text(document.snapshot)
        context = {"report": report, "title": report.number, "document": document, "city": settings.CITY}
        return render_to_string("reports/pdf/session.html", context)


@handler(NOTICE_KIND, lease=PATIENCE)
def render_notice(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the document of a public notice; one that is stored already stays as it is."""
    document = NoticeDocument.objects.get(pk=job.params["document"])
    if document.pages is not None:
        return {"pages": document.pages}
    return lay_out(notice_html(document), progress, partial(store_notice, document=document))


def notice_html(document: NoticeDocument) -> str:
    """The notice as HTML, in the language of the document."""
    with override(document.language):
        report = notice_text(document.snapshot)
        context = {"report": report, "title": report.title, "document": document, "city": settings.CITY}
        return render_to_string("reports/pdf/notice.html", context)


@handler(REPLY_KIND, lease=PATIENCE)
def render_reply(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the letter to an objector; one that is stored already stays as it is."""
    rows = ReplyDocument.objects.select_related("objection__application", "requested_by")
    document = rows.get(pk=job.params["document"])
    if document.pages is not None:
        return {"pages": document.pages}
    if not may(document.requested_by, NAMES, document.objection):
        raise JobFailed(NO_RIGHT)
    return lay_out(reply_html(document), progress, partial(store_reply, document=document))


def reply_html(document: ReplyDocument) -> str:
    """The letter as HTML; whom it goes to is read here and kept in the file alone."""
    with override(document.language):
        context = {
            "title": _("Reply to objection %(number)s") % document.snapshot,
            "addressee": document.objection.name.reveal(),
            "paragraphs": [line for line in document.snapshot["letter"].splitlines() if line.strip()],
            "document": document,
            "city": settings.CITY,
        }
        return render_to_string("reports/pdf/reply.html", context)


def agreement_html(snapshot: dict[str, Any], language: str) -> str:
    """The whole agreement as HTML; in another language than the contract's it is a copy to read."""
    with override(language):
        report = agreement_text(snapshot)
        context = {
            "report": report,
            "title": _("%(name)s: agreement, version %(version)s") % {"name": report.name, **snapshot},
            "template_version": AGREEMENT_TEMPLATE,
            "reading_copy": language != LANGUAGES[0],
        }
        return render_to_string("reports/pdf/agreement.html", context)


@shared_task(ignore_result=True)
def sweep_documents() -> None:
    """Throw away old documents of drafts; order those of notices that have none."""
    prune_draft_documents(at=timezone.now())
    order_lacking_notices(at=timezone.now())
