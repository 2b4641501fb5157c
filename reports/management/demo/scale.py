"""Many more consortia with applications, straight into the database: for trying out lists at size."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from consortia.enums import ChainPosition, ParticipationRole, ParticipationStatus, Tier
from consortia.models import Consortium, ItemConfirmation, Participation, SubField
from consortia.selectors.parts import part_contents, work_content
from funding.enums import ApplicationStatus
from funding.models import Application, Call
from members.enums import Role
from members.models import District, Organisation, User
from portal.kernel.audit import sha256
from portal.kernel.numbering import next_number
from reports.management.demo.cast import code_of

CHUNK = 1000
FIRST_CODE = 100_000
S = ApplicationStatus
STATES = (S.SUBMITTED, S.RECOMMENDED, S.CHECKED, S.REVIEWING, S.NOT_RECOMMENDED, S.RETURNED, S.REJECTED)


def multiply(target: int, at: datetime) -> int:
    """Add consortia with a lead, four members and a submitted application each until there are `target`; how many."""
    missing = max(target - Consortium.objects.count(), 0)
    for start in range(0, missing, CHUNK):
        _add(start, min(CHUNK, missing - start), at)
    return missing


def _add(start: int, count: int, at: datetime) -> None:
    rng = random.Random(start)
    districts, fields = list(District.objects.all()), list(SubField.objects.all())
    members = list(Organisation.objects.order_by("id")[:200])
    call = Call.objects.published().order_by("-batch")[0]
    person = User.objects.filter(role_grants__role=Role.OFFICER)[0]
    base = FIRST_CODE + Consortium.objects.count()
    leads = Organisation.objects.bulk_create(
        Organisation(name=f"样例批量{base + n}科技有限公司", uscc=code_of(base + n), district=rng.choice(districts))
        for n in range(count)
    )
    year = timezone.localdate(at).year
    consortia = Consortium.objects.bulk_create(
        Consortium(
            code=f"LHT-{year}-{next_number(f'LHT-{year}'):04d}",
            name=f"样例批量{base + n}创新联合体",
            lead=lead,
            sub_field=rng.choice(fields),
            district=lead.district,
            mission="样例。",
            created_by=person,
        )
        for n, lead in enumerate(leads)
    )
    confirmed = Participation.objects.bulk_create(
        _member(consortium, organisation, person, at)
        for consortium in consortia
        for organisation in (consortium.lead, *rng.sample(members, 4))
    )
    ItemConfirmation.objects.bulk_create(row for member in confirmed for row in _confirmations(member))
    Application.objects.bulk_create(_application(call, consortium, person, rng, at) for consortium in consortia)


def _member(consortium: Consortium, organisation: Organisation, person: User, at: datetime) -> Participation:
    lead = organisation.pk == consortium.lead_id
    share = Decimal(40 if lead else 15)
    return Participation(
        consortium=consortium,
        organisation=organisation,
        duties="样例。",
        chain_position=ChainPosition.MIDSTREAM,
        role=ParticipationRole.LEAD if lead else ParticipationRole.MEMBER,
        ip_share=share,
        benefit_share=share,
        invited_by=person,
        invited_at=at,
        status=ParticipationStatus.CONFIRMED,
        confirmed_by=person,
        confirmed_at=at,
    )


def _confirmations(member: Participation) -> Iterator[ItemConfirmation]:
    """Every item as it stands: nobody has tasks yet."""
    assert member.confirmed_at is not None  # noqa: S101
    for item, content in part_contents(member, work_content(member.organisation_id, (), ())).items():
        yield ItemConfirmation(
            participation=member, item=item, content=content, sha256=sha256(content),
            confirmed_by=member.confirmed_by, confirmed_at=member.confirmed_at,
        )  # fmt: skip


def _application(call: Call, consortium: Consortium, person: User, rng: random.Random, at: datetime) -> Application:
    tier = rng.choice(Tier.values)
    sent = at - timedelta(minutes=rng.randint(1, 40_000))
    return Application(
        number=f"{call.year}-{next_number(f'application-{call.year}'):04d}",
        call=call,
        consortium=consortium,
        district=consortium.district,
        requested_tier=tier,
        requested_amount=Decimal(rng.randint(1, 20)) * 50_000,
        status=rng.choice(STATES),
        created_by=person,
        submitted_by=person,
        submitted_at=sent,
        snapshot={"sample": True},
        snapshot_hash=sha256({"sample": True}),
    )
