"""What beat asks for."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from portal.kernel import jobs
from portal.kernel.models import Job
from portal.kernel.models.job import JobState
from portal.kernel.tasks import ORPHAN_AGE, run_job, sweep_files, sweep_jobs
from tests.clock import DAY

pytestmark = pytest.mark.django_db


def test_the_sweep_is_asked_for_oftener_than_a_lease_runs_out() -> None:
    beat: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE

    assert beat["sweep-jobs"]["task"] == sweep_jobs.name
    assert beat["sweep-jobs"]["schedule"] < jobs.LEASE


def test_a_signal_is_acknowledged_only_after_the_work() -> None:
    assert (run_job.acks_late, run_job.reject_on_worker_lost) == (True, True)


def test_the_sweep_gives_up_what_died_too_often() -> None:
    job = jobs.enqueue(
        kind="tests.dead", key="k", params={}, requested_by=None, at=timezone.now() - DAY, max_attempts=1
    )
    assert jobs.claim(job.pk, timezone.now() - DAY) is not None

    sweep_jobs()

    assert Job.objects.get().state == JobState.FAILED


def test_the_sweep_of_files_spares_what_is_young(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    old, young = tmp_path / ".incoming/old", tmp_path / ".incoming/young"
    old.parent.mkdir()
    for path, age in ((old, ORPHAN_AGE * 1.1), (young, ORPHAN_AGE * 0.9)):
        path.write_bytes(b"x")
        os.utime(path, times=((timezone.now() - age).timestamp(),) * 2)

    sweep_files()

    assert (old.exists(), young.exists()) == (False, True)
