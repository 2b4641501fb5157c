"""Words of joint platforms, and of the direct recognition of one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FEWEST_BUILDERS = 2  # a platform is joint when so many build it
RENEWAL_DAYS = 180  # before its recognition ends a platform may be proposed anew
REMINDER_DAYS = 60  # before it ends those concerned are reminded


class IncubationMode(TextChoices):
    """How an incubator or a park helps young enterprises."""

    SPACE = "SPACE", _("Space and service")
    INVESTING = "INVESTING", _("Space, service and investment")
    EARLY = "EARLY", _("Incubation ahead of founding")


class ServiceStage(TextChoices):
    """What a platform mainly offers on the way from research to service."""

    RESEARCH = "RESEARCH", _("Basic industrial research")
    INCUBATION = "INCUBATION", _("Incubation of innovation projects")
    TECHNICAL = "TECHNICAL", _("Public technical service")
    OPEN_LAB = "OPEN_LAB", _("Open laboratory service")


class DirectStatus(TextChoices):
    """Where a direct recognition stands."""

    PROPOSED = "PROPOSED", _("Waiting for the district's opinion")
    RETURNED = "RETURNED", pgettext_lazy("recognition", "Returned for completion")
    DISTRICT_OPINION = "DISTRICT_OPINION", _("Waiting for the check of conditions")
    CONDITION_CHECK = "CONDITION_CHECK", _("Conditions checked")
    EXPERT_OPINION = "EXPERT_OPINION", _("Experts heard")
    MEETING = "MEETING", _("Waiting for the meeting")
    RECOGNISED = "RECOGNISED", pgettext_lazy("recognition", "Recognised")
    NOT_RECOGNISED = "NOT_RECOGNISED", pgettext_lazy("recognition", "Not recognised")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("recognition", "Withdrawn by the consortium")
    REVOKED = "REVOKED", pgettext_lazy("recognition", "Recognition revoked")


DIRECT_ENDED = frozenset({
    DirectStatus.RECOGNISED, DirectStatus.NOT_RECOGNISED, DirectStatus.WITHDRAWN, DirectStatus.REVOKED,
})  # fmt: skip
OPENED_UP = DIRECT_ENDED - {DirectStatus.WITHDRAWN}  # the consortium may read what the officials wrote
CHECKED = frozenset({DirectStatus.CONDITION_CHECK, DirectStatus.EXPERT_OPINION})
WITH_LEAD = frozenset({DirectStatus.PROPOSED, DirectStatus.RETURNED})


class DirectAction(TextChoices):
    """The steps of a direct recognition, and the setting of its conditions."""

    SET_TERMS = "set_terms", _("Set conditions")
    ATTACH = "attach_direct", pgettext_lazy("recognition", "Attach evidence")
    DETACH = "detach_direct", pgettext_lazy("recognition", "Remove evidence")
    OPINE = "opine_direct", _("Give the district's opinion")
    SEND_BACK = "send_back_direct", _("Send back to the lead")
    CHECK = "check_direct", _("Check conditions")
    HEAR = "hear_direct", _("Record the experts' opinion")
    RETURN = "return_direct", pgettext_lazy("recognition", "Return for completion")
    RESUBMIT = "resubmit_direct", _("Propose again")
    TABLE = "table_direct", _("Put to the meeting")
    RECOGNISE = "recognise_direct", pgettext_lazy("recognition", "Recognise")
    REFUSE = "refuse_direct", pgettext_lazy("recognition", "Do not recognise")
    WITHDRAW = "withdraw_direct", _("Withdraw the proposal")
    PUBLISH = "publish_direct", _("Publish in the directory")
    CONCEAL = "conceal_direct", _("Take out of the directory")
    REVOKE = "revoke_direct", pgettext_lazy("recognition", "Revoke recognition")


class Measure(TextChoices):
    """A figure on record that a condition may go by."""

    BUILDERS = "BUILDERS", _("Builders")
    AREA = "AREA", _("Area (m²)")
    EQUIPMENT = "EQUIPMENT", _("Value of the equipment (×10k yuan)")
    MONTHS = "MONTHS", _("Months since opening")
    STAFF = "STAFF", _("People at work in the newest year")
    INCUBATEES = "INCUBATEES", _("Incubated enterprises in the newest year")
    SERVED = "SERVED", _("Organisations served in the newest year")
    INCOME = "INCOME", _("Service income of the newest year (×10k yuan)")


class PlatformState(TextChoices):
    """How far a platform is, read from its opening and its newest direct recognition."""

    BUILDING = "BUILDING", _("Being built")
    OPEN = "OPEN", pgettext_lazy("platform", "Built")
    PROPOSED = "PROPOSED", _("Direct recognition proposed")
    RECOGNISED = "RECOGNISED", pgettext_lazy("platform", "Directly recognised")
    NOT_RECOGNISED = "NOT_RECOGNISED", pgettext_lazy("recognition", "Not recognised")
    EXPIRED = "EXPIRED", _("Recognition expired")
