"""Forms of the register of money from other programmes, and the file of a list."""

from collections.abc import Sequence
from typing import IO, Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from funding.enums import OverlapVerdict
from funding.forms.fields import LongText
from funding.forms.spending import YuanField
from funding.forms.spending_import import read_rows
from funding.services.subsidies import FIRST_YEAR, KIND, Entry, Subsidy
from members.forms.import_columns import CodeField, Column
from members.models import Organisation
from portal.kernel import files
from portal.kernel.forms import UploadField, WholeField
from portal.kernel.workbooks import write_blank

TABLE = "funding.subsidy_table"
CODES = frozenset({"credit_code"})
SAID = ("department", "programme", "project", "year", "amount", "content")
files.LIMITS[TABLE] = files.Limit(1024 * 1024, (".xlsx",))


class SubsidyForm(forms.Form):
    """What a notice of another programme says; an organisation speaks for itself, an official for any."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    credit_code = CodeField(label=_("Unified social credit code"), max_length=40)
    holder = forms.CharField(label=_("Name of the organisation"), max_length=120)
    department = forms.CharField(label=_("Department that pays"), max_length=120)
    programme = forms.CharField(label=_("Name of the programme"), max_length=120)
    project = forms.CharField(label=_("Project"), max_length=200)
    year = WholeField(label=_("Year of the grant"), min_value=FIRST_YEAR, max_value=2100)
    amount = YuanField(label=_("Amount granted (yuan)"))
    content = LongText(
        label=_("What it pays for"), max_length=2000, rows=5, required=False,
        help_text=_("In the words of the notice; what overlaps with an application here, say so."),
    )  # fmt: skip
    upload = UploadField(label=_("Notice or contract"), kind=KIND, required=False)

    def __init__(self, *args: Any, places: Sequence[Organisation] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {one.uscc or "": one.name for one in places or ()}
        if places is None:
            del self.fields["organisation"]
        else:
            del self.fields["credit_code"], self.fields["holder"]
            field: Any = self.fields["organisation"]
            field.choices = list(self.places.items())

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        said = self.cleaned_data
        code = said.get("organisation") or said["credit_code"]
        holder = self.places.get(code) or said["holder"]
        told = {name: said[name] for name in SAID}
        return {"subsidy": Subsidy(credit_code=code, holder=holder, **told), "upload": said["upload"] or None}


class WithdrawalForm(forms.Form):
    """Why a row no longer counts."""

    reason = LongText(label=_("Reason"), max_length=300, rows=3)


class OverlapForm(forms.Form):
    """What a supervisor concludes."""

    verdict = forms.ChoiceField(
        label=pgettext_lazy("overlap", "Conclusion"), choices=OverlapVerdict.choices, widget=forms.RadioSelect
    )
    reason = LongText(label=_("Reason"), max_length=500, rows=4)


class SubsidyImportForm(forms.Form):
    """The filled table, and whether it is only looked at."""

    upload = UploadField(label=_("Filled table"), kind=TABLE)
    mode = forms.ChoiceField(
        label=_("What to do"), widget=forms.RadioSelect, initial="look",
        choices=[("look", _("Look first: nothing is recorded")), ("record", _("Record all rows, or none"))],
    )  # fmt: skip


def columns() -> tuple[Column, ...]:
    """What can be filled in."""
    told: dict[str, Any] = SubsidyForm.base_fields
    names = ("credit_code", "holder", *SAID)
    return tuple(Column(name, told[name].label, told[name], required=told[name].required) for name in names)


def write_subsidy_template(file: IO[bytes]) -> None:
    """A workbook with the columns."""
    said = [(column.heading, gettext("Required.") if column.required else "") for column in columns()]
    write_blank(file, columns(), title=gettext("Money from other programmes"), notes=said)


def subsidy_rows(upload: Any) -> tuple[list[Entry], list[tuple[int, str, str]]]:
    """What the file says, and what is wrong with single cells. Raises Unreadable."""
    rows, wrong = read_rows(upload, columns(), CODES)
    return [Entry(number, Subsidy(**values)) for number, values in rows], wrong
