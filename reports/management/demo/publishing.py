"""From the decision to the contract: lists published, objections to them, awards, the first money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from funding.enums import ContractStatus
from funding.models import Award, Call
from reports.management.demo import applying, objecting, paying
from reports.management.demo.calendar import Days
from reports.management.demo.case import Case
from reports.management.demo.cast import Cast

C = ContractStatus
SIGNING = {8: C.CONFIRMING, 19: C.SIGNED, 38: C.DRAFT}  # how far these contracts have come
IN_BATCHES, COMES_BACK = (5, 6), 37  # paid by batches and statements; a payment that its bank returned
OBJECTED, OBJECTED_BEFORE = 28, 18
REFUSED, LOWERED = 36, 7  # an objection that is not admitted, and one that lowers the amount by a step
OVERTURNED = "OVERTURNED"  # the state of a row that is no part of the script
EVALUATED_ELSEWHERE = 3  # up to this batch the first evaluation was held on paper: the portal's first came later


def publish(cast: Cast, call: Call, decided: list[Case], days: Days, today: date) -> None:
    """Two lists, the objections to them, what follows from these, and the approval of what has waited long enough."""
    current = [case for case in decided if case.row.state == "IN_PUBLICITY"]
    earlier = [case for case in decided if case.row.state != "IN_PUBLICITY"]
    applying.publicise(cast, call, [case.application for case in earlier], days.publicised)
    applying.publicise(cast, call, [case.application for case in current], today - timedelta(days=2), 2)
    for case in decided:
        object_to(cast, case, days.publicised + timedelta(days=2), today)
    lowered = [case for case in earlier if case.row.number == LOWERED]
    again = days.publicised + timedelta(days=6)
    applying.publicise(cast, call, [case.application for case in lowered], again, 3)
    for case in earlier:
        if case.row.state == OVERTURNED:
            continue
        late = timedelta(days=6) if case in lowered else timedelta()
        moved = replace(days, approved=days.approved + late, contracted=days.contracted + late)
        award = applying.approve(cast, case.application, moved.approved)
        _contract(cast, case, award, moved)


def object_to(cast: Cast, case: Case, day: date, today: date) -> None:
    """Somebody objects to a few of those that were published; one objection is still to be taken up."""
    application, number = case.application, case.row.number
    if number == OBJECTED_BEFORE:
        objecting.dismiss(cast, application, day)
    elif number == OBJECTED:
        objecting.object_to(application, today - timedelta(days=1))
    elif number == REFUSED:
        objecting.refuse(cast, application, today - timedelta(days=1))
    elif number == LOWERED:
        objecting.lower(cast, application, day, case.row.granted)
    elif case.row.state == OVERTURNED:
        objecting.overturn(cast, application, day)


def _contract(cast: Cast, case: Case, award: Award, days: Days) -> None:
    if case.row.number in SIGNING:
        applying.contract(cast, award, days.contracted, until=SIGNING[case.row.number])
        return
    applying.contract(cast, award, days.contracted)
    case.consortium.refresh_from_db()
    for tranche in award.tranches.filter(sequence=1):
        first = days.contracted + timedelta(days=10)
        if case.row.batch in IN_BATCHES:
            paying.pay_in_batch(cast, tranche, first, comes_back=case.row.number == COMES_BACK)
        else:
            applying.pay(cast, tranche, first)
    if case.row.batch <= EVALUATED_ELSEWHERE and (case.row.evaluation or 0) >= 60:
        for tranche in award.tranches.filter(sequence=2):
            applying.meet(cast, tranche, days.contracted + timedelta(days=300))
            applying.pay(cast, tranche, days.contracted + timedelta(days=310))
