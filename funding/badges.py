"""How the states of this room look."""

from funding.enums import (
    Action,
    ApplicantStatus,
    ApplicationStatus,
    AssignmentStatus,
    CallStatus,
    CheckResult,
    ContractStatus,
    DisputeStatus,
    DrawStatus,
    FormStatus,
    NamingStatus,
    ObjectionStatus,
    QuestionStatus,
    ReopeningStatus,
    ReviewStatus,
    ScenarioStatus,
    SessionStatus,
    SimilarityVerdict,
    Standing,
    TrancheStatus,
)
from portal.kernel.actions import register_actions
from portal.kernel.badges import register_badges

register_actions("funding", Action, money=True)

A, P, T = ApplicationStatus, ApplicantStatus, TrancheStatus

register_badges(
    CallStatus,
    {
        CallStatus.DRAFT: ("line", "pencil"),
        CallStatus.PUBLISHED: ("info", "speakerphone"),
        CallStatus.CONCLUDED: ("", "archive"),
    },
)
register_badges(
    FormStatus,
    {
        FormStatus.DRAFT: ("line", "pencil"),
        FormStatus.PUBLISHED: ("ok", "check"),
        FormStatus.RETIRED: ("", "archive"),
    },
)
register_badges(
    QuestionStatus,
    {
        QuestionStatus.ASKED: ("warn", "message-report"),
        QuestionStatus.ANSWERED: ("ok", "check"),
        QuestionStatus.PUBLISHED: ("info", "speakerphone"),
    },
)
register_badges(
    ApplicationStatus,
    {
        A.DRAFT: ("line", "pencil"),
        A.SUBMITTED: ("info", "inbox"),
        A.RETURNED: ("warn", "arrow-back-up"),
        A.NOT_RECOMMENDED: ("bad", "circle-x"),
        A.RECOMMENDED: ("info", "inbox"),
        A.REJECTED: ("bad", "circle-x"),
        A.CREDIT_CHECKING: ("info", "shield-check"),
        A.SUSPENDED: ("warn", "player-pause"),
        A.CHECKED: ("brand", "checks"),
        A.REVIEWING: ("brand", "gavel"),
        A.GRADED: ("brand", "hourglass"),
        A.DECIDED: ("brand", "checklist"),
        A.PUBLICISED: ("info", "speakerphone"),
        A.OBJECTED: ("warn", "alert-circle"),
        A.APPROVED: ("ok", "circle-check"),
        A.NOT_APPROVED: ("bad", "circle-x"),
        A.WITHDRAWN: ("", "ban"),
    },
)
register_badges(
    SimilarityVerdict,
    {
        SimilarityVerdict.UNOBJECTIONABLE: ("ok", "circle-check"),
        SimilarityVerdict.TO_CLARIFY: ("warn", "alert-circle"),
    },
)
register_badges(
    ApplicantStatus,
    {
        P.DRAFT: ("line", "pencil"),
        P.WITH_DISTRICT: ("info", "building-community"),
        P.RETURNED: ("warn", "arrow-back-up"),
        P.WITH_BUREAU: ("info", "building-bank"),
        P.PUBLICISED: ("brand", "speakerphone"),
        P.APPROVED: ("ok", "circle-check"),
        P.NOT_SUPPORTED: ("", "circle-x"),
        P.WITHDRAWN: ("", "ban"),
    },
)
register_badges(
    CheckResult,
    {
        CheckResult.PASS: ("ok", "check"),
        CheckResult.FAIL: ("bad", "x"),
        CheckResult.NA: ("", "ban"),
    },
)
register_badges(
    SessionStatus,
    {
        SessionStatus.PREPARED: ("line", "pencil"),
        SessionStatus.INVITED: ("info", "send"),
        SessionStatus.LOCKED: ("ok", "lock"),
        SessionStatus.CANCELLED: ("", "ban"),
    },
)
register_badges(
    ReviewStatus,
    {
        ReviewStatus.ASSIGNED: ("warn", "hourglass"),
        ReviewStatus.ACCEPTED: ("info", "pencil"),
        ReviewStatus.SUBMITTED: ("ok", "check"),
        ReviewStatus.RECUSED: ("", "ban"),
    },
)
register_badges(
    Standing,
    {
        Standing.ASSIGNED: ("warn", "hourglass"),
        Standing.ACCEPTED: ("info", "pencil"),
        Standing.SUBMITTED: ("ok", "check"),
        Standing.RECUSED: ("", "ban"),
        Standing.DECLINED: ("", "circle-x"),
        Standing.LAPSED: ("", "clock"),
        Standing.RELEASED: ("", "user-off"),
    },
)
register_badges(
    DisputeStatus,
    {
        DisputeStatus.OPEN: ("warn", "hourglass"),
        DisputeStatus.UPHELD: ("ok", "check"),
        DisputeStatus.DISMISSED: ("", "circle-x"),
    },
)
register_badges(
    ReopeningStatus,
    {
        ReopeningStatus.ASKED: ("warn", "hourglass"),
        ReopeningStatus.GRANTED: ("info", "pencil"),
        ReopeningStatus.REFUSED: ("", "lock"),
    },
)
register_badges(
    DrawStatus,
    {
        DrawStatus.PREPARED: ("warn", "eye"),
        DrawStatus.WITNESSED: ("info", "hourglass"),
        DrawStatus.DRAWN: ("ok", "check"),
        DrawStatus.CANCELLED: ("", "ban"),
    },
)
register_badges(
    AssignmentStatus,
    {
        AssignmentStatus.SOLVING: ("info", "hourglass"),
        AssignmentStatus.PROPOSED: ("warn", "pencil"),
        AssignmentStatus.HANDED_OVER: ("warn", "eye"),
        AssignmentStatus.AGREED: ("ok", "check"),
        AssignmentStatus.DROPPED: ("", "ban"),
    },
)
register_badges(
    ScenarioStatus,
    {
        ScenarioStatus.FROZEN: ("line", "lock"),
        ScenarioStatus.PROPOSED: ("info", "hourglass"),
        ScenarioStatus.DECIDED: ("ok", "gavel"),
        ScenarioStatus.VOID: ("", "ban"),
    },
)
register_badges(
    NamingStatus,
    {
        NamingStatus.PROPOSED: ("warn", "hourglass"),
        NamingStatus.AGREED: ("ok", "check"),
        NamingStatus.REFUSED: ("bad", "x"),
    },
)
register_badges(
    ObjectionStatus,
    {
        ObjectionStatus.OPEN: ("warn", "hourglass"),
        ObjectionStatus.DISMISSED: ("ok", "check"),
        ObjectionStatus.UPHELD: ("bad", "alert-circle"),
        ObjectionStatus.INADMISSIBLE: ("", "x"),
    },
)
register_badges(
    ContractStatus,
    {
        ContractStatus.OFFERED: ("warn", "writing-sign"),
        ContractStatus.SIGNED: ("info", "signature"),
        ContractStatus.EFFECTIVE: ("ok", "circle-check"),
    },
)
register_badges(TrancheStatus, {
    T.PLANNED: ("line", "calendar"),
    T.REQUESTED: ("info", "inbox"),
    T.VERIFIED: ("info", "calculator"),
    T.REVIEWED: ("brand", "hourglass"),
    T.APPROVED: ("brand", "cash"),
    T.PAID: ("ok", "cash"),
    T.CONFIRMED: ("ok", "circle-check"),
    T.ON_HOLD: ("warn", "player-pause"),
    T.CANCELLED: ("", "ban"),
})  # fmt: skip
