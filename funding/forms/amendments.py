"""Forms of the amendments of a contract: what is to change, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.enums import AmendmentKind
from funding.forms.contracts import BudgetForm, TargetsForm
from funding.forms.fields import LongText
from funding.models import Contract
from funding.rules.contracts import Values
from funding.selectors.contracts import members_of
from portal.kernel.forms import DayField


def _reason() -> forms.Field:
    return LongText(label=_("Reason"), max_length=1000, rows=4, help_text=_("The parties and the bureau read it."))


class ExtensionForm(forms.Form):
    """A later end."""

    ends_on = DayField(label=_("New end of the contract"))
    reason = _reason()

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = contract.ends_on

    def facts(self) -> dict[str, Any]:
        """What is to change."""
        return {"ends_on": self.cleaned_data["ends_on"].isoformat()}


class TargetsAmendmentForm(TargetsForm):
    """Other targets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = _reason()


class BudgetAmendmentForm(BudgetForm):
    """Another budget of the same award."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = _reason()


class MembersAmendmentForm(BudgetAmendmentForm):
    """The budget among the members of today; who is a party follows from the members and from it."""

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        self.members = members_of(contract)
        super().__init__(*args, contract=contract, **kwargs)

    def organisations(self, terms: Values) -> dict[str, str]:
        return super().organisations(terms) | self.members


FORMS: dict[str, type[forms.Form]] = {
    AmendmentKind.EXTENSION: ExtensionForm,
    AmendmentKind.TARGETS: TargetsAmendmentForm,
    AmendmentKind.BUDGET: BudgetAmendmentForm,
    AmendmentKind.MEMBERS: MembersAmendmentForm,
}
