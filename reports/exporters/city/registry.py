"""Chapters on consortia, where they are, who leads them and what they brought about."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from consortia.enums import ConsortiumStatus, OutcomeKind
from members.enums import LeadClass, OrganisationType, Ownership, SizeClass
from portal.kernel.charts import Bar, bars
from reports.exporters.annual.blocks import Block, Chapter, Chart, Column, Prose, Table, chapter
from reports.exporters.annual.material import label, long_day, money
from reports.exporters.city.material import CityMaterial, by, total
from reports.exporters.city.pictures import Fall, Heat, heat, waterfall
from reports.exporters.city.works import listed
from reports.exporters.city.years import targets

MILLION = Decimal(1_000_000)


def from_register(material: CityMaterial) -> str:
    """For what the register says."""
    return _("Unit: consortia. Source: register of consortia, as of %(day)s.") % {
        "day": long_day(material.snapshot["as_of"])
    }


# --- 1 -----------------------------------------------------------------------------------------
def overview(material: CityMaterial) -> Chapter:
    """How many there are and how that came about."""
    return chapter("overview", _("Overview"), _overview(material), fresh=True)


def _overview(material: CityMaterial) -> Iterator[Block | None]:
    words = {"year": material.year, "all": material.recognised, "alive": material.alive, "new": material.new,
             "ended": material.recognised - material.alive}  # fmt: skip
    yield Prose((
        _("By the end of %(year)d the city had recognised %(all)d consortia, %(new)d of them in the year. %(ended)d "
          "have graduated, left or been revoked since; %(alive)d are at work.") % words,
    ))  # fmt: skip
    yield _how(material)
    yield _states(material)
    yield _recognised(material)
    yield from targets(material)


def _how(material: CityMaterial) -> Chart:
    ended = by(material.consortia["ended"], "state")
    steps = (
        Fall(_("Recognised before"), material.recognised - material.new, is_level=True),
        Fall(_("New in the year"), material.new),
        *(Fall(label(ConsortiumStatus, state), -count) for (state,), count in sorted(ended.items())),
        Fall(_("Consortia at work"), material.alive, is_level=True),
    )
    caption = _("From the consortia recognised before to those at work (consortia)")
    return Chart(caption, waterfall(steps, label=caption, palette=material.palette))


def _by_tier(material: CityMaterial, caption: str, head: str, rows: list[tuple[str, list[int]]]) -> Table:
    columns = (
        Column(head, 28), *(Column(name, 18, "num") for name in material.tiers.values()), Column(_("Total"), 18, "num")
    )  # fmt: skip
    body = tuple((name, *(str(value) for value in values), str(sum(values))) for name, values in rows)
    sums = [sum(values[n] for _name, values in rows) for n in range(len(material.tiers))]
    last = (_("Total"), *(str(value) for value in sums), str(sum(sums)))
    return Table(caption, columns, body, from_register(material), (last,), _("There are none."))


def _states(material: CityMaterial) -> Table:
    found = by(material.consortia["states"], "state", "of_tier")
    rows = [
        (label(ConsortiumStatus, state), [found[state, tier] for tier in material.tiers])
        for state in ConsortiumStatus.values
        if any(found[state, tier] for tier in material.tiers)
    ]
    return _by_tier(material, _("Consortia by state and tier"), _("State"), rows)


def _recognised(material: CityMaterial) -> Table:
    found = by(material.consortia["recognised"], "in_year", "of_tier")
    rows = [(year, [found[year, tier] for tier in material.tiers]) for year in sorted({year for year, _tier in found})]
    return _by_tier(material, _("Consortia by year of recognition and present tier"), _("Year"), rows)


# --- 2 -----------------------------------------------------------------------------------------
def coverage(material: CityMaterial) -> Chapter:
    """Sub-fields, districts and kinds of members."""
    return chapter("coverage", _("Coverage"), _coverage(material), fresh=True)


def _coverage(material: CityMaterial) -> Iterator[Block | None]:
    cells = material.cells
    bare = [
        name for key, name in material.sub_fields.items() if not any((key, one) in cells for one in material.districts)
    ]
    yield Prose((_("Sub-fields without a consortium: %(names)s.") % {
        "names": _(", ").join(bare) if bare else _("none")
    },))  # fmt: skip
    caption = _("Consortia at work by sub-field and district; dashed cells have none")
    rows = [
        Heat(name, tuple(cells[key, one] for one in material.districts)) for key, name in material.sub_fields.items()
    ]
    short = [name.split("（")[0] for name in material.districts.values()]
    yield Chart(caption, heat(short, rows, label=caption, palette=material.palette))
    yield _places(material)
    yield _kinds(material)


def _places(material: CityMaterial) -> Table:
    columns = (
        Column(_("District"), 40), Column(_("Consortia at work"), 20, "num"),
        Column(_("Sub-fields covered"), 20, "num"), Column(_("Share of the city"), 20, "num"),
    )  # fmt: skip
    cells, rows = material.cells, []
    for key, name in material.districts.items():
        here = [count for (_field, place), count in cells.items() if place == key]
        rows.append((name, str(sum(here)), str(len(here)), _share(sum(here), cells.total())))
    sums = ((_("Total"), str(cells.total()), str(len({field for field, _place in cells})), _share(1, 1)),)
    return Table(_("Consortia at work by district"), columns, tuple(rows), from_register(material), sums)


def _share(part: int | Decimal, whole: int | Decimal) -> str:
    return f"{part / whole * 100:.1f}%" if whole else "—"


def _kinds(material: CityMaterial) -> Table:
    columns = (
        Column(_("Type of organisation"), 40), Column(_("Organisations"), 20, "num"),
        Column(_("From outside the city"), 20, "num"), Column(_("Part of all"), 20, "num"),
    )  # fmt: skip
    found = material.snapshot["members"]
    all_of_them, outside = total(found), sum(row["outside"] for row in found)
    rows = tuple(
        (
            label(OrganisationType, row["kind"]),
            str(row["count"]),
            str(row["outside"]),
            _share(row["count"], all_of_them),
        )
        for row in found
    )
    sums = ((_("Total"), str(all_of_them), str(outside), _share(1, 1)),) if rows else ()
    source = _("Unit: organisations, each once, present members of consortia at work. Source: lists of members.")
    return Table(_("Members by type"), columns, rows, source, sums, _("There are none."))


# --- 3 -----------------------------------------------------------------------------------------
def leads(material: CityMaterial) -> Chapter:
    """Who leads."""
    return chapter("leads", _("Lead organisations"), _all_leads(material), fresh=True)


def _all_leads(material: CityMaterial) -> Iterator[Block | None]:
    yield _leads(material)
    yield _owners(material)
    yield _sizes(material)
    yield from _first_leads(material)


def _leads(material: CityMaterial) -> Table:
    found = by(material.consortia["leads"], "kind")
    return _led(material, _("Consortia by class of the lead"), _("Class of the lead"), [
        (str(name), found[value,]) for value, name in LeadClass.choices
    ])  # fmt: skip


def _owners(material: CityMaterial) -> Table:
    found = by(material.consortia["leads"], "owner")
    rows = [(str(name), found[value,]) for value, name in Ownership.choices]
    return _led(
        material, _("Consortia by ownership of the lead"), _("Ownership"), [*rows, (_("Not stated"), found["",])]
    )


def _sizes(material: CityMaterial) -> Table:
    found = by(material.consortia["leads"], "size")
    rows = [(str(name), found[value,]) for value, name in SizeClass.choices]
    return _led(material, _("Consortia by size of the lead"), _("Size"), [*rows, (_("Not stated"), found["",])])


def _first_leads(material: CityMaterial) -> Iterator[Table]:
    """Ten each; organisations with as many stand by name."""
    ranks, first, last = material.snapshot["ranks"], material.years[0], material.year
    heads = (_("Lead"), _("Consortia"))
    source = _("Ten at most. Source: register of outcomes; payments that stand, to consortia at work.")
    yield listed(
        _("Leads with most outcomes in %(year)d") % {"year": last}, (*heads, _("Outcomes")),
        [(row["lead"], str(row["consortia"]), str(row["count"])) for row in ranks["outcomes"]], source,
    )  # fmt: skip
    yield listed(
        _("Leads with most funds paid, %(first)d to %(last)d") % {"first": first, "last": last},
        (*heads, _("Paid (×10k yuan)")),
        [(row["lead"], str(row["consortia"]), money(row["sum"])) for row in ranks["paid"]], source,
    )  # fmt: skip


def _led(material: CityMaterial, caption: str, head: str, rows: list[tuple[str, int]]) -> Table:
    columns = (Column(head, 60), Column(_("Consortia"), 20, "num"), Column(_("Part of all"), 20, "num"))
    whole = sum(count for _name, count in rows)
    body = tuple((name, str(count), _share(count, whole)) for name, count in rows if count)
    sums = ((_("Total"), str(whole), _share(whole, whole)),) if body else ()
    return Table(caption, columns, body, from_register(material), sums, _("There are none."))


# --- 4 -----------------------------------------------------------------------------------------
def outputs(material: CityMaterial) -> Chapter:
    """What was brought about, over the years."""
    return chapter(
        "outputs", _("Outputs and economic effect"),
        [_outputs(material), _in_year(material), _fields(material), _efficiency(material)],
    )  # fmt: skip


def _outputs(material: CityMaterial) -> Table:
    columns = (
        Column(_("Kind"), 28), *(Column(str(year), 14, "num") for year in material.years),
        Column(_("Amount %(year)d (×10k yuan)") % {"year": material.year}, 30, "num"),
    )  # fmt: skip
    found = by(material.snapshot["outputs"], "kind", "in_year")
    sums = {row["kind"]: row["sum"] for row in material.snapshot["outputs"] if row["in_year"] == material.year}
    rows = tuple(
        (str(name), *(str(found[kind, str(year)]) for year in material.years), _amount(kind, sums.get(kind)))
        for kind, name in OutcomeKind.choices
    )
    source = _(
        "Unit: outcomes by their day; sales of products and value of contracts. What two claim is counted once. "
        "Source: register of outcomes."
    )
    return Table(_("Outcomes over three years"), columns, rows, source)


def _amount(kind: str, yuan: str | None) -> str:
    return money(yuan or "0") if kind in {OutcomeKind.CONTRACT, OutcomeKind.PRODUCT} else "—"


def _in_year(material: CityMaterial) -> Chart | None:
    found = by((row for row in material.snapshot["outputs"] if row["in_year"] == material.year), "kind")
    rows = [
        Bar(str(name), (("c1", found[kind,]),), str(found[kind,])) for kind, name in OutcomeKind.choices if found[kind,]
    ]
    caption = _("Outcomes of %(year)d by kind (number)") % {"year": material.year}
    return Chart(caption, bars(rows, label=caption, palette=material.palette)) if rows else None


def _fields(material: CityMaterial) -> Table:
    """The clusters of the city beside each other."""
    found = material.snapshot["fields"]
    counts = by(found["outcomes"], "field", "kind")
    amounts = {(row["field"], row["kind"]): Decimal(row["sum"] or 0) for row in found["outcomes"]}
    paid = {row["field"]: Decimal(row["sum"]) for row in found["paid"]}
    columns = (
        Column(_("Sub-field"), 28), Column(_("Outcomes"), 12, "num"), Column(_("Patents"), 9, "num"),
        Column(_("Standards"), 12, "num"), Column(_("Sales (×10k yuan)"), 13, "num"),
        Column(_("Contracts (×10k yuan)"), 13, "num"), Column(_("Per million yuan paid"), 13, "num"),
    )  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for key, name in material.sub_fields.items():
        made = sum(count for (field, _kind), count in counts.items() if field == key)
        rows.append((
            name, str(made), str(counts[key, OutcomeKind.PATENT]), str(counts[key, OutcomeKind.STANDARD]),
            money(amounts.get((key, OutcomeKind.PRODUCT), Decimal(0))),
            money(amounts.get((key, OutcomeKind.CONTRACT), Decimal(0))),
            f"{made * MILLION / paid[key]:.2f}" if paid.get(key) else "—",
        ))  # fmt: skip
    source = _("All three years together, consortia at work. Source: register of outcomes; payments that stand.")
    return Table(_("Outcomes over three years by sub-field"), columns, tuple(rows), source)


def _efficiency(material: CityMaterial) -> Table | None:
    """Outcomes for each million yuan that was paid over the years shown."""
    paid = sum((material.amounts("payments", year) for year in material.years), Decimal(0))
    if not paid:
        return None
    columns = (Column(_("Kind"), 50), Column(_("Outcomes"), 25, "num"), Column(_("Per million yuan paid"), 25, "num"))
    found = by(material.snapshot["outputs"], "kind")
    rows = tuple(
        (str(name), str(found[kind,]), f"{found[kind,] * MILLION / paid:.2f}")
        for kind, name in OutcomeKind.choices
        if found[kind,]
    )
    source = _("Outcomes and payments of the three years together. Source: register of outcomes; payments that stand.")
    return Table(_("Outcomes beside the funds paid"), columns, rows, source, empty=_("There are none."))
