"""The colours of the style sheet as plain values, for where a style sheet does not reach: a picture inside a PDF."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

STATIC = Path(__file__).resolve().parents[2] / "static"

Palette = Mapping[str, str]


@cache
def light() -> Palette:
    """Every token of the light theme by its name without the dashes, e.g. {"dai-6": "#24596f"}."""
    root = re.search(r":root \{(.*?)\n  \}", _read("css/tokens.css"), re.DOTALL)
    if root is None:
        raise ValueError("tokens.css has no :root block")
    return MappingProxyType(dict(re.findall(r"--([\w-]+):\s*([^;]+);", root[1])))


def resolve(css: str, palette: Palette) -> str:
    """The style sheet with each var(--name) replaced by its value; a token may name another one."""
    while "var(--" in css:
        css = re.sub(r"var\(--([\w-]+)\)", lambda name: palette[name[1]], css)
    return css


@cache
def rules_of(picture: str) -> str:
    """The rules of charts.css that draw one kind of picture (its first class); only those a PDF needs."""
    sheet = re.sub(r"/\*.*?\*/", "", _read("css/charts.css").split("\n}\n")[0], flags=re.DOTALL)
    kept = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.split("{", 1)[1]):
        own = [part.strip() for part in selectors.split(",") if part.strip().split()[0].split(".")[1] == picture]
        if own:
            kept.append(f"{', '.join(own)} {{{body.strip()}}}")
    return "\n".join(kept)


@cache
def drawing(icon: str) -> str:
    """The paths of one icon of the sprite."""
    found = re.search(rf'<symbol id="i-{re.escape(icon)}"[^>]*>(.*?)</symbol>', _read("icons.svg"))
    if found is None:
        raise KeyError(icon)
    return found[1]


def _read(name: str) -> str:
    return (STATIC / name).read_text()
