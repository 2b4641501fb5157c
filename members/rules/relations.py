"""Kinds of relations between an expert and organisations or people, beside those that the portal sees itself."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RelationKind(TextChoices):
    """What binds an expert."""

    DIRECTOR = "DIRECTOR", _("Director, supervisor or senior manager")
    EQUITY = "EQUITY", pgettext_lazy("relation", "Shareholder")
    CONSULTANT = "CONSULTANT", _("Paid consultant")
    INVESTOR = "INVESTOR", _("Investor through a fund")
    CO_INVENTOR = "CO_INVENTOR", _("Co-inventor or co-author")
    SUPERVISOR = "SUPERVISOR", _("Supervisor or student")
    KINSHIP = "KINSHIP", _("Kinship")


class RelationSource(TextChoices):
    """Who says so."""

    SELF = "SELF", _("Declared by the expert")
    BUREAU = "BUREAU", _("Recorded by the bureau")


# What the portal cannot say without knowing the other person.
BETWEEN_PEOPLE = frozenset({RelationKind.CO_INVENTOR, RelationKind.SUPERVISOR, RelationKind.KINSHIP})
WITH_PERCENT = frozenset({RelationKind.EQUITY, RelationKind.INVESTOR})
