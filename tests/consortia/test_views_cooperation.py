"""The pages of the year: registers, demands, liaison; who is offered what, and errors next to the field."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consortia.models import Contribution, Demand, FollowUp, Issue, LiaisonVisit, Recognition
from consortia.selectors.registers import BY_SLUG, REGISTERS
from tests.factories.books import (
    make_answer,
    make_demand,
    make_entry,
    make_follow_up,
    make_issue,
    make_liaison,
    make_visit,
)
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.personas import Personas
from tests.samples import PDF

SignIn = Callable[..., Client]
SLUGS = [register.slug for register in REGISTERS]


def at(name: str, thing: Any) -> str:
    return reverse(f"consortia:{name}", args=[thing.pk])


def _facts(slug: str, consortium: Any, people: Personas) -> dict[str, Any]:
    home, host = str(people.university.pk), str(people.lead_org.pk)
    part = consortium.participations.get(organisation=people.university)
    period = {"start": "2026-01-01", "end": "2026-12-31"}
    return {
        "talent": {"headcount": "1", "programme": "CITY", "mode": "PART_TIME", "home": home, "host": host,
                   "person_months": "6", **period},
        "training": {"degree": "DOCTOR", "headcount": "2", "home": home, "partner": host, **period},
        "sharing": {"resource": "DATA", "name": "样例", "provider": home, "used_by": "样例", "quantity": "3",
                    "unit": "HOURS", "charge": "0", "date": "2026-01-05"},
        "recognition": {"kind": "OTHER", "level": "CITY", "name": "样例", "document_number": "1", "date": "2026-01-05"},
        "contribution": {"participation": str(part.pk), "kind": "CASH", "amount": "10", "received_on": "2026-01-05"},
        "exchange": {"kind": "MEETING", "topic": "样例", "layer": "CORE", "with_layer": "CLOSE", "date": "2026-01-05"},
        "supply": {"goods": "样例镜片", "customer": home, "supplier": host, "sourcing": "SINGLE", "is_domestic": "on"},
        "attracted": {"name": "样例企业", "introduced_by": home, "way": "CAPITAL", "chain_position": "UPSTREAM",
                      "district": consortium.district_id, "investment": "500", "date": "2026-01-05"},
        "match": {"platform": "样例实验室", "level": "CITY", "need": "样例", "date": "2026-01-05", "result": "ASKED"},
        "obligation": {"member": home, "clause": "confidentiality", "duty": "样例义务", "due": "", "state": "DUE"},
        "risk": {"task": str(consortium.tasks.get().pk), "description": "样例", "probability": "LOW",
                 "impact": "HIGH", "response": "样例"},
    }[slug]  # fmt: skip


WRONG: list[tuple[str, dict[str, Any], list[str]]] = [
    ("talent", {"name": "样例某"}, ["consent"]),
    ("talent", {"person_months": "0", "mode": "FLYING", "home": ""}, ["home", "mode", "person_months"]),
    ("talent", {"end": "2025-01-01"}, ["end"]),
    ("training", {"headcount": "many", "degree": ""}, ["degree", "headcount"]),
    ("sharing", {"date": "2999-01-01", "charge": "-1"}, ["charge", "date"]),
    ("recognition", {"document_number": ""}, ["document_number"]),
    ("contribution", {"amount": "101"}, ["amount"]),
    ("contribution", {"kind": "IN_KIND"}, ["note"]),
    ("risk", {"task": "", "impact": "HUGE"}, ["impact", "task"]),
    ("obligation", {"state": "FULFILLED"}, ["settled_on"]),
    ("obligation", {"state": "BREACHED", "settled_on": "2026-01-05", "clause": "x"}, ["clause", "remark"]),
    ("supply", {"outside_supplier": "样例外"}, ["outside_supplier"]),
    ("supply", {"supplier": ""}, ["outside_supplier"]),
    ("supply", {"goods": "", "sourcing": "NONE"}, ["goods", "sourcing"]),
    ("attracted", {"uscc": "123", "investment": "-1"}, ["investment", "uscc"]),
    ("match", {"result": "DECLINED"}, ["record"]),
    ("match", {"date": "2999-01-01", "technology": "x"}, ["date", "technology"]),
    ("exchange", {"topic": "", "date": "yesterday"}, ["date", "topic"]),
]


@pytest.mark.parametrize("slug", SLUGS)
def test_add_update_remove(people: Personas, sign_in: SignIn, slug: str) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    tab, model = at("consortium-cooperation", consortium), BY_SLUG[slug].model

    assert client.get(at(f"{slug}-add", consortium)).status_code == 200
    assert client.post(at(f"{slug}-add", consortium), _facts(slug, consortium, people))["Location"] == tab
    made = model.objects.get()
    page = client.get(tab).content.decode()
    assert [page.count(at(f"{slug}-{act}", made)) for act in ("update", "remove")] == [1, 1]
    assert client.get(at(f"{slug}-update", made)).status_code == 200
    assert client.post(at(f"{slug}-update", made), _facts(slug, consortium, people))["Location"] == tab
    assert client.get(at(f"{slug}-remove", made)).status_code == 200
    assert client.post(at(f"{slug}-remove", made))["Location"] == tab
    assert client.post(at(f"{slug}-remove", made)).status_code == 404


@pytest.mark.parametrize(("slug", "facts", "fields"), WRONG)
def test_errors_stand_next_to_the_field(
    people: Personas, sign_in: SignIn, slug: str, facts: dict[str, Any], fields: list[str]
) -> None:
    consortium = ready_consortium(people)

    response = sign_in(people.lead).post(at(f"{slug}-add", consortium), _facts(slug, consortium, people) | facts)

    assert (response.status_code, sorted(response.context["form"].errors)) == (200, fields)
    assert BY_SLUG[slug].model.objects.count() == 0


@pytest.mark.parametrize("slug", SLUGS)
def test_who_reaches_the_form(people: Personas, sign_in: SignIn, slug: str) -> None:
    consortium = ready_consortium(people)
    own = 200 if BY_SLUG[slug].model.OWNER else 403

    found = {
        who: sign_in(getattr(people, who)).get(at(f"{slug}-add", consortium)).status_code
        for who in ("lead", "university_confirmer", "officer", "rival")
    }

    assert found == {"lead": 200, "university_confirmer": own, "officer": 403, "rival": 404}


def test_a_member_is_offered_itself_only(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)

    form = sign_in(people.university_confirmer).get(at("talent-add", consortium)).context["form"]

    assert list(form.fields["home"].queryset) == [people.university]
    assert form.fields["host"].queryset.count() == 5
    refused = sign_in(people.supplier_confirmer).post(
        at("talent-add", consortium), _facts("talent", consortium, people)
    )
    assert list(refused.context["form"].errors) == ["home"]


def test_evidence_is_kept_and_served_to_those_who_see_it(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    upload = SimpleUploadedFile("样例.pdf", PDF, content_type="application/pdf")

    answer = client.post(
        at("recognition-add", consortium), _facts("recognition", consortium, people) | {"upload": upload}
    )

    assert answer.status_code == 302, answer.context["form"].errors
    made = Recognition.objects.get()
    address = at("recognition-proof", made)
    content = [b"".join(sign_in(who).get(address)) for who in (people.lead, people.university_confirmer)]
    assert content == [PDF, PDF]
    assert sign_in(people.rival).get(address).status_code == 404


def test_the_lead_confirms_what_arrived_as_it_saw_it(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    made = make_entry("contribution", consortium, people)
    address = at("contribution-confirm", made)
    assert client.get(at("consortium-cooperation", consortium)).content.decode().count(address) == 1
    seen = client.get(address).context["form"]["seen"].value()
    Contribution.objects.filter(pk=made.pk).update(amount=5)

    assert client.post(address, {"seen": seen}).status_code == 409
    assert client.post(address, {"seen": client.get(address).context["form"]["seen"].value()}).status_code == 302
    assert Contribution.objects.get().is_final
    assert client.post(address, {"seen": ""}).status_code == 409
    assert sign_in(people.university_confirmer).post(address).status_code == 403


def test_the_page_costs_the_same_however_full_it_is(
    people: Personas, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    address = at("consortium-cooperation", consortium)

    def full(times: int) -> None:
        for _ in range(times):
            for slug in SLUGS:
                facts = {"document_number": str(BY_SLUG[slug].model.objects.count())} if slug == "recognition" else {}
                make_entry(slug, consortium, people, **facts)
            make_demand(consortium, people.lead)

    full(1)
    client.get(address)
    with django_assert_max_num_queries(200) as first:
        client.get(address)
    full(2)
    with django_assert_max_num_queries(len(first)):
        assert client.get(address).status_code == 200


# --- demands -----------------------------------------------------------------------------------
def test_a_demand_from_question_to_match(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    rival_consortium(people)
    lead, rival = sign_in(people.lead), sign_in(people.rival)
    facts = {"poser": str(people.lead_org.pk), "title": "内部题目", "question": "内部全文", "deadline": "2030-12-31"}

    assert lead.post(at("demand-pose", consortium), facts).status_code == 302
    demand = Demand.objects.get()
    assert rival.get(at("demand-detail", demand)).status_code == 404
    assert lead.post(at("demand-publish", demand), {"brief": "公开摘要"})["Location"] == demand.get_absolute_url()
    board = rival.get(reverse("consortia:demand-list")).content.decode()
    page = rival.get(at("demand-detail", demand)).content.decode()
    assert [board.count("公开摘要"), page.count("公开摘要") > 0] == [1, True]
    for secret in ("内部题目", "内部全文", people.lead_org.name, consortium.name):
        assert (secret in board, secret in page) == (False, False)
    proposal = {"organisation": str(people.rival_org.pk), "proposal": "我方方案"}
    form = rival.get(at("demand-answer", demand)).content.decode()
    assert ("内部题目" in form, consortium.name in form) == (False, False)
    assert rival.post(at("demand-answer", demand), proposal).status_code == 302
    assert rival.post(at("demand-answer", demand), proposal).status_code == 200
    answer = demand.answers.get()
    assert lead.get(at("demand-detail", demand)).content.decode().count("我方方案") == 1
    assert lead.get(at("demand-match", answer)).status_code == 200
    assert rival.post(at("demand-match", answer)).status_code == 403
    assert lead.post(at("demand-match", answer)).status_code == 302
    assert lead.post(at("demand-match", answer)).status_code == 409
    assert lead.post(at("demand-close", demand), {"note": "已签约"}).status_code == 302


def test_the_board_is_filtered_and_betrays_nobody(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    make_demand(consortium, people.lead, published=True, brief="甲需求")
    make_demand(consortium, people.lead, published=True, brief="乙需求", named=True)
    make_demand(consortium, people.lead, published=True, brief="旧需求", deadline="2020-01-01")
    client, address = sign_in(people.officer), reverse("consortia:demand-list")

    def briefs(**query: str) -> list[str]:
        return sorted(row.brief for row in client.get(address, query).context["rows"])

    assert briefs() == ["乙需求", "甲需求"]
    assert briefs(q="甲") == ["甲需求"]
    assert briefs(q=people.lead_org.name[:4]) == ["乙需求"]
    assert briefs(district=consortium.district_id) == ["乙需求"]
    assert briefs(sub_field=consortium.sub_field_id) == ["乙需求", "甲需求"]
    assert sign_in(people.expert).get(address).status_code == 403


def test_change_and_conceal(people: Personas, sign_in: SignIn) -> None:
    demand = make_demand(ready_consortium(people), people.lead, published=True)
    client = sign_in(people.lead)
    facts = {"poser": str(people.lead_org.pk), "title": "改题", "question": "全文", "deadline": "2001-01-01"}

    wrong = client.post(at("demand-update", demand), facts)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (200, ["deadline"])
    assert client.post(at("demand-update", demand), facts | {"deadline": "2030-01-01"}).status_code == 302
    assert client.get(at("demand-conceal", demand)).status_code == 200
    assert client.post(at("demand-conceal", demand)).status_code == 302
    assert client.post(at("demand-conceal", demand)).status_code == 409
    make_answer(demand, people.supplier, people.lead)
    assert client.post(at("demand-update", demand), facts | {"deadline": "2030-01-01"}).status_code == 409


# --- liaison -----------------------------------------------------------------------------------
def test_assign_visit_follow_up(people: Personas, sign_in: SignIn) -> None:
    consortium, officer = ready_consortium(people), make_liaison()
    tab = at("consortium-liaison", consortium)

    answer = sign_in(people.head).post(at("consortium-assign-liaison", consortium), {"officer": str(officer.pk)})
    assert answer["Location"] == tab
    client = sign_in(officer)
    facts = {"kind": "MATCHMAKING", "date": "2026-01-05", "participants": "样例", "findings": "样例发现"}
    assert client.post(at("visit-record", consortium), facts)["Location"] == tab
    visit = LiaisonVisit.objects.get()
    assert client.post(at("visit-update", visit), facts | {"findings": "改正"})["Location"] == tab
    assert client.post(at("follow-up-add", visit), {"text": "补材料", "due": "2026-01-06"})["Location"] == tab
    task = FollowUp.objects.get()
    assert client.get(tab).content.decode().count(at("follow-up-finish", task)) == 1
    assert client.get(at("follow-up-finish", task)).status_code == 200
    assert client.post(at("follow-up-finish", task), {"done_note": "已补"})["Location"] == tab
    assert client.post(at("follow-up-finish", task), {"done_note": "已补"}).status_code == 409


def test_the_tab_shows_each_reader_its_own(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    make_follow_up(make_visit(consortium, people.officer, findings="只给牵头单位"))
    make_issue(consortium, people.supplier, people.supplier_confirmer, subject="供应商的分歧")
    tab = at("consortium-liaison", consortium)

    pages = {
        who: sign_in(getattr(people, who)).get(tab).content.decode()
        for who in ("lead", "supplier_confirmer", "fund_confirmer", "head")
    }

    found = {who: ("只给牵头单位" in page, "供应商的分歧" in page) for who, page in pages.items()}
    assert found == {
        "lead": (True, False), "supplier_confirmer": (False, True), "fund_confirmer": (False, False),
        "head": (True, True),
    }  # fmt: skip


def test_an_issue_in_confidence(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    client, head = sign_in(people.supplier_confirmer), sign_in(people.head)
    facts = {
        "raised_by": str(people.supplier.pk), "subject": "分歧", "statement": "经过",
        "parties": [str(people.university.pk)],
    }  # fmt: skip

    assert client.post(at("issue-raise", consortium), facts).status_code == 302
    issue = Issue.objects.get()
    statuses = {
        who: sign_in(getattr(people, who)).get(at("issue-detail", issue)).status_code
        for who in ("university_confirmer", "lead", "fund_confirmer", "rival", "officer", "finance")
    }
    assert statuses == {
        "university_confirmer": 200, "lead": 404, "fund_confirmer": 404, "rival": 404, "officer": 200, "finance": 404,
    }  # fmt: skip
    assert head.get(at("issue-mediate", issue)).status_code == 200
    assert head.post(at("issue-mediate", issue), {"text": "约谈"})["Location"] == issue.get_absolute_url()
    assert head.post(at("issue-mediate", issue), {"text": "约谈"}).status_code == 409
    assert client.post(at("issue-settle", issue), {"text": "x"}).status_code == 403
    empty = head.post(at("issue-settle", issue), {"text": ""})
    assert (empty.status_code, list(empty.context["form"].errors)) == (200, ["text"])
    assert head.post(at("issue-settle", issue), {"text": "和解"}).status_code == 302
    assert client.post(at("issue-note", issue), {"text": "x"}).status_code == 409
    assert client.post(at("issue-close", issue), {"text": "同意"}).status_code == 302


def test_the_supervision_page(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people, status="OPERATING")
    late = make_follow_up(make_visit(consortium, people.officer), due="2020-01-01")
    address = reverse("consortia:supervision-list")

    page = sign_in(people.head).get(address)

    assert (page.status_code, page.context["found"].late) == (200, [late])
    assert sign_in(people.lead).get(address).status_code == 403
    assert sign_in(people.district_officer).get(address).status_code == 403
