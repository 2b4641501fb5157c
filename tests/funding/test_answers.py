"""Designed sections behave as the built-in ones: saved field by field, checked, frozen, returned, read, moved."""

from copy import deepcopy
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from funding.enums import Action, CallStatus, Reference
from funding.enums import ApplicationStatus as S
from funding.forms.answers import digest
from funding.models import Answer, Application, ApplicationFile, BudgetItem, Call, FormVersion
from funding.selectors.answers import sheet_of
from funding.selectors.changes import changes
from funding.selectors.effects import effects
from funding.selectors.progress import progress
from funding.selectors.readings import read
from funding.services.answers import AnswersChanged, Change, move_drafts, save_answers
from funding.services.applications import attach_file, detach_file, start_application
from funding.services.calls import update_call
from funding.services.recommendations import return_application
from funding.services.writers import assign_section
from portal.kernel.audit import sha256, trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.designs import DESIGN, asked, make_form
from tests.factories.funding import make_application, make_budget_item, make_call
from tests.funding.steps import pdf, queries_of, submit
from tests.personas import Personas
from tests.races import at_once

pytestmark = pytest.mark.django_db

COSTS = [{"item": "样例泵", "amount": "20000.00"}]
WHOLE = {"has_line": "yes", "plan": "三步走。", "capacity": "120", "lines": COSTS, "own": "5000.00"}


def draft(people: Personas, **facts: Any) -> Application:
    form = facts.pop("form", None) or make_form(people)
    return make_application(people, call=make_call(people, form_version=form), form_version=form, **facts)


def save(application: Application, who: Any, section: str, **values: Any) -> Application:
    """Save over whatever stands there."""
    changes = {code: Change(value, 10**6) for code, value in values.items()}
    return save_answers(application=application, actor=who, at=NOON, section=section, changes=changes)


def fill(application: Application, people: Personas) -> Application:
    """Everything that the form asks for."""
    design = application.form_version.design  # type: ignore[union-attr]
    for section in design.sections:
        typed = {one.code: WHOLE[one.code] for one in section.questions if one.code in WHOLE}
        save(application, people.lead, section.code, **typed)
    attach_file(application=application, actor=people.lead, at=NOON, upload=pdf(), label="样例证明", question="proof")
    return application


def url(name: str, application: Application, section: str = "pilot", *more: str) -> str:
    return reverse(f"funding:answers-{name}", args=[application.pk, section, *more])


def sent(application: Application, section: str = "pilot", **typed: str) -> dict[str, Any]:
    """What a page that was opened now would send."""
    rows = {row.question: row for row in application.answers.all()}
    marks = {
        f"seen_{one.code}": f"{rows[one.code].version}:{digest(rows[one.code].value)}" if one.code in rows else ""
        for one in application.designed_section(section).typed  # type: ignore[union-attr]
    }
    return {"version": application.version, "page": "", **marks, **{f"a_{code}": text for code, text in typed.items()}}


def kept(application: Application) -> dict[str, Any]:
    return dict(Answer.objects.filter(application=application).values_list("question", "value"))


# --- where the form comes from -----------------------------------------------------------------
def test_an_application_takes_the_form_of_its_call(people: Personas) -> None:
    form = make_form(people)
    call = make_call(people, form_version=form)
    begun = start_application(call=call, consortium=ready_consortium(people), actor=people.lead, at=NOON)
    assert (begun.form_version, [section.code for section in begun.designed]) == (form, ["pilot", "costs"])


def test_the_designed_sections_follow_the_others(people: Personas, sign_in: Any) -> None:
    application, client = draft(people), sign_in(people.lead)
    after = {
        address: client.get(address).context["next"]
        for address in (
            reverse("funding:application-edit", args=[application.pk, "eligibility"]), url("edit", application),
            url("edit", application, "costs"),
        )
    }  # fmt: skip
    assert [one and one.code for one in after.values()] == ["pilot", "costs", None]


def test_a_draft_call_chooses_among_published_versions(people: Personas) -> None:
    call, form = make_call(people, status=CallStatus.DRAFT), make_form(people)
    update_call(call=call, actor=people.officer, at=NOON, facts={"form_version": form})
    call.refresh_from_db()
    assert call.form_version == form
    other = make_form(people, "DRAFT", code="other")
    with pytest.raises(ValidationError):
        update_call(call=call, actor=people.officer, at=NOON, facts={"form_version": other})


# --- saving ------------------------------------------------------------------------------------
def test_what_is_typed_is_kept_by_its_kind(people: Personas, sign_in: Any) -> None:
    application, client = draft(people), sign_in(people.lead)
    pilot = {"has_line": "yes", "plan": "三步走。", "capacity": "120.5", "opened": "2026-05-01", "uses": "yes"}
    costs = {"lines-0-item": "样例泵", "lines-0-amount": "2", "lines-0-bought": "2026-01-02", "own": "0.5"}

    first = client.post(url("edit", application), sent(application, **pilot))
    application.refresh_from_db()
    second = client.post(url("edit", application, "costs"), sent(application, "costs", **costs))

    assert (first.status_code, second.status_code) == (302, 302)
    assert kept(application) == {
        "has_line": "yes", "plan": "三步走。", "capacity": "120.5", "opened": "2026-05-01", "uses": ["yes"],
        "lines": [{"item": "样例泵", "amount": "20000.00", "bought": "2026-01-02"}], "own": "5000.00",
    }  # fmt: skip
    application.refresh_from_db()
    assert (application.version, set(application.sections)) == (2, {"pilot", "costs"})
    assert [entry.facts["changed"] for entry in trail(application)][:1] == [["lines", "own"]]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("section", "typed", "sentence"),
    [
        ("pilot", {"plan": "字" * 21}, "This is 21 characters long; at most 20 are allowed."),
        ("pilot", {"plan": "x" * 900}, "at most 20 are allowed."), ("pilot", {"capacity": "0"}, "1"),
        ("pilot", {"capacity": "1e3"}, "Write the number in digits"), ("pilot", {"has_line": "maybe"}, "maybe"),
        ("pilot", {"opened": "2026-02-30"}, "Enter a valid date."), ("pilot", {"uses": "maybe"}, "maybe"),
        ("costs", {"own": "-1"}, "0"), ("costs", {"lines-0-amount": "2"}, "Row 1, Item: Please fill this in."),
        ("costs", {"lines-1-item": "泵", "lines-1-amount": "x"}, "Row 1, Amount (×10k yuan): Write the number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_stays_on_the_page(
    people: Personas, sign_in: Any, section: str, typed: dict[str, str], sentence: str
) -> None:
    application, client = draft(people), sign_in(people.lead)
    client.cookies["django_language"] = "en"
    page = client.post(url("edit", application, section), sent(application, section, **typed)).content.decode()
    assert (sentence in page, next(iter(typed.values())) in page, kept(application)) == (True, True, {})


def test_what_is_right_is_saved_beside_what_is_wrong(people: Personas, sign_in: Any) -> None:
    application, client = draft(people), sign_in(people.lead)
    answer = client.post(url("autosave", application), sent(application, has_line="yes", capacity="x"))
    assert (answer.status_code, list(answer.json()["errors"]), kept(application)) == (
        422,
        ["a_capacity"],
        {"has_line": "yes"},
    )
    assert answer.json()["fields"] == {"seen_has_line": f"1:{digest('yes')}"}


def test_a_page_learns_what_is_asked_now_and_what_it_comes_to(people: Personas, sign_in: Any) -> None:
    application, client = draft(people), sign_in(people.lead)
    hidden = client.post(url("autosave", application), sent(application, has_line="no")).json()
    application.refresh_from_db()
    shown = client.post(url("autosave", application), sent(application, has_line="yes")).json()
    typed = {"lines-0-item": "泵", "lines-0-amount": "2", "own": "1"}
    costs = client.post(url("autosave", application, "costs"), sent(application, "costs", **typed)).json()
    assert (hidden["shown"]["plan"], shown["shown"]["plan"]) == (False, True)
    assert costs["worked"] == {"total": "30,000"}


def test_a_field_that_was_not_touched_is_no_conflict(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    opened = sent(application, plan="牵头人写的。")
    save(application, people.signatory, "pilot", has_line="yes")

    answer = sign_in(people.lead).post(url("autosave", application), opened)

    assert answer.status_code == 200
    assert kept(application) == {"has_line": "yes", "plan": "牵头人写的。"}


def test_two_in_one_field_see_both_texts(people: Personas, sign_in: Any) -> None:
    application, client = draft(people), sign_in(people.lead)
    opened = sent(application, plan="牵头人写的。", capacity="7")
    save(application, people.signatory, "pilot", plan="<b>签署人</b>写的。")

    told = client.post(url("autosave", application), opened)
    page = client.post(url("edit", application), opened)
    over = client.post(url("autosave", application), {**opened, **told.json()["fields"]})

    assert (told.status_code, page.status_code, over.status_code) == (409, 409, 200)
    assert "&lt;b&gt;签署人&lt;/b&gt;写的。" in told.json()["html"]
    assert ("牵头人写的。" in page.content.decode(), "签署人" in page.content.decode()) == (True, True)
    assert kept(application) == {"plan": "牵头人写的。", "capacity": "7"}


def test_having_seen_both_one_may_save_over_it_without_a_script(people: Personas, sign_in: Any) -> None:
    application, client = draft(people), sign_in(people.lead)
    opened = sent(application, plan="牵头人写的。", uses="yes")
    save(application, people.signatory, "pilot", plan="签署人写的。")
    page = client.post(url("edit", application), opened)
    mark = page.context["form"]["seen_plan"].value()
    assert page.context["form"]["a_uses"].value() == ["yes"]
    assert client.post(url("edit", application), {**opened, "seen_plan": mark}).status_code == 302
    assert kept(application)["plan"] == "牵头人写的。"


def test_the_same_page_twice_is_no_conflict(people: Personas, sign_in: Any) -> None:
    application, client = draft(people), sign_in(people.lead)
    opened = {**sent(application, plan="一。"), "page": "p1"}
    first = client.post(url("autosave", application), opened)
    second = client.post(url("autosave", application), {**opened, "a_plan": "一。二。"})
    assert (first.status_code, second.status_code, kept(application)) == (200, 200, {"plan": "一。二。"})


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told(people: Personas) -> None:
    application = draft(people)
    results = at_once(*(
        lambda who=who, text=text: save_answers(
            application=Application.objects.get(pk=application.pk), actor=who, at=NOON, section="pilot",
            changes={"plan": Change(text, 0)}, page=text,
        )
        for who, text in ((people.lead, "甲"), (people.signatory, "乙"))
    ))  # fmt: skip
    told = [result for result in results if isinstance(result, AnswersChanged)]
    assert len(told) == 1
    assert list(told[0].values.values()) == [kept(application)["plan"]]


@pytest.mark.parametrize("mark", ["", "x:y", "-1:", "9999999999999999999:abc", "٣:abc"])
def test_a_spoilt_mark_overwrites_nothing(people: Personas, sign_in: Any, mark: str) -> None:
    application, client = draft(people), sign_in(people.lead)
    save(application, people.signatory, "pilot", plan="签署人写的。")
    answer = client.post(url("autosave", application), {**sent(application, plan="别的。"), "seen_plan": mark})
    assert (answer.status_code, kept(application)) == (409, {"plan": "签署人写的。"})


def test_nothing_typed_saves_nothing(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    sign_in(people.lead).post(url("autosave", application), sent(application))
    application.refresh_from_db()
    assert (application.version, trail(application).count()) == (0, 0)


# --- who may -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 200), ("signatory", 200), ("university_confirmer", 403), ("rival", 404), ("officer", 404)],
)
def test_who_writes_a_designed_section(people: Personas, sign_in: Any, who: str, status: int) -> None:
    application = draft(people)
    client: Client = sign_in(getattr(people, who))
    found = [client.get(url("edit", application)).status_code, client.get(url("autosave", application)).status_code,
             client.get(url("attach", application, "costs", "proof")).status_code]  # fmt: skip
    assert found == [status] * 3


def test_a_section_given_to_a_member_opens_alone(people: Personas, sign_in: Any) -> None:
    application, writer = draft(people), people.university_confirmer
    assign_section(application=application, section="costs", people=[writer.pk], shown=[], actor=people.lead, at=NOON)
    client = sign_in(writer)

    assert client.get(url("edit", application, "costs")).status_code == 200
    assert client.get(url("edit", application, "pilot")).status_code == 403
    save(application, writer, "costs", own="1.00")
    row = attach_file(application=application, actor=writer, at=NOON, upload=pdf(), label="样例", question="proof")
    assert client.get(reverse("funding:application-file-remove", args=[application.pk, row.pk])).status_code == 200
    detach_file(file=row, actor=writer, at=NOON)
    for act in (
        lambda: save(application, writer, "pilot", plan="x"),
        lambda: attach_file(application=application, actor=writer, at=NOON, upload=pdf(), label="样例"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert str(progress(application, NOON).groups[3].tasks[1].writers[0]) == str(writer)


@pytest.mark.parametrize(
    "place", [("edit", "gone"), ("edit", "route"), ("attach", "costs", "own"), ("attach", "pilot", "proof")]
)
def test_there_is_no_page_for_what_is_not_asked(people: Personas, sign_in: Any, place: tuple[str, ...]) -> None:
    client = sign_in(people.lead)
    assert client.get(url(place[0], draft(people), *place[1:])).status_code == 404
    assert client.get(url("edit", make_application(people))).status_code == 404


def test_a_file_cannot_answer_another_question(people: Personas) -> None:
    application = draft(people)
    with pytest.raises(TransitionRefused):
        save(application, people.lead, "pilot", own="1.00")
    with pytest.raises(TransitionRefused):
        save(application, people.lead, "gone", own="1.00")


# --- what is missing, and submitting -----------------------------------------------------------
@pytest.mark.usefixtures("english")
def test_what_is_missing_stands_on_the_task_list_with_links(people: Personas) -> None:
    application = draft(people)
    state = progress(application, NOON)
    group = state.groups[3]
    assert [(str(task.title), task.state, task.url) for task in group.tasks] == [
        ("Pilot line", "line", url("edit", application)), ("Costs", "line", url("edit", application, "costs")),
    ]  # fmt: skip
    told = {str(one.text): one.url for one in state.obstacles}
    assert told["Still empty: Costs, proof"] == url("edit", application, "costs") + "#ask-proof"
    with pytest.raises(TransitionRefused) as refusal:
        submit(application, people)
    assert "Not complete or not in order: Pilot line, Costs" in [str(one) for one in refusal.value.reasons]


@pytest.mark.usefixtures("english")
def test_a_check_that_says_no_bars_the_submission(people: Personas) -> None:
    application = fill(draft(people), people)
    save(application, people.lead, "pilot", capacity="450")
    state = progress(application, NOON)
    assert [str(one.text) for one in state.obstacles] == ["The capacity is too high."]
    with pytest.raises(TransitionRefused):
        submit(application, people)


def test_a_whole_form_is_submitted_and_frozen(people: Personas) -> None:
    application = fill(draft(people), people)
    assert [task.state for task in progress(application, NOON).groups[3].tasks] == ["ok", "ok"]

    submit(application, people)

    assert (application.status, application.snapshot_hash) == (S.SUBMITTED, sha256(application.snapshot))
    assert application.snapshot["form"]["sha256"] == application.form_version.sha256  # type: ignore[union-attr]
    told = {one.code: one for section in read(application.snapshot).designed for one in section.answers}
    assert (told["plan"].text, told["total"].text, told["proof"].text) == ("三步走。", "25,000", "样例证明")
    assert told["members_now"].grid.rows != ()  # type: ignore[union-attr]
    assert [row.get("question") for row in application.snapshot["files"]] == ["proof"]


def test_what_is_not_asked_leaves_no_trace_in_the_snapshot(people: Personas) -> None:
    application = fill(draft(people), people)
    save(application, people.lead, "pilot", has_line="no")
    submit(application, people)
    asked = [one["question"]["code"] for one in application.snapshot["designed"][0]["questions"]]
    assert asked == ["has_line", "capacity", "opened", "uses"]


def test_an_application_without_a_form_is_frozen_as_ever(people: Personas) -> None:
    application = submit(make_application(people), people)
    assert {"form", "designed"} & set(application.snapshot) == set()


def test_nothing_is_saved_after_the_submission(people: Personas, sign_in: Any) -> None:
    application = submit(fill(draft(people), people), people)
    answer = sign_in(people.lead).post(url("autosave", application), sent(application, plan="晚了。"))
    assert (answer.status_code, kept(application)["plan"]) == (409, "三步走。")


# --- returning ---------------------------------------------------------------------------------
def returned(people: Personas, *parts: str) -> Application:
    application = submit(fill(draft(people), people), people)
    return return_application(application=application, actor=people.district_officer, at=NOON, note="样例：请补充。",
                              parts=parts, reasons=["UNCLEAR"])  # fmt: skip


def test_a_designed_section_reopens_by_itself(people: Personas, sign_in: Any) -> None:
    application = returned(people, "pilot")
    save(application, people.lead, "pilot", plan="更细。")
    with pytest.raises(TransitionRefused):
        save(application, people.lead, "costs", own="1.00")
    with pytest.raises(TransitionRefused):
        attach_file(
            application=application, actor=people.lead, at=NOON, upload=pdf("b.pdf"), label="样例", question="proof"
        )
    assert [task.icon for task in progress(application, NOON).groups[3].tasks] == ["check", "lock"]
    page = sign_in(people.lead).get(url("edit", application, "costs")).content.decode()
    assert 'name="a_own"' not in page


def test_the_official_ticks_designed_sections_too(people: Personas, sign_in: Any) -> None:
    application = submit(fill(draft(people), people), people)
    client = sign_in(people.district_officer)
    place = reverse("funding:application-return", args=[application.pk])
    assert 'value="pilot"' in client.get(place).content.decode()
    client.post(place, {"parts": ["pilot"], "reasons": ["UNCLEAR"], "note": "样例：请补充。"})
    application.refresh_from_db()
    assert application.reopened == ["pilot"]


@pytest.mark.usefixtures("english")
def test_every_change_stands_against_the_snapshot(people: Personas) -> None:
    application = returned(people, "pilot")
    save(application, people.lead, "pilot", plan="五步走。")
    submit(application, people)
    found = changes(application, ["pilot"])
    assert [(str(one.title), one.expected) for one in found] == [("Pilot line", True)]
    assert [(run.kind, run.text) for run in found[0].runs if run.kind != "same"] == [
        ("del", "plan: 三步走。"), ("ins", "plan: 五步走。"),
    ] or [run.text for run in found[0].runs if run.kind == "ins"] == [" 五步走。"]  # fmt: skip


# --- reading -----------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["district_officer", "officer", "lead", "university_confirmer"])
def test_who_reads_the_application_reads_the_designed_sections(people: Personas, sign_in: Any, who: str) -> None:
    application = submit(fill(draft(people), people), people)
    client = sign_in(getattr(people, who))
    page = client.get(reverse("funding:application-print", args=[application.pk])).content.decode()
    assert ("三步走。" in page, "样例泵" in page) == (True, True)


def test_a_section_shows_the_budget_of_its_application(people: Personas, sign_in: Any) -> None:
    """As it stands while one writes, as it was submitted afterwards, each line with its years."""
    data = deepcopy(DESIGN)
    data["sections"][1]["questions"].append(asked("money_now", "reference", source=Reference.BUDGET_LINES))
    application = draft(people, form=make_form(people, data=data))
    make_budget_item(application, people.university, "OTHER", {2027: 70_000}, note="样例：借用的设备")
    client = sign_in(people.lead)

    written = client.get(url("edit", application, "costs")).content.decode()
    submit(fill(application, people), people)
    BudgetItem.objects.filter(note="样例：借用的设备").update(note="样例：改过")
    read_later = client.get(reverse("funding:application-print", args=[application.pk])).content.decode()

    assert [
        text for text in ('<th scope="col" class="num">2027</th>', "7.00", "样例：借用的设备") if text not in written
    ] == []
    assert read_later.count("样例：借用的设备") >= 1
    assert "样例：改过" not in read_later


def test_a_section_without_anything_to_show_says_so(people: Personas, sign_in: Any) -> None:
    data = deepcopy(DESIGN)
    data["sections"][1]["questions"].append(asked("money_now", "reference", source=Reference.BUDGET_LINES))
    application = draft(people, form=make_form(people, data=data))
    application.budget.all().delete()
    assert "还没有内容。" in sign_in(people.lead).get(url("edit", application, "costs")).content.decode()


def test_everybody_reads_what_is_asked_before_anyone_starts(people: Personas, client: Any) -> None:
    call = make_call(people, form_version=make_form(people))
    page = client.get(reverse("funding:call-whole-form", args=[call.pk])).content.decode()
    assert [text for text in ("样例Pilot line", "样例capacity", "样例Item", "样例Yes") if text not in page] == []


def test_the_task_list_costs_the_same_however_much_is_asked(people: Personas, sign_in: Any) -> None:
    application, client = draft(people), sign_in(people.lead)
    client.get(application.get_absolute_url())
    before = len(queries_of(client, application.get_absolute_url()))
    fill(application, people)
    assert len(queries_of(client, application.get_absolute_url())) == before


# --- another version ---------------------------------------------------------------------------
def second(people: Personas, **facts: Any) -> FormVersion:
    """A version without the plan, with a capacity in words, and a new compulsory question."""
    data = deepcopy(DESIGN)
    questions = data["sections"][0]["questions"]
    data["sections"][0]["questions"] = [questions[0], {**questions[3], "required": True}, *questions[4:]]
    data["cases"] = []
    return make_form(people, version=2, data=data, **facts)


@pytest.mark.usefixtures("english")
def test_the_effect_is_shown_first_and_nothing_is_lost(people: Personas) -> None:
    application = fill(draft(people), people)
    version = second(people)

    [effect] = effects(application.call, version)
    assert (effect.kept, effect.aside, effect.asked) == (4, ("plan", "capacity"), ("opened",))

    moved = move_drafts(call=application.call, actor=people.officer, at=NOON, form_version=version, note="样例：简化。")
    application.refresh_from_db()
    assert (moved, application.form_version, application.call.form_version) == ([application], version, version)
    assert kept(application)["plan"] == "三步走。"
    assert [task.state for task in progress(application, NOON).groups[3].tasks] == ["line", "ok"]
    move_drafts(call=application.call, actor=people.officer, at=NOON,
                form_version=FormVersion.objects.get(version=1), note="样例：撤回。")  # fmt: skip
    application.refresh_from_db()
    assert sheet_of(application).values["plan"] == "三步走。"  # type: ignore[union-attr]
    assert trail(application).first().action == Action.MOVE_DRAFTS


def test_what_was_submitted_keeps_its_form(people: Personas) -> None:
    application = submit(fill(draft(people), people), people)
    assert (
        move_drafts(call=application.call, actor=people.officer, at=NOON, form_version=second(people), note="样例")
        == []
    )
    application.refresh_from_db()
    assert application.form_version.version == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("facts", "note"),
    [({"status": CallStatus.DRAFT}, "样例"), ({}, " "), ({"same": True}, "样例"), ({"draft": True}, "样例")],
)
def test_drafts_do_not_move_without_reason_or_to_no_version(people: Personas, facts: dict[str, Any], note: str) -> None:
    form = make_form(people)
    call = make_call(people, form_version=form, status=facts.get("status", CallStatus.PUBLISHED))
    target = form if "same" in facts else second(people, **({"status": "DRAFT"} if "draft" in facts else {}))
    with pytest.raises(TransitionRefused):
        move_drafts(call=call, actor=people.officer, at=NOON, form_version=target, note=note)


def test_who_may_not_moves_nothing(people: Personas, sign_in: Any) -> None:
    call = make_call(people, form_version=make_form(people))
    with pytest.raises(PermissionDenied):
        move_drafts(call=call, actor=people.head, at=NOON, form_version=second(people), note="样例")
    place = reverse("funding:call-move-drafts", args=[call.pk])
    assert [sign_in(who).get(place).status_code for who in (people.head, people.lead)] == [403, 403]


def test_the_page_shows_the_effect_and_asks_for_a_choice(people: Personas, sign_in: Any) -> None:
    application, client = fill(draft(people), people), sign_in(people.officer)
    version, place = second(people), reverse("funding:call-move-drafts", args=[application.call.pk])

    blind = client.post(place, {"note": "样例"})
    shown = client.get(place, {"to": str(version.pk)}).content.decode()
    done = client.post(f"{place}?to={version.pk}", {"note": "样例"})

    assert (blind.status_code, application.consortium.name in shown, done.status_code) == (409, True, 302)
    assert Call.objects.get(pk=application.call.pk).form_version == version


def test_publishing_tells_which_calls_go_by_an_earlier_version(people: Personas, sign_in: Any) -> None:
    application = fill(draft(people), people)
    data = deepcopy(DESIGN)
    version = make_form(people, "DRAFT", version=2, data=data)
    page = sign_in(people.officer).get(reverse("funding:form-publish", args=[version.pk])).content.decode()
    assert application.call.title in page


def test_who_writes_on_an_old_page_is_told(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    opened = sent(application, plan="三步走。")
    move_drafts(call=application.call, actor=people.officer, at=NOON, form_version=second(people), note="样例")
    answer = sign_in(people.lead).post(url("autosave", application), opened)
    assert (answer.status_code, kept(application)) == (200, {})


# --- what always holds -------------------------------------------------------------------------
def test_a_question_has_one_answer(people: Personas) -> None:
    application = draft(people)
    save(application, people.lead, "pilot", plan="一。")
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(application=application, question="plan", version=2, saved_by=people.lead, saved_at=NOON)
    assert ApplicationFile.objects.count() == 0
