"""What the tests of this room share."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from reports.fonts import FACES, cut


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences in their own words, whatever the state of the catalogue."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def fonts() -> None:
    """The cut fonts, made once a machine; the first time takes a minute."""
    for face in FACES:
        cut(face)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Annual reports of one page, unsigned: for tests of who makes them and when, not of what they say."""
    monkeypatch.setattr("reports.tasks.annual_html", lambda material, _language: f"<p>{material.number}</p>")
    monkeypatch.setattr("reports.tasks.finish_annual", lambda document, path, **_facts: document.write(path))
