"""What attackers type into fields."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

from django.apps import apps
from django.db import Error, models, transaction

VECTORS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<body onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<details open ontoggle=alert(1)>x</details>",
    "<a href=javascript:alert(1)>x</a>", "<a href='java\tscript:alert(1)'>x</a>", "<object data=//evil.test></object>",
    "<embed src=//evil.test>", "<base href=//evil.test/>", "<meta http-equiv=refresh content='0;url=//evil.test'>",
    "<style>@import '//evil.test/a.css';</style>", "<link rel=stylesheet href=//evil.test/a.css>",
    "<form action=//evil.test><button>x</button></form>", "<input autofocus onfocus=alert(1)>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>", "x style=color:red onmouseover=alert(1) y",
)  # fmt: skip
WRAPPERS = (
    "{}", '">{}', "'>{}", "</title>{}", "</textarea>{}", "</script>{}", "--><!-- -->{}", "]]>{}",
    '" autofocus onfocus="alert(1)" {}',
    "' onmouseover='alert(1)' {}", "`{}", "\\u003c{}", "&lt;{}",
)  # fmt: skip
XSS = tuple(wrapper.format(vector) for wrapper in WRAPPERS for vector in VECTORS)
FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1", "－1",
    "＠SUM(1)",
    '=HYPERLINK("https://evil.test","x")', "=IMPORTXML(1)",
)  # fmt: skip
SQL = ("'", '"', "' OR '1'='1", "1; DROP TABLE members_user--", "-created_at'", "1) OR pg_sleep(5)--", "\\", "%",
    "${7*7}",
       "created_at; SELECT 1", "password", "-uploaded_by__password", "__class__", "1e309",
    "999999999999999999999999")  # fmt: skip
ELSEWHERE = (
    "https://evil.test/", "http://evil.test", "//evil.test", "///evil.test", "////evil.test", "\\\\evil.test",
    "/\\evil.test",
    "\\/evil.test", "https:evil.test", "https:/evil.test", "http:///evil.test", "javascript:alert(1)",
    "data:text/html,x",
    "ftp://evil.test", "https://testserver@evil.test/", "https://evil.test#testserver", "https://evil.test?testserver",
    " https://evil.test", "\thttps://evil.test", "https://testserver.evil.test/", "%2f%2fevil.test/%2e%2e",
    "/\t/evil.test",
)  # fmt: skip

HUMAN = re.compile(r"[^\x00-\x7f]")
RIGID = re.compile(r"hash|sha256|^path$|mime|token|^key$|code|uscc|language|^kind$|email|^url$|version|password|color")
ROOMS = ("kernel", "members", "consortia", "funding", "reports")


# --- into every text of the database -----------------------------------------------------------
def poison(texts: tuple[str, ...], *, together: str = "\n") -> set[str]:
    """Put the texts into every free text of every row; long fields get all of them. The fields that took them."""
    supply, taken = cycle(texts), set()
    for model in (model for room in ROOMS for model in apps.get_app_config(room).get_models()):
        for field in model._meta.concrete_fields:
            value = wicked(field, supply, together.join(texts))
            if value is not None and model.objects.exists() and given(model.objects.all(), field.name, value):
                taken.add(f"{model._meta.label}.{field.name}")
        taken |= poison_json(model, supply)
    return taken


def wicked(field: Any, supply: Iterator[str], everything: str) -> str | None:
    """What to put into a field, or None when it holds no free text."""
    is_text = type(field) in {models.CharField, models.TextField}
    if not is_text or field.choices or field.unique or RIGID.search(field.name):
        return None
    return next(supply)[: field.max_length] if field.max_length else everything


def given(rows: Any, name: str, value: Any) -> bool:
    """Whether the database took it."""
    try:
        with transaction.atomic():
            rows.update(**{name: value})
    except Error:
        return False
    return True


def poison_json(model: Any, supply: Iterator[str]) -> set[str]:
    """The same for the texts of people inside snapshots and parameters."""
    taken = set()
    for field in model._meta.concrete_fields:
        if type(field) is models.JSONField:
            for row in model.objects.all():
                changed = rewritten(getattr(row, field.name), supply)
                if changed != getattr(row, field.name) and given(model.objects.filter(pk=row.pk), field.name, changed):
                    taken.add(f"{model._meta.label}.{field.name}")
    return taken


def rewritten(value: Any, supply: Iterator[str]) -> Any:
    """A copy in which every text with a Chinese sign has become something else."""
    if isinstance(value, dict):
        return {key: rewritten(item, supply) for key, item in value.items()}
    if isinstance(value, list):
        return [rewritten(item, supply) for item in value]
    return next(supply) if isinstance(value, str) and HUMAN.search(value) else value


# --- what must not be in a page ----------------------------------------------------------------
class Living(HTMLParser):
    """Collects what would run, load or send something that is not ours."""

    FORBIDDEN = frozenset({"iframe", "object", "embed", "base", "style", "math", "frame", "applet"})
    ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "srcset", "xlink:href", "poster"})

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag in self.FORBIDDEN or (tag == "script" and "src" not in facts and "json" not in facts.get("type", "")):
            self.found.append(tag)
        if facts.get("http-equiv", "").lower() == "refresh":
            self.found.append("refresh")
        self.found += [name for name in facts if name.startswith("on") or name in {"style", "srcdoc"}]
        self.found += [f"{name}={facts[name]}" for name in self.ADDRESSES & set(facts) if leads_away(facts[name])]


def leads_away(address: str) -> bool:
    """Whether an address is a script or another host."""
    plain = re.sub(r"[\x00-\x20]", "", address).lower()
    return plain.startswith(("javascript:", "data:", "vbscript:", "//")) or "evil.test" in plain
