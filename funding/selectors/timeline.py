"""What has happened to an application, for officials and for those who wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application
from funding.selectors.readings import part_titles
from portal.kernel import audit
from portal.kernel.models import AuditEntry

Text = str | Promise


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
    Action.TAKE_BACK: ("arrow-back-up", "warn"), Action.PUBLICISE: ("speakerphone", "info"),
    Action.OBJECT: ("alert-circle", "warn"), Action.CLEAR: ("shield-check", "ok"),
    Action.RESUME: ("shield-check", "info"), Action.SUSPEND: ("player-pause", "warn"),
    Action.END_SUSPENDED: ("x", "bad"), Action.TELL_OUTCOME: ("mail", "info"),
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
    Action.END_SUSPENDED: _("Not supported this time"),
    Action.DECLINE: _("Not supported this time"),
    Action.OVERTURN: _("Not supported this time"),
    Action.PUBLICISE: _("In public notice"),
    Action.APPROVE: _("Approved"),
    Action.TAKE_BACK: _("Taken back for editing"),
    Action.WITHDRAW: _("Withdrawn"),
}
REASONED = {Action.RETURN, Action.DECLINE_RECOMMENDATION, Action.REQUEST_CORRECTION, Action.REJECT, Action.WITHDRAW,
            Action.END_SUSPENDED}  # fmt: skip
OUTCOMES = {Action.DECLINE, Action.PUBLICISE}  # steps that hold back what they come to
QUIET = {Action.OPEN, Action.EDIT, Action.ATTACH, Action.DETACH, Action.CHECK_SIMILARITY}


def timeline(application: Application) -> list[Event]:
    """What the officials see: every step with who took it, newest first, without the saves of the draft."""
    words, titles = dict(Action.choices), part_titles(application)
    entries = audit.trail(application).exclude(action__in=QUIET)
    return [
        _event(entry, words.get(entry.action, entry.action), entry.note or _changed(entry, titles), entry.actor_name)
        for entry in entries
    ]


def told(application: Application) -> list[Event]:
    """What the applicant sees: the steps it may know of, without names of officials."""
    entries = list(audit.trail(application).filter(action__in=TOLD))
    if application.is_held_back:
        last = next((one for one in entries if one.action in OUTCOMES), None)
        entries = [one for one in entries if one is not last]
    return [_event(entry, TOLD[entry.action], entry.note if entry.action in REASONED else "") for entry in entries]


def _changed(entry: AuditEntry, titles: Mapping[str, Text]) -> str:
    """What differs from the submission before."""
    if "changed" not in entry.facts or entry.action != Action.SUBMIT:
        return ""
    names = gettext(", ").join(str(titles.get(code, code)) for code in entry.facts["changed"])
    return gettext("Changed since the last submission: %(names)s") % {"names": names or gettext("nothing")}


def _event(entry: AuditEntry, text: Any, note: str, who: str = "") -> Event:
    icon, kind = LOOKS.get(Action(entry.action), ("point", "")) if entry.action in Action.values else ("point", "")
    return Event(entry.at, text, icon, kind, who, note)
