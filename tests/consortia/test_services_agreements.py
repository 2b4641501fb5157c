"""The agreement: drafted in versions, signed by every member."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import Clause, ConsortiumStatus, ParticipationStatus
from consortia.models import AgreementSignature
from consortia.selectors import preparation
from consortia.services.agreements import draft_agreement, sign_agreement
from funding.rules.defaults import DEFAULT_RULES
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import HOUR, NOON
from tests.factories.consortia import make_agreement, make_consortium, make_participation, meet, ready_consortium
from tests.personas import Personas

CLAUSES = ["goals", "division"]


def test_the_clauses_are_those_of_the_default_rules() -> None:
    assert list(Clause.values) == DEFAULT_RULES["eligibility"]["clauses"]


def test_a_draft_is_numbered_hashed_and_announced(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.university, people.lead)
    meet(people.university_confirmer)

    first = draft_agreement(consortium=consortium, text="第一版", clauses=CLAUSES, actor=people.lead, at=NOON)
    second = draft_agreement(consortium=consortium, text="第一版", clauses=CLAUSES, actor=people.lead, at=NOON)

    assert (first.version, second.version, first.clauses) == (1, 2, ["goals", "division"])
    assert (len(first.sha256), first.sha256 == second.sha256) == (64, False)
    assert [entry.action for entry in trail(consortium)] == ["draft_agreement"] * 2
    kinds = [note.kind for note in Notification.objects.filter(recipient=people.university_confirmer)]
    assert kinds == ["consortia.agreement_drafted"] * 2


def test_unknown_clauses_are_dropped_and_the_rest_ordered(people: Personas) -> None:
    agreement = draft_agreement(
        consortium=make_consortium(people), text="文本", clauses=["breach", "x", "goals"], actor=people.lead, at=NOON
    )

    assert agreement.clauses == ["goals", "breach"]


def test_an_agreement_has_text(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        draft_agreement(consortium=make_consortium(people), text=" ", clauses=[], actor=people.lead, at=NOON)

    assert refusal.value.message_dict == {"text": ["The agreement has no text."]}


@pytest.mark.parametrize("who", ["rival", "university_confirmer", "lead_confirmer", "officer"])
def test_only_the_lead_drafts(people: Personas, who: str) -> None:
    consortium = ready_consortium(people)

    with pytest.raises(PermissionDenied):
        draft_agreement(consortium=consortium, text="文本", clauses=[], actor=getattr(people, who), at=NOON)


def test_an_ended_consortium_has_no_new_agreement(people: Personas) -> None:
    consortium = make_consortium(people, status=ConsortiumStatus.REVOKED)

    with pytest.raises(TransitionRefused):
        draft_agreement(consortium=consortium, text="文本", clauses=[], actor=people.lead, at=NOON)


def test_a_new_version_needs_new_signatures(people: Personas) -> None:
    consortium = ready_consortium(people)

    draft_agreement(consortium=consortium, text="第二版", clauses=CLAUSES, actor=people.lead, at=NOON)

    assert preparation(consortium).item("agreement").done == 0
    assert AgreementSignature.objects.count() == 5


def test_sign_once(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead)
    agreement = make_agreement(consortium, people.lead, signed=False)
    meet(people.lead)

    first = sign_agreement(agreement=agreement, participation=member, actor=people.university_confirmer, at=NOON)
    again = sign_agreement(agreement=agreement, participation=member, actor=people.university_confirmer, at=NOON + HOUR)

    assert (first.sha256, first.signed_at, again.pk) == (agreement.sha256, NOON, first.pk)
    assert [entry.action for entry in trail(consortium)] == ["sign_agreement"]
    assert [note.kind for note in Notification.objects.filter(recipient=people.lead)] == ["consortia.agreement_signed"]


def test_a_confirmed_member_signs_a_newer_version(people: Personas) -> None:
    consortium = ready_consortium(people)
    member = consortium.participations.get(organisation=people.university)
    newer = make_agreement(consortium, people.lead, signed=False, version=2)

    sign_agreement(agreement=newer, participation=member, actor=people.university_confirmer, at=NOON)

    assert [row.agreement.version for row in member.signatures.order_by("agreement__version")] == [1, 2]


def test_only_the_newest_version_is_signed(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead)
    old = make_agreement(consortium, people.lead, signed=False)
    make_agreement(consortium, people.lead, signed=False, version=2)

    with pytest.raises(TransitionRefused):
        sign_agreement(agreement=old, participation=member, actor=people.university_confirmer, at=NOON)


def test_who_left_does_not_sign(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, status=ParticipationStatus.LEFT)
    agreement = make_agreement(consortium, people.lead, signed=False)

    with pytest.raises(TransitionRefused):
        sign_agreement(agreement=agreement, participation=member, actor=people.university_confirmer, at=NOON)


def test_the_agreement_of_another_consortium_is_not_signed(people: Personas) -> None:
    member = make_participation(make_consortium(people), people.university, people.lead)
    elsewhere = make_agreement(make_consortium(people), people.lead, signed=False)

    with pytest.raises(TransitionRefused):
        sign_agreement(agreement=elsewhere, participation=member, actor=people.university_confirmer, at=NOON)


@pytest.mark.parametrize("who", ["lead", "rival", "fund_confirmer", "leader"])
def test_nobody_else_signs(people: Personas, who: str) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead)
    agreement = make_agreement(consortium, people.lead, signed=False)

    with pytest.raises(PermissionDenied):
        sign_agreement(agreement=agreement, participation=member, actor=getattr(people, who), at=NOON)
