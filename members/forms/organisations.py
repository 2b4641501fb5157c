"""Forms about organisations."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from members.enums import SELF_REGISTERED, IdScheme, OrganisationType
from members.forms.people import LowerEmailField
from members.models import Organisation
from members.rules.codes import identity, registration
from members.services.people import check_password
from portal.kernel.forms import CentField, FoundingDayField, NameField, TickField

OUTSIDE = _("Outside the city")
KINDS = [choice for choice in OrganisationType.choices if choice[0] in SELF_REGISTERED]
NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})


def _link() -> str:
    return format_html('<a href="{}">{}</a>', reverse("members:privacy-notice"), _("Open the privacy notice"))


_notice_link = lazy(_link, str)()


class PersonForm(forms.Form):
    """Name and password of somebody new; whether the password is good enough, the service says."""

    person_name = NameField(label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"), max_length=200, strip=False, widget=NEW_PASSWORD,
        help_text=_(
            "At least twelve signs that mix three of: lower case letters, capital letters, digits, other signs."
        ),
    )  # fmt: skip
    notice = TickField(
        label=_("I have read the privacy notice."), help_text=_notice_link,
        error_messages={"required": _("Please read the privacy notice and tick here.")},
    )  # fmt: skip
    password_again = forms.CharField(label=_("Password again"), max_length=200, strip=False, widget=NEW_PASSWORD)

    def clean_password_again(self) -> str:
        """Both must agree."""
        again: str = self.cleaned_data["password_again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError(_("The two passwords differ."))
        return again


class RegisterForm(forms.Form):
    """The address that is going to prove itself."""

    email = LowerEmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Your own address at work. You will sign in with it, and notices go there."),
    )  # fmt: skip


class AbroadFields(forms.Form):
    """Where an organisation abroad is registered, and under which number."""

    country = forms.CharField(
        label=_("Country or region"), required=False, max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Only for an organisation abroad: two letters (ISO 3166), like DE or JP."),
    )  # fmt: skip
    registration_number = forms.CharField(
        label=_("Registration number abroad"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Only for an organisation abroad: its number in the register there, like HRB 12345."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Both are asked of an organisation abroad, and of no other."""
        data = super().clean() or {}
        told = {"country": data.get("country", ""), "number": data.get("registration_number", "")}
        try:
            data |= registration(id_scheme=data.get("id_scheme", ""), **told)
        except forms.ValidationError as error:
            self.add_error(None, error)
        return data


class RegisterCompleteForm(AbroadFields, PersonForm):
    """An organisation and its first person, whose address has proved itself: it comes as `initial` and stays."""

    field_order = [
        "name", "type", "district", "id_scheme", "uscc", "uscc_override", "country", "registration_number",
        "person_name", "email", "password", "password_again", "notice",
    ]  # fmt: skip

    name = NameField(label=_("Name of the organisation"), max_length=200)
    type = forms.ChoiceField(label=_("Kind of organisation"), choices=KINDS, initial=OrganisationType.ENTERPRISE)
    id_scheme = Organisation._meta.get_field("id_scheme").formfield(initial=IdScheme.USCC)  # noqa: SLF001
    uscc = forms.CharField(
        label=_("Unified social credit code"), required=False, max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("18 signs, as on the business licence; only an organisation without one leaves it empty."),
    )  # fmt: skip
    uscc_override = forms.CharField(
        label=_("Why this code is right all the same"), required=False, max_length=300,
        help_text=_("Kept in the audit trail and seen by the bureau."),
    )  # fmt: skip
    district = Organisation._meta.get_field("district").formfield(empty_label=OUTSIDE, help_text="")  # noqa: SLF001
    email = forms.EmailField(
        label=_("E-mail"), disabled=True, widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("Confirmed by the link in the mail. You sign in with it, and notices go there."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What the service would refuse one after the other is said at once."""
        data = super().clean() or {}
        if "uscc" in data:
            with self._saying():
                identity(id_scheme=data.get("id_scheme", ""), code=data["uscc"], reason=data.get("uscc_override", ""))
        if "password" in data:
            with self._saying():
                name, email = data.get("person_name", ""), data.get("email", "")
                house = data.get("name", "")
                check_password(password=data["password"], email=email, name=name, organisation=house)
        return data

    @contextmanager
    def _saying(self) -> Iterator[None]:
        """A refusal stands at its field."""
        try:
            yield
        except forms.ValidationError as error:
            self.add_error(None, error)

    @property
    def asks_reason(self) -> bool:
        """Whether the reason for an unusual code has to be shown."""
        errors = self.errors.as_data().get("uscc", [])
        return bool(self["uscc_override"].value()) or any(error.code == "check_digit" for error in errors)


SERVICES = {OrganisationType.INTERMEDIARY, OrganisationType.PUBLIC_SERVICE, OrganisationType.SERVICE_COMPLEX}


class OrganisationForm(forms.ModelForm[Organisation]):
    """The data that administrators of an organisation keep; capital is typed in 10,000 yuan."""

    class Meta:
        model = Organisation
        fields = [
            "name", "type", "service", "lead_class", "ownership", "size_class", "listing", "chain_link",
            "industry_code", "registered_capital", "legal_representative", "established_on", "district", "province",
            "city", "adcode", "address",
        ]  # fmt: skip
        labels = {"registered_capital": _("Registered capital (×10k yuan)")}
        help_texts = {
            "district": "",
            "service": _("Only for service agencies and platforms."),
            "industry_code": _("Four digits, as in GB/T 4754."),
            "province": _("Only when it is registered outside the city."),
            "adcode": _("Six digits, as in GB/T 2260."),
        }
        field_classes = {
            "name": NameField, "legal_representative": NameField, "established_on": FoundingDayField,
            "registered_capital": CentField,
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].empty_label = OUTSIDE  # type: ignore[attr-defined]
        if self.instance.type in SELF_REGISTERED:
            self.fields["type"].choices = KINDS  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Where it lies outside the city is asked only of those outside, the kind of service only of services."""
        data = super().clean() or {}
        if data.get("district"):
            data |= {"province": "", "city": "", "adcode": ""}
        if data.get("type") not in SERVICES:
            data["service"] = ""
        return data
