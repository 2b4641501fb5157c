"""Chapters 1 to 3: who the consortium is, the Seven Ones, the research tasks."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from consortia.enums import (
    Action,
    ConsortiumForm,
    ConsortiumType,
    Layer,
    MilestoneStatus,
    ParticipationStatus,
    ProblemClass,
    Progress,
)
from consortia.rules import HIGHEST, Scorecard, scorecard_of
from members.enums import Group, OrganisationType
from portal.kernel.charts import Bar, Change, Colour, Span, bars, dumbbell, gantt, ring
from portal.kernel.templatetags.ui import NOTHING
from reports.exporters.annual.blocks import Block, Chapter, Chart, Column, Facts, Row, Table, chapter, prose
from reports.exporters.annual.material import Facts as Data
from reports.exporters.annual.material import Material, chinese, day, figure, label, money
from reports.exporters.annual.tables import from_records

COLOURS: dict[str, Colour] = {Group.RESEARCH: "c4", Group.CHAIN: "c3", Group.CAPITAL: "c2", Group.SERVICE: "c1"}
ON_TIME = MilestoneStatus.REACHED
LOWEST_TRL, HIGHEST_TRL = 1, 9


# --- 1 profile ---------------------------------------------------------------------------------
def profile(material: Material) -> Chapter:
    """Form, members, changes, governance."""
    return chapter("profile", _("Basic facts"), _profile(material))


def _profile(material: Material) -> Iterator[Block | None]:
    yield _facts(material)
    yield prose(material.consortium["mission"], _("Mission"))
    yield prose(material.consortium["governance"], _("Governance"))
    yield _members(material)
    yield _composition(material)
    yield _changes(material)


def _facts(material: Material) -> Facts:
    data = material.consortium
    agreement = material.facts["agreement"]
    return Facts((
        (_("Type"), label(ConsortiumType, data["type"])),
        (_("Form"), label(ConsortiumForm, data["form"])),
        (_("Recognised on"), day(data["recognised_on"])),
        (_("Build period"), f"{day(data['build_from'])} – {day(data['build_to'])}"),
        (_("Chief scientist"), data["chief_scientist"] or NOTHING),
        (_("Agreement"), _("Version %(version)s") % agreement if agreement else NOTHING),
    ))  # fmt: skip


def _members(material: Material) -> Table:
    columns = (
        Column(_("Organisation"), 25),
        Column(_("Type"), 13),
        Column(_("Layer"), 14),
        Column(_("Duties"), 22),
        Column(_("Cash (×10k yuan)"), 13, "num"),
        Column(_("Status"), 13, "mid"),
    )
    members = material.facts["members"]
    cash = sum((Decimal(member["cash"]) for member in members), Decimal(0))
    return Table(
        _("Members, their duties and commitments"),
        columns,
        tuple(_member(member) for member in members),
        from_records(),
        ((_("%(count)s members") % {"count": len(members)}, "", "", "", money(cash), ""),),
    )


def _member(member: Data) -> Row:
    return (
        member["organisation"]["name"],
        label(OrganisationType, member["organisation"]["type"]),
        label(Layer, member["layer"]),
        member["duties"],
        money(member["cash"]),
        label(ParticipationStatus, member["status"]),
    )


def _composition(material: Material) -> Chart:
    groups = [member["organisation"]["group"] for member in material.facts["members"]]
    rows = [
        Bar(name, ((COLOURS[group], groups.count(group)),), str(groups.count(group))) for group, name in kinds().items()
    ]
    said = "; ".join(f"{row.name} {row.text}" for row in rows)
    return Chart(_("Members by kind"), bars(rows, label=said, palette=material.palette))


def kinds() -> dict[str, str]:
    """The kinds of partner in words short enough for a picture."""
    return {
        Group.RESEARCH: _("Research bodies"), Group.CHAIN: _("Enterprises"), Group.CAPITAL: _("Capital partners"),
        Group.SERVICE: _("Services"),
    }  # fmt: skip


def _changes(material: Material) -> Table:
    columns = (
        Column(_("Day"), 16, "day"),
        Column(_("Organisation"), 32),
        Column(_("What happened"), 22),
        Column(_("Note"), 30),
    )
    rows = tuple(
        (day(change["on"]), change["organisation"], label(Action, change["action"]), change["note"] or NOTHING)
        for change in material.snapshot["changes"]
    )
    return Table(
        _("Changes of members in %(year)s") % {"year": material.year}, columns, rows, from_records(),
        empty=_("The members did not change in the year."),
    )  # fmt: skip


# --- 2 the Seven Ones --------------------------------------------------------------------------
def seven(material: Material) -> Chapter:
    """The scorecard beside the score: what the bureau has verified for the year, and what the registers say."""
    card = scorecard_of(material.facts, material.year, language="zh" if chinese() else "en")
    return chapter("seven", _("The Seven Ones"), (_ring(material, card), _scorecard(card)))


def _ring(material: Material, card: Scorecard) -> Chart:
    built, begun = card.count(Progress.BUILT), card.count(Progress.IN_PROGRESS)
    said = _("%(built)s built, %(begun)s in progress, of seven") % {"built": built, "begun": begun}
    picture = ring(done=built, half=begun, total=len(card.ones), label=said, size=130, palette=material.palette)
    return Chart(said, picture)


def _scorecard(card: Scorecard) -> Table:
    columns = (
        Column(_("Item"), 32),
        Column(_("Status"), 16, "mid"),
        Column(_("What the registers say"), 26),
        Column(_("Basis"), 15, "mid"),
        Column(_("Points"), 11, "num"),
    )
    basis = {True: _("Verified"), False: _("Computed")}
    rows = tuple(
        (str(one.item.label), str(one.progress.label), one.note, basis[one.verified], str(int(one.progress)))
        for one in card.ones
    )
    sums = (
        (
            _("Total of %(highest)s, beside the score and not part of it") % {"highest": HIGHEST},
            "",
            "",
            "",
            str(card.total),
        ),
    )
    return Table(_("Scorecard of the Seven Ones"), columns, rows, from_records(), sums)


# --- 3 research tasks --------------------------------------------------------------------------
def tasks(material: Material) -> Chapter:
    """Technologies, tasks, milestones, breakthroughs, delays."""
    return chapter("tasks", _("Research tasks"), _tasks(material))


def _tasks(material: Material) -> Iterator[Block | None]:
    yield _technologies(material)
    yield _readiness(material)
    yield _task_list(material)
    yield _calendar(material)
    yield _milestones(material)
    yield _breakthroughs(material)


def _technologies(material: Material) -> Table:
    columns = (
        Column(_("Technology"), 22),
        Column(_("Class"), 14),
        Column(_("Indicator"), 15),
        Column(_("Baseline → target"), 20, "num"),
        Column(_("TRL at start / now / target"), 14, "mid"),
        Column(_("Due"), 15, "day"),
    )
    rows = tuple(_technology(row) for row in material.facts["technologies"])
    return Table(_("Key-technology list"), columns, rows, from_records(), empty=_("No key technology is listed."))


def _technology(row: Data) -> Row:
    change = f"{figure(row['baseline'])} → {figure(row['target'])} {row['unit']}"
    levels = f"{row['trl_start']} / {row['trl_now']} / {row['trl_target']}"
    return (
        row["name"],
        label(ProblemClass, row["problem_class"]),
        row["indicator"],
        change.strip(),
        levels,
        day(row["due"]),
    )


def _readiness(material: Material) -> Chart | None:
    rows = [
        Change(row["name"], row["trl_start"], row["trl_now"], f"{row['trl_now']} / {row['trl_target']}")
        for row in material.facts["technologies"]
    ]
    if not rows:
        return None
    said = "; ".join(f"{row.name}: {row.before} → {row.after}" for row in rows)
    ticks = range(LOWEST_TRL, HIGHEST_TRL + 1)
    picture = dumbbell(rows, label=said, low=LOWEST_TRL, high=HIGHEST_TRL, ticks=ticks, palette=material.palette)
    return Chart(_("Technology readiness: at start, now / target"), picture)


def _task_list(material: Material) -> Table:
    columns = (
        Column(_("Task"), 28),
        Column(_("Responsible"), 24),
        Column(_("Period"), 18, "mid"),
        Column(_("Budget (×10k yuan)"), 15, "num"),
        Column(_("Milestones reached"), 15, "mid"),
    )
    rows = tuple(_task(task) for task in material.facts["tasks"])
    return Table(_("Research tasks"), columns, rows, from_records(), empty=_("No research task is recorded."))


def _task(task: Data) -> Row:
    budget = Decimal(task["budget_grant"]) + Decimal(task["budget_own"])
    period = f"{day(task['start'])} – {day(task['end'])}"
    return f"T{task['number']} {task['name']}", task["lead"]["name"], period, money(budget), _reached(task)


def _reached(task: Data) -> str:
    reached = sum(1 for one in task["milestones"] if one["status"] == ON_TIME)
    return f"{reached} / {len(task['milestones'])}"


def _calendar(material: Material) -> Chart | None:
    spans = [span(task, material) for task in material.facts["tasks"]]
    if not spans:
        return None
    start, end = min(one.start for one in spans), max(one.end for one in spans)
    picture = gantt(
        spans, start=start, end=end, today=material.window[1], today_label=_("Year end"),
        label="; ".join(f"{one.name} {one.done:.0%}" for one in spans), palette=material.palette,
    )  # fmt: skip
    return Chart(_("Tasks on the calendar, with the milestones reached by weight"), picture)


def span(task: Data, material: Material) -> Span:
    """A task on the calendar; how far it is by the weight of its milestones, as on the consortium's page."""
    whole = sum(one["weight"] for one in task["milestones"])
    reached = sum(one["weight"] for one in task["milestones"] if one["status"] == ON_TIME)
    late = any(_is_late(one, material) for one in task["milestones"])
    name = f"T{task['number']} {task['name']}"
    start, end = date.fromisoformat(task["start"]), date.fromisoformat(task["end"])
    return Span(name, start, end, reached / whole if whole else 0, task["lead"]["name"], late)


def _is_late(milestone: Data, material: Material) -> bool:
    """Due by the end of the year and not reached by its own day."""
    if milestone["due"] > material.filing["window"][1]:
        return False
    return bool(milestone["status"] != ON_TIME or milestone["reached_on"] > milestone["due"])


def _milestones(material: Material) -> Table:
    columns = (
        Column(_("Task"), 8, "mid"),
        Column(_("Milestone"), 24),
        Column(_("Metric"), 19),
        Column(_("Target"), 10, "num"),
        Column(_("Actual value"), 10, "num"),
        Column(_("Due"), 15, "day"),
        Column(_("Status"), 14, "mid"),
    )
    first, last = material.filing["window"]
    rows = tuple(
        _milestone(task, one, material)
        for task in material.facts["tasks"]
        for one in task["milestones"]
        if first <= one["due"] <= last
    )
    title = _("Milestones due in %(year)s") % {"year": material.year}
    return Table(title, columns, rows, from_records(), empty=_("No milestone was due in the year."))


def _milestone(task: Data, one: Data, material: Material) -> Row:
    status = label(MilestoneStatus, one["status"])
    if _is_late(one, material):
        status = _("Delayed")
    return (
        f"T{task['number']}",
        one["name"],
        one["metric"],
        figure(one["target"]),
        figure(one["actual"]),
        day(one["due"]),
        status,
    )


def _breakthroughs(material: Material) -> Table:
    columns = (
        Column(_("Breakthrough"), 46),
        Column(_("Number"), 20),
        Column(_("Owner"), 19),
        Column(_("Day"), 15, "day"),
    )
    rows = tuple(
        (row["name"], row["identifier"], row["owner"]["name"], day(row["date"]))
        for row in material.outcomes("BREAKTHROUGH")
    )
    title = _("Breakthroughs of %(year)s") % {"year": material.year}
    return Table(title, columns, rows, from_records(), empty=_("No breakthrough was recorded in the year."))
