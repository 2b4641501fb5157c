"""New consortia and upgrades: which call takes which, from start to contract; the version of the taxonomy."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from consortia.enums import SOUND, ConsortiumStatus, Tier
from consortia.models import Consortium, Fund, LifeEvent
from funding.enums import ApplicationKind, ApplicationStatus, ContractStatus
from funding.models import Application, Call
from funding.rules.kinds import kind_obstacles, kind_of, open_tiers
from funding.selectors.calls import modes
from funding.services.applications import start_application
from funding.services.calls import create_call, update_call
from funding.services.contracts import countersign_contract
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import make_sub_field, make_taxonomy, ready_consortium
from tests.factories.funding import make_application, make_award, make_call, make_contract
from tests.funding.steps import edit, open_call, submit
from tests.funding.test_calls import facts, typed
from tests.personas import Personas

pytestmark = pytest.mark.django_db
C, K = ConsortiumStatus, ApplicationKind
BOTH = {"takes_new": True, "takes_upgrade": True}


def cultivated(people: Personas, **changes: Any) -> Consortium:
    """A recognised consortium of tier C, with everything that an upgrade asks for."""
    consortium = ready_consortium(people)
    recognised = {"status": C.CULTIVATION, "tier": Tier.C, "recognised_on": date(2025, 3, 1), **changes}
    Consortium.objects.filter(pk=consortium.pk).update(**recognised)
    consortium.refresh_from_db()
    return consortium


def start(people: Personas, call: Call, consortium: Consortium, tier: str = Tier.B) -> Application:
    return start_application(call=call, consortium=consortium, actor=people.lead, at=NOON, tier=tier)


# --- rules -------------------------------------------------------------------------------------
@given(
    takes=st.sets(st.sampled_from(list(K)), min_size=1), status=st.sampled_from(C.values),
    tier=st.sampled_from(["", *Tier.values]), leaving=st.booleans(), asked=st.sampled_from(Tier.values),
)  # fmt: skip
def test_only_what_is_taken_and_leads_upwards_passes(
    takes: set[str], status: str, tier: str, leaving: bool, asked: str
) -> None:
    passes = not kind_obstacles(takes=takes, status=status, tier=tier, leaving=leaving, asked=asked)

    fresh = status == C.PREPARING and K.NEW in takes and not leaving
    rising = status in SOUND and K.UPGRADE in takes and not leaving and asked < tier
    assert passes == (fresh or rising)


def test_who_has_ended_or_rectifies_applies_for_nothing() -> None:
    assert [kind_of(status) for status in (C.RECTIFYING, C.GRADUATED, C.EXITED, C.REVOKED)] == [None] * 4
    assert (open_tiers(C.PREPARING, ""), open_tiers(C.OPERATING, Tier.B)) == (["A", "B", "C"], ["A"])


# --- start and submit --------------------------------------------------------------------------
def test_a_recognised_consortium_applies_for_an_upgrade(people: Personas) -> None:
    consortium = cultivated(people)

    application = start(people, make_call(people, **BOTH), consortium)

    assert (application.kind, application.status) == (K.UPGRADE, ApplicationStatus.DRAFT)


def test_what_was_approved_before_does_not_stand_in_the_way(people: Personas) -> None:
    consortium = cultivated(people)
    make_application(people, ApplicationStatus.APPROVED, consortium=consortium)

    assert start(people, make_call(people, **BOTH), consortium).kind == K.UPGRADE


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("terms", "tier", "sentence"),
    [
        ({}, Tier.B, "This call takes new consortia only; a recognised one waits for a call for upgrades."),
        (BOTH, Tier.C, "An upgrade asks for a tier above the present tier C."),
    ],
)
def test_an_upgrade_is_refused_with_a_sentence(
    people: Personas, terms: dict[str, bool], tier: str, sentence: str
) -> None:
    with pytest.raises(TransitionRefused) as refused:
        start(people, make_call(people, **terms), cultivated(people), tier)

    assert [str(reason) for reason in refused.value.reasons] == [sentence]
    assert Application.objects.count() == 0


@pytest.mark.usefixtures("english")
def test_a_new_one_is_refused_where_only_upgrades_are_taken(people: Personas) -> None:
    call = make_call(people, takes_new=False, takes_upgrade=True)

    with pytest.raises(TransitionRefused, match="takes upgrades only"):
        start(people, call, ready_consortium(people))


@pytest.mark.usefixtures("english")
def test_a_draft_cannot_turn_to_a_tier_that_is_no_upgrade(people: Personas) -> None:
    application = start(people, make_call(people, **BOTH), cultivated(people))

    with pytest.raises(ValidationError) as refused:
        edit(application, people, section="basics", values={"requested_tier": "C", "requested_amount": Decimal(0)})

    assert refused.value.message_dict == {"requested_tier": ["An upgrade asks for a tier above the present tier C."]}


@pytest.mark.usefixtures("english")
def test_an_upgrade_is_submitted_and_frozen_as_one(people: Personas) -> None:
    application = make_application(
        people, consortium=cultivated(people), kind=K.UPGRADE, call=make_call(people, **BOTH)
    )

    submit(application, people)

    assert application.snapshot is not None
    assert (application.status, application.snapshot["application"]["kind"]) == (ApplicationStatus.SUBMITTED, "UPGRADE")


@pytest.mark.usefixtures("english")
def test_a_consortium_that_was_recognised_meanwhile_does_not_submit_as_a_new_one(people: Personas) -> None:
    application = make_application(people, call=make_call(people, **BOTH))
    Consortium.objects.filter(pk=application.consortium_id).update(
        status=C.CULTIVATION, tier=Tier.C, recognised_on=date(2026, 1, 1)
    )

    with pytest.raises(TransitionRefused, match="not what it was when the application was started"):
        submit(application, people)


# --- the contract of an upgrade ----------------------------------------------------------------
def test_the_contract_raises_the_tier(people: Personas) -> None:
    consortium = cultivated(people)
    Fund.objects.create(consortium=consortium, name="样例专项基金", manager=people.fund, scale=Decimal(10))
    application = make_application(people, ApplicationStatus.APPROVED, consortium=consortium, kind=K.UPGRADE)
    contract = make_contract(people, make_award(people, application), ContractStatus.SIGNED)

    countersign_contract(contract=contract, actor=people.head, at=NOON)

    consortium.refresh_from_db()
    assert (consortium.status, consortium.tier, consortium.recognised_on) == (C.OPERATING, Tier.A, date(2025, 3, 1))
    event = LifeEvent.objects.get(consortium=consortium, kind="upgrade")
    assert (event.tier_before, event.tier_after, event.document_number) == ("C", "A", "样科〔2026〕9号")


@pytest.mark.usefixtures("english")
def test_the_gates_of_an_upgrade_hold_for_the_contract_too(people: Personas) -> None:
    consortium = cultivated(people)
    application = make_application(people, ApplicationStatus.APPROVED, consortium=consortium, kind=K.UPGRADE)
    contract = make_contract(people, make_award(people, application), ContractStatus.SIGNED)

    with pytest.raises(TransitionRefused, match="needs a dedicated investment fund"):
        countersign_contract(contract=contract, actor=people.head, at=NOON)

    contract.refresh_from_db()
    assert contract.status == ContractStatus.SIGNED


# --- the call ----------------------------------------------------------------------------------
def test_a_call_takes_something(people: Personas) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_call(people, takes_new=False, takes_upgrade=False)


def test_the_form_says_so(client: Client, people: Personas) -> None:
    client.force_login(people.officer)

    answer = client.post(reverse("funding:call-create"), typed(takes_new="", takes_upgrade=""))

    assert answer.context["form"].non_field_errors() == ["申报批次须至少接受新组建或提档升级中的一类。"]


@pytest.mark.usefixtures("english")
def test_the_public_page_says_who_may_apply(client: Client, people: Personas) -> None:
    call = make_call(people, **BOTH, taxonomy=make_taxonomy(3))

    assert modes(call)[:2] == [
        ("Open to", "New consortium, Upgrade to a higher tier"), ("Sub-fields of", "样例分类第3版"),
    ]  # fmt: skip
    assert client.get(call.get_absolute_url()).status_code == 200


def test_the_list_is_narrowed_to_upgrades(client: Client, people: Personas) -> None:
    make_application(people, ApplicationStatus.SUBMITTED)
    rising = make_application(people, ApplicationStatus.SUBMITTED, consortium=cultivated(people), kind=K.UPGRADE)
    client.force_login(people.officer)

    answer = client.get(reverse("funding:application-list"), {"tab": "all", "kind": "UPGRADE"})

    assert [line["row"].number for line in answer.context["lines"]] == [rising.number]


def test_the_start_page_offers_what_the_call_takes(client: Client, people: Personas) -> None:
    fresh, risen = ready_consortium(people), cultivated(people)
    client.force_login(people.lead)

    offered = {}
    for name, terms in {"new": {}, "upgrade": {"takes_new": False, "takes_upgrade": True}, "both": BOTH}.items():
        answer = client.get(reverse("funding:application-start", args=[open_call(people, **terms).pk]))
        offered[name] = {option["consortium"] for option in answer.context["options"]}

    assert offered == {"new": {fresh}, "upgrade": {risen}, "both": {fresh, risen}}


# --- the version of the taxonomy ---------------------------------------------------------------
def test_a_call_goes_by_the_newest_published_version(people: Personas) -> None:
    make_taxonomy(1)
    newest = make_taxonomy(2)
    make_taxonomy(3, status="DRAFT")

    call = create_call(actor=people.officer, at=NOON, facts=facts())
    update_call(call=call, actor=people.officer, at=NOON, facts={"taxonomy": None})

    call.refresh_from_db()
    assert call.taxonomy == newest
    assert trail(call).first().facts["taxonomy"] == 2


@pytest.mark.usefixtures("english")
def test_a_sub_field_outside_of_the_version_bars(people: Personas) -> None:
    other = make_taxonomy(2)
    consortium = ready_consortium(people)
    call = make_call(people, taxonomy=other)

    with pytest.raises(TransitionRefused) as refused:
        start(people, call, consortium, Tier.A)

    sentence = "The sub-field of the consortium is not in “样例分类第2版”, which this call goes by."
    assert [str(reason) for reason in refused.value.reasons] == [sentence]


def test_a_sub_field_of_the_version_passes_and_is_frozen(people: Personas) -> None:
    make_sub_field()
    application = make_application(people, call=make_call(people, taxonomy=make_taxonomy(1)))

    submit(application, people)

    assert application.snapshot is not None
    assert application.snapshot["call"]["taxonomy"] == 1
