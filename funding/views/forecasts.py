"""The self-test before an application."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from consortia.models import Consortium
from funding.models import Call
from funding.selectors.forecasts import begun_in, led_and_free, self_test
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, PermissionMixin

MOST = 50  # consortia to choose from


class CallSelfTest(PermissionMixin, LoadMixin, TemplateView):
    """Which tier a consortium of the reader may expect in this call, and why; nothing is stored."""

    model = Call
    permission = "funding.start_somewhere"
    template_name = "funding/call_self_test.html"

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules", "taxonomy")

    def permission_object(self) -> None:
        """Whoever writes for some organisation may look; the consortia are its own."""

    @cached_property
    def consortia(self) -> list[Consortium]:
        return list(led_and_free(self.request.user)[:MOST])

    @cached_property
    def chosen(self) -> Consortium | None:
        """The one that the address names, or the first. Raises Http404 for one of somebody else."""
        named = self.request.GET.get("consortium")
        if not named:
            return next(iter(self.consortia), None)
        found = next((row for row in self.consortia if str(row.pk) == _key(named)), None)
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call, chosen = self.object, self.chosen
        return super().get_context_data(
            call=call,
            consortia=self.consortia,
            chosen=chosen,
            test=self_test(call, chosen, self.at) if chosen else None,
            begun=begun_in(call, chosen) if chosen else None,
            may_start=call.is_open(self.at) and may(self.request.user, "funding.start_somewhere"),
            **kwargs,
        )


def _key(named: str) -> str:
    try:
        return str(UUID(named))
    except ValueError:
        return ""
