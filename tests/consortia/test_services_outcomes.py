"""Outcomes: recorded by the lead, judged by the bureau."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from consortia.enums import ConsortiumStatus, OutcomeKind, ParticipationStatus, Verification
from consortia.models import Adoption, Outcome
from consortia.services.outcomes import (
    Holding,
    add_adoption,
    add_outcome,
    attach_evidence,
    doubt_outcome,
    remove_adoption,
    remove_evidence,
    remove_outcome,
    update_outcome,
    verify_outcome,
)
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import (
    make_consortium,
    make_outcome,
    make_participation,
    make_task,
    ready_consortium,
    unsaved_outcome,
)
from tests.factories.members import make_organisation
from tests.personas import Personas
from tests.samples import pdf

S = ConsortiumStatus
OTHERS = ["rival", "university_confirmer", "officer", "leader"]


def _proven(people: Personas, **facts: Any) -> Outcome:
    outcome = make_outcome(ready_consortium(people, status=S.OPERATING), **facts)
    attach_evidence(outcome=outcome, upload=_upload(), label="证书", actor=people.lead, at=NOON)
    return outcome


def _upload(name: str = "证书.pdf", text: str = "one") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(b"/Lang(" + text.encode() + b")"))


@pytest.mark.parametrize("status", [S.PREPARING, S.OPERATING, S.RECTIFYING])
def test_outcomes_are_recorded_while_alive(people: Personas, status: str) -> None:
    consortium = ready_consortium(people, status=status)

    made = add_outcome(consortium=consortium, outcome=unsaved_outcome(people.lead_org), actor=people.lead, at=NOON)
    made.name = "样例发明专利（授权）"
    update_outcome(outcome=made, actor=people.lead, at=NOON)

    assert consortium.outcomes.get().name == "样例发明专利（授权）"
    remove_outcome(outcome=made, actor=people.lead, at=NOON)
    assert consortium.outcomes.count() == 0
    assert [entry.action for entry in trail(consortium)] == ["remove_outcome", "update_outcome", "add_outcome"]


@pytest.mark.parametrize("status", [S.GRADUATED, S.EXITED, S.REVOKED])
def test_nothing_is_recorded_after_the_end(people: Personas, status: str) -> None:
    consortium = ready_consortium(people, status=status)

    with pytest.raises(TransitionRefused):
        add_outcome(consortium=consortium, outcome=unsaved_outcome(people.lead_org), actor=people.lead, at=NOON)


@pytest.mark.parametrize("kind", OutcomeKind.values)
def test_every_kind_can_be_recorded(people: Personas, kind: str) -> None:
    outcome = unsaved_outcome(people.lead_org, kind)

    made = add_outcome(consortium=ready_consortium(people), outcome=outcome, actor=people.lead, at=NOON)

    assert Outcome.objects.get().canonical == made.canonical != ""


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"date": date(2026, 11, 19), "granted_on": None, "applied_on": date(2026, 11, 19)}, "applied_on"),
    ({"granted_on": date(2026, 11, 19)}, "granted_on"),
    ({"applied_on": date(2026, 5, 2)}, "granted_on"),
    ({"identifier": " .-"}, "identifier"),
    ({"identifier": "ZL202610000001.5"}, "identifier"),
    ({"identifier": "ZL202610000001.9", "patent_type": "UTILITY"}, "identifier"),
]


@pytest.mark.parametrize(("facts", "field"), WRONG)
def test_what_cannot_be_is_refused(people: Personas, facts: dict[str, Any], field: str) -> None:
    outcome = unsaved_outcome(people.lead_org, **facts)

    with pytest.raises(ValidationError) as refusal:
        add_outcome(consortium=ready_consortium(people), outcome=outcome, actor=people.lead, at=NOON)

    assert (list(refusal.value.message_dict), Outcome.objects.count()) == ([field], 0)


def test_a_number_from_before_the_rules_may_stay_and_is_changed_to_a_sound_one_only(people: Personas) -> None:
    made = make_outcome(ready_consortium(people), identifier="ZL202610000001.5")

    made.name = "改名"
    update_outcome(outcome=made, actor=people.lead, at=NOON)
    made.identifier = "ZL202610000002.5"
    with pytest.raises(ValidationError) as refusal:
        update_outcome(outcome=made, actor=people.lead, at=NOON)

    assert list(refusal.value.message_dict) == ["identifier"]
    assert Outcome.objects.values_list("name", "identifier").get() == ("改名", "ZL202610000001.5")


def test_a_task_is_one_of_the_same_consortium(people: Personas) -> None:
    outcome = unsaved_outcome(people.lead_org, task=make_task(make_consortium(people)))

    with pytest.raises(ValidationError) as refusal:
        add_outcome(consortium=ready_consortium(people), outcome=outcome, actor=people.lead, at=NOON)

    assert list(refusal.value.message_dict) == ["task"]


# --- owners ------------------------------------------------------------------------------------
def test_members_own_it_together_present_and_former_ones(people: Personas) -> None:
    consortium = ready_consortium(people)
    consortium.participations.filter(organisation=people.fund).update(status=ParticipationStatus.LEFT)
    outcome = unsaved_outcome(people.lead_org, owner_share=Decimal(50))
    others = [Holding(people.university, Decimal("30.5")), Holding(people.fund, Decimal("19.5"))]

    made = add_outcome(consortium=consortium, outcome=outcome, actor=people.lead, at=NOON, co_owners=others)
    update_outcome(outcome=made, actor=people.lead, at=NOON)

    assert [(row.organisation, row.share) for row in made.co_owners.all()] == [
        (people.university, Decimal("30.50")), (people.fund, Decimal("19.50")),
    ]  # fmt: skip
    assert Outcome.objects.with_standing().get().joint


SHARES: list[tuple[Decimal | None, list[Decimal | None], str, bool]] = [
    (None, [None], "", True),
    (Decimal(60), [Decimal(40)], "", True),
    (Decimal(60), [Decimal(20)], "样例院所", True),
    (Decimal(60), [Decimal(20)], "", False),
    (Decimal(60), [None], "", False),
    (None, [Decimal(40)], "", False),
    (Decimal(60), [Decimal("40.01")], "样例院所", False),
]


@pytest.mark.parametrize(("own", "others", "outside", "good"), SHARES)
def test_shares_come_to_the_whole(
    people: Personas, own: Decimal | None, others: list[Decimal | None], outside: str, good: bool
) -> None:
    outcome = unsaved_outcome(people.lead_org, owner_share=own, outside_owners=outside)
    co_owners = [Holding(people.university, share) for share in others]

    fields: list[str] = []
    try:
        add_outcome(
            consortium=ready_consortium(people), outcome=outcome, actor=people.lead, at=NOON, co_owners=co_owners
        )
    except ValidationError as refusal:
        fields = list(refusal.message_dict)

    assert fields == ([] if good else ["owner_share"])


def test_strangers_and_those_who_declined_own_nothing(people: Personas) -> None:
    consortium = ready_consortium(people)
    declined = make_organisation()
    make_participation(consortium, declined, people.lead, status=ParticipationStatus.DECLINED)
    cases: list[tuple[Any, list[Holding]]] = [
        (people.rival_org, []),
        (declined, []),
        (people.lead_org, [Holding(people.rival_org)]),
        (people.lead_org, [Holding(people.lead_org)]),
        (people.lead_org, [Holding(people.university), Holding(people.university)]),
    ]

    fields = []
    for owner, others in cases:
        with pytest.raises(ValidationError) as refusal:
            add_outcome(
                consortium=consortium, outcome=unsaved_outcome(owner), actor=people.lead, at=NOON, co_owners=others
            )
        fields += list(refusal.value.message_dict)

    assert fields == ["owner", "owner", "co_owners", "co_owners", "co_owners"]


# --- evidence and adopters ---------------------------------------------------------------------
def test_evidence_is_kept_with_its_hash(people: Personas) -> None:
    outcome = _proven(people)
    row = outcome.evidence.get()

    with pytest.raises(ValidationError) as again:
        attach_evidence(outcome=outcome, upload=_upload("同一.pdf"), label="再次", actor=people.lead, at=NOON)
    remove_evidence(evidence=row, actor=people.lead, at=NOON)

    assert list(again.value.message_dict) == ["upload"]
    entries = list(trail(outcome.consortium))
    assert [entry.action for entry in entries] == ["remove_evidence", "attach_evidence"]
    assert {entry.facts["sha256"] for entry in entries} == {row.attachment.sha256}


def test_adopters(people: Personas) -> None:
    outcome = make_outcome(ready_consortium(people))
    row = Adoption(adopter="样例用户单位", since=date(2026, 6, 1))
    early = Adoption(adopter="样例用户单位", since=date(2026, 11, 19))

    add_adoption(outcome=outcome, adoption=row, actor=people.lead, at=NOON)
    with pytest.raises(ValidationError) as refusal:
        add_adoption(outcome=outcome, adoption=early, actor=people.lead, at=NOON)

    assert (outcome.adoptions.get(), list(refusal.value.message_dict)) == (row, ["since"])
    remove_adoption(adoption=row, actor=people.lead, at=NOON)
    assert outcome.adoptions.count() == 0


# --- the bureau --------------------------------------------------------------------------------
def test_the_bureau_verifies_what_is_proven(people: Personas) -> None:
    outcome = _proven(people)

    made = verify_outcome(outcome=outcome, actor=people.officer, at=NOON, seen=seen_of(Outcome.objects.get()))

    assert (made.verification, made.judged_by, made.judged_at) == (Verification.VERIFIED, people.officer, NOON)
    with pytest.raises(TransitionRefused):
        verify_outcome(outcome=outcome, actor=people.officer, at=NOON)
    assert [one.kind for one in Notification.objects.filter(recipient=people.lead)] == ["consortia.outcome_verified"]


def test_without_evidence_nothing_is_verified(people: Personas) -> None:
    outcome = make_outcome(ready_consortium(people))

    with pytest.raises(TransitionRefused):
        verify_outcome(outcome=outcome, actor=people.officer, at=NOON)


def test_a_doubt_has_its_reason_and_lapses_with_a_change(people: Personas) -> None:
    outcome = _proven(people)

    with pytest.raises(ValidationError):
        doubt_outcome(outcome=outcome, actor=people.officer, at=NOON, note=" ")
    doubt_outcome(outcome=outcome, actor=people.officer, at=NOON, note="证书与专利号不符")

    assert Outcome.objects.get().doubt == "证书与专利号不符"
    attach_evidence(outcome=outcome, upload=_upload("更正.pdf", "two"), label="更正", actor=people.lead, at=NOON)
    found = Outcome.objects.get()
    assert (found.verification, found.doubt, found.judged_by) == (Verification.OPEN, "", None)


def test_a_verification_stands_until_something_changes(people: Personas) -> None:
    outcome = _proven(people)
    verify_outcome(outcome=outcome, actor=people.officer, at=NOON)

    update_outcome(outcome=outcome, actor=people.lead, at=NOON)  # an old copy, as a form holds it
    assert Outcome.objects.get().verification == Verification.VERIFIED
    update_outcome(outcome=outcome, actor=people.lead, at=NOON, co_owners=[Holding(people.university)])
    assert Outcome.objects.get().verification == Verification.OPEN


def test_what_changed_meanwhile_is_not_verified(people: Personas) -> None:
    outcome = _proven(people)
    seen = seen_of(Outcome.objects.get())
    Outcome.objects.update(name="样例改名")

    with pytest.raises(Stale):
        verify_outcome(outcome=outcome, actor=people.officer, at=NOON, seen=seen)


# --- who may -----------------------------------------------------------------------------------
@pytest.mark.parametrize("who", OTHERS)
def test_only_the_lead_records(people: Personas, who: str) -> None:
    outcome, actor = _proven(people), getattr(people, who)
    adoption = Adoption.objects.create(outcome=outcome, adopter="样例用户单位", since=date(2026, 6, 1))
    acts: list[tuple[Any, dict[str, Any]]] = [
        (add_outcome, {"consortium": outcome.consortium, "outcome": unsaved_outcome(people.lead_org)}),
        (update_outcome, {"outcome": outcome}),
        (remove_outcome, {"outcome": outcome}),
        (attach_evidence, {"outcome": outcome, "upload": _upload("二.pdf", "two"), "label": "二"}),
        (remove_evidence, {"evidence": outcome.evidence.get()}),
        (add_adoption, {"outcome": outcome, "adoption": Adoption(adopter="样例", since=date(2026, 6, 1))}),
        (remove_adoption, {"adoption": adoption}),
    ]

    for act, subject in acts:
        with pytest.raises(PermissionDenied):
            act(**subject, actor=actor, at=NOON)

    assert (Outcome.objects.count(), outcome.evidence.count(), outcome.adoptions.count()) == (1, 1, 1)


@pytest.mark.parametrize("who", ["lead", "rival", "district_officer", "leader", "finance", "supervisor"])
def test_only_officers_of_the_bureau_judge(people: Personas, who: str) -> None:
    outcome, actor = _proven(people), getattr(people, who)

    with pytest.raises(PermissionDenied):
        verify_outcome(outcome=outcome, actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        doubt_outcome(outcome=outcome, actor=actor, at=NOON, note="样例")
