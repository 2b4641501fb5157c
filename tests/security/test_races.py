"""R-01, R-02, R-08, W-04, W-06 and W-11 in small: what the benchmarks of the same names do in full."""

import pytest

from tests.bench import deadline, decisions, jobs, overload, payments, submits

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


def test_w06_many_pay_at_once() -> None:
    figures = {name: value for name, value, _unit in payments.run(awards=6, control=6, kills=3)}
    wrong = (
        "double",
        "beyond_cap",
        "lost",
        "imbalance_fen",
        "paid_twice",
        "unpaid",
        "over_grant",
        "ledger_differs",
        "paid_by_the_approver",
        "entries_differ",
    )
    assert {name: figures[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert (figures["stopped_by_the_database_alone"], figures["tranches"], figures["attempts"]) == (0, 24, 120)
    assert figures["control_stopped_by_the_database_alone"] > 0


def test_w11_many_submit_around_the_deadline() -> None:
    figures = {name: value for name, value, _unit in deadline.run(clients=20, window=12.0)}
    wrong = ("lost", "taken_unsaid", "taken_late", "refused_early", "other_answers")
    assert {name: figures[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert figures["accepted"] + figures["refused"] == 20
    assert min(figures["accepted"], figures["refused"]) > 0


def test_r08_whoever_waits_too_long_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUEUE_SECONDS", "1")
    figures = {name: value for name, value, _unit in overload.run(seconds=3.0, factor=40)}
    wrong = ("lost", "doubled", "done_though_sent_away", "other_answers")
    assert {name: figures[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert figures["sent_away"] > 0
    assert figures["forms_done"] > 0
    assert figures["recovered_s"] < overload.PATIENCE
