"""How the states of this room look, and how its acts are called."""

from members.enums import Action, CorrectionStatus, IntegrityLevel
from portal.kernel.actions import register_actions
from portal.kernel.badges import register_badges

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
