"""Ten thousand attempts to approve and pay five hundred tranches, while the processes that try are killed at random.

First with kills: four processes try each tranche in an order of their own, approving and paying it again and again with
vouchers old and new; one of them is killed now and then and another takes its place. What a process was told was done
it writes down beside the database, so that a payment that was acknowledged and is not there would be found.

Then begun together: four processes on the two tranches of an award at a time, with vouchers of their own, with one
voucher for both, a second time, and as the leader who approved. The control does the same without locking the row, to
show that the contest is real: there only the constraints of the database are left.
"""

import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from functools import partial
from multiprocessing import Value, get_context
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.db.models import F, Sum
from django.utils import timezone

from funding.enums import AccountKind, Action, EntryKind, TrancheStatus
from funding.models import Award, LedgerAccount, LedgerEntry, Payment, Posting, Tranche
from funding.rules.spending import reference
from funding.services.tranches import approve_tranche, pay_tranche
from members.models import User
from portal.kernel.models import AuditEntry
from portal.kernel.models.audit import Result
from portal.kernel.workflow import TransitionRefused, Workflow
from tests.bench.decisions import unlocked
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application, make_award, make_call, make_contract, make_tranche
from tests.personas import Personas
from tests.races import in_processes

AWARDS, CONTROL, PROCESSES, ATTEMPTS = 250, 50, 4, 5  # attempts of one process on one award
KILLS = 40
DIED = (None, 0, -signal.SIGKILL)

Pair = tuple[UUID, UUID]


def run(awards: int = AWARDS, control: int = CONTROL, kills: int = KILLS) -> Iterator[tuple[str, float, str]]:
    """The figures of all rounds; those up to `stopped_by_the_database_alone` must be 0."""
    people = Personas()
    consortium = ready_consortium(people)
    tranches = [one for _ in range(awards) for one in pair(people, consortium, TrancheStatus.REVIEWED)]
    told = killed(people, tranches, kills)
    yield from books(people, told)
    clashes = contest(people, awards, locked=True)
    yield from ledger()
    yield "stopped_by_the_database_alone", clashes, "attempts"
    yield "kills", kills, "processes"
    yield "killed_attempts", len(tranches) * PROCESSES * ATTEMPTS, "attempts"
    yield "tranches", 4 * awards, "tranches"
    yield "attempts", awards * PROCESSES * ATTEMPTS, "attempts"
    yield "control_stopped_by_the_database_alone", contest(people, control, locked=False), "attempts"


def ledger() -> Iterator[tuple[str, float, str]]:
    """What the books say against what they must say."""
    paid = Counter(Payment.objects.values_list("tranche", flat=True))
    entries = AuditEntry.objects.filter(action=Action.PAY, result=Result.DONE).count()
    sums = Award.objects.annotate(paid=Sum("tranches__payment__amount"), due=Sum("tranches__amount"))
    yield "paid_twice", sum(times > 1 for times in paid.values()), "tranches"
    yield "unpaid", Tranche.objects.exclude(status=TrancheStatus.PAID, payment__isnull=False).count(), "tranches"
    yield "over_grant", sums.filter(paid__gt=F("amount")).count(), "awards"
    yield "ledger_differs", sums.exclude(paid=F("due")).count(), "awards"
    yield "paid_by_the_approver", Payment.objects.filter(recorded_by=F("tranche__approved_by")).count(), "payments"
    yield "entries_differ", abs(entries - Payment.objects.count()), "entries"


def contest(people: Personas, awards: int, *, locked: bool) -> int:
    """How many attempts came past the lock and were stopped by a constraint."""
    consortium = ready_consortium(people)
    pairs = [pair(people, consortium) for _ in range(awards)]
    cast = [people.finance.pk, people.second_finance.pk, people.leader.pk]
    clashes = Value("i")
    in_processes(PROCESSES, lambda start, n: cashier(start, n, pairs, cast, clashes, locked=locked))
    return int(clashes.value)


def pair(people: Personas, consortium: Any, status: TrancheStatus = TrancheStatus.APPROVED) -> Pair:
    """Two approved tranches of a new award."""
    application = make_application(people, "APPROVED", consortium=consortium, call=make_call(people))
    award = make_contract(people, make_award(people, application)).award
    first, second = (make_tranche(people, award, status) for _ in range(2))
    return first.pk, second.pk


# --- with kills --------------------------------------------------------------------------------
def killed(people: Personas, tranches: list[UUID], kills: int) -> set[str]:
    """Approve and pay while processes die; what they were told was paid, as the vouchers of it."""
    cast = [one.pk for one in (people.leader, people.second_leader, people.finance, people.second_finance)]
    connections.close_all()
    with tempfile.TemporaryDirectory() as folder:
        work = partial(clerk, tranches=tranches, cast=cast, told=Path(folder, "told"))
        places = [RawValue("i", 0) for _ in range(PROCESSES)]
        crowd = [_begin(work, n, place) for n, place in enumerate(places)]
        dice, left = random.Random(7), kills
        while any(one.is_alive() for one in crowd) or left:
            time.sleep(dice.uniform(0.05, 0.6))
            victim = dice.randrange(PROCESSES)
            if left and crowd[victim].is_alive():
                crowd[victim].kill()
                left -= 1
            for n, one in enumerate(crowd):
                if one.exitcode not in DIED:
                    raise RuntimeError(f"a process fell ill: {one.exitcode}")
                if one.exitcode is not None and places[n].value < len(tranches):
                    crowd[n] = _begin(work, n, places[n])
            left = left if any(place.value < len(tranches) for place in places) else 0
        for one in crowd:
            one.join()
        return set(Path(folder, "told").read_text().split())


def _begin(work: Any, n: int, place: Any) -> Any:
    process = get_context("fork").Process(target=work, args=(n, place))
    process.start()
    return process


def clerk(n: int, place: Any, *, tranches: list[UUID], cast: list[UUID], told: Path) -> None:
    """One process: each tranche from where the one before it died, in an order and with vouchers of its own."""
    connections.close_all()
    leader, other, finance, second = (User.objects.get(pk=pk) for pk in cast)
    dice = random.Random(n + 1000 * place.value)
    while place.value < len(tranches):
        tranche = tranches[place.value]
        tries = [
            (approve, leader), (approve, other), (pay, finance), (pay, dice.choice([second, leader])), (pay, second),
        ]  # fmt: skip
        dice.shuffle(tries)
        for act, actor in tries:
            if voucher := act(tranche, actor, dice.choice([f"{tranche}", f"{tranche}-{n}"])):
                with told.open("a") as written:
                    written.write(f"{voucher}\n")
        place.value += 1


def approve(tranche: UUID, actor: User, _voucher: str) -> str:
    """Approve it, if that can be done."""
    with suppress(TransitionRefused, PermissionDenied):
        approve_tranche(tranche=Tranche.objects.get(pk=tranche), actor=actor, at=NOON)
    return ""


def pay(tranche: UUID, actor: User, voucher: str) -> str:
    """Pay it, if that can be done; the voucher of what was paid."""
    with suppress(TransitionRefused, PermissionDenied, ValidationError):
        found = Tranche.objects.get(pk=tranche)
        pay_tranche(tranche=found, actor=actor, voucher=voucher, paid_on=timezone.localdate(NOON), at=NOON)
        return reference(voucher)
    return ""


def books(people: Personas, told: set[str]) -> Iterator[tuple[str, float, str]]:
    """What the ledger says against the payments, the awards and what was told; then what is left is paid, too."""
    for tranche in Tranche.objects.exclude(status=TrancheStatus.PAID).values_list("pk", flat=True):
        approve(tranche, people.leader, "")
        told.add(pay(tranche, people.finance, f"{tranche}-last"))
    paid = Payment.objects.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    entered = LedgerEntry.objects.filter(kind=EntryKind.PAYMENT).values_list("tranche", flat=True)
    held = LedgerAccount.objects.filter(kind=AccountKind.HELD).aggregate(sum=Sum("balance"))["sum"] or Decimal(0)
    sums = Award.objects.annotate(paid=Sum("tranches__payment__amount"))
    total = Posting.objects.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    uneven = LedgerEntry.objects.annotate(sum=Sum("postings__amount")).exclude(sum=0).count()
    yield "double", sum(times > 1 for times in Counter(entered).values()), "tranches"
    yield "beyond_cap", sums.filter(paid__gt=F("amount")).count(), "awards"
    yield "lost", len(told - {""} - set(Payment.objects.values_list("voucher", flat=True))), "payments"
    yield "imbalance_fen", float((abs(paid - held) + abs(total)) * 100) + uneven, "fen"


# --- begun together ----------------------------------------------------------------------------
def cashier(
    start: Any, n: int, pairs: list[tuple[UUID, UUID]], cast: list[UUID], clashes: Any, *, locked: bool
) -> None:
    """One process: the same awards in the same order as everybody, each begun together."""
    if not locked:
        Workflow._lock = staticmethod(unlocked)  # type: ignore[method-assign]
    finance, second, leader = (User.objects.get(pk=pk) for pk in cast)
    dice = random.Random(n)
    for first, other in pairs:
        own = [(first, finance, f"{first}-{n}"), (other, finance, f"{other}-{n}")]
        both = [(first, second, f"{first}"), (other, second, f"{first}")]
        tries = [*own, *both, (dice.choice([first, other]), leader, f"{other}-L{n}")]
        dice.shuffle(tries)
        start.wait(60)
        for tranche, actor, voucher in tries:
            if not attempt(tranche, actor, voucher) and voucher != str(first):
                with clashes.get_lock():
                    clashes.value += 1


def attempt(tranche: UUID, actor: User, voucher: str) -> bool:
    """Try to pay; False when nothing but a constraint stood in the way."""
    try:
        pay_tranche(
            tranche=Tranche.objects.get(pk=tranche), actor=actor, voucher=voucher, paid_on=timezone.localdate(NOON),
            at=NOON,
        )  # fmt: skip
    except (TransitionRefused, PermissionDenied):
        return True
    except ValidationError:
        return False
    return True
