"""The pages of one consortium."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.views.generic import TemplateView

from consortia import charts
from consortia.enums import Action
from consortia.filters import OwnOutcomeFilter
from consortia.models import Consortium, Departure, Outcome, Participation, Platform
from consortia.rules import HIGHEST
from consortia.selectors import events, overview, preparation, trail_of
from consortia.selectors.contacts import contact_of
from consortia.selectors.health import healths
from consortia.selectors.leadchanges import open_change
from consortia.selectors.outcomes import for_list, totals
from consortia.selectors.platforms import for_pages, with_states
from consortia.selectors.preparation import onward
from consortia.workflow import CONSORTIUM, EDITS, MILESTONE, offered_edits
from portal.kernel.authz import may
from portal.kernel.network import TALL, WIDE
from portal.kernel.querysets import keyset_page
from portal.kernel.views import LoadMixin, PermissionMixin

LATEST = 5
EVENTS = 50


class ConsortiumPage(LoadMixin, TemplateView):
    """One tab of the page of a consortium."""

    model = Consortium
    tab = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        self.overview = overview(self.object, today=timezone.localdate(self.at))
        return super().get_context_data(
            consortium=self.overview.consortium, overview=self.overview, tab=self.tab,
            edits=offered_edits(self.object, user), actions=CONSORTIUM.offered(self.object, user),
            own=[row for row in self.overview.members if row.organisation_id in user.organisation_ids], **kwargs,
        )  # fmt: skip


class ConsortiumDetail(ConsortiumPage):
    """The overview."""

    template_name = "consortia/consortium_detail.html"
    tab = "overview"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        view, user = self.overview, self.request.user
        card = view.standing_ones(get_language() or "zh")
        latest = trail_of(self.object)[:LATEST]
        return context | {
            "network": [charts.network_picture(view, sheet) for sheet in (WIDE, TALL)],
            "gantt": charts.gantt_picture(view) if view.tasks else "",
            "scorecard": card,
            "ring": charts.scorecard_ring(card),
            "highest": HIGHEST,
            "events": events(latest, self.object, user),  # type: ignore[arg-type]
            "health": healths([view.consortium], today=view.today).get(view.consortium.pk),
            "contact": contact_of(self.object),
            "lead_change": open_change(self.object),
            "unconfirmed": [row for row in context["own"] if not row.confirmed_at],
        }


class ConsortiumMembers(ConsortiumPage):
    """Who promises what, who has confirmed, who has signed."""

    template_name = "consortia/consortium_members.html"
    tab = "members"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gone = self.object.participations.exclude(pk__in=Participation.objects.present()).select_related("organisation")
        departures = Departure.objects.filter(participation__consortium=self.object).select_related(
            "participation__organisation", "replacement"
        )
        proposable = not self.object.leaving_since and self.object.status in EDITS[Action.PROPOSE_LEAD_CHANGE].during
        return super().get_context_data(
            today=timezone.localdate(self.at), gone=gone, departures=departures,
            lead_changes=self.object.lead_changes.select_related("old_lead", "new_lead"),
            proposes_lead=proposable and may(self.request.user, "consortia.propose_lead_change", self.object), **kwargs,
        )  # fmt: skip


class ConsortiumTechnologies(ConsortiumPage):
    """The key-technology list."""

    template_name = "consortia/consortium_technologies.html"
    tab = "technologies"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        listed = self.overview.consortium.technologies.all()
        return context | {"ladder": charts.ladder_picture(self.overview) if listed else ""}


class ConsortiumTasks(ConsortiumPage):
    """The tasks with their milestones, and what may be done with each milestone."""

    template_name = "consortia/consortium_tasks.html"
    tab = "tasks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for progress in self.overview.tasks:
            progress.task.consortium = self.overview.consortium
            for milestone in progress.milestones:
                milestone.task = progress.task
                milestone.actions = MILESTONE.available(milestone, self.request.user, self.at)  # type: ignore[attr-defined]
        return context | {"gantt": charts.gantt_picture(self.overview) if self.overview.tasks else ""}


class ConsortiumOutcomes(ConsortiumPage):
    """Outcomes, joint platforms and funds."""

    template_name = "consortia/consortium_outcomes.html"
    tab = "outcomes"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = for_list(Outcome.objects.filter(consortium=self.object)).order_by("-date", "-id")
        chosen = OwnOutcomeFilter(self.request.GET, queryset=rows, request=self.request)
        platforms = with_states(for_pages(Platform.objects.filter(consortium=self.object)), timezone.localdate())
        return super().get_context_data(
            filter=chosen, outcomes=chosen.qs, totals=totals(chosen.qs), platforms=platforms, **kwargs
        )


class ConsortiumHistory(ConsortiumPage):
    """Who did what, newest first."""

    template_name = "consortia/consortium_history.html"
    tab = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        query, user = self.request.GET, self.request.user
        page = keyset_page(
            trail_of(self.object), ("-at", "-id"), after=query.get("after"), before=query.get("before"), size=EVENTS
        )
        return context | {"page": page, "events": events(page.rows, self.object, user)}  # type: ignore[arg-type]


class ConsortiumPreparation(PermissionMixin, ConsortiumPage):
    """What is missing before the consortium can apply, and in whose hands it is."""

    template_name = "consortia/consortium_preparation.html"
    permission = "consortia.view_preparation"
    tab = "preparation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(preparation=preparation(self.object), onward=onward(self.object), **kwargs)
