"""The workbook of an application: written with what stands there, and judged when it comes back."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.workflow import EDITS, edit_obstacles
from funding.forms.workbook_tables import (
    BUDGET_CODE,
    MEMBERS,
    TECHNOLOGIES,
    BudgetSpec,
    MemberSpec,
    Spec,
    TableDiff,
    TechnologySpec,
)
from funding.models import Application, Workbook
from funding.rules.sections import BUDGET
from funding.services.workbooks import KIND, Edits, PartEdit
from portal.kernel.audit import sha256
from portal.kernel.authz import may
from portal.kernel.forms import UploadField
from portal.kernel.roundtrip import Table, read_tables, write_tables
from portal.kernel.tables import Unreadable

OF_ANOTHER = _("This workbook belongs to another application.")


class WorkbookForm(forms.Form):
    """The filled workbook."""

    upload = UploadField(label=_("Filled workbook"), kind=KIND)


class AcceptForm(forms.Form):
    """The differences that were shown, by their fingerprint."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


def specs_for(application: Application, user: Any) -> list[Spec]:
    """The tables that this person may change now."""
    consortium, found = application.consortium, list[Spec]()
    if application.is_reopened(BUDGET.code) and may(user, "funding.write_section", application.section(BUDGET.code)):
        found.append(BudgetSpec(application))
    edit = EDITS[Action.UPDATE_TECHNOLOGY]
    if may(user, edit.permission, consortium) and not edit_obstacles(consortium, Action.UPDATE_TECHNOLOGY):
        found += [TechnologySpec(application), MemberSpec(application)]
    return found


def write_workbook(file: IO[bytes], application: Application, user: Any, at: datetime) -> None:
    """The tables that this person may change, with what stands in them."""
    tables = [spec.table() for spec in specs_for(application, user)]
    about = {"application": str(application.pk), "number": application.number}
    title = f"{application.number} {application.consortium.name}"
    write_tables(file, tables, title=title, notes=_notes(application, tables, at), about=about)


def _notes(application: Application, tables: list[Table], at: datetime) -> Iterator[tuple[str, str]]:
    yield gettext("Application"), f"{application.number} {application.consortium.name}"
    yield gettext("Downloaded"), f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    yield gettext("Tables"), gettext(", ").join(table.title for table in tables)
    yield gettext("What to fill in"), gettext("White cells can be changed; grey ones only say what the row is about.")
    yield gettext("Amounts"), gettext("In 10,000 yuan. An emptied cell removes the amount.")
    yield gettext("New rows"), gettext("Empty rows at the end of the list of technologies take new ones.")
    yield gettext("Formulas"), gettext("Are not taken; enter values.")
    yield (
        gettext("Upload"),
        gettext(
            "Save as XLSX and upload it on the page it came from. First you see every difference; then all of it is "
            "taken over, or nothing. What others changed meanwhile in other cells stays as it is."
        ),
    )


class Judgement:
    """A workbook that came back, compared with what stands here now. Raises Unreadable."""

    def __init__(self, workbook: Workbook, application: Application, user: Any) -> None:
        filled = read_tables(workbook.file.file)
        if filled.about.get("application") != str(application.pk):
            raise Unreadable(OF_ANOTHER)
        self.specs = specs_for(application, user)
        self.tables = [TableDiff(spec.code, str(spec.title), list(spec.judge(filled))) for spec in self.specs]

    @property
    def wrong(self) -> int:
        """How many rows are wrong."""
        return sum(bool(row.errors) for table in self.tables for row in table.rows)

    @property
    def changed(self) -> int:
        """How many rows would change or be added."""
        return sum(bool(row.changes) for table in self.tables for row in table.rows)

    @property
    def revises(self) -> int:
        """How many members would have to confirm anew."""
        return len(self.edits.parts)

    @property
    def digest(self) -> str:
        """Changes when anything that is shown does."""
        return sha256([
            [table.code, [[row.number, row.is_new, row.changes, row.errors] for row in table.rows]]
            for table in self.tables
        ])  # fmt: skip

    @cached_property
    def edits(self) -> Edits:
        """What is to be written; of members first who gives shares away."""
        by_code: dict[str, Any] = {spec.code: spec for spec in self.specs}
        budget, technologies = by_code.get(BUDGET_CODE), by_code.get(TECHNOLOGIES)
        parts = by_code[MEMBERS].edits if MEMBERS in by_code else []
        return Edits(
            cells=budget.typed if budget else {},
            seen=budget.seen if budget else {},
            technologies=technologies.edits if technologies else [],
            parts=sorted(parts, key=_gain),
        )


def _gain(edit: PartEdit) -> Decimal:
    row, part = edit.participation, edit.part
    return part.ip_share - row.ip_share + part.benefit_share - row.benefit_share
