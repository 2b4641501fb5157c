"""The pages of what is spent: who sees which rows, what is typed, what is asked back, what many at once do."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funding.enums import ExpenditureStatus, InvoiceKind
from funding.models import Award, Expenditure
from funding.services.spending import InvoiceTaken
from tests.clock import NOON
from tests.factories.funding import fill_budget, make_contract, make_expenditure
from tests.funding.steps import queries_of
from tests.funding.test_money_views import enter, settled
from tests.funding.test_spending import invoiced, record, rival_award
from tests.personas import Personas

pytestmark = pytest.mark.usefixtures("english")
S = ExpenditureStatus
TODAY = timezone.localdate(NOON)


def sheet(award: Award) -> str:
    return reverse("funding:award-spending", args=[award.pk])


def typed(people: Personas, **facts: Any) -> dict[str, Any]:
    return {
        "organisation": str(people.lead_org.pk), "day": TODAY.isoformat(), "category": "EQUIPMENT", "source": "GRANT",
        "amount": "1130.00", "description": "样例：示波器", "voucher": "记-1", "invoice_kind": InvoiceKind.DIGITAL,
        "invoice_number": "26322000000012345678", "net": "1000", "seller_name": "样例仪器",
    } | facts  # fmt: skip


def send(client: Client, address: str, data: dict[str, Any]) -> Any:
    return client.post(address, data)


def test_a_voucher_goes_from_the_lead_to_the_officer_in_the_browser(people: Personas) -> None:
    award = make_contract(people).award
    place = reverse("funding:expenditure-record", args=[award.pk])

    assert send(enter(people.lead), place, typed(people)).status_code == 302
    row = Expenditure.objects.get()
    assert (row.net, row.organisation) == (Decimal(1000), people.lead_org)

    page = enter(people.officer).get(row.get_absolute_url())
    assert [one["label"] for one in page.context["actions"]] == ["Accept expenditure", "Refuse expenditure"]
    refuse = reverse("funding:expenditure-refuse", args=[row.pk])
    assert send(enter(people.officer), refuse, {"reason": "样例：抬头有误。"}).status_code == 302

    correct = reverse("funding:expenditure-correct", args=[row.pk])
    page = enter(people.lead).get(correct)
    assert page.context["form"].initial["invoice_number"] == row.invoice_number
    assert send(enter(people.lead), correct, typed(people, amount="1120.00")).status_code == 302
    again = Expenditure.objects.get(corrects=row)
    accept = reverse("funding:expenditure-accept", args=[again.pk])
    assert send(enter(people.finance), accept, {"note": ""}).status_code == 302
    assert send(enter(people.officer), accept, {"note": ""}).status_code == 409


@pytest.mark.parametrize(("facts", "field"), [
    ({"amount": "x"}, "amount"), ({"amount": "-1"}, "amount"), ({"day": "2031-01-01"}, "day"),
    ({"category": "LUMP_SUM"}, "category"), ({"invoice_number": "=1+1"}, "invoice_number"),
    ({"description": "礼品"}, "explanation"), ({"organisation": "x"}, "organisation"), ({"voucher": ""}, "voucher"),
])  # fmt: skip
def test_bad_input_is_said_at_its_field(people: Personas, facts: dict[str, Any], field: str) -> None:
    award = make_contract(people).award

    page = send(enter(people.lead), reverse("funding:expenditure-record", args=[award.pk]), typed(people, **facts))

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Expenditure.objects.exists()


def test_what_looks_odd_is_asked_back_once(people: Personas) -> None:
    award = make_contract(people).award
    make_expenditure(people, award)
    place = reverse("funding:expenditure-record", args=[award.pk])

    page = send(enter(people.lead), place, typed(people))
    assert (page.status_code, page.context["form"].asks) == (200, True)

    assert send(enter(people.lead), place, typed(people, confirmed="on")).status_code == 302


SEES = {
    "officer": 200, "finance": 200, "supervisor": 200, "lead": 200, "university_confirmer": 200,
    "district_officer": 200,
    "rival": 404, "other_district_officer": 404, "expert": 404, "system_admin": 404,
}  # fmt: skip


def test_strangers_find_neither_the_sheet_nor_a_voucher(people: Personas) -> None:
    row = make_expenditure(people)

    assert {who: enter(getattr(people, who)).get(sheet(row.award)).status_code for who in SEES} == SEES
    own = {who: enter(getattr(people, who)).get(row.get_absolute_url()).status_code for who in SEES}
    assert own == SEES | {"university_confirmer": 404}


def test_a_member_reads_its_own_figures_alone(people: Personas) -> None:
    award = make_contract(people).award
    fill_budget(award.application)
    make_expenditure(people, award)
    make_expenditure(people, award, organisation=people.university, amount=Decimal(777))

    lead, member = (
        enter(person).get(sheet(award)).context["sheet"] for person in (people.lead, people.university_confirmer)
    )

    assert (lead.whole, lead.total.spent) == (True, Decimal("1907.00"))
    assert (member.whole, member.total.spent, member.organisations) == (
        False, Decimal(777), {str(people.university.pk)},
    )  # fmt: skip


def test_the_bureau_alone_reads_where_an_invoice_stands(people: Personas) -> None:
    first = record(people, make_contract(people).award, invoiced())
    other = rival_award(people)
    with pytest.raises(InvoiceTaken):
        record(people, other, invoiced(), organisation=people.rival_org, actor=people.rival)

    officer, rival = (enter(person).get(sheet(other)) for person in (people.officer, people.rival))

    assert first.get_absolute_url() in officer.text
    assert first.get_absolute_url() not in rival.text
    assert first.award.consortium.name not in rival.text


def test_many_are_accepted_at_once_and_the_odd_one_is_left(people: Personas) -> None:
    award = make_contract(people).award
    rows = [make_expenditure(people, award), make_expenditure(people, award, hits=["fines"], explanation="样例")]
    place = reverse("funding:expenditure-bulk-accept") + "?" + "&".join(f"ids={row.pk}" for row in rows) + "&ids=x"

    client = enter(people.officer)
    assert client.get(place).context["passing"] == 1
    assert send(client, place, {}).status_code == 200
    assert send(client, place, {}).status_code == 200

    assert sorted(Expenditure.objects.values_list("status", flat=True)) == [S.ACCEPTED, S.RECORDED]
    assert enter(people.lead).get(place).status_code == 403


@pytest.mark.parametrize("query", [
    "q=%01", "award=x", "year=x", "status=NONE", "category=x", "negative=x", "sort=x", "after=x", f"q={'长' * 200}",
])  # fmt: skip
def test_a_nonsensical_filter_is_no_fault(people: Personas, query: str) -> None:
    assert enter(people.officer).get(f"{reverse('funding:expenditure-list')}?{query}").status_code == 200


def test_the_filters_narrow_the_list(people: Personas) -> None:
    award = make_contract(people).award
    plain = make_expenditure(people, award)
    hit = make_expenditure(people, award, hits=["fines"], explanation="样例", category="LABOUR", source="OWN")
    accepted = make_expenditure(people, status=S.ACCEPTED)

    def find(**query: str) -> set[Expenditure]:
        return set(enter(people.officer).get(reverse("funding:expenditure-list"), query).context["rows"])

    assert find(award=str(award.pk)) == {plain, hit}
    assert find(negative="true") == find(source="OWN") == find(category="LABOUR") == {hit}
    assert find(status="ACCEPTED") == {accepted}
    assert find(q=plain.voucher, year="2026", award=str(award.pk)) >= {plain}


def test_list_and_sheet_cost_the_same_whatever_their_length(people: Personas) -> None:
    award = make_contract(people).award
    fill_budget(award.application)
    addresses = (reverse("funding:expenditure-list"), sheet(award))
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_expenditure(people, award)
        counts.append([len(queries_of(settled(people.officer, address), address)) for address in addresses])

    assert counts == [[8, 10], [8, 10]]
