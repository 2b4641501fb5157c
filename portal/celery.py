"""The Celery application: `celery -A portal.celery worker`."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

NICENESS = 15  # whoever waits for a page comes first

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.kernel", "members", "consortia", "funding", "reports"])


@setup_logging.connect
def log_like_the_portal(**_kwargs: Any) -> None:
    """Instead of Celery's own: the same lines, with the id of the job, from every process."""
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
def check_the_ground(**_kwargs: Any) -> None:
    """A worker starts on a database that keeps what it is told, or not at all."""
    app.loader.import_module("portal.kernel.checks").refuse_unsafe_start()


@worker_process_init.connect
def step_back(**_kwargs: Any) -> None:
    """What is done in the background takes the processor that nobody waits for."""
    os.nice(NICENESS)
