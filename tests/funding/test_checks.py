"""The formal check by the bureau."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from funding.enums import ApplicantStatus, ApplicationStatus, CheckResult
from funding.models import Application
from funding.rules.declarations import VERSION
from funding.rules.formal_check import ITEMS
from funding.selectors.checks import check_list
from funding.selectors.snapshots import compose
from funding.selectors.timeline import told
from funding.services.checks import (
    check_application,
    check_applications,
    foreseen,
    reject_application,
    request_correction,
)
from members.enums import IntegrityLevel
from portal.kernel.audit import sha256
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import (
    ready_consortium,
    rival_consortium,
)
from tests.factories.funding import make_application
from tests.funding.steps import ALL, bar, kinds, passed, recommended
from tests.personas import Personas

S = ApplicationStatus
pytestmark = pytest.mark.django_db


def test_the_list_is_filled_in_as_far_as_the_portal_can_tell(people: Personas) -> None:
    items = check_list(recommended(people), NOON)
    assert [item.code for item in items] == list(ITEMS)
    assert {item.code: item.result for item in items if item.automatic} == {
        "lead": "PASS", "integrity": "PASS", "members": "PASS", "agreement": "PASS", "technologies": "PASS",
        "amount": "PASS", "declarations": "PASS", "recommendation": "PASS", "deviations": "NA",
    }  # fmt: skip
    assert [item.result for item in items if not item.automatic] == ["", "", ""]


def test_a_record_that_came_meanwhile_fails_the_item(people: Personas) -> None:
    application = recommended(people)
    bar(people.fund, IntegrityLevel.GRAVE)
    assert [item.code for item in check_list(application, NOON) if item.failed] == ["integrity"]


@pytest.mark.parametrize("who", ["acceptance", "officer"])
def test_the_formal_check_is_passed(people: Personas, who: str) -> None:
    people.acceptance  # noqa: B018
    application, actor = recommended(people), getattr(people, who)
    Notification.objects.all().delete()

    check_application(application=application, actor=actor, at=NOON, items=passed(application), note="齐全。")

    assert (application.status, application.checked_by, application.checked_at) == (S.CHECKED, actor, NOON)
    assert len(application.check_items) == len(ITEMS)
    assert kinds(people.acceptance) == ["funding.application_checked"]


@pytest.mark.parametrize("who", ["head", "leader", "district_officer", "finance", "signatory"])
def test_who_does_not_check(people: Personas, who: str) -> None:
    application = recommended(people)
    with pytest.raises(PermissionDenied):
        check_application(application=application, actor=getattr(people, who), at=NOON, items=passed(application))


@pytest.mark.parametrize("result", ["", CheckResult.FAIL])
def test_nothing_open_or_failed_passes(people: Personas, result: str) -> None:
    application = recommended(people)
    items = passed(application)
    items[-1]["result"] = result
    with pytest.raises(TransitionRefused):
        check_application(application=application, actor=people.officer, at=NOON, items=items)
    application.refresh_from_db()
    assert application.status == S.RECOMMENDED


def test_the_second_check_is_refused(people: Personas) -> None:
    application = recommended(people)
    items = passed(application)
    check_application(application=application, actor=people.officer, at=NOON, items=items)
    with pytest.raises(TransitionRefused):
        check_application(application=application, actor=people.acceptance, at=NOON, items=items)
    application.refresh_from_db()
    assert application.checked_by == people.officer


def test_the_formal_check_is_failed_with_a_reason(people: Personas) -> None:
    people.signatory  # noqa: B018
    application = recommended(people)
    with pytest.raises(TransitionRefused):
        reject_application(application=application, actor=people.officer, at=NOON, items=[], note="")

    reject_application(application=application, actor=people.officer, at=NOON, items=[], note="重复资助。")

    assert (application.status, application.check_note) == (S.REJECTED, "重复资助。")
    assert told(application)[0].note == "重复资助。"


def test_a_correction_is_requested(people: Personas) -> None:
    application = recommended(people)
    items = [{"code": "files", "result": "FAIL", "note": "缺盖章页", "automatic": False}]

    request_correction(application=application, actor=people.acceptance, at=NOON, items=items, note="请补盖章页。")

    assert (application.status, application.correction_due) == (S.RETURNED, date(2026, 11, 25))
    assert (application.return_note, application.check_items) == ("请补盖章页。", items)
    assert application.applicant_status == ApplicantStatus.RETURNED


def test_several_pass_each_in_a_transaction_of_its_own(people: Personas) -> None:
    good, sanctioned = recommended(people), rival_application(people)
    bar(people.rival_org)
    early = make_application(people, S.SUBMITTED, consortium=ready_consortium(people))

    outcomes = check_applications(applications=[good, sanctioned, early], actor=people.officer, at=NOON, note="批量。")

    assert [outcome.passed for outcome in outcomes] == [True, False, False]
    assert [Application.objects.get(pk=one.pk).status for one in (good, sanctioned, early)] == [
        S.CHECKED, S.RECOMMENDED, S.SUBMITTED,
    ]  # fmt: skip


def rival_application(people: Personas) -> Application:
    application = make_application(people, S.RECOMMENDED, consortium=rival_consortium(people))
    application.snapshot = compose(application)
    application.declarations = {"version": VERSION, "accepted": ALL}
    application.snapshot_hash = sha256(application.snapshot)
    application.save()
    return application


def test_the_preview_foresees_what_will_be_refused_and_changes_nothing(people: Personas) -> None:
    application = recommended(people)
    assert foreseen(application=application, actor=people.officer, at=NOON) == []
    assert len(foreseen(application=application, actor=people.leader, at=NOON)) == 1
    bar(people.lead_org)
    assert len(foreseen(application=application, actor=people.officer, at=NOON)) == 1
    assert Application.objects.get(pk=application.pk).status == S.RECOMMENDED
