"""Districts of the city."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.forms.districts import DistrictForm
from members.models import District
from members.services.districts import SEEN, update_district
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView


class DistrictList(PermissionMixin, TemplateView):
    """All districts with their focus industries."""

    permission = "members.view_registry"
    template_name = "members/district_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_update = may(self.actor, "members.update_district")
        return super().get_context_data(districts=District.objects.all(), may_update=may_update, **kwargs)


class DistrictUpdate(SeenMixin, LoadMixin, ServiceFormView):
    """The bureau keeps the focus industries of a district."""

    model, seen_names = District, SEEN
    permission = "members.update_district"
    form_class = DistrictForm
    template_name = "members/district_update.html"
    success_message = _("The focus industries are saved.")

    def load(self) -> District:
        return get_object_or_404(District, pk=self.kwargs["code"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": District.objects.get(pk=self.object.pk)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=self.fallback_url(), **kwargs)

    def perform(self, form: Any) -> District:
        return update_district(district=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return reverse("members:district-list")
