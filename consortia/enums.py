"""The words of the consortia room."""

from django.db.models import IntegerChoices, TextChoices
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


class ExitTrigger(TextChoices):
    """Why a consortium is to leave."""

    VOLUNTARY = "VOLUNTARY", _("Of its own will")
    PERIOD_OVER = "PERIOD_OVER", _("Build period over")
    UNQUALIFIED = "UNQUALIFIED", _("Unqualified in evaluation or rectification")
    VIOLATION = "VIOLATION", _("Violation of rules")
    LOW_OUTPUT = "LOW_OUTPUT", _("High input, low output")
    LOST_CONTACT = "LOST_CONTACT", _("Lost contact")


class ExitStatus(TextChoices):
    """Where an exit case stands."""

    OPENED = "OPENED", _("Case opened")
    NOTICE_SERVED = "NOTICE_SERVED", _("Notice served")
    STATEMENT_PERIOD = "STATEMENT_PERIOD", _("Statement period")
    ASSESSED = "ASSESSED", _("Settlement assessed")
    MEETING_DECIDED = "MEETING_DECIDED", _("Decided by the meeting")
    PUBLICISED = "PUBLICISED", _("Decision publicised")
    APPEALED = "APPEALED", _("Under appeal")
    UPHELD = "UPHELD", _("Decision upheld")
    REVERSED = "REVERSED", _("Decision reversed")
    CLOSED = "CLOSED", _("Case closed")
    DISMISSED = "DISMISSED", _("Case dismissed")


EXIT_ENDED = [ExitStatus.REVERSED, ExitStatus.CLOSED, ExitStatus.DISMISSED]


class ExitMeasure(TextChoices):
    """How the consortium leaves."""

    EXIT = "EXIT", _("The consortium leaves")
    REVOKE = "REVOKE", _("The recognition is revoked")


class ParticipationRole(TextChoices):
    """Role of a member organisation."""

    LEAD = "LEAD", _("Lead organisation")
    MEMBER = "MEMBER", _("Member organisation")


class ParticipationStatus(TextChoices):
    """Where a member stands."""

    INVITED = "INVITED", _("Waiting for confirmation")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    DECLINED = "DECLINED", _("Declined")
    EXPIRED = "EXPIRED", _("Invitation expired")
    WITHDRAWN = "WITHDRAWN", _("Invitation withdrawn")
    LEAVING = "LEAVING", _("Leaving")
    LEFT = "LEFT", _("Left")


PRESENT = (ParticipationStatus.INVITED, ParticipationStatus.CONFIRMED, ParticipationStatus.LEAVING)
# Members in full: whoever is leaving stays one until it is settled.
JOINED = frozenset({ParticipationStatus.CONFIRMED, ParticipationStatus.LEAVING})
NEVER_JOINED = frozenset({ParticipationStatus.DECLINED, ParticipationStatus.EXPIRED, ParticipationStatus.WITHDRAWN})


class PartItem(TextChoices):
    """What a member's part is made of; each is confirmed on its own."""

    DUTIES = "duties", _("Role and duties")
    COMMITMENTS = "commitments", _("Commitments")
    SHARES = "shares", _("Shares")
    WORK = "work", _("Tasks and technologies")


class Standing(TextChoices):
    """What a member's confirmation of an item is worth now."""

    CONFIRMED = "CONFIRMED", _("Confirmed")
    LAPSED = "LAPSED", _("Changed since it was confirmed")
    NEVER = "NEVER", _("Never confirmed")


class DepartureStatus(TextChoices):
    """Where the departure of a member stands."""

    OPEN = "OPEN", _("Being handed over")
    SETTLED = "SETTLED", _("Settled")
    CANCELLED = "CANCELLED", _("Taken back")


class HandOver(TextChoices):
    """What a member that leaves hands over."""

    TASK = "TASK", _("Research task with its budget")
    TECHNOLOGY = "TECHNOLOGY", _("Key technology")
    PLATFORM = "PLATFORM", _("Joint platform")
    FUND = "FUND", _("Fund")
    CASH = "CASH", _("Cash commitment")
    IN_KIND = "IN_KIND", _("In-kind commitment")
    PERSON_MONTHS = "PERSON_MONTHS", _("Person-months")
    IP_SHARE = "IP_SHARE", _("IP share")
    BENEFIT_SHARE = "BENEFIT_SHARE", _("Benefit share")
    SHAREHOLDING = "SHAREHOLDING", _("Share in the company")


SHARED_OUT = frozenset({HandOver.IP_SHARE, HandOver.BENEFIT_SHARE, HandOver.SHAREHOLDING})  # in per cent
FREEABLE = SHARED_OUT | {HandOver.CASH, HandOver.IN_KIND}  # money and shares may be given up; work may not


class LeadChangeGround(TextChoices):
    """Why another organisation is to lead."""

    HANDED_OVER = "HANDED_OVER", _("The lead hands over")
    LEAVES = "LEAVES", _("The lead leaves or can lead no longer")
    SILENT = "SILENT", _("The lead does not answer")


class LeadChangeStatus(TextChoices):
    """Where a change of the lead stands."""

    OPEN = "OPEN", _("Being decided")
    APPROVED = "APPROVED", pgettext_lazy("change", "Approved")
    REJECTED = "REJECTED", pgettext_lazy("change", "Rejected")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("change", "Taken back")


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


IN_CHAIN = (
    ChainPosition.UPSTREAM, ChainPosition.MIDSTREAM, ChainPosition.DOWNSTREAM, ChainPosition.RESEARCH,
    ChainPosition.CAPITAL,
)  # fmt: skip


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

    PATENT = "PATENT", _("Patent")
    STANDARD = "STANDARD", _("Standard")
    PRODUCT = "PRODUCT", _("New product")
    SOFTWARE = "SOFTWARE", _("Software copyright")
    CONTRACT = "CONTRACT", _("Technology contract")
    BREAKTHROUGH = "BREAKTHROUGH", _("Breakthrough")
    AWARD = "AWARD", _("Award for science and technology")
    PAPER = "PAPER", _("Paper (recorded only)")


NUMBERED = frozenset({OutcomeKind.PATENT, OutcomeKind.STANDARD, OutcomeKind.SOFTWARE, OutcomeKind.CONTRACT})
PAID = frozenset({OutcomeKind.PRODUCT, OutcomeKind.CONTRACT})  # what brings money: sales, or the value of a contract


class PatentType(TextChoices):
    """Type of a patent."""

    INVENTION = "INVENTION", _("Invention")
    UTILITY = "UTILITY", _("Utility model")
    DESIGN = "DESIGN", _("Design")


class StandardLevel(TextChoices):
    """Who publishes a standard."""

    INTERNATIONAL = "INTERNATIONAL", _("International standard")
    NATIONAL = "NATIONAL", _("National standard")
    INDUSTRY = "INDUSTRY", _("Industry standard")
    GROUP = "GROUP", _("Group standard")
    ENTERPRISE = "ENTERPRISE", _("Enterprise standard")


class StandardRole(TextChoices):
    """What the owner did for a standard."""

    LEAD = "LEAD", _("Led the drafting")
    PARTICIPANT = "PARTICIPANT", _("Took part in the drafting")


class Market(TextChoices):
    """Who buys a product."""

    BUSINESS = "B", _("Enterprises (B)")
    GOVERNMENT = "G", _("Public sector (G)")
    CONSUMER = "C", _("Consumers (C)")


class BreakthroughLevel(TextChoices):
    """How far a breakthrough reaches."""

    LEADING = "LEADING", _("Internationally leading")
    FIRST = "FIRST", _("First in the country")
    GAP = "GAP", _("Fills a gap in the country")


class AwardLevel(TextChoices):
    """Who gave an award."""

    NATIONAL = "NATIONAL", _("National award")
    PROVINCIAL = "PROVINCIAL", _("Provincial or ministerial award")
    MUNICIPAL = "MUNICIPAL", _("Municipal award")
    SOCIETY = "SOCIETY", _("Award of a society or an association")


class PipelineStage(TextChoices):
    """How far an outcome has come on the way to the market."""

    RESEARCH = "RESEARCH", _("Tackling research")
    TRANSFER = "TRANSFER", _("Commercialisation")
    INCUBATION = "INCUBATION", _("Incubation")
    CULTIVATION = "CULTIVATION", _("Industrial cultivation")


class Verification(TextChoices):
    """What the bureau says of a recorded outcome."""

    OPEN = "OPEN", _("Not verified yet")
    VERIFIED = "VERIFIED", _("Verified")
    DOUBTED = "DOUBTED", _("Doubted")


class ClaimStatus(TextChoices):
    """Where a number that is claimed twice stands."""

    OPEN = "OPEN", _("In dispute")
    WITHDRAWN = "WITHDRAWN", _("One claim withdrawn")
    SHARED = "SHARED", _("Both are entitled")


class FundRole(TextChoices):
    """What the consortium is to a fund."""

    INITIATOR = "INITIATOR", _("Initiator")
    PARTICIPANT = "PARTICIPANT", _("Participant")


class FundKind(TextChoices):
    """Kind of fund."""

    INDUSTRY = "INDUSTRY", _("Industry fund")
    VENTURE = "VENTURE", _("Venture capital fund")
    ANGEL = "ANGEL", _("Angel fund")
    CREDIT = "CREDIT", _("Credit fund")


class PlatformKind(TextChoices):
    """Kind of joint platform."""

    KEY_LAB = "KEY_LAB", _("Municipal key laboratory")
    NEW_RD = "NEW_RD", _("New-type R&D institution")
    ACADEMICIAN = "ACADEMICIAN", _("Academician workstation")
    POSTDOC = "POSTDOC", _("Postdoctoral workstation")
    ENTERPRISE = "ENTERPRISE", _("Large-enterprise research institute")
    INCUBATOR = "INCUBATOR", _("Incubator")
    PARK = "PARK", _("Industrial park")
    SERVICE = "SERVICE", _("Public service platform")
    PILOT_LINE = "PILOT_LINE", _("Pilot line")
    JOINT_LAB = "JOINT_LAB", _("Joint laboratory")


class Audience(TextChoices):
    """Whom a circular is for."""

    LEADS = "LEADS", _("Lead organisations")
    MEMBERS = "MEMBERS", _("All member organisations")
    DISTRICT = "DISTRICT", _("District departments")
    LIAISON = "LIAISON", _("Liaison officers")


class Clause(TextChoices):
    """What an agreement should settle, in its order; the codes are those of the rule sets."""

    GOALS = "goals", _("Goals and tasks")
    DIVISION = "division", _("Division of work")
    GOVERNANCE = "governance", _("Decision-making and governance")
    FUNDS = "funds", _("Raising and using funds")
    IP_BACKGROUND = "ip_background", _("Background intellectual property")
    IP_FOREGROUND = "ip_foreground", _("Foreground intellectual property")
    BENEFITS = "benefits", _("Benefit distribution")
    RISKS = "risks", _("Risk sharing")
    FLOW = "flow", _("Sharing of staff, equipment and data")
    MANAGEMENT = "management", _("Supervision and management of outcomes")
    DIFFUSION = "diffusion", _("Diffusion of publicly funded results")
    INCENTIVES = "incentives", _("Incentives for cooperation")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality")
    JOINING = "joining", _("Joining")
    LEAVING = "leaving", pgettext_lazy("clause", "Leaving")
    DISSOLUTION = "dissolution", _("Term, dissolution and liquidation")
    BREACH = "breach", _("Liability for breach")


class AgreementStatus(TextChoices):
    """Where a version of the agreement stands."""

    DRAFT = "DRAFT", pgettext_lazy("agreement", "Draft")
    SIGNING = "SIGNING", _("Waiting for signatures")
    EFFECTIVE = "EFFECTIVE", pgettext_lazy("agreement", "In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    EXPIRED = "EXPIRED", pgettext_lazy("agreement", "Expired")


class ForegroundRule(TextChoices):
    """Whom the results of joint work belong to."""

    SHARED = "SHARED", _("Jointly owned, in the shares of the schedule")
    CREATOR = "CREATOR", _("Owned by whoever created it; the others have a licence")


class SigningMethod(TextChoices):
    """How a member has signed."""

    SYSTEM = "SYSTEM", _("In the portal, with a second factor")
    SCAN = "SCAN", _("On paper, sealed, with a scan")


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
    UPGRADE = "upgrade", _("Upgrade")
    DOWNGRADE = "downgrade", _("Downgrade")
    REPORT_RECTIFICATION = "report_rectification", _("Report rectification")
    SET_SHARES = "set_shares", _("Record shareholding")
    REQUEST_EXIT = "request_exit", _("Ask to leave")
    OPEN_EXIT = "open_exit", _("Open exit case")
    SERVE_NOTICE = "serve_notice", _("Serve notice")
    RECORD_DELIVERY = "record_delivery", _("Record receipt of the notice")
    FILE_STATEMENT = "file_statement", _("File statement")
    ASSESS_EXIT = "assess_exit", _("Assess settlement")
    DECIDE_EXIT = "decide_exit", _("Record the meeting's decision")
    PUBLICISE_EXIT = "publicise_exit", _("Publicise decision")
    APPEAL_EXIT = "appeal_exit", _("Appeal")
    UPHOLD_EXIT = "uphold_exit", _("Uphold decision")
    REVERSE_EXIT = "reverse_exit", _("Reverse decision")
    CLOSE_EXIT = "close_exit", _("Close exit case")
    DISMISS_EXIT = "dismiss_exit", _("Dismiss exit case")
    DRAFT_TAXONOMY = "draft_taxonomy", _("Draft new version")
    ADD_SUB_FIELD = "add_sub_field", _("Add sub-field")
    UPDATE_SUB_FIELD = "update_sub_field", _("Update sub-field")
    RETIRE_SUB_FIELD = "retire_sub_field", _("Retire sub-field")
    ADD_FIELD_MILESTONE = "add_field_milestone", _("Add milestone of the sub-field")
    REACH_FIELD_MILESTONE = "reach_field_milestone", _("Record milestone of the sub-field as reached")
    REMOVE_FIELD_MILESTONE = "remove_field_milestone", _("Remove milestone of the sub-field")
    PUBLISH_TAXONOMY = "publish_taxonomy", _("Publish version")
    INVITE = "invite", _("Invite member")
    REVISE = "revise", _("Revise member's part")
    CONFIRM = "confirm", _("Confirm participation")
    CONFIRM_ITEM = "confirm_item", _("Confirm items of the part")
    LAPSE = "lapse", _("Let a confirmation lapse")
    REMIND = "remind", _("Remind of an invitation")
    DECLINE = "decline", _("Decline participation")
    EXPIRE = "expire", _("Let an invitation expire")
    WITHDRAW = "withdraw", _("Withdraw invitation")
    REQUEST_DEPARTURE = "request_departure", _("Ask for departure")
    ALLOCATE_DEPARTURE = "allocate_departure", _("Name the takers")
    CONSENT_DEPARTURE = "consent_departure", _("Agree to take over")
    REFUSE_DEPARTURE = "refuse_departure", _("Refuse to take over")
    CANCEL_DEPARTURE = "cancel_departure", _("Take the departure back")
    SETTLE_DEPARTURE = "settle_departure", _("Settle the departure")
    STAY = "stay", _("Stay")
    LEAVE = "leave", _("Record departure")
    PROPOSE_LEAD_CHANGE = "propose_lead_change", _("Propose another lead")
    CONSENT_LEAD_CHANGE = "consent_lead_change", _("Consent to another lead")
    REFUSE_LEAD_CHANGE = "refuse_lead_change", _("Refuse another lead")
    ANSWER_LEAD_CHANGE = "answer_lead_change", _("Answer as the lead")
    WITHDRAW_LEAD_CHANGE = "withdraw_lead_change", _("Take the proposal back")
    APPROVE_LEAD_CHANGE = "approve_lead_change", _("Approve another lead")
    REJECT_LEAD_CHANGE = "reject_lead_change", _("Let the lead stay")
    DRAFT_AGREEMENT = "draft_agreement", _("Draft agreement")
    SEND_AGREEMENT = "send_agreement", _("Send for signature")
    SIGN_AGREEMENT = "sign_agreement", _("Sign agreement")
    REMIND_AGREEMENT = "remind_agreement", _("Remind of the signature")
    TAKE_EFFECT = "take_effect", _("Put into force")
    SUPERSEDE = "supersede_agreement", _("Supersede the agreement")
    END_AGREEMENT = "end_agreement", _("Let the agreement end")
    ADD_BACKGROUND = "add_background", _("Add background IP")
    UPDATE_BACKGROUND = "update_background", _("Update background IP")
    REMOVE_BACKGROUND = "remove_background", _("Remove background IP")
    ADD_TECHNOLOGY = "add_technology", _("Add key technology")
    UPDATE_TECHNOLOGY = "update_technology", _("Update key technology")
    REMOVE_TECHNOLOGY = "remove_technology", _("Remove key technology")
    RECORD_READINESS = "record_readiness", _("Record readiness level")
    ADD_TASK = "add_task", _("Add research task")
    UPDATE_TASK = "update_task", _("Update research task")
    RECORD_PROJECT = "record_project", _("Record stage and public project")
    REMOVE_TASK = "remove_task", _("Remove research task")
    ADD_MILESTONE = "add_milestone", _("Add milestone")
    UPDATE_MILESTONE = "update_milestone", _("Update milestone")
    REMOVE_MILESTONE = "remove_milestone", _("Remove milestone")
    REACH = "reach", _("Record milestone as reached")
    MISS = "miss", _("Record milestone as missed")
    ADD_OUTCOME = "add_outcome", _("Add outcome")
    UPDATE_OUTCOME = "update_outcome", _("Update outcome")
    REMOVE_OUTCOME = "remove_outcome", _("Remove outcome")
    ATTACH_EVIDENCE = "attach_evidence", _("Attach evidence")
    REMOVE_EVIDENCE = "remove_evidence", _("Remove evidence")
    ADD_ADOPTION = "add_adoption", _("Add adopter")
    REMOVE_ADOPTION = "remove_adoption", _("Remove adopter")
    VERIFY_OUTCOME = "verify_outcome", _("Verify outcome")
    DOUBT_OUTCOME = "doubt_outcome", _("Doubt outcome")
    FLAG_DUPLICATE = "flag_duplicate", _("Flag number as claimed twice")
    LIFT_DUPLICATE = "lift_duplicate", _("Lift the flag of a number claimed twice")
    WITHDRAW_CLAIM = "withdraw_claim", _("Withdraw one claim")
    SHARE_CLAIM = "share_claim", _("Let both claims stand")
    ADD_PLATFORM = "add_platform", _("Add joint platform")
    UPDATE_PLATFORM = "update_platform", _("Update joint platform")
    REMOVE_PLATFORM = "remove_platform", _("Remove joint platform")
    ADD_BUILDER = "add_builder", _("Add builder")
    UPDATE_BUILDER = "update_builder", _("Update builder")
    REMOVE_BUILDER = "remove_builder", _("Remove builder")
    ADD_SERVICE = "add_service", _("Add service figures")
    UPDATE_SERVICE = "update_service", _("Update service figures")
    REMOVE_SERVICE = "remove_service", _("Remove service figures")
    PROPOSE_DIRECT = "propose_direct", _("Propose for direct recognition")
    ADD_FUND = "add_fund", _("Add fund")
    UPDATE_FUND = "update_fund", _("Update fund")
    REMOVE_FUND = "remove_fund", _("Remove fund")
    ADD_INVESTMENT = "add_investment", _("Add investment")
    UPDATE_INVESTMENT = "update_investment", _("Update investment")
    REMOVE_INVESTMENT = "remove_investment", _("Remove investment")
    ADD_ENTRY = "add_entry", _("Add entry")
    UPDATE_ENTRY = "update_entry", _("Update entry")
    REMOVE_ENTRY = "remove_entry", _("Remove entry")
    CONFIRM_CONTRIBUTION = "confirm_contribution", _("Confirm arrival")
    POSE_DEMAND = "pose_demand", _("Pose demand")
    UPDATE_DEMAND = "update_demand", _("Update demand")
    PUBLISH_DEMAND = "publish_demand", _("Show to all consortia")
    CONCEAL_DEMAND = "conceal_demand", _("Show inside only")
    ANSWER_DEMAND = "answer_demand", _("Answer demand")
    MATCH_DEMAND = "match_demand", _("Choose answer")
    CLOSE_DEMAND = "close_demand", _("End demand")
    ASSIGN_LIAISON = "assign_liaison", _("Assign liaison officer")
    SEND_CIRCULAR = "send_circular", _("Send circular")
    RECORD_VISIT = "record_visit", _("Record visit or service")
    UPDATE_VISIT = "update_visit", _("Update visit or service")
    ADD_FOLLOW_UP = "add_follow_up", _("Add follow-up")
    FINISH_FOLLOW_UP = "finish_follow_up", _("Record as done")
    RAISE_ISSUE = "raise_issue", _("Raise issue")
    NOTE_ISSUE = "note_issue", _("Add note")
    MEDIATE_ISSUE = "mediate_issue", _("Take up mediation")
    SETTLE_ISSUE = "settle_issue", _("Record resolution")
    CLOSE_ISSUE = "close_issue", _("Close issue")
    PROPOSE_LINK = "propose_link", _("Propose link")
    ACCEPT_LINK = "accept_link", _("Accept link")
    DECLINE_LINK = "decline_link", _("Decline link")
    WITHDRAW_LINK = "withdraw_link", _("Take link back")
    END_LINK = "end_link", _("End link")
    CLAIM_SEVEN = "claim_seven", _("Claim one of the Seven Ones")
    VERIFY_SEVEN = "verify_seven", _("Verify one of the Seven Ones")
    RETURN_SEVEN = "return_seven", _("Send one of the Seven Ones back")
    CLOSE_SEVEN = "close_seven", _("Close a year of the Seven Ones")
