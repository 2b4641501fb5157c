"""What is done with several consortia at once: first whom it would touch, then all or nothing."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from consortia.enums import Action, Audience
from consortia.forms.bulk import BulkAssignForm, CircularForm
from consortia.models import Circular, Consortium
from consortia.selectors.circulars import reached, read_by
from consortia.services.circulars import send_circular
from consortia.services.liaison import assign_liaison
from consortia.workflow import edit_obstacles
from portal.kernel.authz import may
from portal.kernel.querysets import MAX_SIZE
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, VisibleMixin
from portal.kernel.views_exports import uuids


class TickedView(VisibleMixin, ServiceFormView):
    """A form about the consortia that were ticked in the registry, as far as the reader may see them."""

    model = Consortium
    action: Action

    @cached_property
    def ticked(self) -> list[Consortium]:
        """The rows that the address names."""
        ids = uuids(self.request.GET.getlist("ids"))[:MAX_SIZE]
        rows = self.get_queryset().select_related("lead", "district", "liaison_officer")
        return list(rows.filter(pk__in=ids).order_by("code"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=self.action.label, ticked=self.ticked, **kwargs)

    def fallback_url(self) -> str:
        return reverse("consortia:consortium-list")


class BulkAssignLiaison(TickedView):
    """One liaison officer for all of them; those that have ended are left as they are."""

    permission, action = "consortia.assign_liaison", Action.ASSIGN_LIAISON
    form_class = BulkAssignForm
    template_name = "consortia/bulk_liaison.html"

    @cached_property
    def lines(self) -> list[tuple[Consortium, list[Any]]]:
        """Each with what stands in the way."""
        return [(one, edit_obstacles(one, self.action)) for one in self.ticked]

    @property
    def possible(self) -> list[Consortium]:
        """Those that can be given to somebody."""
        return [one for one, obstacles in self.lines if not obstacles]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lines=self.lines, possible=len(self.possible), **kwargs)

    def perform(self, form: Any) -> int:
        officer = form.cleaned_data["officer"]
        return assign_liaison(consortia=self.possible, officer=officer, actor=self.actor, at=self.at)

    def get_success_message(self) -> str:
        text = ngettext(
            "%(n)d consortium has a new liaison officer.", "%(n)d consortia have a new liaison officer.", self.result
        )
        return text % {"n": self.result}


class BulkNotify(TickedView):
    """One circular to the people of all of them."""

    permission, action = "consortia.send_circular", Action.SEND_CIRCULAR
    form_class = CircularForm
    template_name = "consortia/bulk_notify.html"
    success_message = _("The circular has been sent.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = [(one.label, reached(self.ticked, [one]).count()) for one in Audience]
        return super().get_context_data(counts=counts, **kwargs)

    def perform(self, form: Any) -> Circular:
        return send_circular(consortia=self.ticked, actor=self.actor, at=self.at, **form.cleaned_data)

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url())


class CircularList(PermissionMixin, ListView):
    """What was sent, newest first."""

    model = Circular
    permission = "consortia.view_circulars"
    template_name = "consortia/circular_list.html"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("sent_by")


class CircularDetail(LoadMixin, TemplateView):
    """One circular; who sent it may see how many have read it."""

    model = Circular
    template_name = "consortia/circular_detail.html"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("sent_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        seen = Consortium.objects.visible_to(user).filter(circulars=self.object).select_related("lead")
        facts: dict[str, Any] = {"consortia": seen}
        if may(user, "consortia.send_circular"):
            opened = read_by([self.object]).get(self.object.get_absolute_url(), 0)
            facts |= {"sent": self.object.recipients.count(), "opened": opened}
        return super().get_context_data(circular=self.object, **facts, **kwargs)
