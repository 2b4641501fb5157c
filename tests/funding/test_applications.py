"""Applications in the hands of the applicant: started, written, submitted, withdrawn."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from consortia.enums import ConsortiumStatus, ParticipationStatus
from consortia.models import Consortium
from funding.enums import Action, ApplicationStatus
from funding.models import Application
from funding.rules.declarations import VERSION
from funding.selectors.eligibility import start_obstacles
from funding.selectors.progress import progress
from funding.selectors.readings import read
from funding.services.applications import (
    MOST_FILES,
    SectionChanged,
    attach_file,
    detach_file,
    start_application,
    withdraw_application,
)
from funding.workflow import APPLICATION
from members.enums import IdScheme, IntegrityLevel
from portal.kernel.audit import sha256, trail
from portal.kernel.files import FileRefused
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, NOON
from tests.factories.consortia import (
    make_agreement,
    make_consortium,
    make_participation,
    ready_consortium,
    rival_consortium,
)
from tests.factories.funding import make_application, make_call
from tests.factories.members import make_organisation
from tests.funding.steps import ALL, bar, edit, kinds, pdf, submit
from tests.personas import Personas
from tests.races import at_once, refusals
from tests.samples import pdf as sample_pdf

S = ApplicationStatus
pytestmark = pytest.mark.django_db


# --- starting ---------------------------------------------------------------------------------
def test_the_lead_starts_an_application(people: Personas) -> None:
    call, consortium = make_call(people), ready_consortium(people)

    application = start_application(call=call, consortium=consortium, actor=people.lead, at=NOON)

    assert (application.status, application.number, application.requested_tier) == (S.DRAFT, "2026-0001", "A")
    assert (application.district, application.created_by) == (consortium.district, people.lead)
    assert [entry.action for entry in trail(application)] == [Action.START]


def test_numbers_follow_each_other(people: Personas) -> None:
    call = make_call(people)
    first = start_application(call=call, consortium=ready_consortium(people), actor=people.lead, at=NOON)
    second = start_application(call=call, consortium=rival_consortium(people), actor=people.rival, at=NOON)
    assert (first.number, second.number) == ("2026-0001", "2026-0002")


@pytest.mark.parametrize("who", ["signatory", "lead_admin", "university_confirmer", "rival", "officer"])
def test_only_who_writes_for_the_lead_starts_one(people: Personas, who: str) -> None:
    call, consortium = make_call(people), ready_consortium(people)
    with pytest.raises(PermissionDenied):
        start_application(call=call, consortium=consortium, actor=getattr(people, who), at=NOON)
    assert Application.objects.count() == 0


@pytest.mark.parametrize("at", [NOON - 15 * DAY, NOON + 14 * DAY])
def test_only_while_the_call_is_open(people: Personas, at: Any) -> None:
    with pytest.raises(TransitionRefused):
        start_application(call=make_call(people), consortium=ready_consortium(people), actor=people.lead, at=at)


def test_not_for_a_recognised_consortium(people: Personas) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    assert len(start_obstacles(make_call(people), consortium, "A", NOON)) == 1


def test_one_running_application_a_consortium_even_in_another_call(people: Personas) -> None:
    consortium = ready_consortium(people)
    start_application(call=make_call(people), consortium=consortium, actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        start_application(call=make_call(people), consortium=consortium, actor=people.lead, at=NOON)
    assert Application.objects.count() == 1


def test_again_after_a_withdrawal(people: Personas) -> None:
    call, consortium = make_call(people), ready_consortium(people)
    first = start_application(call=call, consortium=consortium, actor=people.lead, at=NOON)
    withdraw_application(application=first, actor=people.signatory, at=NOON, note="重新组队。")
    second = start_application(call=call, consortium=consortium, actor=people.lead, at=NOON)
    assert (first.number, second.number) == ("2026-0001", "2026-0002")


def test_the_database_keeps_one_running_application_a_call(people: Personas) -> None:
    application = make_application(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_application(people, call=application.call, consortium=application.consortium)


@pytest.mark.parametrize(
    ("level", "term", "barred"),
    [
        (IntegrityLevel.SERIOUS, {}, True),
        (IntegrityLevel.GRAVE, {"effective_to": date(2026, 11, 18)}, True),
        (IntegrityLevel.GRAVE, {"effective_to": date(2026, 11, 17)}, False),
        (IntegrityLevel.SERIOUS, {"effective_from": date(2026, 11, 19)}, False),
        (IntegrityLevel.MINOR, {}, False),
    ],
)
def test_an_integrity_record_in_force_bars_the_lead(
    people: Personas, level: str, term: dict[str, Any], barred: bool
) -> None:
    consortium = ready_consortium(people)
    bar(people.lead_org, level, **term)
    assert len(start_obstacles(make_call(people), consortium, "A", NOON)) == barred


def test_a_member_under_a_sanction_bars_too(people: Personas) -> None:
    consortium = ready_consortium(people)
    bar(people.university)
    with pytest.raises(TransitionRefused, match="样例理工大学"):
        start_application(call=make_call(people), consortium=consortium, actor=people.lead, at=NOON)


def test_the_lead_leads_one_consortium_a_sub_field(people: Personas) -> None:
    consortium = ready_consortium(people)
    assert start_obstacles(make_call(people), consortium, "A", NOON) == []
    make_consortium(people, status=ConsortiumStatus.OPERATING)
    assert len(start_obstacles(make_call(people), consortium, "A", NOON)) == 1


def test_a_graduated_or_idle_consortium_does_not_count(people: Personas) -> None:
    consortium = ready_consortium(people)
    make_consortium(people, status=ConsortiumStatus.GRADUATED)
    make_consortium(people)
    assert start_obstacles(make_call(people), consortium, "A", NOON) == []


def test_a_lead_outside_the_city_is_barred(people: Personas) -> None:
    outside = make_organisation("样例外地企业", district=None)
    consortium = make_consortium(people, lead=outside)
    make_participation(consortium, outside, people.lead, role="LEAD")
    assert len(start_obstacles(make_call(people), consortium, "A", NOON)) == 1


# --- writing ----------------------------------------------------------------------------------
def test_a_section_is_saved_with_who_and_when(people: Personas) -> None:
    application = edit(make_application(people), people)

    assert (application.objective, application.version) == ("新的目标。", 1)
    assert application.sections == {"objective": {"version": 1, "by": "样例申报甲", "at": NOON.isoformat()}}
    assert trail(application).first().facts == {"section": "objective", "version": 1, "changed": ["objective"]}


def test_a_section_takes_only_its_own_fields(people: Personas) -> None:
    application = edit(make_application(people), people, values={"objective": "甲", "route": "乙", "score": "99"})
    assert (application.objective, application.route, application.score) == ("甲", "分三步实施。", None)


@pytest.mark.parametrize("who", ["lead_admin", "university_confirmer", "rival", "officer", "district_officer"])
def test_who_may_not_write(people: Personas, who: str) -> None:
    application = make_application(people)
    with pytest.raises(PermissionDenied):
        edit(application, people, actor=getattr(people, who))


@pytest.mark.parametrize("status", [S.SUBMITTED, S.RECOMMENDED, S.CHECKED, S.APPROVED, S.WITHDRAWN])
def test_a_submitted_application_is_not_written_any_more(people: Personas, status: str) -> None:
    with pytest.raises(TransitionRefused):
        edit(make_application(people, status), people)


def test_a_newer_save_of_the_same_section_is_not_overwritten(people: Personas) -> None:
    application = make_application(people)
    edit(application, people, actor=people.signatory, loaded=0, values={"objective": "签署人的文字。"})

    with pytest.raises(SectionChanged) as caught:
        edit(application, people, loaded=0, values={"objective": "申报人的文字。"})

    application.refresh_from_db()
    assert application.objective == "签署人的文字。"
    assert (caught.value.values, caught.value.version, caught.value.by) == (
        {"objective": "签署人的文字。"}, 1, "样例签署甲",
    )  # fmt: skip
    assert edit(application, people, loaded=1).objective == "新的目标。"


def test_saves_of_different_sections_do_not_meet(people: Personas) -> None:
    application = make_application(people)
    edit(application, people, loaded=0)
    edit(application, people, "route", loaded=0, values={"route": "新的路线。"})
    application.refresh_from_db()
    assert (application.objective, application.route, application.version) == ("新的目标。", "新的路线。", 2)


@pytest.mark.parametrize(
    ("tier", "amount", "taken"),
    [("A", 2_000_000, True), ("A", 2_000_001, False), ("B", 1_000_000, True), ("B", 1_000_001, False), ("C", 0, True),
     ("C", 1, False), ("A", 0, False)],
)  # fmt: skip
def test_the_amount_stays_within_the_cap(people: Personas, tier: str, amount: int, taken: bool) -> None:
    application = make_application(people)
    values = {"requested_tier": tier, "requested_amount": Decimal(amount)}
    if taken:
        assert edit(application, people, "basics", values=values).requested_amount == amount
    else:
        with pytest.raises(ValidationError):
            edit(application, people, "basics", values=values)


def test_a_file_is_attached_and_removed(people: Personas) -> None:
    application = make_application(people)

    row = attach_file(application=application, actor=people.lead, at=NOON, upload=pdf(), label="2025 年审计报告")
    kept = row.attachment
    detach_file(file=row, actor=people.signatory, at=NOON)

    assert [entry.action for entry in trail(application)] == [Action.DETACH, Action.ATTACH]
    assert (application.files.count(), kept.file.exists()) == (0, True)


def test_a_file_is_removed_once(people: Personas) -> None:
    row = attach_file(application=make_application(people), actor=people.lead, at=NOON, upload=pdf(), label="甲")
    detach_file(file=row, actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        detach_file(file=row, actor=people.lead, at=NOON)


def test_a_file_that_is_not_what_it_says_is_refused(people: Personas) -> None:
    application = make_application(people)
    with pytest.raises(FileRefused):
        attach_file(application=application, actor=people.lead, at=NOON, upload=pdf(content=b"MZ\x90"), label="甲")
    assert application.files.count() == 0


def other_pdf(number: int) -> bytes:
    return sample_pdf(b"", b"<</Number %d>>" % number)


def test_the_same_file_is_attached_once(people: Personas) -> None:
    application = make_application(people)
    attach_file(application=application, actor=people.lead, at=NOON, upload=pdf(), label="甲")

    with pytest.raises(ValidationError) as refusal:
        attach_file(application=application, actor=people.lead, at=NOON, upload=pdf("改名.pdf"), label="乙")

    assert list(refusal.value.message_dict) == ["upload"]
    assert application.files.count() == 1


def test_files_are_not_attached_without_end(people: Personas) -> None:
    application = make_application(people)
    for n in range(MOST_FILES):
        upload = pdf(content=other_pdf(n))
        attach_file(application=application, actor=people.lead, at=NOON, upload=upload, label=f"附件{n}")
    one_more = pdf(content=other_pdf(MOST_FILES))
    with pytest.raises(TransitionRefused):
        attach_file(application=application, actor=people.lead, at=NOON, upload=one_more, label="多余")


def test_a_stranger_attaches_nothing(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        attach_file(application=make_application(people), actor=people.rival, at=NOON, upload=pdf(), label="甲")


# --- submitting -------------------------------------------------------------------------------
def test_the_signatory_submits(people: Personas) -> None:
    people.district_officer, people.other_district_officer  # noqa: B018
    application = make_application(people)

    submit(application, people)

    assert (application.status, application.submitted_by) == (S.SUBMITTED, people.signatory)
    assert (application.submitted_at, application.moved_at) == (NOON, NOON)
    assert application.snapshot_hash == sha256(application.snapshot)
    assert application.declarations == {"version": VERSION, "accepted": sorted(ALL)}
    entry = trail(application).first()
    assert (entry.action, entry.facts["sha256"]) == (Action.SUBMIT, application.snapshot_hash)
    assert kinds(people.district_officer) == ["funding.application_submitted"]
    assert kinds(people.other_district_officer) == []


def test_the_snapshot_holds_everything(people: Personas) -> None:
    application = make_application(people)
    row = attach_file(application=application, actor=people.lead, at=NOON, upload=pdf(), label="审计报告")

    submit(application, people)

    snapshot = application.snapshot
    assert snapshot["application"]["objective"] == "攻克关键核心技术。"
    assert snapshot["application"]["requested_amount"] == "1800000.00"
    assert [member["status"] for member in snapshot["members"]] == ["CONFIRMED"] * 5
    assert len(snapshot["technologies"]) == 3
    assert snapshot["call"]["rules"]["sha256"] == application.call.rules.sha256
    assert [(file["label"], file["sha256"]) for file in snapshot["files"]] == [("审计报告", row.attachment.sha256)]
    assert snapshot["submitted"] == {"by": "样例签署甲", "at": "2026-11-18T12:00:00+08:00"}
    assert snapshot["declarations"]["version"] == VERSION
    assert set(snapshot["declarations"]["texts"]) == set(ALL)


def test_a_snapshot_does_not_move_with_the_rows(people: Personas) -> None:
    application = submit(make_application(people), people)
    Consortium.objects.filter(pk=application.consortium_id).update(name="样例改名联合体")
    application = Application.objects.get(pk=application.pk)
    assert read(application.snapshot).profile["name"] != "样例改名联合体"
    assert sha256(application.snapshot) == application.snapshot_hash


@pytest.mark.parametrize("who", ["lead", "lead_admin", "lead_confirmer", "university_confirmer", "rival", "officer"])
def test_nobody_but_the_signatory_submits(people: Personas, who: str) -> None:
    application = make_application(people)
    with pytest.raises(PermissionDenied):
        submit(application, people, actor=getattr(people, who))
    application.refresh_from_db()
    assert (application.status, application.snapshot) == (S.DRAFT, None)


@pytest.mark.parametrize("declared", [[], ALL[:3], [*ALL, "more"]])
def test_every_declaration_is_made(people: Personas, declared: list[str]) -> None:
    application = make_application(people)
    with pytest.raises(TransitionRefused):
        submit(application, people, declarations=declared)
    application.refresh_from_db()
    assert application.status == S.DRAFT


def test_the_second_click_is_refused(people: Personas) -> None:
    application = submit(make_application(people), people)
    frozen = application.snapshot_hash
    with pytest.raises(TransitionRefused):
        submit(application, people, at=NOON + DAY)
    application.refresh_from_db()
    assert (application.snapshot_hash, application.submitted_at) == (frozen, NOON)
    assert trail(application).filter(action=Action.SUBMIT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_make_one_snapshot(people: Personas) -> None:
    application = make_application(people)
    people.signatory.grants  # noqa: B018

    results = at_once(lambda: submit(Application.objects.get(pk=application.pk), people), lambda: submit(
        Application.objects.get(pk=application.pk), people, at=NOON + timedelta(seconds=1)))  # fmt: skip

    assert refusals(results) == 1
    assert [type(result) for result in results if isinstance(result, Exception)] == [TransitionRefused]
    assert trail(application).filter(action=Action.SUBMIT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_make_one_draft(people: Personas) -> None:
    call, consortium = make_call(people), ready_consortium(people)
    people.lead.grants  # noqa: B018

    def start() -> Application:
        return start_application(call=call, consortium=consortium, actor=people.lead, at=NOON)

    assert refusals(at_once(start, start)) == 1
    assert Application.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_and_a_submission_at_once_leave_no_unfrozen_word(people: Personas) -> None:
    application = make_application(people)
    for person in (people.lead, people.signatory):
        person.grants  # noqa: B018

    at_once(lambda: submit(Application.objects.get(pk=application.pk), people), lambda: edit(
        Application.objects.get(pk=application.pk), people, values={"objective": "迟到的文字。"}))  # fmt: skip

    application.refresh_from_db()
    assert application.snapshot["application"]["objective"] == application.objective


def test_after_the_closing_time_nothing_is_submitted(people: Personas) -> None:
    application = make_application(people)
    closes = application.call.closes_at
    with pytest.raises(TransitionRefused):
        submit(application, people, at=closes)
    assert submit(application, people, at=closes - timedelta(seconds=1)).status == S.SUBMITTED


def obstacles(application: Application) -> int:
    """The page's list and the guards agree on whether anything is in the way; how long the list is."""
    state = progress(application, NOON)
    assert state.ready == (not APPLICATION.obstacles(application, Action.SUBMIT, NOON))
    return len(state.obstacles)


def test_a_fit_application_has_no_obstacle(people: Personas) -> None:
    assert obstacles(make_application(people)) == 0


@pytest.mark.parametrize("name", ["objective", "foundation", "route", "commercialisation", "elements"])
def test_an_empty_text_is_in_the_way(people: Personas, name: str) -> None:
    application = make_application(people, **{name: "  \n"})
    assert obstacles(application) == 1
    with pytest.raises(TransitionRefused):
        submit(application, people)


def test_an_amount_of_nothing_is_in_the_way_except_for_cultivation(people: Personas) -> None:
    application = make_application(people, requested_amount=Decimal(0))
    assert obstacles(application) == 1
    application.requested_tier = "C"
    assert obstacles(application) == 0


def test_an_unconfirmed_member_is_in_the_way(people: Personas) -> None:
    application = make_application(people)
    member = make_participation(
        application.consortium, make_organisation(), people.lead, status=ParticipationStatus.INVITED, cash=0
    )
    assert obstacles(application) == 2  # not confirmed, not signed
    with pytest.raises(TransitionRefused, match=member.organisation.name):
        submit(application, people)


def test_a_new_version_of_the_agreement_must_be_signed_again(people: Personas) -> None:
    application = make_application(people)
    make_agreement(application.consortium, people.lead, signed=False, version=2)
    assert obstacles(application) == 1


def test_without_technologies_or_tasks_nothing_is_submitted(people: Personas) -> None:
    application = make_application(people, requested_tier="C", requested_amount=Decimal(0))
    application.consortium.technologies.all().delete()
    assert obstacles(application) == 1
    application.consortium.tasks.all().delete()
    assert obstacles(application) == 2


def test_a_deviation_needs_a_reason(people: Personas) -> None:
    application = make_application(people)
    foreign = make_organisation("样例海外研究院", id_scheme=IdScheme.NONE, uscc=None)
    row = make_participation(application.consortium, foreign, people.lead, cash=0)
    make_agreement(application.consortium, people.lead, version=2)
    assert obstacles(application) == 1
    with pytest.raises(TransitionRefused):
        submit(application, people)

    edit(application, people, "eligibility", values={"justification": "海外研究院没有信用代码。"})
    submit(application, people)

    assert (row.status, application.findings) == ("CONFIRMED", ["member_codes"])
    assert application.snapshot["findings"] == ["member_codes"]


def test_a_reason_does_not_lift_a_bar(people: Personas) -> None:
    application = make_application(people, justification="有理由。")
    bar(people.lead_org)
    assert obstacles(application) == 1
    with pytest.raises(TransitionRefused):
        submit(application, people)


def test_the_database_demands_a_snapshot(people: Personas) -> None:
    application = make_application(people, S.SUBMITTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(snapshot_hash="")


# --- withdrawing ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "told_to"),
    [(S.DRAFT, []), (S.SUBMITTED, ["district_officer"]), (S.RECOMMENDED, ["acceptance", "officer"])],
)
def test_the_signatory_withdraws_and_who_has_it_is_told(people: Personas, status: str, told_to: list[str]) -> None:
    officials = ["district_officer", "acceptance", "officer"]
    for who in officials:
        getattr(people, who)
    application = make_application(people, status)

    withdraw_application(application=application, actor=people.signatory, at=NOON, note="战略调整。")

    assert (application.status, trail(application).first().note) == (S.WITHDRAWN, "战略调整。")
    assert [who for who in officials if kinds(getattr(people, who))] == told_to


def test_a_withdrawal_needs_a_reason_and_the_signatory(people: Personas) -> None:
    application = make_application(people, S.SUBMITTED)
    with pytest.raises(TransitionRefused):
        withdraw_application(application=application, actor=people.signatory, at=NOON, note=" ")
    with pytest.raises(PermissionDenied):
        withdraw_application(application=application, actor=people.lead, at=NOON, note="不想了。")


@pytest.mark.parametrize("status", [S.REVIEWING, S.GRADED, S.PUBLICISED, S.APPROVED, S.WITHDRAWN])
def test_too_late_to_withdraw(people: Personas, status: str) -> None:
    with pytest.raises(TransitionRefused):
        withdraw_application(
            application=make_application(people, status), actor=people.signatory, at=NOON, note="太迟。"
        )
