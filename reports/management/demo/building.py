"""Joint platforms of a consortium, and how far the direct recognition of each has come."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from consortia.enums import JOINED, PlatformKind
from consortia.models import CoBuilder, Consortium, DirectRecognition, Platform, PlatformYear
from consortia.rules.platforms import IncubationMode, ServiceStage
from consortia.services import directs
from consortia.services.directs import Finding
from consortia.services.life import Paper
from consortia.services.platforms import add_builder, add_platform, add_service
from members.enums import OrganisationType, Role
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

WAN = Decimal(10_000)
RESEARCH = (OrganisationType.UNIVERSITY, OrganisationType.INSTITUTE)
KINDS = (
    (PlatformKind.ACADEMICIAN, "院士工作站", ServiceStage.RESEARCH),
    (PlatformKind.ENTERPRISE, "大企业研究院", ServiceStage.RESEARCH),
    (PlatformKind.INCUBATOR, "专业孵化器", ServiceStage.INCUBATION),
    (PlatformKind.SERVICE, "公共服务平台", ServiceStage.TECHNICAL),
    (PlatformKind.PARK, "产业园", ServiceStage.INCUBATION),
    (PlatformKind.NEW_RD, "新型研发机构", ServiceStage.OPEN_LAB),
)
HOUSING = (PlatformKind.INCUBATOR, PlatformKind.PARK)


def build(cast: Cast, consortium: Consortium, number: int, today: date) -> None:
    """A platform with two builders and two years of figures; proposed and judged as far as `number` says."""
    platform = _erect(cast, consortium, number, today)
    if platform.kind != PlatformKind.PARK:
        _recognise(cast, platform, number, today)


def _erect(cast: Cast, consortium: Consortium, number: int, today: date) -> Platform:
    kind, word, stage = KINDS[number % len(KINDS)]
    person, at = cast.of(consortium.lead), moment(today - timedelta(days=110))
    platform = Platform(
        kind=kind, name=f"样例{consortium.sub_field.name_zh}{word}", builder=consortium.lead, share=Decimal(60),
        district=consortium.district, address=f"{consortium.district.name_zh}样例路{100 + number}号",
        area=3600 + 200 * number, equipment_value=(1200 + 90 * number) * WAN, stage=stage,
        opened_on=today - timedelta(days=500 + 20 * number), redeveloped=number % 3 == 0,
        incubation=IncubationMode.INVESTING if kind in HOUSING else "",
        introduction="由牵头企业与高校院所共建，面向产业链开放服务。",
    )  # fmt: skip
    add_platform(consortium=consortium, platform=platform, actor=person, at=at)
    members = consortium.participations.filter(status__in=JOINED).select_related("organisation").order_by("pk")
    partner = next(row.organisation for row in members if row.organisation.type in RESEARCH)
    for builder in (
        CoBuilder(organisation=partner, share=Decimal(30)),
        CoBuilder(outside="样例外部研究院", share=Decimal(10)),
    ):
        add_builder(platform=platform, builder=builder, actor=person, at=at)
    for year in (today.year - 2, today.year - 1):
        add_service(platform=platform, service=_figures(year, number, platform), actor=person, at=at)
    return platform


def _figures(year: int, number: int, platform: Platform) -> PlatformYear:
    housing = platform.kind in HOUSING
    return PlatformYear(
        year=year, staff=40 + number * 3, incubatees=12 + number if housing else 0, graduates=2 if housing else 0,
        served=24 + number, times=130 + 5 * number, hours=900 + 40 * number, income=(260 + 12 * number) * WAN,
    )  # fmt: skip


def _recognise(cast: Cast, platform: Platform, number: int, today: date) -> None:
    """By number: in the directory, at the district, at the check, before the meeting, refused."""
    day = today - timedelta(days=90)
    lead = cast.of(platform.consortium.lead)
    case = directs.propose_direct(
        platform=platform,
        grounds="共建各方份额明确，人员、场地和设备均已到位，已对外开放服务。",
        actor=lead,
        at=moment(day),
    )
    how_far = number % 6
    if how_far == 1:
        return
    district = cast.district_officers[platform.consortium.district_id]
    directs.opine_direct(
        case=case, supported=True, opinion="经实地了解，情况属实，同意推荐。", actor=district,
        at=moment(day + timedelta(days=5)),
    )  # fmt: skip
    if how_far != 2:
        _check(cast, case, how_far, day + timedelta(days=12))


def _check(cast: Cast, case: DirectRecognition, how_far: int, day: date) -> None:
    officer = cast.bureau[Role.OFFICER]
    findings = {row.pk: Finding(True, "已现场核实。") for row in case.conditions.all()}
    if how_far == 5:
        findings[case.conditions.filter(hard=True, measure="")[0].pk] = Finding(False, "出资主体单一。")
    directs.check_direct(case=case, findings=findings, actor=officer, at=moment(day), note="材料齐备。")
    if case.experts:
        hearing = directs.Hearing(True, 5, day + timedelta(days=6), "专家组认为条件基本具备。")
        at = moment(day + timedelta(days=7))
        directs.hear_direct(case=case, hearing=hearing, evidence=None, actor=officer, at=at)
    directs.table_direct(case=case, actor=officer, at=moment(day + timedelta(days=8)))
    if how_far != 3:
        _decide(cast, case, how_far, day + timedelta(days=20))


def _decide(cast: Cast, case: DirectRecognition, how_far: int, day: date) -> None:
    head, meeting = cast.bureau[Role.HEAD], day - timedelta(days=1)
    paper = Paper(f"样科认〔{day.year}〕{case.number[-4:].lstrip('0')}号", "样例局党组会议", meeting)
    if how_far == 5:
        directs.refuse_direct(case=case, paper=paper, actor=head, at=moment(day), note="必备条件尚不齐全。")
        return
    directs.recognise_direct(
        case=case, paper=paper, valid_from=day, actor=head, at=moment(day), note="条件齐备，予以认定。"
    )
    directs.publish_direct(case=case, actor=cast.bureau[Role.OFFICER], at=moment(day + timedelta(days=3)))
