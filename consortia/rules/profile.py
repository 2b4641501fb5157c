"""Words of a consortium's profile."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from members.enums import OrganisationType

# Who may form a consortium; which of them may apply, the rules of each call say.
LEADING = frozenset({
    OrganisationType.ENTERPRISE, OrganisationType.UNIVERSITY, OrganisationType.INSTITUTE,
    OrganisationType.NEW_RD_INSTITUTION, OrganisationType.INNOVATION_CENTRE,
})  # fmt: skip


class Direction(TextChoices):
    """National strategic direction."""

    FRONTIER = "FRONTIER", _("World frontier of science")
    DIGITAL = "DIGITAL", _("Digital economy")
    GREEN = "GREEN", _("Green economy")


class IndustryClass(TextChoices):
    """Class of the industry."""

    ESTABLISHED = "ESTABLISHED", _("Industry of established strength")
    EMERGING = "EMERGING", _("Strategic emerging industry")
    FUTURE = "FUTURE", _("Industry of the future")
