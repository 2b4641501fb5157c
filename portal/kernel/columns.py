"""Which columns of a list a person sees, and in which order: as the address says, as was kept, or as suggested."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from portal.kernel.exporting import Column
from portal.kernel.models import ListColumns
from portal.kernel.saved_filters import query_of

ASKED = "cols"  # the parameter of the address
BETWEEN = ","


@dataclass(frozen=True)
class ListColumn:
    """A column of a list; `exports` are the names of the columns of its export that hold the same.

    A `fixed` one stands first and always; one that is not `suggested` is seen by who asks for it.
    """

    code: str
    title: str | Promise
    exports: tuple[str, ...] = ()
    suggested: bool = True
    fixed: bool = False


Columns = Sequence[ListColumn]


def codes_of(text: str) -> list[str]:
    """The codes in an address."""
    return [code for code in text.split(BETWEEN) if code]


def arranged(columns: Columns, codes: Iterable[str]) -> list[ListColumn]:
    """The fixed ones, then those of the codes in their order, each once; what is not known is left out."""
    known = {one.code: one for one in columns if not one.fixed}
    wanted = [known[code] for code in dict.fromkeys(codes) if code in known]
    return [*(one for one in columns if one.fixed), *wanted]


def suggested(columns: Columns) -> list[ListColumn]:
    """What is shown to who has not chosen."""
    return [one for one in columns if one.fixed or one.suggested]


def seen(request: HttpRequest, page: str, columns: Columns) -> list[ListColumn]:
    """What this reader sees of the list at this address; one query unless the address says it."""
    if asked := codes_of(request.GET.get(ASKED, "")):
        return arranged(columns, asked)
    kept = ListColumns.objects.filter(person=request.user.pk, page=page).values_list("codes", flat=True).first()
    return suggested(columns) if kept is None else arranged(columns, kept)


def columns_here(request: HttpRequest, columns: Columns) -> dict[str, Any]:
    """For the template: the codes in their order, whether somebody chose them (then none hides for want of width),
    what the address asks for, and where one chooses.
    """
    page = request.resolver_match.view_name  # type: ignore[union-attr]
    address = f"{reverse('columns-choose', args=[page])}?{query_of(request.GET)}"
    shown = [one.code for one in seen(request, page, columns)]
    chosen = shown != [one.code for one in suggested(columns)]
    return {"columns": shown, "columns_chosen": chosen, "cols": request.GET.get(ASKED, ""), "columns_url": address}


def of_export(shown: Iterable[ListColumn], columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns of an export that hold what is shown, in the same order."""
    by_name = {column.name: column for column in columns}
    names = dict.fromkeys(name for one in shown for name in one.exports)
    return tuple(by_name[name] for name in names)


@transaction.atomic
def keep_columns(*, person: Any, page: str, codes: Sequence[str], at: datetime) -> None:
    """From now on this person sees these columns of the list."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
    ListColumns.objects.update_or_create(
        person=person, page=page, defaults={"codes": list(codes)}, create_defaults={"codes": codes, "created_at": at}
    )


def forget_columns(*, person: Any, page: str) -> None:
    """Back to what is suggested."""
    ListColumns.objects.filter(person=person, page=page).delete()
