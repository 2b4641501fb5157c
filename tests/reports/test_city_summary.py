"""The city-wide summary: its figures are those of the database, and the same snapshot gives the same file."""

import hashlib
import io
import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from consortia.enums import ALIVE, JOINED, ConsortiumStatus
from consortia.models import Consortium, Outcome, Participation
from portal.kernel import jobs
from portal.kernel.models import AuditEntry, Job
from reports import pdf
from reports.enums import Action, EvaluationStatus, Grade, TargetMetric
from reports.exporters.annual.data import tables
from reports.exporters.city import city_report
from reports.models import CityReport, Evaluation, EvaluationCycle, TypicalCase
from reports.selectors.summary import city_snapshot
from reports.services.summary import order_city_report
from reports.services.targets import set_target
from reports.tasks import city_html, city_material, finish_city
from tests.clock import DAY, NOON
from tests.factories.consortia import ready_consortium
from tests.factories.reports import make_evaluation, rich_evaluation
from tests.personas import Personas
from tests.races import at_once


def evaluated(people: Personas, status: EvaluationStatus = EvaluationStatus.FINAL) -> Evaluation:
    return make_evaluation(people, status, consortium=ready_consortium(people, status=ConsortiumStatus.OPERATING))


def order(cycle: EvaluationCycle, actor: Any, language: str = "en", at: Any = NOON) -> CityReport:
    return order_city_report(cycle=cycle, language=language, actor=actor, at=at)


def asked(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def file_of(document: CityReport, folder: Path, name: str) -> bytes:
    path = folder / name
    finish_city(document, pdf.lay_out(city_html(document)), path)
    return path.read_bytes()


def test_its_figures_are_those_of_the_database(people: Personas) -> None:
    cycle = evaluated(people).cycle

    snapshot = city_snapshot(cycle, at=NOON)

    alive = asked(
        "select count(*) from consortia_consortium where status in ('CULTIVATION', 'OPERATING', 'RECTIFYING') "
        "and tier <> '' and recognised_on <= %s", cycle.window[1],
    )  # fmt: skip
    paid = asked(
        "select coalesce(sum(amount), 0) from funding_payment where standing_id is not null "
        "and extract(year from paid_on) = %s", cycle.year,
    )  # fmt: skip
    final = asked("select count(*) from reports_evaluation where cycle_id = %s and status = 'FINAL'", cycle.pk)
    assert alive == len(snapshot["list"]) == sum(row["count"] for row in snapshot["consortia"]["cells"]) > 0
    assert sum(float(row["sum"]) for row in snapshot["money"]["payments"] if row["in_year"] == cycle.year) == paid
    assert final == sum(row["count"] for row in snapshot["evaluation"]["tiers"]) == 1


def test_the_number_of_queries_does_not_grow(people: Personas) -> None:
    cycle = evaluated(people).cycle
    with CaptureQueriesContext(connection) as few:
        city_snapshot(cycle, at=NOON)
    for _ in range(3):
        evaluated(people)
    with CaptureQueriesContext(connection) as more:
        snapshot = city_snapshot(cycle, at=NOON)
    assert len(few) == len(more)
    assert sum(row["count"] for row in snapshot["evaluation"]["states"]) == 4


def test_the_list_does_not_say_who_is_unqualified(people: Personas) -> None:
    one = evaluated(people)
    Evaluation.objects.filter(pk=one.pk).update(grade=Grade.UNQUALIFIED)

    snapshot = city_snapshot(one.cycle, at=NOON)

    assert {row["grade"] for row in snapshot["list"]} == {""}
    assert [row["mark"] for row in snapshot["evaluation"]["tiers"]] == [Grade.UNQUALIFIED]


@pytest.mark.parametrize("status", ["PUBLISHED", "PROPOSED"])
def test_what_a_published_case_teaches_stands_in_it(people: Personas, status: str) -> None:
    one, shown = evaluated(people), status == "PUBLISHED"
    TypicalCase.objects.create(
        evaluation=one, title_zh="样例案例", text_zh="样例正文", practice_zh="样例经验：共建共享。", status=status,
        written_by=people.officer, decided_by=people.head if shown else None, published_at=NOON if shown else None,
    )  # fmt: skip

    html = city_html(order(one.cycle, people.officer))

    assert ("样例经验：共建共享。" in html) == shown


def test_the_same_snapshot_gives_the_same_summary(people: Personas) -> None:
    cycle = evaluated(people).cycle

    first, second = order(cycle, people.officer), order(cycle, people.head, at=NOON + timedelta(minutes=1))
    later = order(cycle, people.officer, at=NOON + DAY)

    assert first == second != later
    assert (first.number, later.number) == (f"CS-{cycle.year}-0001", f"CS-{cycle.year}-0002")
    assert Job.objects.filter(kind="reports.render_city_report").count() == 2
    assert AuditEntry.objects.filter(action=Action.ORDER_DOCUMENT, subject_id=str(cycle.pk)).count() == 2


def test_it_is_a_draft_until_everything_is_final(people: Personas) -> None:
    final = evaluated(people)
    assert order(final.cycle, people.officer).is_final
    evaluated(people, EvaluationStatus.SUBMITTED)

    draft = order(final.cycle, people.officer)

    assert draft.is_draft
    assert 'class="watermark"' in city_html(draft)


@pytest.mark.parametrize("who", ["lead", "finance", "expert", "supervisor"])
def test_others_do_not_order_it(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        order(evaluated(people).cycle, getattr(people, who))
    assert not CityReport.objects.exists()


def test_every_figure_over_the_years_is_that_of_the_database(people: Personas) -> None:
    one = evaluated(people)
    target = set_target(
        metric=TargetMetric.CONSORTIA, year=one.cycle.year, value=Decimal(4), document="样例1号", actor=people.officer,
        at=NOON,
    )  # fmt: skip

    snapshot = city_snapshot(one.cycle, at=NOON)

    alive = asked(
        "select count(*) from consortia_consortium where status in ('CULTIVATION', 'OPERATING', 'RECTIFYING') "
        "and tier <> '' and recognised_on <= %s", NOON.date(),
    )  # fmt: skip
    figures = {(row["metric"], row["year"]): row["value"] for row in snapshot["figures"]}
    assert figures["CONSORTIA", one.cycle.year] == f"{alive}.00"
    assert [(row["metric"], row["value"]) for row in snapshot["targets"]] == [(target.metric, "4.00")]
    assert [(row["in_year"], row["mark"], row["count"]) for row in snapshot["trends"]["grades"]] == [
        (one.cycle.year, one.grade, 1)
    ]
    place = {"field": one.consortium.sub_field_id, "of_tier": one.consortium.tier}
    assert snapshot["evaluation"]["cells"] == [{**place, "count": 1, "at": [f"{one.total:.2f}"] * 5}]
    lines = {row["code"]: (row["given"], row["most"]) for row in snapshot["evaluation"]["indicators"]}
    assert {
        row["code"]: (f"{Decimal(row['score']):.2f}", f"{Decimal(row['max']):.2f}") for row in one.sheet["lines"]
    } == lines


def test_tasks_platforms_and_process_are_counted(people: Personas) -> None:
    one = evaluated(people)
    work = one.consortium.tasks.count()
    Evaluation.objects.filter(pk=one.pk).update(returned_count=2, submitted_at=NOON - 3 * DAY, verified_at=NOON - DAY)

    snapshot = city_snapshot(one.cycle, at=NOON)

    assert sum(row["count"] for row in snapshot["tasks"]["classes"]) == work
    assert sum(row["count"] for row in snapshot["tasks"]["technologies"]) == one.consortium.technologies.count()
    assert sum(row["count"] for row in snapshot["resources"]["platforms"]) == asked(
        "select count(*) from consortia_platform where opened_on <= %s", one.cycle.window[1]
    )
    assert snapshot["process"]["steps"][0] == {"step": "verified", "count": 1, "median": "2.00", "most": "2.00"}
    assert (snapshot["process"]["sent_back"], snapshot["process"]["returns"]) == (1, 2)
    assert snapshot["process"]["experts"] == {"count": 1, "most": 1, "mean": "1.0", "spread": "0.00"}
    assert snapshot["risks"]["rectifying"] == 0


def test_leads_clusters_and_the_network_are_those_of_the_registers(people: Personas) -> None:
    cycle = rich_evaluation(people).cycle
    evaluated(people)
    alive = Consortium.objects.filter(status__in=ALIVE, recognised_on__lte=cycle.window[1]).exclude(tier="")
    joined = Participation.objects.filter(status__in=JOINED, consortium__in=alive)
    members = [set(joined.filter(consortium=one).values_list("organisation", flat=True)) for one in alive]
    met = {
        who: len(set().union(*(all_of_them for all_of_them in members if who in all_of_them)) - {who})
        for who in set().union(*members)
    }  # fmt: skip
    made = [
        one for one in Outcome.objects.counted_once().filter(consortium__in=alive).select_related("consortium__lead")
        if one.date.year == cycle.year
    ]  # fmt: skip

    snapshot = city_snapshot(cycle, at=NOON)

    whole, central = snapshot["collaboration"]["network"][0], snapshot["collaboration"]["central"]
    assert (whole["count"], whole["most"]) == (len(met), max(met.values()))
    assert whole["mean"] == f"{sum(met.values()) / len(met):.2f}"
    assert [row["partners"] for row in central] == sorted(met.values(), reverse=True)[:10]
    assert made
    assert Counter(one.consortium.lead.name for one in made) == {
        row["lead"]: row["count"] for row in snapshot["ranks"]["outcomes"]
    }
    by_field = Counter((str(one.consortium.sub_field_id), one.kind) for one in made)
    of_year = {(str(row["field"]), row["kind"]): row["count"] for row in snapshot["fields"]["outcomes"]}
    assert all(of_year[key] >= count for key, count in by_field.items())
    paid = asked("select coalesce(sum(amount), 0) from funding_payment where standing_id is not null")
    assert sum(Decimal(row["sum"]) for row in snapshot["ranks"]["paid"]) == paid > 0
    assert sum(Decimal(row["sum"]) for row in snapshot["fields"]["paid"]) == paid


@pytest.mark.parametrize("grade", [Grade.QUALIFIED, Grade.UNQUALIFIED])
def test_a_gap_in_the_list_may_be_any_grade_that_does_not_honour(people: Personas, grade: Grade) -> None:
    one = evaluated(people)
    Evaluation.objects.filter(pk=one.pk).update(grade=grade)
    assert {row["grade"] for row in city_snapshot(one.cycle, at=NOON)["list"]} == {""}
    Evaluation.objects.filter(pk=one.pk).update(grade=Grade.GOOD)
    assert {row["grade"] for row in city_snapshot(one.cycle, at=NOON)["list"]} == {Grade.GOOD}


@pytest.mark.usefixtures("fonts")
def test_it_is_archival_and_accessible_with_its_data_inside(people: Personas, tmp_path: Path) -> None:
    document = order(evaluated(people).cycle, people.officer)

    content = file_of(document, tmp_path, "one.pdf")

    with pikepdf.open(io.BytesIO(content)) as file:
        meta = file.open_metadata()
        marked = bool(file.Root.MarkInfo.Marked)
        inside = {name: bytes(one.get_file().read_bytes()) for name, one in file.attachments.items()}
    printed = list(tables(city_report(city_material(document))))
    assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"], marked) == ("3", "A", "1", True)
    assert hashlib.sha256(inside["snapshot.json"]).hexdigest() == document.snapshot_hash
    assert sorted(inside) == ["snapshot.json", *(f"table-{n:02}.csv" for n in range(1, len(printed) + 1))]


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_give_one_summary(people: Personas) -> None:
    cycle = evaluated(people).cycle
    acts = [partial(order, cycle, actor) for actor in (people.officer, people.head)]

    numbers = {one.number for one in at_once(*acts)}

    assert numbers == {f"CS-{cycle.year}-0001"}
    assert CityReport.objects.count() == Job.objects.filter(kind="reports.render_city_report").count() == 1


@pytest.mark.usefixtures("fonts")
def test_the_same_bytes_and_the_figures_in_print(people: Personas, tmp_path: Path) -> None:
    one = evaluated(people)
    document = order(one.cycle, people.officer)

    first, second = (file_of(document, tmp_path, name) for name in ("one.pdf", "two.pdf"))

    assert first == second
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(first)).pages))
    assert document.number in text
    assert one.consortium.code[-4:] in text
    assert f"{one.total:.2f}" in text
    assert "1of1evaluationsarefinal" in text
    assert len(city_report(city_material(document)).chapters) == 14
    for title in ("4.Tasksandbreakthroughs", "6.Thecityovertheyears", "11.Theprocess", "14.Theyeartocome"):
        assert title in text
    points = f"{one.total:.2f}" * 5
    assert f"1{points}" in text  # one evaluation: least, quartiles and most


@pytest.mark.usefixtures("fonts")
def test_it_is_ordered_made_taken_and_verified(people: Personas, client: Client) -> None:
    cycle = evaluated(people).cycle
    client.force_login(people.officer)
    page = reverse("reports:city-reports", args=[cycle.pk])
    assert page in client.get(cycle.get_absolute_url()).text
    client.post(page, {"language": "xx"})
    assert not CityReport.objects.exists()

    for _ in range(2):
        client.post(page, {"language": "en"})
    document = CityReport.objects.get()
    assert document.job
    jobs.run(document.job.pk, timezone.now())

    document.refresh_from_db()
    assert document.file
    taken = client.get(document.get_absolute_url())
    assert (taken.headers["Content-Type"], b"".join(taken.streaming_content)[:5]) == ("application/pdf", b"%PDF-")
    public = Client().get(reverse("reports:report-verify", args=[document.number]))
    assert document.file.sha256 in public.text
    client.force_login(people.lead)
    assert client.get(document.get_absolute_url()).status_code in {403, 404}
