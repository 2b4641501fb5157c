"""Lists of consortia: the registry for officials, one's own for organisations."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from consortia.exporters.registry import COLUMNS, REGISTRY
from consortia.filters import ConsortiumFilter, InstitutionFilter
from consortia.models import Consortium
from consortia.selectors import for_list, own_participations, with_mixes
from consortia.selectors.health import with_health
from consortia.selectors.institutions import institutions
from members.models import Organisation
from portal.kernel.authz import may
from portal.kernel.columns import columns_here
from portal.kernel.views import ListView, PermissionMixin
from portal.kernel.views_exports import ListExport


class ConsortiumList(ListView):
    """Officials search all that they may see; everybody else sees the own ones with what is to be done."""

    model = Consortium
    filterset_class = ConsortiumFilter
    sorts = ("code", "recognised_on")
    default_sort = "-code"
    saves_filters = True
    list_columns = COLUMNS

    @property
    def is_registry(self) -> bool:
        """Whether the reader is an official."""
        return may(self.request.user, "consortia.view_registry")

    def get_template_names(self) -> list[str]:
        return ["consortia/consortium_list.html" if self.is_registry else "consortia/consortium_own.html"]

    def get_queryset(self) -> QuerySet[Any]:
        return for_list(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        if not self.is_registry:
            forms_one = may(user, "consortia.create_consortium")
            return {"view": self, "participations": own_participations(user), "may_create": forms_one, **kwargs}
        context = super().get_context_data(**kwargs)
        with_health(with_mixes(context["rows"]), today=timezone.localdate())
        return context | {
            **columns_here(self.request, COLUMNS),
            "sees_exits": may(user, "consortia.view_exits"),
            "assigns_liaison": may(user, "consortia.assign_liaison"),
            "sends_circulars": may(user, "consortia.send_circular"),
        }


class ConsortiumExport(ListExport):
    """What the registry shows, as a file."""

    export = REGISTRY
    filterset_class = ConsortiumFilter
    list_name = "consortia:consortium-list"
    list_columns = COLUMNS


class InstitutionList(PermissionMixin, ListView):
    """Verified research bodies in and outside the city, for whoever looks for a partner."""

    model = Organisation
    permission = "consortia.view_institutions"
    template_name = "consortia/institution_list.html"
    filterset_class = InstitutionFilter
    sorts = ("name", "consortia")
    default_sort = "-consortia"

    def get_queryset(self) -> QuerySet[Any]:
        return institutions()
