"""One step of a workflow on a page of its own."""

from typing import Any

from django.utils.functional import Promise

from members.views.stepup import StepUpMixin
from portal.kernel.views import TransitionView


class StepView(StepUpMixin, TransitionView):
    """The page says what follows, and one service does it.

    Subclasses give `action`, `service` and, once for all steps, `subject`: what the services call the object.
    """

    action: Any
    service: Any
    subject: str
    explanation: str | Promise = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            label=self.action.label, explanation=self.explanation, back=self.back_url(), **kwargs
        )

    def facts(self, form: Any) -> dict[str, Any]:
        """What the service takes besides the subject, the actor and the time."""
        return dict(form.facts() if hasattr(form, "facts") else form.cleaned_data)

    def perform(self, form: Any) -> Any:
        return type(self).service(
            **{self.subject: self.object}, actor=self.request.user, at=self.at, **self.facts(form)
        )
