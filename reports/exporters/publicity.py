"""A public notice as data for its document; in the language that is active."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel.templatetags.ui import cn_date, wan
from reports.exporters.annual.blocks import Column, Table

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class NoticeText:
    """Everything that the template prints."""

    title: str
    number: str
    paragraphs: tuple[str, ...]
    table: Table
    taking: str
    day: str
    sha256: str


def notice_text(snapshot: Snapshot) -> NoticeText:
    """Text, list and day."""
    day = parse_datetime(snapshot["published_at"])
    taking = _("Objections are taken on the page of this notice, or in writing by the supervision office. Who objects is kept secret.")  # noqa: E501  # fmt: skip
    return NoticeText(
        snapshot["title"], snapshot["document_number"], _paragraphs(snapshot), _list(snapshot["rows"]), taking,
        cn_date(day), snapshot["sha256"],
    )  # fmt: skip


def _paragraphs(snapshot: Snapshot) -> tuple[str, ...]:
    words = {
        "call": snapshot["call"], "starts": cn_date(date.fromisoformat(snapshot["starts_on"])),
        "ends": cn_date(date.fromisoformat(snapshot["ends_on"])), "number": snapshot["amended"],
    }  # fmt: skip
    opening = _("The following applications of “%(call)s” are proposed for approval. Anybody may object with real name or seal and with grounds from %(starts)s to %(ends)s, both days included.")  # noqa: E501  # fmt: skip
    working = _("The period is counted in working days.")
    calendar = _("The period is counted in days of the calendar.")
    amends = _("This notice amends notice %(number)s after an objection was upheld.")
    found = (amends if words["number"] else "", opening, working if snapshot["working_days"] else calendar)
    return tuple(text % words for text in found if text)


def _list(rows: list[dict[str, str]]) -> Table:
    columns = (
        Column(_("No."), 7, "num"), Column(_("Number"), 15), Column(_("Consortium"), 27),
        Column(_("Lead organisation"), 21), Column(_("District"), 11), Column(_("Tier"), 7, "mid"),
        Column(_("×10k yuan"), 12, "num"),
    )  # fmt: skip
    lines = tuple(_line(n, row) for n, row in enumerate(rows, 1))
    total = wan(sum((Decimal(row["amount"]) for row in rows), Decimal()), 0)
    return Table(_("Proposed approvals"), columns, lines, sums=(("", _("Sum"), "", "", "", "", total),))


def _line(n: int, row: dict[str, str]) -> tuple[str, ...]:
    chinese = (get_language() or "").startswith("zh")
    amount = _("cultivation") if row["tier"] == "C" else wan(row["amount"], 0)
    district = row["district_zh"] if chinese else row["district_en"]
    return str(n), row["number"], row["consortium"], row["lead"], district, row["tier"], amount
