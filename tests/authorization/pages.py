"""The fields that the forms of a page offer to write."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

TECHNICAL = {"csrfmiddlewaretoken", "idempotency_key", "next"}
FORM = re.compile(r"<form\b.*?</form\s*>", re.DOTALL | re.IGNORECASE)
NUMBER = re.compile(r"\d+")
UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")


class Forms(HTMLParser):
    """Collects (action, name) of every field in a form that is sent by POST."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.action = ""
        self.found: set[tuple[str, str]] = set()
        self.forms: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "form":
            sent = (facts.get("method") or "get").lower() == "post"
            self.action = urljoin(self.url, facts.get("action") or "") if sent else ""
            self.forms |= {self.action} if sent else set()
        elif tag in {"input", "select", "textarea", "button"} and self.action and facts.get("name"):
            self.found.add((facts.get("formaction") or self.action, str(facts["name"])))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.action = ""


def read(text: str, url: str) -> Forms:
    """The forms of a page; the rest of it, which is most, is not parsed."""
    forms = Forms(url)
    for form in FORM.findall(text):
        forms.feed(form)
    return forms


def keyless(forms: Forms) -> set[str]:
    """The addresses of forms without an idempotency key."""
    return {address(action) for action in forms.forms if (action, "idempotency_key") not in forms.found}


def inputs(forms: Forms) -> set[tuple[str, str]]:
    """(name of the address, field) for every form of the page; numbered fields count once."""
    return {
        (address(action), UUID.sub("ID", NUMBER.sub("N", name) if not UUID.search(name) else name))
        for action, name in forms.found
        if name not in TECHNICAL and not name.startswith("tests.")  # kinds of notices that tests declare
    }


def address(url: str) -> str:
    """The name of an address of ours."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return url
