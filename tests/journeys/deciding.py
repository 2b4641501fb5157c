"""Chapter two, second half: experts, grade, decision, public notice, approval."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from consortia.enums import Tier
from funding.enums import Action
from funding.rules.defaults import DEFAULT_RULES
from funding.rules.scoring import expert_indicators
from tests.journeys.applying import CALL
from tests.journeys.forming import CONSORTIUM, LEAD
from tests.journeys.person import Person

OPINION = "目标明确、指标可测，成员分工合理，转化路径清楚；建议加强散热方案的验证。"
AUTOMATIC = (
    34  # listed company, revenue and R&D at the top, one university, three links, a fund, a platform, all clauses
)
SCORES = (  # L4 M4 B1 B2 B3 T1 T2 T3 O2 E1; with the automatic ones 88, 87 and 89
    (7, 4, 7, 5, 5, 7, 6, 5, 5, 3),
    (7, 3, 7, 5, 6, 7, 5, 6, 4, 3),
    (8, 4, 8, 5, 5, 7, 5, 6, 4, 3),
)
VALUE = "02 07 11 19 24 31 + 09"
MEAN = "88.00"
AWARD = 1_600_000  # yuan: 150 at 85 points, 200 at 100 (×10k)
DECLARATIONS = (
    (
        "I have no conflict of interest: in the last three years I did not work for, hold shares in, advise or "
        "publish with any of the organisations listed, and I am not related to their leading people."
    ),
    "I keep everything I read here confidential, copy nothing and tell nobody that I review.",
    "I judge by myself, by the criteria of the call alone, and report any attempt to influence me.",
)


def open_file(official: Person) -> None:
    """The page of the application, from the officials' list."""
    official.follow("Applications")
    official.follow_start("All")
    official.follow_text(CONSORTIUM)


def prepare_draw(acceptance: Person) -> None:
    """The desk freezes the pool; the randomness will be public tomorrow."""
    open_file(acceptance)
    acceptance.follow(Action.PREPARE_DRAW)
    acceptance.choose("Source of the public randomness", "Another source")
    tomorrow = timezone.localdate() + timedelta(days=1)
    acceptance.fill({
        "Name of the other source": "样例公开数列", "Day of the randomness": tomorrow.isoformat(),
        "Public from": "21:00",
    })  # fmt: skip
    acceptance.press(Action.PREPARE_DRAW)
    acceptance.is_told("The pool is frozen. The supervisors are asked to witness.")


def witness_draw(supervisor: Person) -> None:
    """The supervisor reads the pool and agrees."""
    supervisor.follow("Draws of experts")
    supervisor.go(supervisor.page.get_by_role("main").locator("tbody a").first)
    supervisor.follow(Action.WITNESS_DRAW)
    supervisor.page.get_by_role("main").get_by_role("checkbox").check()
    supervisor.press(Action.WITNESS_DRAW)
    supervisor.is_told("You are the witness. The draw waits for the public randomness.")


def draw_experts(supervisor: Person) -> None:
    """The value is public now."""
    supervisor.page.reload()
    supervisor.follow(Action.DRAW_EXPERTS)
    supervisor.fill({"Public randomness": VALUE, "Once more": VALUE})
    supervisor.press(Action.DRAW_EXPERTS)
    supervisor.is_told("The experts are drawn and told.")


def review(expert: Person, scores: Iterable[int]) -> None:
    """Declares no conflict, reads, scores every indicator and hands in."""
    expert.follow("My reviews")
    expert.follow_text(CONSORTIUM)
    expert.sees(LEAD)
    for declaration in DECLARATIONS:
        expert.fill({declaration: True})
    expert.press("Declare and open the proposal")
    expert.is_told("Thank you. You can read the proposal now.")
    for indicator, score in zip(expert_indicators(DEFAULT_RULES), scores, strict=True):
        name = indicator.zh if expert.language == "zh-hans" else indicator.en
        expert.page.get_by_role("textbox", name=name, exact=True).fill(str(score))
    expert.fill({"Overall opinion": OPINION})
    expert.choose("Suggested tier", Tier.A)
    expert.press("Hand in")
    expert.is_told("Your review is handed in. Thank you.")


def grade(officer: Person) -> None:
    """The proposal follows from the rules; the officer takes it over."""
    open_file(officer)
    officer.follow(Action.GRADE)
    officer.sees(MEAN)
    assert officer.field("Proposed amount (10,000 yuan)").input_value() == "160.00"
    officer.press(Action.GRADE)
    officer.has_done(Action.GRADE)


def decide(leader: Person) -> None:
    """The meeting follows the grading."""
    open_file(leader)
    leader.follow(Action.DECIDE)
    leader.fill({"Meeting or document": "样例局长办公会第12次会议纪要"})
    leader.press(Action.DECIDE)
    leader.has_done(Action.DECIDE)


def publish_list(officer: Person) -> str:
    """The list, for seven days from today; the address of its page."""
    officer.follow("Public notices")
    officer.follow(Action.PUBLICISE)
    officer.fill({"Document number": f"样例科〔{timezone.localdate().year}〕2号"})
    officer.press(Action.PUBLICISE)
    officer.is_told("The list is published.")
    officer.sees(CONSORTIUM)
    return officer.path


def read_list(visitor: Person) -> None:
    """Anybody, without an account."""
    visitor.visit("public-home")
    visitor.follow("Public notices")
    visitor.follow("Public notice of proposed approvals: %(call)s", call=CALL)
    visitor.sees(CONSORTIUM)
    visitor.sees(LEAD)


def approve(leader: Person) -> None:
    """After the period the award stands and the contract is offered."""
    open_file(leader)
    leader.follow(Action.APPROVE)
    leader.fill({"Number of the approval document": f"样例科〔{timezone.localdate().year}〕3号"})
    leader.press(Action.APPROVE)
    leader.has_done(Action.APPROVE)
