"""Which notices of this room belong together, who gets them, and which cannot be chosen."""

from django.utils.translation import gettext_lazy as _

from members.enums import OFFICIALS, ORGANISATION_ROLES, Role
from portal.kernel.notifications import DEADLINE, RIGHTS, insist, topic

BUSINESS = ORGANISATION_ROLES | OFFICIALS

topic(_("Calls and questions"), "funding.call_", "funding.question_", roles=BUSINESS)
topic(_("Writing applications"), "funding.section_", roles=ORGANISATION_ROLES)
topic(_("Applications on their way"), "funding.application_", "funding.recommendations_", roles=BUSINESS)
topic(_("Reviews"), "funding.review", roles={Role.EXPERT, Role.ACCEPTANCE, Role.OFFICER})
topic(_("Public notices and objections"), "funding.objection_", "funding.application_publicised", roles=BUSINESS)
topic(_("Contracts"), "funding.contract_", roles=BUSINESS)
topic(_("Tranches"), "funding.tranche_", roles=BUSINESS)

insist(
    DEADLINE, "funding.application_returned", "funding.application_rejected", "funding.application_not_recommended",
    "funding.application_overturned", "funding.application_credit_failed", "funding.call_extended",
    "funding.objection_taken_up",
)  # fmt: skip
insist(RIGHTS, "funding.tranche_cancelled", "funding.tranche_held", "funding.tranche_reduced")
