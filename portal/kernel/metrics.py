"""Figures for whoever watches, in the text format of Prometheus.

Requests are counted in every web process; what the database knows is asked when somebody looks. Without the token of
the setting METRICS_TOKEN the address does not exist.
"""

import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from portal.kernel.audit_anchor import AnchorDamaged, latest
from portal.kernel.models import AuditEntry
from portal.kernel.models.job import Job, JobState

logger = logging.getLogger(__name__)

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)  # seconds

REQUESTS = Counter("portal_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram("portal_request_seconds", "Time to the answer.", ["view"], buckets=BUCKETS)


def count(*, view: str, method: str, status: int, seconds: float) -> None:
    """One request, when it is answered."""
    REQUESTS.labels(view, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(view).observe(seconds)


def gauge(name: str, text: str, values: Iterable[tuple[dict[str, str], float]]) -> GaugeMetricFamily:
    """One figure with its labels."""
    values = list(values)
    family = GaugeMetricFamily(f"portal_{name}", text, labels=list(values[0][0]) if values else [])
    for labels, value in values:
        family.add_metric(list(labels.values()), value)
    return family


def jobs(now: datetime) -> Iterator[GaugeMetricFamily]:
    """How many there are in each state, and how long the oldest of each kind has been due: the lag of the outbox."""
    states = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    yield gauge("jobs", "Jobs by state.", (({"state": state}, states.get(state, 0)) for state in JobState.values))
    due = Job.objects.due(now).order_by().values_list("kind").annotate(Min("run_after"))
    lags = [({"kind": kind}, (now - since).total_seconds()) for kind, since in due]
    yield gauge("job_lag_seconds", "How long the oldest due job of a kind has waited.", lags)
    longest = max((seconds for _kind, seconds in lags), default=0.0)
    yield gauge("outbox_lag_seconds", "How long the oldest due job has waited.", [({}, longest)])


def audit(now: datetime) -> Iterator[GaugeMetricFamily]:
    """How long the trail is, and since when nobody has verified it."""
    last = AuditEntry.objects.order_by("-id").values_list("id").first()
    yield gauge("audit_entries", "Number of the last entry of the audit trail.", [({}, last[0] if last else 0)])
    if anchor := latest():
        age = (now - datetime.fromisoformat(anchor.at)).total_seconds()
        yield gauge("audit_verified_age_seconds", "Since the trail was last found sound.", [({}, age)])


def storage(_now: datetime) -> Iterator[GaugeMetricFamily]:
    """Room for files."""
    free = shutil.disk_usage(settings.MEDIA_ROOT).free
    yield gauge("storage_free_bytes", "Free space where files are kept.", [({}, free)])


SOURCES = [jobs, audit, storage]


class Asked:
    """What is found out when somebody looks; a source that cannot be asked is left out, and the rest is told."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now, up = timezone.now(), 1
        for source in SOURCES:
            try:
                yield from list(source(now))
            except (DatabaseError, InterfaceError):
                up = 0
            except (OSError, AnchorDamaged):
                logger.exception("figures of %s are missing", source.__name__)
        yield gauge("database_up", "Whether the database answers.", [({}, up)])


def registry() -> Any:
    """The figures of this process, or of all processes of the web server."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def allowed(request: HttpRequest) -> bool:
    """Whether the request carries the token; nobody may while there is none."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and compare_digest(given.encode(), settings.METRICS_TOKEN.encode())


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All figures as text."""
    if not allowed(request):
        raise Http404
    own = CollectorRegistry()
    own.register(Asked())
    return HttpResponse(generate_latest(registry()) + generate_latest(own), content_type=CONTENT_TYPE_LATEST)
