"""Mails about accounts and the way into the portal: the built-in texts in the form in which the bureau writes its own.

What somebody must find in such a mail, the address where it goes on and until when that is good, has to stay in every
text; and no other address may stand there, so that nobody is led elsewhere in the portal's name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel.placeholders import COMMON, OF_ACCOUNTS, Placeholder

NAMED = {"name": "person", "path": "link"}  # variables of the templates that stand under another name in texts
PAGES = {"reset": "account_reset_password", "signin": "account_login", "register": "members:register"}
NEEDED = {"link", "until", "day", *PAGES}
TOKEN = re.compile(r"\{(\w+)\}")
ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE)
ROLES = "- {roles}\n"  # as the template writes one row of the list


@dataclass(frozen=True)
class AccountMail:
    """One kind: what it is called, its subject (an English msgid), and the variables of its template."""

    label: str | Promise
    subject: str
    variables: tuple[str, ...]


MAILS: dict[str, AccountMail] = {}


def register(kind: str, *, label: str | Promise, subject: str, variables: tuple[str, ...] = ()) -> None:
    """Declare the mail of templates/mail/<kind>.txt."""
    MAILS[kind] = AccountMail(label, subject, variables)


def builtin(kind: str, language: str) -> tuple[str, str]:
    """Subject and text as they come with the portal, facts in curly brackets."""
    mail = MAILS[kind]
    names = {name: f"{{{NAMED.get(name, name)}}}" for name in mail.variables}
    context = {**names, "roles": [names.get("roles", "")], "base_url": settings.PUBLIC_URL}
    with translation.override(language):
        body = render_to_string(f"mail/{kind}.txt", context).strip().replace(ROLES, "{roles}\n")
        for name, address in _pages().items():
            body = body.replace(address, f"{{{name}}}")
        return gettext(mail.subject) % names, body.replace(f"{settings.PUBLIC_URL}{{link}}", "{link}")


def values(context: Mapping[str, Any]) -> dict[str, Any]:
    """What stands for the facts of one mail; `context` is that of its template, read in the language of the reader."""
    found = {NAMED.get(name, name): value for name, value in context.items()}
    if "link" in found:
        found["link"] = f"{settings.PUBLIC_URL}{found['link']}"
    found["roles"] = "\n".join(f"- {gettext(role)}" for role in found.get("roles", ()))
    return {**found, **_pages()}


def _pages() -> dict[str, str]:
    return {name: f"{settings.PUBLIC_URL}{reverse(view)}" for name, view in PAGES.items()}


def allowed(kind: str) -> dict[str, Placeholder]:
    """What a text of this kind may use: what the built-in one does, and the name of the bureau."""
    known = {**OF_ACCOUNTS, "person": COMMON["person"], "bureau": COMMON["bureau"]}
    used = TOKEN.findall(" ".join(builtin(kind, settings.LANGUAGE_CODE)))
    return {name: known[name] for name in dict.fromkeys([*used, "bureau"])}


def needed(kind: str) -> list[str]:
    """What must stay in the text of this kind."""
    return [name for name in allowed(kind) if name in NEEDED] if kind in MAILS else []


def fault(kind: str, name: str, text: str) -> str | Promise:
    """What is wrong with the field `name` beyond what every mail must keep to; empty for nothing."""
    if ADDRESS.search(text):
        return _("An address stands in this mail as a fact only, as {link}, so that nobody is led elsewhere.")
    used = set(TOKEN.findall(text))
    if name.startswith("subject"):
        return _("An address cannot stand in the subject.") if used & {"link", *PAGES} else ""
    missing = [f"{{{one}}}" for one in needed(kind) if one not in used]
    return _("%(name)s must stay in this mail.") % {"name": missing[0]} if missing else ""
