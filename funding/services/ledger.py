"""Entries of the ledger: made in the transaction of what they record, once for each key.

An act that moves money calls one of the functions below; nothing else writes postings. The accounts are locked in one
order before anything is written, so that what is refused is refused with a sentence; were it not, the database would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import AccountKind, EntryKind
from funding.models import (
    Appropriation,
    Award,
    BudgetLine,
    LedgerAccount,
    LedgerEntry,
    Payment,
    Posting,
    RecoveryReceipt,
    Relay,
    Tranche,
)
from funding.selectors.ledger import REDUCED
from members.models import Organisation, User
from portal.kernel.workflow import TransitionRefused

K = AccountKind
NOTE = 300  # characters of a note
LEFT = _("The budget line has only %(left)s (10,000 yuan) left.")
OVERDRAWN = {
    K.AVAILABLE: LEFT,
    K.COMMITTED: _("Only %(left)s (10,000 yuan) are still committed to this award."),
    K.HELD: _("The organisation holds only %(left)s (10,000 yuan) of this award."),
}


@dataclass(frozen=True)
class Leg:
    """What an entry adds to an account, in yuan; the account is made when it is first needed."""

    kind: AccountKind
    amount: Decimal
    line: BudgetLine | None = None
    award: Award | None = None
    organisation: Organisation | None = None

    def account(self) -> LedgerAccount:
        """The account that it moves."""
        facts: dict[str, Any] = {
            "kind": self.kind,
            "line": self.line,
            "award": self.award,
            "organisation": self.organisation,
        }
        return LedgerAccount.objects.get_or_create(**facts)[0]


def enter(
    *, kind: EntryKind, key: str, legs: Sequence[Leg], actor: User | None, at: datetime, on: date, **about: Any
) -> LedgerEntry:
    """Make an entry, or find the one of this key; must run inside the transaction of the act.

    Raises TransitionRefused when an account would be overdrawn.
    """
    if earlier := LedgerEntry.objects.filter(key=key).first():
        return earlier
    pairs = sorted(((leg.account(), leg) for leg in legs), key=lambda pair: pair[0].pk)
    _require_covered([(account.pk, leg) for account, leg in pairs])
    entry = LedgerEntry.objects.create(
        key=key, kind=kind, legs=len(legs), happened_on=on, entered_at=at, entered_by=actor, **about
    )
    Posting.objects.bulk_create(Posting(entry=entry, account=account, amount=leg.amount) for account, leg in pairs)
    return entry


def _require_covered(pairs: Sequence[tuple[Any, Leg]]) -> None:
    locked = LedgerAccount.objects.select_for_update(no_key=True).filter(pk__in=[pk for pk, _leg in pairs])
    balances = dict(locked.order_by("pk").values_list("pk", "balance"))
    for pk, leg in pairs:
        if leg.kind in OVERDRAWN and balances[pk] + leg.amount < 0:
            raise TransitionRefused(OVERDRAWN[leg.kind] % {"left": f"{balances[pk] / 10_000:,.2f}"})


# --- what moves money --------------------------------------------------------------------------
def appropriate(*, appropriation: Appropriation, actor: User, at: datetime) -> LedgerEntry:
    """The line has more to spend, or less."""
    line, amount = appropriation.line, appropriation.amount
    return enter(
        kind=EntryKind.APPROPRIATION, key=f"appropriation:{appropriation.pk}", actor=actor, at=at,
        on=appropriation.decided_on, note=appropriation.document_number,
        legs=[Leg(K.AVAILABLE, amount, line=line), Leg(K.APPROPRIATED, -amount, line=line)],
    )  # fmt: skip


def commit_award(*, award: Award, actor: User, at: datetime) -> LedgerEntry:
    """The line owes the award."""
    line = award.line
    return enter(
        kind=EntryKind.COMMITMENT, key=f"commitment:{award.pk}", actor=actor, at=at, on=award.approved_on, award=award,
        note=award.document_number,
        legs=[Leg(K.COMMITTED, award.amount, line=line, award=award), Leg(K.AVAILABLE, -award.amount, line=line)],
    )  # fmt: skip


def release_commitment(*, tranche: Tranche, actor: User, at: datetime, note: str = "") -> LedgerEntry:
    """What a tranche would have paid is free for others."""
    return _release(f"release:{tranche.pk}", tranche, tranche.amount, actor, at, note)


def release_part(*, tranche: Tranche, amount: Decimal, actor: User, at: datetime, note: str = "") -> LedgerEntry:
    """The part of a tranche by which it was reduced, once, is free for others."""
    return _release(f"{REDUCED}{tranche.pk}", tranche, amount, actor, at, note)


def _release(key: str, tranche: Tranche, amount: Decimal, actor: User, at: datetime, note: str) -> LedgerEntry:
    award, line = tranche.award, tranche.award.line
    return enter(
        kind=EntryKind.RELEASE, key=key, actor=actor, at=at, on=timezone.localdate(at), award=award, tranche=tranche,
        note=note,
        legs=[Leg(K.AVAILABLE, amount, line=line), Leg(K.COMMITTED, -amount, line=line, award=award)],
    )  # fmt: skip


def pass_on(*, relay: Relay, actor: User, at: datetime) -> LedgerEntry:
    """The member has what the lead had."""
    award = relay.award
    return enter(
        kind=EntryKind.TRANSFER, key=f"transfer:{relay.pk}", actor=actor, at=at, award=award, note=relay.slip,
        on=relay.received_on or relay.passed_on,
        legs=[
            Leg(K.HELD, relay.amount, award=award, organisation=relay.organisation),
            Leg(K.HELD, -relay.amount, award=award, organisation=award.consortium.lead),
        ],
    )  # fmt: skip


def take_back(*, payment: Payment, actor: User, at: datetime) -> LedgerEntry:
    """The bank returned what was paid: it is committed to the award again."""
    tranche, award = payment.tranche, payment.tranche.award
    [paid] = LedgerEntry.objects.filter(payment=payment, kind=EntryKind.PAYMENT)
    legs = [
        Leg(AccountKind(one.account.kind), -one.amount, line=one.account.line, award=award,
            organisation=one.account.organisation)
        for one in paid.postings.select_related("account__line", "account__organisation")
    ]  # fmt: skip
    day = payment.returned_on or timezone.localdate(at)
    return enter(
        kind=EntryKind.RETURN, key=f"return:{payment.pk}", actor=actor, at=at, on=day, award=award,
        tranche=tranche, payment=payment, note=payment.return_reason[:NOTE], legs=legs,
    )  # fmt: skip


def recover(*, receipt: RecoveryReceipt, actor: User, at: datetime) -> LedgerEntry:
    """What was claimed back arrived: the budget line has it again."""
    return _moved_back(receipt, f"recovery:{receipt.pk}", receipt.amount, receipt.arrived_on, actor, at)


def undo_recovery(*, receipt: RecoveryReceipt, actor: User, at: datetime) -> LedgerEntry:
    """It did not arrive after all: the organisation has it as before."""
    return _moved_back(receipt, f"recovery-reversal:{receipt.pk}", -receipt.amount, timezone.localdate(at), actor, at)


def _moved_back(
    receipt: RecoveryReceipt, key: str, amount: Decimal, on: date, actor: User, at: datetime
) -> LedgerEntry:  # fmt: skip
    recovery, award = receipt.recovery, receipt.recovery.award
    return enter(
        kind=EntryKind.RECOVERY, key=key, actor=actor, at=at, on=on, award=award, note=recovery.number,
        legs=[
            Leg(K.AVAILABLE, amount, line=award.line),
            Leg(K.HELD, -amount, award=award, organisation=recovery.organisation),
        ],
    )  # fmt: skip


def disburse(*, payment: Payment, actor: User, at: datetime) -> LedgerEntry:
    """The lead has the money."""
    tranche, award = payment.tranche, payment.tranche.award
    return enter(
        kind=EntryKind.PAYMENT, key=f"payment:{payment.pk}", actor=actor, at=at, on=payment.paid_on, award=award,
        tranche=tranche, payment=payment, note=payment.voucher,
        legs=[
            Leg(K.HELD, payment.amount, award=award, organisation=award.consortium.lead),
            Leg(K.COMMITTED, -payment.amount, line=award.line, award=award),
        ],
    )  # fmt: skip
