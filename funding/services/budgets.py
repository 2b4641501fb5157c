"""Writing the budget of an application: any number of cells at once, all of them or none."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application, BudgetAmount, BudgetItem
from funding.rules.budget import NOTE, Cell, Row, cell_named, merge
from funding.rules.sections import BUDGET
from funding.selectors.budgets import cells_of, items_of, line_of, sheet_of
from funding.services.applications import editing
from members.models import User
from portal.kernel import audit
from portal.kernel.workflow import TransitionRefused

NOT_IN_SHEET = _("An amount stands for an organisation, a year or a category that this budget does not have.")
NOT_A_MEMBER = _("%(name)s is not a member any more: its amounts can only be removed.")


@dataclass
class BudgetChanged(Exception):
    """Somebody wrote other values into these cells after they were read; `clashes` is what stands there now."""

    clashes: dict[str, str]
    by: str
    at: datetime | None


def edit_budget(
    *,
    application: Application,
    actor: User,
    at: datetime,
    typed: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
    page: str = "",
) -> Application:
    """Write the cells of `typed` (name to canonical text, empty to clear) that differ from what was `seen`.

    Raises BudgetChanged, writing nothing, when one of them was changed by somebody else meanwhile. A `page` that
    saves by itself and missed an answer has no quarrel with what it wrote last. Without `seen` nobody is asked.
    """
    with editing(application=application, actor=actor, part=BUDGET.code) as locked:
        items = items_of(locked)
        stored = cells_of(map(line_of, items))
        saved = locked.sections.get(BUDGET.code, {})
        found = merge(base=_began_with(stored, saved, seen, page), typed=typed, stored=stored)
        if found.clashes:
            when = datetime.fromisoformat(saved["at"]) if saved else None
            raise BudgetChanged(found.clashes, saved.get("by", ""), when)
        if found.changed:
            _require_in_sheet(locked, found.changed)
            _write(locked, {line_of(item).row: item for item in items}, found.changed, at)
            _note(locked, found.changed, stored, actor, at, page)
    application.refresh_from_db()
    return application


def _began_with(
    stored: Mapping[str, str], saved: Mapping[str, Any], seen: Mapping[str, str] | None, page: str
) -> Mapping[str, str]:
    if seen is None:
        return stored
    return {**seen, **saved["wrote"]} if page and page == saved.get("page") else seen


def _require_in_sheet(application: Application, changed: Mapping[str, str]) -> None:
    sheet = sheet_of(application)
    if not changed.keys() <= sheet.cells.keys():
        raise TransitionRefused(NOT_IN_SHEET)
    written = {cell.row.organisation for name, text in changed.items() if text and (cell := sheet.cells[name])}
    for place in sheet.places:
        if not place.is_member and place.organisation in written:
            raise TransitionRefused(NOT_A_MEMBER % {"name": place.name})


def _write(application: Application, items: dict[Row, BudgetItem], changed: Mapping[str, str], at: datetime) -> None:
    cells = {cell: text for name, text in changed.items() if (cell := cell_named(name))}
    _write_items(application, items, cells, at)
    amounts = {cell: text for cell, text in cells.items() if cell.column != NOTE}
    BudgetAmount.objects.bulk_create(
        (
            BudgetAmount(item=items[cell.row], year=int(cell.column), amount=Decimal(text), created_at=at)
            for cell, text in amounts.items() if text
        ),
        update_conflicts=True, unique_fields=["item", "year"], update_fields=["amount"],
    )  # fmt: skip
    _clear([(items[cell.row], int(cell.column)) for cell, text in amounts.items() if not text])
    application.budget.filter(note="", amounts=None).delete()


def _write_items(
    application: Application, items: dict[Row, BudgetItem], cells: Mapping[Cell, str], at: datetime
) -> None:
    """Make the items that are not there yet, in `items` as well, and write the notes."""
    new = [row for row in dict.fromkeys(cell.row for cell in cells) if row not in items]
    made = [
        BudgetItem(
            application=application, organisation_id=row.organisation, source=row.source, category=row.category,
            created_at=at,
        )
        for row in new
    ]  # fmt: skip
    items |= dict(zip(new, BudgetItem.objects.bulk_create(made), strict=True))
    noted = {cell.row: text for cell, text in cells.items() if cell.column == NOTE}
    for row, text in noted.items():
        items[row].note = text
    BudgetItem.objects.bulk_update([items[row] for row in noted], ["note"])


def _clear(places: Collection[tuple[BudgetItem, int]]) -> None:
    if places:
        wanted = Q()
        for item, year in places:
            wanted |= Q(item=item, year=year)
        BudgetAmount.objects.filter(wanted).delete()


def _note(
    application: Application,
    changed: Mapping[str, str],
    stored: Mapping[str, str],
    actor: User,
    at: datetime,
    page: str,
) -> None:
    """Who saved it last, and in the trail every cell with what stood there before."""
    application.version += 1
    saved: dict[str, Any] = {"version": application.version, "by": str(actor), "at": at.isoformat()}
    application.sections[BUDGET.code] = {**saved, "page": page, "wrote": dict(changed)} if page else saved
    application.save(update_fields=["version", "sections"])
    cells = {name: [stored.get(name, ""), text] for name, text in sorted(changed.items())}
    facts = {"section": BUDGET.code, "version": application.version, "changed": ["budget"], "cells": cells}
    audit.record(actor=actor, action=Action.EDIT, subject=application, at=at, facts=facts)
