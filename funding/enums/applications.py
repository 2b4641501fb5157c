"""Words of applications, their budgets and checks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
