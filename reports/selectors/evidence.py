"""The files of a self-report, each once with all figures that it proves."""

from dataclasses import dataclass

from portal.kernel.enumerating import enumerated
from reports.models import Evaluation, Evidence
from reports.rules import word
from reports.selectors.selfreport import metrics_of


@dataclass(frozen=True)
class EvidenceFile:
    """A stored file and what it proves; nothing in `figures` means the self-report as a whole."""

    evidence: Evidence  # the first of its rows: their addresses lead to the same file
    figures: list[str]

    @property
    def proves(self) -> str:
        """The figures in one line."""
        return enumerated(self.figures)


def evidence_files(evaluation: Evaluation) -> list[EvidenceFile]:
    """In the order of their upload; figures in that of the rules."""
    names = {metric["code"]: word(metric) for metric in metrics_of(evaluation.cycle.rules.data)}
    rows: dict[object, list[Evidence]] = {}
    for row in evaluation.evidence.select_related("attachment"):
        rows.setdefault(row.attachment_id, []).append(row)
    return [EvidenceFile(same[0], _named(names, {row.metric for row in same})) for same in rows.values()]


def _named(names: dict[str, str], codes: set[str]) -> list[str]:
    return [name for code, name in names.items() if code in codes]
