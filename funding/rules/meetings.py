"""What the rules of a call say of its decision meetings: when one is needed, may decide, and has adopted something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from funding.rules.defaults import MEETING


@dataclass(frozen=True)
class Terms:
    """As the call says; what it does not say is as in the defaults."""

    needed: bool
    quorum_percent: int
    majority_percent: int

    def quorum(self, invited: int) -> int:
        """How many of the invited must be there."""
        return max(1, -(-invited * self.quorum_percent // 100))

    def adopts(self, in_favour: int, cast: int) -> bool:
        """Whether more than the share that the rules name voted for it; who abstained counts among those who voted."""
        return in_favour * 100 > self.majority_percent * cast


def terms_of(rules: Mapping[str, Any]) -> Terms:
    """The terms of a call."""
    said = {**MEETING, **(rules.get("meeting") or {})}
    return Terms(bool(said["needed"]), int(said["quorum_percent"]), int(said["majority_percent"]))
