"""Outcomes are told with the list of their call as it begins, or by an act of its own; once, and never before."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from consortia.selectors.underway import HANDED_IN
from funding.enums import Action, ApplicantStatus, ApplicationStatus, ReviewStatus
from funding.models import Application
from funding.rules.windows import Point
from funding.selectors.eligibility import start_obstacles
from funding.selectors.outcomes import calls_to_tell
from funding.selectors.timeline import told
from funding.selectors.windows import point_of
from funding.services.decisions import decline_application
from funding.services.notices import publicise_applications
from funding.services.outcomes import tell_begun_lists, tell_outcomes
from funding.services.recusals import step_aside
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.factories.funding import make_application, make_call, make_review
from tests.personas import Personas

pytestmark = pytest.mark.usefixtures("english")
S, P = ApplicationStatus, ApplicantStatus
TODAY = timezone.localdate(NOON)
NOT_SUPPORTED, IN_NOTICE = "funding.application_not_supported", "funding.application_publicised"


def declined(people: Personas, **facts: Any) -> Application:
    """Of the lead, declined at NOON."""
    case = make_application(people, S.GRADED, **facts)
    decline_application(application=case, actor=people.leader, meeting="样例会议", note="指标不可测。", at=NOON)
    return case


def pair(people: Personas) -> tuple[Application, Application]:
    """One declined and one that waits for the list, of one call."""
    assert {people.lead, people.signatory}
    case = declined(people)
    return case, make_application(people, S.DECIDED, call=case.call, consortium=rival_consortium(people))


def publish(people: Personas, case: Application, days: int = 0) -> None:
    publicise_applications(
        call=case.call, applications=[case], title="样例公示", document_number="样科公示〔2026〕77号",
        starts_on=TODAY + timedelta(days=days), actor=people.officer, at=NOON,
    )  # fmt: skip


def fresh(case: Application) -> Application:
    return Application.everything.get(pk=case.pk)


def tell(people: Personas, case: Application, actor: Any = None) -> list[Application]:
    return tell_outcomes(call=case.call, actor=actor or people.officer, note="", at=NOON)


def notices(kind: str = NOT_SUPPORTED) -> int:
    return Notification.objects.filter(kind=kind).count()


# --- until then ----------------------------------------------------------------------------------
def test_who_is_declined_reads_the_words_of_who_is_being_decided(people: Personas, sign_in: Any) -> None:
    case = declined(people)
    for expert in people.experts:
        make_review(case, expert, people, ReviewStatus.SUBMITTED)

    assert (case.applicant_status, point_of(case)) == (P.WITH_BUREAU, Point.GRADED)
    assert not {Action.DECLINE.label, "Not supported this time"} & {str(one.text) for one in told(case)}
    page = sign_in(people.lead).get(case.get_absolute_url()).content.decode()
    assert ("Not supported" in page, "样例意见" in page) == (False, False)


def test_nothing_else_opens_to_who_was_declined(people: Personas) -> None:
    case = declined(people)

    said = [str(one) for handed_in in HANDED_IN for one in handed_in(case.consortium)]
    running = start_obstacles(make_call(people), case.consortium, "A", NOON)

    assert any(case.number in one for one in said)
    assert any(case.number in str(one) for one in running)


# --- with the list -------------------------------------------------------------------------------
def test_the_list_of_its_call_tells_it_once(people: Personas) -> None:
    case, listed = pair(people)
    other = declined(people, consortium=ready_consortium(people))

    publish(people, listed)

    case, listed = fresh(case), fresh(listed)
    assert [(one.told_at, one.applicant_status) for one in (case, listed)] == [
        (NOON, P.NOT_SUPPORTED), (NOON, P.PUBLICISED),
    ]  # fmt: skip
    assert point_of(case) == Point.PUBLISHED
    assert trail(case).filter(action=Action.TELL_OUTCOME).count() == 1
    assert (notices(), fresh(other).told_at) == (2, None)  # lead and signatory; another call has its own list
    tell_begun_lists(at=NOON + DAY)
    assert notices() == 2


def test_a_list_published_ahead_tells_when_it_begins(people: Personas) -> None:
    case, listed = pair(people)

    publish(people, listed, days=2)
    assert [fresh(one).applicant_status for one in (case, listed)] == [P.WITH_BUREAU, P.WITH_BUREAU]
    assert {str(one.text) for one in told(fresh(listed))} & {"In public notice"} == set()
    assert (notices(), notices(IN_NOTICE)) == (0, 0)

    tell_begun_lists(at=NOON + DAY)
    assert fresh(case).told_at is None
    tell_begun_lists(at=NOON + 2 * DAY)
    tell_begun_lists(at=NOON + 2 * DAY)
    assert [fresh(one).told_at for one in (case, listed)] == [NOON + 2 * DAY] * 2
    assert (notices(), trail(listed).get(action=Action.TELL_OUTCOME).actor_id) == (2, None)


def test_who_is_declined_after_the_list_waits_for_an_act(people: Personas) -> None:
    case, listed = pair(people)
    late = make_application(people, S.GRADED, call=case.call, consortium=ready_consortium(people))
    publish(people, listed)
    decline_application(application=late, actor=people.leader, meeting="样例会议", note="样例。", at=NOON)

    tell_begun_lists(at=NOON + DAY)

    assert fresh(late).told_at is None
    assert list(calls_to_tell(people.officer)) == [case.call]
    assert [one.pk for one in tell(people, late)] == [late.pk]


# --- by an act of its own ------------------------------------------------------------------------
def test_without_a_list_an_officer_tells_it(people: Personas, sign_in: Any) -> None:
    case = declined(people)
    assert {people.lead, people.signatory}
    client, place = sign_in(people.officer), reverse("funding:call-outcomes", args=[case.call_id])

    assert case.number in client.get(place).content.decode()
    assert place in client.get(reverse("funding:notice-list")).content.decode()
    assert place in client.get(case.get_absolute_url()).content.decode()
    answer = client.post(place, {"note": "本批不公示。"})

    assert (answer.status_code, fresh(case).applicant_status, notices()) == (302, P.NOT_SUPPORTED, 2)
    assert trail(case).get(action=Action.TELL_OUTCOME).note == "本批不公示。"
    again = client.post(place, {"note": ""})
    assert (again.status_code, notices()) == (409, 2)


def test_a_rehearsal_is_told_the_same_way(people: Personas) -> None:
    case = declined(people, call=make_call(people, rehearsal=True))

    assert (case.applicant_status, len(tell(people, case))) == (P.WITH_BUREAU, 1)


@pytest.mark.parametrize("status", [S.RECOMMENDED, S.CHECKED, S.REVIEWING, S.GRADED, S.DECIDED])
def test_it_is_not_told_while_a_list_is_to_come(people: Personas, sign_in: Any, status: str) -> None:
    case = declined(people)
    make_application(people, status, call=case.call, consortium=rival_consortium(people))

    with pytest.raises(TransitionRefused, match="still to come"):
        tell(people, case)

    page = sign_in(people.officer).get(reverse("funding:call-outcomes", args=[case.call_id])).content.decode()
    assert ("Tell them" in page, list(calls_to_tell(people.officer))) == (False, [])


def test_it_is_not_told_while_a_list_has_not_begun(people: Personas) -> None:
    case, listed = pair(people)
    publish(people, listed, days=2)

    with pytest.raises(TransitionRefused, match="still to come"):
        tell(people, case)


@pytest.mark.parametrize("name", ["acceptance", "head", "leader", "supervisor", "expert", "lead", "system_admin"])
def test_only_an_officer_tells(people: Personas, name: str) -> None:
    case = declined(people)

    with pytest.raises(PermissionDenied):
        tell(people, case, getattr(people, name))


def test_who_keeps_away_from_a_case_of_the_call_does_not_tell(people: Personas) -> None:
    case = declined(people)
    other = make_application(people, S.WITHDRAWN, call=case.call, consortium=rival_consortium(people))
    Application.everything.filter(pk=other.pk).update(submitted_at=NOON, submitted_by=people.signatory)
    step_aside(application=fresh(other), actor=people.officer, ground="样例：亲属任职。", at=NOON)

    with pytest.raises(PermissionDenied):
        tell(people, case)
    assert len(tell(people, case, people.second_officer)) == 1


# --- races ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_list_and_a_decision_at_once_leave_one_truth() -> None:
    people = Personas()
    case = make_application(people, S.GRADED)
    listed = make_application(people, S.DECIDED, call=case.call, consortium=rival_consortium(people))
    assert {people.officer, people.leader, people.lead, people.signatory}
    barrier, failed = Barrier(2), []

    def at_once(act: Any) -> None:
        try:
            barrier.wait()
            act()
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connection.close()

    def decline() -> None:
        decline_application(application=case, actor=people.leader, meeting="样例会议", note="样例。", at=NOON)

    threads = [Thread(target=at_once, args=[act]) for act in (decline, lambda: publish(people, listed))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (failed, fresh(case).status, fresh(listed).told_at) == ([], S.NOT_APPROVED, NOON)
    assert notices() == (2 if fresh(case).told_at else 0)
    assert trail(case).filter(action=Action.TELL_OUTCOME).count() == (1 if fresh(case).told_at else 0)
    if not fresh(case).told_at:
        tell(people, case)
    assert notices() == 2


# --- what is always true -------------------------------------------------------------------------
BREACHES: dict[str, tuple[str, dict[str, Any]]] = {
    "graded": (S.GRADED, {"told_at": NOON}),
    "decided": (S.DECIDED, {"told_at": NOON}),
    "approved": (S.APPROVED, {"told_at": None}),
    "objected": (S.OBJECTED, {"told_at": None}),
}


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_holds_back_what_does_not_stand(people: Personas, name: str) -> None:
    status, facts = BREACHES[name]
    case = make_application(people, status)

    with pytest.raises(IntegrityError, match="outcome_told_when_it_stands"), transaction.atomic():
        Application.everything.filter(pk=case.pk).update(**facts)


def test_the_database_tells_nothing_before_it_is_decided(people: Personas) -> None:
    case = declined(people)

    with pytest.raises(IntegrityError, match="told_after_it_was_decided"), transaction.atomic():
        Application.everything.filter(pk=case.pk).update(told_at=NOON - DAY)
