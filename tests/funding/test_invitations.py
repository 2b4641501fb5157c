"""Invitations of experts: answered by a date, declined, lapsed, reminded of; the seat is filled again."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import Action, ApplicationStatus, ExpertMode, Leaving, ReviewMode, ReviewStatus
from funding.models import Application, Consolidation, DrawEntry, Review, ReviewReminder
from funding.rules import drawing, inviting
from funding.rules.defaults import DEFAULT_RULES as RULES
from funding.selectors.proposals import next_best
from funding.selectors.reviews import progress
from funding.services.draws import call_substitute, draw_experts
from funding.services.experts import assign_experts, release_expert
from funding.services.invitations import fill_seats, lapse_invitations, remind_expert, remind_experts
from funding.services.reviews import accept_review, decline_review, recuse_review
from funding.tasks import chase_experts
from members.enums import ExpertKind
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, HOUR, NOON
from tests.factories.funding import freeze, make_application, make_call, make_draw, make_review
from tests.factories.members import make_expert
from tests.funding.steps import kinds, queries_of
from tests.personas import Personas
from tests.races import at_once, refusals

S, R, L = ApplicationStatus, ReviewStatus, Leaving
WHY = "熟悉该领域，且与各成员无关联。"
VALUE = "02 07 11 19 24 31 + 09"
LAST = datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)  # the end of the fifth working day in Shanghai
pytestmark = pytest.mark.usefixtures("english")


def invited(people: Personas) -> Application:
    """Three experts were asked at NOON."""
    experts, application = people.experts, freeze(make_application(people, S.CHECKED))
    assign_experts(application=application, experts=experts, actor=people.acceptance, at=NOON, note=WHY)
    application.refresh_from_db()
    return application


def first(application: Application) -> Review:
    return application.reviews.get(ordinal=1)


def decline(review: Review, ground: str = L.NO_TIME, remark: str = "", **facts: Any) -> Review:
    actor = facts.pop("actor", review.expert.user)
    return decline_review(review=review, ground=ground, remark=remark, actor=actor, at=facts.pop("at", NOON))


def accept(review: Review, at: datetime = NOON) -> Review:
    return accept_review(review=review, actor=review.expert.user, at=at)


# --- the date ------------------------------------------------------------------------------------
def test_an_invitation_is_to_be_answered_in_working_days(people: Personas) -> None:
    assert {review.answer_by for review in invited(people).reviews.all()} == {LAST}


def test_the_rules_of_the_call_say_how_long(people: Personas) -> None:
    experts, application = people.experts, freeze(make_application(people, S.CHECKED))
    rules = application.call.rules
    rules.data = {**RULES, "panel": {**RULES["panel"], "invitation": {"answer_working_days": 1}}}
    rules.save()
    assign_experts(application=application, experts=experts, actor=people.acceptance, at=NOON, note=WHY)

    assert first(application).answer_by == datetime(2026, 11, 19, 15, 59, 59, tzinfo=UTC)


def test_who_accepts_is_told_until_when_to_score(people: Personas) -> None:
    review = accept(first(invited(people)), LAST)

    assert (review.status, review.score_by) == (R.ACCEPTED, datetime(2026, 12, 9, 15, 59, 59, tzinfo=UTC))


def test_nobody_accepts_when_the_time_is_over(people: Personas) -> None:
    review = first(invited(people))

    with pytest.raises(TransitionRefused, match="time to answer"):
        accept(review, LAST + HOUR)
    recuse_review(review=review, actor=review.expert.user, conflict="样例：曾任顾问。", at=LAST + HOUR)
    assert (review.status, review.left_for) == (R.RECUSED, L.CONFLICT)


@pytest.mark.parametrize(
    ("today", "due"),
    [(date(2026, 11, 20), None), (date(2026, 11, 23), 2), (date(2026, 11, 24), 1), (date(2026, 11, 26), None)],
)
def test_of_several_reminders_the_latest_is_due(today: date, due: int | None) -> None:
    assert inviting.reminder_due(ends=date(2026, 11, 25), today=today, days=[2, 1]) == due


# --- declined ------------------------------------------------------------------------------------
def test_who_declines_says_why_and_the_desk_is_told(people: Personas) -> None:
    application = invited(people)
    review = decline(first(application), L.OTHER, " 样例：出差在外。 ")

    assert (review.status, review.left_for, review.left_note) == (R.RECUSED, L.OTHER, "样例：出差在外。")
    assert Notification.objects.filter(kind="funding.review_declined", recipient=people.acceptance).count() == 1
    assert trail(review)[0].action == Action.DECLINE_REVIEW
    assert (kinds(review.expert.user), progress(application).recused) == ([], 1)


def test_a_conflict_declined_is_a_conflict(people: Personas) -> None:
    review = decline(first(invited(people)), L.CONFLICT, "样例：曾任牵头企业顾问。")

    assert (review.left_for, review.conflict, trail(review)[0].action) == (
        L.CONFLICT, "样例：曾任牵头企业顾问。", Action.RECUSE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ground", "remark"), [("", ""), (L.LAPSED, ""), ("NONSENSE", ""), (L.OTHER, " "), (L.CONFLICT, "")]
)
def test_a_reason_is_one_of_the_list_and_told_where_needed(people: Personas, ground: str, remark: str) -> None:
    review = first(invited(people))

    with pytest.raises(ValidationError):
        decline(review, ground, remark)
    review.refresh_from_db()
    assert review.status == R.ASSIGNED


def test_nobody_declines_for_another_or_twice_or_after_accepting(people: Personas) -> None:
    application = invited(people)
    one, other = first(application), application.reviews.get(ordinal=2)

    with pytest.raises(PermissionDenied):
        decline(one, actor=other.expert.user)
    decline(one)
    accept(other)
    for review in (one, other):
        with pytest.raises(TransitionRefused):
            decline(review)


# --- nobody answers ------------------------------------------------------------------------------
def test_what_nobody_answers_lapses_once(people: Personas) -> None:
    application = invited(people)
    review = accept(first(application))

    found = [lapse_invitations(at=at) for at in (LAST, LAST + HOUR, LAST + HOUR)]

    rows = application.reviews.order_by("ordinal").values_list("status", "left_for")
    assert (found, list(rows)) == ([0, 2, 0], [(R.ACCEPTED, ""), (R.RECUSED, L.LAPSED), (R.RECUSED, L.LAPSED)])
    gone = application.reviews.get(ordinal=2)
    assert (kinds(gone.expert.user), trail(gone)[0].action, trail(gone)[0].actor) == (
        ["funding.invitation_lapsed"], Action.LAPSE_INVITATION, None,
    )  # fmt: skip
    assert Notification.objects.filter(kind="funding.invitation_unanswered", recipient=people.acceptance).count() == 2
    assert review.status == R.ACCEPTED


def test_invitations_without_a_date_or_out_of_review_stay(people: Personas) -> None:
    old = make_review(freeze(make_application(people, S.REVIEWING)), people.experts[0], people)
    application = invited(people)
    Application.everything.filter(pk=application.pk).update(status=S.WITHDRAWN)

    assert (lapse_invitations(at=LAST + 99 * DAY), Review.objects.get(pk=old.pk).status) == (0, R.ASSIGNED)


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_lapse_at_the_same_instant(people: Personas) -> None:
    """Both are asked about the first moment after the time: only one of them holds, and it is the lapse."""
    application = invited(people)
    Review.objects.exclude(ordinal=1).update(answer_by=None)
    review, expert = first(application), first(application).expert.user

    results = at_once(
        lambda: accept_review(review=Review.objects.get(pk=review.pk), actor=expert, at=LAST),
        lambda: lapse_invitations(at=LAST + HOUR),
    )

    review.refresh_from_db()
    accepted = review.status == R.ACCEPTED
    assert refusals(results) == (0 if accepted else 1)
    assert (review.declared_at is not None, review.left_for) == ((True, "") if accepted else (False, L.LAPSED))


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once(people: Personas) -> None:
    review = first(invited(people))
    expert = review.expert.user

    def row() -> Review:
        return Review.objects.get(pk=review.pk)

    results = at_once(
        lambda: accept_review(review=row(), actor=expert, at=NOON),
        lambda: decline_review(review=row(), ground=L.NO_TIME, remark="", actor=expert, at=NOON),
    )

    review.refresh_from_db()
    assert (refusals(results), review.status in {R.ACCEPTED, R.RECUSED}) == (1, True)
    assert [entry.action for entry in trail(review)] in ([Action.ACCEPT], [Action.DECLINE_REVIEW])


# --- the seat ------------------------------------------------------------------------------------
def drawn(people: Personas) -> Application:
    for number, kind in enumerate((ExpertKind.TECHNOLOGY, ExpertKind.FINANCE, ExpertKind.INVESTMENT)):
        make_expert(f"spare{number}", f"专家戊{number:02d}", kind=kind)
    draw = make_draw(people, witnessed=True)
    draw_experts(draw=draw, randomness=VALUE, actor=people.supervisor, at=NOON)
    return Application.objects.get(pk=draw.application_id)


def test_the_portal_calls_the_next_in_line_and_it_stays_on_record(people: Personas) -> None:
    application = drawn(people)
    gone = decline(first(application))

    found = [fill_seats(at=NOON), fill_seats(at=NOON)]

    entry = DrawEntry.objects.get(review=gone)
    called = application.reviews.get(ordinal=4)
    draw = entry.draw
    assert (found, entry.replaced, called.drawn_as.key) == ([1, 0], True, draw.calls[0]["called"])
    assert (called.answer_by, called.assigned_by, drawing.differences(draw.content)) == (LAST, draw.prepared_by, [])
    last = trail(application)[0]
    assert (last.action, last.actor, last.facts["expert"]) == (Action.FILL_SEAT, None, str(called.expert_id))


def test_the_rules_may_leave_the_call_to_the_desk(people: Personas) -> None:
    application = drawn(people)
    rules = application.call.rules
    rules.data = {**RULES, "panel": {**RULES["panel"], "invitation": {"substitutes": "desk"}}}
    rules.save()
    gone = decline(first(application))

    assert fill_seats(at=NOON) == 0
    assert call_substitute(review=gone, actor=people.acceptance, at=NOON).ordinal == 4


def test_whoever_is_bound_by_now_is_passed_over(people: Personas) -> None:
    application = drawn(people)
    gone = decline(first(application))
    for entry in DrawEntry.objects.filter(draw=gone.drawn_as.draw, review=None, reasons=""):
        entry.expert.employer = application.consortium.lead
        entry.expert.save()

    assert (fill_seats(at=NOON), application.reviews.count()) == (0, 3)


def test_who_had_handed_in_is_replaced_by_the_desk_alone(people: Personas) -> None:
    application = drawn(people)
    review = first(application)
    Review.objects.filter(pk=review.pk).update(status=R.RECUSED, submitted_at=NOON)

    assert fill_seats(at=NOON) == 0


@pytest.mark.django_db(transaction=True)
def test_portal_and_desk_fill_a_seat_once(people: Personas) -> None:
    application = drawn(people)
    gone, desk = decline(first(application)), people.acceptance

    results = at_once(
        lambda: fill_seats(at=NOON),
        lambda: call_substitute(review=Review.objects.get(pk=gone.pk), actor=desk, at=NOON),
    )

    assert (application.reviews.count(), results.count(0) + refusals(results)) == (4, 1)


def test_where_experts_are_invited_the_next_best_is_proposed_with_why(people: Personas) -> None:
    application = invited(people)
    spare = make_expert("spare", "专家戊01", kind=first(application).expert.kind)
    make_expert("rival", "专家戊02", kind=spare.kind, employer=application.consortium.lead)
    before = next_best(application, progress(application).reviews, NOON)
    decline(first(application))

    [found] = next_best(application, progress(application).reviews, NOON)

    assert (before, found.candidate.expert, found.load) == ([], spare, "0 to do; 0 of 10 this year")
    assert (found.fit.startswith("Judges"), fill_seats(at=NOON)) == (True, 0)


# --- reminders -----------------------------------------------------------------------------------
def test_the_rules_remind_once_of_answer_and_scores(people: Personas) -> None:
    application = invited(people)
    accept(first(application))

    found = [remind_experts(at=NOON + n * DAY) for n in (0, 1, 5, 5, 6, 9, 9, 13)]

    # two are asked two working days before, who accepted three and one before the end of the scoring
    assert found == [0, 0, 2, 0, 0, 1, 0, 1]
    assert kinds(first(application).expert.user) == ["funding.review_assigned", *["funding.scores_due"] * 2]
    [told] = Notification.objects.filter(kind="funding.answer_due", recipient=application.reviews.get(ordinal=2)
                                         .expert.user)  # fmt: skip
    assert told.params["until"] == "2026-11-25"


def test_the_desk_reminds_once_a_day(people: Personas) -> None:
    review = first(invited(people))
    remind_expert(review=review, actor=people.acceptance, at=NOON)

    with pytest.raises(TransitionRefused, match="today already"):
        remind_expert(review=review, actor=people.acceptance, at=NOON + HOUR)
    remind_expert(review=review, actor=people.acceptance, at=NOON + DAY)

    assert kinds(review.expert.user) == ["funding.answer_due"] * 2 + ["funding.review_assigned"]
    assert [entry.action for entry in trail(review)] == [Action.REMIND_EXPERT] * 2


@pytest.mark.parametrize("name", ["officer", "leader", "supervisor", "head", "expert", "lead"])
def test_nobody_but_the_desk_reminds(people: Personas, name: str) -> None:
    review = first(invited(people))

    with pytest.raises(PermissionDenied):
        remind_expert(review=review, actor=getattr(people, name), at=NOON)


def test_nobody_is_reminded_of_nothing(people: Personas) -> None:
    application = invited(people)
    gone, late = decline(first(application)), application.reviews.get(ordinal=2)

    with pytest.raises(TransitionRefused, match="Nothing is to be waited for"):
        remind_expert(review=gone, actor=people.acceptance, at=NOON)
    with pytest.raises(TransitionRefused, match="is over"):
        remind_expert(review=late, actor=people.acceptance, at=LAST + HOUR)


@pytest.mark.django_db(transaction=True)
def test_two_reminders_at_once_are_one(people: Personas) -> None:
    review, desk = first(invited(people)), people.acceptance

    results = at_once(*[lambda: remind_expert(review=review, actor=desk, at=NOON)] * 2)

    assert (refusals(results), ReviewReminder.objects.count()) == (1, 1)


def test_the_task_does_all_of_it(people: Personas) -> None:
    application = drawn(people)
    Review.objects.update(assigned_at=NOON - 40 * DAY, answer_by=NOON - 30 * DAY)

    chase_experts()  # by the clock of the database, which is past NOON

    assert application.reviews.filter(left_for=L.LAPSED).count() == 3
    assert application.reviews.filter(status=R.ASSIGNED).count() >= 1


# --- what the database keeps ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("answer_after_invitation", {"answer_by": NOON - DAY}),
        ("review_left_for_a_reason", {"left_for": L.NO_TIME}),
        ("review_left_for_a_reason", {"left_note": "样例"}),
        ("review_left_for_a_reason", {"status": R.RECUSED, "left_for": L.OTHER}),
    ],
)
def test_the_database_keeps_an_invitation_honest(people: Personas, name: str, facts: dict[str, Any]) -> None:
    review = first(invited(people))

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**facts)


def test_the_database_keeps_reminders_apart(people: Personas) -> None:
    review = first(invited(people))
    day = {"review": review, "about": "ANSWER", "on": date(2026, 11, 18), "at": NOON}
    for name, facts in (
        ("reminded_once_by_the_rules", {"days": 2}),
        ("reminded_by_hand_once_a_day", {"by": people.acceptance}),
    ):
        ReviewReminder.objects.create(**day, **facts)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ReviewReminder.objects.create(**day, **facts)
    with pytest.raises(IntegrityError, match="reminded_by_rule_or_by_hand"), transaction.atomic():
        ReviewReminder.objects.create(**day)


# --- the pages -----------------------------------------------------------------------------------
def test_an_expert_declines_on_its_page(people: Personas, sign_in: Any) -> None:
    review = first(invited(people))
    Review.objects.filter(pk=review.pk).update(answer_by=None)
    client, url = sign_in(review.expert.user), reverse("funding:review-decline", args=[review.pk])

    empty = client.post(url, {"ground": L.OTHER, "remark": ""})
    sent = client.post(url, {"ground": L.OTHER_FIELD, "remark": ""})

    review.refresh_from_db()
    assert (empty.status_code, sent.url, review.left_for) == (200, reverse("funding:review-list"), L.OTHER_FIELD)
    assert client.get(url).status_code == 404


def test_the_desk_sees_who_has_not_answered_and_reminds(people: Personas, sign_in: Any) -> None:
    application = invited(people)
    review = first(application)
    Review.objects.filter(pk=review.pk).update(answer_by=None)
    client = sign_in(people.acceptance)
    url = reverse("funding:review-remind", args=[review.pk])

    page = client.get(reverse("funding:invitation-list")).content.decode()
    card = client.get(application.get_absolute_url()).content.decode()
    sent, again = client.post(url), client.post(url)

    assert (url in page, url in card, sent.status_code, again.status_code) == (True, True, 302, 409)
    assert page.count('<a href="?tab=answers" aria-current="page">') == 1


OPENS = {"acceptance": 200, "supervisor": 200, "officer": 403, "expert": 403}


@pytest.mark.parametrize(("name", "code"), OPENS.items())
def test_who_opens_the_list(people: Personas, sign_in: Any, name: str, code: int) -> None:
    assert sign_in(getattr(people, name)).get(reverse("funding:invitation-list")).status_code == code


def test_the_list_costs_the_same_for_one_and_for_three(people: Personas, sign_in: Any) -> None:
    application = invited(people)
    application.reviews.exclude(ordinal=1).update(status=R.ACCEPTED, declared_at=NOON)
    client, url = sign_in(people.acceptance), reverse("funding:invitation-list")
    client.get(url)
    one = len(queries_of(client, url))
    application.reviews.update(status=R.ASSIGNED)

    assert (one, len(queries_of(client, url))) == (one, one)


def test_released_says_so(people: Personas) -> None:
    review = release_expert(review=first(invited(people)), actor=people.acceptance, note="样例：病假", at=NOON)

    assert (review.left_for, review.left_note) == (L.RELEASED, "样例：病假")


# --- who leads -----------------------------------------------------------------------------------
def test_the_rules_propose_another_lead_when_the_lead_leaves(people: Personas) -> None:
    experts = people.experts
    call = make_call(people, review_mode=ReviewMode.LEAD_REVIEWER, expert_mode=ExpertMode.INVITED)
    application = freeze(make_application(people, S.CHECKED, call=call))
    assign_experts(application=application, experts=experts, actor=people.acceptance, at=NOON, note=WHY)
    row = Consolidation.objects.get(application=application)
    lead = row.review
    decline(lead)

    row.refresh_from_db()
    assert (row.review == lead, row.review.status, row.named_by) == (False, R.ASSIGNED, None)
