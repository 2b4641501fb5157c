"""The words of technologies and research tasks that the guidelines name."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class TaskClass(TextChoices):
    """What kind of technology a task is about."""

    GENERIC = "GENERIC", _("Generic key technology")
    FRONTIER = "FRONTIER", _("Frontier leading technology")
    MODERN = "MODERN", _("Modern engineering technology")


class ResearchType(TextChoices):
    """How far the research is from a product."""

    BASIC = "BASIC", _("Original innovation")
    APPLIED = "APPLIED", _("Applied research")
    DEVELOPMENT = "DEVELOPMENT", _("Product development")


class Openness(TextChoices):
    """Who may know of a technology; state secrets are never entered."""

    PUBLIC = "PUBLIC", _("May be found by other consortia")
    INTERNAL = "INTERNAL", _("Internal to the consortium")
    SECRET = "SECRET", _("Business secret")


def project_fault(level: str, number: str, as_consortium: bool) -> dict[str, str | Promise]:
    """What is wrong with a public project, by field: it has a level and a number, or there is none."""
    if level and not number:
        return {"project_number": _("A public project has a level and a number.")}
    if number and not level:
        return {"project_level": _("A public project has a level and a number.")}
    return {"project_level": _("Say which project it is.")} if as_consortium and not level else {}
