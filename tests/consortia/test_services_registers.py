"""The registers of the year: written by the lead, by a member for itself; arrivals against promises."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from consortia.enums import ConsortiumStatus, ParticipationStatus
from consortia.models import Contribution, SharingRecord, Talent
from consortia.selectors.registers import BY_MODEL, REGISTERS, arrivals, books_of
from consortia.services.registers import add_entry, confirm_contribution, remove_entry, update_entry
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.books import make_entry, unsaved_entry
from tests.factories.consortia import make_consortium, make_task, ready_consortium
from tests.personas import Personas

SLUGS = [register.slug for register in REGISTERS]
OWNED = ["talent", "training", "sharing", "contribution", "supply", "attracted"]
NOT_OWNED = ["exchange", "recognition", "risk", "match"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_lead_adds_updates_and_removes(people: Personas, slug: str) -> None:
    consortium = ready_consortium(people)

    made = add_entry(entry=unsaved_entry(slug, consortium, people), actor=people.lead, at=NOON)
    update_entry(entry=made, actor=people.lead, at=NOON)
    assert [len(book.rows) for book in books_of(consortium) if book.register.slug == slug] == [1]
    remove_entry(entry=made, actor=people.lead, at=NOON)

    assert type(made).objects.count() == 0
    entries = list(trail(consortium))
    assert [entry.action for entry in entries] == ["remove_entry", "update_entry", "add_entry"]
    assert {(entry.facts["register"], entry.facts["by"]) for entry in entries} == {(slug, people.lead_org.name)}


@pytest.mark.parametrize("slug", OWNED)
def test_a_member_writes_what_is_its_own(people: Personas, slug: str) -> None:
    consortium = ready_consortium(people)

    made = add_entry(entry=unsaved_entry(slug, consortium, people), actor=people.university_confirmer, at=NOON)
    update_entry(entry=made, actor=people.university_confirmer, at=NOON)
    remove_entry(entry=made, actor=people.university_confirmer, at=NOON)

    assert {entry.facts["by"] for entry in trail(consortium)} == {people.university.name}


@pytest.mark.parametrize("slug", OWNED)
def test_a_member_does_not_write_for_another(people: Personas, slug: str) -> None:
    consortium = ready_consortium(people)
    made = make_entry(slug, consortium, people)

    for actor in (people.supplier_confirmer, people.rival, people.officer, people.leader):
        with pytest.raises(PermissionDenied):
            add_entry(entry=unsaved_entry(slug, consortium, people), actor=actor, at=NOON)
        with pytest.raises(PermissionDenied):
            update_entry(entry=made, actor=actor, at=NOON)
        with pytest.raises(PermissionDenied):
            remove_entry(entry=made, actor=actor, at=NOON)


def test_nobody_takes_an_entry_over_by_changing_its_owner(people: Personas) -> None:
    consortium = ready_consortium(people)
    made = make_entry("sharing", consortium, people)
    made.provider = people.supplier

    with pytest.raises(PermissionDenied):
        update_entry(entry=made, actor=people.supplier_confirmer, at=NOON)


@pytest.mark.parametrize("slug", NOT_OWNED)
def test_what_belongs_to_all_is_the_leads(people: Personas, slug: str) -> None:
    consortium = ready_consortium(people)

    with pytest.raises(PermissionDenied):
        add_entry(entry=unsaved_entry(slug, consortium, people), actor=people.university_confirmer, at=NOON)


def test_a_member_that_left_writes_nothing(people: Personas) -> None:
    consortium = ready_consortium(people)
    consortium.participations.filter(organisation=people.university).update(status=ParticipationStatus.LEFT)

    with pytest.raises(PermissionDenied):
        add_entry(entry=unsaved_entry("sharing", consortium, people), actor=people.university_confirmer, at=NOON)


def test_registers_of_what_has_ended_stand(people: Personas) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.EXITED)

    with pytest.raises(TransitionRefused):
        add_entry(entry=unsaved_entry("sharing", consortium, people), actor=people.lead, at=NOON)


@pytest.mark.parametrize(
    ("slug", "facts", "field"),
    [
        ("sharing", {"date": date(2026, 11, 19)}, "date"),
        ("contribution", {"received_on": date(2026, 11, 19)}, "received_on"),
    ],
)
def test_nothing_of_the_future(people: Personas, slug: str, facts: dict[str, Any], field: str) -> None:
    entry = unsaved_entry(slug, ready_consortium(people), people, **facts)

    with pytest.raises(ValidationError) as refusal:
        add_entry(entry=entry, actor=people.lead, at=NOON)

    assert refusal.value.message_dict == {field: ["This day is still to come."]}


def test_only_members_and_own_tasks(people: Personas) -> None:
    consortium = ready_consortium(people)
    elsewhere = make_task(make_consortium(people))

    with pytest.raises(ValidationError) as stranger:
        add_entry(entry=unsaved_entry("talent", consortium, people, host=people.rival_org), actor=people.lead, at=NOON)
    with pytest.raises(ValidationError) as task:
        add_entry(entry=unsaved_entry("risk", consortium, people, task=elsewhere), actor=people.lead, at=NOON)

    assert stranger.value.message_dict == {"host": ["This organisation is not a member of the consortium."]}
    assert task.value.message_dict == {"task": ["This task does not belong to the consortium."]}


def test_names_of_people_stay_out_of_the_trail(people: Personas) -> None:
    consortium = ready_consortium(people)
    entry = unsaved_entry("talent", consortium, people, name="样例英才甲", consent=True)

    add_entry(entry=entry, actor=people.lead, at=NOON)

    (kept,) = trail(consortium)
    assert "样例英才甲" not in f"{kept.facts} {kept.note} {kept.subject_label}"


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("talent", {"name": "样例英才乙"}),
    ("talent", {"name": "样例英才乙", "consent": True, "headcount": 2}),
    ("talent", {"end": date(2025, 1, 1)}),
    ("talent", {"person_months": Decimal(0)}),
    ("training", {"end": date(2025, 1, 1)}),
    ("training", {"headcount": 0}),
    ("sharing", {"quantity": Decimal(0)}),
    ("sharing", {"charge": Decimal(-1)}),
    ("contribution", {"amount": Decimal(0)}),
    ("contribution", {"kind": "IN_KIND"}),
    ("contribution", {"confirmed_at": NOON}),
]


@pytest.mark.parametrize(("slug", "facts"), BROKEN)
def test_the_database_refuses(people: Personas, slug: str, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_entry(slug, ready_consortium(people), people, **facts)


def test_the_database_knows_more(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_entry("recognition", consortium, people)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_entry("recognition", consortium, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_entry("training", consortium, people, partner=people.university)


# --- contributions -----------------------------------------------------------------------------
def test_what_a_member_states_counts_once_the_lead_confirms(people: Personas) -> None:
    consortium = ready_consortium(people)
    part = consortium.participations.get(organisation=people.university)
    people.lead  # noqa: B018 - exists before it is told

    made: Any = add_entry(
        entry=unsaved_entry("contribution", consortium, people), actor=people.university_confirmer, at=NOON
    )
    assert Notification.objects.filter(kind="consortia.contribution_stated", recipient=people.lead).count() == 1
    assert arrivals([part])[0].arrived == Decimal(0)
    confirm_contribution(contribution=made, actor=people.lead, at=NOON + DAY)

    assert arrivals([part])[0].cash == Decimal(400_000)
    made.refresh_from_db()
    assert (made.confirmed_by, made.confirmed_at) == (people.lead, NOON + DAY)
    with pytest.raises(TransitionRefused):
        confirm_contribution(contribution=made, actor=people.lead, at=NOON + DAY)


def test_a_confirmed_contribution_is_the_leads(people: Personas) -> None:
    consortium = ready_consortium(people)
    made: Any = add_entry(entry=unsaved_entry("contribution", consortium, people), actor=people.lead, at=NOON)

    assert made.is_final
    with pytest.raises(PermissionDenied):
        update_entry(entry=made, actor=people.university_confirmer, at=NOON)
    with pytest.raises(PermissionDenied):
        remove_entry(entry=made, actor=people.university_confirmer, at=NOON)
    with pytest.raises(PermissionDenied):
        confirm_contribution(contribution=made, actor=people.university_confirmer, at=NOON)


def test_a_member_does_not_change_what_was_confirmed_meanwhile(people: Personas) -> None:
    made: Any = make_entry("contribution", ready_consortium(people), people)
    Contribution.objects.filter(pk=made.pk).update(confirmed_by=people.lead, confirmed_at=NOON)

    with pytest.raises(TransitionRefused):
        remove_entry(entry=made, actor=people.university_confirmer, at=NOON)


def test_more_than_promised_is_recorded_knowingly(people: Personas) -> None:
    consortium = ready_consortium(people)  # everybody promised 1,000,000 in cash
    part = consortium.participations.get(organisation=people.university)
    add_entry(
        entry=unsaved_entry("contribution", consortium, people, amount=Decimal(1_000_000)), actor=people.lead, at=NOON
    )
    more = unsaved_entry("contribution", consortium, people, amount=Decimal("0.01"))

    with pytest.raises(ValidationError) as warning:
        add_entry(entry=more, actor=people.lead, at=NOON)
    assert list(warning.value.message_dict) == ["amount"]
    assert arrivals([part])[0].is_beyond is False
    add_entry(entry=more, actor=people.lead, at=NOON, beyond=True)

    assert arrivals([part])[0].is_beyond is True


def test_the_table_names_every_register_once() -> None:
    assert len(BY_MODEL) == len(set(SLUGS)) == len(REGISTERS) == 11
    assert {BY_MODEL[Talent].slug, BY_MODEL[SharingRecord].slug} == {"talent", "sharing"}
