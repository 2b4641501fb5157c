"""What the statuses of the consortia room look like."""

from consortia.enums import (
    Action,
    AgreementStatus,
    ClaimStatus,
    ConsortiumStatus,
    DepartureStatus,
    ExitStatus,
    LeadChangeStatus,
    MilestoneStatus,
    ParticipationStatus,
    Progress,
    Standing,
    TaxonomyStatus,
    Verification,
)
from consortia.rules.links import LinkStatus
from consortia.rules.platforms import DirectAction, DirectStatus, PlatformState
from consortia.rules.registers import DemandStatus, IssueStatus, ObligationState
from consortia.rules.sevenones import OneStatus
from portal.kernel.actions import register_actions
from portal.kernel.badges import register_badges

register_actions("consortia", Action, DirectAction)

register_badges(
    ConsortiumStatus,
    {
        ConsortiumStatus.PREPARING: ("line", "pencil"),
        ConsortiumStatus.CULTIVATION: ("info", "star"),
        ConsortiumStatus.OPERATING: ("ok", "player-play"),
        ConsortiumStatus.RECTIFYING: ("warn", "tool"),
        ConsortiumStatus.GRADUATED: ("brand", "award"),
        ConsortiumStatus.EXITED: ("", "logout"),
        ConsortiumStatus.REVOKED: ("bad", "ban"),
    },
)
register_badges(
    ParticipationStatus,
    {
        ParticipationStatus.INVITED: ("warn", "hourglass"),
        ParticipationStatus.CONFIRMED: ("ok", "check"),
        ParticipationStatus.DECLINED: ("bad", "user-x"),
        ParticipationStatus.EXPIRED: ("", "clock-exclamation"),
        ParticipationStatus.WITHDRAWN: ("", "arrow-back-up"),
        ParticipationStatus.LEAVING: ("warn", "logout"),
        ParticipationStatus.LEFT: ("", "user-off"),
    },
)
register_badges(
    Standing,
    {
        Standing.CONFIRMED: ("ok", "check"),
        Standing.LAPSED: ("bad", "refresh"),
        Standing.NEVER: ("warn", "hourglass"),
    },
)
register_badges(
    LinkStatus,
    {
        LinkStatus.PROPOSED: ("warn", "hourglass"),
        LinkStatus.ACCEPTED: ("ok", "link"),
        LinkStatus.DECLINED: ("bad", "ban"),
        LinkStatus.WITHDRAWN: ("", "arrow-back-up"),
        LinkStatus.ENDED: ("", "archive"),
    },
)
register_badges(
    LeadChangeStatus,
    {
        LeadChangeStatus.OPEN: ("warn", "hourglass"),
        LeadChangeStatus.APPROVED: ("ok", "check"),
        LeadChangeStatus.REJECTED: ("bad", "ban"),
        LeadChangeStatus.WITHDRAWN: ("", "arrow-back-up"),
    },
)
register_badges(
    DepartureStatus,
    {
        DepartureStatus.OPEN: ("warn", "hourglass"),
        DepartureStatus.SETTLED: ("ok", "check"),
        DepartureStatus.CANCELLED: ("", "arrow-back-up"),
    },
)
register_badges(
    MilestoneStatus,
    {
        MilestoneStatus.PLANNED: ("line", "flag"),
        MilestoneStatus.REACHED: ("ok", "check"),
        MilestoneStatus.MISSED: ("bad", "clock-exclamation"),
    },
)
register_badges(
    Progress,
    {Progress.NONE: ("line", ""), Progress.IN_PROGRESS: ("brand", ""), Progress.BUILT: ("ok", "")},
)
register_badges(
    Verification,
    {
        Verification.OPEN: ("line", "hourglass"),
        Verification.VERIFIED: ("ok", "rosette"),
        Verification.DOUBTED: ("warn", "alert-circle"),
    },
)
register_badges(
    ClaimStatus,
    {
        ClaimStatus.OPEN: ("bad", "alert-triangle"),
        ClaimStatus.WITHDRAWN: ("", "arrow-back-up"),
        ClaimStatus.SHARED: ("ok", "users"),
    },
)
register_badges(
    ExitStatus,
    {
        ExitStatus.OPENED: ("warn", "folder-open"),
        ExitStatus.NOTICE_SERVED: ("warn", "mail"),
        ExitStatus.STATEMENT_PERIOD: ("warn", "hourglass"),
        ExitStatus.ASSESSED: ("info", "calculator"),
        ExitStatus.MEETING_DECIDED: ("info", "gavel"),
        ExitStatus.PUBLICISED: ("info", "speakerphone"),
        ExitStatus.APPEALED: ("warn", "scale"),
        ExitStatus.UPHELD: ("info", "scale"),
        ExitStatus.REVERSED: ("ok", "arrow-back-up"),
        ExitStatus.CLOSED: ("", "lock"),
        ExitStatus.DISMISSED: ("ok", "arrow-back-up"),
        ExitStatus.WITHDRAWN: ("ok", "arrow-back-up"),
    },
)
register_badges(
    TaxonomyStatus,
    {TaxonomyStatus.DRAFT: ("line", "pencil"), TaxonomyStatus.PUBLISHED: ("ok", "check")},
)
register_badges(
    DemandStatus,
    {
        DemandStatus.OPEN: ("brand", "help-circle"),
        DemandStatus.ANSWERED: ("info", "message"),
        DemandStatus.MATCHED: ("ok", "check"),
        DemandStatus.CLOSED: ("", "archive"),
    },
)
register_badges(
    IssueStatus,
    {
        IssueStatus.RAISED: ("warn", "flag"),
        IssueStatus.MEDIATING: ("brand", "message"),
        IssueStatus.SETTLED: ("ok", "check"),
        IssueStatus.CLOSED: ("", "archive"),
    },
)
register_badges(
    AgreementStatus,
    {
        AgreementStatus.DRAFT: ("line", "pencil"),
        AgreementStatus.SIGNING: ("warn", "hourglass"),
        AgreementStatus.EFFECTIVE: ("ok", "check"),
        AgreementStatus.SUPERSEDED: ("", "archive"),
        AgreementStatus.EXPIRED: ("", "archive"),
    },
)
register_badges(
    OneStatus,
    {
        OneStatus.OPEN: ("line", "circle-dashed"),
        OneStatus.CLAIMED: ("warn", "hourglass"),
        OneStatus.RETURNED: ("bad", "arrow-back-up"),
        OneStatus.VERIFIED: ("ok", "rosette"),
    },
)
register_badges(
    DirectStatus,
    {
        DirectStatus.PROPOSED: ("warn", "hourglass"),
        DirectStatus.RETURNED: ("warn", "arrow-back-up"),
        DirectStatus.DISTRICT_OPINION: ("warn", "clipboard-check"),
        DirectStatus.CONDITION_CHECK: ("info", "checklist"),
        DirectStatus.EXPERT_OPINION: ("info", "users-group"),
        DirectStatus.MEETING: ("brand", "gavel"),
        DirectStatus.RECOGNISED: ("ok", "rosette"),
        DirectStatus.NOT_RECOGNISED: ("", "circle-x"),
        DirectStatus.WITHDRAWN: ("", "archive"),
        DirectStatus.REVOKED: ("bad", "ban"),
    },
)
register_badges(
    PlatformState,
    {
        PlatformState.BUILDING: ("brand", "tool"),
        PlatformState.OPEN: ("line", "check"),
        PlatformState.PROPOSED: ("warn", "hourglass"),
        PlatformState.RECOGNISED: ("ok", "rosette"),
        PlatformState.NOT_RECOGNISED: ("", "circle-x"),
        PlatformState.EXPIRED: ("warn", "clock-exclamation"),
    },
)
register_badges(
    ObligationState,
    {
        ObligationState.DUE: ("line", "hourglass"),
        ObligationState.FULFILLED: ("ok", "check"),
        ObligationState.BREACHED: ("bad", "alert-triangle"),
    },
)
