"""What the statuses and grades of this room look like, and how its acts are called in the audit trail."""

from portal.kernel.actions import register_actions
from portal.kernel.badges import register_badges
from portal.kernel.models.audit import Result
from reports.enums import (
    Action,
    AppealStatus,
    BatchStatus,
    CaseStatus,
    ConsequenceStatus,
    CycleStatus,
    EvaluationStatus,
    ExportState,
    Grade,
    PublicationStatus,
    ReportStatus,
)

register_actions("reports", Action)

register_badges(Result, {Result.DONE: ("ok", "check"), Result.REFUSED: ("warn", "ban"), Result.FAILED: ("bad", "x")})
register_badges(CycleStatus, {CycleStatus.OPEN: ("ok", "player-play"), CycleStatus.CLOSED: ("", "lock")})
register_badges(
    EvaluationStatus,
    {
        EvaluationStatus.FILLING: ("line", "pencil"),
        EvaluationStatus.SUBMITTED: ("info", "inbox"),
        EvaluationStatus.RETURNED: ("warn", "arrow-back-up"),
        EvaluationStatus.VERIFIED: ("info", "user-check"),
        EvaluationStatus.SCORED: ("brand", "chart-bar"),
        EvaluationStatus.GRADED: ("brand", "checks"),
        EvaluationStatus.FEEDBACK: ("brand", "hourglass"),
        EvaluationStatus.APPEALED: ("warn", "scale"),
        EvaluationStatus.PUBLICISED: ("info", "speakerphone"),
        EvaluationStatus.FINAL: ("ok", "circle-check"),
        EvaluationStatus.ABSENT: ("bad", "ban"),
        EvaluationStatus.EXEMPT: ("", "circle-dashed"),
    },
)
register_badges(
    AppealStatus,
    {
        AppealStatus.OPEN: ("warn", "hourglass"),
        AppealStatus.UPHELD: ("ok", "check"),
        AppealStatus.DISMISSED: ("", "x"),
    },
)
register_badges(
    BatchStatus,
    {
        BatchStatus.RUNNING: ("info", "progress"),
        BatchStatus.PAUSED: ("warn", "player-pause"),
        BatchStatus.ENDED: ("ok", "check"),
        BatchStatus.CANCELLED: ("", "ban"),
    },
)
register_badges(
    ConsequenceStatus,
    {
        ConsequenceStatus.PROPOSED: ("warn", "hourglass"),
        ConsequenceStatus.ACCEPTED: ("ok", "check"),
        ConsequenceStatus.DECLINED: ("", "x"),
    },
)
register_badges(
    Grade,
    {
        Grade.EXCELLENT: ("ok", "certificate"),
        Grade.GOOD: ("ok", "check"),
        Grade.QUALIFIED: ("info", "check"),
        Grade.UNQUALIFIED: ("bad", "x"),
    },
)
register_badges(
    ReportStatus,
    {
        ReportStatus.QUEUED: ("info", "hourglass"),
        ReportStatus.STORED: ("ok", "check"),
        ReportStatus.FAILED: ("bad", "x"),
    },
)
register_badges(
    CaseStatus,
    {
        CaseStatus.DRAFT: ("line", "pencil"),
        CaseStatus.PROPOSED: ("info", "inbox"),
        CaseStatus.RETURNED: ("warn", "arrow-back-up"),
        CaseStatus.PUBLISHED: ("ok", "speakerphone"),
        CaseStatus.WITHDRAWN: ("warn", "ban"),
    },
)
register_badges(
    PublicationStatus,
    {PublicationStatus.PUBLISHED: ("ok", "speakerphone"), PublicationStatus.WITHDRAWN: ("warn", "ban")},
)
register_badges(
    ExportState,
    {
        ExportState.QUEUED: ("warn", "hourglass"),
        ExportState.RUNNING: ("info", "progress"),
        ExportState.DONE: ("ok", "check"),
        ExportState.FAILED: ("bad", "alert-triangle"),
        ExportState.CANCELLED: ("", "ban"),
        ExportState.EXPIRED: ("", "clock"),
    },
)
