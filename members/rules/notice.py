"""The privacy notice: numbered texts that never change once published; a new one is a new number."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import get_language

FOLDER = settings.BASE_DIR / "templates" / "members" / "privacy"
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Block:
    """A part of the text: `h` a heading, `p` a paragraph, `ul` a list of points."""

    kind: str
    lines: tuple[str, ...]


@cache
def versions() -> tuple[int, ...]:
    """The published versions, oldest first; each exists in both languages."""
    return tuple(sorted(int(path.name.partition(".")[0]) for path in FOLDER.glob(f"*.{LANGUAGES[0]}.txt")))


def current_version() -> int:
    """The version that has to be accepted."""
    return versions()[-1]


@cache
def text(version: int, language: str) -> tuple[Block, ...]:
    """The text of a version; `# ` begins a heading, `- ` a point, an empty line ends a paragraph."""
    parts = (FOLDER / f"{version}.{language}.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return tuple(_block(part.strip().splitlines()) for part in parts)


def current_text() -> tuple[Block, ...]:
    """The valid text in the reader's language."""
    language = get_language() or LANGUAGES[0]
    return text(current_version(), "en" if language.startswith("en") else LANGUAGES[0])


def _block(lines: list[str]) -> Block:
    if lines[0].startswith("# "):
        return Block("h", (lines[0][2:],))
    if lines[0].startswith("- "):
        return Block("ul", tuple(line[2:] for line in lines))
    return Block("p", (" ".join(lines) if lines[0].isascii() else "".join(lines),))
