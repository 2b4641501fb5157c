"""What may stand in curly brackets in the text of a mail: a word for it, and a sample for the preview."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Placeholder:
    """The word stands in brackets where no value is known; the sample shows how a value would read."""

    word: str | Promise
    sample: str | Promise


def _said(word: str | Promise, sample: str | Promise) -> Placeholder:
    return Placeholder(word, sample)


COMMON = {
    "person": _said(_("name of the receiver"), _("Sample Person")),
    "notice": _said(_("sentence of the notice"), "…"),
    "link": _said(_("address of the page it is about"), "https://portal.example/notifications/…"),
    "settings": _said(_("address of the receiver's mail settings"), "https://portal.example/notifications/choices/"),
    "bureau": _said(_("name of the bureau"), "…"),
}
OF_DIGEST = {
    "count": _said(_("number of notices"), "3"),
    "day": _said(_("day"), "2026-09-15"),
    "notices": _said(_("list of the notices"), "…"),
}
OF_ACCOUNTS = {
    "link": _said(_("personal link"), "https://portal.example/…"),
    "reset": _said(_("address where a password is set"), "https://portal.example/account/password/reset/"),
    "signin": _said(_("address of the sign-in"), "https://portal.example/account/login/"),
    "register": _said(_("address of the registration"), "https://portal.example/members/register/"),
    "until": _said(_("time until which it holds"), "2026-09-30 17:00"),
    "day": _said(_("day"), "2026-09-30"),
    "inviter": _said(_("who invites"), _("Sample Person")),
    "organisation": _said(_("organisation"), _("Sample Technology Co., Ltd.")),
    "roles": _said(_("list of the roles"), "- …"),
}
FACTS = {
    "account": _said(_("masked account"), "****6789"),
    "address": _said(_("network address"), "192.0.2.17"),
    "case": _said(_("number of the case"), "TC-2026-0001"),
    "closes": _said(_("time of the deadline"), "2026-09-30 17:00"),
    "consortium": _said(_("consortium"), _("Sample Intelligent Sensing Consortium")),
    "count": _said(_("how many"), "3"),
    "district": _said(_("district"), _("Sample District")),
    "due": _said(_("date of the deadline"), "2026-09-30"),
    "duty": _said(_("obligation"), _("sample: hand in the yearly account")),
    "expert": _said(_("expert"), _("Expert 1")),
    "first": _said(_("first fault"), _("sample: entry 17 does not fit")),
    "leaver": _said(_("person who leaves"), _("Sample Person")),
    "n": _said(_("how many"), "3"),
    "name": _said(_("name"), _("Sample Intelligent Sensing Consortium")),
    "note": _said(_("note"), _("sample: the figures do not add up")),
    "number": _said(pgettext_lazy("placeholder", "number"), "SB-2026-0001"),
    "organisation": _said(_("organisation"), _("Sample Technology Co., Ltd.")),
    "other": _said(_("the other consortium"), _("Sample New Materials Consortium")),
    "outcome": _said(_("outcome"), _("sample: a patent")),
    "percent": _said(_("share of the text"), "23%"),
    "person": _said(_("person"), _("Sample Person")),
    "place": _said(_("organisation or district"), _("Sample Technology Co., Ltd.")),
    "platform": _said(_("platform"), _("Sample Joint Laboratory")),
    "proposer": _said(_("proposer"), _("Sample Person")),
    "qualification": _said(_("qualification"), _("High-tech enterprise")),
    "reason": _said(_("reason"), _("sample: the figures do not add up")),
    "row": _said(_("work concerned"), _("sample: a research task")),
    "section": _said(_("section of the form"), _("sample: basis of the work")),
    "sequence": _said(_("number of the tranche"), "2"),
    "subject": _said(_("subject"), _("sample: dates of the yearly meeting")),
    "taker": _said(_("organisation that takes over"), _("Sample Technology Co., Ltd.")),
    "tier": _said(_("tier"), "B"),
    "title": _said(_("title"), _("sample: call of the year 2026")),
    "until": _said(_("last day"), "2026-09-30"),
    "version": _said(_("version"), "2"),
    "views": _said(_("names of the views"), _("sample view +2")),
    "year": _said(_("year"), "2026"),
}


def fact(name: str) -> Placeholder:
    """What is known of a fact, by its name."""
    return FACTS.get(name) or Placeholder(name, f"[{name}]")


def word(name: str) -> str:
    """[联合体]: a fact of which only its kind is known."""
    return f"[{fact(name).word}]"
