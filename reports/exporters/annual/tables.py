"""Tables that several chapters need."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.kernel.templatetags.ui import NOTHING
from reports.exporters.annual.blocks import Column, Table
from reports.exporters.annual.material import Material, figure
from reports.selectors.selfreport import MetricRow

BY_LEAD = "#"


def from_records() -> str:
    """For what the portal knows itself."""
    return _("Source: records of the portal when the self-report was filed.")


def from_report(material: Material) -> str:
    """For what the lead states."""
    if material.evaluation["verified_on"]:
        return _("Source: self-report, verified by the district; figures marked * come from the records of the portal.")
    return _("Source: self-report, not verified yet; figures marked * come from the records of the portal.")


def by_lead(metrics: Iterable[MetricRow]) -> str:
    """What the mark means, if one of them carries it."""
    marked = any(metric.target_by_lead for metric in metrics)
    return _(" %(mark)s Target stated by the lead itself.") % {"mark": BY_LEAD} if marked else ""


def metric_table(material: Material, caption: str, metrics: Iterable[MetricRow]) -> Table:
    """Metrics against target and last year."""
    columns = (
        Column(_("Indicator"), 30),
        Column(_("Unit"), 16, "mid"),
        Column(_("Target"), 14, "num"),
        Column(_("Actual value"), 14, "num"),
        Column(_("Actual / target"), 12, "num"),
        Column(_("Last year"), 14, "num"),
    )
    shown = list(metrics)
    rows = tuple(metric_row(metric) for metric in shown)
    source = from_report(material) + by_lead(shown)
    return Table(caption, columns, rows, source, empty=_("No figures were stated."))


def metric_row(metric: MetricRow) -> tuple[str, ...]:
    """One metric; a target that is the rule set's yardstick stands in brackets."""
    return (
        f"{metric.name} *" if metric.automatic else metric.name,
        metric.unit,
        target(metric),
        figure(metric.value),
        achieved(metric),
        figure(metric.before),
    )


def target(metric: MetricRow) -> str:
    """The target, marked when the lead stated it itself, or the yardstick in brackets."""
    if metric.target_by_lead:
        return f"{figure(metric.target)} {BY_LEAD}"
    if metric.target is None and metric.yardstick is not None:
        return f"({figure(metric.yardstick)})"
    return figure(metric.target)


def achieved(metric: MetricRow) -> str:
    """How much of the target was reached, in per cent."""
    aim = metric.target or metric.yardstick
    return NOTHING if metric.value is None or not aim else f"{metric.value / aim * 100:.0f}%"
