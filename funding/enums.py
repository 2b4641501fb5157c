"""The words of the funding room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallStatus(TextChoices):
    """Where a call stands; whether it is open follows from its times."""

    DRAFT = "DRAFT", _("Draft")
    PUBLISHED = "PUBLISHED", _("Published")
    CONCLUDED = "CONCLUDED", _("Concluded")


class ApplicationKind(TextChoices):
    """What an application is for; follows from where its consortium stands."""

    NEW = "NEW", _("New consortium")
    UPGRADE = "UPGRADE", _("Upgrade to a higher tier")


class SelectionMode(TextChoices):
    """How a call finds whom it supports."""

    CONVENTIONAL = "CONVENTIONAL", _("Conventional selection")
    OPEN_BIDDING = "OPEN_BIDDING", _("Open bidding for posed tasks")
    BOUNTY = "BOUNTY", _("Bounty, paid after the result")


class ReviewMode(TextChoices):
    """Who sums up what the experts say."""

    ORDINARY = "ORDINARY", _("Ordinary review")
    LEAD_REVIEWER = "LEAD_REVIEWER", _("Lead reviewer")


class ExpertMode(TextChoices):
    """How the experts come to a case."""

    DRAWN = "DRAWN", _("Drawn at random")
    INVITED = "INVITED", _("By invitation")


class BudgetMode(TextChoices):
    """How the money is planned and accounted for."""

    ITEMISED = "ITEMISED", _("Itemised budget")
    LUMP_SUM = "LUMP_SUM", _("Lump sum")


class FormStatus(TextChoices):
    """Where a version of a designed form stands."""

    DRAFT = "DRAFT", pgettext_lazy("form", "Being designed")
    PUBLISHED = "PUBLISHED", pgettext_lazy("form", "Published")
    RETIRED = "RETIRED", pgettext_lazy("form", "Retired")


class QuestionKind(TextChoices):
    """In which form a designed question is answered."""

    TEXT = "text", pgettext_lazy("question", "Text")
    NUMBER = "number", pgettext_lazy("question", "Number")
    MONEY = "money", pgettext_lazy("question", "Amount of money")
    DATE = "date", pgettext_lazy("question", "Date")
    CHOICE = "choice", pgettext_lazy("question", "One of several")
    CHOICES = "choices", pgettext_lazy("question", "Any of several")
    TABLE = "table", pgettext_lazy("question", "Table")
    FILE = "file", pgettext_lazy("question", "File")
    REFERENCE = "reference", pgettext_lazy("question", "What the portal knows already")
    COMPUTED = "computed", pgettext_lazy("question", "Worked out by the portal")


class Reference(TextChoices):
    """What the portal knows already and a form can show."""

    LEAD = "lead", _("Yearly figures of the lead")
    MEMBERS = "members", _("Member organisations")
    TECHNOLOGIES = "technologies", _("Key-technology list")
    TASKS = "tasks", _("Research tasks")
    BUDGET = "budget", _("Contributions and task budgets")
    BUDGET_LINES = "budget_lines", _("Budget of the application, line by line")


class BudgetSource(TextChoices):
    """Who pays for an item of a budget."""

    GRANT = "GRANT", _("Fiscal grant")
    OWN = "OWN", _("Own funds")
    OTHER = "OTHER", _("Other sources")


class BudgetCategory(TextChoices):
    """What an item of a budget is spent on; the first three are direct costs."""

    EQUIPMENT = "EQUIPMENT", _("Equipment costs")
    BUSINESS = "BUSINESS", _("Operating costs")
    LABOUR = "LABOUR", _("Labour costs")
    INDIRECT = "INDIRECT", _("Indirect costs")
    LUMP_SUM = "LUMP_SUM", _("Not itemised")


class QuestionStatus(TextChoices):
    """Where a question about a call stands."""

    ASKED = "ASKED", _("Waiting for an answer")
    ANSWERED = "ANSWERED", _("Answered to the asker")
    PUBLISHED = "PUBLISHED", _("Answered for everybody")


class Stage(TextChoices):
    """The stages of a call after its close, in their order."""

    RECOMMENDATION = "recommendation", _("Recommendation by the district")
    FORMAL_CHECK = "formal_check", _("Formal check")
    CREDIT_CHECK = "credit_check", _("Integrity check")
    REVIEW = "review", _("Expert review")
    SITE_VISIT = "site_visit", _("Site visit")
    DEFENCE = "defence", _("Defence")
    DECISION = "decision", _("Grading and decision")
    PUBLIC_NOTICE = "public_notice", _("Public notice")
    APPROVAL = "approval", _("Approval and contract")


class ApplicationStatus(TextChoices):
    """Where an application stands, in the words of the officials."""

    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Waiting for recommendation")
    RETURNED = "RETURNED", _("Returned for correction")
    NOT_RECOMMENDED = "NOT_RECOMMENDED", _("Not recommended")
    RECOMMENDED = "RECOMMENDED", _("Waiting for the formal check")
    REJECTED = "REJECTED", _("Failed the formal check")
    CREDIT_CHECKING = "CREDIT_CHECKING", _("Waiting for the integrity check")
    SUSPENDED = "SUSPENDED", _("Suspended by the integrity check")
    CHECKED = "CHECKED", _("Waiting for experts")
    REVIEWING = "REVIEWING", _("Under expert review")
    GRADED = "GRADED", _("Waiting for the decision")
    DECIDED = "DECIDED", _("Proposed for approval")
    PUBLICISED = "PUBLICISED", _("In public notice")
    OBJECTED = "OBJECTED", _("Objection being handled")
    APPROVED = "APPROVED", _("Approved")
    NOT_APPROVED = "NOT_APPROVED", _("Not approved")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("application", "Withdrawn")


class ApplicantStatus(TextChoices):
    """The same in the words of the applicant, who learns a decision only when it is published."""

    DRAFT = "DRAFT", _("Being written")
    WITH_DISTRICT = "WITH_DISTRICT", _("With the district")
    RETURNED = "RETURNED", _("Returned to you for correction")
    WITH_BUREAU = "WITH_BUREAU", _("With the bureau")
    PUBLICISED = "PUBLICISED", _("In public notice")
    APPROVED = "APPROVED", _("Approved")
    NOT_SUPPORTED = "NOT_SUPPORTED", _("Not supported this time")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("application", "Withdrawn")


class Severity(TextChoices):
    """What an unmet condition of eligibility does."""

    HARD = "HARD", _("Bars the submission")
    SOFT = "SOFT", _("Needs a justification")
    NOTE = "NOTE", pgettext_lazy("eligibility", "Preferred")


class ReasonCode(TextChoices):
    """Why an application does not go further as it is."""

    MISSING = "MISSING", _("Papers are missing")
    UNSEALED = "UNSEALED", _("Not signed or not sealed")
    CONTRADICTORY = "CONTRADICTORY", _("Figures or statements contradict each other")
    UNCLEAR = "UNCLEAR", _("Objective or route is not clear")
    UNMEASURABLE = "UNMEASURABLE", _("Technologies or tasks cannot be measured")
    MEMBER = "MEMBER", _("The part of a member is in doubt")
    AMOUNT = "AMOUNT", _("The amount is not justified")
    CONDITION = "CONDITION", _("A condition of the call is not met")
    PAID_ELSEWHERE = "PAID_ELSEWHERE", _("The same content is paid for elsewhere")
    SECRET = "SECRET", _("It holds secrets or needless personal data")
    UNTRUE = "UNTRUE", _("A statement is not true")
    OTHER = "OTHER", _("Another reason, see the note")


class CheckResult(TextChoices):
    """What the formal check found on one item."""

    PASS = "PASS", _("In order")
    FAIL = "FAIL", _("Not in order")
    NA = "NA", _("Does not apply")


class SimilarityVerdict(TextChoices):
    """What an official makes of passages that two applications share."""

    UNOBJECTIONABLE = "UNOBJECTIONABLE", _("Unobjectionable")
    TO_CLARIFY = "TO_CLARIFY", _("To be clarified")


class ReviewStatus(TextChoices):
    """Where an expert stands with one application."""

    ASSIGNED = "ASSIGNED", _("Waiting for the declaration")
    ACCEPTED = "ACCEPTED", _("Scoring")
    SUBMITTED = "SUBMITTED", _("Handed in")
    RECUSED = "RECUSED", _("Recused")


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


class ScenarioStatus(TextChoices):
    """Where a frozen board stands."""

    FROZEN = "FROZEN", pgettext_lazy("scenario", "Frozen")
    PROPOSED = "PROPOSED", _("Before the meeting")
    DECIDED = "DECIDED", pgettext_lazy("scenario", "Decided")
    VOID = "VOID", pgettext_lazy("scenario", "Void")


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


class ContractStatus(TextChoices):
    """Where a contract stands."""

    OFFERED = "OFFERED", _("Waiting for the lead's signature")
    SIGNED = "SIGNED", _("Waiting for the bureau's signature")
    EFFECTIVE = "EFFECTIVE", _("Effective")


class TrancheCondition(TextChoices):
    """What must have happened before a tranche may be requested."""

    CONTRACT = "CONTRACT", _("Contract effective")
    EVALUATION = "EVALUATION", _("Annual evaluation at least qualified")


class TrancheStatus(TextChoices):
    """Where a tranche stands."""

    PLANNED = "PLANNED", _("Planned")
    REQUESTED = "REQUESTED", _("Waiting for verification")
    VERIFIED = "VERIFIED", _("Waiting for the finance review")
    REVIEWED = "REVIEWED", _("Waiting for approval")
    APPROVED = "APPROVED", _("Waiting for payment")
    PAID = "PAID", _("Paid")
    CONFIRMED = "CONFIRMED", _("Receipt confirmed")
    ON_HOLD = "ON_HOLD", _("On hold")
    CANCELLED = "CANCELLED", _("Cancelled")


class Action(TextChoices):
    """What the workflows and the audit trail call the acts of this room."""

    CREATE_CALL = "create_call", _("Create call")
    UPDATE_CALL = "update_call", _("Update call")
    PUBLISH_CALL = "publish_call", _("Publish call")
    EXTEND_CALL = "extend_call", _("Extend call")
    ORDER_RECOMMENDATIONS = "order_recommendations", _("Order the list")
    CLOSE_RECOMMENDATIONS = "close_recommendations", _("Close the list")
    ADD_DOCUMENT = "add_document", _("Add document")
    REMOVE_DOCUMENT = "remove_document", _("Remove document")
    ASK = "ask", _("Ask a question")
    ANSWER = "answer", _("Answer question")
    PUBLISH_ANSWER = "publish_answer", _("Publish answer")
    RETRACT_ANSWER = "retract_answer", _("Take published answer back")
    EXTEND_BY_OUTAGE = "extend_by_outage", _("Extend call by an outage")
    DELETE_REHEARSAL = "delete_rehearsal", _("Delete rehearsal")
    CONCLUDE_CALL = "conclude_call", _("Conclude call")
    CREATE_FORM = "create_form", _("Create form")
    DESIGN_FORM = "design_form", _("Design form")
    PUBLISH_FORM = "publish_form", _("Publish form")
    RETIRE_FORM = "retire_form", _("Retire form")
    MOVE_DRAFTS = "move_drafts", _("Move drafts to another form")
    START = "start_application", _("Start application")
    ASSIGN_SECTION = "assign_section", _("Give a section to write")
    EDIT = "edit_application", _("Edit application")
    ATTACH = "attach_file", _("Attach file")
    DETACH = "detach_file", _("Remove file")
    UPLOAD_WORKBOOK = "upload_workbook", _("Upload workbook")
    APPLY_WORKBOOK = "apply_workbook", _("Take over workbook")
    SUBMIT = "submit", _("Submit")
    TAKE_BACK = "take_back", _("Take back for editing")
    OPEN = "open", _("Note the first opening")
    WITHDRAW = "withdraw", pgettext_lazy("application", "Withdraw")
    RECOMMEND = "recommend", _("Recommend")
    DECLINE_RECOMMENDATION = "decline_recommendation", _("Do not recommend")
    RETURN = "return", _("Return for correction")
    REQUEST_CORRECTION = "request_correction", _("Request correction")
    CHECK = "check", _("Pass formal check")
    REJECT = "reject", _("Fail formal check")
    CLEAR = "clear", _("Pass integrity check")
    SUSPEND = "suspend", _("Suspend over the integrity check")
    RESUME = "resume", _("Take up the suspended application again")
    END_SUSPENDED = "end_suspended", _("End the suspended application")
    CHECK_SIMILARITY = "check_similarity", _("Compare with other applications again")
    JUDGE_SIMILARITY = "judge_similarity", _("Judge shared passages")
    ASSIGN = "assign", _("Assign experts")
    ADD_EXPERT = "add_expert", _("Add expert")
    PREPARE_DRAW = "prepare_draw", _("Prepare draw")
    WITNESS_DRAW = "witness_draw", _("Witness draw")
    DRAW_EXPERTS = "draw_experts", _("Draw experts")
    CANCEL_DRAW = "cancel_draw", _("Cancel draw")
    CALL_SUBSTITUTE = "call_substitute", _("Call substitute")
    PROPOSE_EXPERTS = "propose_experts", _("Propose experts by name")
    AGREE_EXPERTS = "agree_experts", _("Agree to named experts")
    REFUSE_EXPERTS = "refuse_experts", _("Refuse named experts")
    PREPARE_ASSIGNMENT = "prepare_assignment", _("Work out an assignment")
    PROPOSE_ASSIGNMENT = "propose_assignment", _("Propose an assignment")
    CHANGE_ASSIGNMENT = "change_assignment", _("Change an assignment by hand")
    HAND_OVER_ASSIGNMENT = "hand_over_assignment", _("Hand an assignment over for agreement")
    AGREE_ASSIGNMENT = "agree_assignment", _("Agree to an assignment")
    DROP_ASSIGNMENT = "drop_assignment", _("Drop an assignment")
    RELEASE_EXPERT = "release_expert", _("Release expert")
    ACCEPT = "accept", _("Declare no conflict")
    RECUSE = "recuse", _("Declare a conflict")
    SAVE_SCORES = "save_scores", _("Save scores")
    HAND_IN = "hand_in", _("Hand in scores")
    DISPUTE = "dispute", _("Dispute a computed fact")
    UPHOLD_DISPUTE = "uphold_dispute", _("Uphold the dispute")
    DISMISS_DISPUTE = "dismiss_dispute", _("Dismiss the dispute")
    ASK_REOPENING = "ask_reopening", _("Ask to reopen a review")
    GRANT_REOPENING = "grant_reopening", _("Grant the reopening")
    REFUSE_REOPENING = "refuse_reopening", _("Refuse the reopening")
    REOPEN = "reopen", _("Reopen review")
    NAME_LEAD = "name_lead", _("Name the lead reviewer")
    DISCUSS = "discuss", _("Discuss a criterion")
    CONSOLIDATE = "consolidate", _("Sum up the reviews")
    UNDO_CONSOLIDATION = "undo_consolidation", _("Take the summary back")
    GRADE = "grade", _("Grade")
    SEND_BACK = "send_back", _("Send back to grading")
    DECIDE = "decide", _("Decide")
    DECLINE = "decline", _("Decide not to support")
    FREEZE_SCENARIO = "freeze_scenario", _("Freeze scenario")
    PUT_FORWARD = "put_forward", _("Put scenario forward")
    TAKE_SCENARIO_BACK = "take_scenario_back", _("Take scenario back")
    APPROVE_LIST = "approve_list", _("Approve list")
    VOID_LIST = "void_list", _("Void list")
    PUBLICISE = "publicise", _("Publish for objections")
    RECORD_OBJECTION = "record_objection", _("Record objection")
    OBJECT = "object", _("Take up objection")
    DISMISS = "dismiss", _("Dismiss objection")
    UPHOLD = "uphold", _("Uphold objection")
    REFUSE_OBJECTION = "refuse_objection", _("Do not admit objection")
    AMEND_DECISION = "amend_decision", _("Lower tier or amount")
    CONTINUE = "continue", _("Continue public notice")
    OVERTURN = "overturn", _("Overturn the decision")
    APPROVE = "approve", _("Approve")
    SIGN = "sign", _("Sign contract")
    COUNTERSIGN = "countersign", _("Countersign contract")
    AMEND = "amend", _("Amend contract for the new lead")
    MEET_CONDITION = "meet_condition", _("Record condition as met")
    REVEAL = "reveal", _("Reveal who objects")
    REQUEST = "request", _("Request tranche")
    VERIFY = "verify", _("Verify tranche")
    REVIEW = "review", _("Review tranche")
    APPROVE_PAYMENT = "approve_payment", _("Approve payment")
    PAY = "pay", _("Record payment")
    CONFIRM_RECEIPT = "confirm_receipt", _("Confirm receipt")
    HOLD = "hold", _("Put on hold")
    RELEASE = "release", _("End hold")
    CANCEL = "cancel", _("Cancel tranche")
    RETURN_REQUEST = "return_request", _("Return request")
    STEP_ASIDE = "step_aside", _("Keep away from the case")
    RECUSE_OFFICIAL = "recuse_official", _("Recuse an official")
    LIFT_RECUSAL = "lift_recusal", _("Lift a recusal")
    DECLARE_AGAIN = "declare_again", _("Declare again to have no conflict")
    RECUSE_AGAIN = "recuse_again", _("Declare a conflict that came up")
    ARRANGE_SESSION = "arrange_session", _("Arrange session")
    INVITE_TO_SESSION = "invite_to_session", _("Fix the agenda and invite")
    CANCEL_SESSION = "cancel_session", _("Cancel session")
    SIGN_IN = "sign_in", pgettext_lazy("session", "Sign in")
    CONCLUDE_SLOT = "conclude_slot", _("Write the conclusion")
    ATTACH_TO_SLOT = "attach_to_slot", _("Add photo or document")
    LOCK_SESSION = "lock_session", _("Lock the minutes")
    NAME_AVOIDED = "name_avoided", _("Name an expert to be avoided")
    REMOVE_AVOIDED = "remove_avoided", _("Remove a name to be avoided")
    JUDGE_AVOIDED = "judge_avoided", _("Decide about a name to be avoided")
