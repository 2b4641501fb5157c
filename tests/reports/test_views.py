"""The pages: who gets them, what they say, what a click does, what a mistake costs."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia.enums import ConsortiumStatus
from portal.kernel import jobs
from reports.enums import EvaluationStatus, Grade, ReportStatus
from reports.models import Evaluation, EvaluationCycle, GradeList, Report
from reports.services.documents import request_report
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium
from tests.factories.reports import make_cycle, make_evaluation, make_report, rich_consortium, stated_values
from tests.personas import Personas
from tests.samples import PDF

S = EvaluationStatus
IN_DIGITS = "Write the number in digits, like 1234.5 or 1,234.5; a comma only parts groups of three digits."


@pytest.fixture(autouse=True)
def _year_is_open(people: Personas) -> None:
    """The year of the factories is open today, whatever today is."""
    today = timezone.localdate()
    make_cycle(people, opens_on=today - timedelta(days=9), due_on=today + timedelta(days=9))


@pytest.fixture
def enter(sign_in: Any) -> Any:
    """`enter(user)` gives a client that reads English."""

    def english(user: Any) -> Client:
        client: Client = sign_in(user)
        client.cookies["django_language"] = "en"
        return client

    return english


def url(name: str, *args: Any) -> str:
    return reverse(f"reports:{name}", args=args)


def words(response: Any) -> str:
    """The text of a page."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(body))


def publication(chosen: list[Any]) -> dict[str, Any]:
    """What is written on a list of grades that begins today."""
    today = timezone.localdate().isoformat()
    return {
        "evaluations": chosen, "meeting_on": today, "meeting_number": "样例会议〔2026〕12号",
        "title": "年度评价结果公示", "document_number": "样例公示〔2026〕31号", "starts_on": today,
    }  # fmt: skip


def content(response: Any) -> bytes:
    """A file handed out, read to its end so that it is closed."""
    return b"".join(response.streaming_content)


# --- years -------------------------------------------------------------------------------------
def test_the_officer_opens_a_year_from_the_list(people: Personas, enter: Any) -> None:
    EvaluationCycle.objects.all().delete()
    make_consortium(people, status=ConsortiumStatus.OPERATING)
    client = enter(people.officer)
    today = timezone.localdate()
    assert url("cycle-open") in client.get(url("cycle-list")).content.decode()

    answer = client.post(
        url("cycle-open"), {"year": today.year, "opens_on": today, "due_on": today + timedelta(days=30)}
    )

    cycle = EvaluationCycle.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("cycle-detail", cycle.pk))
    assert Evaluation.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"due_on": "2020-01-01"}, "The last day must be after the first."),
        ({"year": 2999}, "This year has not begun yet."),
        ({"opens_on": "2019-01-01", "due_on": "2020-01-01"}, "The last day is over already."),
        ({"due_on": "morgen"}, "Enter a valid date."),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_is_lost(
    people: Personas, enter: Any, facts: dict[str, Any], sentence: str
) -> None:
    EvaluationCycle.objects.all().delete()
    today = timezone.localdate()
    typed = {"year": today.year, "opens_on": today.isoformat(), "due_on": (today + timedelta(days=3)).isoformat()}

    answer = enter(people.officer).post(url("cycle-open"), {**typed, **facts})

    assert answer.status_code == 200
    assert sentence in words(answer)
    assert answer.context["form"]["year"].value() == str({**typed, **facts}["year"])
    assert EvaluationCycle.objects.count() == 0


def test_an_open_year_is_refused_at_the_form(people: Personas, enter: Any) -> None:
    today = timezone.localdate()
    EvaluationCycle.objects.update(year=today.year)

    answer = enter(people.officer).post(
        url("cycle-open"), {"year": today.year, "opens_on": today, "due_on": today + timedelta(days=3)}
    )

    assert "The evaluation of this year is open already." in words(answer)


def test_the_page_of_a_year_counts_and_filters(people: Personas, enter: Any) -> None:
    first, second = make_evaluation(people, S.GRADED), make_evaluation(people)
    client = enter(people.officer)

    everything = client.get(url("cycle-detail", first.cycle.pk))
    some = client.get(url("cycle-detail", first.cycle.pk), {"status": "FILLING"})

    assert (everything.context["count"].value, some.context["rows"]) == (2, [second])
    assert {one.status: one.count for one in everything.context["standings"] if one.count} == {
        S.GRADED: 1,
        S.FILLING: 1,
    }


def test_a_list_costs_the_same_at_one_and_three_rows(
    people: Personas, enter: Any, django_assert_num_queries: Any
) -> None:
    client = enter(people.officer)
    for _ in range(1):
        cycle = make_evaluation(people, S.FINAL).cycle
    client.get(url("cycle-detail", cycle.pk))
    with django_assert_num_queries(10):
        client.get(url("cycle-detail", cycle.pk))
    for _ in range(2):
        make_evaluation(people, S.FINAL)
    with django_assert_num_queries(10):
        client.get(url("cycle-detail", cycle.pk))


def test_a_district_sees_its_own_and_no_score_before_it_is_final(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, S.GRADED)
    page = url("cycle-detail", evaluation.cycle.pk)

    own, other = enter(people.district_officer).get(page), enter(people.other_district_officer).get(page)

    assert (own.context["rows"], other.context["rows"]) == ([evaluation], [])
    assert "86.00" not in words(own)
    assert enter(people.district_officer).get(page, {"sort": "-total"}).context["sort"] == "consortium__code"


# --- one evaluation ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("lead", 200), ("signatory", 200), ("lead_admin", 200), ("rival", 404), ("university_confirmer", 404),
        ("district_officer", 200), ("other_district_officer", 404), ("officer", 200), ("head", 200), ("leader", 200),
        ("finance", 200), ("supervisor", 200), ("expert", 200), ("system_admin", 404), ("audit_admin", 404),
    ],
)  # fmt: skip
def test_who_opens_an_evaluation(people: Personas, enter: Any, name: str, code: int) -> None:
    evaluation = make_evaluation(people, S.VERIFIED)

    assert enter(getattr(people, name)).get(evaluation.get_absolute_url()).status_code == code


@pytest.mark.parametrize("name", ["lead", "signatory", "district_officer", "expert"])
def test_the_grade_stays_with_the_bureau_until_it_is_final(people: Personas, enter: Any, name: str) -> None:
    evaluation = make_evaluation(people, S.GRADED, grade_note="内部理由", grade=Grade.GOOD, total="77.77")

    page = words(enter(getattr(people, name)).get(evaluation.get_absolute_url()))

    assert ("77.77" in page, "内部理由" in page, "攻关进展明显" in page) == (False, False, False)


def test_the_lead_reads_its_final_grade_but_not_the_experts_name(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, S.FINAL)

    page = words(enter(people.lead).get(evaluation.get_absolute_url()))

    assert ("86.00" in page, "Excellent" in page, "攻关进展明显" in page) == (True, True, True)
    assert people.expert.name not in page


def test_an_expert_reads_nothing_before_the_declaration(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, S.VERIFIED, declared_at=None)
    client = enter(people.expert)

    page = client.get(evaluation.get_absolute_url())

    assert page.context["page"].is_open is False
    assert "本年度完成样机研制" not in words(page)
    client.post(url("expert-declare", evaluation.pk), {"free": "on"})
    assert "本年度完成样机研制" in words(client.get(evaluation.get_absolute_url()))


def test_a_draft_is_not_shown_to_officials(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, summary="还没写完")

    assert "还没写完" not in words(enter(people.officer).get(evaluation.get_absolute_url()))
    assert "还没写完" in words(enter(people.lead).get(evaluation.get_absolute_url()))


def test_a_returned_draft_shows_officials_what_was_filed(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, S.SUBMITTED)
    Evaluation.objects.update(status=S.RETURNED, summary="改到一半")

    assert "改到一半" not in words(enter(people.officer).get(evaluation.get_absolute_url()))


# --- writing -----------------------------------------------------------------------------------
def typed(evaluation: Evaluation, **facts: str) -> dict[str, str]:
    return {"summary": "样机完成。", "problems": "", "version": str(evaluation.version), **facts}


def test_the_lead_saves_figures(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, values={"sales": {"value": "1", "target": "", "note": ""}})

    answer = enter(people.lead).post(
        url("self-report-edit", evaluation.pk),
        typed(evaluation, sales_value="4200.50", sales_target="5000", sales_note="审计确认", patents_target="3"),
    )

    evaluation.refresh_from_db()
    assert answer.status_code == 302
    assert evaluation.values == {
        "sales": {"value": "4200.5", "target": "5000", "note": "审计确认"},
        "patents": {"value": "", "target": "3", "note": ""},
    }


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("sales_value", "viel", IN_DIGITS),
        ("sales_target", "0.01", "Ensure this value is greater than or equal to 1."),
        ("sales_target", "-5", "Ensure this value is greater than or equal to 1."),
        ("patents_target", "1.5", "Ensure that there are no more than 0 decimal places."),
        ("patents_target", "0", "Ensure this value is greater than or equal to 1."),
        ("taxes_value", "-120.5", None),
        ("jobs_value", "-12", None),
        ("jobs_target", "-1", "Ensure this value is greater than or equal to 1."),
        ("sales_value", "-1", "Ensure this value is greater than or equal to 0."),
        ("sales_value", "1.234", "Ensure that there are no more than 2 decimal places."),
        ("jobs_value", "1.5", "Ensure that there are no more than 0 decimal places."),
        ("local_supply_value", "101", "Ensure this value is less than or equal to 100."),
        ("sales_value", "9" * 20, "Ensure that there are no more than 14 digits in total."),
        ("sales_value", "NaN", IN_DIGITS),
        ("sales_value", "1e3", IN_DIGITS),
        ("sales_note", "长" * 301, "Ensure this value has at most 300 characters (it has 301)."),
    ],
)
def test_bad_figures_stand_at_their_field(
    people: Personas, enter: Any, field: str, value: str, sentence: str | None
) -> None:
    evaluation = make_evaluation(people)

    answer = enter(people.lead).post(url("self-report-edit", evaluation.pk), typed(evaluation, **{field: value}))

    if sentence is None:
        assert answer.status_code == 302
    else:
        assert list(answer.context["form"].errors) == [field]
        assert answer.context["form"].errors[field] == [sentence]
        assert answer.context["form"][field].value() == value


def test_what_the_records_know_is_no_field(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, consortium=rich_consortium(people))
    client = enter(people.lead)

    page = client.get(url("self-report-edit", evaluation.pk))
    client.post(url("self-report-edit", evaluation.pk), typed(evaluation, milestones_target="1", own_funds_target="1"))

    evaluation.refresh_from_db()
    registered = {"milestones_target", "members_kept_target", "own_funds_target", "fund_paid_target"}
    assert set(page.context["form"].fields) & registered == set()
    assert evaluation.values == {}


@pytest.mark.parametrize(
    ("name", "status", "page"),
    [
        ("district_officer", "SUBMITTED", "self-report-verify"),
        ("officer", "SCORED", "evaluation-grade"),
        ("expert_user", "VERIFIED", "evaluation-score"),
    ],
)
def test_whoever_judges_sees_a_target_of_the_lead_beside_the_yardstick(
    people: Personas, enter: Any, name: str, status: str, page: str
) -> None:
    values = {"sales": {"value": "1200", "target": "1234", "note": ""}}
    evaluation = make_evaluation(people, status, values=values)
    person = people.experts[0].user if name == "expert_user" else getattr(people, name)

    seen = words(enter(person).get(url(page, evaluation.pk)))

    assert "1,234 Target stated by the lead yardstick of the rules: 5,000" in seen


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_unknowingly(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people)
    mine = typed(evaluation, summary="我写的")
    enter(people.signatory).post(url("self-report-edit", evaluation.pk), typed(evaluation, summary="同事写的"))
    client = enter(people.lead)

    first = client.post(url("self-report-edit", evaluation.pk), mine)
    version = first.context["form"]["version"].value()
    second = client.post(url("self-report-edit", evaluation.pk), {**mine, "version": version})

    evaluation.refresh_from_db()
    assert "Somebody else has saved this self-report meanwhile" in words(first)
    assert (first.context["form"]["summary"].value(), second.status_code, evaluation.summary) == (
        "我写的",
        302,
        "我写的",
    )


def test_evidence_goes_in_comes_out_and_is_handed_out(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people)
    client = enter(people.lead)
    file = SimpleUploadedFile("审计报告.pdf", PDF, content_type="application/pdf")

    client.post(url("evidence-attach", evaluation.pk), {"file": file, "metric": "sales", "label": "审计报告"})
    evidence = evaluation.evidence.get()
    answer = client.get(url("evidence-download", evidence.pk))
    client.post(url("evidence-detach", evidence.pk))

    assert content(answer) == PDF
    assert evaluation.evidence.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.exe", b"MZ", "Files of this type are not taken. Allowed: PDF, DOCX, XLSX, PNG, JPG, JPEG."),
        ("x.pdf", b"MZ not a pdf", "The content of the file does not match its extension."),
        ("x.pdf", b"", "The submitted file is empty."),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(
    people: Personas, enter: Any, name: str, content: bytes, sentence: str
) -> None:
    evaluation = make_evaluation(people)

    answer = enter(people.lead).post(
        url("evidence-attach", evaluation.pk), {"file": SimpleUploadedFile(name, content), "label": "证明"}
    )

    assert answer.context["form"].errors == {"file": [sentence]}
    assert evaluation.evidence.count() == 0


@pytest.mark.parametrize(
    ("name", "code"), [("rival", 404), ("expert", 403), ("officer", 403), ("district_officer", 403)]
)
def test_who_may_not_open_evidence_of_a_draft(people: Personas, enter: Any, name: str, code: int) -> None:
    evaluation = make_evaluation(people, expert=people.experts[0])
    client = enter(people.lead)
    file = SimpleUploadedFile("a.pdf", PDF, content_type="application/pdf")
    client.post(url("evidence-attach", evaluation.pk), {"file": file, "label": "证明"})
    evidence = evaluation.evidence.get()
    code = 404 if name == "expert" else code  # an evaluation being written does not exist for its expert

    assert enter(getattr(people, name)).get(url("evidence-download", evidence.pk)).status_code == code


# --- the whole year through the pages ----------------------------------------------------------
def test_a_year_from_filing_to_the_report(people: Personas, enter: Any, fonts: None) -> None:
    evaluation = make_evaluation(people, values=stated_values(make_cycle(people)))
    one = evaluation.pk
    scores = {"G1.2_score": "6.5", "G1.2_comment": "好", "G1.3_score": "4", "G1.3_comment": "好"}

    steps = [
        enter(people.lead).post(url("self-report-submit", one), {"truthful": "on"}),
        enter(people.district_officer).post(url("self-report-verify", one), {"opinion": "属实"}),
        enter(people.officer).post(url("expert-assign", one), {"expert": people.experts[0].pk}),
        enter(people.expert).post(url("expert-declare", one), {"free": "on"}),
        enter(people.expert).post(url("evaluation-score", one), {**scores, "opinion": "攻关进展明显，" * 4}),
        enter(people.officer).post(url("evaluation-grade", one), {"bonus": "0", "deduction": "0"}),
        enter(people.head).post(url("grade-confirm", one), {"note": ""}),
        enter(people.signatory).post(url("grade-accept", one), {"note": ""}),
        enter(people.head).post(url("grades-publicise", evaluation.cycle_id), publication([one])),
    ]
    days = {name: F(name) - 8 * DAY for name in ("meeting_on", "starts_on", "ends_on")}
    GradeList.objects.update(**days)
    grades = GradeList.objects.get()
    steps.append(enter(people.head).post(url("grade-list-finalise", grades.pk)))

    assert [step.status_code for step in steps] == [302] * 10
    report = Report.objects.get()
    jobs.run(report.job.pk, timezone.now())  # type: ignore[union-attr]
    lead = enter(people.lead).get(url("report-download", report.pk))
    officer = enter(people.officer).get(url("report-open", report.pk))
    assert content(lead) == content(officer)
    assert lead["Content-Disposition"].startswith("attachment;")
    assert officer["Content-Disposition"].startswith("inline;")
    assert (officer["X-Content-Type-Options"], officer["Cache-Control"]) == ("nosniff", "private, no-store")


def test_a_score_beyond_the_maximum_stands_at_its_field(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, S.VERIFIED)

    answer = enter(people.expert).post(
        url("evaluation-score", evaluation.pk),
        {"G1.2_score": "8.1", "G1.2_comment": "好", "G1.3_score": "4", "G1.3_comment": "", "opinion": "短"},
    )

    assert answer.context["form"].errors == {
        "G1.2_score": ["Ensure this value is less than or equal to 8."],
        "G1.3_comment": ["This field is required."],
        "opinion": ["Ensure this value has at least 20 characters (it has 1)."],
    }


def test_a_bonus_without_a_reason_stands_at_its_field(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, S.SCORED)

    answer = enter(people.officer).post(
        url("evaluation-grade", evaluation.pk), {"bonus": "1", "deduction": "11", "veto": "ACCIDENT"}
    )

    assert answer.context["form"].errors == {
        "deduction": ["Ensure this value is less than or equal to 10."],
        "bonus_note": ["Give the reason."],
        "grade_note": ["A veto or a lowered grade needs a rationale."],
    }


def test_a_used_up_quota_is_said_before_grading(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, S.SCORED)
    for metric in evaluation.snapshot["metrics"].values():
        metric.update(value="100", target="100")
    evaluation.snapshot["metrics"]["findings"].update(value="0")
    evaluation.save()
    make_evaluation(people, S.FINAL)

    page = words(enter(people.officer).get(url("evaluation-grade", evaluation.pk)))

    assert "The quota of excellent grades is used up." in page
    assert "1 / 0" in page


STEPS = {
    "self-report-edit": ({"lead", "signatory"}, S.FILLING),
    "self-report-submit": ({"lead", "signatory"}, S.FILLING),
    "evidence-attach": ({"lead", "signatory"}, S.FILLING),
    "self-report-verify": ({"district_officer"}, S.SUBMITTED),
    "self-report-return": ({"district_officer"}, S.SUBMITTED),
    "expert-assign": ({"officer"}, S.VERIFIED),
    "expert-declare": ({"expert"}, S.VERIFIED),
    "expert-recuse": ({"expert"}, S.VERIFIED),
    "evaluation-score": ({"expert"}, S.VERIFIED),
    "evaluation-grade": ({"officer"}, S.SCORED),
    "grade-confirm": ({"head", "leader"}, S.GRADED),
    "grade-accept": ({"signatory"}, S.FEEDBACK),
    "grade-appeal": ({"lead", "signatory"}, S.FEEDBACK),
    "evaluation-exempt": ({"head"}, S.FILLING),
    "evaluation-finalise": ({"head", "leader"}, S.PUBLICISED),
    "evaluation-send-back": ({"head", "leader"}, S.GRADED),
    "evaluation-mark-absent": ({"head"}, S.FILLING),
    "report-request": ({"officer", "head", "leader", "finance"}, S.FINAL),
}


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_offered_to_those_who_take_it_and_closed_to_others(
    people: Personas, enter: Any, step: str
) -> None:
    allowed, status = STEPS[step]
    evaluation = make_evaluation(people, status)
    cast = ["lead", "signatory", "rival", "district_officer", "other_district_officer", "officer", "head", "leader",
            "finance", "expert"]  # fmt: skip

    codes = {name: enter(getattr(people, name)).get(url(step, evaluation.pk)).status_code for name in cast}

    expected = {name: 200 if name in allowed else 403 for name in cast}
    for stranger in ("rival", "other_district_officer", *(["expert"] if status in {S.FILLING, S.SUBMITTED} else [])):
        expected[stranger] = 404
    assert codes == expected


# --- documents ---------------------------------------------------------------------------------
def test_a_second_click_leads_to_the_same_report(people: Personas, enter: Any) -> None:
    evaluation = make_evaluation(people, S.FINAL)
    client = enter(people.officer)

    first = client.post(url("report-request", evaluation.pk), {"language": "en"})
    second = client.post(url("report-request", evaluation.pk), {"language": "en"})

    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_the_page_asks_for_progress_until_it_is_done(people: Personas, enter: Any, fonts: None) -> None:
    report = request_report(evaluation=make_evaluation(people, S.FINAL), actor=people.officer, language="en", at=NOON)
    client = enter(people.officer)
    again = f'hx-get="{url("report-progress", report.pk)}"'

    waiting = client.get(report.get_absolute_url()).content.decode()
    jobs.run(report.job.pk, NOON)  # type: ignore[union-attr]
    fragment = client.get(url("report-progress", report.pk)).content.decode()

    assert (again in waiting, 'hx-trigger="every 1s"' in waiting) == (True, True)
    report.refresh_from_db()
    assert report.file
    assert (again in fragment, "<html" in fragment, report.file.sha256 in fragment) == (False, False, True)


def test_a_failed_report_offers_another_try(people: Personas, enter: Any) -> None:
    report = make_report(people, status=ReportStatus.FAILED)

    page = enter(people.officer).get(report.get_absolute_url())

    assert url("report-retry", report.pk) in page.content.decode()


@pytest.mark.parametrize("name", ["report-open", "report-download"])
def test_a_report_that_is_not_stored_has_no_file(people: Personas, enter: Any, name: str) -> None:
    assert enter(people.officer).get(url(name, make_report(people).pk)).status_code == 404


@pytest.mark.parametrize("name", ["rival", "other_district_officer", "expert", "lead_confirmer"])
def test_a_stranger_finds_no_report(people: Personas, enter: Any, name: str) -> None:
    report = request_report(evaluation=make_evaluation(people, S.FINAL), actor=people.officer, language="en", at=NOON)
    client = enter(getattr(people, name))

    codes = {
        page: client.get(url(page, report.pk)).status_code
        for page in ("report-detail", "report-progress", "report-download")
    }

    assert codes == {"report-detail": 404, "report-progress": 404, "report-download": 404}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("status", list(S))
def test_every_state_has_a_page_in_both_languages(people: Personas, sign_in: Any, status: str, language: str) -> None:
    evaluation = make_evaluation(people, status)

    for name in ("lead", "officer", "district_officer"):
        client = sign_in(getattr(people, name))
        client.cookies["django_language"] = language
        assert client.get(evaluation.get_absolute_url()).status_code == 200


def planted(data: Any) -> Any:
    """The same JSON with every text replaced by one that nothing knows."""
    if isinstance(data, dict):
        return {key: planted(value) for key, value in data.items()}
    if isinstance(data, list):
        return [planted(value) for value in data]
    return "词" if isinstance(data, str) else data


@pytest.mark.parametrize(
    ("name", "status", "page"),
    [
        ("officer", "FINAL", "evaluation-detail"),
        ("lead", "FINAL", "evaluation-detail"),
        ("district_officer", "SUBMITTED", "self-report-verify"),
        ("expert", "VERIFIED", "evaluation-score"),
        ("officer", "VERIFIED", "expert-assign"),
        ("officer", "SCORED", "evaluation-grade"),
        ("head", "GRADED", "grade-confirm"),
        ("head", "PUBLICISED", "evaluation-finalise"),
        ("lead", "FILLING", "self-report-edit"),
        ("lead", "FILLING", "evidence-attach"),
        ("lead", "FILLING", "self-report-submit"),
    ],
)
def test_an_unknown_text_in_stored_figures_breaks_no_page(
    people: Personas, enter: Any, name: str, status: str, page: str
) -> None:
    before = make_evaluation(people, S.FINAL, cycle=make_cycle(people, 2025))
    evaluation = make_evaluation(people, status, consortium=before.consortium)
    for one in (before, evaluation):
        stored = {part: planted(getattr(one, part)) for part in ("snapshot", "sheet", "values", "scores")}
        stored["scores"]["recused"] = ["词"]
        Evaluation.objects.filter(pk=one.pk).update(**stored)
    person = people.experts[0].user if name == "expert" else getattr(people, name)

    assert enter(person).get(url(page, evaluation.pk)).status_code == 200


def test_the_year_of_a_self_report_stands_on_the_own_list(people: Personas, enter: Any) -> None:
    mine = make_evaluation(people)

    page = enter(people.lead).get(url("my-evaluations"))

    assert page.context["rows"] == [mine]
    assert date.fromisoformat(str(mine.cycle.due_on)).year >= 2026
