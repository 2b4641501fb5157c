"""A neutral first wording of every clause, made from the data, in the language of the contract."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from consortia.enums import Clause, ForegroundRule
from consortia.models import Consortium
from consortia.rules.agreements import NOTICE_MONTHS, SECRET_YEARS
from portal.kernel.templatetags.ui import cn_date, percent, plain, wan


@dataclass(frozen=True)
class Terms:
    """What the wording is made from; `whole` comes from `load_whole`."""

    whole: Consortium
    foreground: str
    expires_on: date

    @property
    def members(self) -> list[Any]:
        """Present members, the lead first."""
        return list(self.whole.present_members)  # type: ignore[attr-defined]


def standard_clauses(terms: Terms) -> dict[str, str]:
    """The wording of every clause by its code."""
    with override(settings.LANGUAGE_CODE):
        return {clause.value: "\n".join(line for line in WORDING[clause](terms) if line) for clause in Clause}


def _goals(terms: Terms) -> Iterable[str]:
    row = terms.whole
    facts = {"field": row.sub_field, "lead": row.lead.name, "name": row.name}
    yield _("The parties form %(name)s in the field of %(field)s, led by %(lead)s.") % facts
    yield row.mission
    technologies = list(row.technologies.all())
    if technologies:
        yield _("They will work on the key technologies of the schedule:")
    for one in technologies:
        reach = f"{one.indicator} {plain(one.baseline)} → {plain(one.target)} {one.unit}"
        yield _("- %(name)s: %(text)s") % {"name": one.name, "text": reach.strip()}


def _division(terms: Terms) -> Iterable[str]:
    yield _("Each party does its part with its own staff and equipment and answers for its quality and its dates:")
    for one in terms.members:
        yield _("- %(name)s: %(text)s") % {"name": one.organisation.name, "text": one.duties}
    for task in terms.whole.tasks.all():
        words = {"number": task.number, "name": task.name, "lead": task.lead.name}
        yield _("- Task %(number)s “%(name)s” is in the hands of %(lead)s.") % words


def _governance(terms: Terms) -> Iterable[str]:
    row = terms.whole
    yield row.governance or _(
        "Every party sends one representative to the council, which meets at least twice a year and decides by two "
        "thirds of all votes. The lead organisation runs the daily work."
    )
    if row.decision_body:
        yield _("The decision body is: %(text)s.") % {"text": row.decision_body}
    if row.chief_scientist:
        yield _("The chief scientist %(name)s decides on the technical route.") % {"name": row.chief_scientist}


def _funds(terms: Terms) -> Iterable[str]:
    yield _("Each party brings in what it has promised, in time for the tasks:")
    for one in terms.members:
        words = {"name": one.organisation.name, "cash": wan(one.cash), "kind": wan(one.in_kind)}
        yield _("- %(name)s: %(cash)s in money and %(kind)s in kind (×10k yuan)") % words
    yield _(
        "Public grants are kept in separate accounts, used only for the tasks they were given for, and passed on to "
        "the parties according to the budgets of their tasks."
    )


def _background(_terms: Terms) -> Iterable[str]:
    yield _(
        "What a party brings along stays its own. It is listed in the schedule with its owner and its terms. For the "
        "tasks of the consortium the other parties may use it on these terms for the duration of the agreement."
    )


def _foreground(terms: Terms) -> Iterable[str]:
    if terms.foreground == ForegroundRule.CREATOR:
        yield _(
            "What one party creates alone belongs to it; what several create together belongs to them in common, in "
            "proportion to their contribution. The other parties have a licence for their own use, which is not "
            "exclusive and which they cannot pass on."
        )
    else:
        yield _("What is created in the tasks of the consortium belongs to the parties in these shares:")
        for one in terms.members:
            yield _("- %(name)s: %(text)s") % {"name": one.organisation.name, "text": percent(one.ip_share, 2)}
    yield _("Applications for rights are filed after consultation; authors and inventors are named in any case.")


def _benefits(terms: Terms) -> Iterable[str]:
    if any(one.benefit_share for one in terms.members):
        yield _("Proceeds from joint results, less the cost of bringing them to market, are divided in these shares:")
        for one in terms.members:
            yield _("- %(name)s: %(text)s") % {"name": one.organisation.name, "text": percent(one.benefit_share, 2)}
    else:
        yield _(
            "Proceeds from joint results, less the cost of bringing them to market, are divided in the shares of the "
            "foreground intellectual property."
        )


def _risks(_terms: Terms) -> Iterable[str]:
    yield _(
        "The technical and market risk of a task is borne by the parties that work on it, in proportion to what they "
        "bring in. If a task fails although everybody worked with due care, nobody owes the others damages. Whoever "
        "foresees a risk tells the council at once."
    )


def _flow(_terms: Terms) -> Iterable[str]:
    yield _(
        "The parties second staff to each other, open equipment and platforms at cost, and share the test data of the "
        "tasks. Seconded staff keep their employment; what was shared is recorded in the portal."
    )


def _management(_terms: Terms) -> Iterable[str]:
    yield _(
        "The lead organisation keeps the register of outcomes and reviews the milestones every quarter; each party "
        "reports its outcomes within 30 days, with evidence. The council may inspect the progress of a task at "
        "any time."
    )


def _diffusion(_terms: Terms) -> Iterable[str]:
    yield _(
        "Results created with public money are made known and licensed to other enterprises of the city on fair and "
        "reasonable terms, unless national security or an exclusive use approved by the council forbids it."
    )


def _incentives(_terms: Terms) -> Iterable[str]:
    yield _(
        "Teams that reach a milestone early or bring a joint result to market are rewarded by a decision of the "
        "council out of the consortium's own funds; work in a joint team counts in the assessments of each party."
    )


def _confidentiality(_terms: Terms) -> Iterable[str]:
    yield _(
        "Each party keeps the business secrets of the others during this agreement and for %(years)d years after it. "
        "State secrets are not handled within the consortium."
    ) % {"years": SECRET_YEARS}


def _joining(_terms: Terms) -> Iterable[str]:
    yield _(
        "A new party joins by a decision of the council and by signing this agreement; its part is stated in "
        "the portal and confirmed by itself."
    )


def _leaving(_terms: Terms) -> Iterable[str]:
    yield _(
        "A party leaves with %(months)d months' notice, after its tasks, funds, rights and equipment have been handed "
        "over to takers who agree. Licences granted until then stay in force."
    ) % {"months": NOTICE_MONTHS}


def _dissolution(terms: Terms) -> Iterable[str]:
    yield _(
        "This agreement comes into force when every party has signed it and runs until %(day)s. While the "
        "consortium is recognised, it stays in force beyond that day until a new version takes its place."
    ) % {"day": cn_date(terms.expires_on)}
    yield _(
        "The consortium is dissolved by a decision of the council or when its recognition ends. What was bought "
        "in common is then settled in proportion to what was brought in; unused public grants are returned."
    )


def _breach(_terms: Terms) -> Iterable[str]:
    yield _(
        "A party that does not do its part makes good the damage to the others after a written reminder; a "
        "grave breach may lead to its exclusion by the council."
    )
    yield _("Disputes are settled by talks, otherwise by the people's court at the seat of the lead organisation.")


WORDING: dict[Clause, Callable[[Terms], Iterable[str]]] = {
    Clause.GOALS: _goals,
    Clause.DIVISION: _division,
    Clause.GOVERNANCE: _governance,
    Clause.FUNDS: _funds,
    Clause.IP_BACKGROUND: _background,
    Clause.IP_FOREGROUND: _foreground,
    Clause.BENEFITS: _benefits,
    Clause.RISKS: _risks,
    Clause.FLOW: _flow,
    Clause.MANAGEMENT: _management,
    Clause.DIFFUSION: _diffusion,
    Clause.INCENTIVES: _incentives,
    Clause.CONFIDENTIALITY: _confidentiality,
    Clause.JOINING: _joining,
    Clause.LEAVING: _leaving,
    Clause.DISSOLUTION: _dissolution,
    Clause.BREACH: _breach,
}
