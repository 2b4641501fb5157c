"""Reads for the pages of the form designer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from funding.models import FormVersion
from funding.rules.designs import Case, Design, DesignFault
from funding.rules.facts import fact_from
from funding.rules.freezing import ReadSection, freeze_design, read_frozen
from funding.rules.judging import Judgement, Run, judge, rule_faults, run_case, untested


@dataclass(frozen=True)
class Findings:
    """What the portal says about a design: what is wrong in it, its test cases as they run, and what none looks at."""

    faults: tuple[str, ...]
    runs: tuple[Run, ...]
    untested: tuple[str, ...]

    @property
    def failed(self) -> int:
        """How many test cases do not come out as expected."""
        return sum(not run.passed for run in self.runs)


def findings(form: FormVersion) -> Findings:
    """Run everything there is to run; the test cases only once every rule can be worked out."""
    wrong = rule_faults(form.design)
    runs = () if wrong else tuple(run_case(form.design, case) for case in form.design.cases)
    return Findings(tuple(wrong), runs, tuple(untested(form.design)))


@dataclass(frozen=True)
class Sample:
    """A design under the answers of a test case, for a preview."""

    states: Judgement
    values: Mapping[str, Any]
    readings: tuple[ReadSection, ...]


def sample(design: Design, case: Case | None) -> Sample | None:
    """The form as it is with the answers of a test case, or without any; None while its rules go in a circle."""
    values = case.answers if case else {}
    facts = {code: fact_from(code, text) for code, text in case.facts.items()} if case else {}
    try:
        states = judge(design, values, facts)
    except DesignFault:
        return None
    return Sample(states, values, read_frozen(freeze_design(design, states, values), {}))
