"""R-01, R-02 and W-04 in small: what the benchmarks of the same names do in full."""

import pytest

from tests.bench import decisions, jobs, submits

pytestmark = pytest.mark.django_db(transaction=True)


def test_r01_web_workers_are_killed_while_forms_are_sent() -> None:
    figures = {name: value for name, value, _unit in submits.run(forms=60, kills=3)}
    assert (figures["lost"], figures["doubled"], figures["forms"]) == (0, 0, 60)
    assert figures["kills"] >= 3


def test_r02_workers_are_killed_and_redis_is_emptied_among_jobs() -> None:
    figures = {name: value for name, value, _unit in jobs.run(number=40, kills=2, emptied=1)}
    assert (figures["lost"], figures["done_twice"], figures["without_effect"]) == (0, 0, 0)
    assert (figures["kills"], figures["emptied"]) == (2, 1)


def test_w04_many_officials_decide_at_once() -> None:
    figures = {name: value for name, value, _unit in decisions.run(cases=12, control=12)}
    assert (figures["decided_twice"], figures["undecided"]) == (0, 0)
    assert figures["control_decided_twice"] > 0
