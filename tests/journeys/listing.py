"""From the board to the list that everybody reads, an objection to it, and the bundle that proves it all."""

import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect

from consortia.enums import Tier
from funding.enums import Action, ObjectionEffect, ObjectorKind, ScenarioStatus
from funding.models import Application, Call, Objection, PublicNotice, Scenario
from tests.journeys.person import Person
from tests.samples import PDF

REASON = "评审组认为该项目产业链协同尚待验证，建议先行培育。"
GROUNDS = "公示第一项所列首批用户之一已于上月停产，无法承担示范应用，请核实后调整支持力度。"
FINDING = "经向有关单位核实，两家用户中的一家已停产，示范规模应当缩小，其余内容属实。"
LOWERED = "80.00"  # ×10k yuan


@dataclass(frozen=True)
class Receipt:
    """By which an objector follows the own objection."""

    number: str
    code: str


def freeze_board(officer: Person, lower: Application, name: str) -> Scenario:
    """The line of tier B is moved above a case, with the reason why it falls."""
    officer.visit("funding:tier-board", lower.call_id)
    row = officer.page.locator("tr[data-score]").filter(has_text=lower.number)
    officer.page.get_by_role("button", name=officer.word("Line of tier %(tier)s one score up", tier="B")).click()
    expect(row).to_contain_text(officer.word("falls"))
    row.get_by_role("textbox", name=officer.word("Reason for %(number)s", number=lower.number)).fill(REASON)
    officer.fill({"Name of the scenario": name})
    officer.press("Freeze")
    officer.is_told("The scenario is frozen.")
    officer.sees(REASON)
    frozen = Scenario.objects.get(name=name)
    officer.sees(frozen.sha256)
    return frozen


def put_forward(head: Person, scenario: Scenario) -> None:
    """For the meeting."""
    head.visit("funding:scenario-detail", scenario.pk)
    head.follow(Action.PUT_FORWARD)
    head.fill({"Meeting or document": "样例局长办公会第15次会议"})
    head.press(Action.PUT_FORWARD)
    head.is_told("The list is put forward; the leaders are asked to approve it.")


def approve(leader: Person, scenario: Scenario) -> None:
    """What the page showed, by its hash."""
    leader.visit("funding:scenario-detail", scenario.pk)
    leader.follow(Action.APPROVE_LIST)
    leader.sees(scenario.sha256)
    leader.fill({"I have read this list with its deviations and reasons, and approve it as it stands.": True})
    leader.press(Action.APPROVE_LIST)
    leader.is_told("Your approval is recorded.")


def send_back(leader: Person, case: Application) -> None:
    """Another leader wants a case of the list graded again."""
    leader.visit("funding:application-send-back", case.pk)
    leader.fill({"Reason": "请补充评分理由后重新提出等级建议。"})
    leader.press(Action.SEND_BACK)
    leader.has_done(Action.SEND_BACK)


def finds_void(leader: Person, scenario: Scenario) -> None:
    """Who had approved reads why the approval no longer counts, and cannot give it again."""
    leader.visit("funding:scenario-detail", scenario.pk)
    scenario.refresh_from_db()
    assert scenario.status == ScenarioStatus.VOID
    assert not scenario.approvals.filter(voided_at=None).exists()
    expect(leader.page.get_by_role("link", name=leader.word(Action.APPROVE_LIST))).to_have_count(0)
    expect(leader.page.locator(".checks .bad")).to_contain_text(scenario.sha256[:16])


def publish(officer: Person, call: Call, number: int) -> PublicNotice:
    """Whatever is decided and not published."""
    officer.visit("funding:call-publicise", call.pk)
    officer.fill({"Document number": f"样例科公示〔{timezone.localdate().year}〕{number}号"})
    officer.press(Action.PUBLICISE)
    officer.is_told("The list is published.")
    return PublicNotice.objects.latest("published_at")


def finds_nothing_yet(lead: Person, case: Application) -> None:
    """What was decided is not to be read before everybody may."""
    lead.visit("funding:application-detail", case.pk)
    case.refresh_from_db()
    assert case.applicant_status != case.status
    lead.misses(lead.spoken(case.get_status_display()))


def finds_result(lead: Person, case: Application) -> None:
    """Published: the lead reads tier and amount."""
    case.refresh_from_db()
    lead.visit("funding:application-detail", case.pk)
    lead.sees(f"{(case.decided_amount or 0) / 10_000:.0f}")


def object_to(visitor: Person, notice: PublicNotice, case: Application, folder: Path) -> Receipt:
    """Anybody, with evidence; the code is shown once."""
    evidence = folder / "样例停产公告.pdf"
    evidence.write_bytes(PDF)
    visitor.visit("funding:notice-detail", notice.pk)
    visitor.follow("Object")
    visitor.page.get_by_label(f"{case.number} {case.consortium.name}").check()
    visitor.choose("You object as", ObjectorKind.PERSON)
    visitor.fill({
        "Your real name, or the name of your organisation": "样例异议人", "Telephone or e-mail": "objector@sample.test",
        "Grounds": GROUNDS,
    })  # fmt: skip
    visitor.field("Evidence").set_input_files(evidence)
    visitor.press("Send the objection")
    told = visitor.page.get_by_role("main").locator("dd")
    return Receipt(told.nth(0).inner_text().strip(), told.nth(1).inner_text().strip())


def may_not_handle(officer: Person, objection: Objection) -> None:
    """Who graded the case reads the grounds, but not who objects, and finds no way to find on it."""
    officer.visit("funding:objection-detail", objection.pk)
    officer.reads("Known to supervision only.")
    officer.misses("objector@sample.test")
    for step in ("uphold", "dismiss", "refuse"):
        assert officer.asks(f"{objection.get_absolute_url()}{step}/") in {403, 404}
    officer.visit("funding:application-object", objection.application_id)
    officer.press(Action.OBJECT)
    officer.has_done(Action.OBJECT)


def uphold(examiner: Person, objection: Objection) -> None:
    """Somebody who had no part in the case opens the evidence and finds the objection right in part."""
    examiner.visit("funding:objection-detail", objection.pk)
    evidence = examiner.page.get_by_role("main").locator("ul.files a").get_attribute("href")
    assert examiner.asks(str(evidence)) == 200
    examiner.follow(Action.UPHOLD)
    examiner.choose("Effect", ObjectionEffect.AMEND)
    examiner.fill({"Tier that remains": Tier.B, "Amount that remains (10,000 yuan)": LOWERED, "Finding": FINDING})
    examiner.press(Action.UPHOLD)
    examiner.visit("funding:application-amend", objection.application_id)
    examiner.fill({"Reason": FINDING})
    examiner.press(Action.AMEND_DECISION)
    examiner.has_done(Action.AMEND_DECISION)


def follows(visitor: Person, receipt: Receipt) -> None:
    """The reply stands where number and code lead, without any name."""
    visitor.visit("funding:objection-follow")
    visitor.fill({"Number of the objection": receipt.number, "Query code": receipt.code})
    visitor.page.get_by_role("button", name=visitor.word("Show"), exact=True).click()
    visitor.sees(FINDING)
    visitor.misses("样例异议人")


def takes_bundle(supervisor: Person, case: Application, folder: Path) -> list[str]:
    """Every hash still matches, and a bare Python agrees without the portal; what the program said."""
    supervisor.visit("reports:replay-detail", case.pk)
    supervisor.reads("Every hash on record is the one computed now.")
    file = folder / "bundle.zip"
    supervisor.download(supervisor.button("Take the bundle")).save_as(file)
    with zipfile.ZipFile(file) as archive:
        archive.extract("verify.py", folder)
    command = [sys.executable, "-I", folder / "verify.py", file]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    return said.stdout.splitlines()
