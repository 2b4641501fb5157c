"""The people and organisations of the demo."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.crypto import salted_hmac
from stdnum.cn import uscc

from consortia.enums import TaxonomyStatus
from consortia.models import SubField, Taxonomy, TaxonomyEntry
from members.enums import ExpertKind, IdScheme, LeadClass, OrganisationType, Role
from members.models import District, Expert, Organisation, RoleGrant, User, YearFigures
from members.services.people import create_expert, create_official, enrol_demo_second_factor
from reports.management.demo.catalogue import CLUSTERS, DISTRICTS, INSTITUTES, PLACES, SCIENCES, SUB_FIELDS, TRADES

T = OrganisationType
DOMAIN = "demo.example"


@dataclass
class Cast:
    """Who plays; organisations by kind, officials by role, people of organisations by id."""

    districts: dict[str, District]
    bureau: dict[Role, User]
    district_officers: dict[str, User]
    second_leader: User  # approves lists beside the first
    experts: list[Expert] = field(default_factory=list)
    pool: dict[str, list[Organisation]] = field(default_factory=dict)
    people: dict[Any, User] = field(default_factory=dict)

    def of(self, organisation: Organisation) -> User:
        """The person who acts for an organisation."""
        return self.people[organisation.pk]


BUREAU = (
    (Role.ACCEPTANCE, "样例受理员", "acceptance"),
    (Role.OFFICER, "样例项目主管", "officer"),
    (Role.HEAD, "样例处长", "head"),
    (Role.LEADER, "样例分管局长", "leader"),
    (Role.SECRETARY, "样例会议秘书", "secretary"),
    (Role.FINANCE, "样例财务主管", "finance"),
    (Role.SUPERVISOR, "样例监督员", "supervisor"),
    (Role.LIAISON, "样例科技专员", "liaison"),
    (Role.SYSTEM_ADMIN, "样例系统管理员", "system"),
    (Role.SECURITY_ADMIN, "样例安全管理员", "security"),
    (Role.AUDIT_ADMIN, "样例审计管理员", "audit"),
)
SECOND_LEADER = "样例第二分管局长", "leader-2"
SECOND_SECURITY = "样例安全复核员", "security-2"  # confirms what the first one proposes
LEAST_RD_STAFF = 30
SHOWN_DISTRICTS = {"320583", "320509"}


def load_places() -> dict[str, District]:
    """Districts and the default taxonomy."""
    District.objects.bulk_create(
        [
            District(code=code, name_zh=zh, name_en=en, focus=focus, is_gb2260=known, column=Decimal(col), row=row)
            for code, zh, en, focus, known, col, row in DISTRICTS
        ],
        ignore_conflicts=True,
    )
    SubField.objects.bulk_create(
        [
            SubField(
                code=code, name_zh=zh, name_en=en, cluster_zh=CLUSTERS[code[0]][0], cluster_en=CLUSTERS[code[0]][1]
            )
            for code, zh, en in SUB_FIELDS
        ],
        ignore_conflicts=True,
    )
    taxonomy = Taxonomy.objects.get_or_create(
        version=1,
        defaults={
            "label": "十六个细分领域（样例）",
            "valid_from": date(2020, 1, 1),
            "status": TaxonomyStatus.PUBLISHED,
        },
    )[0]
    TaxonomyEntry.objects.bulk_create(
        [TaxonomyEntry(taxonomy=taxonomy, sub_field_id=code) for code, _zh, _en in SUB_FIELDS], ignore_conflicts=True
    )
    return {district.name_zh: district for district in District.objects.all()}


def hire(at: datetime) -> Cast:
    """The bureau, the ten districts and the three administrators."""
    districts = load_places()
    bureau = {role: _official(handle, name, role, at, shown=True) for role, name, handle in BUREAU}
    name, handle = SECOND_LEADER
    second_leader = _official(handle, name, Role.LEADER, at, shown=True)
    name, handle = SECOND_SECURITY
    _official(handle, name, Role.SECURITY_ADMIN, at, shown=True)
    officers = {
        district.pk: _official(
            f"district-{district.pk}",
            f"样例{district.name_zh}经办",
            Role.DISTRICT_OFFICER,
            at,
            district=district,
            shown=district.pk in SHOWN_DISTRICTS,
        )
        for district in districts.values()
    }
    return Cast(districts=districts, bureau=bureau, district_officers=officers, second_leader=second_leader)


def _official(
    handle: str, name: str, role: Role, at: datetime, *, shown: bool, district: District | None = None
) -> User:
    user = create_official(
        email=f"{handle}@{DOMAIN}", name=name, roles=[role], actor=None, at=at, district=district, is_demo=shown
    )
    if shown:
        enrol_demo_second_factor(user=user)
    return user


# --- organisations -----------------------------------------------------------------------------
def code_of(number: int) -> str:
    """A valid credit code in the region 320599, which is not allotted."""
    body = f"91320599MB{number:07d}"
    return body + uscc.calc_check_digit(body)


def found(cast: Cast, rng: random.Random, years: list[int]) -> None:
    """About 300 organisations with a person each, and the experts' employers among them."""
    places = list(cast.districts.values())
    names = {
        T.UNIVERSITY: [f"样例{place}{science}大学" for place in PLACES[:3] for science in SCIENCES],
        T.INSTITUTE: [f"样例{place}{subject}研究院" for place in PLACES[3:6] for subject in INSTITUTES],
        T.FUND: [f"样例{place}产业创新基金" for place in PLACES[:16]],
        T.INTERMEDIARY: [f"样例{place}检测技术服务有限公司" for place in PLACES[:8]],
        T.ENTERPRISE: [f"样例{place}{trade}有限公司" for place in PLACES for trade in TRADES[:6]],
    }
    number = 0
    for kind, titles in names.items():
        rows = []
        for title in titles:
            number += 1
            rows.append(Organisation(name=title, type=kind, uscc=code_of(number), district=rng.choice(places)))
        cast.pool[kind] = Organisation.objects.bulk_create(rows)
    abroad = Organisation(
        name="样例海外光子中心（境外）",
        type=T.OFFSHORE_CENTRE,
        id_scheme=IdScheme.FOREIGN,
        country="DE",
        registration_number="HRB 99999",
    )
    cast.pool[T.OFFSHORE_CENTRE] = Organisation.objects.bulk_create([abroad])
    everybody = [organisation for some in cast.pool.values() for organisation in some]
    staff(cast, everybody, {Role.CONFIRMER})
    state_years(everybody, years, rng)


def staff(cast: Cast, organisations: list[Organisation], roles: set[Role], *, shown_as: str = "") -> None:
    """One person for each organisation, with the roles."""
    users = [
        User(
            email=f"{salted_hmac('demo', str(organisation.uscc or organisation.name)).hexdigest()[:10]}@{DOMAIN}",
            name=f"样例{organisation.name.removeprefix('样例')[:2]}联系人",
            is_demo=bool(shown_as),
            title=shown_as,
        )
        for organisation in organisations
    ]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    at = cast.bureau[Role.OFFICER].date_joined
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, organisation=organisation, granted_at=at)
        for user, organisation in zip(users, organisations, strict=True)
        for role in sorted(roles)
    )
    cast.people.update({organisation.pk: user for user, organisation in zip(users, organisations, strict=True)})


def state_years(
    organisations: list[Organisation], years: list[int], rng: random.Random, *, strong: bool = False
) -> None:
    """Yearly figures; a strong enterprise earns more than two thousand million yuan."""
    rows = []
    for organisation in organisations:
        revenue = Decimal(rng.randint(2_200, 6_000) if strong else rng.randint(60, 900)) * 1_000_000
        staff, researching = rng.randint(200, 3000), Decimal(rng.randint(12, 30)) / 100
        for year in sorted(years):
            revenue = (revenue * Decimal(rng.randint(102, 112)) / 100).quantize(Decimal("0.01"))
            staff = staff * rng.randint(97, 109) // 100
            rows.append(
                YearFigures(
                    organisation=organisation,
                    year=year,
                    revenue=revenue,
                    staff=staff,
                    rd_staff=max(round(staff * researching), LEAST_RD_STAFF),
                    rd_expense=(revenue * Decimal(rng.randint(45, 85)) / 1000).quantize(Decimal("0.01")),
                )
            )
    YearFigures.objects.bulk_create(rows)


def lead_organisation(
    cast: Cast, name: str, code: str, district: District, *, lead_class: LeadClass, shown_as: str
) -> Organisation:
    """A lead enterprise with one person who writes, signs and confirms."""
    organisation = Organisation.objects.create(
        name=name.replace("(虚构)", "（虚构）"), uscc=code, district=district, lead_class=lead_class,
        bank_name="样例银行苏州分行", bank_account=f"6222{''.join(filter(str.isdigit, code))[:15]}",
    )  # fmt: skip
    roles = {Role.ORG_ADMIN, Role.APPLICANT, Role.SIGNATORY, Role.CONFIRMER}
    staff(cast, [organisation], roles, shown_as=shown_as)
    return organisation


# --- experts -----------------------------------------------------------------------------------
def recruit(cast: Cast, rng: random.Random, at: datetime) -> None:
    """Sixty experts: six of finance, eight of investment, the others by sub-field."""
    kinds = (
        [ExpertKind.FINANCE] * 6
        + [ExpertKind.INVESTMENT] * 8
        + [ExpertKind.TECHNOLOGY] * 32
        + [ExpertKind.INDUSTRY] * 14
    )
    codes = [code for code, _zh, _en in SUB_FIELDS]
    employers = cast.pool[T.UNIVERSITY][:4] + [None] * 56
    for number, kind in enumerate(kinds, 1):
        shown = number in {1, 7, 15, 16}
        fields = [] if kind in {ExpertKind.FINANCE, ExpertKind.INVESTMENT} else rng.sample(codes, 6)
        expert = create_expert(
            email=f"expert{number:02d}@{DOMAIN}",
            name=f"样例专家{number:02d}",
            kind=kind,
            fields=codes if shown else fields,
            actor=None,
            at=at,
            employer=employers[-number] if number > 56 else None,
            is_demo=shown,
        )
        if shown:
            enrol_demo_second_factor(user=expert.user)
        cast.experts.append(expert)
