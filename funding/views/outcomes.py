"""Telling outcomes that no list tells."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from funding.forms.decisions import NoteForm
from funding.models import Application, Call
from funding.selectors.outcomes import declined_untold, list_to_come
from funding.services.outcomes import tell_outcomes
from portal.kernel.views import LoadMixin, ServiceFormView


class CallOutcomes(LoadMixin, ServiceFormView):
    """Those who were declined in a call and do not know it; they are told by the list of the call, else here."""

    model = Call
    permission = "funding.tell_outcomes"
    form_class = NoteForm
    template_name = "funding/call_outcomes.html"

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = declined_untold(self.object, self.actor)
        return super().get_context_data(call=self.object, rows=rows, waits=list_to_come(self.object), **kwargs)

    def perform(self, form: NoteForm) -> list[Application]:
        return tell_outcomes(call=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def get_success_message(self) -> str:
        told = len(self.result)
        return ngettext("%(n)s applicant is told.", "%(n)s applicants are told.", told) % {"n": told}

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())
