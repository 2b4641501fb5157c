"""Who is there before the story begins: places, officials and the expert pool. Enterprises register themselves."""

from dataclasses import dataclass
from datetime import datetime

from members.enums import ExpertKind, Role
from members.models import District, User
from members.services.people import create_expert, create_official, enrol_demo_second_factor
from reports.management.demo.cast import load_places
from tests.personas import enrol_totp

PASSWORD = "Sample-pass-2026"
KUNSHAN = "320583"
OFFICIALS = {
    Role.ACCEPTANCE: "样例受理员",
    Role.HEAD: "样例处长",
    Role.SUPERVISOR: "样例监督员",
    Role.FINANCE: "样例财务主管",
    Role.SUPERVISOR: "样例监督员",
}
DISTRICT_OFFICER = "样例昆山经办"
OFFICER = "样例项目主管"
LEADER = "样例分管局长"
EXPERTS = {
    "样例技术专家": ExpertKind.TECHNOLOGY,
    "样例财务专家": ExpertKind.FINANCE,
    "样例投资专家": ExpertKind.INVESTMENT,
}


@dataclass(frozen=True)
class Cast:
    """The two who sign in the long way: one sets up an app in the browser, one has it."""

    officer: User
    leader: User
    leader_secret: str


def engage(at: datetime) -> Cast:
    """Everybody of the administration; all but the officer and the leader can be had by one click."""
    load_places()
    for role, name in OFFICIALS.items():
        _by_one_click(create_official(email=_address(role), name=name, roles=[role], actor=None, at=at, is_demo=True))
    _by_one_click(
        create_official(
            email="district@sample.test", name=DISTRICT_OFFICER, roles=[Role.DISTRICT_OFFICER], actor=None, at=at,
            district=District.objects.get(pk=KUNSHAN), is_demo=True,
        )
    )  # fmt: skip
    for number, (name, kind) in enumerate(EXPERTS.items(), 1):
        expert = create_expert(
            email=f"expert{number}@sample.test", name=name, kind=kind, fields=["E02"], actor=None, at=at, is_demo=True
        )
        _by_one_click(expert.user)
    officer, leader = (
        _with_password(role, name, at) for role, name in ((Role.OFFICER, OFFICER), (Role.LEADER, LEADER))
    )
    return Cast(officer=officer, leader=leader, leader_secret=enrol_totp(leader))


def _by_one_click(user: User) -> None:
    enrol_demo_second_factor(user=user)


def _with_password(role: Role, name: str, at: datetime) -> User:
    user = create_official(email=_address(role), name=name, roles=[role], actor=None, at=at)
    user.set_password(PASSWORD)
    user.save()
    return user


def _address(role: Role) -> str:
    return f"{role.lower()}@sample.test"
