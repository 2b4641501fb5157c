"""Several names in one sentence, set apart as the reader's language does it."""

from collections.abc import Iterable

from django.utils.translation import gettext


def enumerated(words: Iterable[object]) -> str:
    """甲、乙 in Chinese, A, B in English; empty for nothing."""
    return gettext(", ").join(map(str, words))
