"""The matrices notice: one permission line after the other is weakened, and each time they turn red."""

import pytest
from django.db import transaction

from portal.kernel import authz
from tests.authorization import canaries, states, sweep
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
    ("consortia.decide_exit", "exit_case"),
    ("consortia.settle_departure", "departure"),
    ("consortia.publish_taxonomy", "taxonomy"),
    ("consortia.close_issue", "issue"),
    ("members.verify_year", "figures"),
    ("members.verify_qualification", "qualification"),
    ("members.suspend_organisation", "organisation"),
    ("members.admit_expert", "expert"),
    ("reports.finalise_evaluation", "evaluation"),
)
# A line that no workflow asks, a persona who then gets further, and where.
DOORS = (
    ("members.view_audit", "officer", "reports:audit"),
    ("members.grant_role", "system_admin", "members:role"),
    ("funding.view_board", "acceptance", "funding:grading"),
    ("reports.export_funding", "expert", "reports:export"),
)


def test_a_weakened_step_shows(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    world, kept = World(people), sweep.read("states")
    for column in sweep.COLUMNS:
        states.person(people, column)  # whoever is made below is undone with the rest
    for code, kind in LINES:
        with transaction.atomic(), monkeypatch.context() as weakened:
            weakened.setitem(authz.PERMISSIONS, code, ANYBODY)
            found = states.cells(world, only=kind)
            transaction.set_rollback(True)

        different = [
            (column, row) for column, cells in found.items() for row, cell in cells.items() if cell != kept[column][row]
        ]
        assert (code, different) != (code, [])


def test_a_weakened_door_shows(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(people)
    planted = canaries.plant(world)
    for code, column, where in DOORS:
        with monkeypatch.context() as weakened:
            weakened.setitem(authz.PERMISSIONS, code, ANYBODY)
            found = sweep.seen(world, planted, column, lambda name, where=where: name.startswith(where))

        kept = {row: cell for row, cell in sweep.read("reach")[column].items() if row[0].startswith(where)}
        assert found.reach.keys() == kept.keys()
        assert found.reach != kept
