"""Which kind of application a consortium makes, and whether a call takes it: pure functions."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consortia.enums import SOUND, Action, ConsortiumStatus
from consortia.rules.stages import reachable_tiers
from funding.enums import ApplicationKind

Text = str | Promise
NOT_TAKEN = {
    ApplicationKind.NEW: _("This call takes upgrades only; a consortium in preparation waits for another call."),
    ApplicationKind.UPGRADE: _("This call takes new consortia only; a recognised one waits for a call for upgrades."),
}


def kind_of(status: str) -> ApplicationKind | None:
    """What a consortium in this state applies for; None if it may not apply at all."""
    if status == ConsortiumStatus.PREPARING:
        return ApplicationKind.NEW
    return ApplicationKind.UPGRADE if status in SOUND else None


def open_tiers(status: str, tier: str) -> list[str]:
    """The tiers that a consortium in this state and tier may ask for; all of them for a new one."""
    return reachable_tiers(tier, Action.UPGRADE) if status in SOUND else reachable_tiers("", Action.DOWNGRADE)


def kind_obstacles(*, takes: Collection[str], status: str, tier: str, leaving: bool, asked: str) -> list[Text]:
    """Why a consortium in this state and tier cannot ask for the tier `asked` in a call that takes these kinds."""
    kind = kind_of(status)
    if kind is None:
        return [_("A consortium that is rectifying or has ended does not apply.")]
    if kind not in takes:
        return [NOT_TAKEN[kind]]
    if leaving:
        return [_("An exit case about this consortium is running.")]
    return _tier_obstacles(tier, open_tiers(status, tier), asked)


def _tier_obstacles(tier: str, open_: list[str], asked: str) -> list[Text]:
    if not open_:
        return [_("The consortium is in the highest tier already.")]
    return [] if asked in open_ else [_("An upgrade asks for a tier above the present tier %(tier)s.") % {"tier": tier}]
