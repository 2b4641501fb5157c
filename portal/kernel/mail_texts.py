"""What mails say: a built-in text for each kind, and in its place the one that the bureau has written.

Facts stand in curly brackets, as {consortium}; which ones a text may use is asked when it is saved.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel import account_mails, audit, notifications, placeholders
from portal.kernel.actions import Action
from portal.kernel.authz import require
from portal.kernel.enumerating import enumerated
from portal.kernel.models import MailText
from portal.kernel.placeholders import COMMON, OF_DIGEST, Placeholder
from portal.kernel.workflow import TransitionRefused

DIGEST = "digest"
FIELDS = ("subject_zh", "body_zh", "subject_en", "body_en")
SUFFIX = {"zh-hans": "zh", "en": "en"}
TOKEN = re.compile(r"\{(\w+)\}")
CHANGED = _("Somebody else has saved another text meanwhile. Compare it below, and save again if yours is to hold.")

NOTICE_SUBJECT = _("{notice}")
NOTICE_BODY = _(
    "Good day, {person},\n\n{notice}\n\nOpen it here:\n{link}\n\n"
    "You choose which notices reach you by mail:\n{settings}\n\nChuanglian, the innovation consortia portal\n{bureau}"
)
DIGEST_SUBJECT = _("Your notices of {day}: {count}")
DIGEST_BODY = _(
    "Good day, {person},\n\nthese notices wait for you in the portal:\n\n{notices}\n\nAll of them:\n{link}\n\n"
    "You choose which notices reach you by mail:\n{settings}\n\nChuanglian, the innovation consortia portal\n{bureau}"
)


@dataclass(frozen=True)
class Text:
    """Subject and body of a mail in one language, with or without its facts."""

    subject: str
    body: str

    def filled(self, values: Mapping[str, Any]) -> "Text":
        """With the facts in place; a fact that is not known leaves nothing."""
        return Text(
            *(TOKEN.sub(lambda found: str(values.get(found[1], "")), part) for part in (self.subject, self.body))
        )


# --- the texts ---------------------------------------------------------------------------------
def kinds() -> list[str]:
    """Every kind of mail whose text can be changed."""
    return [DIGEST, *account_mails.MAILS, *notifications.KINDS]


def builtin(language: str, kind: str) -> Text:
    """The text that comes with the portal."""
    if kind in account_mails.MAILS:
        return Text(*account_mails.builtin(kind, language))
    with translation.override(language):
        if kind == DIGEST:
            return Text(str(DIGEST_SUBJECT), str(DIGEST_BODY))
        return Text(str(NOTICE_SUBJECT), str(NOTICE_BODY))


def written(text: MailText, language: str) -> Text:
    """A version in one language; the built-in text when that is what the version says."""
    if text.builtin:
        return builtin(language, text.kind)
    end = SUFFIX[language]
    return Text(getattr(text, f"subject_{end}"), getattr(text, f"body_{end}"))


def versions(kind: str) -> QuerySet[MailText]:
    """What was written for a kind, newest first."""
    return MailText.objects.filter(kind=kind).select_related("changed_by").order_by("-version")


def in_force(wanted: set[str]) -> dict[str, MailText]:
    """The newest version of each of these kinds that has any; one query."""
    rows = MailText.objects.filter(kind__in=wanted).order_by("kind", "-version").distinct("kind")
    return {row.kind: row for row in rows}


def compose(kind: str, language: str, values: Mapping[str, Any], own: MailText | None) -> Text:
    """The mail as it goes out: by the version `own`, or the built-in text."""
    with translation.override(language):
        common = {"settings": address(reverse("notice-choices")), "bureau": settings.CITY["bureau"]}
        text = written(own, language) if own else builtin(language, kind)
        return text.filled({**values, **common})


def account_mail(kind: str, language: str, context: Mapping[str, Any]) -> Text | None:
    """A mail about an account as the bureau has written it; None where the built-in text holds."""
    own = in_force({kind}).get(kind) if kind in account_mails.MAILS else None
    if own is None or own.builtin:
        return None
    with translation.override(language):
        return written(own, language).filled({**account_mails.values(context), "bureau": settings.CITY["bureau"]})


def address(path: str) -> str:
    """The whole address of a page of the portal."""
    return f"{settings.PUBLIC_URL}{path}"


def allowed(kind: str) -> dict[str, Placeholder]:
    """What the text of a kind may use, by name."""
    if kind in account_mails.MAILS:
        return account_mails.allowed(kind)
    if kind == DIGEST:
        return {name: COMMON[name] for name in ("person", "link", "settings", "bureau")} | OF_DIGEST
    return {name: placeholders.fact(name) for name in notifications.facts_named(kind)} | COMMON


def sampled(kind: str, text: Text) -> Text:
    """The text with sample facts, in the language of the reader."""
    values: dict[str, Any] = {name: one.sample for name, one in allowed(kind).items()}
    values["bureau"] = settings.CITY["bureau"]
    if kind == DIGEST:
        values["notices"] = f"- {gettext('A first notice.')}\n- {gettext('A second notice.')}"
    elif kind in notifications.KINDS:
        title = str(notifications.KINDS[kind].title)
        values["notice"] = title % {name: placeholders.fact(name).sample for name in notifications.facts_named(kind)}
    return text.filled(values)


def language_of_reader() -> str:
    """One of the two in which texts are written."""
    return get_language() if get_language() in SUFFIX else settings.LANGUAGE_CODE


# --- writing them ------------------------------------------------------------------------------
def update_mail_text(*, kind: str, texts: Mapping[str, str], seen: int, actor: Any, at: datetime) -> MailText:
    """A new version from now on; `texts` are FIELDS. Raises ValidationError by field.

    Raises TransitionRefused when `seen` is not the newest version any more.
    """
    require(actor, "members.update_mail_text")
    clean = {name: texts.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    check(kind, clean)
    return _add(kind, seen, actor, at, Action.UPDATE_MAIL_TEXT, **clean)


def restore_mail_text(*, kind: str, seen: int, actor: Any, at: datetime) -> MailText:
    """Back to the text that comes with the portal. Raises TransitionRefused."""
    require(actor, "members.update_mail_text")
    newest = versions(kind).first()
    if newest is None or newest.builtin:
        raise TransitionRefused(_("The built-in text holds already."))
    return _add(kind, seen, actor, at, Action.RESTORE_MAIL_TEXT, builtin=True)


def _add(kind: str, seen: int, actor: Any, at: datetime, action: Action, **texts: Any) -> MailText:
    try:
        with transaction.atomic():
            newest = versions(kind).select_for_update(of=("self",)).first()
            if (newest.version if newest else 0) != seen:
                raise TransitionRefused(CHANGED)
            text = MailText.objects.create(kind=kind, version=seen + 1, changed_by=actor, created_at=at, **texts)
            changed = sorted(name for name in FIELDS if getattr(text, name) != getattr(newest, name, ""))
            facts = {"kind": kind, "version": text.version, "fields": changed}
            audit.record(actor=actor, action=action, subject=text, at=at, facts=facts)
    except IntegrityError as error:
        raise TransitionRefused(CHANGED) from error
    return text


def check(kind: str, texts: Mapping[str, str]) -> None:
    """Raise ValidationError by field for an empty text, an unknown fact or a lonely bracket."""
    known = allowed(kind)
    faults = {name: fault for name in FIELDS if (fault := _fault(name, texts[name], known))}
    for name in ("body_zh", "body_en"):
        if kind == DIGEST and name not in faults and "{notices}" not in texts[name]:
            faults[name] = _("Without {notices} the daily mail would tell nothing.")
    if kind in account_mails.MAILS:
        more = {name: account_mails.fault(kind, name, texts[name]) for name in FIELDS if name not in faults}
        faults |= {name: sentence for name, sentence in more.items() if sentence}
    if faults:
        raise ValidationError(faults)


def _fault(name: str, text: str, known: Mapping[str, Placeholder]) -> Any:
    if not text:
        return _("This text is empty. Write it in both languages.")
    strange = sorted({found for found in TOKEN.findall(text) if found not in known})
    if strange:
        return _("%(names)s cannot stand in this mail. Use one of the facts listed beside the form.") % {
            "names": enumerated(f"{{{one}}}" for one in strange)
        }
    if set(TOKEN.sub("", text)) & set("{}"):
        return _("A curly bracket stands alone. A fact is written as {person}.")
    if name.startswith("subject") and "\n" in text:
        return _("A subject is one line.")
    return ""
