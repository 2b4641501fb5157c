"""Calls: written, published, concluded, and who reads what."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from funding.enums import Action, ApplicationStatus, CallStatus, CheckResult
from funding.models import Application, Call, CallExtension, RuleSet
from funding.rules.milestones import WORKING_DAYS
from funding.selectors.calls import milestones, read_rules
from funding.selectors.checks import check_list
from funding.services.calls import (
    conclude_call,
    create_call,
    ensure_default_rules,
    extend_call,
    publish_call,
    update_call,
)
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.funding import make_application, make_call
from tests.funding.steps import kinds, queries_of, submit
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "year": 2026, "round": 1, "batch": 7, "title": "样例批次", "guidelines": "样例指南。",
        "opens_at": NOON, "closes_at": NOON + 30 * DAY, "budget": Decimal(36_000_000), "cap_a": Decimal(2_000_000),
        "cap_b": Decimal(1_000_000), "cap_c": Decimal(0), "rules": ensure_default_rules(), **changes,
    }  # fmt: skip


def typed(**changes: Any) -> dict[str, Any]:
    """What an officer types; money in 10,000 yuan, times in Beijing."""
    return {
        "title": "样例批次", "year": "2026", "round": "1", "batch": "7", "guidelines": "样例指南。",
        "opens_at": "2026-11-20T09:00", "closes_at": "2026-12-20T17:30", "budget": "3,600.00", "cap_a": "200",
        "cap_b": "100", "cap_c": "0", "rules": str(ensure_default_rules().pk), "selection_mode": "CONVENTIONAL",
        "review_mode": "ORDINARY", "expert_mode": "DRAWN", "budget_mode": "ITEMISED", "district_step": "on",
        "takes_new": "on", "grace_minutes": "0", "outage_hours": "24", "outage_step": "10",
        **{f"days_{stage}": str(days) for stage, days in WORKING_DAYS.items()}, **changes,
    }  # fmt: skip


# --- services ----------------------------------------------------------------------------------
def test_an_officer_drafts_a_call(people: Personas) -> None:
    call = create_call(actor=people.officer, at=NOON, facts=facts())

    assert (call.status, call.document_number, call.created_by) == (CallStatus.DRAFT, "", people.officer)
    assert [entry.action for entry in trail(call)] == [Action.CREATE_CALL]


@pytest.mark.parametrize("who", ["head", "leader", "finance", "lead", "district_officer"])
def test_nobody_else_drafts_one(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        create_call(actor=getattr(people, who), at=NOON, facts=facts())
    assert Call.objects.count() == 0


@pytest.mark.usefixtures("english")
def test_a_call_must_close_after_it_opens(people: Personas) -> None:
    with pytest.raises(ValidationError, match="close"):
        create_call(actor=people.officer, at=NOON, facts=facts(closes_at=NOON))


def test_the_database_refuses_it_too(people: Personas) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_call(people, closes_at=NOON - 20 * DAY)


def test_a_draft_is_changed(people: Personas) -> None:
    call = create_call(actor=people.officer, at=NOON, facts=facts())

    update_call(call=call, actor=people.second_officer, at=NOON, facts={"title": "样例新批次"})

    call.refresh_from_db()
    assert (call.title, call.budget) == ("样例新批次", Decimal(36_000_000))
    assert trail(call).first().facts["title"] == "样例新批次"


def test_a_published_call_stands(people: Personas) -> None:
    call = make_call(people)
    with pytest.raises(TransitionRefused):
        update_call(call=call, actor=people.officer, at=NOON, facts={"title": "样例改名"})
    call.refresh_from_db()
    assert call.title != "样例改名"


def test_publishing_needs_a_document_number(people: Personas) -> None:
    call = create_call(actor=people.officer, at=NOON, facts=facts())

    with pytest.raises(TransitionRefused):
        publish_call(call=call, actor=people.officer, at=NOON, document_number="  ")
    published = publish_call(call=call, actor=people.officer, at=NOON, document_number=" 苏科外〔2026〕1号 ")

    assert (published.status, published.document_number) == (CallStatus.PUBLISHED, "苏科外〔2026〕1号")


def test_a_call_is_not_published_after_its_end(people: Personas) -> None:
    call = create_call(actor=people.officer, at=NOON, facts=facts(opens_at=NOON - 2 * DAY, closes_at=NOON - DAY))
    with pytest.raises(TransitionRefused):
        publish_call(call=call, actor=people.officer, at=NOON, document_number="苏科外〔2026〕1号")


def test_the_second_publishing_is_refused(people: Personas) -> None:
    call = create_call(actor=people.officer, at=NOON, facts=facts())
    publish_call(call=call, actor=people.officer, at=NOON, document_number="苏科外〔2026〕1号")
    with pytest.raises(TransitionRefused):
        publish_call(call=call, actor=people.officer, at=NOON, document_number="苏科外〔2026〕2号")
    assert Call.objects.get().document_number == "苏科外〔2026〕1号"


def test_a_published_call_has_a_document_in_the_database(people: Personas) -> None:
    call = make_call(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(document_number="")


def test_the_head_concludes_a_closed_call(people: Personas) -> None:
    call = make_call(people)

    with pytest.raises(TransitionRefused):
        conclude_call(call=call, actor=people.head, at=NOON)
    with pytest.raises(PermissionDenied):
        conclude_call(call=call, actor=people.officer, at=NOON + 20 * DAY)
    conclude_call(call=call, actor=people.head, at=NOON + 20 * DAY)

    assert call.status == CallStatus.CONCLUDED


def test_the_default_rules_are_made_once(people: Personas) -> None:
    assert ensure_default_rules() == ensure_default_rules()


def test_rules_of_the_annual_evaluation_are_not_those_of_a_call(people: Personas, sign_in: Any) -> None:
    other = RuleSet.objects.create(code="other", name="样例评价规则", data={"grades": []}, sha256="0" * 64)

    with pytest.raises(ValidationError) as refused:
        create_call(actor=people.officer, at=NOON, facts=facts(rules=other))
    page = sign_in(people.officer).get(reverse("funding:call-create"))

    assert list(refused.value.error_dict) == ["rules"]
    assert list(page.context["form"].fields["rules"].queryset) == [ensure_default_rules()]


def test_the_rules_are_readable(people: Personas) -> None:
    rules = read_rules(make_call(people))

    assert [(tier.tier, tier.cap, tier.threshold) for tier in rules.tiers] == [
        ("A", Decimal(2_000_000), Decimal(85)), ("B", Decimal(1_000_000), Decimal(75)), ("C", Decimal(0), Decimal(60)),
    ]  # fmt: skip
    assert sum(dimension["max"] for dimension in rules.dimensions) == 100
    assert rules.proposal is True


# --- extending ---------------------------------------------------------------------------------
def test_the_head_extends_an_open_call_and_writers_are_told(people: Personas) -> None:
    application = make_application(people)
    call, later = application.call, application.call.closes_at + 7 * DAY

    extension = extend_call(call=call, actor=people.head, at=NOON, closes_at=later, reason=" 样例理由。 ")

    assert (call.closes_at, extension.closed_at, extension.reason) == (later, later - 7 * DAY, "样例理由。")
    assert "funding.call_extended" in kinds(people.lead)
    assert trail(call).first().action == Action.EXTEND_CALL


def test_what_has_closed_is_not_extended(people: Personas) -> None:
    call = make_call(people, closes_at=NOON)
    with pytest.raises(TransitionRefused):
        extend_call(call=call, actor=people.head, at=NOON, closes_at=NOON + DAY, reason="样例理由。")


@pytest.mark.parametrize("days", [0, -1])
def test_an_extension_closes_later(people: Personas, days: int) -> None:
    call = make_call(people)
    with pytest.raises(ValidationError):
        extend_call(call=call, actor=people.head, at=NOON, closes_at=call.closes_at + days * DAY, reason="样例理由。")
    assert CallExtension.objects.count() == 0


@pytest.mark.parametrize("who", ["officer", "leader", "lead", "district_officer"])
def test_nobody_else_extends(people: Personas, who: str) -> None:
    call = make_call(people)
    with pytest.raises(PermissionDenied):
        extend_call(call=call, actor=getattr(people, who), at=NOON, closes_at=call.closes_at + DAY, reason="样例理由。")


def test_extending_in_the_browser(people: Personas, sign_in: Any, client: Any) -> None:
    call = make_call(people, closes_at=timezone.now() + 2 * DAY)
    url, later = reverse("funding:call-extend", args=[call.pk]), timezone.localtime(call.closes_at + 5 * DAY)
    head = sign_in(people.head)

    earlier = head.post(url, {"closes_at": f"{timezone.localtime() + DAY:%Y-%m-%dT%H:%M}", "reason": "样例理由。"})
    unexplained = head.post(url, {"closes_at": f"{later:%Y-%m-%dT%H:%M}", "reason": ""})
    done = head.post(url, {"closes_at": f"{later:%Y-%m-%dT%H:%M}", "reason": "样例延期理由。"})

    assert [one.status_code for one in (earlier, unexplained, done)] == [200, 200, 302]
    assert (list(earlier.context["form"].errors), list(unexplained.context["form"].errors)) == (["__all__"], ["reason"])
    assert "样例延期理由。" in client.get(call.get_absolute_url()).content.decode()


# --- how a call works --------------------------------------------------------------------------
def test_without_the_district_step_the_bureau_is_next(people: Personas) -> None:
    application, told = make_application(people, call=make_call(people)), (people.acceptance, people.district_officer)
    Call.objects.filter(pk=application.call_id).update(district_step=False)

    submit(Application.objects.get(pk=application.pk), people)

    application.refresh_from_db()
    assert application.status == ApplicationStatus.RECOMMENDED
    assert [kinds(one) for one in told] == [["funding.application_arrived"], []]
    results = {item.code: item.result for item in check_list(application, NOON)}
    assert results["recommendation"] == CheckResult.NA


def test_the_plan_is_kept_in_working_days(people: Personas, sign_in: Any) -> None:
    sign_in(people.officer).post(reverse("funding:call-create"), typed(days_review="20", district_step=""))

    call = Call.objects.get()
    assert (call.plan["review"], call.district_step) == (20, False)
    assert [one.stage.value for one in milestones(call)][:2] == ["formal_check", "review"]


@pytest.mark.parametrize("value", ["0", "121", "x", "1.5"])
def test_a_stage_of_no_length_is_refused(people: Personas, sign_in: Any, value: str) -> None:
    response = sign_in(people.officer).post(reverse("funding:call-create"), typed(days_review=value))
    assert (list(response.context["form"].errors), Call.objects.count()) == (["days_review"], 0)


def test_a_copy_begins_with_what_the_earlier_call_said(people: Personas, sign_in: Any) -> None:
    call = make_call(people, year=timezone.localdate().year, round=1, batch=4)
    Call.objects.filter(pk=call.pk).update(guidelines="样例往年指南。", plan={"review": 30}, defence=True)
    url = reverse("funding:call-copy", args=[call.pk])

    form = sign_in(people.officer).get(url).context["form"]
    made = sign_in(people.officer).post(url, typed(batch="5", round="2"))

    assert (form.initial["guidelines"], form.initial["batch"], form.initial["defence"]) == ("样例往年指南。", 5, True)
    assert form["days_review"].value() == 30
    assert ("opens_at" in form.initial, "title" in form.initial) == (False, False)
    assert (made.status_code, Call.objects.count()) == (302, 2)


def test_officials_are_warned_of_a_notice_in_a_holiday(people: Personas, sign_in: Any, client: Any) -> None:
    facts = {"opens_at": NOON - 90 * DAY, "closes_at": datetime(2026, 9, 23, 9, tzinfo=UTC)}
    short = {"formal_check": 1, "review": 1, "decision": 1}
    call = make_call(people, status=CallStatus.DRAFT, **facts)
    Call.objects.filter(pk=call.pk).update(district_step=False, plan=short)

    page = sign_in(people.officer).get(call.get_absolute_url()).content.decode()

    assert "国庆节" in page


# --- pages -------------------------------------------------------------------------------------
def test_the_public_reads_published_calls_only(people: Personas, client: Any) -> None:
    published, draft = make_call(people), make_call(people, status=CallStatus.DRAFT)

    listing = client.get(reverse("funding:call-list"))

    assert listing.status_code == 200
    assert (published.title in listing.content.decode(), draft.title in listing.content.decode()) == (True, False)
    assert client.get(published.get_absolute_url()).status_code == 200
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_the_public_page_counts_no_applications(people: Personas, client: Any) -> None:
    call = make_call(people)
    assert client.get(call.get_absolute_url()).context["insider"] is False


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("district_officer", 200), ("lead", 404)])
def test_officials_read_drafts(people: Personas, sign_in: Any, who: str, status: int) -> None:
    draft = make_call(people, status=CallStatus.DRAFT)
    assert sign_in(getattr(people, who)).get(draft.get_absolute_url()).status_code == status


def test_an_officer_creates_a_call_in_the_browser(people: Personas, sign_in: Any) -> None:
    response = sign_in(people.officer).post(reverse("funding:call-create"), typed())

    call = Call.objects.get()
    assert (response.status_code, response.url) == (302, call.get_absolute_url())
    assert (call.budget, call.cap_a, call.cap_c) == (Decimal(36_000_000), Decimal(2_000_000), Decimal(0))
    assert timezone.localtime(call.closes_at).strftime("%Y-%m-%d %H:%M %z") == "2026-12-20 17:30 +0800"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget", "viel"), ("budget", "-1"), ("budget", "0.001"), ("cap_a", "NaN"), ("cap_a", ""), ("budget", "1e30"),
        ("opens_at", "morgen"), ("closes_at", "2026-11-19T09:00"), ("title", ""), ("title", "长" * 201), ("year", "x"),
        ("rules", "00000000-0000-0000-0000-000000000000"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_kept(people: Personas, sign_in: Any, field: str, value: str) -> None:
    response = sign_in(people.officer).post(reverse("funding:call-create"), typed(**{field: value}))

    assert response.status_code == 200
    assert Call.objects.count() == 0
    assert response.context["form"].errors
    assert response.context["form"].data["guidelines"] == "样例指南。"
    assert response.context["form"].data[field] == value


def test_a_round_stands_once_a_year(people: Personas, sign_in: Any) -> None:
    make_call(people, round=1, batch=3)
    response = sign_in(people.officer).post(reverse("funding:call-create"), typed())
    assert response.status_code == 200
    assert len(response.context["form"].errors) == 1


def test_the_form_starts_with_the_next_batch(people: Personas, sign_in: Any) -> None:
    make_call(people, year=timezone.localdate().year, round=2, batch=11)
    initial = sign_in(people.officer).get(reverse("funding:call-create")).context["form"].initial
    assert (initial["round"], initial["batch"], initial["cap_a"]) == (3, 12, Decimal(2_000_000))


def test_editing_shows_ten_thousands_and_beijing_time(people: Personas, sign_in: Any) -> None:
    call = create_call(actor=people.officer, at=NOON, facts=facts())

    page = sign_in(people.officer).get(reverse("funding:call-update", args=[call.pk])).content.decode()
    response = sign_in(people.officer).post(reverse("funding:call-update", args=[call.pk]), typed(budget="1,000.5"))

    assert ('value="3600.00"' in page, 'value="2026-11-18T12:00"' in page) == (True, True)
    call.refresh_from_db()
    assert (response.status_code, call.budget) == (302, Decimal("10005000.00"))


def test_publish_and_conclude_in_the_browser(people: Personas, sign_in: Any) -> None:
    now = timezone.now()
    call = create_call(actor=people.officer, at=now, facts=facts(opens_at=now, closes_at=now + timedelta(days=1)))
    url = reverse("funding:call-publish", args=[call.pk])

    empty = sign_in(people.officer).post(url, {"document_number": ""})
    done = sign_in(people.officer).post(url, {"document_number": "苏科外〔2026〕1号"})
    early = sign_in(people.head).post(reverse("funding:call-conclude", args=[call.pk]), {"note": ""})

    assert (empty.status_code, done.status_code, early.status_code) == (200, 302, 409)
    assert len(early.context["form"].non_field_errors()) == 1


@pytest.mark.parametrize(
    ("who", "name"),
    [("head", "call-update"), ("leader", "call-publish"), ("officer", "call-conclude"), ("finance", "call-publish")],
)
def test_who_may_not(people: Personas, sign_in: Any, who: str, name: str) -> None:
    call = make_call(people, status=CallStatus.DRAFT)
    assert sign_in(getattr(people, who)).get(reverse(f"funding:{name}", args=[call.pk])).status_code == 403


def test_calls_are_listed_newest_first(people: Personas, client: Any) -> None:
    over = {"opens_at": NOON - 90 * DAY, "closes_at": NOON - 60 * DAY}
    made = [
        make_call(people, year=year, round=number, batch=batch, **over)
        for year, number, batch in [(2024, 1, 93), (2026, 1, 91), (2025, 2, 95), (2026, 2, 90), (2025, 1, 94)]
    ]

    listed = client.get(reverse("funding:call-list")).context["other_calls"]

    assert len(made) == 5
    assert [(call.year, call.round) for call in listed] == [(2026, 2), (2026, 1), (2025, 2), (2025, 1), (2024, 1)]


def test_the_list_of_calls_costs_the_same_at_any_length(people: Personas, sign_in: Any) -> None:
    client, url = sign_in(people.officer), reverse("funding:call-list")
    make_call(people)
    client.get(url)
    assert len(queries_of(client, url)) == 5
    make_call(people)
    make_call(people, opens_at=NOON - 40 * DAY, closes_at=NOON - 30 * DAY)
    assert len(queries_of(client, url)) == 5
