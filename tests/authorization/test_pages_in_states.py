"""The pages of an object in each of its states, as three personas meet them; `bin/bench matrix` asks for all."""

import pytest

from tests.authorization import states
from tests.authorization.world import World
from tests.bench import matrix
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_the_pages_are_shut_and_open_as_the_states_say(people: Personas) -> None:
    counts = matrix.every_state(World(people), ("rival", "lead", "officer"), ("figures", "departure", "tranche"))

    assert counts["cells"] > 100
    assert (counts["holes"], counts["overblocks"]) == (0, 0)


def test_each_workflow_has_an_object_to_move(people: Personas) -> None:
    world = World(people)
    assert [name for name in states.WORKFLOWS if world.moved(name) is None] == []
