"""The words of the consortia room."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Tier(TextChoices):
    """Grant tier; C is the cultivation pool."""

    A = "A", _("Tier A")
    B = "B", _("Tier B")
    C = "C", _("Tier C (cultivation)")


class ConsortiumStatus(TextChoices):
    """Where a consortium stands in its life."""

    PREPARING = "PREPARING", _("Preparing")
    OPERATING = "OPERATING", _("Operating")
    RECTIFYING = "RECTIFYING", _("Rectifying")
    GRADUATED = "GRADUATED", _("Graduated")
    EXITED = "EXITED", _("Exited")
    REVOKED = "REVOKED", _("Revoked")


AT_WORK = frozenset({ConsortiumStatus.OPERATING, ConsortiumStatus.RECTIFYING})
ALIVE = AT_WORK | {ConsortiumStatus.PREPARING}


class ConsortiumType(TextChoices):
    """Type by purpose."""

    STRATEGIC = "STRATEGIC", _("Strategy-led")
    MARKET = "MARKET", _("Market-driven")


class ConsortiumForm(TextChoices):
    """Legal form."""

    VIRTUAL = "VIRTUAL", _("Virtual")
    ENTITY = "ENTITY", _("Incorporated")


class ParticipationRole(TextChoices):
    """Role of a member organisation."""

    LEAD = "LEAD", _("Lead organisation")
    MEMBER = "MEMBER", _("Member organisation")


class ParticipationStatus(TextChoices):
    """Where a member stands."""

    INVITED = "INVITED", _("Waiting for confirmation")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    DECLINED = "DECLINED", _("Declined")
    LEFT = "LEFT", _("Left")


class Layer(TextChoices):
    """How close a member works."""

    CORE = "CORE", _("Core layer")
    CLOSE = "CLOSE", _("Close-cooperation layer")
    GENERAL = "GENERAL", _("General-collaboration layer")


class ChainPosition(TextChoices):
    """Position in the chain."""

    UPSTREAM = "UPSTREAM", _("Upstream")
    MIDSTREAM = "MIDSTREAM", _("Midstream")
    DOWNSTREAM = "DOWNSTREAM", _("Downstream")
    RESEARCH = "RESEARCH", _("Research")
    PLATFORM = "PLATFORM", _("Platform")
    SERVICE = "SERVICE", _("Service")
    CAPITAL = "CAPITAL", _("Capital")


class ProblemClass(TextChoices):
    """Class of a key technology."""

    KEY = "KEY", _("Key technology")
    FRONTIER = "FRONTIER", _("Frontier technology")
    BOTTLENECK = "BOTTLENECK", _("Bottleneck technology")


class MilestoneStatus(TextChoices):
    """Where a milestone stands."""

    PLANNED = "PLANNED", _("Planned")
    REACHED = "REACHED", _("Reached")
    MISSED = "MISSED", _("Missed")


class OutcomeKind(TextChoices):
    """Kind of outcome; papers are recorded and weigh nothing."""

    PATENT = "PATENT", _("Invention patent")
    STANDARD = "STANDARD", _("Standard")
    PRODUCT = "PRODUCT", _("New product")
    CONTRACT = "CONTRACT", _("Technology contract")
    BREAKTHROUGH = "BREAKTHROUGH", _("Breakthrough")
    PAPER = "PAPER", _("Paper (recorded only)")


class PlatformKind(TextChoices):
    """Kind of joint platform."""

    KEY_LAB = "KEY_LAB", _("Municipal key laboratory")
    NEW_RD = "NEW_RD", _("New-type R&D institution")
    POSTDOC = "POSTDOC", _("Postdoctoral workstation")
    INCUBATOR = "INCUBATOR", _("Incubator")
    PILOT_LINE = "PILOT_LINE", _("Pilot line")
    JOINT_LAB = "JOINT_LAB", _("Joint laboratory")


class Clause(TextChoices):
    """What an agreement should settle; the codes are those of the rule sets."""

    GOALS = "goals", _("Goals and tasks")
    DIVISION = "division", _("Division of work")
    GOVERNANCE = "governance", _("Decision-making and governance")
    FUNDS = "funds", _("Raising and using funds")
    IP = "ip", _("Intellectual-property ownership")
    BENEFITS = "benefits", _("Benefit distribution")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality")
    JOINING = "joining", _("Joining")
    LEAVING = "leaving", _("Leaving and dissolution")
    BREACH = "breach", _("Liability for breach")


class PreparationStep(TextChoices):
    """What must stand before a consortium can apply."""

    MEMBERS = "members", _("Every member has confirmed its part")
    AGREEMENT = "agreement", _("Every member has signed the agreement")
    TECHNOLOGIES = "technologies", _("The key-technology list is drawn up")
    TASKS = "tasks", _("Every research task has a milestone and a responsible member")


class SevenOnes(TextChoices):
    """The seven things that a consortium builds up."""

    SUB_FIELD = "sub_field", _("Focus on one sub-field")
    TECHNOLOGIES = "technologies", _("Draw up one list of key technologies")
    LEAD = "lead", _("Rally around leading enterprises")
    RESEARCH = "research", _("Join forces with research bodies")
    INCUBATOR = "incubator", _("Build one benchmark incubator")
    FUND = "fund", _("Set up one fund")
    PRODUCTS = "products", _("Bring terminal products to market")


class Progress(IntegerChoices):
    """How far one of the seven is."""

    NONE = 0, _("None yet")
    IN_PROGRESS = 1, _("Being built")
    BUILT = 2, _("Built")


class Action(TextChoices):
    """What the workflows and the audit trail call the acts of this room."""

    CREATE = "create_consortium", _("Form consortium")
    UPDATE = "update_consortium", _("Update consortium")
    START = "start", _("Start operating")
    RECTIFY = "rectify", _("Order rectification")
    RESUME = "resume", _("Resume operating")
    GRADUATE = "graduate", _("Graduate")
    EXIT = "exit", _("Exit")
    REVOKE = "revoke", _("Revoke")
    CHANGE_TIER = "change_tier", _("Change tier")
    INVITE = "invite", _("Invite member")
    REVISE = "revise", _("Revise member's part")
    CONFIRM = "confirm", _("Confirm participation")
    DECLINE = "decline", _("Decline participation")
    LEAVE = "leave", _("Record departure")
    DRAFT_AGREEMENT = "draft_agreement", _("Draft agreement")
    SIGN_AGREEMENT = "sign_agreement", _("Sign agreement")
    ADD_TECHNOLOGY = "add_technology", _("Add key technology")
    UPDATE_TECHNOLOGY = "update_technology", _("Update key technology")
    REMOVE_TECHNOLOGY = "remove_technology", _("Remove key technology")
    RECORD_READINESS = "record_readiness", _("Record readiness level")
    ADD_TASK = "add_task", _("Add research task")
    UPDATE_TASK = "update_task", _("Update research task")
    REMOVE_TASK = "remove_task", _("Remove research task")
    ADD_MILESTONE = "add_milestone", _("Add milestone")
    UPDATE_MILESTONE = "update_milestone", _("Update milestone")
    REMOVE_MILESTONE = "remove_milestone", _("Remove milestone")
    REACH = "reach", _("Record milestone as reached")
    MISS = "miss", _("Record milestone as missed")
    ADD_OUTCOME = "add_outcome", _("Add outcome")
    UPDATE_OUTCOME = "update_outcome", _("Update outcome")
    REMOVE_OUTCOME = "remove_outcome", _("Remove outcome")
    ADD_PLATFORM = "add_platform", _("Add joint platform")
    UPDATE_PLATFORM = "update_platform", _("Update joint platform")
    REMOVE_PLATFORM = "remove_platform", _("Remove joint platform")
    ADD_FUND = "add_fund", _("Add fund")
    UPDATE_FUND = "update_fund", _("Update fund")
    REMOVE_FUND = "remove_fund", _("Remove fund")
