"""Objections in depth: evidence, the code to follow them, their effects, the reply, numbers for everybody."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from funding.enums import ApplicationStatus, ObjectionEffect, ObjectionStatus, ObjectorKind
from funding.models import Objection, ObjectionFile
from funding.rules.defaults import DEFAULT_RULES
from funding.rules.publicity import answer_due, days_left, is_lower, last_day, told
from funding.selectors.objections import followed, objection_counts
from funding.services.decisions import approve_application
from funding.services.notices import (
    amend_application,
    object_to_application,
    overturn_application,
    publicise_applications,
    record_objection,
    refuse_objection,
    uphold_objection,
)
from portal.kernel.audit import canonical, sha256
from portal.kernel.models import AuditEntry, Letter
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.funding import make_application, make_call, make_notice, make_objection
from tests.personas import Personas
from tests.races import at_once, refusals
from tests.samples import PDF

S, E = ApplicationStatus, ObjectionEffect
TODAY = timezone.localdate(NOON)
WORKING = {"periods": {**DEFAULT_RULES["periods"], "publicity_count": "working"}}
pytestmark = pytest.mark.usefixtures("english")


def in_notice(people: Personas, status: str = S.PUBLICISED, **facts: Any) -> Any:
    call = make_call(people)
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=6)}
    return make_application(people, status, call=call, notice=make_notice(people, call, **days), **facts)


def record(application: Any, **facts: Any) -> Objection:
    said = {"kind": ObjectorKind.PERSON, "name": "样例异议人", "contact": "objector@sample.test",
            "grounds": "所列专利并非该联合体成员所有，请核实。", "at": NOON, **facts}  # fmt: skip
    return record_objection(application=application, **said)


def uphold(objection: Objection, people: Personas, **facts: Any) -> Objection:
    return uphold_objection(objection=objection, actor=people.supervisor, finding="指标证据不足。", at=NOON, **facts)


# --- the clock ---------------------------------------------------------------------------------
def test_working_days_skip_what_is_closed() -> None:
    assert last_day(date(2026, 9, 28), WORKING) == date(2026, 10, 12)  # the National Day lies between
    assert last_day(date(2026, 11, 21), WORKING) == date(2026, 12, 1)  # begun on a Saturday
    assert days_left(date(2026, 10, 12), date(2026, 9, 30), WORKING) == 5
    assert days_left(date(2026, 10, 12), date(2026, 10, 13), WORKING) == 0
    assert days_left(date(2026, 11, 24), date(2026, 11, 18), DEFAULT_RULES) == 7
    assert answer_due(date(2026, 11, 18), DEFAULT_RULES) == date(2026, 12, 9)


@pytest.mark.parametrize(
    ("tier", "amount", "lower"),
    [("A", 1, True), ("B", 2, True), ("B", 1, True), ("A", 2, False), ("A", 3, False), ("C", 3, False)],
)
def test_lower_is_less_and_never_more(tier: str, amount: int, lower: bool) -> None:
    assert is_lower(tier, Decimal(amount), ("A", Decimal(2))) is lower


# --- evidence, secrecy and the code ------------------------------------------------------------
def test_evidence_is_kept_for_supervision_alone(people: Personas, sign_in: Any, client: Client) -> None:
    upload = SimpleUploadedFile("王某某的举报.pdf", PDF, "application/pdf")
    objection = record(in_notice(people), evidence=[upload])
    url = f"/funding/objections/{objection.pk}/evidence/{objection.evidence.get().pk}/"

    file = b"".join(sign_in(people.supervisor).get(url).streaming_content)
    refused = [sign_in(getattr(people, name)).get(url).status_code for name in ("officer", "lead")]

    assert (file, refused) == (PDF, [403, 404])
    assert client.get(url).status_code == 302
    assert ObjectionFile.objects.get().attachment.name == f"{objection.number}-1.pdf"


def test_the_form_takes_evidence_and_gives_a_code_once(people: Personas, client: Client) -> None:
    application = in_notice(people)
    application.notice.starts_on, application.notice.ends_on = timezone.localdate(), timezone.localdate()
    application.notice.save()
    url = f"/funding/notices/{application.notice.pk}/object/"
    facts = {"application": application.pk, "kind": "PERSON", "name": "样例异议人", "contact": "0512-00000000",
             "grounds": "所列专利并非该联合体成员所有，请核实，附有检索报告。"}  # fmt: skip
    refused = client.post(url, {**facts, "evidence": SimpleUploadedFile("x.exe", b"MZ", "application/x-dosexec")})
    assert (refused.status_code, Objection.objects.count()) == (200, 0)

    sent = client.post(url, {**facts, "evidence": [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(2)]})
    received, again = client.get(sent["Location"]), client.get(sent["Location"])

    objection, code = Objection.objects.get(), received.context["code"]
    assert (len(code), again.context["code"], objection.evidence.count()) == (12, "", 2)
    assert followed(number=objection.number, code=code.lower()) == objection
    shown = client.post("/funding/notices/follow/", {"number": objection.number, "code": code})
    assert (shown.status_code, shown.context["objection"]) == (200, objection)
    wrong = client.post("/funding/notices/follow/", {"number": objection.number, "code": "A" * 12})
    assert "objection" not in wrong.context


def test_who_objects_stands_nowhere_but_where_it_is_sealed(people: Personas) -> None:
    application = in_notice(people, S.PUBLICISED)
    objection = record(application, code="ABCDEFGHJKMN")
    object_to_application(application=application, actor=people.officer, at=NOON)
    uphold(objection, people)

    letter = Letter.objects.get()
    trail = canonical([[one.facts, one.note, one.subject_label] for one in AuditEntry.objects.all()])
    assert (letter.to.reveal(), letter.kind) == ("objector@sample.test", "funding.objection_reply")
    assert letter.body.reveal() == objection.letter
    assert not any(word in trail + objection.letter for word in ("样例异议人", "objector@sample.test", "ABCDEFGHJKMN"))
    assert not Letter.objects.visible_to(people.system_admin).exists()
    assert not Letter.objects.visible_to(people.audit_admin).exists()


# --- effects -----------------------------------------------------------------------------------
def test_a_lowered_decision_is_published_anew_before_it_is_approved(people: Personas) -> None:
    application = in_notice(people, S.OBJECTED)
    first = application.notice
    uphold(make_objection(application), people, effect=E.AMEND, tier="B", amount=Decimal(800_000))

    with pytest.raises(TransitionRefused, match="lowers tier or amount only"):
        overturn_application(application=application, actor=people.supervisor, note="x", at=NOON)
    amend_application(application=application, actor=people.supervisor, note="按核查结果调整。", at=NOON)
    assert (application.status, application.decided_tier, application.decided_amount) == (S.DECIDED, "B", 800_000)
    notice = publicise_applications(
        call=application.call, applications=[application], title="样例更正公示", document_number="样科公示〔2026〕99号",
        starts_on=TODAY, actor=people.officer, at=NOON + timedelta(hours=1),
    )  # fmt: skip
    application.refresh_from_db()
    approve_application(application=application, actor=people.leader, document_number="样〔2026〕1", at=NOON + 8 * DAY)

    assert (notice.amends, notice.sha256, notice.rows[0]["amount"]) == (first, sha256(notice.canonical()), "800000.00")
    assert notice.canonical()["amends"] == str(first.pk)
    assert application.status == S.APPROVED  # what was settled in the round before stands in nobody's way


def test_what_cancels_is_not_lowered(people: Personas) -> None:
    application = in_notice(people, S.OBJECTED)
    uphold(make_objection(application), people, effect=E.CANCEL)

    with pytest.raises(TransitionRefused, match="cancels the support"):
        amend_application(application=application, actor=people.supervisor, note="x", at=NOON)


@pytest.mark.parametrize(("tier", "amount"), [("A", 1_550_000), ("A", 1_600_000), ("", None), ("B", None)])
def test_an_objection_raises_nothing(people: Personas, tier: str, amount: Any) -> None:
    objection = make_objection(in_notice(people, S.OBJECTED))

    with pytest.raises(ValidationError):
        uphold(objection, people, effect=E.AMEND, tier=tier, amount=amount and Decimal(amount))


def test_what_is_not_admitted_is_answered_at_once(people: Personas) -> None:
    application = in_notice(people)
    objection = record(application)

    refuse_objection(objection=objection, actor=people.supervisor, finding="未署真实姓名。", at=NOON)

    assert (objection.status, objection.letter_sent_at) == (ObjectionStatus.INADMISSIBLE, NOON)
    assert not application.objections.open().exists()


def test_who_decided_the_case_does_not_handle_its_objections(people: Personas) -> None:
    application = in_notice(people, S.OBJECTED, graded_by=people.supervisor)

    with pytest.raises(PermissionDenied):
        uphold(make_objection(application), people)


BREACHES = {
    "effect_of_an_upheld_objection": {"effect": E.CANCEL},
    "amended_to_a_tier_and_an_amount": {"amended_amount": 1},
}


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_refuses_effects_that_contradict(people: Personas, name: str) -> None:
    objection = make_objection(in_notice(people))

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(**BREACHES[name])


# --- numbers -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 4, "b": 3}, {"a": 4, "b": 3, "all": 7}),
        ({"a": 4, "b": 1}, {"a": 4, "b": None, "all": None}),  # 5 - 4 would tell
        ({"a": 2, "b": 1}, {"a": None, "b": None, "all": 3}),
        ({"a": 1, "b": 0}, {"a": None, "b": 0, "all": None}),
        ({"a": 0, "b": 0}, {"a": 0, "b": 0, "all": 0}),
    ],
)
def test_small_numbers_are_not_told(counts: Any, shown: Any) -> None:
    assert told(counts) == shown


@pytest.mark.parametrize("rows", [1, 3])
def test_everybody_reads_the_numbers(
    people: Personas, client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for _row in range(rows):
        application = in_notice(people)
        for _one in range(3):
            make_objection(application)

    with django_assert_num_queries(1):
        found = objection_counts()

    assert [one.shown["open"] for one in found] == [3] * rows
    assert client.get("/funding/notices/statistics/").status_code == 200


# --- at once -----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_an_objection_in_the_moment_of_the_approval_stops_it_or_comes_too_late() -> None:
    people = Personas()
    application = in_notice(people)
    last = NOON + 6 * DAY
    leader = people.leader
    application.notice.ends_on = timezone.localdate(last) - timedelta(days=1)
    application.notice.save()

    results = at_once(
        lambda: record(application, at=last - DAY),
        lambda: approve_application(application=application, actor=leader, document_number="样〔2026〕1", at=last),
    )

    application.refresh_from_db()
    assert refusals(results) == 1
    assert (application.status == S.APPROVED) is not application.objections.open().exists()
