"""Reads for the pages of calls."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Clause, TaxonomyStatus, Tier
from consortia.models import Taxonomy
from funding.enums import Stage, TrancheCondition
from funding.models import Call, Recusal
from funding.rules import conflicts
from funding.rules.eligibility import LED_PER_SUB_FIELD, lead_kinds, prefers_entity
from funding.rules.milestones import Milestone, plan
from members.models import District
from portal.kernel.enumerating import enumerated

GATES = {
    "base": _("%(n)s points in lead, members and foundation"),
    "tasks": _("%(n)s points in the research tasks"),
    "technologies": _("%(n)s key technologies"),
    "agreement": _("every clause of the agreement settled"),
    "capital": _("a fund or a joint platform"),
}


@dataclass(frozen=True)
class TierRule:
    """What a tier asks for and gives; `cap` and `amounts` in yuan, shares in per cent."""

    tier: Tier
    cap: Decimal
    threshold: Decimal
    gates: tuple[str, ...]
    amounts: tuple[Decimal, Decimal]
    tranches: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reading:
    """The rules of a call as a page reads them."""

    proposal: bool
    tiers: tuple[TierRule, ...]
    dimensions: tuple[dict[str, Any], ...]
    eligibility: dict[str, Any]
    led_per_sub_field: int
    lead_kinds: str
    prefers_entity: bool
    clauses: tuple[str, ...]
    panel: dict[str, Any]
    conflicts: list[conflicts.Line]
    steps: int
    periods: dict[str, Any]


def calls_with_counts(calls: QuerySet[Call], user: Any) -> QuerySet[Call]:
    """Calls with the number of applications submitted in each, newest first; none that the reader keeps away from."""
    away = Q(applications__in=Recusal.objects.filter(person=user.pk).values("application"))
    counted = calls.annotate(submitted=Count("applications__submitted_at", filter=~away)).defer("guidelines")
    return counted.order_by("-year", "-round", "-batch")


def read_rules(call: Call) -> Reading:
    """The rule set of a call in words and numbers."""
    data = call.rules.data
    clauses = dict(Clause.choices)
    return Reading(
        proposal=bool(data.get("proposal")),
        tiers=tuple(_tier(call, Tier(code)) for code in data["tiers"]),
        dimensions=tuple(_dimension(dimension) for dimension in data["dimensions"]),
        eligibility=data["eligibility"],
        led_per_sub_field=data["eligibility"].get("led_per_sub_field", LED_PER_SUB_FIELD),
        lead_kinds=lead_kinds(data),
        prefers_entity=prefers_entity(data),
        clauses=tuple(str(clauses.get(code, code)) for code in data["eligibility"]["clauses"]),
        panel=data["panel"],
        conflicts=conflicts.read(data),
        steps=conflicts.policy_of(data).steps,
        periods=data["periods"],
    )


def milestones(call: Call) -> list[Milestone]:
    """The plan from the close of a call to the contracts."""
    closes_on = timezone.localdate(call.closes_at)
    notice_days: int = call.rules.data["periods"]["publicity_days"]
    return list(plan(closes_on, days=call.plan, skipped=call.skipped, notice_days=notice_days))


def modes(call: Call) -> list[tuple[str, str]]:
    """(what is chosen, how) in words."""
    names = ("selection_mode", "review_mode", "expert_mode", "budget_mode")
    labels = (_("Selection"), _("Review"), _("Experts"), _("Budget mode"))
    kinds = (str(_("Open to")), enumerated(kind.label for kind in call.kinds))
    chosen = [(str(label), getattr(call, f"get_{name}_display")()) for name, label in zip(names, labels, strict=True)]
    version = [(str(_("Sub-fields of")), str(call.taxonomy))] if call.taxonomy else []
    return [kinds, *version, *chosen, _further(call), *_deadline(call)]


def _further(call: Call) -> tuple[str, str]:
    wanted = {Stage.SITE_VISIT: call.site_visit, Stage.DEFENCE: call.defence}
    steps = enumerated(stage.label for stage, is_wanted in wanted.items() if is_wanted)
    return gettext("Beside the expert review"), steps or gettext("no site visit, no defence")


def _deadline(call: Call) -> list[tuple[str, str]]:
    """What happens at the close, in words."""
    if call.grace_minutes:
        grace = gettext("whoever is at work on an application then may still submit it for %(n)s minutes")
    else:
        grace = gettext("nothing is taken any more")
    if call.outage_hours:
        outages = gettext(
            "time that the portal was away in the last %(hours)s hours is added, rounded up to %(step)s minutes"
        )
    else:
        outages = gettext("no time is added for them")
    facts = {"n": call.grace_minutes, "hours": call.outage_hours, "step": call.outage_step}
    return [(gettext("After the close"), grace % facts), (gettext("Outages before the close"), outages % facts)]


def newest_taxonomy() -> Taxonomy | None:
    """The newest published version, which a new call begins with."""
    return Taxonomy.objects.filter(status=TaxonomyStatus.PUBLISHED).order_by("-version").first()


def quotas(call: Call) -> list[tuple[District, int]]:
    """(district, how many applications it recommends at most), where there is a limit."""
    limited = District.objects.filter(code__in=call.quotas) if call.quotas else ()
    return [(district, call.quotas[district.code]) for district in limited]


def _tier(call: Call, tier: Tier) -> TierRule:
    data = call.rules.data
    rule = data["tiers"][tier]
    low, high = data["amounts"][tier]
    words = dict(TrancheCondition.choices)
    return TierRule(
        tier=tier,
        cap=call.cap(tier),
        threshold=Decimal(rule["from"]),
        gates=tuple(str(GATES[gate] % {"n": value}) for gate, value in rule["gates"].items() if value),
        amounts=(Decimal(low), Decimal(high)),
        tranches=tuple((share, str(words[condition])) for share, condition in data["tranches"][tier]),
    )


def _dimension(data: dict[str, Any]) -> dict[str, Any]:
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    indicators = [{**one, "name": one[language]} for one in data["indicators"]]
    return {"name": data[language], "max": sum(one["max"] for one in indicators), "indicators": indicators}
