"""What members are bound to, whether they did it, and what they contest; and the last signatures, given at once."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import AgreementStatus, Clause
from consortia.models import Agreement, BackgroundIp, Obligation, Participation
from consortia.services.agreements import Draft, draft_agreement, send_agreement, sign_agreement
from consortia.services.background import add_background, update_background
from consortia.services.registers import add_entry, update_entry
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from tests.clock import NOON
from tests.factories.books import make_entry, unsaved_entry
from tests.factories.consortia import make_consortium, make_participation, meet, ready_consortium
from tests.personas import Personas
from tests.races import at_once, refusals


def told(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=f"consortia.{kind}").order_by("recipient__email")
    return [email.partition("@")[0] for email in rows.values_list("recipient__email", flat=True)]


def test_the_member_learns_of_its_duty_and_of_its_breach(people: Personas) -> None:
    consortium = ready_consortium(people)
    meet(people.university_confirmer, people.supplier_confirmer)
    row: Any = add_entry(entry=unsaved_entry("obligation", consortium, people), actor=people.lead, at=NOON)

    row.state, row.settled_on, row.remark = "BREACHED", date(2026, 11, 1), "资料外泄。"
    update_entry(entry=row, actor=people.lead, at=NOON)
    row.remark = "资料外泄，已整改。"
    update_entry(entry=row, actor=people.lead, at=NOON)

    assert (told("obligation_due"), told("obligation_breached")) == (["university"], ["university"])


@pytest.mark.parametrize("who", ["university_confirmer", "rival", "officer", "head"])
def test_the_lead_alone_keeps_the_list(people: Personas, who: str) -> None:
    consortium, actor = ready_consortium(people), getattr(people, who)
    kept = make_entry("obligation", consortium, people)

    with pytest.raises(PermissionDenied):
        add_entry(entry=unsaved_entry("obligation", consortium, people), actor=actor, at=NOON)
    with pytest.raises(PermissionDenied):
        update_entry(entry=kept, actor=actor, at=NOON)

    assert Obligation.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"state": "FULFILLED"}, "settled_on"),
        ({"state": "BREACHED", "settled_on": date(2026, 11, 1)}, "remark"),
        ({"settled_on": date(2026, 11, 1)}, "settled_on"),
        ({"state": "FULFILLED", "settled_on": date(2026, 11, 19)}, "settled_on"),
    ],
)
def test_what_is_settled_has_a_day_and_a_breach_its_words(people: Personas, facts: Any, field: str) -> None:
    entry = unsaved_entry("obligation", ready_consortium(people), people, **facts)

    with pytest.raises(ValidationError) as refusal:
        add_entry(entry=entry, actor=people.lead, at=NOON)

    assert list(refusal.value.message_dict) == [field]


def test_a_right_is_contested_and_no_longer(people: Personas) -> None:
    consortium = ready_consortium(people)
    row = BackgroundIp(
        owner=people.university, title="样例专利", number="ZL1", terms="样例", dispute="供应商主张共有。"
    )
    add_background(consortium=consortium, background=row, actor=people.lead, at=NOON)

    row.dispute, row.state = "", "ENDED"
    update_background(background=row, actor=people.lead, at=NOON)

    kept = BackgroundIp.objects.get()
    assert (kept.dispute, kept.state) == ("", "ENDED")


# --- at once -----------------------------------------------------------------------------------
def _in_signing(people: Personas) -> tuple[Agreement, Participation, Participation]:
    consortium = make_consortium(people)
    lead = make_participation(consortium, people.lead_org, people.lead, role="LEAD", ip_share=50)
    member = make_participation(consortium, people.university, people.lead)
    draft = Draft(dict.fromkeys(Clause.values, "约定。"), date(2029, 12, 31))
    agreement = draft_agreement(consortium=consortium, draft=draft, actor=people.lead, at=NOON)
    return send_agreement(agreement=agreement, actor=people.lead, at=NOON), lead, member


@pytest.mark.django_db(transaction=True)
def test_the_two_last_signatures_at_once_put_it_into_force_once() -> None:
    people = Personas()
    agreement, lead, member = _in_signing(people)
    meet(people.lead_confirmer, people.university_confirmer)

    def sign(part: Participation, actor: Any) -> Any:
        return sign_agreement(agreement=agreement, participation=part, actor=actor, at=NOON)

    results = at_once(lambda: sign(lead, people.lead_confirmer), lambda: sign(member, people.university_confirmer))

    agreement.refresh_from_db()
    steps = [entry.action for entry in trail(agreement)]
    assert (refusals(results), agreement.status, agreement.signatures.count()) == (0, AgreementStatus.EFFECTIVE, 2)
    assert steps.count("take_effect") == 1


@pytest.mark.django_db(transaction=True)
def test_one_member_that_signs_twice_at_once_has_signed_once() -> None:
    people = Personas()
    agreement, _lead, member = _in_signing(people)
    meet(people.university_confirmer)

    def sign() -> Any:
        return sign_agreement(agreement=agreement, participation=member, actor=people.university_confirmer, at=NOON)

    assert (refusals(at_once(sign, sign)), agreement.signatures.count()) == (0, 1)
