"""The pages of the money: who sees them, what can be done there, what bad input gives."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia.enums import Tier
from funding.enums import ApplicationStatus, ContractStatus, TrancheStatus
from funding.models import Contract, Payment, Tranche
from funding.selectors import money
from portal.kernel.models import AuditEntry
from tests.clock import NOON
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.factories.funding import make_application, make_award, make_call, make_contract, make_tranche
from tests.factories.members import make_district
from tests.funding.steps import queries_of
from tests.personas import Personas

S = TrancheStatus
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
BUREAU = ("acceptance", "officer", "head", "leader", "finance", "supervisor")
LEAD = ("lead", "signatory", "lead_admin", "lead_confirmer")
STRANGERS = (
    "university_confirmer", "rival", "other_district_officer", "expert", "system_admin", "security_admin",
    "audit_admin",
)  # fmt: skip
SEES = {**dict.fromkeys((*BUREAU, *LEAD, "district_officer"), 200), **dict.fromkeys(STRANGERS, 404)}


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Sentences in their own words."""


def tranche_now(people: Personas, status: str = S.PLANNED, **facts: Any) -> Tranche:
    """A tranche whose last steps were taken just now: these pages ask the real clock."""
    signatures = dict.fromkeys(("requested_at", "verified_at", "reviewed_at", "approved_at"), NOW)
    tranche = make_tranche(people, status=status, **signatures, **facts)
    Payment.objects.filter(tranche=tranche).update(paid_on=TODAY)
    return tranche


def enter(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def settled(user: Any, url: str) -> Client:
    """A client whose session has been written: only its first page pays for that."""
    client = enter(user)
    client.get(url)
    return client


def press(user: Any, name: str, subject: Any, data: dict[str, Any]) -> HttpResponse:
    response: HttpResponse = enter(user).post(reverse(f"funding:{name}", args=[subject.pk]), data)
    return response


# --- who sees what -----------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "status"), SEES.items())
def test_a_tranche_is_read_by_the_bureau_its_district_and_its_lead(people: Personas, name: str, status: int) -> None:
    tranche = make_tranche(people)

    response = enter(getattr(people, name)).get(tranche.get_absolute_url())

    assert response.status_code == status


@pytest.mark.parametrize(("name", "status"), SEES.items())
def test_a_contract_is_read_by_the_bureau_its_district_and_its_lead(people: Personas, name: str, status: int) -> None:
    contract = make_contract(people)

    response = enter(getattr(people, name)).get(contract.get_absolute_url())

    assert response.status_code == status


@pytest.mark.parametrize(
    ("name", "status"),
    {
        **dict.fromkeys((*BUREAU, "district_officer", "other_district_officer"), 200),
        **dict.fromkeys((*LEAD, "rival", "expert", "system_admin", "security_admin", "audit_admin"), 403),
    }.items(),
)
def test_officials_see_the_list_of_funds(people: Personas, name: str, status: int) -> None:
    make_tranche(people)

    response = enter(getattr(people, name)).get(reverse("funding:tranche-list"))

    assert response.status_code == status


@pytest.mark.parametrize(
    ("name", "status"),
    {
        **dict.fromkeys((*LEAD, "university_confirmer", "rival"), 200),
        **dict.fromkeys((*BUREAU, "district_officer", "expert", "system_admin"), 403),
    }.items(),
)
def test_who_acts_for_an_organisation_sees_its_own_funds(people: Personas, name: str, status: int) -> None:
    response = enter(getattr(people, name)).get(reverse("funding:my-funding"))

    assert response.status_code == status


@pytest.mark.parametrize("name", ["tranche-list", "my-funding"])
def test_nobody_sees_money_without_signing_in(client: Client, db: None, name: str) -> None:
    url = reverse(f"funding:{name}")

    response = client.get(url)

    assert (response.status_code, response.headers["location"]) == (302, f"{reverse('account_login')}?next={url}")


def test_ones_own_funds_are_ones_own(people: Personas) -> None:
    own = make_tranche(people)
    foreign = make_award(people, make_application(people, "APPROVED", consortium=rival_consortium(people)))
    make_tranche(people, foreign)

    awards = {
        name: list(enter(getattr(people, name)).get(reverse("funding:my-funding")).context["awards"])
        for name in ("lead", "rival", "university_confirmer")
    }

    assert awards == {"lead": [own.award], "rival": [foreign], "university_confirmer": []}


def test_a_district_lists_its_own_tranches_and_not_the_citys_budget(people: Personas) -> None:
    own = make_tranche(people)
    elsewhere = ready_consortium(people, district=make_district("320581"))
    make_tranche(people, make_award(people, make_application(people, "APPROVED", consortium=elsewhere)))

    response = enter(people.district_officer).get(reverse("funding:tranche-list"), {"tab": "all"})

    assert [line.tranche for line in response.context["lines"]] == [own]
    assert not response.context["sees_money"]


# --- steps: both clicks ------------------------------------------------------------------------
PAYMENT = {"voucher": "PZ-2026-1", "paid_on": TODAY.isoformat()}
REASON = {"reason": "请核对账户信息。"}
CLICKS = [
    ("tranche-request", S.PLANNED, "lead", {"statement": "用于样机研制。"}, S.REQUESTED),
    ("tranche-verify", S.REQUESTED, "officer", {"note": ""}, S.VERIFIED),
    ("tranche-review", S.VERIFIED, "finance", {"note": "已核对。"}, S.REVIEWED),
    ("tranche-approve", S.REVIEWED, "leader", {"note": ""}, S.APPROVED),
    ("tranche-pay", S.APPROVED, "finance", PAYMENT, S.PAID),
    ("tranche-confirm", S.PAID, "lead", {"received_on": TODAY.isoformat()}, S.CONFIRMED),
    ("tranche-return", S.VERIFIED, "officer", REASON, S.PLANNED),
    ("tranche-hold", S.PLANNED, "head", REASON, S.ON_HOLD),
    ("tranche-release", S.ON_HOLD, "leader", REASON, S.PLANNED),
    ("tranche-cancel", S.PLANNED, "head", REASON, S.CANCELLED),
]
NAMES = [click[0] for click in CLICKS]


@pytest.mark.parametrize(("name", "before", "who", "data", "after"), CLICKS, ids=NAMES)
def test_a_step_is_taken_by_the_first_click_and_refused_by_the_second(
    people: Personas, name: str, before: str, who: str, data: dict[str, Any], after: str
) -> None:
    tranche, person = tranche_now(people, before), getattr(people, who)
    url = reverse(f"funding:{name}", args=[tranche.pk])

    page = enter(person).get(url)
    first = press(person, name, tranche, data)
    entries = AuditEntry.objects.filter(result="done").count()
    second = press(person, name, tranche, data)

    tranche.refresh_from_db()
    assert (page.status_code, page.context["obstacles"]) == (200, [])
    assert (first.status_code, first.headers["location"]) == (302, tranche.get_absolute_url())
    assert (second.status_code, len(second.context["form"].non_field_errors())) == (409, 1)
    assert (tranche.status, AuditEntry.objects.filter(result="done").count()) == (after, entries)


@pytest.mark.parametrize(("name", "before", "who", "data", "after"), CLICKS, ids=NAMES)
def test_a_step_is_forbidden_to_who_sees_it_and_unknown_to_a_stranger(
    people: Personas, name: str, before: str, who: str, data: dict[str, Any], after: str
) -> None:
    tranche = tranche_now(people, before)

    onlookers = {"supervisor": 403, "district_officer": 403, "lead_admin": 403, "rival": 404,
                 "other_district_officer": 404}  # fmt: skip
    answers = {person: press(getattr(people, person), name, tranche, data).status_code for person in onlookers}

    tranche.refresh_from_db()
    assert answers == onlookers
    assert tranche.status == before


def test_a_contract_is_signed_and_countersigned_once(people: Personas) -> None:
    contract = make_contract(people, status=ContractStatus.OFFERED)
    tranche = make_tranche(people, contract.award, condition_met_on=None)

    clicks = [
        press(people.signatory, "contract-sign", contract, {"agree": "on"}).status_code,
        press(people.signatory, "contract-sign", contract, {"agree": "on"}).status_code,
        press(people.head, "contract-countersign", contract, {"note": ""}).status_code,
        press(people.head, "contract-countersign", contract, {"note": ""}).status_code,
    ]

    contract.refresh_from_db()
    tranche.refresh_from_db()
    assert clicks == [302, 409, 302, 409]
    assert (contract.status, tranche.condition_met_on) == (ContractStatus.EFFECTIVE, TODAY)


@pytest.mark.parametrize(
    ("name", "status", "answers"),
    [
        ("contract-sign", ContractStatus.OFFERED, {"lead": 403, "head": 403, "officer": 403, "rival": 404}),
        ("contract-countersign", ContractStatus.SIGNED, {"signatory": 403, "finance": 403, "rival": 404}),
    ],
)  # fmt: skip
def test_nobody_else_signs(people: Personas, name: str, status: str, answers: dict[str, int]) -> None:
    contract = make_contract(people, status=status)

    given = {who: press(getattr(people, who), name, contract, {"agree": "on"}).status_code for who in answers}

    contract.refresh_from_db()
    assert (given, contract.status) == (answers, status)


# --- bad input ---------------------------------------------------------------------------------
FUTURE = (TODAY + timedelta(days=2)).isoformat()
PAST = (TODAY - timedelta(days=1)).isoformat()
EMPTY = "This field is required."
BETWEEN = "The day of payment lies between the approval and today."
BAD = [
    ("tranche-pay", S.APPROVED, "finance", {"voucher": "PZ-9", "paid_on": FUTURE}, {"paid_on": BETWEEN}),
    ("tranche-pay", S.APPROVED, "finance", {"voucher": "PZ-9", "paid_on": PAST}, {"paid_on": BETWEEN}),
    ("tranche-pay", S.APPROVED, "finance", {"voucher": "PZ-9", "paid_on": "2026-13-45"},
     {"paid_on": "Enter a valid date."}),
    ("tranche-pay", S.APPROVED, "finance", {"voucher": "  ", "paid_on": ""}, {"voucher": EMPTY, "paid_on": EMPTY}),
    ("tranche-confirm", S.PAID, "lead", {"received_on": FUTURE},
     {"received_on": "The day of receipt lies between the payment and today."}),
    ("tranche-request", S.PLANNED, "lead", {"statement": " "}, {"statement": EMPTY}),
    ("tranche-hold", S.PLANNED, "head", {"reason": ""}, {"reason": EMPTY}),
    ("tranche-return", S.REQUESTED, "officer", {"reason": "由" * 301},
     {"reason": "Ensure this value has at most 300 characters (it has 301)."}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "status", "who", "data", "errors"), BAD)
def test_bad_input_is_named_beside_its_field_and_nothing_typed_is_lost(
    people: Personas, name: str, status: str, who: str, data: dict[str, str], errors: dict[str, str]
) -> None:
    tranche = tranche_now(people, status)

    response = press(getattr(people, who), name, tranche, data)

    tranche.refresh_from_db()
    form = response.context["form"]
    assert (response.status_code, tranche.status) == (200, status)
    assert form.errors == {field: [text] for field, text in errors.items()}
    assert {field: form[field].value() for field in data} == data
    assert [response.text.count(f'id="{form[field].auto_id}_error"') for field in errors] == [1] * len(errors)


def test_a_voucher_is_recorded_once(people: Personas) -> None:
    press(people.finance, "tranche-pay", tranche_now(people, S.APPROVED), PAYMENT)
    second = tranche_now(people, S.APPROVED)

    response = press(people.second_finance, "tranche-pay", second, PAYMENT)

    second.refresh_from_db()
    form = response.context["form"]
    assert form.errors == {"voucher": ["This voucher number is recorded for another payment."]}
    assert (form["voucher"].value(), second.status) == ("PZ-2026-1", S.APPROVED)


def test_a_contract_is_not_signed_without_agreeing(people: Personas) -> None:
    contract = make_contract(people, status=ContractStatus.OFFERED)

    response = press(people.signatory, "contract-sign", contract, {})

    contract.refresh_from_db()
    assert response.context["form"].errors == {"agree": ["Please tick this box."]}
    assert contract.status == ContractStatus.OFFERED


def test_a_line_break_counts_as_one_sign(people: Personas) -> None:
    tranche = tranche_now(people)

    press(people.head, "tranche-hold", tranche, {"reason": "\r\n".join(["由" * 149, "由" * 150])})

    tranche.refresh_from_db()
    assert (tranche.status, len(tranche.hold_reason)) == (S.ON_HOLD, 300)


# --- what the pages say ------------------------------------------------------------------------
def test_a_returned_request_starts_from_what_was_stated(people: Personas) -> None:
    tranche = tranche_now(people, S.REQUESTED, request_note="用于样机研制。")
    press(people.officer, "tranche-return", tranche, REASON)

    page = enter(people.lead).get(reverse("funding:tranche-request", args=[tranche.pk]))

    assert page.context["form"]["statement"].value() == "用于样机研制。"


def test_the_day_of_a_payment_is_offered_as_browsers_write_it(people: Personas) -> None:
    tranche = tranche_now(people, S.APPROVED)

    page = Client(headers={"accept-language": "zh-hans"})
    page.force_login(people.finance)
    html = page.get(reverse("funding:tranche-pay", args=[tranche.pk])).text

    assert f'<input type="date" name="paid_on" value="{TODAY.isoformat()}" max="{TODAY.isoformat()}"' in html


def test_what_is_not_met_yet_is_said_before_and_after_the_click(people: Personas) -> None:
    tranche = tranche_now(people, condition_met_on=None)
    url = reverse("funding:tranche-request", args=[tranche.pk])
    sentence = "The condition of this tranche is not met yet."

    detail = enter(people.lead).get(tranche.get_absolute_url())
    page = enter(people.lead).get(url)
    answer = press(people.lead, "tranche-request", tranche, {"statement": "用于样机研制。"})

    offered = [
        (action["label"], [str(reason) for reason in action["obstacles"]]) for action in detail.context["actions"]
    ]
    assert offered == [("Request tranche", [sentence])]
    assert page.context["obstacles"] == [sentence]
    assert answer.context["form"].non_field_errors() == [sentence]
    assert answer.context["form"]["statement"].value() == "用于样机研制。"


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        ("officer", ["Verify tranche", "Return request", "Put on hold"]),
        ("head", ["Return request", "Put on hold"]),
        ("finance", []),
        ("lead", []),
    ],
)
def test_a_page_offers_exactly_what_its_reader_may_do(people: Personas, who: str, labels: list[str]) -> None:
    tranche = tranche_now(people, S.REQUESTED)

    page = enter(getattr(people, who)).get(tranche.get_absolute_url())

    assert [action["label"] for action in page.context["actions"]] == labels


def test_who_verified_is_not_offered_the_review(people: Personas) -> None:
    tranche = tranche_now(people, S.VERIFIED, verified_by=people.finance)

    own, other = (
        [action["label"] for action in enter(person).get(tranche.get_absolute_url()).context["actions"]]
        for person in (people.finance, people.second_finance)
    )

    assert (own, other) == ([], ["Review tranche"])
    assert press(people.finance, "tranche-review", tranche, {}).status_code == 403


def test_the_contract_shows_its_frozen_terms(people: Personas) -> None:
    contract = make_contract(people)
    contract.award.consortium.technologies.update(target=Decimal(99))

    page = enter(people.lead).get(contract.get_absolute_url())

    assert {row["target"] for row in page.context["terms"].technologies} == {"8.000"}


# --- the list ----------------------------------------------------------------------------------
def listed(user: Any, **query: str) -> list[Tranche]:
    lines = enter(user).get(reverse("funding:tranche-list"), query).context["lines"]
    return [line.tranche for line in lines]


def test_the_list_begins_with_what_waits_for_its_reader(people: Personas) -> None:
    at = {status: tranche_now(people, status) for status in (S.REQUESTED, S.VERIFIED, S.REVIEWED, S.APPROVED, S.PAID)}

    found = {who: listed(getattr(people, who)) for who in ("officer", "finance", "leader")}

    assert found["officer"] == [at[S.REQUESTED]]
    assert found["finance"] == sorted([at[S.VERIFIED], at[S.APPROVED]], key=lambda one: one.pk)
    assert found["leader"] == [at[S.REVIEWED]]


@pytest.mark.parametrize(("tab", "states"), [
    ("open", {S.REQUESTED, S.APPROVED}),
    ("held", {S.ON_HOLD}),
    ("planned", {S.PLANNED}),
    ("paid", {S.PAID}),
    ("all", {S.REQUESTED, S.APPROVED, S.ON_HOLD, S.PLANNED, S.PAID}),
])  # fmt: skip
def test_each_view_of_the_list_holds_its_states(people: Personas, tab: str, states: set[str]) -> None:
    for status in (S.REQUESTED, S.APPROVED, S.ON_HOLD, S.PLANNED, S.PAID):
        tranche_now(people, status)

    assert {tranche.status for tranche in listed(people.head, tab=tab)} == states


def test_the_filters_narrow_the_list(people: Personas) -> None:
    first = tranche_now(people)
    award = make_award(people, make_application(people, "APPROVED", call=make_call(people, year=2025)), tier=Tier.B,
                       amount=Decimal(900_000))  # fmt: skip
    second = make_tranche(people, award)

    def find(**query: str) -> list[Tranche]:
        return listed(people.officer, tab="all", **query)

    assert find(q=first.award.consortium.name) == [first]
    assert find(q=second.award.consortium.code.lower()) == [second]
    assert find(tier="B") == [second]
    assert find(year="2026") == [first]
    assert find(status="PLANNED", year="2025") == [second]
    assert find(q="样例领航") == sorted([first, second], key=lambda one: one.created_at, reverse=True)


@pytest.mark.parametrize(
    "query",
    ["year=x", "year=1e99", "status=NONE", "tier=Z", "q=%01", "tab=x", "sort=password", "after=x", f"q={'长' * 200}"],
)
def test_a_nonsensical_filter_is_no_fault(people: Personas, query: str) -> None:
    tranche_now(people)

    response = enter(people.officer).get(f"{reverse('funding:tranche-list')}?{query}")

    assert response.status_code == 200


def test_a_view_is_not_taken_for_a_filter(people: Personas) -> None:
    plain = enter(people.officer).get(reverse("funding:tranche-list"), {"tab": "all"})
    narrowed = enter(people.officer).get(reverse("funding:tranche-list"), {"tab": "all", "tier": "A"})

    assert (plain.context["filter"].form.changed_data, narrowed.context["filter"].form.changed_data) == ([], ["tier"])


def test_the_list_costs_the_same_whatever_its_length(people: Personas) -> None:
    url = reverse("funding:tranche-list") + "?tab=all"
    client = settled(people.officer, url)
    tranche_now(people, S.PAID)
    make_contract(people, status=ContractStatus.OFFERED)
    one = len(queries_of(client, url))
    for status in (S.PLANNED, S.REQUESTED):
        tranche_now(people, status)
        make_contract(people, status=ContractStatus.SIGNED)

    assert (one, len(queries_of(client, url))) == (10, 10)


def test_ones_own_funds_cost_the_same_whatever_their_number(people: Personas) -> None:
    url = reverse("funding:my-funding")
    client = settled(people.lead, url)
    make_tranche(people)
    one = len(queries_of(client, url))
    for _ in range(2):
        tranche = make_tranche(people, status=S.PAID)
        make_tranche(people, tranche.award)

    assert (one, len(queries_of(client, url))) == (7, 7)


# --- the year ----------------------------------------------------------------------------------
def test_the_years_money_adds_up(people: Personas) -> None:
    call = make_call(people, year=2025, budget=Decimal(3_000_000))
    first = make_award(people, make_application(people, "APPROVED", call=call))
    decided = {"decided_tier": Tier.B, "decided_amount": Decimal(800_000)}
    second = make_award(people, make_application(people, "APPROVED", call=call, **decided))
    make_tranche(people, first, S.CONFIRMED, amount=Decimal(930_000))
    make_tranche(people, second, S.ON_HOLD, amount=Decimal(480_000))
    make_tranche(people, make_contract(people).award, S.PAID)  # of another year

    year = money.money_of(2025, money.budgets()[2025], people.officer)

    assert (year.budget.total, year.budget.paid, year.budget.promised, year.budget.left) == (
        Decimal(3_000_000), Decimal(930_000), Decimal(1_420_000), Decimal(650_000),
    )  # fmt: skip
    assert [(line.of, line.count, line.awarded, line.paid, line.promised) for line in year.tiers] == [
        (Tier.A, 1, Decimal(1_550_000), Decimal(930_000), Decimal(620_000)),
        (Tier.B, 1, Decimal(800_000), Decimal(0), Decimal(800_000)),
        (Tier.C, 0, Decimal(0), Decimal(0), Decimal(0)),
    ]
    assert [(str(line.of.pk), line.awarded) for line in year.districts if line.count] == [
        ("320583", Decimal(2_350_000))
    ]
    assert [(field.pk, [line.of for line in lines]) for field, lines in year.fields] == [("E01", [Tier.A, Tier.B])]
    assert (year.held, year.funded) == (1, 2)
    assert money.years() == [2026, 2025]


@pytest.mark.parametrize(("days", "words", "loudness"), [
    (0, "today", ""), (1, "1 day", ""), (5, "5 days", "warn"), (10, "10 days", "bad"),
])  # fmt: skip
def test_waiting_grows_loud(people: Personas, days: int, words: str, loudness: str) -> None:
    tranche = make_tranche(people, status=S.VERIFIED)
    row = money.tranche_queue(people.finance).get(pk=tranche.pk)

    line = money.tranche_rows([row], timezone.localdate(NOON) + timedelta(days=days))[0]

    assert (line.wait, line.loudness) == (words, loudness)


def test_nobody_waits_for_what_is_paid(people: Personas) -> None:
    row = money.tranche_queue(people.finance).get(pk=make_tranche(people, status=S.PAID).pk)

    line = money.tranche_rows([row], timezone.localdate(NOON) + timedelta(days=30))[0]

    assert (line.wait, line.loudness) == ("—", "")


def test_an_unsigned_contract_stands_on_the_page_of_funds(people: Personas) -> None:
    waiting = make_contract(people, status=ContractStatus.SIGNED)
    make_contract(people)

    response = enter(people.head).get(reverse("funding:tranche-list"))

    assert list(response.context["contracts"]) == [waiting]
    assert Contract.objects.count() == 2


def test_every_approved_application_has_its_award_of_the_same_year(people: Personas) -> None:
    application = make_application(people, ApplicationStatus.APPROVED)

    assert make_award(people, application).year == application.call.year
