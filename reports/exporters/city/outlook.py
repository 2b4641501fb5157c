"""Chapters on the process, cases, risks, and the year to come."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.enums import AppealKind, AppealStatus
from reports.exporters.annual.blocks import Block, Chapter, Column, Listing, Prose, Table, chapter, prose
from reports.exporters.annual.material import chinese, label
from reports.exporters.city.material import CityMaterial
from reports.exporters.city.works import listed, wan
from reports.exporters.city.years import NONE, named, said


# --- process -----------------------------------------------------------------------------------
def process(material: CityMaterial) -> Chapter:
    """How the evaluation itself went."""
    return chapter("process", _("The process of the evaluation"), _process(material), fresh=True)


def _process(material: CityMaterial) -> Iterator[Block | None]:
    found = material.snapshot["process"]
    source, experts = _("Source: evaluations of the year."), found["experts"]
    steps = {
        "verified": _("From the self-report to its verification"),
        "scored": _("From the verification to the expert's scores"),
        "graded": _("From the scores to the grade"),
        "confirmed": _("From the grade to its confirmation"),
        "final": _("From the confirmation to the final grade"),
    }
    yield listed(
        _("Days that the steps took"), (_("Step"), _("Evaluations"), _("Median (days)"), _("Most (days)")),
        [
            (steps[row["step"]], str(row["count"]), _days(row["median"]), _days(row["most"])) for row in found["steps"]
        ],
        source,
    )  # fmt: skip
    yield listed(
        _("Corrections and the work of experts"), (_("What is counted"), _("How many")),
        [
            (_("Self-reports that were returned"), str(found["sent_back"])),
            (_("Returns altogether"), str(found["returns"])),
            (_("Experts who scored"), str(experts["count"])),
            (_("Evaluations of an expert, mean"), experts["mean"]),
            (_("Evaluations of an expert, most"), str(experts["most"])),
            (_("Points between the medians of experts, at most"), experts["spread"]),
        ],
        _("Medians of experts with at least three evaluations. Source: evaluations of the year."),
    )  # fmt: skip
    yield listed(
        _("Appeals and objections of the year"), (_("Kind"), _("Status"), _("How many")),
        [
            (label(AppealKind, row["kind"]), label(AppealStatus, row["status"]), str(row["count"]))
            for row in found["appeals"]
        ],
        source,
    )  # fmt: skip


def _days(text: str | None) -> str:
    return NONE if text is None else f"{Decimal(text):.1f}"


# --- cases -------------------------------------------------------------------------------------
def cases(material: CityMaterial) -> Chapter:
    """Consortia whose excellent grade was published, and what others can learn from the cases that were."""
    columns = (
        Column(_("Consortium code"), 17), Column(_("Consortium"), 29), Column(_("Lead organisation"), 24),
        Column(_("Sub-field"), 14), Column(_("Tier"), 6, "mid"), Column(_("Outcomes"), 10, "num"),
    )  # fmt: skip
    rows = tuple(
        (row["code"], row["name"], row["lead"], material.sub_fields[row["sub_field"]], row["tier"],
         str(row["outcomes"]))
        for row in material.snapshot["cases"]
    )  # fmt: skip
    source = _("Only excellent grades on a list that was published; outcomes of the year. Source: lists of grades.")
    table = Table(_("Excellent consortia of the year"), columns, rows, source, empty=_("None has been published."))
    return chapter("cases", _("Typical cases"), [table, *(_practice(row) for row in material.snapshot["practices"])])


def _practice(row: dict[str, str]) -> Prose | None:
    language = "zh" if chinese() or not row["practice_en"] else "en"
    return prose(row[f"practice_{language}"], f"{row[f'title_{language}']} ({row['name']})")


# --- risks -------------------------------------------------------------------------------------
def risks(material: CityMaterial) -> Chapter:
    """What is late or in doubt, and what follows from the rules."""
    return chapter("risks", _("Risks and advice"), _risks(material), fresh=True)


def _risks(material: CityMaterial) -> Iterator[Block | None]:
    found = material.snapshot["risks"]
    held = found["held"]
    rows = [
        (_("Milestones past their day and not reached"), found["milestones"],
         _("Ask the liaison officers for a reason and a new date.")),
        (_("Consortia in rectification"), found["rectifying"], _("Examine what was put right when the term is over.")),
        (_("Exit cases that are open"), found["exits"], _("Settle property and funds before the decision.")),
        (_("Consortia graded unqualified"), found["unqualified"],
         _("Decide on the consequences that the rules propose.")),
        (_("Tranches on hold (%(sum)s ×10k yuan)") % {"sum": wan(held["sum"])}, held["count"],
         _("Settle the reason of each hold, or cancel the tranche.")),
        (_("Claims past their day"), found["overdue_claims"], _("Remind in writing, then enforce the claim.")),
    ]  # fmt: skip
    columns = (Column(_("Risk"), 45), Column(_("How many"), 12, "num"), Column(_("Advice"), 43))
    body = tuple((name, str(count), advice if count else NONE) for name, count, advice in rows)
    source = _("As of the day of the data. The advice is a proposal of the portal, not of the rules.")
    yield Table(_("Risks on the day of the data"), columns, body, source)
    yield _empty_places(material)


def _empty_places(material: CityMaterial) -> Prose | None:
    covered = {field for field, _place in material.cells}
    bare = [name for key, name in material.sub_fields.items() if key not in covered]
    text = _("Sub-fields without a consortium, to be thought of in the next call: %(names)s.")
    return Prose((text % {"names": _(", ").join(bare)},)) if bare else None


# --- next year ---------------------------------------------------------------------------------
def plan(material: CityMaterial) -> Chapter:
    """Targets of the next year beside where the city stands, and what is planned already."""
    return chapter("plan", _("The year to come"), _plan(material))


def _plan(material: CityMaterial) -> Iterator[Block | None]:
    rows = tuple(
        (named(row["metric"]), said(row["metric"], material.figures[row["metric"], material.year]),
         said(row["metric"], Decimal(row["value"])), row["document"])
        for row in material.snapshot["targets"] if row["year"] == material.year + 1
    )  # fmt: skip
    columns = (
        Column(_("Target figure"), 30), Column(str(material.year), 17, "num"),
        Column(_("Target %(year)d") % {"year": material.year + 1}, 17, "num"), Column(_("Source document"), 36),
    )  # fmt: skip
    yield Table(
        _("Targets of the next year"), columns, rows, _("Source: register of city targets."),
        empty=_("No target was set."),
    )  # fmt: skip
    planned, found = material.snapshot["risks"]["planned"], material.snapshot["risks"]
    items = (
        _("Tranches planned: %(count)d, %(sum)s ×10k yuan.") % {"count": planned["count"], "sum": wan(planned["sum"])},
        _("Rectifications to be examined: %(count)d.") % {"count": found["rectifying"]},
        _("Exit cases to be decided: %(count)d.") % {"count": found["exits"]},
    )
    yield Listing(items, _("What is planned already"))
