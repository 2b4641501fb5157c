"""A final report is never replaced in silence: the new one says what it says otherwise."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils.translation import override

from portal.kernel import jobs
from portal.kernel.audit import sha256
from portal.kernel.models import Notification
from reports.enums import EvaluationStatus, ReportStatus
from reports.exporters.annual import annual_report
from reports.exporters.annual.blocks import Table
from reports.exporters.annual.data import tables
from reports.exporters.annual.material import Material
from reports.models import Evaluation, Report
from reports.selectors.snapshots import report_snapshot
from reports.services.documents import request_report
from reports.tasks import annual_html, material_of
from tests.clock import DAY, NOON
from tests.factories.reports import make_evaluation, make_report, rich_evaluation
from tests.personas import Personas

pytestmark = pytest.mark.usefixtures("fonts")

S = EvaluationStatus


def issued(evaluation: Evaluation, people: Personas, language: str = "en", at: Any = NOON) -> Report:
    report = request_report(evaluation=evaluation, actor=people.head, language=language, at=at)
    assert report.job
    jobs.run(report.job.pk, at)
    report.refresh_from_db()
    return report


def changed(evaluation: Evaluation, **facts: Any) -> Evaluation:
    """As an operator would after a court's word: behind the workflow."""
    Evaluation.objects.filter(pk=evaluation.pk).update(**facts)
    evaluation.refresh_from_db()
    return evaluation


# --- which report corrects which ---------------------------------------------------------------
@pytest.mark.usefixtures("light")
def test_a_final_report_of_other_facts_corrects_the_one_before(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FINAL)
    first = issued(evaluation, people)

    second = issued(changed(evaluation, total=Decimal("84.00")), people, at=NOON + DAY)
    third = issued(changed(evaluation, total=Decimal("85.00")), people, at=NOON + 2 * DAY)

    assert (first.corrects, second.corrects, third.corrects) == (None, first, second)
    told = Notification.objects.filter(recipient=people.lead, kind="reports.report_corrected")
    assert [notice.params["number"] for notice in told.order_by("created_at")] == [second.number, third.number]


@pytest.mark.usefixtures("light")
def test_a_draft_corrects_nothing(people: Personas) -> None:
    evaluation = make_evaluation(people, S.GRADED)
    issued(evaluation, people)

    assert issued(changed(evaluation, total=Decimal("84.00")), people).corrects is None


@pytest.mark.usefixtures("light")
def test_another_language_and_a_newer_template_correct_nothing(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FINAL)
    first = issued(evaluation, people)
    Report.objects.filter(pk=first.pk).update(template_version="0")

    assert (issued(evaluation, people, "zh-hans").corrects, issued(evaluation, people).corrects) == (None, None)


@pytest.mark.usefixtures("light")
def test_what_was_never_issued_is_not_corrected(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FINAL)
    make_report(people, evaluation, language="en", status=ReportStatus.FAILED)

    assert issued(evaluation, people).corrects is None


# --- the page of differences -------------------------------------------------------------------
def material(evaluation: Evaluation, number: str = "PJ-2026-0001") -> Material:
    snapshot = report_snapshot(evaluation)
    return Material(snapshot, number, "1", sha256(snapshot))


def rows(corrected: Material) -> dict[tuple[str, str, str], tuple[str, str]]:
    with override("en"):
        correction = annual_report(corrected).correction
    assert correction
    found = [block for block in correction.blocks if isinstance(block, Table)]
    return {(row[0], row[1], row[2]): (row[3], row[4]) for table in found for row in table.rows}


def test_a_changed_figure_stands_with_its_place_before_and_now(people: Personas) -> None:
    evaluation = rich_evaluation(people, S.FINAL)
    before = material(evaluation)
    after = material(changed(evaluation, total=Decimal("71.25"), grade="GOOD"), "PJ-2026-0002")

    found = rows(replace(after, corrects=before))

    values = set(found.values())
    assert ("Grade of 2026: Excellent.", "Grade of 2026: Good.") in values
    assert found["12. Conclusion", "Paragraph 1", "—"] == ("Grade of 2026: Excellent.", "Grade of 2026: Good.")
    assert all(was != now for was, now in values)


def test_what_came_and_what_went_is_said(people: Personas) -> None:
    before = material(rich_evaluation(people, S.FINAL))
    snapshot = deepcopy(before.snapshot)
    gone, *snapshot["filing"]["facts"]["technologies"] = snapshot["filing"]["facts"]["technologies"]
    after = Material(snapshot, "PJ-2026-0002", "1", sha256(snapshot))

    lost = rows(replace(after, corrects=before))
    won = rows(replace(before, corrects=after))

    line = ("3. Research tasks · Key-technology list", gone["name"], "the whole line")
    assert (lost[line][1], won[line][0]) == ("—", "—")
    assert gone["indicator"] in lost[line][0]
    assert lost[line][0] == won[line][1]


def test_the_same_facts_differ_in_nothing(people: Personas) -> None:
    one = material(rich_evaluation(people, S.FINAL))

    with override("en"):
        report = annual_report(replace(one, corrects=replace(one, number="PJ-2026-0000")))

    assert report.correction
    assert [type(block).__name__ for block in report.correction.blocks] == ["Prose"]
    assert "No statement differs." in report.correction.blocks[0].paragraphs  # type: ignore[union-attr]


def test_the_document_carries_the_page_and_its_table(people: Personas) -> None:
    evaluation = make_evaluation(people, S.FINAL)
    first = issued(evaluation, people)
    second = issued(changed(evaluation, total=Decimal("84.00")), people, at=NOON + DAY)
    said = material_of(second)
    with connection.execute_wrapper(_no_query), override("en"):
        html, first_table = annual_html(said, "en"), next(tables(annual_report(said)))

    assert html.index('id="differences"') < html.index('id="summary"')
    assert f"This report corrects report {first.number}" in html
    assert first_table.caption == "Differences"


def _no_query(*_args: Any) -> Any:
    pytest.fail("the text of a report asks the database")


@pytest.mark.usefixtures("light")
def test_each_page_leads_to_the_other(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people, S.FINAL)
    first = issued(evaluation, people)
    second = issued(changed(evaluation, total=Decimal("84.00")), people, at=NOON + DAY)
    client = sign_in(people.signatory)

    pages = {report: client.get(report.get_absolute_url()).content.decode() for report in (first, second)}

    assert second.get_absolute_url() in pages[first]
    assert first.get_absolute_url() in pages[second]
