"""The Seven Ones of a year: claimed by the lead, judged by somebody of the bureau, closed with the year."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from consortia.enums import ConsortiumStatus, Progress, SevenOnes
from consortia.models import Consortium, SevenOnesItem, SevenOnesYear
from consortia.rules import scorecard_of
from consortia.rules.sevenones import OneStatus
from consortia.selectors import consortium_facts
from consortia.selectors.sevenones import public_seven, waiting_for, year_to_close
from consortia.services.sevenones import Claim, claim_seven, close_seven, return_seven, verify_seven
from members.enums import Role
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.books import make_one
from tests.factories.consortia import make_outcome, ready_consortium
from tests.factories.members import make_user
from tests.personas import Personas
from tests.races import at_once, refusals
from tests.samples import pdf

S, P, O = ConsortiumStatus, Progress, OneStatus  # noqa: E741
YEAR = NOON.year
CHECKED = "实地核查属实。"
LATER = NOON.replace(year=YEAR + 1, month=2)
SEEN = ("claimed", "narrative", "status", "claimed_at", "verified_at", "reason")


def _operating(people: Personas) -> Consortium:
    return ready_consortium(people, status=S.OPERATING)


def _key(consortium: Consortium) -> str:
    return f"TECHNOLOGY:{consortium.technologies.first().pk}"  # type: ignore[union-attr]


def _claim(people: Personas, consortium: Consortium, progress: Progress = P.BUILT, **facts: Any) -> SevenOnesItem:
    given: dict[str, Any] = {"item": SevenOnes.TECHNOLOGIES, "year": YEAR, "actor": people.lead, "at": NOON}
    said = {"evidence": frozenset({_key(consortium)}), "narrative": "样例说明。"}
    said |= {name: facts.pop(name) for name in list(facts) if name in Claim.__dataclass_fields__}
    return claim_seven(consortium=consortium, claim=Claim(progress, **said), **{**given, **facts})


def _liaison(consortium: Consortium, name: str = "liaison") -> Any:
    officer = make_user(name, "样例专员", Role.LIAISON)
    consortium.liaison_officer = officer
    consortium.save()
    return officer


# --- claiming ----------------------------------------------------------------------------------
def test_the_lead_claims_with_an_entry_and_a_file(people: Personas) -> None:
    consortium, officer = _operating(people), people.officer
    upload = SimpleUploadedFile("清单.pdf", pdf())

    row = _claim(people, consortium, upload=upload, label="盖章清单")

    assert (row.status, row.claimed, row.proposed, row.verified) == (O.CLAIMED, P.BUILT, P.BUILT, None)
    assert sorted((one.kind, one.label) for one in row.evidence.all()) == [
        ("FILE", "盖章清单"), ("TECHNOLOGY", str(consortium.technologies.first())),
    ]  # fmt: skip
    entry = trail(row)[0]
    assert (entry.action, entry.facts["item"], len(entry.facts["evidence"])) == ("claim_seven", "technologies", 2)
    assert [one.recipient for one in Notification.objects.filter(kind="consortia.seven_claimed")] == [officer]


def test_the_liaison_officer_is_told_first(people: Personas) -> None:
    consortium = _operating(people)
    officer = _liaison(consortium)

    _claim(people, consortium)

    assert [one.recipient for one in Notification.objects.filter(kind="consortia.seven_claimed")] == [officer]


@pytest.mark.parametrize("who", ["rival", "university_confirmer", "officer", "head", "other_district_officer"])
def test_nobody_else_claims(people: Personas, who: str) -> None:
    consortium = _operating(people)

    with pytest.raises(PermissionDenied):
        _claim(people, consortium, actor=getattr(people, who))

    assert SevenOnesItem.objects.count() == 0


@pytest.mark.parametrize("status", [S.PREPARING, S.GRADUATED, S.REVOKED])
def test_only_a_recognised_consortium_claims(people: Personas, status: str) -> None:
    consortium = ready_consortium(people, status=status)

    with pytest.raises(TransitionRefused) as refusal:
        _claim(people, consortium)

    reasons = [str(one) for one in refusal.value.reasons]
    assert reasons == ["The Seven Ones are claimed while the consortium is recognised."]
    assert SevenOnesItem.objects.count() == 0


@pytest.mark.parametrize("year", [YEAR - 2, YEAR + 1])
def test_only_this_year_and_the_last_one(people: Personas, year: int) -> None:
    with pytest.raises(TransitionRefused) as refusal:
        _claim(people, _operating(people), year=year)

    assert [str(one) for one in refusal.value.reasons] == ["Only this year and the last one can be claimed."]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"item": SevenOnes.FUND, "evidence": frozenset(), "narrative": ""}, "narrative"),
    ({"evidence": frozenset()}, "evidence"),
    ({"evidence": frozenset({"FUND:00000000-0000-0000-0000-000000000000"})}, "evidence"),
    ({"upload": SimpleUploadedFile("清单.pdf", pdf())}, "label"),
]


@pytest.mark.parametrize(("facts", "name"), WRONG, ids=["more than the registers", "no proof", "of others", "no label"])
def test_what_cannot_be_is_refused_at_its_field(people: Personas, facts: dict[str, Any], name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        _claim(people, _operating(people), **facts)

    assert (list(refusal.value.message_dict), SevenOnesItem.objects.count()) == ([name], 0)


def test_the_profile_itself_proves_the_sub_field(people: Personas) -> None:
    row = _claim(people, _operating(people), item=SevenOnes.SUB_FIELD, evidence=frozenset(), narrative="")

    assert (row.status, row.proposed) == (O.CLAIMED, P.BUILT)


def test_only_products_prove_products(people: Personas) -> None:
    consortium = _operating(people)
    patent, product = make_outcome(consortium), make_outcome(consortium, "PRODUCT", identifier="")

    row = _claim(people, consortium, item=SevenOnes.PRODUCTS, evidence=frozenset({f"OUTCOME:{product.pk}"}))

    assert [one.object_id for one in row.evidence.all()] == [product.pk]
    with pytest.raises(ValidationError):
        _claim(people, consortium, item=SevenOnes.PRODUCTS, evidence=frozenset({f"OUTCOME:{patent.pk}"}))


def test_a_claim_is_changed_and_what_is_not_named_any_more_goes(people: Personas) -> None:
    consortium, _judge = _operating(people), people.officer
    row = _claim(people, consortium, upload=SimpleUploadedFile("清单.pdf", pdf()), label="盖章清单")
    file = row.evidence.get(kind="FILE")

    _claim(people, consortium, P.IN_PROGRESS, evidence=frozenset({file.key}), at=NOON + timedelta(hours=1))

    row.refresh_from_db()
    assert (row.claimed, list(row.evidence.all())) == (P.IN_PROGRESS, [file])
    assert Notification.objects.filter(kind="consortia.seven_claimed").count() == 1


def test_the_same_file_is_attached_once(people: Personas) -> None:
    consortium = _operating(people)
    row = _claim(people, consortium, upload=SimpleUploadedFile("清单.pdf", pdf()), label="盖章清单")
    kept = frozenset(one.key for one in row.evidence.all())

    with pytest.raises(ValidationError) as refusal:
        _claim(people, consortium, evidence=kept, upload=SimpleUploadedFile("又.pdf", pdf()), label="又")

    assert list(refusal.value.message_dict) == ["upload"]


def test_two_colleagues_do_not_overwrite_each_other(people: Personas) -> None:
    consortium = _operating(people)
    seen = seen_of(SevenOnesItem(item=SevenOnes.TECHNOLOGIES, year=YEAR), SEEN)
    _claim(people, consortium, seen=seen)

    with pytest.raises(Stale):
        _claim(people, consortium, P.IN_PROGRESS, seen=seen)


# --- judging -----------------------------------------------------------------------------------
def test_the_bureau_verifies_and_the_lead_is_told(people: Personas) -> None:
    row = _claim(people, _operating(people))

    verify_seven(row=row, actor=people.officer, at=NOON, note=CHECKED)

    assert (row.status, row.verified, row.verified_by) == (O.VERIFIED, P.BUILT, people.officer)
    assert trail(row)[0].facts["evidence"][0]["label"] == str(row.consortium.technologies.first())
    told = Notification.objects.filter(kind="consortia.seven_verified")
    assert {one.recipient for one in told} == {people.lead}


def test_more_than_the_registers_say_is_verified_with_a_reason_only(people: Personas) -> None:
    row = _claim(people, _operating(people))
    SevenOnesItem.objects.filter(pk=row.pk).update(proposed=P.IN_PROGRESS)

    with pytest.raises(ValidationError) as refused:
        verify_seven(row=row, actor=people.officer, at=NOON, note=" ")

    assert list(refused.value.error_dict) == ["note"]
    row.refresh_from_db()
    assert row.status == O.CLAIMED


@pytest.mark.parametrize("who", ["lead", "rival", "head", "leader", "district_officer", "other_district_officer"])
def test_who_may_not_judge(people: Personas, who: str) -> None:
    row, actor = _claim(people, _operating(people)), getattr(people, who)

    with pytest.raises(PermissionDenied):
        verify_seven(row=row, actor=actor, at=NOON, note=CHECKED)
    with pytest.raises(PermissionDenied):
        return_seven(row=row, note="不实。", actor=actor, at=NOON)


def test_the_liaison_officer_judges_only_what_it_accompanies(people: Personas) -> None:
    row = _claim(people, _operating(people))
    stranger, officer = make_user("liaison2", "样例专员乙", Role.LIAISON), _liaison(row.consortium)

    with pytest.raises(PermissionDenied):
        verify_seven(row=row, actor=stranger, at=NOON, note=CHECKED)
    verify_seven(row=SevenOnesItem.objects.get(pk=row.pk), actor=officer, at=NOON, note=CHECKED)

    row.refresh_from_db()
    assert row.verified_by == officer


def test_nobody_judges_what_it_claimed(people: Personas) -> None:
    both = make_user("both", "样例两任", (Role.APPLICANT, people.lead_org), Role.OFFICER)
    row = _claim(people, _operating(people), actor=both)

    with pytest.raises(PermissionDenied):
        verify_seven(row=row, actor=both, at=NOON, note=CHECKED)
    with pytest.raises(PermissionDenied):
        return_seven(row=row, note="不实。", actor=both, at=NOON)


def test_it_is_sent_back_with_a_reason_and_claimed_again(people: Personas) -> None:
    consortium = _operating(people)
    row = _claim(people, consortium)
    with pytest.raises(ValidationError):
        return_seven(row=row, note=" ", actor=people.officer, at=NOON)

    return_seven(row=row, note="清单未盖章。", actor=people.officer, at=NOON)

    assert (row.status, row.reason, row.verified) == (O.RETURNED, "清单未盖章。", None)
    again = _claim(people, consortium)
    assert (again.status, again.reason) == (O.CLAIMED, "")


def test_what_is_verified_stands_while_a_further_claim_waits(people: Personas) -> None:
    consortium = _operating(people)
    row = _claim(people, consortium, P.IN_PROGRESS)
    verify_seven(row=row, actor=people.officer, at=NOON, note=CHECKED)

    _claim(people, consortium, P.BUILT)

    row.refresh_from_db()
    assert (row.status, row.claimed, row.verified) == (O.CLAIMED, P.BUILT, P.IN_PROGRESS)


def test_the_second_click_is_refused(people: Personas) -> None:
    row = _claim(people, _operating(people))
    verify_seven(row=row, actor=people.officer, at=NOON, note=CHECKED)

    with pytest.raises(TransitionRefused):
        verify_seven(row=row, actor=people.officer, at=NOON, note=CHECKED)
    with pytest.raises(TransitionRefused):
        return_seven(row=row, note="迟了。", actor=people.second_officer, at=NOON)


def test_what_changed_meanwhile_is_not_verified(people: Personas) -> None:
    consortium = _operating(people)
    row = _claim(people, consortium, P.IN_PROGRESS)
    seen = seen_of(row, SEEN)
    _claim(people, consortium, P.BUILT, at=NOON + timedelta(minutes=1))

    with pytest.raises(Stale):
        verify_seven(row=row, actor=people.officer, at=NOON, note=CHECKED, seen=seen)


@pytest.mark.django_db(transaction=True)
def test_two_judge_at_once_and_one_is_refused(people: Personas) -> None:
    row = _claim(people, _operating(people))
    one, other = people.officer, people.second_officer

    results = at_once(
        lambda: verify_seven(row=SevenOnesItem.objects.get(pk=row.pk), actor=one, at=NOON, note=CHECKED),
        lambda: return_seven(row=SevenOnesItem.objects.get(pk=row.pk), note="不实。", actor=other, at=NOON),
    )

    assert refusals(results) == 1
    assert len(trail(row)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_claim_the_first_time_at_once(people: Personas) -> None:
    consortium, _lead = _operating(people), people.lead
    seen = seen_of(SevenOnesItem(item=SevenOnes.TECHNOLOGIES, year=YEAR), SEEN)

    results = at_once(*[lambda: _claim(people, consortium, seen=seen)] * 2)

    assert (refusals(results), SevenOnesItem.objects.count()) == (1, 1)


# --- the year closes ---------------------------------------------------------------------------
def test_the_head_closes_a_year_that_is_over_once(people: Personas) -> None:
    row = _claim(people, _operating(people))
    verify_seven(row=row, actor=people.officer, at=NOON, note=CHECKED)

    with pytest.raises(TransitionRefused):
        close_seven(year=YEAR, actor=people.head, at=NOON)
    closed = close_seven(year=YEAR, actor=people.head, at=LATER)
    with pytest.raises(TransitionRefused):
        close_seven(year=YEAR, actor=people.head, at=LATER)

    assert (SevenOnesYear.objects.get(), closed.closed_by, len(trail(closed))) == (closed, people.head, 1)
    with pytest.raises(TransitionRefused) as refusal:
        _claim(people, row.consortium, at=LATER)
    assert [str(one) for one in refusal.value.reasons] == [f"The year {YEAR} is closed."]


def test_no_claim_is_left_waiting_in_a_closed_year(people: Personas) -> None:
    _claim(people, _operating(people))

    with pytest.raises(TransitionRefused):
        close_seven(year=YEAR, actor=people.head, at=LATER)

    assert SevenOnesYear.objects.count() == 0


@pytest.mark.parametrize("who", ["lead", "officer", "leader", "rival", "district_officer"])
def test_nobody_else_closes_a_year(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        close_seven(year=YEAR, actor=getattr(people, who), at=LATER)


@pytest.mark.django_db(transaction=True)
def test_a_claim_and_the_close_at_once_leave_nothing_waiting(people: Personas) -> None:
    consortium, head = _operating(people), people.head
    make_one(consortium, people.lead, item=SevenOnes.FUND, judge=people.officer)

    at_once(
        lambda: _claim(people, consortium, at=LATER),
        lambda: close_seven(year=YEAR, actor=head, at=LATER),
    )

    closed, waiting = SevenOnesYear.objects.exists(), SevenOnesItem.objects.waiting().exists()
    assert (closed, waiting) in {(True, False), (False, True)}


# --- what is read ------------------------------------------------------------------------------
def test_the_scorecard_of_a_year_takes_what_is_verified(people: Personas) -> None:
    consortium = _operating(people)
    make_one(consortium, people.lead, claimed=P.IN_PROGRESS, judge=people.officer)
    make_one(consortium, people.lead, item=SevenOnes.FUND, claimed=P.BUILT)

    facts = consortium_facts(consortium)
    cards = {year: scorecard_of(facts, year) for year in (YEAR, YEAR - 1)}

    found = {one.item: (one.progress, one.verified) for one in cards[YEAR].ones}
    assert (found[SevenOnes.TECHNOLOGIES], found[SevenOnes.FUND]) == ((P.IN_PROGRESS, True), (P.NONE, False))
    assert (cards[YEAR].verified, cards[YEAR - 1].verified) == (1, 0)
    assert scorecard_of({**facts, "seven_ones": []}, YEAR) == cards[YEAR - 1]


def test_the_public_reads_the_newest_verified_year_only(people: Personas) -> None:
    consortium = _operating(people)
    assert public_seven(consortium.pk) is None
    make_one(consortium, people.lead, year=YEAR - 1, judge=people.officer)
    make_one(consortium, people.lead, item=SevenOnes.FUND)

    found = public_seven(consortium.pk)

    assert found is not None
    assert (found[0], [(row.item, row.verified) for row in found[1]]) == (YEAR - 1, [("technologies", P.BUILT)])


def test_the_list_of_claims_leaves_out_ones_own(people: Personas) -> None:
    consortium = _operating(people)
    row = make_one(consortium, people.lead)
    make_one(consortium, people.lead, item=SevenOnes.FUND, judge=people.officer)

    everything = Consortium.objects.all()
    assert list(waiting_for(people.officer, everything)) == [row]
    assert list(waiting_for(people.lead, everything)) == []


def test_the_oldest_open_year_is_closed_first(people: Personas) -> None:
    consortium = _operating(people)
    for year in (YEAR - 2, YEAR - 1, YEAR):
        make_one(consortium, people.lead, year=year, judge=people.officer)

    assert year_to_close(YEAR) == YEAR - 2
    SevenOnesYear.objects.create(year=YEAR - 2, closed_by=people.head, closed_at=NOON)
    assert year_to_close(YEAR) == YEAR - 1
