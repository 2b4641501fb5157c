"""Another lead: who proposes, who is asked, what a consent is worth, and what the swap does."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import (
    AgreementStatus,
    ConsortiumStatus,
    Layer,
    LeadChangeGround,
    LeadChangeStatus,
    ParticipationRole,
    ParticipationStatus,
    PartItem,
    Standing,
)
from consortia.models import Consortium, LeadChange
from consortia.selectors.agreements import document
from consortia.selectors.leadchanges import asked, content_of, words
from consortia.selectors.parts import part_state
from consortia.services import leadchanges as services
from consortia.services.life import Paper
from consortia.services.participations import Part, revise_participation
from consortia.workflow import LEAD_CHANGE
from members.enums import IntegrityLevel, OrganisationStatus, OrganisationType, Role
from members.models import IntegrityRecord, Organisation, RoleGrant, User
from portal.kernel.audit import sha256
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_departure,
    make_exit_case,
    make_lead_change,
    meet,
    ready_consortium,
)
from tests.factories.members import give, make_district, make_user
from tests.personas import Personas
from tests.races import at_once, refusals

S, G, L = ConsortiumStatus, LeadChangeGround, LeadChangeStatus
PAPER = Paper("样科〔2026〕9号", "样例局务会", date(2026, 11, 10))


def at_work(people: Personas, **facts: Any) -> Consortium:
    """Operating; the supplier could lead: it is of the city, and one person writes, signs and confirms for it."""
    consortium = ready_consortium(people, status=S.OPERATING, **facts)
    Organisation.objects.filter(pk=people.supplier.pk).update(district=make_district())
    people.supplier.refresh_from_db()
    for role in (Role.APPLICANT, Role.SIGNATORY):
        give(people.supplier_confirmer, role, people.supplier)
    return consortium


def propose(people: Personas, consortium: Consortium, actor: User | None = None, **facts: Any) -> LeadChange:
    facts = {"new_lead": people.supplier, "ground": G.HANDED_OVER, "note": "战略调整。"} | facts
    return services.propose_lead_change(consortium=consortium, actor=actor or people.lead, at=NOON, **facts)


def confirmer_of(place: Organisation) -> User:
    grant = RoleGrant.objects.filter(organisation=place, role=Role.CONFIRMER).select_related("user").first()
    return grant.user if grant else make_user(f"c{place.pk.hex[:8]}", "样例确认", (Role.CONFIRMER, place))


def all_consent(change: LeadChange) -> None:
    for row in asked(change):
        services.consent_lead_change(
            change=change, participation=row, actor=confirmer_of(row.organisation), at=NOON,
            seen=sha256(content_of(change)),
        )  # fmt: skip


def approve(change: LeadChange, actor: User, at: Any = NOON) -> LeadChange:
    return services.approve_lead_change(change=change, paper=PAPER, actor=actor, at=at, note="同意变更。")


def leads(consortium: Consortium) -> list[Organisation]:
    return [row.organisation for row in consortium.participations.filter(role=ParticipationRole.LEAD)]


def reasons(refusal: Any) -> list[str]:
    return [str(reason) for reason in refusal.value.reasons]


# --- the table ---------------------------------------------------------------------------------
TABLE = {
    L.OPEN: {
        "consent_lead_change", "refuse_lead_change", "answer_lead_change", "withdraw_lead_change",
        "reject_lead_change", "approve_lead_change",
    },
    L.APPROVED: set(),
    L.REJECTED: set(),
    L.WITHDRAWN: set(),
}  # fmt: skip


@pytest.mark.parametrize("status", list(L))
def test_what_follows_from_each_state(status: LeadChangeStatus) -> None:
    assert {name for name, step in LEAD_CHANGE.transitions.items() if status in step.sources} == TABLE[status]


# --- proposing ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "ground"),
    [("lead", G.HANDED_OVER), ("signatory", G.HANDED_OVER), ("fund_confirmer", G.SILENT), ("officer", G.LEAVES)],
)
def test_the_lead_a_core_member_or_the_bureau_proposes(people: Personas, who: str, ground: str) -> None:
    consortium = at_work(people)

    change = propose(people, consortium, getattr(people, who), ground=ground)

    heard = None if ground == G.HANDED_OVER else date(2026, 12, 2)
    asker = {"fund_confirmer": people.fund, "officer": None}.get(who, people.lead_org)
    assert (change.status, change.asked_by, change.heard_until) == (L.OPEN, asker, heard)
    assert consortium.life.get().kind == "propose_lead_change"


@pytest.mark.parametrize(
    "who", ["rival", "lead_admin", "head", "leader", "district_officer", "other_district_officer", "expert", "finance"]
)
def test_nobody_else_proposes(people: Personas, who: str) -> None:
    consortium = at_work(people)

    with pytest.raises(PermissionDenied):
        propose(people, consortium, getattr(people, who))


def test_a_member_outside_the_core_proposes_nothing(people: Personas) -> None:
    consortium = at_work(people)
    consortium.participations.filter(organisation=people.fund).update(layer=Layer.GENERAL)

    with pytest.raises(PermissionDenied):
        propose(people, consortium, people.fund_confirmer, ground=G.SILENT)


@pytest.mark.parametrize(
    ("who", "facts", "field"),
    [
        ("lead", {"ground": G.SILENT}, "ground"),
        ("fund_confirmer", {"ground": G.HANDED_OVER}, "ground"),
        ("lead", {"note": " "}, "note"),
    ],
)
def test_a_bad_proposal_leaves_nothing(people: Personas, who: str, facts: Any, field: str) -> None:
    consortium = at_work(people)

    with pytest.raises(ValidationError) as error:
        propose(people, consortium, getattr(people, who), **facts)

    assert (list(error.value.error_dict), LeadChange.objects.count()) == ([field], 0)


@pytest.mark.parametrize("name", ["university", "rival_org", "lead_org", "other_supplier"])
def test_only_an_active_member_that_may_lead_is_named(people: Personas, name: str) -> None:
    consortium = at_work(people)

    with pytest.raises(ValidationError) as error:
        propose(people, consortium, new_lead=getattr(people, name))

    assert list(error.value.error_dict) == ["new_lead"]


def test_one_proposal_at_a_time(people: Personas) -> None:
    consortium = at_work(people)
    propose(people, consortium)

    with pytest.raises(ValidationError) as error:
        propose(people, consortium, people.fund_confirmer, ground=G.SILENT)

    assert error.value.messages == ["Another change of the lead is being decided already."]


def test_not_while_an_exit_case_runs(people: Personas) -> None:
    consortium = at_work(people)
    make_exit_case(consortium, people.officer)

    with pytest.raises(TransitionRefused):
        propose(people, consortium)


# --- consenting --------------------------------------------------------------------------------
def test_core_members_and_the_new_lead_are_asked(people: Personas) -> None:
    consortium = at_work(people)
    close = consortium.participations.exclude(organisation__in=[people.lead_org, people.fund])
    close.update(layer=Layer.CLOSE)

    own = propose(people, consortium)
    assert {row.organisation for row in asked(own)} == {people.lead_org, people.fund, people.supplier}

    services.withdraw_lead_change(change=own, actor=people.lead, at=NOON, note="撤回。")
    silent = propose(people, consortium, people.officer, ground=G.SILENT)
    assert {row.organisation for row in asked(silent)} == {people.fund, people.supplier}


def test_a_consent_lapses_when_the_part_of_the_new_lead_changes(people: Personas) -> None:
    consortium = at_work(people)
    change = propose(people, consortium)
    all_consent(change)
    part = consortium.participations.get(organisation=people.supplier)

    changed = Part("UPSTREAM", "改任务。", cash=Decimal(5), ip_share=Decimal(10))
    revise_participation(participation=part, part=changed, actor=people.lead, at=NOON)

    assert {word.standing for word in words(change)} == {Standing.LAPSED}
    with pytest.raises(TransitionRefused):
        approve(change, people.leader)


def test_a_consent_is_given_to_what_was_read(people: Personas) -> None:
    consortium = at_work(people)
    change = propose(people, consortium)
    row = consortium.participations.get(organisation=people.fund)

    with pytest.raises(TransitionRefused) as refusal:
        services.consent_lead_change(
            change=change, participation=row, actor=people.fund_confirmer, at=NOON, seen="0" * 64
        )

    assert reasons(refusal) == ["This has changed meanwhile. Please read it again."]


def test_nobody_answers_for_another_member(people: Personas) -> None:
    consortium = at_work(people)
    change = propose(people, consortium)
    row = consortium.participations.get(organisation=people.university)

    for actor in (people.fund_confirmer, people.lead, people.rival, people.officer):
        with pytest.raises(PermissionDenied):
            services.consent_lead_change(change=change, participation=row, actor=actor, at=NOON, seen="")


def test_a_refusal_blocks_until_the_member_agrees(people: Personas) -> None:
    consortium = at_work(people)
    change = propose(people, consortium)
    all_consent(change)
    fund = {"change": change, "participation": consortium.participations.get(organisation=people.fund)}
    services.refuse_lead_change(**fund, actor=people.fund_confirmer, at=NOON + DAY, note="不妥。")

    with pytest.raises(TransitionRefused) as refusal:
        approve(change, people.leader, NOON + 2 * DAY)

    assert reasons(refusal) == ["These have not consented to the proposal as it reads now: 样例产业创新基金."]
    services.consent_lead_change(**fund, actor=people.fund_confirmer, at=NOON + 2 * DAY, seen="")
    assert approve(change, people.leader, NOON + 3 * DAY).status == L.APPROVED


# --- the lead is heard -------------------------------------------------------------------------
def test_nobody_loses_the_lead_unheard(people: Personas) -> None:
    change = propose(people, at_work(people), people.officer, ground=G.SILENT)
    all_consent(change)

    with pytest.raises(TransitionRefused) as refusal:
        approve(change, people.leader)
    assert reasons(refusal) == ["The lead so far may answer until 2026-12-02."]

    services.answer_lead_change(change=change, answer="我方仍在履职。", actor=people.signatory, at=NOON)
    with pytest.raises(TransitionRefused):
        services.answer_lead_change(change=change, answer="补充。", actor=people.lead, at=NOON)
    assert approve(change, people.leader).status == L.APPROVED


def test_after_the_period_silence_is_an_answer(people: Personas) -> None:
    change = propose(people, at_work(people), people.fund_confirmer, ground=G.SILENT)
    all_consent(change)

    assert approve(change, people.head, NOON + 15 * DAY).status == L.APPROVED
    with pytest.raises(TransitionRefused):
        services.answer_lead_change(change=change, answer="迟到。", actor=people.lead, at=NOON + 16 * DAY)


# --- deciding ----------------------------------------------------------------------------------
def test_the_roles_swap_and_what_depends_on_them_lapses(people: Personas) -> None:
    consortium = at_work(people)
    consortium.participations.filter(organisation=people.supplier).update(layer=Layer.CLOSE)
    asked_out = make_departure(consortium, people.university, people.lead_org)
    change = propose(people, consortium)
    all_consent(change)

    approve(change, people.leader, NOON + DAY)

    consortium.refresh_from_db()
    assert (consortium.lead, leads(consortium)) == (people.supplier, [people.supplier])
    for place in (people.lead_org, people.supplier):
        part = consortium.participations.get(organisation=place)
        state = part_state(part)
        assert (part.status, [one.item for one in state.open]) == (ParticipationStatus.INVITED, [PartItem.DUTIES])
    assert consortium.participations.get(organisation=people.supplier).layer == Layer.CORE
    asked_out.refresh_from_db()
    assert asked_out.asked_by == people.supplier
    assert consortium.life.first().kind == "approve_lead_change"


def test_the_agreement_stays_in_force_and_shows_that_it_is_to_be_amended(people: Personas) -> None:
    consortium = at_work(people)
    waiting = make_agreement(consortium, people.lead, version=2, signed=False)
    change = propose(people, consortium)
    all_consent(change)

    approve(change, people.leader)

    waiting.refresh_from_db()
    in_force = consortium.agreements.get(status=AgreementStatus.EFFECTIVE)
    assert (waiting.status, in_force.version) == (AgreementStatus.SUPERSEDED, 1)
    assert document(in_force).drift != []


def test_everybody_is_told(people: Personas) -> None:
    consortium = at_work(people)
    meet(people.lead, people.fund_confirmer)
    change = propose(people, consortium)
    all_consent(change)

    approve(change, people.leader)

    told = Notification.objects.filter(recipient__in=[people.lead, people.fund_confirmer, people.supplier_confirmer])
    kinds = {(row.recipient.name, row.kind) for row in told}
    assert {(name, "consortia.lead_changed") for name in ("样例申报甲", "样例确认丙", "样例确认丁")} <= kinds
    assert ("样例确认丁", "consortia.lead_taken_over") in kinds


@pytest.mark.parametrize("who", ["officer", "lead", "supplier_confirmer", "rival", "district_officer", "supervisor"])
def test_only_head_and_leader_decide(people: Personas, who: str) -> None:
    change = propose(people, at_work(people))
    all_consent(change)

    with pytest.raises(PermissionDenied):
        approve(change, getattr(people, who))


def test_who_proposed_does_not_decide(people: Personas) -> None:
    give(people.head, Role.OFFICER)
    change = propose(people, at_work(people), people.head, ground=G.SILENT)

    with pytest.raises(PermissionDenied):
        services.reject_lead_change(change=change, actor=people.head, at=NOON, note="不予变更。")


def test_the_second_click_is_refused(people: Personas) -> None:
    change = propose(people, at_work(people))
    all_consent(change)
    approve(change, people.leader)

    with pytest.raises(TransitionRefused):
        approve(change, people.leader)
    with pytest.raises(TransitionRefused):
        services.withdraw_lead_change(change=change, actor=people.lead, at=NOON, note="撤回。")


def test_a_decision_names_its_paper(people: Personas) -> None:
    change = propose(people, at_work(people))
    all_consent(change)

    with pytest.raises(ValidationError) as error:
        services.approve_lead_change(change=change, paper=Paper(), actor=people.leader, at=NOON, note="同意。")

    assert set(error.value.error_dict) == {"document_number", "meeting", "meeting_on"}


def test_rejected_the_lead_stays(people: Personas) -> None:
    consortium = at_work(people)
    change = propose(people, consortium)

    services.reject_lead_change(change=change, actor=people.leader, at=NOON, note="条件不成熟。")

    consortium.refresh_from_db()
    assert (change.status, consortium.lead, leads(consortium)) == (L.REJECTED, people.lead_org, [people.lead_org])
    propose(people, consortium)


def test_whoever_proposed_takes_it_back(people: Personas) -> None:
    change = propose(people, at_work(people), people.fund_confirmer, ground=G.LEAVES)

    for other in (people.lead, people.officer, people.university_confirmer):
        with pytest.raises(PermissionDenied):
            services.withdraw_lead_change(change=change, actor=other, at=NOON, note="撤回。")
    services.withdraw_lead_change(change=change, actor=people.fund_confirmer, at=NOON, note="撤回。")

    assert change.status == L.WITHDRAWN


# --- what the new lead must be -----------------------------------------------------------------
def _suspend(people: Personas) -> None:
    Organisation.objects.filter(pk=people.supplier.pk).update(status=OrganisationStatus.SUSPENDED)


def _become_fund(people: Personas) -> None:
    Organisation.objects.filter(pk=people.supplier.pk).update(type=OrganisationType.FUND)


def _move_away(people: Personas) -> None:
    Organisation.objects.filter(pk=people.supplier.pk).update(district=None)


def _be_barred(people: Personas) -> None:
    IntegrityRecord.objects.create(
        organisation=people.supplier, level=IntegrityLevel.SERIOUS, behaviour="样例", source="样例",
        effective_from=date(2026, 1, 1), effective_to=date(2028, 1, 1), recorded_by=people.supervisor,
    )  # fmt: skip


def _lead_another(people: Personas) -> None:
    make_consortium(people, lead=people.supplier, status=S.OPERATING)


NOT_A_MEMBER = "样例上游材料有限公司 is no confirmed member of a kind that may lead, in order and of this city."


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_suspend, NOT_A_MEMBER),
        (_become_fund, NOT_A_MEMBER),
        (_move_away, NOT_A_MEMBER),
        (_be_barred, "A serious integrity record bars 样例上游材料有限公司."),
        (_lead_another, "样例上游材料有限公司 leads another consortium of this sub-field."),
    ],
)
def test_the_new_lead_fulfils_the_rules_at_the_decision(people: Personas, happens: Any, reason: str) -> None:
    change = propose(people, at_work(people))
    all_consent(change)
    happens(people)

    with pytest.raises(TransitionRefused) as refusal:
        approve(change, people.leader)

    assert reasons(refusal) == [reason]


def test_somebody_has_to_write_and_sign_for_the_new_lead(people: Personas) -> None:
    change = propose(people, at_work(people))
    all_consent(change)
    RoleGrant.objects.filter(organisation=people.supplier, role=Role.SIGNATORY).update(revoked_at=NOON)

    with pytest.raises(TransitionRefused) as refusal:
        approve(change, people.leader)

    assert reasons(refusal) == [
        "Nobody holds these roles at 样例上游材料有限公司: Authorised signatory. Its administrator appoints somebody."
    ]


# --- two at once -------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_stands() -> None:
    people = Personas()
    consortium = at_work(people)
    change = propose(people, consortium)
    all_consent(change)
    head, leader = people.head, people.leader

    results = at_once(
        lambda: approve(LeadChange.objects.get(pk=change.pk), leader),
        lambda: services.reject_lead_change(
            change=LeadChange.objects.get(pk=change.pk), actor=head, at=NOON, note="不予变更。"
        ),
    )

    change.refresh_from_db()
    expected = people.supplier if change.status == L.APPROVED else people.lead_org
    assert (refusals(results), leads(consortium)) == (1, [expected])


@pytest.mark.django_db(transaction=True)
def test_of_two_proposals_at_once_one_stands() -> None:
    people = Personas()
    consortium = at_work(people)
    lead, officer = people.lead, people.officer

    results = at_once(
        lambda: propose(people, consortium, lead), lambda: propose(people, consortium, officer, ground=G.SILENT)
    )

    assert (refusals(results), LeadChange.objects.count()) == (1, 1)


def test_a_member_of_a_rival_consortium_sees_nothing(people: Personas) -> None:
    consortium = at_work(people)
    change = make_lead_change(people, consortium, people.lead)

    seen = [LeadChange.objects.visible_to(getattr(people, name)).filter(pk=change.pk).exists() for name in (
        "lead", "fund_confirmer", "officer", "district_officer", "other_district_officer", "rival", "expert",
        "system_admin",
    )]  # fmt: skip

    assert seen == [True, True, True, True, False, False, False, False]
