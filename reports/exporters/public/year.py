"""The chapters: who the consortium is, its research, outcomes, effects, and the grade."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consortia.enums import ConsortiumForm, Layer, OutcomeKind, PlatformKind
from members.enums import OrganisationType
from portal.kernel.charts import Bar, Span, bars, gantt
from portal.kernel.enumerating import enumerated
from portal.kernel.network import TALL, WIDE, Lead, Link, Member, network
from portal.kernel.templatetags.ui import NOTHING
from reports.exporters.annual.blocks import Block, Chapter, Chart, Column, Facts, Prose, Row, Table, chapter, prose
from reports.exporters.annual.effects import RELATIONS
from reports.exporters.annual.material import Facts as Data
from reports.exporters.annual.material import day, figure, label, long_day, money
from reports.exporters.annual.tables import from_records
from reports.exporters.public.material import PublicMaterial
from reports.rules import word


# --- 1 the consortium --------------------------------------------------------------------------
def profile(material: PublicMaterial) -> Chapter:
    """Form, mission, members."""
    return chapter("profile", _("The consortium"), _profile(material))


def _profile(material: PublicMaterial) -> Iterator[Block | None]:
    data = material.consortium
    yield Facts((
        (_("Form"), label(ConsortiumForm, data["form"])),
        (_("Build period"), f"{day(data['build_from'])} – {day(data['build_to'])}"),
        (_("Chief scientist"), data["chief_scientist"] or NOTHING),
    ))  # fmt: skip
    yield prose(data["mission"], _("Mission"))
    yield _members(material)
    yield _network(material)


def _members(material: PublicMaterial) -> Table:
    columns = (
        Column(_("Organisation"), 30), Column(_("Type"), 15), Column(_("Layer"), 17), Column(_("Duties"), 38)
    )  # fmt: skip
    rows = tuple(
        (row["name"], label(OrganisationType, row["type"]), label(Layer, row["layer"]), row["duties"] or NOTHING)
        for row in material.snapshot["members"]
    )
    return Table(_("Members and their duties"), columns, rows, from_records())


def _network(material: PublicMaterial) -> Chart:
    """The lead in the middle; on a page a second drawing stands ready for narrow screens."""
    lead = material.snapshot["lead"]
    others = [row for row in material.snapshot["members"] if row["name"] != lead]
    members = [Member(row["name"], row["name"], RELATIONS[row["group"]][0]) for row in others]
    links = [
        Link(lead, row["name"], RELATIONS[row["group"]][1], "", strong=row["layer"] == Layer.CORE) for row in others
    ]
    said = _("%(lead)s with %(count)s members") % {"lead": lead, "count": len(others)}
    sheets = (WIDE, TALL) if material.on_page else (WIDE,)
    pictures = [
        network(Lead(lead, lead, _("Lead")), members, links, label=said, palette=material.colours, sheet=sheet)
        for sheet in sheets
    ]
    return Chart(
        _("Collaboration network; thick lines: core layer"), format_html_join("", "{}", ((one,) for one in pictures))
    )


# --- 2 research --------------------------------------------------------------------------------
def research(material: PublicMaterial) -> Chapter:
    """Open technologies and their tasks."""
    return chapter("research", _("Research"), _research(material))


def _research(material: PublicMaterial) -> Iterator[Block | None]:
    yield _technologies(material)
    yield _tasks(material)
    yield _calendar(material)
    yield _not_named(material)


def _technologies(material: PublicMaterial) -> Table:
    columns = (Column(_("Technology"), 40), Column(_("Indicator"), 30), Column(_("Owner"), 30))
    rows = tuple((row["name"], row["indicator"], row["owner"]) for row in material.snapshot["technologies"])
    return Table(_("Open key technologies"), columns, rows, from_records(), empty=_("No key technology is open."))


def _tasks(material: PublicMaterial) -> Table:
    columns = (
        Column(_("Task"), 34),
        Column(_("Responsible"), 28),
        Column(_("Period"), 22, "mid"),
        Column(_("Milestones reached"), 16, "mid"),
    )
    rows = tuple(_task(row) for row in material.snapshot["tasks"])
    empty = _("No research task belongs to an open technology.")
    return Table(_("Research tasks on open technologies"), columns, rows, from_records(), empty=empty)


def _task(row: Data) -> Row:
    period = f"{day(row['start'])} – {day(row['end'])}"
    return f"T{row['number']} {row['name']}", row["lead"], period, f"{row['reached']} / {row['planned']}"


def _calendar(material: PublicMaterial) -> Chart | None:
    spans = [
        Span(
            f"T{row['number']} {row['name']}", date.fromisoformat(row["start"]), date.fromisoformat(row["end"]),
            row["reached"] / row["planned"] if row["planned"] else 0, row["lead"],
        )
        for row in material.snapshot["tasks"]
    ]  # fmt: skip
    if not spans:
        return None
    start, end = min(one.start for one in spans), max(one.end for one in spans)
    picture = gantt(
        spans, start=start, end=end, today=date(material.year, 12, 31), today_label=_("Year end"),
        label="; ".join(f"{one.name} {one.done:.0%}" for one in spans), palette=material.colours,
    )  # fmt: skip
    return Chart(_("Tasks on the calendar, with the share of milestones reached"), picture)


def _not_named(material: PublicMaterial) -> Prose | None:
    hidden = material.snapshot["not_named"]
    said = []
    if hidden["technologies"]:
        said.append(
            ngettext(
                "%(count)s further technology is not open.", "%(count)s further technologies are not open.",
                hidden["technologies"],
            ) % {"count": hidden["technologies"]}
        )  # fmt: skip
    if hidden["tasks"]:
        said.append(
            ngettext(
                "%(count)s further task is not named.", "%(count)s further tasks are not named.", hidden["tasks"]
            ) % {"count": hidden["tasks"]}
        )  # fmt: skip
    return Prose(tuple(said)) if said else None


# --- 3 outcomes --------------------------------------------------------------------------------
def outcomes(material: PublicMaterial) -> Chapter:
    """What was registered and counts."""
    return chapter("outcomes", _("Outcomes of the year"), _outcomes(material))


def _outcomes(material: PublicMaterial) -> Iterator[Block | None]:
    columns = (Column(_("Kind"), 18), Column(_("Name"), 40), Column(_("Number"), 26), Column(_("Day"), 16, "day"))
    kinds = {kind.value: n for n, kind in enumerate(OutcomeKind)}
    found = sorted(material.snapshot["outcomes"], key=lambda row: kinds.get(row["kind"], len(kinds)))
    rows = tuple(
        (label(OutcomeKind, row["kind"]), row["name"], row["identifier"] or NOTHING, day(row["date"])) for row in found
    )
    title = _("Outcomes recorded in %(year)s") % {"year": material.year}
    yield Table(title, columns, rows, from_records(), empty=_("No outcome is named."))
    yield _by_kind(material, Counter(row["kind"] for row in found))
    hidden = material.snapshot["outcomes_not_named"]
    if hidden:
        text = ngettext(
            "%(count)s further outcome counts and is not named.", "%(count)s further outcomes count and are not named.",
            hidden,
        )  # fmt: skip
        yield Prose((text % {"count": hidden},))


def _by_kind(material: PublicMaterial, counts: Counter[str]) -> Chart | None:
    rows = [
        Bar(str(kind.label), (("c1", counts[kind]),), str(counts[kind])) for kind in OutcomeKind if counts[kind]
    ]  # fmt: skip
    if len(rows) < 2:
        return None
    said = "; ".join(f"{row.name} {row.text}" for row in rows)
    return Chart(_("Outcomes by kind"), bars(rows, label=said, palette=material.colours))


# --- 4 effects ---------------------------------------------------------------------------------
def effects(material: PublicMaterial) -> Chapter:
    """Platforms, small enterprises, sharing, talent, funds: totals."""
    return chapter("effects", _("Collaboration and effect"), (_totals(material), _means(material)))


def _totals(material: PublicMaterial) -> Table:
    columns = (Column(_("Indicator"), 56), Column(_("Unit"), 20, "mid"), Column(_("Actual value"), 24, "num"))
    rows = tuple((word(row), word(row, "unit"), figure(row["value"])) for row in material.snapshot["totals"])
    source = _("Source: self-report, verified by the district, and records of the portal.")
    return Table(_("Totals of the year"), columns, rows, source, empty=_("No figures were stated."))


def _means(material: PublicMaterial) -> Facts:
    funds, platforms = material.snapshot["funds"], material.snapshot["platforms"]
    kinds = enumerated(f"{label(PlatformKind, kind)} {count}" for kind, count in platforms.items())
    said = _("%(count)s, with %(scale)s ×10k yuan") % {"count": funds["count"], "scale": money(funds["scale"])}
    return Facts((
        (_("Joint platforms in operation"), kinds or NOTHING),
        (_("Industry funds"), said if funds["count"] else NOTHING),
    ))  # fmt: skip


# --- 5 grade -----------------------------------------------------------------------------------
def grading(material: PublicMaterial) -> Chapter:
    """The grade, and the list on which everybody could object to it."""
    return chapter("grade", _("Grade of the year"), (Facts(tuple(_grading(material))),))


def _grading(material: PublicMaterial) -> Iterator[tuple[str, str]]:
    yield _("Grade of the year"), material.grade
    if published := material.snapshot["list"]:
        yield _("Decided by a meeting on"), long_day(published["meeting_on"])
        yield _("List of grades"), published["number"]
        yield _("Published for objections"), f"{long_day(published['from'])} – {long_day(published['until'])}"
    yield _("Final since"), long_day(material.snapshot["final_on"])
