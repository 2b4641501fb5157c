"""A year closes for three consortia: one grade is contested and given anew, a list is published, every report is made
by one click, and whoever holds one of them finds out by the code in its footer that it is the portal's.

What nobody waits for is moved in the database: the term for appeals and the days of the list.
"""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import segno
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect
from pypdfium2 import PdfDocument

from reports.enums import Action, BatchStatus
from reports.enums import EvaluationStatus as S
from reports.models import Evaluation, GradeList, Report, ReportBatch
from tests.factories.reports import make_evaluation
from tests.journeys.person import Person
from tests.personas import Personas
from tests.workers import Workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
Enter = Callable[..., Person]

GROUNDS = "联合实验室的开放机时证明已补充，请复核 G4.3 的得分。"
FINDING = "补充证明属于评价年度，应当计入，请重新评定。"
PATIENCE = 120_000  # milliseconds for three reports in two languages
DOTS = 600  # an inch of the picture of a page


def test_a_year_of_three_consortia(enter: Enter, people: Personas, worker: Workers, tmp_path: Path) -> None:
    years = [make_evaluation(people, S.GRADED) for _ in range(3)]
    names = ("officer", "head", "leader", "signatory")
    officer, head, leader, lead = (enter(name, "en" if name == "head" else "zh-hans") for name in names)
    for person, name in zip((officer, head, leader, lead), names, strict=True):
        person.comes_in_as(getattr(people, name))

    for year in years:
        confirm(head, year)
    accept(lead, years[0])
    contest(lead, leader, years[1])
    grade_again(officer, head, years[1])
    accept(lead, years[1])
    let_the_term_pass(years[2])
    publish(head, years)
    let_the_list_pass()
    make_final(head)
    assert set(Evaluation.objects.values_list("status", flat=True)) == {S.FINAL}

    files = take_all_reports(officer, years)
    for name, content in files.items():
        number = name.split()[0]
        assert code_on_the_page(content) == code_of(f"{worker.more['PUBLIC_URL']}{page_of(number)}")
    number, content = next((name.split()[0], content) for name, content in files.items())
    verify(enter(), number, content, tmp_path)


# --- grades ------------------------------------------------------------------------------------
def confirm(head: Person, year: Evaluation) -> None:
    """The lead may read its grade."""
    head.visit("reports:evaluation-detail", year.pk)
    head.follow(Action.CONFIRM)
    head.press(Action.CONFIRM)
    head.has_done(Action.CONFIRM)


def accept(lead: Person, year: Evaluation) -> None:
    """Without an appeal."""
    lead.visit("reports:evaluation-detail", year.pk)
    lead.follow(Action.ACCEPT_GRADE)
    lead.press(Action.ACCEPT_GRADE)
    lead.has_done(Action.ACCEPT_GRADE)


def contest(lead: Person, leader: Person, year: Evaluation) -> None:
    """The lead appeals; the leader, who has judged nothing yet, finds that it is right."""
    lead.visit("reports:evaluation-detail", year.pk)
    lead.follow(Action.APPEAL)
    lead.fill({"Grounds": GROUNDS})
    lead.press(Action.APPEAL)
    lead.has_done(Action.APPEAL)
    leader.visit("reports:appeal-detail", year.appeals.get().pk)
    leader.follow(Action.UPHOLD)
    leader.choose("What is done again", "Grade the year again")
    leader.fill({"Finding": FINDING})
    leader.press(Action.UPHOLD)
    leader.is_told("The decision is recorded.")


def grade_again(officer: Person, head: Person, year: Evaluation) -> None:
    """From the grade on, everything is done once more."""
    officer.visit("reports:evaluation-detail", year.pk)
    officer.follow(Action.GRADE)
    officer.press(Action.GRADE)
    officer.has_done(Action.GRADE)
    confirm(head, year)


def let_the_term_pass(year: Evaluation) -> None:
    """Moved in the database: the last day for an appeal was yesterday."""
    Evaluation.objects.filter(pk=year.pk).update(appeal_until=timezone.localdate() - timedelta(days=1))


def publish(head: Person, years: list[Evaluation]) -> None:
    """A meeting decided on the three."""
    head.visit("reports:grades-publicise", years[0].cycle_id)
    head.fill({
        "Day of the meeting": timezone.localdate().isoformat(),
        "Number of the minutes": "样例会议纪要 22 号",
        "Document number": "样例评价公示 2 号",
    })  # fmt: skip
    head.press("Publish grades")
    head.is_told("The list is published.")
    for year in years:
        head.sees(year.consortium.name)


def let_the_list_pass() -> None:
    """Moved in the database: the list ended yesterday."""
    today = timezone.localdate()
    begin, end = today - timedelta(days=7), today - timedelta(days=1)
    GradeList.objects.update(meeting_on=begin, starts_on=begin, ends_on=end)


def make_final(head: Person) -> None:
    """All three at one click."""
    head.page.reload()
    head.follow_start("Make grades final")
    head.press("Make grades final")


# --- reports -----------------------------------------------------------------------------------
def take_all_reports(officer: Person, years: list[Evaluation]) -> dict[str, bytes]:
    """One click for all; the bar moves by itself, then the page offers the ZIP."""
    officer.visit("reports:batch-order", years[0].cycle_id)
    officer.fill({"Language": "English"})
    officer.press("Make all reports")
    officer.is_told("The reports are being made.")
    label = officer.counted("Download %(n)s report (ZIP)", "Download %(n)s reports (ZIP)", 3, n=3)
    offered = officer.page.get_by_role("link", name=label, exact=True)
    expect(offered).to_be_visible(timeout=PATIENCE)
    assert ReportBatch.objects.get().status == BatchStatus.ENDED
    archive = zipfile.ZipFile(BytesIO(Path(officer.download(offered).path()).read_bytes()))
    files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".pdf")}
    wanted = Report.objects.filter(language="en", is_final=True, evaluation__in=years)
    assert {name.split()[0] for name in files} == set(wanted.values_list("number", flat=True))
    return files


def page_of(number: str) -> str:
    return reverse("reports:report-verify", args=[number])


def code_of(address: str) -> list[list[int]]:
    """The dark and light squares of the code that leads there."""
    return [[int(square) for square in line] for line in segno.make_qr(address, error="m").matrix]


def code_on_the_page(content: bytes) -> list[list[int]]:
    """The squares of the code as it is printed, lower left on the second page."""
    page = PdfDocument(content)[1].render(scale=DOTS / 72, grayscale=True).to_pil()
    corner = corner_of(page.point(lambda tone: 255 if tone < 128 else 0))
    number = len(code_of(f"http://localhost:65535{page_of('PJ-2026-0001')}"))
    step = corner.width / number
    at = [int((index + 0.5) * step) for index in range(number)]
    return [[int(corner.getpixel((x, y)) == 255) for x in at] for y in at]  # type: ignore[call-overload]


def corner_of(page: Image.Image) -> Image.Image:
    """What is dark there, cut close."""
    part = page.crop((0, page.height - int(DOTS * 1.2), int(DOTS * 1.05), page.height))
    return part.crop(part.getbbox())


def verify(visitor: Person, number: str, content: bytes, folder: Path) -> None:
    """Who follows the code drops the file: it is the portal's, and a changed one is not."""
    same, other = folder / "same.pdf", folder / "other.pdf"
    same.write_bytes(content)
    other.write_bytes(content[:-1])
    visitor.open(page_of(number))
    visitor.sees(number)
    visitor.page.set_input_files("input[type=file]", other)
    expect(visitor.page.locator("[data-result=other]")).to_be_visible()
    visitor.page.set_input_files("input[type=file]", same)
    expect(visitor.page.locator("[data-result=same]")).to_be_visible()
