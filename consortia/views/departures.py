"""A member leaves: the rules looked at, the takers named and asked, the departure settled."""

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.enums import Action, DepartureStatus
from consortia.forms.consortium import NoteForm
from consortia.forms.departure import AllocateForm, ConsentForm
from consortia.models import Departure, DepartureItem
from consortia.selectors.departures import content_lines, departures_for_page, rules_without, waiting_rows
from consortia.services.departures import (
    allocate_departure,
    cancel_departure,
    consent_departure,
    refuse_departure,
    request_departure,
    settle_departure,
)
from consortia.views.participations import ParticipationMixin, members_page
from consortia.views.steps import StepView
from consortia.workflow import DEPARTURE, PARTICIPATION
from portal.kernel.authz import may
from portal.kernel.views import LoadMixin, ServiceFormView, TransitionView


class DepartureRequest(ParticipationMixin, TransitionView):
    """Ask for the departure of a member; before anything the rules that would be broken without it."""

    form_class = NoteForm
    template_name = "consortia/departure_request.html"
    workflow, action = PARTICIPATION, Action.REQUEST_DEPARTURE
    success_message = _("The departure has begun. Now its work needs takers.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rules=rules_without(self.object), **kwargs)

    def perform(self, form: Any) -> Departure:
        return request_departure(
            participation=self.object, actor=self.request.user, at=self.at, note=form.cleaned_data["note"]
        )

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url())


class DeparturePage(LoadMixin, TemplateView):
    """What is handed over, to whom, and who has agreed."""

    model = Departure
    template_name = "consortia/departure_detail.html"

    def get_queryset(self) -> QuerySet[Departure]:
        return departures_for_page(super().get_queryset())

    @cached_property
    def may_allocate(self) -> bool:
        """Whether the takers can be named here."""
        return Action.ALLOCATE_DEPARTURE in DEPARTURE.available(self.object, self.request.user, self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        departure, user = self.object, self.request.user
        form = kwargs.pop("form", None) or (AllocateForm(departure=departure) if self.may_allocate else None)
        rows = [self._row(row, form) for row in departure.items.all()]
        return super().get_context_data(
            departure=departure, participation=departure.participation, consortium=departure.consortium,
            rules=rules_without(departure.participation), actions=DEPARTURE.available(departure, user, self.at),
            offered=DEPARTURE.offered(departure, user), form=form,
            rows=rows, settled=sum(row.is_settled for row, _field, _answers in rows),
            asked=[row for row, _field, answers in rows if answers], **kwargs,
        )  # fmt: skip

    def _row(self, row: DepartureItem, form: Any) -> tuple[DepartureItem, Any, bool]:
        """With the field of the form, if there is one, and whether the reader is the one who answers."""
        answers = row.waits and may(self.request.user, "consortia.consent_departure", row)
        return row, form[f"row-{row.pk}"] if form else None, answers


class DepartureDetail(DeparturePage):
    """The page of a departure."""


class DepartureAllocate(DeparturePage, TransitionView):
    """Name the takers."""

    form_class = AllocateForm
    template_name = "consortia/departure_allocate.html"
    workflow, action = DEPARTURE, Action.ALLOCATE_DEPARTURE
    success_message = _("The takers are named; whoever is new among them is asked.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"departure": self.object}

    def perform(self, form: Any) -> Departure:
        return allocate_departure(departure=self.object, choices=form.choices(), actor=self.request.user, at=self.at)


class DepartureAnswer(LoadMixin, ServiceFormView):
    """What a taker says about one row."""

    model = DepartureItem
    permission = "consortia.consent_departure"

    def get_queryset(self) -> QuerySet[DepartureItem]:
        return super().get_queryset().select_related(
            "taker", "departure__participation__organisation", "departure__participation__consortium__lead"
        )  # fmt: skip

    def closed(self) -> list[str]:
        """Nothing is asked any more."""
        waits = self.object.waits and self.object.departure.status == DepartureStatus.OPEN
        return [] if waits else [str(_("This was answered already."))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        departure = self.object.departure
        return super().get_context_data(
            item=self.object, departure=departure, consortium=departure.consortium, label=Action(self.action).label,
            lines=content_lines(self.object), back=departure.get_absolute_url(), **kwargs,
        )  # fmt: skip

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class DepartureConsent(DepartureAnswer):
    """Take it over, and what else one is asked about if one likes; `?all` begins with all of it ticked."""

    action = Action.CONSENT_DEPARTURE
    form_class = ConsentForm
    template_name = "consortia/departure_consent.html"
    success_message = _("Agreed. When the departure is settled, it is yours.")

    @cached_property
    def others(self) -> list[DepartureItem]:
        """What else its organisation is asked about."""
        return [row for row in waiting_rows(self.object) if row != self.object]

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.object.sha256}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"others": self.others, "every": "all" in self.request.GET}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(others=[(row, content_lines(row)) for row in self.others], **kwargs)

    def perform(self, form: Any) -> DepartureItem:
        return consent_departure(
            item=self.object, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"],
            also=dict(form.cleaned_data["also"]),
        )  # fmt: skip


class DepartureRefuse(DepartureAnswer):
    """Do not take it over, and say why."""

    action = Action.REFUSE_DEPARTURE
    form_class = NoteForm
    template_name = "consortia/departure_refuse.html"
    success_message = _("Refused. The lead looks for another taker.")

    def perform(self, form: Any) -> DepartureItem:
        return refuse_departure(item=self.object, actor=self.request.user, at=self.at, note=form.cleaned_data["note"])


class DepartureStep(StepView):
    """The end of a departure, one way or the other."""

    model, workflow, subject = Departure, DEPARTURE, "departure"
    template_name = "consortia/departure_step.html"

    def get_queryset(self) -> QuerySet[Departure]:
        return departures_for_page(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(departure=self.object, consortium=self.object.consortium, **kwargs)


class DepartureCancel(DepartureStep):
    """Take it back."""

    action, service = Action.CANCEL_DEPARTURE, cancel_departure
    form_class = NoteForm
    explanation = _("The member stays with what it has, and confirms its part once more.")
    success_message = _("The departure is taken back; the member stays.")


class DepartureSettle(DepartureStep):
    """Hand everything over."""

    action, service = Action.SETTLE_DEPARTURE, settle_departure
    explanation = _("Everything goes to its takers now, and the member is gone. This cannot be undone.")
    success_message = _("The departure is settled; the work is in new hands.")

    def fallback_url(self) -> str:
        return members_page(self.object.consortium)
