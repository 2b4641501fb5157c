"""Members: invited, replaced, revised, confirmed, declined."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from consortia.enums import ChainPosition, ConsortiumStatus, Layer, ParticipationRole, ParticipationStatus
from consortia.models import AgreementSignature, Consortium, Participation
from consortia.selectors.parts import part_state
from consortia.services.participations import (
    Part,
    confirm_participation,
    decline_participation,
    invite_member,
    revise_participation,
)
from members.models import Organisation, User
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import HOUR, NOON
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_participation,
    meet,
    ready_consortium,
)
from tests.factories.members import make_organisation
from tests.personas import Personas

P = ParticipationStatus
PART = Part(
    chain_position=ChainPosition.RESEARCH, duties="承担机理研究。", layer=Layer.CORE, cash=Decimal(500_000),
    in_kind=Decimal(200_000), ip_share=Decimal(20), person_months=24,
)  # fmt: skip


def _invite(consortium: Consortium, organisation: Organisation, actor: User, **facts: Any) -> Participation:
    return invite_member(
        consortium=consortium, organisation=organisation, part=replace(PART, **facts), actor=actor, at=NOON
    )


def _member(consortium: Consortium, organisation: Organisation) -> Participation:
    return consortium.participations.get(organisation=organisation)


def _seen(member: Participation) -> dict[str, str]:
    """What a person that reads the page now has read."""
    return {one.item.value: one.sha256 for one in part_state(member).items}


def _kinds(user: User) -> list[str]:
    return [note.kind for note in Notification.objects.filter(recipient=user)]


# --- invite ------------------------------------------------------------------------------------
def test_invite_stores_the_part_and_asks_the_confirmer(people: Personas) -> None:
    consortium = make_consortium(people)
    meet(people.university_confirmer)

    member = _invite(consortium, people.university, people.lead)

    stored = Participation.objects.get(pk=member.pk)
    assert (stored.status, stored.cash, stored.ip_share, stored.invited_by) == (
        P.INVITED, Decimal(500_000), Decimal(20), people.lead,
    )  # fmt: skip
    assert stored.commitment == Decimal(700_000)
    assert _kinds(people.university_confirmer) == ["consortia.invited"]
    assert trail(consortium).get().facts["name"] == "样例理工大学"


def test_without_a_confirmer_the_administrator_is_told(people: Personas) -> None:
    consortium = make_consortium(people, lead=people.rival_org)

    invite_member(consortium=consortium, organisation=people.lead_org, part=PART, actor=people.rival, at=NOON)
    meet(people.lead_admin)
    assert Notification.objects.count() == 0

    _invite(make_consortium(people, lead=people.rival_org), people.lead_org, people.rival)
    assert _kinds(people.lead_admin) == ["consortia.invited"]


def test_a_member_is_invited_once(people: Personas) -> None:
    consortium = make_consortium(people)
    _invite(consortium, people.university, people.lead)

    with pytest.raises(ValidationError) as refusal:
        _invite(consortium, people.university, people.lead)

    assert refusal.value.message_dict == {"organisation": ["This organisation is a member already."]}


@pytest.mark.parametrize("gone", [P.DECLINED, P.LEFT])
def test_who_declined_or_left_may_be_invited_again(people: Personas, gone: str) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.university, people.lead, status=gone)

    assert _invite(consortium, people.university, people.lead).status == P.INVITED


@pytest.mark.parametrize("who", ["rival", "university_confirmer", "lead_confirmer", "signatory", "officer", "leader"])
def test_only_the_lead_invites(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        _invite(make_consortium(people), people.university, getattr(people, who))


def test_nobody_joins_a_consortium_that_has_ended(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        _invite(make_consortium(people, status=ConsortiumStatus.GRADUATED), people.university, people.lead)


# --- shares ------------------------------------------------------------------------------------
def test_shares_may_reach_exactly_the_whole(people: Personas) -> None:
    consortium = make_consortium(people)
    _invite(consortium, people.university, people.lead, ip_share=Decimal("99.9999"))

    assert _invite(consortium, people.fund, people.lead, ip_share=Decimal("0.0001")).status == P.INVITED


def test_more_than_the_whole_is_refused_next_to_the_field(people: Personas) -> None:
    consortium = make_consortium(people)
    _invite(consortium, people.university, people.lead, ip_share=Decimal(70))

    with pytest.raises(ValidationError) as refusal:
        _invite(consortium, people.fund, people.lead, ip_share=Decimal("30.0001"))

    assert refusal.value.message_dict == {"ip_share": ["The other members hold 70 % already; at most 30 % are left."]}
    assert consortium.participations.count() == 1


def test_the_share_of_who_left_is_free_again(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.university, people.lead, status=P.LEFT, ip_share=Decimal(80))

    assert _invite(consortium, people.fund, people.lead, ip_share=Decimal(100)).status == P.INVITED


def test_a_revision_counts_the_others_only(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, ip_share=Decimal(60))
    make_participation(consortium, people.fund, people.lead, ip_share=Decimal(40))

    with pytest.raises(ValidationError):
        revise_participation(participation=member, part=replace(PART, ip_share=Decimal(61)), actor=people.lead, at=NOON)
    revise_participation(participation=member, part=replace(PART, ip_share=Decimal(59)), actor=people.lead, at=NOON)

    assert _member(consortium, people.university).ip_share == Decimal(59)


def _at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts in parallel; the name of what each raised, or an empty string."""

    def run(act: Callable[[], Any]) -> str:
        try:
            act()
        except (ValidationError, TransitionRefused) as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_two_invitations_at_once_never_exceed_the_whole() -> None:
    people = Personas()
    consortium = make_consortium(people)
    meet(people.university, people.fund)

    outcomes = _at_once(
        lambda: _invite(consortium, people.university, people.lead, ip_share=Decimal(60)),
        lambda: _invite(consortium, people.fund, people.lead, ip_share=Decimal(60)),
    )

    assert outcomes == ["", "ValidationError"]
    assert [row.ip_share for row in consortium.participations.all()] == [Decimal(60)]


@pytest.mark.django_db(transaction=True)
def test_the_same_organisation_invited_twice_at_once_is_one_member() -> None:
    people = Personas()
    consortium = make_consortium(people)
    meet(people.university)

    outcomes = _at_once(*[lambda: _invite(consortium, people.university, people.lead)] * 2)

    assert outcomes == ["", "ValidationError"]
    assert consortium.participations.count() == 1


@pytest.mark.django_db(transaction=True)
def test_confirming_while_the_lead_revises_never_confirms_the_unread() -> None:
    people = Personas()
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, status=P.INVITED)
    seen = _seen(member)
    revise, confirm = Participation.objects.get(pk=member.pk), Participation.objects.get(pk=member.pk)
    meet(people.university_confirmer)

    _at_once(
        lambda: revise_participation(participation=revise, part=PART, actor=people.lead, at=NOON),
        lambda: confirm_participation(participation=confirm, actor=people.university_confirmer, at=NOON, seen=seen),
    )

    stored = _member(consortium, people.university)
    assert (stored.status, stored.cash, stored.confirmed_at) == (P.INVITED, Decimal(500_000), None)


# --- revise ------------------------------------------------------------------------------------
def test_a_revision_lapses_exactly_one_confirmation(people: Personas) -> None:
    consortium = ready_consortium(people)
    meet(people.university_confirmer)
    member = _member(consortium, people.university)

    revise_participation(participation=member, part=PART, actor=people.lead, at=NOON)

    statuses = dict(consortium.participations.values_list("organisation__name", "status"))
    assert statuses == {
        "样例领航科技有限公司": P.CONFIRMED,
        "样例理工大学": P.INVITED,
        "样例产业创新基金": P.CONFIRMED,
        "样例上游材料有限公司": P.CONFIRMED,
        "样例下游装备有限公司": P.CONFIRMED,
    }
    stored = _member(consortium, people.university)
    assert (stored.confirmed_by, stored.confirmed_at) == (None, None)
    assert AgreementSignature.objects.filter(participation=member).count() == 1
    assert _kinds(people.university_confirmer) == ["consortia.revised"]
    assert trail(member).get().facts["before"]["cash"] == "1000000.00"
    assert trail(member).get().facts["after"]["cash"] == "500000.00"


def test_the_same_content_keeps_the_confirmation(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead)
    same = Part(**{name: getattr(member, name) for name in PART.facts()})

    with pytest.raises(TransitionRefused):
        revise_participation(participation=member, part=same, actor=people.lead, at=NOON)

    assert _member(consortium, people.university).status == P.CONFIRMED


@pytest.mark.parametrize("who", ["university_confirmer", "rival", "officer", "lead_confirmer"])
def test_only_the_lead_revises(people: Personas, who: str) -> None:
    member = make_participation(make_consortium(people), people.university, people.lead)

    with pytest.raises(PermissionDenied):
        revise_participation(participation=member, part=PART, actor=getattr(people, who), at=NOON)


# --- confirm -----------------------------------------------------------------------------------
def test_confirm_is_bound_to_the_content(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, status=P.INVITED)
    meet(people.lead)

    confirm_participation(participation=member, actor=people.university_confirmer, at=NOON)

    stored = _member(consortium, people.university)
    assert (stored.status, stored.confirmed_by, stored.confirmed_at) == (P.CONFIRMED, people.university_confirmer, NOON)
    assert (part_state(stored).open, stored.confirmations.count()) == ((), 4)
    assert _kinds(people.lead) == ["consortia.confirmed"]


def test_the_lead_confirms_its_own_part_through_its_confirmer(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.lead_org, people.lead, status=P.INVITED, role=ParticipationRole.LEAD)

    with pytest.raises(PermissionDenied):
        confirm_participation(participation=member, actor=people.lead, at=NOON)
    confirm_participation(participation=member, actor=people.lead_confirmer, at=NOON)

    assert _member(consortium, people.lead_org).status == P.CONFIRMED


@pytest.mark.parametrize("who", ["lead", "lead_confirmer", "rival", "fund_confirmer", "officer", "leader"])
def test_nobody_else_confirms(people: Personas, who: str) -> None:
    member = make_participation(make_consortium(people), people.university, people.lead, status=P.INVITED)

    with pytest.raises(PermissionDenied):
        confirm_participation(participation=member, actor=getattr(people, who), at=NOON)


def test_a_second_click_is_refused(people: Personas) -> None:
    member = make_participation(make_consortium(people), people.university, people.lead, status=P.INVITED)
    confirm_participation(participation=member, actor=people.university_confirmer, at=NOON)

    with pytest.raises(TransitionRefused):
        confirm_participation(participation=member, actor=people.university_confirmer, at=NOON + HOUR)

    assert Participation.objects.get(pk=member.pk).confirmed_at == NOON


def test_what_changed_since_it_was_read_is_not_confirmed(people: Personas) -> None:
    member = make_participation(make_consortium(people), people.university, people.lead, status=P.INVITED)
    seen = _seen(member)
    revise_participation(participation=member, part=PART, actor=people.lead, at=NOON)

    with pytest.raises(TransitionRefused) as refusal:
        confirm_participation(participation=member, actor=people.university_confirmer, at=NOON, seen=seen)

    assert [str(reason) for reason in refusal.value.reasons] == [
        "The lead has changed your part meanwhile. Please read it again."
    ]


def test_confirm_and_sign_in_one_step(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, status=P.INVITED)
    agreement = make_agreement(consortium, people.lead, signed=False)

    confirm_participation(
        participation=member, actor=people.university_confirmer, at=NOON, agreement=agreement,
        seen=_seen(member),
    )  # fmt: skip

    signature = AgreementSignature.objects.get(participation=member)
    assert (signature.agreement, signature.signed_by, signature.sha256) == (
        agreement, people.university_confirmer, agreement.sha256,
    )  # fmt: skip


def test_an_old_version_is_not_signed_and_nothing_is_confirmed(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, status=P.INVITED)
    old = make_agreement(consortium, people.lead, signed=False)
    make_agreement(consortium, people.lead, signed=False, version=2)

    with pytest.raises(TransitionRefused):
        confirm_participation(participation=member, actor=people.university_confirmer, at=NOON, agreement=old)

    assert Participation.objects.get(pk=member.pk).status == P.INVITED
    assert AgreementSignature.objects.count() == 0


def test_nobody_confirms_in_a_consortium_that_has_ended(people: Personas) -> None:
    consortium = make_consortium(people, status=ConsortiumStatus.EXITED)
    member = make_participation(consortium, people.university, people.lead, status=P.INVITED)

    with pytest.raises(TransitionRefused):
        confirm_participation(participation=member, actor=people.university_confirmer, at=NOON)


# --- decline -----------------------------------------------------------------------------------
def test_decline_with_a_reason(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, status=P.INVITED)
    meet(people.lead)

    decline_participation(participation=member, actor=people.university_confirmer, at=NOON, note=" 与规划不符。 ")

    stored = _member(consortium, people.university)
    assert (stored.status, stored.decline_reason) == (P.DECLINED, "与规划不符。")
    assert _kinds(people.lead) == ["consortia.declined"]
    with pytest.raises(TransitionRefused):
        decline_participation(participation=member, actor=people.university_confirmer, at=NOON, note="再次")


def test_decline_needs_a_reason(people: Personas) -> None:
    member = make_participation(make_consortium(people), people.university, people.lead, status=P.INVITED)

    with pytest.raises(ValidationError) as refusal:
        decline_participation(participation=member, actor=people.university_confirmer, at=NOON, note="")

    assert refusal.value.message_dict == {"note": ["Give the reason."]}


@pytest.mark.parametrize("who", ["lead", "rival", "officer"])
def test_nobody_else_declines(people: Personas, who: str) -> None:
    member = make_participation(make_consortium(people), people.university, people.lead, status=P.INVITED)

    with pytest.raises(PermissionDenied):
        decline_participation(participation=member, actor=getattr(people, who), at=NOON, note="理由")


def test_a_member_that_had_joined_does_not_decline(people: Personas) -> None:
    member = _member(ready_consortium(people), people.university)
    revise_participation(participation=member, part=PART, actor=people.lead, at=NOON)

    with pytest.raises(TransitionRefused):
        decline_participation(participation=member, actor=people.university_confirmer, at=NOON, note="理由")

    assert _member(member.consortium, people.university).status == P.INVITED


# --- replacement -------------------------------------------------------------------------------
@pytest.mark.parametrize("gone", [P.DECLINED, P.EXPIRED, P.WITHDRAWN, P.LEFT])
def test_a_free_place_may_be_taken(people: Personas, gone: str) -> None:
    consortium = make_consortium(people)
    before = make_participation(consortium, people.university, people.lead, status=gone)

    member = invite_member(
        consortium=consortium, organisation=people.fund, part=PART, actor=people.lead, at=NOON, replaces=before
    )

    assert (member.replaces, member.invited_until) == (before, date(2026, 12, 2))
    assert trail(consortium).get().facts["replaces"] == "样例理工大学"


def test_a_place_that_is_taken_or_elsewhere_is_not(people: Personas) -> None:
    consortium = make_consortium(people)
    taken = make_participation(consortium, people.university, people.lead)
    elsewhere = make_participation(make_consortium(people), people.supplier, people.lead, status=P.LEFT)

    for place in (taken, elsewhere):
        with pytest.raises(TransitionRefused):
            invite_member(
                consortium=consortium, organisation=people.fund, part=PART, actor=people.lead, at=NOON, replaces=place
            )


# --- benefit shares ----------------------------------------------------------------------------
def test_both_shares_are_watched_each_for_itself(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.university, people.lead, ip_share=Decimal(0), benefit_share=Decimal(70))

    with pytest.raises(ValidationError) as refusal:
        _invite(consortium, people.fund, people.lead, ip_share=Decimal(100), benefit_share=Decimal(31))

    assert refusal.value.message_dict == {
        "benefit_share": ["The other members hold 70 % already; at most 30 % are left."]
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("share", ["ip_share", "benefit_share"])
def test_two_revisions_at_once_never_exceed_the_whole(share: str) -> None:
    people = Personas()
    consortium = make_consortium(people)
    places = [people.university, people.fund]
    first, second = (make_participation(consortium, place, people.lead, **{share: Decimal(20)}) for place in places)
    part = replace(PART, ip_share=Decimal(0))

    outcomes = _at_once(
        *(
            partial(
                revise_participation, participation=row, part=replace(part, **{share: Decimal(70)}),
                actor=people.lead, at=NOON,
            )
            for row in (first, second)
        )
    )  # fmt: skip

    assert outcomes == ["", "ValidationError"]
    assert sorted(consortium.participations.values_list(share, flat=True)) == [Decimal(20), Decimal(70)]


def test_an_organisation_may_take_part_in_two_consortia(people: Personas) -> None:
    organisation = make_organisation()

    statuses = [_invite(make_consortium(people), organisation, people.lead).status for _ in range(2)]

    assert statuses == [P.INVITED, P.INVITED]
