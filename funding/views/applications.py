"""Applications: lists and pages to read."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.models import Consortium
from consortia.selectors import Mix
from funding.enums import Action
from funding.exporters import APPLICATION_COLUMNS, APPLICATIONS
from funding.filters import ApplicationFilter, ReasonFilter
from funding.models import Application, ApplicationReason, Call
from funding.models.application import HEAVY
from funding.rules.formal_check import ITEMS
from funding.selectors.applications import Row, Tab, counts, decorate, listed, own, tab_of, tabs
from funding.selectors.changes import changes
from funding.selectors.credit_checks import credit_lines
from funding.selectors.previews import previews
from funding.selectors.progress import progress
from funding.selectors.readings import read
from funding.selectors.reasons import reason_table
from funding.selectors.sessions import sessions_card
from funding.selectors.snapshots import compose
from funding.selectors.timeline import timeline, told
from funding.selectors.windows import opened, opinions_for, summary_for
from funding.views.avoidances import avoidance_card, own_avoidances
from funding.views.decisions import decision_panel
from funding.views.experts import review_panel
from funding.views.finishing import FinishingMixin, OpeningMixin
from funding.views.recusals import recusal_card
from funding.views.similarity import similarity_card
from funding.workflow import APPLICATION
from members.enums import Role
from portal.kernel import files
from portal.kernel.authz import may
from portal.kernel.columns import columns_here
from portal.kernel.querysets import Count
from portal.kernel.templatetags import ui
from portal.kernel.views import ListView, LoadMixin, PermissionMixin
from portal.kernel.views_exports import ListExport

# Which page takes a step of the workflow; steps of the review are added by their own pages.
STEP_URLS = {
    Action.SUBMIT: "funding:application-submit",
    Action.TAKE_BACK: "funding:application-take-back",
    Action.WITHDRAW: "funding:application-withdraw",
    Action.RECOMMEND: "funding:application-recommend",
    Action.DECLINE_RECOMMENDATION: "funding:application-decline-recommendation",
    Action.RETURN: "funding:application-return",
    Action.CHECK: "funding:application-check",
    Action.CLEAR: "funding:application-clear",
    Action.RESUME: "funding:application-resume",
    Action.END_SUSPENDED: "funding:application-end-suspended",
}

# The page of a check leads to several outcomes, so it is not called after one of them.
STEP_LABELS: dict[str, Any] = {Action.CHECK: _("Formal check"), Action.CLEAR: _("Integrity check")}


class ApplicationList(PermissionMixin, ListView):
    """The officials' list: views as tabs, filters in the address, what is missing, who waits how long."""

    model = Application
    permission = "funding.list_applications"
    template_name = "funding/application_list.html"
    filterset_class = ApplicationFilter
    sorts = ("moved_at", "requested_amount", "number")
    saves_filters = True
    list_columns = APPLICATION_COLUMNS

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:
        """The views offered."""
        return tabs(self.request.user)

    @cached_property
    def tab(self) -> Tab:
        """The view asked for, else what waits for the reader, else all."""
        return tab_of(self.request.user, self.request.GET.get("tab", ""))

    @property
    def default_sort(self) -> str:  # type: ignore[override]
        """Who waits longest comes first where one has to act, the newest first elsewhere."""
        return "moved_at" if self.tab.code == "mine" else "-moved_at"

    def get_queryset(self) -> QuerySet[Application]:
        return listed(self.tab.narrow(super().get_queryset()))

    def get_count(self, rows: QuerySet[Application]) -> Count:
        """The count of the filtered rows, in one query with those of the views."""
        visible = super().get_queryset()
        views = {tab.code: tab.narrow(visible) for tab in self.tabs}
        self.counts = counts(self.actor, {**views, "shown": rows}, self.count_limit)
        return self.counts["shown"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        narrowed = context["filter"]
        narrowed.form.fields["tab"].initial = self.request.GET.get("tab", "")  # a view is not a filter
        return {
            **context,
            "lines": drawn(decorate(context["rows"], narrowed.names, timezone.localdate())),
            "tab": self.tab,
            "tab_lines": [
                {"tab": tab, "count": self.counts[tab.code], "hot": tab.code == "mine" and self.counts["mine"].value}
                for tab in self.tabs
            ],
            "may_check": may(self.actor, "funding.check_application"),
            "may_clear": may(self.actor, "funding.clear_somewhere"),
            **columns_here(self.request, APPLICATION_COLUMNS),
        }


class ApplicationExport(ListExport):
    """What the list of applications shows, as a file: the same view, the same filters, the same columns."""

    export = APPLICATIONS
    filterset_class = ApplicationFilter
    list_name = "funding:application-list"
    list_columns = APPLICATION_COLUMNS

    @cached_property
    def tab(self) -> Tab:
        """The view that the list shows; of ticked rows all."""
        return tab_of(self.request.user, "all" if self.ids else self.request.GET.get("tab", ""))

    def get_rows(self) -> QuerySet[Application]:
        return self.tab.narrow(super().get_rows())

    def params(self) -> dict[str, Any]:
        return {**super().params(), "tab": self.tab.code}

    def in_words(self) -> list[tuple[str, str]]:
        tab = str(self.narrowed.form.fields["tab"].label)
        words = [(label, value) for label, value in super().in_words() if label != tab]
        return [(gettext("View"), str(self.tab.label)), *words]


def drawn(rows: list[Row]) -> list[dict[str, Any]]:
    """The lines as the table shows them; what repeats from line to line is drawn once."""
    badges = {status: ui.badge(status) for status in {row.status for row in rows}}
    dots: dict[Mix, str] = {mix: ui.mix(**asdict(mix)) for mix in {row.mix for row in rows}}
    select = gettext("Select %(number)s")
    return [
        {
            "row": row,
            "select": select % {"number": row.number},
            "amount": ui.wan(row.amount) if row.amount else "",
            "badge": badges[row.status],
            "dots": dots[row.mix],
            "missing": row.missing[0] if row.missing else "",
            "more": len(row.missing) - 1,
        }
        for row in rows
    ]


class MyApplications(ListView):
    """The applications of the reader's consortia, and the calls that are open for the next one."""

    model = Application
    template_name = "funding/my_applications.html"

    def get_queryset(self) -> QuerySet[Application]:
        return own(Application.objects.own(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, at = self.request.user, timezone.now()
        return super().get_context_data(
            at=at,
            open_calls=Call.objects.open(at).defer("guidelines"),
            may_start=may(user, "funding.start_somewhere"),
            led=Consortium.objects.led_by(user).exists() if user.is_authenticated else False,
            **kwargs,
        )


class ApplicationDetail(FinishingMixin, OpeningMixin, LoadMixin, TemplateView):
    """The page of an application: the file for officials, the task list or the state of things for applicants."""

    model = Application

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related(
            "call__rules", "consortium__lead", "consortium__sub_field", "district", "submitted_by", "recommended_by",
            "checked_by", "credit_by", "notice",
        )  # fmt: skip

    @cached_property
    def insider(self) -> bool:
        """Whether the reader works on it for bureau or district."""
        return bool(self.object.is_insider(self.request.user))

    def get_template_names(self) -> list[str]:
        return [f"funding/application_{'detail' if self.insider else 'own'}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = self.for_officials() if self.insider else self.for_applicants()
        return super().get_context_data(application=self.object, at=self.at, **facts, **kwargs)

    def for_officials(self) -> dict[str, Any]:
        """Everything of the snapshot, the check, the history and the steps."""
        application, user = self.object, self.request.user
        return {
            "reading": read(application.snapshot),
            "kept_files": kept_files(application),
            "previews": previews(application, user),
            "events": timeline(application),
            "steps": steps(application, user, self.at),
            "offered": APPLICATION.offered(application, user),
            "check_lines": check_lines(application),
            "credit_lines": credit_lines(application),
            "sees_reviews": may(user, "funding.see_reviews"),
            "similarity": similarity_card(application, user),
            **avoidance_card(application, user),
            **recusal_card(application, user),
            **sessions_card(application, user),
            **review_panel(application, user, self.at),
            **decision_panel(application, user, self.at),
        }

    def for_applicants(self) -> dict[str, Any]:
        """The task list while it is written, then what was submitted; never what the officials think."""
        application, user = self.object, self.request.user
        seen = opened(application, user)
        editable = application.is_editable and may(user, "funding.edit_application", application)
        return {
            "events": told(application),
            "steps": steps(application, user, self.at),
            "editable": editable,
            "given": application.sections_of(user) if application.is_editable and not editable else set(),
            "progress": progress(application, self.at) if application.is_editable else None,
            "taken_back": application.taken_back.defer("snapshot"),
            "opinions": opinions_for(application, seen),
            "summary": summary_for(application, seen),
            "own_avoidances": own_avoidances(application, user),
            **sessions_card(application, user),
        }


class ApplicationPrint(OpeningMixin, LoadMixin, TemplateView):
    """The whole application as one document: what was submitted, or the draft as it stands."""

    model = Application
    template_name = "funding/application_print.html"

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium", "submitted_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = self.object
        frozen = not application.is_editable or application.is_insider(self.request.user)
        snapshot = application.snapshot if frozen and application.snapshot else compose(application)
        return super().get_context_data(
            application=application, reading=read(snapshot), frozen=frozen and bool(application.snapshot),
            previews=previews(application, self.request.user), **kwargs,
        )  # fmt: skip


class ApplicationChanges(OpeningMixin, LoadMixin, TemplateView):
    """What a corrected application changed, beside what had stood there."""

    model = Application
    template_name = "funding/application_changes.html"

    def get_queryset(self) -> QuerySet[Application]:
        corrected = super().get_queryset().filter(previous_snapshot__isnull=False)
        return corrected.select_related("call", "consortium__lead")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application = self.object
        found = changes(application, application.reopened)
        return super().get_context_data(application=application, changes=found, **kwargs)


class ReasonStatistics(PermissionMixin, TemplateView):
    """Why applications were returned, not recommended or failed, by kind of reason and step."""

    permission = "funding.list_applications"
    template_name = "funding/reason_statistics.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Application.objects.visible_to(self.request.user)
        narrowed = ReasonFilter(self.request.GET, queryset=ApplicationReason.objects.filter(application__in=visible))
        return super().get_context_data(filter=narrowed, table=reason_table(narrowed.qs), **kwargs)


class ApplicationReceipt(LoadMixin, TemplateView):
    """What was received when, under which number and fingerprint."""

    model = Application
    template_name = "funding/application_receipt.html"

    def get_queryset(self) -> QuerySet[Application]:
        submitted = super().get_queryset().filter(submitted_at__isnull=False)
        return submitted.select_related("call", "consortium__lead", "district", "submitted_by").defer(*HEAVY)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(application=self.object, **kwargs)


class ApplicationTakenBack(LoadMixin, TemplateView):
    """The receipt of what was submitted and taken back, with its snapshot; for the applicants, and for supervision."""

    model = Application
    template_name = "funding/application_taken_back.html"

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call", "consortium__lead", "district")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        application, user = self.object, self.request.user
        rows = application.taken_back.select_related("submitted_by", "taken_back_by")
        if application.is_insider(user) and not user.holds(Role.SUPERVISOR):  # type: ignore[union-attr]
            rows = rows.none()
        kept = get_object_or_404(rows, pk=self.kwargs["version"])
        return super().get_context_data(
            application=application,
            kept=kept,
            reading=read(kept.snapshot),
            kept_files=kept_files(application),
            **kwargs,
        )


class ApplicationFileDownload(OpeningMixin, LoadMixin):
    """A file of an application, for whoever may see the application."""

    model = Application
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        row = get_object_or_404(self.object.files.select_related("attachment"), pk=self.kwargs["file"])
        return files.serve(row.attachment, request=self.request)


def steps(application: Application, user: Any, at: Any) -> list[dict[str, Any]]:
    """The steps of this room open to the reader, each with what still stands in its way."""
    words: dict[str, Any] = {**dict(Action.choices), **STEP_LABELS}
    return [
        {
            "action": action,
            "label": words[action],
            "url": STEP_URLS[Action(action)],
            "obstacles": APPLICATION.obstacles(application, action, at),
        }
        for action in APPLICATION.offered(application, user)
        if action in STEP_URLS
    ]


def kept_files(application: Application) -> set[str]:
    """The ids of the files that can still be opened; one named in a snapshot may have been taken off since."""
    return {str(pk) for pk in application.files.values_list("pk", flat=True)}


def check_lines(application: Application) -> list[dict[str, Any]]:
    """The kept results of the formal check with their words."""
    return [{**item, "text": ITEMS.get(item["code"], item["code"])} for item in application.check_items]
