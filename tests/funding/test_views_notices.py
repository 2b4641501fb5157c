"""The pages of public notices: for everybody, for objectors, for those who handle objections."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funding.enums import ApplicationStatus, ObjectionStatus
from funding.models import Objection, PublicNotice
from funding.rules.publicity import notice_row
from tests.factories.consortia import rival_consortium
from tests.factories.funding import make_application, make_call, make_notice, make_objection
from tests.personas import Personas

S = ApplicationStatus
LIST = "funding:notice-list"
OBJECTIONS = 7  # queries of the list
pytestmark = pytest.mark.usefixtures("english")


def address(name: Any, subject: Any) -> Any:
    return reverse(f"funding:{name}", args=[subject.pk])


def running(people: Personas, *, starts: Any = 0, ends: Any = 6, status: Any = S.PUBLICISED) -> Any:
    """A notice around today with one application; days are counted from today."""
    today = timezone.localdate()
    call = make_call(people)
    notice = make_notice(people, call, starts_on=today + timedelta(days=starts), ends_on=today + timedelta(days=ends))
    application = make_application(people, status, call=call, notice=notice)
    notice.rows = [notice_row(application)]
    notice.save()
    return notice, application


def objection_data(about: Any, **changes: Any) -> Any:
    return {
        "application": str(about.pk), "kind": "PERSON", "name": "样例异议人", "contact": "0512-00000000",
        "grounds": "所列专利并非该联合体成员所有，请予以核实，附专利号。", "website": "", **changes,
    }  # fmt: skip


# --- for everybody ---------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["notice-detail", "notice-object", "notice-received"])
def test_the_public_reads_a_notice_without_signing_in(people: Personas, client: Client, page: Any) -> None:
    notice, _application = running(people)

    assert client.get(address(page, notice)).status_code == 200
    assert client.get(reverse(LIST)).status_code == 200


@pytest.mark.parametrize("name", ["lead", "officer", "supervisor", "expert", "district_officer", "system_admin"])
def test_everybody_signed_in_reads_it_too(people: Personas, sign_in: Any, name: Any) -> None:
    notice, _application = running(people)
    client = sign_in(getattr(people, name))

    assert [client.get(url).status_code for url in (reverse(LIST), address("notice-detail", notice))] == [200, 200]


def test_a_notice_that_has_not_begun_does_not_exist_for_the_public(
    people: Personas, client: Client, sign_in: Any
) -> None:
    notice, _application = running(people, starts=1)

    assert client.get(address("notice-detail", notice)).status_code == 404
    assert notice not in client.get(reverse(LIST)).context["page"].rows
    assert sign_in(people.officer).get(address("notice-detail", notice)).status_code == 200


def test_the_public_sees_the_rows_and_nothing_of_objections(people: Personas, client: Client) -> None:
    notice, application = running(people)
    make_objection(application)

    text = client.get(address("notice-detail", notice)).content.decode()

    assert application.consortium.name in text
    assert ("YY-2026" in text, "样例异议人" in text, application.get_absolute_url() in text) == (False, False, False)


def test_an_ended_notice_stays_readable_and_takes_no_objection(people: Personas, client: Client) -> None:
    notice, application = running(people, starts=-7, ends=-1)

    assert client.get(address("notice-detail", notice)).context["running"] is False
    assert client.get(address("notice-object", notice)).context["running"] is False
    answer = client.post(address("notice-object", notice), objection_data(application))
    assert (answer.status_code, len(answer.context["form"].non_field_errors()), Objection.objects.count()) == (
        409,
        1,
        0,
    )


def test_the_list_costs_the_same_at_one_and_at_three_rows(
    people: Personas, client: Client, django_assert_num_queries: Any
) -> None:
    for count in (1, 2):
        for _ in range(count):
            running(people)
        with django_assert_num_queries(1):
            client.get(reverse(LIST))


# --- objecting -------------------------------------------------------------------------------------
def test_anybody_may_object(people: Personas, client: Client) -> None:
    notice, application = running(people)

    answer = client.post(address("notice-object", notice), objection_data(application), follow=True)

    objection = Objection.objects.get()
    assert answer.redirect_chain == [(address("notice-received", notice), 302)]
    assert (objection.application, objection.name.reveal(), objection.status) == (
        application,
        "样例异议人",
        ObjectionStatus.OPEN,
    )
    assert objection.number in answer.content.decode()


def test_the_receipt_repeats_numbers_only(people: Personas, client: Client) -> None:
    notice, _application = running(people)

    answer = client.get(address("notice-received", notice), {"number": "<b>YY-2026-0001</b>"})

    assert (answer.status_code, answer.context["number"]) == (200, "")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"application": ""}, "application"),
        ({"kind": "CROWD"}, "kind"),
        ({"name": " "}, "name"),
        ({"name": "字" * 121}, "name"),
        ({"contact": "1"}, "contact"),
        ({"grounds": "不行"}, "grounds"),
        ({"grounds": "字" * 3001}, "grounds"),
    ],
)
def test_a_bad_objection_is_refused_beside_its_field(people: Personas, client: Client, change: Any, field: Any) -> None:
    notice, application = running(people)

    answer = client.post(address("notice-object", notice), objection_data(application, **change))

    assert (answer.status_code, list(answer.context["form"].errors), Objection.objects.count()) == (200, [field], 0)


def test_only_entries_of_this_notice_can_be_objected_to(people: Personas, client: Client) -> None:
    notice, _application = running(people)
    _other, stranger = running(people)

    form = client.post(address("notice-object", notice), objection_data(stranger)).context["form"]

    assert list(form.errors) == ["application"]


def test_a_program_that_fills_the_trap_is_thanked_and_ignored(people: Personas, client: Client) -> None:
    notice, application = running(people)

    answer = client.post(address("notice-object", notice), objection_data(application, website="http://spam.test"))

    assert (answer.url, Objection.objects.count()) == (address("notice-received", notice), 0)


def test_five_objections_an_hour_from_one_address(people: Personas, client: Client, sign_in: Any) -> None:
    notice, application = running(people)
    url, data = address("notice-object", notice), objection_data(application)

    said = [{**data, "grounds": f"{data['grounds']}其{n}"} for n in range(7)]

    codes = [client.post(url, one).status_code for one in said[:6]]

    assert codes == [302] * 5 + [200]
    assert sign_in(people.rival).post(url, data).status_code == 200  # another session, the same address
    assert client.post(url, said[6], REMOTE_ADDR="192.0.2.7").status_code == 302
    assert Objection.objects.count() == 6


# --- publishing ------------------------------------------------------------------------------------
def publish_data(*applications: Any, **changes: Any) -> Any:
    return {
        "applications": [str(one.pk) for one in applications], "title": "样例拟立项公示",
        "document_number": "样科公示〔2026〕2号", "starts_on": timezone.localdate().isoformat(), **changes,
    }  # fmt: skip


def test_an_officer_publishes_chosen_applications(people: Personas, sign_in: Any) -> None:
    call = make_call(people)
    chosen = make_application(people, S.DECIDED, call=call)
    left = make_application(people, S.DECIDED, call=call, consortium=rival_consortium(people))

    answer = sign_in(people.officer).post(address("call-publicise", call), publish_data(chosen))

    notice = PublicNotice.objects.get()
    chosen.refresh_from_db()
    left.refresh_from_db()
    assert (answer.url, chosen.status, left.status) == (notice.get_absolute_url(), S.PUBLICISED, S.DECIDED)
    assert (notice.ends_on - notice.starts_on).days == 6


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"applications": []}, "applications"),
        ({"applications": ["nonsense"]}, "applications"),
        ({"title": ""}, "title"),
        ({"document_number": ""}, "document_number"),
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"starts_on": "morgen"}, "starts_on"),
    ],
)
def test_a_bad_notice_is_refused_beside_its_field(people: Personas, sign_in: Any, change: Any, field: Any) -> None:
    application = make_application(people, S.DECIDED)

    answer = sign_in(people.officer).post(
        address("call-publicise", application.call), publish_data(application, **change)
    )

    assert (list(answer.context["form"].errors), PublicNotice.objects.count()) == ([field], 0)


def test_an_application_that_is_not_decided_cannot_be_sent_along(people: Personas, sign_in: Any) -> None:
    graded = make_application(people, S.GRADED)

    answer = sign_in(people.officer).post(address("call-publicise", graded.call), publish_data(graded))

    assert list(answer.context["form"].errors) == ["applications"]


@pytest.mark.parametrize(("name", "code"), [
    ("officer", 200), ("head", 403), ("leader", 403), ("acceptance", 403), ("supervisor", 403), ("lead", 403),
    ("expert", 403),
])  # fmt: skip
def test_who_may_open_the_page_of_publishing(people: Personas, sign_in: Any, name: Any, code: Any) -> None:
    assert sign_in(getattr(people, name)).get(address("call-publicise", make_call(people))).status_code == code


# --- handling --------------------------------------------------------------------------------------
def test_who_objects_is_shown_in_part_and_to_supervision_only(people: Personas, sign_in: Any) -> None:
    _notice, application = running(people)
    objection = make_objection(application)
    names = ("supervisor", "officer", "head", "leader")

    pages = {name: sign_in(getattr(people, name)).get(objection.get_absolute_url()).content.decode() for name in names}

    assert [name for name, page in pages.items() if "样**" in page] == ["supervisor"]
    assert [name for name, page in pages.items() if "样例异议人" in page] == []
    assert all("所列专利" in page for page in pages.values())


@pytest.mark.parametrize(("name", "code"), [
    ("acceptance", 404), ("finance", 404), ("lead", 404), ("expert", 404), ("district_officer", 404),
    ("audit_admin", 404),
])  # fmt: skip
def test_an_objection_does_not_exist_for_others(people: Personas, sign_in: Any, name: Any, code: Any) -> None:
    _notice, application = running(people)
    client, objection = sign_in(getattr(people, name)), make_objection(application)

    assert client.get(objection.get_absolute_url()).status_code == code
    assert client.get(reverse("funding:objection-list")).status_code == 403


def test_an_objection_is_taken_up_found_on_and_the_notice_goes_on(people: Personas, sign_in: Any) -> None:
    _notice, application = running(people)
    objection = make_objection(application)
    officer, supervisor = sign_in(people.officer), sign_in(people.supervisor)

    assert officer.post(address("application-object", application), {}).status_code == 302
    assert supervisor.get(address("objection-dismiss", objection)).status_code == 200
    assert (
        supervisor.post(
            address("objection-dismiss", objection), {"finding": "经查，专利权属清晰，异议不成立。"}
        ).status_code
        == 302
    )
    assert supervisor.post(address("application-continue", application), {}).status_code == 302

    application.refresh_from_db()
    objection.refresh_from_db()
    assert (application.status, objection.status) == (S.PUBLICISED, ObjectionStatus.DISMISSED)


def test_an_upheld_objection_ends_the_application(people: Personas, sign_in: Any) -> None:
    _notice, application = running(people, status=S.OBJECTED)
    objection, client = make_objection(application), sign_in(people.supervisor)

    facts = {"finding": "经查，专利权属不符，异议成立。", "effect": "CANCEL"}
    client.post(address("objection-uphold", objection), facts)
    answer = client.post(address("application-overturn", application), {"note": "异议成立，撤销拟立项。"})

    application.refresh_from_db()
    assert (answer.status_code, application.status) == (302, S.NOT_APPROVED)


def test_a_finding_of_two_words_is_refused(people: Personas, sign_in: Any) -> None:
    _notice, application = running(people, status=S.OBJECTED)

    answer = sign_in(people.supervisor).post(
        address("objection-dismiss", make_objection(application)), {"finding": "不对"}
    )

    assert list(answer.context["form"].errors) == ["finding"]


@pytest.mark.parametrize("page", ["objection-dismiss", "objection-uphold"])
@pytest.mark.parametrize("name", ["officer", "head", "leader"])
def test_only_supervision_finds(people: Personas, sign_in: Any, page: Any, name: Any) -> None:
    _notice, application = running(people, status=S.OBJECTED)

    assert sign_in(getattr(people, name)).get(address(page, make_objection(application))).status_code == 403


def test_the_objections_cost_the_same_at_one_and_at_three_rows(
    people: Personas, sign_in: Any, django_assert_num_queries: Any
) -> None:
    _notice, application = running(people)
    client = sign_in(people.supervisor)
    client.get(reverse("funding:objection-list"))
    for count in (1, 2):
        for _ in range(count):
            make_objection(application)
        with django_assert_num_queries(OBJECTIONS):
            assert client.get(reverse("funding:objection-list")).status_code == 200
