"""A panel with a lead reviewer: it talks once all scores are locked, and is summed up before the grading."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import Action, ApplicationStatus, ReviewMode, ReviewStatus
from funding.models import Application, Consolidation, PanelMessage, Review
from funding.rules import scoring
from funding.rules.defaults import DEFAULT_RULES as RULES
from funding.rules.windows import Point
from funding.selectors.panels import is_consolidated, lead_review
from funding.selectors.windows import opened, point_of
from funding.services.disputes import ask_reopening, grant_reopening
from funding.services.leads import name_lead
from funding.services.panels import consolidate, discuss
from funding.services.reviews import declare_again
from funding.services.scores import Entry, hand_in_review
from funding.workflow import APPLICATION
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import freeze, make_application, make_call, make_review
from tests.funding.steps import kinds
from tests.personas import Personas

S = ApplicationStatus
R = ReviewStatus
pytestmark = pytest.mark.usefixtures("english")
OPINION = "样例综合意见：技术路线清晰，指标可测，建议支持并加强中试。"
WHY = "样例说明：分歧在于市场前景，其余各项意见一致，差异合理。"


def panel(people: Personas, *states: str, mode: str = ReviewMode.LEAD_REVIEWER, totals: Any = ()) -> list[Review]:
    call = make_call(people, review_mode=mode)
    application = freeze(make_application(people, S.REVIEWING, call=call))
    found = []
    for n, (expert, state) in enumerate(zip(people.experts, states or [R.SUBMITTED] * 3, strict=False)):
        facts = {"total": Decimal(totals[n])} if totals else {}
        found.append(make_review(application, expert, people, state, **facts))
    return found


def sum_up(
    review: Review, opinion: str = OPINION, explanation: str = "", *, finish: bool = True, actor: Any = None
) -> Any:
    return consolidate(
        review=review, opinion=opinion, explanation=explanation, finish=finish, actor=actor or review.expert.user,
        at=NOON,
    )  # fmt: skip


def say(review: Review, indicator: str = "T1", actor: Any = None) -> PanelMessage:
    text = "样例：这一项我看重可测性。"
    return discuss(review=review, indicator=indicator, text=text, actor=actor or review.expert.user, at=NOON)


# --- who leads -----------------------------------------------------------------------------------
def test_the_first_of_the_panel_leads_unless_another_is_named(people: Personas) -> None:
    first, second, _third = panel(people)
    application = first.application

    before = lead_review(application)
    name_lead(review=second, note=WHY, actor=people.acceptance, at=NOON)

    assert (before, lead_review(application), kinds(second.expert.user)) == (first, second, ["funding.named_lead"])


def test_another_is_named_on_its_page_for_a_reason(people: Personas, sign_in: Any) -> None:
    _first, second, _third = panel(people)
    client, place = sign_in(people.acceptance), reverse("funding:review-name-lead", args=[second.pk])

    empty, named = client.post(place, {"note": ""}), client.post(place, {"note": WHY})

    assert (empty.status_code, named.status_code) == (200, 302)
    assert lead_review(second.application) == second
    assert trail(second).get(action=Action.NAME_LEAD).note == WHY


def test_who_steps_back_leads_no_more(people: Personas) -> None:
    first, second, _third = panel(people, R.RECUSED, R.SUBMITTED, R.SUBMITTED)

    assert lead_review(first.application) == second


def test_an_ordinary_call_has_none(people: Personas) -> None:
    first, *_ = panel(people, mode=ReviewMode.ORDINARY)

    assert (lead_review(first.application), is_consolidated(first.application)) == (None, True)
    for act in (lambda: name_lead(review=first, note=WHY, actor=people.acceptance, at=NOON), lambda: say(first)):
        with pytest.raises(TransitionRefused):
            act()


@pytest.mark.parametrize("name", ["officer", "supervisor", "expert", "lead"])
def test_the_desk_names_it(people: Personas, name: str) -> None:
    first, *_ = panel(people)

    with pytest.raises(PermissionDenied):
        name_lead(review=first, note=WHY, actor=getattr(people, name), at=NOON)


# --- summing up ----------------------------------------------------------------------------------
def test_nothing_is_graded_before_the_lead_reviewer_has_summed_up(people: Personas) -> None:
    officer, (first, *_rest) = people.officer, panel(people)
    application = Application.everything.get(pk=first.application_id)

    before = APPLICATION.obstacles(application, Action.GRADE, NOON)
    sum_up(first)

    assert [str(reason) for reason in before] == ["The lead reviewer has not summed up yet."]
    silent = APPLICATION.obstacles(application, Action.GRADE, NOON)
    for review in application.reviews.all():
        declare_again(review=review, actor=review.expert.user, at=NOON)
    assert [str(reason) for reason in silent] == ["3 experts have not declared again after the panel met."]
    assert APPLICATION.obstacles(application, Action.GRADE, NOON) == []
    assert (point_of(application), kinds(officer)) == (Point.CONSOLIDATED, ["funding.reviews_complete"])


def test_a_draft_of_the_summary_is_kept(people: Personas) -> None:
    first, *_ = panel(people)

    sum_up(first, "样例", finish=False)

    assert (Consolidation.objects.get().opinion, is_consolidated(first.application)) == ("样例", False)


@pytest.mark.parametrize(
    ("totals", "opinion", "why", "reasons"),
    [
        (("86", "87", "88"), "短", "", 1),
        (("60", "87", "90"), OPINION, "", 1),
        (("60", "87", "90"), "短", "短", 2),
        (("60", "87", "90"), OPINION, WHY, 0),
        (("86", "87", "88"), OPINION, "", 0),
    ],
)
def test_where_experts_differ_widely_it_is_explained(
    people: Personas, totals: Any, opinion: str, why: str, reasons: int
) -> None:
    first, *_ = panel(people, totals=totals)
    if not reasons:
        assert sum_up(first, opinion, why).consolidated_at == NOON
        return
    with pytest.raises(TransitionRefused) as refused:
        sum_up(first, opinion, why)

    assert len(refused.value.reasons) == reasons
    assert not is_consolidated(first.application)


def test_only_the_lead_reviewer_sums_up_and_only_once(people: Personas) -> None:
    first, second, _third = panel(people)
    for actor in (second.expert.user, people.officer, people.supervisor):
        with pytest.raises(PermissionDenied):
            sum_up(second if actor == second.expert.user else first, actor=actor)
    sum_up(first)

    with pytest.raises(TransitionRefused):
        sum_up(first)


def test_before_everybody_has_handed_in_there_is_nothing_to_sum_up(people: Personas) -> None:
    first, *_ = panel(people, R.SUBMITTED, R.SUBMITTED, R.ACCEPTED)

    for act in (lambda: sum_up(first), lambda: say(first)):
        with pytest.raises(TransitionRefused, match="handed in"):
            act()
    assert not opened(first.application, first.expert.user).anything


def test_a_reopened_review_is_summed_up_anew(people: Personas) -> None:
    first, second, _third = panel(people)
    sum_up(first)
    row = ask_reopening(review=second, reason="样例", actor=people.officer, at=NOON)

    grant_reopening(reopening=row, actor=people.supervisor, at=NOON)

    assert (Consolidation.objects.get().consolidated_at, Consolidation.objects.get().opinion) == (None, OPINION)
    assert trail(first.application).filter(action=Action.UNDO_CONSOLIDATION).count() == 1


def test_the_last_hand_in_tells_the_lead_reviewer(people: Personas) -> None:
    officer, (first, _second, third) = people.officer, panel(people, R.SUBMITTED, R.SUBMITTED, R.ACCEPTED)
    entries = {one.code: Entry(one.maximum) for one in scoring.expert_indicators(RULES)}

    hand_in_review(review=third, actor=third.expert.user, entries=entries, opinion=OPINION, suggested_tier="A", at=NOON)

    assert (kinds(first.expert.user), kinds(officer)) == (["funding.to_consolidate"], [])


def test_the_database_keeps_no_empty_summary(people: Personas) -> None:
    first, *_ = panel(people)
    name_lead(review=first, note=WHY, actor=people.acceptance, at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        Consolidation.objects.update(consolidated_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        PanelMessage.objects.create(review=first, indicator="T1", text="", at=NOON)


# --- the pages -----------------------------------------------------------------------------------
def test_the_panel_sees_and_talks_under_blind_names(people: Personas, sign_in: Any) -> None:
    first, second, _third = panel(people, totals=("86", "87.25", "88"))
    client = sign_in(first.expert.user)

    sent = client.post(reverse("funding:review-discuss", args=[first.pk]), {"indicator": "T1", "text": "样例发言"})
    text = sign_in(second.expert.user).get(reverse("funding:review-panel", args=[second.pk])).content.decode()

    assert (sent.status_code, "87.25" in text, "样例发言" in text) == (302, True, True)
    assert [expert.user.name for expert in people.experts if expert != second.expert and expert.user.name in text] == []
    assert reverse("funding:review-consolidate", args=[second.pk]) not in text


def test_before_the_window_the_room_is_empty(people: Personas, sign_in: Any) -> None:
    first, *_ = panel(people, R.SUBMITTED, R.SUBMITTED, R.ACCEPTED, totals=("86.25", "87.25", "88"))

    text = sign_in(first.expert.user).get(reverse("funding:review-panel", args=[first.pk])).content.decode()

    assert [one for one in ("87.25", "86.25", "Discussion by criterion") if one in text] == []


def test_the_lead_reviewer_finishes_on_the_page(people: Personas, sign_in: Any) -> None:
    first, second, _third = panel(people)
    page = reverse("funding:review-consolidate", args=[first.pk])

    refused = sign_in(first.expert.user).post(page, {"opinion": "短", "finish": "1"})
    sent = sign_in(first.expert.user).post(page, {"opinion": OPINION, "finish": "1"})
    officer = sign_in(people.officer).get(reverse("funding:application-reviews", args=[first.application_id]))

    assert (refused.status_code, sent.status_code) == (409, 302)
    assert OPINION in officer.content.decode()
    assert sign_in(second.expert.user).get(page.replace(str(first.pk), str(second.pk))).status_code == 403


def test_the_applicant_reads_the_summary_only(people: Personas, sign_in: Any) -> None:
    first, *_ = panel(people)
    sum_up(first, explanation=WHY)
    Application.everything.filter(pk=first.application_id).update(status=S.NOT_APPROVED, told_at=NOON)

    text = sign_in(people.lead).get(first.application.get_absolute_url()).content.decode()

    assert (OPINION in text, first.opinion in text, WHY in text) == (True, False, False)


def test_the_room_of_another_does_not_exist(people: Personas, sign_in: Any) -> None:
    first, *_ = panel(people)
    for who in (people.experts[1].user, people.lead, people.rival):
        assert sign_in(who).get(reverse("funding:review-panel", args=[first.pk])).status_code == 404
