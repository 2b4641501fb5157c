"""Reads for assignments of many applications: the problem for the solver, and its answer in words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext, override, pgettext
from django.utils.translation import gettext_lazy as _

from consortia.selectors import field_names
from funding.enums import ApplicationStatus, AssignmentStatus
from funding.models import Application, Assignment, AssignmentCase, AssignmentChange, AssignmentPair, Draw
from funding.rules import assigning, conflicts
from funding.rules.assigning import Answer, Case, Group, Pair, Person, Problem
from funding.rules.terms import Terms, least_missing, terms_of
from funding.selectors.draws import TIED, Kept, pools
from funding.selectors.experts import Candidate
from members.enums import ExpertKind
from portal.kernel.enumerating import enumerated
from portal.kernel.models import Job
from portal.kernel.workflow import Reason

JOB_KIND = "funding.assign"


def to_assign(call: Any, user: Any) -> QuerySet[Application]:
    """Applications of a call that wait for experts, with neither a draw nor an assignment under way.

    Without those that the user has checked.
    """
    drawn = Draw.everything.standing().filter(application__call=call).values("application")
    taken = AssignmentCase.objects.filter(current=True, application__call=call).values("application")
    rows = Application.everything.visible_to(user).filter(call=call, status=ApplicationStatus.CHECKED)
    rows = rows.exclude(pk__in=drawn).exclude(pk__in=taken).exclude(checked_by=user)
    return rows.select_related("consortium__lead").order_by("number", "pk")


def job_of(assignment: Assignment) -> Job | None:
    """The job that works it out."""
    return Job.objects.filter(kind=JOB_KIND, key=assignment.job).first()


# --- guards ------------------------------------------------------------------------------------
def everybody_waits(assignment: Assignment, _at: datetime) -> Reason | None:
    """No application has gone another way since."""
    gone = assignment.cases.exclude(application__status=ApplicationStatus.CHECKED)
    names = enumerated(gone.values_list("application__number", flat=True))
    return _("These applications wait for experts no more: %(names)s.") % {"names": names} if names else None


def is_as_frozen(assignment: Assignment, _at: datetime) -> Reason | None:
    """What is agreed to is what was handed over."""
    same = assignment.is_unchanged and frozen(assignment) == assignment.frozen
    return None if same else _("What stands here is not what was handed over.")


def may_be_dropped(assignment: Assignment, _at: datetime) -> Reason | None:
    """As long as nobody has been asked by it, and no draw stands on its pools."""
    over = assignment.status == AssignmentStatus.AGREED and not assignment.is_pool
    if over:
        return _("The experts are asked already: release those who shall not review.")
    cases = assignment.cases.filter(current=True).values("application")
    drawn = Draw.everything.standing().filter(application__in=cases).exists()
    return _("A draw from its pools is under way: cancel it first.") if drawn else None


# --- the problem -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Build:
    """The problem, and what the words of its answer need."""

    problem: Problem
    candidates: Mapping[str, Mapping[str, Candidate]]  # by application and expert: whom nothing speaks against
    facts: Mapping[str, Mapping[str, Any]]  # by application


def build(assignment: Assignment, at: datetime) -> Build:
    """What the solver is asked, from the pool as it is now."""
    rows = Application.everything.filter(assignment_cases__assignment=assignment).order_by("number", "pk")
    applications = list(rows.select_related("call__rules", "consortium__lead"))
    rules = assignment.call.rules.data
    said, terms = assigning.terms(rules), terms_of(rules)
    factor = said["pool_per_seat"] if assignment.is_pool else 1
    seats, least = assignment.seats * factor, _least(terms, assignment.seats, factor)
    people: dict[str, Person] = {}
    pairs: list[Pair] = []
    open_to: dict[str, dict[str, Candidate]] = {}
    facts: dict[str, dict[str, Any]] = {}
    for application, found in zip(applications, pools(applications, at), strict=True):
        fits = {str(one.expert.pk): one for one in found if may_be_proposed(one, assignment)}
        open_to[str(application.pk)] = fits
        facts[str(application.pk)] = _facts(found, fits, seats, least)
        for key, one in fits.items():
            people.setdefault(key, _person(key, one))
            pairs.append(Pair(str(application.pk), key, cost_of(one, said)))
    cases = tuple(Case(str(one.pk), seats, tuple(least)) for one in applications)
    problem = Problem(
        cases, tuple(people.values()), tuple(pairs), terms.per_employer, said["load"], seed=str(assignment.call_id)
    )
    return Build(problem, open_to, facts)


def may_be_proposed(one: Candidate, assignment: Assignment) -> bool:
    """Nothing speaks against it; a tie that is to be weighed counts where experts are invited, and costs."""
    others = [reason for reason in one.reasons if reason is not TIED and not isinstance(reason, Kept)]
    return not others if not assignment.is_pool else not one.reasons


def cost_of(one: Candidate, said: Mapping[str, int]) -> int:
    """Of a pairing, by the rules of the call."""
    return assigning.cost(said, fields=len(one.expert.fields), financial=one.is_financial, bound=one.path is not None)


def _least(terms: Terms, seats: int, factor: int) -> list[Group]:
    kept = least_missing(terms.least, (), seats)
    return [Group(frozenset(one["kinds"]), one["count"] * factor) for one in kept]


def _person(key: str, one: Candidate) -> Person:
    expert: Any = one.expert
    room = max(expert.yearly_limit - expert.reviews_this_year, 0)
    return Person(key, expert.kind, str(expert.employer_id or ""), one.running, room)


def _facts(
    found: Sequence[Candidate], fits: Mapping[str, Candidate], seats: int, least: Sequence[Group]
) -> dict[str, Any]:
    """How many fit, and what speaks against the others: sentences of the source, told in each reader's language."""
    with override(None):
        against = Counter(str(one.reasons[0]) for one in found if one.reasons and str(one.expert.pk) not in fits)
    return {
        "seats": seats,
        "least": [{"kinds": sorted(one.kinds), "count": one.count} for one in least],
        "eligible": dict(sorted(Counter(one.expert.kind for one in fits.values()).items())),
        "against": dict(sorted(against.items())),
    }


def grounds(one: Candidate, given: int, price: int) -> dict[str, Any]:
    """Why an expert is proposed, as data."""
    expert: Any = one.expert
    return {
        "cost": price, "fields": list(expert.fields), "financial": one.is_financial, "running": one.running,
        "year": expert.reviews_this_year, "limit": expert.yearly_limit, "given": given,
        **({"tie": one.tie_data} if one.tie_data else {}),
    }  # fmt: skip


# --- frozen ------------------------------------------------------------------------------------
def frozen(assignment: Assignment) -> dict[str, Any]:
    """Everything that is handed over: the question by its hash, the answer, the changes by hand."""
    cases = cases_of(assignment)
    return {
        "format": assigning.FORMAT,
        "number": assignment.number,
        "call": str(assignment.call_id),
        "rules": assigning.terms(assignment.call.rules.data),
        "mode": assignment.mode,
        "seats": assignment.seats,
        "prepared_by": str(assignment.prepared_by_id),
        "prepared_at": assignment.prepared_at.isoformat(),
        "problem": assignment.problem_hash,
        "cases": [_frozen_case(one) for one in cases],
    }


def _frozen_case(case: AssignmentCase) -> dict[str, Any]:
    changes = [
        {"removed": str(one.removed_id), "added": str(one.added_id), "reason": one.reason,
         "by": str(one.changed_by_id), "at": one.changed_at.isoformat()}
        for one in case.changes.all()
    ]  # fmt: skip
    experts = [{"expert": str(one.expert_id), "by_hand": one.by_hand, **one.grounds} for one in case.pairs.all()]
    return {
        "application": str(case.application_id), "number": case.application.number, "empty": case.empty,
        "experts": sorted(experts, key=lambda one: one["expert"]), "changes": changes, "facts": case.facts,
    }  # fmt: skip


# --- the pages ---------------------------------------------------------------------------------
def cases_of(assignment: Assignment) -> list[AssignmentCase]:
    """The applications with the experts proposed and the changes, in a constant number of queries."""
    return list(case_rows(assignment))


def case_rows(assignment: Assignment) -> QuerySet[AssignmentCase]:
    """The same, to be narrowed and shown in pages."""
    rows = assignment.cases.select_related("application__consortium__lead", "application__call")
    pairs = AssignmentPair.objects.select_related("expert__user", "expert__employer")
    changes = AssignmentChange.objects.select_related("removed__user", "added__user", "changed_by")
    return rows.prefetch_related(Prefetch("pairs", pairs), Prefetch("changes", changes))


def found_in(rows: QuerySet[AssignmentCase], words: str) -> QuerySet[AssignmentCase]:
    """By the number of the application, its consortium, or an expert proposed for it."""
    with_expert = AssignmentPair.objects.filter(expert__user__name__icontains=words).values("case")
    named = Q(application__number__icontains=words) | Q(application__consortium__name__icontains=words)
    return rows.filter(named | Q(pk__in=with_expert))


@dataclass(frozen=True)
class Line:
    """An expert proposed for an application, and why in words."""

    pair: AssignmentPair
    fit: str
    load: str
    tie: str


@dataclass(frozen=True)
class Table:
    """One application on the page."""

    case: AssignmentCase
    lines: list[Line]
    shortage: list[str]


def tables(cases: Iterable[AssignmentCase]) -> list[Table]:
    """Those applications of a proposal in the language of the reader."""
    names = field_names()
    return [Table(case, [_line(pair, names) for pair in case.pairs.all()], shortage(case)) for case in cases]


def _line(pair: AssignmentPair, names: Mapping[str, str]) -> Line:
    said = pair.grounds
    fields = enumerated(names.get(code, code) for code in said["fields"])
    fit = _("Judges the money side, in whatever field") if said["financial"] else _("Judges: %(fields)s")
    load = _("%(running)s to do, %(given)s by this assignment; %(year)s of %(limit)s this year before it") % said
    tie = conflicts.told(said["tie"]) if "tie" in said else ""
    return Line(pair, str(fit) % {"fields": fields} if not said["financial"] else str(fit), load, tie)


def shortage(case: AssignmentCase) -> list[str]:
    """What cannot be filled and why, in sentences; empty when everything is."""
    facts = case.facts
    lacking = [one for one in zip(facts.get("least", ()), facts.get("lacking", ()), strict=False) if one[1]]
    if not (case.empty or lacking):
        return []
    text = gettext("%(empty)s of %(seats)s places stay empty.") % {"empty": case.empty, "seats": facts["seats"]}
    found = [text] if case.empty else []
    for group, short in lacking:
        kinds = enumerated(str(ExpertKind(kind).label) for kind in group["kinds"])
        found.append(gettext("%(short)s too few of: %(kinds)s.") % {"short": short, "kinds": kinds})
    eligible = [f"{ExpertKind(kind).label} {count}" for kind, count in sorted(facts["eligible"].items())]
    found.append(
        gettext("Eligible: %(kinds)s. Those who are not proposed have no room left, or a colleague is proposed.")
        % {"kinds": enumerated(eligible) or pgettext("eligible", "nobody")}
    )
    against = [f"{gettext(reason)} {count}" for reason, count in sorted(facts["against"].items())]
    if against:
        found.append(gettext("Excluded: %(reasons)s.") % {"reasons": enumerated(against)})
    return found


@dataclass(frozen=True)
class Overview:
    """A whole proposal in numbers; by key, which of its applications want a look and why."""

    cases: int
    wanting: Mapping[str, frozenset[Any]]
    loads: Sequence[tuple[int, int]]  # how many reviews, how many experts get as many

    @property
    def experts(self) -> int:
        """How many are proposed at all."""
        return sum(count for _given, count in self.loads)

    @property
    def range(self) -> str:
        """The least and the most that is given to one expert."""
        given = [given for given, _count in self.loads] or [0]
        return f"{min(given)}–{max(given)}" if min(given) < max(given) else str(given[0])


def overview(assignment: Assignment) -> Overview:
    """Of all its applications, whichever page is shown."""
    rows = assignment.cases.order_by().values_list("pk", "empty", "facts__lacking")
    kept = {pk: bool(empty or any(lacking or ())) for pk, empty, lacking in rows}
    pairs = AssignmentPair.objects.filter(case__assignment=assignment).order_by()
    changes = AssignmentChange.objects.filter(case__assignment=assignment).order_by()
    given = Counter(pairs.values_list("expert").annotate(given=CountRows("pk")).values_list("given", flat=True))
    wanting = {
        "short": frozenset(pk for pk, short in kept.items() if short),
        "weighed": frozenset(pairs.filter(grounds__has_key="tie").values_list("case", flat=True)),
        "changed": frozenset(changes.values_list("case", flat=True)),
    }
    return Overview(len(kept), wanting, sorted(given.items(), reverse=True))


def assignments_of(call: Any, user: Any) -> QuerySet[Assignment]:
    """The earlier ones of a call."""
    rows = Assignment.everything.visible_to(user).filter(call=call).select_related("prepared_by", "decided_by")
    return rows.defer("frozen")


def exchangeable(pair: AssignmentPair, found: Iterable[Candidate], terms: Terms) -> list[Candidate]:
    """Who could take the place of an expert without breaking what the panel keeps to."""
    sitting = [one.expert for one in pair.case.pairs.select_related("expert").exclude(pk=pair.pk)]
    taken = {one.pk for one in sitting}
    employers = Counter(one.employer_id for one in sitting if one.employer_id)
    wanted = least_missing(terms.least, [one.kind for one in sitting], len(terms.least))
    full = {employer for employer, count in employers.items() if count >= terms.per_employer}
    kinds = {kind for group in wanted for kind in group["kinds"]}
    given = Counter(
        AssignmentPair.objects.filter(case__assignment=pair.case.assignment_id).values_list("expert", flat=True)
    )
    return [
        one for one in found
        if may_be_proposed(one, pair.case.assignment) and one.expert.pk not in taken | {pair.expert_id}
        and one.expert.employer_id not in full and (not kinds or one.expert.kind in kinds)
        and _has_room(one, given[one.expert.pk])
    ]  # fmt: skip


def _has_room(one: Candidate, given: int) -> bool:
    """Also with what the same assignment gives already."""
    expert: Any = one.expert
    return bool(expert.reviews_this_year + given < expert.yearly_limit)


def standing(user: Any) -> QuerySet[Assignment]:
    """Those that wait for the supervisor's word."""
    return Assignment.objects.visible_to(user).filter(status=AssignmentStatus.HANDED_OVER)


def answer_facts(build_: Build, answer: Answer, case: str) -> dict[str, Any]:
    """The facts of a case with what the solver could not fill."""
    return {**build_.facts[case], "lacking": list(answer.lacking.get(case, ()))}
