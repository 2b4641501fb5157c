"""The sheet of an expert filled in offline: every difference is shown, all of it is taken over or nothing."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from funding.enums import ApplicationStatus, ReviewStatus
from funding.forms.score_workbook import ScoreJudgement, write_form
from funding.models import Review, ScoreWorkbook
from funding.services.score_workbooks import apply_scores, upload_scores
from funding.services.scores import Entry, ScoresChanged, save_scores
from portal.kernel import files
from portal.kernel.tables import Unreadable
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import freeze, make_application, make_review
from tests.personas import Personas

S = ApplicationStatus
R = ReviewStatus
pytestmark = pytest.mark.usefixtures("english")


def review(people: Personas, status: str = R.ACCEPTED) -> Review:
    one = make_review(freeze(make_application(people, S.REVIEWING)), people.experts[0], people, status)
    if status == R.ACCEPTED:
        save_scores(review=one, actor=people.expert, entries={"T1": Entry(Decimal("6.5"), "可测")}, at=NOON)
    return one


def filled(one: Review, **cells: Any) -> Any:
    """The form with these cells filled in, by their row and field: T2_score."""
    content = BytesIO()
    write_form(content, one)
    book = load_workbook(content)
    for name, value in cells.items():
        key, _line, column = name.rpartition("_")
        for sheet in book.worksheets:
            columns = {sheet.cell(1, n).value: n for n in range(1, 10)}
            rows = {sheet.cell(row, 1).value: row for row in range(3, 30)}
            if str(sheet["A1"].value).startswith("#") and key in rows and column in columns:
                sheet.cell(rows[key], columns[column]).value = value
    kept = BytesIO()
    book.save(kept)
    return SimpleUploadedFile("样例.xlsx", kept.getvalue(), files.XLSX)


def upload(one: Review, people: Personas, **cells: Any) -> ScoreWorkbook:
    return upload_scores(review=one, upload=filled(one, **cells), actor=people.expert, at=NOON)


def changes(found: ScoreJudgement) -> dict[str, list[tuple[str, str, str]]]:
    return {row.label.split(" ")[0]: row.changes for table in found.tables for row in table.rows}


def take(row: ScoreWorkbook, people: Personas, found: ScoreJudgement | None = None) -> ScoreWorkbook:
    form = (found or ScoreJudgement(row)).form
    return apply_scores(
        workbook=row, entries=form.entries, texts=form.texts, typing=form.typing, actor=people.expert, at=NOON
    )


def test_what_comes_back_untouched_changes_nothing(people: Personas) -> None:
    row = upload(review(people), people)
    found = ScoreJudgement(row)

    assert (found.changed, found.wrong) == (0, 0)
    with pytest.raises(TransitionRefused, match="differs"):
        take(row, people, found)


def test_scores_comments_and_texts_are_shown_and_taken_over_at_once(people: Personas) -> None:
    one = review(people)
    row = upload(one, people, T1_score=7, T2_score=4.5, T2_comment="风险对策偏弱", opinion_text="样例意见。",
                 suggested_tier_text="B")  # fmt: skip
    found = ScoreJudgement(row)

    assert changes(found) == {
        "T1": [("Points", "6.5", "7")],
        "T2": [("Points", "", "4.5"), ("Comment", "", "风险对策偏弱")],
        "overall": [("Text", "", "样例意见。")],
        "suggested": [("Text", "", "B")],
    }
    take(row, people, found)
    one.refresh_from_db()
    assert {score.indicator: score.score for score in one.scores.all()} == {"T1": Decimal(7), "T2": Decimal("4.5")}
    assert (one.opinion, one.suggested_tier, row.applied_at) == ("样例意见。", "B", NOON)


def test_what_was_saved_on_line_meanwhile_stays_unless_the_form_changes_it(people: Personas) -> None:
    one = review(people)
    form = filled(one, T2_score=4)
    save_scores(review=one, actor=people.expert, entries={"T1": Entry(Decimal(3), "改")}, at=NOON)
    row = upload_scores(review=one, upload=form, actor=people.expert, at=NOON)

    take(row, people)

    assert {score.indicator: score.score for score in one.scores.all()} == {"T1": Decimal(3), "T2": Decimal(4)}


@pytest.mark.parametrize(
    "cells", [{"T1_score": 9}, {"T1_score": "viel"}, {"T1_score": 1.25}, {"suggested_tier_text": "Z"}, {"T1_score": -1}]
)
def test_what_is_wrong_is_said_at_its_row(people: Personas, cells: Any) -> None:
    assert ScoreJudgement(upload(review(people), people, **cells)).wrong == 1


def test_the_second_time_is_refused(people: Personas) -> None:
    row = upload(review(people), people, T2_score=4)
    take(row, people)

    with pytest.raises(TransitionRefused, match="already"):
        take(row, people)


def test_a_save_since_the_comparison_is_not_overwritten(people: Personas) -> None:
    one = review(people)
    row = upload(one, people, T2_score=4)
    found = ScoreJudgement(row)
    save_scores(review=one, actor=people.expert, entries={"T2": Entry(Decimal(1))}, at=NOON)

    with pytest.raises(ScoresChanged):
        take(row, people, found)
    row.refresh_from_db()
    assert (one.scores.get(indicator="T2").score, row.applied_at) == (Decimal(1), None)


def test_the_form_of_another_review_is_refused(people: Personas) -> None:
    one = review(people)
    other = make_review(make_application(people, S.REVIEWING), people.experts[0], people, R.ACCEPTED)
    row = upload_scores(review=other, upload=filled(one, T2_score=4), actor=people.expert, at=NOON)

    with pytest.raises(Unreadable):
        ScoreJudgement(row)


def test_nobody_else_uploads_and_nobody_what_is_locked(people: Personas) -> None:
    one = review(people)
    for actor in (people.experts[1].user, people.officer):
        with pytest.raises(PermissionDenied):
            upload_scores(review=one, upload=filled(one), actor=actor, at=NOON)
    locked = make_review(make_application(people, S.REVIEWING), people.experts[0], people, R.SUBMITTED)
    with pytest.raises(TransitionRefused):
        upload_scores(review=locked, upload=filled(locked), actor=people.expert, at=NOON)


def test_the_pages_lead_from_the_download_to_the_acceptance(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)
    page = reverse("funding:review-workbook", args=[one.pk])

    got = client.get(reverse("funding:review-workbook-download", args=[one.pk]))
    sent = client.post(page, {"upload": filled(one, T2_score=4)})
    shown = client.get(sent.url)
    done = client.post(sent.url, {"digest": shown.context["judgement"].digest})

    assert (got["Content-Type"], client.get(page).status_code, done.status_code) == (files.XLSX, 200, 302)
    assert one.scores.get(indicator="T2").score == Decimal(4)
    assert sign_in(people.experts[1].user).get(sent.url).status_code == 404
    assert sign_in(people.officer).get(sent.url).status_code == 404
    assert client.post(sent.url, {"digest": "x"}).status_code == 409


def test_the_column_of_one_expert_is_not_called_a_mean(people: Personas) -> None:
    with override("zh-hans"):
        content = BytesIO()
        write_form(content, review(people))
        words = {cell.value for sheet in load_workbook(content).worksheets for row in sheet.iter_rows() for cell in row}

    assert "得分" in words
    assert "均分" not in words
