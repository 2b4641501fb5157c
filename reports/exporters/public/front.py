"""Cover, the year at a glance, and what the edition is."""

from django.conf import settings
from django.utils.translation import gettext as _

from consortia.enums import Tier
from reports.exporters.annual.blocks import Chapter, Facts, Listing, Prose, chapter
from reports.exporters.annual.material import figure, here, label, long_day
from reports.exporters.public.material import PublicMaterial


def cover(material: PublicMaterial) -> Facts:
    """What stands on the first page."""
    profile = material.consortium
    return Facts((
        (_("Consortium"), profile["name"]),
        (_("Consortium code"), profile["code"]),
        (_("Lead organisation"), material.snapshot["lead"]),
        (_("Sub-field"), here(profile["sub_field"])),
        (_("Tier"), label(Tier, profile["tier"])),
        (_("District"), here(profile["district"])),
        (_("Grade of the year"), material.grade),
        (_("Number of the edition"), material.number),
        (_("Issued by"), str(settings.CITY["bureau"])),
    ))  # fmt: skip


def glance(material: PublicMaterial) -> Chapter:
    """The year in a sentence and five figures."""
    blocks = (Prose((opening(material),)), Facts(headlines(material)))
    return chapter("glance", _("The year at a glance"), blocks, fresh=True)


def opening(material: PublicMaterial) -> str:
    """What was found, and since when it holds."""
    return _("The bureau has graded %(name)s %(grade)s for %(year)s; the grade is final since %(since)s.") % {
        "name": material.consortium["name"], "grade": material.grade, "year": material.year,
        "since": long_day(material.snapshot["final_on"]),
    }  # fmt: skip


def headlines(material: PublicMaterial) -> tuple[tuple[str, str], ...]:
    """Counts of what the chapters list."""
    facts = material.snapshot
    reached, planned = (sum(task[name] for task in facts["tasks"]) for name in ("reached", "planned"))
    return (
        (_("Members"), figure(str(len(facts["members"])))),
        (_("Open key technologies"), figure(str(len(facts["technologies"])))),
        (_("Milestones reached"), f"{reached} / {planned}"),
        (_("Outcomes of the year"), figure(str(len(facts["outcomes"]) + facts["outcomes_not_named"]))),
        (_("Joint platforms in operation"), figure(str(sum(facts["platforms"].values())))),
    )


def about(material: PublicMaterial) -> Chapter:
    """Where it comes from, and what stays inside."""
    return chapter("about", _("About this edition"), (_left_out(), _origin(material)))


def _left_out() -> Listing:
    return Listing((
        _("Points, ranks, opinions of experts and districts, evidence, and figures of single enterprises stay inside."),
        _("Technologies that are not open, and their tasks and outcomes, are counted and not named."),
        _("Names of people are masked. Money appears as the total of the funds alone."),
    ), _("What this edition leaves out"))  # fmt: skip


def _origin(material: PublicMaterial) -> Facts:
    origin = material.snapshot["origin"]
    return Facts((
        (_("Drawn from report"), origin["number"]),
        (_("Hash of that report's snapshot"), origin["sha256"]),
        (_("Hash of this edition"), material.snapshot_hash),
    ))  # fmt: skip
