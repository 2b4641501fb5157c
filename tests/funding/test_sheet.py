"""The sheet of an expert: saved while one types, case after case, blind."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding.enums import Action, ApplicationStatus, ReviewStatus
from funding.models import ApplicationFile, Review, RuleSet, ScoreChange
from funding.rules import redaction, scoring
from funding.rules.anchors import LEVELS, SENTENCES
from funding.rules.defaults import DEFAULT_RULES as RULES
from funding.selectors.desks import desk
from funding.services.scores import Entry, ScoresChanged, Typing, save_scores
from portal.kernel import files
from portal.kernel.audit import trail
from tests.clock import DAY, NOON
from tests.factories.funding import freeze, make_application, make_call, make_review
from tests.funding.steps import queries_of
from tests.personas import Personas
from tests.races import at_once

S = ApplicationStatus
R = ReviewStatus
pytestmark = pytest.mark.usefixtures("english")


def review(people: Personas, status: str = R.ACCEPTED, **facts: Any) -> Review:
    application = freeze(make_application(people, S.REVIEWING, **facts))
    return make_review(application, people.experts[0], people, status)


def url(one: Review, name: str = "autosave") -> str:
    return reverse(f"funding:review-{name}", args=[one.pk])


def seen_of(client: Any, one: Review) -> dict[str, str]:
    """The hidden fields of the sheet as it is opened now."""
    form = client.get(one.get_absolute_url()).context["form"]
    return {name: form[name].value() or "" for name in form.fields if name.startswith("seen_")}


def send(client: Any, one: Review, page: str = "", **typed: str) -> Any:
    return client.post(url(one), {"version": "0", "page": page, **typed})


def cost(act: Any) -> int:
    """How many queries it takes; the session's own is left out, since it may come from the cache or not."""
    with CaptureQueriesContext(connection) as captured:
        assert act().status_code == 200
    return sum('"django_session"' not in query["sql"] for query in captured.captured_queries)


# --- saving while one types ----------------------------------------------------------------------
def test_what_was_typed_is_saved_part_by_part_with_versions(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)

    first = send(client, one, "p", score_T1="6.5", comment_T1="目标可测", **seen_of(client, one))
    second = send(client, one, "p", remark="请核对账目", opinion="初步", **seen_of(client, one))

    one.refresh_from_db()
    assert [answer.status_code for answer in (first, second)] == [200, 200]
    assert (one.scores.get().score, one.opinion, one.remark) == (Decimal("6.5"), "初步", "请核对账目")
    assert (one.version, {part: mark["version"] for part, mark in one.saved.items()}) == (
        2, {"T1": 1, "opinion": 2, "remark": 2},
    )  # fmt: skip
    assert second.json()["fields"].keys() == {"seen_opinion", "seen_remark"}
    assert (second.json()["version"], len(second.json()["at"])) == (2, len("10:32"))


def test_the_same_sheet_again_writes_nothing(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)
    send(client, one, "p", score_T1="6.5", **seen_of(client, one))

    send(client, one, "p", score_T1="6.5", **seen_of(client, one))

    one.refresh_from_db()
    assert (one.version, trail(one).filter(action=Action.SAVE_SCORES).count()) == (1, 1)


def test_two_pages_do_not_overwrite_each_other(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)
    seen = seen_of(client, one)
    send(client, one, "p1", score_T1="6", **seen)

    late = send(client, one, "p2", score_T1="3", **seen)
    elsewhere = send(client, one, "p2", score_T2="3", **seen)
    compared = send(client, one, "p2", score_T1="3", **{**seen, **late.json()["fields"]})

    assert [answer.status_code for answer in (late, elsewhere, compared)] == [409, 200, 200]
    assert "6.0" in late.json()["html"]
    assert {row.indicator: row.score for row in one.scores.all()} == {"T1": Decimal(3), "T2": Decimal(3)}


def test_a_page_that_missed_its_answer_has_no_quarrel_with_itself(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)
    seen = seen_of(client, one)
    send(client, one, "p1", score_T1="6", **seen)

    assert send(client, one, "p1", score_T1="7", **seen).status_code == 200
    assert one.scores.get().score == Decimal(7)


@pytest.mark.parametrize("typed", ["8.1", "-1", "viel", "1.25"])
def test_what_is_right_is_saved_beside_what_is_wrong(people: Personas, sign_in: Any, typed: str) -> None:
    one, client = review(people), sign_in(people.expert)

    answer = send(client, one, "p", score_T1=typed, score_T2="4", **seen_of(client, one))

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["score_T1"])
    assert list(one.scores.values_list("indicator", "score")) == [("T2", Decimal(4))]


def test_what_is_locked_is_not_saved(people: Personas, sign_in: Any) -> None:
    one = review(people, R.SUBMITTED)

    answer = send(sign_in(people.expert), one, "p", score_T1="1")

    assert (answer.status_code, list(answer.json())) == (409, ["detail"])
    assert one.scores.get(indicator="T1").score == Decimal("7.2")


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("supervisor", 403), ("lead", 404), ("rival", 404)])
def test_nobody_else_saves_or_looks(people: Personas, sign_in: Any, who: str, status: int) -> None:
    one, client = review(people), sign_in(getattr(people, who))

    assert [client.get(url(one)).status_code, send(client, one, score_T1="1").status_code] == [status, status]


def test_the_button_saves_without_a_script_and_goes_on(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)
    other = make_review(
        make_application(people, S.REVIEWING, call=one.application.call), people.experts[0], people, assigned_at=NOON
    )

    answer = client.post(url(one, "save-scores"), {"score_T1": "5", "onward": "1"})

    assert (answer.url, one.scores.get().score) == (other.get_absolute_url(), Decimal(5))


def test_the_hand_in_shows_what_another_page_saved(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)
    stale = seen_of(client, one)
    send(client, one, "p1", opinion="另一页写下的意见。", **stale)
    scores = {f"score_{i.code}": str(i.maximum) for i in scoring.expert_indicators(RULES)}

    answer = client.post(
        url(one, "hand-in"),
        {**scores, **stale, "opinion": "本页写下的意见，不少于二十个字，同意支持该项目。", "suggested_tier": "A"},
    )

    one.refresh_from_db()
    assert (answer.status_code, "另一页写下的意见。" in answer.content.decode(), one.status) == (409, True, R.ACCEPTED)


def test_every_change_of_a_score_is_on_record(people: Personas) -> None:
    one = review(people)
    for day, score in enumerate(("3", "3", "5")):
        save_scores(review=one, actor=people.expert, entries={"T1": Entry(Decimal(score))}, at=NOON + day * DAY)

    rows = ScoreChange.objects.values_list("indicator", "old", "new", "by", "at", "why")
    assert list(rows) == [
        ("T1", None, Decimal(3), people.expert.pk, NOON, ""),
        ("T1", Decimal(3), Decimal(5), people.expert.pk, NOON + 2 * DAY, ""),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_pages_at_once_keep_exactly_one() -> None:
    people = Personas()
    one, actor = review(people), people.expert

    def write(score: str, page: str) -> Any:
        entries = {"T1": Entry(Decimal(score))}
        return save_scores(review=one, actor=actor, entries=entries, at=NOON, typing=Typing({"T1": 0}, page))

    results = at_once(lambda: write("3", "p1"), lambda: write("5", "p2"))

    assert sorted(type(result).__name__ for result in results) == ["Review", "ScoresChanged"]
    assert ScoreChange.objects.count() == 1
    assert isinstance(next(one for one in results if not isinstance(one, Review)), ScoresChanged)


def test_a_save_costs_the_same_however_much_is_typed(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)
    seen = seen_of(client, one)
    more = {f"score_{code}": "1" for code in ("T1", "T2", "T3", "B1")}
    send(client, one, "p", score_B2="1", **seen)  # what a first save looks up once
    few = cost(lambda: send(client, one, "p", score_T1="5", **seen))

    assert cost(lambda: send(client, one, "p", **more, **seen)) == few


# --- case after case -----------------------------------------------------------------------------
def test_the_cases_of_a_call_stand_in_a_row(people: Personas) -> None:
    call = make_call(people)
    rows = [
        make_review(make_application(people, S.REVIEWING, call=call), people.experts[0], people, state,
                    assigned_at=NOON - n * DAY)
        for n, state in ((3, R.SUBMITTED), (2, R.ACCEPTED), (1, R.ASSIGNED), (0, R.RECUSED))
    ]  # fmt: skip
    make_review(make_application(people, S.REVIEWING), people.experts[0], people)
    make_review(rows[0].application, people.experts[1], people)

    found = desk(rows[1])

    assert [case.review.pk for case in found.cases] == [row.pk for row in rows[:3]]
    assert (found.here.number, found.done, found.previous, found.next) == (2, 1, rows[0], rows[2])
    assert (desk(rows[0]).previous, desk(rows[2]).next) == (None, None)


def test_the_sheet_costs_the_same_with_one_case_and_with_three(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)
    client.get(one.get_absolute_url())
    alone = queries_of(client, one.get_absolute_url())
    for _ in range(2):
        make_review(make_application(people, S.REVIEWING, call=one.application.call), people.experts[0], people)

    assert len(queries_of(client, one.get_absolute_url())) == len(alone)


# --- anchors -------------------------------------------------------------------------------------
def test_every_expert_indicator_says_what_a_score_means() -> None:
    assert {one.code for one in scoring.expert_indicators(RULES)} == set(SENTENCES)
    for one in scoring.expert_indicators(RULES):
        assert len(one.anchors) == len(LEVELS)
        assert (one.anchors[0].high, one.anchors[-1].low) == (one.maximum, Decimal(0))
        gaps = [above.low - below.high for above, below in zip(one.anchors, one.anchors[1:], strict=False)]
        assert gaps == [Decimal("0.1")] * (len(LEVELS) - 1)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "清单对准产业链真实短板"), ("en", "The list meets real gaps")]
)
def test_the_sheet_shows_them_in_the_reader_s_language(
    people: Personas, sign_in: Any, language: str, words: str
) -> None:
    text = sign_in(people.expert).get(review(people).get_absolute_url(), headers={"accept-language": language})

    assert words in text.content.decode()


def test_rules_of_earlier_calls_have_no_levels() -> None:
    old = {"dimensions": [{"code": "T", "zh": "", "en": "", "indicators": [
        {"code": "T1", "zh": "清单", "en": "List", "max": 8, "method": "expert"}]}]}  # fmt: skip

    assert scoring.indicators(old)[0].anchors == ()


# --- blind ---------------------------------------------------------------------------------------
SNAPSHOT = {
    "application": {"number": "2026-0001", "route": "由陈样例（13800000000，chen@sample.test，0512-66880000）负责。"},
    "consortium": {"name": "样例牵头企业联合体", "chief_scientist": "陈样例"},
    "lead": {"name": "样例牵头企业有限公司", "uscc": "91320500SAMPLE0001"},
    "members": [{"organisation": {"name": "样例大学", "uscc": "12320000SAMPLE0002"}, "duties": "样例大学承担研制"}],
    "files": [{"id": "1", "name": "陈样例简历.pdf", "label": "样例大学合作协议", "sha256": "13800000000"}],
    "submitted": {"by": "王样例", "at": "2026-12-01T10:00:00+08:00"},
}  # fmt: skip
NAMES, REACH = ("陈样例", "王样例"), ("13800000000", "chen@sample.test", "0512-66880000")
PLACES = ("样例牵头企业有限公司", "样例大学", "样例牵头企业联合体", "91320500SAMPLE0001")


@pytest.mark.parametrize(
    ("blind", "hidden", "shown"),
    [
        (None, NAMES + REACH, PLACES),
        (["people"], NAMES, PLACES + REACH),
        (["contacts"], REACH, NAMES + PLACES),
        (["people", "contacts", "organisations"], NAMES + REACH + PLACES, ()),
        ([], (), NAMES + REACH + PLACES),
    ],
)
def test_what_the_rules_keep_from_experts_is_blacked_out_everywhere(
    blind: Any, hidden: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    rules = {} if blind is None else {"blind": blind}
    read = {**redaction.redact(SNAPSHOT, rules)}
    kept = [{**row, "sha256": ""} for row in read.pop("files")]  # a hash is no telephone
    text = f"{read}{kept}"

    assert [one for one in hidden if one in text] == []
    assert [one for one in shown if one not in text] == []


def test_the_frozen_snapshot_is_not_touched() -> None:
    before = str(SNAPSHOT)
    redaction.redact(SNAPSHOT, {"blind": list(redaction.PARTS)})

    assert str(SNAPSHOT) == before


def test_numbers_of_organisations_stay_apart() -> None:
    read = redaction.redact(SNAPSHOT, {"blind": ["organisations"]})

    assert (read["lead"]["name"], read["members"][0]["organisation"]["name"]) == ("单位1", "单位2")
    assert read["members"][0]["duties"] == "单位2承担研制"


def test_the_sheet_and_its_files_are_blind(people: Personas, sign_in: Any) -> None:
    one = review(people)
    consortium = one.application.consortium
    consortium.chief_scientist = "陈样例"
    consortium.save()
    kept = files.store_bytes(b"%PDF-1.7 x", name="陈样例.pdf", mime="application/pdf", kind="application", at=NOON)
    file = ApplicationFile.objects.create(application=one.application, attachment=kept, label="陈样例的简历")
    freeze(one.application)
    client = sign_in(people.expert)

    page = client.get(one.get_absolute_url()).content.decode()
    answer = client.get(reverse("funding:review-file", args=[one.pk, file.pk]))
    answer.close()

    assert "陈样例" not in page
    assert ("%E9%99%88" in answer["Content-Disposition"], answer.status_code) == (False, 200)


def test_files_can_be_kept_from_experts(people: Personas, sign_in: Any) -> None:
    one = review(people)
    kept = files.store_bytes(b"%PDF-1.7 x", name="a.pdf", mime="application/pdf", kind="application", at=NOON)
    file = ApplicationFile.objects.create(application=one.application, attachment=kept, label="审计报告")
    freeze(one.application)
    rules = RuleSet.objects.get(pk=one.application.call.rules_id)
    RuleSet.objects.filter(pk=rules.pk).update(data={**rules.data, "blind": ["files"]})
    client = sign_in(people.expert)

    assert "审计报告" not in client.get(one.get_absolute_url()).content.decode()
    assert client.get(reverse("funding:review-file", args=[one.pk, file.pk])).status_code == 404


@pytest.mark.parametrize(
    "address", ["api:application-detail", "funding:application-print", "funding:application-detail"]
)
def test_there_is_no_way_round(people: Personas, sign_in: Any, address: str) -> None:
    one = review(people)

    assert sign_in(people.expert).get(reverse(address, args=[one.application_id])).status_code == 404


def test_a_remark_to_the_bureau_reaches_the_bureau_only(people: Personas, sign_in: Any) -> None:
    application = freeze(make_application(people, S.REVIEWING))
    for expert in people.experts:
        make_review(application, expert, people, R.SUBMITTED, remark="样例密语")
    page = reverse("funding:application-reviews", args=[application.pk])

    readers = {
        name: "样例密语" in sign_in(getattr(people, name)).get(page).content.decode()
        for name in ("officer", "head", "leader", "supervisor", "acceptance")
    }

    assert readers == {"officer": True, "head": True, "leader": False, "supervisor": True, "acceptance": False}
