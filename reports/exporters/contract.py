"""A project contract as data for its document; in the language that is active."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consortia.enums import ParticipationRole
from funding.enums import ContractStatus, TrancheCondition
from funding.selectors.contracts import Reading
from portal.kernel.capitals import capitals
from portal.kernel.templatetags.ui import cn_date, moment, percent, plain, wan
from reports.exporters.agreement import article_number
from reports.exporters.annual.blocks import Block, Chapter, Column, Facts, RecordText, Table, chapter, prose
from reports.exporters.annual.material import chinese, label, long_day
from reports.exporters.application import budget_tables

Snapshot = dict[str, Any]
EMPTY = "-"
BLANK = "\u3000"  # to be filled in by hand
UNSIGNED = (ContractStatus.CONFIRMING, ContractStatus.OFFERED, ContractStatus.SIGNED)


@dataclass(frozen=True)
class ContractText(RecordText):
    """A contract also says whether it is still to be signed."""

    for_signature: bool


def contract_text(snapshot: Snapshot) -> ContractText:
    """Cover and chapters."""
    terms = snapshot["terms"]
    reading = Reading(terms)
    found = (
        chapter("purpose", _("Purpose of the project"), [prose(terms.get("purpose", ""))]),
        _targets(reading), _budget(reading), _funding(terms), _parties(terms), _technologies(reading),
        _milestones(reading), _signatures(snapshot), _versions(snapshot),
    )  # fmt: skip
    chapters = tuple(
        replace(one, mark=_mark(number)) for number, one in enumerate((one for one in found if one.blocks), 1)
    )
    return ContractText(
        head=_("Project contract of an innovation consortium"),
        number=snapshot["number"],
        name=terms["consortium"]["name"],
        cover=_cover(snapshot, terms),
        chapters=chapters,
        for_signature=snapshot["status"] in UNSIGNED,
    )


def _mark(number: int) -> str:
    return f"{article_number(number)}、" if chinese() else f"{number}. "


def _cover(snapshot: Snapshot, terms: Snapshot) -> Facts:
    amount = Decimal(terms["award"]["amount"])
    return Facts((
        (_("Contract number"), snapshot["number"]), (_("Version"), str(snapshot["version"])),
        (_("Consortium"), f"{terms['consortium']['name']} {terms['consortium']['code']}"),
        (_("Lead organisation"), terms["consortium"]["lead"]), (_("Tier"), terms["award"]["tier"]),
        (_("Grant (×10k yuan)"), wan(amount)), (_("In capitals"), capitals(amount)),
        (_("Approved by document"), terms["award"]["document"]),
        (_("Term"), f"{long_day(snapshot['starts_on'])} – {long_day(snapshot['ends_on'])}"),
        (_("Fingerprint (SHA-256)"), snapshot["sha256"]),
    ))  # fmt: skip


# --- what is promised --------------------------------------------------------------------------
def _targets(reading: Reading) -> Chapter:
    years = reading.years
    width = 44 // max(len(years), 1)
    columns = (
        Column(_("Indicator"), 88 - 11 - width * len(years)), Column(_("Unit"), 11), Column(_("Baseline"), 12, "num"),
        *(Column(year, width, "num") for year in years),
    )  # fmt: skip
    rows = tuple(
        (one["name"], one["unit"], str(one.get("baseline") or EMPTY), *(figure or EMPTY for figure in figures))
        for one, figures in reading.targets
    )
    table = Table(_("Targets by year"), columns, rows, empty=_("Nothing is listed."))
    return chapter("targets", _("Targets by year"), [table])


def _budget(reading: Reading) -> Chapter:
    return chapter("budget", _("Budget"), budget_tables(reading.budget) if reading.budget else ())


def _funding(terms: Snapshot) -> Chapter:
    return chapter("funding", _("Funding and tranches"), _funding_blocks(terms))


def _funding_blocks(terms: Snapshot) -> Iterator[Block]:
    shares = terms.get("shares")
    if shares:
        yield Facts((
            (pgettext("share", "City"), _in_words(shares["city"])),
            (shares["name"] or _("District"), _in_words(shares["district"])),
        ))  # fmt: skip
    columns = (
        Column(_("Tranche"), 12, "mid"), Column(_("Share of the award"), 18, "num"),
        Column(_("Amount (×10k yuan)"), 22, "num"), Column(_("Condition"), 48),
    )  # fmt: skip
    plan = terms.get("tranches", [])
    rows = tuple(
        (str(one["sequence"]), percent(Decimal(one["percent"])), wan(Decimal(one["amount"])),
         label(TrancheCondition, one["condition"]))
        for one in plan
    )  # fmt: skip
    total = sum((Decimal(one["amount"]) for one in plan), Decimal(0))
    sums = ((_("Total"), "", wan(total), capitals(total)),) if plan else ()
    yield Table(_("Plan of tranches"), columns, rows, sums=sums, empty=_("This award has no money."))


def _in_words(amount: str) -> str:
    value = Decimal(amount)
    return _("%(amount)s ×10k yuan (%(words)s)") % {"amount": wan(value), "words": capitals(value)}


def _parties(terms: Snapshot) -> Chapter:
    columns = (
        Column(_("Organisation"), 28), Column(pgettext("party", "Role"), 16), Column(_("Duties"), 28),
        Column(_("Grant (×10k yuan)"), 14, "num"), Column(_("Own funds (×10k yuan)"), 14, "num"),
    )  # fmt: skip
    rows = tuple(
        (one["name"], label(ParticipationRole, one["role"]), one["duties"] or EMPTY, wan(Decimal(one["grant"])),
         wan(Decimal(one["own"])))
        for one in terms.get("parties", [])
    )  # fmt: skip
    table = Table(_("Parties, duties and money"), columns, rows, empty=_("Nothing is listed."))
    return chapter("parties", _("Parties, duties and money"), [table])


def _technologies(reading: Reading) -> Chapter:
    columns = (
        Column(_("Technology"), 33), Column(_("Indicator"), 24), Column(_("Baseline"), 12, "num"),
        Column(_("Target"), 12, "num"), Column(_("Due"), 19, "day"),
    )  # fmt: skip
    rows = tuple(
        (one["name"], f"{one['indicator']} {one['unit']}", plain(one["baseline"]), plain(one["target"]),
         cn_date(one["due"]))
        for one in reading.technologies
    )  # fmt: skip
    blocks = [Table(_("Key-technology list"), columns, rows)] if rows else []
    return chapter("technologies", _("Key-technology list"), blocks)


def _milestones(reading: Reading) -> Chapter:
    columns = (
        Column(_("Task"), 25), Column(_("Milestone"), 28), Column(_("Metric"), 19), Column(_("Target"), 9, "num"),
        Column(_("Due"), 19, "day"),
    )  # fmt: skip
    rows = tuple(
        (one["task"], one["name"], one["metric"], plain(one["target"]), cn_date(one["due"]))
        for one in reading.milestones
    )
    return chapter("milestones", _("Milestones"), [Table(_("Milestones"), columns, rows)] if rows else [])


# --- who signed --------------------------------------------------------------------------------
def _signatures(snapshot: Snapshot) -> Chapter:
    return chapter("signatures", _("Signatures"), _signature_blocks(snapshot), fresh=True)


def _signature_blocks(snapshot: Snapshot) -> Iterator[Block | None]:
    said = _(
        "The parties sign version %(version)s of this contract with the fingerprint below. Each party has confirmed "
        "its duties and its money before; the bureau signs last."
    )
    yield prose(f"{said % {'version': snapshot['version']}}\n{snapshot['sha256']}")
    columns = (
        Column(_("Party"), 30), Column(_("Part confirmed"), 24), Column(_("Signatory"), 18),
        Column(_("Signed at"), 28),
    )  # fmt: skip
    rows = [(one["name"], _moment(one["confirmed"][1]), *_signed(one["signed"])) for one in snapshot["parties"]]
    rows.append((_("Bureau"), EMPTY, *_signed(snapshot["bureau"])))
    yield Table(_("Signatures of the parties"), columns, tuple(rows))


def _signed(by_and_at: list[str]) -> tuple[str, str]:
    by, at = by_and_at
    return (by, _moment(at)) if at else (BLANK, _("(signature and seal)"))


def _moment(text: str | None) -> str:
    return moment(parse_datetime(text)) if text else EMPTY


def _versions(snapshot: Snapshot) -> Chapter:
    columns = (
        Column(_("Version"), 12, "mid"), Column(_("In effect from"), 22), Column(_("Until"), 22),
        Column(_("Fingerprint (SHA-256)"), 44),
    )  # fmt: skip
    rows = tuple(
        (str(version), _moment(effective), _moment(until), f"{digest[:32]}…")
        for version, digest, effective, until in snapshot["earlier"]
    )
    blocks = [Table(_("Versions before"), columns, rows)] if rows else []
    return chapter("versions", _("Versions before"), blocks)
