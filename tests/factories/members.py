"""Members of the cast, straight into the database."""

from decimal import Decimal
from itertools import count
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.db.models import Model
from django.utils import timezone
from stdnum.cn import uscc

from members.enums import ExpertStatus, LeadClass, Role, TitleLevel
from members.models import District, Expert, Organisation, PastPassword, RoleGrant, User, YearFigures
from members.rules.notice import current_version
from tests.clock import NOON

DISTRICTS = {"320583": ("昆山市", "Kunshan"), "320581": ("常熟市", "Changshu"), "320571": ("苏州工业园区", "SIP")}
_numbers = count(1)


def once(model: type[Model], defaults: dict[str, Any], **key: Any) -> Any:
    """The row with this key, made if there is none; `get_or_create` takes two statements more, against races."""
    rows = model._default_manager
    return rows.filter(**key).first() or rows.create(**key, **defaults)


def make_district(code: str = "320583") -> District:
    """One of three districts."""
    zh, en = DISTRICTS[code]
    district: District = once(District, {"name_zh": zh, "name_en": en}, code=code)
    return district


def make_code() -> str:
    """A valid credit code in the region 320599, which no real organisation has."""
    body = f"91320599MA{next(_numbers):07d}"
    return body + uscc.calc_check_digit(body)


def make_organisation(name: str = "", **facts: Any) -> Organisation:
    """An enterprise with three years of figures, unless told otherwise."""
    facts.setdefault("uscc", make_code())
    facts.setdefault("lead_class", LeadClass.CHAMPION)
    facts.setdefault("bank_name", "样例银行苏州分行")
    facts.setdefault("bank_account", "6222020000000001")
    organisation = Organisation.objects.create(name=name or f"样例企业{next(_numbers)}有限公司", **facts)
    YearFigures.objects.bulk_create(
        YearFigures(
            organisation=organisation,
            year=year,
            revenue=Decimal(2_500_000_000),
            rd_expense=Decimal(150_000_000),
            staff=800,
            rd_staff=160,
        )
        for year in (2023, 2024, 2025)
    )
    return organisation


def make_user(handle: str, name: str, *grants: Any, **facts: Any) -> User:
    """A person; each grant is a role, or (role, organisation or district). Second factor included."""
    facts.setdefault("notice_version", current_version())
    user = User.objects.create(
        email=f"{handle}@sample.test", name=name, password=make_password("Sample-pass-2026"), **facts
    )
    PastPassword.objects.create(user=user, hash=user.password, set_at=timezone.now())
    for grant in grants:
        give(user, *grant) if isinstance(grant, tuple) else give(user, grant)
    if user.needs_second_factor:
        TOTP.activate(user, generate_totp_secret())
    return user


def give(user: User, role: Role, place: Organisation | District | None = None) -> RoleGrant:
    """Grant a role."""
    user.__dict__.pop("grants", None)
    return RoleGrant.objects.create(
        user=user,
        role=role,
        granted_at=NOON,
        organisation=place if isinstance(place, Organisation) else None,
        district=place if isinstance(place, District) else None,
    )


def make_expert(handle: str, name: str, **facts: Any) -> Expert:
    """An expert of the pool, able in every field."""
    facts.setdefault("fields", ["E01", "E02", "M01"])
    facts.setdefault("title_level", TitleLevel.SENIOR)
    facts = {"status": ExpertStatus.ACTIVE, "admitted_at": NOON, "refreshed_at": NOON} | facts
    return Expert.objects.create(user=make_user(handle, name, Role.EXPERT), **facts)
