"""What organisations are: owners, size, qualifications, verified figures, a family, a breach."""

from __future__ import annotations

import random
from datetime import date, timedelta

from members.enums import (
    ChainLink,
    IntegrityLevel,
    LeadClass,
    Listing,
    Ownership,
    QualificationKind,
    QualificationLevel,
    QualificationStatus,
    Role,
    SizeClass,
)
from members.enums import OrganisationType as T
from members.models import Organisation, Qualification, User, YearFigures
from members.services.figures import question_year, verify_year
from members.services.integrity import record_integrity
from members.services.standing import affiliate_organisation, suspend_organisation
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast

REGISTER = "国家企业信用信息公示系统（样例）"
ENTERPRISES = [Ownership.PRIVATE] * 6 + [Ownership.STATE] * 2 + [Ownership.FOREIGN, Ownership.MIXED]
INDUSTRIES = ("3521", "3562", "3572", "3612", "3831", "3971", "3985", "2710")
PROOFS = {
    LeadClass.TOP500: QualificationKind.CHINA500,
    LeadClass.CHAMPION: QualificationKind.LITTLE_GIANT,
    LeadClass.SEGMENT: QualificationKind.SEGMENT_LEADER,
    LeadClass.HNTE: QualificationKind.HNTE,
}
UNVERIFIED = 9  # of so many organisations one waits for its verification


def stand(cast: Cast, today: date) -> None:
    """Everybody gets a standing; one of the figures is questioned, one organisation barred, one suspended."""
    rng = random.Random(320501)
    officer, at = cast.bureau[Role.OFFICER], moment(today - timedelta(days=200))
    everybody = list(Organisation.objects.order_by("uscc", "name"))
    for number, organisation in enumerate(everybody, 1):
        _describe(organisation, rng)
        if number % UNVERIFIED:
            organisation.verified_by, organisation.verified_at, organisation.verified_in = officer, at, REGISTER
            organisation.verified_name, organisation.verified_code = organisation.name, organisation.uscc or ""
    described = ["ownership", "size_class", "listing", "chain_link", "industry_code", "registered_capital"]
    verified = ["verified_by", "verified_at", "verified_in", "verified_name", "verified_code"]
    Organisation.objects.bulk_update(everybody, described + verified, batch_size=200)
    Qualification.objects.bulk_create(
        row for organisation in everybody for row in _qualified(organisation, rng, officer, today)
    )
    leads = YearFigures.objects.filter(year=today.year - 2).exclude(organisation__lead_class=LeadClass.NONE)
    for figures in leads:
        verify_year(figures=figures, note="", actor=officer, at=at)
    _exceptions(cast, today)


def _describe(organisation: Organisation, rng: random.Random) -> None:
    enterprise = organisation.type == T.ENTERPRISE
    public = organisation.type in {T.UNIVERSITY, T.INSTITUTE}
    organisation.ownership = Ownership.PUBLIC if public else rng.choice(ENTERPRISES)
    if not enterprise:
        return
    leads = organisation.lead_class != LeadClass.NONE
    organisation.size_class = SizeClass.LARGE if leads else rng.choice(list(SizeClass)[1:3])
    organisation.listing = rng.choice([Listing.MAIN, Listing.STAR]) if leads else Listing.NONE
    organisation.chain_link = rng.choice(list(ChainLink))
    organisation.industry_code = rng.choice(INDUSTRIES)
    organisation.registered_capital = rng.randint(5, 80) * 10_000_000


def _qualified(organisation: Organisation, rng: random.Random, officer: User, today: date) -> list[Qualification]:
    if organisation.type != T.ENTERPRISE:
        return []
    kinds = {QualificationKind.HNTE, PROOFS.get(LeadClass(organisation.lead_class), QualificationKind.HNTE)}
    begun = date(today.year - rng.randint(0, 3), 1, 1)
    return [
        Qualification(
            organisation=organisation, kind=kind, valid_from=begun, valid_to=date(begun.year + 2, 12, 31),
            level=QualificationLevel.NATIONAL, certificate=f"样例{begun.year}{rng.randint(1, 9999):04d}",
            list_year=begun.year if kind == QualificationKind.CHINA500 else None,
            rank=rng.randint(60, 480) if kind == QualificationKind.CHINA500 else None,
            status=QualificationStatus.VERIFIED, checked_by=officer, checked_at=moment(begun),
        )
        for kind in sorted(kinds)
    ]  # fmt: skip


def _exceptions(cast: Cast, today: date) -> None:
    """What is not as it should be."""
    officer, at = cast.bureau[Role.OFFICER], moment(today - timedelta(days=20))
    some = cast.pool[T.ENTERPRISE]
    record_integrity(
        organisation=some[-1], level=IntegrityLevel.SERIOUS, behaviour="提供虚假检测报告（样例）",
        source="样例处理决定〔1〕号", measure="三年内不得申报（样例）", effective_from=today - timedelta(days=180),
        effective_to=None, actor=cast.bureau[Role.SUPERVISOR], at=moment(today - timedelta(days=180)),
    )  # fmt: skip
    suspend_organisation(organisation=some[-2], reason="经营异常，核查中（样例）", actor=officer, at=at)
    for child in some[-4:-2]:
        affiliate_organisation(
            organisation=child, parent_code=some[0].uscc or "", source="企业年报（样例）", actor=officer, at=at
        )
    figures = some[0].years.order_by("-year")[0]
    question_year(figures=figures, reason="研发投入与统计口径不一致，请核对（样例）", actor=officer, at=at)
