"""What a file is refused with."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

FULL = {errno.ENOSPC, errno.EDQUOT}


class FileRefused(ValidationError):
    """The file is not taken; the message says why in the reader's language."""


@contextmanager
def a_full_disk_refuses() -> Iterator[None]:
    """A full disk is a refusal, not a fault."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        logger.exception("no room for uploads")
        raise FileRefused(_("The portal has no room for files at the moment; please try again later.")) from error
