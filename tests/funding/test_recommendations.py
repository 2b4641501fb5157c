"""What the district does with an application."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from funding.enums import ApplicantStatus, ApplicationStatus
from funding.selectors.timeline import timeline, told
from funding.services.applications import (
    attach_file,
)
from funding.services.checks import (
    request_correction,
)
from funding.services.recommendations import decline_recommendation, recommend_application, return_application
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.funding import make_application
from tests.funding.steps import edit, kinds, pdf, submit
from tests.personas import Personas

S = ApplicationStatus
pytestmark = pytest.mark.django_db


def test_the_district_recommends(people: Personas) -> None:
    people.acceptance, people.officer, people.lead, people.signatory  # noqa: B018
    application = make_application(people, S.SUBMITTED)

    recommend_application(application=application, actor=people.district_officer, at=NOON, opinion="同意推荐。")

    assert (application.status, application.opinion) == (S.RECOMMENDED, "同意推荐。")
    assert (application.recommended_by, application.recommended_at) == (people.district_officer, NOON)
    assert (kinds(people.acceptance), kinds(people.signatory)) == (
        ["funding.application_recommended"], ["funding.application_recommended_lead"],
    )  # fmt: skip


@pytest.mark.parametrize("who", ["other_district_officer", "officer", "acceptance", "leader", "lead"])
def test_only_its_own_district_recommends(people: Personas, who: str) -> None:
    application = make_application(people, S.SUBMITTED)
    with pytest.raises(PermissionDenied):
        recommend_application(application=application, actor=getattr(people, who), at=NOON, opinion="同意。")


def test_an_opinion_is_written(people: Personas) -> None:
    application = make_application(people, S.SUBMITTED)
    with pytest.raises(TransitionRefused):
        recommend_application(application=application, actor=people.district_officer, at=NOON, opinion=" ")


def test_the_second_recommendation_is_refused(people: Personas) -> None:
    application = make_application(people, S.SUBMITTED)
    recommend_application(application=application, actor=people.district_officer, at=NOON, opinion="同意。")
    with pytest.raises(TransitionRefused):
        recommend_application(application=application, actor=people.district_officer, at=NOON, opinion="再同意。")


def test_the_district_does_not_recommend(people: Personas) -> None:
    application = make_application(people, S.SUBMITTED)
    with pytest.raises(TransitionRefused):
        decline_recommendation(application=application, actor=people.district_officer, at=NOON, note="")

    decline_recommendation(application=application, actor=people.district_officer, at=NOON, note="方向不符。")

    assert (application.status, application.applicant_status) == (S.NOT_RECOMMENDED, ApplicantStatus.NOT_SUPPORTED)
    assert told(application)[0].note == "方向不符。"


def test_the_district_returns_it_with_a_term_in_working_days(people: Personas) -> None:
    people.lead  # noqa: B018
    application = make_application(people, S.SUBMITTED)

    return_application(application=application, actor=people.district_officer, at=NOON, note="请补充数据。")

    assert (application.status, application.return_note) == (S.RETURNED, "请补充数据。")
    assert (application.correction_due, application.returned_count) == (date(2026, 11, 25), 1)
    assert kinds(people.lead) == ["funding.application_returned"]


def test_a_correction_is_submitted_again_and_the_trail_names_what_changed(people: Personas) -> None:
    application = submit(make_application(people), people)
    before = application.snapshot_hash
    return_application(application=application, actor=people.district_officer, at=NOON, note="请补充。")

    edit(application, people, "route", values={"route": "更细的路线。"})
    attach_file(application=application, actor=people.lead, at=NOON, upload=pdf(), label="补充")
    submit(application, people, at=NOON + DAY)

    facts = trail(application).first().facts
    assert (facts["previous_sha256"], facts["sha256"]) == (before, application.snapshot_hash)
    assert facts["changed"] == ["route", "files"]
    assert before != application.snapshot_hash
    assert (application.correction_due, application.returned_count) == (None, 1)
    with translation.override("en"):
        assert timeline(application)[0].note == "Changed since the last submission: Technical route, Files"


def test_a_correction_may_come_after_the_call_has_closed_but_not_after_its_term(people: Personas) -> None:
    at = NOON + 13 * DAY
    late = submit(make_application(people), people, at=at)
    return_application(application=late, actor=people.district_officer, at=at, note="请补充。")
    due = late.correction_due
    assert due == date(2026, 12, 8)
    with pytest.raises(TransitionRefused):
        submit(late, people, at=NOON + 21 * DAY)  # the 9th
    assert submit(late, people, at=NOON + 20 * DAY).status == S.SUBMITTED  # the 8th, the call is closed


def test_a_new_round_forgets_the_old_opinion(people: Personas) -> None:
    application = submit(make_application(people), people)
    recommend_application(application=application, actor=people.district_officer, at=NOON, opinion="同意。")
    request_correction(application=application, actor=people.officer, at=NOON, items=[], note="缺附件。")
    submit(application, people, at=NOON)
    assert (application.opinion, application.recommended_by, application.recommended_at) == ("", None, None)
    assert (application.check_items, application.check_note) == ([], "")
