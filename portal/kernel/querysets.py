"""Pages by key instead of offset, counts that stop counting, and rows that know each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import OrderBy

M = TypeVar("M", bound=Model)

SALT = "portal.keyset"
MAX_SIZE = 200


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of rows; a token leads to the neighbour, None where there is none."""

    rows: list[M]
    next_token: str | None
    previous_token: str | None


@dataclass(frozen=True)
class Count:
    """A count that stopped at a limit: `1000+`."""

    value: int
    capped: bool

    def __str__(self) -> str:
        return f"{self.value}+" if self.capped else str(self.value)


def count_up_to(qs: QuerySet[Any], limit: int = 1000) -> Count:
    """How many rows there are, counting no further than `limit`."""
    found = qs.order_by()[: limit + 1].count()
    return Count(min(found, limit), capped=found > limit)


# --- the order of a list -----------------------------------------------------------------------
@dataclass(frozen=True)
class Term:
    """One part of an order. Nulls come last in the order as written, so first in the reverse."""

    name: str
    descending: bool
    field: Field[Any, Any]

    @property
    def nullable(self) -> bool:
        """Only then is NULLS LAST said: on other columns it would keep PostgreSQL from using the index."""
        return bool(self.field.null) or LOOKUP_SEP in self.name

    def order_by(self, *, backwards: bool) -> OrderBy:
        """The ORDER BY of this term."""
        nulls = {("nulls_first" if backwards else "nulls_last"): True} if self.nullable else {}
        expression = F(self.name)
        return expression.desc(**nulls) if self.descending != backwards else expression.asc(**nulls)

    def same(self, value: Any) -> Q:
        """Rows that agree with the key in this term."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any, *, backwards: bool) -> Q | None:
        """Rows that come later by this term alone; None when there can be none."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else None
        later = Q(**{f"{self.name}__{'lt' if self.descending != backwards else 'gt'}": value})
        return later | Q(**{f"{self.name}__isnull": True}) if self.nullable and not backwards else later

    def within(self, value: Any, *, backwards: bool) -> Q:
        """What no later row can violate: lets PostgreSQL enter the index at the key."""
        if self.nullable:
            return Q()
        return Q(**{f"{self.name}__{'lte' if self.descending != backwards else 'gte'}": value})


def _terms(qs: QuerySet[M], order: Sequence[str]) -> list[Term]:
    """The order as terms; the primary key is added at the end unless it is there."""
    names = [part.lstrip("-") for part in order]
    key = qs.model._meta.pk.name  # noqa: SLF001
    whole = [*order] if {key, "pk"} & set(names) else [*order, "-pk"]
    return [Term(part.lstrip("-"), part.startswith("-"), _field(qs, part.lstrip("-"))) for part in whole]


def _field(qs: QuerySet[M], name: str) -> Field[Any, Any]:
    if name in qs.query.annotations:
        field: Field[Any, Any] = qs.query.annotations[name].output_field
        return field
    model: Any = qs.model
    *path, last = name.split(LOOKUP_SEP)
    for step in path:
        model = model._meta.get_field(step).related_model  # noqa: SLF001
    meta = model._meta  # noqa: SLF001
    found: Field[Any, Any] = meta.pk if last == "pk" else meta.get_field(last)
    return found


# --- tokens ------------------------------------------------------------------------------------
def _token(row: Model, terms: list[Term]) -> str:
    names = ",".join(f"{term.descending:d}{term.name}" for term in terms)
    return signing.dumps([names, [_plain(_value(row, term)) for term in terms]], salt=SALT)


def _value(row: Any, term: Term) -> Any:
    *path, last = term.name.split(LOOKUP_SEP)
    for step in path:
        row = None if row is None else getattr(row, step)
    return None if row is None else getattr(row, term.field.attname if term.field.is_relation else last)


def _plain(value: Any) -> Any:
    """Exact where JSON is not: a datetime keeps its microseconds."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, (int, bool)) else str(value)


def _key(token: str | None, terms: list[Term]) -> list[Any] | None:
    """The key in a token, or None when it was not made here for this order."""
    if not token:
        return None
    names = ",".join(f"{term.descending:d}{term.name}" for term in terms)
    try:
        made_for, values = signing.loads(token, salt=SALT)
        if made_for != names:
            return None
        return [None if v is None else term.field.to_python(v) for term, v in zip(terms, values, strict=True)]
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        return None


# --- the page ----------------------------------------------------------------------------------
def _beyond(terms: list[Term], key: list[Any], *, backwards: bool) -> Q:
    """Rows after the key: later in the first term, or the same in it and later in the second, and so on."""
    branches, same = [], Q()
    for term, value in zip(terms, key, strict=True):
        later = term.beyond(value, backwards=backwards)
        if later is not None:
            branches.append(same & later)
        same &= term.same(value)
    nothing = Q(pk__in=[])
    return terms[0].within(key[0], backwards=backwards) & reduce(or_, branches, nothing)


def keyset_page(
    qs: QuerySet[M],
    order: Sequence[str] = ("-created_at", "-id"),
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> Page[M]:
    """The page after or before a token, in one query; a token that is not ours gives the first page.

    Terms of `order` are fields, relations' fields (`lead__name`) or annotations; the primary key
    breaks ties. A page that has become empty meanwhile is replaced by the first one.
    """
    size = max(1, min(size, MAX_SIZE))
    terms = _terms(qs, order)
    key, backwards = _key(after, terms), False
    if key is None:
        key, backwards = _key(before, terms), True
    if key is None:
        return _page(qs, terms, None, backwards=False, size=size)
    page = _page(qs, terms, key, backwards=backwards, size=size)
    return page if page.rows else _page(qs, terms, None, backwards=False, size=size)


def _page(qs: QuerySet[M], terms: list[Term], key: list[Any] | None, *, backwards: bool, size: int) -> Page[M]:
    ordered = qs.order_by(*(term.order_by(backwards=backwards) for term in terms))
    found = list((ordered.filter(_beyond(terms, key, backwards=backwards)) if key else ordered)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (bool(key), more) if backwards else (more, bool(key))
    return Page(
        rows,
        _token(rows[-1], terms) if rows and has_next else None,
        _token(rows[0], terms) if rows and has_previous else None,
    )


def introduce(rows: Iterable[Model], name: str, others: Iterable[Model]) -> None:
    """Give each row the one of the others that its foreign key names; where that is missing it is loaded when asked."""
    known = {one.pk: one for one in others}
    for row in rows:
        if (key := getattr(row, f"{name}_id")) in known:
            setattr(row, name, known[key])
