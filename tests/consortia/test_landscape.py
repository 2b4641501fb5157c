"""The city from above: covered and empty places, who takes part in many, where the chain is thin."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortia.enums import ChainPosition, ConsortiumStatus, ParticipationStatus
from consortia.models import Participation
from consortia.selectors.landscape import (
    NAMED,
    Share,
    chain_gaps,
    coverage,
    led_by_the_state,
    overlaps,
    single_sources,
    small_members,
)
from members.models import Organisation
from tests.factories.books import make_entry
from tests.factories.consortia import make_consortium, make_participation, make_sub_field, ready_consortium
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas

PAGE = reverse("consortia:landscape")
SignIn = Callable[..., Client]


def test_every_place_is_counted_and_the_empty_ones_too(people: Personas) -> None:
    kunshan, changshu = people.lead_org.district, make_district("320581")
    photonics, medicine = make_sub_field("E01"), make_sub_field("B01")
    for name in ("样例一", "样例二"):
        make_consortium(people, name=name, sub_field=photonics, district=kunshan)
    make_consortium(people, name="样例三", sub_field=photonics, district=changshu)
    make_consortium(people, name="样例四", sub_field=medicine, district=changshu, status=ConsortiumStatus.EXITED)

    seen = coverage(people.officer)

    row = next(one for one in seen.rows if one.sub_field == photonics)
    assert {cell.district.pk: (cell.count, cell.shade) for cell in row.cells if cell.count} == {
        kunshan.pk: (2, 5),
        changshu.pk: (1, 3),
    }
    assert (seen.total, row.total, seen.uncovered) == (3, 3, [medicine])
    assert seen.empty_cells == len(seen.districts) * len(seen.rows) - 2


def test_who_leads_and_who_is_small(people: Personas) -> None:
    Organisation.objects.filter(pk=people.lead_org.pk).update(ownership="STATE", size_class="LARGE")
    Organisation.objects.filter(pk=people.rival_org.pk).update(ownership="PRIVATE", size_class="MICRO")
    one = make_consortium(people, name="样例一")
    two = make_consortium(people, name="样例二", lead=people.rival_org)
    make_consortium(people, name="样例三", status=ConsortiumStatus.EXITED)
    for consortium in (one, two):
        make_participation(consortium, people.rival_org, people.lead)
        make_participation(consortium, people.university, people.lead)
        make_participation(consortium, people.fund, people.lead, status=ParticipationStatus.LEFT)

    led, small = led_by_the_state(people.officer), small_members(people.officer)

    taking_part = set(Participation.objects.present().values_list("organisation", flat=True))
    assert ((led.count, led.total, led.percent), (small.count, small.total)) == ((1, 2, 50), (1, len(taking_part)))
    assert (Share(0, 0).percent, Share(1, 3).percent) == (0, 33)


def test_a_district_sees_its_own_alone(people: Personas) -> None:
    make_consortium(people, name="样例昆山")
    make_consortium(people, name="样例常熟", district=make_district("320581"))

    assert coverage(people.officer).total == 2
    assert coverage(people.district_officer).total == 1
    assert coverage(people.other_district_officer).total == 1


def test_an_organisation_in_two_consortia_of_one_sub_field_is_pointed_out(people: Personas) -> None:
    one, two = make_consortium(people, name="样例一"), make_consortium(people, name="样例二")
    other = make_consortium(people, name="样例三", sub_field=make_sub_field("B01"))
    for consortium in (one, two, other):
        make_participation(consortium, people.university, people.lead)
    make_participation(one, people.fund, people.lead)
    make_participation(two, people.fund, people.lead, status=ParticipationStatus.LEFT)

    found = {row.organisation.name: row for row in overlaps(people.officer)}

    row = found[people.university.name]
    assert ([c.name for c in row.consortia], [f.pk for f in row.rivals]) == (["样例一", "样例二", "样例三"], ["E01"])
    assert (row.count, row.more) == (3, 0)
    assert people.fund.name not in found


def test_of_many_consortia_a_few_are_named_and_the_registry_has_all(people: Personas, sign_in: SignIn) -> None:
    for n in range(NAMED + 2):
        make_participation(make_consortium(people, name=f"样例{n}"), people.university, people.lead)

    row = next(row for row in overlaps(people.officer) if row.organisation == people.university)
    listed = sign_in(people.officer).get(f"{reverse('consortia:consortium-list')}?member={people.university.pk}")

    assert (row.count, len(row.consortia), row.more) == (NAMED + 2, NAMED, 2)
    assert {one.name for one in listed.context["rows"]} == {f"样例{n}" for n in range(NAMED + 2)}


def test_who_has_nobody_on_the_chain_comes_first(people: Personas) -> None:
    held, bare = make_consortium(people, name="样例有"), make_consortium(people, name="样例无")
    make_participation(held, people.university, people.lead, chain_position=ChainPosition.RESEARCH)
    make_participation(bare, people.university, people.lead, chain_position=ChainPosition.SERVICE)

    gaps = chain_gaps(people.officer)

    assert [(gap.consortium, len(gap.missing)) for gap in gaps] == [(bare, 5), (held, 4)]


def test_places_of_the_chain_where_nobody_stands(people: Personas) -> None:
    thin = make_consortium(people, name="样例薄")
    make_participation(thin, people.university, people.lead, chain_position=ChainPosition.RESEARCH)
    full = make_consortium(people, name="样例全")
    for place in ("UPSTREAM", "MIDSTREAM", "DOWNSTREAM", "RESEARCH", "CAPITAL"):
        make_participation(full, make_organisation(f"样例{place}"), people.lead, chain_position=place)

    gaps = {gap.consortium.name: gap.missing for gap in chain_gaps(people.officer)}

    assert "RESEARCH" not in gaps["样例薄"]
    assert {"UPSTREAM", "CAPITAL"} <= set(gaps["样例薄"])
    assert "样例全" not in gaps


def test_what_hangs_on_one_supplier_is_pointed_out(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_entry("supply", consortium, people, goods="样例国产")
    make_entry("supply", consortium, people, goods="样例进口", is_domestic=False)
    make_entry("supply", consortium, people, goods="样例多源", sourcing="SEVERAL")

    assert [row.goods for row in single_sources(people.officer)] == ["样例进口", "样例国产"]
    assert single_sources(people.other_district_officer) == []


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 200), ("district_officer", 200), ("lead", 403), ("expert", 403), ("system_admin", 403)],
)
def test_officials_alone_look_from_above(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    ready_consortium(people)

    assert sign_in(getattr(people, who)).get(PAGE).status_code == status


def test_the_page_costs_the_same_for_more_consortia(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)
    ready_consortium(people)
    make_participation(make_consortium(people, name="样例另"), people.university, people.lead)
    first = queries(client)
    for n in range(3):
        make_participation(make_consortium(people, name=f"样例{n}"), people.university, people.lead)

    assert queries(client) == first


def queries(client: Client) -> int:
    client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGE).status_code == 200
    return len(captured)
