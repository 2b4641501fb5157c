"""What the house keeps of signing in."""

from datetime import datetime, timedelta

from allauth.core.internal.cryptokit import normalize_user_code
from django.db import transaction
from django.utils.crypto import salted_hmac

from members.enums import Action
from members.models import UsedCode, User
from portal.kernel import audit
from portal.kernel.models.audit import Result

CODE_KEPT = timedelta(minutes=5)  # longer than any code is good for


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


@transaction.atomic
def record_refusal(*, user: User, at: datetime) -> None:
    """Keep that somebody tried to come in under this account and was not let in; it is not known who."""
    audit.record(actor=None, action=Action.SIGN_IN, subject=user, at=at, result=Result.REFUSED)


@transaction.atomic
def use_code(*, user: User, code: str, at: datetime) -> bool:
    """Take a one-time code, however it is spaced; False when it has been taken already."""
    UsedCode.objects.filter(user=user, used_at__lt=at - CODE_KEPT).delete()
    key = salted_hmac("members.code", normalize_user_code(code), algorithm="sha256").hexdigest()
    _row, first = UsedCode.objects.get_or_create(user=user, key=key, defaults={"used_at": at})
    return first
