"""The same patent claimed by two consortia: both are told, neither learns of whom, the officer decides."""

from collections.abc import Callable

import pytest
from django.core.cache import cache

from consortia.enums import Action, OutcomeKind, PatentType
from consortia.models import Consortium, DuplicateClaim
from tests.factories.consortia import make_task, meet, ready_consortium, rival_consortium
from tests.journeys.person import Person
from tests.personas import Personas

REASON = "专利证书上的第一权利人是牵头单位，后一登记予以撤回。"


def claim_patent(person: Person, consortium: Consortium, name: str, number: str) -> None:
    """One lead records a granted invention."""
    person.visit("consortia:consortium-outcomes", consortium.pk)
    person.follow(Action.ADD_OUTCOME)
    person.follow(OutcomeKind.PATENT)
    person.fill({
        "name": name,
        "Number of the patent or of its application": number,
        "type of patent": PatentType.INVENTION,
        "applied on": "2024-03-01",
        "granted on": "2026-03-01",
        "research task": consortium.tasks.first(),
        "owner": consortium.lead,
    })  # fmt: skip
    person.press(Action.ADD_OUTCOME)
    person.is_told("Saved.")


@pytest.mark.django_db(transaction=True)
def test_a_duplicate_patent_is_caught(enter: Callable[..., Person]) -> None:
    cache.clear()
    people = Personas()
    meet(people.lead, people.rival, people.officer)
    mine, theirs = ready_consortium(people), rival_consortium(people, name="样例竞先联合体")
    make_task(theirs)
    lead, rival, officer = (enter(name) for name in ("lead", "rival", "officer"))
    for person, user in ((lead, people.lead), (rival, people.rival), (officer, people.officer)):
        person.comes_in_as(user)

    claim_patent(lead, mine, "一种领航的光耦合结构", "ZL 2026 1 0000001.9")
    lead.reads("Not verified yet")
    claim_patent(rival, theirs, "一种竞先的光耦合结构", "cn２０２６１００００００１")
    rival.reads("This number is claimed by another consortium too.")
    rival.reads("Until the bureau decides, only the earlier claim counts; this one is the later.")
    rival.misses("领航")

    lead.visit("notifications")
    lead.follow_text(lead.word("The number of “%(outcome)s” is claimed elsewhere too; please check it.",
                               outcome="一种领航的光耦合结构"))  # fmt: skip
    lead.reads("Until the bureau decides, only the earlier claim counts: this one.")
    lead.misses("竞先")

    officer.visit("home")
    officer.follow("Register of outcomes")
    officer.follow("Numbers claimed twice")
    officer.sees("一种领航的光耦合结构")
    officer.sees("一种竞先的光耦合结构")
    claim = DuplicateClaim.objects.get()
    officer.visit("consortia:duplicate-detail", claim.pk)
    officer.follow("Decide")
    officer.page.get_by_label(
        officer.word("The claim of %(consortium)s is withdrawn", consortium=theirs.name), exact=True
    ).check()
    officer.fill({"Reason": REASON})
    officer.press("Record decision")
    officer.is_told("The decision is recorded; both leads have been told.")

    rival.visit("consortia:outcome-detail", claim.second_id)
    rival.reads("The bureau has decided that this claim is withdrawn and does not count:")
    rival.sees(REASON)
    lead.visit("consortia:outcome-detail", claim.first_id)
    lead.reads("The bureau has decided that the other claim is withdrawn:")
