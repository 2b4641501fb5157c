"""Finding rows by words of a name or code, Chinese ones of two characters included.

A searchable model keeps its words, folded, in a column `words` that a trigger fills; an index holds their bigrams.
Trigram indexes cannot help with two characters, dictionaries do not know the names of companies.
"""

import unicodedata
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, Model, QuerySet, TextField

M = TypeVar("M", bound=Model)

LONGEST = 200
MOST_WORDS = 8


class Bigrams(Func):
    """Every two neighbouring characters of a folded text, as the index has them."""

    function = "kernel_bigrams"
    output_field: Any = ArrayField(TextField())


class Fold(Func):
    """A column folded, for an index on a name that has no column `words` beside it."""

    function = "kernel_fold"
    output_field: Any = TextField()


def fold(text: str) -> str:
    """Half-width and lower case, as the column `words` has it."""
    return unicodedata.normalize("NFKC", text).lower()


def words_of(text: str) -> list[str]:
    """The words of a search, at most eight."""
    return fold(text[:LONGEST]).split()[:MOST_WORDS]


def bigrams(word: str) -> list[str]:
    """Every two neighbouring characters; none of a single character."""
    return sorted({word[i : i + 2] for i in range(len(word) - 1)})


def matching(rows: QuerySet[M], text: str) -> QuerySet[M]:
    """Rows whose `words` contain every word of the search; all of them when it is empty."""
    wanted = words_of(text)
    pairs = sorted({pair for word in wanted for pair in bigrams(word)})
    found: QuerySet[Any] = rows.alias(pairs=Bigrams("words")).filter(pairs__contains=pairs) if pairs else rows
    for word in wanted:
        found = found.filter(words__contains=word)
    return found
