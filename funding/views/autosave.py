"""What a page tells and is told while somebody writes in it, in JSON; that of a section of an application."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from funding.forms.applications import SectionForm
from funding.models import Application
from funding.selectors.writers import at_work
from funding.services.applications import SectionChanged
from funding.views.drafts import SectionMixin
from funding.views.finishing import FinishingMixin
from funding.views.sections import TextMixin
from portal.kernel import presence
from portal.kernel.views import PermissionMixin, add_errors
from portal.kernel.workflow import TransitionRefused


def told(version: int, by: str, at: str) -> dict[str, Any]:
    """A save as the page is told of it; its time of day in Beijing."""
    return {"version": version, "by": by, "at": f"{timezone.localtime(datetime.fromisoformat(at)):%H:%M}" if at else ""}


class Saving(PermissionMixin):
    """Saves what was typed so far, and tells which save is the last.

    GET: {"others": [names], "version", "by", "at"}. POST of the form: 200 {"version", "by", "at"}; 422 {"errors":
    {field: [sentences]}}; 409 {"detail"} when nothing can be changed now, {"version", "html"} when it was saved
    from elsewhere meanwhile. Sent twice by one page, a text is no conflict with itself.
    """

    idempotent = False
    http_method_names = ["get", "post"]
    changed: type[Exception]

    def post(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.read()
        try:
            return self.keep(form)
        except self.changed as change:
            return JsonResponse(self.clash(form, change), status=409)
        except TransitionRefused as refusal:
            return JsonResponse({"detail": " ".join(map(str, refusal.reasons))}, status=409)

    def read(self) -> Any:
        """The form as it was sent."""
        raise NotImplementedError

    def keep(self, form: Any) -> JsonResponse:
        """Save what is right of it."""
        raise NotImplementedError

    def clash(self, form: Any, change: Any) -> dict[str, Any]:
        """What the page must know when it was saved from elsewhere meanwhile."""
        raise NotImplementedError


class Autosave(FinishingMixin, SectionMixin, Saving):
    """That of a section of an application, which several write: tells who else is there."""

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call", "consortium")

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> JsonResponse:
        place = f"{self.object.pk}:{self.section.code}"
        presence.be_at(place, self.actor)
        others = [person for person in at_work(self.object, self.section.code) if person != self.actor]
        names = [str(person) for person in presence.are_at(place, others)]
        return JsonResponse({"others": names, **self.saved(self.object)})

    def saved(self, application: Application) -> dict[str, Any]:
        """The last save of the section."""
        last = application.sections.get(self.section.code) or {"version": 0, "by": "", "at": ""}
        return told(last["version"], last["by"], last["at"])


class SectionAutosave(TextMixin, Autosave):
    """That of a text."""

    def read(self) -> SectionForm:
        return SectionForm(self.request.POST, section=self.section)

    def keep(self, form: SectionForm) -> JsonResponse:
        if form.is_valid():
            try:
                return JsonResponse(self.saved(self.save(form)))
            except ValidationError as error:
                add_errors(form, error)
        return JsonResponse({"errors": form.errors}, status=422)

    def clash(self, form: SectionForm, change: SectionChanged) -> dict[str, Any]:
        html = render_to_string("funding/_meanwhile.html", {"meanwhile": change}, self.request)
        return {"version": change.version, "html": html}
