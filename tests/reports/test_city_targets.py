"""Targets of the city: one a year and figure, corrected by new versions, beside what the portal counts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consortia.enums import Action as ConsortiumAction
from consortia.enums import ConsortiumStatus, OutcomeKind
from consortia.models import Consortium, LifeEvent, ResearchTask
from portal.kernel.models import AuditEntry
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, TargetMetric
from reports.models import CityTarget
from reports.selectors import targets
from reports.services.targets import correct_target, set_target
from tests.clock import DAY, NOON
from tests.factories.consortia import make_outcome, ready_consortium
from tests.personas import Personas

M = TargetMetric


def a_target(people: Personas, metric: str = M.CONSORTIA, value: int = 50, year: int = 2026) -> CityTarget:
    return set_target(metric=metric, year=year, value=Decimal(value), document="样例1号", actor=people.officer, at=NOON)


def corrected(target: CityTarget, people: Personas, value: int = 100, **facts: Any) -> CityTarget:
    said = {"document": "样例2号", "reason": "上级任务调整", **facts}
    return correct_target(target=target, value=Decimal(value), actor=people.head, at=NOON + DAY, **said)


# --- what stands -------------------------------------------------------------------------------
def test_a_correction_is_a_new_version_and_the_one_before_stays(people: Personas) -> None:
    first = a_target(people)

    second = corrected(first, people)

    assert list(CityTarget.objects.standing()) == [second]
    assert [(one.version, one.value) for one in targets.versions(people.officer)] == [(2, 100), (1, 50)]
    entry = AuditEntry.objects.get(action=Action.CORRECT_TARGET)
    assert (entry.subject_id, entry.note, entry.facts["before"], entry.facts["value"]) == (
        str(second.pk), "上级任务调整", "50.00", "100.00",
    )  # fmt: skip
    assert AuditEntry.objects.filter(action=Action.SET_TARGET).count() == 1


def test_one_target_a_year_and_figure(people: Personas) -> None:
    a_target(people)
    with pytest.raises(ValidationError) as refused:
        a_target(people, value=60)
    assert list(refused.value.message_dict) == ["year"]
    assert CityTarget.objects.count() == 1


def test_of_two_corrections_of_one_version_the_second_is_refused(people: Personas) -> None:
    first = a_target(people)
    corrected(first, people)
    with pytest.raises(TransitionRefused):
        corrected(first, people, value=120)
    assert CityTarget.objects.standing().get().value == 100


def test_a_correction_that_changes_nothing_is_refused(people: Personas) -> None:
    with pytest.raises(ValidationError):
        corrected(a_target(people), people, value=50, document="样例1号")


@pytest.mark.parametrize("change", [{"value": 1}, {"reason": "x"}])
def test_nobody_changes_a_row(people: Personas, change: dict[str, Any]) -> None:
    target = a_target(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        CityTarget.objects.filter(pk=target.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        CityTarget.objects.filter(pk=target.pk).delete()


@pytest.mark.parametrize(
    "wrong", [{"value": 0}, {"value": "1.5"}, {"version": 2, "reason": ""}, {"value": -1}], ids=str
)
def test_the_database_refuses_what_makes_no_sense(people: Personas, wrong: dict[str, Any]) -> None:
    facts = {"metric": M.CONSORTIA, "year": 2026, "value": 5, "document": "样例", "set_by": people.officer}
    with pytest.raises(IntegrityError), transaction.atomic():
        CityTarget.objects.create(**facts | wrong)


@pytest.mark.parametrize("who", ["lead", "finance", "expert", "supervisor", "leader", "district_officer"])
def test_others_set_none(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        set_target(metric=M.NEW, year=2026, value=Decimal(1), document="样例", actor=getattr(people, who), at=NOON)
    with pytest.raises(PermissionDenied):
        correct_target(
            target=a_target(people), value=Decimal(1), document="样例", reason="样例", actor=getattr(people, who),
            at=NOON,
        )  # fmt: skip


# --- what was reached --------------------------------------------------------------------------
def recognised(people: Personas, on: date, status: str = ConsortiumStatus.OPERATING) -> Consortium:
    one = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    Consortium.objects.filter(pk=one.pk).update(recognised_on=on, status=status)
    return one


def test_what_was_reached_is_that_of_the_end_of_each_year(people: Personas) -> None:
    recognised(people, date(2024, 5, 1))
    gone = recognised(people, date(2024, 6, 1), ConsortiumStatus.EXITED)
    LifeEvent.objects.create(consortium=gone, kind=ConsortiumAction.EXIT, at=NOON, actor=people.head)
    recognised(people, date(2026, 11, 19))  # tomorrow

    found = targets.actuals([2024, 2025, 2026], date(2026, 11, 18))

    assert [found[M.CONSORTIA, year] for year in (2024, 2025, 2026)] == [2, 2, 1]
    assert [found[M.NEW, year] for year in (2024, 2025, 2026)] == [2, 0, 0]
    assert [found[M.DISTRICTS, year] for year in (2024, 2025, 2026)] == [1, 1, 1]


def test_a_public_project_counts_once_and_contracts_by_their_day(people: Personas) -> None:
    one = recognised(people, date(2024, 5, 1))
    task = one.tasks.order_by("number").first()
    assert task
    ResearchTask.objects.filter(pk=task.pk).update(project_level="CITY", project_number="P-1", start=date(2025, 1, 1))
    twin = ResearchTask.objects.get(pk=task.pk)
    twin.pk, twin.number, twin.start = None, 99, date(2026, 1, 1)
    twin.save(force_insert=True)
    make_outcome(one, kind=OutcomeKind.CONTRACT, date=date(2026, 2, 1), amount=Decimal(300))

    found = targets.actuals([2024, 2025, 2026], date(2026, 11, 18))

    assert [found[M.PROJECTS, year] for year in (2024, 2025, 2026)] == [0, 1, 1]
    assert [found[M.CONTRACTS, year] for year in (2025, 2026)] == [0, 300]


def test_the_number_of_queries_does_not_grow(people: Personas) -> None:
    a_target(people)
    with CaptureQueriesContext(connection) as few:
        targets.figures(people.officer, NOON.date())
    for year in (2024, 2025):
        recognised(people, date(year, 5, 1))
        a_target(people, year=year)
        a_target(people, M.PAID, year=year)
    with CaptureQueriesContext(connection) as more:
        found = targets.figures(people.officer, NOON.date())
    assert len(few) == len(more)
    assert [(one.metric, len(one.lines)) for one in found] == [(M.CONSORTIA, 3), (M.PAID, 2)]


# --- pages -------------------------------------------------------------------------------------
def test_it_is_set_corrected_and_read(people: Personas, client: Client) -> None:
    client.force_login(people.officer)
    page = reverse("reports:target-list")
    assert page in client.get(reverse("reports:cycle-list")).text
    assert page in client.get(reverse("reports:dashboard")).text
    typed = {"metric": M.PAID, "year": 2025, "value": "1,200.50", "document": "样例1号"}

    for _ in range(2):
        client.post(reverse("reports:target-set"), typed)

    target = CityTarget.objects.get()
    assert target.value == Decimal(12005000)
    address = reverse("reports:target-correct", args=[target.pk])
    assert 'value="1200.5"' in client.get(address).text
    client.post(address, {"value": "1300", "document": "样例2号", "reason": "追加"})
    shown = client.get(page).text
    assert "1,300.00" in shown
    assert "1,200.50" in shown
    assert "追加" in shown
    assert client.post(address, {"value": "1400", "document": "样例3号", "reason": "再追加"}).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [{"value": "1.5"}, {"value": "-1"}, {"value": "1e3"}, {"year": "2099"}, {"metric": "X"}, {"document": ""}],
    ids=str,
)
def test_bad_input_keeps_what_was_typed(people: Personas, client: Client, wrong: dict[str, str]) -> None:
    client.force_login(people.officer)
    typed = {"metric": M.CONSORTIA, "year": "2026", "value": "100", "document": "样例九号文"} | wrong
    answer = client.post(reverse("reports:target-set"), typed)
    assert answer.status_code == 200
    assert f'value="{typed["document"] or typed["value"]}"' in answer.text
    assert not CityTarget.objects.exists()


def test_who_only_reads_sees_no_way_to_change(people: Personas, client: Client) -> None:
    target = a_target(people)
    client.force_login(people.finance)
    shown = client.get(reverse("reports:target-list"))
    assert shown.status_code == 200
    assert reverse("reports:target-set") not in shown.text
    assert client.get(reverse("reports:target-correct", args=[target.pk])).status_code == 403
    client.force_login(people.lead)
    assert client.get(reverse("reports:target-list")).status_code == 403
    assert client.get(reverse("reports:target-correct", args=[target.pk])).status_code == 404
