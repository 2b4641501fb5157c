"""What the documents promise is there: every file they name, every requirement they must answer."""

import re
from pathlib import Path

import pytest
from django.conf import settings

DOCS = Path(settings.BASE_DIR) / "docs"
NAMED = re.compile(
    r"`((?:tests|portal|members|consortia|funding|reports|docs|bin|\.ci)/[\w./-]+|[\w.-]+\.(?:py|toml|lock))`"
)
CASES = re.compile(
    r"\b([ABFOPRWXZ])-(\d\d)(?: to [ABFOPRWXZ]-(\d\d))?[^;|`]*?(?:in |: )`(tests/security/test_\w+\.py)`"
)
# Chapter of ASVS 5.0.0 → requirements of the levels 1 and 2.
CHAPTERS = dict(enumerate([27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7], 1))


@pytest.mark.parametrize("name", ["asvs.md", "mlps.md", "security.md", "operations.md"])
def test_every_file_that_is_named_exists(name: str) -> None:
    text = (DOCS / name).read_text()

    missing = sorted({path for path in NAMED.findall(text) if not (DOCS.parent / path).exists()})

    assert missing == []


def test_every_requirement_of_the_levels_1_and_2_is_answered_once() -> None:
    text = (DOCS / "asvs.md").read_text()
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| [^|]+ \| \S[^|]+ \|$", text, re.MULTILINE)
    grouped = [
        one for line in re.findall(r"Requirements ([\d., ]+)\.$", text, re.MULTILINE) for one in line.split(", ")
    ]
    answered = [number for number, _level in rows] + grouped
    found = {chapter: sum(number.startswith(f"{chapter}.") for number in answered) for chapter in CHAPTERS}

    assert len(answered) == len(set(answered)) == 253
    assert found == CHAPTERS
    assert len(re.findall(r"^\| \d+\.\d+\.\d+ \| 3 \|", text, re.MULTILINE)) == 24


def test_a_case_named_as_evidence_is_a_test_of_that_file() -> None:
    text = (DOCS / "asvs.md").read_text() + (DOCS / "mlps.md").read_text()

    missing = {
        f"{letter}-{each:02} in {path}"
        for letter, number, last, path in CASES.findall(text)
        for each in range(int(number), int(last or number) + 1)
        if not re.search(rf"def test_(?:\w+_)?{letter.lower()}{each:02}_", (DOCS.parent / path).read_text())
    }

    assert missing == set()
