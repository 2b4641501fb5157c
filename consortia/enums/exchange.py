"""Circulars, and the Seven Ones."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Audience(TextChoices):
    """Whom a circular is for."""

    LEADS = "LEADS", _("Lead organisations")
    MEMBERS = "MEMBERS", _("All member organisations")
    DISTRICT = "DISTRICT", _("District departments")
    LIAISON = "LIAISON", _("Liaison officers")


class SevenOnes(TextChoices):
    """The seven things that a consortium builds up."""

    SUB_FIELD = "sub_field", _("Focus on one sub-field")
    TECHNOLOGIES = "technologies", _("Draw up one list of key technologies")
    LEAD = "lead", _("Rally around leading enterprises")
    RESEARCH = "research", _("Join forces with research bodies")
    INCUBATOR = "incubator", _("Build one benchmark incubator")
    FUND = "fund", _("Set up one fund")
    PRODUCTS = "products", _("Bring terminal products to market")


class Progress(IntegerChoices):
    """How far one of the seven is."""

    NONE = 0, _("None yet")
    IN_PROGRESS = 1, _("Being built")
    BUILT = 2, _("Built")
