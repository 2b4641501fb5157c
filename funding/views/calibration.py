"""How severe the experts of a call are, and how sure its ranks."""

from typing import Any

from funding.models import Call
from funding.selectors.calibration import calibration
from funding.views.decisions import RankedCallPage


class GradingCalibration(RankedCallPage):
    """Ranks under several ways of counting beside the official one, and every expert under a number."""

    permission = "funding.view_calibration"
    template_name = "funding/grading_calibration.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.filter.cleaned_data.get("call")
        found = calibration(call, self.actor) if isinstance(call, Call) else None
        return super().get_context_data(filter=self.filter, found=found, **kwargs)
