"""Public notices, objections by anybody, and what becomes of them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from funding.enums import Action, ApplicationStatus, ObjectionStatus, ObjectorKind
from funding.models import Application, Objection, PublicNotice
from funding.rules.defaults import DEFAULT_RULES as RULES
from funding.rules.publicity import has_working_day, last_day
from funding.services.decisions import approve_application
from funding.services.notices import (
    continue_application,
    dismiss_objection,
    object_to_application,
    overturn_application,
    publicise_applications,
    record_objection,
    uphold_objection,
)
from portal.kernel.audit import sha256, trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import rival_consortium
from tests.factories.funding import make_application, make_call, make_notice, make_objection
from tests.personas import Personas

S = ApplicationStatus
TODAY = timezone.localdate(NOON)
pytestmark = pytest.mark.usefixtures("english")


def publicise(people: Personas, *applications: Any, actor: Any = None, call: Any = None, starts_on: Any = TODAY) -> Any:
    return publicise_applications(
        call=call or applications[0].call, applications=applications, title="样例拟立项公示",
        document_number="样科公示〔2026〕2号", starts_on=starts_on, actor=actor or people.officer, at=NOON,
    )  # fmt: skip


def in_notice(people: Personas, status: Any = S.PUBLICISED, **facts: Any) -> Any:
    """An application whose notice runs from today, the 18th, to the 24th."""
    call = make_call(people)
    notice = make_notice(people, call, starts_on=TODAY, ends_on=TODAY + timedelta(days=6))
    return make_application(people, status, call=call, notice=notice, **facts)


def record(application: Any, at: Any = NOON) -> Any:
    return record_objection(
        application=application, kind=ObjectorKind.PERSON, name="样例异议人", contact="0512-00000000",
        grounds="所列专利并非该联合体成员所有，请核实。", at=at,
    )  # fmt: skip


def shanghai(day: Any, hour: Any, minute: Any = 0, second: Any = 0) -> Any:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=timezone.get_default_timezone())


# --- the period --------------------------------------------------------------------------------
def test_seven_calendar_days_include_the_first() -> None:
    assert last_day(date(2026, 11, 18), RULES) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("start", "end", "open_"),
    [
        (date(2026, 2, 16), date(2026, 2, 22), False),  # Spring Festival
        (date(2026, 2, 16), date(2026, 2, 24), True),
        (date(2026, 11, 21), date(2026, 11, 22), False),  # a weekend
        (date(2026, 11, 20), date(2026, 11, 22), True),
    ],
)
def test_a_period_that_falls_wholly_on_days_off_is_known(start: Any, end: Any, open_: Any) -> None:
    assert has_working_day(start, end) is open_


# --- publishing --------------------------------------------------------------------------------
def test_publishing_freezes_rows_and_hash_and_tells_the_lead(people: Personas) -> None:
    lead, application = people.lead, make_application(people, S.DECIDED)

    notice = publicise(people, application)

    application.refresh_from_db()
    assert (application.status, application.notice) == (S.PUBLICISED, notice)
    assert (notice.starts_on, notice.ends_on, notice.published_by) == (TODAY, date(2026, 11, 24), people.officer)
    assert notice.rows == [{
        "application": str(application.pk), "number": application.number, "consortium": application.consortium.name,
        "lead": "样例领航科技有限公司", "district_zh": "昆山市", "district_en": "Kunshan", "sub_field_zh": "集成电路",
        "sub_field_en": "Integrated circuits", "tier": "A", "amount": "1550000.00",
    }]  # fmt: skip
    assert PublicNotice.objects.get().sha256 == sha256(PublicNotice.objects.get().canonical())
    assert Notification.objects.filter(recipient=lead, kind="funding.application_publicised").count() == 1


def test_a_later_change_of_the_consortium_does_not_change_the_notice(people: Personas) -> None:
    application = make_application(people, S.DECIDED)
    notice = publicise(people, application)
    name = application.consortium.name

    application.consortium.name = "样例更名联合体"
    application.consortium.save()

    assert PublicNotice.objects.get(pk=notice.pk).rows[0]["consortium"] == name


def test_several_applications_stand_in_one_notice_by_tier(people: Personas) -> None:
    call = make_call(people)
    second = make_application(people, S.DECIDED, call=call, decided_tier="B", decided_amount=Decimal(800_000))
    first = make_application(people, S.DECIDED, call=call, consortium=rival_consortium(people))

    notice = publicise(people, second, first)

    assert [row["number"] for row in notice.rows] == [first.number, second.number]
    assert trail(second).get(action=Action.PUBLICISE).facts["sha256"] == notice.sha256


@pytest.mark.parametrize("day", [TODAY + timedelta(days=61), date.max])
def test_a_notice_begins_soon(people: Personas, day: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        publicise(people, make_application(people, S.DECIDED), starts_on=day)

    assert refusal.value.message_dict == {"starts_on": ["A public notice begins within 60 days."]}
    assert publicise(people, make_application(people, S.DECIDED, consortium=rival_consortium(people)),
                     starts_on=TODAY + timedelta(days=60)).pk  # fmt: skip


def test_a_number_is_given_to_one_notice(people: Personas) -> None:
    publicise(people, make_application(people, S.DECIDED))
    other = make_application(people, S.DECIDED, consortium=rival_consortium(people))

    with pytest.raises(ValidationError) as refusal:
        publicise(people, other)

    assert refusal.value.message_dict == {"document_number": ["A public notice of this number exists already."]}
    assert (PublicNotice.objects.count(), Application.objects.get(pk=other.pk).status) == (1, S.DECIDED)


def test_the_same_objection_is_taken_once(people: Personas) -> None:
    application = in_notice(people)
    first = record(application)

    again = record(application, at=NOON + timedelta(hours=1))
    of_another = record_objection(
        application=application, kind=first.kind, name="样例异议人乙", contact="x", grounds=first.grounds, at=NOON
    )

    assert (again.pk, again.number) == (first.pk, first.number)
    assert of_another.number != first.number
    assert trail(first).filter(action=Action.RECORD_OBJECTION).count() == 1


@pytest.mark.parametrize("name", ["acceptance", "head", "leader", "finance", "supervisor", "expert", "lead"])
def test_only_an_officer_publishes(people: Personas, name: Any) -> None:
    with pytest.raises(PermissionDenied):
        publicise(people, make_application(people, S.DECIDED), actor=getattr(people, name))
    assert PublicNotice.objects.count() == 0


def test_one_application_in_another_state_stops_the_whole_notice(people: Personas) -> None:
    call = make_call(people)
    good = make_application(people, S.DECIDED, call=call)
    bad = make_application(people, S.GRADED, call=call, consortium=rival_consortium(people))

    with pytest.raises(TransitionRefused):
        publicise(people, good, bad)

    good.refresh_from_db()
    assert (good.status, PublicNotice.objects.count()) == (S.DECIDED, 0)


def test_nothing_is_published_into_the_past_or_empty_or_from_another_call(people: Personas) -> None:
    application = make_application(people, S.DECIDED)

    for facts in ({"starts_on": TODAY - timedelta(days=1)}, {"call": make_call(people)}):
        with pytest.raises(TransitionRefused):
            publicise(people, application, **facts)
    with pytest.raises(TransitionRefused, match="No application"):
        publicise(people, call=application.call)


def test_the_second_click_publishes_nothing(people: Personas) -> None:
    application = make_application(people, S.DECIDED)
    publicise(people, application)

    with pytest.raises(TransitionRefused):
        publicise(people, application)
    assert PublicNotice.objects.count() == 1


# --- objecting ---------------------------------------------------------------------------------
def test_an_objection_is_recorded_without_its_author_in_the_trail(people: Personas) -> None:
    told = {people.officer.pk, people.supervisor.pk}
    application = in_notice(people)

    objection = record(application)

    assert (objection.status, objection.received_at, objection.number) == (ObjectionStatus.OPEN, NOON, "YY-2026-0001")
    entry = trail(objection).get()
    assert (entry.actor, entry.action, entry.facts) == (None, Action.RECORD_OBJECTION, {"kind": "PERSON"})
    assert "样例异议人" not in f"{entry.subject_label}{entry.note}{entry.facts}"
    assert set(Notification.objects.values_list("recipient", flat=True)) == told
    application.refresh_from_db()
    assert application.status == S.PUBLICISED


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        (shanghai(18, 0), True),
        (shanghai(24, 23, 59, 59), True),
        (shanghai(25, 0), False),
        (shanghai(17, 23, 59, 59), False),
    ],
)
def test_objections_are_taken_from_the_first_to_the_last_day_in_shanghai(people: Personas, at: Any, taken: Any) -> None:
    application = in_notice(people)

    if taken:
        record(application, at)
    else:
        with pytest.raises(TransitionRefused, match="not running"):
            record(application, at)
    assert Objection.objects.count() == int(taken)


@pytest.mark.parametrize("status", [S.DECIDED, S.APPROVED, S.NOT_APPROVED])
def test_only_what_is_in_notice_can_be_objected_to(people: Personas, status: Any) -> None:
    application = in_notice(people, status) if status != S.DECIDED else make_application(people, S.DECIDED)

    with pytest.raises(TransitionRefused):
        record(application)


# --- handling ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["officer", "supervisor"])
def test_an_open_objection_is_taken_up(people: Personas, name: Any) -> None:
    application = in_notice(people)
    make_objection(application)

    object_to_application(application=application, actor=getattr(people, name), at=NOON + 10 * DAY)

    assert application.status == S.OBJECTED


def test_without_an_objection_there_is_nothing_to_take_up(people: Personas) -> None:
    with pytest.raises(TransitionRefused, match="no open objection"):
        object_to_application(application=in_notice(people), actor=people.officer, at=NOON)


@pytest.mark.parametrize("act", [dismiss_objection, uphold_objection])
def test_a_finding_follows_the_taking_up(people: Personas, act: Any) -> None:
    objection = make_objection(in_notice(people))

    with pytest.raises(TransitionRefused, match="taken up first"):
        act(objection=objection, actor=people.supervisor, finding="经查不属实。", at=NOON)


@pytest.mark.parametrize("name", ["officer", "head", "leader", "acceptance", "lead", "finance"])
@pytest.mark.parametrize("act", [dismiss_objection, uphold_objection])
def test_only_supervision_finds(people: Personas, name: Any, act: Any) -> None:
    objection = make_objection(in_notice(people, S.OBJECTED))

    with pytest.raises(PermissionDenied):
        act(objection=objection, actor=getattr(people, name), finding="经查。", at=NOON)


def test_dismissed_the_notice_goes_on_and_the_approval_is_free(people: Personas) -> None:
    application = in_notice(people, S.OBJECTED)
    objection = make_objection(application)

    dismiss_objection(objection=objection, actor=people.supervisor, finding="经查不属实。", at=NOON)
    continue_application(application=application, actor=people.supervisor, at=NOON)
    approve_application(
        application=application, actor=people.leader, document_number="样科〔2026〕12号", at=NOON + 7 * DAY
    )

    assert (objection.status, objection.handled_by, objection.finding) == (
        ObjectionStatus.DISMISSED,
        people.supervisor,
        "经查不属实。",
    )
    assert application.status == S.APPROVED


def test_upheld_the_decision_is_overturned_and_cannot_go_on(people: Personas) -> None:
    told = {people.lead.pk, people.signatory.pk, people.officer.pk, people.leader.pk}
    application = in_notice(people, S.OBJECTED)
    objection = make_objection(application)
    uphold_objection(objection=objection, actor=people.supervisor, finding="专利权属不符。", at=NOON)
    Notification.objects.all().delete()

    with pytest.raises(TransitionRefused, match="was upheld"):
        continue_application(application=application, actor=people.supervisor, at=NOON)
    overturn_application(application=application, actor=people.supervisor, note="专利权属不符，撤销拟立项。", at=NOON)

    assert (application.status, application.decision_note) == (S.NOT_APPROVED, "专利权属不符，撤销拟立项。")
    assert set(Notification.objects.values_list("recipient", flat=True)) == told


def test_nothing_is_overturned_without_an_upheld_objection(people: Personas) -> None:
    application = in_notice(people, S.OBJECTED)
    objection = make_objection(application)
    dismiss_objection(objection=objection, actor=people.supervisor, finding="经查不属实。", at=NOON)

    with pytest.raises(TransitionRefused, match="No objection was upheld"):
        overturn_application(application=application, actor=people.supervisor, note="", at=NOON)


def test_while_one_of_two_objections_is_open_nothing_goes_on(people: Personas) -> None:
    application = in_notice(people, S.OBJECTED)
    first, _second = make_objection(application), make_objection(application)
    dismiss_objection(objection=first, actor=people.supervisor, finding="经查不属实。", at=NOON)

    with pytest.raises(TransitionRefused, match="still open"):
        continue_application(application=application, actor=people.supervisor, at=NOON)


def test_a_second_objection_may_come_while_the_first_is_handled(people: Personas) -> None:
    application = in_notice(people, S.OBJECTED)
    make_objection(application, name="样例异议人乙")

    record(application)

    assert application.objections.open().count() == 2


def test_a_finding_needs_words_and_comes_once(people: Personas) -> None:
    objection = make_objection(in_notice(people, S.OBJECTED))

    with pytest.raises(TransitionRefused, match="state the finding"):
        dismiss_objection(objection=objection, actor=people.supervisor, finding="  ", at=NOON)
    dismiss_objection(objection=objection, actor=people.supervisor, finding="经查不属实。", at=NOON)
    with pytest.raises(TransitionRefused):
        uphold_objection(objection=objection, actor=people.supervisor, finding="改判。", at=NOON)


def test_objections_are_seen_by_those_who_handle_them_only(people: Personas) -> None:
    make_objection(in_notice(people))

    seen = {
        name: Objection.objects.visible_to(getattr(people, name)).count()
        for name in (
            "officer",
            "head",
            "leader",
            "supervisor",
            "acceptance",
            "finance",
            "lead",
            "expert",
            "district_officer",
        )
    }
    assert [name for name, count in seen.items() if count] == ["officer", "head", "leader", "supervisor"]


def test_the_database_refuses_a_finding_without_words_or_person(people: Personas) -> None:
    objection = make_objection(in_notice(people))

    for facts in ({"handled_by": people.supervisor}, {"finding": "经查。"}):
        with pytest.raises(IntegrityError, match="handled_means"), transaction.atomic():
            Objection.objects.filter(pk=objection.pk).update(status=ObjectionStatus.DISMISSED, **facts)


def test_the_database_refuses_a_notice_that_ends_before_it_begins(people: Personas) -> None:
    notice = make_notice(people, make_call(people))

    with pytest.raises(IntegrityError, match="notice_period_in_order"), transaction.atomic():
        PublicNotice.objects.filter(pk=notice.pk).update(ends_on=notice.starts_on - timedelta(days=1))


def test_the_database_refuses_an_application_in_notice_without_one(people: Personas) -> None:
    application = make_application(people, S.DECIDED)

    with pytest.raises(IntegrityError, match="publicised_means_notice"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(status=S.PUBLICISED)
