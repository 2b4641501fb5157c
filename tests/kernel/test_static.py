"""What is served: vendored files are what they claim, the sprite is complete, the style sheets suit old browsers."""

import hashlib
import re
import tomllib
from pathlib import Path

from django.conf import settings

from portal import navigation
from portal.kernel import badges

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NEWER_THAN_CHROMIUM_109 = re.compile(r"color-mix\(|oklch\(|oklab\(|light-dark\(|@scope|@starting-style|&[ .:]|\blch\(")


def manifest() -> list[dict[str, dict[str, str]]]:
    packages: list[dict[str, dict[str, str]]] = tomllib.loads((VENDOR / "MANIFEST.toml").read_text())["package"]
    return packages


def test_vendored_files_are_unchanged() -> None:
    claimed = {name: digest for package in manifest() for name, digest in package["sha256"].items()}
    found = {
        str(file.relative_to(VENDOR)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDOR.rglob("*")
        if file.is_file() and file.name != "MANIFEST.toml"
    }

    assert found == claimed


def test_every_vendored_package_brings_its_licence() -> None:
    without = [
        package["name"] for package in manifest() if not any(name.endswith("LICENSE") for name in package["sha256"])
    ]

    assert without == []


def test_the_sprite_holds_the_listed_icons() -> None:
    listed = (ROOT / "frontend" / "icons.txt").read_text().split()

    assert re.findall(r'<symbol id="i-([\w-]+)"', (STATIC / "icons.svg").read_text()) == listed


def test_templates_name_only_icons_of_the_sprite() -> None:
    listed = set((ROOT / "frontend" / "icons.txt").read_text().split())
    used = {
        name
        for template in TEMPLATES
        for name in re.findall(r'(?:{% icon |<c-[^>]*?\bicon=|<c-icon n=)"([\w-]+)"', template.read_text())
    }

    assert used - listed == set()


def test_badges_and_navigation_name_only_icons_of_the_sprite() -> None:
    listed = set((ROOT / "frontend" / "icons.txt").read_text().split())
    worn = {icon for looks in badges._looks.values() for _kind, icon in looks.values() if icon}
    shown = {item.icon for section in navigation.SECTIONS for item in section.items}

    assert (worn | shown) - listed == set()


def test_the_style_sheets_suit_the_oldest_browser() -> None:
    found = {
        f"{sheet.name}: {match}"
        for sheet in (STATIC / "css").glob("*.css")
        for match in NEWER_THAN_CHROMIUM_109.findall(re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL))
    }

    assert found == set()


def test_the_style_sheets_use_only_tokens_that_exist() -> None:
    sheets = "".join(sheet.read_text() for sheet in (STATIC / "css").glob("*.css"))

    assert set(re.findall(r"var\(--([\w-]+)", sheets)) - set(re.findall(r"--([\w-]+):", sheets)) == set()


def test_nothing_is_loaded_from_another_host() -> None:
    files = [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js"), *TEMPLATES]
    found = [
        f"{file.name}: {address}"
        for file in files
        for address in re.findall(r"(?:src=\"|href=\"|url\(\"?|import \")(https?://[^\"')]+)", file.read_text())
    ]

    assert found == []


def test_templates_keep_the_content_security_policy() -> None:
    breach = re.compile(
        r"<style|\sstyle=\"|\son[a-z]+=\"|<script(?![^>]*(?:\ssrc=|type=\"application/json\"))|javascript:|\shx-on"
    )
    found = {str(template.relative_to(ROOT)): breach.findall(template.read_text()) for template in TEMPLATES}

    assert {name: said for name, said in found.items() if said and "/pdf/" not in name} == {}
