"""Questions about a call."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import Action, CallStatus, QuestionStatus
from funding.models import Call, CallQuestion
from funding.services import questions
from funding.services.questions import (
    answer_question,
    ask_question,
    publish_answer,
    retract_answer,
)
from portal.kernel.audit import trail
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import make_call, make_question
from tests.funding.steps import kinds, queries_of
from tests.personas import Personas
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db


def ask(people: Personas, call: Call, text: str = "样例问题：如何填报？") -> CallQuestion:
    return ask_question(call=call, organisation=people.lead_org, actor=people.lead, at=NOON, text=text)


def answered(people: Personas) -> CallQuestion:
    question = make_question(people, make_call(people))
    return answer_question(question=question, actor=people.officer, at=NOON, answer="样例答复。")


def published(people: Personas) -> CallQuestion:
    question = answered(people)
    return publish_answer(
        question=question, actor=people.officer, at=NOON, public_text="样例公开问题？", answer="样例公开答复。"
    )


# --- asking ------------------------------------------------------------------------------------
def test_an_organisation_asks_and_the_bureau_is_told(people: Personas) -> None:
    assert kinds(people.officer) == []
    question = ask(people, make_call(people))

    assert (question.status, question.organisation) == (QuestionStatus.ASKED, people.lead_org)
    assert "funding.question_asked" in kinds(people.officer)
    assert [entry.action for entry in trail(question)] == [Action.ASK]


@pytest.mark.parametrize("status", [CallStatus.DRAFT, CallStatus.CONCLUDED])
def test_only_a_published_call_takes_questions(people: Personas, status: str) -> None:
    with pytest.raises(TransitionRefused):
        ask(people, make_call(people, status=status))


@pytest.mark.parametrize("who", ["rival", "university_confirmer", "officer"])
def test_nobody_asks_in_the_name_of_another_organisation(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        ask_question(
            call=make_call(people), organisation=people.lead_org, actor=getattr(people, who), at=NOON, text="样例？"
        )
    assert CallQuestion.objects.count() == 0


def test_questions_do_not_pile_up(people: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_WAITING", 1)
    call = make_call(people)
    ask(people, call)
    with pytest.raises(TransitionRefused):
        ask(people, call)


def test_one_asks_for_an_organisation_of_ones_own(people: Personas, sign_in: Any) -> None:
    url = reverse("funding:question-ask", args=[make_call(people).pk])
    client = sign_in(people.lead)

    foreign = client.post(url, {"organisation": str(people.rival_org.pk), "text": "样例问题：能否？"})
    empty = client.post(url, {"organisation": str(people.lead_org.pk), "text": ""})
    own = client.post(url, {"organisation": str(people.lead_org.pk), "text": "样例问题：能否？"})

    assert (list(foreign.context["form"].errors), list(empty.context["form"].errors)) == (["organisation"], ["text"])
    assert (own.status_code, own.url) == (302, CallQuestion.objects.get().get_absolute_url())


# --- answering ---------------------------------------------------------------------------------
def test_whoever_asked_gets_the_answer(people: Personas) -> None:
    question = answered(people)

    assert (question.status, question.answer, question.answered_by) == (
        QuestionStatus.ANSWERED, "样例答复。", people.officer,
    )  # fmt: skip
    assert "funding.question_answered" in kinds(people.lead)


def test_an_answer_can_be_mended_but_not_unseen(people: Personas) -> None:
    question = answered(people)
    seen = seen_of(question)

    answer_question(question=question, actor=people.officer, at=NOON, answer="样例更正。", seen=seen)
    with pytest.raises(Stale):
        answer_question(question=question, actor=people.second_officer, at=NOON, answer="样例另答。", seen=seen)

    assert question.answer == "样例更正。"


@pytest.mark.parametrize("who", ["lead", "rival", "district_officer", "head", "finance"])
def test_nobody_else_answers(people: Personas, who: str) -> None:
    question = make_question(people, make_call(people))
    with pytest.raises(PermissionDenied):
        answer_question(question=question, actor=getattr(people, who), at=NOON, answer="样例。")


def test_the_public_reads_the_wording_of_the_bureau_only(people: Personas, client: Any) -> None:
    question = published(people)

    page = client.get(question.call.get_absolute_url()).content.decode()

    assert ("样例公开问题？" in page, "样例公开答复。" in page, question.text in page) == (True, True, False)


def test_the_published_text_does_not_name_who_asked(people: Personas) -> None:
    question = answered(people)
    with pytest.raises(TransitionRefused):
        publish_answer(
            question=question, actor=people.officer, at=NOON, public_text=f"{people.lead_org.name}问", answer="样例。"
        )
    question.refresh_from_db()
    assert question.status == QuestionStatus.ANSWERED


def test_an_answer_comes_before_its_publishing(people: Personas) -> None:
    question = make_question(people, make_call(people))
    with pytest.raises(TransitionRefused):
        publish_answer(question=question, actor=people.officer, at=NOON, public_text="样例问题？", answer="样例。")


def test_a_published_answer_is_taken_back_with_a_reason(people: Personas, client: Any) -> None:
    question = published(people)

    with pytest.raises(TransitionRefused):
        retract_answer(question=question, actor=people.officer, at=NOON, note=" ")
    retract_answer(question=question, actor=people.officer, at=NOON, note="样例理由。")

    assert question.status == QuestionStatus.ANSWERED
    assert "样例公开问题？" not in client.get(question.call.get_absolute_url()).content.decode()


def test_the_acceptance_window_answers_but_does_not_publish(people: Personas) -> None:
    question = make_question(people, make_call(people))
    answer_question(question=question, actor=people.acceptance, at=NOON, answer="样例答复。")
    with pytest.raises(PermissionDenied):
        publish_answer(
            question=question, actor=people.acceptance, at=NOON, public_text="样例问题？", answer="样例答复。"
        )


def test_the_database_keeps_an_answer_to_every_answered_question(people: Personas) -> None:
    question = answered(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        CallQuestion.objects.filter(pk=question.pk).update(answer="")
    with pytest.raises(IntegrityError), transaction.atomic():
        CallQuestion.objects.filter(pk=question.pk).update(status=QuestionStatus.PUBLISHED)


# --- pages -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"), [("lead", 200), ("officer", 200), ("head", 200), ("rival", 404), ("district_officer", 404)]
)
def test_who_reads_a_question(people: Personas, sign_in: Any, who: str, status: int) -> None:
    question = make_question(people, make_call(people))
    assert sign_in(getattr(people, who)).get(question.get_absolute_url()).status_code == status


def test_from_question_to_public_answer_in_the_browser(people: Personas, sign_in: Any) -> None:
    question, client = make_question(people, make_call(people)), sign_in(people.officer)
    urls = {step: reverse(f"funding:question-{step}", args=[question.pk]) for step in ("answer", "publish", "retract")}

    early = client.get(urls["publish"])
    given = client.post(urls["answer"], {"answer": "样例答复。"})
    offered = client.get(urls["publish"]).context["form"].initial
    shown = client.post(urls["publish"], {"answer": "样例答复。", "public_text": "样例公开问题？"})
    unexplained = client.post(urls["retract"], {"note": ""})
    taken = client.post(urls["retract"], {"note": "样例理由。"})

    assert early.context["reasons"] != []
    assert offered == {"answer": "样例答复。", "public_text": question.text}
    assert [one.status_code for one in (given, shown, unexplained, taken)] == [302, 302, 200, 302]


def test_the_list_costs_the_same_at_any_length(people: Personas, sign_in: Any) -> None:
    call, client, url = make_call(people), sign_in(people.officer), reverse("funding:question-list")
    make_question(people, call)
    client.get(url)
    before = len(queries_of(client, url))
    for _ in range(5):
        make_question(people, call)

    assert len(queries_of(client, url)) == before
    assert len(client.get(url, {"status": QuestionStatus.ASKED}).context["rows"]) == 6
    assert len(client.get(url, {"status": QuestionStatus.PUBLISHED}).context["rows"]) == 0


# --- races -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_officers_answer_at_once_and_neither_is_overwritten_unseen(people: Personas) -> None:
    question = make_question(people, make_call(people))
    seen = seen_of(CallQuestion.objects.get())
    officers = (people.officer, people.second_officer)

    results = at_once(
        *(
            lambda who=who: answer_question(
                question=CallQuestion.objects.get(pk=question.pk), actor=who, at=NOON, answer=who.name, seen=seen
            )
            for who in officers
        )
    )

    question.refresh_from_db()
    assert refusals(results) == 1
    assert question.answered_by is not None
    assert question.answer == question.answered_by.name
