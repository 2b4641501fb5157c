"""The documents of a consortium: agreement, contract, reports, each with the hash that proves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.models import Agreement, Consortium
from funding.models import Application, Contract
from reports.enums import ReportStatus
from reports.models import CityReport, PublicationDocument, Report


@dataclass(frozen=True)
class Document:
    """A document as the page lists it; `sha256` is empty where nothing was frozen."""

    kind: str | Promise
    icon: str
    name: str
    at: datetime
    sha256: str
    url: str


def documents_of(consortium: Consortium, user: Any) -> list[Document]:
    """What the reader may see, newest first, in four queries. The consortium itself is visible to the reader."""
    found = (*_agreements(consortium), *_applications(consortium, user), *_contracts(consortium, user),
             *_reports(consortium, user))  # fmt: skip
    return sorted(found, key=attrgetter("at"), reverse=True)


def _agreements(consortium: Consortium) -> Iterator[Document]:
    for row in Agreement.objects.laid_down().filter(consortium=consortium).defer("content", "clauses"):
        name = _("Version %(n)d") % {"n": row.version}
        yield Document(_("Agreement"), "writing-sign", name, row.created_at, row.sha256, row.get_absolute_url())


def _applications(consortium: Consortium, user: Any) -> Iterator[Document]:
    rows = Application.objects.visible_to(user).filter(consortium=consortium, submitted_at__isnull=False)
    for row in rows.defer("snapshot"):
        yield Document(
            _("Application"), "clipboard-text", row.number, row.submitted_at or row.created_at, row.snapshot_hash,
            row.get_absolute_url(),
        )  # fmt: skip


def _contracts(consortium: Consortium, user: Any) -> Iterator[Document]:
    for row in Contract.objects.visible_to(user).filter(award__consortium=consortium).defer("terms"):
        yield Document(_("Contract"), "signature", row.number, row.created_at, row.sha256, row.get_absolute_url())


def _reports(consortium: Consortium, user: Any) -> Iterator[Document]:
    rows = Report.objects.visible_to(user).filter(evaluation__consortium=consortium, file__isnull=False)
    for row in rows.select_related("file").defer("snapshot"):
        assert row.file is not None  # noqa: S101
        yield Document(
            _("Annual report"), "file-type-pdf", row.number, row.created_at, row.file.sha256, row.get_absolute_url()
        )


# --- for everybody who holds a report ----------------------------------------------------------
def verifiable_reports() -> QuerySet[Report]:
    """Reports with a file, whoever may read them: the page of verification says nothing of what is in them."""
    rows = Report.objects.filter(status=ReportStatus.STORED)
    return rows.select_related("file", "evaluation__cycle").defer("snapshot", "evaluation__snapshot")


def newer_report(report: Report) -> Report | None:
    """The newest report of the same year and language, when it is not this one."""
    rows = verifiable_reports().filter(evaluation=report.evaluation_id, language=report.language)
    newest = rows.order_by("-created_at", "-id").first()
    return newest if newest != report else None


def verifiable_summaries() -> QuerySet[CityReport]:
    """City-wide summaries with a file."""
    return CityReport.objects.filter(file__isnull=False).select_related("file", "cycle").defer("snapshot")


def newer_summary(report: CityReport) -> CityReport | None:
    """The newest summary of the same year and language, when it is not this one."""
    newest = verifiable_summaries().filter(cycle=report.cycle_id, language=report.language).first()
    return newest if newest != report else None


def verifiable_editions() -> QuerySet[PublicationDocument]:
    """Public editions with a file; also those that were withdrawn, which the page says."""
    rows = PublicationDocument.objects.filter(file__isnull=False).select_related(
        "file", "publication__evaluation__cycle"
    )
    return rows.defer("snapshot", "publication__snapshot", "publication__evaluation__snapshot")


def newer_edition(document: PublicationDocument) -> PublicationDocument | None:
    """The newest edition of the same year and language, when it is not this one."""
    rows = verifiable_editions().filter(
        publication__evaluation=document.publication.evaluation_id, language=document.language
    )
    newest = rows.order_by("-created_at", "-id").first()
    return newest if newest != document else None


def verifiable(**wanted: str) -> Report | CityReport | PublicationDocument | None:
    """The report, the summary or the public edition of a number or a fingerprint."""
    found = (rows.filter(**wanted).first() for rows in (
        verifiable_reports(), verifiable_summaries(), verifiable_editions()
    ))  # fmt: skip
    return next((one for one in found if one), None)
