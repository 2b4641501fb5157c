"""The command palette: where one may go, what one may find and what one may begin, by the keyboard."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView

from portal.kernel.authz import may
from portal.kernel.search import LONGEST, fold, words_of
from portal.navigation import navigation
from reports.selectors.search import find

MOST = 8  # of each group, without the objects, of which there are at most eight of each kind
ANYBODY = "members.keep_account"


@dataclass(frozen=True)
class Command:
    """A page that stands in no navigation, or one on which something begins; for those who have the permission."""

    url: str
    label: str | Promise
    icon: str
    permission: str


PAGES = (
    Command("notifications", _("Notifications"), "bell", ANYBODY),
    Command("notice-choices", _("How I am told"), "mail", ANYBODY),
    Command("members:data-own", _("My data"), "id", ANYBODY),
    Command("mfa_index", _("Account security"), "shield-lock", ANYBODY),
    Command("members:session-list", _("Where I am signed in"), "device-desktop-analytics", ANYBODY),
    Command("members:shortcuts-update", _("Keyboard shortcuts"), "adjustments-horizontal", ANYBODY),
    Command("members:import-list", _("Imports"), "file-upload", "members.view_imports"),
)
ACTIONS = (
    Command("consortia:consortium-create", _("Form a consortium"), "plus", "consortia.create_consortium"),
    Command("funding:call-create", _("New call"), "plus", "funding.create_call"),
    Command("reports:cycle-open", _("Open evaluation year"), "flag", "reports.open_cycle"),
    Command("members:import-upload", _("Upload a file for import"), "upload", "members.upload_import"),
    Command("members:expert-nominate", _("Nominate an expert"), "user-plus", "members.nominate_expert"),
    Command("members:user-create", _("Create an account"), "user-plus", "members.create_user"),
    Command("members:correction-request", _("Ask for a correction"), "edit", ANYBODY),
    Command("account_change_password", _("Change password"), "key", ANYBODY),
)


@dataclass(frozen=True)
class Option:
    """A line of the palette."""

    url: str
    label: str
    note: str
    icon: str


@dataclass(frozen=True)
class Group:
    """Lines under a heading."""

    title: str | Promise
    options: list[Option]


class Palette(TemplateView):
    """The lines for what was typed, as a piece of a page; pages and actions when nothing was."""

    template_name = "components/palette_options.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "")[:LONGEST].strip()
        found = [group for group in groups(self.request, text) if group.options]
        return super().get_context_data(groups=found, text=text, more=search_address(text), **kwargs)


def search_address(text: str) -> str:
    """The page that searches everything, which works without a script too."""
    return f"{reverse('reports:search')}?{urlencode({'q': text})}" if text else ""


def groups(request: HttpRequest, text: str) -> Iterator[Group]:
    """Pages first, then what was found of each kind, then what one may begin."""
    yield Group(
        pgettext_lazy("palette", "Pages"), _fitting([*_in_navigation(request), *_commands(request.user, PAGES)], text)
    )
    for hits in find(request.user, text):
        options = [Option(hit.row.get_absolute_url(), hit.name, hit.note, hits.icon) for hit in hits.rows]
        yield Group(hits.kind, options)
    yield Group(_("Actions"), _fitting(_commands(request.user, ACTIONS), text))


def _in_navigation(request: HttpRequest) -> list[Option]:
    return [
        Option(item["url"], str(item["label"]), str(section["title"]), item["icon"])
        for section in navigation(request)
        for item in section["items"]
    ]


def _commands(user: Any, commands: tuple[Command, ...]) -> list[Option]:
    return [Option(reverse(one.url), str(one.label), "", one.icon) for one in commands if may(user, one.permission)]


def _fitting(options: list[Option], text: str) -> list[Option]:
    words = words_of(text)
    return [one for one in options if all(word in fold(f"{one.label} {one.note}") for word in words)][:MOST]
