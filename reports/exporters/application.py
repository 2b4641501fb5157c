"""The application as data for its document, out of one snapshot; in the language that is active."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from funding.rules.freezing import ReadSection
from funding.rules.wordings import Worded
from funding.selectors.budgets import Sums
from funding.selectors.readings import Reading, read
from portal.kernel.templatetags.ui import NOTHING, cn_date, moment, percent, plain, size, wan
from reports.exporters.agreement import article_number
from reports.exporters.annual.blocks import Block, Chapter, Column, Facts, Prose, Table, chapter, prose
from reports.exporters.annual.material import chinese

Snapshot = dict[str, Any]
EMPTY = "-"


@dataclass(frozen=True)
class ApplicationText:
    """Everything that the template prints."""

    reading: Reading
    cover: Facts
    chapters: tuple[Chapter, ...]

    @property
    def name(self) -> str:
        """The consortium."""
        return str(self.reading.profile["name"])

    @property
    def number(self) -> str:
        """Of the application."""
        return str(self.reading.form["number"])


def application_text(snapshot: Snapshot, *, is_draft: bool, sha256: str) -> ApplicationText:
    """Cover and chapters."""
    reading = read(snapshot)
    found = (
        _written(reading), *map(_designed, reading.designed), _budget(reading.budget), _consortium(reading),
        _members(reading), _technologies(reading), _tasks(reading), _resources(reading), _enclosed(reading),
    )  # fmt: skip
    chapters = [one for one in found if one.blocks]
    numbered = tuple(replace(one, mark=_mark(n)) for n, one in enumerate(chapters, 1))
    return ApplicationText(reading, _cover(reading, sha256, is_draft=is_draft), numbered)


def _mark(number: int) -> str:
    return f"{article_number(number)}、" if chinese() else f"{number}. "


def _cover(reading: Reading, sha256: str, *, is_draft: bool) -> Facts:
    submitted = reading.submitted
    handed_in = _("Draft, not submitted") if is_draft or not submitted else moment(submitted["at"])
    return Facts((
        (_("Number"), reading.form["number"]),
        (_("Consortium"), reading.profile["name"]),
        (_("Lead organisation"), reading.lead["name"]),
        (_("Call"), f"{reading.call['title']} {reading.call['document_number']}"),
        (_("Tier applied for"), reading.form["requested_tier"]),
        (_("Amount asked for (×10k yuan)"), wan(reading.form["requested_amount"])),
        (_("Time of submission"), handed_in),
        (_("Fingerprint (SHA-256)"), sha256),
    ))  # fmt: skip


def _written(reading: Reading) -> Chapter:
    return chapter("written", _("Application form"), _texts(reading))


def _texts(reading: Reading) -> Iterator[Block | None]:
    for part in reading.texts:
        yield prose(part.text or _("Nothing written."), str(part.section.title))
    if reading.findings:
        yield prose(_(", ").join(reading.findings), _("Deviations"))
    yield prose(reading.form.get("justification") or "", _("Reasons for deviations"))


def _designed(section: ReadSection) -> Chapter:
    """A section that the call has designed."""
    return chapter(section.code, str(section.title), (_answer(one) for one in section.answers))


def _answer(answer: Worded) -> Block:
    if answer.grid is None:
        return prose(answer.text or _("Nothing written."), answer.label) or Prose(())
    width = 100 // max(len(answer.grid.heads), 1)
    columns = tuple(Column(head, width, "num" if numeric else "text") for head, numeric in answer.grid.headings)
    rows = tuple(tuple(cell or EMPTY for cell in row) for row in answer.grid.rows)
    return Table(answer.label, columns, rows, source=answer.origin, empty=_("No entry."))


def _budget(sums: Sums | None) -> Chapter:
    return chapter("budget", _("Budget"), budget_tables(sums) if sums else ())


def budget_tables(sums: Sums) -> Iterator[Block]:
    """The budget by member, by category, and line by line."""
    years = [str(year) for year in sums.years]
    yield _sum_table(
        _("Members by year (×10k yuan)"), _("Organisation"), years, sums.members, [*sums.in_years, sums.total]
    )
    yield _sum_table(
        _("Categories by source (×10k yuan)"), _("Category"), list(map(str, sums.sources)), sums.categories,
        [*sums.from_sources, sums.total],
    )  # fmt: skip
    for name, items in sums.items:
        rows = tuple(
            (str(one.source), str(one.category), *map(wan, one.amounts), wan(one.total), one.note or EMPTY)
            for one in items
        )
        width = 44 // (len(years) + 1)
        columns = (
            Column(_("Source of the money"), 14), Column(_("Category"), 14),
            *(Column(year, width, "num") for year in years), Column(_("Total"), width, "num"),
            Column(_("Note"), 72 - width * (len(years) + 1)),
        )  # fmt: skip
        yield Table(_("%(name)s (×10k yuan)") % {"name": name}, columns, rows)


def _sum_table(caption: str, first: str, heads: list[str], rows: Any, totals: list[Any]) -> Table:
    width = 60 // (len(heads) + 1)
    columns = (
        Column(first, 100 - width * (len(heads) + 1)), *(Column(head, width, "num") for head in heads),
        Column(_("Total"), width, "num"),
    )  # fmt: skip
    lines = tuple((str(row.label), *(wan(one.amount) for one in row.sums), wan(row.total.amount)) for row in rows)
    return Table(caption, columns, lines, sums=((_("Total"), *(wan(one.amount) for one in totals)),))


def _consortium(reading: Reading) -> Chapter:
    return chapter("consortium", _("Consortium and lead"), _profile(reading))


def _profile(reading: Reading) -> Iterator[Block | None]:
    profile, lead = reading.profile, reading.lead
    pairs = (
        (_("Consortium"), f"{profile['name']} {profile['code'] or ''}"),
        (_("Sub-field"), profile["sub_field"]),
        (_("District"), profile["district"]),
        (_("Type and form"), f"{profile['type']} · {profile['form']}"),
        (_("Chief scientist"), profile.get("chief_scientist") or NOTHING),
        (_("Lead organisation"), f"{lead['name']} {lead.get('uscc') or ''}"),
        (_("Class of the lead"), lead["lead_class"] or NOTHING),
    )
    yield Facts(tuple((name, str(value)) for name, value in pairs))
    yield prose(profile.get("mission") or "", _("Mission"))
    yield prose(profile.get("governance") or "", _("Governance"))
    columns = (
        Column(_("Year"), 16), Column(_("Revenue (×10k yuan)"), 24, "num"),
        Column(_("R&D expense (×10k yuan)"), 24, "num"), Column(_("Staff"), 18, "num"),
        Column(_("R&D staff"), 18, "num"),
    )  # fmt: skip
    rows = tuple(
        (str(one["year"]), wan(one["revenue"]), wan(one["rd_expense"]), str(one["staff"]), str(one["rd_staff"]))
        for one in lead["years"]
    )
    yield Table(_("Yearly figures of the lead"), columns, rows, empty=_("Nothing is listed."))


def _members(reading: Reading) -> Chapter:
    columns = (
        Column(_("Organisation"), 25), Column(_("Layer and position"), 17), Column(_("Duties"), 26),
        Column(_("Cash (×10k yuan)"), 14, "num"), Column(_("In kind"), 10, "num"), Column(_("IP share"), 8, "num"),
    )  # fmt: skip
    rows = tuple(
        (
            f"{one['organisation']['name']} {one['organisation'].get('uscc') or ''}".strip(),
            f"{one['layer']} · {one['chain_position']}", one["duties"], wan(one["cash"]), wan(one["in_kind"]),
            percent(one["ip_share"]),
        )
        for one in reading.members
    )  # fmt: skip
    table = Table(_("Member organisations"), columns, rows, empty=_("Nothing is listed."))
    return chapter("members", _("Member organisations"), [table])


def _technologies(reading: Reading) -> Chapter:
    columns = (
        Column(_("Technology and gap"), 31), Column(_("Indicator"), 16), Column(_("Baseline"), 9, "num"),
        Column(_("Target"), 9, "num"), Column("TRL", 10, "mid"), Column(_("Responsible"), 13), Column(_("Due"), 12),
    )  # fmt: skip
    rows = tuple(
        (
            f"{one['name']} ({one['problem_class']}) {one['gap']}", f"{one['indicator']} {one['unit']}",
            plain(one["baseline"]), plain(one["target"]), f"{one['trl_start']} → {one['trl_target']}",
            one["owner"]["name"], cn_date(one["due"]),
        )
        for one in reading.technologies
    )  # fmt: skip
    table = Table(_("Key-technology list"), columns, rows, empty=_("Nothing is listed."))
    return chapter("technologies", _("Key-technology list"), [table])


def _tasks(reading: Reading) -> Chapter:
    columns = (
        Column(_("Task"), 28), Column(_("Responsible"), 16), Column(_("Term"), 15), Column(_("Milestones"), 41),
    )  # fmt: skip
    rows = tuple(
        (
            f"T{one['number']} {one['name']}", one["lead"]["name"], f"{cn_date(one['start'])} – {cn_date(one['end'])}",
            "; ".join(f"{cn_date(m['due'])} {m['name']}: {m['metric']} {m['target']}" for m in one["milestones"]),
        )
        for one in reading.tasks
    )  # fmt: skip
    table = Table(_("Research tasks"), columns, rows, empty=_("Nothing is listed."))
    return chapter("tasks", _("Research tasks"), [table])


def _resources(reading: Reading) -> Chapter:
    rows = [
        *((one["kind"], one["name"], one["builder"]["name"]) for one in reading.platforms),
        *((_("Fund"), one["name"], one["manager"]["name"]) for one in reading.funds),
        *((one["kind"], one["name"], f"{one['identifier']} {cn_date(one['date'])}") for one in reading.outcomes),
    ]
    columns = (Column(_("Kind"), 20), Column(_("Name"), 45), Column(_("Details"), 35))
    title = _("Platforms, funds and outcomes")
    return chapter("resources", title, [Table(title, columns, tuple(rows))] if rows else ())


def _enclosed(reading: Reading) -> Chapter:
    return chapter("enclosed", _("Agreement, files and declarations"), _papers(reading))


def _papers(reading: Reading) -> Iterator[Block | None]:
    if reading.agreement:
        settled = [str(one["label"]) for one in reading.agreement["clauses"] if one["settled"]]
        yield Facts((
            (_("Consortium agreement"), _("Version %(version)s") % {"version": reading.agreement["version"]}),
            (_("Clauses settled"), _(", ").join(settled) or NOTHING),
            (_("Fingerprint (SHA-256)"), str(reading.agreement["sha256"])),
        ))  # fmt: skip
    columns = (Column(_("What it is"), 26), Column(_("File"), 26), Column(_("Size"), 10, "num"), Column("SHA-256", 38))
    rows = tuple((one["label"], one["name"], size(one["size"]), one["sha256"]) for one in reading.files)
    yield Table(_("Files"), columns, rows, empty=_("No file is attached."))
    yield prose("\n".join(reading.declarations), _("Declarations"))
    if reading.submitted:
        yield prose(f"{reading.submitted['by']} · {moment(reading.submitted['at'])}")
