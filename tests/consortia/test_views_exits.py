"""Pages of exit cases, of the life cycle and of the taxonomy: reached, refused, nothing typed lost."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from consortia.enums import ConsortiumStatus, ExitStatus, TaxonomyStatus
from consortia.forms.lifecycle import RequestExitForm, StatementForm
from consortia.models import Consortium, ExitCase, TaxonomyEntry
from tests.clock import NOON
from tests.factories.consortia import make_exit_case, make_sub_field, make_taxonomy, ready_consortium
from tests.personas import Personas

S, E = ConsortiumStatus, ExitStatus
SignIn = Any
ENGLISH = {"accept-language": "en"}


def at(name: str, *keys: Any) -> str:
    return reverse(f"consortia:{name}", args=[getattr(key, "pk", key) for key in keys])


def test_the_officer_opens_and_everybody_sees_the_mark(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people, status=S.OPERATING), sign_in(people.officer)

    answer = client.post(at("exit-open", consortium), {"trigger": "LOST_CONTACT", "grounds": "多次联系未果。"})

    case = ExitCase.objects.get()
    assert answer["Location"] == case.get_absolute_url()
    assert client.get(case.get_absolute_url()).context["actions"] == ["serve_notice"]
    for who in (people.lead, people.university_confirmer, people.district_officer):
        assert "退出程序进行中" in sign_in(who).get(consortium.get_absolute_url()).content.decode()
    assert [row.pk for row in client.get(at("exit-list")).context["rows"]] == [case.pk]
    again = client.post(at("exit-open", consortium), {"trigger": "LOST_CONTACT", "grounds": "再来一次。"})
    assert (again.status_code, again.context["form"]["grounds"].value()) == (409, "再来一次。")


@pytest.mark.parametrize(
    ("who", "status"), [("lead", 200), ("signatory", 200), ("university_confirmer", 404), ("rival", 404),
                        ("district_officer", 200), ("supervisor", 200), ("expert", 404), ("system_admin", 404)]
)  # fmt: skip
def test_who_sees_a_case(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    case = make_exit_case(ready_consortium(people, status=S.OPERATING), people.officer)

    assert sign_in(getattr(people, who)).get(case.get_absolute_url()).status_code == status


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("supervisor", 200), ("lead", 403), ("expert", 403)])
def test_who_sees_the_list_of_cases(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    assert sign_in(getattr(people, who)).get(at("exit-list")).status_code == status


def test_a_case_from_notice_to_settlement(people: Personas, sign_in: SignIn) -> None:
    case = make_exit_case(ready_consortium(people, status=S.OPERATING), people.officer)
    officer, lead = sign_in(people.officer), sign_in(people.lead)

    assert "note" in officer.post(at("exit-serve-notice", case), {"notice_number": "1号"}).context["form"].errors
    officer.post(at("exit-serve-notice", case), {"notice_number": "1号", "note": "拟撤销。"})
    lead.post(at("exit-record-delivery", case), {"note": ""})
    lead.post(at("exit-file-statement", case), {"statement": "请予宽限。"})
    settled = {"funds": "收回。", "recovered": "1.5", "ip": "归原权利人。", "equipment": "移交。", "no_fault": "on"}
    officer.post(at("exit-assess", case), settled)

    case.refresh_from_db()
    assert (case.status, case.recovered, case.no_fault, case.statement) == (E.ASSESSED, 15000, True, "请予宽限。")
    assert officer.get(at("exit-file", case, "statement")).status_code == 404


def test_the_life_page_shows_reasons_to_those_concerned_only(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    sign_in(people.officer).post(at("exit-open", consortium), {"trigger": "UNQUALIFIED", "grounds": "样例秘密理由"})

    def life(who: Any) -> Any:
        return sign_in(who).get(at("consortium-life", consortium)).context

    assert [one.reason for one in life(people.lead)["life"]] == ["样例秘密理由"]
    member = life(people.university_confirmer)
    assert ([one.reason for one in member["life"]], list(member["cases"])) == ([""], [])
    assert sign_in(people.rival).get(at("consortium-life", consortium)).status_code == 404


def test_the_public_reads_nothing_of_a_running_case(people: Personas, client: Any, sign_in: SignIn) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    sign_in(people.officer).post(at("exit-open", consortium), {"trigger": "VIOLATION", "grounds": "样例秘密理由"})

    assert client.get(at("public-consortium-detail", consortium)).context["life"] == []


def test_the_lead_reports_its_rectification(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    form = {"note": "滞后", "demands": "补齐。", "due": "2030-01-10", "document_number": "", "meeting": ""}
    sign_in(people.head).post(at("consortium-rectify", consortium), form)

    answer = sign_in(people.lead).post(at("consortium-report-rectification", consortium), {"report": "已补齐。"})

    assert answer["Location"] == at("consortium-life", consortium)
    assert consortium.rectifications.get().report == "已补齐。"
    assert sign_in(people.officer).get(at("consortium-report-rectification", consortium)).status_code == 403


# --- taxonomy ----------------------------------------------------------------------------------
def test_a_version_is_drafted_edited_and_published(people: Personas, sign_in: SignIn) -> None:
    make_sub_field()
    officer = sign_in(people.officer)

    page = officer.post(at("taxonomy-create"), {"label": "样例第二版", "valid_from": "2027-01-01"})["Location"]
    entry = TaxonomyEntry.objects.get(taxonomy__version=2)
    names = {"name_zh": "芯片", "name_en": "Chips", "cluster_zh": "电子信息", "cluster_en": "Electronics"}
    assert "name_zh" in officer.post(at("subfield-update", entry), names | {"name_zh": ""}).context["form"].errors
    assert officer.post(at("subfield-update", entry), names)["Location"] == page
    assert "code" in officer.post(at("subfield-add", entry.taxonomy), names | {"code": "x"}).context["form"].errors
    assert officer.post(at("subfield-add", entry.taxonomy), names | {"code": "E06"})["Location"] == page
    assert officer.post(at("taxonomy-publish", entry.taxonomy), {}).status_code == 403
    assert sign_in(people.head).post(at("taxonomy-publish", entry.taxonomy), {})["Location"] == page

    entry.taxonomy.refresh_from_db()
    assert entry.taxonomy.status == TaxonomyStatus.PUBLISHED
    assert sorted(entry.taxonomy.sub_fields.values_list("code", flat=True)) == ["E01-2", "E06"]
    assert officer.post(at("subfield-update", entry), names).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("district_officer", 200), ("head", 200), ("lead", 404), ("expert", 404)])
def test_who_reads_a_version(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    assert sign_in(getattr(people, who)).get(make_taxonomy().get_absolute_url()).status_code == status


# --- shares ------------------------------------------------------------------------------------
def test_a_consortium_that_is_no_company_is_not_asked_for_shares(people: Personas, sign_in: SignIn) -> None:
    page = sign_in(people.lead).get(at("consortium-set-shares", ready_consortium(people)))
    assert (page.status_code, page.templates[0].name) == (200, "step_closed.html")


def test_shares_are_typed_by_member(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(
        people, form="ENTITY", entity_name="样例公司", entity_code="91320599MA7647778E", created_at=NOON
    )
    client, address = sign_in(people.lead), at("consortium-set-shares", consortium)
    lead, fund = str(people.lead_org.pk), str(people.fund.pk)

    refused = client.post(address, {lead: "60", fund: "41"})
    assert (refused.status_code, len(refused.context["form"].errors["__all__"])) == (200, 1)
    assert client.post(address, {lead: "60", fund: "40"})["Location"] == consortium.get_absolute_url()
    assert Consortium.objects.get(pk=consortium.pk).shareholdings.count() == 2


@pytest.mark.parametrize(("name", "label"), [("grounds", "立案事由"), ("statement", "陈述申辩意见")])
def test_the_words_of_a_case_are_its_own(name: str, label: str) -> None:
    fields = {**RequestExitForm.base_fields, **StatementForm.base_fields}

    with override("zh-hans"):
        assert str(fields[name].label) == label


# --- dismissed ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        ({}, (False, False, False)),
        ({"status": E.NOTICE_SERVED, "notice_number": "1号", "served_on": NOON.date()}, (True, False, False)),
        (
            {"status": E.STATEMENT_PERIOD, "notice_number": "1号", "served_on": NOON.date(),
             "delivered_on": NOON.date(), "statement_due": NOON.date()},
            (True, True, False),
        ),
    ],
)  # fmt: skip
def test_the_page_says_what_a_dismissal_ends(
    people: Personas, sign_in: SignIn, facts: dict[str, Any], lines: tuple[bool, ...]
) -> None:
    case = make_exit_case(ready_consortium(people, status=S.OPERATING), people.officer, **facts)

    page = sign_in(people.head).get(at("exit-dismiss", case), headers=ENGLISH).text

    said = ("has no effect any more.", "ends today.", "need not be paid back.")
    assert tuple(one in page for one in said) == lines
    assert "It stays as it is (Operating)" in page


def test_a_settled_case_is_dismissed_with_its_settlement_and_a_reason(people: Personas, sign_in: SignIn) -> None:
    case = make_exit_case(
        ready_consortium(people, status=S.OPERATING), people.officer, status=E.ASSESSED, assessed_by=people.officer,
        recovered=150000,
    )  # fmt: skip
    client, page = sign_in(people.head), at("exit-dismiss", case)

    shown = client.get(page, headers=ENGLISH).text
    empty = client.post(page, {"note": ""})
    answer = client.post(page, {"note": "样例规划调整。"})
    after = client.get(answer["Location"], headers=ENGLISH).text

    assert "the 15.00 ×10k yuan need not be paid back." in shown
    assert list(empty.context["form"].errors) == ["note"]
    assert (ExitCase.objects.get().status, "The case was dismissed on" in after) == (E.DISMISSED, True)
    assert client.post(page, {"note": "样例规划调整。"}).status_code == 409


def test_the_lead_takes_its_application_back(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    case = make_exit_case(consortium, people.signatory, trigger="VOLUNTARY")
    client, page = sign_in(people.signatory), at("exit-withdraw", case)

    offered = client.get(case.get_absolute_url()).text
    empty = client.post(page, {"note": ""})
    answer = client.post(page, {"note": "继续建设。"})
    after = client.get(answer["Location"], headers=ENGLISH).text

    assert page in offered
    assert list(empty.context["form"].errors) == ["note"]
    assert "The lead organisation took its application back on" in after
    assert page not in after
    assert client.post(page, {"note": "继续建设。"}).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("lead", 403), ("officer", 403), ("rival", 404)])
def test_nobody_else_takes_it_back(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    case = make_exit_case(ready_consortium(people, status=S.OPERATING), people.signatory, trigger="VOLUNTARY")

    answer = sign_in(getattr(people, who)).post(at("exit-withdraw", case), {"note": "越权。"})

    assert (answer.status_code, ExitCase.objects.get().status) == (status, E.OPENED)
