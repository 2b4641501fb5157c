"""What belongs to a rehearsal, as far as the reader may see it; lists of what counts show nothing of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding.models import Application, Call, CallQuestion, Objection, PublicNotice, RecommendationList, Review
from funding.models.application import HEAVY


@dataclass(frozen=True)
class Line:
    """One thing of a rehearsal: its name, a second name, its page, and the row if its status is to be shown."""

    text: str
    below: str
    url: str
    row: Any = None


@dataclass(frozen=True)
class Group:
    """Things of one kind."""

    title: str | Promise
    lines: tuple[Line, ...]


def rehearsals(user: Any) -> QuerySet[Call]:
    """The rehearsals that the reader may take part in, the newest first."""
    return Call.everything.visible_to(user).filter(rehearsal=True).defer("guidelines").order_by("-created_at")


def everything_of(call: Call, user: Any) -> list[Group]:
    """All that was made in a rehearsal, in a constant number of queries."""
    groups = (
        Group(_("Applications"), tuple(_applications(call, user))),
        Group(_("Recommendation lists"), tuple(_lists(call, user))),
        Group(_("Reviews"), tuple(_reviews(call, user))),
        Group(_("Public notices"), tuple(Line(row.title, row.document_number, row.get_absolute_url())
                                        for row in PublicNotice.everything.filter(call=call).defer("rows"))),
        Group(_("Objections"), tuple(_objections(call, user))),
        Group(_("Questions"), tuple(Line(row.text, str(row.organisation), row.get_absolute_url(), row)
                                    for row in _questions(call, user))),
    )  # fmt: skip
    return [group for group in groups if group.lines]


def _applications(call: Call, user: Any) -> Iterable[Line]:
    """To the lead in the words of applicants."""
    rows = Application.everything.visible_to(user).filter(call=call).select_related("consortium", "call")
    for row in rows.defer(*HEAVY).order_by("number"):
        insider = row.is_insider(user)
        yield Line(
            row.consortium.name, row.number, row.get_absolute_url(),
            row if insider else row.applicant_status,
        )  # fmt: skip


def _lists(call: Call, user: Any) -> Iterable[Line]:
    for row in RecommendationList.everything.visible_to(user).filter(call=call).select_related("district"):
        yield Line(str(row.district), row.number, row.get_absolute_url())


def _reviews(call: Call, user: Any) -> Iterable[Line]:
    """Only the reader's own: those of others are read at the application."""
    rows = Review.everything.of(user).filter(application__call=call)
    for row in rows.select_related("application__consortium"):
        yield Line(row.application.consortium.name, row.application.number, row.get_absolute_url(), row)


def _objections(call: Call, user: Any) -> Iterable[Line]:
    rows = Objection.everything.visible_to(user).filter(application__call=call)
    for row in rows.select_related("application__consortium"):
        yield Line(row.application.consortium.name, row.number, row.get_absolute_url(), row)


def _questions(call: Call, user: Any) -> QuerySet[CallQuestion]:
    return CallQuestion.everything.visible_to(user).filter(call=call).select_related("organisation")
