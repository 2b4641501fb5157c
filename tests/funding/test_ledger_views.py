"""The pages of budget lines and the ledger: who sees them, what can be done there, what bad input gives."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from funding.enums import AppropriationStatus, TrancheStatus
from funding.models import Appropriation, BudgetLine, LedgerEntry, Programme
from funding.selectors.ledger import sums_of
from tests.factories.funding import make_appropriation, make_award, make_call, make_contract, make_line, make_tranche
from tests.funding.steps import queries_of
from tests.personas import Personas

WAN = Decimal(10_000)


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Sentences in their own words."""


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"funding:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_sums_of_a_line_and_the_entries_behind_them(people: Personas, sign_in: Any) -> None:
    line = make_line(people, 500 * WAN)
    tranche = make_tranche(people, make_contract(people, make_award(people, line=line)).award, TrancheStatus.PAID)
    entry = LedgerEntry.objects.get(kind="PAYMENT")
    client = sign_in(people.officer)

    listed, shown = page(client, "budget-lines", year=2026), page(client, "budget-line", line.pk)
    books, one = page(client, "ledger", line=line.pk), page(client, "ledger-entry", entry.pk)

    for text in ("500.00", "155.00", "93.00", "345.00", "18.6"):
        assert text in listed
        assert text in shown
    assert f"/funding/ledger/{entry.pk}/" in books
    assert one.count("930,000.00") == 4
    assert tranche.get_absolute_url() in one


@pytest.mark.parametrize("who", ["lead", "district_officer", "expert", "system_admin"])
def test_only_the_bureau_sees_the_books(people: Personas, sign_in: Any, who: str) -> None:
    award = make_award(people)
    client = sign_in(getattr(people, who))

    answers = {
        name: client.get(reverse(f"funding:{name}", args=args)).status_code
        for name, args in (
            ("budget-lines", ()), ("ledger", ()), ("budget-line", [award.line_id]),
            ("ledger-entry", [award.entries.values_list("pk", flat=True)[0]]),
        )
    }  # fmt: skip

    assert answers == {"budget-lines": 403, "ledger": 403, "budget-line": 404, "ledger-entry": 404}


def test_finance_opens_a_line_and_a_leader_confirms_its_money(people: Personas, sign_in: Any) -> None:
    call, client = make_call(people), sign_in(people.finance)
    assert call.title in page(client, "budget-lines")

    client.post(reverse("funding:programme-create"), {"code": "YL-1", "name": "样例专项", "document_number": ""})
    programme = Programme.objects.get(code="YL-1")
    facts = {"programme": programme.pk, "year": "2026", "subject": "2060404", "name": "样例资金"}
    again = [client.post(reverse("funding:budget-line-open"), facts) for _ in range(2)]
    line = BudgetLine.objects.get()
    typed = {
        "kind": "INITIAL", "amount": "3,600", "document_number": "样财〔2026〕1号", "decided_on": "2026-01-15",
        "reason": "",
    }  # fmt: skip
    client.post(reverse("funding:appropriate", args=[line.pk]), typed)
    found = Appropriation.objects.get()
    client.post(reverse("funding:call-line", args=[call.pk]), {"line": line.pk})
    refused = client.post(reverse("funding:appropriation-confirm", args=[found.pk]), {"note": ""})
    leader = sign_in(people.leader)
    answer = leader.post(reverse("funding:appropriation-confirm", args=[found.pk]), {"note": ""})

    call.refresh_from_db()
    assert [one.status_code for one in again] == [302, 200]
    assert again[1].context["form"].errors.keys() == {"subject"}
    assert (refused.status_code, answer.status_code, call.line) == (403, 302, line)
    assert sums_of([line])[0].available == 3_600 * WAN
    assert call.title not in page(client, "budget-lines")


def test_finance_drops_what_it_recorded(people: Personas, sign_in: Any) -> None:
    found = make_appropriation(people)
    client = sign_in(people.finance)
    address = reverse("funding:appropriation-drop", args=[found.pk])
    assert found.document_number in client.get(address).content.decode()

    answers = [client.post(address, {"reason": "样例录错"}).status_code for _ in range(2)]

    found.refresh_from_db()
    assert (answers, found.status) == ([302, 409], AppropriationStatus.DROPPED)


BAD = [
    ({"amount": "abc"}, "amount"),
    ({"amount": "0"}, "amount"),
    ({"decided_on": "2031-01-01"}, "decided_on"),
    ({"document_number": ""}, "document_number"),
    ({"reason": ""}, "reason"),
]


@pytest.mark.parametrize(("typed", "field"), BAD)
def test_bad_input_stands_beside_its_field(people: Personas, sign_in: Any, typed: dict[str, str], field: str) -> None:
    line = make_line(people)
    facts = {
        "kind": "ADJUSTMENT", "amount": "-5", "document_number": "样财〔2026〕7号", "decided_on": "2026-03-01",
        "reason": "样例调减",
    }  # fmt: skip

    answer = sign_in(people.finance).post(reverse("funding:appropriate", args=[line.pk]), facts | typed)

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}


def test_the_filters_of_the_ledger(people: Personas, sign_in: Any) -> None:
    make_tranche(people, status=TrancheStatus.PAID)
    client = sign_in(people.finance)

    def kinds(**query: Any) -> list[str]:
        answer = client.get(reverse("funding:ledger"), query)
        assert answer.status_code == 200
        return [row.kind for row in answer.context["rows"]]

    assert kinds() == ["PAYMENT", "COMMITMENT", "APPROPRIATION"]
    assert kinds(kind="PAYMENT") == ["PAYMENT"]
    assert kinds(q="样财") == ["APPROPRIATION"]
    assert kinds(until="2026-01-31") == []
    assert kinds(since="not a day") == kinds()


def test_the_queries_do_not_grow(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.finance)
    line = make_line(people)
    make_award(people)

    def counted() -> list[int]:
        pages = [reverse("funding:budget-lines") + "?year=2026", reverse("funding:ledger")]
        return [len(queries_of(client, address)) for address in (*pages, line.get_absolute_url())]

    counted()  # what the first page of a process reads for all
    few = counted()
    for year in (2027, 2028):
        make_line(people, year=year)
    make_line(people, subject="2060404")
    make_appropriation(people)
    make_tranche(people, make_contract(people, make_award(people)).award, TrancheStatus.PAID)

    assert counted() == few
