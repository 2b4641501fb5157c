"""The pages of an application: who gets in, what is refused, what is kept."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consortia.enums import ConsortiumStatus
from funding.enums import Action, ApplicationStatus
from funding.models import Application
from funding.rules.declarations import DECLARATIONS
from funding.rules.formal_check import ITEMS
from members.enums import Role
from portal.kernel.audit import trail
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_participation,
    make_task,
    make_technology,
    ready_consortium,
)
from tests.factories.funding import make_application, make_call
from tests.factories.members import give, make_organisation
from tests.funding.steps import bar, edit, open_call, pdf, queries_of, recommended
from tests.personas import Personas
from tests.races import at_once
from tests.samples import PDF

S = ApplicationStatus
pytestmark = pytest.mark.django_db
DECLARED = dict.fromkeys(DECLARATIONS, "on")


def url(name: str, application: Application, *more: Any) -> str:
    return reverse(f"funding:application-{name}", args=[application.pk, *more])


def draft(people: Personas, **facts: Any) -> Application:
    return make_application(people, call=open_call(people), **facts)


# --- every page against every reader -----------------------------------------------------------
READERS = {
    "detail": {"lead": 200, "signatory": 200, "university_confirmer": 200, "officer": 200, "district_officer": 200},
    "print": {"lead": 200, "university_confirmer": 200, "leader": 200, "district_officer": 200},
    "receipt": {"lead": 200, "signatory": 200, "officer": 200},
    "withdraw": {"signatory": 200, "lead": 403, "university_confirmer": 403, "officer": 403},
    "recommend": {"district_officer": 200, "officer": 403, "lead": 403, "signatory": 403},
    "decline-recommendation": {"district_officer": 200, "acceptance": 403, "lead": 403},
    "return": {"district_officer": 200, "leader": 403, "signatory": 403},
    "check": {"officer": 200, "acceptance": 200, "head": 403, "district_officer": 403, "lead": 403},
    "reject": {"officer": 200, "leader": 403, "lead": 403},
    "request-correction": {"acceptance": 200, "finance": 403, "lead": 403},
    "submit": {"signatory": 200, "lead": 403, "lead_confirmer": 403, "university_confirmer": 403, "officer": 403},
    "files": {"lead": 200, "signatory": 200, "lead_admin": 403, "university_confirmer": 403, "officer": 403},
}
STRANGERS = ("rival", "other_district_officer", "expert", "system_admin", "audit_admin")


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [(name, who, status) for name, readers in READERS.items() for who, status in readers.items()],
)
def test_who_gets_in(people: Personas, sign_in: Any, name: str, who: str, status: int) -> None:
    application = make_application(people, S.SUBMITTED, call=open_call(people))
    assert sign_in(getattr(people, who)).get(url(name, application)).status_code == status


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("who", STRANGERS)
def test_for_a_stranger_it_does_not_exist(people: Personas, sign_in: Any, name: str, who: str) -> None:
    application = make_application(people, S.SUBMITTED, call=open_call(people))
    client = sign_in(getattr(people, who))
    assert [call(url(name, application)).status_code for call in (client.get, client.post)] == [404, 404]


@pytest.mark.parametrize("name", READERS)
def test_whoever_is_not_signed_in_is_asked_to(people: Personas, client: Client, name: str) -> None:
    application = make_application(people, S.SUBMITTED)
    response = client.get(url(name, application))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


def test_officials_do_not_see_drafts(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    assert sign_in(people.officer).get(url("detail", application)).status_code == 404
    assert sign_in(people.district_officer).get(url("edit", application, "objective")).status_code == 404


# --- starting ----------------------------------------------------------------------------------
def test_starting_in_the_browser(people: Personas, sign_in: Any) -> None:
    call, consortium = open_call(people), ready_consortium(people)
    start = reverse("funding:application-start", args=[call.pk])

    page = sign_in(people.lead).get(start)
    response = sign_in(people.lead).post(start, {"consortium": consortium.pk, "tier": "B"})

    application = Application.objects.get()
    assert [option["obstacles"] for option in page.context["options"]] == [[]]
    assert (response.status_code, response.url) == (302, application.get_absolute_url())
    assert (application.requested_tier, application.consortium) == ("B", consortium)


def test_what_bars_the_start_stands_on_the_page_and_at_the_form(people: Personas, sign_in: Any) -> None:
    call, consortium = open_call(people), ready_consortium(people)
    bar(people.lead_org)
    start = reverse("funding:application-start", args=[call.pk])

    page = sign_in(people.lead).get(start)
    response = sign_in(people.lead).post(start, {"consortium": consortium.pk, "tier": "A"})

    assert len(page.context["options"][0]["obstacles"]) == 1
    assert (response.status_code, len(response.context["form"].non_field_errors())) == (409, 1)
    assert Application.objects.count() == 0


def test_no_consortium_of_others_is_offered_or_taken(people: Personas, sign_in: Any) -> None:
    call, consortium = open_call(people), ready_consortium(people)
    response = sign_in(people.rival).post(
        reverse("funding:application-start", args=[call.pk]), {"consortium": consortium.pk, "tier": "A"}
    )
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["consortium"])
    assert Application.objects.count() == 0


@pytest.mark.parametrize(("who", "status"), [("signatory", 403), ("officer", 403), ("university_confirmer", 403)])
def test_who_does_not_start(people: Personas, sign_in: Any, who: str, status: int) -> None:
    start = reverse("funding:application-start", args=[open_call(people).pk])
    assert sign_in(getattr(people, who)).get(start).status_code == status


def test_my_applications(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    page = reverse("funding:my-applications")
    mine, members, rivals = (
        sign_in(person).get(page) for person in (people.lead, people.university_confirmer, people.rival)
    )
    assert [[row.pk for row in answer.context["rows"]] for answer in (mine, members, rivals)] == [
        [application.pk], [application.pk], [],
    ]  # fmt: skip
    assert [answer.context["may_start"] for answer in (mine, members, rivals)] == [True, False, True]


def test_my_applications_hold_nothing_for_an_official(people: Personas, sign_in: Any) -> None:
    make_application(people, S.SUBMITTED)
    assert sign_in(people.officer).get(reverse("funding:my-applications")).context["rows"] == []


# --- writing -----------------------------------------------------------------------------------
def test_a_section_is_written(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    client = sign_in(people.lead)

    page = client.get(url("edit", application, "route"))
    response = client.post(url("edit", application, "route"), {"route": "第一步。\r\n第二步。", "version": "0"})

    application.refresh_from_db()
    assert page.context["form"].initial["route"] == "分三步实施。"
    assert (response.status_code, response.url) == (302, application.get_absolute_url())
    assert application.route == "第一步。\n第二步。"


def test_the_self_test_says_where_the_figures_come_from(people: Personas, sign_in: Any) -> None:
    application = draft(people)

    def origins(section: str) -> list[int]:
        page = sign_in(people.lead).get(url("edit", application, section))
        return [one.year for one in page.context["origins"]]

    assert (origins("eligibility"), origins("basics")) == ([2025, 2024, 2023], [])


def test_save_and_go_on(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    response = sign_in(people.lead).post(
        url("edit", application, "objective"), {"objective": "目标。", "version": "0", "onward": "1"}
    )
    assert response.url == url("edit", application, "foundation")


@pytest.mark.parametrize(
    ("section", "data", "field"),
    [
        ("objective", {"objective": "长" * 3001}, "objective"),
        ("basics", {"requested_tier": "A", "requested_amount": "200.01"}, "requested_amount"),
        ("basics", {"requested_tier": "B", "requested_amount": "100.01"}, "requested_amount"),
        ("basics", {"requested_tier": "D", "requested_amount": "1"}, "requested_tier"),
        ("basics", {"requested_tier": "A", "requested_amount": "-1"}, "requested_amount"),
        ("basics", {"requested_tier": "A", "requested_amount": "1e99"}, "requested_amount"),
        ("basics", {"requested_tier": "A", "requested_amount": "Infinity"}, "requested_amount"),
        ("basics", {"requested_tier": "A", "requested_amount": "壹佰万"}, "requested_amount"),
        ("eligibility", {"justification": "长" * 1001}, "justification"),
    ],
)
def test_bad_input_is_refused_beside_the_field_and_kept(
    people: Personas, sign_in: Any, section: str, data: dict[str, str], field: str
) -> None:
    application = draft(people)

    response = sign_in(people.lead).post(url("edit", application, section), {**data, "version": "0"})

    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert response.context["form"][field].value() == data[field]
    application.refresh_from_db()
    assert application.version == 0


def test_amounts_are_typed_in_ten_thousands(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    data = {"requested_tier": "A", "requested_amount": "1,234.5".replace("1,234", "123"), "version": "0"}
    sign_in(people.lead).post(url("edit", application, "basics"), data)
    application.refresh_from_db()
    assert application.requested_amount == Decimal("1235000.00")
    page = sign_in(people.lead).get(url("edit", application, "basics")).content.decode()
    assert page.count('value="123.50"') == 1


def test_a_text_saved_meanwhile_is_shown_beside_the_own(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    client = sign_in(people.lead)
    edit(application, people, actor=people.signatory, values={"objective": "签署人的文字。"})

    clash = client.post(url("edit", application, "objective"), {"objective": "我的文字。", "version": "0"})
    application.refresh_from_db()
    assert (clash.status_code, application.objective) == (409, "签署人的文字。")
    assert clash.context["form"]["objective"].value() == "我的文字。"
    assert clash.context["meanwhile"].values == {"objective": "签署人的文字。"}
    assert clash.context["form"]["version"].value() == "1"

    client.post(url("edit", application, "objective"), {"objective": "合并的文字。", "version": "1"})
    application.refresh_from_db()
    assert application.objective == "合并的文字。"


def test_there_is_no_other_section(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    assert sign_in(people.lead).get(url("edit", application, "score")).status_code == 404


def test_a_late_save_says_so_and_keeps_the_text(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.SUBMITTED)
    response = sign_in(people.lead).post(url("edit", application, "route"), {"route": "迟到的文字。", "version": "0"})
    assert (response.status_code, len(response.context["form"].non_field_errors())) == (409, 1)
    assert response.context["form"]["route"].value() == "迟到的文字。"


# --- files -------------------------------------------------------------------------------------
def test_a_file_goes_up_comes_down_and_goes(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    client = sign_in(people.lead)

    up = client.post(url("files", application), {"label": "审计报告", "upload": pdf()})
    row = application.files.get()
    down = sign_in(people.university_confirmer).get(url("file", application, row.pk))
    shown = client.get(url("file-remove", application, row.pk))
    gone = client.post(url("file-remove", application, row.pk))

    assert (up.status_code, shown.status_code, gone.status_code) == (302, 200, 302)
    assert b"".join(down.streaming_content) == PDF
    assert down["Content-Disposition"].startswith("attachment")
    assert client.get(url("file", application, row.pk)).status_code == 404
    assert application.files.count() == 0


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"label": "甲"}, "upload"),
        ({"label": "", "upload": "good"}, "label"),
        ({"label": "甲", "upload": "fake"}, "upload"),
        ({"label": "甲", "upload": "exe"}, "upload"),
        ({"label": "甲", "upload": "empty"}, "upload"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(
    people: Personas, sign_in: Any, data: dict[str, str], field: str
) -> None:
    uploads = {
        "good": pdf(), "fake": pdf(content=b"MZ\x90\x00"), "exe": pdf("a.pdf.exe"), "empty": pdf(content=b""),
    }  # fmt: skip
    application = draft(people)
    posted = {name: uploads.get(value, value) for name, value in data.items()}
    response = sign_in(people.lead).post(url("files", application), posted)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert application.files.count() == 0


def test_files_of_others_do_not_exist(people: Personas, sign_in: Any) -> None:
    application, other = draft(people), draft(people, consortium=make_consortium(people, lead=people.rival_org))
    sign_in(people.lead).post(url("files", application), {"label": "审计报告", "upload": pdf()})
    row = application.files.get()
    assert sign_in(people.rival).get(url("file", application, row.pk)).status_code == 404
    assert sign_in(people.rival).get(url("file", other, row.pk)).status_code == 404
    assert sign_in(people.rival).post(url("file-remove", other, row.pk)).status_code == 404


# --- submitting --------------------------------------------------------------------------------
def test_submitting_in_the_browser_gives_a_receipt(people: Personas, sign_in: Any) -> None:
    application = draft(people)

    response = sign_in(people.signatory).post(url("submit", application), DECLARED, follow=True)

    application.refresh_from_db()
    assert response.redirect_chain == [(url("receipt", application), 302)]
    page = response.content.decode()
    assert [text in page for text in (application.number, application.snapshot_hash)] == [True, True]


def test_every_box_must_be_ticked(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    response = sign_in(people.signatory).post(url("submit", application), {"integrity": "on"})
    assert (response.status_code, sorted(response.context["form"].errors)) == (
        200, ["authenticity", "no_duplicate", "personal_data"],
    )  # fmt: skip
    assert response.context["form"]["integrity"].value() is True


def test_obstacles_stand_on_the_page_with_their_links(people: Personas, sign_in: Any) -> None:
    application = draft(people, route="")
    page = sign_in(people.signatory).get(url("submit", application))
    assert [obstacle.url for obstacle in page.context["progress"].obstacles] == [url("edit", application, "route")]
    refused = sign_in(people.signatory).post(url("submit", application), DECLARED)
    assert (refused.status_code, len(refused.context["form"].non_field_errors())) == (409, 1)


def test_the_second_click_in_the_browser(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    client = sign_in(people.signatory)
    first, second = (client.post(url("submit", application), DECLARED) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    assert trail(application).filter(action=Action.SUBMIT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once(people: Personas, sign_in: Any) -> None:
    application = draft(people)
    clients = [sign_in(people.signatory) for _ in range(2)]
    address = url("submit", application)
    statuses = at_once(*(lambda c=client: c.post(address, DECLARED).status_code for client in clients))
    assert sorted(statuses) == [302, 409]
    assert trail(application).filter(action=Action.SUBMIT).count() == 1


def test_the_closing_time_is_the_servers(people: Personas, sign_in: Any) -> None:
    now = timezone.now()
    closed = make_call(people, opens_at=now - timedelta(days=2), closes_at=now)
    application = make_application(people, call=closed)
    response = sign_in(people.signatory).post(url("submit", application), DECLARED)
    assert (response.status_code, len(response.context["form"].non_field_errors())) == (409, 1)


def test_withdrawing_needs_a_reason(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.SUBMITTED)
    client = sign_in(people.signatory)
    empty, done = (client.post(url("withdraw", application), {"note": note}) for note in (" ", "战略调整。"))
    application.refresh_from_db()
    assert (empty.status_code, done.status_code, application.status) == (200, 302, S.WITHDRAWN)


# --- district and bureau -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "field", "status"),
    [
        ("recommend", "opinion", S.RECOMMENDED), ("decline-recommendation", "note", S.NOT_RECOMMENDED),
        ("return", "note", S.RETURNED),
    ],
)  # fmt: skip
def test_the_steps_of_the_district(people: Personas, sign_in: Any, name: str, field: str, status: str) -> None:
    application = make_application(people, S.SUBMITTED)
    client = sign_in(people.district_officer)

    ticks = {"reasons": ["MISSING"], "parts": ["route"]}
    empty = client.post(url(name, application), {**ticks, field: ""})
    done = client.post(url(name, application), {**ticks, field: "理由充分。"})
    late = client.post(url(name, application), {**ticks, field: "再来一次。"})

    application.refresh_from_db()
    assert (empty.status_code, done.status_code, late.status_code) == (200, 302, 409)
    assert late.context["form"][field].value() == "再来一次。"
    assert application.status == status


def test_the_credit_check_is_offered_to_whoever_may_do_it(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.RECOMMENDED)
    link = reverse("members:credit-check", args=[application.consortium.lead_id])
    pages = {
        who: sign_in(getattr(people, who)).get(url("check", application)).text for who in ("officer", "acceptance")
    }
    assert {who: link in page for who, page in pages.items()} == {"officer": True, "acceptance": False}


def answers(**changes: str) -> dict[str, str]:
    ticks = {"reasons": "MISSING", "parts": "files"}
    return {**{f"result_{code}": "PASS" for code in ITEMS}, "note": "", **ticks, **changes}


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("check", {}, S.CHECKED, 302),
        ("check", {"result_files": ""}, S.RECOMMENDED, 409),
        ("check", {"result_files": "FAIL"}, S.RECOMMENDED, 409),
        ("check", {"result_files": "MAYBE"}, S.RECOMMENDED, 200),
        ("reject", {"note": "重复资助。"}, S.REJECTED, 302),
        ("reject", {}, S.RECOMMENDED, 200),
        ("request-correction", {"note": "缺盖章页。", "result_files": "FAIL"}, S.RETURNED, 302),
        ("request-correction", {}, S.RECOMMENDED, 200),
    ],
)
def test_the_outcomes_of_the_formal_check(
    people: Personas, sign_in: Any, name: str, data: dict[str, str], status: str, code: int
) -> None:
    application = recommended(people)
    response = sign_in(people.officer).post(url(name, application), answers(**data, note_files="第七页"))
    application.refresh_from_db()
    assert (response.status_code, application.status) == (code, status)
    if code != 302:
        assert response.context["form"]["note_files"].value() == "第七页"


def test_the_list_comes_filled_in(people: Personas, sign_in: Any) -> None:
    form = sign_in(people.acceptance).get(url("check", recommended(people))).context["form"]
    assert (form["result_members"].value(), form["result_deviations"].value(), form["result_files"].value()) == (
        "PASS", "NA", "",
    )  # fmt: skip


def bulk(*applications: Application) -> str:
    return reverse("funding:application-bulk-check") + "?" + "&".join(f"ids={one.pk}" for one in applications)


def test_several_pass_from_the_list(people: Personas, sign_in: Any) -> None:
    good, early = recommended(people), make_application(people, S.SUBMITTED, consortium=ready_consortium(people))
    client = sign_in(people.officer)

    preview = client.get(bulk(good, early))
    careless = client.post(bulk(good, early), {"note": "批量。"})
    done = client.post(bulk(good, early), {"looked": "on", "note": "批量。"})

    assert sorted(line.passed for line in preview.context["lines"]) == [False, True]
    assert (careless.status_code, list(careless.context["form"].errors)) == (200, ["looked"])
    assert {line.application.pk: line.passed for line in done.context["lines"]} == {good.pk: True, early.pk: False}
    assert done.context["passed"] == 1
    assert [Application.objects.get(pk=one.pk).status for one in (good, early)] == [S.CHECKED, S.SUBMITTED]


@pytest.mark.parametrize("query", ["", "?ids=", "?ids=x&ids=0", "?ids=00000000-0000-0000-0000-000000000000"])
def test_a_bulk_of_nothing_is_no_fault(people: Personas, sign_in: Any, query: str) -> None:
    response = sign_in(people.officer).get(reverse("funding:application-bulk-check") + query)
    assert (response.status_code, response.context["lines"]) == (200, [])


@pytest.mark.parametrize("who", ["leader", "district_officer", "lead"])
def test_who_does_not_pass_several(people: Personas, sign_in: Any, who: str) -> None:
    assert sign_in(getattr(people, who)).get(reverse("funding:application-bulk-check")).status_code == 403


# --- what is shown -----------------------------------------------------------------------------
@pytest.mark.parametrize("status", [S.GRADED, S.DECIDED, S.REVIEWING])
def test_the_applicant_learns_nothing_before_the_notice(people: Personas, sign_in: Any, status: str) -> None:
    application = make_application(people, status, consortium=ready_consortium(people))
    page = sign_in(people.lead).get(url("detail", application)).content.decode()
    hidden = ["86.5", "155.00", "1550000", people.officer.name, "会议纪要"]
    assert [text for text in hidden if text in page] == []
    assert str(application.applicant_status.label) in page


def test_the_officials_page_reads_the_snapshot_not_the_rows(people: Personas, sign_in: Any) -> None:
    application = recommended(people)
    name = application.consortium.name
    type(application.consortium).objects.filter(pk=application.consortium_id).update(mission="改写后的使命。")
    page = sign_in(people.officer).get(url("detail", application))
    assert (name in page.content.decode(), "改写后的使命。" in page.content.decode()) == (True, False)


def test_a_page_for_every_state(people: Personas, sign_in: Any) -> None:
    call, consortium = open_call(people), ready_consortium(people, status=ConsortiumStatus.OPERATING)
    for status in ApplicationStatus.values:
        application = make_application(people, status, call=make_call(people) if status != S.DRAFT else call,
                                       consortium=consortium)  # fmt: skip
        assert sign_in(people.lead).get(url("detail", application)).status_code == 200
        assert sign_in(people.lead).get(url("print", application)).status_code == 200


def test_the_task_list_names_what_is_missing(people: Personas, sign_in: Any) -> None:
    application = draft(people, objective="", requested_amount=Decimal(0))
    make_participation(application.consortium, make_organisation("样例新成员"), people.lead, status="INVITED")
    make_agreement(application.consortium, people.lead, signed=False, version=2)

    progress = sign_in(people.lead).get(url("detail", application)).context["progress"]

    assert (progress.done, len(progress.tasks), len(progress.obstacles)) == (7, 12, 5)


def test_a_member_reads_the_draft_without_links_to_write(people: Personas, sign_in: Any) -> None:
    page = sign_in(people.university_confirmer).get(url("detail", draft(people)))
    assert (page.context["editable"], "/edit/" in page.content.decode()) == (False, False)


def test_the_task_list_costs_the_same_with_more_members(people: Personas, sign_in: Any) -> None:
    application, client = draft(people), sign_in(people.lead)
    counts = []
    for version in (2, 3, 4):
        for _ in range(3):
            make_participation(application.consortium, make_organisation(), people.lead)
        make_agreement(application.consortium, people.lead, version=version)
        counts.append(len(queries_of(client, url("detail", application))))
    assert counts[1] == counts[2] <= 40


def sent(client: Client, method: str, address: str, body: dict[str, str], status: int) -> list[str]:
    """The statements of one request, without the session's own, which may come from the cache or not."""
    with CaptureQueriesContext(connection) as captured:
        assert getattr(client, method)(address, body).status_code == status
    return [query["sql"] for query in captured.captured_queries if '"django_session"' not in query["sql"]]


@pytest.mark.parametrize(("method", "status", "queries"), [("get", 200, 30), ("post", 302, 51)])
def test_a_submission_reads_its_consortium_once_however_large(
    people: Personas, sign_in: Any, method: str, status: int, queries: int
) -> None:
    call, statements = open_call(people), []
    for more in (0, 0, 3):  # the first entry of an empty audit trail costs a query more
        lead = make_organisation(district=people.lead_org.district)
        give(people.signatory, Role.SIGNATORY, lead)
        consortium = ready_consortium(people, lead=lead)
        for _ in range(more):
            make_technology(consortium)
            make_task(consortium)
        address = url("submit", make_application(people, consortium=consortium, call=call))
        client = sign_in(people.signatory)
        statements.append(sent(client, method, address, DECLARED if method == "post" else {}, status))

    reads = [sum('FROM "consortia_keytechnology"' in one for one in sql) for sql in statements]
    assert (reads, [len(sql) for sql in statements[1:]]) == ([1, 1, 1], [queries, queries])


# --- API ---------------------------------------------------------------------------------------
def api(client: Client, application: Application | None = None) -> Any:
    name, args = ("detail", [application.pk]) if application else ("list", [])
    return client.get(reverse(f"api:application-{name}", args=args))


def test_the_api_gives_officials_all_and_applicants_their_words(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.DECIDED, consortium=ready_consortium(people))
    inside, outside = (api(sign_in(person), application).json() for person in (people.officer, people.lead))
    assert (inside["status"], inside["score"], inside["decided_amount"]) == ("DECIDED", "86.50", "1550000.00")
    assert set(inside) - set(outside) == {
        "status", "findings", "opinion", "check_note", "checked_at", "score", "proposed_tier", "proposed_amount",
        "decided_tier", "decided_amount", "decided_at",
    }  # fmt: skip
    assert outside["applicant_status"] == "WITH_BUREAU"


def test_the_api_tells_the_decision_once_it_is_published(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.PUBLICISED, consortium=ready_consortium(people))
    outside = api(sign_in(people.lead), application).json()
    assert (outside["decided_tier"], "score" in outside) == ("A", False)


@pytest.mark.parametrize(("who", "count"), [("officer", 1), ("rival", 0), ("other_district_officer", 0), ("expert", 0)])
def test_the_api_lists_what_one_may_see(people: Personas, sign_in: Any, who: str, count: int) -> None:
    application = make_application(people, S.SUBMITTED)
    client = sign_in(getattr(people, who))
    assert len(api(client).json()["results"]) == count
    assert api(client, application).status_code == (200 if count else 404)


def test_no_filter_of_the_api_tells_more(people: Personas, sign_in: Any) -> None:
    make_application(people, S.GRADED, consortium=ready_consortium(people))
    client = sign_in(people.lead)
    found = [len(client.get(reverse("api:application-list") + f"?status={status}").json()["results"])
             for status in (S.GRADED, S.CHECKED)]  # fmt: skip
    assert found == [1, 1]


def test_the_api_of_calls_is_public(people: Personas, client: Client) -> None:
    call, hidden = make_call(people), make_call(people, status="DRAFT")
    rows = client.get(reverse("api:call-list")).json()["results"]
    one = client.get(reverse("api:call-detail", args=[call.pk])).json()
    assert ([row["id"] for row in rows], one["rules"]["code"]) == ([str(call.pk)], "APP-DEFAULT-2")
    assert client.get(reverse("api:call-detail", args=[hidden.pk])).status_code == 404
    assert client.get(reverse("api:application-list")).status_code == 403
