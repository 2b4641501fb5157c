"""The parts of an application that the applicant writes."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    """One page of the form; `limit` is the length of its text in characters, 0 for a page without a long text."""

    code: str
    title: str | Promise
    hint: str | Promise
    fields: tuple[str, ...]
    limit: int = 0
    question: str | Promise = ""  # the label of the text, where it is not the title


BASICS = Section(
    "basics", _("Tier and amount"), _("The tier applied for and the amount asked for."),
    ("requested_tier", "requested_amount"),
)  # fmt: skip

TEXTS = (
    Section(
        "objective", _("Need and objective"),
        _("Which problem of the industry is solved, for whom, and by which measurable result one will know it."),
        ("objective",), 3000,
    ),
    Section(
        "foundation", _("Foundation of cooperation"),
        _("Joint projects, contracts, patents and platforms of the last three years; national, provincial projects."),
        ("foundation",), 3000,
    ),
    Section(
        "route", _("Technical route"),
        _("Route, key difficulties and answers to them, division of work, milestones, risks."),
        ("route",), 6000,
    ),
    Section(
        "commercialisation", _("Commercialisation"),
        _("Terminal products, market, first customers, what is produced in the city."),
        ("commercialisation",), 3000,
    ),
    Section(
        "elements", _("Talent, platforms and funds"),
        _("Talent team, joint platforms, postdoctoral workstation, industry fund: what there is and what is planned."),
        ("elements",), 3000,
    ),
)  # fmt: skip

BUDGET = Section(
    "budget", _("Budget"), _("Who spends how much on what in which year, and where the money comes from."), ()
)

ELIGIBILITY = Section(
    "eligibility", _("Eligibility check"),
    _("What the call asks for, checked by the portal; deviations that do not exclude need a reason."),
    ("justification",), 1000, _("Reasons for deviations"),
)  # fmt: skip

SECTIONS = {section.code: section for section in (BASICS, *TEXTS, BUDGET, ELIGIBILITY)}
