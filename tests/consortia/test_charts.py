"""The pictures: every organisation and task stands in them, and names are escaped."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from consortia.charts import district_picture, gantt_picture, network_picture, scorecard_ring, short, supply_picture
from consortia.enums import ConsortiumStatus, Layer
from consortia.models import SupplyLink
from consortia.selectors import overview, published_by_district
from tests.factories.consortia import make_consortium, make_participation, make_task, ready_consortium
from tests.factories.members import make_district, make_organisation
from tests.personas import Personas

TODAY = date(2026, 11, 18)


def test_the_network_shows_each_member_and_its_link(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_participation(consortium, make_organisation("样例<b>院</b>"), people.lead, layer=Layer.GENERAL)
    technology = consortium.technologies.first()
    type(technology).objects.filter(pk=technology.pk).update(owner=people.university)
    task = make_task(consortium, technology=technology)
    type(task).objects.filter(pk=task.pk).update(lead=people.supplier)

    picture = network_picture(overview(consortium, today=TODAY))

    assert picture.count('class="node ') == 6
    assert (picture.count('class="link '), picture.count(" strong")) == (6, 4)
    assert picture.count("<b>") == 0
    assert re.findall(r'aria-label="(样例领航科技有限公司 and its members)"', picture) != []


def test_a_consortium_without_partners_has_a_picture(people: Personas) -> None:
    consortium = make_consortium(people)
    make_participation(consortium, people.lead_org, people.lead, role="LEAD")

    assert network_picture(overview(consortium, today=TODAY)).count('class="node ') == 1


def test_the_gantt_shows_each_task_and_who_is_late(people: Personas) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    make_task(consortium, start=date(2025, 1, 1))

    picture = gantt_picture(overview(consortium, today=TODAY))

    assert (picture.count('class="time"'), picture.count('class="late"'), picture.count("Today")) == (1, 1, 1)


@pytest.mark.parametrize("end", [date.max, date(2999, 1, 1)])
@pytest.mark.parametrize("start", [date.min, date(2026, 1, 1)])
def test_the_gantt_stays_near_today_whatever_is_stored(people: Personas, start: date, end: date) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    task = make_task(consortium, milestones=0)
    type(task).objects.filter(pk=task.pk).update(start=start, end=end)

    picture = gantt_picture(overview(consortium, today=TODAY))

    assert (picture.count('class="plan"'), picture.count("Today")) == (2, 1)
    assert picture.count('class="tl"') < 90


def test_the_ring_says_its_figures(people: Personas) -> None:
    card = overview(ready_consortium(people), today=TODAY).scorecard("en")

    assert re.findall(r'aria-label="([^"]*)"', scorecard_ring(card)) == ["3 built, 1 in progress"]


def test_the_diagram_of_districts_links_to_their_lists(people: Personas) -> None:
    make_district("320581")
    make_consortium(people, status=ConsortiumStatus.OPERATING)

    picture = district_picture(published_by_district(), chosen="320583", address="/list/")

    assert re.findall(r'href="([^"]*)"', picture) == ["/list/?district=320581", "/list/?district=320583"]
    assert picture.count(" hl") == 1


def test_short_names() -> None:
    assert [short(name) for name in ("样例钨岭股份有限公司", "样例上游材料有限公司", "样例理工大学")] == [
        "样例钨岭", "样例上游材料", "样例理工大学",
    ]  # fmt: skip


def test_the_supply_map_marks_what_hangs_on_one(people: Personas) -> None:
    customer, supplier = make_organisation("样例采购有限公司"), make_organisation("样例供货有限公司")
    rows = [
        SupplyLink(customer=customer, supplier=supplier, goods="样例钢材"),
        SupplyLink(customer=customer, outside_supplier="样例外企", goods="样例气体", sourcing="SINGLE"),
    ]

    with override("en"):
        picture = supply_picture(rows)

    assert (picture.count('class="link"'), picture.count('class="link bad"')) == (1, 1)
    assert "样例外企 (outside)" in picture
    assert "样例外企 → 样例采购有限公司 · 样例气体 · Single source" in picture
