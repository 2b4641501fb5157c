"""Who stands out in a year of the city, for its summary: leads, clusters, the network; in a fixed number of queries."""

from typing import Any

from django.db.models import Avg, Count, F, Max, Q, QuerySet, Sum

from consortia.enums import JOINED
from consortia.models import Outcome, Participation
from funding.models import Payment
from reports.selectors.citywork import Facts, Window, at_work, sums

FIRST = 10  # of each list


def _outcomes(window: Window, days: Window) -> QuerySet[Outcome]:
    alive = at_work(window).values("pk")
    return Outcome.objects.counted_once().filter(date__range=days, consortium__in=alive).order_by()


def _payments(window: Window, years: Window) -> QuerySet[Payment]:
    alive = at_work(window).values("pk")
    standing = Payment.objects.filter(standing__isnull=False, paid_on__range=years)
    return standing.filter(tranche__award__consortium__in=alive).order_by()


def leads(window: Window, years: Window) -> Facts:
    """The leads of consortia at work that come first: by outcomes of the year, by yuan paid over the years shown."""
    own, paid_to = "consortium__lead", "tranche__award__consortium__lead"
    made = _outcomes(window, window).values(own, lead=F(f"{own}__name")).annotate(
        count=Count("pk"), consortia=Count("consortium", distinct=True)
    )  # fmt: skip
    paid = _payments(window, years).values(paid_to, lead=F(f"{paid_to}__name")).annotate(
        sum=Sum("amount"), consortia=Count("tranche__award__consortium", distinct=True)
    )  # fmt: skip
    return {
        "outcomes": sums(made.order_by("-count", "lead", own).values("lead", "count", "consortia")[:FIRST]),
        "paid": sums(paid.order_by("-sum", "lead", paid_to).values("lead", "sum", "consortia")[:FIRST]),
    }


def fields(window: Window, years: Window) -> Facts:
    """By sub-field, over the years shown: outcomes and their yuan, by kind; yuan paid."""
    made = _outcomes(window, years).values("kind", field=F("consortium__sub_field"))
    paid = _payments(window, years).values(field=F("tranche__award__consortium__sub_field"))
    return {
        "outcomes": sums(made.annotate(count=Count("pk"), sum=Sum("amount")).order_by("field", "kind")),
        "paid": sums(paid.annotate(sum=Sum("amount")).order_by("field")),
    }


def network(window: Window) -> Facts:
    """Who meets whom in consortia at work: partners of an organisation are those it shares a consortium with."""
    alive = at_work(window).values("pk")
    joined = Participation.objects.filter(status__in=JOINED, consortium__in=alive).order_by()
    partners: Any = Count(
        "consortium__participations__organisation", distinct=True,
        filter=Q(consortium__participations__status__in=JOINED)
        & ~Q(consortium__participations__organisation=F("organisation")),
    )  # fmt: skip
    each = joined.values("organisation", name=F("organisation__name"), kind=F("organisation__type")).annotate(
        partners=partners, consortia=Count("consortium", distinct=True)
    )  # fmt: skip
    whole = each.aggregate(count=Count("*"), mean=Avg("partners"), most=Max("partners"))
    central = each.order_by("-partners", "-consortia", "name", "organisation")[:FIRST]
    return {
        "network": sums([whole]),
        "central": sums(central.values("name", "kind", "partners", "consortia")),
    }
