"""How long a text is, as Chinese people count: every Chinese character or mark is one, a Latin word or number is one.

static/js/counting.js counts in the same way while one types; a test compares the two patterns.
"""

import re

WORDS = (
    r"[0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff]+"
    r"(?:[.,'\u2019:\/@_%+&-][0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff]+)*%?"
    r"|[^\s\u200b\ufeff\u001c-\u001f\u0085]"
)
UNIT = re.compile(WORDS)


def counted(text: str) -> int:
    """The length of a text; blanks and line breaks count for nothing."""
    return sum(1 for _ in UNIT.finditer(text))
