"""Production starts with what it needs, or not at all and says why."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "0123456789abcdef" * 4,
    "FIELD_KEYS": "k1:" + "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_DEMO": "0",
}
ASK = """
import django
from django.test import Client
django.setup()
client = Client(headers={"host": "portal.example"})
print(*(client.get(path).status_code for path in ("/healthz", "/workbench/")))
"""


def python(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the production environment, with changes; an empty value takes a variable away."""
    environment = {**os.environ, **COMPLETE, **changes}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"PORTAL_DEMO": "1"},
            "PORTAL_DEMO signs anybody in by one click: production refuses to start with it.",
        ),
        ({"SECRET_KEY": ""}, "The environment variable SECRET_KEY is not set."),
        ({"FIELD_KEYS": ""}, "The environment variable FIELD_KEYS is not set."),
        ({"FIELD_KEYS": f"demo:{'0d' * 32}"}, "FIELD_KEYS are those of the demo, which everybody knows."),
        ({"FIELD_KEYS": "k1:short"}, "FIELD_KEYS must read id:64 hexadecimal digits, separated by commas."),
        ({"FIELD_ALGORITHM": "rot13"}, "FIELD_ALGORITHM='rot13' is none of aes-gcm, sm4-gcm."),
        (
            {"ALLOWED_HOSTS": ""},
            "ALLOWED_HOSTS names the hosts that the portal answers to; it is empty.",
        ),
        ({"SECURE_SSL_REDIRECT": "maybe"}, "SECURE_SSL_REDIRECT='maybe' is neither true nor false."),
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL must begin with postgres://, not sqlite://."),
    ],
)
def test_refuses_to_start(changes: dict[str, str], reason: str) -> None:
    done = python("-c", "import portal.settings.production", **changes)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"django.core.exceptions.ImproperlyConfigured: {reason}"


def test_health_is_asked_without_tls_and_everything_else_is_not() -> None:
    done = python("-c", ASK)

    assert (done.returncode, done.stdout) == (0, "200 301\n")
