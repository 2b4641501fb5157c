"""The record of a draw as data for its document; in the language that is active."""

from collections.abc import Iterator
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from funding.rules import drawing
from members.enums import ExpertKind
from portal.kernel.templatetags.ui import moment
from reports.exporters.annual.blocks import Block, Chapter, Column, Facts, RecordText, Table, chapter, prose

Snapshot = dict[str, Any]
EMPTY = "-"


def draw_text(snapshot: Snapshot) -> RecordText:
    """Cover and chapters."""
    found = (_proof(snapshot), _result(snapshot), _line(snapshot), _excluded(snapshot), _repeat())
    case = snapshot["case"]
    cover = Facts((
        (_("Draw"), snapshot["number"]), (_("Application"), case["number"]), (_("Call"), case["call"]),
        (_("Lead organisation"), case["lead"]), *_people(snapshot),
    ))  # fmt: skip
    head = _("Record of the draw of experts")
    return RecordText(head, snapshot["number"], case["consortium"], cover, tuple(one for one in found if one.blocks))


def _people(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    words = {
        "requested": _("Asked for by"), "prepared": _("Prepared by"), "witnessed": _("Witness"),
        "drawn": _("Randomness entered by"),
    }  # fmt: skip
    for act, label in words.items():
        who, at = snapshot["people"][act]
        yield label, f"{who or EMPTY} {_moment(at)}".strip()


def _moment(text: str | None) -> str:
    return moment(parse_datetime(text)) if text else ""


def _proof(snapshot: Snapshot) -> Chapter:
    record = snapshot["record"]
    frozen = record["frozen"]
    rules = frozen["rules"]
    kept = [f"{_kinds(group['kinds'])} ≥ {group['count']}" for group in rules["least"]]
    pairs = (
        (_("Pool hash (SHA-256)"), record["pool_hash"]),
        (_("Commitment (SHA-256 of the secret)"), frozen["commitment"]),
        (_("Source of the public randomness"), f"{snapshot['source']} {_moment(snapshot['public_at'])}"),
        (_("Public randomness"), record["randomness"]),
        (_("Secret"), record["secret"]),
        (_("Record hash (SHA-256)"), snapshot["record_hash"]),
        (_("Seats"), _("; ").join([str(rules["seats"]), *kept])),
        (_("Candidates"), str(len(frozen["candidates"]))),
    )
    return chapter("proof", _("Proof"), [Facts(pairs)])


def _kinds(codes: list[str]) -> str:
    return " / ".join(str(ExpertKind(code).label) for code in codes)


def _result(snapshot: Snapshot) -> Chapter:
    return chapter("result", _("Drawn"), _result_blocks(snapshot))


def _result_blocks(snapshot: Snapshot) -> Iterator[Block | None]:
    names = snapshot["names"]
    columns = (
        Column(_("Seat number"), 8, "num"), Column(_("Expert"), 22), Column(_("Judges"), 14), Column(_("Employer"), 34),
        Column(_("Pseudonym"), 22),
    )  # fmt: skip
    drawn = snapshot["record"]["result"]["drawn"]
    rows = tuple((str(seat), *_person(names[key]), key) for seat, key in enumerate(drawn, 1))
    yield Table(_("Drawn"), columns, rows)
    if calls := snapshot["calls"]:
        heads = (Column(_("Called"), 30), Column(_("In whose place"), 30), Column(_("Time"), 40))
        called = tuple((names[one["called"]][0], names[one["replaces"]][0], _moment(one["at"])) for one in calls)
        yield Table(_("Substitutes called"), heads, called)


def _person(facts: list[Any]) -> tuple[str, str, str]:
    name, employer, kind, _reasons, _rank = facts
    return name, str(ExpertKind(kind).label), employer or EMPTY


def _line(snapshot: Snapshot) -> Chapter:
    names, result = snapshot["names"], snapshot["record"]["result"]
    passed = {one["key"]: one["reason"] for one in result["skipped"]}
    words = {
        drawing.LEFT: _("not eligible any more"), drawing.EMPLOYER: _("a colleague was drawn"),
        drawing.RESERVED: _("the seat is kept for other kinds"),
    }  # fmt: skip

    def came(key: str) -> str:
        if key in result["drawn"]:
            return _("Drawn")
        return words[passed[key]] if key in passed else _("Substitute")

    line = sorted((key for key in names if names[key][4]), key=lambda key: int(names[key][4]))
    columns = (
        Column(_("Place in line"), 8, "num"), Column(_("Expert"), 24), Column(_("Judges"), 16),
        Column(_("Pseudonym"), 24), Column(_("What came of it"), 28),
    )  # fmt: skip
    rows = tuple((str(names[key][4]), *_person(names[key])[:2], key, came(key)) for key in line)
    return chapter("line", _("The line"), [Table(_("The line"), columns, rows)])


def _excluded(snapshot: Snapshot) -> Chapter:
    rows = tuple(
        (facts[0], _person(facts)[1], _("; ").join(_(reason) for reason in facts[3].splitlines()))
        for key, facts in sorted(snapshot["names"].items())
        if facts[3]
    )
    columns = (Column(_("Expert"), 20), Column(_("Judges"), 14), Column(_("Why"), 66))
    return chapter("excluded", _("Excluded"), [Table(_("Excluded"), columns, rows, empty=_("No entry."))])


def _repeat() -> Chapter:
    text = _(
        "Everybody can repeat this draw: the public page of the draw gives the record without names and a program "
        "of some hundred lines that needs Python alone. It computes the line from the secret, the public randomness "
        "and the frozen pool, and says whether the result is the one that was published."
    )
    return chapter("repeat", _("How to repeat it"), [prose(text)])
