"""Whoever has waited too long for a thread is sent away, at once."""

import time
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from portal.kernel.shedding import WAITED, arrived_at


@pytest.fixture
def late() -> Iterator[None]:
    """This request has stood in the queue for nine seconds."""
    before = WAITED.get()
    arrived_at(time.monotonic() - 9)
    yield
    WAITED.set(before)


@pytest.mark.parametrize(("language", "heading"), [("zh-hans", "暂时无法使用"), ("en", "Briefly not available")])
def test_a_page_is_a_sentence_without_a_query(late: None, language: str, heading: str) -> None:
    answer = Client().get("/workbench/", headers={"accept-language": language})  # no database in this test

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store")
    assert answer.content.decode().count(f"<h1>{heading}</h1>") == 1
    assert "style-src 'self'" in answer["Content-Security-Policy"]


def test_a_program_gets_json(late: None) -> None:
    answer = Client().get("/api/v1/applications/", headers={"accept-language": "en"})

    assert (answer.status_code, list(answer.json())) == (503, ["detail"])


def test_a_probe_is_answered(late: None) -> None:
    assert Client().get("/healthz").status_code == 200


@override_settings(QUEUE_SECONDS=10)
@pytest.mark.django_db
def test_whoever_waited_less_is_served(late: None) -> None:
    assert Client().get("/workbench/").status_code == 302
