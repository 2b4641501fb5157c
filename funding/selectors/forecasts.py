"""The self-test: what a consortium as it stands now may expect in a call."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from consortia.enums import ConsortiumStatus
from consortia.models import Consortium
from consortia.selectors import consortium_facts
from funding.models import Application, Call
from funding.rules import automatic, eligibility, scoring
from funding.rules.automatic import AutoScore
from funding.rules.eligibility import Finding
from funding.rules.forecast import Forecast, Prospect, forecast
from funding.rules.kinds import kind_of
from funding.rules.scoring import TIERS, Indicator
from funding.selectors.eligibility import eligibility_facts, wrong_kind
from members.enums import Role


@dataclass(frozen=True)
class SelfTest:
    """What the rules say about a consortium before it applies."""

    forecast: Forecast
    lines: tuple[tuple[Indicator, AutoScore], ...]
    findings: tuple[Finding, ...]

    @property
    def barred(self) -> list[Finding]:
        """What has to be mended before anybody may apply."""
        return eligibility.hard(list(self.findings))

    @property
    def expected(self) -> Prospect | None:
        """The tier to expect; none while something bars."""
        return None if self.barred else self.forecast.expected


def self_test(call: Call, consortium: Consortium, at: datetime) -> SelfTest:
    """From the live data, nothing is kept."""
    rules, facts = call.rules.data, consortium_facts(consortium)
    scores = automatic.automatic_scores(facts, rules)
    open_ = [tier for tier in TIERS if not wrong_kind(call, consortium, tier)]
    caps = {tier: call.cap(tier) for tier in TIERS}
    found = forecast(scores, automatic.facts_of(facts), rules, caps, open_)
    tier = found.expected.tier if found.expected else next(iter(open_), TIERS[0])
    looked = eligibility_facts(call, consortium, tier, facts, timezone.localdate(at))
    lines = tuple((one, scores[one.code]) for one in scoring.indicators(rules) if one.is_auto)
    return SelfTest(found, lines, tuple(eligibility.check(looked, rules)))


def begun_in(call: Call, consortium: Consortium) -> Application | None:
    """The application of this consortium in this call, once there is one."""
    return call.applications.filter(consortium=consortium).first()


def led_and_free(user: Any) -> QuerySet[Consortium]:
    """The consortia that the reader writes for and that may apply for something."""
    leads = [place for role, place, _district in user.grants if role == Role.APPLICANT]
    standing = [status for status in ConsortiumStatus.values if kind_of(status)]
    return Consortium.objects.filter(lead__in=leads, status__in=standing).select_related("lead").order_by("code")
