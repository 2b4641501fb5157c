"""What the tests of this room share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences in their own words, whatever the state of the catalogue."""
    with translation.override("en"):
        yield
