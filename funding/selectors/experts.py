"""Who may review an application, and why others may not."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import NEVER_JOINED
from consortia.models import Participation
from consortia.rules.taxonomy import root_code
from consortia.selectors import field_names
from funding.enums import ReviewStatus
from funding.models import Application, Review
from funding.rules.conflicts import Node, Path, TieKind, Weight, policy_of
from funding.selectors.ties import webs
from members.enums import OFFICIALS, ExpertKind, ExpertStatus
from members.models import Employment, Expert, RoleGrant
from members.models.expert import LOADS
from members.rules.experts import FORMER_YEARS, conflicts_since

EVERYWHERE = {ExpertKind.FINANCE, ExpertKind.INVESTMENT}
ASKED_BEFORE = _("Has or had a review of this application")
NOT_THERE = _("Is no longer in the pool")
TO_DO = [ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED]


@dataclass(frozen=True)
class Case:
    """What an expert is held against."""

    sub_field: str
    organisations: frozenset[UUID]  # lead and members of the consortium, past ones included
    competitors: frozenset[UUID]  # those of other running applications in the same call
    assigned: frozenset[UUID]  # experts who have or had a review of this application
    members: Mapping[UUID, str]  # the same by name
    names: frozenset[str]  # of the organisations, for employers outside the portal
    former_bars: bool  # whether the call's rules exclude for a former employer, or only show it
    paths: Mapping[UUID, Path] = field(default_factory=dict)  # by expert: how it is bound to a member


@dataclass(frozen=True)
class Candidate:
    """An expert and what speaks against it; nobody with a reason is ever assigned."""

    expert: Expert
    running: int  # reviews still to be handed in
    reasons: tuple[str | Promise, ...]
    fields: tuple[str, ...] = ()  # what it can judge, in words
    path: Path | None = None  # how it is bound to a member of the consortium, if at all
    names: Mapping[Node, str] = field(default_factory=dict, repr=False)  # of what the path goes by

    @property
    def needs_reason(self) -> bool:
        """Whether it may be chosen only with a reason, and is never drawn."""
        return not self.reasons and self.path is not None

    @property
    def tie(self) -> str:
        """The path in words."""
        return self.path.words(self.names) if self.path else ""

    @property
    def tie_data(self) -> dict[str, Any] | None:
        """The path to be kept."""
        return self.path.as_data(self.names) if self.path else None

    @property
    def is_financial(self) -> bool:
        """Judges the money side, whatever the field."""
        return self.expert.kind in EVERYWHERE


def candidates(application: Application, at: datetime) -> list[Candidate]:
    """The whole pool, in a constant number of queries."""
    return next(candidates_of([application], at))


def candidates_of(applications: Sequence[Application], at: datetime) -> Iterator[list[Candidate]]:
    """For each of some applications of a call the whole pool, in the order of the applications.

    However many there are, it costs a constant number of queries.
    """
    names, rules = field_names(), applications[0].call.rules.data
    since = conflicts_since(on=timezone.localdate(at), years=rules["panel"].get("former_years", FORMER_YEARS))
    experts = list(_pool(at, since))
    general = {one.pk: tuple(text for broken, text in GENERAL if broken(one)) for one in experts}
    fields = {one.pk: tuple(names.get(code, code) for code in one.fields) for one in experts}
    cases = _cases(applications)
    members = {one.consortium_id: case.members for one, case in zip(applications, cases, strict=True)}
    for case, graph in zip(cases, webs(applications, experts, members, at), strict=True):
        bound = replace(case, paths=graph.paths(experts))
        yield [_candidate(one, bound, general[one.pk], fields[one.pk], graph.names) for one in experts]


def bound_people(application: Application, people: Collection[UUID], at: datetime) -> dict[UUID, str]:
    """Of these people who, as an expert, is bound to the case and how, in words; by the user's id."""
    years = application.call.rules.data["panel"].get("former_years", FORMER_YEARS)
    since = conflicts_since(on=timezone.localdate(at), years=years)
    experts = list(_pool(at, since).filter(user__in=people))
    if not experts:
        return {}
    members = {application.consortium_id: _cases([application])[0].members}
    graph = next(iter(webs([application], experts, members, at)))
    paths = graph.paths(experts)
    return {one.user_id: paths[one.pk].words(graph.names) for one in experts if one.pk in paths}


def eligible(application: Application, at: datetime) -> dict[UUID, Candidate]:
    """Those without a reason against them, by the expert's id."""
    return {one.expert.pk: one for one in candidates(application, at) if not one.reasons}


def barred_from(review: Review, at: datetime) -> tuple[list[str | Promise], str]:
    """What speaks against an expert who was asked before, but for that; and the tie that needs a reason, in words."""
    found = next((one for one in candidates(review.application, at) if one.expert.pk == review.expert_id), None)
    if found is None:
        return [NOT_THERE], ""
    return [reason for reason in found.reasons if reason is not ASKED_BEFORE], found.tie


def given_in(year: int) -> QuerySet[Review]:
    """Reviews that were given to experts in a year; those recused from count nothing."""
    return Review.objects.filter(assigned_at__year=year).exclude(status=ReviewStatus.RECUSED)


LOADS.append(given_in)


def _pool(at: datetime, since: date) -> QuerySet[Expert]:
    recent = Employment.objects.not_over_before(since)
    in_force = RoleGrant.objects.filter(revoked_at=None)
    return (
        Expert.objects.with_standing(at)
        .select_related("user", "employer")
        .prefetch_related(
            Prefetch("user__role_grants", in_force, to_attr="grants_in_force"),
            Prefetch("employments", recent, to_attr="recent_employments"),
        )
        .annotate(running=Count("reviews", filter=Q(reviews__in=Review.objects.filter(status__in=TO_DO))))
        .order_by("user__name", "pk")
    )


def _cases(applications: Sequence[Application]) -> list[Case]:
    former = policy_of(applications[0].call.rules.data).measures[TieKind.FORMER].weight == Weight.HARD
    organisations = _organisations_of(applications)
    present = _rivals(applications[0])
    consortia = Counter(organisation for rivals in present.values() for organisation in rivals)
    had: dict[UUID, set[UUID]] = {}
    for application, expert in Review.everything.filter(application__in=applications).values_list(
        "application", "expert"
    ):
        had.setdefault(application, set()).add(expert)
    cases = []
    for one in applications:
        members = organisations[one.consortium_id]
        case = Case(
            sub_field=root_code(one.consortium.sub_field_id),
            organisations=frozenset(members),
            members=members,
            names=frozenset(members.values()),
            former_bars=former,
            competitors=frozenset(consortia - Counter(present.get(one.consortium_id, ()))),
            assigned=frozenset(had.get(one.pk, ())),
        )
        cases.append(case)
    return cases


def _organisations_of(applications: Sequence[Application]) -> dict[UUID, dict[UUID, str]]:
    """By consortium its lead and its members, past ones included, with their names."""
    found = {one.consortium_id: {one.consortium.lead_id: one.consortium.lead.name} for one in applications}
    own = Participation.objects.exclude(status__in=NEVER_JOINED).filter(consortium__in=list(found))
    for consortium, organisation, name in own.values_list("consortium", "organisation", "organisation__name"):
        found[consortium][organisation] = name
    return found


def _rivals(application: Application) -> dict[UUID, set[UUID]]:
    """Who stands now in a consortium with a running application of the call, by consortium."""
    running = Application.everything.filter(call=application.call_id).without_ended()
    rows = Participation.objects.present().filter(consortium__in=running.values("consortium"))
    present: dict[UUID, set[UUID]] = {}
    for consortium, organisation in rows.values_list("consortium", "organisation"):
        present.setdefault(consortium, set()).add(organisation)
    return present


# --- reasons: each rule says a sentence ----------------------------------------------------------
def _candidate(
    expert: Expert, case: Case, general: tuple[str | Promise, ...], fields: tuple[str, ...], names: Mapping[Node, str]
) -> Candidate:
    reasons = general + tuple(reason for broken, reason in REASONS if broken(expert, case))
    path = case.paths.get(expert.pk)
    running: int = expert.running  # type: ignore[attr-defined]
    return Candidate(expert, running, reasons, fields, path, names)


def _grants(expert: Expert) -> list[Any]:
    grants: list[Any] = expert.user.grants_in_force  # type: ignore[attr-defined]
    return grants


def _organisations(expert: Expert) -> set[UUID]:
    """The employer, and every organisation that the expert acts for in the portal."""
    acts_for = {grant.organisation_id for grant in _grants(expert) if grant.organisation_id}
    return acts_for | ({expert.employer_id} if expert.employer_id else set())


def _inactive(expert: Expert) -> bool:
    active = expert.status == ExpertStatus.ACTIVE and expert.user.is_active
    return not (active and expert.holds_role)  # type: ignore[attr-defined]


def _barred(expert: Expert) -> bool:
    return bool(expert.barred)  # type: ignore[attr-defined]


def _at_limit(expert: Expert) -> bool:
    return bool(expert.reviews_this_year >= expert.yearly_limit)  # type: ignore[attr-defined]


def _official(expert: Expert) -> bool:
    return any(grant.role in OFFICIALS for grant in _grants(expert))


def _other_field(expert: Expert, case: Case) -> bool:
    return expert.kind not in EVERYWHERE and case.sub_field not in map(root_code, expert.fields)


def _participant(expert: Expert, case: Case) -> bool:
    return not case.organisations.isdisjoint(_organisations(expert))


def _former(expert: Expert, case: Case) -> bool:
    """Worked there lately; whoever works there now is barred by another sentence."""
    lately = expert.recent_employments  # type: ignore[attr-defined]
    return (
        case.former_bars
        and not _participant(expert, case)
        and any(one.organisation_id in case.organisations or one.name in case.names for one in lately)
    )


def _bound(expert: Expert, case: Case) -> bool:
    """Bound by what bars, in a way that no other sentence tells."""
    path = case.paths.get(expert.pk)
    told = _participant(expert, case) or _former(expert, case) or _avoided(expert, case)
    return path is not None and path.is_hard and not told


def _avoided(expert: Expert, case: Case) -> bool:
    path = case.paths.get(expert.pk)
    return path is not None and path.is_avoided


def _competitor(expert: Expert, case: Case) -> bool:
    return not case.competitors.isdisjoint(_organisations(expert))


def _assigned(expert: Expert, case: Case) -> bool:
    return expert.pk in case.assigned


GENERAL: tuple[tuple[Callable[[Expert], bool], str | Promise], ...] = (  # in whatever case
    (_inactive, _("Not active in the expert pool")),
    (_barred, _("Its employer is barred by an integrity record")),
    (_at_limit, _("Has reached its limit of reviews this year")),
    (_official, _("Works as an official")),
)
REASONS: tuple[tuple[Callable[[Expert, Case], bool], str | Promise], ...] = (
    (_participant, _("Belongs to the lead or a member of this consortium")),
    (_former, _("Worked for the lead or a member in the past years")),
    (_avoided, _("Is to be avoided at the request of the applicant, as an officer agreed")),
    (_bound, _("Is bound to the lead or a member of this consortium")),
    (_competitor, _("Belongs to another application in this call")),
    (_assigned, ASKED_BEFORE),
    (_other_field, _("Works in other fields")),
)
