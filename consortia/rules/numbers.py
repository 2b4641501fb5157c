"""Numbers of outcomes: one number has one spelling, whoever writes it down."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from consortia.enums import OutcomeKind

# People write T/CSTM 001—2026 with any of these between number and year.
DASHES = re.compile("[‐‑‒–—―−─ー~〜]")
COUNTRY = re.compile(r"^(?:CN|ZL)+(?=[0-9])")
# A published document ends in the code of its kind (A, B, U, S); an application number may end in its check digit.
ENDING = re.compile(r"^(?:(\d{7,9})[ABCUSY]\d?|(\d{12})[0-9X])$")
LABEL = re.compile(r"^(?:(?:专利|申请|授权|公开|公告|标准|合同|登记|证书)*(?:编号|号码|号)|NO\.?|DOI)[:.]*")
RESOLVER = re.compile(r"^HTTPS?://(?:DX\.)?DOI\.ORG/")


def canonical_number(kind: str, written: str) -> str:
    """The one spelling of a number of this kind; empty when there is no number in it."""
    text = DASHES.sub("-", unicodedata.normalize("NFKC", written)).upper()
    text = "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign)[0] != "C")
    return CANONICAL.get(OutcomeKind(kind), _letters)(LABEL.sub("", text))


def _patent(text: str) -> str:
    """Without country and check digit: `ZL 2023 1 0123456.7`, `CN202310123456` and `2023101234567` are one patent."""
    bare = COUNTRY.sub("", re.sub(r"[^0-9A-Z]", "", text))
    ending = ENDING.fullmatch(bare)
    return next(filter(None, ending.groups())) if ending else bare


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
