"""Designed forms of the cast."""

from copy import deepcopy
from typing import Any

from funding.enums import FormStatus
from funding.models import FormVersion
from portal.kernel.audit import sha256
from tests.clock import NOON
from tests.personas import Personas


def words(text: str) -> dict[str, str]:
    """The same in both languages, told apart."""
    return {"zh": f"样例{text}", "en": text}


def asked(code: str, kind: str, **facts: Any) -> dict[str, Any]:
    """One question."""
    return {"code": code, "kind": kind, "label": words(code), **facts}


CHOICES = [{"code": "yes", "label": words("Yes")}, {"code": "no", "label": words("No")}]
COSTS = [
    {"code": "item", "kind": "text", "label": words("Item"), "required": True},
    {"code": "amount", "kind": "money", "label": words("Amount")},
    {"code": "bought", "kind": "date", "label": words("Bought")},
]
DESIGN: dict[str, Any] = {
    "sections": [
        {
            "code": "pilot", "title": words("Pilot line"), "hint": words("What the pilot line is for."),
            "questions": [
                asked("has_line", "choice", choices=CHOICES, required=True),
                asked("plan", "text", limit=20, required=True, show_when="has_line == 'yes'"),
                asked("capacity", "number", unit={"zh": "台", "en": "sets"}, minimum="1", maximum="500", places=1,
                      require_when="has_line == 'yes'", check="capacity <= 400",
                      message={"zh": "样例：产能过高。", "en": "The capacity is too high."}),
                asked("opened", "date"),
                asked("uses", "choices", choices=CHOICES),
            ],
        },
        {
            "code": "costs", "title": words("Costs"),
            "questions": [
                asked("lines", "table", columns=COSTS, most_rows=5, required=True),
                asked("own", "money", minimum="0"),
                asked("total", "computed", formula="sum(lines, 'amount') + own", check="total <= requested_amount",
                      message={"zh": "样例：合计超过申请额。", "en": "More than is asked for."}),
                asked("members_now", "reference", source="members"),
                asked("proof", "file", required=True),
            ],
        },
    ],
    "cases": [
        {
            "code": "case1", "name": "样例：有中试线",
            "answers": {"has_line": "yes", "lines": [{"item": "泵", "amount": "20000.00"}], "own": "5000.00"},
            "facts": {"requested_amount": "30000"},
            "expected": {"plan.show_when": "yes", "total.formula": "25000", "total.check": "yes"},
        }
    ],
}  # fmt: skip


def make_form(people: Personas, status: str = FormStatus.PUBLISHED, **facts: Any) -> FormVersion:
    """A form with two sections and every kind of question."""
    facts.setdefault("data", deepcopy(DESIGN))
    form = FormVersion(code=facts.pop("code", "pilot_form"), name_zh="样例中试表", name_en="Pilot form", status=status,
                       created_by=people.officer, **facts)  # fmt: skip
    if status != FormStatus.DRAFT:
        form.sha256, form.published_by, form.published_at = sha256(form.data), people.officer, NOON
    form.save()
    return form
