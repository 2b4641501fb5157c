"""Chapter 9: what was granted, paid and used."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from consortia.enums import Tier
from funding.enums import TrancheCondition, TrancheStatus
from portal.kernel.charts import Bar, bars
from portal.kernel.templatetags.ui import NOTHING
from reports.exporters.annual.blocks import Block, Chapter, Chart, Column, Row, Table, chapter
from reports.exporters.annual.material import Facts as Data
from reports.exporters.annual.material import Material, day, figure, label, money
from reports.exporters.annual.tables import metric_table

WAN = Decimal(10_000)


def use_of_funds(material: Material) -> Chapter:
    """Awards, tranches, budget and compliance."""
    return chapter("funds", _("Use of funds"), _funds(material))


def _funds(material: Material) -> Iterator[Block | None]:
    yield _awards(material)
    yield _tranches(material)
    yield _budget(material)
    yield _budget_bars(material)
    yield metric_table(material, _("Execution and compliance"), material.dimension("G8"))


def ledger() -> str:
    """For money."""
    return _("Source: award register and tranche ledger, when this report was ordered.")


def _awards(material: Material) -> Table:
    columns = (
        Column(_("Year"), 10, "mid"),
        Column(_("Batch"), 10, "mid"),
        Column(_("Tier"), 14, "mid"),
        Column(_("Amount (×10k yuan)"), 18, "num"),
        Column(_("Approval document"), 24),
        Column(_("Contract"), 24),
    )
    rows = tuple(_award(award) for award in material.snapshot["awards"])
    sums = ((_("Total"), "", "", money(material.granted), "", ""),) if rows else ()
    return Table(_("Awards"), columns, rows, ledger(), sums, _("The consortium has no award."))


def _award(award: Data) -> Row:
    contract = award["contract"]["number"] if award["contract"] else NOTHING
    return (
        str(award["year"]), str(award["batch"]), label(Tier, award["tier"]), money(award["amount"]), award["document"],
        contract,
    )  # fmt: skip


def _tranches(material: Material) -> Table:
    columns = (
        Column(_("Award"), 10, "mid"),
        Column(_("Tranche"), 12, "mid"),
        Column(_("Condition"), 19),
        Column(_("Due (×10k yuan)"), 14, "num"),
        Column(_("Paid (×10k yuan)"), 14, "num"),
        Column(_("Paid on"), 15, "day"),
        Column(_("Status"), 16),
    )
    rows = tuple(_tranche(award, tranche) for award, tranche in material.tranches())
    due = sum((Decimal(tranche["amount"]) for _award_, tranche in material.tranches()), Decimal(0))
    sums = ((_("Total"), "", "", money(due), money(material.paid), "", ""),) if rows else ()
    return Table(_("Tranche ledger"), columns, rows, ledger(), sums, _("There are no tranches."))


def _tranche(award: Data, tranche: Data) -> Row:
    percent = f"{figure(tranche['percent'])}%"
    return (
        str(award["year"]),
        f"{tranche['sequence']} ({percent})",
        label(TrancheCondition, tranche["condition"]),
        money(tranche["amount"]),
        money(tranche["paid"]),
        day(tranche["paid_on"]),
        label(TrancheStatus, tranche["status"]),
    )


# --- budget ------------------------------------------------------------------------------------
def _budget(material: Material) -> Table:
    columns = (
        Column(_("Task"), 40),
        Column(_("From the grant (×10k yuan)"), 20, "num"),
        Column(_("Own funds (×10k yuan)"), 20, "num"),
        Column(_("Subtotal (×10k yuan)"), 20, "num"),
    )
    rows = tuple(_budget_row(task) for task in material.facts["tasks"])
    grant, own = _planned(material)
    sums = ((_("Total"), money(grant), money(own), money(grant + own)),) if rows else ()
    source = _("Source: task budgets of the agreement; what was spent is stated in the self-report.")
    return Table(_("Budget of the tasks"), columns, rows, source, sums, _("No task has a budget."))


def _budget_row(task: Data) -> Row:
    grant, own = Decimal(task["budget_grant"]), Decimal(task["budget_own"])
    return f"T{task['number']} {task['name']}", money(grant), money(own), money(grant + own)


def _planned(material: Material) -> tuple[Decimal, Decimal]:
    tasks = material.facts["tasks"]
    grant = sum((Decimal(task["budget_grant"]) for task in tasks), Decimal(0))
    return grant, sum((Decimal(task["budget_own"]) for task in tasks), Decimal(0))


def _budget_bars(material: Material) -> Chart | None:
    """Awarded and promised against what came and was spent; None without either."""
    grant, own = material.granted / WAN, material.own_funds / WAN
    if not grant and not own:
        return None
    paid = material.paid / WAN
    rows = [
        _bar(_("Grant awarded"), grant, "due"),
        _bar(_("Grant paid"), paid, "done"),
        _bar(_("Grant spent"), paid * (_stated(material, "execution") or Decimal(0)) / 100, "done"),
        _bar(_("Own funds promised"), own, "due"),
        _bar(_("Own funds arrived"), _stated(material, "own_funds") or Decimal(0), "done"),
    ]
    said = "; ".join(f"{row.name} {row.text}" for row in rows)
    return Chart(_("Budget and actual figures (×10k yuan)"), bars(rows, label=said, palette=material.palette))


def _bar(name: str, amount: Decimal, colour: str) -> Bar:
    return Bar(name, ((colour, float(amount)),), f"{amount:,.2f}")  # type: ignore[arg-type]


def _stated(material: Material, code: str) -> Decimal | None:
    metric = material.metrics.get(code)
    return metric.value if metric else None
