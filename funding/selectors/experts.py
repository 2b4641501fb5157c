"""Who may review an application, and why others may not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import ParticipationStatus
from consortia.models import Participation
from consortia.selectors import field_names
from funding.enums import ReviewStatus
from funding.models import Application
from funding.models.application import ENDED
from funding.rules.drawing import draw
from members.enums import OFFICIALS, ExpertKind, Role
from members.models import Expert, RoleGrant

EVERYWHERE = {ExpertKind.FINANCE, ExpertKind.INVESTMENT}
TO_DO = [ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED]


@dataclass(frozen=True)
class Case:
    """What an expert is held against."""

    sub_field: str
    organisations: frozenset[UUID]  # lead and members of the consortium, past ones included
    competitors: frozenset[UUID]  # those of other running applications in the same call
    assigned: frozenset[UUID]  # experts who have or had a review of this application


@dataclass(frozen=True)
class Candidate:
    """An expert and what speaks against it; nobody with a reason is ever assigned."""

    expert: Expert
    running: int  # reviews still to be handed in
    reasons: tuple[str | Promise, ...]
    fields: tuple[str, ...] = ()  # what it can judge, in words

    @property
    def is_financial(self) -> bool:
        """Judges the money side, whatever the field."""
        return self.expert.kind in EVERYWHERE


def candidates(application: Application) -> list[Candidate]:
    """The whole pool, in a constant number of queries."""
    case, names = _case(application), field_names()
    return [_candidate(expert, case, names) for expert in _pool()]


def eligible(application: Application) -> dict[UUID, Candidate]:
    """Those without a reason against them, by the expert's id."""
    return {one.expert.pk: one for one in candidates(application) if not one.reasons}


def drawn(pool: Iterable[Candidate], count: int, seed: str) -> list[Expert]:
    """`count` of the pool at random by the seed; the same pool and seed give the same experts."""
    experts = {str(one.expert.pk): one for one in pool}
    financial = [key for key, one in experts.items() if one.is_financial]
    technical = [key for key, one in experts.items() if not one.is_financial]
    return [experts[key].expert for key in draw(technical, financial, count, seed)]


def _pool() -> QuerySet[Expert]:
    in_force = RoleGrant.objects.filter(revoked_at=None)
    return (
        Expert.objects.select_related("user", "employer")
        .prefetch_related(Prefetch("user__role_grants", in_force, to_attr="grants_in_force"))
        .annotate(running=Count("reviews", filter=Q(reviews__status__in=TO_DO)))
        .order_by("user__name", "pk")
    )


def _case(application: Application) -> Case:
    own = Participation.objects.exclude(status=ParticipationStatus.DECLINED).filter(
        consortium=application.consortium_id
    )
    rivals = Application.objects.filter(call=application.call_id).exclude(pk=application.pk).exclude(status__in=ENDED)
    theirs = Participation.objects.present().filter(consortium__in=rivals.values("consortium"))
    return Case(
        sub_field=application.consortium.sub_field_id,
        organisations=frozenset({application.consortium.lead_id, *own.values_list("organisation", flat=True)}),
        competitors=frozenset(theirs.values_list("organisation", flat=True)),
        assigned=frozenset(application.reviews.values_list("expert", flat=True)),
    )


# --- reasons: each rule says a sentence ----------------------------------------------------------
def _candidate(expert: Expert, case: Case, names: Mapping[str, str]) -> Candidate:
    reasons = tuple(reason for broken, reason in REASONS if broken(expert, case))
    fields = tuple(names.get(code, code) for code in expert.fields)
    return Candidate(expert, expert.running, reasons, fields)  # type: ignore[attr-defined]


def _grants(expert: Expert) -> list[Any]:
    grants: list[Any] = expert.user.grants_in_force  # type: ignore[attr-defined]
    return grants


def _organisations(expert: Expert) -> set[UUID]:
    """The employer, and every organisation that the expert acts for in the portal."""
    acts_for = {grant.organisation_id for grant in _grants(expert) if grant.organisation_id}
    return acts_for | ({expert.employer_id} if expert.employer_id else set())


def _inactive(expert: Expert, _case: Case) -> bool:
    holds = any(grant.role == Role.EXPERT for grant in _grants(expert))
    return not (expert.is_active and expert.user.is_active and holds)


def _official(expert: Expert, _case: Case) -> bool:
    return any(grant.role in OFFICIALS for grant in _grants(expert))


def _other_field(expert: Expert, case: Case) -> bool:
    return expert.kind not in EVERYWHERE and case.sub_field not in expert.fields


def _participant(expert: Expert, case: Case) -> bool:
    return not case.organisations.isdisjoint(_organisations(expert))


def _competitor(expert: Expert, case: Case) -> bool:
    return not case.competitors.isdisjoint(_organisations(expert))


def _assigned(expert: Expert, case: Case) -> bool:
    return expert.pk in case.assigned


REASONS: tuple[tuple[Callable[[Expert, Case], bool], str | Promise], ...] = (
    (_inactive, _("Not active in the expert pool")),
    (_official, _("Works as an official")),
    (_participant, _("Belongs to the lead or a member of this consortium")),
    (_competitor, _("Belongs to another application in this call")),
    (_assigned, _("Has or had a review of this application")),
    (_other_field, _("Works in other fields")),
)
