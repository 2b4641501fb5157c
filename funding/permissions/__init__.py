"""Who may do what in the funding room, and which two acts no person does both of."""

from funding.permissions import cases, money
from funding.permissions.rules import did_not, keeps_away, keeps_away_from_one_on

__all__ = ["cases", "did_not", "keeps_away", "keeps_away_from_one_on", "money"]
