"""Under pytest: real PostgreSQL and Redis, cheap hashing, files in a directory of the test run."""

import os
import tempfile
from pathlib import Path

from portal.settings import env
from portal.settings.base import *  # noqa: F403
from portal.settings.base import CACHES, DATABASES, REDIS_URL, TEMPLATES, VAR

# Each process of pytest-xdist empties a Redis database of its own, which the processes that it starts share.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if WORKER and os.environ.get("REDIS_URL_OF_WORKER") != WORKER:
    server, _, number = REDIS_URL.rpartition("/")
    REDIS_URL = f"{server}/{int(number) + int(WORKER.removeprefix('gw'))}"
    os.environ |= {"REDIS_URL": REDIS_URL, "REDIS_URL_OF_WORKER": WORKER}
CACHES["default"]["LOCATION"] = CELERY_BROKER_URL = REDIS_URL

# Copying a database takes a second, the migrations half a minute.
DATABASES["default"]["TEST"] = {"TEMPLATE": env.text("TEST_TEMPLATE", "") or None}

SECRET_KEY = "tests-only-" + "k" * 50
FIELD_KEYS = {"new": b"n" * 32, "old": b"o" * 32}
DEMO = True
UNSAFE_DATABASE = env.flag("PORTAL_UNSAFE_DATABASE", default=True)  # a test's cluster is thrown away
STYLEGUIDE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
EMAIL_FILE_PATH = Path(env.text("TEST_MAIL", str(VAR / "mail")))
# A worker that a test starts shares the files of its test.
MEDIA_ROOT = Path(os.environ.get("TEST_MEDIA_ROOT") or tempfile.mkdtemp(prefix="portal-media-"))
AUDIT_ANCHOR = Path(os.environ.get("AUDIT_ANCHOR") or f"{tempfile.mkdtemp(prefix='portal-anchor-')}/audit.jsonl")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
