"""Answers to the kernel's own signals from the side that knows Celery."""

import logging
import time
from typing import Any
from uuid import UUID

from celery.signals import task_postrun, task_prerun
from django.dispatch import receiver
from kombu.exceptions import OperationalError
from kombu.pools import producers

from portal.kernel import origin
from portal.kernel.jobs import job_queued
from portal.kernel.tasks import run_job

logger = logging.getLogger(__name__)

# The request waits for this, so a broker that does not answer is left alone within about two seconds.
IMPATIENT = {
    "max_retries": 0,
    "interval_start": 0,
    "connect_retries_timeout": 1,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
}
PAUSE = 10.0  # seconds in which a broker that failed is not called again: the sweeper finds what waits


class BrokerAway:
    """Until when (monotonic seconds) this process leaves the broker alone."""

    until = 0.0


broker_away = BrokerAway()


@receiver(job_queued)
def wake_worker(sender: Any, job_id: UUID, **_kwargs: Any) -> None:
    """Send the wake-up signal; a broker that is down costs a delay, never a job."""
    if time.monotonic() < broker_away.until:
        return
    try:
        broker = run_job.app.connection_for_write(transport_options=IMPATIENT)
        with producers[broker].acquire(block=True) as producer:
            run_job.apply_async((str(job_id),), producer=producer, retry=False)
    except (OperationalError, OSError) as error:
        broker_away.until = time.monotonic() + PAUSE
        logger.warning("job %s waits for the sweeper, the broker does not answer: %s", job_id, error)


@task_prerun.connect
def arrive(task_id: str, task: Any, args: Any = (), **_kwargs: Any) -> None:
    """What a task does comes from that task; of its arguments only the first, an id, is told."""
    name = " ".join([task.name, *map(str, args[:1])])
    task.request.origin = origin.enter(origin.of_job(name, task_id))


@task_postrun.connect
def depart(task: Any, **_kwargs: Any) -> None:
    """The worker's process goes on to the next task."""
    origin.leave(task.request.origin)
