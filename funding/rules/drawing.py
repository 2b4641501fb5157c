"""The draw of experts, so that anybody can repeat it. Needs nothing but Python: python3 replay.py record.json

This file is a module of the portal and, unchanged, the script that is handed out with every draw.

Before the draw the portal freezes an object (the candidates under keys that stand for no name, the composition, where
the public randomness will come from, and the SHA-256 of a secret of 32 bytes) and publishes its SHA-256, the pool hash.
Afterwards, when the public randomness is known:

    PRK      = HKDF-Extract(salt = secret, material = public randomness)          RFC 5869, HMAC with SHA-256
    position = HKDF-Expand(PRK, "draw-1|" + pool hash + "|" + key, 32 bytes)      one for every candidate

The candidates stand in line by position. Seats kept for some kinds go to the first of these kinds, all other seats to
the first in line; nobody is taken who is not eligible any more or whose employer has its seats already. The others are
substitutes in the order of the line. Neither the portal, which fixed its secret first, nor whoever makes the public
randomness, who does not know the secret, can choose the line.

Objects are hashed and stored as JSON with sorted keys and no spaces, in UTF-8.
"""

import hashlib
import hmac
import json
import sys
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

FORMAT = "draw-1"
LENGTH = 32  # bytes of the secret and of a position
LEFT, EMPLOYER, RESERVED = "left", "employer", "reserved"  # why somebody is passed over
Candidate = Mapping[str, Any]  # key, kind, employer ("" for none)


class NotEnough(Exception):
    """The candidates cannot fill the seats."""


# --- hashing -----------------------------------------------------------------------------------
def canonical(value: Any) -> bytes:
    """The one way to write an object as bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest(value: Any) -> str:
    """SHA-256 of an object, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def commitment_of(secret: str) -> str:
    """What is published of a secret (in hex) before the draw."""
    return hashlib.sha256(bytes.fromhex(secret)).hexdigest()


def normal(text: str) -> str:
    """Public randomness as it goes into the draw: no wide digits, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def extract(salt: bytes, material: bytes) -> bytes:
    """HKDF-Extract of RFC 5869 with SHA-256."""
    return hmac.new(salt or bytes(LENGTH), material, hashlib.sha256).digest()


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand of RFC 5869 with SHA-256."""
    block, found = b"", b""
    for number in range(1, -(-length // LENGTH) + 1):
        block = hmac.new(key, block + info + bytes([number]), hashlib.sha256).digest()
        found += block
    return found[:length]


# --- drawing -----------------------------------------------------------------------------------
def line_up(frozen: Mapping[str, Any], secret: str, randomness: str) -> list[Candidate]:
    """The candidates by their position."""
    key = extract(bytes.fromhex(secret), normal(randomness).encode())
    pool = digest(frozen)

    def position(one: Candidate) -> tuple[bytes, str]:
        return expand(key, f"{FORMAT}|{pool}|{one['key']}".encode(), LENGTH), one["key"]

    return sorted(frozen["candidates"], key=position)


def select(rules: Mapping[str, Any], line: Sequence[Candidate], left: Collection[str] = ()) -> dict[str, Any]:
    """Who is drawn, who is passed over and why, who is substitute in which order. Raises NotEnough.

    `left` are the keys of those who are not eligible any more.
    """
    present = [one for one in line if one["key"] not in left]
    kept = [set(group["kinds"]) for group in rules["least"] for _seat in range(group["count"])]
    drawn = _reserved(rules, kept[: rules["seats"]], present, [])
    if drawn is None:
        raise NotEnough
    for one in present:
        if len(drawn) < rules["seats"] and one not in drawn and _fits(rules, one, drawn):
            drawn.append(one)
    if len(drawn) < rules["seats"]:
        raise NotEnough
    keys = [one["key"] for one in drawn]
    return {
        "drawn": keys,
        "skipped": _skipped(rules, line, drawn, left),
        "substitutes": [one["key"] for one in present if one["key"] not in keys],
    }


def _reserved(
    rules: Mapping[str, Any], kept: Sequence[set[str]], line: Sequence[Candidate], taken: list[Candidate]
) -> "list[Candidate] | None":
    """The first in line for every seat that is kept for some kinds; None when they cannot all be filled."""
    if not kept:
        return taken
    for one in line:
        if one["kind"] in kept[0] and one not in taken and _fits(rules, one, taken):
            found = _reserved(rules, kept[1:], line, [*taken, one])
            if found is not None:
                return found
    return None


def _fits(rules: Mapping[str, Any], one: Candidate, others: Iterable[Candidate]) -> bool:
    """Whether its employer has a seat left."""
    colleagues = sum(1 for other in others if one["employer"] and other["employer"] == one["employer"])
    return colleagues < int(rules["per_employer"])


def _skipped(
    rules: Mapping[str, Any], line: Sequence[Candidate], drawn: Sequence[Candidate], left: Collection[str]
) -> list[dict[str, str]]:
    """Everybody in line before the last one drawn who was not drawn, with the reason."""
    last = max(line.index(one) for one in drawn)
    found = []
    for one in line[:last]:
        if one not in drawn:
            reason = LEFT if one["key"] in left else RESERVED if _fits(rules, one, drawn) else EMPLOYER
            found.append({"key": one["key"], "reason": reason})
    return found


def next_substitute(
    frozen: Mapping[str, Any], waiting: Sequence[str], panel: Collection[str], left: Collection[str]
) -> "tuple[str, list[dict[str, str]]]":
    """The first of those waiting who keeps the composition together with the panel, and who was passed over.

    Raises NotEnough.
    """
    pool = {one["key"]: one for one in frozen["candidates"]}
    rules, sitting = frozen["rules"], [pool[key] for key in panel]
    wanted = missing_kinds(rules["least"], [one["kind"] for one in sitting])
    skipped: list[dict[str, str]] = []
    for key in waiting:
        reason = LEFT if key in left else "" if _fits(rules, pool[key], sitting) else EMPLOYER
        if not reason and wanted and pool[key]["kind"] not in wanted:
            reason = RESERVED
        if not reason:
            return key, skipped
        skipped.append({"key": key, "reason": reason})
    raise NotEnough


def missing_kinds(least: Iterable[Mapping[str, Any]], kinds: Sequence[str]) -> set[str]:
    """The kinds of which there are fewer than the composition demands."""
    short = [group for group in least if sum(kind in group["kinds"] for kind in kinds) < group["count"]]
    return {kind for group in short for kind in group["kinds"]}


# --- the record --------------------------------------------------------------------------------
def new_record(frozen: Mapping[str, Any], secret: str, randomness: str, left: Collection[str], at: str) -> Any:
    """Everything that the draw came from, and its result. Raises NotEnough."""
    return {
        "frozen": frozen,
        "pool_hash": digest(frozen),
        "secret": secret,
        "randomness": normal(randomness),
        "left": sorted(left),
        "drawn_at": at,
        "result": select(frozen["rules"], line_up(frozen, secret, randomness), left),
    }


def new_call(record: Mapping[str, Any], calls: Sequence[Any], replaces: str, left: Collection[str], at: str,
             out: Collection[str] = ()) -> Any:  # fmt: skip
    """The next substitute for somebody who stepped back, as an entry that hangs on the ones before.

    `out` are the others who have stepped back and not been replaced yet. Raises NotEnough.
    """
    gone = {replaces, *out, *(call["replaces"] for call in calls)}
    called = [call["called"] for call in calls]
    panel = [key for key in [*record["result"]["drawn"], *called] if key not in gone]
    waiting = [key for key in record["result"]["substitutes"] if key not in called]
    key, skipped = next_substitute(record["frozen"], waiting, panel, left)
    entry = {
        "number": len(calls) + 1, "at": at, "replaces": replaces, "out": sorted(out), "left": sorted(left),
        "called": key, "skipped": skipped, "previous": calls[-1]["hash"] if calls else digest(record),
    }  # fmt: skip
    return {**entry, "hash": digest(entry)}


def published(record: Mapping[str, Any], calls: Sequence[Any]) -> bytes:
    """The file that is handed out."""
    return canonical({"record": record, "record_hash": digest(record), "calls": list(calls)})


# --- repeating it ------------------------------------------------------------------------------
def differences(content: bytes, pool_hash: str = "") -> list[str]:
    """What in a published file is not as it follows from the rest; `pool_hash` as it was published before."""
    try:
        file = json.loads(content)
        if canonical(file) != content:
            return ["The file is not written as it was published."]
        return _in_record(file, pool_hash) + _in_calls(file)
    except NotEnough:
        return ["These candidates cannot fill the seats."]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        return [f"The file is not a record of a draw: {error!r}"]


def _in_record(file: Mapping[str, Any], pool_hash: str) -> list[str]:
    record = file["record"]
    frozen = record["frozen"]
    again = new_record(frozen, record["secret"], record["randomness"], record["left"], record["drawn_at"])
    checks = (
        (frozen["format"] == FORMAT, "The format is not known."),
        (file["record_hash"] == digest(record), "The record is not the one that its hash belongs to."),
        (record["pool_hash"] == digest(frozen), "The pool is not the one that its hash belongs to."),
        (not pool_hash or pool_hash == digest(frozen), "The pool is not the one whose hash was published."),
        (frozen["commitment"] == commitment_of(record["secret"]), "The secret is not the one that was fixed before."),
        (record == again, "The same draw gives another result."),
    )
    return [text for holds, text in checks if not holds]


def _in_calls(file: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    before: list[Any] = []
    for call in file["calls"]:
        if call != new_call(file["record"], before, call["replaces"], call["left"], call["at"], call["out"]):
            found.append(f"Substitute {call['number']} was not the next one.")
        before.append(call)
    return found


def told(content: bytes) -> Iterable[str]:
    """The published result, line by line."""
    file = json.loads(content)
    record = file["record"]
    kinds = {one["key"]: one["kind"] for one in record["frozen"]["candidates"]}
    yield f"Draw {record['frozen']['number']}"
    yield f"Pool hash {record['pool_hash']}"
    yield f"Public randomness {record['randomness']}"
    for name in ("drawn", "substitutes"):
        yield f"{name}:"
        for number, key in enumerate(record["result"][name], 1):
            yield f"  {number} {key} {kinds[key]}"
    for call in file["calls"]:
        yield f"substitute {call['called']} called for {call['replaces']}"


def main(arguments: Sequence[str]) -> int:
    """Repeats the draw of a file; 0 when it gives what was published."""
    if len(arguments) not in (1, 2):
        sys.stdout.write("python3 replay.py record.json [pool hash]\n")
        return 2
    content = Path(arguments[0]).read_bytes()
    found = differences(content, *arguments[1:])
    lines = ["DIFFERENT", *found] if found else [*told(content), "OK"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
