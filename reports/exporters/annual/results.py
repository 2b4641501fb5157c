"""Chapters 10 to 12: the score sheet, what the expert said, what follows."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.kernel.enumerating import enumerated
from portal.kernel.templatetags.ui import NOTHING
from reports.enums import Grade, Veto
from reports.exporters.annual.blocks import Block, Chapter, Column, Prose, Row, Table, chapter, prose
from reports.exporters.annual.material import Material, figure, here, label, long_day
from reports.exporters.annual.tables import by_lead, target
from reports.figures import Line
from reports.selectors.selfreport import DimensionRows, IndicatorRows

RECTIFY_BELOW = Decimal("0.6")
ZERO = Decimal(0)


def share(line: Line) -> Decimal:
    """The score as a share of its maximum."""
    return line.score / line.maximum if line.maximum else ZERO


def grade_word(material: Material) -> str:
    """The grade, once it is confirmed."""
    return label(Grade, material.evaluation["grade"]) if material.is_final else _("Not confirmed (draft for comments)")


# --- 10 the score sheet ------------------------------------------------------------------------
def scores(material: Material) -> Chapter:
    """Every indicator with what it was held against."""
    blocks: list[Block | None] = [Prose((_method(material),)), _sheet(material), _corrections(material)]
    return chapter("scores", _("Score of the year"), blocks)


def _method(material: Material) -> str:
    return _(
        "The score follows the %(name)s, a proposal that each city may change. Figures are held against "
        "the target; where none was set, against the yardstick of the rules, shown in brackets. What is not stated "
        "counts nothing. Every indicator is rounded to two decimals, half up; the total is their sum with bonus and "
        "deductions."
    ) % {"name": here(material.rules)}  # fmt: skip


def _sheet(material: Material) -> Table:
    columns = (
        Column(_("Indicator"), 23),
        Column(_("Weight"), 9, "num"),
        Column(_("Actual value"), 14, "num"),
        Column(_("Target"), 14, "num"),
        Column(_("Computed"), 12, "num"),
        Column(_("Expert"), 9, "num"),
        Column(_("Points"), 9, "num"),
        Column(_("Share of maximum"), 10, "num"),
    )
    rows = tuple(row for dimension in material.dimensions for row in _dimension(material, dimension))
    return Table(
        _("Score sheet"),
        columns,
        rows,
        _("Computed from the filed figures and the expert's scores.") + by_lead(material.metrics.values()),
        _totals(material),
    )


def _dimension(material: Material, dimension: DimensionRows) -> Iterator[Row]:
    """The lines of a dimension under its own sum."""
    score, maximum = material.sheet.of(dimension.code), material.sheet.maximum_of(dimension.code)
    yield (
        f"{dimension.code} {dimension.name}",
        figure(maximum),
        "",
        "",
        "",
        "",
        f"{score:.2f}",
        per_cent(material.sheet.share_of(dimension.code)),
    )
    for one in dimension.indicators:
        yield _line(one, material.lines[one.code])


def _line(one: IndicatorRows, line: Line) -> Row:
    reached = " / ".join(figure(metric.value) for metric in one.metrics) or NOTHING
    aims = " / ".join(target(metric) for metric in one.metrics) or NOTHING
    return (
        f"{one.code} {one.name}", figure(line.maximum), reached, aims, _points(line.automatic), _points(line.expert),
        f"{line.score:.2f}" if line.is_scored else _("pending"), per_cent(share(line) if line.is_scored else None),
    )  # fmt: skip


def per_cent(value: Decimal | None) -> str:
    """A share; a dash while there is none."""
    return NOTHING if value is None else f"{value:.0%}"


def _points(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def _totals(material: Material) -> tuple[Row, ...]:
    sheet = material.sheet

    def row(name: str, points: str) -> Row:
        return name, "", "", "", "", "", points, ""

    return (
        row(_("Sum of the indicators"), f"{sheet.base:.2f}"),
        row(_("Bonus"), f"{sheet.bonus:.2f}"),
        row(_("Deductions"), f"−{sheet.deduction:.2f}" if sheet.deduction else "0.00"),
        row(_("Total"), f"{sheet.total:.2f}"),
    )


def _corrections(material: Material) -> Block | None:
    """Why points were added or taken."""
    facts, sheet = material.evaluation, material.sheet
    said = []
    if sheet.bonus:
        said.append(_("Bonus %(points)s: %(reason)s") % {"points": sheet.bonus, "reason": facts["bonus_note"]})
    if sheet.deduction:
        said.append(
            _("Deductions %(points)s: %(reason)s") % {"points": sheet.deduction, "reason": facts["deduction_note"]}
        )
    if facts["veto"]:
        said.append(
            _("Veto: %(veto)s. The year is unqualified whatever the score.") % {"veto": label(Veto, facts["veto"])}
        )
    return Prose(tuple(said), _("Bonus, deductions and veto")) if said else None


# --- 11 expert and rectification ---------------------------------------------------------------
def opinion(material: Material) -> Chapter:
    """What expert and officials said, without the expert's name, and what is to be put right."""
    return chapter("opinion", _("Expert opinion and rectification"), _opinion(material))


def _opinion(material: Material) -> Iterator[Block | None]:
    facts = material.evaluation
    yield prose(facts["opinion"], _("Opinion of the expert")) or Prose(
        (_("No expert opinion has been handed in yet."),)
    )
    yield _comments(material)
    yield prose(facts["verification"], _("Opinion of the district"))
    yield prose(facts["grade_note"], _("Rationale of the grade"))
    yield prose(material.filing["problems"], _("Problems and plans in the words of the lead"))
    yield _rectification(material)


def _comments(material: Material) -> Table:
    columns = (Column(_("Indicator"), 30), Column(_("Points"), 14, "num"), Column(_("Comment"), 56))
    rows = tuple(
        (f"{code} {material.names[code]}", _points(material.lines[code].expert), comment or NOTHING)
        for code, comment in material.evaluation["comments"].items()
        if code in material.lines
    )
    return Table(_("Comments of the expert"), columns, rows, empty=_("The expert has not commented yet."))


def _rectification(material: Material) -> Table:
    """Indicators far below their maximum, to be put right by the next self-report."""
    columns = (
        Column(_("Indicator"), 34),
        Column(_("Points / maximum"), 18, "mid"),
        Column(_("What is to be done"), 32),
        Column(_("Deadline of the improvement"), 16, "day"),
    )
    weak = sorted(
        (line for line in material.sheet.lines if line.is_scored and share(line) < RECTIFY_BELOW),
        key=lambda line: line.score - line.maximum,
    )
    until = f"{material.year + 1}-12-31"
    rows = tuple(
        (
            f"{line.code} {material.names[line.code]}",
            f"{line.score:.2f} / {figure(line.maximum)}",
            _advice(line, material),
            until,
        )
        for line in weak
    )
    return Table(
        _("What is to be improved"), columns, rows,
        _("Indicators below 60 per cent of their maximum, the largest loss first."),
        empty=_("No indicator stays below 60 per cent of its maximum."),
    )  # fmt: skip


def _advice(line: Line, material: Material) -> str:
    metrics = [m for row in material.dimensions for one in row.indicators if one.code == line.code for m in one.metrics]
    if any(metric.value is None for metric in metrics):
        return _("State and prove the figure")
    if not metrics:
        return _("Follow the expert's comment")
    return _("Reach the target of the year")


# --- 12 conclusion -----------------------------------------------------------------------------
def conclusion(material: Material) -> Chapter:
    """Grade, consequences, appeal."""
    return chapter("conclusion", _("Conclusion"), (Prose(tuple(_conclusion(material))),))


def _conclusion(material: Material) -> Iterator[str]:
    if not material.is_final:
        yield _("This is a draft for comments: the grade has not been confirmed, and nothing follows from it yet.")
        return
    yield _("Grade of %(year)s: %(grade)s.") % {"year": material.year, "grade": grade_word(material)}
    yield consequence_of(material)
    yield _told_and_contested(material)
    if published := material.snapshot.get("published"):
        words = {name: long_day(published[name]) for name in ("meeting_on", "from", "until")}
        yield _(
            "A meeting decided on the grade on %(meeting_on)s (minutes %(minutes)s). It was published for objections "
            "from %(from)s to %(until)s (%(number)s) and is final since %(since)s."
        ) % {**published, **words, "since": long_day(material.evaluation["finalised_on"])}  # fmt: skip


def _told_and_contested(material: Material) -> str:
    """When the lead learned its grade, and what came of that."""
    told = {
        "on": long_day(material.evaluation["confirmed_on"]),
        "until": long_day(material.snapshot["appeal_until"]),
        "accepted": long_day(material.evaluation["accepted_on"]) if material.evaluation["accepted_on"] else "",
        "numbers": enumerated([one["number"] for one in material.snapshot["appeals"]]),
    }
    if material.snapshot["appeals"]:
        return _(
            "The lead was told its grade on %(on)s. Contested and decided by people who neither graded nor confirmed: "
            "%(numbers)s."
        ) % told  # fmt: skip
    if told["accepted"]:
        return _("The lead was told its grade on %(on)s and accepted it on %(accepted)s.") % told
    return _(
        "The lead was told its grade on %(on)s and could appeal until %(until)s; it did not."
    ) % told  # fmt: skip


def consequence_of(material: Material) -> str:
    """What the grade means for tier and money."""
    if not material.is_final:
        return _("Consequences are proposed when the grade is confirmed.")
    return {
        Grade.EXCELLENT: _(
            "Proposed: the next tranche in full, and the fast track to a higher tier. The bureau decides on it."
        ),
        Grade.GOOD: _("Proposed: the next tranche in full; the consortium keeps its tier. The bureau decides on it."),
        Grade.QUALIFIED: _(
            "Proposed: the next tranche, reduced where the use of the funds falls short; the consortium keeps its tier "
            "and gets a letter of advice. The bureau decides on it."
        ),
        Grade.UNQUALIFIED: _(
            "Proposed: rectification within six months and a hold on tranches not yet approved; after a second year "
            "in a row that failed, an exit case and the end of the tranches. The bureau decides on it."
        ),
    }[Grade(material.evaluation["grade"])]  # fmt: skip
