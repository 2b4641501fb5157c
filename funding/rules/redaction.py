"""What experts do not read in a proposal: the parts that a rule set keeps from them, blacked out wherever they stand.

A part names fields of the snapshot. Their values are masked there and in every other text, file names included; what
is inside an attached file cannot be masked, which is why a rule set may keep the files from experts altogether.
Whom the applicant asks to keep from the review no rule set ever shows.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

PEOPLE, CONTACTS, ORGANISATIONS, FILES = "people", "contacts", "organisations", "files"
PARTS = (PEOPLE, CONTACTS, ORGANISATIONS, FILES)
BLIND = (PEOPLE, CONTACTS)
CONFIDENTIAL = "avoid"
MASK = "█████"
SHORTEST = 2  # characters of a name that is looked for in texts
PERSONAL = frozenset({"chief_scientist", "legal_representative", "signatory", "contact", "contact_name", "person"})
MOBILE = r"(?<!\d)1[3-9]\d{9}(?!\d)"
LANDLINE = r"(?<!\d)0\d{2,3}[-—－ ]\d{7,8}(?!\d)"
EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
IDENTITY = r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)"
REACH = re.compile(f"{IDENTITY}|{MOBILE}|{LANDLINE}|{EMAIL}")

Snapshot = Mapping[str, Any]
Change = Callable[[str], str]


def blind_parts(rules: Mapping[str, Any]) -> frozenset[str]:
    """What experts do not read under these rules."""
    return frozenset(rules.get("blind", BLIND))


def redact(snapshot: Snapshot, rules: Mapping[str, Any]) -> Snapshot:
    """The snapshot as experts read it; nothing of the frozen one is changed."""
    snapshot = {key: value for key, value in snapshot.items() if key != CONFIDENTIAL}
    blind = blind_parts(rules)
    if not blind:
        return snapshot
    masks = dict(_masks(snapshot, blind))
    change = _changer(masks, reach=CONTACTS in blind)
    shown = {key: _walk(value, change) for key, value in snapshot.items()}
    if PEOPLE in blind and shown.get("submitted"):
        shown["submitted"] = {**shown["submitted"], "by": MASK}
    return {**shown, "files": []} if FILES in blind else shown


def redact_text(text: str, snapshot: Snapshot, rules: Mapping[str, Any]) -> str:
    """One text, such as the name of a file, as experts read it."""
    blind = blind_parts(rules)
    return _changer(dict(_masks(snapshot, blind)), reach=CONTACTS in blind)(text)


def _masks(snapshot: Snapshot, blind: frozenset[str]) -> Iterator[tuple[str, str]]:
    if PEOPLE in blind:
        yield from ((name, MASK) for name in _people(snapshot) if len(name) >= SHORTEST)
    if ORGANISATIONS in blind:
        yield from _organisations(snapshot)


def _people(value: Any) -> Iterator[str]:
    """Every name of a person in the facts."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            if key in PERSONAL and isinstance(below, str):
                yield below.strip()
            elif key == "submitted" and isinstance(below, Mapping):
                yield str(below.get("by") or "").strip()
            else:
                yield from _people(below)
    elif isinstance(value, list):
        for below in value:
            yield from _people(below)


def _organisations(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """The members under numbers, the lead first; and the name of the consortium, which often has one in it."""
    names = [(snapshot.get("lead") or {}).get("name", "")]
    names += [(row.get("organisation") or {}).get("name", "") for row in snapshot.get("members") or ()]
    known = [name for name in dict.fromkeys(names) if name]
    yield from ((name, f"单位{number}") for number, name in enumerate(known, 1))
    consortium = (snapshot.get("consortium") or {}).get("name")
    if consortium:
        yield consortium, str((snapshot.get("application") or {}).get("number", MASK))
    codes = [(row.get("organisation") or {}).get("uscc", "") for row in snapshot.get("members") or ()]
    yield from ((code, MASK) for code in {*codes, (snapshot.get("lead") or {}).get("uscc", "")} if code)


def _changer(masks: Mapping[str, str], *, reach: bool) -> Change:
    """What is done to each text; longer names first, as one may be part of another."""
    longest = sorted(masks, key=len, reverse=True)
    named = re.compile("|".join(map(re.escape, longest))) if longest else None

    def change(text: str) -> str:
        shown = named.sub(lambda found: masks[found.group()], text) if named else text
        return REACH.sub(MASK, shown) if reach else shown

    return change


def _walk(value: Any, change: Change) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: below if key in {"id", "sha256"} else _walk(below, change) for key, below in value.items()}
    if isinstance(value, list):
        return [_walk(below, change) for below in value]
    return value
