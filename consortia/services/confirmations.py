"""Confirmations of members, item by item: written down, and lapsing when the content changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from consortia.enums import Action, ParticipationStatus, PartItem
from consortia.models import Consortium, ItemConfirmation, Participation
from consortia.selectors.parts import ItemState, PartState, part_states
from consortia.services.notices import tell_member
from consortia.workflow import PARTICIPATION


def confirm_items(*, participation: Participation, states: Iterable[ItemState], actor: Any, at: datetime) -> None:
    """Write down that these contents are confirmed; the caller holds the consortium's row."""
    ItemConfirmation.objects.bulk_create(
        ItemConfirmation(
            participation=participation, item=one.item, content=one.content, sha256=one.sha256, confirmed_by=actor,
            confirmed_at=at,
        )
        for one in states
    )  # fmt: skip


def settle_parts(
    *, consortium: Consortium, actor: Any, at: datetime, by: dict[str, Any] | None = None
) -> list[Participation]:
    """Let the confirmations lapse that do not fit their content any more; those whose content stands stay.

    To be called in the transaction of everything that changes a part, a task, a milestone or a technology; the
    caller holds the consortium's row. A content changed back fits its confirmation again, but the part is then
    confirmed by an act of the member only. `by` says in whose name, unless it is the lead's.
    """
    confirmed = consortium.participations.select_for_update().filter(status=ParticipationStatus.CONFIRMED)
    lapsed = [state for state in part_states(consortium, list(confirmed.order_by("pk"))) if state.open]
    for state in lapsed:
        _lapse(state, actor, at, by or {})
    return [state.participation for state in lapsed]


def _lapse(state: PartState, actor: Any, at: datetime, by: dict[str, Any]) -> None:
    member = state.participation
    named = about(by=member.consortium.lead, participation=member) | by
    facts = named | {"items": [one.item.value for one in state.open]}
    with PARTICIPATION.moving(member, Action.LAPSE, actor=actor, at=at, facts=facts) as locked:
        locked.confirmed_by, locked.confirmed_at, locked.invited_at = None, None, at
        tell_changed(participation=locked, items=[one.item for one in state.open], at=at)


def tell_changed(*, participation: Participation, items: list[PartItem], at: datetime) -> None:
    """One notice, which names the item when it is only one."""
    kind = f"consortia.revised_{items[0].value}" if len(items) == 1 else "consortia.revised"
    tell_member(participation=participation, kind=kind, at=at)


def about(*, by: Any, participation: Participation) -> dict[str, Any]:
    """What the trail says of an act on a part: in whose name, and about whom."""
    return {"by": by.name, "by_id": str(by.pk), "name": participation.organisation.name}
