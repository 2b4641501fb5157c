"""What a section of an application tells and is told while somebody writes in it, in JSON."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from funding.forms.applications import SectionForm
from funding.models import Application
from funding.selectors.writers import at_work
from funding.services.applications import SectionChanged, edit_application
from funding.views.drafts import SectionMixin
from funding.views.finishing import FinishingMixin
from portal.kernel import presence
from portal.kernel.views import PermissionMixin, add_errors
from portal.kernel.workflow import TransitionRefused


class Autosave(FinishingMixin, SectionMixin, PermissionMixin):
    """Tells who else is at a section, and which save of it is the last."""

    idempotent = False
    http_method_names = ["get", "post"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> JsonResponse:
        place = f"{self.object.pk}:{self.section.code}"
        presence.be_at(place, self.actor)
        others = [person for person in at_work(self.object, self.section.code) if person != self.actor]
        names = [str(person) for person in presence.are_at(place, others)]
        return JsonResponse({"others": names, **self.saved(self.object)})

    def saved(self, application: Application) -> dict[str, Any]:
        """The last save of the section; its time of day in Beijing."""
        last = application.sections.get(self.section.code)
        if not last:
            return {"version": 0, "by": "", "at": ""}
        at = timezone.localtime(datetime.fromisoformat(last["at"]))
        return {"version": last["version"], "by": last["by"], "at": f"{at:%H:%M}"}


class SectionAutosave(Autosave):
    """Saves what was typed so far; tells who else is there.

    GET: {"others": [names], "version", "by", "at"}. POST of the section's form: 200 {"version", "by", "at"};
    422 {"errors": {field: [sentences]}}; 409 {"detail"} when the section cannot be changed now, {"version", "html"}
    when somebody else saved it meanwhile. Sent twice by one page, a text is no conflict with itself.
    """

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = SectionForm(request.POST, section=self.section)
        if form.is_valid():
            try:
                return JsonResponse(self.saved(self.save(form)))
            except SectionChanged as change:
                html = render_to_string("funding/_meanwhile.html", {"meanwhile": change}, request)
                return JsonResponse({"version": change.version, "html": html}, status=409)
            except TransitionRefused as refusal:
                return JsonResponse({"detail": " ".join(map(str, refusal.reasons))}, status=409)
            except ValidationError as error:
                add_errors(form, error)
        return JsonResponse({"errors": form.errors}, status=422)

    def save(self, form: SectionForm) -> Application:
        """The one service call."""
        return edit_application(
            application=self.object, actor=self.actor, at=self.at, section=self.section.code, values=form.values,
            loaded=form.cleaned_data["version"], page=form.cleaned_data["page"],
        )  # fmt: skip
