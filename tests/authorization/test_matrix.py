"""Who reaches what: the whole matrix, cell by cell.

`matrix.csv` is read by people: one row for each address and method, one column for each persona. A new
address without a row fails, and so does a row without an address. After a deliberate change run
`python -m tests.authorization.rewrite` and read the difference.
"""

import pytest

from tests.authorization import sweep
from tests.authorization.world import World
from tests.personas import Personas

OPEN_TO_EVERYBODY = {
    "public-home",
    "healthz",
    "readyz",
    "set_language",
    "demo",
    "styleguide",
    "members:register",
    "members:invitation-accept",
    "consortia:public-consortium-list",
    "consortia:public-consortium-detail",
    "funding:call-list",
    "funding:call-detail",
    "funding:notice-list",
    "funding:notice-detail",
    "funding:notice-object",
    "funding:notice-received",
    "api:call-list",
    "api:call-detail",
}


def test_every_address_stands_in_the_matrix_and_no_other() -> None:
    rows = {name for _method, name in sweep.expected()["anonymous"]}

    assert rows == set(sweep.names())


@pytest.mark.parametrize("column", sweep.COLUMNS)
def test_each_persona_reaches_what_the_matrix_says(people: Personas, column: str) -> None:
    world = World(people)
    expected = sweep.expected()[column]

    answers = sweep.answers(world, column)

    wrong = {cell: (expected[cell], got) for cell, got in answers.items() if expected[cell] != got}
    assert wrong == {}


def test_no_cell_of_the_matrix_is_a_server_error() -> None:
    broken = [
        (column, cell)
        for column, cells in sweep.expected().items()
        for cell, got in cells.items()
        if got.startswith("5")
    ]

    assert broken == []


def test_signed_out_only_what_is_public_opens() -> None:
    opened = {name for (_method, name), got in sweep.expected()["anonymous"].items() if got in {"200", "302"}}

    assert opened == OPEN_TO_EVERYBODY & opened
    assert opened >= OPEN_TO_EVERYBODY - {"set_language"}


def test_a_rival_opens_no_object_of_the_lead() -> None:
    """Whatever names an object of the lead answers 404 or 403; what is public or the rival's own is left out."""
    private = (
        "participation",
        "agreement",
        "technology",
        "task",
        "milestone",
        "outcome",
        "platform",
        "fund",
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
    cells = sweep.expected()["rival"]

    leaks = [
        cell
        for cell, got in cells.items()
        if cell[1].partition(":")[2].startswith(private) and got not in {"403", "404", "405"}
    ]

    assert [cell for cell in leaks if not cell[1].endswith("-list")] == []
