"""Chapter two, first half: the call, the application, the district and the formal check."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfWriter

from consortia.enums import Tier
from funding.enums import Action, BudgetCategory, BudgetSource, CheckResult
from tests.journeys.forming import CONSORTIUM, LEAD, LEAD_CASH, PARTNERS
from tests.journeys.person import Person

CALL = "样例年度创新联合体申报通知"
OBJECTIVE = "面向数据中心高速互连的迫切需求，攻克单通道 224 Gbps 光互连芯片封装，以第三方测试与两家用户验证为准。" * 3
TEXTS = {
    "Need and objective": OBJECTIVE,
    "Foundation of cooperation": "成员单位三年来合作完成五项课题，共有发明专利十二件，共建联合实验室一个。" * 3,
    "Technical route": "先行机理研究，再做样机与中试，最后示范应用；关键难点在低损耗耦合与散热，均有对策。" * 4,
    "Commercialisation": "样机通过验证后在本市投产，首批用户为两家数据中心设备企业，三年内形成规模收入。" * 3,
    "Talent, platforms and funds": "团队含高层次人才六名，联合实验室已运行，产业基金首期已到位。" * 3,
}
OPINION = "申报主体与材料属实，技术方向符合本市重点产业布局，予以推荐。"
DECLARATIONS = (
    "Everything stated in this application and its files is true, complete and lawfully obtained.",
    "The lead and every member keep the rules of research integrity; none is under a sanction that bars it.",
    "No other fiscal funds were received or applied for to pay for the same content.",
    (
        "The persons named have agreed to the handling of their personal data for application, review and "
        "supervision; the application contains no state secret."
    ),
)
BY_HAND = (
    "The reasons for deviations are acceptable",
    "The files are complete, legible and sealed where they must be",
    "Nothing in it is a state secret or needlessly personal",
)
CREDIT_BY_HAND = (
    "The credit data of the lead do not speak against funding",
    "The same content is not paid for elsewhere",
    "Neither the lead nor a member still has to pay back funds",
)


def publish_call(officer: Person) -> None:
    """A draft of this year, open since yesterday, made public under a document number."""
    now = timezone.localtime()
    officer.follow("Calls")
    officer.follow("New call")
    officer.fill({
        "title": CALL,
        "opens": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "closes": f"{now + timedelta(days=30):%Y-%m-%dT%H:%M}",
        "Budget (×10k yuan)": "2,000",
        "Guidelines": "支持龙头企业牵头组建创新联合体，申报单位应在本市注册。",
    })  # fmt: skip
    officer.press("Save draft")
    officer.follow(Action.PUBLISH_CALL)
    officer.fill({"Document number": f"样例科〔{now.year}〕1号"})
    officer.press(Action.PUBLISH_CALL)
    officer.is_told("The call is published.")


def write_application(lead: Person, folder: Path) -> None:
    """Every part of the form, saved one by one, and a file."""
    lead.follow("My applications")
    lead.follow("Start application")
    lead.page.get_by_label(CONSORTIUM).check()
    lead.fill({"Tier applied for": Tier.A})
    lead.press("Start application")
    lead.is_told("The application is started. Fill in its parts in any order.")
    lead.follow_start("Tier and amount")
    lead.fill({"Amount asked for (×10k yuan)": 200})
    for title, text in TEXTS.items():
        lead.press("Save and go on to “%(title)s”", title=lead.word(title))
        lead.fill({title: text})
    lead.press("Save and go on to “%(title)s”", title=lead.word("Budget"))
    fill_budget(lead)
    lead.press("Save and go on to “%(title)s”", title=lead.word("Eligibility check"))
    lead.press("Save")
    lead.follow_start("Files")
    lead.fill({"What it is": "上年度审计报告"})
    lead.field("File").set_input_files(audit_report(folder))
    lead.press("Attach file")
    lead.is_told("The file is attached.")
    lead.follow("Back to the task list")


def fill_budget(lead: Person) -> None:
    """The grant for the lead, and for everybody what it has promised; the sums follow while one types."""
    lead.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    planned = [
        (LEAD, BudgetSource.GRANT, 200), (LEAD, BudgetSource.OWN, LEAD_CASH),
        *((one.name, BudgetSource.OWN, one.cash) for one in PARTNERS.values() if one.cash),
    ]  # fmt: skip
    for name, source, amount in planned:
        words = (name, lead.word(source), lead.word(BudgetCategory.EQUIPMENT), str(timezone.localdate().year))
        lead.page.get_by_label(" · ".join(words), exact=True).fill(str(amount))
    total = sum(amount for _name, _source, amount in planned)
    expect(lead.page.locator("[data-sum=all]").first).to_have_text(f"{total:,.2f}")
    expect(lead.page.locator("[data-from]")).to_have_text("0.00")


def audit_report(folder: Path) -> Path:
    """A small real PDF."""
    path = folder / "audit-report.pdf"
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(path)
    return path


def submit(lead: Person) -> str:
    """The declarations and the act of submitting; the number on the receipt."""
    lead.follow_start(Action.SUBMIT)
    for declaration in DECLARATIONS:
        lead.fill({declaration: True})
    lead.press("Submit application")
    lead.reads("The application was received.")
    lead.sees("SHA-256")
    return lead.page.locator("dd.num b").inner_text()


def recommend(district: Person) -> None:
    """The district passes it on, with its opinion."""
    district.follow("Applications")
    district.follow_text(CONSORTIUM)
    district.follow(Action.RECOMMEND)
    district.fill({"Recommending opinion of the district": OPINION})
    district.press(Action.RECOMMEND)
    district.is_told("Recommended. The bureau checks it next.")


def check(officer: Person) -> None:
    """The bureau looks at what the portal could not check by itself."""
    officer.follow("Applications")
    officer.follow_text(CONSORTIUM)
    officer.follow("Formal check")
    for item in BY_HAND:
        officer.choose(item, CheckResult.PASS)
    officer.press(Action.CHECK)
    officer.is_told("The formal check is passed. Supervision checks integrity next.")


def clear(supervisor: Person) -> None:
    """Supervision looks at credit and double funding."""
    supervisor.follow("Applications")
    supervisor.follow_text(CONSORTIUM)
    supervisor.follow("Integrity check")
    for item in CREDIT_BY_HAND:
        supervisor.choose(item, CheckResult.PASS)
    supervisor.press(Action.CLEAR)
    supervisor.is_told("The integrity check is passed. The acceptance desk assigns experts next.")
