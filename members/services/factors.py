"""Second factors at rest: the secrets behind one-time codes are sealed."""

import logging
from base64 import b32encode
from secrets import token_bytes

from allauth.mfa.models import Authenticator
from django.db import transaction

from portal.kernel.crypto import ALGORITHMS, Unreadable, is_current, open_sealed, seal
from portal.kernel.fields_rotation import in_json, resealed

logger = logging.getLogger(__name__)

ABOUT = "mfa_authenticator.data"  # allauth asks to seal before there is a row


def seal_factor(*, text: str) -> str:
    """The secret of a factor as it is kept."""
    return seal(text, ABOUT)


def open_factor(*, text: str) -> str:
    """The secret itself; of one that does not open a random one, which no code fits."""
    try:
        return open_sealed(text, ABOUT)
    except Unreadable as error:
        logger.error("the secret of a second factor: %s", error)  # noqa: TRY400
        return b32encode(token_bytes(20)).decode()


@transaction.atomic
def rotate_factor(*, authenticator: int) -> bool | None:
    """Seal a factor with the current key: whether there was something to do, None when it does not open."""
    locked = Authenticator.objects.select_for_update().filter(pk=authenticator).first()
    if locked is None:
        return False
    try:
        data = in_json(locked.data, _renewed)
    except Unreadable:
        return None
    changed = bool(data != locked.data)
    if changed:
        locked.data = data
        locked.save(update_fields=["data"])
    return changed


def _renewed(text: str) -> str:
    """Webauthn credentials are public keys and stay as they are."""
    sealed = text.partition(".")[0] in ALGORITHMS and not is_current(text)
    return resealed(text, ABOUT) if sealed else text
