"""Joint platforms: the city's register, the page of one, and every edit."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from consortia.enums import Action
from consortia.filters import PlatformFilter
from consortia.forms.platform import BuilderForm, PlatformForm, ServiceForm, ShareForm
from consortia.models import CoBuilder, Platform, PlatformYear
from consortia.selectors.platforms import counters, for_pages, terms_of, with_states
from consortia.services import platforms
from consortia.views.work import AddView, RemoveView, UpdateView
from consortia.workflow import offered_edits
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView


class PlatformList(PermissionMixin, ListView):
    """All platforms that the official may see, with their numbers by kind."""

    model = Platform
    permission = "consortia.view_platforms"
    template_name = "consortia/platform_list.html"
    filterset_class = PlatformFilter
    sorts = ("created_at", "area", "equipment_value")

    def get_queryset(self) -> QuerySet[Platform]:
        return for_pages(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context, today = super().get_context_data(**kwargs), timezone.localdate()
        context["rows"] = with_states(context["rows"], today)
        chosen = Platform.objects.filter(pk__in=context["filter"].qs.order_by().values("pk"))
        return context | {"kinds": counters(chosen, today)}


class PlatformDetail(LoadMixin, TemplateView):
    """One platform: what it is, who builds it, what it does, how it is recognised."""

    model = Platform
    template_name = "consortia/platform_detail.html"

    def get_queryset(self) -> QuerySet[Platform]:
        return for_pages(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        platform, user = with_states([self.object], timezone.localdate())[0], self.request.user
        terms, version = terms_of(platform.kind)
        return super().get_context_data(
            platform=platform, consortium=platform.consortium, terms=terms, version=version,
            edits=offered_edits(platform.consortium, user), sees_terms=may(user, "consortia.view_terms"), **kwargs,
        )  # fmt: skip


class PlatformAdd(AddView):
    """A joint platform."""

    permission, action, form_class, tab = "consortia.add_platform", Action.ADD_PLATFORM, PlatformForm, "outcomes"

    def perform(self, form: Any) -> Platform:
        return platforms.add_platform(
            consortium=self.object, platform=form.instance, actor=self.request.user, at=self.at
        )

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url())


class OnPlatform(UpdateView):
    """A page about a platform or a part of it; it leads back to the platform."""

    model: Any = Platform

    @property
    def platform(self) -> Platform:
        """The platform in the address, or of the part in the address."""
        found: Platform = self.object if isinstance(self.object, Platform) else self.object.platform
        return found

    def tab_url(self) -> str:
        return reverse("consortia:platform-detail", args=[self.platform.pk])


class PlatformUpdate(SeenMixin, OnPlatform):
    """A joint platform."""

    form_class = PlatformForm
    permission, action = "consortia.update_platform", Action.UPDATE_PLATFORM

    def perform(self, form: Any) -> Platform:
        return platforms.update_platform(
            platform=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class PlatformRemove(RemoveView):
    """A joint platform."""

    model, tab = Platform, "outcomes"
    permission, action = "consortia.remove_platform", Action.REMOVE_PLATFORM

    def perform(self, form: Any) -> None:
        platforms.remove_platform(platform=self.object, actor=self.request.user, at=self.at)


# --- builders ----------------------------------------------------------------------------------
class BuilderAdd(OnPlatform):
    """A further builder of the platform in the address."""

    form_class = BuilderForm
    permission, action = "consortia.add_builder", Action.ADD_BUILDER

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self) | {"consortium": self.consortium}

    def perform(self, form: Any) -> CoBuilder:
        return platforms.add_builder(platform=self.object, builder=form.instance, actor=self.request.user, at=self.at)


class BuilderUpdate(SeenMixin, OnPlatform):
    """The share of a builder."""

    model, form_class, path = CoBuilder, ShareForm, "platform__consortium"
    permission, action = "consortia.update_builder", Action.UPDATE_BUILDER

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self) | {"instance": self.object}

    def perform(self, form: Any) -> CoBuilder:
        return platforms.update_builder(
            builder=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class BuilderRemove(OnPlatform, RemoveView):
    """A builder."""

    model, path = CoBuilder, "platform__consortium"
    permission, action = "consortia.remove_builder", Action.REMOVE_BUILDER
    template_name = "consortia/part_remove.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def perform(self, form: Any) -> None:
        platforms.remove_builder(builder=self.object, actor=self.request.user, at=self.at)


# --- what it does in a year --------------------------------------------------------------------
class ServiceAdd(OnPlatform):
    """The figures of a year of the platform in the address."""

    form_class = ServiceForm
    permission, action = "consortia.add_service", Action.ADD_SERVICE

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def perform(self, form: Any) -> PlatformYear:
        return platforms.add_service(platform=self.object, service=form.instance, actor=self.request.user, at=self.at)


class ServiceUpdate(SeenMixin, OnPlatform):
    """The figures of a year."""

    model, form_class, path = PlatformYear, ServiceForm, "platform__consortium"
    permission, action = "consortia.update_service", Action.UPDATE_SERVICE

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self) | {"instance": self.object}

    def perform(self, form: Any) -> PlatformYear:
        return platforms.update_service(
            service=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class ServiceRemove(OnPlatform, RemoveView):
    """The figures of a year."""

    model, path = PlatformYear, "platform__consortium"
    permission, action = "consortia.remove_service", Action.REMOVE_SERVICE
    template_name = "consortia/part_remove.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return ServiceFormView.get_form_kwargs(self)

    def perform(self, form: Any) -> None:
        platforms.remove_service(service=self.object, actor=self.request.user, at=self.at)
