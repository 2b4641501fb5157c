"""The public edition of a report: what comes out and what never does, who publishes it, who reads it."""

import io
import re
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader

from consortia.enums import ConsortiumStatus
from consortia.models import KeyTechnology
from consortia.rules.work import Openness
from portal.kernel import jobs
from portal.kernel.audit import canonical
from portal.kernel.models import AuditEntry, Job, Notification
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, EvaluationStatus, Grade, PublicationStatus
from reports.models import Evaluation, Publication, PublicationDocument
from reports.selectors.published import editions_of, public_facts
from reports.selectors.snapshots import report_snapshot
from reports.services.notices import EDITION_WITHDRAWN, PUBLISHED
from reports.services.publications import publish_report, withdraw_report
from reports.tasks import public_html
from tests.clock import DAY, NOON
from tests.factories.consortia import ready_consortium
from tests.factories.reports import make_evaluation, make_report, rich_consortium, rich_evaluation
from tests.personas import Personas
from tests.races import at_once

WHY = "样例：成员单位名称有误，改正后重新发布。"


def final(people: Personas, **facts: Any) -> Evaluation:
    """A small final year with its report."""
    one = make_evaluation(
        people, EvaluationStatus.FINAL, consortium=ready_consortium(people, status=ConsortiumStatus.OPERATING), **facts
    )
    make_report(people, one, snapshot=report_snapshot(one))
    return one


def rich(people: Personas) -> Evaluation:
    """A year with everything in it; two of its five technologies are open."""
    consortium = rich_consortium(people)
    chosen = KeyTechnology.objects.filter(consortium=consortium).order_by("created_at")[:2].values("pk")
    KeyTechnology.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(openness=Openness.PUBLIC)
    one = rich_evaluation(people, consortium=consortium)
    make_report(people, one, snapshot=report_snapshot(one))
    return one


def publish(people: Personas, evaluation: Evaluation | None = None, **facts: Any) -> Publication:
    return publish_report(evaluation=evaluation or final(people), actor=people.head, at=facts.get("at", NOON))


def address(name: str, *args: Any) -> str:
    return reverse(f"reports:{name}", args=args)


def reader(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


# --- what comes out ----------------------------------------------------------------------------
STEERS = re.compile(  # what decides on the way: kept as it is, so that as much as possible comes out
    r"^(evaluation\.(status|grade)|filing\.window\[\]|filing\.facts\.(members\[\]\.status|technologies\[\]\.(id|openness)"
    r"|tasks\[\]\.technology\.id|tasks\[\]\.id|tasks\[\]\.milestones\[\]\.status|platforms\[\]\.(opened_on|kind)"
    r"|funds\[\]\.scale|outcomes\[\]\.(kind|date|counts|task\.id|details\.granted_on))"
    r"|rules\.data\.dimensions\[\]\.indicators\[\]\.metrics\[\]\.code)$"
)
COMES_OUT = {
    "evaluation.year", "evaluation.finalised_on",
    *(f"published.{name}" for name in ("number", "meeting_on", "from", "until")),
    *(f"filing.facts.consortium.{name}" for name in ("name", "code", "tier", "form", "mission")),
    *(f"filing.facts.consortium.build_{end}" for end in ("from", "to")),
    *(f"filing.facts.consortium.{part}.{name}" for part in ("sub_field", "district") for name in ("code", "zh", "en")),
    "filing.facts.lead.name",
    *(f"filing.facts.members[].organisation.{name}" for name in ("name", "type", "group")),
    "filing.facts.members[].layer", "filing.facts.members[].duties",
    *(f"filing.facts.technologies[].{name}" for name in ("name", "indicator", "owner.name")),
    *(f"filing.facts.tasks[].{name}" for name in ("number", "name", "start", "end", "lead.name")),
    *(f"filing.facts.outcomes[].{name}" for name in ("name", "identifier")),
    *(f"rules.data.dimensions[].indicators[].metrics[].{name}" for name in ("zh", "en", "unit_zh", "unit_en")),
    "filing.metrics.platforms.value", "filing.metrics.incubated.value", "filing.metrics.recognised.value",
    "filing.metrics.smes.value", "filing.metrics.new_specialised.value", "filing.metrics.sharing_hours.value",
    "filing.metrics.talent.value", "filing.metrics.seconded.value",
}  # fmt: skip


def planted(value: Any, path: str, found: dict[str, str], numbers: Iterator[int]) -> Any:
    """The same with a canary of its own for every text and number, and one more in every object."""
    if isinstance(value, dict):
        inside = {k: planted(v, f"{path}.{k}".lstrip("."), found, numbers) for k, v in value.items()}
        return {**inside, "canary": planted("", f"{path}.canary".lstrip("."), found, numbers)}
    if isinstance(value, list):
        return [planted(one, f"{path}[]", found, numbers) for one in value]
    if STEERS.match(path) or isinstance(value, bool) or value is None:
        return value
    canary = next(numbers)
    found[str(canary)] = path
    return canary if isinstance(value, int) else f"canary-{canary}"


def test_nothing_comes_out_but_what_is_on_the_list(people: Personas) -> None:
    snapshot = report_snapshot(rich(people))
    for row in snapshot["filing"]["facts"]["outcomes"]:
        row["details"]["granted_on"] = "2026-03-01"
    snapshot["evaluation"] |= {"bonus_note": "x", "deduction_note": "x", "grade_note": "x"}
    found: dict[str, str] = {}

    said = canonical(public_facts(planted(snapshot, "", found, count(700_000_000))))

    out = {found[digits] for digits in re.findall(r"7\d{8}", said)}
    assert len(found) > 1000
    assert out == COMES_OUT


def test_the_chief_scientist_has_a_masked_name(people: Personas) -> None:
    facts = public_facts(report_snapshot(rich(people)))
    assert facts["consortium"]["chief_scientist"] == "样**"


def test_what_is_not_open_is_counted_and_not_named(people: Personas) -> None:
    facts = public_facts(report_snapshot(rich(people)))

    assert [row["name"] for row in facts["technologies"]] == ["八英寸碳化硅衬底低缺陷生长", "高压沟槽型器件栅氧可靠性"]
    assert set(facts["technologies"][0]) == {"name", "indicator", "owner"}
    assert [row["number"] for row in facts["tasks"]] == [1, 2]
    assert facts["not_named"] == {"technologies": 3, "tasks": 2}
    assert (facts["platforms"], facts["funds"]) == (
        {"JOINT_LAB": 1, "PILOT_LINE": 1}, {"count": 1, "scale": "200000000.00"}
    )  # fmt: skip


def test_outcomes_of_closed_tasks_and_pending_patents_have_no_name(people: Personas) -> None:
    snapshot = report_snapshot(rich(people))
    facts = snapshot["filing"]["facts"]
    closed, pending, elsewhere, yields, *others = facts["outcomes"]
    closed["task"] = {"id": facts["tasks"][3]["id"], "number": 4}
    pending["details"].pop("granted_on", None)
    elsewhere["date"], yields["counts"] = "2025-12-31", False
    for row in (closed, *others):
        row["details"]["granted_on"] = "2026-03-01"

    found = public_facts(snapshot)

    assert [row["name"] for row in found["outcomes"]] == [row["name"] for row in others]
    assert found["outcomes_not_named"] == 2


@pytest.mark.parametrize(("status", "grade"), [("FINAL", Grade.UNQUALIFIED), ("PUBLICISED", Grade.GOOD), ("FINAL", "")])
def test_no_facts_of_a_year_that_is_not_to_be_published(people: Personas, status: str, grade: str) -> None:
    snapshot = report_snapshot(final(people))
    snapshot["evaluation"] |= {"status": status, "grade": grade}

    with pytest.raises(ValueError, match="not to be published"):
        public_facts(snapshot)


# --- who publishes -----------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["head", "leader"])
def test_head_or_leader_publishes(people: Personas, who: str) -> None:
    evaluation = final(people)
    people.lead  # noqa: B018

    one = publish_report(evaluation=evaluation, actor=getattr(people, who), at=NOON)

    assert (one.number, one.grade, one.status) == ("GK-2026-0001", evaluation.grade, PublicationStatus.PUBLISHED)
    assert [row.number for row in one.documents.all()] == ["GK-2026-0001", "GK-2026-0001-EN"]
    assert AuditEntry.objects.get(action=Action.PUBLISH_REPORT).subject_id == str(one.pk)
    assert people.lead.pk in Notification.objects.filter(kind=PUBLISHED).values_list("recipient", flat=True)
    assert one.snapshot["origin"] == {"number": one.report.number, "sha256": one.report.snapshot_hash}


@pytest.mark.parametrize("who", ["officer", "lead", "signatory", "finance", "district_officer", "supervisor", "rival"])
def test_others_do_not(people: Personas, who: str) -> None:
    with pytest.raises(PermissionDenied):
        publish_report(evaluation=final(people), actor=getattr(people, who), at=NOON)
    assert not Publication.objects.exists()


def test_the_second_click_gives_the_same(people: Personas) -> None:
    evaluation = final(people)

    first, second = publish(people, evaluation), publish(people, evaluation)

    assert first == second
    assert Job.objects.filter(kind="reports.render_publication").count() == 2
    assert AuditEntry.objects.filter(action=Action.PUBLISH_REPORT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_publish_one(people: Personas) -> None:
    evaluation = final(people)
    acts = [partial(publish_report, evaluation=evaluation, actor=who, at=NOON) for who in (people.head, people.leader)]

    done = at_once(*acts)

    assert done[0] == done[1] == Publication.objects.get()


@pytest.mark.parametrize("status", [EvaluationStatus.FEEDBACK, EvaluationStatus.PUBLICISED])
def test_no_year_on_its_way_is_published(people: Personas, status: str) -> None:
    one = make_evaluation(people, status)
    make_report(people, one)
    with pytest.raises(TransitionRefused, match="Only a final evaluation"):
        publish(people, one)


def test_no_unqualified_year_is_published(people: Personas) -> None:
    evaluation = final(people)
    Evaluation.objects.filter(pk=evaluation.pk).update(grade=Grade.UNQUALIFIED)
    with pytest.raises(TransitionRefused, match="unqualified year"):
        publish(people, evaluation)


def test_nothing_is_published_without_a_final_report(people: Personas) -> None:
    one = make_evaluation(people, EvaluationStatus.FINAL)
    make_report(people, one, is_final=False)
    with pytest.raises(TransitionRefused, match="has to be made first"):
        publish(people, one)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"grade": Grade.UNQUALIFIED}, "unqualified_is_not_published"),
        ({"status": PublicationStatus.WITHDRAWN}, "withdrawn_by_whom_and_why"),
        ({"withdrawal": WHY}, "withdrawn_by_whom_and_why"),
    ],
)
def test_the_database_knows_it(people: Personas, facts: dict[str, Any], name: str) -> None:
    one = publish(people)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Publication.objects.filter(pk=one.pk).update(**facts)


def test_one_edition_of_a_year_stands(people: Personas) -> None:
    one = publish(people)
    one.pk, one.number, one._state.adding = None, "GK-2026-0009", True
    with pytest.raises(IntegrityError, match="one_public_edition_stands"), transaction.atomic():
        one.save()


# --- pages of the bureau -----------------------------------------------------------------------
def test_a_head_sees_what_will_be_read_and_publishes_it(people: Personas, sign_in: Any) -> None:
    evaluation = rich(people)
    head = sign_in(people.head)
    page = address("report-publish", evaluation.pk)
    assert page in head.get(evaluation.get_absolute_url()).text

    shown = head.get(page).text
    assert "晶圆级缺陷在线检测" not in shown
    assert "高压沟槽型器件栅氧可靠性" in shown
    sent = head.post(page)

    one = Publication.objects.get()
    assert sent.headers["Location"] == one.get_absolute_url()
    card = head.get(evaluation.get_absolute_url()).text
    assert (page in card, address("report-withdraw", one.pk) in card) == (False, True)


def test_the_page_says_why_a_year_is_not_published(people: Personas, sign_in: Any) -> None:
    one = make_evaluation(people, EvaluationStatus.FINAL)
    head = sign_in(people.head)
    head.cookies["django_language"] = "en"

    assert "There is no final report yet." in head.get(address("report-publish", one.pk)).text
    assert head.post(address("report-publish", one.pk)).status_code == 409


def test_a_head_withdraws_it_with_a_reason(people: Personas, sign_in: Any) -> None:
    one = publish(people)
    head, page = sign_in(people.head), address("report-withdraw", one.pk)

    empty = head.post(page, {"note": " "})
    assert (empty.status_code, "note" in empty.context["form"].errors) == (200, True)
    head.post(page, {"note": WHY})
    again = head.post(page, {"note": WHY})

    one.refresh_from_db()
    assert (one.status, one.withdrawn_by, one.withdrawal) == (PublicationStatus.WITHDRAWN, people.head, WHY)
    assert again.status_code == 409
    assert people.lead.pk in Notification.objects.filter(kind=EDITION_WITHDRAWN).values_list("recipient", flat=True)
    assert AuditEntry.objects.get(action=Action.WITHDRAW_REPORT).note == WHY


def test_a_corrected_report_shows_beside_the_edition_that_it_outdates(people: Personas) -> None:
    one = publish(people)
    before = editions_of(one.evaluation, people.head)
    told = {**one.report.snapshot, "as_of": "2027-05-01"}
    newer = make_report(people, one.evaluation, created_at=one.report.created_at + DAY, snapshot=told)

    after = editions_of(one.evaluation, people.head)
    published_again = publish_report(evaluation=withdrawn(one, people).evaluation, actor=people.head, at=NOON)

    assert (before.newer, after.newer) == (None, newer)
    assert editions_of(one.evaluation, people.lead).newer is None
    assert (published_again.report, editions_of(one.evaluation, people.head).newer) == (newer, None)


def withdrawn(publication: Publication, people: Personas) -> Publication:
    return withdraw_report(publication=publication, actor=people.head, note=WHY, at=NOON)


@pytest.mark.parametrize("who", ["leader", "officer", "lead", "rival", "supervisor"])
def test_nobody_else_withdraws_it(people: Personas, sign_in: Any, who: str) -> None:
    one = publish(people)

    assert sign_in(getattr(people, who)).post(address("report-withdraw", one.pk), {"note": WHY}).status_code == 403
    assert Publication.objects.standing().get() == one


def test_after_a_withdrawal_it_can_be_published_anew(people: Personas) -> None:
    first = publish(people)
    withdraw_report(publication=first, actor=people.head, note=WHY, at=NOON)

    second = publish(people, first.evaluation)

    assert (first.number, second.number) == ("GK-2026-0001", "GK-2026-0002")


# --- pages for everybody -----------------------------------------------------------------------
def test_everybody_reads_it_in_both_languages(people: Personas, sign_in: Any) -> None:
    one = publish(people, rich(people))

    english, chinese = reader().get(one.get_absolute_url()), reader("zh-hans").get(one.get_absolute_url())

    assert (english.status_code, chinese.status_code) == (200, 200)
    assert "public edition" in english.text
    assert re.findall(r"<caption>(.*?)</caption>", english.text)[:3] == [
        "Members and their duties", "Open key technologies", "Research tasks on open technologies",
    ]  # fmt: skip
    assert english.text.count("<figure") == 4 - 1
    assert "公开版" in chinese.text
    for who in (people.lead, people.rival, people.officer):
        assert sign_in(who).get(one.get_absolute_url()).status_code == 200
    assert reader().get(address("published-report", "GK-2026-9999")).status_code == 404


def test_page_and_print_say_the_same(people: Personas) -> None:
    one = publish(people, rich(people))
    with override("en"):
        printed = public_html(one.documents.get(language="en"))
    page = reader().get(one.get_absolute_url()).text

    def cells(html: str) -> set[str]:
        return set(re.findall(r"<(?:td|caption)[^>]*>([^<]+)</", html))

    assert len(cells(printed)) > 50
    assert {cell for cell in cells(printed) if cell not in page} == {one.documents.get(language="en").number}


def test_a_page_costs_the_same_whatever_it_shows(people: Personas) -> None:
    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert reader().get(url).status_code == 200
        return len(captured)

    small = publish(people)
    listed = cost(address("published-list"))
    big = publish(people, rich(people))
    publish(people)

    assert cost(small.get_absolute_url()) == cost(big.get_absolute_url()) == 3
    assert cost(address("published-list")) == listed == 5


def test_the_list_is_narrowed_by_what_stands_in_the_editions(people: Personas) -> None:
    one, other = publish(people), publish(people, final(people, grade=Grade.GOOD))

    def found(**query: Any) -> list[Publication]:
        return list(reader().get(address("published-list"), query).context["rows"])

    profile = one.snapshot["consortium"]
    assert found() == [other, one] or found() == [one, other]
    assert found(grade="GOOD") == [other]
    assert found(q=one.number) == [one]
    assert found(year=one.evaluation.cycle_id, district=one.evaluation.consortium.district_id, q=profile["code"]) == [
        one
    ]
    assert found(sub_field="none") != []
    assert reader().get(address("published-list"), {"grade": "UNQUALIFIED", "year": "x"}).status_code == 200


def test_what_was_withdrawn_is_gone(people: Personas) -> None:
    one = publish(people)
    name = one.snapshot["consortium"]["name"]
    withdraw_report(publication=one, actor=people.head, note=WHY, at=NOON)

    page, file = reader().get(one.get_absolute_url()), reader().get(address("published-file", one.number, "en"))

    assert (page.status_code, file.status_code) == (410, 410)
    assert "This report was withdrawn" in page.text
    assert (name in page.text, WHY in page.text) == (False, False)
    assert name not in reader().get(address("published-list")).text
    assert name not in "".join(re.findall(r"Annual reports.*", reader().get(reverse("public-home")).text, re.DOTALL))


def test_the_first_page_leads_to_it(people: Personas) -> None:
    one = publish(people)
    page = reader().get(reverse("public-home")).text
    assert (one.get_absolute_url() in page, address("published-list") in page) == (True, True)


# --- the document ------------------------------------------------------------------------------
@pytest.mark.usefixtures("fonts")
def test_it_is_made_taken_and_verified(people: Personas) -> None:
    one = publish(people)
    document = one.documents.get(language="zh-hans")
    assert reader().get(document.get_absolute_url()).status_code == 404
    assert document.job
    jobs.run(document.job.pk, timezone.now())

    document.refresh_from_db()
    assert document.file
    taken = b"".join(reader().get(document.get_absolute_url()).streaming_content)
    pdf = PdfReader(io.BytesIO(taken))
    assert pdf.attachments["snapshot.json"][0].decode() == canonical(one.snapshot)
    assert b"/Sig" in taken
    page = reader().get(one.get_absolute_url()).text
    assert (document.file.sha256 in page, document.get_absolute_url() in page) == (True, True)

    verified = reader().get(address("report-verify", document.number)).text
    assert (document.file.sha256 in verified, one.get_absolute_url() in verified) == (True, True)
    found = reader().get(address("report-find"), {"sha256": document.file.sha256})
    assert found.headers["Location"] == address("report-verify", document.number)

    withdraw_report(publication=one, actor=people.head, note=WHY, at=NOON)
    verified = reader().get(address("report-verify", document.number)).text
    assert ("It is not public any more." in verified, one.get_absolute_url() in verified) == (True, False)


def test_what_failed_is_made_again_by_the_next_click(people: Personas) -> None:
    one = publish(people)
    document = PublicationDocument.objects.get(publication=one, language="en")
    assert document.job
    Job.objects.filter(pk=document.job.pk).update(state="FAILED", attempts=3, finished_at=NOON, error="x")

    publish(people, one.evaluation)

    document.job.refresh_from_db()
    assert document.job.state == "QUEUED"
