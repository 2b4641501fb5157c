"""In small what the benchmarks `rush`, `rush-kill`, `scoring` and `applications` do in full."""

from importlib import import_module

import pytest

from tests.bench import applications, rush, scoring


@pytest.mark.django_db(transaction=True)
def test_enterprises_write_and_submit_at_once() -> None:
    figures = {name: value for name, value, _unit in rush.run(enterprises=6, window=6.0)}

    wrong = ("lost", "doubled", "errors", "submitted_unsaid")
    assert {name: figures[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert figures["submitted"] == 6


@pytest.mark.django_db(transaction=True)
def test_the_same_while_web_workers_are_killed() -> None:
    killing = import_module("tests.bench.rush-kill")
    figures = {name: value for name, value, _unit in killing.run(enterprises=6, window=6.0, pause=1.0)}

    wrong = ("receipts_without_snapshot", "snapshots_without_receipt_or_audit", "lost", "doubled", "errors")
    assert {name: figures[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert figures["submitted"] == 6
    assert figures["kills"] > 0


@pytest.mark.django_db(transaction=True)
def test_experts_score_at_once() -> None:
    figures = {name: value for name, value, _unit in scoring.run(experts=5, window=8.0)}

    assert {name: figures[name] for name in ("lost", "unrecorded", "errors")} == {
        "lost": 0, "unrecorded": 0, "errors": 0
    }  # fmt: skip
    assert figures["saves"] >= 5


@pytest.mark.django_db
def test_the_list_costs_the_same_queries_at_any_size() -> None:
    figures = {name: value for name, value, _unit in applications.run(small=60, large=1000)}

    assert figures["queries_60"] == figures["queries_1000"]
    assert figures["applications"] == 1001
    assert figures["page_spread"] > 0
