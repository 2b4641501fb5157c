"""Rehearsals: everything can be practised, nothing of it counts, and it goes without a trace but the trail."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from consortia.enums import ConsortiumStatus
from funding.enums import Action, ApplicationStatus, CallStatus
from funding.models import (
    Application,
    ApplicationFile,
    Award,
    Call,
    Objection,
    PublicNotice,
    RecommendationList,
    Review,
)
from funding.services.applications import start_application
from funding.services.awards import create_award
from funding.services.calls import conclude_call, create_call, publish_call, update_call
from funding.services.decisions import approve_application
from funding.services.notices import record_objection
from funding.services.recommendation_lists import close_recommendations
from funding.services.recommendations import recommend_application
from funding.services.rehearsals import delete_rehearsal
from members.enums import Role
from portal.kernel import files
from portal.kernel.audit import trail
from portal.kernel.models import Attachment, AuditEntry, Counter, Notification
from portal.kernel.workflow import TransitionRefused
from reports.exporters import REPORTS
from tests.authorization.sweep import names
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, meet, ready_consortium
from tests.factories.funding import (
    make_application,
    make_call,
    make_notice,
    make_objection,
    make_question,
    make_review,
)
from tests.funding.steps import pdf, submit
from tests.funding.test_calls import facts, typed
from tests.personas import Personas

pytestmark = pytest.mark.django_db
S = ApplicationStatus
TITLE = "演练标记批次"
# Three letters alone would also stand, once in a while, in a token made by chance.
MARKS = ("YL-2026-", "YL-YY-", "YL-样科", TITLE)


def rehearsal(people: Personas, **changes: Any) -> Call:
    return make_call(people, rehearsal=True, title=TITLE, document_number="YL-样科〔2026〕1号", **changes)


def practised(people: Personas) -> Call:
    """One with an application in every state, and all that comes with them."""
    now = timezone.now()
    call = rehearsal(people, opens_at=now - 30 * DAY, closes_at=now + DAY)
    today = timezone.localdate()
    for n, status in enumerate(S.values):
        notice = make_notice(
            people, call, title=f"{TITLE}公示{n}", document_number=f"YL-{n}", starts_on=today, ends_on=today
        )
        application = make_application(
            people, status, call=call, consortium=make_consortium(people), number=f"YL-2026-{n:04d}",
            **({"notice": notice} if status in {S.PUBLICISED, S.OBJECTED, S.APPROVED} else {}),
        )  # fmt: skip
        if status in {S.PUBLICISED, S.OBJECTED}:
            make_objection(application, number=f"YL-YY-2026-{n:04d}")
        if status == S.REVIEWING:
            make_review(application, people.experts[0], people)
    make_question(people, call, text=f"{TITLE}问题")
    RecommendationList.everything.create(call=call, district_id=make_consortium(people).district_id)
    return call


# --- the call ----------------------------------------------------------------------------------
def test_a_rehearsal_takes_no_number_of_what_counts(people: Personas) -> None:
    first = create_call(actor=people.officer, at=NOON, facts=facts(rehearsal=True))
    second = create_call(actor=people.officer, at=NOON, facts=facts(rehearsal=True))
    live = create_call(actor=people.officer, at=NOON, facts=facts())

    assert (first.batch, second.batch, live.batch, live.round) == (10_000, 10_001, 7, 1)
    published = publish_call(call=first, actor=people.officer, at=NOON, document_number="样科〔2026〕1号")
    assert published.document_number == "YL-样科〔2026〕1号"


def test_a_draft_turns_into_a_rehearsal_and_back(people: Personas) -> None:
    call = create_call(actor=people.officer, at=NOON, facts=facts())
    update_call(call=call, actor=people.officer, at=NOON, facts={"rehearsal": True})
    call.refresh_from_db()
    number = call.batch
    update_call(call=call, actor=people.officer, at=NOON, facts={"title": "样例", "batch": 8})
    call.refresh_from_db()
    assert (call.rehearsal, number > 9999, call.batch) == (True, True, number)

    update_call(call=call, actor=people.officer, at=NOON, facts={"rehearsal": False, "batch": 8, "round": 2})

    call.refresh_from_db()
    assert (call.rehearsal, call.batch, call.round) == (False, 8, 2)


def test_what_is_published_stays_what_it_is(people: Personas) -> None:
    call = make_call(people)
    with pytest.raises(TransitionRefused):
        update_call(call=call, actor=people.officer, at=NOON, facts={"rehearsal": True})


def test_the_database_keeps_the_numbers_apart(people: Personas) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_call(people, rehearsal=True, batch=8, round=8)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_call(people, batch=10_001)


def test_the_form_makes_one_whatever_batch_stands_there(client: Client, people: Personas) -> None:
    make_call(people, batch=7, round=1)
    client.force_login(people.officer)

    client.post(reverse("funding:call-create"), typed(rehearsal="on"))

    assert Call.everything.filter(rehearsal=True, status=CallStatus.DRAFT, batch__gt=9999).count() == 1


@pytest.mark.usefixtures("english")
def test_a_document_number_is_not_cut_to_make_room(people: Personas) -> None:
    call = create_call(actor=people.officer, at=NOON, facts=facts(rehearsal=True))

    with pytest.raises(ValidationError) as refused:
        publish_call(call=call, actor=people.officer, at=NOON, document_number="号" * 38)

    assert refused.value.message_dict == {"document_number": ["At most 40 characters, “YL-” included."]}


# --- practice ----------------------------------------------------------------------------------
def test_it_runs_beside_what_counts_and_takes_no_number(people: Personas) -> None:
    consortium = ready_consortium(people)
    live = start_application(call=make_call(people), consortium=consortium, actor=people.lead, at=NOON)

    practice = start_application(call=rehearsal(people), consortium=consortium, actor=people.lead, at=NOON)

    assert (live.number, practice.number) == ("2026-0001", "YL-2026-0001")
    assert Counter.objects.get(series="application-2026").value == 1


@pytest.mark.usefixtures("english")
def test_one_of_a_consortium_runs_in_rehearsals_too(people: Personas) -> None:
    consortium = ready_consortium(people)
    start_application(call=rehearsal(people), consortium=consortium, actor=people.lead, at=NOON)

    with pytest.raises(TransitionRefused, match="YL-2026-0001 is still running"):
        start_application(call=rehearsal(people), consortium=consortium, actor=people.lead, at=NOON)


def test_the_way_to_the_recommendation_list_is_practised(people: Personas) -> None:
    meet(people.district_officer)
    call = rehearsal(people)
    application = submit(make_application(people, call=call, number="YL-2026-0009"), people)
    recommend_application(application=application, actor=people.district_officer, at=NOON, opinion="同意。")
    listing = RecommendationList.everything.get(call=call)

    closed = close_recommendations(listing=listing, actor=people.district_officer, at=NOON + 15 * DAY)

    assert closed.number == f"YL-2026-{call.batch}-320583"
    told = Notification.objects.filter(recipient=people.district_officer).values_list("params__number", flat=True)
    assert list(told) == ["YL-2026-0009"]


def test_an_approval_gives_no_money_and_no_status(people: Personas) -> None:
    application = make_application(people, S.PUBLICISED, call=rehearsal(people))

    approve_application(application=application, actor=people.second_leader, document_number="样科〔2026〕9号", at=NOON)

    application.consortium.refresh_from_db()
    assert (application.status, application.consortium.status) == (S.APPROVED, ConsortiumStatus.PREPARING)
    assert Award.objects.count() == 0
    with pytest.raises(ValueError, match="is a rehearsal"):
        create_award(application=application, actor=people.leader, document_number="样", at=NOON)


def test_an_objection_takes_no_number_of_what_counts(people: Personas) -> None:
    call = rehearsal(people)
    today = timezone.localdate(NOON)
    notice = make_notice(people, call, starts_on=today, ends_on=today)
    application = make_application(people, S.PUBLICISED, call=call, notice=notice)

    objection = record_objection(
        application=application, kind="PERSON", name="样例", contact="样例", grounds="样例理由", at=NOON
    )

    assert objection.number == "YL-YY-2026-0001"
    assert not Counter.objects.filter(series="objection-2026").exists()


def test_what_is_practised_blocks_no_real_change(people: Personas) -> None:
    application = submit(make_application(people, call=rehearsal(people)), people)

    assert Application.objects.filter(consortium=application.consortium_id).exists() is False
    assert Application.everything.get() == application


# --- never where it counts ---------------------------------------------------------------------
def places() -> Iterator[tuple[str, str]]:
    """Every address that needs no key: lists, figures, search, exports, the public pages, the read API."""
    for name in names():
        if name not in {"funding:rehearsal-list", "account_logout"}:
            try:
                yield name, reverse(name)
            except NoReverseMatch:
                continue


@pytest.mark.parametrize(
    "who", ["anonymous", "officer", "leader", "supervisor", "district_officer", "expert", "lead", "signatory"]
)
def test_no_list_figure_or_export_shows_it(client: Client, people: Personas, who: str) -> None:
    call = practised(people)
    if who != "anonymous":
        client.force_login(getattr(people, who))

    shown = []
    for name, url in places():
        for query in ({}, {"tab": "all", "call": str(call.pk), "q": TITLE[:4]}):
            answer = client.get(url, query)
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            shown += [(name, mark) for mark in MARKS if mark in text.decode(errors="ignore")]

    assert shown == []


def test_no_export_and_no_queue_holds_it(people: Personas) -> None:
    practised(people)

    assert [report.slug for report in REPORTS if report.base(people.officer).exists()] == []
    for model in (Call, Application, Review, PublicNotice, Objection, RecommendationList):
        assert (model.objects.count(), model.everything.count() > 0) == (0, True)  # type: ignore[attr-defined]


def test_nobody_outside_finds_it_by_its_address(client: Client, people: Personas) -> None:
    call = practised(people)
    notice = PublicNotice.everything.filter(call=call)[0]
    pages = [call.get_absolute_url(), notice.get_absolute_url(), reverse("funding:call-whole-form", args=[call.pk])]

    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    client.force_login(people.lead)
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]


# --- its own pages -----------------------------------------------------------------------------
RIBBON = 'class="rehearsal"'


def test_a_ribbon_stands_on_all_its_pages(client: Client, people: Personas) -> None:
    call = practised(people)
    client.force_login(people.officer)
    named = {row.status: row for row in Application.everything.all()}
    review = Review.everything.get()
    pages = [
        call.get_absolute_url(), reverse("funding:rehearsal-list"), reverse("funding:rehearsal-detail", args=[call.pk]),
        reverse("funding:call-whole-form", args=[call.pk]), named[S.SUBMITTED].get_absolute_url(),
        reverse("funding:application-print", args=[named[S.SUBMITTED].pk]),
        reverse("funding:application-receipt", args=[named[S.SUBMITTED].pk]),
        reverse("funding:application-check", args=[named[S.RECOMMENDED].pk]),
        reverse("funding:application-reviews", args=[review.application_id]),
        PublicNotice.everything.all()[0].get_absolute_url(), RecommendationList.everything.get().get_absolute_url(),
        Objection.everything.all()[0].get_absolute_url(),
    ]  # fmt: skip

    assert {page: RIBBON in client.get(page).content.decode() for page in pages} == dict.fromkeys(pages, True)
    assert RIBBON not in client.get(make_call(people).get_absolute_url()).content.decode()


def test_each_finds_there_what_is_theirs(client: Client, people: Personas) -> None:
    call = practised(people)
    url = reverse("funding:rehearsal-detail", args=[call.pk])

    found = {}
    for who in ("officer", "expert", "lead", "rival"):
        client.force_login(getattr(people, who))
        found[who] = [len(group.lines) for group in client.get(url).context["groups"]]

    submitted = len(S.values) - 2  # neither the draft nor what was withdrawn before
    notices = len(PublicNotice.everything.all())
    assert found == {
        "officer": [submitted, 1, notices, 2, 1], "expert": [1, notices],
        "lead": [len(S.values), notices, 1], "rival": [notices],
    }  # fmt: skip


def test_a_call_that_counts_has_no_such_page(client: Client, people: Personas) -> None:
    call = make_call(people)
    client.force_login(people.head)

    assert client.get(reverse("funding:rehearsal-detail", args=[call.pk])).status_code == 404
    assert client.get(reverse("funding:rehearsal-delete", args=[call.pk])).status_code == 404


# --- the end -----------------------------------------------------------------------------------
def test_everything_of_it_goes_in_one_step(client: Client, people: Personas) -> None:
    live = make_application(people, S.SUBMITTED)
    call = practised(people)
    application = Application.everything.filter(call=call)[0]
    attachment = files.store(pdf(), actor=people.lead, kind="application", at=NOON, owner=people.lead_org.pk)
    ApplicationFile.objects.create(application=application, attachment=attachment, label="样例")
    Notification.objects.create(
        recipient=people.lead, kind="funding.application_arrived", url=application.get_absolute_url()
    )
    Notification.objects.create(recipient=people.lead, kind="funding.application_arrived", url=live.get_absolute_url())
    client.force_login(people.head)

    answer = client.post(reverse("funding:rehearsal-delete", args=[call.pk]), {"note": "演练结束。"})

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("funding:rehearsal-list"))
    assert list(Call.everything.all()) == [live.call]
    assert list(Application.everything.all()) == [live]
    assert [model.everything.count() for model in (Review, PublicNotice, Objection, RecommendationList)] == [0] * 4  # type: ignore[attr-defined]
    assert (Attachment.objects.count(), Notification.objects.count()) == (0, 1)
    entry = AuditEntry.objects.get(action=Action.DELETE_REHEARSAL)
    assert (entry.note, entry.facts["title"], entry.facts["deleted"]["Application"]) == (
        "演练结束。", TITLE, len(S.values),
    )  # fmt: skip


@pytest.mark.parametrize("who", ["officer", "leader", "supervisor", "lead", "district_officer"])
def test_nobody_else_deletes_it(people: Personas, who: str) -> None:
    call = rehearsal(people)
    with pytest.raises(PermissionDenied):
        delete_rehearsal(call=call, actor=getattr(people, who), at=NOON, note="样例")
    assert Call.everything.count() == 1


def test_what_counts_is_never_deleted(people: Personas) -> None:
    call = make_application(people, S.SUBMITTED).call
    with pytest.raises(TransitionRefused):
        delete_rehearsal(call=call, actor=people.head, at=NOON, note="样例")
    assert Application.objects.count() == 1


def test_the_second_click_finds_nothing(client: Client, people: Personas) -> None:
    call = rehearsal(people)
    client.force_login(people.head)
    url = reverse("funding:rehearsal-delete", args=[call.pk])

    assert [client.post(url, {"note": "样例"}).status_code for _ in range(2)] == [302, 404]


def test_a_rehearsal_is_concluded_before_its_close(people: Personas) -> None:
    assert conclude_call(call=rehearsal(people), actor=people.head, at=NOON).status == CallStatus.CONCLUDED
    assert trail(Call.everything.get()).count() == 1
    assert people.head.holds(Role.HEAD)
