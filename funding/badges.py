"""How the states of this room look."""

from funding.enums import (
    AcceptanceStatus,
    Action,
    AmendmentStatus,
    ApplicantStatus,
    ApplicationStatus,
    AppropriationStatus,
    AssignmentStatus,
    BatchStatus,
    CallStatus,
    CheckResult,
    CofundingStatus,
    CompensationStatus,
    Conclusion,
    ContractStatus,
    DisputeStatus,
    DrawStatus,
    ExpenditureStatus,
    FormStatus,
    LimitStatus,
    LineOutcome,
    NamingStatus,
    ObjectionStatus,
    OverlapVerdict,
    QuestionStatus,
    RecoveryStatus,
    RelayStatus,
    ReopeningStatus,
    ReviewStatus,
    ScenarioStatus,
    SessionStatus,
    SimilarityVerdict,
    Standing,
    TerminationStatus,
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
        ContractStatus.DRAFT: ("", "pencil"),
        ContractStatus.CONFIRMING: ("warn", "hourglass"),
        ContractStatus.OFFERED: ("warn", "writing-sign"),
        ContractStatus.SIGNED: ("info", "signature"),
        ContractStatus.EFFECTIVE: ("ok", "circle-check"),
        ContractStatus.AMENDING: ("info", "arrows-exchange"),
        ContractStatus.COMPLETED: ("ok", "flag"),
        ContractStatus.TERMINATED: ("bad", "ban"),
        ContractStatus.EXPIRED: ("bad", "hourglass"),
    },
)
register_badges(AppropriationStatus, {
    AppropriationStatus.RECORDED: ("warn", "hourglass"),
    AppropriationStatus.CONFIRMED: ("ok", "circle-check"),
    AppropriationStatus.DROPPED: ("", "ban"),
})  # fmt: skip
register_badges(BatchStatus, {
    BatchStatus.PREPARED: ("warn", "hourglass"),
    BatchStatus.RELEASED: ("brand", "send"),
    BatchStatus.SENT: ("info", "building-bank"),
    BatchStatus.DROPPED: ("", "ban"),
})  # fmt: skip
register_badges(AmendmentStatus, {
    AmendmentStatus.PROPOSED: ("warn", "hourglass"),
    AmendmentStatus.CONSENTED: ("info", "checks"),
    AmendmentStatus.CHECKED: ("brand", "hourglass"),
    AmendmentStatus.IN_FORCE: ("ok", "circle-check"),
    AmendmentStatus.REFUSED: ("bad", "x"),
    AmendmentStatus.WITHDRAWN: ("", "ban"),
})  # fmt: skip
register_badges(AcceptanceStatus, {
    AcceptanceStatus.REQUESTED: ("warn", "hourglass"),
    AcceptanceStatus.CONFIRMED: ("info", "inbox"),
    AcceptanceStatus.CHECKED: ("info", "checks"),
    AcceptanceStatus.ASSESSED: ("brand", "hourglass"),
    AcceptanceStatus.DECIDED: ("ok", "circle-check"),
    AcceptanceStatus.RETURNED: ("warn", "arrow-back-up"),
    AcceptanceStatus.WITHDRAWN: ("", "ban"),
})  # fmt: skip
register_badges(Conclusion, {
    Conclusion.PASSED: ("ok", "circle-check"),
    Conclusion.CONCLUDED: ("warn", "flag"),
    Conclusion.NOT_PASSED: ("bad", "circle-x"),
})  # fmt: skip
register_badges(TerminationStatus, {
    TerminationStatus.ASKED: ("warn", "hourglass"),
    TerminationStatus.PROPOSED: ("brand", "hourglass"),
    TerminationStatus.DECIDED: ("bad", "ban"),
    TerminationStatus.REFUSED: ("", "x"),
    TerminationStatus.WITHDRAWN: ("", "ban"),
})  # fmt: skip
register_badges(RelayStatus, {
    RelayStatus.REPORTED: ("warn", "hourglass"),
    RelayStatus.CONFIRMED: ("ok", "circle-check"),
    RelayStatus.REFUSED: ("bad", "x"),
    RelayStatus.WITHDRAWN: ("", "ban"),
})  # fmt: skip
register_badges(CofundingStatus, {
    CofundingStatus.REPORTED: ("warn", "hourglass"),
    CofundingStatus.CONFIRMED: ("ok", "circle-check"),
    CofundingStatus.REFUSED: ("bad", "x"),
    CofundingStatus.WITHDRAWN: ("", "ban"),
    CofundingStatus.REVERSED: ("bad", "arrow-back-up"),
})  # fmt: skip
register_badges(CompensationStatus, {
    CompensationStatus.FILED: ("warn", "hourglass"),
    CompensationStatus.CHECKED: ("brand", "hourglass"),
    CompensationStatus.GRANTED: ("info", "circle-check"),
    CompensationStatus.PAID: ("ok", "circle-check"),
    CompensationStatus.REFUSED: ("bad", "x"),
    CompensationStatus.WITHDRAWN: ("", "ban"),
})  # fmt: skip
register_badges(LimitStatus, {
    LimitStatus.PROPOSED: ("warn", "hourglass"),
    LimitStatus.IN_FORCE: ("ok", "circle-check"),
    LimitStatus.ENDED: ("", "history"),
    LimitStatus.DECLINED: ("", "ban"),
})  # fmt: skip
register_badges(LineOutcome, {
    LineOutcome.PAID: ("ok", "cash"),
    LineOutcome.FAILED: ("bad", "x"),
    LineOutcome.RETURNED: ("bad", "arrow-back-up"),
})  # fmt: skip
register_badges(TrancheStatus, {
    T.PLANNED: ("line", "calendar"),
    T.REQUESTED: ("info", "inbox"),
    T.VERIFIED: ("info", "calculator"),
    T.REVIEWED: ("brand", "hourglass"),
    T.APPROVED: ("brand", "cash"),
    T.BATCHED: ("brand", "list-details"),
    T.SENT: ("brand", "send"),
    T.PAID: ("ok", "cash"),
    T.CONFIRMED: ("ok", "circle-check"),
    T.RETURNED: ("bad", "arrow-back-up"),
    T.ON_HOLD: ("warn", "player-pause"),
    T.CANCELLED: ("", "ban"),
})  # fmt: skip
register_badges(
    ExpenditureStatus,
    {
        ExpenditureStatus.RECORDED: ("info", "inbox"),
        ExpenditureStatus.ACCEPTED: ("ok", "check"),
        ExpenditureStatus.REFUSED: ("bad", "x"),
        ExpenditureStatus.REPLACED: ("", "archive"),
    },
)
register_badges(
    OverlapVerdict,
    {
        OverlapVerdict.NONE: ("ok", "check"),
        OverlapVerdict.PARTIAL: ("warn", "alert-triangle"),
        OverlapVerdict.DOUBLE: ("bad", "x"),
    },
)
register_badges(RecoveryStatus, {
    RecoveryStatus.OPEN: ("info", "hourglass"),
    RecoveryStatus.NOTICED: ("warn", "mail"),
    RecoveryStatus.PARTLY: ("warn", "coin-yuan"),
    RecoveryStatus.ASKED: ("brand", "scale"),
    RecoveryStatus.SETTLED: ("ok", "circle-check"),
    RecoveryStatus.WRITTEN_OFF: ("", "archive"),
    RecoveryStatus.STOPPED: ("", "ban"),
})  # fmt: skip
