"""Outcomes with their evidence: verified, waiting or doubted, and one patent that two consortia claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.files.base import ContentFile

from consortia.enums import OutcomeKind
from consortia.models import Consortium, Outcome
from consortia.services.outcomes import add_outcome, attach_evidence, doubt_outcome, verify_outcome
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper

PROOFS = (
    (OutcomeKind.PATENT, "样例发明专利证书", "专利证书首页"),
    (OutcomeKind.CONTRACT, "样例技术合同登记证明", "合同登记证明"),
)
SHOWN = 4  # consortia whose outcomes carry evidence
CAPTION = "本文件为演示数据，所有单位、编号和数据均为虚构。"


def prove(cast: Cast, consortia: Sequence[Consortium], today: date) -> None:
    """The first consortia attach files; then the second claims a patent of the first one too."""
    for number, consortium in enumerate(consortia[:SHOWN]):
        _attach(cast, consortium, number, today)
    first, second = consortia[:2]
    _claim_again(cast, second, _newest(first, OutcomeKind.PATENT), today)


def _newest(consortium: Consortium, kind: OutcomeKind) -> Outcome:
    return consortium.outcomes.filter(kind=kind).select_related("owner").order_by("-date", "identifier")[0]


def _attach(cast: Cast, consortium: Consortium, number: int, today: date) -> None:
    """A patent that the bureau has verified (one it doubts), a contract that still waits."""
    lead, officer = cast.of(consortium.lead), cast.bureau[Role.OFFICER]
    day = today - timedelta(days=20 - number)
    for kind, title, label in PROOFS:
        outcome = _newest(consortium, kind)
        facts = (f"编号：{outcome.identifier}", f"权利人：{outcome.owner}", f"日期：{outcome.date}")
        file = ContentFile(paper(title, (outcome.name, *facts, CAPTION)), name=f"{title}.pdf")
        attach_evidence(outcome=outcome, upload=file, label=label, actor=lead, at=moment(day))
    patent, at = _newest(consortium, OutcomeKind.PATENT), moment(day + timedelta(days=5))
    if number == SHOWN - 1:
        doubt_outcome(outcome=patent, actor=officer, at=at, note="证书上的权利人与登记的不一致，请核对后补充说明。")
    else:
        verify_outcome(outcome=patent, actor=officer, at=at)


def _claim_again(cast: Cast, consortium: Consortium, claimed: Outcome, today: date) -> None:
    """Both leads and the bureau are told of it."""
    again = Outcome(
        kind=claimed.kind, name=claimed.name, identifier=claimed.identifier, owner=consortium.lead, date=claimed.date,
        patent_type=claimed.patent_type, applied_on=claimed.applied_on, granted_on=claimed.granted_on,
        task=consortium.tasks.first(), stage=claimed.stage,
    )  # fmt: skip
    at = moment(today - timedelta(days=8))
    add_outcome(consortium=consortium, outcome=again, actor=cast.of(consortium.lead), at=at)
