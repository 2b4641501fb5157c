"""Answers to the kernel's own signals from the side that knows Celery."""

import logging
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from kombu.exceptions import OperationalError

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


@receiver(job_queued)
def wake_worker(sender: Any, job_id: UUID, **_kwargs: Any) -> None:
    """Send the wake-up signal; a broker that is down costs a delay, never a job."""
    try:
        with run_job.app.connection_for_write(transport_options=IMPATIENT) as broker:
            run_job.apply_async((str(job_id),), connection=broker, retry=False)  # type: ignore[call-arg]
    except (OperationalError, OSError) as error:
        logger.warning("job %s waits for the sweeper, the broker does not answer: %s", job_id, error)
