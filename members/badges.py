"""How the states of this room look, and how its acts are called."""

from members.enums import (
    Action,
    CorrectionStatus,
    ExpertStatus,
    FigureStatus,
    ImportStatus,
    IntegrityLevel,
    OrganisationStatus,
    QualificationStatus,
)
from portal.kernel.actions import register_actions
from portal.kernel.badges import register_badges
from portal.kernel.models.job import JobState

register_actions("members", Action)

register_badges(
    IntegrityLevel,
    {
        IntegrityLevel.MINOR: ("warn", "alert-circle"),
        IntegrityLevel.SERIOUS: ("bad", "alert-triangle"),
        IntegrityLevel.GRAVE: ("bad", "ban"),
    },
)

register_badges(
    CorrectionStatus,
    {
        CorrectionStatus.OPEN: ("warn", "hourglass"),
        CorrectionStatus.CORRECTED: ("ok", "check"),
        CorrectionStatus.DECLINED: ("bad", "x"),
    },
)

register_badges(
    JobState,
    {
        JobState.QUEUED: ("warn", "hourglass"),
        JobState.RUNNING: ("info", "progress"),
        JobState.DONE: ("ok", "check"),
        JobState.FAILED: ("bad", "alert-triangle"),
        JobState.CANCELLED: ("", "ban"),
        JobState.HELD: ("", "player-pause"),
    },
)

register_badges(
    OrganisationStatus,
    {
        OrganisationStatus.ACTIVE: ("ok", "check"),
        OrganisationStatus.SUSPENDED: ("warn", "player-pause"),
        OrganisationStatus.DEREGISTERED: ("bad", "archive"),
    },
)

register_badges(
    FigureStatus,
    {
        FigureStatus.STATED: ("warn", "hourglass"),
        FigureStatus.VERIFIED: ("ok", "shield-check"),
        FigureStatus.QUESTIONED: ("bad", "help-circle"),
    },
)

register_badges(
    ImportStatus,
    {
        ImportStatus.UPLOADED: ("warn", "hourglass"),
        ImportStatus.CHECKED: ("info", "clipboard-check"),
        ImportStatus.APPLIED: ("ok", "check"),
        ImportStatus.DISCARDED: ("", "x"),
    },
)

register_badges(
    QualificationStatus,
    {
        QualificationStatus.STATED: ("warn", "hourglass"),
        QualificationStatus.VERIFIED: ("ok", "shield-check"),
        QualificationStatus.DECLINED: ("bad", "x"),
        QualificationStatus.WITHDRAWN: ("", "arrow-back-up"),
    },
)

register_badges(
    ExpertStatus,
    {
        ExpertStatus.APPLIED: ("warn", "hourglass"),
        ExpertStatus.NOMINATED: ("warn", "user-plus"),
        ExpertStatus.UNIT_CONFIRMED: ("info", "building"),
        ExpertStatus.ENTRY_CHECKED: ("info", "clipboard-check"),
        ExpertStatus.ACTIVE: ("ok", "check"),
        ExpertStatus.SUSPENDED: ("bad", "player-pause"),
        ExpertStatus.REMOVED: ("", "user-off"),
    },
)
