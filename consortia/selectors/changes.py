"""What changed in a member's part since the member confirmed it last."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from consortia.enums import Action, ChainPosition, Layer
from consortia.models import Participation
from portal.kernel.audit import trail

SHOWN = ("layer", "chain_position", "duties", "cash", "in_kind", "ip_share", "person_months")
MONEY = {"cash", "in_kind"}


@dataclass(frozen=True)
class Change:
    """One field before and now; `is_money` tells that both are yuan."""

    label: str
    before: str
    after: str
    is_money: bool


def changes_since_confirmation(participation: Participation) -> list[Change]:
    """The fields that differ from the last confirmed content; empty when it was never confirmed."""
    entry = trail(participation).filter(action=Action.CONFIRM).first()
    before = entry.facts.get("part", {}) if entry else {}
    return changes(before, participation.canonical()) if before else []


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The fields that differ between two canonical contents."""
    return [
        Change(_label(name), _said(name, before.get(name)), _said(name, after[name]), name in MONEY)
        for name in SHOWN
        if before.get(name) != after[name]
    ]


def _label(name: str) -> str:
    return str(Participation._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001


def _said(name: str, value: Any) -> str:
    if name == "layer":
        return str(Layer(value).label)
    if name == "chain_position":
        return str(ChainPosition(value).label)
    if name == "ip_share":
        return f"{Decimal(value).normalize():f}"
    return str(value)
