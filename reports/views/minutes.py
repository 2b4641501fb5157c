"""Minutes of decision meetings as documents: ordered, made by a job, downloaded."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from funding.enums import ScenarioStatus
from funding.models import Scenario
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView
from reports.models import MinutesDocument
from reports.services.minutes import order_minutes
from reports.views.applications import SHOWN, LanguageForm
from reports.views.files import FileView


class MinutesDocuments(LoadMixin, ServiceFormView):
    """The minutes of a list that was decided, and the order of the next."""

    model = Scenario
    permission = "reports.order_minutes"
    form_class = LanguageForm
    template_name = "reports/minutes_documents.html"
    success_message = _("The document is being made. Open this page again in a moment.")

    def get_queryset(self) -> QuerySet[Scenario]:
        rows = super().get_queryset().filter(status=ScenarioStatus.DECIDED)
        return rows.select_related("call", "prepared_by", "proposed_by")

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_language()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = MinutesDocument.objects.visible_to(self.actor).filter(scenario=self.object)
        rows = rows.select_related("file", "job").defer("snapshot")[:SHOWN]
        return super().get_context_data(scenario=self.object, documents=rows, **kwargs)

    def perform(self, form: Any) -> MinutesDocument:
        language = form.cleaned_data["language"]
        return order_minutes(scenario=self.object, language=language, actor=self.actor, at=self.at)

    def fallback_url(self) -> str:
        return reverse("reports:minutes-documents", args=[self.object.pk])


class MinutesDocumentDownload(LoadMixin, PermissionMixin, FileView):
    """The stored file."""

    model = MinutesDocument
    permission = "reports.order_minutes"

    def get_queryset(self) -> QuerySet[MinutesDocument]:
        return super().get_queryset().select_related("scenario", "file").defer("snapshot")

    def permission_object(self) -> Scenario:
        """The list that they are of."""
        scenario: Scenario = self.object.scenario
        return scenario
