"""Rehearsals: pages of their own, since lists, counts and exports know nothing of them."""

from collections import Counter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import CallStatus
from funding.forms.applications import ReasonedForm
from funding.models import Call
from funding.selectors.rehearsals import everything_of, rehearsals
from funding.services.rehearsals import delete_rehearsal
from members.enums import OFFICIALS
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, ServiceFormView


class RehearsalList(TemplateView):
    """The calls in which one practises."""

    template_name = "funding/rehearsal_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(calls=rehearsals(self.request.user), **kwargs)


class RehearsalMixin(LoadMixin):
    """Loads a rehearsal; a call that counts has no such page."""

    model = Call

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().filter(rehearsal=True)


class RehearsalDetail(RehearsalMixin, TemplateView):
    """Everything that was made in a rehearsal and that the reader may see."""

    template_name = "funding/rehearsal_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, call = self.request.user, self.object
        return super().get_context_data(
            call=call,
            groups=everything_of(call, user),
            insider=user.is_authenticated and user.holds_any(OFFICIALS),
            may_publicise=may(user, "funding.publicise_application") and call.status != CallStatus.DRAFT,
            may_delete=may(user, "funding.delete_rehearsal", call),
            **kwargs,
        )


class RehearsalDelete(RehearsalMixin, ServiceFormView):
    """Everything of a rehearsal goes."""

    permission = "funding.delete_rehearsal"
    form_class = ReasonedForm
    template_name = "funding/rehearsal_delete.html"
    success_message = _("The rehearsal is deleted with everything that belonged to it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(applications=self.object.applications.count(), **kwargs)

    def perform(self, form: ReasonedForm) -> Counter[str]:
        return delete_rehearsal(call=self.object, actor=self.actor, at=self.at, note=form.cleaned_data["note"])

    def fallback_url(self) -> str:
        return reverse("funding:rehearsal-list")
