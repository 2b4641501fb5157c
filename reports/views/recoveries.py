"""The notice of a claim as a file, for the bureau and for who has to pay back."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from funding.models import Recovery
from portal.kernel import files
from portal.kernel.views import LoadMixin, PermissionMixin
from reports.models import RecoveryDocument

NOT_YET = _("The notice is being made; please come back in a minute.")


class RecoveryFile(PermissionMixin, LoadMixin):
    """The notice as it was served; until it is made, the page of the claim says so."""

    model = Recovery
    permission = "funding.view_recoveries"
    http_method_names = ["get", "head", "options"]

    def get_queryset(self) -> QuerySet[Recovery]:
        return super().get_queryset().filter(noticed_on__isnull=False)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        rows = RecoveryDocument.objects.filter(recovery=self.object, file__isnull=False)
        found = rows.select_related("file").first()
        if found is None:
            messages.info(request, NOT_YET)
            return HttpResponseRedirect(self.object.get_absolute_url())
        assert found.file is not None  # noqa: S101
        return files.serve(found.file, request=request)
