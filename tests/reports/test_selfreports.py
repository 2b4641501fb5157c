"""The self-report: written by the lead's people, frozen when it is filed, verified by its district."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from consortia.enums import JOINED, ConsortiumStatus, OutcomeKind, ParticipationStatus
from consortia.models import Outcome
from members.enums import FigureSource
from members.models import YearFigures
from portal.kernel.audit import sha256, trail
from portal.kernel.files import store_bytes
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.workflow import TransitionRefused
from reports.enums import CycleStatus, EvaluationStatus
from reports.models import Evaluation
from reports.rules import drawn, tickets
from reports.selectors.evidence import evidence_files
from reports.selectors.facts import year_facts
from reports.selectors.quality import quality_notes
from reports.selectors.records import record_pages
from reports.selectors.scores import sheet_of
from reports.selectors.selfreport import (
    UNCHECKED,
    drawn_codes,
    present_figures,
    self_report,
    targets_by_lead,
    unexplained_jumps,
    without_evidence,
)
from reports.services.cycles import default_rules
from reports.services.selfreports import (
    attach_evidence,
    detach_evidence,
    return_self_report,
    save_self_report,
    submit_self_report,
    verify_self_report,
)
from tests.clock import DAY, NOON
from tests.factories.consortia import make_participation, ready_consortium
from tests.factories.members import make_organisation
from tests.factories.reports import make_cycle, make_evaluation, rich_consortium, rules_of_before
from tests.personas import Personas
from tests.races import at_once, refusals

S = EvaluationStatus
SALES = {"sales": {"value": "4200", "target": "5000", "note": ""}}


def save(evaluation: Evaluation, actor: Any, **facts: Any) -> Evaluation:
    stated = {"values": SALES, "summary": "样机完成。", "problems": "", "version": evaluation.version, **facts}
    return save_self_report(evaluation=evaluation, actor=actor, at=NOON, **stated)


# --- writing -----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["lead", "signatory"])
def test_the_leads_people_write(people: Personas, name: str) -> None:
    evaluation = save(make_evaluation(people), getattr(people, name))

    assert (evaluation.values, evaluation.summary, evaluation.version) == (SALES, "样机完成。", 1)


@pytest.mark.parametrize(
    "name", ["rival", "lead_confirmer", "lead_admin", "district_officer", "officer", "head", "expert"]
)
def test_nobody_else_writes(people: Personas, name: str) -> None:
    with pytest.raises(PermissionDenied):
        save(make_evaluation(people), getattr(people, name))


def test_a_stale_save_overwrites_nothing(people: Personas) -> None:
    evaluation = make_evaluation(people)
    stale = Evaluation.objects.get(pk=evaluation.pk)
    save(evaluation, people.lead, summary="甲写的")

    with pytest.raises(TransitionRefused):
        save(stale, people.signatory, summary="乙写的")

    evaluation.refresh_from_db()
    assert (evaluation.summary, evaluation.version) == ("甲写的", 1)


@pytest.mark.parametrize("status", [S.SUBMITTED, S.VERIFIED, S.SCORED, S.GRADED, S.FINAL])
def test_what_was_filed_cannot_be_written(people: Personas, status: str) -> None:
    with pytest.raises(TransitionRefused):
        save(make_evaluation(people, status), people.lead)


def test_a_closed_year_cannot_be_written(people: Personas) -> None:
    evaluation = make_evaluation(people, cycle=make_cycle(people, status=CycleStatus.CLOSED))

    with pytest.raises(TransitionRefused):
        save(evaluation, people.lead)


def test_empty_figures_are_not_kept(people: Personas) -> None:
    values = {**SALES, "taxes": {"value": "", "target": "", "note": ""}}

    assert save(make_evaluation(people), people.lead, values=values).values == SALES


# --- evidence ----------------------------------------------------------------------------------
def attach(people: Personas, evaluation: Evaluation, actor: Any) -> Any:
    attachment = store_bytes(b"%PDF-1.7", name="证明.pdf", mime="application/pdf", kind="evidence", at=NOON)
    return attach_evidence(
        evaluation=evaluation, actor=actor, attachment=attachment, metrics=["sales"], label="审计报告", at=NOON
    )[0]


def test_evidence_is_attached_and_removed(people: Personas) -> None:
    evaluation = make_evaluation(people)
    evidence = attach(people, evaluation, people.lead)

    detach_evidence(evidence=evidence, actor=people.lead, at=NOON)
    detach_evidence(evidence=evidence, actor=people.lead, at=NOON)

    assert evaluation.evidence.count() == 0
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "attach_evidence",
        "detach_evidence",
    ]


def test_a_rival_attaches_nothing(people: Personas) -> None:
    with pytest.raises(PermissionDenied):
        attach(people, make_evaluation(people), people.rival)


def test_evidence_of_a_filed_report_stays(people: Personas) -> None:
    evaluation = make_evaluation(people)
    evidence = attach(people, evaluation, people.lead)
    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)

    with pytest.raises(TransitionRefused):
        detach_evidence(evidence=evidence, actor=people.lead, at=NOON)

    assert evaluation.snapshot["evidence"] == [
        {"label": "审计报告", "metric": "sales", "name": "证明.pdf", "size": 8, "sha256": evidence.attachment.sha256}
    ]


# --- evidence that the rules ask for -----------------------------------------------------------
def strict_evaluation(people: Personas, *proven: str) -> Evaluation:
    """One under the rules that ask for evidence, with a file for these figures."""
    cycle = make_cycle(people, rules=default_rules())
    evaluation = make_evaluation(people, cycle=cycle)
    if proven:
        file = store_bytes(b"%PDF-1.7", name="证明.pdf", mime="application/pdf", kind="evidence", at=NOON)
        attach_evidence(
            evaluation=evaluation, actor=people.lead, attachment=file, metrics=proven, label="样例", at=NOON
        )  # fmt: skip
    return evaluation


def test_a_figure_without_its_evidence_counts_nothing(people: Personas) -> None:
    evaluation = strict_evaluation(people, "sales", "taxes")

    score = {line.code: line.score for line in sheet_of(evaluation).lines}
    missing = [row.code for row in without_evidence(evaluation)]

    assert (score["G3.1"], score["G3.3"], score["G4.1"], score["G8.1"], score["G8.3"]) == (
        Decimal("6.30"), Decimal("1.20"), 0, 0, Decimal(4),
    )  # fmt: skip
    assert not {"sales", "taxes", "findings", "patents"} & set(missing)
    assert {"jobs", "local_supply", "joint_projects", "execution"} <= set(missing)


def test_what_was_filed_without_evidence_says_so_and_stays_so(people: Personas) -> None:
    evaluation = strict_evaluation(people, "sales")
    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)

    figures = evaluation.snapshot["metrics"]
    notes = {note["code"]: note["metrics"] for note in quality_notes(evaluation) if "metrics" in note}

    assert (figures["sales"]["unproven"], figures["jobs"]["unproven"]) == (False, True)
    assert "jobs" in notes["no_evidence"]
    assert "jobs" not in notes.get("unproven", [])


@pytest.mark.parametrize("value", ["", "0", "-3"])
def test_what_earns_nothing_needs_no_evidence(people: Personas, value: str) -> None:
    evaluation = strict_evaluation(people)
    save(evaluation, people.lead, values={"taxes": {"value": value, "target": "", "note": ""}})

    assert without_evidence(evaluation) == []


def test_a_file_of_the_whole_proves_no_figure(people: Personas) -> None:
    evaluation = strict_evaluation(people, "")

    assert "sales" in {row.code for row in without_evidence(evaluation)}


def test_rules_that_ask_for_no_evidence_go_on_counting(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SUBMITTED)

    assert without_evidence(evaluation) == []
    assert sheet_of(evaluation).of("G3") > 0


def test_one_file_proves_several_figures_and_each_once(people: Personas) -> None:
    evaluation = strict_evaluation(people, "sales", "jobs")
    file = evaluation.evidence.first().attachment

    with pytest.raises(ValidationError):
        attach_evidence(
            evaluation=evaluation, actor=people.lead, attachment=file, metrics=["jobs", "taxes"], label="样例", at=NOON
        )

    assert sorted(evaluation.evidence.values_list("metric", flat=True)) == ["jobs", "sales"]


def test_a_file_that_proves_two_figures_is_listed_once_and_goes_from_both(people: Personas, sign_in: Any) -> None:
    evaluation = strict_evaluation(people, "sales", "jobs")
    listed = [(file.evidence.label, file.codes) for file in evidence_files(evaluation)]
    page = sign_in(people.lead).get(evaluation.get_absolute_url()).content.decode()

    detach_evidence(evidence=evaluation.evidence.last(), actor=people.lead, at=NOON)

    assert (listed, evidence_files(evaluation)) == ([("样例", ["sales", "jobs"])], [])
    assert page.count("证明.pdf</a>") == 3  # beside each of its figures, and once in the list


def test_a_figure_leads_to_its_records_where_the_reader_may_see_them(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people, S.VERIFIED, expert=people.experts[0])
    officer, expert = (record_pages(evaluation, user) for user in (people.officer, people.experts[0].user))
    client, outcomes = (
        sign_in(people.officer),
        reverse("consortia:consortium-outcomes", args=[evaluation.consortium_id]),
    )

    page = client.get(evaluation.get_absolute_url()).content.decode()

    assert (officer["patents"], expert) == (f"{outcomes}?kind=PATENT&year=2026", {})
    assert f'href="{outcomes}?kind=PATENT&amp;year=2026"' in page
    assert {client.get(address).status_code for address in officer.values()} == {200}


@pytest.mark.usefixtures("english")
def test_the_pages_say_what_counts_nothing_before_and_after_filing(people: Personas, sign_in: Any) -> None:
    evaluation, client = strict_evaluation(people, "sales"), sign_in(people.lead)
    client.cookies["django_language"] = "en"
    edit = client.get(reverse("reports:self-report-edit", args=[evaluation.pk])).content.decode()
    step = client.get(reverse("reports:self-report-submit", args=[evaluation.pk])).content.decode()
    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)
    district = sign_in(people.district_officer)
    district.cookies["django_language"] = "en"
    verify = district.get(reverse("reports:self-report-verify", args=[evaluation.pk])).content.decode()
    page = district.get(evaluation.get_absolute_url()).content.decode()

    assert "No evidence: counts 0" in edit
    assert all("Without evidence these figures count 0" in text for text in (step, verify, page))
    assert "Additional jobs" in step


# --- filing ------------------------------------------------------------------------------------
def test_filing_freezes_what_the_records_say(people: Personas) -> None:
    evaluation = make_evaluation(people, consortium=rich_consortium(people))

    submit_self_report(evaluation=evaluation, actor=people.signatory, at=NOON)
    Outcome.objects.filter(kind=OutcomeKind.PATENT).delete()
    evaluation.refresh_from_db()

    assert evaluation.status == S.SUBMITTED
    assert evaluation.snapshot["metrics"]["patents"]["value"] == "4"
    assert evaluation.snapshot_hash == sha256(evaluation.snapshot)
    assert (evaluation.submitted_by, evaluation.submitted_at) == (people.signatory, NOON)


def test_filing_tells_the_own_district(people: Personas) -> None:
    people.district_officer, people.other_district_officer  # noqa: B018
    submit_self_report(evaluation=make_evaluation(people), actor=people.lead, at=NOON)

    assert [notice.recipient for notice in Notification.objects.all()] == [people.district_officer]


def test_a_second_click_files_nothing(people: Personas) -> None:
    evaluation = make_evaluation(people)
    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)

    with pytest.raises(TransitionRefused):
        submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_lead_and_signatory_file_at_once(people: Personas) -> None:
    evaluation = make_evaluation(people)
    acts = [
        partial(submit_self_report, evaluation=Evaluation.objects.get(pk=evaluation.pk), actor=person, at=NOON)
        for person in (people.lead, people.signatory)
    ]

    assert refusals(at_once(*acts)) == 1


def refused(evaluation: Evaluation, actor: Any, at: Any = NOON) -> list[str]:
    with pytest.raises(TransitionRefused) as refusal:
        submit_self_report(evaluation=evaluation, actor=actor, at=at)
    return [str(reason) for reason in refusal.value.reasons]


def test_a_summary_is_wanted(people: Personas) -> None:
    evaluation = make_evaluation(people, summary=" ")

    assert refused(evaluation, people.lead) == ["The summary of the year is missing."]


def test_the_time_runs_out(people: Personas) -> None:
    assert refused(make_evaluation(people), people.lead, NOON + 60 * DAY) == ["The time for self-reports is over."]


def test_nothing_is_filed_before_the_first_day(people: Personas) -> None:
    assert refused(make_evaluation(people), people.lead, NOON - 60 * DAY) == ["Self-reports are not taken yet."]


def test_a_correction_may_come_late(people: Personas) -> None:
    evaluation = make_evaluation(people, S.RETURNED)

    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON + 60 * DAY)

    assert evaluation.status == S.SUBMITTED


def test_a_jump_wants_a_note(people: Personas) -> None:
    before = make_cycle(people, 2025)
    last = make_evaluation(people, S.FINAL, cycle=before, values={"sales": {"value": "100", "target": "", "note": ""}})
    milestones = {"milestones": {"value": "", "target": "", "note": "按任务清单推进。"}}
    values = {"sales": {"value": "151", "target": "", "note": ""}, **milestones}
    evaluation = make_evaluation(people, consortium=last.consortium, values=values)

    assert refused(evaluation, people.lead) == ["Far from last year's figure and not explained: Sales of new products."]
    save(
        evaluation, people.lead, values={"sales": {"value": "151", "target": "", "note": "新产品量产。"}, **milestones}
    )
    assert unexplained_jumps(evaluation) == []


def test_a_jump_of_what_the_records_say_wants_a_note_too(people: Personas) -> None:
    consortium = rich_consortium(people)
    make_evaluation(people, S.FINAL, consortium=consortium, cycle=make_cycle(people, 2025))
    note = {"value": "", "target": "", "note": "上年授权较少。"}
    told = dict.fromkeys(("standards", "products", "contracts", "platforms", "rd_growth"), note)
    evaluation = make_evaluation(people, consortium=consortium, values={"sales": {"value": "4500"}, **told})

    before = refused(evaluation, people.lead)
    save(evaluation, people.lead, values={**evaluation.values, "patents": note, "milestones": note})

    assert before == [
        "Far from last year's figure and not explained: Weighted milestones completed, Invention patents granted."
    ]
    assert unexplained_jumps(evaluation) == []


# --- drawn for a check on the spot -------------------------------------------------------------
RULES = {"sampling": {"percent": "10", "jump_weight": 3}}


def test_the_seed_alone_says_what_is_drawn_and_a_jump_is_drawn_more_often() -> None:
    held = tickets(RULES, {f"m{n}": n == 0 for n in range(20)})
    draws = [drawn(RULES, held, str(seed)) for seed in range(2000)]
    share = [sum(f"m{n}" in found for found in draws) / 2000 for n in range(3)]

    assert draws[7] == drawn(RULES, held, "7")
    assert {len(found) for found in draws} == {2}
    assert (held["m0"], held["m1"]) == (3, 1)
    assert share[0] > 2 * max(share[1:])


def test_filing_draws_and_what_was_drawn_stays_drawn(people: Personas) -> None:
    evaluation = strict_evaluation(people)
    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)
    first = dict(evaluation.snapshot["checks"])
    return_self_report(evaluation=evaluation, actor=people.district_officer, note="样例", at=NOON)
    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)
    again = evaluation.snapshot["checks"]

    assert first["drawn"] == drawn(evaluation.cycle.rules.data, first["tickets"], first["seed"])
    assert len(first["drawn"]) == -(-len(first["tickets"]) // 10)
    assert again["drawn"][: len(first["drawn"])] == first["drawn"] == again["before"]
    assert again["seed"] != first["seed"]


def test_the_district_verifies_when_it_has_checked_what_was_drawn(people: Personas, sign_in: Any) -> None:
    evaluation = strict_evaluation(people)
    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)
    codes, client = drawn_codes(evaluation), sign_in(people.district_officer)
    page = reverse("reports:self-report-verify", args=[evaluation.pk])

    early = client.post(page, {"opinion": "样例", "checked": codes[1:]})
    late = client.post(page, {"opinion": "样例", "checked": codes})

    evaluation.refresh_from_db()
    assert (early.status_code, late.status_code, evaluation.status) == (200, 302, S.VERIFIED)
    assert early.context["form"].errors["checked"] == [UNCHECKED]
    assert early.context["form"]["opinion"].value() == "样例"
    assert trail(evaluation)[0].facts["checked"] == sorted(codes)


def test_rules_without_a_sample_draw_nothing(people: Personas) -> None:
    evaluation = make_evaluation(people, cycle=make_cycle(people, rules=rules_of_before()))
    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)

    verify_self_report(evaluation=evaluation, actor=people.district_officer, opinion="属实", at=NOON)

    assert (evaluation.snapshot["checks"]["drawn"], evaluation.status) == ([], S.VERIFIED)


@pytest.mark.usefixtures("english")
def test_a_jump_asks_for_words_at_its_field_and_is_shown_to_the_district(people: Personas, sign_in: Any) -> None:
    values = {"sales": {"value": "100", "target": "", "note": ""}}
    last = make_evaluation(people, S.FINAL, cycle=make_cycle(people, 2025), values=values)
    values = {"sales": {"value": "151", "target": "", "note": ""}}
    evaluation = make_evaluation(people, consortium=last.consortium, values=values)
    asked = english_page(sign_in(people.lead), "self-report-edit", evaluation)
    note = {"value": "", "target": "", "note": "样例：里程碑。"}
    told = {"sales": {"value": "151", "target": "", "note": "样例：量产。"}, "milestones": note}
    save(evaluation, people.lead, values=told)
    answered = english_page(sign_in(people.lead), "self-report-edit", evaluation)
    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)
    shown = english_page(sign_in(people.district_officer), "self-report-verify", evaluation)

    assert ("Explain the change" in asked, "Explain the change" in answered) == (True, False)
    assert all(text in shown for text in ("Far from last year", "100 → 151", "样例：量产。"))


def english_page(client: Any, name: str, evaluation: Evaluation) -> str:
    client.cookies["django_language"] = "en"
    text: str = client.get(reverse(f"reports:{name}", args=[evaluation.pk])).content.decode()
    return text


# --- which member confirmed it -----------------------------------------------------------------
def test_a_figure_names_the_members_that_confirmed_it_and_keeps_them(people: Personas) -> None:
    consortium = rich_consortium(people)
    evaluation = make_evaluation(people, consortium=consortium)
    parts = list(consortium.participations.filter(status__in=JOINED).select_related("organisation"))
    figures = YearFigures.objects.filter(organisation__in=[one.organisation_id for one in parts], year=2026)
    figures.update(stated_by=None)
    own, imported = figures.order_by("organisation__name")[:2]
    YearFigures.objects.filter(pk=own.pk).update(stated_by=people.lead, stated_at=NOON)
    YearFigures.objects.filter(pk=imported.pk).update(stated_by=people.lead, source=FigureSource.IMPORT)

    submit_self_report(evaluation=evaluation, actor=people.lead, at=NOON)
    consortium.participations.update(cash=0)
    rows = {row.code: row for part in self_report(evaluation) for row in part.metrics}

    assert {one.member for one in rows["members_kept"].members} == {one.organisation.name for one in parts}
    assert [one.member for one in rows["rd_growth"].members if one.on] == [own.organisation.name]
    assert len(rows["rd_growth"].members) == len(parts)
    assert rows["own_funds"].members
    assert rows["patents"].members == rows["sales"].members == ()


@pytest.mark.usefixtures("english")
def test_the_page_says_when_nobody_has_confirmed(people: Personas, sign_in: Any) -> None:
    evaluation = make_evaluation(people, consortium=rich_consortium(people))
    YearFigures.objects.update(stated_by=None)

    text = english_page(sign_in(people.lead), "self-report-edit", evaluation)

    assert "No member has confirmed it yet" in text
    assert "Confirmed by" in text


# --- the district ------------------------------------------------------------------------------
def test_the_district_verifies(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SUBMITTED)

    verify_self_report(evaluation=evaluation, actor=people.district_officer, opinion="属实", at=NOON)

    assert (evaluation.status, evaluation.verified_by, evaluation.verification) == (
        S.VERIFIED,
        people.district_officer,
        "属实",
    )


def test_the_district_returns_and_it_is_counted(people: Personas) -> None:
    evaluation = make_evaluation(people, S.SUBMITTED)

    return_self_report(evaluation=evaluation, actor=people.district_officer, note="补充审计报告", at=NOON)

    assert (evaluation.status, evaluation.return_note, evaluation.returned_count) == (S.RETURNED, "补充审计报告", 1)
    assert {notice.recipient for notice in Notification.objects.all()} == {people.lead}


@pytest.mark.parametrize("name", ["other_district_officer", "officer", "head", "lead", "rival"])
@pytest.mark.parametrize("service", [partial(verify_self_report, opinion="好"), partial(return_self_report, note="补")])
def test_only_the_own_district_checks(people: Personas, service: Any, name: str) -> None:
    with pytest.raises(PermissionDenied):
        service(evaluation=make_evaluation(people, S.SUBMITTED), actor=getattr(people, name), at=NOON)


# --- what the records say ----------------------------------------------------------------------
def test_the_records_of_a_rich_year(people: Personas) -> None:
    consortium = rich_consortium(people)

    facts = year_facts(consortium, make_cycle(people).window)

    assert {code: (reading.value, reading.target) for code, reading in facts.items()} == {
        "milestones": (Decimal("14.6500"), Decimal(17)),
        "patents": (Decimal(4), None),
        "standards": (Decimal(1), None),
        "products": (Decimal(2), None),
        "contracts": (Decimal(2), None),
        "members_kept": (Decimal(9), Decimal(9)),
        "own_funds": (None, Decimal(2400)),
        "rd_growth": (Decimal("9.00"), None),
        "platforms": (Decimal(2), None),
        "fund_paid": (Decimal(12_000), Decimal(20_000)),
    }


def test_whoever_left_in_the_year_counts_against_the_members_kept(people: Personas) -> None:
    consortium = rich_consortium(people)
    gone = make_participation(consortium, make_organisation(), people.lead, status=ParticipationStatus.LEFT)
    AuditEntry.objects.create(
        id=1, at=NOON, actor=people.lead, action="leave", subject_type="consortia.participation",
        subject_id=str(gone.pk), subject_label="样例", previous="0" * 64, hash="1" * 64,
    )  # fmt: skip

    kept = year_facts(consortium, make_cycle(people).window)["members_kept"]

    assert (kept.value, kept.target) == (Decimal(9), Decimal(10))


@pytest.mark.parametrize("code", ["milestones", "members_kept", "own_funds", "fund_paid"])
def test_a_target_that_the_records_know_is_not_the_leads_to_set(people: Personas, code: str) -> None:
    values = {code: {"value": "300", "target": "1", "note": ""}}
    evaluation = make_evaluation(people, consortium=rich_consortium(people), values=values)
    known = year_facts(evaluation.consortium, evaluation.cycle.window)[code].target
    assert known is not None

    figure = present_figures(evaluation)[code]

    assert (Decimal(figure["target"]), figure["target_from_records"]) == (known, True)


@pytest.mark.parametrize(
    ("before", "target", "by_lead", "lowered"),
    [("", "", False, False), ("", "5000", True, False), ("", "4999", True, True), ("6000", "5999", True, True)],
)
def test_a_target_of_the_lead_is_known_as_such(
    people: Personas, before: str, target: str, by_lead: bool, lowered: bool
) -> None:
    consortium = ready_consortium(people, status=ConsortiumStatus.OPERATING)
    if before:
        values = {"sales": {"value": "1", "target": before, "note": ""}}
        make_evaluation(people, S.FINAL, consortium=consortium, cycle=make_cycle(people, 2025), values=values)
    values = {"sales": {"value": "1", "target": target, "note": ""}}
    evaluation = make_evaluation(people, consortium=consortium, values=values)

    sales = next(row for part in self_report(evaluation) for row in part.metrics if row.code == "sales")

    assert (sales.target_by_lead, sales.target_lowered) == (by_lead, lowered)
    assert [row.code for row in targets_by_lead(evaluation)] == (["sales"] if by_lead else [])


def test_the_records_are_read_in_a_constant_number_of_queries(people: Personas, django_assert_num_queries: Any) -> None:
    evaluation = make_evaluation(people, consortium=rich_consortium(people))
    evaluation = Evaluation.objects.select_related("cycle__rules", "consortium").get(pk=evaluation.pk)

    with django_assert_num_queries(11):
        present_figures(evaluation)
