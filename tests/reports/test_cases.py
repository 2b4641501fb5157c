"""Typical cases: an officer writes, a head publishes, everybody reads; nothing else gets out."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortia.enums import ConsortiumStatus
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, CaseStatus, EvaluationStatus, Grade
from reports.models import Evaluation, TypicalCase
from reports.services.cases import propose_case, publish_case, return_case, withdraw_case, write_case
from reports.services.notices import CASE_PROPOSED, CASE_PUBLISHED, CASE_RETURNED, CASE_WITHDRAWN
from reports.workflow import CASE
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.reports import make_evaluation
from tests.personas import Personas

WORDS = {"title_zh": "样例：任务与份额一起签", "text_zh": "样例：三周拆解任务。", "practice_zh": "先定任务，再谈份额。"}
ENGLISH = {"title_en": "Sample: signed together", "text_en": "Three weeks.", "practice_en": "Tasks first."}
WHY = "样例：数字需要核对。"


def excellent(people: Personas, **facts: Any) -> Evaluation:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    return make_evaluation(people, facts.pop("status", EvaluationStatus.FINAL), consortium=consortium, **facts)


def written(people: Personas, **facts: Any) -> TypicalCase:
    evaluation = facts.pop("evaluation", None) or excellent(people)
    return write_case(case=TypicalCase(evaluation=evaluation, **WORDS, **facts), actor=people.officer, at=NOON)


def proposed(people: Personas, **facts: Any) -> TypicalCase:
    return propose_case(case=written(people, **facts), actor=people.officer, at=NOON)


def published(people: Personas, **facts: Any) -> TypicalCase:
    return publish_case(case=proposed(people, **facts), actor=people.head, at=NOON)


def address(name: str, *args: Any) -> str:
    return reverse(f"reports:{name}", args=args)


def reader(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


def told(kind: str) -> set[Any]:
    return set(Notification.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_the_second_of_two_officers_is_told_what_now_stands(people: Personas, sign_in: Any) -> None:
    case, one, two = written(people), sign_in(people.officer), sign_in(people.officer)
    page = address("case-edit", case.pk)
    begun = one.get(page).context["form"]["seen"].initial
    typed = {"evaluation": case.evaluation_id, **WORDS, "seen": begun}

    first = one.post(page, {**typed, "text_zh": "样例：第一位的文字。"})
    late = two.post(page, {**typed, "text_zh": "样例：第二位的文字。"})

    case.refresh_from_db()
    assert (first.status_code, late.status_code, case.text_zh) == (302, 409, "样例：第一位的文字。")
    assert "样例：第一位的文字。" in late.text
    assert late.context["form"]["text_zh"].value() == "样例：第二位的文字。"
    two.post(page, {**typed, "text_zh": "样例：第二位的文字。", "seen": late.context["form"]["seen"].value()})
    case.refresh_from_db()
    assert case.text_zh == "样例：第二位的文字。"


# --- the steps ---------------------------------------------------------------------------------
def test_it_is_written_proposed_and_published_by_two(people: Personas) -> None:
    people.lead, people.head  # noqa: B018
    case = published(people)

    assert (case.status, case.written_by, case.decided_by) == (CaseStatus.PUBLISHED, people.officer, people.head)
    assert people.head.pk in told(CASE_PROPOSED)
    assert {people.officer.pk, people.lead.pk} <= told(CASE_PUBLISHED)
    acts = {Action.WRITE_CASE, Action.PROPOSE_CASE, Action.PUBLISH_CASE}
    assert set(AuditEntry.objects.filter(subject_id=str(case.pk)).values_list("action", flat=True)) == acts


def test_a_returned_case_is_written_again(people: Personas) -> None:
    case = return_case(case=proposed(people), actor=people.head, note=WHY, at=NOON)
    assert (case.status, case.reason, told(CASE_RETURNED)) == (CaseStatus.RETURNED, WHY, {people.officer.pk})

    case.title_zh = "样例：改过的标题"
    write_case(case=case, actor=people.officer, at=NOON)
    publish_case(case=propose_case(case=case, actor=people.officer, at=NOON), actor=people.head, at=NOON)

    case = TypicalCase.objects.get()
    assert (case.title_zh, case.status, case.reason) == ("样例：改过的标题", CaseStatus.PUBLISHED, "")


def test_a_head_withdraws_it(people: Personas) -> None:
    case = withdraw_case(case=published(people), actor=people.head, note=WHY, at=NOON)

    assert (case.status, case.reason) == (CaseStatus.WITHDRAWN, WHY)
    assert people.officer.pk in told(CASE_WITHDRAWN)
    with pytest.raises(TransitionRefused):
        withdraw_case(case=case, actor=people.head, note=WHY, at=NOON)


LEADS = {
    Action.PROPOSE_CASE: ({"DRAFT", "RETURNED"}, "PROPOSED"),
    Action.PUBLISH_CASE: ({"PROPOSED"}, "PUBLISHED"),
    Action.RETURN_CASE: ({"PROPOSED"}, "RETURNED"),
    Action.WITHDRAW_CASE: ({"PUBLISHED"}, "WITHDRAWN"),
}


def test_the_table_says_what_it_should() -> None:
    assert {act: (set(row.sources), row.target) for act, row in CASE.transitions.items()} == LEADS


@pytest.mark.parametrize("who", ["head", "leader", "lead", "finance", "supervisor", "district_officer"])
def test_only_an_officer_writes(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        write_case(case=TypicalCase(evaluation=excellent(people), **WORDS), actor=getattr(people, who), at=NOON)


@pytest.mark.parametrize("who", ["officer", "leader", "lead", "supervisor"])
def test_only_a_head_decides(people: Personas, who: str) -> None:
    case = proposed(people)
    with pytest.raises(PermissionDenied):
        publish_case(case=case, actor=getattr(people, who), at=NOON)
    with pytest.raises(PermissionDenied):
        return_case(case=case, actor=getattr(people, who), note=WHY, at=NOON)


def test_nobody_publishes_what_he_wrote(people: Personas) -> None:
    case = proposed(people)
    TypicalCase.objects.update(written_by=people.head)
    with pytest.raises(PermissionDenied):
        publish_case(case=case, actor=people.head, at=NOON)


def test_only_excellent_final_years_make_a_case(people: Personas) -> None:
    for evaluation in (excellent(people, grade=Grade.GOOD), excellent(people, status=EvaluationStatus.PUBLICISED)):
        with pytest.raises(TransitionRefused, match="finally graded excellent"):
            written(people, evaluation=evaluation)


def test_what_was_handed_on_is_not_rewritten(people: Personas) -> None:
    case = proposed(people)
    with pytest.raises(TransitionRefused, match="handed on"):
        write_case(case=case, actor=people.officer, at=NOON)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"status": "PUBLISHED", "decided_by": None}, "case_published_by_whom"),
        ({"status": "WITHDRAWN", "reason": ""}, "case_taken_back_says_why"),
        ({"title_en": "Sample"}, "case_in_english_is_whole"),
    ],
)
def test_the_database_knows_it(people: Personas, facts: dict[str, Any], name: str) -> None:
    published(people)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TypicalCase.objects.update(**facts)


def test_the_database_knows_who_decides(people: Personas) -> None:
    published(people)
    with pytest.raises(IntegrityError, match="case_published_by_another"), transaction.atomic():
        TypicalCase.objects.update(decided_by=people.officer)


# --- pages -------------------------------------------------------------------------------------
def test_an_officer_writes_on_the_page(people: Personas, sign_in: Any) -> None:
    evaluation, other = excellent(people), excellent(people, grade=Grade.GOOD)
    officer = sign_in(people.officer)

    half = officer.post(address("case-write"), {"evaluation": evaluation.pk, **WORDS, "title_en": "Half"})
    wrong = officer.post(address("case-write"), {"evaluation": other.pk, **WORDS})
    assert ("title_en" in half.context["form"].errors, "Half" in half.text) == (True, True)
    assert "evaluation" in wrong.context["form"].errors
    assert not TypicalCase.objects.exists()

    officer.post(address("case-write"), {"evaluation": evaluation.pk, **WORDS})
    case = TypicalCase.objects.get()
    officer.post(address("case-edit", case.pk), {"evaluation": evaluation.pk, **WORDS, **ENGLISH})
    case.refresh_from_db()
    assert (case.title_en, case.written_by) == (ENGLISH["title_en"], people.officer)
    officer.post(address("case-propose", case.pk))
    case.refresh_from_db()
    assert case.status == CaseStatus.PROPOSED
    assert officer.post(address("case-propose", case.pk)).status_code == 409


def test_a_head_decides_on_the_page(people: Personas, sign_in: Any) -> None:
    case, head = proposed(people), sign_in(people.head)
    page = head.get(case.get_absolute_url()).text
    assert address("case-publish", case.pk) in page

    assert "note" in head.post(address("case-return", case.pk), {"note": ""}).context["form"].errors
    head.post(address("case-publish", case.pk))
    case.refresh_from_db()
    assert case.status == CaseStatus.PUBLISHED
    head.post(address("case-withdraw", case.pk), {"note": WHY})
    case.refresh_from_db()
    assert case.is_withdrawn


def test_everybody_reads_it_in_its_language(people: Personas, sign_in: Any) -> None:
    both, chinese = published(people, **ENGLISH), published(people)

    assert ENGLISH["title_en"] in reader().get(both.get_absolute_url()).text
    assert WORDS["title_zh"] in reader("zh-hans").get(both.get_absolute_url()).text
    assert WORDS["title_zh"] in reader().get(chinese.get_absolute_url()).text
    listed = reader().get(address("published-cases")).text
    assert (ENGLISH["title_en"] in listed, WORDS["title_zh"] in listed) == (True, True)
    for who in (people.lead, people.rival):
        page = sign_in(who).get(both.get_absolute_url())
        assert (page.status_code, address("case-withdraw", both.pk) in page.text) == (200, False)


def test_what_is_being_written_is_the_bureaus(people: Personas, sign_in: Any) -> None:
    case = proposed(people)

    for client in (reader(), sign_in(people.lead), sign_in(people.rival)):
        assert client.get(case.get_absolute_url()).status_code == 404
        assert WORDS["title_zh"] not in client.get(address("published-cases")).text
    assert WORDS["title_zh"] in sign_in(people.officer).get(address("published-cases")).text


def test_what_was_withdrawn_is_gone(people: Personas, sign_in: Any) -> None:
    case = withdraw_case(case=published(people), actor=people.head, note=WHY, at=NOON)

    page = reader().get(case.get_absolute_url())
    assert page.status_code == 410
    assert [text for text in (*WORDS.values(), WHY) if text in page.text] == []
    assert WORDS["title_zh"] not in reader().get(address("published-cases")).text
    assert WHY in sign_in(people.head).get(case.get_absolute_url()).text


def test_the_library_costs_the_same_whatever_it_shows(people: Personas) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            reader().get(address("published-cases"))
        return len(captured)

    published(people)
    one = cost()
    for _ in range(2):
        published(people)
    assert one == cost() == 2
