"""Computed facts that are disputed, and locked reviews that are scored again."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import Action, ApplicationStatus, DisputeStatus, ReopeningStatus, ReviewStatus
from funding.models import Application, FactDispute, Reopening, Review, ScoreChange
from funding.rules import scoring
from funding.rules.defaults import DEFAULT_RULES as RULES
from funding.selectors.boards import panels
from funding.selectors.reviews import assess, automatic_of
from funding.services.decisions import grade_application
from funding.services.disputes import (
    ask_reopening,
    dismiss_dispute,
    dispute_fact,
    grant_reopening,
    refuse_reopening,
    uphold_dispute,
)
from funding.services.scores import Entry, hand_in_review, save_scores
from members.enums import Role
from members.models import Expert
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import freeze, make_application, make_review
from tests.factories.members import give
from tests.funding.steps import kinds
from tests.personas import Personas
from tests.races import at_once

S = ApplicationStatus
R = ReviewStatus
pytestmark = pytest.mark.usefixtures("english")
OPINION = "技术路线清晰，团队配置合理，产业化前景明确，同意支持。"
EVIDENCE = "样例审计报告第12页"


def reviewing(people: Personas, *states: str) -> list[Review]:
    application = freeze(make_application(people, S.REVIEWING))
    return [make_review(application, e, people, state) for e, state in zip(people.experts, states, strict=False)]


def hand_in(review: Review, share: str = "0.8", **changes: str) -> Review:
    entries = {
        one.code: Entry((one.maximum * Decimal(share)).quantize(Decimal("0.1")))
        for one in scoring.expert_indicators(RULES)
    } | {code: Entry(Decimal(score)) for code, score in changes.items()}
    return hand_in_review(
        review=review, actor=review.expert.user, entries=entries, opinion=OPINION, suggested_tier="A", at=NOON
    )


def dispute(review: Review, indicator: str = "L1", actor: Any = None) -> FactDispute:
    grounds = "样例：牵头企业已入选百强榜。"
    return dispute_fact(review=review, indicator=indicator, grounds=grounds, actor=actor or review.expert.user, at=NOON)


def uphold(row: FactDispute, people: Personas, corrected: str = "6", actor: Any = None) -> FactDispute:
    return uphold_dispute(
        dispute=row, corrected=Decimal(corrected), evidence=EVIDENCE, answer="属实，已更正。",
        actor=actor or people.officer, at=NOON,
    )  # fmt: skip


def sums(review: Review) -> dict[str, int]:
    """What the stored scores of a review come to, dimension by dimension, in hundredths."""
    review.refresh_from_db()
    scores = dict(review.scores.values_list("indicator", "score"))
    found = {one.code: [scores.get(two.code) or 0 for two in one.indicators] for one in scoring.dimensions(RULES)}
    return {code: int(sum(some) * 100) for code, some in found.items()}


# --- disputes ----------------------------------------------------------------------------------
def test_a_dispute_tells_the_officer_and_holds_nobody_up(people: Personas) -> None:
    officer, [review] = people.officer, reviewing(people, R.ACCEPTED)

    row = dispute(review)
    hand_in(review)

    assert (row.status, row.computed, kinds(officer)) == (DisputeStatus.OPEN, Decimal(4), ["funding.fact_disputed"])
    assert review.scores.get(indicator="L1").score == Decimal(4)


def test_an_upheld_dispute_corrects_every_review_and_says_so(people: Personas) -> None:
    first, second, third = reviewing(people, R.ACCEPTED, R.ACCEPTED, R.ACCEPTED)
    hand_in(first)
    total = first.total
    row = dispute(second)

    uphold(row, people)
    hand_in(second)
    hand_in(third)

    first.refresh_from_db()
    assert total is not None
    assert first.total == total + 2
    assert first.parts == sums(first)
    assert {one.scores.get(indicator="L1").score for one in (first, second, third)} == {Decimal(6)}
    [change] = ScoreChange.objects.filter(indicator="L1")
    assert (change.review, change.old, change.new, change.by) == (first, Decimal(4), Decimal(6), people.officer)
    assert EVIDENCE in change.why
    assert automatic_of(first.application)["L1"] == Decimal(6)
    found = assess(Application.everything.get(pk=first.application_id))
    assert found is not None
    line = next(line for group in found.groups for line in group.lines if line.indicator.code == "L1")
    assert (line.evidence, line.scores) == (EVIDENCE, (Decimal(6),) * 3)
    assert kinds(second.expert.user) == ["funding.dispute_answered"]


def test_the_board_reads_the_same_whether_sums_were_stored_or_not(people: Personas) -> None:
    first, second, third = reviewing(people, R.ACCEPTED, R.ACCEPTED, R.ACCEPTED)
    for review, share in ((first, "0.8"), (second, "0.7"), (third, "0.95")):
        hand_in(review, share)
    call = first.application.call

    stored = panels(call, people.officer).cases
    Review.objects.filter(pk=second.pk).update(parts=None)
    mixed = panels(call, people.officer).cases

    terms = panels(call, people.officer).terms
    assert sorted(sheet.parts for sheet in stored[0].sheets) == sorted(
        tuple(sums(one)[code] for code in terms.dimensions) for one in (first, second, third)
    )
    assert mixed == stored


def test_parts_without_a_total_are_refused(people: Personas) -> None:
    [review] = reviewing(people, R.ACCEPTED)

    with pytest.raises(IntegrityError, match="parts_of_a_total"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(parts={"L": 1})


def test_a_dismissed_dispute_changes_nothing(people: Personas) -> None:
    [review] = reviewing(people, R.ACCEPTED)
    row = dispute(review)

    dismiss_dispute(dispute=row, answer="榜单年份不符。", actor=people.officer, at=NOON)

    assert (row.status, row.answer, automatic_of(review.application)["L1"]) == (
        DisputeStatus.DISMISSED, "榜单年份不符。", Decimal(4),
    )  # fmt: skip


@pytest.mark.parametrize("indicator", ["T1", "X9"])
def test_only_what_was_computed_is_disputed(people: Personas, indicator: str) -> None:
    [review] = reviewing(people, R.ACCEPTED)

    with pytest.raises(TransitionRefused):
        dispute(review, indicator)


def test_a_fact_is_disputed_once_at_a_time(people: Personas) -> None:
    [review] = reviewing(people, R.ACCEPTED)
    row = dispute(review)

    with pytest.raises(TransitionRefused, match="already"):
        dispute(review)
    uphold(row, people)
    assert dispute(review).computed == Decimal(6)


@pytest.mark.parametrize("corrected", ["6.1", "-0.1"])
def test_a_correction_stays_within_the_rubric(people: Personas, corrected: str) -> None:
    [review] = reviewing(people, R.ACCEPTED)

    with pytest.raises(TransitionRefused, match="between 0 and 6"):
        uphold(dispute(review), people, corrected)


def test_who_may_dispute_and_answer(people: Personas) -> None:
    review, other = reviewing(people, R.ACCEPTED, R.ACCEPTED)
    for actor in (other.expert.user, people.officer, people.lead):
        with pytest.raises(PermissionDenied):
            dispute(review, actor=actor)
    row = dispute(review)
    for actor in (review.expert.user, people.supervisor, people.leader, people.acceptance):
        with pytest.raises(PermissionDenied):
            uphold(row, people, actor=actor)


def test_an_officer_of_the_panel_answers_no_dispute(people: Personas) -> None:
    review, other = reviewing(people, R.ACCEPTED, R.ACCEPTED)
    officer = give(other.expert.user, Role.OFFICER)

    with pytest.raises(PermissionDenied):
        uphold(dispute(review), people, actor=getattr(officer, "user", other.expert.user))


def test_nothing_is_answered_twice(people: Personas) -> None:
    [review] = reviewing(people, R.ACCEPTED)
    row = dispute(review)
    uphold(row, people)

    with pytest.raises(TransitionRefused):
        uphold(row, people, "5")


def test_a_hand_in_and_a_correction_at_once_agree(transactional_db: None) -> None:
    people = Personas()
    first, second = reviewing(people, R.ACCEPTED, R.ACCEPTED)
    row, officer = dispute(second), people.officer

    at_once(lambda: hand_in(first), lambda: uphold(row, people, actor=officer))

    first.refresh_from_db()
    assert first.scores.get(indicator="L1").score == Decimal(6)
    assert first.total == scoring.total({one.indicator: one.score or Decimal() for one in first.scores.all()})


# --- reopening -----------------------------------------------------------------------------------
def ask(review: Review, people: Personas, actor: Any = None) -> Reopening:
    return ask_reopening(review=review, reason="样例：漏看附件三。", actor=actor or people.officer, at=NOON)


def test_two_people_reopen_a_review_and_the_earlier_scores_stay(people: Personas) -> None:
    [review] = reviewing(people, R.ACCEPTED)
    supervisor = people.supervisor
    hand_in(review)
    total = review.total

    row = ask(review, people)
    grant_reopening(reopening=row, actor=supervisor, at=NOON, answer="同意")
    review.refresh_from_db()

    assert kinds(supervisor) == ["funding.reopening_asked"]
    assert kinds(people.expert)[-1] == "funding.review_reopened"
    assert (review.status, review.total, review.parts, review.submitted_at) == (R.ACCEPTED, None, None, None)
    assert (row.status, row.before["total"], row.before["scores"]["T1"]) == (
        ReopeningStatus.GRANTED, str(total), "6.4",
    )  # fmt: skip
    save_scores(review=review, actor=people.expert, entries={"T1": Entry(Decimal(8))}, at=NOON)
    hand_in_review(review=review, actor=people.expert, entries={}, opinion=OPINION, suggested_tier="A", at=NOON)
    assert review.total == (total or 0) + Decimal("1.6")
    [change] = ScoreChange.objects.exclude(why="")
    assert (change.indicator, change.old, change.new, change.why) == (
        "T1", Decimal("6.4"), Decimal(8), "样例：漏看附件三。",
    )  # fmt: skip
    assert {Action.REOPEN, Action.HAND_IN} <= {entry.action for entry in trail(review)}


def test_a_refused_reopening_leaves_it_locked(people: Personas) -> None:
    [review] = reviewing(people, R.SUBMITTED)
    row = ask(review, people)

    refuse_reopening(reopening=row, actor=people.supervisor, at=NOON, answer="理由不足")

    review.refresh_from_db()
    assert (row.status, review.status, kinds(people.officer)[-1]) == (
        ReopeningStatus.REFUSED, R.SUBMITTED, "funding.reopening_refused",
    )  # fmt: skip


def test_who_may_ask_and_who_may_grant(people: Personas) -> None:
    [review] = reviewing(people, R.SUBMITTED)
    for actor in (people.expert, people.acceptance, people.leader, people.supervisor):
        with pytest.raises(PermissionDenied):
            ask(review, people, actor)
    row = ask(review, people)
    for actor in (people.officer, people.second_officer, people.head, people.leader, people.expert):
        with pytest.raises(PermissionDenied):
            grant_reopening(reopening=row, actor=actor, at=NOON)


def test_whoever_asks_does_not_grant(people: Personas) -> None:
    [review] = reviewing(people, R.SUBMITTED)
    both = people.supervisor
    give(both, Role.OFFICER)
    row = ask(review, people, type(both).objects.get(pk=both.pk))

    with pytest.raises(PermissionDenied):
        grant_reopening(reopening=row, actor=type(both).objects.get(pk=both.pk), at=NOON)


@pytest.mark.parametrize("state", [R.ASSIGNED, R.ACCEPTED, R.RECUSED])
def test_only_what_is_locked_is_reopened(people: Personas, state: str) -> None:
    [review] = reviewing(people, state)

    with pytest.raises(TransitionRefused):
        ask(review, people)


def test_the_supervisor_is_asked_once(people: Personas) -> None:
    [review] = reviewing(people, R.SUBMITTED)
    ask(review, people)

    with pytest.raises(TransitionRefused, match="already"):
        ask(review, people)


def test_after_the_grading_nothing_is_reopened(people: Personas) -> None:
    reviews = reviewing(people, R.SUBMITTED, R.SUBMITTED, R.SUBMITTED)
    row = ask(reviews[0], people)
    Application.everything.filter(pk=reviews[0].application_id).update(
        status=S.GRADED,
        score=Decimal("86.50"),
        graded_by=people.officer,
        graded_at=NOON,
        proposed_tier="A",
        proposed_amount=Decimal(1_500_000),
    )

    with pytest.raises(TransitionRefused, match="no longer under review"):
        grant_reopening(reopening=row, actor=people.supervisor, at=NOON)


def test_grading_and_reopening_at_once_never_both(transactional_db: None) -> None:
    people = Personas()
    reviews = reviewing(people, R.ACCEPTED, R.ACCEPTED, R.ACCEPTED)
    for review in reviews:
        hand_in(review, "0.9")
    row, officer, supervisor, application = (
        ask(reviews[0], people),
        people.officer,
        people.supervisor,
        reviews[0].application,
    )
    _leader = people.leader

    def grade() -> Any:
        return grade_application(
            application=application, actor=officer, tier="", amount=Decimal(), rationale="样例理由", at=NOON
        )

    at_once(grade, lambda: grant_reopening(reopening=row, actor=supervisor, at=NOON))

    graded = Application.everything.get(pk=application.pk).status == S.GRADED
    reopened = Review.everything.get(pk=reviews[0].pk).status == R.ACCEPTED
    assert graded != reopened


# --- the database --------------------------------------------------------------------------------
def test_the_database_refuses_half_a_dispute(people: Personas) -> None:
    [review] = reviewing(people, R.ACCEPTED)
    row = dispute(review)
    officer = people.officer
    answered = {"answer": "a", "answered_by": officer, "answered_at": NOON}

    for facts in (
        {"status": DisputeStatus.UPHELD, **answered, "corrected": Decimal(1), "evidence": ""},
        {"status": DisputeStatus.UPHELD, **answered, "evidence": "x"},
        {"status": DisputeStatus.DISMISSED, **answered, "corrected": Decimal(1), "evidence": "x"},
        {"status": DisputeStatus.DISMISSED},
        {"answered_by": officer},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactDispute.objects.filter(pk=row.pk).update(**facts)


def test_the_database_refuses_half_a_reopening(people: Personas) -> None:
    [review] = reviewing(people, R.SUBMITTED)
    row, supervisor = ask(review, people), people.supervisor
    granted = {"status": ReopeningStatus.GRANTED, "decided_at": NOON, "before": {"total": "1"}}

    for facts in (
        {**granted, "decided_by": people.officer},
        {**granted, "decided_by": supervisor, "before": {}},
        granted,
        {"decided_by": supervisor},
        {"reason": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reopening.objects.filter(pk=row.pk).update(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reopening.objects.create(review=review, reason="x", requested_by=people.officer, requested_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreChange.objects.create(review=review, indicator="T1", by=supervisor, at=NOON)


# --- the pages -----------------------------------------------------------------------------------
def test_an_expert_disputes_on_its_sheet_and_reads_the_answer(people: Personas, sign_in: Any) -> None:
    [review] = reviewing(people, R.ACCEPTED)
    client, page = sign_in(people.expert), reverse("funding:review-dispute", args=[review.pk, "L1"])

    opened = client.get(page)
    sent = client.post(page, {"grounds": "样例理由"})
    row = FactDispute.objects.get()
    uphold(row, people)

    assert (opened.status_code, sent.status_code, sent.url) == (200, 302, review.get_absolute_url())
    assert EVIDENCE in client.get(row.get_absolute_url()).content.decode()
    assert row.get_absolute_url() in client.get(review.get_absolute_url()).content.decode()
    assert client.get(reverse("funding:review-dispute", args=[review.pk, "T1"])).status_code == 404


def test_the_officer_answers_on_the_page_without_a_name(people: Personas, sign_in: Any) -> None:
    [review] = reviewing(people, R.ACCEPTED)
    row, client = dispute(review), sign_in(people.officer)

    text = client.get(row.get_absolute_url()).content.decode()
    answer = client.post(
        reverse("funding:dispute-uphold", args=[row.pk]), {"corrected": "5", "evidence": "e", "answer": "a"}
    )

    assert (review.expert.user.name in text, answer.status_code) == (False, 302)
    row.refresh_from_db()
    assert row.corrected == Decimal(5)


def test_reopening_by_the_pages(people: Personas, sign_in: Any) -> None:
    reviews = reviewing(people, R.SUBMITTED, R.SUBMITTED, R.SUBMITTED)
    officer, supervisor = sign_in(people.officer), sign_in(people.supervisor)
    place = reverse("funding:review-ask-reopening", args=[reviews[0].pk])
    compared = reverse("funding:application-reviews", args=[reviews[0].application_id])

    assert place in officer.get(compared).content.decode()
    assert officer.post(place, {"reason": "样例原因"}).status_code == 302
    row = Reopening.objects.get()
    assert reverse("funding:reopening-grant", args=[row.pk]) in supervisor.get(row.get_absolute_url()).content.decode()
    assert supervisor.post(reverse("funding:reopening-grant", args=[row.pk])).status_code == 302
    text = sign_in(people.expert).get(reviews[0].get_absolute_url()).content.decode()
    assert "样例原因" in text


@pytest.mark.parametrize(
    ("name", "code"), [("officer", 200), ("head", 200), ("supervisor", 200), ("leader", 404), ("rival", 404)]
)
def test_who_reads_a_reopening(people: Personas, sign_in: Any, name: str, code: int) -> None:
    [review] = reviewing(people, R.SUBMITTED)

    assert sign_in(getattr(people, name)).get(ask(review, people).get_absolute_url()).status_code == code


def test_experts_have_no_page_of_another_s_dispute(people: Personas, sign_in: Any) -> None:
    review, other = reviewing(people, R.ACCEPTED, R.ACCEPTED)

    assert sign_in(other.expert.user).get(dispute(review).get_absolute_url()).status_code == 404
    assert Expert.objects.count() >= 2
