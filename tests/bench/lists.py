"""What one request of the officials' application list costs: queries at 200 and 20,000 rows, CPU at 20,000."""

import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia.enums import ChainPosition, ParticipationRole, ParticipationStatus
from consortia.models import Consortium, Participation, SubField
from funding.enums import ApplicationStatus
from funding.models import Application, Call
from funding.services.calls import ensure_default_rules
from members.enums import OrganisationType, Role
from members.models import District, Organisation, RoleGrant, User
from members.rules.notice import current_version
from portal.kernel.audit import sha256
from tests.bench.pages import medians, queries

SMALL, LARGE = 200, 20_000
WARM, MEASURED = 5, 25
BATCH = 2_000
MEMBERS = (
    OrganisationType.UNIVERSITY, OrganisationType.INSTITUTE, OrganisationType.FUND, OrganisationType.ENTERPRISE,
    OrganisationType.ENTERPRISE, OrganisationType.ENTERPRISE,
)  # fmt: skip
STATES = (
    ApplicationStatus.SUBMITTED, ApplicationStatus.RECOMMENDED, ApplicationStatus.RETURNED, ApplicationStatus.CHECKED,
    ApplicationStatus.NOT_RECOMMENDED,
)  # fmt: skip
TEXT = "面向产业需求，突破关键核心技术，形成可以测量的成果。" * 40
FINDINGS: tuple[list[str], ...] = ([], [], ["members"], ["revenue", "member_codes"])


def run() -> Iterator[tuple[str, float, str]]:
    """The three figures."""
    world = World()
    world.grow(SMALL)
    client = signed_in(world.officer)
    ask, url = partial(page, client), reverse("funding:application-list") + "?tab=all"
    yield "queries_200", queries(ask, url), "queries"
    world.grow(LARGE - SMALL)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    yield "queries_20000", queries(ask, url), "queries"
    [cpu] = medians(ask, url, warm=WARM, measured=MEASURED, clock=time.process_time)
    yield "cpu_ms_20000", cpu, "ms"


def signed_in(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, url: str) -> None:
    """Ask for the page; it must be the real one, with all its rows."""
    response = client.get(url, HTTP_HOST="localhost")
    if response.status_code != 200 or response.content.count(b'name="ids"') != 50:
        raise RuntimeError(f"the list did not come: {response.status_code}")


class World:
    """Applications with consortia of seven members each, made in bulk."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.count = 0
        self.officer = User.objects.create_user(
            email="bench@sample.test", name="样例科员", password=None, notice_version=current_version()
        )
        RoleGrant.objects.create(user=self.officer, role=Role.OFFICER, granted_at=self.now)
        TOTP.activate(self.officer, generate_totp_secret())
        self.districts = District.objects.bulk_create(
            District(code=f"3205{n:02d}", name_zh=f"样例区{n}", name_en=f"District {n}") for n in range(10)
        )
        self.sub_fields = SubField.objects.bulk_create(
            SubField(code=f"X{n:02d}", cluster_zh="样例", cluster_en="Sample", name_zh=f"领域{n}", name_en=f"Field {n}")
            for n in range(16)
        )
        self.members = Organisation.objects.bulk_create(
            Organisation(name=f"样例成员{n}", uscc=f"91320599MAY{n:07d}", type=MEMBERS[n % len(MEMBERS)])
            for n in range(60)
        )
        self.calls = [self._call(batch) for batch in range(1, 6)]

    def _call(self, batch: int) -> Call:
        return Call.objects.create(
            year=2020 + batch, batch=batch, title=f"样例批次{batch}", document_number=f"样科〔{2020 + batch}〕1号",
            opens_at=self.now - timedelta(days=30), closes_at=self.now + timedelta(days=30), budget=Decimal(36_000_000),
            rules=ensure_default_rules(), status="PUBLISHED", created_by=self.officer,
        )  # fmt: skip

    def grow(self, rows: int) -> None:
        """So many applications more."""
        for first in range(self.count, self.count + rows, BATCH):
            self._batch(range(first, min(first + BATCH, self.count + rows)))
        self.count += rows

    def _batch(self, numbers: range) -> None:
        leads = Organisation.objects.bulk_create(
            Organisation(name=f"样例牵头企业{n}有限公司", uscc=f"91320599MA{n:08d}") for n in numbers
        )
        consortia = Consortium.objects.bulk_create(
            Consortium(
                code=f"LHT-{n:06d}", name=f"样例创新联合体{n}", lead=lead, sub_field=self.sub_fields[n % 16],
                district=self.districts[n % 10], mission="样例使命。", created_by=self.officer,
            )
            for n, lead in zip(numbers, leads, strict=True)
        )  # fmt: skip
        Participation.objects.bulk_create(self._participations(consortia), batch_size=BATCH)
        Application.objects.bulk_create(
            (self._application(n, consortium) for n, consortium in zip(numbers, consortia, strict=True)), batch_size=500
        )

    def _participations(self, consortia: list[Consortium]) -> Iterator[Participation]:
        for n, consortium in enumerate(consortia):
            yield self._member(consortium, consortium.lead, ParticipationRole.LEAD)
            for k in range(len(MEMBERS)):
                yield self._member(consortium, self.members[(n * len(MEMBERS) + k) % 60], ParticipationRole.MEMBER)

    def _member(self, consortium: Consortium, organisation: Organisation, role: str) -> Participation:
        return Participation(
            consortium=consortium, organisation=organisation, role=role, chain_position=ChainPosition.MIDSTREAM,
            duties="样例职责。", status=ParticipationStatus.CONFIRMED, invited_by=self.officer, invited_at=self.now,
            confirmed_by=self.officer, confirmed_at=self.now,
        )  # fmt: skip

    def _application(self, n: int, consortium: Consortium) -> Application:
        snapshot: dict[str, Any] = {"application": {"objective": TEXT, "route": TEXT * 2}, "members": [TEXT[:200]] * 7}
        moved = self.now - timedelta(minutes=7 * n)
        return Application(
            number=f"2026-{n:06d}", call=self.calls[n % 5], consortium=consortium, district=consortium.district,
            requested_tier="ABC"[n % 3], requested_amount=Decimal(1_000_000 + n), objective=TEXT, route=TEXT,
            status=STATES[n % len(STATES)], moved_at=moved, created_by=self.officer, submitted_by=self.officer,
            submitted_at=moved, snapshot=snapshot, snapshot_hash=sha256(snapshot), findings=FINDINGS[n % 4],
            correction_due=moved.date(),
        )  # fmt: skip
