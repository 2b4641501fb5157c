"""Workflow and money under attack: W-01 to W-12. W-10 has no subject yet: the portal claws no money back."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia.enums import PlatformKind
from consortia.models import Platform, ResearchTask
from funding.enums import Action, ApplicationStatus, TrancheStatus
from funding.models import Application, Objection, Payment, Tranche
from funding.rules.declarations import DECLARATIONS
from funding.services.applications import edit_application, submit_application
from funding.services.decisions import decide_application
from funding.services.tranches import pay_tranche
from funding.workflow import APPLICATION, TRANCHE
from members.enums import CorrectionField
from members.models import Organisation
from members.services.payees import update_payee
from portal.kernel import idempotency
from portal.kernel.audit import trail
from portal.kernel.clocks import database_now
from portal.kernel.idempotency import FIELD, new_key
from portal.kernel.models import AuditEntry, SentForm
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, ready_consortium
from tests.factories.funding import make_application, make_award, make_call, make_notice, make_tranche
from tests.funding.steps import open_call
from tests.personas import Personas
from tests.races import at_once, refusals

S, T = ApplicationStatus, TrancheStatus
SECOND = timedelta(seconds=1)
SignIn = Callable[[Any], Client]


def _text(value: Any) -> Any:
    return "" if value is None else value


def platform(people: Personas, name: str = "样例平台") -> dict[str, Any]:
    return {"name": name, "kind": "KEY_LAB", "area": 10, "builder": str(people.lead_org.pk), "seen": ""}


def platform_address(people: Personas) -> str:
    return reverse("consortia:platform-add", args=[ready_consortium(people).pk])


# --- W-01 --------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [T.PLANNED, T.REQUESTED, T.VERIFIED, T.REVIEWED, T.APPROVED, T.PAID, T.CONFIRMED])
def test_w01_a_pair_that_is_not_in_the_table_changes_nothing(people: Personas, status: str) -> None:
    tranche = make_tranche(people, status=status)
    people_of = {"approve_payment": people.second_leader, "pay": people.second_finance, "review": people.second_finance}
    tried = [one.action for one in TRANCHE.transitions.values() if status not in one.sources]
    entries = AuditEntry.objects.count()

    for action in tried:
        with (
            pytest.raises((TransitionRefused, PermissionDenied)),
            TRANCHE.moving(tranche, action, actor=people_of.get(action, people.officer), at=NOON),
        ):
            pytest.fail(f"{action} was let through")

    tranche.refresh_from_db()
    assert (tranche.status, AuditEntry.objects.count()) == (status, entries)
    assert tried


def test_w01_the_browser_gets_409(people: Personas, sign_in: SignIn) -> None:
    application = make_application(people, S.SUBMITTED, call=open_call(people))
    declared = dict.fromkeys(DECLARATIONS, "on")

    answer = sign_in(people.signatory).post(reverse("funding:application-submit", args=[application.pk]), declared)

    application.refresh_from_db()
    assert (answer.status_code, application.status) == (409, S.SUBMITTED)


# --- W-02, W-03: idempotency -------------------------------------------------------------------
def test_w02_the_same_form_four_times_counts_once_and_gets_one_answer(people: Personas, sign_in: SignIn) -> None:
    client, address = sign_in(people.lead), platform_address(people)
    form = platform(people) | {FIELD: new_key()}

    answers = [client.post(address, form) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert [answer.headers.get(idempotency.REPLAYED) for answer in answers] == [None, "true", "true", "true"]
    assert Platform.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_w02_the_same_form_four_times_at_once(people: Personas, sign_in: SignIn) -> None:
    address, clients = platform_address(people), [sign_in(people.lead) for _ in range(4)]
    form = platform(people) | {FIELD: new_key()}

    answers = at_once(*(partial(client.post, address, form) for client in clients))

    assert [answer.status_code for answer in answers] == [302] * 4
    assert sorted(answer.headers.get(idempotency.REPLAYED, "") for answer in answers) == ["", "true", "true", "true"]
    assert Platform.objects.count() == 1


def test_w02_a_key_belongs_to_one_person(people: Personas, sign_in: SignIn) -> None:
    address, form = platform_address(people), platform(people) | {FIELD: new_key()}
    colleague = people.signatory

    sign_in(people.lead).post(address, form)
    other = sign_in(colleague).post(address, form)

    assert other.headers.get(idempotency.REPLAYED) is None
    assert SentForm.objects.values("owner").distinct().count() == SentForm.objects.count()


def test_w02_a_form_that_was_refused_frees_its_key(people: Personas, sign_in: SignIn) -> None:
    client, address = sign_in(people.lead), platform_address(people)
    form = platform(people) | {FIELD: new_key()}

    wrong, right = client.post(address, form | {"name": ""}), client.post(address, form)

    assert (wrong.status_code, right.status_code, Platform.objects.count()) == (200, 302, 1)


def test_w02_a_key_costs_two_queries_and_is_forgotten_after_a_day(
    people: Personas, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    client, address = sign_in(people.lead), platform_address(people)
    form = idempotency.Form("o" * 64, new_key(), "f" * 64)
    with django_assert_num_queries(2), transaction.atomic(durable=False, savepoint=False):
        assert form.claim()
        form.row().update(answer={})
    client.post(address, platform(people))

    now = database_now()

    assert (idempotency.expire(now), idempotency.expire(now + DAY + SECOND)) == (0, 2)


def test_w03_the_same_key_with_other_contents_is_refused_and_shows_what_was_typed(
    people: Personas, sign_in: SignIn
) -> None:
    client, address = sign_in(people.lead), platform_address(people)
    form = platform(people) | {FIELD: new_key()}

    client.post(address, form)
    other = client.post(address, form | {"name": "另一个样例平台"})

    assert (other.status_code, Platform.objects.count()) == (422, 1)
    words = ["另一个样例平台", PlatformKind("KEY_LAB").label, "10"]
    assert [word for _, word in other.context["typed"]] == words
    assert "另一个样例平台" in dict(other.context["fields"]).values()


def test_w03_choices_are_shown_in_words_and_codes_not_at_all(people: Personas, sign_in: SignIn) -> None:
    form = {"field": "other", "wanted": "name", "explanation": "第一行\n第二行", "unknown": "some_code", FIELD: ""}

    page = sign_in(people.lead).post(reverse("members:correction-request"), form, HTTP_ACCEPT_LANGUAGE="en")

    assert [word for _, word in page.context["typed"]] == [str(CorrectionField.OTHER.label), "name", "第一行\n第二行"]
    assert page.context["typed"][0][0] == "What is wrong"
    assert page.status_code == 428


def test_w03_what_was_typed_can_be_sent_from_that_page(people: Personas, sign_in: SignIn) -> None:
    client, address = sign_in(people.lead), platform_address(people)
    form = platform(people) | {FIELD: new_key()}
    client.post(address, form)

    page = client.post(address, form | {"name": "另一个样例平台"})
    sent = client.post(page.context["here"], dict(page.context["fields"]))

    assert (sent.status_code, Platform.objects.count()) == (302, 2)


def test_w03_a_form_without_a_key_does_nothing(people: Personas, sign_in: SignIn) -> None:
    address, form = platform_address(people), platform(people)
    answers = [
        sign_in(people.lead).post(address, form | {FIELD: key}).status_code for key in (None, "", "kurz", "x y" * 10)
    ]
    assert (answers, Platform.objects.count()) == ([428] * 4, 0)


def test_w02_a_broken_request_leaves_nothing_behind(people: Personas) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(people.lead)
    address, form = platform_address(people), platform(people) | {FIELD: new_key()}

    with mock.patch("consortia.views.platforms.PlatformAdd.get_success_url", side_effect=ZeroDivisionError):
        broken = client.post(address, form)
    left = (Platform.objects.count(), SentForm.objects.count())
    again = client.post(address, form)

    assert (broken.status_code, left) == (500, (0, 0))
    assert (again.status_code, Platform.objects.count()) == (302, 1)


# --- W-05 --------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_w05_editing_while_submitting_never_changes_what_was_submitted(people: Personas) -> None:
    application = make_application(people)
    acts = [
        partial(submit_application, application=Application.objects.get(pk=application.pk), actor=people.signatory,
                at=NOON, declarations=list(DECLARATIONS)),
        partial(edit_application, application=Application.objects.get(pk=application.pk), actor=people.lead, at=NOON,
                section="objective", values={"objective": "改写的目标。"}),
    ]  # fmt: skip

    results = at_once(*acts)

    stored = Application.objects.get(pk=application.pk)
    assert isinstance(results[0], Application)
    assert stored.status == S.SUBMITTED
    assert stored.snapshot["application"]["objective"] == stored.objective


def test_w05_a_stale_save_gets_409_with_both_versions(people: Personas, sign_in: SignIn) -> None:
    application = make_application(people)
    address = reverse("funding:application-edit", args=[application.pk, "route"])
    first, second = sign_in(people.lead), sign_in(people.signatory)

    saved = first.post(address, {"route": "先保存的。", "version": "0"})
    late = second.post(address, {"route": "后保存的。", "version": "0"})

    application.refresh_from_db()
    assert (saved.status_code, late.status_code, application.route) == (302, 409, "先保存的。")
    assert (late.context["form"]["route"].value(), late.context["meanwhile"].values) == (
        "后保存的。", {"route": "先保存的。"},
    )  # fmt: skip


def test_w05_two_tabs_on_one_task_overwrite_nothing_unseen(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    task = consortium.tasks.first()
    address = reverse("consortia:task-update", args=[task.pk])
    client = sign_in(people.lead)
    form = client.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields} | {"technology": ""}

    saved = client.post(address, typed | {"name": "先保存的任务"})
    late = client.post(address, typed | {"name": "后保存的任务"})
    stands = ResearchTask.objects.get(pk=task.pk).name
    knowing = client.post(address, typed | {"name": "后保存的任务", "seen": late.context["form"]["seen"].value()})

    assert (saved.status_code, late.status_code, stands) == (302, 409, "先保存的任务")
    assert late.context["form"]["name"].value() == "后保存的任务"
    assert len([one for one in late.context["form"].non_field_errors() if "先保存的任务" in one]) == 1
    assert (knowing.status_code, ResearchTask.objects.get(pk=task.pk).name) == (302, "后保存的任务")


def test_w05_two_tabs_on_the_profile_of_a_consortium(people: Personas, sign_in: SignIn) -> None:
    consortium = make_consortium(people)
    address = reverse("consortia:consortium-update", args=[consortium.pk])
    client = sign_in(people.lead)
    form = client.get(address).context["form"]
    typed = {name: _text(form[name].value()) for name in form.fields}

    answers = [client.post(address, typed | {"mission": text}).status_code for text in ("先。", "后。")]

    consortium.refresh_from_db()
    assert (answers, consortium.mission) == ([302, 409], "先。")


def test_w05_two_tabs_on_the_data_of_an_organisation(people: Personas, sign_in: SignIn) -> None:
    address = reverse("members:organisation-update", args=[people.lead_org.pk])
    client = sign_in(people.lead_admin)
    page = client.get(address)
    form = page.context["form"]
    typed = {name: _text(form[name].value()) for name in form.fields}

    saved = client.post(address, typed | {"address": "样例先路1号"})
    late = client.post(address, typed | {"address": "样例后路2号"})
    stands = Organisation.objects.get(pk=people.lead_org.pk).address
    knowing = client.post(address, typed | {"address": "样例后路2号", "seen": late.context["form"]["seen"].value()})

    assert page.content.decode().count(f'name="seen" value="{typed["seen"]}"') == 1
    assert (saved.status_code, late.status_code, stands) == (302, 409, "样例先路1号")
    assert late.context["form"]["address"].value() == "样例后路2号"
    assert len([one for one in late.context["form"].non_field_errors() if "样例先路1号" in one]) == 1
    assert knowing.status_code == 302
    assert Organisation.objects.get(pk=people.lead_org.pk).address == "样例后路2号"


ACCOUNTS = ["6222020000000001", "6222020000000002", "6222020000000003"]


def payee_tabs(people: Personas, client: Client) -> tuple[str, str, dict[str, Any]]:
    """Address, page and fields of the account form, for an organisation that has stated the first account."""
    update_payee(
        organisation=people.lead_org, bank_name="样例银行", bank_account=ACCOUNTS[0], actor=people.lead_admin, at=NOON
    )
    address = reverse("members:payee-update", args=[people.lead_org.pk])
    page = client.get(address)
    form = page.context["form"]
    return address, page.content.decode(), {name: _text(form[name].value()) for name in form.fields}


def test_w05_two_tabs_on_the_bank_account(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.lead_admin)
    address, page, typed = payee_tabs(people, client)

    saved = client.post(address, typed | {"bank_account": ACCOUNTS[1]})
    late = client.post(address, typed | {"bank_account": ACCOUNTS[2]})
    stands = Organisation.objects.get(pk=people.lead_org.pk).bank_account.reveal()
    knowing = client.post(address, typed | {"bank_account": ACCOUNTS[2], "seen": late.context["form"]["seen"].value()})

    assert page.count(f'name="seen" value="{typed["seen"]}"') == 1
    assert (saved.status_code, late.status_code, stands) == (302, 409, ACCOUNTS[1])
    assert late.context["form"]["bank_account"].value() == ACCOUNTS[2]
    assert len([one for one in late.context["form"].non_field_errors() if "“****0002”" in one]) == 1
    assert late.content.decode().count(ACCOUNTS[1]) == 0
    assert knowing.status_code == 302
    assert Organisation.objects.get(pk=people.lead_org.pk).bank_account.reveal() == ACCOUNTS[2]


def test_w05_what_was_seen_of_the_account_cannot_be_guessed_back(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.lead_admin)

    first, second = (payee_tabs(people, client)[2]["seen"] for _time in range(2))

    assert (len(first), len(second), first == second) == (64, 64, False)  # the same account, sealed anew


def test_w05_data_and_account_are_two_forms_that_do_not_disturb_each_other(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.lead_admin)
    address = reverse("members:organisation-update", args=[people.lead_org.pk])
    form = client.get(address).context["form"]
    typed = {name: _text(form[name].value()) for name in form.fields} | {"address": "样例路1号"}
    payee, _page, account = payee_tabs(people, client)

    answers = [client.post(address, typed), client.post(payee, account | {"bank_name": "样例新行"})]

    assert [answer.status_code for answer in answers] == [302, 302]


# --- W-06, W-07, W-09: money -------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_w06_eight_payments_at_once_are_one(people: Personas) -> None:
    tranche = make_tranche(people, status=T.APPROVED)
    today = timezone.localdate(NOON)
    acts = [
        partial(pay_tranche, tranche=Tranche.objects.get(pk=tranche.pk), actor=person, voucher=f"PZ-{n}",
                paid_on=today, at=NOON)
        for n, person in enumerate([people.finance, people.second_finance] * 4)
    ]  # fmt: skip

    results = at_once(*acts)

    assert refusals(results) == 7
    assert [payment.amount for payment in Payment.objects.all()] == [tranche.amount]


@pytest.mark.parametrize(
    ("who", "factor"), [("second_finance", Decimal("1.01")), ("second_finance", Decimal("0.5")), ("leader", Decimal(1))]
)
def test_w06_w09_the_database_refuses_another_amount_and_the_approver(
    people: Personas, who: str, factor: Decimal
) -> None:
    tranche = make_tranche(people, status=T.APPROVED)
    today = timezone.localdate(NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(
            tranche=tranche, amount=tranche.amount * factor, paid_on=today, voucher="PZ-1",
            recorded_by=getattr(people, who), recorded_at=NOON,
        )  # fmt: skip
    assert Payment.objects.count() == 0


def test_w06_the_plan_of_an_award_never_exceeds_it(people: Personas) -> None:
    award = make_award(people)
    first = make_tranche(people, award)
    with pytest.raises(IntegrityError, match="the tranches exceed the award"), transaction.atomic():
        make_tranche(people, award, amount=award.amount - first.amount + Decimal("0.01"))
    with pytest.raises(IntegrityError, match="the tranches exceed the award"), transaction.atomic():
        Tranche.objects.filter(pk=first.pk).update(amount=award.amount + 1)
    assert [tranche.amount for tranche in award.tranches.all()] == [first.amount]


@pytest.mark.django_db(transaction=True)
def test_w07_decisions_at_once_never_overspend_the_budget(people: Personas) -> None:
    call = make_call(people, budget=Decimal(2_500_000))
    graded = [make_application(people, S.GRADED, call=call, consortium=ready_consortium(people)) for _ in range(3)]
    acts = [
        partial(decide_application, application=one, actor=leader, tier="A", amount=Decimal(1_200_000),
                meeting="样例会议", note="样例理由。", at=NOON)
        for one, leader in zip(graded, [people.leader, people.second_leader, people.leader], strict=True)
    ]  # fmt: skip

    results = at_once(*acts)

    decided = call.applications.filter(status=S.DECIDED).values_list("decided_amount", flat=True)
    assert (refusals(results), sum(decided)) == (1, Decimal(2_400_000))


def test_w07_the_database_knows_the_budget_too(people: Personas) -> None:
    call = make_call(people, budget=Decimal(1_000_000))
    application = make_application(people, S.GRADED, call=call)
    with pytest.raises(IntegrityError, match="budget"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(
            status=S.DECIDED, decided_by=people.leader, decided_at=NOON, decided_tier="A", decided_amount=1_000_001
        )
    application.refresh_from_db()
    assert application.status == S.GRADED


def test_w09_who_prepared_does_not_approve_and_who_approved_does_not_pay(people: Personas) -> None:
    reviewed, approved = make_tranche(people, status=T.REVIEWED), make_tranche(people, status=T.APPROVED)
    before = (reviewed.status, approved.status)
    pairs = [(reviewed, Action.APPROVE_PAYMENT, people.officer), (reviewed, Action.APPROVE_PAYMENT, people.finance),
             (approved, Action.PAY, people.leader), (approved, Action.PAY, people.officer)]  # fmt: skip

    for tranche, action, actor in pairs:
        with pytest.raises(PermissionDenied), TRANCHE.moving(tranche, action, actor=actor, at=NOON):
            pytest.fail(f"{actor} may {action}")

    reviewed.refresh_from_db()
    approved.refresh_from_db()
    assert (reviewed.status, approved.status) == before


# --- W-08 --------------------------------------------------------------------------------------
NONSENSE = ["-1", "0", "0.001", "1e3", str(2**63), "NaN", "Infinity", "true", "０x1", "1 000", "--1"]


@pytest.mark.parametrize("amount", NONSENSE)
def test_w08_an_amount_that_is_none_is_refused_at_its_field(people: Personas, sign_in: SignIn, amount: str) -> None:
    application = make_application(people, S.DRAFT, call=open_call(people))
    address = reverse("funding:application-edit", args=[application.pk, "basics"])
    form = sign_in(people.lead).get(address).context["form"]
    typed = {name: _text(form[name].value()) for name in form.fields} | {"requested_amount": amount}

    answer = sign_in(people.lead).post(address, typed)

    before = application.requested_amount
    application.refresh_from_db()
    assert list(answer.context["form"].errors) == ["requested_amount"]
    assert application.requested_amount == before


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("NaN")])
@pytest.mark.parametrize("field", ["requested_amount", "proposed_amount", "decided_amount"])
def test_w08_the_database_takes_no_such_amount(people: Personas, field: str, amount: Decimal) -> None:
    application = make_application(people, S.GRADED)
    with pytest.raises(Exception), transaction.atomic(), connection.cursor() as cursor:  # noqa: B017, PT011
        cursor.execute(f"UPDATE funding_application SET {field} = %s WHERE id = %s", [amount, application.pk])  # noqa: S608
    before = getattr(application, field)
    application.refresh_from_db()
    assert getattr(application, field) == before


# --- W-11 --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("left", "status", "after"), [(SECOND * 60, 302, S.SUBMITTED), (-SECOND, 409, S.DRAFT)])
@pytest.mark.parametrize("wrong", [timedelta(), timedelta(minutes=10), timedelta(minutes=-10)])
def test_w11_the_deadline_goes_by_the_databases_clock(
    people: Personas, sign_in: SignIn, left: timedelta, status: int, after: str, wrong: timedelta
) -> None:
    now = database_now()
    call = make_call(people, opens_at=now - DAY, closes_at=now + left)
    application = make_application(people, call=call)
    client = sign_in(people.signatory)

    with mock.patch("portal.kernel.views.timezone.now", return_value=now + wrong):
        answer = client.post(
            reverse("funding:application-submit", args=[application.pk]), dict.fromkeys(DECLARATIONS, "on")
        )

    application.refresh_from_db()
    assert (answer.status_code, application.status) == (status, after)


def test_w11_the_last_second_of_a_call_is_inside_and_the_next_is_not(people: Personas) -> None:
    application = make_application(people)
    close = application.call.closes_at
    submit = partial(submit_application, actor=people.signatory, declarations=list(DECLARATIONS))

    with pytest.raises(TransitionRefused):
        submit(application=application, at=close)
    submit(application=application, at=close - SECOND)

    assert (application.status, application.submitted_at) == (S.SUBMITTED, close - SECOND)


def test_w11_an_objection_goes_by_the_databases_day(people: Personas) -> None:
    today = timezone.localdate(database_now())
    call = make_call(people)
    notice = make_notice(people, call, starts_on=today - 2 * DAY, ends_on=today)
    application = make_application(people, S.PUBLICISED, call=call, notice=notice)
    typed = {
        "application": str(application.pk), "kind": "PERSON", "name": "样例异议人", "contact": "13800000000",
        "grounds": "该项目的指标与公开资料不一致，请核实，附有来源。",
    }  # fmt: skip
    address = reverse("funding:notice-object", args=[notice.pk])

    with mock.patch("portal.kernel.views.timezone.now", return_value=timezone.now() + 9 * DAY):
        answer = Client().post(address, typed)

    assert (answer.status_code, Objection.objects.count()) == (302, 1)


# --- W-12 --------------------------------------------------------------------------------------
def test_w12_returned_and_submitted_again_keeps_number_and_history(people: Personas) -> None:
    application = make_application(people)
    submit = partial(
        submit_application, application=application, actor=people.signatory, declarations=list(DECLARATIONS)
    )
    submit(at=NOON)
    number, first = application.number, application.snapshot_hash

    with APPLICATION.moving(application, Action.RETURN, actor=people.district_officer, at=NOON, note="请补充。") as row:
        row.returned_count += 1
    edit_application(application=application, actor=people.lead, at=NOON, section="route", values={"route": "补充。"})
    submit(at=NOON + SECOND)

    submits = trail(application).filter(action=Action.SUBMIT).order_by("id").values_list("facts", flat=True)
    assert (application.number, application.status) == (number, S.SUBMITTED)
    assert [facts["sha256"] for facts in submits] == [first, application.snapshot_hash]
    assert submits[1]["previous_sha256"] == first
