"""An object as it was on a day, and the audit trail as a file."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from consortia.enums import Tier
from funding.enums import ApplicationStatus, ContractStatus
from funding.models import Application
from portal.kernel import audit
from portal.kernel.models import AuditEntry, ExportLog
from reports.selectors.asof import KINDS, as_of
from reports.selectors.asofwords import expert_names, in_words
from tests.clock import DAY, NOON
from tests.factories.funding import make_application, make_contract, make_tranche
from tests.factories.reports import make_evaluation
from tests.funding.steps import queries_of
from tests.personas import Personas

EXPORT = reverse("reports:audit-export")


def enter(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def record(actor: Any, action: str, subject: models.Model, day: int, note: str = "", **facts: Any) -> None:
    with transaction.atomic():
        audit.record(actor=actor, action=action, subject=subject, at=NOON + day * DAY, note=note, facts=facts)


@pytest.fixture
def application(people: Personas) -> Application:
    """Submitted on the first day, edited on the second, recommended on the third, decided on the fifth."""
    s = ApplicationStatus
    application = make_application(people)
    record(people.signatory, "submit", application, 0, **{"from": s.DRAFT, "to": s.SUBMITTED}, requested_tier="A")
    record(people.lead, "edit", application, 1, version=2)
    record(
        people.district_officer, "recommend", application, 2, "同意推荐。", **{"from": s.SUBMITTED, "to": s.RECOMMENDED}
    )
    record(people.leader, "decide", application, 4, **{"from": s.GRADED, "to": s.DECIDED}, decided_amount="1000000.00")
    return application


def url_of(kind: str, subject: models.Model, **query: str) -> str:
    return reverse("reports:audit-day", args=[kind, subject.pk], query=query)


@pytest.mark.parametrize(
    ("day", "status", "steps", "facts", "later"),
    [
        (-1, "", 0, {}, 4),
        (0, "With the district", 1, {"requested tier": Tier.A.label}, 3),
        (1, "With the district", 2, {"requested tier": Tier.A.label, "Version": "2"}, 2),
        (2, "Recommended", 3, {}, 1),
        (3, "Recommended", 3, {}, 1),
        (4, "Decided", 4, {"decided amount (×10k yuan)": "100.00"}, 0),
    ],
)
def test_what_stood_at_the_end_of_a_day(
    application: Application, day: int, status: str, steps: int, facts: dict[str, Any], later: int
) -> None:
    found = as_of(kind="application", pk=application.pk, day=timezone.localdate(NOON + day * DAY))

    assert found is not None
    assert (len(found.steps), dict(found.facts), found.later) == (steps, facts, later)
    codes = {"": "", "With the district": "SUBMITTED", "Recommended": "RECOMMENDED", "Decided": "DECIDED"}
    assert found.status == (str(ApplicationStatus(codes[status]).label) if status else "")


def test_the_day_ends_at_midnight_in_beijing(people: Personas) -> None:
    contract = make_contract(people)
    midnight = timezone.make_aware(datetime(2026, 11, 19))  # noqa: DTZ001
    for at in (midnight - timedelta(microseconds=1), midnight):
        with transaction.atomic():
            audit.record(actor=people.leader, action="sign", subject=contract, at=at)

    found = as_of(kind="contract", pk=contract.pk, day=timezone.localdate(midnight - DAY))

    assert found is not None
    assert (len(found.steps), found.later, found.status) == (1, 1, str(ContractStatus.DRAFT.label))


@pytest.mark.parametrize(("day", "status"), [(-1, ""), (0, ContractStatus.OFFERED), (1, ContractStatus.SIGNED)])
def test_a_contract_begins_with_the_approval(people: Personas, day: int, status: str) -> None:
    contract = make_contract(people)
    award = contract.award
    record(
        people.leader, "approve", award.application, 0,
        **{"from": "PUBLICISED", "to": "APPROVED"}, award=award.pk, amount="1550000.00", document="样例〔2026〕1号",
    )  # fmt: skip
    record(people.signatory, "sign", contract, 1, **{"from": "OFFERED", "to": "SIGNED"}, number=contract.number)

    found = as_of(kind="contract", pk=contract.pk, day=timezone.localdate(NOON + day * DAY))

    assert found is not None
    facts = {
        -1: {},
        0: {"Approval document": "样例〔2026〕1号", "Amount (×10k yuan)": "155.00"},
        1: {"number": contract.number},
    }
    assert (found.label, found.status, dict(found.facts)) == (
        contract.number, str(ContractStatus(status).label) if status else "", facts[day]
    )  # fmt: skip


def test_an_evaluation_begins_with_its_year(people: Personas) -> None:
    evaluation = make_evaluation(people)
    record(people.officer, "open_cycle", evaluation.cycle, 0, year=2026, rules="R-1", evaluations=7)

    found = as_of(kind="evaluation", pk=evaluation.pk, day=timezone.localdate(NOON))

    assert found is not None
    assert (found.label, found.status, dict(found.facts)) == (
        str(evaluation), str(evaluation.get_status_display()), {"Year": "2026", "Rule set": "R-1"}
    )  # fmt: skip


def test_facts_are_told_in_words(people: Personas) -> None:
    facts = {
        "snapshot_hash": "ab", "sha256": "ab", "award": "0198", "seed": "1", "consequences": [],
        "expert": str(UUID(int=1)), "held": ["held:2"], "dispersed": True,
        "items": [{"code": "lead", "result": "PASS"}], "veto": "", "total": "90.50",
        "by_rule": {"tier": "A", "amount": "1550000.00"},
    }  # fmt: skip

    assert in_words("reports.evaluation", facts, {str(UUID(int=1)): "样例专家"}) == [
        ("Fingerprint (SHA-256)", "ab"), ("Consequences", "—"), ("Expert", "样例专家"),
        ("Tranches on hold", "Tranche 2 is on hold"), ("Opinions lie far apart", "Yes"),
        ("Formal check", "The lead is registered in the city: In order"), ("veto", "—"), ("score", "90.5"),
        ("Proposal by the rules", f"Tier {Tier.A.label}, Amount (×10k yuan) 155.00"),
    ]  # fmt: skip
    assert in_words("funding.application", {"correction_due": "2026-11-20"}, {}) == [("correction due", "20 Nov 2026")]
    assert in_words("", {"status": 403, "view": "home"}, {}) == []


def test_experts_are_named_in_one_question(people: Personas, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    experts = {str(expert.pk): str(expert) for expert in people.experts[:2]}
    one, two = experts

    with django_assert_num_queries(1):
        names = expert_names([{"experts": [one, two]}, {"expert": one}, {"expert": ""}, {"expert": "gone"}])

    assert names == experts


def test_the_page_names_who_decided_in_which_role(people: Personas, application: Application) -> None:
    page = enter(people.supervisor).get(url_of("application", application, on="2026-11-20"))

    assert [(entry.actor, roles) for entry, roles in page.context["found"].steps] == [
        (people.signatory, "Authorised signatory"), (people.lead, "Lead applicant"),
        (people.district_officer, "District recommender"),
    ]  # fmt: skip
    assert [text in page.text for text in ("同意推荐。", page.context["found"].status, "District recommender")] == [
        True
    ] * 3


@pytest.mark.parametrize(
    ("name", "status"),
    {"audit_admin": 200, "supervisor": 200, "lead": 403, "officer": 403, "leader": 403, "system_admin": 403,
     "expert": 403}.items(),
)  # fmt: skip
def test_supervision_and_auditors_look_back(people: Personas, application: Application, name: str, status: int) -> None:
    assert enter(getattr(people, name)).get(url_of("application", application)).status_code == status


@pytest.mark.parametrize("query", [{}, {"on": "x"}, {"on": "2026-13-45"}, {"on": "0001-01-01"}, {"on": "9999-12-31"}])
def test_a_nonsensical_day_is_no_fault(people: Personas, application: Application, query: dict[str, str]) -> None:
    assert enter(people.supervisor).get(url_of("application", application, **query)).status_code == 200


def test_what_has_no_history_is_not_there(people: Personas, application: Application) -> None:
    client = enter(people.supervisor)
    tranche = make_tranche(people)

    urls = [url_of("tranche", tranche), url_of("contract", application), url_of("application", people.lead)]
    assert [client.get(url).status_code for url in urls] == [404] * 3
    assert client.get(url_of("evaluation", make_evaluation(people))).status_code == 200  # there, but no entry yet


def test_every_kind_is_linked_from_its_page(people: Personas) -> None:
    subjects = {"contract": make_contract(people), "evaluation": make_evaluation(people, status="FINAL")}
    subjects["application"] = subjects["contract"].award.application
    client = enter(people.supervisor)

    linked = {
        kind: url_of(kind, subject) in client.get(subject.get_absolute_url()).text for kind, subject in subjects.items()
    }

    assert linked == dict.fromkeys(KINDS, True)


def test_a_look_back_costs_the_same_whatever_its_length(people: Personas, application: Application) -> None:
    client, url = enter(people.supervisor), url_of("application", application)
    client.get(url)
    before = len(queries_of(client, url))
    for _ in range(5):
        record(people.lead, "edit", application, 5)

    assert len(queries_of(client, url)) == before


# --- the export --------------------------------------------------------------------------------
def take(user: Any, query: str = "") -> tuple[int, bytes]:
    """The status of the answer and what it holds."""
    answer: Any = enter(user).post(EXPORT + query, {"format": "csv", "purpose": "年度审计"})
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(
    ("name", "status"),
    {"audit_admin": 200, "supervisor": 403, "system_admin": 403, "officer": 403, "lead": 403}.items(),
)
def test_the_audit_administrator_takes_the_trail(people: Personas, name: str, status: int) -> None:
    record(people.officer, "verify", make_tranche(people), 0)
    user = getattr(people, name)

    assert [enter(user).get(EXPORT).status_code, take(user)[0]] == [status, status]


def test_the_file_holds_what_the_filter_leaves_and_is_an_entry_itself(people: Personas) -> None:
    tranche = make_tranche(people)
    for day in range(3):
        record(people.officer, "verify", tranche, day, note="=1+1")
    record(people.officer, "hold", tranche, 4)

    _status, sent = take(people.audit_admin, "?act=funding.verify&since=2026-11-19")

    lines = list(csv.DictReader(io.StringIO(sent.decode("utf-8-sig"))))
    assert [(line["Number"], line["Action code"], line["Note"]) for line in lines] == [
        ("2", "verify", "'=1+1"), ("3", "verify", "'=1+1")
    ]  # fmt: skip
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.note, entry.facts["rows"], entry.facts["params"]) == (
        people.audit_admin, "年度审计", 2, {"act": "funding.verify", "since": "2026-11-19"}
    )  # fmt: skip
    assert ExportLog.objects.get().slug == "audit-trail"


def test_without_a_purpose_there_is_no_file(people: Personas) -> None:
    answer = enter(people.audit_admin).post(EXPORT, {"format": "csv", "purpose": ""})

    assert (answer.status_code, answer.context["form"].errors.keys() - {"purpose"}) == (200, set())
    assert not ExportLog.objects.exists()
