"""How far a draft is, and what stands in the way of its submission."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consortia.selectors import PreparationItem, preparation_of
from funding.models import Application, BudgetItem
from funding.rules import designs, eligibility
from funding.rules.eligibility import Finding
from funding.rules.returns import AVOID, FILES
from funding.rules.sections import BASICS, BUDGET, ELIGIBILITY, TEXTS, Section
from funding.selectors.answers import Sheet, sheet_of
from funding.selectors.budgets import budget_faults, budget_of, line_of, summary
from funding.selectors.eligibility import wrong_kind
from funding.selectors.snapshots import check_eligibility, whole_consortium
from funding.selectors.writers import writers_of
from members.models import User

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
    findings, writers, sheet = check_eligibility(application, at), writers_of(application), sheet_of(application)
    items = preparation_of(whole_consortium(application)).items
    budget = budget_of(application)
    faults = budget_faults(application, budget)
    groups = (
        Group(
            _("Before you begin"),
            (_eligibility_task(application, findings), _section_task(application, BASICS, writers)),
        ),
        Group(_("Consortium"), tuple(_preparation_task(item) for item in items)),
        Group(
            _("Application form"),
            (
                *(_section_task(application, section, writers) for section in TEXTS),
                _budget_task(application, budget, faults, writers),
            ),
        ),
        *_designed_groups(application, sheet, writers),
        Group(_("Files"), (_files_task(application), _avoid_task(application))),
    )
    obstacles = (*_obstacles(application, items, findings, faults), *_open_points(application, sheet))
    return Progress(groups, obstacles, tuple(findings))


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


def _obstacles(
    application: Application, items: tuple[PreparationItem, ...], findings: list[Finding], faults: list[str]
) -> list[Obstacle]:
    here = section_url(application, ELIGIBILITY)
    reason = _("Please give a reason for this deviation: %(finding)s")
    return [
        *(Obstacle(text, section_url(application, BASICS)) for text in _wrong_kind(application)),
        *(Obstacle(finding.text, here) for finding in eligibility.hard(findings)),
        *(Obstacle(reason % {"finding": finding.text}, here) for finding in unjustified(application, findings)),
        *(_unprepared(item) for item in items if not item.complete),
        *_few_technologies(application, items),
        *(
            Obstacle(_("Still empty: %(title)s") % {"title": section.title}, section_url(application, section))
            for section in empty_sections(application)
        ),
        *(Obstacle(fault, section_url(application, BUDGET)) for fault in faults),
    ]


def _wrong_kind(application: Application) -> list[Text]:
    return wrong_kind(application.call, whole_consortium(application), application.requested_tier)


def _open_points(application: Application, sheet: Sheet | None) -> Iterator[Obstacle]:
    """What the designed form still waits for, each with a link to its question."""
    for section in application.designed if sheet else ():
        for state in sheet.open_points(section) if sheet else ():
            url = f"{section_url(application, section)}#ask-{state.question.code}"
            words = {"title": str(section.title), "question": str(state.question.label)}
            missing = _("Still empty: %(title)s, %(question)s") % words
            yield Obstacle(missing if state.missing else str(state.question.message), url)


def designed_gaps(application: Application) -> list[str]:
    """The titles of the designed sections that a submission still waits for."""
    sheet = sheet_of(application)
    return [str(one.title) for one in application.designed if sheet and sheet.open_points(one)]


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
def section_url(application: Application, section: Section | designs.Section) -> str:
    """The page on which a section is written."""
    if isinstance(section, designs.Section):
        return reverse("funding:answers-edit", args=[application.pk, section.code])
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


def _budget_task(
    application: Application, items: list[BudgetItem], faults: list[str], writers: Mapping[str, list[User]]
) -> Task:
    task = _section_task(application, BUDGET, writers)
    if not application.is_reopened(BUDGET.code):
        return task
    if not items:
        return replace(task, hint=BUDGET.hint, state="line", status=_("To be written"), icon="")
    if faults:
        return replace(task, hint=faults[0], state="warn", status=_("Does not fit yet"), icon="alert-circle")
    return replace(task, hint=summary(map(line_of, items)))


def _designed_groups(
    application: Application, sheet: Sheet | None, writers: Mapping[str, list[User]]
) -> tuple[Group, ...]:
    if sheet is None:
        return ()
    tasks = tuple(_designed_task(application, sheet, section, writers) for section in application.designed)
    return (Group(_("Questions of this call"), tasks),)


def _designed_task(
    application: Application, sheet: Sheet, section: designs.Section, writers: Mapping[str, list[User]]
) -> Task:
    title, url = str(section.title), section_url(application, section)
    if not application.is_reopened(section.code):
        return _closed_task(title, url)
    saved = application.sections.get(section.code, {})
    asked, filled = sheet.asked(section), sheet.filled(section)
    told = gettext("%(filled)s of %(asked)s questions are answered") % {"filled": filled, "asked": len(asked)}
    return Task(
        title,
        told if saved or filled else str(section.hint),
        url,
        *_designed_look(sheet, section),
        who=saved.get("by", ""),
        at=datetime.fromisoformat(saved["at"]) if saved else None,
        section=section.code,
        writers=tuple(map(str, writers.get(section.code, ()))),
    )


def _designed_look(sheet: Sheet, section: designs.Section) -> tuple[str, Text, str]:
    """State, words and icon of the badge."""
    if any(state.wrong for state in sheet.open_points(section)):
        return "warn", _("To be checked"), "alert-circle"
    if sheet.open_points(section):
        return "line", _("To be written"), ""
    compulsory = any(state.required for state in sheet.asked(section))
    if not compulsory and not sheet.filled(section):
        return "info", _("Optional"), ""
    return "ok", _("Done"), "check"


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


def _avoid_task(application: Application) -> Task:
    title = _("Experts to be avoided")
    if not application.is_reopened(AVOID):
        return _closed_task(title, reverse("funding:application-print", args=[application.pk]))
    count = application.avoidances.count()
    hint = gettext("%(count)s names") % {"count": count} if count else _("Confidential; most applications name nobody")
    look: tuple[str, Text, str] = ("ok", _("Named"), "check") if count else ("info", _("Optional"), "")
    return Task(title, hint, reverse("funding:application-avoid", args=[application.pk]), *look)
