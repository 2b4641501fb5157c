"""What the portal knows of ties between experts, people and organisations, for the graph of `rules.conflicts`."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from consortia.enums import NEVER_JOINED
from consortia.models import CoOwner, Investment, Participation, Shareholding
from funding.models import Application, Avoidance, AvoidanceKind
from funding.rules.conflicts import Graph, Node, Path, Policy, Tie, TieKind, policy_of
from members.enums import ORGANISATION_ROLES
from members.models import Expert, Organisation, Relation, RoleGrant
from members.rules.experts import conflicts_since

K = TieKind


@dataclass(frozen=True)
class Web:
    """The ties of a consortium in the graph of all, with the names of what they bind."""

    graph: Graph
    own: tuple[Tie, ...]
    targets: frozenset[Node]
    names: Mapping[Node, str]

    def paths(self, experts: Iterable[Expert]) -> dict[UUID, Path]:
        """Each expert's shortest path to any of the consortium, by the expert's id."""
        nodes = {expert_node(one.pk): one.pk for one in experts}
        return {nodes[node]: path for node, path in self.graph.paths(self.own, nodes, self.targets).items()}


def expert_node(pk: UUID) -> Node:
    """The node of an expert."""
    return f"expert:{pk}"


def place_node(pk: UUID | None) -> Node:
    """The node of an organisation of the portal."""
    return f"organisation:{pk}"


def person_node(name: str) -> Node:
    """The node of a person known by name only."""
    return f"person:{_folded(name)}"


def _folded(name: str) -> str:
    """One spelling for full and half width, capitals and blanks."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass
class Places:
    """Finds organisations by id or by name; collects the names of all nodes."""

    names: dict[Node, str] = field(default_factory=dict)
    by_name: dict[str, Node] = field(default_factory=dict)

    def add(self, pk: UUID, name: str) -> None:
        """One of the portal; of two with the same name the first is found."""
        self.names[place_node(pk)] = name
        self.by_name.setdefault(_folded(name), place_node(pk))

    def node(self, pk: UUID | None, name: str) -> Node:
        """That of the id, else of the name, which may be one of the portal."""
        if pk:
            return place_node(pk)
        node = self.by_name.setdefault(_folded(name), f"place:{_folded(name)}")
        self.names.setdefault(node, name)
        return node

    def person(self, name: str) -> Node:
        """A person by name."""
        self.names.setdefault(person_node(name), name)
        return person_node(name)


def webs(
    applications: Sequence[Application],
    experts: Collection[Expert],
    members: Mapping[UUID, Mapping[UUID, str]],
    at: datetime,
) -> Iterator[Web]:
    """Every tie that may matter for each of these applications of a call, in a constant number of queries.

    `experts` come with `user.grants_in_force` and `recent_employments`; `members` are by consortium the organisations
    with their names.
    """
    rules, on = applications[0].call.rules.data, timezone.localdate(at)
    policy, places = policy_of(rules), Places()
    control = Decimal(rules.get("conflicts", {}).get("control_from", "50"))
    ties = [*_organisations(places)]
    relations = list(Relation.objects.standing().filter(expert__in=[one.pk for one in experts]))
    ties += _shareholdings(places, control)
    ties += _joint_outcomes()
    ties += _investments(places)
    for expert in experts:
        places.names[expert_node(expert.pk)] = expert.user.name
        ties += _own(expert, places, on)
    ties += [tie for one in relations for tie in _declared(one, places)]
    ties += _of_the_same_name(places, experts)
    graph, groups = Graph(ties, policy, on), _earlier_groups(members, at, policy)
    avoided = _avoided(applications)
    acting = _acting(members)
    for application in applications:
        theirs = members[application.consortium_id]
        targets = {place_node(pk) for pk in theirs}
        if name := application.consortium.entity_name:
            targets.add(places.node(None, name))
        own = (
            *_earlier_applications(application, theirs, groups),
            *_namesakes(places, application, theirs, acting),
            *_to_avoid(application, avoided.get(application.pk, ()), places, experts),
        )
        yield Web(graph, own, frozenset(targets), places.names)


# --- between organisations ---------------------------------------------------------------------
def _organisations(places: Places) -> list[Tie]:
    """Parents and legal representatives; fills `places` on the way."""
    rows = list(Organisation.objects.order_by("pk").values_list("pk", "name", "parent", "legal_representative"))
    for pk, name, _parent, _legal in rows:
        places.add(pk, name)
    control = [Tie(K.CONTROL, place_node(parent), place_node(pk)) for pk, _name, parent, _legal in rows if parent]
    legal = [Tie(K.LEGAL, places.person(legal), place_node(pk)) for pk, _name, _parent, legal in rows if legal.strip()]
    return control + legal


def _shareholdings(places: Places, control: Decimal) -> Iterator[Tie]:
    rows = Shareholding.objects.exclude(consortium__entity_name="")
    for holder, share, entity in rows.values_list("organisation", "share", "consortium__entity_name"):
        kind = K.CONTROL if share >= control else K.STAKE
        yield Tie(kind, place_node(holder), places.node(None, entity), percent=share)


def _joint_outcomes() -> Iterator[Tie]:
    """The newest outcome that two own together."""
    rows = CoOwner.objects.exclude(organisation=F("outcome__owner")).order_by("outcome__date")
    newest = {(first, second): day for first, second, day in rows.values_list(
        "outcome__owner", "organisation", "outcome__date"
    )}  # fmt: skip
    for (first, second), day in newest.items():
        yield Tie(K.JOINT_OUTCOME, place_node(first), place_node(second), until=day)


def _investments(places: Places) -> Iterator[Tie]:
    rows = Investment.objects.values_list("fund__manager", "target", "date")
    for manager, target, day in rows:
        yield Tie(K.INVESTMENT, place_node(manager), places.node(None, target), since=day)


def _earlier_groups(
    members: Mapping[UUID, Mapping[UUID, str]], at: datetime, policy: Policy
) -> Mapping[UUID, set[UUID]]:
    """The organisations of consortia that applied within the years that count, where one of the members is in it."""
    years = policy.measures[K.CO_APPLICANT].years or 0
    since = conflicts_since(on=timezone.localdate(at), years=years)
    applied = Application.objects.filter(submitted_at__date__gte=since)
    everybody = {pk for one in members.values() for pk in one}
    shared = Participation.objects.exclude(status__in=NEVER_JOINED).filter(organisation__in=everybody)
    together = Q(consortium__in=applied.values("consortium")) & Q(consortium__in=shared.values("consortium"))
    rows = Participation.objects.exclude(status__in=NEVER_JOINED).filter(together)
    groups: dict[UUID, set[UUID]] = {}
    for consortium, organisation, lead in rows.values_list("consortium", "organisation", "consortium__lead"):
        groups.setdefault(consortium, {lead}).add(organisation)
    return groups


def _earlier_applications(
    application: Application, members: Mapping[UUID, str], groups: Mapping[UUID, set[UUID]]
) -> Iterator[Tie]:
    """Who stood with a member of this consortium in another one that applied."""
    pairs = {
        (other, member) for consortium, group in groups.items() if consortium != application.consortium_id
        for member in group & members.keys() for other in group - members.keys()
    }  # fmt: skip
    for other, member in sorted(pairs):
        yield Tie(K.CO_APPLICANT, place_node(other), place_node(member))


# --- at the applicant's request ----------------------------------------------------------------
def _avoided(applications: Sequence[Application]) -> Mapping[UUID, list[Avoidance]]:
    """By application the names that an officer accepted, and those that nobody has decided about."""
    found: dict[UUID, list[Avoidance]] = {}
    for row in Avoidance.objects.filter(application__in=applications).exclude(accepted=False):
        found.setdefault(row.application_id, []).append(row)
    return found


def _to_avoid(
    application: Application, rows: Iterable[Avoidance], places: Places, experts: Collection[Expert]
) -> Iterator[Tie]:
    """From whoever is named to the lead, which asked for it: for an organisation all that bind to it follow."""
    lead = place_node(application.consortium.lead_id)
    for row in rows:
        kind = K.AVOIDED if row.accepted else K.TO_AVOID
        if row.kind == AvoidanceKind.ORGANISATION:
            yield Tie(kind, places.node(None, row.name), lead)
            continue
        for expert in experts:
            if _folded(expert.user.name) == _folded(row.name):
                yield Tie(kind, expert_node(expert.pk), lead)


# --- of people ---------------------------------------------------------------------------------
def _own(expert: Any, places: Places, on: date) -> Iterator[Tie]:
    """Where the expert works and worked, and for whom it acts in the portal."""
    node = expert_node(expert.pk)
    if expert.employer_id:
        yield Tie(K.EMPLOYED, node, place_node(expert.employer_id))
    for one in expert.recent_employments:
        kind = K.EMPLOYED if one.until is None or one.until >= on else K.FORMER
        yield Tie(kind, node, places.node(one.organisation_id, one.name), one.since, one.until)
    for grant in expert.user.grants_in_force:
        if grant.organisation_id:
            yield Tie(K.ACTS_FOR, node, place_node(grant.organisation_id))


def _declared(one: Relation, places: Places) -> Iterator[Tie]:
    """A relation of the register: to an organisation, to a person, or to a person there."""
    kind, node = TieKind(one.kind), expert_node(one.expert_id)
    place = places.node(one.organisation_id, one.name) if one.organisation_id or one.name else None
    facts: dict[str, Any] = {"since": one.since, "until": one.until}
    if not one.person:
        yield Tie(kind, node, place or "", **facts, percent=one.percent)
        return
    person = places.person(one.person)
    yield Tie(kind, node, person, **facts)
    if place:
        yield Tie(K.WORKS, person, place, until=one.until)


def _acting(members: Mapping[UUID, Mapping[UUID, str]]) -> Mapping[UUID, set[str]]:
    """Names of the people who act for a member, by organisation."""
    everybody = {pk for one in members.values() for pk in one}
    grants = RoleGrant.objects.in_force().filter(organisation__in=everybody, role__in=ORGANISATION_ROLES)
    found: dict[UUID, set[str]] = {}
    for name, pk in grants.values_list("user__name", "organisation"):
        found.setdefault(pk, set()).add(name)
    return found


def _namesakes(
    places: Places, application: Application, members: Mapping[UUID, str], acting: Mapping[UUID, set[str]]
) -> Iterator[Tie]:
    """Names that stand on both sides: of people who act for a member, and of its scientist."""
    consortium = application.consortium
    known = {(name, place_node(pk)) for pk in members for name in acting.get(pk, ())}
    if consortium.chief_scientist:
        known.add((consortium.chief_scientist, place_node(consortium.lead_id)))
    for name, place in sorted(known):
        if person_node(name) in places.names:
            yield Tie(K.NAMESAKE, person_node(name), place)


def _of_the_same_name(places: Places, experts: Iterable[Expert]) -> Iterator[Tie]:
    """An expert may be the person whom another row knows by name only."""
    for expert in experts:
        if person_node(expert.user.name) in places.names:
            yield Tie(K.NAMESAKE, expert_node(expert.pk), person_node(expert.user.name))
