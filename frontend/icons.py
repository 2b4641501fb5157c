"""Builds static/icons.svg from the names in frontend/icons.txt.

npm install --prefix the folder @tabler/icons@3.51.0
python frontend/icons.py the folder/node_modules/@tabler/icons/icons/outline
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEAD = '<svg xmlns="http://www.w3.org/2000/svg">'


def symbol(name: str, source: str) -> str:
    """One drawing as a <symbol>, without Tabler's invisible square."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if inner is None:
        raise SystemExit(f"{name}: not an SVG file")
    drawn = re.sub(r'<path stroke="none"[^>]*/>', "", inner[1])
    flat = re.sub(r"\s*\n\s*", "", drawn).strip()
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{flat}</symbol>'


def build(outline: Path) -> str:
    """The sprite of all names in the list, in its order."""
    names = (HERE / "icons.txt").read_text().split()
    symbols = [symbol(name, (outline / f"{name}.svg").read_text()) for name in names]
    return "\n".join([HEAD, *symbols, "</svg>", ""])


if __name__ == "__main__":
    sprite = build(Path(sys.argv[1]))
    (HERE.parent / "static" / "icons.svg").write_text(sprite)
