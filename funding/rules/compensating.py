"""How much of a loss is compensated, and at which stages. Money is Decimal, in yuan."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from funding.rules.contracts import CENT, HUNDRED

# Proposals, never official: the share of a loss, the most for one request, and the stages of commercialisation.
COMPENSATION: dict[str, Any] = {
    "percent": "30",
    "cap": "500000",
    "stages": [
        {"code": "pilot", "zh": "中试验证", "en": "Pilot test"},
        {"code": "scale-up", "zh": "工程化放大", "en": "Scale-up"},
        {"code": "first-use", "zh": "首台套（首批次、首版次）应用", "en": "First application"},
        {"code": "launch", "zh": "市场推广", "en": "Market launch"},
    ],
}


@dataclass(frozen=True)
class CompensationTerms:
    """What a rule set says about it."""

    percent: Decimal
    cap: Decimal
    stages: Mapping[str, Mapping[str, str]]

    def named(self, language: str) -> list[tuple[str, str]]:
        """The stages, each with its name."""
        return [(code, self.name(code, language)) for code in self.stages]

    def name(self, code: str, language: str) -> str:
        """One of them; a stage that the rules do not know keeps its code."""
        names = self.stages.get(code, {})
        return names.get("zh" if language.startswith("zh") else "en", code)


def compensation_terms(rules: Mapping[str, Any]) -> CompensationTerms:
    """Of a rule set; where it says nothing, the defaults."""
    said = {**COMPENSATION, **(rules.get("compensation") or {})}
    return CompensationTerms(
        percent=Decimal(said["percent"]), cap=Decimal(said["cap"]), stages={one["code"]: one for one in said["stages"]}
    )


def compensable(loss: Decimal, percent: Decimal, cap: Decimal) -> Decimal:
    """The most that may be granted: the share of the loss, never above the cap."""
    return min((loss * percent / HUNDRED).quantize(CENT, ROUND_DOWN), cap)
