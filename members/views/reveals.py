"""Who may see a sealed value of this room in plain text, where."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from members.models import Expert, Organisation, User
from members.views.stepup import StepUpMixin
from portal.kernel.authz import may
from portal.kernel.views_reveal import RevealView

MY_DATA = "members:data-own"


class PayeeReveal(StepUpMixin, RevealView):
    """The account of an organisation: its administrators, and finance for paying."""

    step_up = True
    model = Organisation
    permission = "members.reveal_payee"
    fields = ("bank_account",)

    def is_own(self) -> bool:
        return may(self.request.user, "members.update_payee", self.object)

    def back_url(self) -> str:
        if self.is_own():
            return f"{reverse('members:organisation-own')}?organisation={self.object.pk}"
        return str(self.object.get_absolute_url())


class PhoneReveal(StepUpMixin, RevealView):
    """A mobile number: the person, and the system administrator who has to reach somebody."""

    step_up = True
    model = User
    permission = "members.reveal_phone"
    fields = ("phone",)

    def is_own(self) -> bool:
        return bool(self.object == self.request.user)

    def back_url(self) -> str:
        return reverse(MY_DATA) if self.is_own() else str(self.object.get_absolute_url())


class FeesReveal(StepUpMixin, RevealView):
    """Identity number and account of an expert: the expert, and finance for paying fees."""

    step_up = True
    model = Expert
    permission = "members.reveal_fees"
    fields = ("identity_number", "bank_account")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("user")

    def is_own(self) -> bool:
        return bool(self.object.user_id == self.request.user.pk)

    def back_url(self) -> str:
        return reverse(MY_DATA if self.is_own() else "members:expert-list")
