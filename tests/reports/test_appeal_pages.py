"""The pages of appeals, objections and lists of grades: who gets them, what a click does, what a mistake costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funding.enums import ObjectorKind
from reports.enums import AppealKind, AppealStatus, Remedy
from reports.enums import EvaluationStatus as S
from reports.models import Appeal, Evaluation, GradeList
from reports.selectors.appeals import followed
from reports.services.appeals import dismiss_appeal, object_to_grade
from tests.factories.reports import make_appeal, make_evaluation
from tests.personas import Personas
from tests.samples import PDF

GROUNDS = "专利授权证书已随材料提交，未计入 G2.1，请予复核。"
FINDING = "经核对，授权日期在本年度内，应当计入。"
OBJECTION = {
    "objector": ObjectorKind.PERSON, "name": "样例异议人", "contact": "objector@example.org", "grounds": GROUNDS,
}  # fmt: skip


def url(name: str, *args: Any) -> str:
    return reverse(f"reports:{name}", args=args)


@pytest.fixture
def enter(sign_in: Any) -> Any:
    """`enter(user)` gives a client that reads English."""

    def english(user: Any) -> Client:
        client: Client = sign_in(user)
        client.cookies["django_language"] = "en"
        return client

    return english


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> None:
    cache.clear()


def told(people: Personas, **facts: Any) -> Evaluation:
    """A grade that the lead may contest today."""
    until = timezone.localdate() + timedelta(days=5)
    return make_evaluation(people, S.FEEDBACK, appeal_until=until, **facts)


def running(people: Personas, **facts: Any) -> Evaluation:
    """A grade on a list that began today."""
    evaluation = make_evaluation(people, S.PUBLICISED, **facts)
    today = timezone.localdate()
    rows = [{
        "evaluation": str(evaluation.pk), "code": evaluation.consortium.code, "consortium": evaluation.consortium.name,
        "lead": evaluation.consortium.lead.name, "district_zh": "样例区", "district_en": "Sample district", "tier": "A",
        "grade": evaluation.grade,
    }]  # fmt: skip
    GradeList.objects.update(starts_on=today, ends_on=today + timedelta(days=6), rows=rows)
    evaluation.refresh_from_db()
    return evaluation


# --- the lead ----------------------------------------------------------------------------------
def test_the_lead_appeals_with_a_file_and_reads_what_came_of_it(people: Personas, enter: Any) -> None:
    evaluation = told(people)
    lead = enter(people.lead)

    sent = lead.post(
        url("grade-appeal", evaluation.pk),
        {"grounds": GROUNDS, "indicators": ["G2.1"], "evidence": SimpleUploadedFile("证书.pdf", PDF)},
    )
    appeal = Appeal.objects.get()
    page = lead.get(appeal.get_absolute_url())

    assert (sent.status_code, appeal.indicators, appeal.filed_by) == (302, ["G2.1"], people.lead)
    assert GROUNDS in page.content.decode()
    held = appeal.evidence.get()
    assert b"".join(lead.get(url("appeal-file", held.pk)).streaming_content) == PDF


def test_a_mistake_stands_at_its_field_and_nothing_typed_is_lost(people: Personas, enter: Any) -> None:
    evaluation = told(people)

    answer = enter(people.lead).post(url("grade-appeal", evaluation.pk), {"grounds": "太短", "indicators": ["G9.9"]})

    assert set(answer.context["form"].errors) == {"grounds", "indicators"}
    assert "太短" in answer.content.decode()
    assert Evaluation.objects.get().status == S.FEEDBACK


def test_a_second_click_appeals_once(people: Personas, enter: Any) -> None:
    evaluation, lead = told(people), enter(people.lead)
    lead.post(url("grade-appeal", evaluation.pk), {"grounds": GROUNDS})

    again = lead.post(url("grade-appeal", evaluation.pk), {"grounds": GROUNDS})

    assert (again.status_code, Appeal.objects.count()) == (409, 1)


@pytest.mark.parametrize("status", [S.FILLING, S.VERIFIED, S.ABSENT, S.EXEMPT, S.FINAL])
@pytest.mark.parametrize("step", ["grade-accept", "grade-appeal"])
def test_who_answers_where_no_grade_waits_is_told_so(people: Personas, enter: Any, status: S, step: str) -> None:
    evaluation = make_evaluation(people, status)

    page = enter(people.signatory).get(url(step, evaluation.pk))
    sent = enter(people.signatory).post(url(step, evaluation.pk), {"grounds": GROUNDS})

    assert (page.status_code, sent.status_code) == (200, 409)
    assert Evaluation.objects.get().status == status


def test_the_page_of_the_year_offers_what_the_lead_may_do(people: Personas, enter: Any) -> None:
    evaluation = told(people)

    page = enter(people.signatory).get(evaluation.get_absolute_url()).content.decode()

    assert url("grade-accept", evaluation.pk) in page
    assert url("grade-appeal", evaluation.pk) in page
    assert str(evaluation.total) in page


# --- those who decide --------------------------------------------------------------------------
def test_the_leader_upholds(people: Personas, enter: Any) -> None:
    appeal = make_appeal(people)

    sent = enter(people.leader).post(url("appeal-uphold", appeal.pk), {"remedy": Remedy.GRADE, "finding": FINDING})

    appeal.refresh_from_db()
    assert (sent.status_code, appeal.status, appeal.evaluation.status) == (302, AppealStatus.UPHELD, S.SCORED)


def test_a_decision_without_a_finding_stands_at_its_field(people: Personas, enter: Any) -> None:
    appeal = make_appeal(people)

    answer = enter(people.leader).post(url("appeal-uphold", appeal.pk), {"finding": ""})

    assert set(answer.context["form"].errors) == {"remedy", "finding"}


@pytest.mark.parametrize("step", ["appeal-uphold", "appeal-dismiss"])
def test_nobody_else_decides(people: Personas, enter: Any, step: str) -> None:
    appeal = make_appeal(people)
    cast = {"head": 403, "officer": 403, "supervisor": 403, "lead": 403, "rival": 404, "expert": 404, "leader": 200}

    found = {name: enter(getattr(people, name)).get(url(step, appeal.pk)).status_code for name in cast}

    assert found == cast


def test_whoever_objected_follows_it_by_the_code_that_is_shown_once(people: Personas, enter: Any) -> None:
    evaluation, anybody = running(people), Client()
    page = url("grade-list-object", evaluation.grade_list_id)
    form = {**OBJECTION, "evaluation": evaluation.pk}
    sent = anybody.post(page, form)
    received, again = anybody.get(sent["Location"]), anybody.get(sent["Location"])
    appeal, code = Appeal.objects.get(), received.context["code"]
    anybody.post(page, form)
    repeated = anybody.get(sent["Location"]).context["code"]

    open_ = anybody.post(url("grade-list-follow"), {"number": appeal.number.lower(), "code": f" {code.lower()} "})
    dismiss_appeal(appeal=appeal, actor=people.leader, finding="样例：数据与登记一致。", at=timezone.now())
    decided = anybody.post(url("grade-list-follow"), {"number": appeal.number, "code": code})
    wrong = [
        anybody.post(url("grade-list-follow"), {"number": number, "code": sign})
        for number, sign in [(appeal.number, "A" * 12), ("PY-1999-0001", code), (appeal.number, ""), ("样例", "é")]
    ]

    assert (len(code), again.context["code"], repeated, code in str(appeal.__dict__)) == (12, "", "", False)
    assert (open_.status_code, open_.context["objection"]) == (200, appeal)
    assert "样例：数据与登记一致。" in decided.content.decode()
    assert all(one.status_code == 200 and "objection" not in one.context for one in wrong)
    assert "样例异议人" not in decided.content.decode()


def test_an_appeal_of_a_lead_has_no_code_to_follow_it(people: Personas) -> None:
    appeal = make_appeal(people)

    assert followed(number=appeal.number, code="") is None


def test_who_objects_is_for_supervision_alone(people: Personas, enter: Any) -> None:
    evaluation = running(people)
    objected = object_to_grade(evaluation=evaluation, at=timezone.now(), **OBJECTION)

    pages = {
        name: enter(getattr(people, name)).get(objected.get_absolute_url())
        for name in ("head", "leader", "officer", "supervisor", "lead")
    }
    revealed = {
        name: enter(getattr(people, name)).get(url("grade-objector-reveal", objected.pk)).status_code
        for name in ("head", "supervisor")
    }

    assert {name: page.status_code for name, page in pages.items()} == {
        "head": 200, "leader": 200, "officer": 200, "supervisor": 200, "lead": 404,
    }  # fmt: skip
    assert not any("样例异议人" in page.content.decode() for page in pages.values())
    assert revealed == {"head": 403, "supervisor": 200}


def test_the_list_is_the_bureaus_and_has_a_constant_number_of_queries(
    people: Personas, enter: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        make_appeal(people)
    officer = enter(people.officer)

    with django_assert_max_num_queries(14):
        page = officer.get(url("appeal-list"), {"status": "OPEN", "kind": "APPEAL", "q": "SS-"})

    assert page.context["count"].value == 6
    assert enter(people.lead).get(url("appeal-list")).status_code == 403


# --- the list of grades ------------------------------------------------------------------------
def test_the_head_publishes_what_is_ready(people: Personas, enter: Any) -> None:
    evaluation = told(people, accepted_at=timezone.now())
    head, today = enter(people.head), timezone.localdate().isoformat()
    form = {
        "evaluations": [evaluation.pk], "meeting_on": today, "meeting_number": "样例会议〔2026〕12号",
        "title": "年度评价结果公示", "document_number": "样例公示〔2026〕31号", "starts_on": today,
    }  # fmt: skip

    assert head.get(url("grades-publicise", evaluation.cycle_id)).context["form"].initial["evaluations"] == [
        evaluation.pk
    ]
    wrong = head.post(url("grades-publicise", evaluation.cycle_id), {**form, "starts_on": "2020-01-01"})
    sent = head.post(url("grades-publicise", evaluation.cycle_id), form)

    assert list(wrong.context["form"].errors) == ["starts_on"]
    assert sent["Location"] == GradeList.objects.get().get_absolute_url()
    assert enter(people.officer).get(url("grades-publicise", evaluation.cycle_id)).status_code == 403


@pytest.mark.parametrize("name", ["", "rival", "lead", "head"])
def test_everybody_reads_a_list_and_finds_no_points(people: Personas, enter: Any, client: Client, name: str) -> None:
    evaluation = running(people)
    reader = enter(getattr(people, name)) if name else client

    lists = reader.get(url("grade-lists")).content.decode()
    page = reader.get(evaluation.grade_list.get_absolute_url()).content.decode()  # type: ignore[union-attr]

    assert "年度评价结果公示（样例）" in lists
    assert evaluation.consortium.name in page
    assert str(evaluation.total) not in page


def test_a_list_to_come_is_not_public(people: Personas, enter: Any, client: Client) -> None:
    evaluation = running(people)
    GradeList.objects.update(starts_on=timezone.localdate() + timedelta(days=1))
    address = evaluation.grade_list.get_absolute_url()  # type: ignore[union-attr]

    assert client.get(address).status_code == 404
    assert enter(people.lead).get(address).status_code == 404
    assert enter(people.head).get(address).status_code == 200


def test_anybody_objects_and_gets_a_number(people: Personas, client: Client) -> None:
    evaluation = running(people)
    on = evaluation.grade_list_id

    sent = client.post(url("grade-list-object", on), {**OBJECTION, "evaluation": evaluation.pk}, follow=True)

    objected = Appeal.objects.get()
    assert objected.kind == AppealKind.OBJECTION
    assert objected.number in sent.content.decode()


def test_a_mistake_in_an_objection_stands_at_its_field(people: Personas, client: Client) -> None:
    evaluation = running(people)

    answer = client.post(url("grade-list-object", evaluation.grade_list_id), {"name": "样例异议人", "grounds": "短"})

    assert set(answer.context["form"].errors) == {"evaluation", "objector", "contact", "grounds"}
    assert "样例异议人" in answer.content.decode()


def test_a_program_that_fills_in_everything_is_not_heard(people: Personas, client: Client) -> None:
    evaluation = running(people)
    form = {**OBJECTION, "evaluation": evaluation.pk, "website": "https://example.org"}

    assert client.post(url("grade-list-object", evaluation.grade_list_id), form).status_code == 302
    assert not Appeal.objects.exists()


def test_one_address_objects_five_times_an_hour(people: Personas, client: Client) -> None:
    evaluation = running(people)
    for number in range(6):
        form = {**OBJECTION, "evaluation": evaluation.pk, "grounds": f"{GROUNDS}（{number}）"}
        last = client.post(url("grade-list-object", evaluation.grade_list_id), form)

    assert (last.status_code, Appeal.objects.count()) == (200, 5)


def test_the_form_is_closed_when_the_list_is_over(people: Personas, client: Client) -> None:
    evaluation = running(people)
    over = timezone.localdate() - timedelta(days=1)
    GradeList.objects.update(starts_on=over - timedelta(days=6), ends_on=over, meeting_on=over - timedelta(days=9))
    on = evaluation.grade_list_id

    assert "only" in client.get(url("grade-list-object", on), headers={"accept-language": "en"}).content.decode()
    assert client.post(url("grade-list-object", on), {**OBJECTION, "evaluation": evaluation.pk}).status_code == 409


def test_the_list_is_made_final_by_one_click(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, S.PUBLICISED)
    head = enter(people.head)
    address = url("grade-list-finalise", evaluation.grade_list_id)

    assert head.get(address).context["waiting"] == 1
    sent = head.post(address, follow=True)

    evaluation.refresh_from_db()
    assert evaluation.status == S.FINAL
    assert "1 grade is final." in sent.content.decode()
    assert enter(people.officer).get(address).status_code == 403
