"""Sections that people of the members write."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consortia.enums import ParticipationStatus
from funding.models import Application, SectionWriter
from funding.selectors.progress import progress
from funding.selectors.writers import candidates, given_to
from funding.services.applications import attach_file, edit_application
from funding.services.writers import assign_section
from members.models import RoleGrant, User
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import make_application
from tests.funding.steps import kinds, pdf, queries_of, submit
from tests.personas import Personas
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db


def give(application: Application, *people: User, actor: User, shown: tuple[User, ...] = ()) -> Application:
    return assign_section(
        application=application, section="route", people=[one.pk for one in people], shown=[one.pk for one in shown],
        actor=actor, at=NOON,
    )  # fmt: skip


def drafted(people: Personas) -> Application:
    """A draft whose route the university writes."""
    application = make_application(people)
    give(application, people.university_confirmer, actor=people.lead)
    return application


def write(application: Application, actor: User, section: str = "route") -> Application:
    values = {section: "高校执笔。"}
    return edit_application(application=application, actor=actor, at=NOON, section=section, values=values)


def url(application: Application, name: str = "section-assign", section: str = "route") -> str:
    return reverse(f"funding:{name}", args=[application.pk, section])


# --- writing -----------------------------------------------------------------------------------
def test_a_member_writes_what_it_was_given_and_nothing_else(people: Personas) -> None:
    application = drafted(people)

    write(application, people.university_confirmer)

    assert application.route == "高校执笔。"
    for act in (
        lambda: write(application, people.university_confirmer, "objective"),
        lambda: attach_file(
            application=application, actor=people.university_confirmer, at=NOON, upload=pdf(), label="样例"
        ),
        lambda: write(application, people.fund_confirmer),
        lambda: give(application, people.fund_confirmer, actor=people.university_confirmer),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_whoever_left_the_consortium_writes_no_more(people: Personas) -> None:
    application = drafted(people)
    member = application.consortium.participations.filter(organisation=people.university)
    member.update(status=ParticipationStatus.LEFT)

    with pytest.raises(PermissionDenied):
        write(application, people.university_confirmer)


def test_whoever_lost_the_role_writes_no_more(people: Personas) -> None:
    application = drafted(people)
    RoleGrant.objects.filter(user=people.university_confirmer).update(revoked_at=NOON)

    with pytest.raises(PermissionDenied):
        write(application, User.objects.get(pk=people.university_confirmer.pk))


def test_after_the_submission_nobody_writes_or_is_given(people: Personas) -> None:
    application = submit(drafted(people), people)
    with pytest.raises(TransitionRefused):
        write(application, people.university_confirmer)
    with pytest.raises(TransitionRefused):
        give(application, people.fund_confirmer, actor=people.lead)


# --- giving ------------------------------------------------------------------------------------
def test_who_is_given_a_section_is_told_once(people: Personas) -> None:
    people.university_confirmer, people.fund_confirmer  # noqa: B018
    application = drafted(people)
    give(application, people.university_confirmer, actor=people.lead, shown=(people.university_confirmer,))

    assert kinds(people.university_confirmer).count("funding.section_given") == 1
    assert "funding.section_given" not in kinds(people.fund_confirmer)
    assert [entry.action for entry in trail(application)][:2] == ["assign_section", "assign_section"]


def test_what_is_taken_away_is_taken_from_the_shown_only(people: Personas) -> None:
    application = drafted(people)

    give(application, people.fund_confirmer, actor=people.signatory, shown=())
    both = set(application.writers.values_list("person", flat=True))
    give(application, actor=people.lead, shown=(people.university_confirmer,))

    assert both == {people.university_confirmer.pk, people.fund_confirmer.pk}
    assert [row.person for row in application.writers.all()] == [people.fund_confirmer]


def test_only_people_of_members_are_given_a_section(people: Personas) -> None:
    application = make_application(people)
    for person in (people.rival, people.officer, people.expert):
        with pytest.raises(TransitionRefused):
            give(application, person, actor=people.lead)
    with pytest.raises(TransitionRefused):
        assign_section(application=application, section="route", people=[uuid4()], shown=[], actor=people.lead, at=NOON)
    assert SectionWriter.objects.count() == 0


def test_a_candidate_is_of_a_member_and_does_not_write_for_the_lead(people: Personas) -> None:
    application = make_application(people)
    people.rival, people.university_confirmer  # noqa: B018
    found = {one.person: one.organisation for one in candidates(application)}

    assert found[people.university_confirmer] == people.university
    assert {people.lead, people.signatory, people.rival} & set(found) == set()


# --- pages -------------------------------------------------------------------------------------
def test_the_lead_gives_and_the_member_writes_in_the_browser(people: Personas, sign_in: Any) -> None:
    application, lead, member = make_application(people), sign_in(people.lead), sign_in(people.university_confirmer)
    chosen = {"people": [str(people.university_confirmer.pk)], "shown": ""}

    before = member.get(url(application, "application-edit")).status_code
    foreign = lead.post(url(application), {**chosen, "people": [str(people.rival.pk)]})
    given = lead.post(url(application), chosen)
    listed = lead.get(application.get_absolute_url()).content.decode()
    page = member.get(url(application, "application-edit"))
    saved = member.post(
        url(application, "application-edit"), {"route": "高校执笔。", "version": page.context["application"].version}
    )
    tasks = member.get(application.get_absolute_url()).content.decode()

    assert (before, list(foreign.context["form"].errors), given.status_code) == (403, ["people"], 302)
    assert (page.status_code, page.context["next"], saved.status_code) == (200, None, 302)
    assert people.university_confirmer.name in listed
    assert url(application, "application-edit") in tasks
    assert url(application, "application-edit", "objective") not in tasks


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 200), ("signatory", 200), ("university_confirmer", 403), ("rival", 404), ("officer", 404)],
)
def test_who_decides_who_writes(people: Personas, sign_in: Any, who: str, status: int) -> None:
    application = make_application(people)
    assert sign_in(getattr(people, who)).get(url(application)).status_code == status


def test_a_spoilt_list_of_the_shown_takes_nobody_away(people: Personas, sign_in: Any) -> None:
    application = drafted(people)
    answer = sign_in(people.lead).post(url(application), {"shown": "not-a-list"})
    assert (answer.status_code, application.writers.count()) == (302, 1)


def test_the_desk_of_the_member_says_so(people: Personas) -> None:
    application = drafted(people)
    drafts = ["DRAFT"]
    assert list(given_to(people.university_confirmer, drafts)) == [application]
    assert list(given_to(people.fund_confirmer, drafts)) == []
    submit(application, people)
    assert list(given_to(people.university_confirmer, drafts)) == []


def test_the_task_list_costs_the_same_however_many_write(people: Personas, sign_in: Any) -> None:
    application, client = drafted(people), sign_in(people.lead)
    address = application.get_absolute_url()
    client.get(address)
    before = len(queries_of(client, address))
    give(application, people.fund_confirmer, actor=people.lead)

    assert len(queries_of(client, address)) == before
    tasks = [task for group in progress(application, NOON).groups for task in group.tasks if task.section == "route"]
    assert len(tasks[0].writers) == 2


# --- races -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_give_the_same_person_a_section_once(people: Personas) -> None:
    application = make_application(people)
    university = people.university_confirmer

    results = at_once(
        *(
            lambda who=who: give(Application.objects.get(pk=application.pk), university, actor=who)
            for who in (people.lead, people.signatory)
        )
    )

    assert (refusals(results), application.writers.count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_three_organisations_write_at_once_and_no_word_is_lost(people: Personas) -> None:
    application = make_application(people)
    sections = {
        "objective": people.lead, "elements": people.lead, "commercialisation": people.signatory,
        "route": people.university_confirmer, "foundation": people.fund_confirmer,
    }  # fmt: skip
    for section, person in sections.items():
        if person in (people.university_confirmer, people.fund_confirmer):
            assign_section(
                application=application, section=section, people=[person.pk], shown=[], actor=people.lead, at=NOON
            )

    def fill(section: str, person: User) -> None:
        row = Application.objects.get(pk=application.pk)
        for word in ("一", "一二", "一二三"):
            row = edit_application(
                application=row, actor=person, at=NOON, section=section, values={section: word}, loaded=row.version,
                page=section,
            )  # fmt: skip

    results = at_once(*(lambda s=s, p=p: fill(s, p) for s, p in sections.items()))

    application.refresh_from_db()
    assert results == [None] * len(sections)
    assert {getattr(application, section) for section in sections} == {"一二三"}
    assert application.version == 3 * len(sections) + Application._meta.get_field("version").default
