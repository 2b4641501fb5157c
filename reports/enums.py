"""The words of the reports room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CycleStatus(TextChoices):
    """Where the evaluation of a year stands."""

    OPEN = "OPEN", _("Open")
    CLOSED = "CLOSED", _("Closed")


class EvaluationStatus(TextChoices):
    """Where the annual evaluation of one consortium stands."""

    FILLING = "FILLING", _("Self-report being written")
    SUBMITTED = "SUBMITTED", _("Waiting for the district")
    RETURNED = "RETURNED", _("Returned for correction")
    VERIFIED = "VERIFIED", _("Waiting for expert scores")
    SCORED = "SCORED", _("Waiting for grading")
    GRADED = "GRADED", _("Waiting for confirmation")
    FEEDBACK = "FEEDBACK", _("Open to appeal")
    APPEALED = "APPEALED", _("Appeal being examined")
    PUBLICISED = "PUBLICISED", _("Being publicised")
    FINAL = "FINAL", _("Final")
    ABSENT = "ABSENT", _("Did not take part")
    EXEMPT = "EXEMPT", _("Exempt")


class Grade(TextChoices):
    """Grade of a year."""

    EXCELLENT = "EXCELLENT", _("Excellent")
    GOOD = "GOOD", _("Good")
    QUALIFIED = "QUALIFIED", _("Qualified")
    UNQUALIFIED = "UNQUALIFIED", _("Unqualified")


class Veto(TextChoices):
    """What makes a year unqualified whatever the score."""

    FALSIFICATION = "FALSIFICATION", _("Proven falsification")
    MISUSE = "MISUSE", _("Misuse of funds")
    ACCIDENT = "ACCIDENT", _("Major safety, quality or environmental accident")
    REFUSAL = "REFUSAL", _("Refusal of an inspection")
    LEAD_GONE = "LEAD_GONE", _("Lead lost its legal personality or moved out of the city")


class Term(TextChoices):
    """What has to be done by a day."""

    FILE = "FILE", _("Self-report due")
    VERIFY = "VERIFY", _("Verification due")
    SCORE = "SCORE", _("Scores due")


class AppealKind(TextChoices):
    """Who contests a grade, and when."""

    APPEAL = "APPEAL", _("Appeal of the lead")
    OBJECTION = "OBJECTION", _("Objection to the published list")


class AppealStatus(TextChoices):
    """Whether what contests a grade has been decided."""

    OPEN = "OPEN", pgettext_lazy("appeal", "Open")
    UPHELD = "UPHELD", pgettext_lazy("appeal", "Upheld")
    DISMISSED = "DISMISSED", pgettext_lazy("appeal", "Dismissed")


class Remedy(TextChoices):
    """What is done again when an appeal or an objection is right."""

    GRADE = "GRADE", _("Grade the year again")
    SCORE = "SCORE", _("Have another expert score it")
    FILE = "FILE", _("Let the lead correct its self-report")


class ConsequenceKind(TextChoices):
    """What may follow from a year."""

    NEXT = "NEXT", _("Open the next tranche")
    REDUCE = "REDUCE", _("Open the next tranche, reduced")
    HOLD = "HOLD", _("Put a tranche on hold")
    CANCEL = "CANCEL", _("Cancel a tranche")
    RECTIFY = "RECTIFY", _("Order a rectification")
    EXIT = "EXIT", _("Open an exit case")
    UPGRADE = "UPGRADE", _("Invite to apply for a higher tier")


ABOUT_A_TRANCHE = (ConsequenceKind.NEXT, ConsequenceKind.REDUCE, ConsequenceKind.HOLD, ConsequenceKind.CANCEL)


class ConsequenceStatus(TextChoices):
    """Whether a person has decided on a consequence."""

    PROPOSED = "PROPOSED", pgettext_lazy("consequence", "Proposed")
    ACCEPTED = "ACCEPTED", pgettext_lazy("consequence", "Accepted")
    DECLINED = "DECLINED", pgettext_lazy("consequence", "Declined")


class TargetMetric(TextChoices):
    """What the city sets itself a figure for; each is computed by the portal."""

    CONSORTIA = "CONSORTIA", _("Consortia at work")
    NEW = "NEW", _("Consortia newly recognised")
    AWARDS = "AWARDS", _("Grants approved")
    PAID = "PAID", _("Funds paid")
    PROJECTS = "PROJECTS", _("Public projects undertaken")
    SUB_FIELDS = "SUB_FIELDS", _("Sub-fields covered")
    DISTRICTS = "DISTRICTS", _("Districts covered")
    CONTRACTS = "CONTRACTS", _("Value of technology contracts")


IN_YUAN = (TargetMetric.PAID, TargetMetric.CONTRACTS)


class ReportStatus(TextChoices):
    """Where a report document stands; the job's progress stands on the job."""

    QUEUED = "QUEUED", _("Being made")
    STORED = "STORED", _("Ready")
    FAILED = "FAILED", _("Failed")


class BatchScope(TextChoices):
    """Which evaluations of a year a batch of reports is about."""

    FINAL = "FINAL", _("Those that are final")
    FILED = "FILED", _("All that were filed, the others as drafts")


class BatchStatus(TextChoices):
    """Where a batch of reports stands; how far it is stands on its rows."""

    RUNNING = "RUNNING", pgettext_lazy("batch", "Being made")
    PAUSED = "PAUSED", pgettext_lazy("batch", "Paused")
    ENDED = "ENDED", pgettext_lazy("batch", "Ended")
    CANCELLED = "CANCELLED", pgettext_lazy("batch", "Stopped")


class PublicationStatus(TextChoices):
    """Whether everybody may read the public edition of a report."""

    PUBLISHED = "PUBLISHED", pgettext_lazy("report", "Published")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("report", "Withdrawn")


class CaseStatus(TextChoices):
    """Where a typical case stands."""

    DRAFT = "DRAFT", pgettext_lazy("case", "Draft")
    PROPOSED = "PROPOSED", pgettext_lazy("case", "Proposed")
    RETURNED = "RETURNED", pgettext_lazy("case", "Returned")
    PUBLISHED = "PUBLISHED", pgettext_lazy("report", "Published")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("report", "Withdrawn")


class ExportState(TextChoices):
    """Where a file made in the background stands."""

    QUEUED = "QUEUED", _("Waiting")
    RUNNING = "RUNNING", _("Being made")
    DONE = "DONE", _("Ready")
    FAILED = "FAILED", _("Failed")
    CANCELLED = "CANCELLED", _("Cancelled")
    EXPIRED = "EXPIRED", _("No longer kept")


class Rhythm(TextChoices):
    """How often a report is made a file by itself."""

    WEEKLY = "WEEKLY", _("Every week")
    MONTHLY = "MONTHLY", _("Every month")
    QUARTERLY = "QUARTERLY", _("Every quarter")


class Period(TextChoices):
    """A time that moves with the day on which a report is read."""

    THIS_MONTH = "this-month", _("This month")
    LAST_MONTH = "last-month", _("Last month")
    THIS_QUARTER = "this-quarter", _("This quarter")
    LAST_QUARTER = "last-quarter", _("Last quarter")
    THIS_YEAR = "this-year", _("This year")
    LAST_YEAR = "last-year", _("Last year")


class Action(TextChoices):
    """What the workflows and the audit trail call the acts of this room."""

    OPEN_CYCLE = "open_cycle", _("Open evaluation year")
    CLOSE_CYCLE = "close_cycle", _("Close evaluation year")
    EDIT = "edit_self_report", _("Edit self-report")
    ATTACH = "attach_evidence", _("Attach evidence")
    DETACH = "detach_evidence", _("Remove evidence")
    SUBMIT = "submit_self_report", _("File self-report")
    VERIFY = "verify_self_report", _("Verify self-report")
    RETURN = "return_self_report", _("Return self-report")
    ASSIGN = "assign_expert", _("Assign expert")
    DECLARE = "declare_no_conflict", _("Declare no conflict")
    RECUSE = "recuse_expert", _("Declare a conflict")
    SCORE = "score_evaluation", _("Score evaluation")
    GRADE = "grade_evaluation", _("Grade the year")
    CONFIRM = "confirm_grade", _("Confirm grade")
    SEND_BACK = "send_back_evaluation", _("Send back to grading")
    ACCEPT_GRADE = "accept_grade", _("Accept grade")
    APPEAL = "appeal_grade", _("Appeal against grade")
    OBJECT = "object_to_grade", _("Object to grade")
    UPHOLD = "uphold_appeal", _("Uphold")
    DISMISS = "dismiss_appeal", _("Dismiss")
    KEEP_GRADE = "keep_grade", _("Keep grade")
    GRADE_AGAIN = "grade_again", _("Grade the year again")
    SCORE_AGAIN = "score_again", _("Have another expert score it")
    FILE_AGAIN = "file_again", _("Let the lead correct its self-report")
    PUBLICISE = "publicise_grade", _("Publish grades")
    FINALISE = "finalise_evaluation", _("Make grade final")
    EXEMPT = "exempt_evaluation", _("Exempt from the year")
    MARK_ABSENT = "mark_absent", _("Record as absent")
    ACCEPT_CONSEQUENCE = "accept_consequence", _("Accept consequence")
    DECLINE_CONSEQUENCE = "decline_consequence", _("Decline consequence")
    SET_TARGET = "set_target", _("Set city target")
    CORRECT_TARGET = "correct_target", _("Correct city target")
    REQUEST_REPORT = "request_report", _("Make report")
    STORE = "store_report", _("Store report")
    FAIL = "fail_report", _("Record report as failed")
    ORDER_DOCUMENT = "order_application_document", _("Make document")
    RETRY = "retry_report", _("Make report again")
    PUBLISH_REPORT = "publish_report", _("Publish report")
    WITHDRAW_REPORT = "withdraw_report", _("Withdraw published report")
    WRITE_CASE = "write_case", _("Write typical case")
    PROPOSE_CASE = "propose_case", _("Propose typical case")
    PUBLISH_CASE = "publish_case", _("Publish typical case")
    RETURN_CASE = "return_case", _("Return typical case")
    WITHDRAW_CASE = "withdraw_case", _("Withdraw typical case")
    ORDER_BATCH = "order_batch", _("Make all reports of the year")
    PAUSE_BATCH = "pause_batch", _("Pause batch")
    RESUME_BATCH = "resume_batch", _("Go on with batch")
    CANCEL_BATCH = "cancel_batch", _("Stop batch")
    RETRY_BATCH = "retry_batch", _("Make the missing reports again")
    END_BATCH = "end_batch", _("End batch")
    TAKE_BATCH = "take_batch", _("Take all reports of a batch")
    ORDER_EXPORT = "order_export", _("Have file made")
    CANCEL_EXPORT = "cancel_export", _("Stop making file")
    RETRY_EXPORT = "retry_export", _("Make file again")
    SCHEDULE_EXPORT = "schedule_export", _("Have file made regularly")
    STOP_SCHEDULE = "stop_schedule", _("Stop making file regularly")
