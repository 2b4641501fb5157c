"""The draw itself: it can be repeated by anybody, and nothing of it can be changed unseen."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.rules import drawing
from funding.rules.drawing import EMPLOYER, LEFT, RESERVED, NotEnough, differences

SECRET = "5a" * 32
RULES = {"seats": 4, "least": [{"kinds": ["FINANCE"], "count": 1}, {"kinds": ["INVEST"], "count": 1}]}
KINDS = ("TECH", "TECH", "INDUSTRY", "FINANCE", "INVEST")


def one(key: str, kind: str = "TECH", employer: str = "") -> dict[str, str]:
    return {"key": key, "kind": kind, "employer": employer}


def frozen(candidates: Any = None, **rules: Any) -> dict[str, Any]:
    """A pool of twenty, two of every employer."""
    if candidates is None:
        candidates = [one(f"k{n:02d}", KINDS[n % 5], f"e{n // 2}") for n in range(20)]
    return {
        "format": drawing.FORMAT, "number": "DR20260601-AB12CD", "commitment": drawing.commitment_of(SECRET),
        "rules": {**RULES, "per_employer": 1, **rules}, "candidates": candidates, "excluded": [{"key": "x", "r": "y"}],
    }  # fmt: skip


def record(**facts: Any) -> Any:
    return drawing.new_record(
        facts.pop("pool", frozen()), SECRET, "02 07 11 + 09", facts.pop("left", []), "2026-06-01T12:00:00Z"
    )


def file(calls: int = 2) -> bytes:
    """A record with some substitutes called for those drawn first."""
    made, done = record(), []
    for number in range(calls):
        done.append(drawing.new_call(made, done, made["result"]["drawn"][number], [], "2026-06-02T12:00:00Z"))
    return drawing.published(made, done)


# --- RFC 5869, appendix A ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("material", "salt", "info", "length", "prk", "okm"),
    [
        ("0b" * 22, "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42,
         "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
         "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
        ("0b" * 22, "", "", 42,
         "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
         "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
    ],
)  # fmt: skip
def test_keys_are_derived_as_the_standard_says(
    material: str, salt: str, info: str, length: int, prk: str, okm: str
) -> None:
    key = drawing.extract(bytes.fromhex(salt), bytes.fromhex(material))

    assert (key.hex(), drawing.expand(key, bytes.fromhex(info), length).hex()) == (prk, okm)


# --- selecting -----------------------------------------------------------------------------------
def test_seats_are_kept_for_kinds_and_no_employer_has_two() -> None:
    pool = {entry["key"]: entry for entry in frozen()["candidates"]}
    drawn = [pool[key] for key in record()["result"]["drawn"]]

    assert (len(drawn), len({entry["employer"] for entry in drawn})) == (4, 4)
    assert {"FINANCE", "INVEST"} <= {entry["kind"] for entry in drawn}


def test_everybody_passed_over_has_a_reason() -> None:
    line = [one("a", employer="e"), one("b", employer="e"), one("c"), one("d"), one("f", "FINANCE"), one("i", "INVEST")]

    found = drawing.select({**RULES, "per_employer": 1}, line, left=["c"])

    assert found == {
        "drawn": ["f", "i", "a", "d"],
        "skipped": [{"key": "b", "reason": EMPLOYER}, {"key": "c", "reason": LEFT}],
        "substitutes": ["b"],
    }


def test_who_stands_before_a_kept_seat_is_told_so() -> None:
    line = [one("a"), one("b"), one("c"), one("f", "FINANCE"), one("i", "INVEST")]

    assert drawing.select({**RULES, "per_employer": 1}, line)["skipped"] == [{"key": "c", "reason": RESERVED}]


def test_a_kept_seat_is_found_even_if_the_first_in_line_blocks_it() -> None:
    line = [one("f1", "FINANCE", "e"), one("f2", "FINANCE"), one("i", "INVEST", "e")]

    assert drawing.select({**RULES, "seats": 2, "per_employer": 1}, line)["drawn"] == ["f2", "i"]


@pytest.mark.parametrize(
    "line",
    [
        [one("f", "FINANCE"), one("a"), one("b"), one("c"), one("d")],
        [one("f", "FINANCE"), one("i", "INVEST"), one("a", employer="e"), one("b", employer="e")],
        [],
    ],
)
def test_too_few_are_no_panel(line: Any) -> None:
    with pytest.raises(NotEnough):
        drawing.select({**RULES, "per_employer": 1}, line)


def test_everybody_has_the_same_chance() -> None:
    pool = frozen([one(f"k{n}") for n in range(10)], seats=3, least=[])
    drawn = Counter(
        key
        for turn in range(600)
        for key in drawing.select(pool["rules"], drawing.line_up(pool, SECRET, str(turn)))["drawn"]
    )

    assert set(drawn) == {f"k{n}" for n in range(10)}
    assert all(130 < count < 230 for count in drawn.values())  # 180 expected


def test_wide_digits_and_spaces_make_no_difference() -> None:
    pool = frozen()

    assert drawing.line_up(pool, SECRET, "０２  07 11 ＋ 09 ") == drawing.line_up(pool, SECRET, "02 07 11 + 09")


# --- substitutes ---------------------------------------------------------------------------------
def test_a_substitute_keeps_the_composition() -> None:
    pool = frozen([one("f", "FINANCE"), one("f2", "FINANCE"), one("a"), one("b"), one("c")], seats=2,
                  least=[{"kinds": ["FINANCE"], "count": 1}])  # fmt: skip
    made = record(pool=pool)
    money, other = made["result"]["drawn"]

    first = drawing.new_call(made, [], money, [], "t")
    second = drawing.new_call(made, [first], other, [], "t")

    assert first["called"] in {"f", "f2"}
    assert [entry["reason"] for entry in first["skipped"]] == [RESERVED] * len(first["skipped"])
    assert second["called"] == next(key for key in made["result"]["substitutes"] if key != first["called"])


def test_nobody_is_called_who_left_or_was_called_before() -> None:
    made = record()
    gone = made["result"]["substitutes"][:-1]

    with pytest.raises(NotEnough):
        drawing.new_call(made, [], made["result"]["drawn"][0], made["result"]["substitutes"], "t")
    assert gone


# --- repeating -----------------------------------------------------------------------------------
def test_a_published_record_repeats() -> None:
    content = file()
    pool_hash = json.loads(content)["record"]["pool_hash"]

    assert differences(content) == differences(content, pool_hash) == []
    assert differences(content, "0" * 64) == ["The pool is not the one whose hash was published."]


def test_the_program_that_is_handed_out_needs_python_alone(tmp_path: Path) -> None:
    script, good, bad = tmp_path / "replay.py", tmp_path / "record.json", tmp_path / "bad.json"
    script.write_bytes(Path(drawing.__file__).read_bytes())
    good.write_bytes(file())
    bad.write_bytes(file().replace(b"k00", b"k99"))

    runs = [
        subprocess.run([sys.executable, "-I", script, path], capture_output=True, text=True, check=False, cwd=tmp_path)
        for path in (good, bad)
    ]

    drawn = json.loads(good.read_bytes())["record"]["result"]["drawn"]
    lines = runs[0].stdout.splitlines()
    assert [run.returncode for run in runs] == [0, 1]
    assert [line.split()[1] for line in lines[4:8]] == drawn
    assert (lines[-1], runs[1].stdout.splitlines()[0]) == ("OK", "DIFFERENT")
    assert [run.stderr for run in runs] == ["", ""]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_byte_of_a_published_record_can_be_changed(data: st.DataObject) -> None:
    content = bytearray(CONTENT)
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))

    assert differences(bytes(content)) != []


@given(st.integers(0, 19), st.sampled_from(["key", "kind", "employer"]), st.text(min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_forged_pool_does_not_have_the_hash_that_was_published(number: int, field: str, text: str) -> None:
    pool = frozen()
    before = drawing.digest(pool)
    pool["candidates"][number][field] += text
    try:
        forged = drawing.published(record(pool=pool), [])  # with new hashes throughout
    except NotEnough:
        return

    assert differences(forged, before) != []


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b"1", b"\xff", b"[" * 5000, b'{"record":{}}'])
def test_what_is_no_record_is_said_so(content: bytes) -> None:
    assert len(differences(content)) == 1


def test_a_secret_that_was_not_fixed_before_is_found() -> None:
    pool = {**frozen(), "commitment": drawing.commitment_of("00" * 32)}

    assert differences(drawing.published(record(pool=pool), [])) == ["The secret is not the one that was fixed before."]


CONTENT = file()
