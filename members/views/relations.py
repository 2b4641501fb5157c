"""The register of what binds experts."""

import io
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.enums import Action
from members.forms.relation_import import RelationImportForm, relation_rows, write_relation_template
from members.forms.relations import RelationForm
from members.forms.standing import ReasonForm
from members.models import Expert, Relation
from members.services.relations import RowError, RowsRefused, import_relations, record_relation, strike_relation
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView


def register_card(expert: Expert, reader: Any) -> dict[str, Any]:
    """What members/_relations.html needs; nothing for those who may not read the register."""
    if not may(reader, "members.view_relations", expert):
        return {}
    rows = expert.relations.select_related("organisation", "recorded_by", "struck_by")
    return {
        "relations": rows,
        "shows_relations": True,
        "may_record_relation": may(reader, "members.record_relation", expert),
        "may_strike_relation": may(reader, "members.strike_relation"),
    }


class RelationRecord(LoadMixin, ServiceFormView):
    """One more."""

    model = Expert
    object: Expert
    action = Action.RECORD_RELATION
    permission = "members.record_relation"
    form_class = RelationForm
    template_name = "members/relation_form.html"
    success_message = _("The relation is recorded.")

    def get_queryset(self) -> QuerySet[Expert]:
        return super().get_queryset().select_related("user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.object.user_id == self.actor.pk
        return super().get_context_data(own=own, expert=self.object, **kwargs)

    def perform(self, form: RelationForm) -> Relation:
        return record_relation(expert=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return self.object.get_absolute_url()


class RelationTemplate(PermissionMixin):
    """A table to be filled in."""

    permission = "members.import_relations"
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        content = io.BytesIO()
        write_relation_template(content)
        content.seek(0)
        name = gettext("Relations of experts")
        response = FileResponse(content, as_attachment=True, filename=f"{name}.xlsx", content_type=files.XLSX)
        files.guard(response)
        return response


class RelationImport(ServiceFormView):
    """Many at once: all rows are recorded, or none and it is said which are wrong."""

    action = Action.IMPORT_RELATIONS
    permission = "members.import_relations"
    form_class = RelationImportForm
    template_name = "members/relation_import.html"
    success_url = reverse_lazy("members:expert-list")
    wrong: Sequence[RowError] = ()
    SHOWN = 100

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wrong = sorted(self.wrong, key=lambda one: one.row)
        return super().get_context_data(wrong=wrong[: self.SHOWN], wrong_count=len(wrong), **kwargs)

    def perform(self, form: RelationImportForm) -> tuple[int, int]:
        entries, unread = relation_rows(form.cleaned_data["upload"])
        try:
            return import_relations(entries=entries, unread=unread, actor=self.actor, at=self.at)
        except RowsRefused as refused:
            self.wrong = refused.rows
            raise

    def get_success_message(self) -> str:
        new, known = self.result
        return gettext("%(new)s relations are recorded, %(known)s stood there already.") % {"new": new, "known": known}


class RelationStrike(LoadMixin, ServiceFormView):
    """One that was recorded wrongly."""

    model = Relation
    object: Relation
    action = Action.STRIKE_RELATION
    permission = "members.strike_relation"
    form_class = ReasonForm
    template_name = "members/relation_form.html"
    success_message = _("The relation is struck off.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        request.audited = self.object.expert  # type: ignore[attr-defined]

    def get_queryset(self) -> QuerySet[Relation]:
        return super().get_queryset().filter(struck_at=None).select_related("expert__user", "organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(expert=self.object.expert, relation=self.object, **kwargs)

    def perform(self, form: ReasonForm) -> Relation:
        return strike_relation(relation=self.object, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return self.object.expert.get_absolute_url()
