"""Chapter four: the year closes, from the self-report to the printed report."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from consortia.enums import Action as Work
from consortia.enums import OutcomeKind, PatentType, StandardLevel, StandardRole
from consortia.models import ResearchTask
from members.models import Organisation
from reports.enums import Action
from reports.rules import DIMENSIONS
from tests.journeys.forming import CONSORTIUM, LEAD, UNIVERSITY
from tests.journeys.person import Person
from tests.samples import PDF
from tests.workers import Workers

SUMMARY = "本年度完成两台样机并通过第三方测试，获授权发明专利一件，主导团体标准一项，联合实验室运行正常。"
PROBLEMS = "散热方案需进一步优化，明年开展中试验证。"
OPINION = "年度任务按期完成，指标达成情况好，证明材料充分；建议加快中试。"
WITHOUT_YARDSTICK = {"execution": 90, "own_funds": 3900}  # per cent; all the cash promised, ×10k yuan
EXPERT_SCORES = {"Technical indicators reached": 7, "Level of breakthrough": 4}
TOTAL = "78.40"  # 12+7+4, 1+3+0+0, 7+0+4, 5+4+3+3, 2.5+3+2, 3+2+2, 0.9+2, 2+2+4: see reports/rules.py
LEAST_PAGES = 10


def record_results(lead: Person) -> None:
    """What the year brought: a milestone, a patent, a standard."""
    today, year = timezone.localdate(), timezone.localdate().year
    lead.follow("Consortia")
    lead.follow_text(CONSORTIUM)
    lead.follow_start("Research tasks")
    lead.follow("Record as reached")
    lead.fill({"actual": 2, "reached on": today.isoformat()})
    lead.press(Work.REACH)
    lead.is_told("The milestone is recorded as reached.")
    lead.follow_start("Outcomes")
    granted = {
        "Number of the patent or of its application": "ZL202610000001.9",
        "type of patent": PatentType.INVENTION,
        "applied on": f"{year - 1}-01-01",
        "granted on": f"{year}-01-01",
    }
    published = {
        "Number of the standard": "T/YL 001—2026",
        "level of the standard": StandardLevel.GROUP,
        "role in the standard": StandardRole.LEAD,
        "Published on": f"{year}-01-01",
    }
    record_outcome(lead, OutcomeKind.PATENT, "一种低损耗光耦合结构", LEAD, granted)
    record_outcome(lead, OutcomeKind.STANDARD, "高速光互连芯片封装测试方法", UNIVERSITY, published)


def record_outcome(lead: Person, kind: OutcomeKind, name: str, owner: str, facts: dict[str, Any]) -> None:
    """The kind first, then its form; afterwards the register of the consortium again."""
    lead.follow(Work.ADD_OUTCOME)
    lead.follow(kind)
    organisation = Organisation.objects.get(name=owner)
    lead.fill({
        "name": name,
        "owner": organisation,
        "research task": ResearchTask.objects.filter(consortium__participations__organisation=organisation).first(),
        **facts,
    })  # fmt: skip
    lead.press(Work.ADD_OUTCOME)
    lead.is_told("Saved.")
    lead.follow("Outcomes")


def open_year(officer: Person) -> None:
    """The evaluation of this year; the form proposes the dates."""
    officer.follow("Annual evaluation")
    officer.follow(Action.OPEN_CYCLE)
    officer.press(Action.OPEN_CYCLE)
    officer.is_told("The year is open; the leads have been told.")
    officer.sees(CONSORTIUM)


def write_self_report(lead: Person) -> None:
    """Texts and every stated figure; then it is filed."""
    open_own_evaluation(lead)
    lead.follow("Write self-report")
    lead.fill({"Summary of the year": SUMMARY, "Problems and plans": PROBLEMS})
    for metric in stated_metrics():
        name = metric["zh"] if lead.language == "zh-hans" else metric["en"]
        value = metric["yardstick"] or WITHOUT_YARDSTICK.get(metric["code"], 0)
        lead.field("%(name)s: actual value", name=name).fill(str(value))
    lead.press("Save")
    attach_evidence(lead)
    lead.follow(Action.SUBMIT)
    lead.fill({"The figures are true, complete and proven; my organisation answers for them.": True})
    lead.press(Action.SUBMIT)
    lead.has_done(Action.SUBMIT)


def attach_evidence(lead: Person) -> None:
    """One file for everything that the lead states: without it no figure counts."""
    lead.follow(Action.ATTACH)
    lead.field("File").set_input_files([{"name": "evidence.pdf", "mimeType": "application/pdf", "buffer": PDF}])
    lead.fill({"What it is": "样例年度佐证材料"})
    for box in lead.page.get_by_role("checkbox").all():
        box.check()
    lead.press(Action.ATTACH)
    lead.is_told("The file is attached.")


def stated_metrics() -> list[dict[str, str]]:
    """What the lead states itself."""
    indicators = [one for dimension in DIMENSIONS for one in dimension["indicators"]]
    return [metric for one in indicators for metric in one["metrics"] if metric["source"] == "self"]


def open_own_evaluation(person: Person) -> None:
    """From the list of the lead or of the expert."""
    person.follow("Annual evaluation")
    person.follow_text(CONSORTIUM)


def open_evaluation(official: Person) -> None:
    """From the year's list of the officials."""
    official.follow("Annual evaluation")
    official.page.get_by_role("main").locator("td.c-name a").first.wait_for()
    official.go(official.page.get_by_role("main").locator("td.c-name a").first)
    official.follow_text(CONSORTIUM)


def verify(district: Person) -> None:
    """The district finds the figures proven; some were drawn for a check on the spot."""
    open_evaluation(district)
    district.follow(Action.VERIFY)
    drawn = district.page.get_by_role("group", name=district.word("Checked on the spot")).get_by_role("checkbox")
    assert drawn.count()
    for box in drawn.all():
        box.check()
    district.fill({"Opinion of the verification": "已与证明材料逐项核对，数据一致。"})
    district.press(Action.VERIFY)
    district.has_done(Action.VERIFY)


def ask_expert(officer: Person, name: str) -> None:
    """One expert scores what no figure tells."""
    open_evaluation(officer)
    officer.follow(Action.ASSIGN)
    label = officer.page.get_by_role("option").filter(has_text=name).first.inner_text()
    officer.field("Expert").select_option(label=label)
    officer.press(Action.ASSIGN)
    officer.has_done(Action.ASSIGN)


def score(expert: Person) -> None:
    """Declares no conflict, then scores."""
    open_own_evaluation(expert)
    expert.follow(Action.DECLARE)
    expert.fill({
        "I have no conflict of interest: I neither work for a member, hold a share in one nor cooperated "
        "with one in the last three years, and I keep what I read confidential.": True
    })  # fmt: skip
    expert.press(Action.DECLARE)
    expert.follow(Action.SCORE)
    for indicator in (one for dimension in DIMENSIONS for one in dimension["indicators"] if one["method"] == "expert"):
        group = expert.page.get_by_role("group").filter(has_text=indicator["code"])
        group.locator("input").fill(str(EXPERT_SCORES[indicator["en"]]))
        group.locator("textarea").fill("第三方测试报告齐全，指标达到任务书要求。")
    expert.fill({"Opinion on the year": OPINION})
    expert.press("Hand in scores")
    expert.has_done(Action.SCORE)


def grade(officer: Person) -> None:
    """The computed total; nothing is added or taken."""
    open_evaluation(officer)
    officer.follow(Action.GRADE)
    officer.sees(TOTAL)
    officer.press(Action.GRADE)
    officer.has_done(Action.GRADE)


def confirm(head: Person) -> None:
    """The division head confirms; the lead may read its grade."""
    open_evaluation(head)
    head.follow(Action.CONFIRM)
    head.press(Action.CONFIRM)
    head.has_done(Action.CONFIRM)


def appeal(lead: Person) -> None:
    """The lead contests one score."""
    open_own_evaluation(lead)
    lead.sees(TOTAL)
    lead.follow(Action.APPEAL)
    lead.fill({"Grounds": "联合实验室的开放机时证明已补充，请复核 G4.3 的得分。"})
    lead.press(Action.APPEAL)
    lead.has_done(Action.APPEAL)


def dismiss_appeal(leader: Person) -> None:
    """The leader, who neither graded nor confirmed, finds that the grade stands."""
    open_evaluation(leader)
    leader.go(leader.page.get_by_role("link", name=re.compile("SS-")).first)
    leader.follow(Action.DISMISS)
    leader.fill({"Finding": "补充材料形成于评价年度之后，评价结果不变。"})
    leader.press(Action.DISMISS)
    leader.is_told("The decision is recorded.")


def publish_grades(head: Person) -> None:
    """A meeting decided; the list is published for objections."""
    head.follow("Annual evaluation")
    head.page.get_by_role("main").locator("td.c-name a").first.wait_for()
    head.go(head.page.get_by_role("main").locator("td.c-name a").first)
    head.follow("Publish grades")
    head.fill({
        "Day of the meeting": timezone.localdate().isoformat(),
        "Number of the minutes": "样例会议纪要 21 号",
        "Document number": "样例评价公示 1 号",
    })  # fmt: skip
    head.press("Publish grades")
    head.is_told("The list is published.")


def read_grades(visitor: Person) -> None:
    """Anybody reads the list; there are no points on it."""
    visitor.open("/reports/grades/")
    visitor.go(visitor.page.locator(".files a").first)
    visitor.sees(CONSORTIUM)
    assert TOTAL not in visitor.page.content()


def make_final(head: Person) -> None:
    """The list is over: its grades are final, and the reports are ordered at once."""
    head.page.reload()
    head.follow_start("Make grades final")
    head.press("Make grades final")
    open_evaluation(head)


def decide_consequences(leader: Person) -> None:
    """The leader opens the next tranche and leaves the rest for later."""
    open_evaluation(leader)
    leader.follow("Decide on consequences")
    leader.page.get_by_label(leader.word(Action.ACCEPT_CONSEQUENCE), exact=True).first.check()
    leader.press("Record decisions")
    leader.is_told("The decision is recorded.")


def watch_report(head: Person, worker: Workers) -> None:
    """The page shows how far the worker is, without being loaded again; until now there was none."""
    head.go(head.page.locator(".files a").first)
    bar = head.page.get_by_role("progressbar")
    expect(bar).to_have_attribute("value", "0")
    worker.start()
    expect(bar).to_have_attribute("value", "35", timeout=30_000)
    expect(head.page.get_by_role("heading", name=head.word("The report is ready"))).to_be_visible(timeout=90_000)
    head.look()


def open_report(head: Person) -> bytes:
    """In the browser; the file behind the link of the bureau."""
    link = head.page.get_by_role("link", name=head.word("Open report"), exact=True)
    answer = head.page.context.request.get(head.url + str(link.get_attribute("href")))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"].startswith("inline")
    return answer.body()


def download_report(lead: Person) -> bytes:
    """The enterprise takes the same file home."""
    lead.follow("Reports")
    lead.go(lead.page.get_by_role("main").locator("td a").first)
    handed = lead.download(lead.page.get_by_role("link", name=lead.word("Download report"), exact=True))
    return Path(handed.path()).read_bytes()


def read_report(content: bytes) -> tuple[int, str]:
    """Pages and text of a PDF."""
    assert content[:5] == b"%PDF-"
    pages = PdfReader(BytesIO(content)).pages
    return len(pages), "".join(page.extract_text() for page in pages).replace("\n", "")
