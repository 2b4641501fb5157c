"""The 42 consortia of the script, and five more for the call that is open."""

from __future__ import annotations

import csv
import dataclasses
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from stdnum.cn import uscc

SCRIPT = Path(__file__).with_name("consortia.csv")
SHOWN = {
    18: "已立项、按期拨付的牵头企业",
    2: "竞争企业：看不到别家的任何内容",
    13: "申报待抽取专家的牵头企业",
    38: "任务书待签署的牵头企业",
    43: "正在组建联合体的牵头企业",
    44: "申报书待提交的牵头企业",
}


@dataclass
class Row:
    """One consortium of the script; scores of 100, `granted` in yuan."""

    number: int
    name: str
    lead: str
    uscc: str
    district: str
    field: str
    field_name: str
    year: int
    round: int
    batch: int
    type: str
    tier: str
    state: str
    score: Decimal | None
    granted: Decimal
    enterprises: int
    universities: int
    institutes: int
    funds: int
    evaluation: Decimal | None
    shown_as: str  # what the demo page says of the lead's contact; empty for those it does not offer
    rng: random.Random = dataclasses.field(repr=False)


DISTRICTS = {
    "ZJG": "张家港市",
    "CS": "常熟市",
    "TC": "太仓市",
    "KS": "昆山市",
    "WJ": "吴江区",
    "WZ": "吴中区",
    "XC": "相城区",
    "GS": "姑苏区",
    "SIP": "苏州工业园区",
    "SND": "苏州高新区（虎丘区）",
}


def rows() -> Iterator[Row]:
    """The script in its order."""
    with SCRIPT.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            yield _row(line)


def _row(line: dict[str, str]) -> Row:
    number = int(line["no"].removeprefix("DEMO-"))
    year, part = line["call"].split("-")
    return Row(
        number=number,
        name=line["name"],
        lead=line["lead"],
        uscc=line["uscc"],
        district=DISTRICTS[line["district"]],
        field=line["field"],
        field_name=line["field_name"],
        year=int(year),
        round=int(part),
        batch=int(line["batch_total"]),
        type=line["type"],
        tier=line["tier"],
        state=line["state"],
        score=Decimal(line["app_score"]) if line["app_score"] else None,
        granted=Decimal(line["granted_wan"] or 0) * 10_000,
        enterprises=int(line["enterprises"]),
        universities=int(line["universities"]),
        institutes=int(line["institutes"]),
        funds=int(line["funds"]),
        evaluation=Decimal(line["eval2025"]) if line["eval2025"] else None,
        shown_as=SHOWN.get(number, ""),
        rng=random.Random(number),
    )


FRESH = (  # the open call: what is being formed, written, recommended, checked, suspended
    (43, "样例正仪人工智能创新联合体", "样例正仪科技有限公司(虚构)", "昆山市", "E04", "人工智能", "FORMING"),
    (44, "样例澹台创新药物创新联合体", "样例澹台科技有限公司(虚构)", "昆山市", "B01", "创新药物", "DRAFT"),
    (45, "样例陆家新型显示创新联合体", "样例陆家科技有限公司(虚构)", "昆山市", "E03", "新型显示", "SUBMITTED"),
    (
        46,
        "样例太浦高性能功能纤维创新联合体",
        "样例太浦科技有限公司(虚构)",
        "吴江区",
        "N02",
        "高性能功能纤维",
        "RECOMMENDED",
    ),
    (47, "样例虞山先进储能创新联合体", "样例虞山储能科技有限公司(虚构)", "常熟市", "M04", "新能源", "SUSPENDED"),
)


def fresh_rows(year: int, batch: int) -> Iterator[Row]:
    """The consortia of the open call."""
    for number, name, lead, district, code, field_name, state in FRESH:
        body = f"91320599MA9{number:06d}"
        yield Row(
            number=number,
            name=name,
            lead=lead,
            uscc=body + uscc.calc_check_digit(body),
            district=district,
            field=code,
            field_name=field_name,
            year=year,
            round=2,
            batch=batch,
            type="市场驱动型",
            tier="B",
            state=state,
            score=Decimal(80),
            granted=Decimal(0),
            enterprises=4,
            universities=2,
            institutes=1,
            funds=1,
            evaluation=None,
            shown_as=SHOWN.get(number, ""),
            rng=random.Random(number),
        )
