"""The pictures of a consortium: who belongs together, how far the tasks are, where the consortia stand."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consortia.enums import Layer, Progress
from consortia.models import ConsortiumLink, Participation, SupplyLink
from consortia.rules import Scorecard
from consortia.selectors.overview import Overview
from consortia.selectors.sevenones import Year
from members.enums import Group
from members.models import District, Organisation
from portal.kernel import charts
from portal.kernel.flows import BROAD, Columns, Flow, flows
from portal.kernel.network import WIDE, Kind, Lead, Link, Member, Role, Sheet, network, ties
from portal.kernel.templatetags.ui import wan

LOOKS: dict[Group, tuple[Role, Kind]] = {
    Group.RESEARCH: ("univ", "rd"),
    Group.CHAIN: ("chain", "sup"),
    Group.CAPITAL: ("fund", "fin"),
    Group.SERVICE: ("serv", "srv"),
}
SUFFIXES = ("创新联合体", "股份有限公司", "有限责任公司", "有限公司")
MARGIN = timedelta(days=30)
FAR = timedelta(days=3660)


def network_picture(view: Overview, sheet: Sheet = WIDE) -> SafeString:
    """The lead and its partners; thick lines are the core layer, larger discs promise more."""
    lead = view.consortium.lead
    highest = max((row.commitment for row in view.partners), default=Decimal(0)) or Decimal(1)
    members = [_member(row, highest) for row in view.partners]
    links = [*(_to_lead(row, lead) for row in view.partners), *_across(view)]
    label = _("%(lead)s and its members") % {"lead": lead.name}
    return network(Lead(str(lead.pk), short(lead.name), _("Lead")), members, links, label=label, sheet=sheet)


def gantt_picture(view: Overview) -> SafeString:
    """The tasks on the calendar, with a line for today."""
    spans = [
        charts.Span(
            str(one.task), one.task.start, one.task.end, one.done, short(one.task.lead.name), late=bool(one.late)
        )
        for one in view.tasks
    ]
    start, end = _frame([(span.start, span.end) for span in spans], view.today)
    label = ngettext("%(n)d research task", "%(n)d research tasks", len(spans)) % {"n": len(spans)}
    return charts.gantt(spans, start=start, end=end, label=label, today=view.today, today_label=_("Today"))


def ladder_picture(view: Overview) -> SafeString:
    """How far each technology has come on the scale of readiness, and where it is to go."""
    rows = [
        charts.Change(one.name, one.trl_start, one.trl_now, f"{one.trl_now} / {one.trl_target}")
        for one in view.consortium.technologies.all()
    ]
    label = _("Readiness levels of the technologies: at the start, now, target")
    return charts.dumbbell(rows, label=label, low=1, high=9, ticks=range(1, 10))


def scorecard_ring(card: Scorecard) -> SafeString:
    """One sector per item."""
    built, started = card.count(Progress.BUILT), card.count(Progress.IN_PROGRESS)
    label = _("%(built)d built, %(started)d in progress") % {"built": built, "started": started}
    return charts.ring(done=built, half=started, total=len(card.ones), label=label)


def year_ring(year: Year) -> SafeString:
    """One sector per item that the bureau has verified."""
    label = _("%(built)d verified as built, %(begun)d as being built") % {"built": year.built, "begun": year.begun}
    return charts.ring(done=year.built, half=year.begun, total=len(year.ones), label=label)


def district_picture(
    districts: Sequence[District], *, chosen: str, address: str, label: str | None = None
) -> SafeString:
    """Consortia by district (`published`); each cell leads to its list. A diagram, not a map."""
    cells = [
        charts.Cell(
            row.short_name, float(row.column), row.row, row.published, str(row.published),  # type: ignore[attr-defined]
            href=f"{address}?district={row.pk}", highlighted=row.pk == chosen,
        )
        for row in districts
    ]  # fmt: skip
    return charts.hexmap(cells, label=label or _("Published consortia by district"))


def links_picture(links: Sequence[ConsortiumLink], sheet: Sheet = WIDE) -> SafeString:
    """The linked consortia on an ellipse, a line for each link; the table beside it has the words."""
    names = {str(one.pk): short(one.name) for link in links for one in (link.proposer, link.partner)}
    pairs = [(str(link.proposer_id), str(link.partner_id), f"{link} · {link.subject}") for link in links]
    return ties(names, pairs, label=_("Links between consortia"), sheet=sheet)


def supply_picture(rows: Sequence[SupplyLink], columns: Columns = BROAD) -> SafeString:
    """Who supplies whom with what; what hangs on one supplier is drawn to be seen, its words say so too."""
    drawn = [Flow(_supplier(row), row.goods, short(row.customer.name), _supplied(row), row.is_single) for row in rows]
    return flows(drawn, label=_("Map of the supply chain: supplier, what is supplied, customer"), columns=columns)


def _supplier(row: SupplyLink) -> str:
    """Those from outside are told from members."""
    return short(row.supplied_by) if row.supplier_id else _("%(name)s (outside)") % {"name": short(row.supplied_by)}


def _supplied(row: SupplyLink) -> str:
    return f"{row.supplied_by} → {row.customer.name} · {row.goods} · {row.get_sourcing_display()}"


def short(name: str) -> str:
    """The name without its legal form, for pictures."""
    return next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), name)


def _member(row: Participation, highest: Decimal) -> Member:
    promised = _("%(amount)s (×10k yuan)") % {"amount": wan(row.commitment, 0)}
    note = promised if row.commitment else str(row.get_chain_position_display())
    weight = float(row.commitment / highest)
    return Member(str(row.organisation_id), short(row.organisation.name), _look(row)[0], note, weight)


def _to_lead(row: Participation, lead: Organisation) -> Link:
    words = f"{short(row.organisation.name)} · {row.get_layer_display()}"
    return Link(str(lead.pk), str(row.organisation_id), _look(row)[1], words, strong=row.layer == Layer.CORE)


def _across(view: Overview) -> list[Link]:
    """Members joined by a task: who is responsible for it, and who for its technology."""
    inside = {row.organisation_id for row in view.partners}
    owners = {one.pk: one.owner_id for one in view.consortium.technologies.all()}
    pairs: dict[tuple[str, str], str] = {}
    for task in view.consortium.tasks.all():
        owner = owners.get(task.technology_id) if task.technology_id else None
        if owner and owner != task.lead_id and {owner, task.lead_id} <= inside:
            pairs.setdefault((str(owner), str(task.lead_id)), str(task))
    return [Link(a, b, "rd", name) for (a, b), name in pairs.items()]


def _look(row: Participation) -> tuple[Role, Kind]:
    return LOOKS[row.organisation.group]


def _frame(spans: Sequence[tuple[date, date]], today: date) -> tuple[date, date]:
    """The calendar from the first beginning to the last end, with a margin; what is far off does not stretch it."""
    near = [min(max(day, today - FAR), today + FAR) for span in spans for day in span]
    return min(near, default=today) - MARGIN, max(near, default=today) + MARGIN
