"""Passages that applications share: cut, found, shown to the bureau alone, judged."""

import random
from collections.abc import Callable
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consortia.models import Consortium
from funding import tasks as tasks  # registers the handler
from funding.enums import Action, ApplicationStatus, SimilarityVerdict
from funding.models import Application, Call, Passage, SimilarityCheck, SimilarityFinding
from funding.rules.similarity import COMMON_FROM, TOLD_FROM
from funding.selectors.findings import pairs, state
from funding.services.applications import REST, submit_application, withdraw_application
from funding.services.similarity import compare_again, judge_similarity, order_comparison, store_passages
from members.models import User
from portal.kernel import audit, jobs
from portal.kernel.models import AuditEntry, Job, Notification
from portal.kernel.models.job import JobState
from portal.kernel.notifications import KINDS
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests import prose
from tests.bench import similarity
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium, ready_consortium, rival_consortium
from tests.factories.funding import freeze, make_application, make_call, make_finding, make_review
from tests.factories.members import make_expert, make_organisation
from tests.funding.steps import ALL, kinds, queries_of
from tests.personas import Personas
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db
S, HOUR = ApplicationStatus, DAY / 24


def written(
    people: Personas, consortium: Consortium, call: Call, seed: int, status: str = S.RECOMMENDED, **facts: Any
) -> Application:
    """A submitted application with texts of its own, or those given."""
    texts = {**prose.sections(random.Random(seed), 0.4), **facts.pop("texts", {})}
    return freeze(make_application(people, status, consortium=consortium, call=call, **texts, **facts))


def compared(application: Application) -> SimilarityCheck:
    """What the job finds; every comparison is made an hour after the one before."""
    at = NOON + SimilarityCheck.objects.count() * HOUR
    job = order_comparison(application=application, at=at)
    jobs.run(job.pk, at)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")
    return SimilarityCheck.objects.get(key=job.key)


@pytest.fixture
def call(people: Personas) -> Call:
    return make_call(people)


@pytest.fixture
def copy(people: Personas, call: Call) -> Callable[..., tuple[Application, Application, str]]:
    """Two applications, of which the second has taken a passage over; and the passage."""

    def make(change: Callable[[str], str] = str) -> tuple[Application, Application, str]:
        passage = prose.text(random.Random(99), 3)
        route = f"{prose.text(random.Random(1), 4)}\n{passage}\n{prose.text(random.Random(2), 3)}"
        foundation = f"{prose.text(random.Random(3), 2)}{change(passage)}{prose.text(random.Random(4), 2)}"
        first = written(people, ready_consortium(people), call, 10, texts={"route": route})
        second = written(people, rival_consortium(people), call, 20, texts={"foundation": foundation})
        compared(first)
        return first, second, passage

    return make


# --- finding -----------------------------------------------------------------------------------
def test_a_copied_passage_is_found_where_it_stands_in_both(
    people: Personas, copy: Callable[..., Any], english: None
) -> None:
    first, second, passage = copy()

    check = compared(second)

    finding = check.findings.get()
    (pair,) = pairs(finding)
    assert (finding.other, finding.own, check.compared) == (first, False, 1)
    assert (pair.title, pair.other_title) == ("Foundation of cooperation", "Technical route")
    assert all(piece.text in passage for piece in pair.pieces if piece.both)
    assert 0.9 * len(passage) < sum(len(piece.text) for piece in pair.pieces if piece.both) <= len(passage)
    assert (finding.shared, 0 < check.share < 1) == (check.shared, True)


def test_the_officers_are_told_once_when_much_of_it_stands_elsewhere(
    people: Personas, copy: Callable[..., Any]
) -> None:
    people.officer, people.head, people.signatory  # noqa: B018
    _first, second, _passage = copy()
    Notification.objects.all().delete()

    check = compared(second)
    compare_again(application=second, actor=people.officer, at=NOON + DAY)
    jobs.run(order_comparison(application=second, at=NOON + DAY).pk, NOON + DAY)

    assert check.share * 100 >= TOLD_FROM
    assert [kinds(one) for one in (people.officer, people.head, people.signatory)] == [
        ["funding.application_similar"], [], [],
    ]  # fmt: skip
    told = Notification.objects.filter(recipient=people.officer).get()
    assert (told.url, KINDS[told.kind].urgent) == (f"{second.get_absolute_url()}#similarity", False)


def test_below_the_threshold_of_the_rules_nobody_is_told(people: Personas, copy: Callable[..., Any]) -> None:
    people.officer  # noqa: B018
    _first, second, _passage = copy()
    rules = second.call.rules
    rules.data = {**rules.data, "similarity": {"told_from": 99}}
    rules.save()

    compared(second)

    assert kinds(people.officer) == []


def test_light_editing_does_not_hide_it(copy: Callable[..., Any]) -> None:
    first, second, passage = copy(lambda text: prose.edited(text, random.Random(5)))

    finding = compared(second).findings.get()

    assert finding.other == first
    assert finding.shared > 0.5 * len(passage)


def test_blanks_width_and_punctuation_do_not_hide_it(copy: Callable[..., Any]) -> None:
    first, second, _passage = copy(lambda text: text.replace("，", " , ").replace("1", "１").replace("\n", ""))

    assert compared(second).findings.get().other == first


def test_designed_sections_are_compared_without_what_they_ask(people: Personas, call: Call, sign_in: Any) -> None:
    help_text, answer = prose.text(random.Random(7), 4), prose.text(random.Random(8), 4)
    both = [
        written(people, consortium, call, seed)
        for seed, consortium in enumerate((ready_consortium(people), rival_consortium(people)))
    ]
    for one in both:
        question = {"question": {"code": "q", "help": help_text}, "value": answer}
        designed = [{"code": "s", "title": {"zh": "样例风险", "en": "Sample risks"}, "questions": [question]}]
        one.snapshot = {**one.snapshot, "designed": designed}
        one.snapshot_hash = audit.sha256(one.snapshot)
        one.save()
    compared(both[0])

    finding = compared(both[1]).findings.get()

    assert [one.section for one in finding.passages.all()] == ["designed.0.questions.0.value"]
    page = sign_in(people.officer).get(finding.get_absolute_url())
    assert [(pair.title, pair.other_title) for pair in page.context["pairs"]] == [("样例风险", "样例风险")]


def test_others_are_not_suspected(people: Personas, call: Call) -> None:
    for seed in range(3):
        compared(written(people, ready_consortium(people), call, seed))

    check = compared(written(people, rival_consortium(people), call, 9))

    assert (check.compared, check.shared, check.findings.count()) == (3, 0, 0)


def test_what_the_same_consortium_wrote_before_is_its_own(people: Personas, call: Call) -> None:
    consortium = ready_consortium(people)
    last_year = written(people, consortium, make_call(people, year=2025), 1)
    compared(last_year)

    check = compared(written(people, consortium, call, 1))

    finding = check.findings.get()
    assert (finding.other, finding.own, check.shared) == (last_year, True, 0)
    assert finding.share > 0.9


def test_what_very_many_wrote_is_left_out(people: Personas, call: Call) -> None:
    phrase = prose.text(random.Random(7), 4)
    for seed in range(COMMON_FROM):
        other = make_consortium(people, lead=make_organisation())
        one = written(people, other, call, seed, texts={"elements": phrase})
        if seed == COMMON_FROM - 1:
            assert compared(one).findings.count() == COMMON_FROM - 1
        compared(one)

    check = compared(written(people, rival_consortium(people), call, 50, texts={"elements": phrase}))

    assert (check.compared, check.shared, check.findings.count()) == (COMMON_FROM, 0, 0)


def test_how_many_is_a_rule_of_the_call(people: Personas, call: Call) -> None:
    call.rules.data = {**call.rules.data, "similarity": {"common_from": 1}}
    call.rules.save()
    phrase = {"elements": prose.text(random.Random(7), 4)}
    compared(written(people, ready_consortium(people), call, 1, texts=phrase))

    assert compared(written(people, rival_consortium(people), call, 2, texts=phrase)).findings.count() == 0


def test_quoting_the_guideline_is_no_copy(people: Personas) -> None:
    phrase = prose.text(random.Random(7), 4)
    call = make_call(people, guidelines=f"申报须知。\n{phrase}")
    compared(written(people, ready_consortium(people), call, 1, texts={"elements": phrase}))

    assert compared(written(people, rival_consortium(people), call, 2, texts={"elements": phrase})).shared == 0


def test_exactly_what_was_planted_is_found_among_hundreds() -> None:
    figures = {name: value for name, value, _unit in similarity.run(others=200, compared=1, planted=6)}

    counted = ("missed", "suspected_wrongly", "found", "planted", "compared_with")
    assert {name: figures[name] for name in counted} == dict(zip(counted, (0, 0, 6, 6, 200), strict=True))
    assert figures["passages"] > 200 * 30


def test_a_rehearsal_never_meets_what_counts(people: Personas, call: Call) -> None:
    phrase = {"elements": prose.text(random.Random(7), 4)}
    rehearsals = [make_call(people, rehearsal=True, round=10_000 + n, batch=10_000 + n) for n in range(2)]
    compared(written(people, ready_consortium(people), rehearsals[0], 1, texts=phrase))

    live = compared(written(people, rival_consortium(people), call, 2, texts=phrase))
    rehearsed = compared(written(people, rival_consortium(people), rehearsals[1], 3, texts=phrase))

    assert (live.compared, live.findings.count()) == (0, 0)
    assert (rehearsed.compared, rehearsed.findings.count()) == (1, 1)


# --- the job -----------------------------------------------------------------------------------
def test_a_submission_asks_for_it_and_a_second_run_changes_nothing(people: Personas, call: Call) -> None:
    application = make_application(people, call=call, **prose.sections(random.Random(1), 0.3))
    submit_application(application=application, actor=people.signatory, at=NOON, declarations=ALL)
    application.refresh_from_db()
    job = Job.objects.get(kind="funding.compare_application")

    jobs.run(job.pk, NOON)
    assert not Passage.objects.exists(), "the minutes before a close belong to those who submit"
    jobs.run(job.pk, NOON + REST)
    before = list(Passage.objects.values_list("pk", flat=True))
    jobs.run(job.pk, NOON + DAY)

    assert job.params == {"application": str(application.pk), "snapshot": application.snapshot_hash}
    assert (SimilarityCheck.objects.count(), list(Passage.objects.values_list("pk", flat=True))) == (1, before)
    assert {one.method for one in Passage.objects.all()} == {1}
    assert before


def test_a_newer_submission_takes_the_place_of_the_older(people: Personas, call: Call) -> None:
    application = written(people, ready_consortium(people), call, 1)
    late = order_comparison(application=application, at=NOON)
    application.objective = prose.text(random.Random(77), 4)
    freeze(application)

    jobs.run(late.pk, NOON)
    assert (Passage.objects.count(), SimilarityCheck.objects.count()) == (0, 0)
    compared(application)

    assert Passage.objects.filter(section="application.objective").first().text in application.objective  # type: ignore[union-attr]


def test_what_is_withdrawn_is_not_compared_any_more(people: Personas, copy: Callable[..., Any]) -> None:
    first, second, _passage = copy()
    withdraw_application(application=first, actor=people.signatory, at=NOON, note="样例撤回。")

    assert compared(second).findings.count() == 0
    store_passages(application=first, snapshot_hash=first.snapshot_hash)
    assert first.passages.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_compared_at_once_one_finds_the_other(people: Personas) -> None:
    call, texts = make_call(people), {"elements": prose.text(random.Random(7), 4)}
    both = [
        written(people, consortium, call, seed, texts=texts)
        for seed, consortium in enumerate((ready_consortium(people), rival_consortium(people)))
    ]
    waiting = [order_comparison(application=one, at=NOON) for one in both]

    at_once(*(lambda job=job: jobs.run(job.pk, NOON) for job in waiting))

    assert SimilarityCheck.objects.count() == 2
    assert SimilarityFinding.objects.count() >= 1
    assert all(len(state(one, people.officer).lines) == 1 for one in both)


def test_one_compares_again_when_others_have_come(people: Personas, copy: Callable[..., Any]) -> None:
    first, second, _passage = copy()
    store_passages(application=second, snapshot_hash=second.snapshot_hash)

    job = compare_again(application=first, actor=people.officer, at=NOON)
    with pytest.raises(TransitionRefused):
        compare_again(application=first, actor=people.officer, at=NOON)
    jobs.run(job.pk, NOON + DAY)

    assert [check.findings.count() for check in first.similarity_checks.all()] == [1, 0]
    assert [entry.action for entry in audit.trail(first)] == [Action.CHECK_SIMILARITY]


def test_a_failed_comparison_is_tried_again(people: Personas, copy: Callable[..., Any]) -> None:
    first, _second, _passage = copy()
    job = order_comparison(application=first, at=NOON)
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="样例", finished_at=NOON)

    assert compare_again(application=first, actor=people.officer, at=NOON) == job
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


@pytest.mark.parametrize("who", ["leader", "district_officer", "lead", "expert"])
def test_not_everybody_compares_again(people: Personas, copy: Callable[..., Any], who: str) -> None:
    first, _second, _passage = copy()
    with pytest.raises(PermissionDenied):
        compare_again(application=first, actor=getattr(people, who), at=NOON)


def test_a_draft_is_not_compared(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        compare_again(application=make_application(people), actor=people.officer, at=NOON)


def test_of_a_deleted_rehearsal_nothing_is_compared(people: Personas, call: Call) -> None:
    application = written(people, ready_consortium(people), call, 1)
    job = order_comparison(application=application, at=NOON)
    application.delete()

    jobs.run(job.pk, NOON)

    job.refresh_from_db()
    assert (job.state, Passage.objects.count()) == (JobState.DONE, 0)


def test_old_submissions_are_compared_by_the_command(people: Personas, call: Call) -> None:
    phrase = {"elements": prose.text(random.Random(7), 4)}
    old = [
        written(people, ready_consortium(people), call, 1, texts=phrase),
        written(people, rival_consortium(people), call, 2, texts=phrase),
    ]
    written(people, make_consortium(people, lead=make_organisation()), call, 3, S.WITHDRAWN)
    written(people, make_consortium(people, lead=make_organisation()), call, 4, S.DRAFT)

    call_command("compare_applications", stdout=StringIO())
    for job in Job.objects.filter(kind="funding.compare_application"):
        jobs.run(job.pk, timezone.now())
    out = StringIO()
    call_command("compare_applications", stdout=out)

    assert {check.application: check.findings.count() for check in SimilarityCheck.objects.all()} == dict.fromkeys(
        old, 1
    )
    assert out.getvalue() == "0 applications are being compared\n"


BREACHES: dict[str, Callable[[Application, Application], Any]] = {
    "passage_once": lambda one, other: [_passage(one) for _ in range(2)],
    "passage_ends_after_it_starts": lambda one, other: _passage(one, end=0),
    "shared_is_a_part_of_the_whole": lambda one, other: SimilarityCheck.objects.filter(
        pk=make_finding(one, other).comparison_id
    ).update(shared=901),
    "one_finding_a_pair": lambda one, other: SimilarityFinding.objects.create(
        comparison=make_finding(one, other).comparison, other=other, shared=1
    ),
    "finding_shares_something": lambda one, other: _changed(make_finding(one, other), shared=0),
    "judged_means_by_whom_and_why": lambda one, other: _changed(make_finding(one, other), verdict="TO_CLARIFY"),
    "likeness_is_a_share": lambda one, other: make_finding(one, other).passages.update(likeness=2),
    "shared_passage_once": lambda one, other: _twice(make_finding(one, other)),
}


def _passage(one: Application, **facts: Any) -> Passage:
    whole = {"method": 1, "section": "a", "ordinal": 0, "start": 0, "end": 2, "text": "样例", "bands": [1], **facts}
    return Passage.objects.create(application=one, **whole)


def _changed(finding: SimilarityFinding, **facts: Any) -> int:
    return SimilarityFinding.objects.filter(pk=finding.pk).update(**facts)


def _twice(finding: SimilarityFinding) -> None:
    row = finding.passages.get()
    row.pk, row._state.adding = uuid4(), True
    row.save()


@pytest.mark.parametrize("name", BREACHES)
def test_constraints_hold_against_everybody(people: Personas, call: Call, name: str) -> None:
    one = make_application(people, S.RECOMMENDED, call=call)
    other = make_application(people, S.RECOMMENDED, call=call, consortium=rival_consortium(people))

    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        BREACHES[name](one, other)

    assert breach.value.__cause__.diag.constraint_name == name


# --- judging -----------------------------------------------------------------------------------
def judge(finding: SimilarityFinding, actor: User, **facts: Any) -> SimilarityFinding:
    return judge_similarity(
        finding=finding, actor=actor, at=NOON, verdict=facts.pop("verdict", SimilarityVerdict.TO_CLARIFY),
        reason=facts.pop("reason", "样例理由：请说明来源。"), **facts,
    )  # fmt: skip


@pytest.fixture
def finding(copy: Callable[..., Any]) -> SimilarityFinding:
    return compared(copy()[1]).findings.get()


def test_an_official_judges_with_a_reason(people: Personas, finding: SimilarityFinding) -> None:
    judge(finding, people.officer)
    judge(finding, people.acceptance, verdict=SimilarityVerdict.UNOBJECTIONABLE, reason="样例：共同课题的表述。")

    finding.refresh_from_db()
    last, first = audit.trail(finding)
    assert (finding.verdict, finding.judged_by, finding.judged_at) == ("UNOBJECTIONABLE", people.acceptance, NOON)
    assert (first.action, first.note) == ("judge_similarity", "样例理由：请说明来源。")
    assert last.facts["before"] == {"verdict": "TO_CLARIFY", "reason": "样例理由：请说明来源。"}


def test_a_judgement_needs_its_reason(people: Personas, finding: SimilarityFinding) -> None:
    for facts in ({"reason": "  "}, {"verdict": "FINE"}):
        with pytest.raises(TransitionRefused):
            judge(finding, people.officer, **facts)


def test_whoever_did_not_see_the_other_judgement_is_told(people: Personas, finding: SimilarityFinding) -> None:
    seen = seen_of(finding, ("verdict", "reason"))
    judge(finding, people.officer, seen=seen)
    with pytest.raises(Stale):
        judge(finding, people.acceptance, seen=seen)


@pytest.mark.django_db(transaction=True)
def test_two_judge_at_once(people: Personas, finding: SimilarityFinding) -> None:
    seen, who = seen_of(finding, ("verdict", "reason")), (people.officer, people.acceptance)

    results = at_once(*(lambda one=one: judge(finding, one, seen=seen) for one in who))

    assert (refusals(results), AuditEntry.objects.filter(action="judge_similarity").count()) == (1, 1)


@pytest.mark.parametrize("who", ["leader", "finance", "district_officer", "lead", "expert"])
def test_not_everybody_judges(people: Personas, finding: SimilarityFinding, who: str) -> None:
    with pytest.raises(PermissionDenied):
        judge(finding, getattr(people, who))


def test_who_reviewed_one_of_the_two_does_not_judge(people: Personas, finding: SimilarityFinding) -> None:
    expert = make_expert("second-hat", "样例双职")
    expert.user = people.officer
    expert.save()
    make_review(finding.other, expert, people)
    with pytest.raises(PermissionDenied):
        judge(finding, people.officer)


# --- pages -------------------------------------------------------------------------------------
def addresses(finding: SimilarityFinding) -> list[str]:
    return [
        reverse("funding:similarity-detail", args=[finding.application.pk]),
        finding.get_absolute_url(),
        reverse("funding:similarity-judge", args=[finding.pk]),
        reverse("funding:similarity-check", args=[finding.application.pk]),
    ]


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("officer", [200, 200, 200, 200]), ("acceptance", [200, 200, 200, 200]), ("leader", [200, 200, 403, 403]),
        ("supervisor", [200, 200, 403, 403]), ("finance", [403, 403, 403, 403]),
        ("district_officer", [403, 404, 404, 403]), ("rival", [403, 404, 404, 403]), ("lead", [404, 404, 404, 404]),
        ("expert", [404, 404, 404, 404]),
    ],
)  # fmt: skip
def test_the_pages_are_for_the_bureau(
    people: Personas, finding: SimilarityFinding, sign_in: Any, who: str, answers: list[int]
) -> None:
    client = sign_in(getattr(people, who))
    assert [client.get(url).status_code for url in addresses(finding)] == answers


def test_nobody_else_finds_a_trace(people: Personas, finding: SimilarityFinding, sign_in: Any) -> None:
    judge(finding, people.officer)
    compare_again(application=finding.application, actor=people.officer, at=NOON)
    page = finding.application.get_absolute_url()

    shown = {
        who: sign_in(getattr(people, who)).get(page).content.decode()
        for who in ("officer", "district_officer", "rival")
    }

    assert {who: "similarity" in text for who, text in shown.items()} == {
        "officer": True, "district_officer": False, "rival": False,
    }  # fmt: skip
    assert all("样例理由" not in text for text in shown.values())
    assert "再次比对" not in shown["district_officer"]


def test_the_page_names_the_others_from_both_sides(people: Personas, finding: SimilarityFinding, sign_in: Any) -> None:
    client = sign_in(people.officer)

    mine = client.get(reverse("funding:similarity-detail", args=[finding.application.pk]))
    theirs = client.get(reverse("funding:similarity-detail", args=[finding.other.pk]))

    assert [(line.other, line.later) for line in mine.context["similarity"].lines] == [(finding.other, False)]
    assert [(line.other, line.later) for line in theirs.context["similarity"].lines] == [(finding.application, True)]


def test_the_shared_text_is_marked_on_both_sides(people: Personas, finding: SimilarityFinding, sign_in: Any) -> None:
    content = sign_in(people.officer).get(finding.get_absolute_url()).content.decode()

    assert content.count("<mark>") == sum(2 * len(one.runs) for one in finding.passages.all())


def test_the_judgement_is_given_on_its_page(people: Personas, finding: SimilarityFinding, sign_in: Any) -> None:
    client, url = sign_in(people.officer), reverse("funding:similarity-judge", args=[finding.pk])

    empty = client.post(url, {"verdict": "TO_CLARIFY", "reason": "", "seen": ""})
    done = client.post(url, {"verdict": "TO_CLARIFY", "reason": "样例理由。", "seen": ""})

    finding.refresh_from_db()
    assert (empty.status_code, list(empty.context["form"].errors)) == (200, ["reason"])
    assert (done.status_code, done.url, finding.reason) == (302, finding.get_absolute_url(), "样例理由。")


def test_another_comparison_shows_what_was_judged_before(
    people: Personas, finding: SimilarityFinding, sign_in: Any
) -> None:
    judge(finding, people.officer)
    compared(finding.application)
    newest = finding.application.similarity_checks.first().findings.get()

    page = sign_in(people.officer).get(newest.get_absolute_url())

    assert (newest.verdict, page.context["earlier"]) == ("", finding)


def test_the_button_compares_again(people: Personas, finding: SimilarityFinding, sign_in: Any) -> None:
    client: Client = sign_in(people.officer)
    url = reverse("funding:similarity-check", args=[finding.application.pk])

    first, second = client.post(url), client.post(url)

    assert (first.status_code, second.status_code) == (302, 409)
    assert client.get(first.url).context["similarity"].is_waiting


def test_the_page_costs_the_same_for_many_others(people: Personas, call: Call, sign_in: Any) -> None:
    client, counts = sign_in(people.officer), []
    phrase = {"elements": prose.text(random.Random(7), 4)}
    one = written(people, rival_consortium(people), call, 1, texts=phrase)
    url = reverse("funding:similarity-detail", args=[one.pk])
    client.get(url)
    for seed in range(3):
        other = written(people, make_consortium(people, lead=make_organisation()), call, seed + 5, texts=phrase)
        compared(other)
        compared(one)
        if seed != 1:
            counts.append(len(queries_of(client, url)))
    assert one.similarity_checks.first().findings.count() == 3
    assert counts[0] == counts[1]
