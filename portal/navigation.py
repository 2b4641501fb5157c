"""What stands in the navigation, and for whom."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.enums import ADMINISTRATORS, BUREAU, OFFICIALS, ORGANISATION_ROLES, Role

BUSINESS = OFFICIALS | ORGANISATION_ROLES
MONEY = frozenset({Role.OFFICER, Role.HEAD, Role.LEADER, Role.FINANCE, Role.SUPERVISOR})


@dataclass(frozen=True)
class Item:
    """One entry; shown to whoever holds one of the roles. `mobile` entries stand in the bottom bar."""

    url: str
    label: str | Promise
    icon: str
    roles: frozenset[Role]
    mobile: bool = False


@dataclass(frozen=True)
class Section:
    """A titled group of entries."""

    title: str | Promise
    items: tuple[Item, ...]


EVERYBODY = frozenset(Role)

SECTIONS = (
    Section("", (
        Item("home", _("Workbench"), "layout-dashboard", EVERYBODY, mobile=True),
        Item("funding:application-list", _("Applications"), "clipboard-text", OFFICIALS, mobile=True),
        Item("funding:my-applications", _("My applications"), "clipboard-text", ORGANISATION_ROLES, mobile=True),
        Item("consortia:consortium-list", _("Consortia"), "affiliate", BUSINESS, mobile=True),
        Item("funding:review-list", _("My reviews"), "gavel", frozenset({Role.EXPERT}), mobile=True),
        Item("funding:tranche-list", _("Funds"), "coin-yuan", MONEY, mobile=True),
        Item("funding:my-funding", _("Funds"), "coin-yuan", frozenset({Role.APPLICANT, Role.SIGNATORY}), mobile=True),
    )),
    Section(_("Review"), (
        Item("funding:call-list", _("Calls"), "calendar-event", BUSINESS),
        Item("funding:grading-board", _("Ranking and decision"), "chart-bar", MONEY),
        Item("funding:notice-list", _("Public notices"), "speakerphone", BUSINESS),
        Item("members:expert-list", _("Expert pool"), "users-group",
             frozenset({Role.ACCEPTANCE, Role.OFFICER, Role.SUPERVISOR})),
    )),
    Section(_("The year"), (
        Item("reports:cycle-list", _("Annual evaluation"), "flag", OFFICIALS),
        Item("reports:my-evaluations", _("Annual evaluation"), "flag",
             frozenset({Role.APPLICANT, Role.SIGNATORY, Role.EXPERT})),
        Item("reports:report-list", _("Reports"), "file-text", OFFICIALS | {Role.APPLICANT, Role.SIGNATORY}),
    )),
    Section(_("Data"), (
        Item("reports:export-list", _("Export centre"), "file-export", MONEY, mobile=True),
        Item("members:organisation-list", _("Organisations"), "building", OFFICIALS),
        Item("members:organisation-own", _("My organisation"), "building", ORGANISATION_ROLES),
        Item("members:role-list", _("Roles"), "shield-check", BUREAU | ADMINISTRATORS),
        Item("members:user-list", _("People"), "users", frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})),
        Item("reports:audit-list", _("Audit trail"), "history", frozenset({Role.AUDIT_ADMIN, Role.SUPERVISOR})),
    )),
)  # fmt: skip


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sections with at least one entry for the signed-in user."""
    roles = request.user.roles if request.user.is_authenticated else set()
    sections = []
    for section in SECTIONS:
        items = [_entry(request, item) for item in section.items if not item.roles.isdisjoint(roles)]
        if items:
            sections.append({"title": section.title, "items": items})
    return sections


def _entry(request: HttpRequest, item: Item) -> dict[str, Any]:
    url = reverse(item.url)
    return {
        "url": url,
        "label": item.label,
        "icon": item.icon,
        "current": request.path == url or (item.url != "home" and request.path.startswith(url)),
        "mobile": item.mobile,
    }


PUBLIC = (
    ("public-home", _("Home")),
    ("consortia:public-consortium-list", _("Consortia")),
    ("funding:call-list", _("Calls")),
    ("funding:notice-list", _("Public notices")),
)


def public_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries of the public pages."""
    return [{"url": reverse(name), "label": label, "current": request.path == reverse(name)} for name, label in PUBLIC]
