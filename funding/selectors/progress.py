"""How far a draft is, what stands in the way of its submission, and what has happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.selectors import PreparationItem, preparation_of
from funding.enums import Action
from funding.models import Application
from funding.rules import eligibility
from funding.rules.eligibility import Finding
from funding.rules.returns import FILES
from funding.rules.sections import BASICS, ELIGIBILITY, TEXTS, Section
from funding.selectors.readings import PARTS
from funding.selectors.snapshots import check_eligibility, whole_consortium
from funding.selectors.writers import writers_of
from members.models import User
from portal.kernel import audit
from portal.kernel.models import AuditEntry

Text = str | Promise


@dataclass(frozen=True)
class Task:
    """One line of the applicant's task list. `state` is the tint of its badge: ok, info, warn, bad or line."""

    title: Text
    hint: Text
    url: str
    state: str
    status: Text
    icon: str = ""
    who: str = ""
    at: datetime | None = None
    section: str = ""  # its code, if it is one that can be given to somebody
    writers: tuple[str, ...] = ()  # to whom it was given

    @property
    def done(self) -> bool:
        """Nothing is left to do here."""
        return self.state == "ok"

    @property
    def counts(self) -> bool:
        """Part of what has to be done; something optional only once it is done."""
        return self.state != "info"


@dataclass(frozen=True)
class Group:
    """A titled part of the task list."""

    title: Text
    tasks: tuple[Task, ...]

    @property
    def counted(self) -> list[Task]:
        """The tasks without those that may be left out and are."""
        return [task for task in self.tasks if task.counts]

    @property
    def done(self) -> int:
        """How many of its tasks are done."""
        return sum(task.done for task in self.tasks)


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of the submission, and where it can be removed."""

    text: Text
    url: str


@dataclass(frozen=True)
class Progress:
    """The whole state of a draft."""

    groups: tuple[Group, ...]
    obstacles: tuple[Obstacle, ...]
    findings: tuple[Finding, ...]

    @property
    def tasks(self) -> list[Task]:
        """The tasks of all groups; what may be left out counts once it is done."""
        return [task for group in self.groups for task in group.counted]

    @property
    def done(self) -> int:
        """How many tasks are done."""
        return sum(task.done for task in self.tasks)

    @property
    def ready(self) -> bool:
        """Nothing of the applicant's is missing any more."""
        return not self.obstacles


def progress(application: Application, at: datetime) -> Progress:
    """The task list of a draft and what is missing in it, in a constant number of queries."""
    findings, writers = check_eligibility(application, at), writers_of(application)
    items = preparation_of(whole_consortium(application)).items
    groups = (
        Group(
            _("Before you begin"),
            (_eligibility_task(application, findings), _section_task(application, BASICS, writers)),
        ),
        Group(_("Consortium"), tuple(_preparation_task(item) for item in items)),
        Group(_("Application form"), tuple(_section_task(application, section, writers) for section in TEXTS)),
        Group(_("Files"), (_files_task(application),)),
    )
    return Progress(groups, tuple(_obstacles(application, items, findings)), tuple(findings))


# --- what is missing ---------------------------------------------------------------------------
def empty_sections(application: Application) -> list[Section]:
    """The sections that must be filled and are not."""
    return [section for section in (BASICS, *TEXTS) if not is_filled(application, section)]


def is_filled(application: Application, section: Section) -> bool:
    """Whether the section holds what a submission needs."""
    if section is BASICS:
        return application.requested_amount > 0 or not application.call.cap(application.requested_tier)
    return all(str(getattr(application, name)).strip() for name in section.fields)


def unjustified(application: Application, findings: list[Finding]) -> list[Finding]:
    """The soft findings, as long as no reason is given."""
    return [] if application.justification.strip() else eligibility.soft(findings)


def _obstacles(application: Application, items: tuple[PreparationItem, ...], findings: list[Finding]) -> list[Obstacle]:
    here = section_url(application, ELIGIBILITY)
    reason = _("Please give a reason for this deviation: %(finding)s")
    return [
        *(Obstacle(finding.text, here) for finding in eligibility.hard(findings)),
        *(Obstacle(reason % {"finding": finding.text}, here) for finding in unjustified(application, findings)),
        *(_unprepared(item) for item in items if not item.complete),
        *_few_technologies(application, items),
        *(
            Obstacle(_("Still empty: %(title)s") % {"title": section.title}, section_url(application, section))
            for section in empty_sections(application)
        ),
    ]


def _unprepared(item: PreparationItem) -> Obstacle:
    waiting = _waiting_for(item)
    return Obstacle(f"{item.step.label} ({item.done}/{item.total}){waiting and ' · '}{waiting}", item.url)


def _few_technologies(application: Application, items: tuple[PreparationItem, ...]) -> list[Obstacle]:
    needed = application.call.rules.data["eligibility"]["min_technologies"]
    item = next(item for item in items if item.step == "technologies")
    if not item.complete or item.done >= needed:
        return []
    return [Obstacle(_("The key-technology list needs at least %(needed)s entries.") % {"needed": needed}, item.url)]


def _waiting_for(item: PreparationItem) -> str:
    waiting = gettext("waiting for %(names)s") % {"names": gettext(", ").join(item.waiting)} if item.waiting else ""
    return " · ".join(filter(None, (item.shortfall, waiting)))


# --- the tasks ---------------------------------------------------------------------------------
def section_url(application: Application, section: Section) -> str:
    """The page on which a section is written."""
    return reverse("funding:application-edit", args=[application.pk, section.code])


def _section_task(application: Application, section: Section, writers: Mapping[str, list[User]]) -> Task:
    if not application.is_reopened(section.code):
        return _closed_task(section.title, section_url(application, section))
    filled = is_filled(application, section)
    saved = application.sections.get(section.code, {})
    return Task(
        section.title,
        _written(application, section) if filled else section.hint,
        section_url(application, section),
        state="ok" if filled else "line",
        status=_("Done") if filled else _("To be written"),
        icon="check" if filled else "",
        who=saved.get("by", ""),
        at=datetime.fromisoformat(saved["at"]) if saved else None,
        section=section.code,
        writers=tuple(map(str, writers.get(section.code, ()))),
    )


def _closed_task(title: Text, url: str) -> Task:
    """A part that was not returned: it counts as done."""
    return Task(title, _("Stands as it was submitted"), url, state="ok", status=_("Not returned"), icon="lock")


def _written(application: Application, section: Section) -> str:
    if section.limit:
        length = len(getattr(application, section.code))
        return gettext("%(length)s of %(limit)s characters") % {"length": f"{length:,}", "limit": f"{section.limit:,}"}
    amount = f"{application.requested_amount / 10_000:,.2f}"
    words = {"tier": application.get_requested_tier_display(), "amount": amount}
    return gettext("%(tier)s, %(amount)s ×10k yuan") % words


def _eligibility_task(application: Application, findings: list[Finding]) -> Task:
    bars, open_ = eligibility.hard(findings), unjustified(application, findings)
    met = sum(finding.met for finding in findings)
    hint = gettext("%(met)s of %(total)s conditions are met") % {"met": met, "total": len(findings)}
    look: tuple[str, Text, str]
    if bars:
        look = ("bad", _("Cannot apply"), "alert-circle")
    elif open_:
        look = ("warn", _("Reason needed"), "alert-circle")
    else:
        look = ("ok", _("Done"), "check")
    return Task(ELIGIBILITY.title, hint, section_url(application, ELIGIBILITY), *look)


def _preparation_task(item: PreparationItem) -> Task:
    waiting = _waiting_for(item)
    hint = f"{item.done}/{item.total}{waiting and ' · '}{waiting}"
    look: tuple[str, Text, str] = ("ok", _("Done"), "check") if item.complete else ("warn", _("Waiting"), "hourglass")
    return Task(item.step.label, hint, item.url, *look)


def _files_task(application: Application) -> Task:
    if not application.is_reopened(FILES):
        return _closed_task(_("Files"), reverse("funding:application-print", args=[application.pk]))
    count = application.files.count()
    hint = gettext("%(count)s files") % {"count": count} if count else _("Evidence, sealed pages, reports")
    look: tuple[str, Text, str] = ("ok", _("Attached"), "check") if count else ("info", _("Optional"), "")
    return Task(_("Files"), hint, reverse("funding:application-files", args=[application.pk]), *look)


# --- what has happened -------------------------------------------------------------------------
@dataclass(frozen=True)
class Event:
    """One line of a timeline."""

    at: datetime
    text: Text
    icon: str
    kind: str = ""
    who: str = ""
    note: str = ""


LOOKS = {
    Action.SUBMIT: ("send", "info"), Action.RECOMMEND: ("check", "ok"), Action.CHECK: ("checks", "ok"),
    Action.RETURN: ("arrow-back-up", "warn"), Action.REQUEST_CORRECTION: ("arrow-back-up", "warn"),
    Action.DECLINE_RECOMMENDATION: ("x", "bad"), Action.REJECT: ("x", "bad"), Action.DECLINE: ("x", "bad"),
    Action.OVERTURN: ("x", "bad"), Action.WITHDRAW: ("x", "bad"), Action.APPROVE: ("circle-check", "ok"),
    Action.PUBLICISE: ("speakerphone", "info"), Action.OBJECT: ("alert-circle", "warn"),
}  # fmt: skip

# What the applicant is told, in its words; everything else stays inside until the list is published.
TOLD: dict[str, Text] = {
    Action.START: _("Application started"),
    Action.SUBMIT: _("Submitted"),
    Action.RETURN: _("Returned by the district for correction"),
    Action.RECOMMEND: _("Recommended by the district, passed on to the bureau"),
    Action.DECLINE_RECOMMENDATION: _("Not recommended by the district"),
    Action.REQUEST_CORRECTION: _("Returned by the bureau for correction"),
    Action.CHECK: _("Formal check passed"),
    Action.REJECT: _("Formal check not passed"),
    Action.DECLINE: _("Not supported this time"),
    Action.OVERTURN: _("Not supported this time"),
    Action.PUBLICISE: _("In public notice"),
    Action.APPROVE: _("Approved"),
    Action.WITHDRAW: _("Withdrawn"),
}
REASONED = {Action.RETURN, Action.DECLINE_RECOMMENDATION, Action.REQUEST_CORRECTION, Action.REJECT, Action.WITHDRAW}
QUIET = {Action.EDIT, Action.ATTACH, Action.DETACH}


def timeline(application: Application) -> list[Event]:
    """What the officials see: every step with who took it, newest first, without the saves of the draft."""
    words = dict(Action.choices)
    entries = audit.trail(application).exclude(action__in=QUIET)
    return [
        _event(entry, words.get(entry.action, entry.action), entry.note or _changed(entry), entry.actor_name)
        for entry in entries
    ]


def told(application: Application) -> list[Event]:
    """What the applicant sees: the steps it may know of, without names of officials."""
    entries = audit.trail(application).filter(action__in=TOLD)
    return [_event(entry, TOLD[entry.action], entry.note if entry.action in REASONED else "") for entry in entries]


def _changed(entry: AuditEntry) -> str:
    """What differs from the submission before."""
    if "changed" not in entry.facts or entry.action != Action.SUBMIT:
        return ""
    names = gettext(", ").join(str(PARTS.get(code, code)) for code in entry.facts["changed"])
    return gettext("Changed since the last submission: %(names)s") % {"names": names or gettext("nothing")}


def _event(entry: AuditEntry, text: Any, note: str, who: str = "") -> Event:
    icon, kind = LOOKS.get(Action(entry.action), ("point", "")) if entry.action in Action.values else ("point", "")
    return Event(entry.at, text, icon, kind, who, note)
