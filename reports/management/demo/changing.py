"""Who leads and who belongs: one lead has handed over, one is about to, one stays; and a member leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from consortia.enums import LeadChangeGround, ParticipationRole
from consortia.models import Consortium, LeadChange
from consortia.selectors.leadchanges import asked, may_lead
from consortia.services import leadchanges
from consortia.services.departures import Choice, allocate_departure, request_departure
from consortia.services.leadchanges import propose_lead_change
from consortia.services.life import Paper
from consortia.services.participations import confirm_participation
from members.enums import OrganisationType, Role
from members.models import Organisation, RoleGrant, User
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

REASON = "产业化重心转移，由承担中试与量产的成员单位牵头更有利于任务衔接。"
WRITING = (Role.APPLICANT, Role.SIGNATORY)


def change_leads(cast: Cast, consortia: Sequence[Consortium], today: date) -> None:
    """The first has another lead by now, the second is asked, the third keeps its own."""
    done, asking, staying = consortia
    _hand_over(cast, done, today - timedelta(days=150))
    _consent(cast, _propose(cast, asking, today - timedelta(days=6)), today - timedelta(days=4), most=2)
    _stay(cast, staying, today - timedelta(days=70))


def _propose(cast: Cast, consortium: Consortium, day: date) -> LeadChange:
    return propose_lead_change(
        consortium=consortium, new_lead=_next_lead(consortium), ground=LeadChangeGround.HANDED_OVER,
        actor=cast.of(consortium.lead), at=moment(day), note=REASON,
    )  # fmt: skip


def _consent(cast: Cast, change: LeadChange, day: date, *, most: int | None = None) -> None:
    for member in asked(change)[:most]:
        person = cast.of(member.organisation)
        leadchanges.consent_lead_change(change=change, participation=member, actor=person, at=moment(day), seen="")


def _next_lead(consortium: Consortium) -> Organisation:
    """An enterprise, as the calls ask for."""
    return may_lead(consortium).filter(type=OrganisationType.ENTERPRISE).order_by("uscc")[0]


def _hand_over(cast: Cast, consortium: Consortium, day: date) -> None:
    """Consented to, decided, and both confirm the parts that they have now."""
    change = _propose(cast, consortium, day)
    _appoint(cast.of(change.new_lead), change)
    _consent(cast, change, day + timedelta(days=4))
    decided = day + timedelta(days=15)
    paper = Paper(f"样科〔{decided.year}〕27号", "样例局务会", decided - timedelta(days=2))
    leadchanges.approve_lead_change(
        change=change, paper=paper, actor=cast.bureau[Role.LEADER], at=moment(decided),
        note="全体核心成员同意，新牵头单位符合条件。",
    )  # fmt: skip
    for member in consortium.participations.filter(confirmed_at=None).select_related("organisation", "consortium"):
        person = cast.of(member.organisation)
        confirm_participation(participation=member, actor=person, at=moment(decided + timedelta(days=5)))
    consortium.refresh_from_db()


def _appoint(person: User, change: LeadChange) -> None:
    """Who writes and signs for the new lead."""
    RoleGrant.objects.bulk_create(
        RoleGrant(user=person, role=role, organisation=change.new_lead, granted_at=change.created_at)
        for role in WRITING
    )


def _stay(cast: Cast, consortium: Consortium, day: date) -> None:
    """The bureau proposes because nobody answers, the lead does answer, and nothing changes."""
    officer, leader = cast.bureau[Role.OFFICER], cast.bureau[Role.LEADER]
    change = propose_lead_change(
        consortium=consortium, new_lead=_next_lead(consortium), ground=LeadChangeGround.SILENT,
        actor=officer, at=moment(day), note="两次书面催办未获答复。",
    )  # fmt: skip
    leadchanges.answer_lead_change(
        change=change, answer="项目负责人调整期间联系中断，现已恢复，进展材料已补报。", actor=cast.of(consortium.lead),
        at=moment(day + timedelta(days=5)),
    )  # fmt: skip
    leadchanges.reject_lead_change(
        change=change, actor=leader, at=moment(day + timedelta(days=12)), note="牵头单位已恢复履职，不予变更。"
    )


def let_go(cast: Cast, consortium: Consortium, today: date) -> None:
    """An enterprise asks to leave; the lead has named who takes its work, and nobody has agreed yet."""
    members = consortium.participations.present().select_related("organisation", "consortium")
    leaver, taker = (
        members.filter(role=ParticipationRole.MEMBER, organisation__type=kind).order_by("organisation__uscc")[0]
        for kind in (OrganisationType.ENTERPRISE, OrganisationType.INSTITUTE)
    )
    departure = request_departure(
        participation=leaver, actor=cast.of(leaver.organisation), at=moment(today - timedelta(days=9)),
        note="业务方向调整，申请退出，相关任务愿配合移交。",
    )  # fmt: skip
    choices = {item.pk: Choice(taker=taker.organisation) for item in departure.items.all()}
    allocate_departure(
        departure=departure, choices=choices, actor=cast.of(consortium.lead), at=moment(today - timedelta(days=7))
    )
