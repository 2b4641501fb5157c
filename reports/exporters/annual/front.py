"""Cover and summary."""

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from consortia.enums import Tier
from portal.kernel.charts import radar
from reports.exporters.annual.blocks import Block, Chapter, Chart, Column, Facts, Listing, Prose, Table, chapter
from reports.exporters.annual.material import Material, figure, here, label, long_day
from reports.exporters.annual.results import consequence_of, grade_word, per_cent, share
from reports.exporters.annual.tables import metric_table
from reports.figures import Line

KEY_METRICS = (
    "milestones", "patents", "standards", "products", "sales", "rd_growth", "joint_value", "platforms", "talent",
    "fund_paid",
)  # fmt: skip
MENTIONED = 5
STRONG, WEAK = Decimal("0.85"), Decimal("0.7")


def cover(material: Material) -> Facts:
    """What stands on the first page."""
    profile = material.consortium
    return Facts((
        (_("Consortium"), profile["name"]),
        (_("Consortium code"), profile["code"]),
        (_("Lead organisation"), material.facts["lead"]["name"]),
        (_("Sub-field"), here(profile["sub_field"])),
        (_("Tier"), label(Tier, profile["tier"])),
        (_("District"), here(profile["district"])),
        (_("Grade of the year"), grade_word(material)),
        (_("Report number"), material.number),
        (_("As of"), long_day(material.snapshot["as_of"])),
        (_("Issued by"), str(settings.CITY["bureau"])),
    ))  # fmt: skip


def summary(material: Material) -> Chapter:
    """The year on a page."""
    return chapter("summary", _("Summary"), _summary(material), fresh=True)


def _summary(material: Material) -> Iterator[Block | None]:
    yield Prose((opening(material), consequence_of(material)))
    yield _radar(material)
    yield Listing(highlights(material), _("What went well"))
    yield Listing(problems(material), _("What falls short"))
    yield waiting(material)
    yield _radar_table(material)
    yield metric_table(
        material,
        _("Key figures of the year"),
        (material.metrics[code] for code in KEY_METRICS if code in material.metrics),
    )


def opening(material: Material) -> str:
    """Score, grade and place in one sentence."""
    words = {
        "name": material.consortium["name"],
        "year": material.year,
        "total": material.evaluation["total"] or material.snapshot["sheet"]["total"],
        "grade": grade_word(material),
        "place": material.snapshot["group"]["place"],
        "of": material.snapshot["group"]["of"],
        "tier": label(Tier, material.snapshot["group"]["tier"]),
    }
    if pending(material):
        words["scored"] = figure(material.sheet.scored_maximum)
        return _(
            "For %(year)s, %(name)s has %(total)s of the %(scored)s points that are scored so far; the rest waits for "
            "the expert. The grade is not confirmed."
        ) % words  # fmt: skip
    if not material.is_final:
        return _("For %(year)s, %(name)s reaches %(total)s points so far. The grade is not confirmed.") % words
    return _(
        "For %(year)s, %(name)s reached %(total)s points and is graded %(grade)s. "
        "Among the consortia of %(tier)s whose grade was published it stands at place %(place)s of %(of)s."
    ) % words  # fmt: skip


def pending(material: Material) -> list[Line]:
    """What the expert has not scored yet: neither strong nor weak."""
    return [line for line in material.sheet.lines if not line.is_scored]


def ranked(material: Material) -> list[Line]:
    """The lines from the best share of their maximum to the worst; the weightier first among equals."""
    return sorted(material.sheet.lines, key=lambda line: (-share(line), -line.maximum, line.code))


def highlights(material: Material) -> tuple[str, ...]:
    """The strongest indicators."""
    strong = [line for line in ranked(material) if share(line) >= STRONG]
    return tuple(mention(material, line) for line in strong[:MENTIONED]) or (
        _("No indicator reaches 85 per cent of its maximum."),
    )


def problems(material: Material) -> tuple[str, ...]:
    """The weakest indicators, weightiest loss first."""
    weak = [line for line in material.sheet.lines if line.is_scored and share(line) < WEAK]
    weak.sort(key=lambda line: (line.score - line.maximum, line.code))
    said = tuple(mention(material, line) for line in weak[:MENTIONED])
    return said or (_("No indicator stays below 70 per cent of its maximum."),)


def waiting(material: Material) -> Prose | None:
    """What is not scored yet, said apart from the weaknesses."""
    names = _(", ").join(material.names[line.code] for line in pending(material) if line.code in material.names)
    return Prose((_("Not scored by the expert yet: %(names)s.") % {"names": names},)) if names else None


def mention(material: Material, line: Line) -> str:
    """An indicator with its score and the figure behind it."""
    words = {"name": material.names[line.code], "score": f"{line.score:.2f}", "max": figure(line.maximum)}
    metrics = [
        metric
        for row in material.dimensions
        for one in row.indicators
        if one.code == line.code
        for metric in one.metrics
    ]
    if len(metrics) == 1 and metrics[0].value is not None:
        words |= {"value": figure(metrics[0].value), "unit": metrics[0].unit}
        return _("%(name)s: %(score)s of %(max)s points (%(value)s %(unit)s).") % words
    return _("%(name)s: %(score)s of %(max)s points.") % words


# --- the eight dimensions ----------------------------------------------------------------------
def _radar(material: Material) -> Chart:
    names = [row.name for row in material.dimensions]
    now = [float(_share_of(material, row.code)) for row in material.dimensions]
    before = _shares_before(material)
    said = "; ".join(f"{name} {value:.0%}" for name, value in zip(names, now, strict=True))
    series = [now, before] if before else [now]
    title = (
        _("Share of the maximum by dimension; dashed: last year") if before else _("Share of the maximum by dimension")
    )
    return Chart(title, radar(names, series, label=said, palette=material.palette))


def _share_of(material: Material, dimension: str) -> Decimal:
    return material.sheet.share_of(dimension) or Decimal(0)


def _shares_before(material: Material) -> list[float]:
    scores = (material.snapshot["last_year"] or {}).get("scores", {})
    if not scores:
        return []
    shares = []
    for row in material.dimensions:
        reached = sum(Decimal(scores.get(one.code, 0)) for one in row.indicators)
        shares.append(float(reached / sum(one.maximum for one in row.indicators)))
    return shares


def _radar_table(material: Material) -> Table:
    columns = (
        Column(_("Dimension"), 40),
        Column(_("Maximum"), 20, "num"),
        Column(_("Points"), 20, "num"),
        Column(_("Share of maximum"), 20, "num"),
    )
    rows = tuple(
        (row.name, figure(material.sheet.maximum_of(row.code)), f"{material.sheet.of(row.code):.2f}",
         per_cent(material.sheet.share_of(row.code)))
        for row in material.dimensions
    )  # fmt: skip
    sums = ((_("Total with bonus and deductions"), "", f"{material.sheet.total:.2f}", ""),)
    source = _("Computed from the score sheet of chapter 10.")
    if pending(material):
        source += _(" Shares are those of what has been scored.")
    return Table(_("Scores by dimension"), columns, rows, source, sums)
