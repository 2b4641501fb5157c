"""The notice of a claim as data for its document; in the language that is active."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from funding.enums import RecoveryGround
from portal.kernel.capitals import capitals
from portal.kernel.templatetags.ui import cn_date, yuan
from reports.exporters.annual.blocks import Facts

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class ClaimText:
    """Everything that the template prints."""

    title: str
    number: str
    claim: str
    addressee: str
    facts: Facts
    paragraphs: tuple[str, ...]
    day: str


def claim_text(snapshot: Snapshot) -> ClaimText:
    """To whom, why, how much, until when."""
    amount, noticed = Decimal(snapshot["amount"]), cn_date(date.fromisoformat(snapshot["noticed_on"]))
    words = {**snapshot, "due": cn_date(date.fromisoformat(snapshot["due_on"])), "amount": yuan(amount),
             "capitals": capitals(amount)}  # fmt: skip
    if snapshot.get("objections_until"):
        words["objections"] = cn_date(date.fromisoformat(snapshot["objections_until"]))
    facts = (
        (_("Number of the claim"), snapshot["number"]), (_("Unified social credit code"), snapshot["code"]),
        (_("Contract"), snapshot["contract"]),
        (_("Ground"), str(RecoveryGround(snapshot["ground"]).label)),
        (_("Amount claimed back"), _("%(amount)s yuan (in capitals: %(capitals)s)") % words),
    )  # fmt: skip
    return ClaimText(
        _("Notice of recovery of funds"), snapshot["document_number"], snapshot["number"], snapshot["organisation"],
        Facts(tuple((name, text) for name, text in facts if text)), tuple(_paragraphs(words)), noticed,
    )  # fmt: skip


def _paragraphs(words: dict[str, Any]) -> list[str]:
    opening = _("Fiscal funds of the project of “%(consortium)s”, granted by %(award)s, are claimed back from you.")
    paying = _("Please pay %(amount)s yuan back to the account from which the grant was paid by %(due)s at the latest, naming claim %(number)s, and keep the receipt.")  # noqa: E501  # fmt: skip
    late = _("What is not paid back in time is pursued as the rules and the contract say, and may be recorded as a breach of integrity.")  # noqa: E501  # fmt: skip
    objecting = _("If you do not agree, you may object in the portal with grounds until %(objections)s, that day included; the term does not run out before the decision.")  # noqa: E501  # fmt: skip
    reason = [line for line in words["reason"].splitlines() if line.strip()]
    return [opening % words, *reason, paying % words, *([objecting % words] if "objections" in words else []), late]
