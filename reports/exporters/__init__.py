"""The funding reports, in the order of their numbers."""

from reports.exporters.awards import AWARD_REGISTER, DISCLOSURE, TIER_CHANGE
from reports.exporters.compensations import COMPENSATIONS
from reports.exporters.doubling import DOUBLE_FUNDING
from reports.exporters.fees import EXPERT_FEES
from reports.exporters.ledger import LEDGER
from reports.exporters.lines import ADJUSTMENTS, EXECUTION, SETTLEMENT
from reports.exporters.payments import PAYMENT_ORDERS
from reports.exporters.performance import PERFORMANCE
from reports.exporters.recoveries import RECOVERIES
from reports.exporters.relaying import MEMBER_RELAY
from reports.exporters.report import Report
from reports.exporters.spending import EXPENDITURES, SELF_RAISED
from reports.exporters.statistics import BY_DISTRICT, BY_FIELD, BY_TIER, TREND
from reports.exporters.surplus import SURPLUS
from reports.exporters.tranches import HOLDS, TRANCHE_LEDGER

REPORTS: tuple[Report, ...] = (
    AWARD_REGISTER, TRANCHE_LEDGER, PAYMENT_ORDERS, EXECUTION, BY_TIER, BY_DISTRICT, BY_FIELD, MEMBER_RELAY,
    EXPENDITURES, ADJUSTMENTS, SELF_RAISED, PERFORMANCE, HOLDS, RECOVERIES, SURPLUS, DOUBLE_FUNDING, SETTLEMENT,
    DISCLOSURE, EXPERT_FEES, COMPENSATIONS, TIER_CHANGE, TREND, LEDGER,
)  # fmt: skip
BY_SLUG = {report.slug: report for report in REPORTS}
