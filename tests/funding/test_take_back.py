"""Taken back for editing: by the signatory, until the first desk has opened it; the receipt stays."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funding.enums import Action, ApplicationStatus
from funding.models import Application, TakenBack
from funding.services.applications import open_application, take_back_application
from funding.services.recommendations import return_application
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import meet
from tests.factories.funding import make_application, make_call
from tests.funding.steps import edit, kinds, open_call, submit
from tests.personas import Personas
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db
S = ApplicationStatus


def submitted(people: Personas, **terms: Any) -> Application:
    return submit(make_application(people, call=make_call(people, **terms)), people)


def take_back(application: Application, people: Personas, **facts: Any) -> Application:
    return take_back_application(
        application=application, actor=facts.get("actor", people.signatory), at=facts.get("at", NOON)
    )


@pytest.mark.parametrize("district_step", [True, False])
def test_it_is_a_draft_again_and_the_receipt_stays(people: Personas, district_step: bool) -> None:
    application = submitted(people, district_step=district_step)
    receipt = (application.submitted_at, application.submitted_by, application.snapshot_hash, application.snapshot)

    take_back(application, people)

    assert (application.status, application.submitted_at, application.snapshot_hash) == (S.DRAFT, None, "")
    kept = TakenBack.objects.get()
    assert (kept.submitted_at, kept.submitted_by, kept.snapshot_hash, kept.snapshot) == receipt
    assert trail(application)[0].facts["sha256"] == kept.snapshot_hash


def test_it_is_edited_and_submitted_again(people: Personas) -> None:
    application = take_back(submitted(people), people)

    edit(application, people, values={"objective": "改过的目标。"})
    submit(application, people)

    assert application.snapshot is not None
    assert (application.status, application.snapshot["application"]["objective"]) == (S.SUBMITTED, "改过的目标。")
    assert (application.previous_snapshot, application.returned_count) == (None, 0)


def test_officials_see_nothing_of_it_meanwhile(people: Personas) -> None:
    application = take_back(submitted(people), people)

    assert [Application.objects.visible_to(one).count() for one in (people.officer, people.district_officer)] == [0, 0]
    assert Application.objects.visible_to(people.lead).get() == application


def test_the_first_desk_is_told(people: Personas) -> None:
    meet(people.district_officer, people.acceptance)
    take_back(submitted(people), people)

    assert "funding.application_taken_back" in kinds(people.district_officer)
    assert kinds(people.acceptance) == []


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("district_step", "who", "stands"),
    [
        (True, "district_officer", True), (True, "officer", False), (True, "other_district_officer", False),
        (False, "officer", True), (False, "acceptance", True), (False, "district_officer", False),
    ],
)  # fmt: skip
def test_once_the_first_desk_has_opened_it_it_stands(
    people: Personas, district_step: bool, who: str, stands: bool
) -> None:
    application = submitted(people, district_step=district_step)

    first = [open_application(application=application, actor=getattr(people, who), at=NOON) for _ in range(2)]

    application.refresh_from_db()
    assert (first, application.opened_at is not None) == ([stands, False], stands)
    if not stands:
        assert take_back(application, people).status == S.DRAFT
        return
    assert application.opened_by == getattr(people, who)
    with pytest.raises(TransitionRefused, match="opened by an official already"):
        take_back(application, people)


@pytest.mark.usefixtures("english")
def test_after_the_close_what_was_submitted_stands(people: Personas) -> None:
    application = submitted(people)
    with pytest.raises(TransitionRefused, match="The call has closed"):
        take_back(application, people, at=NOON + 15 * DAY)


@pytest.mark.usefixtures("english")
def test_a_correction_is_not_taken_back(people: Personas) -> None:
    application = submitted(people)
    return_application(
        application=application, actor=people.district_officer, at=NOON, note="请补充。", parts=["route"], reasons=[]
    )
    submit(application, people)

    with pytest.raises(TransitionRefused, match="corrected application"):
        take_back(application, people)


def test_what_the_district_has_passed_on_is_not_taken_back(people: Personas) -> None:
    application = make_application(people, S.RECOMMENDED)
    with pytest.raises(TransitionRefused):
        take_back(application, people)


@pytest.mark.parametrize("who", ["lead", "rival", "officer", "district_officer", "university_confirmer"])
def test_nobody_but_the_signatory_takes_it_back(people: Personas, who: str) -> None:
    application = submitted(people)
    with pytest.raises(PermissionDenied):
        take_back(application, people, actor=getattr(people, who))


def test_the_second_click_is_refused(people: Personas) -> None:
    application = submitted(people)
    take_back(application, people)
    with pytest.raises(TransitionRefused):
        take_back(application, people)
    assert TakenBack.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_opened_and_taken_back_at_once_one_of_them_wins(people: Personas) -> None:
    application = submitted(people)
    reader = people.district_officer

    results = at_once(
        partial(take_back, application, people),
        partial(open_application, application=Application.objects.get(), actor=reader, at=NOON),
    )

    now = Application.objects.get()
    taken = now.status == S.DRAFT
    assert (refusals(results), results[1], now.opened_at is None) == (0 if taken else 1, not taken, taken)


def test_the_database_wants_a_fingerprint(people: Personas) -> None:
    application = submitted(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        TakenBack.objects.create(
            application=application, submitted_by=people.lead, submitted_at=NOON, snapshot={}, taken_back_by=people.lead
        )


# --- pages -------------------------------------------------------------------------------------
def test_the_page_of_the_application_leads_to_it(client: Client, people: Personas) -> None:
    application = submit(make_application(people, call=open_call(people)), people, at=timezone.now())
    url = reverse("funding:application-take-back", args=[application.pk])
    client.force_login(people.signatory)
    assert url in client.get(application.get_absolute_url()).content.decode()

    answer = client.post(url)

    kept = TakenBack.objects.get()
    version = reverse("funding:application-taken-back", args=[application.pk, kept.pk])
    assert (answer.status_code, answer.headers["Location"]) == (302, application.get_absolute_url())
    assert version in client.get(application.get_absolute_url()).content.decode()
    assert kept.snapshot_hash in client.get(version).content.decode()


def test_what_was_taken_back_is_not_read_by_the_desks(client: Client, people: Personas) -> None:
    application = take_back(submitted(people), people)
    submit(application, people)
    version = reverse("funding:application-taken-back", args=[application.pk, TakenBack.objects.get().pk])

    found = {}
    for who in ("lead", "supervisor", "district_officer", "officer", "rival"):
        client.force_login(getattr(people, who))
        found[who] = client.get(version).status_code

    assert found == {"lead": 200, "supervisor": 200, "district_officer": 404, "officer": 404, "rival": 404}


@pytest.mark.parametrize("page", ["application-detail", "application-print", "application-recommend"])
def test_the_first_look_of_the_district_is_noted(client: Client, people: Personas, page: str) -> None:
    application = submitted(people)
    url = reverse(f"funding:{page}", args=[application.pk])
    for who in ("officer", "lead", "district_officer", "district_officer"):
        client.force_login(getattr(people, who))
        client.get(url)

    application.refresh_from_db()
    assert application.opened_by == people.district_officer
    assert [entry.action for entry in trail(application)].count(Action.OPEN) == 1


def test_a_new_submission_is_opened_anew(people: Personas) -> None:
    application = submitted(people)
    open_application(application=application, actor=people.district_officer, at=NOON)
    return_application(
        application=application, actor=people.district_officer, at=NOON, note="请补充。", parts=["route"], reasons=[]
    )

    submit(application, people)

    assert (application.opened_by, application.opened_at) == (None, None)
