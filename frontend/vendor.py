"""Writes static/vendor/MANIFEST.toml: what is vendored, from where, under which licence, with its hash.

python frontend/vendor.py
"""

import hashlib
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"
SPRITE = VENDOR.parent / "icons.svg"

PACKAGES = (
    ("htmx.org", "4.0.1", "0BSD", "npm:htmx.org@4.0.1 dist/htmx.min.js", "htmx-4.0.1"),
    ("Inter variable, latin subset", "5.3.0", "OFL-1.1", "npm:@fontsource-variable/inter@5.3.0", "inter"),
    ("Tabler icons (sprite static/icons.svg)", "3.51.0", "MIT", "npm:@tabler/icons@3.51.0", "tabler-icons"),
)


def digest(file: Path) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def entry(name: str, version: str, licence: str, source: str, folder: str) -> str:
    """One [[package]] table."""
    files = sorted(file for file in (VENDOR / folder).rglob("*") if file.is_file())
    lines = [f'"{file.relative_to(VENDOR)}" = "{digest(file)}"' for file in files]
    head = f'[[package]]\nname = "{name}"\nversion = "{version}"\nlicence = "{licence}"\nsource = "{source}"\n'
    return head + "[package.sha256]\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    parts = [entry(*package) for package in PACKAGES]
    (VENDOR / "MANIFEST.toml").write_text("# Written by frontend/vendor.py\n\n" + "\n".join(parts))
