"""Pure rules of the consortia room."""

from consortia.rules.sevenones import HIGHEST, One, Scorecard, scorecard_of, seven_ones

__all__ = ["HIGHEST", "One", "Scorecard", "scorecard_of", "seven_ones"]
