"""Ten thousand attempts to pay a thousand tranches at once: each is paid exactly once, and nothing beyond the grant.

Four processes work on the two tranches of an award at a time, begun together: with vouchers of their own, with one
voucher for both tranches, a second time, and as the leader who approved. The control does the same without locking the
row, to show that the contest is real: there only the constraints of the database are left.
"""

import random
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Value
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Sum
from django.utils import timezone

from funding.enums import Action, TrancheStatus
from funding.models import Award, Payment, Tranche
from funding.services.tranches import pay_tranche
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

AWARDS, CONTROL, PROCESSES, ATTEMPTS = 500, 50, 4, 5  # attempts of one process on one award

Pair = tuple[UUID, UUID]


def run(awards: int = AWARDS, control: int = CONTROL) -> Iterator[tuple[str, float, str]]:
    """The figures of both rounds; the first seven must be 0."""
    people = Personas()
    clashes = contest(people, awards, locked=True)
    yield from ledger()
    yield "stopped_by_the_database_alone", clashes, "attempts"
    yield "tranches", 2 * awards, "tranches"
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


def pair(people: Personas, consortium: Any) -> Pair:
    """Two approved tranches of a new award."""
    application = make_application(people, "APPROVED", consortium=consortium, call=make_call(people))
    award = make_contract(people, make_award(people, application)).award
    first, second = (make_tranche(people, award, TrancheStatus.APPROVED) for _ in range(2))
    return first.pk, second.pk


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
