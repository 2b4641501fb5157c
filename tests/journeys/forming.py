"""Chapter one: the enterprise registers and forms its consortium."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from consortia.enums import Action, ChainPosition, PlatformKind, ProblemClass
from consortia.models import SubField
from members.enums import LeadClass, OrganisationType
from members.models import District, Organisation
from tests.factories.members import make_code
from tests.journeys.cast import KUNSHAN, PASSWORD
from tests.journeys.person import Person

CONSORTIUM = "样例镜湖光电创新联合体"
LEAD = "样例镜湖光电有限公司"
LEAD_CASH = 1_200  # ×10k yuan
UNIVERSITY, FUND = "样例云溪理工大学", "样例望湖产业创新基金"
UPSTREAM, DOWNSTREAM = "样例松陵材料有限公司", "样例北塘装备有限公司"
NEWCOMER = "downstream@sample.test"
NOTICE = "I have read the privacy notice."


@dataclass(frozen=True)
class Partner:
    """One who joins: the kind, the place in the chain and the promise in 10,000 yuan."""

    name: str
    kind: OrganisationType
    position: ChainPosition
    duties: str
    cash: int
    share: int


Kind, Position = OrganisationType, ChainPosition
PARTNERS = {
    "university": Partner(UNIVERSITY, Kind.UNIVERSITY, Position.RESEARCH, "承担机理研究与人才培养。", 0, 20),
    "fund": Partner(FUND, Kind.FUND, Position.CAPITAL, "设立产业基金，投资中试与产业化。", 2_000, 5),
    "upstream": Partner(UPSTREAM, Kind.ENTERPRISE, Position.UPSTREAM, "供应低损耗封装材料并完成验证。", 300, 15),
    "downstream": Partner(DOWNSTREAM, Kind.ENTERPRISE, Position.DOWNSTREAM, "提供场景并完成示范应用。", 400, 10),
}


LinkMailedTo = Callable[[str], str]


def ask_for_the_link(person: Person, email: str, link_mailed_to: LinkMailedTo) -> None:
    """The address first; the mail to it holds the link to the form."""
    person.visit("members:register")
    person.fill({"E-mail": email})
    person.press("Send the link")
    person.reads("We have sent a mail to %(email)s.", email=email)
    assert person.page.goto(link_mailed_to(email)).status == 200  # type: ignore[union-attr]
    person.look()


def register(
    person: Person, organisation: str, kind: OrganisationType, email: str, link_mailed_to: LinkMailedTo
) -> None:
    """An organisation and its first person; afterwards one is inside."""
    ask_for_the_link(person, email, link_mailed_to)
    person.fill({
        "Name of the organisation": organisation,
        "Kind of organisation": kind,
        "district": District.objects.get(pk=KUNSHAN),
        "Unified social credit code": make_code(),
        "Your name": f"样例{organisation[2:4]}联系人",
        "Password": PASSWORD,
        "Password again": PASSWORD,
        NOTICE: True,
    })  # fmt: skip
    person.press("Register the organisation")
    person.is_told("Welcome. Your organisation is registered; you administer it and may invite colleagues.")


def describe_lead(lead: Person) -> None:
    """Class, representative and three years of figures: what the conditions of a call look at."""
    lead.visit("members:organisation-own")
    lead.follow("Edit")
    lead.fill({
        "class as a lead": LeadClass.LISTED,
        "legal representative": "样例法人",
        "established on": "2010-05-01",
        "address": "样例市镜湖路1号",
    })  # fmt: skip
    lead.press("Save the data")
    for year in range(timezone.localdate().year - 3, timezone.localdate().year):
        lead.follow("Add a year")
        lead.fill({
            "year": year,
            "Revenue (×10k yuan)": 520_000,
            "R&D expense (×10k yuan)": 31_000,
            "staff": 2600,
            "R&D staff": 540,
        })  # fmt: skip
        lead.press("Save the figures")
        lead.is_told("The figures are saved.")
    lead.visit("members:organisation-own")
    lead.follow("State the account")
    lead.fill({"bank and branch": "样例银行苏州分行", "bank account": "6222020000000001"})
    lead.press("Save the data")


def form_consortium(lead: Person, name: str) -> None:
    """The profile and what the lead itself promises."""
    lead.follow("Consortia")
    lead.follow("Form a consortium")
    lead.fill({
        "name": name,
        "sub-field": SubField.objects.get(pk="E02"),
        "mission": "攻克高速光互连芯片封装技术，形成本地可控的产业链。",
        "strategic alignment": "服务国家制造强国战略，补齐光通信产业链短板。",
        "chief scientist": "样例首席科学家",
        "governance": "设理事会与技术委员会；重大事项由三分之二以上成员表决通过。",
        "duties": "牵头攻关，承担系统集成与产业化。",
        "chain position": ChainPosition.MIDSTREAM,
        "Cash commitment (×10k yuan)": LEAD_CASH,
        "IP share (%)": 50,
        "person-months": 240,
    })  # fmt: skip
    lead.press("Form consortium")
    lead.is_told("The consortium is formed. Next, invite its members.")


def part_of(partner: Partner) -> dict[str, object]:
    """What the form of an invitation asks about a member's part."""
    return {
        "duties": partner.duties,
        "chain position": partner.position,
        "Cash commitment (×10k yuan)": partner.cash,
        "IP share (%)": partner.share,
        "person-months": 60,
    }


def invite_registered(lead: Person, partner: Partner) -> None:
    """Looked up by name and asked."""
    lead.follow("Invite a member")
    lead.fill({"Credit code or name": partner.name[2:6]})
    lead.press("Search")
    lead.follow("Invite", inside=partner.name)
    lead.fill(part_of(partner))
    lead.press("Send invitation")
    lead.is_told("The organisation is invited. It confirms its part in its own account.")


def invite_by_mail(lead: Person, partner: Partner, address: str) -> None:
    """An organisation that the portal does not know yet."""
    lead.follow("Invite a member")
    lead.fill({"Credit code or name": partner.name})
    lead.press("Search")
    lead.reads("No such organisation")
    lead.follow("Invite an organisation that is not registered")
    lead.fill({
        "Name of the organisation": partner.name,
        "Type": partner.kind,
        "Unified social credit code": make_code(),
        "Contact person": "样例北塘联系人",
        "E-mail of the contact": address,
        **part_of(partner),
    })  # fmt: skip
    lead.press("Send invitation")
    lead.is_told("The organisation is invited. It confirms its part in its own account.")


def join_by_mail(person: Person, link: str) -> None:
    """The contact follows the link of the mail and sets a password; afterwards one is inside."""
    assert person.page.goto(link).status == 200  # type: ignore[union-attr]
    person.look()
    person.fill({"Password": PASSWORD, "Password again": PASSWORD, NOTICE: True})
    person.press("Join the organisation")


TECHNOLOGIES = (
    ("高速光互连芯片封装", ProblemClass.BOTTLENECK, "单通道速率", "Gbps", 100, 224, LEAD),
    ("低损耗封装材料", ProblemClass.KEY, "插入损耗", "dB", 2, 1, UPSTREAM),
    ("硅光异质集成机理", ProblemClass.FRONTIER, "耦合效率", "%", 55, 85, UNIVERSITY),
)


def list_technologies(lead: Person) -> None:
    """Three, each with a figure that can be measured."""
    lead.follow_start("Key technologies")
    for name, kind, indicator, unit, baseline, target, owner in TECHNOLOGIES:
        lead.follow(Action.ADD_TECHNOLOGY)
        lead.fill({
            "name": name,
            "class": kind,
            "gap to the benchmark": "与国外最好水平相差一代，良率与一致性不足。",
            "indicator": indicator,
            "unit": unit,
            "baseline": baseline,
            "target": target,
            "TRL at start": 4,
            "TRL now": 4,
            "target TRL": 7,
            "responsible": Organisation.objects.get(name=owner),
            "due": f"{timezone.localdate().year + 2}-06-30",
        })  # fmt: skip
        lead.press(Action.ADD_TECHNOLOGY)
        lead.is_told("Saved.")


def plan_task(lead: Person) -> None:
    """A research task with one milestone, due at the end of this year."""
    year = timezone.localdate().year
    lead.follow_start("Research tasks")
    lead.follow(Action.ADD_TASK)
    lead.fill({
        "name": "封装样机研制与验证",
        "key technology": "高速光互连芯片封装",
        "responsible": Organisation.objects.get(name=LEAD),
        "start": f"{year}-01-01",
        "end": f"{year + 2}-12-31",
        "Budget from the grant (×10k yuan)": 160,
        "Budget from own funds (×10k yuan)": 1_200,
    })  # fmt: skip
    lead.press(Action.ADD_TASK)
    lead.follow(Action.ADD_MILESTONE)
    lead.fill({
        "name": "完成两台样机并通过第三方测试",
        "metric": "样机台数",
        "target": 2,
        "due": f"{year}-12-31",
    })  # fmt: skip
    lead.press(Action.ADD_MILESTONE)
    lead.is_told("Saved.")


def add_resources(lead: Person) -> None:
    """A platform that works and a fund with capital paid in: they count in the review and open tier A."""
    lead.follow_start("Outcomes")
    outcomes = lead.path
    lead.follow(Action.ADD_PLATFORM)
    lead.fill({
        "kind": PlatformKind.JOINT_LAB,
        "name": "样例光电联合实验室",
        "builder": Organisation.objects.get(name=UNIVERSITY),
        "area (m²)": 1200,
        "opened on": f"{timezone.localdate().year - 1}-09-01",
    })  # fmt: skip
    lead.press(Action.ADD_PLATFORM)
    lead.open(outcomes)
    lead.follow(Action.ADD_FUND)
    lead.fill({
        "name": "样例光电产业基金",
        "manager": Organisation.objects.get(name=FUND),
        "Scale (×10k yuan)": 10_000,
        "Paid in (×10k yuan)": 3_000,
    })  # fmt: skip
    lead.press(Action.ADD_FUND)
    lead.is_told("Saved.")


def draft_agreement(lead: Person) -> None:
    """The text that the portal proposes, sent as the first version."""
    lead.follow_start("Agreement")
    lead.follow(Action.DRAFT_AGREEMENT)
    lead.press("Save draft")
    lead.is_told("The draft is saved. Read it once more, then send it for signature.")
    lead.follow(Action.SEND_AGREEMENT)
    lead.press(Action.SEND_AGREEMENT)
    lead.is_told("The version is sent. Every member is asked to sign it.")


def confirm_and_sign(person: Person) -> None:
    """One member, in its own account: reads its part, confirms it and signs the agreement in one step."""
    person.follow("Consortia")
    person.follow("Read your part and confirm or decline it")
    person.fill({"We have read what this page states and confirm it in the name of our organisation.": True})
    person.press("Confirm our part and sign version %(version)s", version=1)
    person.is_told("Your part is confirmed.")


def see_everything_ready(lead: Person) -> None:
    """The preparation names nothing that is missing."""
    lead.follow("Consortia")
    lead.follow("Preparation")
    lead.reads("Everything stands.")
