"""Chapters on tasks, collaboration, and on platforms, people and capital."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from consortia.enums import BreakthroughLevel, FundKind, MilestoneStatus, PlatformKind, ProblemClass
from consortia.rules.registers import Degree, RecognitionLevel, Resource, Secondment, UseUnit
from consortia.rules.work import TaskClass
from members.enums import OrganisationType, QualificationKind
from reports.exporters.annual.blocks import Block, Chapter, Column, Prose, Table, chapter
from reports.exporters.annual.material import Facts, label, money
from reports.exporters.city.material import CityMaterial, by, total

Rows = list[tuple[str, ...]]


def wan(text: str | None) -> str:
    """A sum of the snapshot, in 10,000 yuan."""
    return money(Decimal(text or 0))


def listed(caption: str, heads: tuple[str, ...], rows: Rows, source: str, sums: tuple[str, ...] = ()) -> Table:
    """A name and its figures."""
    wide = min(25, 60 // max(len(heads) - 1, 1))
    columns = (Column(heads[0], 100 - wide * (len(heads) - 1)), *(Column(head, wide, "num") for head in heads[1:]))
    return Table(caption, columns, tuple(rows), source, (sums,) if sums and rows else (), _("There are none."))


def counts(caption: str, head: str, rows: list[Facts], key: str, names: Any, source: str) -> Table:
    """How many there are of each kind."""
    found = by(rows, key)
    body: Rows = [(str(name), str(found[value,])) for value, name in names.choices if found[value,]]
    return listed(caption, (head, _("How many")), body, source, (_("Total"), str(total(rows))))


# --- tasks -------------------------------------------------------------------------------------
def tasks(material: CityMaterial) -> Chapter:
    """What was worked on, what was reached, what broke through."""
    return chapter("tasks", _("Tasks and breakthroughs"), _tasks(material), fresh=True)


def _tasks(material: CityMaterial) -> Iterator[Block | None]:
    found = material.snapshot["tasks"]
    source = _("Source: tasks and technologies of consortia at work.")
    yield listed(
        _("Research tasks running in the year by class"),
        (_("Class of the task"), _("Tasks"), _("Investment (×10k yuan)")),
        [(label(TaskClass, row["task_class"]), str(row["count"]), wan(row["sum"])) for row in found["classes"]],
        source,
        (_("Total"), str(total(found["classes"])), money(_sum(found["classes"]))),
    )
    yield listed(
        _("Milestones due in the year"),
        (_("Status"), _("Milestones"), _("Reached in time")),
        [
            (label(MilestoneStatus, row["status"]), str(row["count"]), str(row["in_time"]))
            for row in found["milestones"]
        ],
        source,
        (_("Total"), str(total(found["milestones"])), str(sum(row["in_time"] for row in found["milestones"]))),
    )
    yield listed(
        _("Key technologies by class and their mean readiness level"),
        (_("Class"), _("Technologies"), _("TRL at start"), _("TRL now"), _("Target TRL")),
        [
            (label(ProblemClass, row["problem_class"]), str(row["count"]), row["start"], row["now"], row["target"])
            for row in found["technologies"]
        ],
        source,
    )
    yield counts(
        _("Public projects undertaken, by level"), _("Level"), found["projects"], "project_level", RecognitionLevel,
        _("Each number of a project once. Source: tasks of consortia at work."),
    )  # fmt: skip
    yield counts(
        _("Breakthroughs of the year"), _("Level"), found["breakthroughs"], "breakthrough_level", BreakthroughLevel,
        _("Source: register of outcomes."),
    )  # fmt: skip


def _sum(rows: list[Facts], key: str = "sum") -> Decimal:
    return sum((Decimal(row[key] or 0) for row in rows), Decimal(0))


# --- collaboration -----------------------------------------------------------------------------
def collaboration(material: CityMaterial) -> Chapter:
    """How members work together."""
    return chapter("collaboration", _("Collaboration"), _collaboration(material), fresh=True)


def _collaboration(material: CityMaterial) -> Iterator[Block | None]:
    found = material.snapshot["collaboration"]
    made, source = found["outcomes"], _("Source: registers of members, outcomes and shared resources.")
    yield listed(
        _("Working together"), (_("What is counted"), _("How many")),
        [
            (_("Outcomes of the year"), str(made["count"])),
            (_("of these with owners from several members"), str(made["joint"])),
            (_("Organisations in more than one consortium at work"), str(found["shared_members"])),
        ],
        source,
    )  # fmt: skip
    yield from _network(found)
    yield listed(
        _("Small and specialised enterprises among the members"),
        (_("Qualification"), _("Organisations"), _("New in the year")),
        [(label(QualificationKind, row["kind"]), str(row["count"]), str(row["new"])) for row in found["small"]],
        _("Unit: organisations with a verified qualification. Source: register of organisations."),
    )
    yield listed(
        _("Shared resources"), (_("Kind"), _("Uses recorded"), _("Amount of use"), _("Charges (×10k yuan)")),
        [
            (label(Resource, row["resource"]), str(row["count"]),
             f"{Decimal(row['sum']):,.1f} {label(UseUnit, row['unit'])}", wan(row["charge"]))
            for row in found["sharing"]
        ],
        source,
    )  # fmt: skip


def _network(found: Facts) -> Iterator[Block]:
    """Who is in the middle: degree centrality, the partners one has of all that one could have."""
    whole = found["network"][0]
    others = max(whole["count"] - 1, 1)
    words = {"count": whole["count"], "mean": whole["mean"] or "0", "most": whole["most"] or 0}
    yield Prose((
        _("%(count)d organisations are members of consortia at work. On average each meets %(mean)s others there; the "
          "one that meets most meets %(most)d.") % words,
    ))  # fmt: skip
    columns = (
        Column(_("Organisation"), 40), Column(_("Type of organisation"), 20), Column(_("Consortia"), 12, "num"),
        Column(_("Partners"), 12, "num"), Column(_("Degree centrality"), 16, "num"),
    )  # fmt: skip
    rows = tuple(
        (row["name"], label(OrganisationType, row["kind"]), str(row["consortia"]), str(row["partners"]),
         f"{row['partners'] / others * 100:.1f}%")
        for row in found["central"]
    )  # fmt: skip
    source = _(
        "Ten at most. Partners: organisations met in a consortium at work, each once; centrality: their part of all "
        "others. Source: lists of members."
    )
    yield Table(_("Organisations with most partners"), columns, rows, source, empty=_("There are none."))


# --- platforms, people, capital ----------------------------------------------------------------
def resources(material: CityMaterial) -> Chapter:
    """Platforms, people, funds."""
    return chapter("resources", _("Platforms, people and capital"), _resources(material), fresh=True)


def _resources(material: CityMaterial) -> Iterator[Block | None]:
    found = material.snapshot["resources"]
    source = _("Source: registers of consortia at work.")
    platforms = found["platforms"]
    yield listed(
        _("Platforms at work"), (_("Kind"), _("Platforms"), _("New in the year"), _("Area (m²)")),
        [
            (label(PlatformKind, row["kind"]), str(row["count"]), str(row["new"]), f"{row['area'] or 0:,}")
            for row in platforms
        ],
        source,
        (_("Total"), str(total(platforms)), str(sum(row["new"] for row in platforms)),
         f"{sum(row['area'] or 0 for row in platforms):,}"),
    )  # fmt: skip
    yield listed(
        _("People at work at another member"), (_("Way of working"), _("People"), _("Person-months")),
        [(label(Secondment, row["mode"]), str(row["people"]), row["months"]) for row in found["talents"]], source,
    )  # fmt: skip
    yield listed(
        _("People trained together"), (_("Degree"), _("People")),
        [(label(Degree, row["degree"]), str(row["people"])) for row in found["trained"]], source,
    )  # fmt: skip
    yield _funds(found, source)
    yield counts(_("Recognitions of the year"), _("Level"), found["recognitions"], "level", RecognitionLevel, source)


def _funds(found: Facts, source: str) -> Table:
    funds, invested = found["funds"], found["invested"][0]
    rows: Rows = [
        (label(FundKind, row["kind"]), str(row["count"]), wan(row["scale"]), wan(row["paid_in"])) for row in funds
    ]
    more = _("Investments of the year: %(count)d, %(sum)s ×10k yuan, of which %(here)s ×10k yuan in the city.") % {
        "count": invested["count"], "sum": wan(invested["sum"]), "here": wan(invested["here"])
    }  # fmt: skip
    heads = (_("Kind"), _("Funds"), _("Scale (×10k yuan)"), _("Paid in (×10k yuan)"))
    sums = (_("Total"), str(total(funds)), money(_sum(funds, "scale")), money(_sum(funds, "paid_in")))
    return listed(_("Funds of the consortia"), heads, rows, f"{more} {source}", sums)
