"""Whether this process lives, and whether it can do its work: for load balancers, containers and bin/up."""

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


def database() -> bool:
    """PostgreSQL answers a question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def migrations() -> bool:
    """The database has the shape that this code expects."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def redis() -> bool:
    """Redis takes a value and gives it back."""
    cache.set("health", "1", timeout=60)
    return bool(cache.get("health") == "1")


NEEDS: tuple[Callable[[], bool], ...] = (database, migrations, redis)


def holds(need: Callable[[], bool]) -> bool:
    """The answer to one question; a fault of any kind is a no, told to the log and not to the public."""
    try:
        return need()
    except Exception:
        logger.exception("not ready: %s", need.__name__)
        return False


@never_cache
@login_not_required
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "alive"})


@never_cache
@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when everything that a request may need is there, else 503; which of them fails stands in the body."""
    found = {need.__name__: holds(need) for need in NEEDS}
    return JsonResponse(found, status=200 if all(found.values()) else 503)
