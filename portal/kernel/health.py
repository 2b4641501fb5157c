"""Whether this process lives, and whether it can do its work: for load balancers, containers and bin/up."""

import logging
import os
import secrets
from collections.abc import Callable
from functools import cache as remembered
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe
from redis import Redis

from portal.kernel import antivirus
from portal.kernel.checks import switched_off

logger = logging.getLogger(__name__)

PROBES = {"healthz", "readyz", "metrics"}
PATIENCE = 1.0  # seconds that Redis may take


def database() -> bool:
    """PostgreSQL answers a question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def durable() -> bool:
    """PostgreSQL writes before it says so."""
    return settings.UNSAFE_DATABASE or not switched_off("default")


@remembered
def known_migrations() -> frozenset[tuple[str, str]]:
    """Those that this code has; they do not change while it runs."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def migrations() -> bool:
    """The database has the shape that this code expects."""
    return known_migrations() <= set(MigrationRecorder(connection).applied_migrations())


def storage() -> bool:
    """A file can be written and is on the disk."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f".ready-{secrets.token_hex(8)}"
    try:
        with probe.open("wb") as file:
            file.write(b"ready")
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)
    return True


def redis() -> bool:
    """Redis answers. Without it jobs start seconds later and each process counts attempts for itself; no more."""
    with Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
        return bool(client.ping())


NEEDS: tuple[Callable[[], bool], ...] = (database, durable, migrations, storage)


def scanner() -> bool:
    """The virus scanner answers. Without one, files say that nobody scanned them; while it is away, they wait."""
    return antivirus.answers(PATIENCE)


HELPS: tuple[Callable[[], bool], ...] = (redis, scanner)


def holds(need: Callable[[], bool]) -> bool:
    """The answer to one question; a fault of any kind is a no, told to the log and not to the public."""
    try:
        return need()
    except Exception:
        logger.exception("not ready: %s", need.__name__)
        return False


class Probes:
    """Before sessions: whoever asks how the portal is, is nobody. A cookie would lead to the database, maybe away.

    No answer is kept, not even that there is nothing here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.strip("/") not in PROBES:
            return self.get_response(request)
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        response = self.get_response(request)
        add_never_cache_headers(response)
        return response


@login_not_required
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when everything that a request needs is there, else 503; what fails, or only helps and fails, is named."""
    needed = {need.__name__: holds(need) for need in NEEDS}
    helping = {help_.__name__: holds(help_) for help_ in HELPS}
    return JsonResponse({**needed, **helping}, status=200 if all(needed.values()) else 503)
