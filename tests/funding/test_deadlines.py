"""The hours before the close: outages move it by rule, a grace for whoever is at work, and nothing for others."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from funding.enums import Action, ApplicationStatus, CallStatus
from funding.models import Application, Call, OutageExtension
from funding.rules.finishing import AT_WORK, was_at_work
from funding.rules.outages import LEAST, minutes_lost, rounded_up
from funding.services.applications import start_application, submit_application
from funding.services.calls import conclude_call
from funding.services.outages import extend_for_outages
from funding.views.finishing import FINISHING
from portal.kernel.audit import trail
from portal.kernel.clocks import database_now
from portal.kernel.models import Notification, Outage
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import meet, ready_consortium
from tests.factories.designs import make_form
from tests.factories.funding import make_application, make_call
from tests.funding.steps import ALL, edit, kinds
from tests.personas import Personas
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
S = ApplicationStatus


def closing(people: Personas, **terms: Any) -> Call:
    """It closes at NOON, with a grace of a quarter of an hour."""
    return make_call(people, **{"closes_at": NOON, "grace_minutes": 15, **terms})


def hand_in(application: Application, people: Personas, at: datetime, begun_at: datetime | None = None) -> Application:
    return submit_application(
        application=application, actor=people.signatory, at=at, declarations=ALL, begun_at=begun_at
    )


# --- the arithmetic of outages -----------------------------------------------------------------
@given(
    start=st.integers(-20_000, 20_000), length=st.integers(1, 20_000), hours=st.integers(0, 168),
    step=st.integers(1, 120),
)  # fmt: skip
def test_what_counts_of_an_outage(start: int, length: int, hours: int, step: int) -> None:
    """In seconds around the close: never more than it lasted, to whole steps, none outside of the hours."""
    began, ended = NOON + timedelta(seconds=start), NOON + timedelta(seconds=start + length)

    lost = minutes_lost(started_at=began, ended_at=ended, closes_at=NOON, hours=hours)
    added = rounded_up(lost, step)

    assert lost == 0 or LEAST <= lost < length / 60 + 1
    assert (added % step, lost <= added < lost + step) == (0, True)
    inside = start < 0 and ended > NOON - hours * HOUR and hours > 0
    counted = min(length, start + length + hours * 3600)
    assert (lost > 0) == (inside and counted > (LEAST - 1) * 60)


# --- outages -----------------------------------------------------------------------------------
def outage(began: float, ended: float | None) -> Outage:
    """In minutes before NOON."""
    until = None if ended is None else NOON - ended * MINUTE
    return Outage.objects.create(started_at=NOON - began * MINUTE, ended_at=until)


def test_an_outage_before_the_close_moves_it(people: Personas) -> None:
    call = closing(people, outage_step=10)
    found = outage(95, 62)

    (extension,) = extend_for_outages(at=NOON - HOUR)

    call.refresh_from_db()
    assert (call.closes_at, extension.minutes, extension.outage) == (NOON + 40 * MINUTE, 40, found)
    entry = trail(call)[0]
    assert (entry.action, entry.actor, entry.facts["minutes"]) == (Action.EXTEND_BY_OUTAGE, None, 40)


def test_told_twice_it_moves_once(people: Personas) -> None:
    call = closing(people)
    outage(95, 62)
    assert [len(extend_for_outages(at=NOON - HOUR)) for _ in range(3)] == [1, 0, 0]
    call.refresh_from_db()
    assert call.closes_at == NOON + 40 * MINUTE


def test_one_that_runs_over_the_close_opens_the_call_again(people: Personas) -> None:
    call = closing(people, outage_step=1)
    outage(30, -10)

    extend_for_outages(at=NOON + 11 * MINUTE)

    call.refresh_from_db()
    assert (call.closes_at, call.is_open(NOON + 11 * MINUTE)) == (NOON + 40 * MINUTE, True)


@pytest.mark.parametrize(
    ("terms", "began", "ended"),
    [
        ({"outage_hours": 0}, 95, 62),  # switched off
        ({"outage_hours": 1}, 95, 62),  # before the hours that count
        ({}, 62, 60.5),  # too short for anybody to notice
        ({}, 95, None),  # still running
        ({}, -1, -30),  # after the close
        ({"status": CallStatus.CONCLUDED}, 95, 62),
        ({"rehearsal": True}, 95, 62),
        ({"opens_at": NOON - HOUR}, 95, 62),  # nothing was taken yet
    ],
)
def test_what_moves_nothing(people: Personas, terms: dict[str, Any], began: float, ended: float | None) -> None:
    call = closing(people, **terms)
    outage(began, ended)

    assert extend_for_outages(at=NOON - HOUR) == []
    call.refresh_from_db()
    assert call.closes_at == NOON


def test_old_outages_are_left_alone(people: Personas) -> None:
    closing(people, outage_hours=168)
    outage(3 * 24 * 60, 3 * 24 * 60 - 30)

    assert extend_for_outages(at=NOON - HOUR) == []


def test_whoever_writes_is_told(people: Personas) -> None:
    meet(people.lead, people.signatory, people.rival)
    make_application(people, call=closing(people))
    outage(95, 62)

    extend_for_outages(at=NOON - HOUR)

    assert [kinds(one) for one in (people.lead, people.signatory, people.rival)] == [
        ["funding.call_extended_by_outage"], ["funding.call_extended_by_outage"], [],
    ]  # fmt: skip
    assert Notification.objects.filter(recipient=people.lead).get().params["minutes"] == 40


@pytest.mark.usefixtures("english")
def test_everybody_reads_why_and_by_how_much(client: Client, people: Personas) -> None:
    call = closing(people)
    outage(95, 62)
    extend_for_outages(at=NOON - HOUR)

    page = client.get(call.get_absolute_url(), headers={"accept-language": "en"}).content.decode()

    assert page.count("40 分钟") + page.count("40 minutes") >= 1


def test_the_database_lets_an_outage_move_a_call_once(people: Personas) -> None:
    call, found = closing(people), outage(95, 62)
    facts = {"call": call, "outage": found, "minutes": 40, "closed_at": NOON, "closes_at": NOON + 40 * MINUTE}
    OutageExtension.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutageExtension.objects.create(**facts)


# --- the grace ---------------------------------------------------------------------------------
def test_at_work_is_who_was_seen_just_before_the_close() -> None:
    seen = [NOON - AT_WORK - MINUTE, NOON - AT_WORK, NOON - MINUTE, NOON, NOON + MINUTE]

    assert [was_at_work(closes_at=NOON, seen=[one, None]) for one in seen] == [False, True, True, False, False]


def test_who_saved_before_the_close_finishes_after_it(people: Personas) -> None:
    application = make_application(people, call=closing(people))
    edit(application, people, at=NOON - 10 * MINUTE)

    hand_in(application, people, NOON + 14 * MINUTE)

    assert application.status == S.SUBMITTED


def test_who_had_it_open_before_the_close_finishes_after_it(people: Personas) -> None:
    application = make_application(people, call=closing(people))

    hand_in(application, people, NOON + MINUTE, begun_at=NOON - MINUTE)

    assert (application.status, application.at_work_at) == (S.SUBMITTED, NOON - MINUTE)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("terms", "at", "begun_at"),
    [
        ({}, NOON + MINUTE, None),  # nobody was at work
        ({}, NOON + MINUTE, NOON + MINUTE / 2),  # opened after the close
        ({}, NOON + MINUTE, NOON - 3 * HOUR),  # long before it
        ({}, NOON + 15 * MINUTE, NOON - MINUTE),  # the grace is over
        ({"grace_minutes": 0}, NOON, NOON - MINUTE),  # there is none
    ],
)
def test_others_hear_that_the_call_is_closed(
    people: Personas, terms: dict[str, Any], at: datetime, begun_at: datetime | None
) -> None:
    application = make_application(people, call=closing(people, **terms))

    with pytest.raises(TransitionRefused) as refused:
        hand_in(application, people, at, begun_at)

    assert [str(reason) for reason in refused.value.reasons] == ["The call is not open."]
    application.refresh_from_db()
    assert (application.status, application.at_work_at) == (S.DRAFT, None)


def test_in_the_grace_nobody_starts_and_nothing_is_concluded(people: Personas) -> None:
    call = closing(people)
    with pytest.raises(TransitionRefused):
        start_application(call=call, consortium=ready_consortium(people), actor=people.lead, at=NOON + MINUTE)
    with pytest.raises(TransitionRefused):
        conclude_call(call=call, actor=people.head, at=NOON + 14 * MINUTE)
    assert conclude_call(call=call, actor=people.head, at=NOON + 15 * MINUTE).status == CallStatus.CONCLUDED


# --- the word that a page hands out ------------------------------------------------------------
def shortly(people: Personas) -> Application:
    """A draft whose call closes in an hour, by the database's clock."""
    now = database_now()
    return make_application(people, call=make_call(people, opens_at=now - DAY, closes_at=now + HOUR, grace_minutes=15))


def close(application: Application) -> None:
    """Half a minute ago, and after whatever was opened before."""
    Call.objects.filter(pk=application.call_id).update(closes_at=database_now() - timedelta(milliseconds=1))


def declare(client: Client, application: Application) -> int:
    return client.post(
        reverse("funding:application-submit", args=[application.pk]), dict.fromkeys(ALL, "on")
    ).status_code


def test_who_had_the_page_open_submits_in_the_grace(client: Client, people: Personas) -> None:
    application = shortly(people)
    client.force_login(people.signatory)
    client.get(application.get_absolute_url())
    close(application)

    page = client.get(reverse("funding:application-submit", args=[application.pk]))

    assert page.context["finishing"] == Call.objects.get().finishes_at
    assert declare(client, application) == 302
    application.refresh_from_db()
    assert application.status == S.SUBMITTED


@pytest.mark.parametrize("page", ["application-edit", "application-budget", "answers-edit"])
def test_every_page_on_which_one_writes_tells_of_the_grace(client: Client, people: Personas, page: str) -> None:
    form, now = make_form(people), database_now()
    call = make_call(people, opens_at=now - DAY, closes_at=now + HOUR, grace_minutes=15, form_version=form)
    application = make_application(people, call=call, form_version=form)
    section = {"application-edit": ["route"], "application-budget": [], "answers-edit": [form.design.sections[0].code]}
    url = reverse(f"funding:{page}", args=[application.pk, *section[page]])
    client.force_login(people.lead)
    before = client.get(url).content.decode()
    close(application)
    after = client.get(url)

    assert "15 分钟" in before
    assert (after.context["finishing"], "申报已截止。" in after.content.decode()) == (
        Call.objects.get().finishes_at,
        True,
    )


def test_who_opens_it_after_the_close_is_refused(client: Client, people: Personas) -> None:
    application = shortly(people)
    close(application)
    client.force_login(people.signatory)
    client.get(application.get_absolute_url())

    assert (declare(client, application), FINISHING in client.cookies) == (409, False)


def test_the_word_is_for_one_person_and_one_application(client: Client, people: Personas) -> None:
    application, other = shortly(people), shortly(people)
    client.force_login(people.lead)
    client.get(application.get_absolute_url())
    word = client.cookies[FINISHING]
    close(application)
    close(other)

    thief = Client()
    thief.force_login(people.signatory)
    thief.cookies[FINISHING] = word.value
    assert [declare(thief, one) for one in (application, other)] == [409, 409]
    assert (word["path"], word["httponly"]) == (application.get_absolute_url(), True)


@pytest.mark.parametrize("salt", ["", FINISHING, "finishing.x.y"])
def test_a_forged_word_says_nothing(client: Client, people: Personas, salt: str) -> None:
    application = shortly(people)
    begun = (database_now() - MINUTE).isoformat()
    close(application)
    client.force_login(people.signatory)
    client.cookies[FINISHING] = signing.TimestampSigner(key="forged", salt=salt).sign(begun) if salt else begun

    assert declare(client, application) == 409


def test_far_from_the_close_and_without_a_grace_nothing_is_handed_out(client: Client, people: Personas) -> None:
    now = timezone.now()
    client.force_login(people.lead)
    for terms in ({"closes_at": now + DAY, "grace_minutes": 15}, {"closes_at": now + HOUR}):
        client.get(make_application(people, call=make_call(people, opens_at=now - DAY, **terms)).get_absolute_url())

    assert FINISHING not in client.cookies


@pytest.mark.django_db(transaction=True)
def test_two_who_submit_at_once_in_the_grace_submit_once(people: Personas) -> None:
    application = make_application(people, call=closing(people))
    submitting = partial(hand_in, application, people, NOON + MINUTE, NOON - MINUTE)

    results = at_once(submitting, submitting)

    assert (refusals(results), Application.objects.get().status) == (1, S.SUBMITTED)
