"""The credit check: supervision looks at integrity and double funding before any expert reads the application."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import Action, ApplicantStatus
from funding.enums import ApplicationStatus as S
from funding.models import Application, ApplicationReason
from funding.rules.credit_check import ITEMS
from funding.selectors.checks import check_list
from funding.selectors.credit_checks import credit_list, paid_already, records_in_force
from funding.selectors.timeline import told
from funding.services.applications import withdraw_application
from funding.services.checks import check_application
from funding.services.clearing import (
    clear_application,
    clear_applications,
    end_suspended_application,
    foreseen_clearing,
    resume_application,
    suspend_application,
)
from members.enums import IntegrityLevel
from members.models import RoleGrant
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from reports.selectors.workbench import waiting
from tests.clock import NOON
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.factories.funding import make_application, make_award, make_call
from tests.funding.steps import bar, kinds, passed, queries_of, recommended, sound
from tests.personas import Personas
from tests.races import at_once

pytestmark = pytest.mark.django_db


def waits(people: Personas, **facts: Any) -> Application:
    """An application that passed the formal check and waits for supervision."""
    return make_application(people, S.CREDIT_CHECKING, call=make_call(people, credit_step=True), **facts)


def found(application: Application) -> dict[str, str]:
    return {one.code: one.result for one in credit_list(application, records_in_force(application, NOON))}


def url(name: str, application: Application) -> str:
    return reverse(f"funding:application-{name}", args=[application.pk])


# --- the way there -----------------------------------------------------------------------------
def test_after_the_formal_check_supervision_is_next(people: Personas) -> None:
    people.supervisor, people.acceptance  # noqa: B018
    application = recommended(people, call=make_call(people, credit_step=True))
    Notification.objects.all().delete()

    check_application(application=application, actor=people.officer, at=NOON, items=passed(application))

    assert (application.status, application.applicant_status) == (S.CREDIT_CHECKING, ApplicantStatus.WITH_BUREAU)
    assert [kinds(one) for one in (people.supervisor, people.acceptance)] == [["funding.application_credit_due"], []]


@pytest.mark.parametrize(("credit_step", "result"), [(True, "NA"), (False, "")])
def test_double_funding_is_looked_at_once(people: Personas, credit_step: bool, result: str) -> None:
    application = recommended(people, call=make_call(people, credit_step=credit_step))
    assert {item.code: item.result for item in check_list(application, NOON)}["duplicate"] == result


def test_calls_from_before_go_on_without_it(people: Personas) -> None:
    field = Application.call.field.related_model._meta.get_field("credit_step")  # type: ignore[attr-defined]
    assert (field.default, field.db_default) == (True, False)


# --- the list ----------------------------------------------------------------------------------
def test_the_list_is_filled_in_as_far_as_the_records_tell(people: Personas) -> None:
    application = waits(people)
    assert found(application) == {"integrity": "PASS", "lesser": "NA", "credit": "", "duplicate": "", "recoveries": ""}

    bar(people.lead_org, IntegrityLevel.MINOR)
    assert found(application) == {**dict.fromkeys(ITEMS, ""), "integrity": "PASS"}

    bar(people.lead_org, IntegrityLevel.GRAVE)
    assert found(application)["integrity"] == "FAIL"


def test_the_records_of_every_member_count(people: Personas) -> None:
    application = recommended(people)
    bar(people.fund)
    assert [row.organisation for row in records_in_force(application, NOON)] == [people.fund]


def test_other_awards_of_the_members_are_shown(people: Personas) -> None:
    award = make_award(people)
    application = make_application(people, S.CREDIT_CHECKING, consortium=ready_consortium(people))
    assert list(paid_already(application, people.supervisor)) == [award]
    assert list(paid_already(award.application, people.supervisor)) == []


# --- passing -----------------------------------------------------------------------------------
def test_it_is_passed_on_to_the_acceptance_desk(people: Personas) -> None:
    people.acceptance  # noqa: B018
    application = waits(people)

    clear_application(
        application=application, actor=people.supervisor, at=NOON, items=sound(application), note="无异常。"
    )

    assert (application.status, application.credit_by, application.credit_at) == (S.CHECKED, people.supervisor, NOON)
    assert [item["code"] for item in application.credit_items] == list(ITEMS)
    assert kinds(people.acceptance) == ["funding.application_cleared"]
    assert trail(application)[0].facts["credit"] == application.credit_items


@pytest.mark.parametrize("who", ["officer", "head", "leader", "acceptance", "finance", "district_officer", "lead"])
def test_who_does_not_check_credit(people: Personas, who: str) -> None:
    application, actor = waits(people), getattr(people, who)
    items = sound(application)
    with pytest.raises(PermissionDenied):
        clear_application(application=application, actor=actor, at=NOON, items=items)
    with pytest.raises(PermissionDenied):
        suspend_application(application=application, actor=actor, at=NOON, items=items, note="待核实。")


def test_who_passed_the_formal_check_does_not_clear(people: Personas) -> None:
    application = waits(people)
    RoleGrant.objects.create(user=people.officer, role="SUPERVISOR", granted_at=NOON)
    both = type(people.officer).objects.get(pk=people.officer.pk)
    with pytest.raises(PermissionDenied):
        clear_application(application=application, actor=both, at=NOON, items=sound(application))


@pytest.mark.parametrize("result", ["", "FAIL"])
def test_nothing_open_or_failed_passes(people: Personas, result: str) -> None:
    application = waits(people)
    items = sound(application)
    items[-1]["result"] = result
    with pytest.raises(TransitionRefused):
        clear_application(application=application, actor=people.supervisor, at=NOON, items=items)
    application.refresh_from_db()
    assert application.status == S.CREDIT_CHECKING


@pytest.mark.parametrize("level", [IntegrityLevel.MINOR, IntegrityLevel.GRAVE])
def test_a_record_that_came_after_the_page_was_opened_stops_it(people: Personas, level: str) -> None:
    application = waits(people)
    items = sound(application)
    bar(people.lead_org, level)
    with pytest.raises(TransitionRefused) as refusal:
        clear_application(application=application, actor=people.supervisor, at=NOON, items=items)
    assert len(refusal.value.reasons) == 1


def test_the_second_click_is_refused(people: Personas) -> None:
    application = waits(people)
    items = sound(application)
    clear_application(application=application, actor=people.supervisor, at=NOON, items=items)
    with pytest.raises(TransitionRefused):
        clear_application(application=application, actor=people.supervisor, at=NOON, items=items)


# --- suspending --------------------------------------------------------------------------------
def test_a_suspension_is_told_to_the_bureau_and_not_to_the_applicant(people: Personas) -> None:
    people.officer, people.head, people.signatory  # noqa: B018
    application = waits(people)

    suspend_application(
        application=application, actor=people.supervisor, at=NOON, items=[], note="待核实。", reasons=["PAID_ELSEWHERE"]
    )

    assert (application.status, application.applicant_status) == (S.SUSPENDED, ApplicantStatus.WITH_BUREAU)
    assert [kinds(one) for one in (people.officer, people.head, people.signatory)] == [
        ["funding.application_suspended"], ["funding.application_suspended"], [],
    ]  # fmt: skip
    assert told(application) == []
    assert ApplicationReason.objects.get().get_code_display() == "同一内容已获其他资助"


def test_it_is_taken_up_again_and_checked_anew(people: Personas) -> None:
    application = make_application(people, S.SUSPENDED)
    items = sound(application)
    with pytest.raises(TransitionRefused):
        clear_application(application=application, actor=people.supervisor, at=NOON, items=items)

    resume_application(application=application, actor=people.supervisor, at=NOON, note="已核实。")
    assert application.status == S.CREDIT_CHECKING
    clear_application(application=application, actor=people.supervisor, at=NOON, items=items)
    assert application.status == S.CHECKED


def test_it_ends_with_a_reason_that_the_applicant_reads(people: Personas) -> None:
    people.signatory  # noqa: B018
    application = make_application(people, S.SUSPENDED)

    end_suspended_application(application=application, actor=people.supervisor, at=NOON, note="重复资助属实。")

    assert (application.status, application.applicant_status) == (S.NOT_APPROVED, ApplicantStatus.NOT_SUPPORTED)
    assert told(application)[0].note == "重复资助属实。"
    assert kinds(people.signatory) == ["funding.application_credit_failed"]


@pytest.mark.parametrize(
    ("act", "status"),
    [(suspend_application, S.CREDIT_CHECKING), (resume_application, S.SUSPENDED),
     (end_suspended_application, S.SUSPENDED)],
)  # fmt: skip
def test_each_needs_a_reason(people: Personas, act: Any, status: str) -> None:
    application = make_application(people, status)
    facts = {"items": []} if act is suspend_application else {}
    with pytest.raises(TransitionRefused):
        act(application=application, actor=people.supervisor, at=NOON, note=" ", **facts)
    application.refresh_from_db()
    assert application.status == status


def test_what_is_suspended_can_be_withdrawn(people: Personas) -> None:
    application = make_application(people, S.SUSPENDED)
    withdraw_application(application=application, actor=people.signatory, at=NOON, note="战略调整。")
    assert application.status == S.WITHDRAWN
    assert kinds(people.supervisor) == ["funding.application_withdrawn"]


@pytest.mark.django_db(transaction=True)
def test_one_clears_while_another_suspends(people: Personas) -> None:
    application = waits(people)
    items, supervisor = sound(application), people.supervisor

    def clear() -> str:
        return _try(lambda: clear_application(application=fresh(application), actor=supervisor, at=NOON, items=items))

    def suspend() -> str:
        return _try(
            lambda: suspend_application(
                application=fresh(application), actor=supervisor, at=NOON, items=items, note="待核实。"
            )
        )

    assert sorted(at_once(clear, suspend)) == ["done", "refused"]
    assert trail(application).filter(action__in=[Action.CLEAR, Action.SUSPEND]).count() == 1


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def _try(act: Any) -> str:
    try:
        act()
    except TransitionRefused:
        return "refused"
    return "done"


# --- several at once ---------------------------------------------------------------------------
def test_several_pass_each_in_a_transaction_of_its_own(people: Personas) -> None:
    good, barred = waits(people), waits(people, consortium=rival_consortium(people))
    suspended = make_application(people, S.SUSPENDED, consortium=ready_consortium(people))
    bar(people.rival_org, IntegrityLevel.MINOR)
    chosen = [good, barred, suspended]

    expected = [not foreseen_clearing(application=one, actor=people.supervisor, at=NOON) for one in chosen]
    outcomes = clear_applications(applications=chosen, actor=people.supervisor, at=NOON, note="批量。")

    assert [one.passed for one in outcomes] == expected == [True, False, False]
    assert [fresh(one).status for one in chosen] == [S.CHECKED, S.CREDIT_CHECKING, S.SUSPENDED]


def test_the_list_offers_it_to_supervision(people: Personas, sign_in: Any) -> None:
    application, early = waits(people), make_application(people, S.RECOMMENDED, consortium=ready_consortium(people))
    client, bulk = sign_in(people.supervisor), reverse("funding:application-bulk-clear")
    query = f"?ids={application.pk}&ids={early.pk}"

    listed = client.get(reverse("funding:application-list") + "?tab=credit")
    preview = client.get(bulk + query)
    careless = client.post(bulk + query, {"note": ""})
    done = client.post(bulk + query, {"looked": "on"})

    assert (bulk in listed.text, [line["row"].pk for line in listed.context["lines"]]) == (True, [application.pk])
    assert sorted(line.passed for line in preview.context["lines"]) == [False, True]
    assert (list(careless.context["form"].errors), done.context["passed"]) == (["looked"], 1)
    assert sign_in(people.officer).get(bulk + query).status_code == 403


# --- the pages ---------------------------------------------------------------------------------
def test_the_page_tells_records_awards_and_the_list(people: Personas, sign_in: Any) -> None:
    application = waits(people)
    record, client = bar(people.lead_org, IntegrityLevel.MINOR), sign_in(people.supervisor)

    page = client.get(url("clear", application))
    answers = {f"result_{code}": "PASS" for code in ITEMS}
    refused = client.post(url("clear", application), {**answers, "result_lesser": ""})
    done = client.post(url("clear", application), {**answers, "note_lesser": "已整改"})

    application.refresh_from_db()
    assert (page.status_code, record.behaviour in page.text) == (200, True)
    assert (refused.status_code, done.status_code, application.status) == (409, 302, S.CHECKED)
    officer = sign_in(people.officer).get(application.get_absolute_url())
    assert [line["note"] for line in officer.context["credit_lines"] if line["note"]] == ["已整改"]


def test_suspended_resumed_suspended_and_ended_by_the_pages(people: Personas, sign_in: Any) -> None:
    application, client = waits(people), sign_in(people.supervisor)
    note = {"note": "待核实。", "reasons": "PAID_ELSEWHERE"}
    steps = [("suspend", {}, 200), ("suspend", note, 302), ("resume", note, 302), ("suspend", note, 302),
             ("end-suspended", {"note": ""}, 200), ("end-suspended", note, 302), ("resume", note, 409)]  # fmt: skip

    assert [client.post(url(name, application), typed).status_code for name, typed, _code in steps] == [
        code for _name, _typed, code in steps
    ]
    application.refresh_from_db()
    assert application.status == S.NOT_APPROVED


def test_the_workbench_counts_what_waits(people: Personas) -> None:
    waits(people)
    make_application(people, S.SUSPENDED, consortium=ready_consortium(people))
    counted = {one.duty.icon: one.count.value for one in waiting(people.supervisor, NOON)}
    assert counted == {"shield-check": 1, "player-pause": 1}


def test_the_page_asks_no_more_for_many_records(people: Personas, sign_in: Any) -> None:
    application, client = waits(people), sign_in(people.supervisor)
    client.get(url("clear", application))
    bar(people.lead_org, IntegrityLevel.MINOR)
    one = len(queries_of(client, url("clear", application)))
    for _ in range(3):
        bar(people.lead_org, IntegrityLevel.MINOR)
    assert len(queries_of(client, url("clear", application))) == one


# --- what is always true -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("suspended_means_reason", {"status": S.SUSPENDED}),
        ("formal_checker_does_not_clear", {"credit_by": "checked_by"}),
    ],
)
def test_the_database_holds_it(people: Personas, constraint: str, facts: dict[str, Any]) -> None:
    application = waits(people)
    values = {name: getattr(application, value) if value == "checked_by" else value for name, value in facts.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(**values)
