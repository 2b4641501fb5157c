"""The documents on the page of a consortium."""

from typing import Any

from consortia.views.pages import ConsortiumPage
from reports.selectors.documents import documents_of


class ConsortiumDocuments(ConsortiumPage):
    """Everything with a hash that belongs to it, as far as the reader may see, newest first."""

    template_name = "reports/consortium_documents.html"
    tab = "documents"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(documents=documents_of(self.object, self.request.user), **kwargs)
