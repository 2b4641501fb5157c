"""Looking into the outbox."""

from typing import Any

from django.core.mail import EmailMessage

from portal.kernel import outbox
from portal.kernel.models import Letter


def letters() -> list[Letter]:
    """All of them, in the order in which they were wanted."""
    return list(Letter.objects.select_related("job").order_by("created_at"))


def links() -> list[str]:
    """The personal links in them."""
    return [letter.secret.reveal() for letter in letters()]


def newest_link() -> str:
    """The one in the last of them."""
    return links()[-1]


def receivers() -> list[str]:
    """To whom they go."""
    return [letter.to.reveal() for letter in letters()]


def message_to(address: str) -> EmailMessage:
    """The only one to this address, as it goes out."""
    (found,) = (letter for letter in letters() if letter.to.reveal() == address)
    return outbox.message(found)


def told(letter: Letter) -> dict[str, Any]:
    """Its text as it is kept."""
    return {"to": letter.to.reveal(), "subject": letter.subject, "body": letter.body.reveal()}
