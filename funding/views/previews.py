"""Pictures of the first pages of attached files, for whoever may open the files themselves."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from funding.models import Application
from funding.rules import redaction
from funding.selectors.previews import preview_of
from funding.views.finishing import OpeningMixin
from funding.views.reviews import ReviewView
from portal.kernel import files
from portal.kernel.views import LoadMixin, PermissionMixin


def shown_page(application: Application, file: UUID, page: int, request: HttpRequest) -> HttpResponseBase:
    """The picture; there is none of a file that is withheld."""
    found = get_object_or_404(preview_of(application, file, page))
    found.picture.name = f"{page}.png"  # the file's own name may be one that an expert must not read
    if files.withheld(found.file.attachment, request.user):
        raise Http404
    return files.serve(found.picture, request=request, download=False)


class ApplicationFilePreview(OpeningMixin, LoadMixin):
    """For whoever may see the application."""

    model = Application
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **kwargs: Any) -> HttpResponseBase:
        return shown_page(self.object, kwargs["file"], kwargs["page"], request)


class ReviewFilePreview(ReviewView, PermissionMixin):
    """For the expert who has declared."""

    permission = "funding.read_proposal"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **kwargs: Any) -> HttpResponseBase:
        if redaction.FILES in redaction.blind_parts(self.object.application.call.rules.data):
            raise Http404
        return shown_page(self.object.application, kwargs["file"], kwargs["page"], request)
