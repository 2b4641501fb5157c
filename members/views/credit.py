"""Credit checks of an organisation."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from members.enums import Action
from members.forms.credit import CreditForm
from members.models import CreditCheck, Organisation
from members.services.credit import Finding, check_credit, credit_source
from portal.kernel import files
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView


class CreditCheckCreate(LoadMixin, ServiceFormView):
    """What the source knows is filled in; the official reads it and records it."""

    model = Organisation
    object: Organisation
    permission, action = "members.check_credit", Action.CHECK_CREDIT
    form_class = CreditForm
    template_name = "members/credit_check.html"
    success_message = _("The credit check is recorded.")

    @cached_property
    def finding(self) -> Finding | None:
        """What the source says now."""
        return credit_source().look_up(uscc=self.object.uscc or "", name=self.object.name)

    def get_initial(self) -> dict[str, Any]:
        if found := self.finding:
            return {"source": credit_source().name, **vars(found)}
        return {"as_of": timezone.localdate(self.at)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(finding=self.finding, source=credit_source().name, **kwargs)

    def perform(self, form: Any) -> CreditCheck:
        upload = form.cleaned_data["upload"]
        return check_credit(
            organisation=self.object, check=form.instance, actor=self.actor, at=self.at, upload=upload
        )  # fmt: skip


class CreditDocument(LoadMixin, PermissionMixin, View):
    """The report."""

    model = CreditCheck
    permission = "members.view_credit"

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("document", "organisation")

    def permission_object(self) -> Any:
        return self.object.organisation

    def get(self, *_args: Any, **_kwargs: Any) -> Any:
        if self.object.document is None:
            raise Http404
        return files.serve(self.object.document, request=self.request)
