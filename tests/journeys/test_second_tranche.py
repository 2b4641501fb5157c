"""From the contract to the second tranche, which comes back from the bank, goes out anew, and is passed on to a member;
then a part of the money is claimed back.

The first tranche comes from the database; what the bank says is a file that finance imports. At the end finance
takes the reports of the year: each tranche is paid once, the claim is settled.
"""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override

from funding.enums import Action, ContractStatus, LineOutcome, RecoveryStatus, RelayStatus, TrancheStatus
from funding.models import Contract, LedgerAccount, Payment, PaymentBatch, Posting, Recovery, Relay, Tranche
from portal.kernel.models.notification import ExportFormat
from reports.exporters.recoveries import RECOVERIES
from reports.exporters.tranches import TRANCHE_LEDGER
from tests.factories.funding import make_contract, make_tranche
from tests.journeys.exporting import cut, read_csv, take
from tests.journeys.person import Person
from tests.personas import Personas
from tests.samples import PDF

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
T = TrancheStatus
Enter = Callable[..., Person]
FIRST, SECOND, PART = Decimal(900_000), Decimal(600_000), Decimal(100_000)
BACK = Decimal(50_000)
HEADINGS = ("Order number", "Payee", "Amount (yuan)", "Day", "What the bank did", "Reference of the bank", "Remark")


def test_the_second_tranche(enter: Enter, people: Personas, tmp_path: Path) -> None:
    contract, cast = make_contract(people, status=ContractStatus.OFFERED), everybody(enter, people)
    finance, leader, lead, award = cast["finance"], cast["leader"], cast["lead"], contract.award

    takes_effect(cast["signatory"], cast["head"], contract)
    make_tranche(people, award, T.CONFIRMED, amount=FIRST)
    tranche = make_tranche(people, award, T.REVIEWED, amount=SECOND)
    leader.visit("funding:tranche-detail", tranche.pk)
    leader.follow(Action.APPROVE_PAYMENT)
    leader.press(Action.APPROVE_PAYMENT)
    leader.has_done(Action.APPROVE_PAYMENT)
    send(finance, leader, tranche, 1)
    bank_says(finance, tmp_path, LineOutcome.PAID)
    assert state(tranche) == T.PAID
    bank_says(finance, tmp_path, LineOutcome.RETURNED, "样例：账户已注销")
    assert state(tranche) == T.RETURNED
    send(finance, leader, tranche, 2)
    bank_says(finance, tmp_path, LineOutcome.PAID)

    lead.visit("funding:tranche-detail", tranche.pk)
    lead.follow(Action.CONFIRM_RECEIPT)
    lead.press(Action.CONFIRM_RECEIPT)
    lead.has_done(Action.CONFIRM_RECEIPT)
    pass_on(lead, cast["member"], award.pk, people.university.name)

    assert state(tranche) == T.CONFIRMED
    assert list(Payment.objects.filter(tranche=tranche, standing=None).values_list("amount", flat=True)) == [SECOND]
    assert Payment.objects.get(standing=tranche).amount == SECOND
    assert Relay.objects.get().status == RelayStatus.CONFIRMED
    held = dict(LedgerAccount.objects.filter(award=award, kind="HELD").values_list("organisation", "balance"))
    assert held == {people.lead_org.pk: FIRST + SECOND - PART, people.university.pk: PART}
    claim_back(finance, leader, award.pk, str(people.lead_org.pk))

    claim = Recovery.objects.get()
    assert (claim.status, claim.received) == (RecoveryStatus.SETTLED, BACK)
    assert LedgerAccount.objects.get(award=award, kind="HELD", organisation=people.lead_org).balance == (
        FIRST + SECOND - PART - BACK
    )
    assert sum(Posting.objects.values_list("amount", flat=True)) == 0
    reports_tell(finance, claim)


def everybody(enter: Enter, people: Personas) -> dict[str, Person]:
    """Each at an own browser, both factors given."""
    users = {
        "finance": people.finance, "leader": people.leader, "lead": people.lead, "member": people.university_confirmer,
        "signatory": people.signatory, "head": people.head,
    }  # fmt: skip
    cast = {name: enter(name, "zh-hans" if name in {"leader", "member"} else "en") for name in users}
    for name, user in users.items():
        cast[name].comes_in_as(user)
    return cast


def takes_effect(signatory: Person, head: Person, contract: Contract) -> None:
    """The lead's signatory signs the contract, then the bureau."""
    signatory.visit("funding:contract-detail", contract.pk)
    signatory.follow(Action.SIGN)
    signatory.fill({"I have read the contract and sign it in the name of my organisation.": True})
    signatory.press(Action.SIGN)
    signatory.has_done(Action.SIGN)
    head.visit("funding:contract-detail", contract.pk)
    head.follow(Action.COUNTERSIGN)
    head.press(Action.COUNTERSIGN)
    head.has_done(Action.COUNTERSIGN)


def send(finance: Person, leader: Person, tranche: Tranche, number: int) -> None:
    """Into a batch, released by the leader, with the treasury."""
    finance.visit("funding:batch-prepare", tranche.award.line_id)
    finance.fill({"document number": f"样财拨〔2026〕{number}号", "purpose of the payment": "创新联合体专项资金"})
    finance.press(Action.PREPARE_BATCH)
    finance.is_told("The batch is prepared; a leader has to release it.")
    batch = PaymentBatch.objects.latest("created_at")
    for official, act in ((leader, Action.RELEASE_BATCH), (finance, Action.SEND_BATCH)):
        official.visit("funding:batch-detail", batch.pk)
        official.follow(act)
        official.press(act)
        official.has_done(act)
    assert state(tranche) == T.SENT


def bank_says(finance: Person, folder: Path, outcome: LineOutcome, remark: str = "") -> None:
    """The file of the bank, imported, looked at and settled."""
    order = PaymentBatch.objects.latest("created_at").orders.get()
    path = folder / f"{outcome}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADINGS)
        day, said = timezone.localdate().isoformat(), outcome.label
        table.writerow([order.number, order.payee_name, order.amount, day, said, f"B{order.number}{outcome}", remark])
    finance.visit("funding:statement-import")
    finance.field("Bank statement").set_input_files(path)
    finance.press("Import")
    finance.page.get_by_role("link", name=finance.counted("Settle %(n)s line", "Settle %(n)s lines", 1, n=1)).click()
    finance.page.wait_for_load_state()
    finance.look()
    finance.press("Settle lines")


def pass_on(lead: Person, member: Person, award: object, name: str) -> None:
    """The lead reports what it transferred, the member confirms."""
    lead.visit("funding:award-relays", award)
    lead.follow(Action.REPORT_RELAY)
    lead.fill({"Member": name, "Amount (yuan)": PART, "Number of the bank slip": "样例回单1"})
    lead.field("Bank slip").set_input_files([{"name": "slip.pdf", "mimeType": "application/pdf", "buffer": PDF}])
    lead.press(Action.REPORT_RELAY)
    lead.is_told("The transfer is reported; the member confirms it.")
    member.visit("funding:award-relays", award)
    member.follow("Confirm")
    member.press(Action.CONFIRM_RELAY)
    member.has_done(Action.CONFIRM_RELAY)


def claim_back(finance: Person, leader: Person, award: object, holder: str) -> None:
    """Finance proposes, the leader serves the notice, the lead has paid."""
    finance.visit("funding:award-relays", award)
    finance.follow("Claim money back")
    finance.field("Organisation").select_option(holder)
    finance.fill({"Amount claimed (yuan)": BACK, "Reason": "样例：列支了负面清单所列费用。"})
    finance.press(Action.OPEN_RECOVERY)
    finance.is_told("The claim is proposed; a leader has to approve it.")
    claim = Recovery.objects.get()
    leader.visit("funding:recovery-detail", claim.pk)
    leader.follow(Action.APPROVE_RECOVERY)
    leader.fill({"Document number of the notice": "样科资〔2026〕7号"})
    leader.press(Action.APPROVE_RECOVERY)
    leader.has_done(Action.APPROVE_RECOVERY)
    finance.visit("funding:recovery-detail", claim.pk)
    finance.follow(Action.RECEIVE_RECOVERY)
    finance.fill({"Or the number of the receipt": "样例缴款书1"})
    finance.field("File of the receipt").set_input_files(
        [{"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    finance.press(Action.RECEIVE_RECOVERY)
    finance.has_done(Action.RECEIVE_RECOVERY)


def reports_tell(finance: Person, claim: Recovery) -> None:
    """As files: both tranches paid once, and what came back."""
    finance.visit("home")
    rows = read_csv(take(finance, TRANCHE_LEDGER, ExportFormat.CSV))
    with override(finance.language):
        headings = {column.name: column.heading for column in TRANCHE_LEDGER.columns}
    wanted = {"tranche": 0, "amount_paid": Decimal(0)}
    assert [cut(row, wanted, headings) for row in rows] == [
        {"tranche": 1, "amount_paid": FIRST}, {"tranche": 2, "amount_paid": SECOND}
    ]  # fmt: skip
    finance.visit("home")
    found = read_csv(take(finance, RECOVERIES, ExportFormat.CSV))[0]
    with override(finance.language):
        heads = [str(column.heading) for column in RECOVERIES.columns]
    assert found[heads[0]] == claim.number
    assert [Decimal(found[heads[place]]) for place in (4, 5, 6)] == [BACK, BACK, 0]


def state(tranche: Tranche) -> str:
    """What the database says."""
    return Tranche.objects.values_list("status", flat=True).get(pk=tranche.pk)
