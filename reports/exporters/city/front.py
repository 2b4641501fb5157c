"""Cover and the page at a glance."""

from django.conf import settings
from django.utils.translation import gettext as _

from reports.enums import EvaluationStatus, Grade
from reports.exporters.annual.blocks import Chapter, Facts, Listing, Prose, chapter
from reports.exporters.annual.material import long_day, money
from reports.exporters.city.material import CityMaterial, by, total


def cover(material: CityMaterial) -> Facts:
    """What stands on the first page."""
    return Facts((
        (_("Report number"), material.number),
        (_("Consortia"), str(material.alive)),
        (_("Data as of"), long_day(material.snapshot["as_of"])),
        (_("Rule set"), str(material.snapshot["rules"]["code"])),
        (_("Issued by"), str(settings.CITY["bureau"])),
    ))  # fmt: skip


def glance(material: CityMaterial) -> Chapter:
    """The year in five sentences."""
    return chapter(
        "glance", _("The year at a glance"), [_intro(material), Listing(tuple(_points(material)))], fresh=True
    )


def _intro(material: CityMaterial) -> Prose:
    words = {"year": material.year, "day": long_day(material.snapshot["as_of"])}
    text = _(
        "This summary puts the evaluation year %(year)s of all innovation consortia of the city together. All figures "
        "come from one frozen extract of the portal of %(day)s; amounts are in units of 10,000 yuan."
    )
    lines = [text % words]
    if not material.is_final:
        lines.append(_("Not every evaluation of the year is final yet: this is a draft, and grades may still change."))
    return Prose(tuple(lines))


def _points(material: CityMaterial) -> list[str]:
    grades, cells = by(material.results["tiers"], "mark"), material.cells
    final = total(row for row in material.results["states"] if row["status"] == EvaluationStatus.FINAL)
    covered = len({field for field, _place in cells})
    good = grades[Grade.EXCELLENT.value,] + grades[Grade.GOOD.value,]
    words = {
        "alive": material.alive, "new": material.new, "covered": covered, "fields": len(material.sub_fields),
        "empty": len(material.sub_fields) * len(material.districts) - len(cells), "year": material.year,
        "granted": money(material.amounts("awards")), "paid": money(material.amounts("payments")),
        "final": final, "all": total(material.results["states"]), "good": good,
        "bad": grades[Grade.UNQUALIFIED.value,],
    }  # fmt: skip
    lines = (
        _("Consortia: %(alive)d are at work; %(new)d were recognised in %(year)d."),
        _("Coverage: %(covered)d of %(fields)d sub-fields have a consortium; %(empty)d places of a sub-field in a "
          "district have none."),
        _("Funds: grants of %(granted)s ×10k yuan were approved in %(year)d and %(paid)s ×10k yuan were paid."),
        _("Evaluation: %(final)d of %(all)d evaluations are final; %(good)d consortia are excellent or good, %(bad)d "
          "unqualified."),
    )  # fmt: skip
    return [line % words for line in lines]
