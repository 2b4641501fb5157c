"""The consortium itself: tier, status, stage and kinds; the taxonomy."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Tier(TextChoices):
    """Grant tier; C is the cultivation pool."""

    A = "A", _("Tier A")
    B = "B", _("Tier B")
    C = "C", _("Tier C (cultivation)")


class ConsortiumStatus(TextChoices):
    """Where a consortium stands in its life."""

    PREPARING = "PREPARING", _("Preparing")
    CULTIVATION = "CULTIVATION", _("In cultivation")
    OPERATING = "OPERATING", _("Operating")
    RECTIFYING = "RECTIFYING", _("Rectifying")
    GRADUATED = "GRADUATED", _("Graduated")
    EXITED = "EXITED", _("Exited")
    REVOKED = "REVOKED", _("Revoked")


SOUND = frozenset({ConsortiumStatus.CULTIVATION, ConsortiumStatus.OPERATING})
AT_WORK = SOUND | {ConsortiumStatus.RECTIFYING}
ALIVE = AT_WORK | {ConsortiumStatus.PREPARING}


class Stage(TextChoices):
    """How far a consortium is in its life; follows from status and build period, nobody types it in."""

    PREPARING = "PREPARING", pgettext_lazy("stage", "Preparing")
    STARTING = "STARTING", pgettext_lazy("stage", "Starting")
    GROWING = "GROWING", pgettext_lazy("stage", "Growing")
    MATURE = "MATURE", pgettext_lazy("stage", "Mature")
    LEAVING = "LEAVING", pgettext_lazy("stage", "Leaving")


class ConsortiumType(TextChoices):
    """Type by purpose."""

    STRATEGIC = "STRATEGIC", _("Strategy-led")
    MARKET = "MARKET", _("Market-driven")


class ConsortiumForm(TextChoices):
    """Legal form."""

    VIRTUAL = "VIRTUAL", _("Virtual")
    ENTITY = "ENTITY", _("Incorporated")


class OperatingModel(TextChoices):
    """How the work is organised."""

    JOINT_TEAM = "JOINT_TEAM", _("Joint team")
    ALLIANCE = "ALLIANCE", _("Enterprise and alliance")
    COMPANY = "COMPANY", _("Incorporated company")


class ChainAction(TextChoices):
    """What the work does for the industrial chain."""

    STRENGTHEN = "STRENGTHEN", _("Strengthen the chain")
    FILL = "FILL", _("Fill gaps in the chain")
    EXTEND = "EXTEND", _("Extend the chain")
    SECURE = "SECURE", _("Secure the chain")


class TaxonomyStatus(TextChoices):
    """Where a version of the taxonomy stands."""

    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")
