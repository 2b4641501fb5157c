"""The register of what binds experts."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from members.enums import Action
from members.forms.relations import RelationForm
from members.forms.standing import ReasonForm
from members.models import Expert, Relation
from members.services.relations import record_relation, strike_relation
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, ServiceFormView


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
