"""What Celery carries: the id of a job, or the order to look for forgotten ones."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from portal.kernel import audit_chain, clocks, idempotency, jobs, mailing, outbox, pulses, saved_filters, upkeep
from portal.kernel import mail as mail  # registers its handler

PULSE_EVERY = timedelta(minutes=1)
SWEEP_EVERY = timedelta(seconds=15)
WATCH_EVERY = timedelta(minutes=5)
MAIL_EVERY = timedelta(seconds=30)
ORPHAN_AGE = timedelta(hours=24)


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_job(job_id: str) -> None:
    """Do one job, if it still needs doing."""
    jobs.run(UUID(job_id), timezone.now())


@shared_task(ignore_result=True, expires=SWEEP_EVERY.total_seconds())
def sweep_jobs() -> None:
    """Wake workers for whatever is due: the broker may have forgotten it.

    The signals expire, so that a long backlog is not announced again and again.
    """
    for job_id in jobs.sweep(timezone.now()):
        run_job.apply_async((str(job_id),), expires=SWEEP_EVERY.total_seconds())


@shared_task(ignore_result=True)
def sweep_forms() -> None:
    """Forget the keys of forms sent before yesterday."""
    idempotency.expire(timezone.now())


@shared_task(ignore_result=True)
def sweep_files() -> None:
    """Remove what uploads that were cut off left behind."""
    upkeep.remove_orphans(timezone.now() - ORPHAN_AGE)


@shared_task(ignore_result=True, expires=60)
def scan_files() -> None:
    """Have the virus scanner see what was uploaded while it was away."""
    upkeep.scan_waiting(at=timezone.now())


@shared_task(ignore_result=True)
def verify_files() -> None:
    """Compare every stored file with its hash."""
    upkeep.verify_all(at=timezone.now())


@shared_task(ignore_result=True, expires=WATCH_EVERY.total_seconds())
def watch_audit() -> None:
    """Verify the audit trail; anchor its head, or raise the alarm."""
    audit_chain.watch(at=timezone.now())


@shared_task(ignore_result=True, expires=PULSE_EVERY.total_seconds())
def feel_pulse() -> None:
    """Measure whether the portal is there."""
    alive = pulses.answers()
    pulses.beat(at=clocks.database_now(), alive=alive)


@shared_task(ignore_result=True)
def tell_of_gains() -> None:
    """Tell people what is new in the views that they watch."""
    saved_filters.tell_of_gains(at=timezone.now())


@shared_task(ignore_result=True, expires=MAIL_EVERY.total_seconds())
def mail_urgent_notices() -> None:
    """Mail what is not to wait for the daily mail."""
    mailing.mail_urgent_notices(at=timezone.now())


@shared_task(ignore_result=True)
def mail_digests() -> None:
    """The daily mail, once its hour has come."""
    mailing.mail_digests(at=timezone.now())


@shared_task(ignore_result=True)
def sweep_letters() -> None:
    """Forget mails that were sent long ago."""
    outbox.sweep_letters(at=timezone.now())
