"""Pure rules of the consortia room."""

from consortia.rules.sevenones import HIGHEST, One, Scorecard, seven_ones

__all__ = ["HIGHEST", "One", "Scorecard", "seven_ones"]
