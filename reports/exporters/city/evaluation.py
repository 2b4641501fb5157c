"""The chapter on the results of the evaluation."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from reports.enums import ConsequenceKind, ConsequenceStatus, EvaluationStatus, Grade, Veto
from reports.exporters.annual.blocks import Block, Chapter, Chart, Column, Table, chapter
from reports.exporters.annual.material import label
from reports.exporters.city.material import CityMaterial, by, total
from reports.exporters.city.pictures import Box, boxes
from reports.exporters.city.years import comparison


def results(material: CityMaterial) -> Chapter:
    """Grades, points, consequences."""
    return chapter("results", _("Results of the evaluation"), _results(material), fresh=True)


def _results(material: CityMaterial) -> Iterator[Block | None]:
    yield _states(material)
    yield _grades(material, "tiers", _("Grades by tier"), _("Tier"), material.tiers)
    yield _boxes(material)
    yield _points(material)
    yield _grades(material, "districts", _("Grades by district"), _("District"), material.districts)
    yield _grades(material, "sub_fields", _("Grades by sub-field"), _("Sub-field"), material.sub_fields)
    yield from comparison(material)
    yield _vetoes(material)
    yield _consequences(material)


def _states(material: CityMaterial) -> Table:
    columns = (Column(_("Status"), 70), Column(_("Evaluations"), 30, "num"))
    found = by(material.results["states"], "status")
    rows = tuple((str(name), str(found[value,])) for value, name in EvaluationStatus.choices if found[value,])
    sums = ((_("Total"), str(found.total())),) if rows else ()
    return Table(_("How far the evaluations are"), columns, rows, _source(), sums, _("There are none."))


def _source() -> str:
    return _("Source: evaluations of the year; grades and points of final ones only.")


def _grades(material: CityMaterial, key: str, caption: str, head: str, names: Mapping[str, str]) -> Table:
    columns = (
        Column(head, 30),
        *(Column(str(name), 14, "num") for name in Grade.labels),
        Column(_("Total"), 14, "num"),
    )
    found = by(material.results[key], "key", "mark")
    marks = Grade.values
    rows = tuple(
        (name, *(str(found[one, mark]) for mark in marks), str(sum(found[one, mark] for mark in marks)))
        for one, name in names.items()
        if any(found[one, mark] for mark in marks)
    )
    totals = by(material.results[key], "mark")
    sums = ((_("Total"), *(str(totals[mark,]) for mark in marks), str(totals.total())),) if rows else ()
    return Table(caption, columns, rows, _source(), sums, _("No evaluation of the year is final yet."))


def _boxes(material: CityMaterial) -> Chart | None:
    rows = [Box(material.tiers[row["key"]], _at(row["at"])) for row in material.results["points"] if row["key"]]
    caption = _("Points by tier: least, middle half with the median, most")
    return Chart(caption, boxes(rows, label=caption, palette=material.palette)) if rows else None


def _at(texts: list[str]) -> tuple[float, float, float, float, float]:
    least, first, middle, third, most = (float(text) for text in texts)
    return least, first, middle, third, most


def _points(material: CityMaterial) -> Table:
    heads = (_("Evaluations"), _("Least"), _("First quartile"), _("Median"), _("Third quartile"), _("Most"))
    columns = (Column(_("Tier"), 22), *(Column(head, 13, "num") for head in heads))
    rows = tuple((label_of(material, row["key"]), str(row["count"]), *row["at"]) for row in material.results["points"])
    return Table(_("Points by tier"), columns, rows, _source(), empty=_("No evaluation of the year is final yet."))


def _vetoes(material: CityMaterial) -> Table:
    columns = (Column(_("Ground"), 70), Column(_("Evaluations"), 30, "num"))
    found = by(material.results["vetoes"], "veto")
    rows = [(str(name), str(found[value,])) for value, name in Veto.choices if found[value,]]
    if material.results["cut"]:
        rows.append((_("Points deducted"), str(material.results["cut"])))
    return Table(_("Vetoes and deductions"), columns, tuple(rows), _source(), empty=_("There are none."))


def label_of(material: CityMaterial, tier: str) -> str:
    """The tier in words."""
    return material.tiers.get(tier, "—")


def _consequences(material: CityMaterial) -> Table:
    columns = (
        Column(_("Consequence"), 40), *(Column(str(name), 15, "num") for name in ConsequenceStatus.labels),
        Column(_("Total"), 15, "num"),
    )  # fmt: skip
    found = by(material.results["consequences"], "kind", "status")
    states = ConsequenceStatus.values
    rows = tuple(
        (label(ConsequenceKind, kind), *(str(found[kind, state]) for state in states),
         str(sum(found[kind, state] for state in states)))
        for kind in ConsequenceKind.values
        if any(found[kind, state] for state in states)
    )  # fmt: skip
    whole = by(material.results["consequences"], "status")
    sums = ((_("Total"), *(str(whole[state,]) for state in states), str(total(material.results["consequences"]))),)
    return Table(
        _("Consequences of final evaluations"), columns, rows, _source(), sums if rows else (), _("There are none.")
    )
