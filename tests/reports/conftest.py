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
