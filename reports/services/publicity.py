"""Public notices and replies to objectors as documents: the former made as they are published, the latter on order."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.models import Objection, PublicNotice
from portal.kernel import audit
from portal.kernel.personal import disclose
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.models import NoticeDocument, ReplyDocument
from reports.selectors.publicity import notice_snapshot, reply_snapshot
from reports.services.made import enqueue_document, keep_document, retry_document

PUBLICITY_TEMPLATE = "1"
NOTICE_KIND = "reports.render_notice"
REPLY_KIND = "reports.render_reply"
LANGUAGES = ("zh-hans", "en")  # the notice, and a copy to read
LETTER_LANGUAGE = "zh-hans"  # the letter is an official one
NAMES = "funding.reveal_objector"


# --- notices -----------------------------------------------------------------------------------
@transaction.atomic
def order_notice_documents(*, notice: PublicNotice, at: datetime) -> list[NoticeDocument]:
    """The notice in each language; what is there already stays as it is."""
    snapshot = notice_snapshot(notice)
    return [_order(notice, snapshot, language, at) for language in LANGUAGES]


def _order(notice: PublicNotice, snapshot: dict[str, Any], language: str, at: datetime) -> NoticeDocument:
    row, created = NoticeDocument.objects.get_or_create(
        notice=notice, language=language, template_version=PUBLICITY_TEMPLATE, snapshot_hash=audit.sha256(snapshot),
        defaults={"snapshot": snapshot, "created_at": at},
    )  # fmt: skip
    if created:
        enqueue_document(document=row, kind=NOTICE_KIND, requested_by=notice.published_by, at=at)
    return row


def order_lacking_notices(*, at: datetime) -> int:
    """Documents of notices that have none, such as those from the time before there were any; how many notices."""
    lacking = NoticeDocument.objects.lacking_of(PublicNotice.objects.select_related("call__rules", "amends"))
    for notice in (found := list(lacking)):
        order_notice_documents(notice=notice, at=at)
    return len(found)


def store_notice(*, document: NoticeDocument, path: Path, pages: int, at: datetime) -> NoticeDocument:
    """Keep the file that the job made."""
    title = str(document.snapshot["document_number"])
    return keep_document(document=document, title=title, kind="notice", path=path, pages=pages, at=at)


# --- replies -----------------------------------------------------------------------------------
@transaction.atomic
def order_reply(*, objection: Objection, actor: Any, at: datetime) -> ReplyDocument:
    """The letter to the objector; whoever has it made is told the name, and that is recorded as any such telling."""
    note = str(_("Letter to the objector"))
    disclose(subject=objection, fields=("name",), permission=NAMES, actor=actor, at=at, note=note, own=False)
    if not objection.letter:
        raise TransitionRefused(_("The objection is not answered yet."))
    snapshot = reply_snapshot(objection)
    row, created = ReplyDocument.objects.get_or_create(
        objection=objection, language=LETTER_LANGUAGE, template_version=PUBLICITY_TEMPLATE,
        snapshot_hash=audit.sha256(snapshot),
        defaults={"snapshot": snapshot, "created_at": at, "requested_by": actor},
    )  # fmt: skip
    if created:
        enqueue_document(document=row, kind=REPLY_KIND, requested_by=actor, at=at)
        facts = {"snapshot": row.snapshot_hash}
        audit.record(actor=actor, action=Action.ORDER_DOCUMENT, subject=objection, at=at, facts=facts)
    elif row.has_given_up:
        retry_document(document=row, permission=NAMES, of=objection, actor=actor, at=at)
    return row


def store_reply(*, document: ReplyDocument, path: Path, pages: int, at: datetime) -> ReplyDocument:
    """Keep the file that the job made."""
    title = str(document.snapshot["number"])
    return keep_document(document=document, title=title, kind="objection_letter", path=path, pages=pages, at=at)
