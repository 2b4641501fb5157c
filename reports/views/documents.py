"""The page of the documents that were made of one object, with the order of the next."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView
from reports.models.document import MadeDocument
from reports.views.files import FileView

SHOWN = 10


class LanguageForm(forms.Form):
    """In which language the document is made."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class DocumentsOf(LoadMixin, ServiceFormView):
    """The last documents of an object; its template extends reports/documents.html."""

    document: ClassVar[type[MadeDocument]]
    followed = False  # whether a document has a page while it is being made
    form_class: type[forms.Form] = LanguageForm
    success_message: str | Promise = _("The document is being made. Open this page again in a moment.")

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_language()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.document.objects.visible_to(self.actor).filter(**{self.document.of: self.object})  # type: ignore[attr-defined]
        rows = rows.select_related("file", "job").defer("snapshot")[:SHOWN]
        facts = {self.document.of: self.object, "documents": rows, "followed": self.followed}
        return super().get_context_data(**facts, **kwargs)

    def fallback_url(self) -> str:
        return str(self.request.path)


class DocumentOf(LoadMixin, PermissionMixin, FileView):
    """The stored file, for whoever may have it made."""

    model: type[MadeDocument]

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related(self.model.of, "file").defer("snapshot")

    def permission_object(self) -> Any:
        """What it is about."""
        return self.object.subject
