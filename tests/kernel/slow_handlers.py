"""A handler that takes its time, for a worker that is killed meanwhile (loaded by `celery --include`)."""

import time
from datetime import timedelta
from typing import Any

from members.models import User
from portal.kernel import jobs
from portal.kernel.models import Job, Notification

STEPS = 20


@jobs.handler("tests.slow", lease=timedelta(seconds=2))
def slow(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    for step in range(STEPS):
        progress(step * 100 // STEPS, "Working")
        time.sleep(0.1)
    with progress.finishing() as result:
        recipient = User.objects.get(pk=job.params["recipient"])
        Notification.objects.create(recipient=recipient, kind="tests.slow", params={"job": str(job.pk)})
        result["attempt"] = job.attempts
    return result


@jobs.handler("tests.brief", lease=timedelta(seconds=3))
def brief(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """A short piece of work whose effect can be counted."""
    time.sleep(0.02)
    with progress.finishing() as result:
        recipient = User.objects.get(pk=job.params["recipient"])
        Notification.objects.create(recipient=recipient, kind="tests.brief", params={"job": str(job.pk)})
        result["attempt"] = job.attempts
    return result
