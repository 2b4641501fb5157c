"""The pages of the agreement."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consortia.enums import Clause
from consortia.models import Agreement, BackgroundIp, Consortium, Participation
from tests.clock import NOON
from tests.factories.consortia import (
    TEXTS,
    make_agreement,
    make_consortium,
    make_participation,
    ready_consortium,
    sign_for,
)
from tests.personas import Personas
from tests.samples import PDF

SignIn = Callable[..., Client]
FORM = {**TEXTS, "foreground": "SHARED", "expires_on": "2029-12-31"}
ENGLISH = {"Accept-Language": "en"}


def at(name: str, row: Any) -> str:
    return reverse(f"consortia:{name}", args=[row.pk])


def signing(people: Personas) -> tuple[Agreement, Participation]:
    """A version that waits, and the university's part in it."""
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, role="LEAD", ip_share=50)
    member = make_participation(consortium, people.university, people.lead)
    return make_agreement(consortium, people.lead, signed=False), member


# --- drafting and sending ----------------------------------------------------------------------
def test_the_first_draft_begins_with_our_wording(people: Personas, sign_in: SignIn) -> None:
    consortium = make_consortium(people, governance="一家一票。")
    make_participation(consortium, people.university, people.lead)

    form = sign_in(people.lead).get(at("agreement-draft", consortium)).context["form"]

    assert [code for code in Clause.values if not form.initial[code]] == []
    assert (form.initial["governance"].splitlines()[0], "changes" in form.fields) == ("一家一票。", False)
    assert [number for number, _field, _standard in form.rows()] == list(range(1, 18))


def test_draft_go_on_and_send(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    client = sign_in(people.lead)
    page = at("agreement-draft", consortium)

    drafted = client.post(page, FORM | {"changes": "调整目标。", "goals": "新目标。"})
    draft = consortium.agreements.get(status="DRAFT")
    initial = client.get(page).context["form"].initial
    sent = client.post(at("agreement-send", draft))

    assert (drafted["Location"], sent["Location"]) == (draft.get_absolute_url(),) * 2
    assert (initial["goals"], initial["changes"]) == ("新目标。", "调整目标。")
    assert list(consortium.agreements.values_list("version", "status")) == [(2, "SIGNING"), (1, "EFFECTIVE")]
    assert client.post(at("agreement-send", draft)).status_code == 409


def test_what_is_typed_wrongly_stays_beside_its_field(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)

    response = sign_in(people.lead).post(
        at("agreement-draft", consortium), FORM | {"expires_on": "2020-01-01", "goals": "甲" * 10_001}
    )

    assert sorted(response.context["form"].errors) == ["goals"]
    assert response.context["form"]["division"].value() == TEXTS["division"]


def test_an_incomplete_draft_says_what_is_missing(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    client = sign_in(people.lead)
    client.post(at("agreement-draft", consortium), FORM | {"goals": ""})

    response = client.get(at("agreement-send", consortium.agreements.get(status="DRAFT")))

    assert len(response.context["reasons"]) == 2  # a clause without text, and nothing about what changes


def test_a_draft_is_the_leads_own(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    draft = Agreement.objects.create(
        consortium=consortium, version=2, drafted_by=people.lead, expires_on=date(2029, 1, 1), clauses=TEXTS
    )

    found = {
        who: sign_in(getattr(people, who)).get(draft.get_absolute_url()).status_code
        for who in ("lead", "university_confirmer", "officer", "rival")
    }

    assert found == {"lead": 200, "university_confirmer": 404, "officer": 404, "rival": 404}


@pytest.mark.parametrize("page", ["agreement-send", "agreement-remind", "agreement-take-effect"])
@pytest.mark.parametrize(("who", "status"), [("university_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_only_the_lead_moves_a_version(people: Personas, sign_in: SignIn, page: str, who: str, status: int) -> None:
    agreement, _member = signing(people)

    assert sign_in(getattr(people, who)).post(at(page, agreement)).status_code == status


def test_remind_once_a_day(people: Personas, sign_in: SignIn) -> None:
    agreement, _member = signing(people)
    client = sign_in(people.lead)

    assert client.get(at("agreement-remind", agreement)).status_code == 200
    assert [client.post(at("agreement-remind", agreement)).status_code for _ in range(2)] == [302, 409]


def test_put_into_force_after_who_had_not_signed_has_gone(people: Personas, sign_in: SignIn) -> None:
    agreement, member = signing(people)
    client = sign_in(people.lead)
    sign_for(agreement, agreement.consortium.participations.get(role="LEAD"), people.lead)

    too_early = client.post(at("agreement-take-effect", agreement)).status_code
    Participation.objects.filter(pk=member.pk).update(status="LEFT")
    offered = client.get(agreement.get_absolute_url()).context["takes_effect"]
    response = client.post(at("agreement-take-effect", agreement))

    assert (too_early, offered, response.status_code) == (409, True, 302)
    assert Agreement.objects.get(pk=agreement.pk).status == "EFFECTIVE"


# --- reading -----------------------------------------------------------------------------------
def test_the_tab_shows_who_has_signed_how(people: Personas, sign_in: SignIn) -> None:
    agreement, member = signing(people)
    sign_for(agreement, member, people.university_confirmer)

    context = sign_in(people.lead).get(at("consortium-agreement", agreement.consortium)).context

    assert [(row.participation.organisation, row.signature is not None) for row in context["document"].signings] == [
        (people.lead_org, False), (people.university, True),
    ]  # fmt: skip
    assert context["steps"] == ["remind_agreement"]


def test_the_page_says_that_the_data_have_moved_on(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    consortium.participations.filter(organisation=people.university).update(duties="另有分工。")

    text = sign_in(people.officer).get(consortium.agreements.get().get_absolute_url(), headers=ENGLISH).content.decode()

    assert text.count("The agreement no longer matches the data") == 1
    assert text.count("<ins>另有分工。</ins>") == 1


def test_compare_two_versions_clause_by_clause(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    newer = make_agreement(
        consortium, people.lead, signed=False, version=2, clauses=TEXTS | {"goals": "样例条款：goals。再加一句。"}
    )
    client = sign_in(people.university_confirmer)

    comparison = client.get(at("agreement-compare", newer)).context["comparison"]
    first = client.get(at("agreement-compare", consortium.agreements.get(version=1)))

    (change,) = comparison.clauses
    assert [(piece.kind, piece.text) for piece in change.pieces] == [
        ("same", "样例条款：goals。"),
        ("new", "再加一句。"),
    ]
    assert (comparison.schedules, first.status_code) == ([], 404)


# --- signing -----------------------------------------------------------------------------------
def test_the_member_sees_the_hash_and_signs(people: Personas, sign_in: SignIn) -> None:
    agreement, member = signing(people)
    client = sign_in(people.university_confirmer)
    page = at("agreement-sign", member)

    text = client.get(page).content.decode()
    response = client.post(page, {"agreement": agreement.pk, "agreed": "on"})

    assert agreement.sha256 in text
    assert response["Location"] == member.get_absolute_url()
    assert member.signatures.get().signed_by == people.university_confirmer
    assert client.get(page).context["agreement"] is None


def test_without_the_tick_nothing_is_signed(people: Personas, sign_in: SignIn) -> None:
    agreement, member = signing(people)

    response = sign_in(people.university_confirmer).post(at("agreement-sign", member), {"agreement": agreement.pk})

    assert (list(response.context["form"].errors), member.signatures.count()) == (["agreed"], 0)


@pytest.mark.parametrize("page", ["agreement-sign", "agreement-upload"])
def test_who_signed_in_long_ago_confirms_first(people: Personas, sign_in: SignIn, page: str, settings: Any) -> None:
    settings.STEP_UP_SECONDS = -1
    agreement, member = signing(people)

    response = sign_in(people.university_confirmer).post(at(page, member), {"agreement": agreement.pk, "agreed": "on"})

    assert (response.status_code, member.signatures.count()) == (302, 0)
    assert "reauthenticate" in response["Location"]


def test_hand_in_a_sealed_scan_and_fetch_it(people: Personas, sign_in: SignIn) -> None:
    agreement, member = signing(people)
    client = sign_in(people.university_confirmer)
    page, day = at("agreement-upload", member), NOON.date().isoformat()
    told = {"agreement": agreement.pk, "signatory": "样例院长", "signed_on": day, "agreed": "on"}

    bad = client.post(page, told | {"scan": SimpleUploadedFile("协议.pdf", b"MZ", "application/pdf")})
    response = client.post(page, told | {"scan": SimpleUploadedFile("协议.pdf", PDF, "application/pdf")})

    assert (list(bad.context["form"].errors), response.status_code) == (["scan"], 302)
    signature = member.signatures.get()
    assert (signature.method, signature.signatory) == ("SCAN", "样例院长")
    scan = at("signature-scan", signature)
    assert b"".join(sign_in(people.lead).get(scan).streaming_content) == PDF
    assert sign_in(people.rival).get(scan).status_code == 404


def test_an_outdated_version_is_refused_with_its_reason(people: Personas, sign_in: SignIn) -> None:
    old, member = signing(people)
    make_agreement(old.consortium, people.lead, signed=False, version=2)

    response = sign_in(people.university_confirmer).post(
        at("agreement-sign", member), {"agreement": old.pk, "agreed": "on"}
    )

    assert (response.status_code, member.signatures.count()) == (409, 0)


@pytest.mark.parametrize("page", ["agreement-sign", "agreement-upload"])
@pytest.mark.parametrize(("who", "status"), [("lead", 403), ("lead_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_nobody_signs_for_another(people: Personas, sign_in: SignIn, page: str, who: str, status: int) -> None:
    _agreement, member = signing(people)

    assert sign_in(getattr(people, who)).get(at(page, member)).status_code == status


# --- background IP -----------------------------------------------------------------------------
def test_list_change_and_remove_a_background_right(people: Personas, sign_in: SignIn) -> None:
    consortium: Consortium = ready_consortium(people)
    client = sign_in(people.lead)
    told = {"title": "样例专利", "number": "ZL1", "owner": people.university.pk, "terms": "免费。"}

    client.post(at("background-add", consortium), told)
    right = BackgroundIp.objects.get()
    client.post(at("background-update", right), told | {"title": "样例发明"})
    foreign = client.post(at("background-add", consortium), told | {"owner": people.rival_org.pk})

    assert BackgroundIp.objects.get().title == "样例发明"
    assert list(foreign.context["form"].errors) == ["owner"]
    assert sign_in(people.university_confirmer).get(at("background-remove", right)).status_code == 403
    assert client.post(at("background-remove", right)).status_code == 302
    assert not consortium.background_ip.exists()
