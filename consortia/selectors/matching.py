"""What may answer a demand: outcomes and technologies that share the most pairs of characters with its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, IntegerField, Model, Q, QuerySet, TextField, Value

from consortia.models import Consortium, CoOwner, KeyTechnology, Outcome
from consortia.rules.work import Openness
from members.enums import GROUPS, Group
from members.models import Organisation
from portal.kernel.search import LONGEST, Bigrams, Fold, bigrams, fold

M = TypeVar("M", bound=Model)

MOST = 20  # rows of each kind
LEAST_SHARED = 2  # pairs; a single one is chance, unless nothing more was asked for
RESEARCH = sorted(kind for kind, group in GROUPS.items() if group == Group.RESEARCH)
PAIRS: Any = ArrayField(TextField())


class Shared(Func):
    """How many elements two arrays have in common."""

    template = "cardinality(ARRAY(SELECT unnest(%(expressions)s)))"
    arg_joiner = ") INTERSECT SELECT unnest("
    output_field: Any = IntegerField()


@dataclass(frozen=True)
class Fits:
    """What was found, the best first. Rows with `inside` belong to consortia that the reader sees."""

    outcomes: list[Outcome]
    technologies: list[KeyTechnology]


def pairs_of(words: str) -> list[str]:
    """Every two neighbouring characters within the words of a text."""
    return sorted({pair for word in re.findall(r"\w+", fold(words[:LONGEST])) for pair in bigrams(word)})


def fits(words: str, reader: Any, *, research_only: bool = False) -> Fits:
    """Outcomes and technologies of the consortia that the reader sees, and of published ones what is offered to all."""
    pairs = pairs_of(words)
    if not pairs:
        return Fits([], [])
    seen = Consortium.objects.visible_to(reader).values("pk")
    open_ = Q(consortium__in=Consortium.objects.published().values("pk"))
    outcomes = Outcome.objects.counted().filter(Q(consortium__in=seen) | open_ & Q(offered=True))
    technologies = KeyTechnology.objects.filter(Q(consortium__in=seen) | open_ & Q(openness=Openness.PUBLIC))
    if research_only:
        bodies = Organisation.objects.filter(type__in=RESEARCH).values("pk")
        shared = CoOwner.objects.filter(organisation__in=bodies).values("outcome")
        outcomes = outcomes.filter(Q(owner__in=bodies) | Q(pk__in=shared))
        technologies = technologies.filter(owner__in=bodies)
    return Fits(_best(outcomes, pairs, reader), _best(technologies, pairs, reader))


def _best(rows: QuerySet[M], pairs: list[str], reader: Any) -> list[M]:
    """Names only are searched: of what is offered to all, others read no more than the name."""
    named = rows.alias(pairs=Bigrams(Fold("name"))).filter(pairs__overlap=pairs)
    found = named.annotate(shared=Shared(Bigrams(Fold("name")), Value(pairs, output_field=PAIRS)))
    found = found.filter(shared__gte=min(LEAST_SHARED, len(pairs))).select_related("consortium__lead", "owner")
    best = list(found.order_by("-shared", "pk")[:MOST])
    consortia = {row.consortium_id for row in best}
    seen = set(Consortium.objects.visible_to(reader).filter(pk__in=consortia).values_list("pk", flat=True))
    for row in best:
        row.inside = row.consortium_id in seen
    return best
