"""Forms about the figures of a year; money is typed in 10,000 yuan."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from members.enums import FigureSource
from members.models import YearFigures
from members.services.documents import KIND
from portal.kernel.forms import CentField, UploadField, WholeField

FIRST_YEAR = 2000
SOURCES = [choice for choice in FigureSource.choices if choice[0] != FigureSource.IMPORT]


class SignedCentField(CentField):
    """An amount that may be a loss."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_value = None
        self.validators = [one for one in self.validators if not isinstance(one, MinValueValidator)]


class YearForm(forms.ModelForm[YearFigures]):
    """The figures of one year, where they come from, and the document that shows it."""

    upload = UploadField(
        label=_("Document"), kind=KIND, required=False,
        widget=forms.FileInput(),
    )  # fmt: skip

    class Meta:
        model = YearFigures
        fields = [
            "year", "source", "auditor", "revenue", "net_profit", "total_assets", "rd_expense", "staff", "rd_staff",
        ]  # fmt: skip
        labels = {
            "revenue": _("Revenue (×10k yuan)"), "rd_expense": _("R&D expense (×10k yuan)"),
            "net_profit": _("Net profit (×10k yuan)"), "total_assets": _("Total assets (×10k yuan)"),
        }  # fmt: skip
        help_texts = {
            "net_profit": _("A loss is written with a minus."),
            "auditor": _("The firm that audited the accounts."),
        }
        field_classes = {
            "year": WholeField, "revenue": CentField, "net_profit": SignedCentField, "total_assets": CentField,
            "rd_expense": CentField, "staff": WholeField, "rd_staff": WholeField,
        }  # fmt: skip

    def __init__(self, *args: Any, latest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = self.fields["year"]
        year.validators += [MinValueValidator(FIRST_YEAR), MaxValueValidator(latest)]
        year.widget.attrs.update({"min": FIRST_YEAR, "max": latest})
        self.fields["source"].choices = SOURCES  # type: ignore[attr-defined]
        if self.instance.document_id:
            self.fields["upload"].help_text = _("The document of the version before stays unless you choose another.")

    def clean(self) -> dict[str, Any]:
        """The part is not larger than the whole."""
        data = super().clean() or {}
        if {"staff", "rd_staff"} <= data.keys() and data["rd_staff"] > data["staff"]:
            self.add_error("rd_staff", _("The R&D staff cannot be more than the staff."))
        return data

    def validate_unique(self) -> None:
        """A year that is there already is corrected."""
