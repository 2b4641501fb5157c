"""The forms: who may open them, what they refuse next to the field, what they do once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from consortia.enums import ConsortiumStatus, ParticipationRole, ParticipationStatus
from consortia.models import Consortium, Participation
from consortia.selectors.parts import part_state
from consortia.services.participations import Part, revise_participation
from consortia.services.tasks import update_task
from members.enums import OrganisationType
from members.models import Invitation, Organisation
from tests.clock import NOON
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_participation,
    make_sub_field,
    make_task,
    ready_consortium,
)
from tests.factories.members import make_code, make_organisation
from tests.personas import Personas

S = ConsortiumStatus
P = ParticipationStatus
SignIn = Callable[..., Client]
ENGLISH = {"accept-language": "en"}
PART = {
    "chain_position": "RESEARCH", "layer": "CORE", "duties": "承担机理研究。", "cash": "500000", "in_kind": "0",
    "ip_share": "20", "benefit_share": "0", "person_months": "12",
}  # fmt: skip


def at(name: str, *keys: Any) -> str:
    return reverse(f"consortia:{name}", args=[getattr(key, "pk", key) for key in keys])


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code in {200, 409}  # to be mended, or refused by the state of things
    found: dict[str, list[str]] = response.context["form"].errors
    return dict(found)


# --- form a consortium -------------------------------------------------------------------------
def _profile(people: Personas, **facts: str) -> dict[str, str]:
    own = {"lead": str(people.lead_org.pk), "district": "320583", "sub_field": make_sub_field().pk}
    texts = {"name": "样例澄湖创新联合体", "mission": "攻克核心技术。", "alignment": "对接国家战略。"}
    chosen = {"type": "MARKET", "form": "VIRTUAL", "operating_model": "JOINT_TEAM", "chain_action": "FILL"}
    return {**PART, **own, **texts, **chosen, "industry_class": "FUTURE", **facts}


def test_create_leads_to_the_preparation(people: Personas, sign_in: SignIn) -> None:
    response = sign_in(people.lead).post(at("consortium-create"), _profile(people))

    made = Consortium.objects.get()
    assert response["Location"] == at("consortium-preparation", made)
    assert (made.lead, made.created_by, made.participations.get().ip_share) == (
        people.lead_org,
        people.lead,
        Decimal(20),
    )


def test_create_suggests_the_own_organisation_and_its_district(people: Personas, sign_in: SignIn) -> None:
    fields = sign_in(people.lead).get(at("consortium-create")).context["form"].fields

    assert (fields["lead"].initial, fields["district"].initial) == (people.lead_org, people.lead_org.district)


@pytest.mark.parametrize("who", ["university_confirmer", "officer", "leader", "expert", "system_admin"])
def test_who_writes_for_nobody_forms_nothing(people: Personas, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(people, who))

    assert client.get(at("consortium-create")).status_code == 403
    assert client.post(at("consortium-create"), _profile(people)).status_code == 403


def test_create_says_what_is_wrong_next_to_the_field_and_loses_nothing(people: Personas, sign_in: SignIn) -> None:
    wrong = _profile(people, name="", cash="-1", ip_share="100.1", chain_position="MOON", lead=str(people.rival_org.pk))

    response = sign_in(people.lead).post(at("consortium-create"), wrong, headers=ENGLISH)

    assert sorted(errors(response)) == ["cash", "chain_position", "ip_share", "lead", "name"]
    assert response.context["form"]["mission"].value() == "攻克核心技术。"
    assert Consortium.objects.count() == 0


def test_a_name_in_use_is_said_and_nothing_is_made(people: Personas, sign_in: SignIn) -> None:
    make_consortium(people, name="样例澄湖创新联合体")

    response = sign_in(people.lead).post(at("consortium-create"), _profile(people), headers=ENGLISH)

    assert errors(response) == {"name": ["A consortium of this name exists already."]}


def test_update_the_profile(people: Personas, sign_in: SignIn) -> None:
    consortium = make_consortium(people)
    client, facts = sign_in(people.lead), _profile(people, name="样例新名称")

    assert client.get(at("consortium-update", consortium)).status_code == 200
    response = client.post(at("consortium-update", consortium), facts)

    assert response["Location"] == consortium.get_absolute_url()
    assert Consortium.objects.get().name == "样例新名称"


def _amended(client: Client, consortium: Consortium, **facts: str) -> dict[str, str]:
    """The page as it was opened, with what was typed."""
    form = client.get(at("consortium-amend", consortium)).context["form"]
    return {one.html_name: one.value() or "" for one in form} | facts


def test_amend_the_profile_at_work(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people, status=S.OPERATING), sign_in(people.lead)
    facts = _amended(client, consortium, chief_scientist="样例专家乙", note="专家退休。")

    unsaid = client.post(at("consortium-amend", consortium), facts | {"note": ""})
    answers = [client.post(at("consortium-amend", consortium), facts) for _ in range(2)]

    assert list(errors(unsaid)) == ["note"]
    assert answers[0]["Location"] == consortium.get_absolute_url()
    assert answers[1].status_code == 409
    assert Consortium.objects.get(pk=consortium.pk).chief_scientist == "样例专家乙"


def test_an_entity_says_its_name_and_a_sound_code_when_it_is_amended(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people, status=S.OPERATING), sign_in(people.lead)
    facts = _amended(client, consortium, form="ENTITY", note="实体化。")

    without = client.post(at("consortium-amend", consortium), facts)
    unsound = client.post(at("consortium-amend", consortium), facts | {"entity_name": "样例", "entity_code": "123"})

    assert sorted(errors(without)) == ["entity_code", "entity_name"]
    assert sorted(errors(unsound)) == ["entity_code"]


def test_who_amends_the_profile(people: Personas, sign_in: SignIn) -> None:
    preparing, working = make_consortium(people), ready_consortium(people, name="样例在建", status=S.OPERATING)

    for who, status in (("university_confirmer", 403), ("officer", 403), ("rival", 404)):
        assert sign_in(getattr(people, who)).get(at("consortium-amend", working)).status_code == status
    client = sign_in(people.lead)
    page = client.get(at("consortium-amend", preparing))
    assert (page.status_code, page.templates[0].name) == (200, "step_closed.html")


def test_members_do_not_update_the_profile(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)

    assert sign_in(people.university_confirmer).get(at("consortium-update", consortium)).status_code == 403


# --- invite ------------------------------------------------------------------------------------
def test_find_by_name(people: Personas, sign_in: SignIn) -> None:
    consortium, wanted = make_consortium(people), make_organisation("样例衡准检测")
    client = sign_in(people.lead)

    assert list(client.get(at("member-find", consortium), {"q": "衡准"}).context["found"]) == [wanted]
    assert client.get(at("member-find", consortium), {"q": "衡"}).context["found"] is None
    assert client.get(at("member-find", consortium)).context["found"] is None


def test_invite_a_registered_organisation(people: Personas, sign_in: SignIn) -> None:
    consortium = make_consortium(people)
    client = sign_in(people.lead)

    assert client.get(at("participation-invite", consortium, people.university)).status_code == 200
    response = client.post(at("participation-invite", consortium, people.university), PART)

    assert response["Location"] == at("consortium-members", consortium)
    assert consortium.participations.get().organisation == people.university


def test_too_large_a_share_stands_next_to_the_field(people: Personas, sign_in: SignIn) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.fund, people.lead, ip_share=Decimal("80.5"))

    response = sign_in(people.lead).post(
        at("participation-invite", consortium, people.university), PART, headers=ENGLISH
    )

    assert errors(response) == {"ip_share": ["The other members hold 80.5 % already; at most 19.5 % are left."]}


def test_a_second_click_invites_nobody_twice(people: Personas, sign_in: SignIn) -> None:
    consortium, client = make_consortium(people), sign_in(people.lead)
    address = at("participation-invite", consortium, people.university)
    client.post(address, PART)

    response = client.post(address, PART, headers=ENGLISH)

    assert errors(response) == {"__all__": ["This organisation is a member already."]}
    assert consortium.participations.count() == 1


def _newcomer(**facts: str) -> dict[str, str]:
    organisation = {
        "name": "样例新光材料有限公司", "type": OrganisationType.ENTERPRISE, "id_scheme": "USCC", "uscc": make_code(),
        "uscc_override": "", "contact_name": "样例联系人", "contact_email": "contact@sample.test",
    }  # fmt: skip
    return {**PART, **organisation, **facts}


def test_invite_an_organisation_that_is_not_registered(people: Personas, sign_in: SignIn) -> None:
    consortium, client = make_consortium(people), sign_in(people.lead)

    assert client.get(at("participation-invite-new", consortium)).status_code == 200
    response = client.post(at("participation-invite-new", consortium), _newcomer())

    assert response["Location"] == at("consortium-members", consortium)
    member = consortium.participations.get()
    assert (member.organisation.name, member.status) == ("样例新光材料有限公司", P.INVITED)
    assert Invitation.objects.get().email == "contact@sample.test"
    assert mail.outbox == []  # the mail is a job, sent after the answer


def test_a_wrong_code_makes_no_organisation(people: Personas, sign_in: SignIn) -> None:
    consortium = make_consortium(people)

    response = sign_in(people.lead).post(at("participation-invite-new", consortium), _newcomer(uscc="12345"))

    assert list(errors(response)) == ["uscc"]
    assert not Organisation.objects.filter(name="样例新光材料有限公司").exists()


def test_an_organisation_abroad_is_invited_by_country_and_number(people: Personas, sign_in: SignIn) -> None:
    consortium, client = make_consortium(people), sign_in(people.lead)
    abroad = {"id_scheme": "FOREIGN", "uscc": "", "country": "DE", "registration_number": "HRB 12345"}

    refused = client.post(at("participation-invite-new", consortium), _newcomer(**abroad | {"country": "??"}))
    client.post(at("participation-invite-new", consortium), _newcomer(**abroad))

    assert list(errors(refused)) == ["country"]
    assert consortium.participations.get().organisation.code == "DE HRB 12345"


def test_too_large_a_share_makes_no_organisation(people: Personas, sign_in: SignIn) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.fund, people.lead, ip_share=Decimal(90))

    response = sign_in(people.lead).post(at("participation-invite-new", consortium), _newcomer())

    assert list(errors(response)) == ["ip_share"]
    assert (Organisation.objects.filter(name="样例新光材料有限公司").count(), Invitation.objects.count()) == (0, 0)


@pytest.mark.parametrize("page", ["member-find", "participation-invite-new", "agreement-draft", "technology-add"])
@pytest.mark.parametrize(("who", "status"), [("university_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_only_the_lead_opens_the_lead_forms(
    people: Personas, sign_in: SignIn, page: str, who: str, status: int
) -> None:
    assert sign_in(getattr(people, who)).get(at(page, ready_consortium(people))).status_code == status


# --- one's own part ----------------------------------------------------------------------------
def _asked(people: Personas, **facts: Any) -> Participation:
    consortium = make_consortium(people)
    return make_participation(consortium, people.university, people.lead, status=P.INVITED, **facts)


def _consent(member: Participation, **facts: Any) -> dict[str, Any]:
    return {"seen": [one.token for one in part_state(member).items], "agreed": "on", **facts}


def test_the_member_reads_promise_agreement_and_consent_on_one_page(people: Personas, sign_in: SignIn) -> None:
    member = _asked(people)
    agreement = make_agreement(member.consortium, people.lead, signed=False)

    context = sign_in(people.university_confirmer).get(member.get_absolute_url()).context

    assert (context["agreement"], context["signature"]) == (agreement, None)
    assert context["read"] == {"agreement": agreement.pk}
    assert [one.standing for one in context["state"].items] == ["NEVER"] * 4
    assert context["actions"] == ["confirm", "confirm_item", "decline"]


def test_confirm_and_sign_in_one_step(people: Personas, sign_in: SignIn) -> None:
    member = _asked(people)
    agreement = make_agreement(member.consortium, people.lead, signed=False)

    response = sign_in(people.university_confirmer).post(
        at("participation-confirm", member), _consent(member, agreement=agreement.pk)
    )

    assert response["Location"] == member.get_absolute_url()
    assert Participation.objects.get(pk=member.pk).status == P.CONFIRMED
    assert member.signatures.get().agreement == agreement


def test_what_contradicts_the_agreement_is_confirmed_alone(people: Personas, sign_in: SignIn) -> None:
    member = _asked(people)
    agreement = make_agreement(member.consortium, people.lead, signed=False)
    Participation.objects.filter(pk=member.pk).update(cash=2_000_000)
    member.refresh_from_db()
    client, confirm = sign_in(people.university_confirmer), at("participation-confirm", member)

    page = client.get(member.get_absolute_url())
    refused = client.post(confirm, _consent(member, agreement=agreement.pk))
    alone = client.post(confirm, _consent(member))
    sign = client.get(at("agreement-sign", member))

    assert (page.context["read"], page.context["form"] is None) == ({"agreement": None}, False)
    assert [one.table.key for one in page.context["stale"]] == ["money"]
    assert "200.00" in page.content.decode()
    assert (refused.status_code, alone["Location"]) == (409, member.get_absolute_url())
    assert Participation.objects.get(pk=member.pk).status == P.CONFIRMED
    assert not member.signatures.exists()
    assert (sign.context["agreement"], len(sign.context["stale"])) == (None, 1)


def test_the_lead_is_led_to_the_next_version(people: Personas, sign_in: SignIn) -> None:
    member = _asked(people)
    make_agreement(member.consortium, people.lead, signed=False)
    Participation.objects.filter(pk=member.pk).update(cash=2_000_000)

    page = sign_in(people.lead).get(member.get_absolute_url())

    assert reverse("consortia:agreement-draft", args=[member.consortium_id]) in page.content.decode()


def test_an_invitation_whose_time_has_passed_reads_so(people: Personas, sign_in: SignIn) -> None:
    member = _asked(people, invited_until=date(2020, 1, 2))

    page = sign_in(people.university_confirmer).get(member.get_absolute_url())
    matrix = sign_in(people.lead).get(at("consortium-members", member.consortium))

    assert (page.context["form"], page.context["over"]) == (None, True)
    assert "can be answered until" not in page.content.decode()
    assert all("clock-exclamation" in one.content.decode() for one in (page, matrix))


def test_shares_that_make_no_whole_warn_before_the_version_is_sent(people: Personas, sign_in: SignIn) -> None:
    member = _asked(people, ip_share=Decimal("99.5"), benefit_share=Decimal(100))
    make_participation(member.consortium, people.fund, people.lead, ip_share=0)
    draft = make_agreement(member.consortium, people.lead, signed=False)
    type(draft).objects.filter(pk=draft.pk).update(status="DRAFT", sent_at=None, sha256="", content={})

    page = sign_in(people.lead).get(at("agreement-send", draft))

    (said,) = page.context["warnings"]
    assert "99.50%" in said
    assert said in page.content.decode()


def test_confirm_first_and_sign_later(people: Personas, sign_in: SignIn) -> None:
    member, client = _asked(people), sign_in(people.university_confirmer)
    client.post(at("participation-confirm", member), _consent(member))
    agreement = make_agreement(member.consortium, people.lead, signed=False)

    page = client.get(member.get_absolute_url())
    response = client.post(at("agreement-sign", member), {"agreement": agreement.pk, "agreed": "on"})

    assert (page.context["form"], page.context["sign_form"] is None) == (None, False)
    assert response["Location"] == member.get_absolute_url()
    assert member.signatures.get().signed_by == people.university_confirmer


def test_without_the_tick_nothing_is_confirmed(people: Personas, sign_in: SignIn) -> None:
    member = _asked(people)

    response = sign_in(people.university_confirmer).post(at("participation-confirm", member), {"seen": "x"})

    assert sorted(errors(response)) == ["agreed", "seen"]
    assert Participation.objects.get(pk=member.pk).status == P.INVITED


def test_a_change_meanwhile_is_shown_and_can_then_be_confirmed(people: Personas, sign_in: SignIn) -> None:
    member, client = _asked(people), sign_in(people.university_confirmer)
    old = _consent(member)
    part = Part(chain_position="RESEARCH", duties="新的任务。", ip_share=Decimal(1))
    revise_participation(participation=member, part=part, actor=people.lead, at=NOON)

    response = client.post(at("participation-confirm", member), old, headers=ENGLISH)

    assert errors(response) == {"__all__": ["The lead has changed your part meanwhile. Please read it again."]}
    fresh = [token for token, _label in response.context["form"].fields["seen"].choices]
    client.post(at("participation-confirm", member), {"seen": fresh, "agreed": "on"})
    assert Participation.objects.get(pk=member.pk).status == P.CONFIRMED


def test_a_second_click_confirms_once(people: Personas, sign_in: SignIn) -> None:
    member, client = _asked(people), sign_in(people.university_confirmer)
    client.post(at("participation-confirm", member), _consent(member))

    response = client.post(at("participation-confirm", member), _consent(member))

    assert list(errors(response)) == ["__all__"]


def test_the_agreement_of_others_is_a_404(people: Personas, sign_in: SignIn) -> None:
    member = _asked(people)
    elsewhere = make_agreement(make_consortium(people), people.lead)
    client = sign_in(people.university_confirmer)

    confirmed = client.post(at("participation-confirm", member), _consent(member, agreement=elsewhere.pk))
    signed = client.post(at("agreement-sign", member), {"agreement": elsewhere.pk, "agreed": "on"})

    assert (confirmed.status_code, signed.status_code) == (404, 404)


def test_after_the_deed_the_pages_of_consent_offer_nothing(people: Personas, sign_in: SignIn) -> None:
    member = ready_consortium(people).participations.get(organisation=people.university)
    client = sign_in(people.university_confirmer)

    confirmed = client.get(at("participation-confirm", member)).context
    signed = client.get(at("agreement-sign", member)).context

    assert (confirmed["form"], len(confirmed["obstacles"])) == (None, 1)
    assert signed["agreement"] is None


def test_decline_with_a_reason(people: Personas, sign_in: SignIn) -> None:
    member, client = _asked(people), sign_in(people.university_confirmer)
    address = at("participation-decline", member)

    assert client.get(address).status_code == 200
    assert list(errors(client.post(address, {"note": " "}))) == ["note"]
    assert client.post(address, {"note": "与规划不符。"}).status_code == 302
    assert Participation.objects.get(pk=member.pk).decline_reason == "与规划不符。"
    assert client.get(member.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("page", ["participation-confirm", "participation-decline", "agreement-sign"])
@pytest.mark.parametrize(("who", "status"), [("lead", 403), ("fund_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_nobody_answers_for_another(people: Personas, sign_in: SignIn, page: str, who: str, status: int) -> None:
    consortium = ready_consortium(people)
    member = consortium.participations.get(organisation=people.university)

    assert sign_in(getattr(people, who)).post(at(page, member), {"note": "理由"}).status_code == status


def test_some_items_first_and_the_signature_with_the_last(people: Personas, sign_in: SignIn) -> None:
    member, client = _asked(people), sign_in(people.university_confirmer)
    agreement = make_agreement(member.consortium, people.lead, signed=False)
    tokens = _consent(member)["seen"]

    client.post(at("participation-confirm", member), _consent(member, seen=tokens[:1], agreement=agreement.pk))
    halfway = client.get(member.get_absolute_url()).context["state"]
    client.post(at("participation-confirm", member), _consent(member, seen=tokens[1:], agreement=agreement.pk))

    assert (halfway.done, member.signatures.count()) == (1, 1)
    assert Participation.objects.get(pk=member.pk).status == P.CONFIRMED


def test_what_changed_is_shown_field_by_field(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    member = consortium.participations.get(organisation=people.university)
    task = make_task(consortium, lead=people.university)
    task.budget_own = Decimal(2_000_000)
    update_task(task=task, actor=people.lead, at=NOON)

    response = sign_in(people.university_confirmer).get(member.get_absolute_url(), headers=ENGLISH)

    [state] = response.context["state"].open
    assert [(one.label, one.before, one.after) for one in state.changes] == [
        ("T2 样机研制 · Budget from own funds", "150.00 ×10k yuan", "200.00 ×10k yuan")
    ]
    assert [label for _token, label in response.context["form"].fields["seen"].choices] == ["Tasks and technologies"]


def test_the_lead_sees_who_confirmed_what(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    member = consortium.participations.get(organisation=people.university)
    client.post(at("participation-revise", member), {**PART, "layer": "CORE"})

    parts = client.get(at("consortium-members", consortium)).context["overview"].parts

    matrix = {part.participation.organisation: [one.standing.value for one in part.items] for part in parts}
    assert matrix.pop(people.university) == ["LAPSED", "LAPSED", "LAPSED", "CONFIRMED"]
    assert set(map(tuple, matrix.values())) == {("CONFIRMED",) * 4}


def test_revise_begins_with_what_stands(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    member = consortium.participations.get(organisation=people.university)

    form = client.get(at("participation-revise", member)).context["form"]
    assert (form["duties"].value(), form["ip_share"].value()) == ("承担样机研制。", Decimal(10))
    assert client.post(at("participation-revise", member), PART).status_code == 302
    assert Participation.objects.get(pk=member.pk).status == P.INVITED


def test_a_company_says_its_name_and_code_at_their_fields(people: Personas, sign_in: SignIn) -> None:
    response = sign_in(people.lead).post(at("consortium-create"), {**_profile(people), "form": "ENTITY"})

    assert sorted(errors(response)) == ["entity_code", "entity_name"]


def test_a_part_says_once_and_in_sense_what_is_out_of_range(people: Personas, sign_in: SignIn) -> None:
    member = _asked(people)
    facts = {**PART, "cash": "-1", "person_months": "-1"}

    negative = errors(sign_in(people.lead).post(at("participation-revise", member), facts))
    endless = errors(sign_in(people.lead).post(at("participation-revise", member), {**PART, "person_months": "9" * 9}))

    assert {name: len(said) for name, said in negative.items()} == {"cash": 1, "person_months": 1}
    assert "100000" in str(endless["person_months"]).replace(",", "")


def test_a_part_is_not_revised_over_what_another_wrote_meanwhile(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    member = consortium.participations.get(organisation=people.university)
    seen = client.get(at("participation-revise", member)).context["form"]["seen"].value()
    client.post(at("participation-revise", member), {**PART, "duties": "别人的任务。", "seen": seen})

    response = client.post(at("participation-revise", member), {**PART, "seen": seen})

    assert response.status_code == 409
    assert Participation.objects.get(pk=member.pk).duties == "别人的任务。"


def test_a_page_that_does_not_say_what_was_seen_saves_nothing(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    member = consortium.participations.get(organisation=people.university)

    response = client.post(at("participation-revise", member), {**PART, "seen": None})

    assert list(errors(response)) == ["seen"]
    assert Participation.objects.get(pk=member.pk).status == P.CONFIRMED


def test_remind_once_a_day(people: Personas, sign_in: SignIn) -> None:
    member, client = _asked(people), sign_in(people.lead)
    page = at("participation-remind", member)

    assert client.get(page).status_code == 200
    assert [client.post(page).status_code for _ in range(2)] == [302, 409]


def test_withdraw_and_invite_another_in_its_place(people: Personas, sign_in: SignIn) -> None:
    member, client = _asked(people, cash=Decimal(70_000)), sign_in(people.lead)
    other = make_organisation()

    assert client.post(at("participation-withdraw", member), {"note": "样例"}).status_code == 302
    found = client.get(at("member-find", member.consortium), {"replaces": member.pk, "q": other.name}).context
    page = at("participation-invite", member.consortium, other) + f"?replaces={member.pk}"
    form = client.get(page).context["form"]
    assert client.post(page, PART).status_code == 302

    assert (found["replaced"], form["cash"].value(), form["duties"].value()) == (
        member, "7.00", "承担样机研制。",
    )  # fmt: skip
    assert other.participations.get().replaces == member


@pytest.mark.parametrize("page", ["participation-revise", "participation-remind", "participation-withdraw"])
@pytest.mark.parametrize(("who", "status"), [("university_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_only_the_lead_revises(people: Personas, sign_in: SignIn, page: str, who: str, status: int) -> None:
    member = ready_consortium(people).participations.get(organisation=people.university)

    assert sign_in(getattr(people, who)).get(at(page, member)).status_code == status


# --- decisions ---------------------------------------------------------------------------------
PAPER = {"note": "经研究决定。", "document_number": "样科9号", "meeting": "样例会", "meeting_on": "2026-01-10"}
RECTIFY = {"demands": "补齐节点。", "due": "2030-01-10"}
DECISIONS = [
    ("rectify", S.OPERATING, S.RECTIFYING, PAPER | RECTIFY),
    ("resume", S.RECTIFYING, S.OPERATING, PAPER),
    ("graduate", S.OPERATING, S.GRADUATED, PAPER),
    ("downgrade", S.OPERATING, S.CULTIVATION, PAPER | {"tier": "C"}),
]


@pytest.mark.parametrize(("action", "source", "target", "form"), DECISIONS)
def test_the_leader_decides_with_a_reason(
    people: Personas, sign_in: SignIn, action: str, source: str, target: str, form: dict[str, str]
) -> None:
    consortium, client = make_consortium(people, status=source), sign_in(people.leader)
    address = at(f"consortium-{action}", consortium)

    assert client.get(address).context["obstacles"] == []
    assert list(errors(client.post(address, form | {"note": ""}))) == ["note"]
    assert client.post(address, form)["Location"] == consortium.get_absolute_url()
    assert Consortium.objects.get().status == target
    assert len(errors(client.post(address, form))) == 1
    assert len(client.get(address).context["reasons"]) == 1


def test_an_upgrade_shows_its_gates(people: Personas, sign_in: SignIn) -> None:
    consortium, client = make_consortium(people, status=S.OPERATING), sign_in(people.head)
    address = at("consortium-upgrade", consortium)

    assert [stands for _label, stands in client.get(address).context["gates"]] == [False, False, False]
    assert len(errors(client.post(address, PAPER | {"tier": "A"}))["__all__"]) == 3


@pytest.mark.parametrize(("action", "source", "_target", "form"), DECISIONS)
@pytest.mark.parametrize(
    ("who", "status"), [("lead", 403), ("officer", 403), ("district_officer", 403), ("rival", 404), ("expert", 404)]
)
def test_others_do_not_decide(
    people: Personas, sign_in: SignIn, action: str, source: str, _target: str, form: dict[str, str], who: str,
    status: int,
) -> None:  # fmt: skip
    consortium = make_consortium(people, status=source)
    make_participation(consortium, people.lead_org, people.lead, role=ParticipationRole.LEAD)

    answer = sign_in(getattr(people, who)).post(at(f"consortium-{action}", consortium), form)

    assert answer.status_code == status
