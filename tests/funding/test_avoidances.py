"""Whom an applicant asks to keep from its review: named, judged, barred, and nowhere to be seen."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import ApplicationStatus
from funding.models import Application, Avoidance, AvoidanceKind
from funding.rules import redaction
from funding.selectors.draws import TIED
from funding.selectors.draws import pool as pool_of_draw
from funding.selectors.experts import candidates, eligible
from funding.selectors.separation import duties_of
from funding.selectors.snapshots import compose
from funding.services.avoidances import judge_avoided, name_avoided, remove_avoided
from funding.services.experts import assign_experts
from funding.services.recommendations import return_application
from members.enums import Role
from members.models import Expert
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application, make_review
from tests.factories.members import make_expert, make_organisation
from tests.funding.steps import submit
from tests.personas import Personas

S = ApplicationStatus
REASON = "样例：与该专家有未结诉讼。"
AVOIDED = "Is to be avoided at the request of the applicant, as an officer agreed"
pytestmark = pytest.mark.usefixtures("english")


def name(application: Application, people: Personas, who: str, **facts: Any) -> Avoidance:
    given: dict[str, Any] = {"kind": AvoidanceKind.PERSON, "reason": REASON, "actor": people.lead, **facts}
    return name_avoided(application=application, at=NOON, name=who, **given)


def named(application: Application, people: Personas, who: str, **facts: Any) -> Avoidance:
    return Avoidance.objects.create(application=application, name=who, reason=REASON, named_by=people.lead, **facts)


def judge(row: Avoidance, people: Personas, *, accepted: bool = True, **facts: Any) -> Avoidance:
    given: dict[str, Any] = {"actor": people.officer, "judgement": "样例：情况属实。", **facts}
    return judge_avoided(avoidance=row, at=NOON, accepted=accepted, **given)


def reasons(application: Application, expert: Expert) -> list[str]:
    found = next(one for one in candidates(application, NOON) if one.expert == expert)
    return [str(reason) for reason in found.reasons]


# --- naming --------------------------------------------------------------------------------------
def test_the_list_is_frozen_with_the_application_and_stands_from_then_on(people: Personas) -> None:
    application = make_application(people, consortium=ready_consortium(people))
    assert "avoid" not in compose(application)
    row = name(application, people, " 样例  专家 ")

    submit(application, people)

    assert application.snapshot["avoid"] == [{"kind": "PERSON", "name": "样例 专家", "reason": REASON}]
    with pytest.raises(TransitionRefused):
        name(application, people, "另一专家")
    with pytest.raises(TransitionRefused):
        remove_avoided(avoidance=row, actor=people.lead, at=NOON)
    return_application(application=application, actor=people.district_officer, at=NOON, note="样例。", parts=["files"])
    with pytest.raises(TransitionRefused):
        remove_avoided(avoidance=row, actor=people.lead, at=NOON)


def test_three_names_are_the_most(people: Personas) -> None:
    application = make_application(people)
    rows = [name(application, people, f"样例专家{number}") for number in range(3)]
    with pytest.raises(TransitionRefused, match="At most 3"):
        name(application, people, "样例专家9")

    remove_avoided(avoidance=rows[0], actor=people.lead, at=NOON)
    name(application, people, "样例专家9")

    with pytest.raises(TransitionRefused):
        remove_avoided(avoidance=rows[0], actor=people.lead, at=NOON)


@pytest.mark.parametrize(("who", "why"), [("", REASON), ("样例专家", " "), ("样例专家0", REASON)])
def test_a_name_needs_its_reason_and_stands_once(people: Personas, who: str, why: str) -> None:
    application = make_application(people)
    name(application, people, "样例专家0")
    with pytest.raises(ValidationError):
        name(application, people, who, reason=why)


def test_the_lead_alone_names(people: Personas) -> None:
    application = make_application(people)
    for stranger in (people.supplier_confirmer, people.officer, people.expert):
        with pytest.raises(PermissionDenied):
            name(application, people, "样例专家", actor=stranger)


def test_what_was_judged_stays_through_a_return(people: Personas) -> None:
    application = make_application(people, S.RETURNED)
    row = named(application, people, "样例专家")
    Avoidance.objects.update(accepted=True, judged_by=people.officer, judged_at=NOON, judgement="样例")
    with pytest.raises(TransitionRefused, match="it stays"):
        remove_avoided(avoidance=row, actor=people.lead, at=NOON)


# --- judging -------------------------------------------------------------------------------------
def test_an_officer_judges_once_and_gives_a_reason(people: Personas) -> None:
    application = make_application(people, S.CHECKED)
    row = named(application, people, "样例专家")
    with pytest.raises(ValidationError):
        judge(row, people, judgement=" ")

    judge(row, people)

    row.refresh_from_db()
    assert (row.accepted, row.judged_by, row.judged_at) == (True, people.officer, NOON)
    with pytest.raises(TransitionRefused):
        judge(row, people, accepted=False)


def test_who_judges_is_not_who_draws(people: Personas) -> None:
    application = make_application(people, S.CHECKED)
    row = named(application, people, "样例专家")
    for other in (people.acceptance, people.lead, people.expert, people.supervisor):
        with pytest.raises(PermissionDenied):
            judge(row, people, actor=other)

    judge(row, people)

    assert "CASE_OFFICER" in duties_of(people.officer, application)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.REVIEWING])
def test_it_is_judged_between_submission_and_review(people: Personas, status: str) -> None:
    row = named(make_application(people, status), people, "样例专家")
    with pytest.raises(TransitionRefused):
        judge(row, people)


def test_the_database_keeps_names_whole(people: Personas) -> None:
    application = make_application(people)
    row = named(application, people, "样例专家")
    rows = Avoidance.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError, match="avoidance_has_a_reason"), transaction.atomic():
        rows.update(reason="")
    with pytest.raises(IntegrityError, match="avoidance_judged_with_a_reason"), transaction.atomic():
        rows.update(accepted=True, judged_by=people.officer, judged_at=NOON)
    with pytest.raises(IntegrityError, match="avoidance_named_once"), transaction.atomic():
        named(application, people, "样例专家")


# --- the bar -------------------------------------------------------------------------------------
def test_an_accepted_name_bars_and_a_refused_one_does_not(people: Personas) -> None:
    application, expert = make_application(people, S.CHECKED), make_expert("avoided", "专家丙01")
    row = named(application, people, "专家丙 01")
    assert reasons(application, expert) == []
    drawn = next(one for one in pool_of_draw(application, NOON) if one.expert == expert)
    assert TIED in drawn.reasons  # not decided: never drawn

    judge(row, people)

    assert reasons(application, expert) == [AVOIDED]
    assert expert.pk not in eligible(application, NOON)
    with pytest.raises(TransitionRefused):
        assign_experts(
            application=application,
            experts=[expert, *people.experts][:3],
            actor=people.acceptance,
            at=NOON,
            note="样例",
        )

    Avoidance.objects.update(accepted=False)
    assert expert.pk in eligible(application, NOON)


def test_an_organisation_bars_those_who_work_there(people: Personas) -> None:
    application, place = make_application(people, S.CHECKED), make_organisation("样例竞争企业")
    inside, outside = make_expert("inside", "专家丙01", employer=place), make_expert("outside", "专家丙02")
    judge(named(application, people, "样例竞争企业", kind=AvoidanceKind.ORGANISATION), people)

    assert (reasons(application, inside), reasons(application, outside)) == ([AVOIDED], [])


# --- the pages -----------------------------------------------------------------------------------
def test_the_lead_names_on_its_page(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    page = reverse("funding:application-avoid", args=[application.pk])
    client.post(page, {"kind": "PERSON", "name": "样例专家", "reason": REASON})
    row = application.avoidances.get()

    assert "样例专家" in client.get(page).content.decode()
    assert sign_in(people.supplier_confirmer).get(page).status_code == 403
    assert sign_in(people.rival).get(page).status_code == 404
    sign_in(people.lead).post(reverse("funding:avoidance-remove", args=[application.pk, row.pk]))
    assert not application.avoidances.exists()


def test_the_officer_judges_on_the_page(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.CHECKED)
    row, client = named(application, people, "样例专家"), sign_in(people.officer)
    page = reverse("funding:avoidance-judge", args=[application.pk, row.pk])
    assert page in client.get(application.get_absolute_url()).content.decode()

    client.post(page, {"accepted": "no", "judgement": "样例：理由不足。"})

    row.refresh_from_db()
    assert (row.accepted, row.judgement) == (False, "样例：理由不足。")
    assert client.post(page, {"accepted": "yes", "judgement": "样例"}).status_code == 409
    shown = sign_in(people.acceptance).get(application.get_absolute_url()).content.decode()
    assert "样例：理由不足。" in shown


def test_the_lead_reads_its_own_list_after_submission(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.REVIEWING)
    named(
        application, people, "样例某某", accepted=False, judged_by=people.officer, judged_at=NOON, judgement="理由不足"
    )

    page = sign_in(people.lead).get(application.get_absolute_url()).content.decode()
    member = sign_in(people.supplier_confirmer).get(application.get_absolute_url()).content.decode()

    assert "样例某某" in page
    assert REASON in page
    assert "理由不足" not in page
    assert "样例某某" not in member


def test_neither_experts_nor_members_find_a_trace(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.REVIEWING)
    named(application, people, "样例某某", accepted=True, judged_by=people.officer, judged_at=NOON, judgement="样例")
    application.snapshot = {**application.snapshot, "avoid": [{"kind": "PERSON", "name": "样例某某", "reason": REASON}]}
    application.save(update_fields=["snapshot"])
    review = make_review(application, people.experts[0], people, "ACCEPTED")
    assert people.expert.holds_any({Role.EXPERT})

    seen = sign_in(people.experts[0].user).get(review.get_absolute_url())
    own = sign_in(people.supplier_confirmer).get(application.get_absolute_url())

    assert (seen.status_code, own.status_code) == (200, 200)
    for answer in (seen, own):
        assert "样例某某" not in answer.content.decode()
    assert "avoid" not in redaction.redact(application.snapshot, {"blind": []})
