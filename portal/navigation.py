"""What stands in the navigation, and for whom."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.enums import ADMINISTRATORS, BUREAU, EXPERT_READERS, OFFICIALS, ORGANISATION_ROLES, Role

BUSINESS = OFFICIALS | ORGANISATION_ROLES
MONEY = frozenset({Role.OFFICER, Role.HEAD, Role.LEADER, Role.FINANCE, Role.SUPERVISOR})
SUPERVISING = frozenset({Role.LIAISON, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR})
LEADING = frozenset({Role.APPLICANT, Role.SIGNATORY})


@dataclass(frozen=True)
class Item:
    """One entry; shown to whoever holds one of the roles. `mobile` entries stand in the bottom bar.

    It is the current one on its own page and below, on pages below one of `areas`, and where one of `masks` fits.
    """

    url: str
    label: str | Promise
    icon: str
    roles: frozenset[Role]
    mobile: bool = False
    areas: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A titled group of entries."""

    title: str | Promise
    items: tuple[Item, ...]


EVERYBODY = frozenset(Role)

SECTIONS = (
    Section("", (
        Item("home", _("Workbench"), "layout-dashboard", EVERYBODY, mobile=True),
        Item("members:system-console", _("System console"), "settings", frozenset({Role.SYSTEM_ADMIN}), mobile=True),
        Item("members:security-console", _("Security console"), "shield-lock", frozenset({Role.SECURITY_ADMIN}),
             mobile=True, areas=("/members/proposals/", "/members/locks/")),
        Item("members:audit-console", _("Audit console"), "eye", frozenset({Role.AUDIT_ADMIN}), mobile=True),
        Item("funding:application-list", _("Applications"), "clipboard-text", OFFICIALS, mobile=True),
        Item("funding:my-applications", _("My applications"), "clipboard-text", ORGANISATION_ROLES, mobile=True,
             areas=("/funding/applications/",)),
        Item("consortia:consortium-list", _("Consortia"), "affiliate", BUSINESS, mobile=True),
        Item("funding:review-list", _("My reviews"), "gavel", frozenset({Role.EXPERT}), mobile=True),
        Item("funding:tranche-list", _("Funds"), "coin-yuan", MONEY | {Role.DISTRICT_OFFICER}, mobile=True,
             areas=("/funding/contracts/", "/funding/budget/", "/funding/appropriations/", "/funding/ledger/",
                    "/funding/expenditures/", "/funding/awards/", "/funding/batches/", "/funding/statements/",
                    "/funding/statement-lines/", "/funding/cofunding/", "/funding/compensations/",
                    "/funding/subsidies/", "/funding/recoveries/",
                    "/funding/acceptances/", "/funding/terminations/")),
        Item("funding:my-funding", _("Funds"), "coin-yuan", ORGANISATION_ROLES, mobile=True,
             areas=("/funding/tranches/", "/funding/contracts/", "/funding/expenditures/", "/funding/awards/",
                    "/funding/relays/", "/funding/cofunding/", "/funding/compensations/", "/funding/subsidies/",
                    "/funding/recoveries/",
                    "/funding/acceptances/", "/funding/terminations/")),
    )),
    Section(_("Review"), (
        Item("funding:call-list", _("Calls"), "calendar-event", BUSINESS),
        Item("funding:grading-board", _("Ranking and decision"), "chart-bar", MONEY, areas=("/funding/scenarios/",),
             masks=("/funding/calls/*/board/", "/funding/calls/*/scenarios/")),
        Item("funding:notice-list", _("Public notices"), "speakerphone", BUSINESS,
             areas=("/funding/objections/", "/reports/grades/")),
        Item("funding:draw-list", _("Draws of experts"), "rosette",
             frozenset({Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR}),
             areas=("/funding/namings/", "/funding/assignments/")),
        Item("funding:invitation-list", _("Experts to wait for"), "hourglass",
             frozenset({Role.ACCEPTANCE, Role.SUPERVISOR})),
        Item("funding:session-list", _("Defences and site visits"), "calendar-event",
             frozenset({Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SECRETARY, Role.SUPERVISOR})),
        Item("members:expert-list", _("Expert pool"), "users-group",
             EXPERT_READERS),
    )),
    Section(_("The year"), (
        Item("reports:cycle-list", _("Annual evaluation"), "flag", OFFICIALS,
             areas=("/reports/evaluations/", "/reports/appeals/")),
        Item("reports:my-evaluations", _("Annual evaluation"), "flag",
             LEADING | {Role.EXPERT}, areas=("/reports/evaluations/",)),
        Item("reports:report-list", _("Reports"), "file-text", OFFICIALS | LEADING,
             areas=("/reports/published/", "/reports/cases/")),
        Item("consortia:outcome-list", _("Register of outcomes"), "certificate", OFFICIALS,
             areas=("/consortia/duplicates/",)),
        Item("consortia:platform-list", _("Joint platforms"), "building-community", OFFICIALS,
             areas=("/consortia/direct/",)),
        Item("consortia:demand-list", _("Demands"), "help-circle", BUSINESS),
        Item("consortia:institution-list", _("Institutions"), "school", BUSINESS),
        Item("consortia:supervision-list", _("Supervision list"), "checklist", SUPERVISING,
             areas=("/consortia/issues/",)),
    )),
    Section(_("Data"), (
        Item("reports:dashboard", _("Funding overview"), "chart-bar", BUREAU),
        Item("reports:export-list", _("Funding reports"), "file-export", MONEY | LEADING | {Role.DISTRICT_OFFICER}),
        Item("members:organisation-list", _("Organisations"), "building", OFFICIALS,
             areas=("/members/years/", "/members/qualifications/")),
        Item("members:integrity-list", _("Integrity records"), "gavel", OFFICIALS),
        Item("members:organisation-own", _("My organisation"), "building", ORGANISATION_ROLES),
        Item("members:role-list", _("Roles"), "shield-check", BUREAU | ADMINISTRATORS),
        Item("members:user-list", _("People"), "users", frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})),
        Item("funding:limit-list", _("Approval limits"), "lock", frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})),
        Item("members:correction-list", _("Corrections"), "user-check",
             frozenset({Role.ORG_ADMIN, Role.SYSTEM_ADMIN})),
        Item("members:mail-text-list", _("Texts of mails"), "mail", frozenset({Role.OFFICER, Role.HEAD})),
        Item("members:letter-list", _("Outbox"), "mail-forward", frozenset({Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN})),
        Item("funding:separation", _("Separation of duties"), "scale",
             frozenset({Role.AUDIT_ADMIN, Role.SUPERVISOR})),
        Item("reports:replay-list", _("Replay of decisions"), "fingerprint",
             frozenset({Role.AUDIT_ADMIN, Role.SUPERVISOR, Role.LEADER})),
        Item("reports:audit-list", _("Audit trail"), "history", frozenset({Role.AUDIT_ADMIN, Role.SUPERVISOR})),
    )),
)  # fmt: skip


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sections with at least one entry for the signed-in user; the entry with the nearest address is current."""
    roles = request.user.roles if request.user.is_authenticated else set()
    shown = [(section, [item for item in section.items if not item.roles.isdisjoint(roles)]) for section in SECTIONS]
    nearest = max((_nearness(item, request.path) for _section, items in shown for item in items), default=0)
    return [
        {"title": section.title, "items": [_entry(item, request.path, nearest) for item in items]}
        for section, items in shown
        if items
    ]


def _nearness(item: Item, path: str) -> int:
    """How much of the path an entry covers."""
    if any(fnmatchcase(path, mask) for mask in item.masks):
        return len(path)
    return max(len(area) if path.startswith(area) else 0 for area in (reverse(item.url), *item.areas))


def _entry(item: Item, path: str, nearest: int) -> dict[str, Any]:
    current = 0 < _nearness(item, path) == nearest
    return {"url": reverse(item.url), "label": item.label, "icon": item.icon, "current": current, "mobile": item.mobile}


PUBLIC = (
    ("public-home", _("Home")),
    ("consortia:public-consortium-list", _("Consortia")),
    ("funding:call-list", _("Calls")),
    ("funding:notice-list", _("Public notices")),
)


def public_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries of the public pages."""
    entries = [(reverse(name), label) for name, label in PUBLIC]
    return [{"url": url, "label": label, "current": _covers(url, request.path)} for url, label in entries]


def _covers(url: str, path: str) -> bool:
    """The first page covers only itself."""
    return path == url or (url != reverse("public-home") and path.startswith(url))
