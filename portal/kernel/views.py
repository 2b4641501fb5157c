"""Bases of the rooms' views: load in setup, authorise in dispatch, one service call, answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import FormView, TemplateView, View

from portal.kernel import clocks, idempotency
from portal.kernel.authz import require
from portal.kernel.models import SavedFilter
from portal.kernel.querysets import Count, Page, count_up_to, keyset_page
from portal.kernel.saved_filters import WATCHED, query_of
from portal.kernel.workflow import TransitionRefused, Workflow

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where `next` points if that is a page of ours, else `fallback`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else fallback


class ClockMixin(View):
    """Knows the time of the request."""

    @cached_property
    def at(self) -> datetime:
        """When something is done, the database's time, which deadlines go by; when it is only looked at, ours."""
        return timezone.now() if self.request.method in SAFE else clocks.database_now()


class VisibleMixin(View):
    """Knows which rows of `model` this reader may see."""

    model: type[Model]

    def get_queryset(self) -> QuerySet[Any]:
        """Override to add what the page needs; keep the cut of `super()`."""
        manager: Any = self.model.objects  # type: ignore[attr-defined]
        visible: QuerySet[Any] = manager.visible_to(self.request.user)
        return visible


class LoadMixin(ClockMixin, VisibleMixin):
    """Loads `self.object` before anything else; what the reader may not see does not exist (404)."""

    object: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = self.load()
        request.audited = self.object  # type: ignore[attr-defined] # what a refused request was about

    def get_queryset(self) -> QuerySet[Any]:
        """By its address one finds also what `objects` leaves out of lists."""
        manager: Any = self.model._default_manager  # noqa: SLF001
        visible: QuerySet[Any] = manager.visible_to(self.request.user)
        return visible

    def load(self) -> Any:
        """The object named in the address."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(object=self.object, **kwargs)  # type: ignore[misc]
        return context


class PermissionMixin(View):
    """Answers 403 unless the reader has `permission` on the loaded object, if there is one."""

    permission: str = ""

    @property
    def actor(self) -> Any:
        """Who acts."""
        return self.request.user

    def permission_object(self) -> Any:
        """What the permission is asked about."""
        return getattr(self, "object", None)

    def get_permission(self) -> str:
        """What the reader must be allowed to do."""
        return self.permission

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (permission := self.get_permission()):
            raise ImproperlyConfigured(f"{type(self).__name__} names no permission")
        require(request.user, permission, self.permission_object())
        return super().dispatch(request, *args, **kwargs)


class KeyedMixin(View):
    """Does nothing for a form without a key (428): it could not be told from the same one sent twice."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not idempotency.sent_key(request):
            return idempotency.show_typed(request, status=428)
        answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class ServiceFormView(ClockMixin, KeyedMixin, PermissionMixin, FormView[Any]):
    """A form in front of one service call; what the service refuses stands beside the form, nothing typed is lost.

    Answers 409 when the state of things refuses what was asked, 200 when the form itself has to be mended.
    """

    success_message: str | Promise = ""
    action: str = ""
    reasons: Sequence[str] = ()

    def closed(self) -> list[str]:
        """Why there is no form to be shown: sentences that stand in its place when the page is opened."""
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.reasons = self.closed()
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["step_closed.html"] if self.reasons else super().get_template_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"reasons": self.reasons, "step_label": getattr(self.action, "label", "")}
        return super().get_context_data(**facts, **kwargs)

    def back_url(self) -> str:
        """The page of what the form is about."""
        subject = getattr(self, "object", None)
        return str(getattr(subject, "get_absolute_url", self.get_success_url)())

    def perform(self, form: Any) -> Any:
        """The one service call; what it returns becomes `self.result`."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.result = self.perform(form)
        except TransitionRefused as refusal:
            return self.refuse(form, refusal)
        except ValidationError as error:
            add_errors(form, error)
        if form.errors:
            return self.form_invalid(form)
        if text := self.get_success_message():
            messages.success(self.request, text)
        return super().form_valid(form)

    def refuse(self, form: Any, refusal: TransitionRefused) -> HttpResponse:
        """The page as it was sent, with the reasons: somebody may have acted meanwhile."""
        for reason in refusal.reasons:
            form.add_error(None, str(reason))
        answer = self.form_invalid(form)
        answer.status_code = 409
        return answer

    def get_success_message(self) -> str:
        """What the toast says; empty for none."""
        return str(self.success_message)

    def get_success_url(self) -> str:
        return safe_next(self.request, str(self.success_url or self.fallback_url()))

    def fallback_url(self) -> str:
        """Where to go after success when nobody asked for another place."""
        return str(self.result.get_absolute_url())


class TransitionView(LoadMixin, ServiceFormView):
    """One step of a workflow: the form, why the step is not possible now, one service call.

    Subclasses give `model`, `form_class`, `template_name` and `perform`, and `permission` unless it follows from
    `workflow` and `action`; with these the template also gets `obstacles`, the sentences that stand in the way.
    """

    form_class: type[forms.BaseForm] = forms.Form
    workflow: Workflow[Any] | None = None

    def get_permission(self) -> str:
        if self.permission or self.workflow is None:
            return self.permission
        return self.workflow.transitions[self.action].permission

    def closed(self) -> list[str]:
        return self.obstacles()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(obstacles=self.obstacles(), **kwargs)

    def obstacles(self) -> list[str]:
        """Why the step would be refused now; an answer to a POST says it at the form instead."""
        if self.workflow is None or self.request.method == "POST":
            return []
        return [str(reason) for reason in self.workflow.obstacles(self.object, self.action, self.at)]

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class ListView(VisibleMixin, TemplateView):
    """A filtered list in pages by key. Parameters: those of the filter set, `sort`, `after`, `before`.

    The template gets `page`, `rows`, `count` (capped), `filter`, `sort` and `default_sort`; tokens go into links by
    {% query after=page.next_token before=None %}.
    """

    filterset_class: Any = None
    sorts: Sequence[str] = ("created_at",)  # non-negated names; each is offered in both directions
    default_sort: str = "-created_at"
    page_size: int = 50
    count_limit: int = 1000
    saves_filters: bool = False  # whether readers may keep filters of this list; its address takes no arguments

    @property
    def sort(self) -> str:
        """The order asked for if it is offered, else the default."""
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self.sorts else self.default_sort

    def get_page(self, rows: QuerySet[Any]) -> Page[Any]:
        """The page that the address asks for; ties follow the direction of the order, as its index does."""
        tie = "-pk" if self.sort.startswith("-") else "pk"
        query = self.request.GET
        return keyset_page(
            rows, (self.sort, tie), after=query.get("after"), before=query.get("before"), size=self.page_size
        )

    def get_count(self, rows: QuerySet[Any]) -> Count:
        """How many rows fit the filter; override where another query counts them already."""
        return count_up_to(rows, self.count_limit)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, narrowed = self.get_queryset(), None
        if self.filterset_class is not None:
            narrowed = self.filterset_class(self.request.GET, queryset=rows, request=self.request)
            rows = narrowed.qs
        page = self.get_page(rows)
        facts = {"filter": narrowed, "page": page, "rows": page.rows, "count": self.get_count(rows)}
        if self.saves_filters:
            facts |= saved_here(self.request)
        return super().get_context_data(**facts, sort=self.sort, default_sort=self.default_sort, **kwargs)


def saved_here(request: HttpRequest) -> dict[str, Any]:
    """What `c-filters` needs to offer the reader's own filters of this list, and to keep the one that is set."""
    page, query = request.resolver_match.view_name, query_of(request.GET)  # type: ignore[union-attr]
    rows = list(SavedFilter.objects.visible_to(request.user).filter(page=page))
    for row in rows:
        row.watchable = page in WATCHED  # type: ignore[attr-defined]
    address = f"{reverse('filter-save', args=[page])}?{query}"
    return {"saved": rows, "saved_query": query, "save_url": address if query else ""}


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put each message of a service's ValidationError next to its field, or above the form if there is none."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)
