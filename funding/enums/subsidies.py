"""Words of money from other programmes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OverlapVerdict(TextChoices):
    """What supervision concludes about money from another programme and an application."""

    NONE = "NONE", _("No overlap")
    PARTIAL = "PARTIAL", _("Overlaps in part")
    DOUBLE = "DOUBLE", _("Paid for twice")
