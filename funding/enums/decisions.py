"""Words of decisions and what is published and said against them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ScenarioStatus(TextChoices):
    """Where a frozen board stands."""

    FROZEN = "FROZEN", pgettext_lazy("scenario", "Frozen")
    PROPOSED = "PROPOSED", _("Before the meeting")
    DECIDED = "DECIDED", pgettext_lazy("scenario", "Decided")
    VOID = "VOID", pgettext_lazy("scenario", "Void")


class MeetingChoice(TextChoices):
    """How somebody votes in a decision meeting."""

    FOR = "FOR", pgettext_lazy("vote", "For")
    AGAINST = "AGAINST", pgettext_lazy("vote", "Against")
    ABSTAINED = "ABSTAINED", pgettext_lazy("vote", "Abstained")


class ObjectionStatus(TextChoices):
    """Where an objection stands."""

    OPEN = "OPEN", _("Being handled")
    DISMISSED = "DISMISSED", _("Dismissed")
    UPHELD = "UPHELD", _("Upheld")
    INADMISSIBLE = "REFUSED", _("Not admitted")


class ObjectionEffect(TextChoices):
    """What an objection that is right does to the decision."""

    AMEND = "AMEND", _("Tier or amount is lowered")
    CANCEL = "CANCEL", _("The support is cancelled")


class ObjectorKind(TextChoices):
    """Who objects."""

    PERSON = "PERSON", _("Person, with real name")
    ORGANISATION = "ORGANISATION", _("Organisation; hands in the sealed original")
