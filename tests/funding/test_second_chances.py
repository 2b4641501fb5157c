"""Experts who have not answered: given more time, or asked once more after the invitation lapsed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from funding.enums import Action, Leaving, ReviewStatus, Standing
from funding.models import DrawEntry, Review, ReviewReminder
from funding.services.draws import draw_experts
from funding.services.invitations import (
    extend_answer,
    invite_again,
    lapse_invitations,
    remind_experts,
)
from funding.services.reviews import accept_review, decline_review
from members.models import User
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, HOUR, NOON
from tests.factories.funding import freeze, make_application, make_draw, make_review
from tests.personas import Personas
from tests.races import at_once, refusals

R = ReviewStatus
LAST = datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)
LATER = date(2026, 11, 30)
AFTER = LAST + HOUR
WHY = "样例：专家来电说明通知被误删。"
pytestmark = pytest.mark.usefixtures("english")


def asked(people: Personas, **facts: Any) -> Review:
    """One who has not answered."""
    application = freeze(make_application(people, "REVIEWING"))
    return make_review(application, people.experts[0], people, assigned_at=NOON, answer_by=LAST, **facts)


def lapsed(people: Personas) -> Review:
    review = asked(people)
    lapse_invitations(at=AFTER)
    review.refresh_from_db()
    return review


def extend(people: Personas, review: Review, **facts: Any) -> Review:
    given: dict[str, Any] = {"until": LATER, "note": WHY, "actor": people.acceptance, "at": NOON + DAY, **facts}
    return extend_answer(review=review, **given)


def again(people: Personas, review: Review, **facts: Any) -> Review:
    given: dict[str, Any] = {"until": LATER, "note": WHY, "actor": people.acceptance, "at": AFTER, **facts}
    return invite_again(review=review, **given)


# --- more time -----------------------------------------------------------------------------------
def test_the_desk_gives_more_time_and_the_expert_is_told(people: Personas) -> None:
    review = extend(people, asked(people))

    assert review.answer_by == datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
    [told] = Notification.objects.filter(recipient=review.expert.user)
    assert (told.kind, told.params["until"]) == ("funding.answer_extended", "2026-11-30")
    entry = trail(review)[0]
    assert (entry.action, entry.note, entry.facts["before"][:10]) == (Action.EXTEND_ANSWER, WHY, "2026-11-25")
    assert lapse_invitations(at=AFTER) == 0
    accept_review(review=review, actor=review.expert.user, at=AFTER)


def test_reminders_begin_anew(people: Personas) -> None:
    review = asked(people)
    remind_experts(at=NOON + 5 * DAY)
    extend(people, review, at=NOON + 5 * DAY)

    assert [remind_experts(at=NOON + n * DAY) for n in (5, 8, 9)] == [0, 1, 0]
    assert ReviewReminder.objects.count() == 1
    assert trail(review).filter(action=Action.REMIND_EXPERT).count() == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"note": " "}, "note"), ({"until": date(2026, 11, 25)}, "until"), ({"until": date(2026, 11, 19)}, "until"),
     ({"until": date(2027, 2, 1)}, "until")],
)  # fmt: skip
def test_a_day_that_lies_later_and_a_reason(people: Personas, facts: dict[str, Any], field: str) -> None:
    review = asked(people)

    with pytest.raises(ValidationError) as refused:
        extend(people, review, **facts)
    assert list(refused.value.message_dict) == [field]
    review.refresh_from_db()
    assert review.answer_by == LAST


def test_nothing_is_extended_that_was_answered_or_is_over(people: Personas) -> None:
    review = asked(people)

    with pytest.raises(TransitionRefused, match="any more"):
        extend(people, review, at=AFTER)
    accept_review(review=review, actor=review.expert.user, at=NOON)
    with pytest.raises(TransitionRefused, match="any more"):
        extend(people, review)


@pytest.mark.parametrize("name", ["officer", "head", "leader", "supervisor", "expert", "lead"])
def test_nobody_but_the_desk_gives_time_or_asks_again(people: Personas, name: str) -> None:
    review, actor = asked(people), getattr(people, name)

    with pytest.raises(PermissionDenied):
        extend(people, review, actor=actor)
    lapse_invitations(at=AFTER)
    with pytest.raises(PermissionDenied):
        again(people, review, actor=actor)


# --- once more -----------------------------------------------------------------------------------
def test_who_did_not_answer_is_asked_once_more(people: Personas) -> None:
    assert people.supervisor
    review = lapsed(people)
    assert (review.status, review.standing, review.standing.label) == (R.RECUSED, Standing.LAPSED, "Lapsed")

    again(people, review)

    review.refresh_from_db()
    assert (review.status, review.left_for, review.assigned_at, review.answer_by) == (
        R.ASSIGNED, "", AFTER, datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC),
    )  # fmt: skip
    assert trail(review)[0].note == WHY
    told = Notification.objects.filter(kind__startswith="funding.").values_list("kind", "recipient")
    assert ("funding.invited_again", review.expert.user_id) in told
    assert ("funding.expert_invited_again", people.supervisor.pk) in told
    with pytest.raises(TransitionRefused):
        again(people, review)
    assert lapse_invitations(at=AFTER + 10 * DAY) == 1


def test_who_declined_has_answered(people: Personas) -> None:
    review = asked(people)
    decline_review(review=review, ground=Leaving.NO_TIME, remark="", actor=review.expert.user, at=NOON)

    with pytest.raises(TransitionRefused, match="did not answer"):
        again(people, review)
    review.refresh_from_db()
    assert review.standing == Standing.DECLINED


def test_who_may_no_longer_review_is_not_asked(people: Personas) -> None:
    review = lapsed(people)
    User.objects.filter(pk=review.expert.user_id).update(is_active=False)

    with pytest.raises(TransitionRefused):
        again(people, review)
    review.refresh_from_db()
    assert review.status == R.RECUSED


def test_a_seat_that_the_line_of_the_draw_has_filled_is_taken(people: Personas) -> None:
    draw = make_draw(people, witnessed=True)
    draw_experts(draw=draw, randomness="02 07 11", actor=people.supervisor, at=NOON)
    lapse_invitations(at=AFTER)
    gone = Review.objects.filter(left_for=Leaving.LAPSED).select_related("application__call__rules")[0]
    DrawEntry.objects.filter(review=gone).update(replaced=True)

    with pytest.raises(TransitionRefused, match="Somebody else"):
        again(people, gone)


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_again_at_once_ask_once(people: Personas) -> None:
    review, desk = lapsed(people), people.acceptance

    results = at_once(*[lambda: again(people, review, actor=desk)] * 2)

    assert refusals(results) == 1
    assert trail(review).filter(action=Action.INVITE_AGAIN).count() == 1


# --- the pages -----------------------------------------------------------------------------------
def test_the_pages_of_the_desk(people: Personas, sign_in: Any) -> None:
    client, review = sign_in(people.acceptance), asked(people)
    Review.objects.update(assigned_at=NOON, answer_by=datetime.now(UTC) + timedelta(hours=30))
    place = review.application.get_absolute_url()
    more, once = (reverse(f"funding:review-{name}", args=[review.pk]) for name in ("extend-answer", "invite-again"))
    day = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()

    card, wrong = client.get(place).content.decode(), client.post(more, {"until": day, "note": ""})
    given = client.post(more, {"until": day, "note": WHY})
    Review.objects.update(status=R.RECUSED, left_for=Leaving.LAPSED)
    later, page = client.get(place).content.decode(), client.get(once)
    sent, twice = (client.post(once, {"until": day, "note": WHY}) for _ in range(2))

    assert (more in card, once in card, more in later, once in later) == (True, False, False, True)
    assert (wrong.status_code, given.status_code, page.status_code) == (200, 302, 200)
    assert (sent.status_code, twice.status_code) == (302, 409)
    review.refresh_from_db()
    assert review.status == R.ASSIGNED
