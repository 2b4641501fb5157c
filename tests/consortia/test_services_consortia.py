"""Forming, describing and starting a consortium, and what becomes of it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import ChainPosition, ConsortiumForm, ConsortiumStatus, Tier
from consortia.models import Consortium, Fund, LifeEvent, SubField
from consortia.rules.profile import LEADING
from consortia.services.consortia import (
    create_consortium,
    downgrade_consortium,
    graduate_consortium,
    rectify_consortium,
    report_rectification,
    resume_consortium,
    set_shares,
    start_consortium,
    update_consortium,
    upgrade_consortium,
)
from consortia.services.life import Paper
from consortia.services.participations import Part
from members.enums import OrganisationType, Role
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, make_sub_field, meet, ready_consortium
from tests.factories.members import give, make_district
from tests.personas import Personas

S = ConsortiumStatus
PAPER = Paper("样科〔2026〕9号", "样例局务会", date(2026, 11, 10))
CODE = "91320599MA7647778E"
PART = Part(
    chain_position=ChainPosition.MIDSTREAM, duties="牵头总体设计。", cash=Decimal(3_000_000), ip_share=Decimal(40)
)


def _new(people: Personas, **facts: Any) -> Consortium:
    facts.setdefault("lead", people.lead_org)
    facts.setdefault("name", "样例澄湖创新联合体")
    facts.setdefault("sub_field", make_sub_field())
    return Consortium(district=make_district(), mission="攻克核心技术。", alignment="对接国家战略。", **facts)


def test_the_lead_forms_a_consortium_and_waits_for_its_own_confirmation(people: Personas) -> None:
    meet(people.lead_confirmer)

    made = create_consortium(consortium=_new(people), part=PART, actor=people.lead, at=NOON)

    lead = made.participations.get()
    assert (made.code, made.status, made.tier, made.created_by) == ("LHT-2026-0001", S.PREPARING, "", people.lead)
    assert (lead.role, lead.status, lead.cash, lead.organisation) == (
        "LEAD", "INVITED", Decimal(3_000_000), people.lead_org,
    )  # fmt: skip
    assert [entry.action for entry in trail(made)] == ["create_consortium"]
    assert [note.kind for note in Notification.objects.filter(recipient=people.lead_confirmer)] == ["consortia.invited"]


def test_codes_count_up_within_a_year(people: Personas) -> None:
    create_consortium(consortium=_new(people), part=PART, actor=people.lead, at=NOON)
    second = create_consortium(consortium=_new(people, name="样例二号"), part=PART, actor=people.lead, at=NOON)
    next_year = create_consortium(
        consortium=_new(people, name="样例三号"), part=PART, actor=people.lead, at=NOON + 60 * DAY
    )

    assert (second.code, next_year.code) == ("LHT-2026-0002", "LHT-2027-0001")


@pytest.mark.parametrize("who", ["rival", "signatory", "lead_confirmer", "officer", "leader", "system_admin"])
def test_nobody_else_forms_a_consortium_for_the_lead(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        create_consortium(consortium=_new(people), part=PART, actor=getattr(people, who), at=NOON)

    assert Consortium.objects.count() == 0


@pytest.mark.parametrize("kind", [OrganisationType.FUND, OrganisationType.BANK, OrganisationType.GOVERNMENT])
def test_some_kinds_never_lead(people: Personas, kind: str) -> None:
    give(people.lead, Role.APPLICANT, people.university)
    people.university.type = kind

    with pytest.raises(TransitionRefused) as refusal:
        create_consortium(consortium=_new(people, lead=people.university), part=PART, actor=people.lead, at=NOON)

    said = ["An organisation of this kind does not lead a consortium."]
    assert [str(reason) for reason in refusal.value.reasons] == said


@pytest.mark.parametrize("kind", sorted(LEADING))
def test_these_kinds_form_a_consortium(people: Personas, kind: str) -> None:
    give(people.lead, Role.APPLICANT, people.university)
    people.university.type = kind

    made = create_consortium(consortium=_new(people, lead=people.university), part=PART, actor=people.lead, at=NOON)

    assert Consortium.objects.get().lead == made.lead == people.university


def test_a_name_in_use_is_refused_with_a_sentence(people: Personas) -> None:
    make_consortium(people, name="样例澄湖创新联合体")

    with pytest.raises(ValidationError) as refusal:
        create_consortium(consortium=_new(people), part=PART, actor=people.lead, at=NOON)

    assert refusal.value.messages == ["A consortium of this name exists already."]


def test_the_profile_changes_while_preparing(people: Personas) -> None:
    consortium = make_consortium(people)
    consortium.mission, consortium.tier = "新的使命。", Tier.A

    update_consortium(consortium=consortium, actor=people.lead, at=NOON)

    stored = Consortium.objects.get(pk=consortium.pk)
    assert (stored.mission, stored.tier) == ("新的使命。", "")
    assert trail(consortium).get().facts["fields"] == ["mission"]


def test_the_profile_stands_once_recognised(people: Personas) -> None:
    consortium = make_consortium(people, status=S.OPERATING)

    with pytest.raises(TransitionRefused):
        update_consortium(consortium=consortium, actor=people.lead, at=NOON)


def test_a_rival_does_not_change_the_profile(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        update_consortium(consortium=make_consortium(people), actor=people.rival, at=NOON)


def _start(consortium: Consortium, people: Personas, **facts: Any) -> Consortium:
    facts.setdefault("actor", people.leader)
    facts.setdefault("build_to", date(2029, 11, 30))
    return start_consortium(
        consortium=consortium,
        tier=Tier.B,
        recognised_on=date(2026, 12, 1),
        build_from=date(2026, 12, 1),
        at=NOON,
        **facts,
    )


def test_start_sets_tier_and_period_and_tells_everybody(people: Personas) -> None:
    consortium = ready_consortium(people)
    recipients = {people.lead, people.signatory, people.university_confirmer, people.fund_confirmer}

    _start(consortium, people)

    stored = Consortium.objects.get(pk=consortium.pk)
    assert (stored.status, stored.tier, stored.build_to) == (S.OPERATING, "B", date(2029, 11, 30))
    assert {note.recipient for note in Notification.objects.filter(kind="consortia.started")} == recipients
    assert trail(consortium).get().facts == {
        "from": "PREPARING", "to": "OPERATING", "tier": "B", "recognised_on": "2026-12-01",
    }  # fmt: skip


def test_a_second_start_is_refused(people: Personas) -> None:
    consortium = ready_consortium(people)
    _start(consortium, people)

    with pytest.raises(TransitionRefused):
        _start(consortium, people)


def test_start_refuses_a_period_that_ends_before_it_begins(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        _start(ready_consortium(people), people, build_to=date(2026, 12, 1))

    assert refusal.value.message_dict == {"build_to": ["The build period must end after it begins."]}


@pytest.mark.parametrize("who", ["lead", "rival", "officer", "district_officer", "finance", "system_admin"])
def test_only_head_and_leader_start(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        _start(ready_consortium(people), people, actor=getattr(people, who))


def _ready_to_rise(people: Personas, **facts: Any) -> Consortium:
    consortium = ready_consortium(people, **facts)
    Fund.objects.create(consortium=consortium, name="样例专项基金", manager=people.fund, scale=Decimal(10))
    return consortium


@pytest.mark.parametrize(
    ("change", "source", "before", "after", "target"),
    [
        (upgrade_consortium, S.CULTIVATION, "C", "B", S.OPERATING),
        (upgrade_consortium, S.CULTIVATION, "C", "A", S.OPERATING),
        (upgrade_consortium, S.OPERATING, "B", "A", S.OPERATING),
        (downgrade_consortium, S.OPERATING, "A", "B", S.OPERATING),
        (downgrade_consortium, S.OPERATING, "A", "C", S.CULTIVATION),
        (downgrade_consortium, S.OPERATING, "B", "C", S.CULTIVATION),
    ],
)
def test_the_tier_changes_with_document_and_meeting(
    people: Personas, change: Callable[..., Consortium], source: str, before: str, after: str, target: str
) -> None:
    consortium = _ready_to_rise(people, status=source, tier=before)

    change(consortium=consortium, actor=people.head, tier=after, at=NOON, note="年度评价良好", paper=PAPER)

    stored = Consortium.objects.get(pk=consortium.pk)
    event = LifeEvent.objects.get(consortium=consortium)
    assert (stored.tier, stored.status) == (after, target)
    assert (event.tier_before, event.tier_after, event.document_number, event.meeting_on, event.reason) == (
        before, after, "样科〔2026〕9号", date(2026, 11, 10), "年度评价良好",
    )  # fmt: skip
    with pytest.raises(TransitionRefused):
        change(consortium=consortium, actor=people.head, tier=after, at=NOON, note="再来一次", paper=PAPER)


def test_a_tier_changes_in_its_own_direction_only(people: Personas) -> None:
    consortium = _ready_to_rise(people, status=S.OPERATING, tier="B")

    with pytest.raises(TransitionRefused):
        upgrade_consortium(consortium=consortium, actor=people.head, tier="C", at=NOON, note="理由", paper=PAPER)
    with pytest.raises(TransitionRefused):
        downgrade_consortium(consortium=consortium, actor=people.head, tier="A", at=NOON, note="理由", paper=PAPER)


def test_an_upgrade_needs_direction_tasks_and_fund(people: Personas) -> None:
    consortium = make_consortium(people, status=S.CULTIVATION, tier="C")

    with pytest.raises(TransitionRefused) as refusal:
        upgrade_consortium(consortium=consortium, actor=people.head, tier="B", at=NOON, note="理由", paper=PAPER)

    assert len(refusal.value.reasons) == 3


def test_a_change_of_tier_names_its_paper(people: Personas) -> None:
    consortium = _ready_to_rise(people, status=S.OPERATING)

    with pytest.raises(ValidationError) as refusal:
        downgrade_consortium(consortium=consortium, actor=people.head, tier="C", at=NOON, note="理由", paper=Paper())
    with pytest.raises(ValidationError) as early:
        downgrade_consortium(
            consortium=consortium, actor=people.head, tier="C", at=NOON, note="理由",
            paper=Paper("样科1号", "样例会", date(2027, 1, 1)),
        )  # fmt: skip

    assert sorted(refusal.value.message_dict) == ["document_number", "meeting", "meeting_on"]
    assert sorted(early.value.message_dict) == ["meeting_on"]


def test_tier_c_is_cultivated(people: Personas) -> None:
    consortium = ready_consortium(people)

    start_consortium(
        consortium=consortium, actor=people.leader, tier=Tier.C, recognised_on=date(2026, 12, 1),
        build_from=date(2026, 12, 1), build_to=date(2029, 11, 30), at=NOON,
    )  # fmt: skip

    assert (consortium.status, consortium.sunset_on) == (S.CULTIVATION, date(2029, 11, 30))


# What each action does from each status; what is not named is refused. Tier C works in cultivation, B operates.
TABLE: dict[tuple[str, Callable[..., Consortium]], str] = {
    (S.CULTIVATION, rectify_consortium): S.RECTIFYING,
    (S.OPERATING, rectify_consortium): S.RECTIFYING,
    (S.RECTIFYING, resume_consortium): S.OPERATING,
    (S.CULTIVATION, graduate_consortium): S.GRADUATED,
    (S.OPERATING, graduate_consortium): S.GRADUATED,
}
ACTIONS: list[Callable[..., Consortium]] = [rectify_consortium, resume_consortium, graduate_consortium]


def _at(people: Personas, status: str) -> Consortium:
    facts = {"tier": "C"} if status == S.CULTIVATION else {}
    return make_consortium(people, status=status, **facts)


def _decide(act: Callable[..., Consortium], consortium: Consortium, who: Any, note: str = "经局务会研究。") -> None:
    act(consortium=consortium, actor=who, at=NOON, note=note, paper=PAPER)


@pytest.mark.parametrize("status", S.values)
@pytest.mark.parametrize("act", ACTIONS)
def test_the_table_of_the_life_cycle(people: Personas, act: Callable[..., Consortium], status: str) -> None:
    consortium = _at(people, status)
    meet(people.lead)
    target = TABLE.get((status, act))

    if target is None:
        with pytest.raises(TransitionRefused):
            _decide(act, consortium, people.leader)
    else:
        _decide(act, consortium, people.leader)
        assert [entry.note for entry in trail(consortium)] == ["经局务会研究。"]
        assert Notification.objects.filter(recipient=people.lead).count() == 1

    assert Consortium.objects.get(pk=consortium.pk).status == (target or status)
    assert LifeEvent.objects.filter(consortium=consortium).count() == bool(target)


@pytest.mark.parametrize(("status", "act"), list(TABLE))
def test_decisions_need_a_reason(people: Personas, act: Callable[..., Consortium], status: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        _decide(act, _at(people, status), people.leader, note="  ")

    assert refusal.value.message_dict == {"note": ["Give the reason."]}


@pytest.mark.parametrize(("status", "act"), list(TABLE))
@pytest.mark.parametrize("who", ["lead", "officer", "district_officer", "supervisor"])
def test_others_do_not_decide(people: Personas, act: Callable[..., Consortium], status: str, who: str) -> None:
    with pytest.raises(PermissionDenied):
        _decide(act, _at(people, status), getattr(people, who))


@pytest.mark.parametrize(("status", "act"), list(TABLE))
def test_nothing_is_decided_in_an_exit_case(people: Personas, act: Callable[..., Consortium], status: str) -> None:
    consortium = _at(people, status)
    Consortium.objects.update(leaving_since=NOON.date())

    with pytest.raises(TransitionRefused):
        _decide(act, consortium, people.leader)


# --- rectification -----------------------------------------------------------------------------
def test_a_rectification_has_a_deadline_a_report_and_an_end(people: Personas) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)
    meet(people.officer)

    rectify_consortium(consortium=consortium, actor=people.head, at=NOON, note="节点滞后", demands="补齐两个节点。")
    report_rectification(consortium=consortium, report=" 已补齐。 ", evidence=None, actor=people.lead, at=NOON)

    order = consortium.rectifications.get()
    assert (consortium.rectify_by, order.due, order.demands, order.report) == (
        date(2027, 5, 18), date(2027, 5, 18), "补齐两个节点。", "已补齐。",
    )  # fmt: skip
    assert (order.is_overdue(date(2027, 5, 18)), order.is_overdue(date(2027, 5, 19))) == (False, True)
    assert Notification.objects.filter(kind="consortia.rectification_reported", recipient=people.officer).count() == 1

    resume_consortium(consortium=consortium, actor=people.head, at=NOON, note="整改到位")

    order.refresh_from_db()
    assert (consortium.status, consortium.rectify_by, order.closed_on) == (S.OPERATING, None, NOON.date())
    assert [one.kind for one in consortium.life.order_by("created_at", "kind")] == [
        "rectify", "report_rectification", "resume",
    ]  # fmt: skip


def test_a_rectification_ends_in_the_future(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        rectify_consortium(
            consortium=make_consortium(people, status=S.OPERATING), actor=people.head, at=NOON, note="节点滞后",
            due=NOON.date(),
        )  # fmt: skip

    assert sorted(refusal.value.message_dict) == ["due"]


def test_only_the_lead_reports_and_only_while_it_rectifies(people: Personas) -> None:
    consortium = make_consortium(people, status=S.OPERATING)

    with pytest.raises(TransitionRefused):
        report_rectification(consortium=consortium, report="已改。", evidence=None, actor=people.lead, at=NOON)
    with pytest.raises(PermissionDenied):
        report_rectification(consortium=consortium, report="已改。", evidence=None, actor=people.officer, at=NOON)


# --- profile -----------------------------------------------------------------------------------
def test_a_company_needs_its_name_and_a_good_code(people: Personas) -> None:
    form = ConsortiumForm.ENTITY

    with pytest.raises(ValidationError) as empty:
        create_consortium(consortium=_new(people, form=form), part=PART, actor=people.lead, at=NOON)
    with pytest.raises(ValidationError) as wrong:
        create_consortium(
            consortium=_new(people, form=form, entity_name="样例公司", entity_code="91320599MA7647778X"), part=PART,
            actor=people.lead, at=NOON,
        )  # fmt: skip
    made = create_consortium(
        consortium=_new(people, form=form, entity_name="样例公司", entity_code=CODE.lower()), part=PART,
        actor=people.lead, at=NOON,
    )  # fmt: skip

    assert sorted(empty.value.message_dict) == ["entity_code", "entity_name"]
    assert sorted(wrong.value.message_dict) == ["entity_code"]
    assert made.entity_code == CODE


def test_a_sub_field_is_of_a_published_version(people: Personas) -> None:
    stray = SubField.objects.create(
        code="X01", cluster_zh="样例", cluster_en="Sample", name_zh="样例领域", name_en="Sample field"
    )

    with pytest.raises(ValidationError) as refusal:
        create_consortium(consortium=_new(people, sub_field=stray), part=PART, actor=people.lead, at=NOON)

    assert sorted(refusal.value.message_dict) == ["sub_field"]


def _company(people: Personas) -> Consortium:
    return ready_consortium(people, form=ConsortiumForm.ENTITY, entity_name="样例公司", entity_code=CODE)


def test_shares_of_members_reach_a_hundred_at_most(people: Personas) -> None:
    consortium, lead, fund = _company(people), people.lead_org, people.fund

    set_shares(consortium=consortium, shares={lead: Decimal(60), fund: Decimal(40)}, actor=people.lead, at=NOON)

    assert [(one.organisation, one.share) for one in consortium.shareholdings.all()] == [
        (lead, Decimal(60)), (fund, Decimal(40)),
    ]  # fmt: skip
    for shares in ({lead: Decimal(60), fund: Decimal("40.0001")}, {people.rival_org: Decimal(1)}, {lead: Decimal(-1)}):
        with pytest.raises(ValidationError):
            set_shares(consortium=consortium, shares=shares, actor=people.lead, at=NOON)
    assert consortium.shareholdings.count() == 2


def test_a_virtual_consortium_has_no_shares(people: Personas) -> None:
    consortium = _company(people)
    set_shares(consortium=consortium, shares={people.lead_org: Decimal(60)}, actor=people.lead, at=NOON)
    consortium.form = ConsortiumForm.VIRTUAL

    update_consortium(consortium=consortium, actor=people.lead, at=NOON)

    stored = Consortium.objects.get(pk=consortium.pk)
    assert (stored.entity_code, stored.shareholdings.count()) == ("", 0)
    with pytest.raises(TransitionRefused):
        set_shares(consortium=stored, shares={people.lead_org: Decimal(60)}, actor=people.lead, at=NOON)


def test_at_work_another_shareholding_has_a_reason_and_stands_on_the_timeline(people: Personas) -> None:
    meet(people.officer, people.university_confirmer)
    consortium = ready_consortium(
        people, status=S.OPERATING, form=ConsortiumForm.ENTITY, entity_name="样例公司", entity_code=CODE
    )
    told = {"consortium": consortium, "shares": {people.lead_org: Decimal(60)}, "actor": people.lead, "at": NOON}

    with pytest.raises(ValidationError) as refusal:
        set_shares(**told, note=" ")
    set_shares(**told, note="增资扩股。")
    with pytest.raises(TransitionRefused):
        set_shares(**told, note="再点一次。")

    assert list(refusal.value.message_dict) == ["note"]
    assert [(one.kind, one.reason, one.by) for one in consortium.life.all()] == [
        ("set_shares", "增资扩股。", people.lead_org.name)
    ]
    assert trail(consortium)[0].note == "增资扩股。"
    kinds = Notification.objects.values_list("recipient__email", "kind")
    assert (people.officer.email, "consortia.shares_amended") in kinds


@pytest.mark.parametrize("who", ["rival", "officer", "head", "university_confirmer"])
def test_only_the_lead_records_shares(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        set_shares(consortium=_company(people), shares={}, actor=getattr(people, who), at=NOON)
