"""What the public notice and the replies to objectors are printed from."""

from typing import Any

from funding.models import Objection, PublicNotice
from funding.rules.publicity import counts_working_days
from portal.kernel.audit import plain


def notice_snapshot(notice: PublicNotice) -> dict[str, Any]:
    """What was published with its hash, nothing else: no person stands in it."""
    made: dict[str, Any] = plain({
        **notice.canonical(), "sha256": notice.sha256, "call": notice.call.title,
        "published_at": notice.published_at, "working_days": counts_working_days(notice.call.rules.data),
        "amended": notice.amends.document_number if notice.amends else "",
    })  # fmt: skip
    return made


def reply_snapshot(objection: Objection) -> dict[str, Any]:
    """The letter as it was written; whom it goes to is read when it is printed."""
    made: dict[str, Any] = plain({
        "number": objection.number, "letter": objection.letter, "answered_at": objection.handled_at,
    })  # fmt: skip
    return made
