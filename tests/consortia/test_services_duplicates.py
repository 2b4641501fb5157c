"""Numbers claimed twice: flagged, told, lifted, settled; nobody learns more than is public."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import Action, ClaimStatus, ConsortiumStatus
from consortia.models import Consortium, DuplicateClaim, Outcome
from consortia.selectors.outcomes import flags, totals
from consortia.services.duplicates import settle_duplicate
from consortia.services.outcomes import add_outcome, remove_outcome, update_outcome
from portal.kernel.audit import trail
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import (
    make_outcome,
    meet,
    ready_consortium,
    rival_consortium,
    unsaved_outcome,
)
from tests.personas import Personas
from tests.races import at_once, refusals

S = ConsortiumStatus
FIRST, SECOND = "ZL 2026 1 0000001.9", "cn２０２６１００００００１"


def _recorded(consortium: Consortium, actor: Any, number: str = SECOND, **facts: Any) -> Outcome:
    outcome = unsaved_outcome(consortium.lead, identifier=number, **facts)
    return add_outcome(consortium=consortium, outcome=outcome, actor=actor, at=NOON)


def _disputed(people: Personas, **facts: Any) -> tuple[Outcome, Outcome]:
    """The same patent of the lead and, later, of the rival."""
    meet(people.officer, people.lead, people.rival)
    first = _recorded(ready_consortium(people, **facts), people.lead, FIRST, name="领航的发明")
    return first, _recorded(rival_consortium(people, **facts), people.rival, SECOND, name="竞先的发明")


def _counted() -> set[str]:
    return set(Outcome.objects.counted().values_list("name", flat=True))


def test_the_second_claim_is_flagged_and_not_refused(people: Personas) -> None:
    first, second = _disputed(people)

    claim = DuplicateClaim.objects.get()

    assert (claim.first, claim.second, claim.status) == (first, second, ClaimStatus.OPEN)
    told = Notification.objects.values_list("recipient__email", "kind")
    assert sorted(told) == sorted([
        (people.lead.email, "consortia.claimed_twice"), (people.rival.email, "consortia.claimed_twice"),
        (people.officer.email, "consortia.claim_to_settle"),
    ])  # fmt: skip
    assert [entry.action for entry in trail(claim)] == ["flag_duplicate"]


def test_a_pair_is_told_once(people: Personas) -> None:
    _first, second = _disputed(people)

    second.name = "竞先的新发明"
    update_outcome(outcome=second, actor=people.rival, at=NOON)

    assert (DuplicateClaim.objects.count(), Notification.objects.count()) == (1, 3)


def test_one_consortium_that_claims_twice_is_told_once(people: Personas) -> None:
    meet(people.officer, people.lead)
    consortium = ready_consortium(people)
    _recorded(consortium, people.lead, FIRST)
    second = _recorded(consortium, people.lead, SECOND)

    assert (DuplicateClaim.objects.count(), Notification.objects.filter(recipient=people.lead).count()) == (1, 1)
    assert [flag.other.pk for flag in flags(second) if flag.other] == [second.later_claims.get().first_id]


def test_a_third_claim_makes_two_more_pairs(people: Personas) -> None:
    first, _second = _disputed(people)
    _recorded(first.consortium, people.lead, "2026100000019")

    assert DuplicateClaim.objects.count() == 3


def test_another_kind_or_number_is_no_duplicate(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_outcome(consortium, identifier=FIRST)

    add_outcome(
        consortium=consortium, outcome=unsaved_outcome(people.lead_org, "PRODUCT", identifier=FIRST),
        actor=people.lead, at=NOON,
    )  # fmt: skip
    _recorded(consortium, people.lead, "ZL202610000002.3")

    assert DuplicateClaim.objects.count() == 0


def test_outcomes_without_a_number_are_no_duplicates(people: Personas) -> None:
    consortium = ready_consortium(people)
    for _ in range(2):
        outcome = unsaved_outcome(people.lead_org, "PRODUCT", identifier="")
        add_outcome(consortium=consortium, outcome=outcome, actor=people.lead, at=NOON)

    assert DuplicateClaim.objects.count() == 0


@pytest.mark.parametrize("which", [0, 1])
def test_a_changed_number_lifts_the_flag_and_may_make_another(people: Personas, which: int) -> None:
    pair = _disputed(people)
    outcome, actor = pair[which], (people.lead, people.rival)[which]

    outcome.identifier = "ZL202610000009.5"
    update_outcome(outcome=outcome, actor=actor, at=NOON)
    assert DuplicateClaim.objects.count() == 0
    outcome.identifier = FIRST
    update_outcome(outcome=outcome, actor=actor, at=NOON)

    claim = DuplicateClaim.objects.get()
    assert claim.second == outcome  # who takes the number up again claims it later
    actions = AuditEntry.objects.filter(action__contains="duplicate").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["flag_duplicate", "lift_duplicate", "flag_duplicate"]


def test_a_removed_outcome_takes_the_flag_with_it(people: Personas) -> None:
    first, _second = _disputed(people)

    remove_outcome(outcome=first, actor=people.lead, at=NOON)

    assert (DuplicateClaim.objects.count(), _counted()) == (0, {"竞先的发明"})
    assert AuditEntry.objects.filter(action=Action.LIFT_DUPLICATE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_consortia_claim_the_same_number_at_once() -> None:
    people = Personas()
    meet(people.lead, people.rival, people.officer)
    mine, theirs = ready_consortium(people), rival_consortium(people)

    results = at_once(lambda: _recorded(mine, people.lead, FIRST), lambda: _recorded(theirs, people.rival, SECOND))

    assert (refusals(results), Outcome.objects.count(), DuplicateClaim.objects.count()) == (0, 2, 1)
    assert Notification.objects.filter(kind="consortia.claimed_twice").count() == 2


# --- what counts -------------------------------------------------------------------------------
def test_in_dispute_only_the_earlier_claim_counts(people: Personas) -> None:
    _disputed(people)

    assert _counted() == {"领航的发明"}
    assert totals(Outcome.objects.all()).counted == 1


def test_the_withdrawn_claim_does_not_count(people: Personas) -> None:
    first, _second = _disputed(people)
    claim = DuplicateClaim.objects.get()

    settle_duplicate(claim=claim, withdrawn=first, actor=people.officer, at=NOON, note="证书上的权利人是后者")

    assert _counted() == {"竞先的发明"}
    assert (claim.status, claim.withdrawn, claim.settled_by) == (ClaimStatus.WITHDRAWN, first, people.officer)


def test_what_two_share_counts_for_both_and_once_in_the_city(people: Personas) -> None:
    _disputed(people)

    settle_duplicate(
        claim=DuplicateClaim.objects.get(), withdrawn=None, actor=people.officer, at=NOON, note="共同权利人"
    )

    assert _counted() == {"领航的发明", "竞先的发明"}
    assert Outcome.objects.counted_once().get().name == "领航的发明"


# --- the decision ------------------------------------------------------------------------------
def test_a_decision_is_told_and_stands_in_both_histories(people: Personas) -> None:
    first, second = _disputed(people)
    claim = DuplicateClaim.objects.get()

    settle_duplicate(claim=claim, withdrawn=second, actor=people.officer, at=NOON, note="证书属领航")

    told = Notification.objects.filter(kind="consortia.claim_settled").values_list("recipient__email", "url")
    assert sorted(told) == sorted([
        (people.lead.email, first.get_absolute_url()), (people.rival.email, second.get_absolute_url()),
    ])  # fmt: skip
    for outcome in (first, second):
        entry = trail(outcome.consortium)[0]
        assert (entry.action, entry.facts["name"], entry.note) == ("withdraw_claim", outcome.name, "证书属领航")


def test_it_is_decided_once_with_a_reason_and_about_the_pair(people: Personas) -> None:
    first, _second = _disputed(people)
    claim = DuplicateClaim.objects.get()
    stranger = make_outcome(first.consortium, identifier="ZL202610000077.1")

    with pytest.raises(ValidationError):
        settle_duplicate(claim=claim, withdrawn=first, actor=people.officer, at=NOON, note=" ")
    with pytest.raises(ValidationError):
        settle_duplicate(claim=claim, withdrawn=stranger, actor=people.officer, at=NOON, note="样例")
    settle_duplicate(claim=claim, withdrawn=None, actor=people.officer, at=NOON, note="样例")
    with pytest.raises(TransitionRefused):
        settle_duplicate(claim=claim, withdrawn=first, actor=people.officer, at=NOON, note="样例")


def test_nothing_is_decided_about_a_pair_that_is_gone(people: Personas) -> None:
    first, _second = _disputed(people)
    claim = DuplicateClaim.objects.select_related("first", "second").get()
    remove_outcome(outcome=Outcome.objects.get(pk=first.pk), actor=people.lead, at=NOON)

    with pytest.raises(TransitionRefused):
        settle_duplicate(claim=claim, withdrawn=None, actor=people.officer, at=NOON, note="样例")


@pytest.mark.parametrize("who", ["lead", "rival", "district_officer", "leader", "finance", "supervisor"])
def test_only_officers_decide(people: Personas, who: str) -> None:
    _disputed(people)

    with pytest.raises(PermissionDenied):
        settle_duplicate(
            claim=DuplicateClaim.objects.get(), withdrawn=None, actor=getattr(people, who), at=NOON, note="样例"
        )


@pytest.mark.django_db(transaction=True)
def test_two_officers_decide_at_once() -> None:
    people = Personas()
    first, second = _disputed(people)
    meet(people.second_officer)
    pk = DuplicateClaim.objects.get().pk

    def settle(officer: Any, loser: Outcome) -> None:
        claim = DuplicateClaim.objects.get(pk=pk)
        settle_duplicate(claim=claim, withdrawn=loser, actor=officer, at=NOON, note="样例")

    results = at_once(lambda: settle(people.officer, first), lambda: settle(people.second_officer, second))

    assert refusals(results) == 1
    assert DuplicateClaim.objects.get().status == ClaimStatus.WITHDRAWN


# --- nothing leaks -----------------------------------------------------------------------------
def test_the_other_consortium_is_named_only_when_both_are_published(people: Personas) -> None:
    first, second = _disputed(people)

    assert [flag.consortium for one in (first, second) for flag in flags(one)] == ["", ""]
    Consortium.objects.filter(pk=first.consortium_id).update(tier="B", recognised_on=NOON.date(), status=S.OPERATING)
    assert [flag.consortium for one in (first, second) for flag in flags(one)] == ["", ""]
    Consortium.objects.filter(pk=second.consortium_id).update(tier="B", recognised_on=NOON.date(), status=S.OPERATING)

    assert [flag.consortium for flag in flags(first)] == [second.consortium.name]
    assert [flag.other for one in (first, second) for flag in flags(one)] == [None, None]


def test_what_the_rival_is_told_names_nothing_of_the_lead(people: Personas) -> None:
    first, _second = _disputed(people)

    params = [one.params for one in Notification.objects.filter(recipient=people.rival)]

    assert params == [{"outcome": "竞先的发明"}]
    assert list(trail(first.consortium).values_list("actor_name", flat=True)) == [people.lead.name]
