"""A database or cache that is away is a 503 page."""

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path

from members.models import User
from portal.urls import urlpatterns as ours
from tests.factories.members import make_user


def away(_request: object) -> None:
    raise OperationalError("the server closed the connection")


urlpatterns = [*ours, path("away/", away)]
handler500 = "portal.kernel.errors.server_error"
NOBODY_LISTENS = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 1},
    }
}


@override_settings(ROOT_URLCONF="tests.kernel.test_unavailable")
@pytest.mark.django_db
def test_a_database_that_is_away_is_a_503_page() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_somebody())

    response = client.get("/away/")

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.content.decode().lstrip().startswith("<!doctype html>")


@pytest.mark.django_db
def test_a_cache_that_is_away_at_sign_in_is_a_503_page() -> None:
    client = Client(raise_request_exception=False)
    with override_settings(CACHES=NOBODY_LISTENS):
        response = client.post("/account/login/", {"login": "somebody@sample.test", "password": "Sample-pass-2026"})

    assert response.status_code == 503


def make_somebody() -> User:
    return make_user("somebody", "样例某人")
