"""Joint platforms: recorded, changed, removed."""

from typing import Any

from consortia.enums import Action
from consortia.forms.platform import PlatformForm
from consortia.models import Platform
from consortia.services.platforms import add_platform, remove_platform, update_platform
from consortia.views.work import AddView, RemoveView, UpdateView
from portal.kernel.stale import SeenMixin


class PlatformAdd(AddView):
    """A joint platform."""

    permission, action, form_class, tab = "consortia.add_platform", Action.ADD_PLATFORM, PlatformForm, "outcomes"

    def perform(self, form: Any) -> Platform:
        return add_platform(consortium=self.object, platform=form.instance, actor=self.request.user, at=self.at)


class PlatformUpdate(SeenMixin, UpdateView):
    """A joint platform."""

    model, form_class, tab = Platform, PlatformForm, "outcomes"
    permission, action = "consortia.update_platform", Action.UPDATE_PLATFORM

    def perform(self, form: Any) -> Platform:
        return update_platform(
            platform=form.instance, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"]
        )


class PlatformRemove(RemoveView):
    """A joint platform."""

    model, tab = Platform, "outcomes"
    permission, action = "consortia.remove_platform", Action.REMOVE_PLATFORM

    def perform(self, form: Any) -> None:
        remove_platform(platform=self.object, actor=self.request.user, at=self.at)
