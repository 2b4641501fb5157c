"""The form designer: drafted, changed by one at a time, tested, published, never changed again."""

from copy import deepcopy
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import Action, FormStatus
from funding.models import FormVersion
from funding.services import designs
from funding.services.designs import (
    SEEN,
    copy_form,
    create_form,
    move_item,
    publish_form,
    remove_question,
    remove_section,
    retire_form,
    save_case,
    save_question,
    save_section,
)
from portal.kernel.audit import sha256, trail
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.designs import DESIGN, asked, make_form, words
from tests.funding.steps import queries_of
from tests.personas import Personas
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db
DRAFT = FormStatus.DRAFT


def url(name: str, form: FormVersion, *more: str) -> str:
    return reverse(f"funding:form-{name}", args=[form.pk, *more])


def codes(form: FormVersion) -> dict[str, list[str]]:
    form.refresh_from_db()
    return {one["code"]: [question["code"] for question in one["questions"]] for one in form.data["sections"]}


# --- from nothing to a published form, by the pages ---------------------------------------------
@pytest.mark.usefixtures("english")
def test_an_officer_designs_and_publishes_a_form(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    client.cookies["django_language"] = "en"
    client.post(reverse("funding:form-create"), {"code": "pilot", "name_zh": "样例表", "name_en": "Sample"})
    form = FormVersion.objects.get()

    def post(page: str, *more: str, query: str = "", **typed: Any) -> Any:
        form.refresh_from_db()
        answer = client.post(url(page, form, *more) + query, {**typed, "seen": seen_of(form, SEEN)})
        assert answer.status_code == 302, answer.content.decode()
        return answer

    post("section-create", code="line", title_zh="中试线", title_en="Pilot line")
    label = {"label_zh": "样例", "label_en": "Sample"}
    choices = {"choices-0-code": "yes", "choices-0-zh": "有", "choices-0-en": "Yes"}
    post("question-create", "line", query="?kind=choice", code="has", required="on", **label, **choices)
    post("question-create", "line", query="?kind=table", code="costs", most_rows="5", **label,
         **{"columns-0-code": "amount", "columns-0-kind": "money", "columns-0-zh": "金额", "columns-0-en": "Amount",
            "columns-1-code": "sort", "columns-1-kind": "choice", "columns-1-zh": "类", "columns-1-en": "Sort",
            "columns-1-options": "a = 甲 / A；b=乙/B", "columns-1-required": "yes"})  # fmt: skip
    post("question-create", "line", query="?kind=computed", code="total", formula="sum(costs, 'amount')", places="0",
         **label)  # fmt: skip
    post("question-update", "line", "has", required="", show_when="members_count > 2", **label, **choices)
    post("case-create", name="样例", **{"a_costs-0-amount": "2", "a_costs-0-sort": "a", "x_total.formula": "20,000",
                                       "x_has.show_when": "unknown"})  # fmt: skip
    post("move", item="line.total", way="up")
    client.post(url("publish", form))

    form.refresh_from_db()
    assert (form.status, form.sha256, form.published_by) == (FormStatus.PUBLISHED, sha256(form.data), people.officer)
    assert codes(form) == {"line": ["has", "total", "costs"]}
    costs = form.design.questions["costs"]
    assert [(one.code, one.kind.value, one.required) for one in costs.columns] == [
        ("amount", "money", False), ("sort", "choice", True),
    ]  # fmt: skip
    assert [str(one.label) for one in costs.columns[1].choices] == ["A", "B"]
    assert form.data["cases"] == [
        {"code": "case1", "name": "样例", "answers": {"costs": [{"amount": "20000.00", "sort": "a"}]}, "facts": {},
         "expected": {"has.show_when": "unknown", "total.formula": "20000"}},
    ]  # fmt: skip
    assert {entry.action for entry in trail(form)} == {Action.CREATE_FORM, Action.DESIGN_FORM, Action.PUBLISH_FORM}


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("computed", {"formula": "a.b", "places": "0"}, "This language knows names"),
        ("computed", {"formula": "new + 1", "places": "0"}, "This cannot depend on itself."),
        ("text", {"show_when": "gone == 'x'", "limit": "5"}, "There is no answer or fact called “gone”."),
        ("number", {"check": "new < 5", "places": "0"}, "Please say what is told to the applicant"),
        ("choice", {}, "There is nothing to choose from."),
        ("text", {"code": "Übel", "limit": "5"}, "Small Latin letters"),
        ("text", {"code": "plan", "limit": "5"}, "The code “plan” is used twice."),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_the_question(
    people: Personas, sign_in: Any, kind: str, typed: dict[str, str], sentence: str
) -> None:
    form, client = make_form(people, DRAFT), sign_in(people.officer)
    client.cookies["django_language"] = "en"
    facts = {"code": "new", "label_zh": "新", "label_en": "New", "seen": seen_of(form, SEEN), **typed}

    page = client.post(url("question-create", form, "pilot") + f"?kind={kind}", facts)

    assert (page.status_code, sentence in page.content.decode()) == (200, True)
    assert codes(form) == codes(make_form(people, DRAFT, code="other"))


# --- who may -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "reads", "designs_it"),
    [("officer", 200, 200), ("head", 200, 403), ("finance", 200, 403), ("lead", 404, 404), ("expert", 404, 404),
     ("district_officer", 404, 404)],
)  # fmt: skip
def test_who_reads_and_designs(people: Personas, sign_in: Any, who: str, reads: int, designs_it: int) -> None:
    form, client = make_form(people, DRAFT), sign_in(getattr(people, who))
    assert [client.get(url(name, form)).status_code for name in ("detail", "preview")] == [reads, reads]
    assert client.get(url("section-create", form)).status_code == designs_it


def test_the_services_ask_too(people: Personas) -> None:
    form = make_form(people, DRAFT)
    acts = [
        lambda who: create_form(actor=who, at=NOON, code="x", name_zh="样例", name_en="x"),
        lambda who: copy_form(form=make_form(people, code="other"), actor=who, at=NOON),
        lambda who: publish_form(form=form, actor=who, at=NOON),
        lambda who: remove_section(form=form, actor=who, at=NOON, code="pilot"),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act(people.head)


@pytest.mark.parametrize("place", [("section-update", "gone"), ("question-update", "pilot", "gone"),
                                   ("case-update", "gone"), ("question-remove", "pilot", "gone")])  # fmt: skip
def test_what_is_not_in_the_form_has_no_page(people: Personas, sign_in: Any, place: tuple[str, ...]) -> None:
    form = make_form(people, DRAFT)
    assert sign_in(people.officer).get(url(place[0], form, *place[1:])).status_code == 404


# --- changing ----------------------------------------------------------------------------------
def test_sections_and_questions_move_and_go(people: Personas) -> None:
    form = make_form(people, DRAFT)
    at: dict[str, Any] = {"form": form, "actor": people.officer, "at": NOON}

    move_item(**at, section="costs", up=True)
    move_item(**at, section="costs", up=True)
    move_item(**at, section="pilot", question="has_line", up=False)
    move_item(**at, section="pilot", question="uses", up=False)
    remove_question(**at, section="pilot", code="plan")

    assert list(codes(form)) == ["costs", "pilot"]
    assert codes(form)["pilot"] == ["has_line", "capacity", "opened", "uses"]
    assert form.data["cases"][0]["expected"] == {"total.formula": "25000", "total.check": "yes"}
    with pytest.raises(TransitionRefused):
        remove_question(**at, section="pilot", code="plan")


def test_a_section_takes_its_questions_with_it(people: Personas) -> None:
    form = make_form(people, DRAFT)
    remove_section(form=form, actor=people.officer, at=NOON, code="costs")
    assert list(codes(form)) == ["pilot"]
    assert form.data["cases"][0]["answers"] == {"has_line": "yes"}


def test_a_design_that_cannot_be_is_not_kept(people: Personas) -> None:
    form = make_form(people, DRAFT)
    for facts in ({"title": words("X")}, {"title": {"zh": "只有中文", "en": ""}}):
        code = "route" if facts["title"]["en"] else "new"
        with pytest.raises(ValidationError):
            save_section(form=form, actor=people.officer, at=NOON, code=code, facts=facts, new=True)
    assert list(codes(form)) == ["pilot", "costs"]


def test_who_comes_second_is_told_and_may_save_over_it(people: Personas, sign_in: Any) -> None:
    form, client = make_form(people, DRAFT), sign_in(people.officer)
    seen = seen_of(form, SEEN)
    move_item(form=form, actor=people.officer, at=NOON, section="costs", up=True)

    page = client.post(url("update", form), {"name_zh": "新名", "name_en": "New", "seen": seen})

    assert (page.status_code, "新名" in page.content.decode()) == (409, True)
    form.refresh_from_db()
    assert form.name_zh == "样例中试表"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told(people: Personas) -> None:
    form = make_form(people, DRAFT)
    seen = seen_of(form, SEEN)

    results = at_once(*(
        lambda code=code: save_section(
            form=FormVersion.objects.get(pk=form.pk), actor=people.officer, at=NOON, code=code,
            facts={"title": words(code)}, new=True, seen=seen,
        )
        for code in ("one", "two")
    ))  # fmt: skip

    assert [isinstance(result, Stale) for result in results].count(True) == 1
    assert len(codes(form)) == 3


# --- publishing --------------------------------------------------------------------------------
def test_a_form_is_published_once(people: Personas) -> None:
    form = make_form(people, DRAFT)
    publish_form(form=form, actor=people.officer, at=NOON)
    with pytest.raises(TransitionRefused):
        publish_form(form=form, actor=people.officer, at=NOON)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data.update(sections=[], cases=[]), "There is no question in this form yet."),
        (lambda data: data["cases"][0]["expected"].update({"total.formula": "1"}),
         "These test cases fail: 样例：有中试线."),
        (lambda data: data["sections"][0]["questions"].pop(0),
         "A rule cannot stand: plan · Asked when: There is no answer or fact called “has_line”."),
        (lambda data: data["cases"][0].update(expected={}), "These test cases fail: 样例：有中试线."),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_not_published(people: Personas, change: Any, reason: str) -> None:
    data = deepcopy(DESIGN)
    change(data)
    form = make_form(people, DRAFT, data=data)
    with pytest.raises(TransitionRefused) as refusal:
        publish_form(form=form, actor=people.officer, at=NOON)
    assert [str(one) for one in refusal.value.reasons] == [reason]


def test_a_published_version_is_not_designed_any_more(people: Personas, sign_in: Any) -> None:
    form, client = make_form(people), sign_in(people.officer)
    with pytest.raises(TransitionRefused):
        move_item(form=form, actor=people.officer, at=NOON, section="costs", up=True)
    page = client.get(url("section-create", form)).content.decode()
    assert 'name="title_zh"' not in page


def test_the_next_version_begins_with_what_there_is_once(people: Personas) -> None:
    form = make_form(people)
    made = copy_form(form=form, actor=people.officer, at=NOON)
    assert (made.version, made.status, made.data) == (2, DRAFT, form.data)
    for row in (form, made):
        with pytest.raises(TransitionRefused):
            copy_form(form=row, actor=people.officer, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_new_versions_one_is_begun(people: Personas) -> None:
    form = make_form(people)
    results = at_once(*(lambda: copy_form(form=form, actor=people.officer, at=NOON) for _i in range(2)))
    assert refusals(results) == 1
    assert FormVersion.objects.filter(code=form.code).count() == 2


def test_a_retired_version_stays(people: Personas) -> None:
    form = make_form(people)
    retire_form(form=form, actor=people.officer, at=NOON)
    assert form.status == FormStatus.RETIRED
    with pytest.raises(TransitionRefused):
        retire_form(form=form, actor=people.officer, at=NOON)


# --- what always holds -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "breach",
    [
        lambda form: FormVersion.objects.filter(pk=form.pk).update(data={"sections": [], "cases": []}),
        lambda form: FormVersion.objects.filter(pk=form.pk).update(version=9),
        lambda form: FormVersion.objects.filter(pk=form.pk).update(name_en="Other"),
        lambda form: FormVersion.objects.filter(pk=form.pk).update(sha256="0" * 64),
        lambda form: form.delete(),
        lambda form: FormVersion.objects.create(code=form.code, version=1, created_by=form.created_by),
        lambda form: FormVersion.objects.create(code="x", sha256="0" * 64, created_by=form.created_by),
    ],
)  # fmt: skip
def test_the_database_keeps_what_was_published(people: Personas, breach: Any) -> None:
    form = make_form(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        breach(form)


def test_a_form_has_one_draft(people: Personas) -> None:
    form = make_form(people, DRAFT)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_form(people, DRAFT, version=2)
    with pytest.raises(ValidationError):
        create_form(actor=people.officer, at=NOON, code=form.code, name_zh="样例", name_en="x")


# --- pages -------------------------------------------------------------------------------------
def test_the_page_runs_the_test_cases(people: Personas, sign_in: Any) -> None:
    data = deepcopy(DESIGN)
    data["cases"][0]["expected"]["total.formula"] = "4711"
    form, client = make_form(people, DRAFT, data=data), sign_in(people.officer)
    page = client.get(url("detail", form)).content.decode()
    assert ("4711" in page, "25000" in page) == (True, True)


@pytest.mark.parametrize("reader", ["applicant", "member", "district", "expert", "bureau", "nobody"])
@pytest.mark.parametrize("case", ["", "case1", "gone"])
def test_every_reader_has_a_preview(people: Personas, sign_in: Any, reader: str, case: str) -> None:
    form, client = make_form(people, DRAFT), sign_in(people.officer)
    page = client.get(url("preview", form), {"as": reader, "case": case})
    writing = b'name="a_has_line"' in page.content
    assert (page.status_code, writing) == (200, reader in {"applicant", "nobody"})


def test_the_preview_of_a_circle_is_a_sentence(people: Personas, sign_in: Any) -> None:
    questions = [asked("a", "number", show_when="b > 1"), asked("b", "number", show_when="a > 1")]
    section = {"code": "one", "title": words("One"), "questions": questions}
    data = {"sections": [section], "cases": DESIGN["cases"]}
    form, client = make_form(people, DRAFT, data=data), sign_in(people.officer)
    assert [client.get(url(name, form)).status_code for name in ("preview", "detail", "publish")] == [200, 200, 200]


def test_what_officials_write_is_never_markup(people: Personas, sign_in: Any) -> None:
    evil = "<script>alert(1)</script>"
    data = deepcopy(DESIGN)
    for question in data["sections"][0]["questions"]:
        question |= {"label": {"zh": evil, "en": evil}, "help": {"zh": evil, "en": evil}}
    data["cases"][0]["name"] = evil
    form, client = make_form(people, DRAFT, data=data), sign_in(people.officer)
    places = [("detail",), ("preview",), ("case-create",), ("question-update", "pilot", "plan"),
              ("question-remove", "pilot", "plan"), ("case-update", "case1")]  # fmt: skip
    for place in places:
        page = client.get(url(place[0], form, *place[1:])).content.decode()
        assert ("alert(1)" in page, evil in page) == (True, False), place


def test_the_list_costs_the_same_however_many_there_are(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    make_form(people)
    client.get(reverse("funding:form-list"))
    one = len(queries_of(client, reverse("funding:form-list")))
    for number in range(3):
        make_form(people, code=f"form{number}")
    assert len(queries_of(client, reverse("funding:form-list"))) == one


def test_a_case_keeps_its_place(people: Personas) -> None:
    form = make_form(people, DRAFT)
    case = {"name": "新名", "answers": {}, "facts": {}, "expected": {"plan.show_when": "unknown"}}
    save_case(form=form, actor=people.officer, at=NOON, case={**case, "code": "case1"})
    save_case(form=form, actor=people.officer, at=NOON, case={**case, "code": ""})
    assert [one["code"] for one in form.data["cases"]] == ["case1", "case2"]
    designs.remove_case(form=form, actor=people.officer, at=NOON, code="case1")
    assert [one["code"] for one in form.data["cases"]] == ["case2"]


def test_a_question_is_asked_once(people: Personas) -> None:
    form = make_form(people, DRAFT)
    with pytest.raises(ValidationError):
        save_question(
            form=form, actor=people.officer, at=NOON, section="costs", question=asked("plan", "text"), new=True
        )
