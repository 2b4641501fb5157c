"""How long the portal was away: asked once a minute as its users ask, and by the silence between two answers."""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import transaction

from portal.kernel import health
from portal.kernel.models import AuditEntry, Outage, Pulse

logger = logging.getLogger(__name__)

PORTAL = "portal"
SILENCE = timedelta(minutes=3)  # more between two pulses is an outage, unless somebody could work meanwhile
PATIENCE = 10  # seconds that an answer may take


def answers() -> bool:
    """Whether the portal serves people now: its web processes, or where no address is set what they need."""
    if settings.PULSE_URL:
        return health.holds(served)
    return all(health.holds(need) for need in health.NEEDS)


def served() -> bool:
    """The web processes say that they are ready."""
    if urlsplit(settings.PULSE_URL).scheme not in {"http", "https"}:
        raise ValueError("PULSE_URL is no web address")
    asked = Request(settings.PULSE_URL, headers={"Host": urlsplit(settings.PUBLIC_URL).netloc})  # noqa: S310
    with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - the scheme is looked at above
        return bool(answer.status == 200)


@transaction.atomic
def beat(*, at: datetime, alive: bool) -> Outage | None:
    """Write down that the portal answered at this moment, or not; the outage that began or ended with it.

    Told out of order, an earlier moment changes nothing.
    """
    pulse, fresh = Pulse.objects.select_for_update().get_or_create(name=PORTAL, defaults={"at": at})
    if not fresh and at <= pulse.at:
        return None
    found = (_end if alive else _begin)(pulse.at, at)
    if alive:
        Pulse.objects.filter(name=PORTAL).update(at=at)
    return found


def _begin(last: datetime, at: datetime) -> Outage | None:
    """It counts from the last answer: nobody knows since when there was none."""
    if at == last or Outage.objects.filter(ended_at=None).exists():
        return None
    logger.error("the portal does not answer since %s", last.isoformat())
    return Outage.objects.create(started_at=last, created_at=at)


def _end(last: datetime, at: datetime) -> Outage | None:
    running = Outage.objects.filter(ended_at=None).first()
    if running:
        running.ended_at = at
        running.save(update_fields=["ended_at"])
        return running
    if at - last <= SILENCE or _worked(last, at):
        return None
    return Outage.objects.create(started_at=last, ended_at=at, created_at=at)


def _worked(after: datetime, before: datetime) -> bool:
    """Somebody did something meanwhile: it was only the watch that slept."""
    return AuditEntry.objects.filter(at__gt=after, at__lt=before, actor__isnull=False).exists()
