"""The documents of a call."""

from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, CallStatus
from funding.models import Call, CallDocument
from members.models import User
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused

KIND = "call"
MOST_DOCUMENTS = 30


@transaction.atomic
def add_document(*, call: Call, actor: User, at: datetime, upload: File[bytes], title: str) -> CallDocument:
    """Add a document to a draft, or a supplement to a published call. Raises FileRefused."""
    locked = _locked(call, actor)
    if locked.status == CallStatus.CONCLUDED:
        raise TransitionRefused(_("The work on this call has ended."))
    if locked.documents.count() >= MOST_DOCUMENTS:
        raise TransitionRefused(_("There are %(most)s files already.") % {"most": MOST_DOCUMENTS})
    attachment = files.store(upload, actor=actor, kind=KIND, at=at)
    row = CallDocument.objects.create(call=locked, attachment=attachment, title=title, created_at=at)
    facts = {"title": title, "sha256": attachment.sha256}
    audit.record(actor=actor, action=Action.ADD_DOCUMENT, subject=locked, at=at, facts=facts)
    return row


@transaction.atomic
def remove_document(*, document: CallDocument, actor: User, at: datetime) -> None:
    """Take a document off a draft; what was published stays."""
    locked = _locked(document.call, actor)
    if locked.status != CallStatus.DRAFT:
        raise TransitionRefused(_("What was published stays; add a supplement instead."))
    facts = {"title": document.title, "sha256": document.attachment.sha256}
    if not locked.documents.filter(pk=document.pk).delete()[0]:
        raise TransitionRefused(_("The file was removed already."))
    audit.record(actor=actor, action=Action.REMOVE_DOCUMENT, subject=locked, at=at, facts=facts)


def _locked(call: Call, actor: User) -> Call:
    locked = Call.everything.select_for_update(of=("self",)).get(pk=call.pk)
    require(actor, "funding.update_call", locked)
    return locked
