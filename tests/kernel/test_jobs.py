"""Jobs: wanted in a transaction, done once, whatever dies."""

import threading
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from portal.kernel import jobs
from portal.kernel.models import Job, Notification
from portal.kernel.models.job import JobState
from portal.kernel.tasks import run_job
from tests.clock import DAY, NOON
from tests.personas import Personas

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@jobs.handler("tests.double")
def double(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    progress(50, "Working")
    return {"double": job.params["number"] * 2}


@jobs.handler("tests.patient", lease=3 * MINUTE)
def patient(_job: Job, _progress: jobs.Progress) -> dict[str, Any]:
    return {}


@jobs.handler("tests.refuse")
def refuse(_job: Job, progress: jobs.Progress) -> dict[str, Any]:
    progress(30, "Working")
    raise jobs.JobFailed("The year is not closed yet.")


@jobs.handler("tests.break")
def break_down(_job: Job, _progress: jobs.Progress) -> dict[str, Any]:
    raise RuntimeError("password=secret")


@jobs.handler("tests.notice")
def notice(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Writes one row together with DONE; `meanwhile` lets a test do something just before."""
    MEANWHILE.get(job.params["meanwhile"], lambda _job: None)(job)
    with progress.finishing() as result:
        row = Notification.objects.create(recipient=job.requested_by, kind="tests.notice", params={"job": str(job.pk)})
        result["notice"] = str(row.pk)
        if job.params["meanwhile"] == "crash":
            raise RuntimeError
    return result


def take_over(job: Job) -> None:
    """What another worker does when our lease has run out."""
    Job.objects.filter(pk=job.pk).update(lease_until=NOON)
    assert jobs.claim(job.pk, NOON) is not None


MEANWHILE = {"take over": take_over, "cancel": lambda job: jobs.cancel(job=job, at=NOON)}


def wanted(kind: str = "tests.double", key: str = "", at: datetime = NOON, **facts: Any) -> Job:
    facts.setdefault("requested_by", None)
    return jobs.enqueue(kind=kind, key=key or str(uuid4()), params=facts.pop("params", {"number": 21}), at=at, **facts)


def reloaded(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


# --- asking ------------------------------------------------------------------------------------
def test_a_job_waits_until_it_is_run() -> None:
    job = reloaded(wanted())

    assert (job.state, job.attempts, job.progress, job.run_after, job.finished_at) == (
        JobState.QUEUED,
        0,
        0,
        NOON,
        None,
    )


def test_a_job_that_may_rest_is_left_to_the_sweeper(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as woken:
        job = wanted(rest=2 * MINUTE)

    assert (woken, jobs.sweep(NOON + MINUTE), jobs.sweep(NOON + 2 * MINUTE)) == ([], [], [job.pk])


def test_the_same_key_is_the_same_job() -> None:
    first = wanted(key="report:2025")

    second = wanted(key="report:2025", params={"number": 1})

    assert second == first
    assert reloaded(first).params == {"number": 21}


def test_a_key_cannot_serve_two_kinds() -> None:
    wanted(key="one")

    with pytest.raises(ValueError, match=r"belongs to a job of kind tests\.double"):
        wanted(kind="tests.refuse", key="one")


def test_a_kind_has_one_handler() -> None:
    with pytest.raises(ValueError, match="two handlers"):
        jobs.handler("tests.double")(double)


def test_the_signal_is_sent_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    heard: list[Any] = []

    def listener(job_id: Any, **_kwargs: Any) -> None:
        heard.append(job_id)

    jobs.job_queued.connect(listener)
    with django_capture_on_commit_callbacks(execute=True):
        job = wanted(key="once")
        wanted(key="once")
        assert heard == []
    jobs.job_queued.disconnect(listener)

    assert heard == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_fails_never_was() -> None:
    def ask_and_break() -> None:
        with transaction.atomic():
            wanted()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        ask_and_break()

    assert Job.objects.count() == 0


# --- doing -------------------------------------------------------------------------------------
def test_a_job_is_done_with_its_result() -> None:
    job = wanted()

    jobs.run(job.pk, NOON)

    job = reloaded(job)
    assert (job.state, job.result, job.progress, job.attempts, job.lease_until) == (
        JobState.DONE,
        {"double": 42},
        100,
        1,
        None,
    )
    assert job.started_at == NOON
    assert job.finished_at is not None
    assert NOON <= job.finished_at < NOON + MINUTE


def test_a_job_done_is_not_done_again() -> None:
    job = wanted()
    jobs.run(job.pk, NOON)
    done = reloaded(job)

    jobs.run(job.pk, NOON + DAY)

    assert reloaded(job).finished_at == done.finished_at
    assert reloaded(job).attempts == 1


def test_a_job_is_not_run_before_its_time() -> None:
    job = wanted()

    jobs.run(job.pk, NOON - SECOND)

    assert reloaded(job).state == JobState.QUEUED


def test_a_job_that_does_not_exist_is_nothing() -> None:
    assert jobs.claim(uuid4(), NOON) is None


def test_two_workers_cannot_take_the_same_job() -> None:
    job = wanted()

    first, second = jobs.claim(job.pk, NOON), jobs.claim(job.pk, NOON)

    assert first is not None
    assert second is None


def test_progress_is_seen_and_renews_the_lease() -> None:
    progress = jobs.claim(wanted().pk, NOON)
    assert progress is not None
    progress.at = NOON + 30 * SECOND

    progress(140, "Rendering pages")

    job = reloaded(progress.job)
    assert (job.progress, job.step) == (100, "Rendering pages")
    assert job.lease_until is not None
    assert NOON + 30 * SECOND + jobs.LEASE <= job.lease_until < NOON + MINUTE + jobs.LEASE


def test_a_silent_step_keeps_its_job_for_as_long_as_its_handler_may_be_silent() -> None:
    progress = jobs.claim(wanted("tests.patient").pk, NOON)
    assert progress is not None
    leases = []

    for passed in (20, 170, 200):
        progress.at = NOON + passed * SECOND
        progress.renew()
        leases.append(reloaded(progress.job).lease_until)

    assert leases[0] is not None
    assert NOON + 50 * SECOND <= leases[0] < NOON + 51 * SECOND
    assert leases[1:] == [NOON + 180 * SECOND] * 2


def test_a_sign_of_life_takes_no_job_back() -> None:
    job = wanted()
    slow = jobs.claim(job.pk, NOON)
    assert slow is not None
    take_over(job)
    lease = reloaded(job).lease_until

    slow.renew()

    assert (reloaded(job).lease_until, reloaded(job).attempts) == (lease, 2)


@pytest.mark.django_db(transaction=True)
def test_a_working_worker_renews_its_lease_by_itself_and_leaves_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
    progress = jobs.claim(wanted().pk, NOON)
    assert progress is not None
    first, before = reloaded(progress.job).lease_until, threading.active_count()

    with progress.beating():
        time.sleep(0.6)
    last = reloaded(progress.job).lease_until

    assert first is not None
    assert last is not None
    assert (last > first + timedelta(seconds=0.1), threading.active_count()) == (True, before)


@pytest.mark.django_db(transaction=True)
def test_the_last_write_is_never_held_up_by_a_sign_of_life() -> None:
    progress = jobs.claim(wanted().pk, NOON)
    assert progress is not None

    with progress.finishing():
        thread = threading.Thread(target=renew_and_close, args=(progress,))
        thread.start()
        thread.join(10)

    assert not thread.is_alive()
    assert reloaded(progress.job).state == JobState.DONE


def renew_and_close(progress: jobs.Progress) -> None:
    progress.renew()
    connection.close()


# --- failing -----------------------------------------------------------------------------------
def test_a_failed_attempt_is_tried_again_later() -> None:
    job = wanted("tests.break")

    jobs.run(job.pk, NOON)

    job = reloaded(job)
    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 1, jobs.UNEXPECTED)
    assert NOON + jobs.BACK_OFF <= job.run_after < NOON + jobs.BACK_OFF + MINUTE


def test_the_last_attempt_fails_the_job_without_giving_the_secret_away() -> None:
    job = wanted("tests.break")

    for day in range(3):
        jobs.run(job.pk, NOON + day * DAY)

    job = reloaded(job)
    assert (job.state, job.attempts, job.error) == (JobState.FAILED, 3, jobs.UNEXPECTED)
    assert job.finished_at is not None


def test_a_reasoned_failure_says_its_reason() -> None:
    job = wanted("tests.refuse", max_attempts=1)

    jobs.run(job.pk, NOON)

    assert (reloaded(job).state, reloaded(job).error) == (JobState.FAILED, "The year is not closed yet.")


def test_a_kind_without_handler_fails_and_does_not_break_the_worker() -> None:
    job = wanted("tests.nobody", max_attempts=1)

    jobs.run(job.pk, NOON)

    assert reloaded(job).state == JobState.FAILED


def test_the_error_is_read_in_the_readers_language() -> None:
    job = Job(error=jobs.UNEXPECTED)

    with translation.override("en"):
        assert job.error_text == jobs.UNEXPECTED
    with translation.override("zh-hans"):
        assert job.error_text == "系统内部出错，详情见技术日志。"


def test_retry_gives_a_failed_job_three_more_attempts() -> None:
    job = wanted("tests.break", max_attempts=1)
    jobs.run(job.pk, NOON)

    first, second = jobs.retry(job=job, at=NOON + DAY), jobs.retry(job=job, at=NOON + DAY)

    assert (first, second) == (True, False)
    job = reloaded(job)
    assert (job.state, job.attempts, job.max_attempts, job.run_after) == (JobState.QUEUED, 1, 4, NOON + DAY)


# --- dying -------------------------------------------------------------------------------------
def test_a_job_left_by_a_dead_worker_is_done_by_the_next() -> None:
    job = wanted()
    assert jobs.claim(job.pk, NOON) is not None

    jobs.run(job.pk, NOON + jobs.LEASE - SECOND)
    early = reloaded(job).state
    jobs.run(job.pk, NOON + jobs.LEASE)

    assert (early, reloaded(job).state, reloaded(job).attempts) == (JobState.RUNNING, JobState.DONE, 2)


def test_a_job_that_kills_its_worker_every_time_is_given_up() -> None:
    job = wanted(max_attempts=2)
    for day in range(2):
        assert jobs.claim(job.pk, NOON + day * DAY) is not None

    due = jobs.sweep(NOON + 3 * DAY)

    assert due == []
    assert (reloaded(job).state, reloaded(job).error) == (JobState.FAILED, jobs.INTERRUPTED)


def test_a_worker_that_lost_its_lease_writes_nothing() -> None:
    job = wanted()
    slow = jobs.claim(job.pk, NOON)
    jobs.run(job.pk, NOON + jobs.LEASE)
    assert slow is not None

    with pytest.raises(jobs.LeaseLost):
        slow(90, "Late")
    with pytest.raises(jobs.LeaseLost):
        slow.finish({"double": 0})
    with pytest.raises(jobs.LeaseLost):
        slow.fail("late")

    assert (reloaded(job).state, reloaded(job).result) == (JobState.DONE, {"double": 42})


@pytest.mark.parametrize("meanwhile", ["take over", "cancel"])
def test_effects_are_not_written_once_the_job_is_no_longer_ours(people: Personas, meanwhile: str) -> None:
    job = wanted("tests.notice", params={"meanwhile": meanwhile}, requested_by=people.officer)

    jobs.run(job.pk, NOON)

    assert Notification.objects.count() == 0
    assert reloaded(job).state != JobState.DONE


def test_effects_and_done_are_one(people: Personas) -> None:
    job = wanted("tests.notice", params={"meanwhile": ""}, requested_by=people.officer)

    jobs.run(job.pk, NOON)

    assert reloaded(job).result == {"notice": str(Notification.objects.get().pk)}
    assert reloaded(job).state == JobState.DONE


def test_a_crash_among_the_effects_undoes_them(people: Personas) -> None:
    job = wanted("tests.notice", params={"meanwhile": "crash"}, requested_by=people.officer)

    jobs.run(job.pk, NOON)

    assert Notification.objects.count() == 0
    assert reloaded(job).state == JobState.QUEUED


# --- cancelling --------------------------------------------------------------------------------
def test_a_waiting_job_is_cancelled_at_once() -> None:
    job = wanted()

    first, second = jobs.cancel(job=job, at=NOON), jobs.cancel(job=job, at=NOON)
    jobs.run(job.pk, NOON)

    assert (first, second) == (True, False)
    assert (reloaded(job).state, reloaded(job).finished_at, reloaded(job).attempts) == (JobState.CANCELLED, NOON, 0)


def test_a_job_done_cannot_be_cancelled() -> None:
    job = wanted()
    jobs.run(job.pk, NOON)

    assert jobs.cancel(job=job, at=NOON) is False
    assert reloaded(job).state == JobState.DONE


# --- many at once ------------------------------------------------------------------------------
def test_many_are_asked_for_in_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        made = jobs.enqueue_all(
            kind="tests.double", wanted={f"d-{n}": {"number": n} for n in range(50)}, requested_by=None, at=NOON
        )

    jobs.run(made[7].pk, NOON)

    assert (reloaded(made[7]).key, reloaded(made[7]).result) == ("d-7", {"double": 14})
    assert set(jobs.sweep(NOON)) == {job.pk for job in made} - {made[7].pk}


def test_held_jobs_wait_until_they_are_released() -> None:
    job, other = wanted(), wanted()
    mine = Job.objects.filter(pk=job.pk)

    held = jobs.hold_all(wanted=mine), jobs.hold_all(wanted=mine)
    jobs.run(job.pk, NOON)
    waiting = jobs.sweep(NOON + DAY)
    released = jobs.release_all(wanted=mine, at=NOON + DAY), jobs.release_all(wanted=mine, at=NOON + DAY)
    jobs.run(job.pk, NOON + DAY)

    assert (held, waiting, released) == ((1, 0), [other.pk], (1, 0))
    assert (reloaded(job).state, reloaded(other).state) == (JobState.DONE, JobState.QUEUED)


def test_who_is_at_work_is_not_held() -> None:
    job = wanted()
    at_work = jobs.claim(job.pk, NOON)
    assert at_work

    assert jobs.hold_all(wanted=Job.objects.filter(pk=job.pk)) == 0
    jobs.attempt(at_work)

    assert reloaded(job).state == JobState.DONE


def test_a_handler_that_holds_its_job_loses_no_attempt() -> None:
    job = wanted("tests.double", max_attempts=1)
    at_work = jobs.claim(job.pk, NOON)
    assert at_work

    at_work.hold()
    held = reloaded(job).state
    jobs.release_all(wanted=Job.objects.filter(pk=job.pk), at=NOON)
    jobs.run(job.pk, NOON)

    assert (held, reloaded(job).state) == (JobState.HELD, JobState.DONE)
    with pytest.raises(jobs.LeaseLost):
        at_work(50, "too late")


def test_a_cancelled_job_is_tried_again_only_where_that_is_meant() -> None:
    job = wanted()
    jobs.cancel_all(wanted=Job.objects.filter(pk=job.pk), at=NOON)

    assert (jobs.retry(job=job, at=NOON), jobs.retry(job=job, at=NOON, cancelled=True)) == (False, True)
    assert reloaded(job).state == JobState.QUEUED


# --- sweeping ----------------------------------------------------------------------------------
def test_the_sweep_finds_what_is_due_longest_waiting_first() -> None:
    late, early = wanted(at=NOON), wanted(at=NOON - DAY)
    wanted(at=NOON + SECOND)
    jobs.run(wanted().pk, NOON)
    abandoned = wanted(at=NOON - 2 * DAY)
    assert jobs.claim(abandoned.pk, NOON - DAY) is not None
    busy = wanted(at=NOON - 2 * DAY)
    assert jobs.claim(busy.pk, NOON - SECOND) is not None

    assert jobs.sweep(NOON) == [abandoned.pk, early.pk, late.pk]
    assert jobs.sweep(NOON, limit=1) == [abandoned.pk]


def test_the_task_does_a_job() -> None:
    job = wanted(at=NOON - 365 * DAY)

    run_job(str(job.pk))

    assert reloaded(job).state == JobState.DONE


def test_one_sees_only_ones_own_jobs(people: Personas) -> None:
    own = wanted(requested_by=people.officer)
    wanted(requested_by=people.head)

    assert list(Job.objects.visible_to(people.officer)) == [own]


# --- what must always be true ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "LOST"}, "job_state_is_known"),
        ({"progress": 101}, "job_progress_is_a_percentage"),
        ({"attempts": 4}, "job_attempts_within_limit"),
        ({"state": JobState.RUNNING}, "job_running_iff_leased"),
        ({"lease_until": NOON}, "job_running_iff_leased"),
        ({"state": JobState.DONE, "progress": 100}, "job_ended_iff_finished_at"),
        ({"finished_at": NOON}, "job_ended_iff_finished_at"),
        ({"state": JobState.DONE, "finished_at": NOON, "progress": 99}, "job_done_is_complete"),
        ({"state": JobState.FAILED, "finished_at": NOON, "error": ""}, "job_failed_says_why"),
    ],
)
def test_the_database_refuses(change: dict[str, Any], constraint: str) -> None:
    job = wanted()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**change)


def test_the_database_refuses_a_second_job_of_a_key() -> None:
    job = wanted()

    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        Job.objects.create(kind="tests.double", key=job.key, run_after=NOON)
