"""Checks the bundle of a decision. Needs nothing but Python: python3 -I verify.py bundle.zip [SHA-256 of the bundle]

This file is a module of the portal and, unchanged, the script that lies in every bundle.

A bundle is a ZIP without compression whose bytes follow from its files. `manifest.json` names the SHA-256 of every
file, `SHA256` that of the manifest. Each exhibit (`exhibits/*.json`) holds its content, and its proofs: which part of
the content has which SHA-256 on record. The scores are added up and averaged again by the rules in the bundle; every
approval is compared with the list that it is of; every entry of the audit trail is hashed again. Objects are hashed as
JSON with sorted keys and no spaces, in UTF-8.
"""

import hashlib
import io
import json
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path
from typing import IO, Any

MANIFEST, SEAL = "manifest.json", "SHA256"
CENT = Decimal("0.01")
LEAST = 3  # with fewer totals none is left out
SOURCE = Path(__file__)


# --- packing -----------------------------------------------------------------------------------
def canonical(value: Any) -> bytes:
    """The one way to write an object as bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(content: bytes) -> str:
    """In hex."""
    return hashlib.sha256(content).hexdigest()


def seals(hashes: Mapping[str, str]) -> dict[str, bytes]:
    """The two files that seal the others, whose hashes are given by name."""
    manifest = canonical(hashes)
    return {MANIFEST: manifest, SEAL: f"{sha256(manifest)}\n".encode()}


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with the two that seal them."""
    return {**files, **seals({name: sha256(content) for name, content in files.items()})}


def write(target: IO[bytes], files: Mapping[str, Callable[[], IO[bytes]]]) -> None:
    """Pack what is opened one after the other; the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            with files[name]() as content, bundle.open(entry, "w") as place:
                shutil.copyfileobj(content, place)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The same of files that are read already."""
    target = io.BytesIO()
    write(target, {name: partial(io.BytesIO, content) for name, content in files.items()})
    return target.getvalue()


# --- adding up ---------------------------------------------------------------------------------
def cents(value: Decimal) -> Decimal:
    """Two decimals, halves upwards."""
    return value.quantize(CENT, ROUND_HALF_UP)


def mean(totals: Sequence[Decimal], trim_from: int) -> dict[str, Any]:
    """The official rule with every operand: from `trim_from` totals on, one highest and one lowest are left out."""
    ordered = sorted(totals)
    kept = ordered[1:-1] if len(ordered) >= max(trim_from, LEAST) else list(totals)
    whole = sum(kept, Decimal())
    return {
        "totals": [str(one) for one in totals], "trim_from": trim_from, "kept": [str(one) for one in kept],
        "sum": str(whole), "count": len(kept), "mean": str(cents(whole / len(kept))),
    }  # fmt: skip


def aggregate(sheets: Sequence[Mapping[str, Any]], trim_from: int) -> dict[str, Any]:
    """Each sheet added up, and the mean of the sums."""
    totals = [cents(sum((Decimal(score) for score in sheet["scores"].values()), Decimal())) for sheet in sheets]
    return {"sums": [str(one) for one in totals], **mean(totals, trim_from)}


# --- checking ----------------------------------------------------------------------------------
def faults(bundle: bytes) -> list[str]:
    """What in a bundle does not follow from the rest."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            if any(one.compress_type != zipfile.ZIP_STORED for one in archive.infolist()):
                return ["The archive is packed in another way than the portal packs it."]
            files = {name: archive.read(name) for name in archive.namelist()}
        found = list(_sealed(files))
        if pack(files) != bundle:
            found.append("The archive holds bytes that do not belong to it.")
        return found or [*_exhibits(files)]
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError) as error:
        return [f"The file is not a bundle: {error!r}"]
    except (EOFError, NotImplementedError, RuntimeError, OSError) as error:
        return [f"The archive cannot be read: {error!r}"]


def _sealed(files: Mapping[str, bytes]) -> Iterator[str]:
    rest = {name: content for name, content in files.items() if name not in {MANIFEST, SEAL}}
    again = with_manifest(rest)
    if files[SEAL] != f"{sha256(files[MANIFEST])}\n".encode():
        yield "The manifest is not the one that was sealed."
    named = json.loads(files[MANIFEST])
    for name in sorted({*named, *rest}):
        if name not in rest or named.get(name) != sha256(rest[name]):
            yield f"{name} is not what the manifest names."
    if files[MANIFEST] != again[MANIFEST]:
        yield "The manifest is not written as it was."


def _exhibits(files: Mapping[str, bytes]) -> Iterable[str]:
    for name in sorted(one for one in files if one.startswith("exhibits/")):
        exhibit = json.loads(files[name])
        for proof in exhibit["proofs"]:
            if sha256(canonical(exhibit["content"][proof["of"]])) != proof["sha256"]:
                yield f"{name}: {proof['of']} does not have the hash on record."
        if exhibit["code"] == "aggregation":
            yield from _added_up(name, exhibit["content"])
        if exhibit["code"].startswith("board-"):
            yield from _approved(name, exhibit["content"])


def _approved(name: str, content: Mapping[str, Any]) -> Iterable[str]:
    standing = [sha for sha, _at, voided_at, _why in content["approvals"] if not voided_at]
    if any(sha != content["sha256"] for sha, *_rest in content["approvals"]):
        yield f"{name}: an approval is of another list."
    if content["decided_at"] and len(standing) < content["needed"]:
        yield f"{name}: decided with {len(standing)} approvals, {content['needed']} are needed."


def _added_up(name: str, content: Mapping[str, Any]) -> Iterable[str]:
    again = aggregate(content["sheets"], content["panel"]["trim_from"])
    if again != content["panel"]:
        yield f"{name}: the scores add up to something else."
    for sheet, total in zip(content["sheets"], again["sums"], strict=True):
        if Decimal(sheet["total"]) != Decimal(total):
            yield f"{name}: {sheet['expert']} handed in {sheet['total']}, the scores add up to {total}."
    if Decimal(content["score"]) != Decimal(again["mean"]):
        yield f"{name}: the case was graded with {content['score']}, the rule gives {again['mean']}."


def main(arguments: Sequence[str]) -> int:
    """Checks a bundle; 0 when everything in it fits."""
    if len(arguments) not in (1, 2):
        sys.stdout.write("python3 -I verify.py bundle.zip [SHA-256 of the bundle]\n")
        return 2
    bundle = Path(arguments[0]).read_bytes()
    found = faults(bundle)
    if arguments[1:] and arguments[1] != sha256(bundle):
        found.append("The bundle is not the one with this hash.")
    sys.stdout.write("\n".join(["DIFFERENT", *found] if found else [f"SHA-256 {sha256(bundle)}", "OK"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
