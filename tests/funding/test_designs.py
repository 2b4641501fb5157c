"""Designed forms as values: read from JSON, judged under answers, counted, frozen."""

import re
from contextlib import suppress
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding.enums import QuestionKind, Reference
from funding.rules.counting import WORDS, counted
from funding.rules.designs import Design, DesignFault, Question, plain_question, read_design, read_question
from funding.rules.facts import FACTS, fact_from, facts_from
from funding.rules.freezing import freeze_design, read_frozen
from funding.rules.judging import facts_used, judge, rule_faults, run_case, typed, untested
from funding.rules.references import REFERENCES, referenced
from funding.rules.values import UNKNOWN
from tests.factories.designs import CHOICES, DESIGN, asked, words

pytestmark = pytest.mark.usefixtures("english")


def design(*questions: dict[str, Any], **more: Any) -> Design:
    return read_design({"sections": [{"code": "one", "title": words("One"), "questions": list(questions)}], **more})


def faults_of(data: Any) -> list[str]:
    with pytest.raises(DesignFault) as refusal:
        read_design(data)
    return refusal.value.sentences


# --- counting ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0), (" \n　", 0), ("国产替代。", 5), ("GPU", 1), ("采用 GPU 加速", 5), ("3,000.5 万元", 3), ("R&D", 1),
        ("12.5%", 1), ("it's a well-known co-op", 4), ("a, b", 3), ("《指南》", 4), ("𠮷野", 2), ("ﬁ", 1),
        ("COVID-19疫情", 3), ("“A”", 3),
    ],
)  # fmt: skip
def test_a_text_is_counted_as_chinese_people_count(text: str, length: int) -> None:
    assert counted(text) == length


def test_the_page_counts_by_the_same_pattern() -> None:
    script = Path("static/js/counting.js").read_text()
    assert re.search(r"const WORDS = /(.*)/gu;", script).group(1) == WORDS  # type: ignore[union-attr]


# --- reading -----------------------------------------------------------------------------------
def test_a_whole_design_is_read_and_written_again() -> None:
    read = read_design(deepcopy(DESIGN))

    assert list(read.questions) == [
        "has_line", "plan", "capacity", "opened", "uses", "lines", "own", "total", "members_now", "proof",
    ]  # fmt: skip
    assert [read_question(plain_question(one)) for one in read.questions.values()] == list(read.questions.values())
    assert str(read.questions["capacity"].heading) == "capacity (sets)"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (asked("X", "text"), "A code is made of"), (asked("x", "essay"), "There is no such kind of question."),
        ({**asked("x", "text"), "label": {"zh": "只有中文"}}, "“label” is needed in both languages."),
        (asked("x", "text", limit=0), "“limit” is a whole number"),
        (asked("x", "choice"), "There is nothing to choose"),
        (asked("x", "number", minimum="5", maximum="4"), "The lowest value is above the highest."),
        (asked("x", "number", minimum="NaN"), "“minimum” is not a number."),
        (asked("x", "table"), "A table needs a column."),
        (asked("x", "computed"), "Please say how it is worked out."),
        (asked("x", "reference", source="moon"), "Please choose"),
        (asked("x", "text", check="x == 'a'"), "Please say what is told"),
        (asked("x", "text", limit=True), "“limit” is"),
        (asked("x", "choice", choices=CHOICES * 2), "The code “no” is used twice."),
        (asked("x", "table", columns=[{"code": "c", "kind": "file", "label": words("C")}]), "There is no such kind"),
        (asked("x", "text", formula=["a"]), "“formula” is not a text"),
        (asked("x", "text", choices="a"), "“choices” is not"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_question_is_said(question: dict[str, Any], sentence: str) -> None:
    found = faults_of({"sections": [{"code": "one", "title": words("One"), "questions": [question]}]})
    assert any(sentence in one for one in found), found


@pytest.mark.parametrize("code", ["route", "files", "consortium", "members"])
def test_a_section_takes_no_name_of_a_built_in_part(code: str) -> None:
    found = faults_of({"sections": [{"code": code, "title": words("One"), "questions": []}]})
    assert found == [f"{code}: This code belongs to a part that every application has."]


def test_a_code_is_used_once() -> None:
    section = {"title": words("One"), "questions": [asked("x", "text")]}
    found = faults_of({"sections": [{"code": "one", **section}, {"code": "two", **section}]})
    assert found == ["The code “x” is used twice."]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(list(QuestionKind.values)),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["sections", "cases", "code", "title", "zh", "questions", "kind", "choices",
                                       "columns", "limit", "label", "answers", "minimum", "formula"]), inner),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_any_json_is_a_design_or_a_fault(data: Any) -> None:
    with suppress(DesignFault):
        assert isinstance(read_design(data), Design)


# --- judging -----------------------------------------------------------------------------------
def test_what_is_not_asked_is_not_missing_and_counts_as_no_answer() -> None:
    form = design(
        asked("kind", "choice", choices=CHOICES), asked("why", "text", required=True, show_when="kind == 'yes'"),
        asked("tell", "text", require_when="filled(why)"),
    )  # fmt: skip

    hidden = judge(form, {"kind": "no", "why": "因为"}, {})
    shown = judge(form, {"kind": "yes", "why": "因为"}, {})
    unsure = judge(form, {"why": "因为"}, {})

    assert [(one["why"].shown, one["why"].value) for one in (hidden, shown, unsure)] == [
        (False, UNKNOWN), (True, "因为"), (False, UNKNOWN),
    ]  # fmt: skip
    assert [one["tell"].missing for one in (hidden, shown)] == [False, True]
    assert judge(form, {"kind": "yes"}, {})["why"].missing is True


def test_a_rule_may_speak_of_what_follows() -> None:
    form = design(
        asked("sum_of", "computed", formula="double + 1"), asked("double", "computed", formula="n * 2"),
        asked("n", "number"),
    )  # fmt: skip
    assert judge(form, {"n": "4"}, {})["sum_of"].value == Decimal(9)


def test_a_circle_is_found() -> None:
    form = design(asked("a", "number", show_when="b > 1"), asked("b", "computed", formula="a + 1"))
    assert rule_faults(form) == ["These depend on each other in a circle: a → b → a"]


def test_a_fault_names_its_question_and_rule() -> None:
    form = design(asked("a", "number", show_when="c > 1"), asked("members_count", "number"))
    assert rule_faults(form) == [
        "a · Asked when: There is no answer or fact called “c”.", "The code “members_count” is the name of a fact.",
    ]  # fmt: skip


def test_a_check_says_no_only_when_it_knows() -> None:
    form = read_design(deepcopy(DESIGN))
    answers = {"has_line": "yes", "capacity": "450"}
    assert judge(form, answers, {})["capacity"].wrong is True
    assert judge(form, {"has_line": "yes"}, {})["capacity"].wrong is False


def test_a_table_is_summed_over_the_cells_there_are() -> None:
    form = read_design(deepcopy(DESIGN))
    lines = [{"item": "泵", "amount": "20000.00"}, {"item": "阀"}]
    states = judge(form, {"lines": lines, "own": "1.50"}, {"requested_amount": Decimal(10)})
    assert (states["total"].value, states["total"].wrong) == (Decimal("20001.50"), True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*read_design(deepcopy(DESIGN)).questions, "other"]), JSON))
def test_any_answers_can_be_judged_frozen_and_read(answers: dict[str, Any]) -> None:
    form = read_design(deepcopy(DESIGN))
    states = judge(form, answers, {})
    read = read_frozen(freeze_design(form, states, answers), {})
    assert [section.code for section in read] == ["pilot", "costs"]
    assert all(isinstance(section.plain, str) for section in read)


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("number", "1.50", Decimal("1.5")), ("number", "x", UNKNOWN), ("number", "NaN", UNKNOWN),
        ("date", "2026-02-30", UNKNOWN), ("date", "2026-02-03", date(2026, 2, 3)), ("choice", "maybe", UNKNOWN),
        ("choices", ["no", "yes", "maybe"], ("yes", "no")), ("choices", ["maybe"], UNKNOWN), ("text", "", UNKNOWN),
    ],
)  # fmt: skip
def test_a_kept_value_is_of_its_kind_or_none(kind: str, value: Any, found: Any) -> None:
    question = read_question(asked("x", kind, **({"choices": CHOICES} if kind.startswith("choice") else {})))
    assert typed(question, value) == found


# --- test cases --------------------------------------------------------------------------------
def test_a_case_says_what_came_out() -> None:
    form = read_design(deepcopy(DESIGN))
    run = run_case(form, form.cases[0])
    assert (run.passed, [(line.rule, line.found) for line in run.lines]) == (
        True, [("show_when", "yes"), ("formula", "25000"), ("check", "yes")],
    )  # fmt: skip


def test_a_case_fails_when_a_rule_changes_or_goes() -> None:
    data = deepcopy(DESIGN)
    data["sections"][1]["questions"][2]["formula"] = "own"
    changed = read_design(data)
    data["cases"][0]["expected"] = {"gone.check": "yes"}
    gone = read_design(data)
    assert [run_case(one, one.cases[0]).passed for one in (changed, gone)] == [False, False]


def test_rules_that_no_case_looks_at_are_named() -> None:
    assert untested(read_design(deepcopy(DESIGN))) == ["capacity.require_when", "capacity.check"]
    assert facts_used(read_design(deepcopy(DESIGN))) == {"requested_amount"}


# --- facts and references ----------------------------------------------------------------------
PARTS = {
    "lead": {"years": [{"year": 2025, "revenue": "10.00", "rd_expense": "2.00", "staff": 5, "rd_staff": None},
                       {"year": 2024, "revenue": "1.00", "rd_expense": "1.00", "staff": 1, "rd_staff": 1}]},
    "members": [{"organisation": {"name": "样例公司", "type": "ENTERPRISE"}, "layer": "CORE", "chain_position": "X",
                 "cash": "20000.00", "in_kind": "0.00"}],
    "tasks": [{"number": 1, "name": "样例任务", "lead": {"name": "样例公司"}, "start": None, "end": "2027-01-01",
               "budget_grant": "30000.00", "budget_own": None}],
    "budget": [{"organisation": {"id": "1", "name": "样例公司"}, "source": "OWN", "category": "LABOUR",
                "amounts": {"2027": "20000.00"}, "total": "20000.00", "note": "样例说明"},
               {"organisation": {"id": "1", "name": "样例公司"}, "source": "GRANT", "category": "EQUIPMENT",
                "amounts": {"2026": "5000.00", "2027": "5000.00"}, "total": "10000.00", "note": ""}],
}  # fmt: skip


def test_facts_are_those_of_the_newest_year_and_none_when_not_stated() -> None:
    found = facts_from(PARTS)
    assert (found["lead_revenue"], found["members_count"], found["cash_total"], found["own_total"]) == (
        Decimal("10.00"), Decimal(1), Decimal("20000.00"), Decimal(),
    )  # fmt: skip
    assert "lead_rd_staff" not in found
    assert set(found) | {"lead_rd_staff", "requested_tier", "requested_amount", "closes_on"} == set(FACTS)


def test_facts_of_an_empty_consortium_are_zero_or_missing() -> None:
    assert facts_from({})["members_count"] == 0
    assert (fact_from("closes_on", "2026-05-01"), fact_from("requested_tier", "A")) == (date(2026, 5, 1), "A")


@pytest.mark.parametrize("source", list(REFERENCES))
def test_a_reference_has_a_cell_for_every_head(source: str) -> None:
    grid = referenced(source, PARTS)
    assert {len(row) for row in grid.rows} <= {len(grid.heads)}
    assert len(grid.numeric) == len(grid.heads)
    assert referenced(source, {}).rows == ()


def test_the_budget_is_shown_line_by_line_with_its_years() -> None:
    grid = referenced(Reference.BUDGET_LINES, PARTS)

    assert grid.heads == ("Organisation", "Source of the money", "Category", "2026", "2027", "In all", "Note")
    assert grid.rows == (
        ("样例公司", "Own funds", "Labour costs", "", "2.00", "2.00", "样例说明"),
        ("样例公司", "Fiscal grant", "Equipment costs", "0.50", "0.50", "1.00", ""),
    )
    assert grid.numeric == (False, False, False, True, True, True, False)


def test_what_is_frozen_is_read_without_the_form() -> None:
    form = read_design(deepcopy(DESIGN))
    answers = {"has_line": "yes", "plan": "三步", "uses": ["yes"], "lines": [{"item": "泵", "amount": "20000.00"}],
               "own": "5000.00", "opened": "2026-05-01"}  # fmt: skip
    pilot, costs = read_frozen(freeze_design(form, judge(form, answers, {}), answers), PARTS)

    assert [(one.code, one.text) for one in pilot.answers] == [
        ("has_line", "Yes"), ("plan", "三步"), ("capacity", ""), ("opened", "1 May 2026"), ("uses", "Yes"),
    ]  # fmt: skip
    told = {one.code: one for one in costs.answers}
    assert told["lines"].grid.rows == (("泵", "2.00", ""),)  # type: ignore[union-attr]
    assert (told["total"].text, told["own"].text, told["members_now"].grid.rows[0][0]) == ("25,000", "0.50", "样例公司")  # type: ignore[union-attr]


def test_a_plain_question_keeps_only_what_is_not_as_usual() -> None:
    question = Question("x", QuestionKind.TEXT, read_question(asked("x", "text")).label)
    assert plain_question(question) == {"code": "x", "kind": "text", "label": words("x")}
