"""The matrices notice: one permission line after the other is weakened, and each time they turn red."""

import pytest

from portal.kernel import authz
from tests.authorization import states, sweep
from tests.authorization.world import World
from tests.personas import Personas

ANYBODY = authz.Rule("anybody", lambda _user, _obj: True)

# A line of a room's permissions.py, and the kind of object whose states it governs.
LINES = (
    ("funding.submit_application", "application"),
    ("funding.recommend_application", "application"),
    ("funding.check_application", "application"),
    ("funding.grade_application", "application"),
    ("funding.decide_application", "application"),
    ("funding.score_review", "review"),
    ("funding.handle_objection", "objection"),
    ("funding.countersign_contract", "contract"),
    ("funding.approve_tranche", "tranche"),
    ("funding.pay_tranche", "tranche"),
    ("consortia.confirm_participation", "participation"),
    ("consortia.upgrade_consortium", "consortium"),
    ("reports.finalise_evaluation", "evaluation"),
)
# A line that no workflow asks, a persona who then gets further, and where.
DOORS = (
    ("members.view_audit", "officer", "reports:audit"),
    ("members.grant_role", "system_admin", "members:role"),
    ("funding.view_board", "acceptance", "funding:grading"),
    ("reports.export_funding", "expert", "reports:export"),
)


@pytest.mark.parametrize(("code", "kind"), LINES)
def test_a_weakened_step_shows(people: Personas, monkeypatch: pytest.MonkeyPatch, code: str, kind: str) -> None:
    monkeypatch.setitem(authz.PERMISSIONS, code, ANYBODY)

    found = states.cells(World(people), only=kind)

    kept = sweep.read("states")
    assert [
        (column, row) for column, cells in found.items() for row, cell in cells.items() if cell != kept[column][row]
    ] != []


@pytest.mark.parametrize(("code", "column", "where"), DOORS)
def test_a_weakened_door_shows(
    people: Personas, monkeypatch: pytest.MonkeyPatch, code: str, column: str, where: str
) -> None:
    monkeypatch.setitem(authz.PERMISSIONS, code, ANYBODY)

    found = sweep.seen(World(people), column, only=where)

    kept = {row: cell for row, cell in sweep.read("reach")[column].items() if row[0].startswith(where)}
    assert found.reach.keys() == kept.keys()
    assert found.reach != kept
