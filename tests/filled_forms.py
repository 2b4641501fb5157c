"""The forms of a page as they are sent: what stands in them, and something plausible where nothing does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

PLAUSIBLE = {
    "number": "1",
    "date": "2026-11-20",
    "month": "2026-11",
    "email": "somebody@sample.test",
    "tel": "13800000000",
}
TYPED = {"text", "search", "textarea", "password", "url"}
SILENT = {"submit", "button", "reset", "image"}


@dataclass
class Form:
    """Where it goes, what every field would send, which fields take free text and which take files."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def take(self, name: str, kind: str, value: str) -> None:
        """Note an input; of several choices the first one is taken."""
        if kind == "file":
            self.files.add(name)
            return
        if kind in TYPED:
            self.typed.add(name)
        if not self.values.get(name):
            self.values[name] = value or PLAUSIBLE.get(kind, "样例")


class Reader(HTMLParser):
    """Collects the forms of a page that are sent by POST."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.form: Form | None = None
        self.found: list[Form] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form" and facts.get("method", "").lower() == "post":
            self.form = Form(urljoin(self.url, facts.get("action", "")))
            self.found.append(self.form)
        elif self.form and (name := facts.get("name", "")):
            self._input(self.form, tag, name, facts)
        elif self.form and self.select and tag == "option" and not self.form.values.get(self.select):
            self.form.values[self.select] = facts.get("value", "")

    def _input(self, form: Form, tag: str, name: str, facts: dict[str, str]) -> None:
        kind = facts.get("type", "text") if tag == "input" else tag
        if tag == "select":
            self.select = name
            form.values.setdefault(name, "")
        elif tag in {"input", "textarea"} and kind not in SILENT:
            form.take(name, kind, facts.get("value", "on" if kind in {"checkbox", "radio"} else ""))
        elif tag == "button":
            form.values.setdefault(name, facts.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        self.select = "" if tag in {"form", "select"} else self.select


def forms(page: str, url: str) -> Iterator[Form]:
    """Every form of a page, filled in."""
    reader = Reader(url)
    reader.feed(page)
    yield from reader.found
