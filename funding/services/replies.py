"""The reply to an objector: a letter without any name, posted where the objector gave an address."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from funding.enums import Action, ObjectionEffect
from funding.models import Objection
from portal.kernel import outbox

KIND = outbox.confide("funding.objection_reply")
LANGUAGE = "zh-hans"  # the letter is an official one


def reply(*, objection: Objection, action: str, text: str, at: datetime) -> None:
    """Set the letter of a locked objection, in the caller's transaction, and post it where that is possible."""
    with override(LANGUAGE):
        objection.letter = text.strip() or _standard_letter(objection, action, at)
        subject = _("Reply to objection %(number)s") % {"number": objection.number}
    address = objection.contact.reveal()
    if _is_address(address):
        key = f"{KIND}:{objection.pk}"
        facts = {"kind": KIND, "to": address, "subject": subject, "body": objection.letter, "language": LANGUAGE}
        outbox.post(**facts, key=key, at=at)
        objection.letter_sent_at = at


def _standard_letter(objection: Objection, action: str, at: datetime) -> str:
    """What is written unless supervision writes otherwise; no name of anybody stands in it."""
    words = {
        "number": objection.number,
        "received": date_format(timezone.localdate(objection.received_at), "DATE_FORMAT"),
        "finding": objection.finding,
        "today": date_format(timezone.localdate(at), "DATE_FORMAT"),
    }
    lines = (
        _("To whoever raised objection %(number)s:"),
        _("Your objection was received on %(received)s and examined by people who had no part in the case."),
        _result(objection, action),
        _("Grounds: %(finding)s"),
        _("Thank you for watching over the use of public money. Who you are is known to supervision alone."),
        "%(today)s",
    )
    return "\n\n".join(line % words for line in lines)


def _result(objection: Objection, action: str) -> str:
    if action == Action.REFUSE_OBJECTION:
        return _("Result: the objection is not admitted.")
    if action == Action.DISMISS:
        return _("Result: the objection is dismissed, and the published result stands.")
    if objection.effect == ObjectionEffect.AMEND:
        return _("Result: the objection is upheld in part. Tier or amount are lowered and published anew.")
    return _("Result: the objection is upheld, and the proposed support is cancelled.")


def _is_address(contact: str) -> bool:
    """Whether a mail can be sent there."""
    try:
        validate_email(contact)
    except ValidationError:
        return False
    return True
