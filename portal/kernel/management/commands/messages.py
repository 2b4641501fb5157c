"""Keeps each room's translations in step with its sources: one gettext catalogue per room."""

import ast
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
ROOMS = ("portal", "members", "consortia", "funding", "reports")
OWNERS = {"account": "members", "mfa": "members"}  # template folders that a library names
LANGUAGE = "zh_Hans"
HEADER = f"""\
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
XGETTEXT = [
    "xgettext", "--language=Python", "--from-code=UTF-8", "--files-from=-", "--output=-", "--no-wrap", "--force-po",
    "--add-location=file", "--add-comments=Translators", "--sort-by-file",
    "--keyword=gettext_noop", "--keyword=gettext_lazy", "--keyword=ngettext_lazy:1,2",
    "--keyword=pgettext:1c,2", "--keyword=pgettext_lazy:1c,2",
    "--keyword=npgettext:1c,2,3", "--keyword=npgettext_lazy:1c,2,3",
]  # fmt: skip
FIELD = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) (".*"(?:\n".*")*)', re.MULTILINE)


@dataclass(frozen=True)
class Message:
    """One entry of a catalogue; `key` is what makes it one: context and msgid."""

    key: tuple[str, str]
    texts: tuple[str, ...]
    fuzzy: bool

    @property
    def translated(self) -> bool:
        """Whether a person would see it in the other language."""
        return all(self.texts) and not self.fuzzy


class Command(BaseCommand):
    """`manage.py messages [ROOM…]` updates catalogues, `--check` only tells what is wrong with them."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Rooms, and whether to write."""
        parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"one of {', '.join(ROOMS)}; none means all")
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a catalogue is not complete")

    def handle(self, *, rooms: list[str], check: bool, **options: Any) -> None:
        """Update or check."""
        if unknown := sorted(set(rooms) - set(ROOMS)):
            raise CommandError(f"No such room: {', '.join(unknown)}. The rooms are {', '.join(ROOMS)}.")
        templates = {room: extract(room) for room in rooms or ROOMS}
        if not check:
            for room, template in templates.items():
                self.stdout.write(update(room, template))
            return
        found = [complaint for room, template in templates.items() for complaint in complaints(room, template)]
        found += conflicts(templates)
        if found:
            found.append("`manage.py messages` brings the catalogues up to date with the sources; then translate.")
            raise CommandError("\n".join(found))
        self.stdout.write(f"Complete: {', '.join(templates)}.")


def catalogue(room: str) -> Path:
    """Where the room's translations are kept."""
    return ROOT / room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def sources(room: str) -> Iterator[Path]:
    """The files whose texts belong to the room; templates that are nobody else's are the portal's."""
    yield from (path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts)
    for path in sorted((ROOT / "templates").rglob("*")):
        owner = path.relative_to(ROOT / "templates").parts[0]
        owner = OWNERS.get(owner, owner)
        if path.is_file() and room == (owner if owner in ROOMS else "portal"):
            yield path


def extract(room: str) -> str:
    """The room's msgids as a PO template, without a date."""
    with tempfile.TemporaryDirectory() as scratch:
        names = [copy_as_python(path, Path(scratch)) for path in sources(room)]
        template = run(*XGETTEXT, text="\n".join(names), cwd=scratch)
    return HEADER + template[template.index("\n\n") :] if "\n\n" in template else HEADER


def copy_as_python(path: Path, target: Path) -> str:
    """Put a file where xgettext will read it; of a template only its texts, as Python calls."""
    name = str(path.relative_to(ROOT))
    text = path.read_text()
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    (target / name).write_text(text if path.suffix == ".py" else templatize(text, origin=name))
    return name


def update(room: str, template: str) -> str:
    """Bring the catalogue up to date with its template; nothing is guessed, what is gone goes."""
    path = catalogue(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        fresh, before = Path(scratch) / "fresh.pot", Path(scratch) / "before.po"
        fresh.write_text(template)
        before.write_text(path.read_text() if path.exists() else HEADER)
        merged = run("msgmerge", "--quiet", "--no-fuzzy-matching", "--no-wrap", "-o", "-", str(before), str(fresh))
    entries = run("msgattrib", "--no-obsolete", "--no-wrap", "--force-po", "-", text=merged)
    path.write_text(entries)
    missing = sum(not message.translated for message in parse(entries))
    return f"{path.relative_to(ROOT)}: {missing} to translate"


def complaints(room: str, template: str) -> Iterator[str]:
    """What is wrong with the room's catalogue, one line each."""
    path = catalogue(room)
    name = path.relative_to(ROOT)
    text = path.read_text() if path.exists() else HEADER
    wanted = {message.key for message in parse(template)}
    kept = {message.key: message for message in parse(text)}
    yield from (f"{name}: missing: {key[1]!r}" for key in sorted(wanted - kept.keys()))
    yield from (f"{name}: used nowhere: {key[1]!r}" for key in sorted(kept.keys() - wanted))
    for key in sorted(wanted & kept.keys()):
        if not kept[key].translated:
            yield f"{name}: {'fuzzy' if kept[key].fuzzy else 'untranslated'}: {key[1]!r}"
    yield from (f"{name}: {line}" for line in format_faults(text))


def format_faults(text: str) -> list[str]:
    """What msgfmt says of placeholders that do not match."""
    done = subprocess.run(
        ["msgfmt", "--check-format", "--output-file=/dev/null", "-"],  # noqa: S607
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [line for line in done.stderr.splitlines() if line.startswith("<stdin>:")] if done.returncode else []


def conflicts(rooms: Iterable[str]) -> Iterator[str]:
    """Django merges the catalogues: two rooms that translate one msgid differently would overwrite each other."""
    translations: dict[tuple[str, str], dict[tuple[str, ...], str]] = defaultdict(dict)
    for room in rooms:
        if catalogue(room).exists():
            for message in parse(catalogue(room).read_text()):
                if message.translated:
                    translations[message.key].setdefault(message.texts, room)
    for key, by_text in sorted(translations.items()):
        if len(by_text) > 1:
            said = ", ".join(f"{room}: {texts[0]}" for texts, room in by_text.items())
            yield f"two translations of {key[1]!r} ({said}); agree on one, or give one a context"


def parse(catalogue_text: str) -> Iterator[Message]:
    """The live entries of a catalogue, without its header."""
    for block in re.split(r"\n\s*\n", catalogue_text):
        fields = {name: "".join(map(ast.literal_eval, text.splitlines())) for name, text in FIELD.findall(block)}
        if fields.get("msgid"):
            texts = tuple(text for name, text in fields.items() if name.startswith("msgstr"))
            fuzzy = bool(re.search("^#,.*fuzzy", block, re.MULTILINE))
            yield Message((fields.get("msgctxt", ""), fields["msgid"]), texts, fuzzy)


def run(*command: str, text: str = "", cwd: str | None = None) -> str:
    """A gettext program's output. Raises CommandError with what it said when it refuses."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=cwd, check=False)  # noqa: S603
    if done.returncode:
        raise CommandError(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout
