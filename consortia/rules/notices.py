"""Which notices of this room belong together, who gets them, and which cannot be chosen."""

from django.utils.translation import gettext_lazy as _

from members.enums import OFFICIALS, ORGANISATION_ROLES, Role
from portal.kernel.notifications import DEADLINE, RIGHTS, insist, topic

BUSINESS = ORGANISATION_ROLES | OFFICIALS

topic(_("Circulars of the bureau"), "consortia.circular", roles=ORGANISATION_ROLES)
topic(
    _("Invitations and confirmations of members"), "consortia.invit", "consortia.revised", "consortia.reminded",
    "consortia.withdrawn", "consortia.expired", "consortia.confirmed", "consortia.declined", "consortia.stepped_back",
    "consortia.abandoned", roles=ORGANISATION_ROLES,
)  # fmt: skip
topic(_("Agreement"), "consortia.agreement_", roles=ORGANISATION_ROLES)
topic(
    _("Departures and takeovers"),
    "consortia.departure_",
    "consortia.takeover_",
    "consortia.left",
    roles=ORGANISATION_ROLES,
)
topic(_("Change of the lead"), "consortia.lead_", roles=BUSINESS)
topic(
    _("Life of the consortium"), "consortia.started", "consortia.tier_", "consortia.rectif", "consortia.resumed",
    "consortia.graduated", "consortia.exited", "consortia.revoked", "consortia.profile_", "consortia.shares_",
    roles=BUSINESS,
)  # fmt: skip
topic(_("Exit"), "consortia.exit_", roles=BUSINESS)
topic(_("Outcomes"), "consortia.outcome_", "consortia.claim", roles=BUSINESS)
topic(_("Direct recognition of platforms"), "consortia.direct_", roles=BUSINESS)
topic(_("Obligations and contributions"), "consortia.obligation_", "consortia.contribution_", roles=ORGANISATION_ROLES)
topic(_("Demands, platforms and links"), "consortia.demand_", "consortia.match_", "consortia.link_", roles=BUSINESS)
topic(
    _("Liaison and issues"), "consortia.liaison_", "consortia.contact_", "consortia.visit_", "consortia.issue_",
    roles=ORGANISATION_ROLES | {Role.LIAISON, Role.OFFICER, Role.HEAD},
)  # fmt: skip
topic(_("The Seven Ones"), "consortia.seven_", roles=BUSINESS)

insist(
    DEADLINE, "consortia.exit_noticed", "consortia.exit_hearing", "consortia.exit_decided", "consortia.exit_publicised",
    "consortia.exit_upheld", "consortia.rectifying",
)  # fmt: skip
insist(RIGHTS, "consortia.revoked", "consortia.direct_revoked", "consortia.lead_taken_over")
