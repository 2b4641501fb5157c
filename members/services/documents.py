"""The documents behind what an organisation states and what is recorded of it."""

from datetime import datetime
from typing import Any

from members.models import Organisation, User
from portal.kernel import files
from portal.kernel.models import Attachment

KIND = "members.document"


def store_document(*, upload: Any, organisation: Organisation, actor: User, at: datetime) -> Attachment | None:
    """Keep an upload at the expense of the organisation's quota; None when nothing was uploaded."""
    if not upload:
        return None
    return files.store(upload, actor=actor, kind=KIND, at=at, owner=organisation.pk)
