"""What the house keeps of signing in."""

from datetime import datetime

from django.db import transaction

from members.enums import Action
from members.models import User
from portal.kernel import audit


@transaction.atomic
def record_sign_in(*, user: User, language: str | None, at: datetime) -> None:
    """Keep that somebody came in, and in which language mails shall be written from now on."""
    if language and language != user.language:
        user.language = language
        user.save(update_fields=["language"])
    audit.record(actor=user, action=Action.SIGN_IN, subject=user, at=at)


@transaction.atomic
def record_change(*, user: User, action: Action, at: datetime) -> None:
    """Keep that somebody changed how it signs in."""
    audit.record(actor=user, action=action, subject=user, at=at)
