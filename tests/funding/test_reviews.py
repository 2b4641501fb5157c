"""What experts do: declare, score, hand in; and what the panel comes to."""

from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from funding.enums import Action, ApplicationStatus, ReviewStatus
from funding.models import Review, ReviewScore
from funding.rules import scoring
from funding.rules.defaults import DEFAULT_RULES as RULES
from funding.selectors.reviews import assess, progress, sheet
from funding.services.reviews import accept_review, recuse_review
from funding.services.scores import Entry, hand_in_review, save_scores
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import freeze, make_application, make_review
from tests.factories.members import make_expert
from tests.personas import Personas

S = ApplicationStatus
R = ReviewStatus
OPINION = "技术路线清晰，团队配置合理，产业化前景明确，同意支持。"
pytestmark = pytest.mark.usefixtures("english")


def reviewing(people: Personas, *states: Any) -> Any:
    """An application under review by one expert for each state, with its real snapshot."""
    application = freeze(make_application(people, S.REVIEWING))
    pool = [*people.experts, *(make_expert(f"extra{n}", f"专家戊{n:02d}") for n in range(len(states) - 3))]
    return application, [
        make_review(application, expert, people, state) for expert, state in zip(pool, states, strict=False)
    ]


def full(share: Any = "0.8", **changes: Any) -> Any:
    """A score for every expert indicator."""
    entries = {
        one.code: Entry((one.maximum * Decimal(share)).quantize(Decimal("0.1")), "")
        for one in scoring.expert_indicators(RULES)
    }
    return {**entries, **changes}


def hand_in(review: Any, actor: Any = None, entries: Any = None, **facts: Any) -> Any:
    facts = {"opinion": OPINION, "suggested_tier": "A", **facts}
    return hand_in_review(review=review, actor=actor or review.expert.user, entries=entries or full(), at=NOON, **facts)


def save(review: Any, entries: Any, actor: Any = None, opinion: Any = "", suggested_tier: Any = "") -> Any:
    return save_scores(
        review=review, actor=actor or review.expert.user, entries=entries, opinion=opinion,
        suggested_tier=suggested_tier, at=NOON,
    )  # fmt: skip


# --- declaring ---------------------------------------------------------------------------------
def test_the_declaration_opens_the_content(people: Personas) -> None:
    _application, [review] = reviewing(people, R.ASSIGNED)

    accept_review(review=review, actor=people.expert, at=NOON)

    assert (review.status, review.declared_at, review.has_declared) == (R.ACCEPTED, NOON, True)
    assert trail(review).get().facts["declared"] == ["no_conflict", "confidentiality", "integrity"]


@pytest.mark.parametrize("name", ["officer", "acceptance", "leader", "supervisor", "lead", "system_admin"])
def test_nobody_declares_for_an_expert(people: Personas, name: Any) -> None:
    _application, [review] = reviewing(people, R.ASSIGNED)

    with pytest.raises(PermissionDenied):
        accept_review(review=review, actor=getattr(people, name), at=NOON)


def test_another_expert_declares_its_own_reviews_only(people: Personas) -> None:
    _application, [review] = reviewing(people, R.ASSIGNED)

    with pytest.raises(PermissionDenied):
        accept_review(review=review, actor=people.experts[1].user, at=NOON)


@pytest.mark.parametrize("state", [R.ASSIGNED, R.ACCEPTED])
def test_a_conflict_closes_the_content_and_tells_the_desk(people: Personas, state: Any) -> None:
    _application, [review] = reviewing(people, state)
    desk = people.acceptance

    recuse_review(review=review, actor=people.expert, conflict="曾任该单位顾问。", at=NOON)

    assert (review.status, review.conflict, review.has_declared) == (R.RECUSED, "曾任该单位顾问。", False)
    assert list(Notification.objects.values_list("recipient", "kind")) == [(desk.pk, "funding.review_recused")]


def test_after_the_hand_in_nobody_steps_back(people: Personas) -> None:
    _application, [review] = reviewing(people, R.SUBMITTED)

    with pytest.raises(TransitionRefused):
        recuse_review(review=review, actor=people.expert, conflict="", at=NOON)


def test_the_declaration_counts_once(people: Personas) -> None:
    _application, [review] = reviewing(people, R.ACCEPTED)

    with pytest.raises(TransitionRefused):
        accept_review(review=review, actor=people.expert, at=NOON)


# --- saving ------------------------------------------------------------------------------------
def test_a_draft_may_have_gaps_and_keeps_comments_without_a_score(people: Personas) -> None:
    _application, [review] = reviewing(people, R.ACCEPTED)

    save(review, {"T1": Entry(Decimal("6.5"), "目标可测"), "T2": Entry(None, "待补充")}, opinion="初步")

    assert list(review.scores.values_list("indicator", "score", "comment")) == [
        ("T1", Decimal("6.5"), "目标可测"),
        ("T2", None, "待补充"),
    ]
    assert (review.status, review.opinion, review.total) == (R.ACCEPTED, "初步", None)


def test_a_draft_is_overwritten_not_doubled(people: Personas) -> None:
    _application, [review] = reviewing(people, R.ACCEPTED)

    save(review, {"T1": Entry(Decimal(3))})
    save(review, {"T1": Entry(Decimal(5))})

    assert list(review.scores.values_list("indicator", "score")) == [("T1", Decimal(5))]


@pytest.mark.parametrize(
    ("code", "score"), [("T1", "8.1"), ("T1", "-0.1"), ("T1", "100"), ("T1", "1.25"), ("L1", "3"), ("X1", "1")]
)
def test_a_score_out_of_bounds_is_refused(people: Personas, code: Any, score: Any) -> None:
    _application, [review] = reviewing(people, R.ACCEPTED)

    with pytest.raises(TransitionRefused, match="Out of bounds"):
        save(review, {code: Entry(Decimal(score))})
    assert ReviewScore.objects.count() == 0


@pytest.mark.parametrize("score", ["0", "8"])
def test_the_bounds_themselves_are_taken(people: Personas, score: Any) -> None:
    _application, [review] = reviewing(people, R.ACCEPTED)

    save(review, {"T1": Entry(Decimal(score))})

    assert review.scores.get().score == Decimal(score)


def test_before_the_declaration_nothing_is_scored(people: Personas) -> None:
    _application, [review] = reviewing(people, R.ASSIGNED)

    with pytest.raises(PermissionDenied):
        save(review, full())
    with pytest.raises(PermissionDenied):
        hand_in(review)


def test_nobody_scores_for_another(people: Personas) -> None:
    _application, [review, _other] = reviewing(people, R.ACCEPTED, R.ACCEPTED)

    for actor in (people.experts[1].user, people.officer, people.leader):
        with pytest.raises(PermissionDenied):
            save(review, full(), actor=actor)


# --- handing in --------------------------------------------------------------------------------
def test_the_total_is_the_sum_of_automatic_and_own_scores(people: Personas) -> None:
    application, [review] = reviewing(people, R.ACCEPTED)
    automatic = sum(group.automatic_total for group in sheet(application))

    hand_in(review)

    own = sum(entry.score for entry in full().values())
    assert (review.status, review.total, review.submitted_at) == (R.SUBMITTED, automatic + own, NOON)
    assert review.total == sum(review.scores.values_list("score", flat=True))
    assert review.scores.count() == 20


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"entries": {"T1": Entry(Decimal(8))}}, "Not scored yet"),
        ({"entries": full(T1=Entry(None, "?"))}, "Not scored yet: 关键技术清单质量"),
        ({"opinion": "好。"}, "at least 20"),
        ({"opinion": " " * 30}, "at least 20"),
        ({"suggested_tier": ""}, "tier must be suggested"),
        ({"suggested_tier": "Z"}, "tier must be suggested"),
    ],
)
def test_an_incomplete_review_is_not_handed_in(people: Personas, change: Any, reason: Any) -> None:
    _application, [review] = reviewing(people, R.ACCEPTED)

    with pytest.raises(TransitionRefused) as refused:
        hand_in(review, **change)

    review.refresh_from_db()
    assert (review.status, review.total) == (R.ACCEPTED, None)
    assert len(refused.value.reasons) == 1
    assert reason.split(":")[0] in refused.value.reasons[0]


def test_what_is_handed_in_is_closed(people: Personas) -> None:
    _application, [review] = reviewing(people, R.ACCEPTED)
    hand_in(review)

    with pytest.raises(TransitionRefused):
        hand_in(review, entries=full("0.1"))
    with pytest.raises(TransitionRefused):
        save(review, {"T1": Entry(Decimal(1))})
    assert review.scores.get(indicator="T1").score == Decimal("6.4")


def test_the_last_expert_tells_the_officer_the_others_do_not(people: Personas) -> None:
    officer = people.officer
    _application, reviews = reviewing(people, R.ACCEPTED, R.ACCEPTED, R.ACCEPTED)

    for review in reviews:
        assert Notification.objects.count() == 0
        hand_in(review)

    assert list(Notification.objects.values_list("recipient", "kind")) == [(officer.pk, "funding.reviews_complete")]


def test_once_the_application_is_graded_nothing_is_handed_in(people: Personas) -> None:
    application = make_application(people, S.GRADED)
    review = make_review(application, people.experts[0], people, R.ACCEPTED)

    with pytest.raises(TransitionRefused, match="no longer under review"):
        hand_in(review)


# --- the panel ---------------------------------------------------------------------------------
def test_nothing_is_assessed_while_an_expert_is_scoring(people: Personas) -> None:
    application, _reviews = reviewing(people, R.SUBMITTED, R.SUBMITTED, R.SUBMITTED, R.ACCEPTED)

    assert (progress(application).done, progress(application).is_complete, assess(application)) == (3, False, None)


def test_too_few_reviews_are_no_panel(people: Personas) -> None:
    application, _reviews = reviewing(people, R.SUBMITTED, R.SUBMITTED, R.RECUSED)

    assert assess(application) is None


def test_who_stepped_back_does_not_hold_up_the_panel(people: Personas) -> None:
    application, _reviews = reviewing(people, R.SUBMITTED, R.SUBMITTED, R.SUBMITTED, R.RECUSED)

    assert (progress(application).is_complete, assess(application).panel.count) == (True, 3)


def test_the_assessment_adds_up_scores_gates_and_proposal(people: Personas) -> None:
    application, reviews = reviewing(people, R.ACCEPTED, R.ACCEPTED, R.ACCEPTED)
    for review, share in zip(reviews, ("0.9", "0.95", "1"), strict=True):
        hand_in(review, entries=full(share))

    found = assess(application)

    totals = [review.total for review in reviews]
    assert found.panel.mean == scoring.panel_mean(totals, 5)
    assert found.standing.tasks == Decimal("19.00")
    assert (found.standing.agreement, found.standing.technologies, found.standing.capital) == (True, 3, False)
    assert [line.scores for group in found.groups for line in group.lines if line.indicator.code == "T1"] == [
        (Decimal("7.2"), Decimal("7.6"), Decimal("8.0"))
    ]


# --- the database --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "facts",
    [
        {"status": R.SUBMITTED, "declared_at": NOON, "total": None, "submitted_at": NOON, "suggested_tier": "A"},
        {"status": R.SUBMITTED, "declared_at": NOON, "total": Decimal(80), "submitted_at": NOON, "suggested_tier": ""},
        {"status": R.SUBMITTED, "declared_at": None, "total": Decimal(80), "submitted_at": NOON, "suggested_tier": "A"},
        {"status": R.ACCEPTED, "declared_at": None},
        {"total": Decimal("100.01")},
        {"total": Decimal("-0.01")},
    ],
)
def test_the_database_refuses_a_half_review(people: Personas, facts: Any) -> None:
    _application, [review] = reviewing(people, R.ASSIGNED)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**facts)


def test_the_database_refuses_doubles(people: Personas) -> None:
    application, [review] = reviewing(people, R.ACCEPTED)
    save(review, {"T1": Entry(Decimal(1))})

    for double in (
        lambda: ReviewScore.objects.create(review=review, indicator="T1", score=Decimal(2)),
        lambda: make_review(application, review.expert, people),
        lambda: ReviewScore.objects.create(review=review, indicator="T2", score=Decimal(-1)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            double()


# --- races -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_last_experts_at_once_complete_the_panel_exactly_once() -> None:
    people = Personas()
    officer = people.officer
    _application, reviews = reviewing(people, R.ACCEPTED, R.ACCEPTED, R.SUBMITTED)
    start = Barrier(2)

    def finish(review: Any) -> None:
        start.wait()
        hand_in(review)
        connection.close()

    threads = [Thread(target=finish, args=[review]) for review in reviews[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(Review.objects.values_list("status", flat=True)) == {R.SUBMITTED}
    assert list(Notification.objects.values_list("recipient", "kind")) == [(officer.pk, "funding.reviews_complete")]


def test_every_save_stands_in_the_trail_without_a_score(people: Personas) -> None:
    _application, [review] = reviewing(people, R.ACCEPTED)

    save(review, {"T1": Entry(Decimal(7), "保密")})

    entry = trail(review).get(action=Action.SAVE_SCORES)
    assert (entry.facts, entry.note) == ({"scores": 1, "version": 1}, "")
