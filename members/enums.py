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
EXPERT_READERS = frozenset({Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.SUPERVISOR, Role.FINANCE})
RELATION_READERS = frozenset({Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.SUPERVISOR})
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
    SERVICE_COMPLEX = "SERVICE_COMPLEX", _("Innovation service complex")
    INNOVATION_CENTRE = "INNOVATION_CENTRE", _("Innovation centre")
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
    OrganisationType.INNOVATION_CENTRE: Group.RESEARCH,
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


class Ownership(TextChoices):
    """Who owns an organisation."""

    STATE = "STATE", _("State-owned")
    PRIVATE = "PRIVATE", _("Private")
    FOREIGN = "FOREIGN", _("Foreign-invested")
    MIXED = "MIXED", _("Mixed ownership")
    PUBLIC = "PUBLIC", _("Public institution")
    OTHER = "OTHER", _("Other ownership")


class SizeClass(TextChoices):
    """Size by the national standard for enterprises."""

    LARGE = "LARGE", pgettext_lazy("size", "Large")
    MEDIUM = "MEDIUM", pgettext_lazy("size", "Medium")
    SMALL = "SMALL", pgettext_lazy("size", "Small")
    MICRO = "MICRO", pgettext_lazy("size", "Micro")


class Listing(TextChoices):
    """Where the shares are traded."""

    NONE = "NONE", _("Not listed")
    MAIN = "MAIN", _("Main board")
    CHINEXT = "CHINEXT", _("ChiNext")
    STAR = "STAR", _("STAR Market")
    BEIJING = "BEIJING", _("Beijing Stock Exchange")
    OVERSEAS = "OVERSEAS", _("Listed overseas")


class ChainLink(TextChoices):
    """What an organisation makes in its industrial chain."""

    ASSEMBLY = "ASSEMBLY", _("Final assembly")
    MACHINE = "MACHINE", _("Complete machines")
    SYSTEM = "SYSTEM", _("Systems")
    COMPONENT = "COMPONENT", pgettext_lazy("chain", "Components")
    MATERIAL = "MATERIAL", _("Materials")
    EQUIPMENT = "EQUIPMENT", _("Manufacturing equipment")
    SOFTWARE = "SOFTWARE", pgettext_lazy("chain", "Software")
    SERVICE = "SERVICE", pgettext_lazy("chain", "Services")


class ServiceKind(TextChoices):
    """What a service agency offers."""

    RESEARCH = "RESEARCH", _("R&D and design")
    INFORMATION = "INFORMATION", _("Information technology services")
    APPRAISAL = "APPRAISAL", _("Science and technology appraisal")
    TESTING = "TESTING", _("Inspection, testing and certification")
    CONSULTING = "CONSULTING", _("Management consulting")
    LEGAL = "LEGAL", _("Legal services")
    ACCOUNTING = "ACCOUNTING", _("Accounting and tax services")


class OrganisationStatus(TextChoices):
    """Whether an organisation takes part in business."""

    ACTIVE = "ACTIVE", pgettext_lazy("organisation", "Active")
    SUSPENDED = "SUSPENDED", pgettext_lazy("organisation", "Suspended")
    DEREGISTERED = "DEREGISTERED", pgettext_lazy("organisation", "Deregistered")


class FigureSource(TextChoices):
    """Where the figures of a year come from."""

    OWN = "OWN", _("Own statement")
    AUDITED = "AUDITED", _("Audited accounts")
    TAX = "TAX", _("Tax filing")
    STATISTICS = "STATISTICS", _("Official statistics")
    IMPORT = "IMPORT", _("Import")


class FigureStatus(TextChoices):
    """What the administration thinks of the figures of a year."""

    STATED = "STATED", _("Stated, not verified")
    VERIFIED = "VERIFIED", _("Verified")
    QUESTIONED = "QUESTIONED", _("Questioned")


class ImportKind(TextChoices):
    """What a file for import holds."""

    ORGANISATIONS = "ORGS", _("Organisations")
    YEARS = "YEARS", _("Yearly figures")


class ImportStatus(TextChoices):
    """What became of a file for import."""

    UPLOADED = "UPLOADED", pgettext_lazy("import", "Being read")
    CHECKED = "CHECKED", pgettext_lazy("import", "Checked")
    APPLIED = "APPLIED", pgettext_lazy("import", "Applied")
    DISCARDED = "DISCARDED", pgettext_lazy("import", "Discarded")


class Verdict(TextChoices):
    """What a row of a file for import would do."""

    NEW = "NEW", pgettext_lazy("row", "New")
    CHANGED = "CHANGED", pgettext_lazy("row", "Changed")
    UNCHANGED = "UNCHANGED", pgettext_lazy("row", "Unchanged")
    WRONG = "WRONG", pgettext_lazy("row", "Wrong")


class QualificationKind(TextChoices):
    """What an organisation was recognised as, or where it is ranked."""

    HNTE = "HNTE", _("High- and new-technology enterprise")
    SMALL_TECH = "SMALL_TECH", _("Technology-based small or medium enterprise")
    SPECIALISED = "SPECIALISED", _("Specialised and sophisticated enterprise")
    LITTLE_GIANT = "LITTLE_GIANT", _("Little giant")
    CHAMPION = "CHAMPION", _("Single-item champion")
    GAZELLE = "GAZELLE", _("Gazelle")
    UNICORN = "UNICORN", _("Unicorn")
    FORTUNE500 = "FORTUNE500", _("World top 500")
    CHINA500 = "CHINA500", _("China top 500")
    CHAIN_LEADER = "CHAIN_LEADER", _("Leader of an industrial chain")
    SEGMENT_LEADER = "SEGMENT_LEADER", _("Leader of a segment")
    OTHER = "OTHER", _("Another qualification")


RANKED = frozenset({QualificationKind.FORTUNE500, QualificationKind.CHINA500})


class QualificationLevel(TextChoices):
    """Who recognises."""

    NATIONAL = "NATIONAL", pgettext_lazy("level", "National")
    PROVINCIAL = "PROVINCIAL", pgettext_lazy("level", "Provincial")
    CITY = "CITY", pgettext_lazy("level", "City")
    DISTRICT = "DISTRICT", pgettext_lazy("level", "District")


class QualificationStatus(TextChoices):
    """What became of a stated qualification."""

    STATED = "STATED", _("Stated, not verified")
    VERIFIED = "VERIFIED", _("Verified")
    DECLINED = "DECLINED", pgettext_lazy("qualification", "Not recognised")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("qualification", "Withdrawn")


class ExpertKind(TextChoices):
    """What an expert judges."""

    TECHNOLOGY = "TECH", _("Technology")
    INDUSTRY = "INDUSTRY", _("Industry")
    FINANCE = "FINANCE", _("Finance")
    INVESTMENT = "INVEST", _("Investment")
    LEGAL = "LEGAL", _("Law")
    MANAGEMENT = "MGMT", _("Management")


class ExpertStatus(TextChoices):
    """Where an expert stands in the pool."""

    APPLIED = "APPLIED", _("Applied")
    NOMINATED = "NOMINATED", _("Nominated")
    UNIT_CONFIRMED = "UNIT_CONFIRMED", _("Confirmed by the employer")
    ENTRY_CHECKED = "ENTRY_CHECKED", _("Entry checked")
    ACTIVE = "ACTIVE", _("In the pool")
    SUSPENDED = "SUSPENDED", pgettext_lazy("expert", "Suspended")
    REMOVED = "REMOVED", _("Left the pool")


ENTERING = frozenset(
    {ExpertStatus.APPLIED, ExpertStatus.NOMINATED, ExpertStatus.UNIT_CONFIRMED, ExpertStatus.ENTRY_CHECKED}
)
ADMITTED = frozenset({ExpertStatus.ACTIVE, ExpertStatus.SUSPENDED})


class TitleLevel(TextChoices):
    """Level of a professional title."""

    SENIOR = "SENIOR", _("Senior title")
    ASSOCIATE = "ASSOCIATE", _("Associate senior title")
    OTHER = "OTHER", _("Other title or none")


class HnteField(TextChoices):
    """Fields of high and new technology that the state supports (two-digit codes)."""

    ELECTRONICS = "10", _("Electronic information")
    BIOLOGY = "20", _("Biology and new medicine")
    AEROSPACE = "30", _("Aerospace")
    MATERIALS = "40", _("New materials")
    SERVICES = "50", _("High-technology services")
    ENERGY = "60", _("New energy and energy saving")
    ENVIRONMENT = "70", _("Resources and environment")
    MANUFACTURING = "80", _("Advanced manufacturing and automation")


class Region(TextChoices):
    """Where an expert works."""

    CITY = "CITY", _("In the city")
    OUTSIDE = "OUTSIDE", _("Outside the city")


class IntegrityLevel(TextChoices):
    """Weight of a recorded breach."""

    MINOR = "MINOR", _("Minor")
    SERIOUS = "SERIOUS", _("Serious")
    GRAVE = "GRAVE", _("Grave")


BARRING = frozenset({IntegrityLevel.SERIOUS, IntegrityLevel.GRAVE})  # a minor breach is a reprimand


class CreditResult(TextChoices):
    """What credit data say of an organisation."""

    GOOD = "GOOD", _("Nothing against it")
    ATTENTION = "ATTENTION", _("Needs a closer look")
    BAD = "BAD", _("Serious entries")


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
    UPDATE_DISTRICT = "update_district", _("Update the focus industries of a district")
    VERIFY_ORGANISATION = "verify_organisation", _("Verify organisation")
    SUSPEND_ORGANISATION = "suspend_organisation", _("Suspend organisation")
    RESUME_ORGANISATION = "resume_organisation", _("Admit organisation again")
    DEREGISTER_ORGANISATION = "deregister_organisation", _("Record deregistration")
    AFFILIATE = "affiliate_organisation", _("Record parent organisation")
    RECORD_YEAR = "record_year", _("Record yearly figures")
    CORRECT_YEAR = "correct_year", _("Correct yearly figures")
    VERIFY_YEAR = "verify_year", _("Verify yearly figures")
    QUESTION_YEAR = "question_year", _("Question yearly figures")
    UPLOAD_IMPORT = "upload_import", _("Upload file for import")
    CHECK_IMPORT = "check_import", _("Check file for import")
    APPLY_IMPORT = "apply_import", _("Apply import")
    DISCARD_IMPORT = "discard_import", _("Discard import")
    ADD_QUALIFICATION = "add_qualification", _("State qualification")
    VERIFY_QUALIFICATION = "verify_qualification", _("Verify qualification")
    DECLINE_QUALIFICATION = "decline_qualification", _("Decline qualification")
    WITHDRAW_QUALIFICATION = "withdraw_qualification", _("Withdraw qualification")
    CHECK_CREDIT = "check_credit", _("Record credit check")
    RECORD_INTEGRITY = "record_integrity", _("Record breach of integrity")
    LIFT_INTEGRITY = "lift_integrity", _("Lift integrity record")
    APPEAL_INTEGRITY = "appeal_integrity", _("Note appeal")
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
    APPLY_EXPERT = "apply_expert", _("Apply for the expert pool")
    NOMINATE_EXPERT = "nominate_expert", _("Nominate expert")
    REFRESH_EXPERT = "refresh_expert", _("Confirm one's data as an expert")
    EMPLOY_EXPERT = "employ_expert", _("Record new employer")
    RECORD_RELATION = "record_relation", _("Record relation")
    IMPORT_RELATIONS = "import_relations", _("Import relations")
    STRIKE_RELATION = "strike_relation", _("Strike relation off")
    CONFIRM_UNIT = "confirm_expert", _("Confirm as the employer")
    RECORD_UNIT = "record_expert", _("Record the employer's confirmation")
    CHECK_ENTRY = "check_expert", _("Check entry")
    ADMIT_EXPERT = "admit_expert", _("Admit to the pool")
    SUSPEND_EXPERT = "suspend_expert", _("Suspend expert")
    RESUME_EXPERT = "resume_expert", _("End suspension")
    END_SUSPENSION = "expert_suspension_over", _("Suspension is over")
    REMOVE_EXPERT = "remove_expert", _("Remove from the pool")
    LEAVE_POOL = "leave_pool", _("Leave the pool")
    HAND_OVER = "hand_over_work", _("Hand over open work")
