"""Public notices and replies to objectors as documents: the former made as they are published, the latter on order."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.models import Objection, PublicNotice
from portal.kernel.personal import disclose
from portal.kernel.workflow import TransitionRefused
from reports.models import NoticeDocument, ReplyDocument
from reports.selectors.publicity import notice_snapshot, reply_snapshot
from reports.services.made import Paper, order_document

LANGUAGES = ("zh-hans", "en")  # the notice, and a copy to read
LETTER_LANGUAGE = "zh-hans"  # the letter is an official one
NAMES = "funding.reveal_objector"


def _title(document: NoticeDocument) -> str:
    return str(document.snapshot["document_number"])


NOTICE = Paper(model=NoticeDocument, job="reports.render_notice", file="notice", version="1", title=_title)
REPLY = Paper(
    model=ReplyDocument, job="reports.render_reply", file="objection_letter", version="1",
    permission=NAMES,
)  # fmt: skip


@transaction.atomic
def order_notice_documents(*, notice: PublicNotice, at: datetime) -> list[NoticeDocument]:
    """The notice in each language; what is there already stays as it is."""
    snapshot, actor = notice_snapshot(notice), notice.published_by
    return [
        order_document(paper=NOTICE, of=notice, snapshot=snapshot, language=language, actor=actor, at=at)
        for language in LANGUAGES
    ]


def order_lacking_notices(*, at: datetime) -> int:
    """Documents of notices that have none, such as those from the time before there were any; how many notices."""
    lacking = NoticeDocument.objects.lacking_of(PublicNotice.objects.select_related("call__rules", "amends"))
    for notice in (found := list(lacking)):
        order_notice_documents(notice=notice, at=at)
    return len(found)


@transaction.atomic
def order_reply(*, objection: Objection, actor: Any, at: datetime) -> ReplyDocument:
    """The letter to the objector; whoever has it made is told the name, and that is recorded as any such telling."""
    note = str(_("Letter to the objector"))
    disclose(subject=objection, fields=("name",), permission=NAMES, actor=actor, at=at, note=note, own=False)
    if not objection.letter:
        raise TransitionRefused(_("The objection is not answered yet."))
    snapshot = reply_snapshot(objection)
    return order_document(paper=REPLY, of=objection, snapshot=snapshot, language=LETTER_LANGUAGE, actor=actor, at=at)
