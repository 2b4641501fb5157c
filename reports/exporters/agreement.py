"""The agreement as data for its document: articles, schedules and signatures, out of one frozen snapshot."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from consortia.enums import Clause, ForegroundRule, SigningMethod
from consortia.selectors.schedules import ScheduleTable, tables
from portal.kernel.templatetags.ui import NOTHING
from reports.exporters.annual.blocks import Block, Chapter, Column, Facts, Prose, Table, chapter
from reports.exporters.annual.material import chinese, label, long_day

BLANK = "\u3000"  # to be filled in by hand
DIGITS = "〇一二三四五六七八九"
Snapshot = dict[str, Any]


@dataclass(frozen=True)
class AgreementText:
    """Everything that the template prints."""

    snapshot: Snapshot
    cover: Facts
    articles: Chapter
    schedules: Chapter
    signatures: Chapter

    @property
    def name(self) -> str:
        """The consortium."""
        found: str = self.snapshot["content"]["schedules"]["profile"]["name"]
        return found

    @property
    def in_force(self) -> bool:
        """Whether it had taken effect when the document was ordered."""
        return bool(self.snapshot["effective_on"])


def agreement_text(snapshot: Snapshot) -> AgreementText:
    """In the language that is active."""
    return AgreementText(snapshot, _cover(snapshot), _articles(snapshot), _schedules(snapshot), _signatures(snapshot))


def _cover(snapshot: Snapshot) -> Facts:
    profile = snapshot["content"]["schedules"]["profile"]
    return Facts((
        (_("Consortium"), profile["name"]),
        (_("Consortium code"), profile["code"]),
        (_("Lead organisation"), profile["lead"]),
        (_("Version"), str(snapshot["version"])),
        (_("Sent for signature on"), _day(snapshot["sent_at"])),
        (_("In force from"), _start(snapshot["effective_on"])),
        (_("Runs until"), long_day(snapshot["expires_on"])),
        (_("Fingerprint (SHA-256)"), snapshot["sha256"]),
    ))  # fmt: skip


def _start(day: str) -> str:
    return long_day(day) if day else _("With the last signature")


def _day(moment: str) -> str:
    return long_day(timezone.localdate(datetime.fromisoformat(moment)).isoformat()) if moment else NOTHING


def _articles(snapshot: Snapshot) -> Chapter:
    return chapter("articles", _("Agreement"), _clauses(snapshot["content"]), fresh=True)


def _clauses(content: Snapshot) -> Iterator[Block]:
    parties = _(", ").join(row["name"] for row in content["schedules"]["members"])
    yield Prose((_("Parties: %(names)s") % {"names": parties}, *_amendment(content)))
    settled = [clause for clause in Clause if clause in content["clauses"]]
    for number, clause in enumerate(settled, 1):
        title = _("Article %(number)s. %(title)s") % {"number": article_number(number), "title": clause.label}
        lines = tuple(line.strip() for line in content["clauses"][clause].splitlines() if line.strip())
        yield Prose(lines, title)


def _amendment(content: Snapshot) -> Iterator[str]:
    if content["changes"]:
        yield _("This version changes: %(text)s") % {"text": content["changes"]}
    yield _("Results of joint work: %(rule)s.") % {"rule": label(ForegroundRule, content["foreground"])}


def article_number(number: int) -> str:
    """Written as in a Chinese contract, up to 99; in digits in other languages."""
    if not chinese():
        return str(number)
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, f"{DIGITS[tens % 10]}十")
    return head + (DIGITS[ones] if ones else "")


def _schedules(snapshot: Snapshot) -> Chapter:
    found = tables(snapshot["content"]["schedules"])
    return chapter("schedules", _("Schedules"), (_table(one) for one in found), fresh=True)


def _table(one: ScheduleTable) -> Table:
    columns = tuple(Column(head.title, head.width, head.kind) for head in one.heads)  # type: ignore[arg-type]
    return Table(one.title, columns, one.rows, sums=one.sums, empty=_("Nothing is listed."))


def _signatures(snapshot: Snapshot) -> Chapter:
    return chapter("signatures", _("Signatures"), _signature_blocks(snapshot), fresh=True)


def _signature_blocks(snapshot: Snapshot) -> Iterator[Block]:
    sentence = _("The parties sign version %(version)s of the agreement with the fingerprint below.")
    yield Prose((sentence % {"version": snapshot["version"]}, snapshot["sha256"]))
    given = {row["participation"]: row for row in snapshot["signatures"]}
    named = snapshot["content"]["schedules"]["members"]
    columns = (
        Column(_("Party"), 30), Column(_("Signatory"), 18), Column(_("Signed on"), 17, "day"), Column(_("How"), 35)
    )  # fmt: skip
    rows = [(row["name"], *_given(given.pop(row["id"], None))) for row in named]
    later = [(row["name"], *_given(row)) for row in given.values()]
    yield Table(_("Signatures of the parties"), columns, tuple(rows), source=_source())
    if later:
        yield Table(_("Signatures of parties that joined later"), columns, tuple(later))


def _given(row: dict[str, str] | None) -> tuple[str, str, str]:
    if row is None:
        return BLANK, BLANK, _("(signature and seal)")
    how = label(SigningMethod, row["method"])
    if row["scan"]:
        how = _("%(how)s (SHA-256 %(hash)s…)") % {"how": how, "hash": row["scan"][:12]}
    return row["signatory"], row["signed_on"], how


def _source() -> str:
    return _("Kept by the portal of %(bureau)s with the time and the person of every signature.") % {
        "bureau": settings.CITY["bureau"]
    }
