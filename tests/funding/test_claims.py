"""Objections to claims: once and in time, decided by another person, and the claim follows."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from funding.enums import ClaimOutcome, RecoveryStatus
from funding.models import ClaimObjection, Recovery
from funding.rules.recovering import objection_until
from funding.services.claims import judge_claim, object_to_claim
from funding.services.recoveries import ask_write_off, receive_recovery, stop_recovery, watch_recoveries
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.funding import make_contract, make_recovery
from tests.funding.steps import kinds
from tests.funding.test_relays import paid_award
from tests.personas import Personas
from tests.samples import PDF

O, S = ClaimOutcome, RecoveryStatus  # noqa: E741
TODAY = timezone.localdate(NOON)
AMOUNT = Decimal(10_000)
pytestmark = pytest.mark.usefixtures("english")


def claimed(people: Personas, **facts: Any) -> Recovery:
    return make_recovery(people, make_contract(people).award, amount=AMOUNT, **facts)


def objects(people: Personas, claim: Recovery, **facts: Any) -> Recovery:
    given = {"statement": "样例：已补交凭证。", "evidence": [], "actor": people.lead, "at": NOON}
    return object_to_claim(recovery=claim, **given | facts)


def judge(people: Personas, claim: Recovery, outcome: str, **facts: Any) -> Recovery:
    given = {"reason": "样例", "actor": people.head, "at": NOON}
    return judge_claim(recovery=claim, outcome=outcome, **given | facts)


def test_ten_working_days_by_proposal() -> None:
    assert objection_until({}, TODAY) > TODAY + timedelta(days=9)
    assert objection_until({"recovery": {"objection_working_days": 1}}, TODAY) < TODAY + timedelta(days=9)


def test_while_it_waits_the_term_does_not_run_out(people: Personas) -> None:
    claim, head = claimed(people), people.head
    objects(people, claim, evidence=[SimpleUploadedFile("凭证.pdf", PDF)])

    assert watch_recoveries(at=NOON + 40 * DAY) == 0
    for act in (partial(ask_write_off, actor=people.finance), partial(stop_recovery, actor=head)):
        with pytest.raises(TransitionRefused):
            act(recovery=claim, reason="样例", at=NOON)
    assert (claim.status, claim.objection.evidence.count()) == (S.NOTICED, 1)
    assert "funding.recovery_objected" in kinds(head)


def test_a_claim_that_stands_is_due_anew(people: Personas) -> None:
    claim = objects(people, claimed(people))

    judge(people, claim, O.STANDS)

    claim.refresh_from_db()
    assert (claim.status, claim.amount, claim.objection.taken_off) == (S.NOTICED, AMOUNT, 0)
    assert claim.due_on
    assert claim.due_on > TODAY
    assert "funding.recovery_judged" in kinds(people.lead)
    assert watch_recoveries(at=NOON + 90 * DAY) == 1


def test_a_reduced_claim_keeps_what_was_taken_off(people: Personas) -> None:
    claim = objects(people, claimed(people))

    judge(people, claim, O.REDUCED, amount=Decimal(4_000))

    claim.refresh_from_db()
    assert (claim.status, claim.amount, claim.objection.taken_off) == (S.NOTICED, 4_000, 6_000)


def test_a_reversed_claim_is_closed(people: Personas) -> None:
    claim = objects(people, claimed(people))

    judge(people, claim, O.REVERSED)

    assert (claim.status, claim.closed_by) == (S.STOPPED, people.head)


def test_what_was_paid_back_bounds_the_decision(people: Personas) -> None:
    claim = make_recovery(people, paid_award(people), amount=AMOUNT)
    receive_recovery(
        recovery=claim, amount=Decimal(3_000), arrived_on=TODAY, slip="JK-1", actor=people.finance, at=NOON,
        upload=SimpleUploadedFile("缴款书.pdf", PDF),
    )  # fmt: skip
    objects(people, claim)

    for outcome, amount, field in (
        (O.REVERSED, None, "outcome"), (O.REDUCED, 2_999, "amount"), (O.REDUCED, 10_000, "amount"),
        (O.REDUCED, None, "amount"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as caught:
            judge(people, claim, outcome, amount=amount and Decimal(amount))
        assert list(caught.value.message_dict) == [field]
    judge(people, claim, O.REDUCED, amount=Decimal(3_000))

    claim.refresh_from_db()
    assert (claim.status, claim.left, claim.closed_by) == (S.SETTLED, 0, people.head)


def test_once_and_in_time(people: Personas) -> None:
    claim, late = claimed(people), claimed(people)
    objects(people, claim)

    with pytest.raises(TransitionRefused, match="already"):
        objects(people, claim)
    with pytest.raises(TransitionRefused, match="over"):
        objects(people, late, at=NOON + 30 * DAY)
    judge(people, claim, O.STANDS)
    with pytest.raises(TransitionRefused):
        judge(people, claim, O.REVERSED)
    with pytest.raises(TransitionRefused):
        judge(people, late, O.STANDS)


def test_who_may_not(people: Personas) -> None:
    claim = claimed(people)
    for who in (people.rival, people.university_confirmer, people.officer, people.head):
        with pytest.raises(PermissionDenied):
            objects(people, claim, actor=who)
    objects(people, claim)
    for who in (people.lead, people.officer, people.leader, people.finance):  # the leader approved the claim
        with pytest.raises(PermissionDenied):
            judge(people, claim, O.STANDS, actor=who)


@pytest.mark.parametrize(
    "facts", [{"outcome": O.STANDS}, {"outcome": O.STANDS, "reason": "样例"}, {"taken_off": 1}, {"reason": "样例"}]
)
def test_the_database_keeps_it(people: Personas, facts: dict[str, Any]) -> None:
    objects(people, claimed(people))

    with pytest.raises(IntegrityError, match="claim_objection_decided_with_reason"), transaction.atomic():
        ClaimObjection.objects.update(**facts)


def test_by_the_pages(people: Personas, sign_in: Any) -> None:
    claim = claimed(people, noticed_on=timezone.localdate(), due_on=timezone.localdate())
    lead, head, rival = (sign_in(who) for who in (people.lead, people.head, people.rival))
    places = {act: reverse(f"funding:recovery-{act}", args=[claim.pk]) for act in ("object", "judge", "detail")}

    assert places["object"] in lead.get(places["detail"]).text
    empty = lead.post(places["object"], {"statement": ""})
    files = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(2)]
    answers = [
        lead.post(places["object"], {"statement": "样例：已补交。", "evidence": files}).status_code,
        lead.post(places["object"], {"statement": "样例"}).status_code,
        head.post(places["judge"], {"outcome": "REDUCED", "amount": "", "reason": "样例"}).status_code,
        head.post(places["judge"], {"outcome": "STANDS", "amount": "500", "reason": "样例"}).status_code,
        head.post(places["judge"], {"outcome": "REDUCED", "amount": "500", "reason": "样例裁定"}).status_code,
        head.post(places["judge"], {"outcome": "STANDS", "amount": "", "reason": "样例"}).status_code,
    ]
    kept = claim.objection.evidence.all()[0]
    file = reverse("funding:recovery-objection-file", args=[claim.pk, kept.pk])

    assert (set(empty.context["form"].errors), answers) == ({"statement"}, [302, 409, 200, 200, 302, 409])
    assert "样例裁定" in lead.get(places["detail"]).text
    assert b"".join(head.get(file).streaming_content) == PDF
    assert [rival.get(one).status_code for one in (file, places["object"], places["detail"])] == [404] * 3
