"""What the statuses of the consortia room look like."""

from consortia.enums import Action, ConsortiumStatus, MilestoneStatus, ParticipationStatus, Progress
from portal.kernel.actions import register_actions
from portal.kernel.badges import register_badges

register_actions("consortia", Action)

register_badges(
    ConsortiumStatus,
    {
        ConsortiumStatus.PREPARING: ("line", "pencil"),
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
        ParticipationStatus.LEFT: ("", "user-off"),
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
