"""Words of experts, their reviews and sessions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewStatus(TextChoices):
    """Where an expert stands with one application."""

    ASSIGNED = "ASSIGNED", _("Waiting for the declaration")
    ACCEPTED = "ACCEPTED", _("Scoring")
    SUBMITTED = "SUBMITTED", _("Handed in")
    RECUSED = "RECUSED", _("Recused")


class Leaving(TextChoices):
    """Why an expert does not review after all."""

    NO_TIME = "NO_TIME", _("No time")
    OTHER_FIELD = "FIELD", _("Not my field")
    CONFLICT = "CONFLICT", _("Conflict of interest")
    OTHER = "OTHER", pgettext_lazy("leaving a review", "Another reason")
    LAPSED = "LAPSED", _("No answer in time")
    RELEASED = "RELEASED", _("Released by the desk")


class Standing(TextChoices):
    """The status of a review in words that tell apart how an expert left."""

    ASSIGNED = ReviewStatus.ASSIGNED.value, ReviewStatus.ASSIGNED.label
    ACCEPTED = ReviewStatus.ACCEPTED.value, ReviewStatus.ACCEPTED.label
    SUBMITTED = ReviewStatus.SUBMITTED.value, ReviewStatus.SUBMITTED.label
    RECUSED = ReviewStatus.RECUSED.value, ReviewStatus.RECUSED.label
    DECLINED = "DECLINED", pgettext_lazy("invitation", "Declined")
    LAPSED = "LAPSED", pgettext_lazy("invitation", "Lapsed")
    RELEASED = "RELEASED", pgettext_lazy("invitation", "Released")


LEFT: dict[str, Standing] = {  # whoever left for another reason was recused
    Leaving.NO_TIME: Standing.DECLINED, Leaving.OTHER_FIELD: Standing.DECLINED, Leaving.OTHER: Standing.DECLINED,
    Leaving.LAPSED: Standing.LAPSED, Leaving.RELEASED: Standing.RELEASED,
}  # fmt: skip


class Reminding(TextChoices):
    """Of what an expert is reminded."""

    ANSWER = "ANSWER", _("Answer to the invitation")
    SCORES = "SCORES", pgettext_lazy("reminder", "Scores")


class SessionKind(TextChoices):
    """What applicants and experts come together for."""

    DEFENCE = "DEFENCE", _("Defence")
    SITE_VISIT = "SITE_VISIT", _("Site visit")


class SessionStatus(TextChoices):
    """Where a session stands."""

    PREPARED = "PREPARED", pgettext_lazy("session", "Prepared")
    INVITED = "INVITED", pgettext_lazy("session", "Invited")
    LOCKED = "LOCKED", pgettext_lazy("session", "Minutes locked")
    CANCELLED = "CANCELLED", pgettext_lazy("session", "Cancelled")


class SeatRole(TextChoices):
    """As what somebody sits in a session."""

    CHAIR = "CHAIR", pgettext_lazy("seat", "Chair")
    SECRETARY = "SECRETARY", pgettext_lazy("seat", "Keeper of the minutes")
    EXPERT = "EXPERT", pgettext_lazy("seat", "Expert")
    OFFICIAL = "OFFICIAL", pgettext_lazy("seat", "Official")


class DisputeStatus(TextChoices):
    """Where the dispute of a computed fact stands."""

    OPEN = "OPEN", _("Waiting for the officer")
    UPHELD = "UPHELD", _("Upheld; the score is corrected")
    DISMISSED = "DISMISSED", _("Dismissed; the score stands")


class ReopeningStatus(TextChoices):
    """Where the wish to reopen a locked review stands."""

    ASKED = "ASKED", _("Waiting for the supervisor")
    GRANTED = "GRANTED", _("Reopened")
    REFUSED = "REFUSED", _("Not reopened")


class DrawStatus(TextChoices):
    """Where a draw of experts stands."""

    PREPARED = "PREPARED", _("Waiting for the witness")
    WITNESSED = "WITNESSED", _("Waiting for the randomness")
    DRAWN = "DRAWN", _("Drawn")
    CANCELLED = "CANCELLED", _("Cancelled")


class AssignmentStatus(TextChoices):
    """Where an assignment of many applications stands."""

    SOLVING = "SOLVING", _("Being worked out")
    PROPOSED = "PROPOSED", pgettext_lazy("assignment", "Proposed")
    HANDED_OVER = "HANDED", _("Waiting for the supervisor")
    AGREED = "AGREED", _("Agreed to")
    DROPPED = "DROPPED", pgettext_lazy("assignment", "Dropped")


class NamingStatus(TextChoices):
    """Where experts stand who are named where experts are drawn."""

    PROPOSED = "PROPOSED", _("Waiting for the supervisor")
    AGREED = "AGREED", _("Agreed to")
    REFUSED = "REFUSED", pgettext_lazy("naming", "Refused")
