"""The form of an expert offline: written with what stands there, and judged by the sheet when it comes back."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.forms.scoring import ScoreForm
from funding.forms.workbook_tables import RowDiff, TableDiff
from funding.models import Review, ScoreWorkbook
from funding.rules.scoring import Indicator
from funding.services.scores import EMPTY, TEXTS, Entry, rubric_of, standing
from portal.kernel.audit import sha256
from portal.kernel.roundtrip import Entry as Line
from portal.kernel.roundtrip import Field, Filled, Table, plain, read_tables, write_tables
from portal.kernel.tables import Odd, Unreadable

SCORES, OVERALL = "scores", "overall"
OF_ANOTHER = _("This form belongs to another review.")
NOT_A_VALUE = _("This cell holds no value that could be taken; formulas are not.")
HEADINGS = {"score": _("Points"), "comment": _("Comment"), "text": _("Text")}


def write_form(file: IO[bytes], review: Review) -> None:
    """The rubric with what is scored so far."""
    about = {"review": str(review.pk)}
    number = review.application.number
    write_tables(file, [_scores(review), _overall(review)], title=number, notes=_notes(number), about=about)


def _scores(review: Review) -> Table:
    there = standing(review=review)
    fields = [
        Field("name", gettext("Indicator"), locked=True, width=28),
        Field("maximum", gettext("Maximum"), "number", locked=True, width=10),
        Field("levels", gettext("What a score means"), locked=True, width=60),
        Field("score", gettext("Points"), "number", width=10),
        Field("comment", gettext("Comment"), width=60),
    ]
    rows = [Line(one.code, _row(one, there.get(one.code, EMPTY))) for one in rubric_of(review=review)]
    return Table(SCORES, gettext("Scores"), fields, rows)


def _row(one: Indicator, given: Entry) -> dict[str, str]:
    levels = "\n".join(f"{anchor.low}–{anchor.high} {anchor.text}" for anchor in one.anchors)
    score = "" if given.score is None else plain(str(given.score))
    return {"name": f"{one.code} {one.name}", "maximum": plain(str(one.maximum)), "levels": levels, "score": score,
            "comment": given.comment}  # fmt: skip


def _overall(review: Review) -> Table:
    there = standing(review=review)
    fields = [
        Field("name", gettext("Part of the sheet"), locked=True, width=32),
        Field("text", gettext("Text"), width=90),
    ]
    rows = [Line(part, {"name": str(name), "text": there[part]}) for part, name in TEXTS.items()]
    return Table(OVERALL, gettext("Overall"), fields, rows)


def _notes(number: str) -> Iterator[tuple[str, str]]:
    yield gettext("Application"), number
    yield gettext("What to fill in"), gettext("White cells can be changed; grey ones only say what the row is about.")
    yield gettext("Suggested tier"), gettext("A, B, C, or NONE for no support.")
    yield gettext("Confidential"), gettext("The form holds your scores: keep it to yourself and delete it afterwards.")
    yield gettext("Upload"), gettext("First you see every difference; then all of it is taken over, or nothing.")


class ScoreJudgement:
    """A form that came back, compared with what stands in the sheet now. Raises Unreadable."""

    revises = 0  # nobody confirms scores

    def __init__(self, workbook: ScoreWorkbook) -> None:
        self.review = workbook.review
        self.filled = read_tables(workbook.file.file)
        if self.filled.about.get("review") != str(self.review.pk):
            raise Unreadable(OF_ANOTHER)
        self.odd: set[str] = set()
        self.form = ScoreForm(self._data(), review=self.review, rubric=rubric_of(review=self.review), complete=False)
        self.form.is_valid()

    def _data(self) -> dict[str, str]:
        """What differs from the form as it was downloaded, as if it were typed now."""
        marks = ScoreForm.marks(self._now())
        return {**dict(_changed(self.filled, self.odd)), **marks}

    def _now(self) -> Mapping[str, tuple[int, Any]]:
        there, saved = standing(review=self.review), self.review.saved
        parts = [*(one.code for one in rubric_of(review=self.review)), *TEXTS]
        return {part: (saved.get(part, {}).get("version", 0), there.get(part, EMPTY)) for part in parts}

    @cached_property
    def tables(self) -> list[TableDiff]:
        """The rows that differ or are wrong."""
        there = standing(review=self.review)
        scores = TableDiff(SCORES, gettext("Scores"))
        for number, one in enumerate(rubric_of(review=self.review), 3):
            diff = RowDiff(number, f"{one.code} {one.name}", errors=list(self._errors(one.code)))
            if one.code in self.form.entries:
                before, after = there.get(one.code, EMPTY), self.form.entries[one.code]
                diff.changes += [
                    (str(HEADINGS[name]), _worded(getattr(before, name)), _worded(getattr(after, name)))
                    for name in ("score", "comment")
                    if getattr(before, name) != getattr(after, name)
                ]
            scores.rows += [diff] if diff.changes or diff.errors else []
        overall = TableDiff(OVERALL, gettext("Overall"))
        for number, (part, name) in enumerate(TEXTS.items(), 3):
            diff = RowDiff(number, str(name), errors=list(self._errors(part)))
            if part in self.form.texts:
                diff.changes.append((str(HEADINGS["text"]), there[part], self.form.texts[part]))
            overall.rows += [diff] if diff.changes or diff.errors else []
        return [scores, overall]

    def _errors(self, part: str) -> Iterator[tuple[str, str]]:
        for name in (f"score_{part}", f"comment_{part}", part):
            if name in self.odd:
                yield "", str(NOT_A_VALUE)
            for sentence in self.form.errors.get(name, ()):
                yield "", str(sentence)

    @property
    def wrong(self) -> int:
        """How many rows are wrong."""
        return sum(bool(row.errors) for table in self.tables for row in table.rows)

    @property
    def changed(self) -> int:
        """How many rows would change."""
        return sum(bool(row.changes) for table in self.tables for row in table.rows)

    @property
    def digest(self) -> str:
        """Changes when anything that is shown does."""
        return sha256([[row.number, row.changes, row.errors] for table in self.tables for row in table.rows])


def _worded(value: Any) -> str:
    return "" if value is None else str(value)


def _changed(filled: Filled, odd: set[str]) -> Iterator[tuple[str, str]]:
    """Field of the sheet and text of each row of which a cell differs from what was downloaded."""
    for row in filled.tables.get(SCORES, ()):
        base = filled.base.get((SCORES, row.key), {})
        cells = {f"{name}_{row.key}": row.cells.get(name, "") for name in ("score", "comment")}
        if any(cells[f"{name}_{row.key}"] != base.get(name, "") for name in ("score", "comment")):
            yield from _texts(cells, odd)
    for row in filled.tables.get(OVERALL, ()):
        if row.cells.get("text", "") != filled.base.get((OVERALL, row.key), {}).get("text", ""):
            yield from _texts({row.key: row.cells.get("text", "")}, odd)


def _texts(cells: Mapping[str, Any], odd: set[str]) -> Iterator[tuple[str, str]]:
    for name, cell in cells.items():
        if isinstance(cell, Odd):
            odd.add(name)
        else:
            yield name, str(cell)
