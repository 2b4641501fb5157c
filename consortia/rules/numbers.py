"""Numbers of outcomes: one number has one spelling, whoever writes it down."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from consortia.enums import OutcomeKind

# People write T/CSTM 001—2026 with any of these between number and year.
DASHES = re.compile("[‐‑‒–—―−─ー~〜]")
COUNTRY = re.compile(r"^(?:CN|ZL)+(?=[0-9])")
# A published document ends in the code of its kind (A, B, U, S); an application number may end in its check digit.
ENDING = re.compile(r"^(?:(\d{7,9})[A-DSUY]\d?|(\d{12})[0-9X])$")
# Before October 2003 the year had two digits; nine signs alone are a document, unless something says otherwise.
OLD = re.compile(r"^(?:CN|ZL)*(\d{8})\.[0-9X]$")
OLD_PATENT = re.compile(r"^(?:(?:CN)?ZL(\d{8})[0-9X]|(?:CN)?(\d{8})X)$")
ELSEWHERE = re.compile(r"^((?!CN|ZL)[A-Z]{2}\d{4,})(?:[A-Z]\d?|\.\d)$")
LABEL = re.compile(r"^(?:(?:专利|申请|授权|公开|公告|标准|合同|登记|证书)*(?:编号|号码|号)|NO\.?|DOI)[:.]*")
RESOLVER = re.compile(r"^HTTPS?://(?:DX\.)?DOI\.ORG/")


def canonical_number(kind: str, written: str) -> str:
    """The one spelling of a number of this kind; empty when there is no number in it."""
    return CANONICAL.get(OutcomeKind(kind), _letters)(tidy(written))


def tidy(written: str) -> str:
    """Half width, capitals, one kind of dash; without blanks and without the words before a number."""
    text = DASHES.sub("-", unicodedata.normalize("NFKC", written)).upper()
    text = "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign)[0] != "C")
    return LABEL.sub("", text)


def _patent(text: str) -> str:
    """Without country and check digit: `ZL 2023 1 0123456.6`, `CN202310123456` and `2023101234566` are one patent.

    Documents of other countries keep their country and lose the code of their kind: `US 11,234,567 B2`.
    """
    dotted = re.sub(r"[^0-9A-Z.]", "", text)
    plain = dotted.replace(".", "")
    bare = COUNTRY.sub("", plain)
    found = OLD.search(dotted) or OLD_PATENT.search(plain) or ELSEWHERE.search(dotted) or ELSEWHERE.search(plain)
    found = found or ENDING.search(bare)
    return next(filter(None, found.groups())) if found else bare


def _standard(text: str) -> str:
    """Code, number and year: `GB/T 1234-2026`, `GB/T1234:2026` and `GBT 1234—2026`."""
    return re.sub(r"[^0-9A-Z.]", "", text.replace(":", "-")).strip(".")


def _letters(text: str) -> str:
    """Letters and digits only."""
    return "".join(sign for sign in text if sign.isalnum())


def _paper(text: str) -> str:
    """The identifier without the address of its resolver."""
    return RESOLVER.sub("", text)


CANONICAL: Mapping[OutcomeKind, Callable[[str], str]] = {
    OutcomeKind.PATENT: _patent,
    OutcomeKind.STANDARD: _standard,
    OutcomeKind.PAPER: _paper,
}
