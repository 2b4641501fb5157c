"""Who reaches, reads, writes and moves what: four matrices, cell by cell.

They are read by people, one column for each persona. `reach.csv`: address and method, the status of the answer.
`reading.csv`: stored field, `r` where a page or the API shows it. `writing.csv`: form field, `w` where a page offers
it. `states.csv`: object in each of its states and action, `y` where it may be done. A new address, field or state
without a row fails, and so does a row that nothing stands behind. Here two personas ask every address and each of the
others a part, so that every address is asked by five at least; `bin/bench matrix` has everybody ask everything. After a
deliberate change run `python -m tests.authorization.rewrite` and read the difference.
"""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest

from portal.kernel.authz import PERMISSIONS
from tests.authorization import canaries, states, sweep
from tests.authorization.world import World
from tests.personas import Personas

SHARES = 2  # the personas share so many worlds: building one costs seconds
OUTSIDERS = {"anonymous", "rival"}  # who ask every address, as an intruder would
PARTS = 5  # the others ask one address out of so many, each another one
OPEN_TO_EVERYBODY = {
    "public-home",
    "healthz",
    "readyz",
    "set_language",
    "demo",
    "styleguide",
    "members:register",
    "members:register-sent",
    "members:register-complete",
    "members:privacy-notice",
    "members:invitation-accept",
    "consortia:public-consortium-list",
    "consortia:public-consortium-detail",
    "consortia:public-platform-list",
    "funding:call-list",
    "funding:call-detail",
    "funding:call-document",
    "funding:call-whole-form",
    "funding:notice-list",
    "funding:notice-detail",
    "funding:notice-object",
    "funding:notice-received",
    "funding:notice-print",
    "funding:objection-follow",
    "funding:objection-statistics",
    "funding:public-draw-list",
    "funding:public-draw",
    "funding:public-draw-record",
    "funding:draw-script",
    "reports:grade-lists",
    "reports:grade-list",
    "reports:grade-list-object",
    "reports:grade-list-received",
    "reports:grade-list-follow",
    "reports:published-list",
    "reports:published-report",
    "reports:published-file",
    "reports:published-cases",
    "reports:published-case",
    "reports:report-find",
    "reports:report-verify",
    "reports:verify-script",
    "reports:notice-document",
    "api:call-list",
    "api:call-detail",
}


def test_every_address_stands_in_the_matrix_and_no_other() -> None:
    rows = {name.partition("@")[0] for name, _method in sweep.read("reach")["anonymous"]}

    assert rows == set(sweep.names())


def test_whoever_may_move_something_holds_a_role_of_its_permission(people: Personas) -> None:
    """The page of roles says of a role what it carries; nobody may do what none of the own roles carries."""
    matrix = sweep.read("states")
    moves = {
        (column, subject, action)
        for column, cells in matrix.items()
        for (subject, action), cell in cells.items()
        if cell == "y" and action != states.SEES
    }

    wrong = {
        (column, subject, action)
        for column, subject, action in moves
        if not set(states.person(people, column).roles) & roles_of(subject, action)
    }

    assert wrong == set()


def roles_of(subject: str, action: str) -> frozenset[str]:
    return PERMISSIONS[states.WORKFLOWS[subject.partition("@")[0]].transitions[action].permission].roles


@pytest.mark.parametrize("share", range(SHARES))
def test_z01_each_persona_reaches_reads_and_writes_what_the_matrices_say(people: Personas, share: int) -> None:
    world = World(people)
    planted = canaries.plant(world)
    columns = sweep.COLUMNS[share::SHARES]

    wrong = {column: differing(sweep.seen(world, planted, column, part_of(column)), column) for column in columns}

    assert wrong == {column: ({}, set(), {}, set(), {}) for column in columns}


def part_of(column: str) -> Callable[[str], bool]:
    """Which addresses a persona asks; neighbours in the matrix ask different ones."""
    if column in OUTSIDERS:
        return sweep.everything
    place = sweep.COLUMNS.index(column)
    return lambda name: (crc32(name.encode()) + place) % PARTS == 0


def test_each_address_is_asked_by_five() -> None:
    for name in sweep.names():
        assert sum(part_of(column)(name) for column in sweep.COLUMNS) >= len(OUTSIDERS) + 3, name


def differing(found: sweep.Seen, column: str) -> tuple[Any, ...]:
    """Where what a persona found is not what is kept, matrix by matrix; forms without a key; lacking headers.

    A field is read wherever a page shows it: a part of the pages tells what must not be read, not that all is. A form
    stands on other pages than its own too: what was met beyond the part must be in the matrix.
    """
    wanted = part_of(column)
    met = dict.fromkeys(found.writing, "w")
    reach, reading, writing = (sweep.read(matrix)[column] for matrix in ("reach", "reading", "writing"))
    return (
        differences({row: cell for row, cell in reach.items() if wanted(row[0])}, found.reach),
        {row for row in found.reading if not reading.get(row)},
        differences({row: cell for row, cell in writing.items() if wanted(row[0]) or row in met}, met),
        found.keyless,
        found.bare,
    )


def test_z01_in_every_state_who_sees_and_who_moves(people: Personas) -> None:
    found = states.cells(World(people))

    kept = sweep.read("states")
    wrong = {column: differences(kept[column], found[column]) for column in sweep.COLUMNS}
    assert {column: rows for column, rows in wrong.items() if rows} == {}


def differences(kept: dict[sweep.Row, str], found: dict[sweep.Row, str]) -> dict[sweep.Row, tuple[str, str]]:
    """(object, what) → (as kept, as found), where the two are not the same."""
    cells = {row: (kept.get(row, ""), found.get(row, "")) for row in {*kept, *found}}
    return {row: pair for row, pair in cells.items() if pair[0] != pair[1]}


def test_no_cell_of_the_matrix_is_a_server_error() -> None:
    broken = [
        (column, cell)
        for column, cells in sweep.read("reach").items()
        for cell, got in cells.items()
        if got.startswith("5")
    ]

    assert broken == []


def test_signed_out_only_what_is_public_opens() -> None:
    cells = sweep.read("reach")["anonymous"]
    opened = {name.partition("@")[0] for (name, _method), got in cells.items() if got in {"200", "302"}}

    assert opened == OPEN_TO_EVERYBODY & opened
    assert opened >= OPEN_TO_EVERYBODY - {"set_language"}


def test_a_rival_opens_no_object_of_the_lead() -> None:
    """Whatever names an object of the lead answers 404 or 403; what is public or names nobody else's is left out."""
    private = (
        "participation",
        "agreement",
        "technology",
        "task",
        "milestone",
        "outcome",
        "platform",
        "fund-",
        "review",
        "objection",
        "tranche",
        "contract",
        "evaluation",
        "self-report",
        "evidence",
        "report-d",
        "report-o",
        "report-p",
        "report-r",
        "expert-",
    )
    cells = sweep.read("reach")["rival"]

    leaks = [
        cell
        for cell, got in cells.items()
        if cell[0].partition(":")[2].startswith(private) and got not in {"403", "404", "405"}
    ]

    own = {"members:expert-apply", "members:expert-nominate", "members:expert-own"} | OPEN_TO_EVERYBODY
    assert [cell for cell in leaks if not cell[0].endswith("-list") and cell[0] not in own] == []
