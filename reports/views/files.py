"""The file of a document that a job made."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.generic import View

from portal.kernel import files


class FileView(View):
    """Gives the file; while it is being made there is none."""

    object: Any  # a document

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if self.object.file is None:
            raise Http404
        return files.serve(self.object.file, request=request)
