"""The annexes: the list of consortia with the grades that are made public, and how the figures came about."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.enums import Grade
from reports.exporters.annual.blocks import Block, Chapter, Column, Facts, Listing, Table, chapter
from reports.exporters.annual.material import label, long_day
from reports.exporters.city.material import CityMaterial


def annexes(material: CityMaterial) -> Chapter:
    """Everything that lets a reader check the summary."""
    return chapter("annexes", _("Annexes"), _annexes(material), fresh=True)


def _annexes(material: CityMaterial) -> Iterator[Block | None]:
    yield _list(material)
    yield Listing((
        _("Counted are consortia recognised by the last day of the year; their state, tier and members are those of "
          "the day of the data. Targets and figures over the years count those at work at the end of each year."),
        _("Grades and points are those of evaluations that were final on that day."),
        _("Quartiles are interpolated between neighbouring points."),
        _("Platforms, technologies and funds are those of consortia at work; outcomes, tasks, payments and uses are "
          "those of the year. What two claim is counted once, and so is the number of a public project."),
        _("The list names excellent and good grades alone, so that no gap says who is unqualified; the sums "
          "count all grades."),
    ), _("Method and quality of the data"))  # fmt: skip
    yield Facts((
        (_("Data as of"), long_day(material.snapshot["as_of"])),
        (_("Rule set"), material.snapshot["rules"]["code"]),
        (_("Template"), material.template_version),
        (_("SHA-256 of the snapshot"), material.snapshot_hash),
    ))  # fmt: skip


def _list(material: CityMaterial) -> Table:
    columns = (
        Column(_("Consortium code"), 16), Column(_("Consortium"), 22), Column(_("Lead organisation"), 18),
        Column(_("Sub-field"), 14), Column(_("District"), 12), Column(_("Tier"), 6, "mid"),
        Column(_("Grade of the year"), 12, "mid"),
    )  # fmt: skip
    rows = tuple(
        (row["code"], row["name"], row["lead"], material.sub_fields[row["sub_field"]],
         material.districts[row["district"]].split("（")[0], row["tier"], label(Grade, row["grade"]))
        for row in material.snapshot["list"]
    )  # fmt: skip
    source = _("Source: register of consortia and final evaluations of the year.")
    return Table(_("Consortia at work"), columns, rows, source, empty=_("There are none."))
