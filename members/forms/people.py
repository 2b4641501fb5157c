"""Forms about people and their roles."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.enums import DESCRIPTIONS, ORGANISATION_ROLES, Role
from members.models import Invitation, RoleGrant, User
from members.selectors.handover import Burden
from portal.kernel.forms import NameField, TickField


def role_choices(roles: Any) -> list[tuple[str, str]]:
    """Roles with what they are for, as choices."""
    return [(role.value, f"{role.label} · {DESCRIPTIONS[role]}") for role in Role if role in roles]


class LowerEmailField(forms.EmailField):
    """An address as we keep it."""

    def clean(self, value: Any) -> Any:
        return super().clean(value).lower()


class InviteForm(forms.ModelForm[Invitation]):
    """Whom to invite, and for what."""

    email = LowerEmailField(label=_("E-mail"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=lambda: role_choices(ORGANISATION_ROLES), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Invitation
        fields = ["name", "email", "roles"]
        field_classes = {"name": NameField}


class ColleagueRoleForm(forms.Form):
    """One more role for a colleague."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, held: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(ORGANISATION_ROLES - held)  # type: ignore[attr-defined]


class SuccessorsForm(forms.Form):
    """Asks for the successor of each role with open work that somebody else holds too."""

    def __init__(self, *args: Any, burdens: Sequence[Burden] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for burden in burdens:
            if burden.others:
                self.fields[burden.key] = SuccessorField(burden)

    def successors(self) -> dict[str, User]:
        """Who takes over, by the key of the burden."""
        return {name: value for name, value in self.cleaned_data.items() if isinstance(value, User)}


class SuccessorField(forms.ModelChoiceField[User]):
    """Somebody else in the role; required where there is somebody."""

    def __init__(self, burden: Burden) -> None:
        super().__init__(
            queryset=User.objects.filter(pk__in=[user.pk for user in burden.others]).order_by("name", "pk"),
            label=format_lazy(_("Successor as {role}"), role=burden.grant.get_role_display()),
            error_messages={"required": _("Please choose who takes this over.")},
            empty_label=None if len(burden.others) == 1 else "",
        )


class RevokeForm(SuccessorsForm):
    """Why a role is taken away, and who takes over."""

    note = forms.CharField(label=_("Reason"), required=False, max_length=300)


class GrantForm(forms.ModelForm[RoleGrant]):
    """A role of the administration, an expert or an administrator."""

    role = forms.ChoiceField(label=_("Role"), choices=lambda: role_choices(set(Role) - ORGANISATION_ROLES))
    note = forms.CharField(label=_("Reason or document"), required=False, max_length=300)

    class Meta:
        model = RoleGrant
        fields = ["role", "district"]
        labels = {"district": _("District")}
        help_texts = {"district": _("Only for a district recommender.")}

    def clean(self) -> dict[str, Any]:
        """A district where it belongs, and only there."""
        data = super().clean() or {}
        needs = data.get("role") == Role.DISTRICT_OFFICER
        if needs and not data.get("district"):
            self.add_error("district", _("Please choose the district."))
        if not needs and data.get("district"):
            self.add_error("district", _("This role is not bound to a district."))
        return data

    def _post_clean(self) -> None:
        """The service makes the grant; there is no instance to check here."""


class UserForm(forms.ModelForm[User]):
    """Somebody new in the administration."""

    email = LowerEmailField(label=_("E-mail"), max_length=254)

    class Meta:
        model = User
        fields = ["name", "email", "title"]
        field_classes = {"name": NameField, "title": NameField}


class ShortcutsForm(forms.Form):
    """Whether single letters do something in lists."""

    shortcuts = TickField(label=_("Use single letters in lists"), required=False)


class EmailForm(forms.Form):
    """The address to sign in with from now on."""

    email = LowerEmailField(
        label=_("New e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class DeactivateForm(SuccessorsForm):
    """Why, and who takes over."""

    note = forms.CharField(label=_("Reason"), max_length=300)


class NoteForm(forms.Form):
    """Why."""

    note = forms.CharField(label=_("Reason"), max_length=300)
