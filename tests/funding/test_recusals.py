"""Officials who keep away from a case: by their own word or another's, and nothing of it is left for them."""

from typing import Any
from zlib import crc32

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import Action, ApplicationStatus, ReviewStatus
from funding.models import Application, Award, Contract, Objection, Recusal, Review, SimilarityFinding, Tranche
from funding.permissions import keeps_away
from funding.selectors.recusals import rows_of, told_nothing
from funding.services.checks import check_application
from funding.services.recusals import recuse_official, step_aside
from funding.services.reviews import recuse_review
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.notifications import notify
from portal.kernel.workflow import TransitionRefused
from tests.authorization import sweep
from tests.authorization.world import World
from tests.clock import NOON
from tests.factories.funding import make_application, make_review
from tests.personas import Personas

S = ApplicationStatus
pytestmark = pytest.mark.usefixtures("english")
GROUND = "样例：配偶在成员单位任职。"


def away(application: Application, person: Any) -> Recusal:
    return Recusal.objects.create(
        application=application, person=person, ground=GROUND, declared_by=person, recused_at=NOON
    )


# --- keeping away --------------------------------------------------------------------------------
def test_an_official_steps_aside_and_those_who_direct_are_told(people: Personas) -> None:
    application, officer = make_application(people, S.RECOMMENDED), people.officer
    head, supervisor = people.head, people.supervisor

    made = step_aside(application=application, actor=officer, ground=GROUND, at=NOON)

    assert (made.person, made.by_itself) == (officer, True)
    assert not Application.objects.visible_to(officer).exists()
    assert Application.objects.visible_to(people.second_officer).get() == application
    assert trail(application).get(action=Action.STEP_ASIDE).note == GROUND
    told = Notification.objects.filter(kind="funding.official_recused").values_list("recipient", flat=True)
    assert set(told) == {head.pk, supervisor.pk}


def test_the_head_recuses_an_official(people: Personas) -> None:
    application = make_application(people, S.RECOMMENDED)

    recuse_official(application=application, person=people.officer, actor=people.head, ground=GROUND, at=NOON)

    assert not Application.objects.visible_to(people.officer).exists()


@pytest.mark.parametrize("name", ["officer", "leader", "acceptance", "finance", "district_officer", "lead", "expert"])
def test_only_those_who_direct_and_supervise_recuse_others(people: Personas, name: str) -> None:
    application = make_application(people, S.RECOMMENDED)

    with pytest.raises(PermissionDenied):
        recuse_official(
            application=application, person=people.second_officer, actor=getattr(people, name), ground=GROUND, at=NOON
        )


@pytest.mark.parametrize("name", ["lead", "expert", "rival", "system_admin"])
def test_only_officials_step_aside(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        step_aside(
            application=make_application(people, S.RECOMMENDED), actor=getattr(people, name), ground=GROUND, at=NOON
        )


def test_nobody_but_officials_is_recused(people: Personas) -> None:
    with pytest.raises(ValidationError):
        recuse_official(
            application=make_application(people, S.RECOMMENDED), person=people.lead, actor=people.head, ground=GROUND,
            at=NOON,
        )  # fmt: skip


def test_the_second_click_and_an_empty_reason_are_refused(people: Personas) -> None:
    application = make_application(people, S.RECOMMENDED)
    facts = {"application": application, "person": people.officer, "actor": people.head, "at": NOON}
    with pytest.raises(ValidationError):
        recuse_official(**facts, ground="  ")
    recuse_official(**facts, ground=GROUND)

    with pytest.raises(TransitionRefused):
        recuse_official(**facts, ground=GROUND)
    with pytest.raises(PermissionDenied):
        step_aside(application=Application.objects.get(), actor=people.officer, ground=GROUND, at=NOON)
    assert Recusal.objects.count() == 1


def test_the_database_keeps_it_once_and_with_a_reason(people: Personas) -> None:
    application = make_application(people, S.RECOMMENDED)
    row = away(application, people.officer)

    with pytest.raises(IntegrityError, match="official_recused_once"), transaction.atomic():
        away(application, people.officer)
    row.ground = ""
    with pytest.raises(IntegrityError, match="official_recused_for_a_reason"), transaction.atomic():
        row.save()


# --- acting --------------------------------------------------------------------------------------
def test_whoever_keeps_away_cannot_act_even_with_the_case_in_hand(people: Personas) -> None:
    application = make_application(people, S.RECOMMENDED)
    away(application, people.officer)

    with pytest.raises(PermissionDenied):
        check_application(application=application, actor=people.officer, items=[], at=NOON)


def test_the_rule_reaches_what_hangs_on_the_case(people: Personas) -> None:
    world = World(people)
    away(world.award.application, people.finance)
    for thing in (Award.objects.get(), Contract.objects.get(), *Tranche.objects.all()):
        assert keeps_away(people.finance, thing)
        assert not keeps_away(people.second_finance, thing)
    assert not keeps_away(people.finance, world.consortium)


# --- being told ----------------------------------------------------------------------------------
def test_what_was_told_is_taken_away_and_nothing_more_is_told(people: Personas) -> None:
    application, other = make_application(people, S.RECOMMENDED), people.second_officer
    review = make_review(application, people.experts[0], people)

    def tell(url: str) -> None:
        notify(
            recipients=[people.officer, other], kind="funding.reviews_complete", params={"name": "样例"}, url=url,
            at=NOON,
        )  # fmt: skip

    tell(application.get_absolute_url())
    step_aside(application=application, actor=people.officer, ground=GROUND, at=NOON)
    tell(application.get_absolute_url())
    tell(review.get_absolute_url())

    assert not Notification.objects.filter(recipient=people.officer).exists()
    assert Notification.objects.filter(recipient=other).count() == 3


# --- experts -------------------------------------------------------------------------------------
def test_nothing_is_left_of_a_review_that_an_expert_stepped_back_from(people: Personas, sign_in: Any) -> None:
    review = make_review(make_application(people, S.REVIEWING), people.experts[0], people)
    notify(
        recipients=[people.expert], kind="funding.review_assigned", params={"name": "样例"},
        url=review.get_absolute_url(), at=NOON,
    )  # fmt: skip

    recuse_review(review=review, actor=people.expert, conflict=GROUND, at=NOON)

    assert review.status == ReviewStatus.RECUSED
    assert not Review.objects.visible_to(people.expert).exists()
    assert Review.objects.tally(people.expert) == {}
    assert not Notification.objects.filter(recipient=people.expert).exists()
    client = sign_in(people.expert)
    assert client.get(review.get_absolute_url()).status_code == 404
    assert review.application.number not in client.get(reverse("funding:review-list")).content.decode()


# --- no trace, anywhere --------------------------------------------------------------------------
def cases(world: World) -> list[Application]:
    """The case under review, the one with an objection, and the one with an award, a contract and money."""
    return [world.application, world.publicised, world.award.application]


def marks(world: World) -> set[str]:
    found = rows_of([one.pk for one in cases(world)]) | {one.number for one in cases(world)}
    return found | {world.contract.number}


PUBLIC = {"funding:notice-object", "styleguide"}  # a public notice is there for everybody; the guide shows samples


SHARES = {"officer": (1, 0), "finance": (3, 0), "supervisor": (3, 1), "district_officer": (3, 2)}  # one of, which
# The officer asks every page; pages of the others are the same ones with the same rows behind them.


def pages_with(world: World, column: str, wanted: set[str], only: str = "") -> dict[str, set[str]]:
    """The addresses, or those that begin with `only`, whose page or answer tells of the case to one persona.

    Those that never open are not asked; without `only`, one persona asks its share.
    """
    client, told, reach = sweep.client_of(world, column), {}, sweep.read("reach")[column]
    parts, mine = (1, 0) if only else SHARES[column]
    for name, url in sweep.addresses(world):
        if name in PUBLIC or not name.startswith(only) or reach.get((name, "GET"), "200") != "200":
            continue
        if crc32(name.encode()) % parts != mine:
            continue
        status, text, _headers = sweep.ask(client, "GET", url)
        if status == "200" and (seen := {mark for mark in wanted if mark in text}):
            told[name] = seen
    return told


def test_no_page_of_a_case_names_another_model_than_what_its_address_does(people: Personas) -> None:
    """A notice is withheld by the model of the page that it leads to: told_nothing asks for no other."""
    world, person, wrong, asked = World(people), people.officer, {}, 0
    for one in cases(world):
        recuse_official(application=one, person=person, actor=people.head, ground=GROUND, at=NOON)
    ours = rows_of([one.pk for one in cases(world)])
    for name, url in sweep.addresses(world):
        if str(world.kwargs(name.partition("@")[0]).get("pk")) in ours and "@" not in name:
            asked += 1
            if person.pk not in told_nothing(url):
                wrong[name] = url

    assert (wrong, asked > 40) == ({}, True)


@pytest.mark.parametrize("column", SHARES)
def test_a_recused_official_finds_no_trace_on_any_page(people: Personas, column: str) -> None:
    world = World(people)
    wanted, person = marks(world), getattr(people, column)
    before = pages_with(world, column, wanted, only="funding:application")
    for one in cases(world):
        recuse_official(application=one, person=person, actor=people.head, ground=GROUND, at=NOON)

    assert len(before) > 3
    assert pages_with(world, column, wanted) == {}


def test_nothing_can_be_read_by_any_query(people: Personas) -> None:
    world = World(people)
    rows = {
        Application: cases(world), Review: [world.review], Award: [world.award], Contract: [world.contract],
        Tranche: [world.tranche], Objection: [world.objection], SimilarityFinding: [world.finding],
    }  # fmt: skip
    for name in ("officer", "head", "leader", "supervisor"):
        person = getattr(people, name)
        seen = {
            model: model._default_manager.visible_to(person).filter(pk__in=[one.pk for one in found]).count()  # type: ignore[attr-defined]
            for model, found in rows.items()
        }
        for one in cases(world):
            away(one, person)
        assert seen == {model: len(found) for model, found in rows.items()}, name
        for model, found in rows.items():
            left = model._default_manager.visible_to(person).filter(pk__in=[one.pk for one in found])  # type: ignore[attr-defined]
            assert not left.exists(), (name, model)


def test_the_counts_do_not_count_it(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.RECOMMENDED)
    client = sign_in(people.officer)
    page = client.get(reverse("funding:application-list") + "?tab=all").context
    assert page["count"].value == 1

    away(application, people.officer)

    page = client.get(reverse("funding:application-list") + "?tab=all").context
    assert page["count"].value == 0
    [call] = client.get(reverse("funding:call-list")).context["open_calls"]
    assert call.submitted == 0
    text = client.get(reverse("reports:search") + f"?q={application.number}").content.decode()
    assert application.get_absolute_url() not in text
