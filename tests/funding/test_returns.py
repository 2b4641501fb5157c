"""Returning by part, with reasons by kind; what was changed stands beside what was there."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from funding.enums import Action, ReasonCode
from funding.enums import ApplicationStatus as S
from funding.models import Application, ApplicationReason
from funding.rules.returns import PARTS, part_of
from funding.selectors.changes import Row, Run, changes, runs
from funding.selectors.progress import progress
from funding.selectors.reasons import reason_table
from funding.services.applications import attach_file, detach_file, edit_application
from funding.services.checks import reject_application, request_correction
from funding.services.recommendations import decline_recommendation, return_application
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import make_application
from tests.funding.steps import pdf, queries_of, submit
from tests.personas import Personas

pytestmark = pytest.mark.django_db

MISSING, UNCLEAR = ReasonCode.MISSING.value, ReasonCode.UNCLEAR.value


def returned(people: Personas, *parts: str) -> Application:
    application = submit(make_application(people), people)
    return return_application(
        application=application, actor=people.district_officer, at=NOON, note="样例：请补充。", parts=parts,
        reasons=[UNCLEAR],
    )  # fmt: skip


def write(application: Application, people: Personas, section: str, **values: Any) -> Application:
    return edit_application(application=application, actor=people.lead, at=NOON, section=section, values=values)


# --- parts -------------------------------------------------------------------------------------
def test_only_what_was_ticked_reopens(people: Personas) -> None:
    application = returned(people, "route")

    write(application, people, "route", route="更细的路线。")
    for section, field in (("objective", "objective"), ("basics", "requested_amount")):
        with pytest.raises(TransitionRefused):
            write(application, people, section, **{field: "样例"})
    with pytest.raises(TransitionRefused):
        attach_file(application=application, actor=people.lead, at=NOON, upload=pdf(), label="补充")

    application.refresh_from_db()
    assert (application.reopened, application.route) == (["route"], "更细的路线。")


def test_files_reopen_by_themselves(people: Personas) -> None:
    application = returned(people, "files")

    row = attach_file(application=application, actor=people.lead, at=NOON, upload=pdf(), label="补充")
    detach_file(file=row, actor=people.lead, at=NOON)

    with pytest.raises(TransitionRefused):
        write(application, people, "route", route="更细的路线。")


def test_without_a_tick_everything_reopens(people: Personas) -> None:
    application = returned(people)
    write(application, people, "objective", objective="新的目标。")
    assert application.objective == "新的目标。"


def test_the_reason_of_a_deviation_can_always_be_given(people: Personas) -> None:
    application = returned(people, "files")
    write(application, people, "eligibility", justification="样例理由。")
    assert application.justification == "样例理由。"


def test_a_part_that_is_none_is_refused(people: Personas) -> None:
    application = submit(make_application(people), people)
    with pytest.raises(TransitionRefused):
        return_application(
            application=application, actor=people.district_officer, at=NOON, note="样例。", parts=["budget!"]
        )
    application.refresh_from_db()
    assert application.status == S.SUBMITTED


def test_each_piece_of_a_snapshot_has_its_part() -> None:
    assert [part_of(code) for code in ("route", "files", "members", "agreement")] == [
        "route", "files", "consortium", "consortium",
    ]  # fmt: skip


def test_the_bureau_returns_by_part_too(people: Personas) -> None:
    application = make_application(people, S.RECOMMENDED)
    request_correction(
        application=application, actor=people.officer, at=NOON, items=[], note="样例。", parts=["files"],
        reasons=[MISSING],
    )  # fmt: skip

    assert (application.status, application.reopened) == (S.RETURNED, ["files"])
    entry = trail(application).first()
    assert (entry.facts["parts"], entry.facts["reasons"]) == (["files"], [MISSING])


def test_the_task_list_says_what_was_not_returned(people: Personas) -> None:
    application = returned(people, "route")
    tasks = {str(task.title): task for group in progress(application, NOON).groups for task in group.tasks}
    locked = [title for title, task in tasks.items() if task.icon == "lock"]

    assert len(locked) == len(PARTS) - 3  # all but the route, the reasons for deviations, the consortium


def test_the_page_of_a_closed_section_says_so(people: Personas, sign_in: Any) -> None:
    application, client = returned(people, "route"), sign_in(people.lead)
    pages = {
        section: client.get(reverse("funding:application-edit", args=[application.pk, section]))
        for section in ("route", "objective")
    }
    sent = client.post(
        reverse("funding:application-edit", args=[application.pk, "objective"]),
        {"objective": "新的目标。", "version": application.version},
    )

    assert {section: bool(page.context["reasons"]) for section, page in pages.items()} == {
        "route": False, "objective": True,
    }  # fmt: skip
    assert sent.status_code == 409
    assert pages["route"].context["next"].code == "eligibility"


# --- reasons -----------------------------------------------------------------------------------
def test_reasons_are_kept_by_kind(people: Personas) -> None:
    application = submit(make_application(people), people)
    decline_recommendation(
        application=application, actor=people.district_officer, at=NOON, note="样例。", reasons=[UNCLEAR, MISSING]
    )
    kept = application.reasons.values_list("action", "code")
    assert sorted(kept) == [(Action.DECLINE_RECOMMENDATION, MISSING), (Action.DECLINE_RECOMMENDATION, UNCLEAR)]


def test_a_reason_that_is_none_is_refused(people: Personas) -> None:
    application = make_application(people, S.RECOMMENDED)
    with pytest.raises(TransitionRefused):
        reject_application(
            application=application, actor=people.officer, at=NOON, items=[], note="样例。", reasons=["BECAUSE"]
        )
    application.refresh_from_db()
    assert (application.status, ApplicationReason.objects.count()) == (S.RECOMMENDED, 0)


def test_the_counts_add_up(people: Personas) -> None:
    returned(people, "route")
    reject_application(
        application=make_application(people, S.RECOMMENDED), actor=people.officer, at=NOON, items=[], note="样例。",
        reasons=[UNCLEAR, MISSING],
    )  # fmt: skip

    table = reason_table(ApplicationReason.objects.all())

    assert [(line.total, line.counts) for line in table.lines] == [(2, (1, 0, 0, 1, 0, 0)), (1, (0, 0, 0, 1, 0, 0))]
    assert (table.sums, table.total) == ((1, 0, 0, 2, 0, 0), 3)


def test_a_district_counts_its_own(people: Personas, sign_in: Any) -> None:
    returned(people, "route")
    url = reverse("funding:reason-statistics")

    totals = {
        who: sign_in(getattr(people, who)).get(url).context["table"].total
        for who in ("officer", "district_officer", "other_district_officer")
    }

    assert totals == {"officer": 1, "district_officer": 1, "other_district_officer": 0}
    assert sign_in(people.lead).get(url).status_code == 403


def test_the_statistics_cost_the_same_at_any_length(people: Personas, sign_in: Any) -> None:
    client, url = sign_in(people.officer), reverse("funding:reason-statistics")
    returned(people, "route")
    client.get(url)
    before = len(queries_of(client, url))
    for _ in range(3):
        ApplicationReason.objects.create(application=Application.objects.get(), action=Action.RETURN, code=MISSING)

    assert len(queries_of(client, url)) == before


# --- in the browser ----------------------------------------------------------------------------
def test_a_return_names_parts_and_reasons(people: Personas, sign_in: Any) -> None:
    application = submit(make_application(people), people)
    url, client = reverse("funding:application-return", args=[application.pk]), sign_in(people.district_officer)

    bare = client.post(url, {"note": "样例。"})
    done = client.post(url, {"note": "样例。", "parts": ["route", "files"], "reasons": [MISSING]})

    application.refresh_from_db()
    assert (bare.status_code, sorted(bare.context["form"].errors)) == (200, ["parts", "reasons"])
    assert (done.status_code, application.reopened) == (302, ["files", "route"])


def test_a_refusal_names_reasons_and_a_correction_parts(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people, S.RECOMMENDED), sign_in(people.officer)
    urls = {step: reverse(f"funding:application-{step}", args=[application.pk])
            for step in ("reject", "request-correction")}  # fmt: skip

    found = {step: sorted(client.post(url, {"note": "样例。"}).context["form"].errors) for step, url in urls.items()}

    assert found == {"reject": ["reasons"], "request-correction": ["parts", "reasons"]}


# --- what was changed --------------------------------------------------------------------------
def test_a_text_is_shown_clause_by_clause() -> None:
    assert list(runs("先验证材料，再做样机。", "先验证材料，再建中试线。")) == [
        Run("same", "先验证材料，"), Run("del", "再做样机。"), Run("ins", "再建中试线。"),
    ]  # fmt: skip
    assert list(runs("", "新。")) == [Run("ins", "新。")]
    assert list(runs("同。", "同。")) == [Run("same", "同。")]


def test_rows_of_the_same_name_are_each_compared() -> None:
    before = {"tasks": [{"title": "样例任务", "goal": "甲"}, {"title": "样例任务", "goal": "乙"}]}
    now = {"tasks": [{"title": "样例任务", "goal": "丙"}, {"title": "样例任务", "goal": "乙"}]}
    application = Application(previous_snapshot=before, snapshot=now)

    assert [change.rows for change in changes(application, [])] == [(Row("same", "样例任务"),)]


def test_every_change_stands_against_the_snapshot_before(people: Personas, sign_in: Any) -> None:
    application = returned(people, "route")
    write(application, people, "route", route="更细的路线。")
    write(application, people, "eligibility", justification="样例新理由。")
    submit(application, people)

    found = changes(application, application.reopened)
    page = sign_in(people.district_officer).get(reverse("funding:application-changes", args=[application.pk]))

    assert [(change.title, change.expected) for change in found] == [
        (PARTS["route"], True), (PARTS["eligibility"], False),
    ]  # fmt: skip
    assert "<ins>更细的路线。</ins>" in page.content.decode()


def test_without_a_return_there_is_nothing_to_compare(people: Personas, sign_in: Any) -> None:
    application = submit(make_application(people), people)
    url = reverse("funding:application-changes", args=[application.pk])

    assert changes(application, []) == []
    assert sign_in(people.officer).get(url).status_code == 404


def test_a_rival_sees_no_changes(people: Personas, sign_in: Any) -> None:
    application = submit(returned(people, "route"), people)
    url = reverse("funding:application-changes", args=[application.pk])
    assert [sign_in(one).get(url).status_code for one in (people.rival, people.lead)] == [404, 200]


def test_only_the_districts_officer_returns(people: Personas) -> None:
    application = submit(make_application(people), people)
    with pytest.raises(PermissionDenied):
        return_application(application=application, actor=people.lead, at=NOON, note="样例。", parts=["route"])
