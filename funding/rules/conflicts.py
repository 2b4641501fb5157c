"""Who is bound to whom: a graph of people and organisations, and the shortest way from an expert to a consortium.

A path bars when every tie on it bars; one weaker tie makes the whole path a matter for judgement.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from funding.rules.defaults import DEFAULT_RULES
from members.rules.experts import FORMER_YEARS, conflicts_since

Node = str
MAX_STEPS = 6  # no rule set asks for longer paths


class Weight(TextChoices):
    """What a tie comes to."""

    HARD = "hard", _("excludes")
    SOFT = "soft", _("is shown; chosen only with a reason")
    IGNORED = "ignored", _("counts nothing")


class TieKind(TextChoices):
    """How two nodes of the graph are bound, in the words of the call's rules."""

    EMPLOYED = "EMPLOYED", _("Works there")
    FORMER = "FORMER", _("Worked there")
    ACTS_FOR = "ACTS_FOR", _("Acts for it in the portal")
    DIRECTOR = "DIRECTOR", _("Director, supervisor or senior manager")
    EQUITY = "EQUITY", pgettext_lazy("relation", "Shareholder")
    CONSULTANT = "CONSULTANT", _("Paid consultant")
    INVESTOR = "INVESTOR", _("Investor through a fund")
    KINSHIP = "KINSHIP", _("Kinship")
    SUPERVISOR = "SUPERVISOR", _("Supervisor or student")
    CO_INVENTOR = "CO_INVENTOR", _("Co-inventor or co-author")
    WORKS = "WORKS", _("The other person works there")
    CONTROL = "CONTROL", _("Control between organisations")
    STAKE = "STAKE", _("Shareholding between organisations")
    LEGAL = "LEGAL", _("Legal representative, by name")
    NAMESAKE = "NAMESAKE", _("Same name as somebody of the organisation")
    INVESTMENT = "INVESTMENT", _("Investment of a fund")
    JOINT_OUTCOME = "JOINT_OUTCOME", _("Patents and other outcomes owned together")
    CO_APPLICANT = "CO_APPLICANT", _("Applied together earlier")
    AVOIDED = "AVOIDED", _("Named by the applicant as to be avoided, accepted by an officer")
    TO_AVOID = "TO_AVOID", _("Named by the applicant as to be avoided, not decided")


K = TieKind
# Walked from the person to the organisation only: colleagues of somebody are not bound by what binds that person.
ONE_WAY = frozenset({
    K.EMPLOYED, K.FORMER, K.ACTS_FOR, K.DIRECTOR, K.EQUITY, K.CONSULTANT, K.INVESTOR, K.WORKS, K.NAMESAKE, K.AVOIDED,
    K.TO_AVOID,
})  # fmt: skip

# What is said of a tie, read from its start and from its end.
VERBS: dict[TieKind, tuple[str | Promise, str | Promise]] = {
    K.EMPLOYED: (pgettext_lazy("tie", "works for"), ""),
    K.FORMER: (pgettext_lazy("tie", "worked for"), ""),
    K.ACTS_FOR: (pgettext_lazy("tie", "acts in the portal for"), ""),
    K.DIRECTOR: (pgettext_lazy("tie", "is director or manager of"), ""),
    K.EQUITY: (pgettext_lazy("tie", "holds shares in"), ""),
    K.CONSULTANT: (pgettext_lazy("tie", "is paid to advise"), ""),
    K.INVESTOR: (pgettext_lazy("tie", "has invested through a fund in"), ""),
    K.KINSHIP: (pgettext_lazy("tie", "is a relative of"), pgettext_lazy("tie", "is a relative of")),
    K.SUPERVISOR: (
        pgettext_lazy("tie", "is supervisor or student of"), pgettext_lazy("tie", "is supervisor or student of"),
    ),
    K.CO_INVENTOR: (pgettext_lazy("tie", "invented or wrote with"), pgettext_lazy("tie", "invented or wrote with")),
    K.WORKS: (pgettext_lazy("tie", "belongs to"), ""),
    K.CONTROL: (pgettext_lazy("tie", "controls"), pgettext_lazy("tie", "is controlled by")),
    K.STAKE: (pgettext_lazy("tie", "holds shares in"), pgettext_lazy("tie", "has as a shareholder")),
    K.LEGAL: (
        pgettext_lazy("tie", "has the name of the legal representative of"),
        pgettext_lazy("tie", "has a legal representative of the name"),
    ),
    K.NAMESAKE: (pgettext_lazy("tie", "has the name of a person of"), ""),
    K.INVESTMENT: (pgettext_lazy("tie", "has invested in"), pgettext_lazy("tie", "has as an investor")),
    K.JOINT_OUTCOME: (pgettext_lazy("tie", "owns an outcome with"), pgettext_lazy("tie", "owns an outcome with")),
    K.CO_APPLICANT: (pgettext_lazy("tie", "applied together with"), pgettext_lazy("tie", "applied together with")),
    K.AVOIDED: (pgettext_lazy("tie", "is to be avoided, at the request of"), ""),
    K.TO_AVOID: (pgettext_lazy("tie", "is named as to be avoided (not decided) by"), ""),
}  # fmt: skip


@dataclass(frozen=True)
class Tie:
    """Two nodes and what binds them; without an end it lasts."""

    kind: TieKind
    start: Node
    end: Node
    since: date | None = None
    until: date | None = None
    percent: Decimal | None = None


@dataclass(frozen=True)
class Measure:
    """What the rules say of one kind: for how many years after its end it counts, and from which share on."""

    weight: Weight
    years: int | None = None  # None: as long as it is known, whether it has ended or not
    percent: Decimal | None = None


@dataclass(frozen=True)
class Policy:
    """The rules of one call."""

    measures: Mapping[TieKind, Measure]
    steps: int

    def weigh(self, tie: Tie, on: date) -> Weight:
        """What the tie comes to on a day."""
        measure = self.measures[tie.kind]
        if measure.percent is not None and tie.percent is not None and tie.percent < measure.percent:
            return Weight.IGNORED
        over = tie.until is not None and measure.years is not None
        if over and tie.until < conflicts_since(on=on, years=measure.years or 0):  # type: ignore[operator]
            return Weight.IGNORED
        return measure.weight


def policy_of(rules: Mapping[str, Any]) -> Policy:
    """The rules of a call; what it does not say is as in the defaults."""
    default, own = DEFAULT_RULES["conflicts"], rules.get("conflicts", {})
    stated = own.get("ties", {})
    former = {"years": rules.get("panel", {}).get("former_years", FORMER_YEARS)}
    said = {kind: {**default["ties"][kind], **stated.get(kind, {})} for kind in default["ties"]}
    said[K.FORMER] |= former
    steps = min(int(own.get("steps", default["steps"])), MAX_STEPS)
    avoid = {**default["avoid"], **own.get("avoid", {})}
    named = {K.AVOIDED: Measure(Weight.HARD), K.TO_AVOID: Measure(Weight(avoid["weight"]))}
    return Policy({TieKind(kind): _measure(one) for kind, one in said.items()} | named, steps)


def avoid_most(rules: Mapping[str, Any]) -> int:
    """How many names an applicant may ask to keep from its review."""
    return int({**DEFAULT_RULES["conflicts"]["avoid"], **rules.get("conflicts", {}).get("avoid", {})}["most"])


def _measure(said: Mapping[str, Any]) -> Measure:
    percent = said.get("percent")
    return Measure(Weight(said["weight"]), said.get("years"), None if percent is None else Decimal(percent))


@dataclass(frozen=True)
class Line:
    """One kind of tie on the page of the rules."""

    label: str
    weight: Weight
    years: int | None
    percent: str


def read(rules: Mapping[str, Any]) -> list[Line]:
    """The rules of a call in words and numbers."""
    measures = policy_of(rules).measures
    return [
        Line(str(kind.label), one.weight, one.years, "" if one.percent is None else _plain(one.percent))
        for kind, one in ((kind, measures[kind]) for kind in K)
    ]


# --- paths -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """One tie as it is walked."""

    tie: Tie
    forward: bool = True

    @property
    def goal(self) -> Node:
        """Where it leads."""
        return self.tie.end if self.forward else self.tie.start

    @property
    def verb(self) -> str:
        """What binds the two, with its years and share."""
        there, back = VERBS[self.tie.kind]
        said = str(there if self.forward else back)
        if self.tie.percent is not None:
            said = pgettext("tie", "%(verb)s (%(percent)s%%)") % {"verb": said, "percent": _plain(self.tie.percent)}
        span = _span(self.tie.since, self.tie.until)
        return pgettext("tie", "%(span)s: %(verb)s") % {"span": span, "verb": said} if span else said

    def as_data(self, names: Mapping[Node, str]) -> dict[str, Any]:
        """Its kind, its goal by name, and what else is known."""
        tie = self.tie
        facts = {
            "percent": None if tie.percent is None else _plain(tie.percent),
            "since": tie.since and tie.since.isoformat(),
            "until": tie.until and tie.until.isoformat(),
        }
        known = {name: value for name, value in facts.items() if value}
        return {"kind": str(tie.kind), "forward": self.forward, "to": names.get(self.goal, self.goal), **known}


def _plain(percent: Decimal) -> str:
    """60, not 60.0000, and never 6E+1."""
    return f"{percent.normalize():f}"


def _span(since: date | None, until: date | None) -> str:
    years = {"first": since and since.year, "last": until and until.year}
    if since and until:
        same = since.year == until.year
        return (pgettext("years", "in %(last)s") if same else pgettext("years", "%(first)s to %(last)s")) % years
    if since:
        return pgettext("years", "since %(first)s") % years
    return pgettext("years", "until %(last)s") % years if until else ""


@dataclass(frozen=True)
class Path:
    """The way from an expert to a member, and whether it bars."""

    start: Node
    steps: tuple[Step, ...]
    is_hard: bool

    @property
    def is_avoided(self) -> bool:
        """Whether it bars because the applicant asked for it and an officer agreed."""
        return self.is_hard and any(step.tie.kind == K.AVOIDED for step in self.steps)

    @property
    def goal(self) -> Node:
        """The member it reaches."""
        return self.steps[-1].goal

    def links(self, names: Mapping[Node, str]) -> list[tuple[str, str]]:
        """(what binds, to whom) for every step, in words."""
        return [(step.verb, names.get(step.goal, step.goal)) for step in self.steps]

    def words(self, names: Mapping[Node, str]) -> str:
        """The whole way in one line."""
        line = names.get(self.start, self.start)
        for verb, goal in self.links(names):
            line = f"{line} — {verb} → {goal}"
        return gettext("%(path)s (member)") % {"path": line}

    def as_data(self, names: Mapping[Node, str]) -> dict[str, Any]:
        """The way in codes and names, to be kept and told to every reader in its own language."""
        return {
            "from": names.get(self.start, self.start), "hard": self.is_hard,
            "steps": [one.as_data(names) for one in self.steps],
        }  # fmt: skip


def told(data: Mapping[str, Any]) -> str:
    """A way that was kept as data, in the language of the reader."""
    node, steps = data["from"], []
    for one in data["steps"]:
        ends = (node, one["to"]) if one["forward"] else (one["to"], node)
        since, until = (date.fromisoformat(one[name]) if one.get(name) else None for name in ("since", "until"))
        percent = Decimal(one["percent"]) if one.get("percent") else None
        steps.append(Step(Tie(TieKind(one["kind"]), *ends, since, until, percent), one["forward"]))
        node = one["to"]
    return Path(data["from"], tuple(steps), data["hard"]).words({})


Inwards = dict[Node, list[tuple[Node, Step]]]


class Graph:
    """Ties weighed and put in order once, to be asked about many consortia."""

    def __init__(self, ties: Iterable[Tie], policy: Policy, on: date) -> None:
        self.policy, self.on = policy, on
        self.hard, self.counted = self._inwards(ties)

    def paths(self, more: Iterable[Tie], starts: Iterable[Node], targets: Collection[Node]) -> dict[Node, Path]:
        """For each start its shortest path that bars; where there is none, the shortest that should be weighed.

        `more` are the ties that belong to the consortium in question alone.
        """
        hard, counted = self._inwards(more)
        sought = set(starts)
        ways = _reach((self.hard, hard), sought, targets, self.policy.steps)
        found = {start: Path(start, steps, True) for start, steps in ways.items()}
        rest = _reach((self.counted, counted), sought - found.keys(), targets, self.policy.steps)
        return found | {start: Path(start, steps, False) for start, steps in rest.items()}

    def _inwards(self, ties: Iterable[Tie]) -> tuple[Inwards, Inwards]:
        """By node what leads to it: by ties that bar, and by all that count."""
        hard: Inwards = defaultdict(list)
        counted: Inwards = defaultdict(list)
        for tie in ties:
            weight = self.policy.weigh(tie, self.on)
            for into in (hard, counted) if weight == Weight.HARD else (counted,) if weight == Weight.SOFT else ():
                into[tie.end].append((tie.start, Step(tie)))
                if tie.kind not in ONE_WAY:
                    into[tie.start].append((tie.end, Step(tie, forward=False)))
        return hard, counted


def shortest_paths(
    ties: Iterable[Tie], starts: Iterable[Node], targets: Collection[Node], policy: Policy, on: date
) -> dict[Node, Path]:
    """The same for one consortium."""
    return Graph(ties, policy, on).paths((), starts, targets)


def _reach(
    inwards: Sequence[Inwards], starts: Collection[Node], targets: Collection[Node], most: int
) -> dict[Node, tuple[Step, ...]]:
    """Breadth first from the targets outwards, so that one walk serves all starts."""
    ways: dict[Node, tuple[Step, ...]] = dict.fromkeys(sorted(targets), ())
    queue = deque(ways)
    while queue:
        node = queue.popleft()
        if len(ways[node]) == most:
            continue
        near = [pair for one in inwards for pair in one.get(node, ())]
        for neighbour, step in sorted(near, key=_order):
            if neighbour not in ways:
                ways[neighbour] = (step, *ways[node])
                queue.append(neighbour)
    return {start: ways[start] for start in starts if ways.get(start)}


def _order(pair: tuple[Node, Step]) -> tuple[int, Node]:
    """Of two ties between the same nodes the one named first in TieKind."""
    node, step = pair
    return RANK[step.tie.kind], node


RANK = {kind: rank for rank, kind in enumerate(TieKind)}
