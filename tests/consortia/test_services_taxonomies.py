"""Versions of the taxonomy: copied, edited, published; what was chosen keeps its name."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consortia.enums import TaxonomyStatus
from consortia.models import SubField, Taxonomy, TaxonomyEntry
from consortia.services.taxonomies import (
    Naming,
    add_sub_field,
    draft_taxonomy,
    publish_taxonomy,
    retire_sub_field,
    update_sub_field,
)
from members.enums import Role
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import make_consortium, make_sub_field, make_taxonomy
from tests.factories.members import give
from tests.personas import Personas

NAMES = Naming("电子信息", "Electronics", "集成电路与封装", "Chips and packaging")
SAME = Naming("电子信息", "Electronics", "集成电路", "Integrated circuits")


def draft(people: Personas) -> Taxonomy:
    return draft_taxonomy(label="样例第二版", valid_from=date(2027, 1, 1), actor=people.officer, at=NOON)


def entry_of(taxonomy: Taxonomy, code: str = "E01") -> TaxonomyEntry:
    return taxonomy.entries.get(sub_field=code)


def test_a_draft_begins_as_a_copy(people: Personas) -> None:
    make_sub_field("E01"), make_sub_field("M01")

    made = draft(people)

    assert (made.version, made.status) == (2, TaxonomyStatus.DRAFT)
    assert list(made.sub_fields.values_list("code", flat=True)) == ["E01", "M01"]
    with pytest.raises(TransitionRefused):
        draft(people)


def test_the_first_version_begins_empty(people: Personas) -> None:
    made = draft(people)

    assert (made.version, made.entries.count()) == (1, 0)
    with pytest.raises(TransitionRefused):
        publish_taxonomy(taxonomy=made, actor=people.head, at=NOON)


def test_a_renamed_sub_field_leaves_consortia_what_they_have(people: Personas) -> None:
    consortium = make_consortium(people)
    made = draft(people)

    update_sub_field(entry=entry_of(made), naming=NAMES, documents={}, actor=people.officer, at=NOON)
    update_sub_field(
        entry=entry_of(made, "E01-2"), naming=Naming("电子信息", "Electronics", "芯片", "Chips"), documents={},
        actor=people.officer, at=NOON,
    )  # fmt: skip

    consortium.refresh_from_db()
    assert consortium.sub_field.name_zh == "集成电路"
    assert list(made.sub_fields.values_list("code", "name_zh")) == [("E01-2", "芯片")]
    assert SubField.objects.offered(NOON.date()).get().code == "E01"


def test_what_is_saved_unchanged_stays_the_same_row(people: Personas) -> None:
    make_sub_field()
    made = draft(people)

    update_sub_field(entry=entry_of(made), naming=SAME, documents={}, actor=people.officer, at=NOON)

    assert list(made.sub_fields.values_list("code", flat=True)) == ["E01"]


def test_add_and_retire(people: Personas) -> None:
    make_sub_field()
    made = draft(people)

    added = add_sub_field(taxonomy=made, code="E06", naming=NAMES, actor=people.officer, at=NOON)
    with pytest.raises(ValidationError) as refusal:
        add_sub_field(taxonomy=made, code="E01", naming=NAMES, actor=people.officer, at=NOON)
    retire_sub_field(entry=entry_of(made, "E01"), actor=people.officer, at=NOON)

    assert sorted(refusal.value.message_dict) == ["code"]
    assert list(made.sub_fields.values_list("code", flat=True)) == ["E06"]
    assert SubField.objects.filter(code="E01").exists()
    retire_sub_field(entry=added, actor=people.officer, at=NOON)
    assert not SubField.objects.filter(code="E06").exists()
    assert [entry.action for entry in trail(made).order_by("id")] == [
        "draft_taxonomy", "add_sub_field", "retire_sub_field", "retire_sub_field",
    ]  # fmt: skip


def test_from_its_day_on_the_new_version_is_offered(people: Personas) -> None:
    make_sub_field()
    made = draft(people)
    update_sub_field(entry=entry_of(made), naming=NAMES, documents={}, actor=people.officer, at=NOON)

    publish_taxonomy(taxonomy=made, actor=people.head, at=NOON)

    assert SubField.objects.offered(date(2026, 12, 31)).get().code == "E01"
    assert SubField.objects.offered(date(2027, 1, 1)).get().code == "E01-2"
    with pytest.raises(TransitionRefused):
        publish_taxonomy(taxonomy=made, actor=people.head, at=NOON)


def test_a_published_version_stands(people: Personas) -> None:
    make_sub_field()
    standing = make_taxonomy()

    for change in (
        lambda: add_sub_field(taxonomy=standing, code="E06", naming=NAMES, actor=people.officer, at=NOON),
        lambda: retire_sub_field(entry=entry_of(standing), actor=people.officer, at=NOON),
        lambda: update_sub_field(entry=entry_of(standing), naming=NAMES, documents={}, actor=people.officer, at=NOON),
    ):
        with pytest.raises(TransitionRefused):
            change()


def test_who_drafted_does_not_publish(people: Personas) -> None:
    make_sub_field()
    made = draft(people)
    give(people.officer, Role.HEAD)

    with pytest.raises(PermissionDenied):
        publish_taxonomy(taxonomy=made, actor=people.officer, at=NOON)


@pytest.mark.parametrize("who", ["lead", "rival", "head", "district_officer", "system_admin"])
def test_only_the_officer_drafts(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        draft_taxonomy(label="样例", valid_from=date(2027, 1, 1), actor=getattr(people, who), at=NOON)
