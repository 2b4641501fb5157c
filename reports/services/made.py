"""Documents that a job makes from frozen facts: ordered, kept once, tried again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit, files, jobs
from portal.kernel.authz import require
from portal.kernel.models.job import JobState
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.models.document import MadeDocument

Made = TypeVar("Made", bound=MadeDocument)


def _number(document: MadeDocument) -> str:
    return str(document.snapshot["number"])


@dataclass(frozen=True, kw_only=True)
class Paper(Generic[Made]):
    """One kind of them. Without a `permission` no person orders it: the system does, at a step of the case."""

    model: type[Made]
    job: str  # the kind of the job that makes it
    file: str  # the kind of the stored file
    version: str  # of its template
    title: Callable[[Made], str] = _number  # of the stored file
    permission: str = ""  # asked when it is ordered, and again when it is made

    def rows(self) -> QuerySet[Made]:
        """All of them."""
        return QuerySet(self.model)


@transaction.atomic
def order_document(
    *, paper: Paper[Made], of: Model, snapshot: dict[str, Any], language: str, actor: Any, at: datetime, **further: Any
) -> Made:
    """The document of these facts: what was made of them before is given again, what failed is tried again.

    The caller has asked for the permission; `further` are fields that tell documents of the same facts apart.
    """
    ordered = {"requested_by": actor} if paper.permission else {}
    row, created = paper.rows().get_or_create(
        **{paper.model.of: of}, **further, language=language, template_version=paper.version,
        snapshot_hash=audit.sha256(snapshot), defaults={"snapshot": snapshot, "created_at": at, **ordered},
    )  # fmt: skip
    if not created:
        if paper.permission and row.has_given_up:
            retry_document(document=row, permission=paper.permission, of=of, actor=actor, at=at)
        return row
    row.job = jobs.enqueue(
        kind=paper.job, key=f"{paper.job}:{row.pk}", params={"document": str(row.pk)}, requested_by=actor, at=at
    )
    row.save(update_fields=["job"])
    if paper.permission:
        facts = {"language": language, **further, "snapshot": row.snapshot_hash}
        audit.record(actor=actor, action=Action.ORDER_DOCUMENT, subject=of, at=at, facts=facts)
    return row


def keep_document(*, paper: Paper[Made], document: Made, path: Path, pages: int, at: datetime) -> Made:
    """Keep the file that the job made."""
    name = f"{paper.title(document)}.pdf"
    document.file = files.store_path(path, name=name, mime=files.PDF, kind=paper.file, at=at)
    document.pages = pages
    document.save(update_fields=["file", "pages"])
    return document


@transaction.atomic
def retry_document(*, document: Made, permission: str, of: Model, actor: Any, at: datetime) -> Made:
    """Give a failed job new attempts; the permission is asked, and the trail kept, about what the document is `of`."""
    require(actor, permission, of)
    if document.job is None or document.job.state != JobState.FAILED:
        raise TransitionRefused(_("This document is being made, or is there already."))
    jobs.retry(job=document.job, at=at)
    audit.record(actor=actor, action=Action.RETRY, subject=of, at=at)
    return document
