"""The words of the members room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a person is here for (permission matrix of docs/security.md)."""

    ORG_ADMIN = "ORG_ADMIN", _("Organisation administrator")
    APPLICANT = "APPLICANT", _("Lead applicant")
    SIGNATORY = "SIGNATORY", _("Authorised signatory")
    CONFIRMER = "CONFIRMER", _("Member confirmer")
    DISTRICT_OFFICER = "DISTRICT_OFFICER", _("District recommender")
    ACCEPTANCE = "ACCEPTANCE", _("Acceptance desk")
    OFFICER = "OFFICER", _("Programme officer")
    HEAD = "HEAD", _("Division head")
    LEADER = "LEADER", _("Bureau leader")
    SECRETARY = "SECRETARY", _("Meeting secretary")
    EXPERT = "EXPERT", _("Expert")
    FINANCE = "FINANCE", _("Finance officer")
    SUPERVISOR = "SUPERVISOR", _("Supervision")
    LIAISON = "LIAISON", _("Liaison officer")
    SYSTEM_ADMIN = "SYSTEM_ADMIN", _("System administrator")
    SECURITY_ADMIN = "SECURITY_ADMIN", _("Security administrator")
    AUDIT_ADMIN = "AUDIT_ADMIN", _("Audit administrator")


DESCRIPTIONS = {
    Role.ORG_ADMIN: _("Invites colleagues into the organisation and keeps its data."),
    Role.APPLICANT: _("Forms a consortium and writes applications, tranche requests and annual self-reports."),
    Role.SIGNATORY: _("Submits applications and signs contracts in the name of the lead organisation."),
    Role.CONFIRMER: _("Confirms the organisation's own part in a consortium led by another."),
    Role.DISTRICT_OFFICER: _("Recommends, returns and verifies what comes from the own district."),
    Role.ACCEPTANCE: _("Carries out formal checks and draws the experts."),
    Role.OFFICER: _("Checks applications, grades them, publishes lists, verifies payments and evaluations."),
    Role.HEAD: _("Heads the division: reviews grading, countersigns contracts."),
    Role.LEADER: _("Decides on applications and approves payments."),
    Role.SECRETARY: _("Records meetings and their decisions."),
    Role.EXPERT: _("Declares conflicts of interest and scores assigned applications and evaluations."),
    Role.FINANCE: _("Reviews payments, records what was paid and exports funding reports."),
    Role.SUPERVISOR: _("Checks integrity, handles objections and reads what supervision needs."),
    Role.LIAISON: _("Accompanies assigned consortia."),
    Role.SYSTEM_ADMIN: _("Keeps users, parameters and backups; holds no business role."),
    Role.SECURITY_ADMIN: _("Grants roles and keeps the security policy; holds no business role."),
    Role.AUDIT_ADMIN: _("Reads the audit trail; holds no business role."),
}

ORGANISATION_ROLES = frozenset({Role.ORG_ADMIN, Role.APPLICANT, Role.SIGNATORY, Role.CONFIRMER})
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
BUREAU = frozenset(
    {Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SECRETARY, Role.FINANCE, Role.SUPERVISOR, Role.LIAISON}
)
OFFICIALS = BUREAU | {Role.DISTRICT_OFFICER}
KEEPERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
EXPERT_READERS = frozenset({Role.ACCEPTANCE, Role.OFFICER, Role.SUPERVISOR, Role.FINANCE})
SECOND_FACTOR = OFFICIALS | ADMINISTRATORS | {Role.EXPERT}


class IdScheme(TextChoices):
    """How an organisation is identified."""

    USCC = "USCC", _("Unified social credit code")
    FOREIGN = "FOREIGN", _("Foreign registration")
    NONE = "NONE", _("No code")


class OrganisationType(TextChoices):
    """Kind of organisation."""

    ENTERPRISE = "ENTERPRISE", _("Enterprise")
    UNIVERSITY = "UNIVERSITY", _("University")
    INSTITUTE = "INSTITUTE", _("Research institute")
    NEW_RD_INSTITUTION = "NEW_RD_INSTITUTION", _("New-type R&D institution")
    KEY_LAB = "KEY_LAB", _("Key laboratory")
    MEDICAL = "MEDICAL", _("Hospital")
    FUND = "FUND", _("Fund")
    BANK = "BANK", _("Bank")
    INVESTMENT = "INVESTMENT", _("Investment company")
    INTERMEDIARY = "INTERMEDIARY", _("Service agency")
    ASSOCIATION = "ASSOCIATION", _("Association")
    PUBLIC_SERVICE = "PUBLIC_SERVICE", _("Public service platform")
    OFFSHORE_CENTRE = "OFFSHORE_CENTRE", _("Offshore innovation centre")
    GOVERNMENT = "GOVERNMENT", _("Government body")
    OTHER = "OTHER", _("Other")


SELF_REGISTERED = frozenset(OrganisationType) - {OrganisationType.GOVERNMENT}  # nobody makes oneself an authority


class Group(TextChoices):
    """The four kinds of partner that the pages colour."""

    RESEARCH = "univ", _("Universities and institutes")
    CHAIN = "chain", _("Enterprises of the chain")
    CAPITAL = "fund", _("Funds")
    SERVICE = "serv", _("Services")


GROUPS = {
    OrganisationType.UNIVERSITY: Group.RESEARCH,
    OrganisationType.INSTITUTE: Group.RESEARCH,
    OrganisationType.NEW_RD_INSTITUTION: Group.RESEARCH,
    OrganisationType.KEY_LAB: Group.RESEARCH,
    OrganisationType.MEDICAL: Group.RESEARCH,
    OrganisationType.FUND: Group.CAPITAL,
    OrganisationType.BANK: Group.CAPITAL,
    OrganisationType.INVESTMENT: Group.CAPITAL,
    OrganisationType.ENTERPRISE: Group.CHAIN,
}


class LeadClass(TextChoices):
    """Class of an enterprise as a lead (indicator L1)."""

    TOP500 = "TOP500", _("World or China top 500, or subsidiary")
    LISTED = "LISTED", _("Listed company or subsidiary")
    CHAMPION = "CHAMPION", _("Pre-listing, single-item champion or little giant")
    SEGMENT = "SEGMENT", _("Technology leader of a segment")
    HNTE = "HNTE", _("Other high- and new-technology enterprise")
    NONE = "NONE", _("None of these")


class ExpertKind(TextChoices):
    """What an expert judges."""

    TECHNOLOGY = "TECH", _("Technology")
    INDUSTRY = "INDUSTRY", _("Industry")
    FINANCE = "FINANCE", _("Finance")
    INVESTMENT = "INVEST", _("Investment")
    LEGAL = "LEGAL", _("Law")
    MANAGEMENT = "MGMT", _("Management")


class IntegrityLevel(TextChoices):
    """Weight of a recorded breach."""

    MINOR = "MINOR", _("Minor")
    SERIOUS = "SERIOUS", _("Serious")
    GRAVE = "GRAVE", _("Grave")


class Guard(TextChoices):
    """What a count of wrong passwords is kept for."""

    ACCOUNT = "ACCOUNT", _("Account, from unknown devices")
    DEVICE = "DEVICE", _("Account, from a known device")
    ADDRESS = "ADDRESS", _("Network address")


class CorrectionStatus(TextChoices):
    """What became of a request to correct personal data."""

    OPEN = "OPEN", _("Waiting for an answer")
    CORRECTED = "CORRECTED", pgettext_lazy("request", "Corrected")
    DECLINED = "DECLINED", pgettext_lazy("request", "Not corrected")


class CorrectionField(TextChoices):
    """What may be asked to be put right; the first two are set by the answer itself."""

    NAME = "name", pgettext_lazy("person", "Name")
    TITLE = "title", _("Position")
    OTHER = "other", _("Something else")


class Action(TextChoices):
    """What the audit trail calls the acts of this room."""

    REGISTER = "register", _("Register organisation")
    OVERRIDE_CODE = "override_code", _("Accept an unusual credit code")
    UPDATE = "update_organisation", _("Update organisation")
    RECORD_YEAR = "record_year", _("Record yearly figures")
    INVITE = "invite_colleague", _("Invite colleague")
    INVITE_ORGANISATION = "invite_organisation", _("Invite organisation")
    WITHDRAW_INVITATION = "withdraw_invitation", _("Withdraw invitation")
    ACCEPT_INVITATION = "accept_invitation", _("Accept invitation")
    CREATE_USER = "create_user", _("Create user")
    GRANT_ROLE = "grant_role", _("Grant role")
    REVOKE_ROLE = "revoke_role", _("Revoke role")
    DEACTIVATE = "deactivate_user", _("Deactivate user")
    REACTIVATE = "reactivate_user", _("Reactivate user")
    SIGN_IN = "sign_in", _("Sign in")
    SIGN_OUT = "sign_out", _("Sign out")
    CHANGE_PASSWORD = "change_password", _("Change password")
    UPDATE_PHONE = "update_phone", _("Update telephone number")
    UPDATE_PAYEE = "update_payee", _("Update bank account")
    UPDATE_FEES = "update_fees", _("Update data for fees")
    REVEAL = "reveal", _("Reveal a sealed value")
    ACCEPT_NOTICE = "accept_notice", _("Accept the privacy notice")
    COPY_DATA = "copy_data", _("Take a copy of one's data")
    REQUEST_CORRECTION = "request_correction", _("Ask for a correction")
    CORRECT = "correct", _("Correct personal data")
    DECLINE_CORRECTION = "decline_correction", _("Decline a correction")
    RESTRICT = "restrict_person", _("Restrict a person")
    LIFT_RESTRICTION = "lift_restriction", _("Lift a restriction")
    ADD_FACTOR = "add_second_factor", _("Add second factor")
    REMOVE_FACTOR = "remove_second_factor", _("Remove second factor")
    LOCK_ACCOUNT = "lock_account", _("Sign-in locked after wrong passwords")
    THROTTLE_ADDRESS = "throttle_address", _("Address stopped after wrong passwords")
    RELEASE_LOCK = "release_lock", _("Release lock")
    END_SESSIONS = "end_sessions", _("End sessions")
    ASK_EMAIL = "ask_email_change", _("Ask for another e-mail address")
    CHANGE_EMAIL = "change_email", _("Change e-mail address")
    PROPOSE_ROLE = "propose_role", _("Propose administrator")
    CONFIRM_PROPOSAL = "confirm_proposal", _("Confirm administrator")
    DECLINE_PROPOSAL = "decline_proposal", _("Decline administrator")
    DISABLE_STALE = "disable_stale_account", _("Disable unused account")
