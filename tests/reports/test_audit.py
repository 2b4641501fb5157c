"""The audit trail: who reads which part of it, in words, by which filters."""

from datetime import date
from typing import Any

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from funding.enums import TrancheStatus
from funding.services.tranches import hold_tranche, verify_tranche
from members.services.people import deactivate_user
from portal.kernel import audit
from portal.kernel.exporting import make_export
from portal.kernel.models import AuditEntry
from reports.exporters import BY_SLUG
from reports.selectors.audit import BUSINESS, PAGES, entries
from tests.clock import DAY, NOON
from tests.factories.funding import make_tranche
from tests.funding.steps import queries_of
from tests.personas import Personas

URL = reverse("reports:audit-list")
READERS = ("audit_admin", "supervisor")
OTHERS = ("lead", "rival", "district_officer", "acceptance", "officer", "head", "leader", "finance", "expert",
          "system_admin", "security_admin")  # fmt: skip


def enter(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def record(actor: Any, action: str, subject: models.Model, **facts: Any) -> AuditEntry:
    with transaction.atomic():
        return audit.record(actor=actor, action=action, subject=subject, at=facts.pop("at", NOON), **facts)


@pytest.fixture
def trail(people: Personas) -> dict[str, AuditEntry]:
    """One entry of each kind: business, people, an export."""
    verified = make_tranche(people, status=TrancheStatus.REQUESTED)
    verify_tranche(tranche=verified, actor=people.officer, at=NOON, note="已核对合同。")
    leaver = people.other_district_officer
    deactivate_user(user=leaver, actor=people.system_admin, at=NOON + DAY, note="已离职。")
    later = NOON + 2 * DAY
    report = BY_SLUG["awards"]
    taken = make_export(
        export=report.export(report.base(people.finance), []),
        user=people.finance,
        params={},
        file_format="csv",
        purpose="",
        at=later,
    )
    taken.file.close()
    return {entry.action: entry for entry in AuditEntry.objects.all()}


def read(user: Any, **query: str) -> list[str]:
    page = enter(user).get(URL, query)
    return [line.entry.action for line in page.context["lines"]]


@pytest.mark.parametrize(("name", "status"), {**dict.fromkeys(READERS, 200), **dict.fromkeys(OTHERS, 403)}.items())
def test_only_auditors_and_supervision_read_the_trail(people: Personas, name: str, status: int) -> None:
    assert enter(getattr(people, name)).get(URL).status_code == status


def test_without_signing_in_there_is_no_trail(client: Client, db: None) -> None:
    assert client.get(URL).headers["location"] == f"{reverse('account_login')}?next={URL}"


def test_supervision_reads_what_concerns_the_business(people: Personas, trail: dict[str, AuditEntry]) -> None:
    assert read(people.audit_admin) == ["export", "deactivate_user", "verify"]
    assert read(people.supervisor) == ["verify"]
    assert list(entries(people.supervisor)) == [trail["verify"]]


def test_the_act_and_its_states_are_told_in_words(people: Personas, trail: dict[str, AuditEntry]) -> None:
    page = enter(people.supervisor).get(URL)

    (line,) = page.context["lines"]
    assert (line.before, line.after) == ("Waiting for verification", "Waiting for the finance review")
    assert "<td>Verify tranche</td>" in page.text
    assert "REQUESTED" not in page.text


def test_every_act_on_record_has_its_words(people: Personas, trail: dict[str, AuditEntry]) -> None:
    page = enter(people.audit_admin).get(URL).text

    assert [f"<td>{words}</td>" in page for words in ("Take export", "Deactivate user", "Verify tranche")] == (
        [True] * 3
    )


def test_an_act_that_no_room_knows_is_shown_by_its_code(people: Personas) -> None:
    record(people.officer, "sample_act", make_tranche(people), facts={"from": "X", "to": "Y"})

    page = enter(people.supervisor).get(URL)

    assert "<td>sample_act</td>" in page.text
    assert [(line.before, line.after) for line in page.context["lines"]] == [("X", "Y")]


def test_supervision_opens_the_object_the_administrator_reads_here_only(
    people: Personas, trail: dict[str, AuditEntry]
) -> None:
    linked = {name: [line.url for line in enter(getattr(people, name)).get(URL).context["lines"]] for name in READERS}

    tranche = f"/funding/tranches/{trail['verify'].subject_id}/"
    assert linked == {"audit_admin": ["", "", ""], "supervisor": [tranche]}
    assert enter(people.supervisor).get(tranche).status_code == 200


def test_the_pages_that_are_linked_belong_to_the_business() -> None:
    assert {page.partition(".")[0] for page in PAGES} == set(BUSINESS)


# --- filters -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "样例创新联合体"}, ["verify"]),
        ({"q": "无此对象"}, []),
        ({"person": "系统"}, ["deactivate_user"]),
        ({"act": "funding.verify"}, ["verify"]),
        ({"act": "members.deactivate_user"}, ["deactivate_user"]),
        ({"act": "kernel.export"}, ["export"]),
        ({"since": "2026-11-19"}, ["export", "deactivate_user"]),
        ({"until": "2026-11-19"}, ["deactivate_user", "verify"]),
        ({"since": "2026-11-19", "until": "2026-11-19"}, ["deactivate_user"]),
    ],
)
def test_the_filters_narrow_the_trail(
    people: Personas, trail: dict[str, AuditEntry], query: dict[str, str], found: list[str]
) -> None:
    assert read(people.audit_admin, **query) == found


def test_the_same_word_in_two_rooms_is_two_acts(people: Personas) -> None:
    tranche = make_tranche(people)
    record(people.officer, "hold", tranche)
    record(people.officer, "hold", tranche.award.consortium)

    assert read(people.supervisor, act="funding.hold") == ["hold"]
    assert read(people.supervisor, act="consortia.hold") == ["hold", "hold"]  # no such act: the filter does not apply


def test_supervision_is_offered_the_acts_of_the_business_only(people: Personas) -> None:
    offered = {
        name: {code.partition(".")[0] for _room, acts in _choices(getattr(people, name)) for code, _label in acts}
        for name in READERS
    }

    assert offered == {
        "audit_admin": {"members", "consortia", "funding", "reports", "kernel"},
        "supervisor": {"consortia", "funding", "reports"},
    }


def _choices(user: Any) -> list[Any]:
    form = enter(user).get(URL).context["filter"].form
    return [group for group in form.fields["act"].choices if isinstance(group[1], list)]


@pytest.mark.parametrize(
    "query",
    [
        "since=x", "until=2026-13-45", "since=0001-01-01", "until=9999-12-31", "act=x", "act=members.sign_in", "q=",
        f"q={'长' * 300}", "after=x", "before=x", "sort=hash",
    ],
)  # fmt: skip
def test_a_nonsensical_filter_is_no_fault(people: Personas, query: str) -> None:
    record(people.officer, "verify", make_tranche(people))

    response = enter(people.supervisor).get(f"{URL}?{query}")

    assert (response.status_code, len(response.context["lines"])) == (200, 1)


def test_a_long_trail_is_read_page_by_page(people: Personas) -> None:
    tranche = make_tranche(people)
    for _ in range(60):
        record(people.officer, "hold", tranche)
    client = enter(people.supervisor)

    first = client.get(URL)
    second = client.get(URL, {"after": first.context["page"].next_token})

    numbers = [[line.entry.id for line in page.context["lines"]] for page in (first, second)]
    assert [len(ids) for ids in numbers] == [50, 10]
    assert numbers[0] + numbers[1] == sorted(numbers[0] + numbers[1], reverse=True)
    assert str(first.context["count"]) == "60"


def test_the_trail_costs_the_same_whatever_its_length(people: Personas) -> None:
    tranche = make_tranche(people, status=TrancheStatus.REQUESTED)
    verify_tranche(tranche=tranche, actor=people.officer, at=NOON)
    client = enter(people.supervisor)
    client.get(URL)
    one = len(queries_of(client, URL))
    for _ in range(2):
        hold_tranche(tranche=make_tranche(people), actor=people.head, reason="整改中。", at=NOON)

    assert (one, len(queries_of(client, URL))) == (7, 7)


def test_an_entry_shows_what_was_recorded(people: Personas) -> None:
    facts = {"voucher": "PZ-1", "paid_on": date(2026, 11, 18)}
    entry = record(people.finance, "pay", make_tranche(people), note="首期。", facts=facts)

    page = enter(people.supervisor).get(URL)

    (line,) = page.context["lines"]
    assert dict(line.facts) == {"Voucher number": "PZ-1", "Paid on": "18 Nov 2026"}
    assert dict(line.raw) == {"voucher": "PZ-1", "paid_on": "2026-11-18"}
    assert [text in page.text for text in (entry.hash, entry.previous, "首期。")] == [True] * 3
