"""Steps of an application that several tests take."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from funding.models import Application, Call
from funding.rules.declarations import DECLARATIONS
from funding.rules.formal_check import vouched
from funding.selectors.checks import check_list
from funding.selectors.credit_checks import credit_list, records_in_force
from funding.services.applications import edit_application, submit_application
from funding.services.recommendations import recommend_application
from members.enums import IntegrityLevel
from members.models import IntegrityRecord, User
from portal.kernel.models import Notification
from tests.clock import DAY, NOON
from tests.factories.funding import make_application, make_call
from tests.personas import Personas
from tests.samples import PDF

ALL = list(DECLARATIONS)


def pdf(name: str = "审计报告.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def submit(application: Application, people: Personas, **facts: Any) -> Application:
    return submit_application(
        application=application, actor=facts.pop("actor", people.signatory), at=facts.pop("at", NOON),
        declarations=facts.pop("declarations", ALL),
    )  # fmt: skip


def bar(organisation: Any, level: str = IntegrityLevel.SERIOUS, **term: Any) -> IntegrityRecord:
    return IntegrityRecord.objects.create(
        organisation=organisation, level=level, behaviour="样例行为", source="样例来源",
        effective_from=term.get("effective_from", date(2026, 1, 1)), effective_to=term.get("effective_to"),
    )  # fmt: skip


def kinds(user: User) -> list[str]:
    return sorted(Notification.objects.filter(recipient=user).values_list("kind", flat=True))


def passed(application: Application) -> list[dict[str, Any]]:
    return [
        {"code": item.code, "result": item.result or "PASS", "note": "", "automatic": item.automatic}
        for item in check_list(application, NOON)
    ]


def sound(application: Application) -> list[dict[str, Any]]:
    """A credit check that finds nothing."""
    return vouched(credit_list(application, records_in_force(application, NOON)), "")


def edit(application: Application, people: Personas, section: str = "objective", **facts: Any) -> Application:
    values = facts.pop("values", {"objective": "新的目标。"})
    return edit_application(
        application=application, actor=facts.pop("actor", people.lead), at=facts.pop("at", NOON), section=section,
        values=values, **facts,
    )  # fmt: skip


def recommended(people: Personas, **facts: Any) -> Application:
    application = submit(make_application(people, **facts), people)
    recommend_application(application=application, actor=people.district_officer, at=NOON, opinion="同意。")
    return application


def open_call(people: Personas, **facts: Any) -> Call:
    """A call that is open while the test runs, for what asks the real clock."""
    now = timezone.now()
    return make_call(people, opens_at=now - DAY, closes_at=now + DAY, **facts)


def queries_of(client: Client, url: str) -> list[str]:
    """The queries of one page; the session's own is left out, since it may come from the cache or not."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries if '"django_session"' not in query["sql"]]
