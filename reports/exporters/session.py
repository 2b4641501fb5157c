"""The minutes of a defence or site visit as data for their document; in the language that is active."""

from collections.abc import Iterator
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from funding.enums import SeatRole, SessionKind
from portal.kernel.templatetags.ui import moment
from reports.exporters.annual.blocks import Block, Chapter, Column, Facts, RecordText, Table, chapter, prose

Snapshot = dict[str, Any]
EMPTY = "-"


def session_text(snapshot: Snapshot) -> RecordText:
    """Cover and chapters."""
    kind = str(SessionKind(snapshot["kind"]).label)
    cover = Facts((
        (_("Number"), snapshot["number"]), (_("Kind"), kind), (_("Call"), snapshot["call"]),
        (_("Begins"), _moment(snapshot["starts_at"])), *_moved(snapshot),
        (pgettext("session", "Place"), snapshot["place"] or EMPTY),
        (_("Address of the online meeting"), snapshot["address"] or EMPTY),
        (_("Locked by the chair"), _moment(snapshot["locked"]["chair"])),
        (_("Locked by the keeper of the minutes"), _moment(snapshot["locked"]["secretary"])),
        (_("Hash of the minutes (SHA-256)"), snapshot["minutes_hash"]),
    ))  # fmt: skip
    cases = [_case(slot) for slot in snapshot["slots"]]
    found = (_present(snapshot), _agenda(snapshot), *cases)
    name = f"{kind} {_day(snapshot['starts_at'])}"
    return RecordText(_("Minutes of the session"), snapshot["number"], name, cover, found)


def _moved(snapshot: Snapshot) -> list[tuple[Any, str]]:
    """When it should have begun before, and why it did not."""
    return [
        (pgettext("session", "Moved"), f"{_moment(before)}: {why}") for before, _at, why in snapshot.get("moved", ())
    ]


def _moment(text: str | None) -> str:
    return moment(parse_datetime(text)) if text else EMPTY


def _day(text: str) -> str:
    at = parse_datetime(text)
    return f"{localtime(at):%Y-%m-%d}" if at else EMPTY


def _hour(text: str) -> str:
    at = parse_datetime(text)
    return f"{localtime(at):%H:%M}" if at else EMPTY


def _present(snapshot: Snapshot) -> Chapter:
    columns = (Column(_("Name"), 34), Column(_("As"), 30), Column(_("Signed in"), 36))
    rows = tuple((name, str(SeatRole(role).label), _moment(at)) for name, role, at in snapshot["seats"])
    return chapter("present", _("Present"), [Table(_("Present"), columns, rows)])


def _agenda(snapshot: Snapshot) -> Chapter:
    columns = (
        Column(_("Time"), 16), Column(_("Application"), 20), Column(_("Consortium"), 40),
        Column(_("Leaves the room"), 24),
    )  # fmt: skip
    rows = tuple(
        (f"{_hour(slot['starts_at'])}–{_hour(slot['ends_at'])}", slot["application"], slot["consortium"],
         _(", ").join(name for name, _why in slot["absences"]) or EMPTY)
        for slot in snapshot["slots"]
    )  # fmt: skip
    return chapter("agenda", pgettext("session", "Agenda"), [Table(pgettext("session", "Agenda"), columns, rows)])


def _case(slot: Snapshot) -> Chapter:
    return chapter(f"case{slot['position']}", slot["consortium"], _case_blocks(slot))


def _case_blocks(slot: Snapshot) -> Iterator[Block | None]:
    here = _(", ").join(f"{name} ({_hour(at)})" for name, at in slot["presences"])
    yield Facts(((_("Lead organisation"), slot["lead"]), (_("Present for the applicant"), here or EMPTY)))
    if slot["checklist"]:
        columns = (Column(_("What the visit looks at"), 50), Column(_("What was found"), 16), Column(_("Remark"), 34))
        words = {True: _("Holds"), False: _("Does not hold"), None: EMPTY}
        rows = tuple((label, words[holds], note or EMPTY) for label, holds, note in slot["checklist"])
        yield Table(_("What the visit looks at"), columns, rows)
    yield prose(slot["conclusion"])
    if slot["files"]:
        heads = (Column(_("Photos and documents"), 40), Column("SHA-256", 60))
        yield Table(_("Photos and documents"), heads, tuple((title, hashed) for title, hashed in slot["files"]))
