"""One search over everything that has a name or a number, each kind cut to what the reader may see."""

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from consortia.models import Consortium
from funding.models import Application, Call
from members.models import Organisation
from portal.kernel.authz import may
from portal.kernel.search import matching, words_of

MOST = 8  # of each kind; the list of the kind has the rest


@dataclass(frozen=True)
class Hit:
    """A row that was found, as the page shows it."""

    row: Any
    name: str
    note: str


@dataclass(frozen=True)
class Hits:
    """The rows of one kind; `more` is the address of the list with all of them, if there are more."""

    kind: str | Promise
    icon: str
    rows: tuple[Hit, ...]
    more: str


def find(user: Any, text: str) -> list[Hits]:
    """What fits every word of `text`, by kind, at most eight of each; nothing for an empty text."""
    if not words_of(text):
        return []
    found = (_consortia(user, text), _organisations(user, text), _applications(user, text), _calls(user, text))
    return [one for one in found if one.rows]


def _consortia(user: Any, text: str) -> Hits:
    rows = matching(Consortium.objects.visible_to(user), text).select_related("lead").defer("mission", "governance")
    listed = "consortia:consortium-list" if may(user, "consortia.view_registry") else ""
    return _hits(
        _("Consortia"), "affiliate", rows.order_by("-code"), lambda row: (row.name, f"{row.code} · {row.lead.name}"),
        listed, text,
    )  # fmt: skip


def _organisations(user: Any, text: str) -> Hits:
    rows = matching(Organisation.objects.visible_to(user), text).order_by("name", "pk")
    listed = "members:organisation-list" if may(user, "members.view_registry") else ""
    return _hits(_("Organisations"), "building", rows, lambda row: (row.name, row.uscc or ""), listed, text)


def _applications(user: Any, text: str) -> Hits:
    named = reduce(and_, (Q(consortium__words__contains=word) for word in words_of(text)))
    rows = Application.objects.visible_to(user).filter(Q(number__iexact=text.strip()) | named)
    rows = rows.select_related("consortium").only("number", "status", "district", "consortium__name")
    return _hits(
        _("Applications"), "clipboard-text", rows.order_by("-number"),
        lambda row: (row.consortium.name, f"{row.number} · {row.status_for(user)}"), "", text,
    )  # fmt: skip


def _calls(user: Any, text: str) -> Hits:
    rows = Call.objects.visible_to(user)
    for word in words_of(text):
        rows = rows.filter(Q(title__icontains=word) | Q(document_number__icontains=word))
    return _hits(
        _("Calls"), "calendar-event", rows.order_by("-year", "-batch"), lambda row: (row.title, row.document_number),
        "", text,
    )  # fmt: skip


def _hits(kind: Any, icon: str, rows: QuerySet[Any, Any], words: Any, listed: str, text: str) -> Hits:
    found: list[Model] = list(rows[: MOST + 1])
    more = f"{reverse(listed)}?{urlencode({'q': text.strip()})}" if listed and len(found) > MOST else ""
    return Hits(kind, icon, tuple(Hit(row, *words(row)) for row in found[:MOST]), more)
