"""Two years of money with everything in it that a report must not count wrongly."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consortia.enums import Tier
from consortia.models import LifeEvent
from funding.enums import (
    AppropriationKind,
    AppropriationStatus,
    BatchStatus,
    ReviewStatus,
    SessionKind,
    SessionStatus,
    TrancheStatus,
)
from funding.models import (
    Appropriation,
    Award,
    BudgetLine,
    Compensation,
    Contract,
    OverlapFinding,
    SessionSeat,
    Termination,
    Tranche,
)
from funding.selectors.endings import statement_of
from funding.services.cofundings import confirm_cofunding, refuse_cofunding, report_cofunding, reverse_cofunding
from funding.services.compensations import (
    Loss,
    check_compensation,
    file_compensation,
    grant_compensation,
    pay_compensation,
    refuse_compensation,
    return_compensation,
)
from funding.services.ledger import appropriate
from funding.services.payments import drop_batch, fail_order, return_payment
from funding.services.recoveries import receive_recovery, reverse_recovery
from funding.services.relays import confirm_relay, refuse_relay, report_relay
from funding.services.tranches import confirm_receipt, pay_tranche
from members.models import YearFigures
from portal.kernel import files
from tests.clock import NOON
from tests.factories.books import make_entry
from tests.factories.consortia import make_outcome, ready_consortium, rival_consortium
from tests.factories.funding import (
    make_acceptance,
    make_application,
    make_appropriation,
    make_award,
    make_call,
    make_contract,
    make_expenditure,
    make_line,
    make_recovery,
    make_review,
    make_session,
    make_subsidy,
    make_tranche,
)
from tests.factories.members import make_district
from tests.factories.payments import make_batch
from tests.factories.reports import make_evaluation
from tests.personas import Personas
from tests.samples import PDF

T = TrancheStatus
TODAY = timezone.localdate(NOON)
DANGEROUS = "=HYPERLINK(样例)"


def rich_year(people: Personas) -> list[Award]:
    """Six awards of two years, three districts and tiers; money on every way that it can take."""
    awards = _awards(people)
    _adjust(people, awards[0].line)
    _pay(people, awards)
    _pass_on(people, awards[0])
    _claim_back(people, awards)
    _spend(people, awards)
    _around(people, awards)
    _from_districts(people, awards)
    _compensate(people, awards[0])
    _end(people, awards)
    _review(people, awards)
    return awards


def _awards(people: Personas) -> list[Award]:
    old_call = make_call(people, year=2025)
    far = ready_consortium(people, district=make_district("320581"), name=DANGEROUS)
    kinds: list[tuple[Any, str, str, dict[str, Any]]] = [
        (None, Tier.A, "1550000.00", {}),
        (None, Tier.A, "1333333.33", {"call": old_call}),
        (rival_consortium(people), Tier.B, "777777.77", {}),
        (far, Tier.B, "600000.01", {}),
        (ready_consortium(people, district=make_district("320571")), Tier.C, "200000.00", {}),
        (None, Tier.A, "0.00", {}),
    ]
    found = []
    for consortium, tier, amount, facts in kinds:
        application = make_application(
            people, "APPROVED", consortium=consortium, requested_amount=Decimal(amount) + 1, **facts
        )
        line = make_line(people, Decimal(30_000_000), year=application.call.year) if Decimal(amount) else None
        found.append(make_award(people, application, tier=tier, amount=Decimal(amount), line=line))
    for award in found[:4]:
        make_contract(people, award)
    make_contract(people, found[4], status="OFFERED")
    return found


def _adjust(people: Personas, line: BudgetLine) -> None:
    for number, amount in enumerate(("1250000.50", "-250000.25"), 1):
        given = Appropriation.objects.create(
            line=line, kind=AppropriationKind.ADJUSTMENT, amount=Decimal(amount), reason="样例调整",
            document_number=f"样财〔2026〕调{number}号", decided_on=TODAY, status=AppropriationStatus.CONFIRMED,
            recorded_by=people.finance, recorded_at=NOON, confirmed_by=people.leader,
            confirmed_at=NOON + timedelta(minutes=number),
        )  # fmt: skip
        appropriate(appropriation=given, actor=people.leader, at=NOON)
    make_appropriation(people)


def _pay(people: Personas, awards: list[Award]) -> None:
    """Received, paid, sent back by the bank, failed, given up, on hold, cancelled, planned."""
    first, old, rival, far, *_rest = awards
    confirm_receipt(tranche=make_tranche(people, first, T.PAID), actor=people.lead, received_on=TODAY, at=NOON)
    make_tranche(people, first, T.ON_HOLD, hold_reason="样例：整改中", percent=Decimal(40))
    make_tranche(people, old, T.PAID, paid_on=date(2025, 12, 30))
    late = make_tranche(people, old, T.PAID, paid_on=date(2025, 12, 31), amount=Decimal("1000.10"))
    return_payment(tranche=late, actor=people.finance, returned_on=TODAY, reason="样例：账户已撤销", at=NOON)
    make_tranche(people, old, T.CANCELLED)
    make_tranche(people, old, T.PLANNED)
    back, failed, waiting = (make_tranche(people, one, T.APPROVED) for one in (rival, far, far))
    for tranche in (back, failed):
        make_batch(people, tranche, status=BatchStatus.SENT)
        tranche.refresh_from_db()
    pay_tranche(tranche=back, actor=people.finance, paid_on=TODAY, voucher="PZ-样例-1", at=NOON)
    return_payment(tranche=back, actor=people.finance, returned_on=TODAY, reason="样例：户名不符", at=NOON)
    again = make_batch(people, Tranche.objects.get(pk=back.pk), status=BatchStatus.SENT).orders.get()
    pay_tranche(tranche=again.tranche, actor=people.finance, paid_on=TODAY, voucher="PZ-样例-2", at=NOON)
    fail_order(tranche=failed, actor=people.finance, failed_on=TODAY, reason="样例：账号错误", at=NOON)
    drop_batch(batch=make_batch(people, waiting), actor=people.finance, reason="样例：金额需复核。", at=NOON)


def _pass_on(people: Personas, award: Award) -> None:
    parties = [
        {"id": str(one.pk), "name": one.name, "role": role, "duties": "", "grant": grant, "own": "0.00"}
        for one, role, grant in (
            (people.lead_org, "LEAD", "0.00"), (people.university, "MEMBER", "300000.00"),
            (people.supplier, "MEMBER", "50000.50"),
        )
    ]  # fmt: skip
    contract = Contract.objects.get(award=award)
    Contract.objects.filter(pk=contract.pk).update(terms={**contract.terms, "parties": parties})
    fresh = Award.objects.select_related("consortium", "contract", "application__call__rules").get(pk=award.pk)
    relays = [
        report_relay(
            award=fresh, organisation=people.university, amount=Decimal(amount), passed_on=TODAY, slip=f"HD-{amount}",
            upload=SimpleUploadedFile("回单.pdf", PDF), actor=people.lead, at=NOON,
        )
        for amount in ("100000.10", "20000.20", "3000.30")
    ]  # fmt: skip
    confirm_relay(relay=relays[0], received_on=TODAY, actor=people.university_confirmer, at=NOON)
    refuse_relay(relay=relays[1], reason="样例：未到账", actor=people.university_confirmer, at=NOON)


def _claim_back(people: Personas, awards: list[Award]) -> None:
    claim = make_recovery(people, awards[0], amount=Decimal("20000.20"))
    for number, amount in enumerate(("5000.05", "700.07"), 1):
        receive_recovery(
            recovery=claim, amount=Decimal(amount), arrived_on=TODAY, slip=f"JK-{number}",
            upload=SimpleUploadedFile("缴款书.pdf", PDF), actor=people.finance, at=NOON,
        )  # fmt: skip
    reverse_recovery(receipt=claim.receipts.get(slip="JK-2"), reason="样例：重复", actor=people.second_finance, at=NOON)
    make_recovery(people, awards[1], "OPEN", amount=Decimal("99.99"))
    stopped = {"closed_by": people.leader, "closed_at": NOON}
    make_recovery(people, awards[1], "STOPPED", amount=Decimal("88.88"), **stopped)


def _spend(people: Personas, awards: list[Award]) -> None:
    first, _old, rival, *_rest = awards
    for source, status, amount in (
        ("OWN", "ACCEPTED", "310000.31"), ("OWN", "REFUSED", "4000.00"), ("GRANT", "RECORDED", "50000.05"),
        ("OTHER", "RECORDED", "600.60"),
    ):  # fmt: skip
        make_expenditure(people, first, source=source, status=status, amount=Decimal(amount), description=DANGEROUS)
    make_expenditure(people, rival, organisation=people.rival_org, source="OWN", amount=Decimal("70.07"))
    make_expenditure(people, awards[1], day=date(2025, 7, 1), amount=Decimal("8.08"), source="OWN")


def _around(people: Personas, awards: list[Award]) -> None:
    """Promises that arrived, outcomes, evaluations, other money, a change of tier."""
    first, _old, rival, *_rest = awards
    for amount, confirmed in (("400000.40", True), ("5000.50", False)):
        facts = {"confirmed_by": people.lead, "confirmed_at": NOON} if confirmed else {}
        make_entry("contribution", first.consortium, people, amount=Decimal(amount), **facts)
    make_entry("contribution", first.consortium, people, amount=Decimal("60.06"), kind="IN_KIND", note="样例设备",
               confirmed_by=people.lead, confirmed_at=NOON)  # fmt: skip
    make_outcome(first.consortium, "PATENT", owner=people.lead_org)
    make_outcome(first.consortium, "PRODUCT", owner=people.lead_org, amount=Decimal("123456.78"))
    make_outcome(rival.consortium, "PATENT", owner=people.rival_org)
    for year, expense in ((2024, "100.10"), (2025, "350.35")):
        YearFigures.objects.filter(organisation=people.lead_org, year=year).update(rd_expense=Decimal(expense))
    make_evaluation(people, "FINAL", consortium=first.consortium)
    application = first.application
    for verdict, degree in (("PARTIAL", 40), ("NONE", 5)):
        OverlapFinding.objects.create(
            application=application, subsidy=make_subsidy(people), degree=degree, verdict=verdict, reason="样例",
            judged_by=people.supervisor, judged_at=NOON,
        )  # fmt: skip
    LifeEvent.objects.create(
        consortium=rival.consortium, kind="upgrade", at=NOON + timedelta(days=30), actor=people.leader, reason="样例",
        document_number="样科〔2026〕30号", tier_before=Tier.B, tier_after=Tier.A,
    )  # fmt: skip


def _from_districts(people: Personas, awards: list[Award]) -> None:
    """Confirmed, waiting, refused and reversed."""
    first, _old, _rival, far, *_rest = awards
    said = [
        (first, "10000.01", [confirm_cofunding]), (first, "20.20", []), (first, "3000.30", [refuse_cofunding]),
        (first, "400.40", [confirm_cofunding, reverse_cofunding]), (far, "777.77", [confirm_cofunding]),
    ]  # fmt: skip
    for number, (award, amount, steps) in enumerate(said):
        payment = report_cofunding(
            award=award, amount=Decimal(amount), arrived_on=TODAY, slip=f"QX-{number}", actor=people.lead,
            upload=SimpleUploadedFile("回单.pdf", PDF), at=NOON,
        )  # fmt: skip
        for step in steps:
            facts = {} if step is confirm_cofunding else {"reason": "样例"}
            actor = people.second_finance if step is reverse_cofunding else people.finance
            step(cofunding=payment, actor=actor, at=NOON, **facts)


def _compensate(people: Personas, award: Award) -> None:
    """One paid below the share, one paid up to the cap after it came back once, one refused, one that waits."""
    for number, (loss, accepted, granted) in enumerate((
        ("1234567.89", "1000000.01", "300000.00"), ("3000000.00", "3000000.00", "500000.00"), ("10.00", "", ""),
        ("20.02", "", ""),
    )):  # fmt: skip
        said = Loss(people.lead_org, f"样例技术{number}", "pilot", TODAY, Decimal(loss), "样例", "样例")
        request = file_compensation(
            award=award, loss=said, evidence=[SimpleUploadedFile("证明.pdf", PDF)], actor=people.lead, at=NOON
        )
        if accepted:
            check_compensation(
                compensation=request, accepted=Decimal(accepted), reason="样例", actor=people.officer, at=NOON
            )
            grant_compensation(
                compensation=request, granted=Decimal(granted), reason="样例", actor=people.head, at=NOON
            )
            _pay_compensation(people, request, Decimal(granted), number)
        elif number == 2:
            refuse_compensation(compensation=request, reason="样例", actor=people.head, at=NOON)


def _pay_compensation(people: Personas, request: Compensation, granted: Decimal, turns: int) -> None:
    for turn in range(turns + 1):
        pay_compensation(
            compensation=request, amount=granted, paid_on=TODAY, reference=f"FX-{granted}-{turn}",
            actor=people.finance, at=NOON,
        )  # fmt: skip
        if turn < turns:
            return_compensation(compensation=request, returned_on=TODAY, reason="样例", actor=people.finance, at=NOON)


def _end(people: Personas, awards: list[Award]) -> None:
    """One project accepted with money left, one terminated whose lead spent more than it got."""
    _first, old, rival, *_rest = awards
    make_expenditure(people, old, status="ACCEPTED", amount=Decimal("700000.07"))
    make_expenditure(people, rival, organisation=people.rival_org, amount=Decimal("999999.99"))
    kept = files.store(SimpleUploadedFile("报告.pdf", PDF), actor=people.lead, kind="funding.acceptance", at=NOON)
    make_acceptance(
        people, old.contract, report=kept, statement=statement_of(old), status="DECIDED", checked_by=people.officer,
        checked_at=NOON, assessed_by=people.officer, assessed_at=NOON, opinion_on=TODAY, opinion_file=kept,
        opinion="样例", advice="PASSED", opinion_form="PANEL", experts="样例专家甲", conclusion="PASSED",
        decided_by=people.head, decided_at=NOON,
    )  # fmt: skip
    Termination.objects.create(
        contract=rival.contract, reason="样例", started_by=people.lead, put_forward_by=people.officer,
        put_forward_at=NOON, status="DECIDED", findings="样例", document_number="样科终〔2026〕1号",
        decided_by=people.head, decided_at=NOON,
    )  # fmt: skip
    for award, status in ((old, "COMPLETED"), (rival, "TERMINATED")):
        Contract.objects.filter(award=award).update(status=status)


def _review(people: Personas, awards: list[Award]) -> None:
    """Three experts hand in; two of them come to a defence, and one stays away from a visit that was cancelled."""
    cases = [award.application for award in awards[:2]]
    for case in cases:
        for expert in people.experts:
            make_review(case, expert, people, ReviewStatus.SUBMITTED)
    held = make_session(people, cases[0], status=SessionStatus.LOCKED)
    visit = make_session(people, cases[1], status=SessionStatus.CANCELLED, kind=SessionKind.SITE_VISIT)
    late = people.experts[0].user_id
    SessionSeat.objects.filter(session=held).exclude(person=late).update(signed_in_at=NOON)
    SessionSeat.objects.filter(session=visit).update(signed_in_at=NOON)
