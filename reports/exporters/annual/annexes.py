"""Annexes: evidence, quality of the data, definitions, references."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.templatetags.ui import NOTHING
from reports.exporters.annual.blocks import Block, Chapter, Column, Facts, Listing, Row, Table, chapter
from reports.exporters.annual.material import Facts as Data
from reports.exporters.annual.material import Material, day, figure
from reports.selectors.selfreport import IndicatorRows

SHOWN_HASH = 16


def annexes(material: Material) -> Chapter:
    """Everything that lets a reader check the report."""
    return chapter("annexes", _("Annexes"), _annexes(material), fresh=True)


def _annexes(material: Material) -> Iterator[Block | None]:
    yield _evidence(material)
    yield Listing(tuple(quality(material)) or (_("Nothing to note."),), _("Quality of the data"))
    yield _definitions(material)
    yield _references(material)


def _evidence(material: Material) -> Table:
    columns = (
        Column(_("What it proves"), 34),
        Column(_("File"), 30),
        Column(_("Size"), 12, "num"),
        Column(_("SHA-256 (beginning)"), 24),
    )
    proven: dict[tuple[str, str], list[str]] = {}  # by file and what the lead called it: the figures
    files = {(row["sha256"], row["label"]): row for row in material.filing["evidence"]}
    for row in material.filing["evidence"]:
        proven.setdefault((row["sha256"], row["label"]), []).append(row["metric"])
    rows = tuple(
        (_metric_names(material, proven[key]) + file["label"], file["name"], _size(file["size"]), key[0][:SHOWN_HASH])
        for key, file in files.items()
    )
    return Table(_("Evidence filed"), columns, rows, empty=_("No evidence was attached to the self-report."))


def _size(count: int) -> str:
    return f"{count / 1000:,.1f} kB" if count >= 1000 else f"{count} B"


def _metric_names(material: Material, codes: list[str]) -> str:
    names = [metric.name for code, metric in material.metrics.items() if code in codes]
    return _(", ").join(names) + _(": ") if names else ""


# --- quality of the data -----------------------------------------------------------------------
def quality(material: Material) -> Iterator[str]:
    """The notes of the snapshot as sentences."""
    for note in material.snapshot["notes"]:
        names = _(", ").join(_name(material, code) for code in note.get("metrics", ()))
        yield _note(material, note, names)


def _name(material: Material, code: str) -> str:
    metric = material.metrics.get(code)
    return metric.name if metric else material.names.get(code, code)


def _note(material: Material, note: Data, names: str) -> str:
    count = note.get("count", 0)
    amounts = {name: figure(note.get(name)) for name in ("planned", "promised", "recorded", "stated")}
    return {
        "not_stated": _("Not stated and therefore without points: %(names)s.") % {"names": names},
        "yardstick": _("Without a target, held against the yardstick of the rules: %(names)s.") % {"names": names},
        "own_target": _("Held against a target that the lead stated itself: %(names)s.") % {"names": names},
        "lowered_target": _("Held against a target of the lead below last year's or the yardstick: %(names)s.")
        % {"names": names},
        "budget": _("The task budgets plan own funds of %(planned)s, the members promised %(promised)s (×10k yuan).")
        % amounts,
        "sales": _("The products on record sold for %(recorded)s, the self-report states %(stated)s (×10k yuan).")
        % amounts,
        "jump": _("Changed by more than %(percent)s%% since last year: %(names)s.")
        % {"names": names, "percent": material.rules["jump"]},
        "no_evidence": _("Without the evidence that the rules ask for, counted 0: %(names)s.") % {"names": names},
        "unproven": _("Stated without an attached proof: %(names)s.") % {"names": names},
        "unscored": _("Not scored by an expert yet: %(names)s.") % {"names": names},
        "returned": ngettext(
            "The self-report was returned for correction once.",
            "The self-report was returned for correction %(count)s times.",
            count,
        )
        % {"count": count},
        "unconfirmed": ngettext(
            "%(count)s member has not confirmed its part.", "%(count)s members have not confirmed their part.", count
        )
        % {"count": count},
        "unsigned": ngettext(
            "%(count)s member has not signed the agreement.", "%(count)s members have not signed the agreement.", count
        )
        % {"count": count},
    }[note["code"]]


# --- definitions and references ----------------------------------------------------------------
def _definitions(material: Material) -> Table:
    columns = (
        Column(_("Indicator"), 30),
        Column(_("Maximum"), 12, "num"),
        Column(_("How it is scored"), 28),
        Column(_("Figures"), 30),
    )
    rows = tuple(_definition(one) for dimension in material.dimensions for one in dimension.indicators)
    return Table(_("Definition of the indicators"), columns, rows)


def _definition(one: IndicatorRows) -> Row:
    methods = {
        "expert": one.hint or _("Decided by the expert"),
        "ratio": _("By the share of the target reached"),
        "steps": _("By thresholds"),
        "line": _("Rising with the figure"),
    }
    figures = _("; ").join(
        _("%(name)s (%(unit)s)") % {"name": metric.name, "unit": metric.unit} for metric in one.metrics
    )
    return f"{one.code} {one.name}", figure(one.maximum), methods[one.method], figures


def _references(material: Material) -> Facts:
    documents = _(", ").join(award["document"] for award in material.snapshot["awards"]) or NOTHING
    return Facts((
        (_("Rule set"), material.snapshot["rules"]["code"]),
        (_("Approval documents"), documents),
        (_("Self-report filed on"), day(material.evaluation["submitted_on"])),
        (_("Hash of the self-report"), material.snapshot["filing_hash"]),
        (_("Hash of this report's snapshot"), material.snapshot_hash),
        (_("Template"), material.template_version),
    ))  # fmt: skip
