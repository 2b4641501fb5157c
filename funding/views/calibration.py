"""How severe the experts of a call are, and how sure its ranks."""

from typing import Any

from django.utils.functional import cached_property
from django.views.generic import TemplateView

from funding.forms.decisions import CallFilter
from funding.models import Call
from funding.selectors.calibration import calibration
from funding.selectors.decisions import ranked_calls
from portal.kernel.views import PermissionMixin


class GradingCalibration(PermissionMixin, TemplateView):
    """Ranks under several ways of counting beside the official one, and every expert under a number."""

    permission = "funding.view_calibration"
    template_name = "funding/grading_calibration.html"

    @cached_property
    def filter(self) -> CallFilter:
        """The call from the address; otherwise the newest with something to rank."""
        calls = ranked_calls(self.actor)
        newest = getattr(calls.first(), "pk", None)
        form = CallFilter({"call": newest, **self.request.GET.dict()}, calls=calls, initial={"call": newest})
        form.full_clean()
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.filter.cleaned_data.get("call")
        found = calibration(call, self.actor) if isinstance(call, Call) else None
        return super().get_context_data(filter=self.filter, found=found, **kwargs)
