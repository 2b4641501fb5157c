"""Which notices of this room belong together, who gets them, and which cannot be chosen."""

from django.utils.translation import gettext_lazy as _

from members.enums import ADMINISTRATORS, OFFICIALS, ORGANISATION_ROLES, Role
from portal.kernel.notifications import RIGHTS, SAFETY, insist, topic

topic(_("Saved views"), "kernel.views_")
topic(
    _("My roles"), "members.granted.", "members.revoked.",
    label=_("A role was given to you or taken from you."),
)  # fmt: skip
topic(
    _("Work handed over, invitations"),
    "members.handed_over",
    "members.invitation_",
    roles=ORGANISATION_ROLES | OFFICIALS,
)
topic(
    _("Data of organisations"), "members.organisation_", "members.year_", "members.qualification_",
    "members.integrity_", "members.payee_", "members.import_", roles=ORGANISATION_ROLES | OFFICIALS,
)  # fmt: skip
topic(
    _("Expert pool"), "members.expert_",
    roles={Role.EXPERT, Role.ORG_ADMIN, Role.OFFICER, Role.HEAD},
)  # fmt: skip
topic(_("Personal data"), "members.correction_")
topic(
    _("Accounts and storage"), "members.address_", "members.administrator_", "members.proposal_", "members.file_",
    roles=ADMINISTRATORS,
)  # fmt: skip

insist(RIGHTS, *(f"members.{what}.{role}" for what in ("granted", "revoked") for role in Role))
insist(
    SAFETY, "members.address_stopped", "members.administrator_proposed", "members.file_damaged",
    "members.file_infected", "members.payee_updated",
)  # fmt: skip
insist(
    RIGHTS,
    "members.handed_over",
    "members.organisation_suspended",
    "members.expert_suspended",
    "members.expert_removed",
)
