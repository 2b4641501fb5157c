"""Who is bound to whom, and who keeps away: entries of the register of relations, officials who step aside."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from funding.models import Application
from funding.models.avoidance import AvoidanceKind
from funding.services.avoidances import judge_avoided, name_avoided
from funding.services.limits import confirm_limit, propose_limit
from funding.services.recusals import lift_recusal, recuse_official, step_aside
from members.enums import OrganisationType, Role
from members.models import Expert, User
from members.rules.relations import RelationKind
from members.services.relations import record_relation, strike_relation
from reports.management.demo.calendar import moment
from reports.management.demo.cast import SECOND_SECURITY, Cast

SHOWN = 4


def bind(cast: Cast, leads: Sequence[Application], today: date) -> None:
    """Relations that experts declared and that the bureau recorded; one was struck off."""
    officer, at = cast.bureau[Role.OFFICER], moment(today - timedelta(days=120))
    shown = [expert for expert in cast.experts if expert.user.is_demo][:SHOWN]
    fund, lab = cast.pool[OrganisationType.FUND][0], cast.pool[OrganisationType.INSTITUTE][1]
    declared: tuple[tuple[Expert, dict[str, Any]], ...] = (
        (shown[0], {"kind": RelationKind.CONSULTANT, "name": "样例检测咨询有限公司",
                    "since": date(today.year - 2, 3, 1)}),
        (shown[1], {"kind": RelationKind.CO_INVENTOR, "person": "样例合作者", "code": lab.uscc,
                    "since": date(today.year - 4, 1, 1), "until": date(today.year - 1, 6, 30)}),
        (shown[2], {"kind": RelationKind.SUPERVISOR, "person": "样例导师"}),
    )  # fmt: skip
    for expert, facts in declared:
        record_relation(expert=expert, actor=expert.user, at=at, **facts)
    kept = cast.experts[20], cast.experts[24], cast.experts[33]
    record_relation(
        expert=kept[0], actor=officer, at=at, code=leads[0].consortium.lead.uscc or "", kind=RelationKind.EQUITY,
        percent=Decimal("1.50"), since=date(today.year - 3, 5, 1), document_number="样例登记〔示例〕1号",
    )  # fmt: skip
    record_relation(
        expert=kept[1], actor=officer, at=at, code=fund.uscc or "", kind=RelationKind.INVESTOR, percent=Decimal(8),
        since=date(today.year - 1, 2, 1), document_number="样例备案〔示例〕2号",
    )  # fmt: skip
    wrong = record_relation(
        expert=kept[2], actor=officer, at=at, name="样例同名贸易有限公司", kind=RelationKind.DIRECTOR,
        document_number="样例登记〔示例〕3号",
    )  # fmt: skip
    reason = "样例：工商登记中的董事为同名人员，经核对并非该专家。"
    strike_relation(relation=wrong, actor=officer, reason=reason, at=moment(today - timedelta(days=100)))


def keep_away(cast: Cast, own: Application, told: Application, today: date) -> None:
    """Finance steps aside from one case; the head keeps the liaison away from another, and for a day the leader."""
    day = today - timedelta(days=12)
    ground = "样例：本人亲属在该联合体一家成员单位任职。"
    step_aside(application=own, actor=cast.bureau[Role.FINANCE], ground=ground, at=moment(day))
    recuse_official(
        application=told, person=cast.bureau[Role.LIAISON], actor=cast.bureau[Role.HEAD],
        ground="样例：该同志两年前由成员单位借调而来。", at=moment(day, 15),
    )  # fmt: skip
    made = recuse_official(
        application=told, person=cast.bureau[Role.LEADER], actor=cast.bureau[Role.HEAD],
        ground="样例：疑为成员单位法定代表人的亲属。", at=moment(day, 16),
    )  # fmt: skip
    lift_recusal(
        recusal=made, actor=cast.bureau[Role.SUPERVISOR], note="样例：经核实仅为同姓，并无亲属关系。",
        at=moment(day + timedelta(days=1)),
    )  # fmt: skip


# --- whom a lead asks to be kept away ----------------------------------------------------------
RIVAL, FORMER = ("样例检测咨询有限公司", "样例：与本联合体在同一细分市场竞争，去年曾有合同纠纷。"), (
    "样例专家22", "样例：三年前从本单位离职，离职时有劳动争议。",
)  # fmt: skip


def avoid(cast: Cast, application: Application, day: date) -> None:
    """An organisation and a person, each with its reason, before the application is submitted."""
    lead = cast.of(application.consortium.lead)
    for kind, (name, reason) in ((AvoidanceKind.ORGANISATION, RIVAL), (AvoidanceKind.PERSON, FORMER)):
        name_avoided(application=application, actor=lead, kind=kind, name=name, reason=reason, at=moment(day))


def judge(cast: Cast, application: Application, day: date) -> None:
    """The officer accepts what is proven, and refuses what is not."""
    words = {AvoidanceKind.PERSON: "样例：离职与仲裁材料属实，予以回避。",
             AvoidanceKind.ORGANISATION: "样例：未提供纠纷材料，竞争关系不足以回避整个单位。"}  # fmt: skip
    for row in application.avoidances.all():
        judge_avoided(
            avoidance=row, actor=cast.bureau[Role.OFFICER], accepted=row.kind == AvoidanceKind.PERSON,
            judgement=words[AvoidanceKind(row.kind)], at=moment(day),
        )  # fmt: skip


def limit(cast: Cast, today: date) -> None:
    """The second leader releases half a million yuan at most; a change waits for the second administrator."""
    first, second = cast.bureau[Role.SECURITY_ADMIN], User.objects.get(email__startswith=f"{SECOND_SECURITY[1]}@")
    facts: dict[str, Any] = {"person": cast.second_leader, "actor": first}
    set_on, changed_on = moment(today - timedelta(days=200)), moment(today - timedelta(days=1), 16)
    found = propose_limit(amount=Decimal(500_000), reason="样例：按分管分工设定。", at=set_on, **facts)
    confirm_limit(limit=found, actor=second, at=set_on)
    propose_limit(amount=Decimal(800_000), reason="样例：下半年拨付集中，拟调高。", at=changed_on, **facts)
