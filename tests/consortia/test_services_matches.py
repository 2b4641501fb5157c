"""Requests for a high-level platform: asked by the lead, answered by the bureau."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from consortia.enums import ConsortiumStatus
from consortia.models import Consortium, PlatformMatch
from consortia.selectors.liaison import supervision
from consortia.services.matches import answer_match
from consortia.services.registers import add_entry, update_entry
from members.enums import Role
from members.models import User
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.books import make_entry, unsaved_entry
from tests.factories.consortia import meet, ready_consortium
from tests.factories.members import make_user
from tests.personas import Personas
from tests.races import at_once, refusals

S = ConsortiumStatus
ANSWER = "已联系省实验室，12月10日对接。"


def _asked(people: Personas, **facts: Any) -> PlatformMatch:
    match: PlatformMatch = make_entry("match", ready_consortium(people, status=S.OPERATING), people, **facts)
    return match


def _liaison(consortium: Consortium) -> User:
    officer = make_user("liaison1", "样例专员甲", Role.LIAISON)
    Consortium.objects.filter(pk=consortium.pk).update(liaison_officer=officer)
    return officer


def _told() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("recipient__email", "kind"))


def test_a_request_is_told_to_the_division_while_nobody_accompanies(people: Personas) -> None:
    meet(people.officer, people.head, people.leader)
    entry = unsaved_entry("match", ready_consortium(people, status=S.OPERATING), people, result="ASKED", record="")

    add_entry(entry=entry, actor=people.lead, at=NOON)

    assert _told() == sorted((one.email, "consortia.match_asked") for one in (people.officer, people.head))


def test_the_bureau_answers_and_the_lead_is_told(people: Personas) -> None:
    match = _asked(people)
    meet(people.lead, people.rival)

    answer_match(match=match, answer=f" {ANSWER} ", actor=people.officer, at=NOON)

    stored = PlatformMatch.objects.get()
    assert (stored.answer, stored.answered_by, stored.answered_at) == (ANSWER, people.officer, NOON)
    entry = trail(match.consortium)[0]
    assert (entry.action, entry.note, entry.facts["by"]) == ("answer_match", ANSWER, "")
    assert _told() == [(people.lead.email, "consortia.match_answered")]


def test_a_later_answer_replaces_it_and_the_second_click_is_refused(people: Personas) -> None:
    match = _asked(people)
    answer_match(match=match, answer=ANSWER, actor=people.officer, at=NOON)

    with pytest.raises(TransitionRefused):
        answer_match(match=match, answer=ANSWER, actor=people.officer, at=NOON)
    answer_match(match=match, answer="改期。", actor=people.head, at=NOON)

    assert PlatformMatch.objects.get().answer == "改期。"
    assert [entry.note for entry in trail(match.consortium)] == ["改期。", ANSWER]


def test_the_lead_changes_its_request_and_the_answer_stays(people: Personas) -> None:
    match = _asked(people)
    answer_match(match=match, answer=ANSWER, actor=people.officer, at=NOON)

    changed = PlatformMatch.objects.get()
    changed.need = "更多机时。"
    update_entry(entry=changed, actor=people.lead, at=NOON)

    assert PlatformMatch.objects.values_list("need", "answer").get() == ("更多机时。", ANSWER)


def test_its_liaison_officer_answers_and_no_other(people: Personas) -> None:
    match = _asked(people)
    officer, stranger = _liaison(match.consortium), make_user("liaison2", "样例专员乙", Role.LIAISON)

    with pytest.raises(PermissionDenied):
        answer_match(match=match, answer=ANSWER, actor=stranger, at=NOON)
    match.refresh_from_db()
    answer_match(match=PlatformMatch.objects.get(), answer=ANSWER, actor=officer, at=NOON)

    assert PlatformMatch.objects.get().answered_by == officer


@pytest.mark.parametrize("who", ["lead", "university_confirmer", "rival", "district_officer", "finance"])
def test_who_does_not_answer(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        answer_match(match=_asked(people), answer=ANSWER, actor=getattr(people, who), at=NOON)


def test_an_answer_says_something(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        answer_match(match=_asked(people), answer=" ", actor=people.officer, at=NOON)

    assert list(refusal.value.message_dict) == ["answer"]


@pytest.mark.parametrize("status", [S.GRADUATED, S.EXITED, S.REVOKED])
def test_nothing_is_answered_after_the_end(people: Personas, status: str) -> None:
    match = make_entry("match", ready_consortium(people, status=status), people)

    with pytest.raises(TransitionRefused):
        answer_match(match=match, answer=ANSWER, actor=people.officer, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_sees_the_other() -> None:
    people = Personas()
    match = PlatformMatch.objects.get(pk=_asked(people).pk)
    seen, officer = seen_of(match), people.officer

    results = at_once(*(
        lambda n=n: answer_match(
            match=PlatformMatch.objects.get(), answer=f"{ANSWER}{n}", actor=officer, at=NOON, seen=seen
        )
        for n in range(2)
    ))  # fmt: skip

    assert refusals(results) == 1
    assert [type(one) for one in results if isinstance(one, TransitionRefused)] == [Stale]


def test_what_waits_stands_on_the_supervision_list(people: Personas) -> None:
    match = _asked(people, result="ASKED", record="")

    waiting = supervision(people.officer, today=NOON.date()).matches
    answer_match(match=match, answer=ANSWER, actor=people.officer, at=NOON)

    assert (waiting, supervision(people.officer, today=NOON.date()).matches) == ([match], [])


@pytest.mark.parametrize(("who", "leads_to"), [("officer", "match-answer"), ("leader", "consortium-cooperation")])
def test_the_list_leads_only_those_to_the_answer_who_may_give_it(
    people: Personas, sign_in: Any, who: str, leads_to: str
) -> None:
    match = _asked(people, result="ASKED", record="")
    keys = {"match-answer": match.pk, "consortium-cooperation": match.consortium_id}

    page = sign_in(getattr(people, who)).get(reverse("consortia:supervision-list")).content.decode()

    links = {name: reverse(f"consortia:{name}", args=[key]) for name, key in keys.items()}
    assert {name for name, link in links.items() if f'href="{link}"' in page} == {leads_to}


def test_the_page(people: Personas, sign_in: Any) -> None:
    match = _asked(people)
    address = reverse("consortia:match-answer", args=[match.pk])
    client = sign_in(people.officer)
    seen = client.get(address).context["form"]["seen"].value()

    empty = client.post(address, {"answer": "", "seen": seen})
    answers = [client.post(address, {"answer": ANSWER, "seen": seen}) for _ in range(2)]

    assert list(empty.context["form"].errors) == ["answer"]
    assert [answer.status_code for answer in answers] == [302, 409]
    page = client.get(reverse("consortia:consortium-cooperation", args=[match.consortium_id]))
    assert page.content.decode().count(ANSWER) == 1
    for who, status in (("lead", 403), ("rival", 404)):
        assert sign_in(getattr(people, who)).get(address).status_code == status
