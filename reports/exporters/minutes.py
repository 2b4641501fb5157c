"""The minutes of a decision meeting as data for their document; in the language that is active."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from funding.enums import MeetingChoice
from portal.kernel.templatetags.ui import moment, wan
from reports.exporters.annual.blocks import Block, Chapter, Column, Facts, RecordText, Table, chapter, prose

Snapshot = dict[str, Any]
EMPTY = "-"
TIERS = ("A", "B", "C")


def minutes_text(snapshot: Snapshot) -> RecordText:
    """Cover and chapters."""
    found = (
        _sums(snapshot), _list(snapshot), _deviations(snapshot), *_meeting(snapshot.get("record") or {}),
        _approvals(snapshot), _proof(snapshot),
    )  # fmt: skip
    cover = Facts((
        (_("Meeting or document"), snapshot["meeting"]), (_("Call"), snapshot["call"]),
        (_("The list"), f"{snapshot['number']} {snapshot['name']}"), (_("Decided"), _moment(snapshot["decided_at"])),
        (_("Put forward by"), f"{snapshot['proposed'][0]} {_moment(snapshot['proposed'][1])}".strip()),
    ))  # fmt: skip
    head, chapters = _("Minutes of the decision meeting"), tuple(one for one in found if one.blocks)
    return RecordText(head, snapshot["number"], snapshot["name"], cover, chapters)


def _moment(text: str | None) -> str:
    return moment(parse_datetime(text)) if text else EMPTY


def _money(amount: str) -> str:
    return wan(Decimal(amount)) if Decimal(amount) else EMPTY


def _tier(tier: str) -> str:
    return tier or _("No support")


# --- the chapters ------------------------------------------------------------------------------
def _sums(snapshot: Snapshot) -> Chapter:
    frozen = snapshot["frozen"]
    rows = tuple(_sum(frozen, tier) for tier in (*TIERS, ""))
    asked = sum((Decimal(one["amount"]) for one in frozen["places"]), Decimal())
    call = frozen["call"]
    left = Decimal(call["budget"]) - Decimal(call["committed"]) - asked
    columns = (
        Column(_("Tier"), 28), Column(_("Line"), 24, "num"), Column(_("Applications"), 20, "num"),
        Column(_("Sum (×10k yuan)"), 28, "num"),
    )  # fmt: skip
    money = Facts((
        (_("Budget of the call (×10k yuan)"), wan(Decimal(call["budget"]))),
        (_("Decided before (×10k yuan)"), wan(Decimal(call["committed"]))),
        (_("This list (×10k yuan)"), wan(asked)), (_("Left (×10k yuan)"), wan(left)),
    ))  # fmt: skip
    return chapter("result", _("What was decided"), [Table(_("Tiers and money"), columns, rows), money])


def _sum(frozen: dict[str, Any], tier: str) -> tuple[str, ...]:
    amounts = [Decimal(one["amount"]) for one in frozen["places"] if one["tier"] == tier]
    line = f"≥ {frozen['lines'][tier]}" if tier else EMPTY
    return _tier(tier), line, str(len(amounts)), _money(str(sum(amounts, Decimal())))


def _list(snapshot: Snapshot) -> Chapter:
    columns = (
        Column(_("Rank"), 8, "num"), Column(_("Number"), 15), Column(_("Consortium"), 41),
        Column(_("Score"), 11, "num"), Column(_("Tier"), 11), Column(_("×10k yuan"), 14, "num"),
    )  # fmt: skip
    rows = tuple(
        (str(one["rank"]), one["number"], one["consortium"], one["score"], _tier(one["tier"]), _money(one["amount"]))
        for one in snapshot["frozen"]["places"]
    )
    return chapter("list", _("The list"), [Table(_("The list"), columns, rows)])


def _deviations(snapshot: Snapshot) -> Chapter:
    columns = (
        Column(_("Number"), 15), Column(_("Consortium"), 27), Column(_("By the rules"), 15), Column(_("Decided"), 15),
        Column(_("Reason"), 28),
    )  # fmt: skip
    rows = tuple(
        (one["number"], one["consortium"], _both(one["by_rule"]), _both(one), one["reason"] or EMPTY)
        for one in snapshot["frozen"]["places"]
        if (one["tier"], Decimal(one["amount"])) != (one["by_rule"]["tier"], Decimal(one["by_rule"]["amount"]))
    )
    table = Table(
        _("Deviations from the rules"), columns, rows, empty=_("Every tier and amount is the one of the rules.")
    )
    return chapter("deviations", _("Deviations and their reasons"), [table])


def _both(one: dict[str, Any]) -> str:
    return f"{_tier(one['tier'])} {_money(one['amount'])}" if Decimal(one["amount"]) else _tier(one["tier"])


def _meeting(record: Snapshot) -> tuple[Chapter, ...]:
    """Who came and how they voted; nothing where no minutes were closed."""
    if not record:
        return ()
    return (
        chapter("attendance", _("Attendance"), _attendance_blocks(record)),
        chapter("votes", _("Votes"), _vote_blocks(record)),
    )


def _attendance_blocks(record: Snapshot) -> Iterator[Block | None]:
    quorum = record["quorum"]
    yield Facts((
        (_("Begins"), _moment(record["held_at"])), (_("Place of the meeting"), record["place"]),
        (_("Chair"), record["chair"]), (_("Keeper of the minutes"), record["keeper"]),
        (_("Invited, came, needed to decide"), f"{quorum['invited']} / {quorum['present']} / {quorum['needed']}"),
        (_("Hash of the minutes (SHA-256)"), record["sha256"]),
    ))  # fmt: skip
    columns = (Column(_("Name"), 34), Column(_("Came"), 22), Column(_("Left the room for"), 44))
    words = {True: _("Came"), False: _("Did not come")}
    rows = tuple((name, words[came], _(", ").join(left) or EMPTY) for name, came, left in record["people"])
    yield Table(_("Attendance"), columns, rows)


def _vote_blocks(record: Snapshot) -> Iterator[Block | None]:
    text = _("Adopted is what more than %(percent)s %% of those who voted were in favour of.")
    yield prose(text % {"percent": record["majority_percent"]})
    columns = (
        Column(_("Voted on"), 40), Column(pgettext("vote", "For"), 13, "num"),
        Column(pgettext("vote", "Against"), 13, "num"), Column(pgettext("vote", "Abstained"), 14, "num"),
        Column(pgettext("vote", "Result"), 20),
    )  # fmt: skip
    words = {True: pgettext("vote", "Adopted"), False: pgettext("vote", "Not adopted")}
    rows = tuple(
        (f"{one['number']} {one['consortium']}".strip() or _("The list as a whole"), str(one["for"]),
         str(one["against"]), str(one["abstained"]), words[one["adopted"]])
        for one in record["ballots"]
    )  # fmt: skip
    yield Table(_("Votes"), columns, rows)
    names = {code: str(label) for code, label in MeetingChoice.choices}
    cast = tuple(
        (one["number"] or _("The list as a whole"),
         _(", ").join(f"{name} ({names[choice]})" for name, choice in one["votes"]))
        for one in record["ballots"]
    )  # fmt: skip
    yield Table(_("Who voted how"), (Column(_("Voted on"), 30), Column(_("Votes"), 70)), cast)


def _approvals(snapshot: Snapshot) -> Chapter:
    return chapter("approvals", _("Approvals"), _approval_blocks(snapshot))


def _approval_blocks(snapshot: Snapshot) -> Iterator[Block | None]:
    needed = snapshot["frozen"]["needed"]
    yield prose(_("%(needed)s approvals of this very list were needed.") % {"needed": needed})
    columns = (
        Column(_("Approved by"), 24),
        Column(_("Time"), 26),
        Column(_("Hash of the list approved"), 30),
        Column(_("Void since"), 20),
    )
    rows = tuple(
        (name, _moment(at), f"{digest[:24]}…", f"{_moment(void)} {_(why)}" if void else EMPTY)
        for name, at, digest, void, why in snapshot["approvals"]
    )
    yield Table(_("Approvals"), columns, rows)


def _proof(snapshot: Snapshot) -> Chapter:
    frozen = snapshot["frozen"]
    pairs = Facts((
        (_("List (SHA-256)"), snapshot["sha256"]), (_("Rule set"), frozen["rules"]["code"]),
        (_("Rule set (SHA-256)"), frozen["rules"]["sha256"]),
        (pgettext("list", "Prepared by"), f"{frozen['prepared']['name']} {_moment(frozen['prepared']['at'])}"),
    ))  # fmt: skip
    text = _(
        "The hash is taken over the canonical JSON of the frozen list; any change of a case would have made it void."
    )
    return chapter("proof", _("Proof"), [pairs, prose(text)])
