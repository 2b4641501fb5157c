"""Forms of the agreement: drafting, signing, background IP."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consortia.enums import Clause, ForegroundRule
from consortia.forms.fields import area
from consortia.forms.work import InConsortium
from consortia.models import BackgroundIp
from consortia.rules.agreements import MANDATORY
from consortia.services.agreements import FILES, Draft, Paper
from consortia.services.background import UNANSWERED
from members.models import Organisation
from portal.kernel.forms import DayField, NameField, PastDayField, TickField, UploadField

LONGEST = 10_000  # signs of a clause


class AgreementForm(forms.Form):
    """A version, clause by clause; an amendment says what it changes."""

    changes = forms.CharField(label=_("What this version changes"), max_length=2000, widget=area(3), required=False)
    foreground = forms.ChoiceField(
        label=_("Results of joint work"), choices=ForegroundRule.choices, initial=ForegroundRule.SHARED
    )
    expires_on = DayField(label=_("Runs until"))

    def __init__(self, *args: Any, is_amendment: bool = False, standard: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        if not is_amendment:
            del self.fields["changes"]
        for clause in Clause:
            self.fields[clause.value] = forms.CharField(
                label=clause.label, required=False, max_length=LONGEST, widget=area(6),
                help_text="" if clause in MANDATORY else _("Recommended; it may stay empty."),
            )  # fmt: skip

    def settings(self) -> list[Any]:
        """The fields that are no clause."""
        return [self[name] for name in self.fields if name not in Clause.values and name != "seen"]

    def rows(self) -> list[tuple[int, Any, str]]:
        """Number, field and standard wording of every clause."""
        return [(n, self[clause.value], self.standard[clause.value]) for n, clause in enumerate(Clause, 1)]

    def draft(self) -> Draft:
        """What the service takes."""
        told = self.cleaned_data
        texts = {clause.value: told[clause.value] for clause in Clause}
        return Draft(texts, told["expires_on"], told["foreground"], told.get("changes", ""))


class SignForm(forms.Form):
    """The signature under the version that was read."""

    agreement = forms.UUIDField(widget=forms.HiddenInput)
    agreed = TickField(label=_("We have read this version and sign it in the name of our organisation."))


class ScanForm(forms.Form):
    """A signature given on paper."""

    agreement = forms.UUIDField(widget=forms.HiddenInput)
    signatory = NameField(label=_("Signatory"), max_length=60, help_text=_("Who signed for the organisation."))
    signed_on = PastDayField(label=_("Signed on"))
    scan = UploadField(label=_("Scan of the signed and sealed agreement"), kind=FILES)
    agreed = TickField(label=_("The scan shows this version, signed and sealed by our organisation."))

    def paper(self) -> Paper:
        """What the service takes."""
        return Paper(**{name: self.cleaned_data[name] for name in ("signatory", "signed_on", "scan")})


class BackgroundForm(InConsortium, forms.ModelForm[BackgroundIp]):
    """A right that a member brings along."""

    class Meta:
        model = BackgroundIp
        fields = ["title", "number", "owner", "terms", "state", "dispute"]
        widgets = {"terms": area(3)}
        help_texts = {
            "owner": _("A member that has answered its invitation."),
            "number": _("Of the patent, the software copyright or the like."),
            "terms": _("How the other members may use it, and for what."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].required = False
        answered = kwargs["consortium"].participations.answered().values("organisation")
        self.fields["owner"].queryset = Organisation.objects.filter(pk__in=answered)  # type: ignore[attr-defined]
        self.fields["owner"].error_messages["invalid_choice"] = UNANSWERED
