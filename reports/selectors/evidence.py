"""The files of a self-report, each once with all figures that it proves."""

from dataclasses import dataclass

from portal.kernel.enumerating import enumerated
from reports.models import Evaluation, Evidence
from reports.rules import word
from reports.selectors.selfreport import metrics_of


@dataclass(frozen=True)
class EvidenceFile:
    """A stored file and what it proves: metric codes and their names; none means the self-report as a whole."""

    evidence: Evidence  # the first of its rows: their addresses lead to the same file
    codes: list[str]
    names: list[str]

    @property
    def proves(self) -> str:
        """The figures in one line."""
        return enumerated(self.names)


def evidence_files(evaluation: Evaluation) -> list[EvidenceFile]:
    """In the order of their upload; figures in that of the rules."""
    names = {metric["code"]: word(metric) for metric in metrics_of(evaluation.cycle.rules.data)}
    rows: dict[object, list[Evidence]] = {}
    for row in evaluation.evidence.select_related("attachment"):
        rows.setdefault(row.attachment_id, []).append(row)
    return [_file(same, names) for same in rows.values()]


def _file(rows: list[Evidence], names: dict[str, str]) -> EvidenceFile:
    proven = {row.metric for row in rows}
    codes = [code for code in names if code in proven]
    return EvidenceFile(rows[0], codes, [names[code] for code in codes])
