"""How contracts ended: the oldest accepted, one concluded, one expired, some under way, one terminated."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from funding.enums import Attainment, Conclusion, ContractStatus, OpinionForm, TerminationKind
from funding.models import Acceptance, Contract, Expenditure
from funding.selectors.endings import (
    claims_of,
    ended_contracts,
    last_day_of,
    relays_wait,
    spending_waits,
)
from funding.selectors.parties import acts_in, missing_consents
from funding.services.acceptances import (
    assess_acceptance,
    check_acceptance,
    confirm_acceptance,
    decide_acceptance,
    expire_contracts,
    request_acceptance,
)
from funding.services.terminations import decide_termination, propose_termination
from funding.workflow.endings import ON_THE_WAY
from members.enums import Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper
from reports.management.demo.spending import spend_grant

SUMMARY = "样例：按任务书完成了关键技术攻关与中试验证，成果已在成员单位首批应用，经费按预算使用。"
OPINION = "样例：提交的材料齐全，完成了任务书约定的主要任务和目标，经费使用合规，同意通过验收。"
PARTIAL = "样例：完成了主要任务，个别指标未达到任务书约定值，建议结题。"
FAILED = "样例：核心技术路线经验证不可行，牵头单位已尽勤勉义务，建议终止。"


def end(cast: Cast, today: date) -> None:
    """In the order of their ends; the one before the last of those past the window expires."""
    rows = ended_contracts(today).select_related("award__consortium__lead").order_by("ends_on", "number")
    late = [one for one in rows if last_day_of(one) < today]
    for contract in rows:
        if not Expenditure.objects.filter(award=contract.award).exists():
            spend_grant(cast, contract)
    for turn, contract in enumerate(late):
        if turn == len(late) - 1:
            continue  # nobody asked for its acceptance
        day = contract.ends_on + timedelta(days=60 + turn)
        acceptance = _request(cast, contract, day)
        if not spending_waits(contract.award):
            _decide(cast, acceptance, day, Conclusion.CONCLUDED if turn == 1 else Conclusion.PASSED)
    for contract in [one for one in rows if last_day_of(one) >= today][:2]:
        acceptance = _request(cast, contract, today - timedelta(days=12))
        if not spending_waits(contract.award):
            _assess(cast, acceptance, today - timedelta(days=12), Conclusion.PASSED)
    expire_contracts(at=moment(today, 6))
    _terminate(cast, today)


def _paper(name: str, contract: Contract) -> SimpleUploadedFile:
    lines = (f"合同编号：{contract.number}", f"联合体：{contract.award.consortium.name}", "样例文件，内容均为虚构。")
    return SimpleUploadedFile(f"{name}.pdf", paper(f"{name}（样例）", lines), "application/pdf")


def _request(cast: Cast, contract: Contract, day: date) -> Acceptance:
    results = [
        {"name": one["name"], "unit": one["unit"], "reached": Attainment.REACHED,
         "target": " · ".join(f"{year}: {figure}" for year, figure in sorted(one["years"].items()) if figure),
         "result": str(sum(Decimal(figure) for figure in one["years"].values() if figure))}
        for one in contract.terms["targets"]
    ]  # fmt: skip
    acceptance = request_acceptance(
        contract=contract, summary=SUMMARY, results=results, report=_paper("结题报告", contract),
        accounts=_paper("经费决算表", contract), actor=cast.of(contract.award.consortium.lead), at=moment(day, 9),
    )  # fmt: skip
    for one in missing_consents(acceptance):
        person = cast.of(one)
        if acts_in(person, acceptance):
            confirm_acceptance(acceptance=acceptance, actor=person, at=moment(day, 15))
    return acceptance


def _assess(cast: Cast, acceptance: Acceptance, day: date, advice: str) -> None:
    officer = cast.bureau[Role.OFFICER]
    check_acceptance(acceptance=acceptance, actor=officer, at=moment(day + timedelta(days=2), 10))
    heard = day + timedelta(days=10)
    assess_acceptance(
        acceptance=acceptance, opinion_form=OpinionForm.PANEL, meeting="样例项目验收会（样例会议室）", opinion_on=heard,
        experts="样例专家甲（组长）\n样例专家乙\n样例专家丙", advice=advice, actor=officer, at=moment(heard, 16),
        opinion=PARTIAL if advice == Conclusion.CONCLUDED else OPINION,
        upload=_paper("验收意见", acceptance.contract),
    )  # fmt: skip


def _decide(cast: Cast, acceptance: Acceptance, day: date, conclusion: str) -> None:
    _assess(cast, acceptance, day, conclusion)
    decided = day + timedelta(days=15)
    number = f"样科验〔{decided.year}〕{acceptance.contract.number[-2:]}号"
    decide_acceptance(
        acceptance=acceptance, conclusion=conclusion, document_number=number, actor=cast.bureau[Role.HEAD],
        at=moment(decided, 11),
    )  # fmt: skip


def _terminate(cast: Cast, today: date) -> None:
    """The running contract with the highest number on which no money moves."""
    rows = Contract.objects.filter(status=ContractStatus.EFFECTIVE, ends_on__gt=today, amendments=None)
    quiet = rows.exclude(award__tranches__status__in=ON_THE_WAY).select_related("award__consortium").order_by("-number")
    still = [one for one in quiet if not relays_wait(one.award) and one.award.recoveries.count() == 0]
    owing = (one for one in still if claims_of(one.award, TerminationKind.NO_FAULT))
    contract = next(owing, still[0] if still else None)
    if contract is None:
        return
    day = today - timedelta(days=9)
    termination = propose_termination(
        contract=contract, kind=TerminationKind.NO_FAULT, reason=FAILED, actor=cast.bureau[Role.OFFICER],
        at=moment(day, 10),
    )  # fmt: skip
    decide_termination(
        termination=termination, document_number=f"样科终〔{day.year}〕1号", actor=cast.bureau[Role.HEAD],
        at=moment(day + timedelta(days=4), 10),
    )  # fmt: skip
