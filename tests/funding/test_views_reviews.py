"""The pages of the review: who sees what, when."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from funding.enums import ApplicationStatus, ReviewStatus
from funding.models import ApplicationFile, Review
from funding.rules import scoring
from funding.rules.defaults import DEFAULT_RULES as RULES
from portal.kernel import files
from tests.clock import NOON
from tests.factories.funding import freeze, make_application, make_review
from tests.personas import Personas

S = ApplicationStatus
R = ReviewStatus
SECRET = "攻克关键核心技术"  # stands in the objective
pytestmark = pytest.mark.usefixtures("english")


def address(name: Any, subject: Any, **kwargs: Any) -> Any:
    return reverse(f"funding:{name}", args=[subject.pk], **kwargs)


def in_english(client: Client) -> Any:
    """The same client, reading English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def review(people: Personas, status: Any = R.ASSIGNED, **facts: Any) -> Any:
    application = freeze(make_application(people, S.REVIEWING, **facts))
    return make_review(application, people.experts[0], people, status)


def sheet_data(share: Any = "0.8", **changes: Any) -> Any:
    scores = {
        f"score_{one.code}": str((one.maximum * Decimal(share)).quantize(Decimal("0.1")))
        for one in scoring.expert_indicators(RULES)
    }
    return {
        **scores,
        "opinion": "技术路线清晰，团队配置合理，产业化前景明确，同意支持。",
        "suggested_tier": "A",
        **changes,
    }


# --- before and after the declaration ------------------------------------------------------------
@pytest.mark.parametrize("page", ["review-detail", "review-accept", "review-recuse"])
def test_before_the_declaration_no_page_contains_the_content(people: Personas, sign_in: Any, page: Any) -> None:
    one = review(people)

    response = sign_in(people.expert).get(address(page, one))

    text = response.content.decode()
    assert response.status_code == 200
    assert one.application.consortium.name in text
    assert SECRET not in text
    for hidden in ("样例技术", "样机研制", "承担样机研制", one.application.snapshot_hash, "1,800,000", "180.00"):
        assert hidden not in text


@pytest.mark.parametrize("page", ["review-save-scores", "review-hand-in"])
@pytest.mark.parametrize(("status", "code"), [(R.ASSIGNED, 403), (R.RECUSED, 404)])
def test_without_the_declaration_the_sheet_is_closed(
    people: Personas, sign_in: Any, page: Any, status: Any, code: int
) -> None:
    one, client = review(people, status), sign_in(people.expert)

    answers = [client.get(address(page, one)), client.post(address(page, one), sheet_data())]

    assert [answer.status_code for answer in answers] == [code, code]
    assert SECRET not in "".join(answer.content.decode() for answer in answers)


def test_who_stepped_back_sees_nothing_any_more(people: Personas, sign_in: Any) -> None:
    one = review(people, R.RECUSED)

    assert SECRET not in sign_in(people.expert).get(address("review-detail", one)).content.decode()


@pytest.mark.parametrize("status", [R.ACCEPTED, R.SUBMITTED])
def test_after_the_declaration_the_proposal_is_open(people: Personas, sign_in: Any, status: Any) -> None:
    response = sign_in(people.expert).get(address("review-detail", review(people, status)))

    assert (response.status_code, SECRET in response.content.decode()) == (200, True)


def test_all_three_declarations_are_needed(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)
    ticks = {"no_conflict": "on", "confidentiality": "on", "integrity": "on"}

    for missing in ticks:
        answer = client.post(address("review-accept", one), {k: v for k, v in ticks.items() if k != missing})
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, [missing])
    assert client.post(address("review-accept", one), ticks).status_code == 302
    one.refresh_from_db()
    assert one.status == R.ACCEPTED


def test_stepping_back_needs_a_reason(people: Personas, sign_in: Any) -> None:
    one, client = review(people), sign_in(people.expert)

    assert list(client.post(address("review-recuse", one), {"conflict": " "}).context["form"].errors) == ["conflict"]
    assert client.post(address("review-recuse", one), {"conflict": "曾任该单位顾问。"}).status_code == 302
    one.refresh_from_db()
    assert (one.status, one.conflict) == (R.RECUSED, "曾任该单位顾问。")


# --- strangers -----------------------------------------------------------------------------------
PAGES = ["review-detail", "review-accept", "review-recuse", "review-save-scores", "review-hand-in"]


@pytest.mark.parametrize("page", PAGES)
def test_a_review_of_another_expert_does_not_exist(people: Personas, sign_in: Any, page: Any) -> None:
    one = review(people, R.ACCEPTED)

    assert sign_in(people.experts[1].user).get(address(page, one)).status_code == 404
    assert sign_in(people.lead).get(address(page, one)).status_code == 404
    assert sign_in(people.district_officer).get(address(page, one)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["officer", "acceptance", "leader", "supervisor"])
def test_officials_do_not_sit_at_an_expert_s_desk(people: Personas, sign_in: Any, page: Any, name: Any) -> None:
    assert sign_in(getattr(people, name)).get(address(page, review(people, R.ACCEPTED))).status_code == 403


def test_signed_out_means_sign_in(people: Personas, client: Client) -> None:
    response = client.get(address("review-detail", review(people)))

    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


# --- the list ------------------------------------------------------------------------------------
def test_the_list_shows_the_own_reviews_by_state(people: Personas, sign_in: Any) -> None:
    mine = review(people)
    done = make_review(make_application(people, S.REVIEWING), people.experts[0], people, R.SUBMITTED)
    make_review(mine.application, people.experts[1], people)
    client = sign_in(people.expert)

    todo = client.get(reverse("funding:review-list"))
    handed_in = client.get(reverse("funding:review-list"), {"tab": "done"})

    assert (list(todo.context["rows"]), list(handed_in.context["rows"])) == ([mine], [done])
    assert [count for _code, _label, count in todo.context["tabs"]] == [1, 1]
    assert SECRET not in todo.content.decode()
    assert '<a href="?tab=todo" aria-current="page">' in todo.text
    assert '<a href="?tab=done" aria-current="page">' in handed_in.text


def test_the_list_is_for_experts(people: Personas, sign_in: Any) -> None:
    assert sign_in(people.officer).get(reverse("funding:review-list")).status_code == 403


def test_the_list_costs_the_same_at_one_and_at_three_rows(
    people: Personas, sign_in: Any, django_assert_num_queries: Any
) -> None:
    client = sign_in(people.expert)
    client.get(reverse("funding:review-list"))
    for count in (1, 2):
        for _ in range(count):
            make_review(make_application(people, S.REVIEWING), people.experts[0], people)
        with django_assert_num_queries(8):
            client.get(reverse("funding:review-list"))


# --- scoring -------------------------------------------------------------------------------------
def test_a_draft_is_kept_and_shown_again(people: Personas, sign_in: Any) -> None:
    one, client = review(people, R.ACCEPTED), sign_in(people.expert)

    answer = client.post(
        address("review-save-scores", one), {"score_T1": "6.5", "comment_T1": "目标可测", "opinion": "初步"}
    )

    assert (answer.status_code, answer.url) == (302, one.get_absolute_url())
    form = client.get(one.get_absolute_url()).context["form"]
    assert (form["score_T1"].value(), form["comment_T1"].value(), form["opinion"].value()) == (
        Decimal("6.5"),
        "目标可测",
        "初步",
    )


def test_the_running_total_is_counted_by_the_server(people: Personas, sign_in: Any) -> None:
    one, client = review(people, R.ACCEPTED), sign_in(people.expert)
    before = client.get(one.get_absolute_url()).context["running"]

    client.post(address("review-save-scores", one), {"score_T1": "6.5", "score_T2": "1"})

    assert client.get(one.get_absolute_url()).context["running"] == before + Decimal("7.5")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("8.1", "8.1"), ("-1", "-1"), ("viel", "viel"), ("1.25", "1.25"), ("NaN", "NaN"), ("1e9", "1e9")],
)
def test_a_wrong_score_is_refused_beside_its_field_and_nothing_is_lost(
    people: Personas, sign_in: Any, typed: Any, kept: Any
) -> None:
    one, client = review(people, R.ACCEPTED), sign_in(people.expert)

    answer = client.post(
        address("review-save-scores", one), {"score_T1": typed, "comment_T1": "评语", "opinion": "意见"}
    )

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (200, ["score_T1"])
    assert (form["score_T1"].value(), form["comment_T1"].value(), form["opinion"].value()) == (kept, "评语", "意见")


def test_handing_in_asks_for_everything_beside_the_fields(people: Personas, sign_in: Any) -> None:
    one, client = review(people, R.ACCEPTED), sign_in(people.expert)

    form = client.post(address("review-hand-in", one), {"score_T1": "5", "opinion": "好"}).context["form"]

    missing = {f"score_{one.code}" for one in scoring.expert_indicators(RULES)} - {"score_T1"}
    assert set(form.errors) == missing | {"opinion", "suggested_tier"}


def test_a_complete_sheet_is_handed_in_and_then_only_read(people: Personas, sign_in: Any) -> None:
    one, client = review(people, R.ACCEPTED), sign_in(people.expert)

    assert client.post(address("review-hand-in", one), sheet_data()).status_code == 302

    one.refresh_from_db()
    page = client.get(one.get_absolute_url())
    assert one.status == R.SUBMITTED
    assert all(field.field.disabled for field in page.context["form"])
    assert address("review-hand-in", one) not in page.content.decode()


def test_the_second_hand_in_is_refused_in_words(people: Personas, sign_in: Any) -> None:
    one, client = review(people, R.ACCEPTED), sign_in(people.expert)
    client.post(address("review-hand-in", one), sheet_data())
    total = Review.objects.get().total

    answer = client.post(address("review-hand-in", one), sheet_data("0.1"))

    assert (answer.status_code, len(answer.context["form"].non_field_errors())) == (409, 1)
    assert Review.objects.get().total == total


def test_automatic_scores_stand_there_with_evidence_and_no_field(people: Personas, sign_in: Any) -> None:
    page = in_english(sign_in(people.expert)).get(review(people, R.ACCEPTED).get_absolute_url())

    text = page.content.decode()
    assert "The agreement settles 15 of 15 clauses." in text
    assert re.findall(r'name="score_(\w+)"', text) == [one.code for one in scoring.expert_indicators(RULES)]


def test_an_automatic_score_sent_along_changes_nothing(people: Personas, sign_in: Any) -> None:
    one, client = review(people, R.ACCEPTED), sign_in(people.expert)

    client.post(address("review-hand-in", one), sheet_data(score_L1="6"))

    assert one.scores.get(indicator="L1").score == Decimal(4)


def test_nothing_of_another_expert_is_on_the_sheet(people: Personas, sign_in: Any) -> None:
    one = review(people, R.ACCEPTED)
    make_review(
        one.application, people.experts[1], people, R.SUBMITTED, total=Decimal("91.25"), opinion="他人的评审意见在此"
    )

    text = sign_in(people.expert).get(one.get_absolute_url()).content.decode()

    assert ("91.25" in text, "他人的评审意见" in text, "专家甲02" in text) == (False, False, False)


# --- files ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "code"), [(R.ASSIGNED, 403), (R.RECUSED, 404), (R.ACCEPTED, 200), (R.SUBMITTED, 200)]
)
def test_files_open_with_the_declaration(people: Personas, sign_in: Any, status: Any, code: Any) -> None:
    one = review(people, status)
    kept = files.store_bytes(b"%PDF-1.7 sample", name="a.pdf", mime="application/pdf", kind="application", at=NOON)
    file = ApplicationFile.objects.create(application=one.application, attachment=kept, label="审计报告")

    answer = sign_in(people.expert).get(reverse("funding:review-file", args=[one.pk, file.pk]))
    answer.close()

    assert answer.status_code == code


def test_a_file_of_another_application_is_not_found(people: Personas, sign_in: Any) -> None:
    one = review(people, R.ACCEPTED)
    kept = files.store_bytes(b"%PDF-1.7 sample", name="a.pdf", mime="application/pdf", kind="application", at=NOON)
    other = ApplicationFile.objects.create(application=make_application(people), attachment=kept, label="他人")

    assert sign_in(people.expert).get(reverse("funding:review-file", args=[one.pk, other.pk])).status_code == 404


# --- assigning -----------------------------------------------------------------------------------
def test_the_desk_chooses_experts_by_name(people: Personas, sign_in: Any) -> None:
    application, chosen = make_application(people, S.CHECKED), [str(expert.pk) for expert in people.experts]

    sign_in(people.acceptance).post(address("application-assign", application), {"experts": chosen, "note": "样例理由"})

    assert {str(pk) for pk in application.reviews.values_list("expert", flat=True)} == set(chosen)


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"note": "样例"}, ["experts"]),
        ({"note": "样例", "experts": ["nobody"]}, ["experts"]),
        ({}, ["experts", "note"]),
    ],
)
def test_bad_choices_are_refused_beside_their_field(people: Personas, sign_in: Any, data: Any, fields: Any) -> None:
    application, _experts = make_application(people, S.CHECKED), people.experts

    answer = sign_in(people.acceptance).post(address("application-assign", application), data)

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, fields)


def test_a_conflicted_expert_cannot_be_sent_along(people: Personas, sign_in: Any) -> None:
    application, conflicted = make_application(people, S.CHECKED), people.conflicted_expert
    chosen = [*(str(expert.pk) for expert in people.experts), str(conflicted.pk)]

    answer = sign_in(people.acceptance).post(
        address("application-assign", application), {"experts": chosen, "note": "样例理由"}
    )

    assert (list(answer.context["form"].errors), application.reviews.count()) == (["experts"], 0)


def test_the_page_says_why_an_expert_is_excluded(people: Personas, sign_in: Any) -> None:
    application, conflicted = make_application(people, S.CHECKED), people.conflicted_expert

    page = in_english(sign_in(people.acceptance)).get(address("application-assign", application))

    assert [one.expert for one in page.context["excluded"]] == [conflicted]
    assert "Belongs to the lead or a member of this consortium" in page.content.decode()


@pytest.mark.parametrize("page", ["application-assign", "application-add-expert"])
@pytest.mark.parametrize(("name", "code"), [
    ("acceptance", 200), ("officer", 403), ("leader", 403), ("supervisor", 403), ("district_officer", 403),
    ("lead", 403), ("rival", 404), ("expert", 404), ("other_district_officer", 404),
])  # fmt: skip
def test_who_may_open_the_page_of_experts(people: Personas, sign_in: Any, page: Any, name: Any, code: Any) -> None:
    application = make_application(people, S.CHECKED)

    assert sign_in(getattr(people, name)).get(address(page, application)).status_code == code


def test_experts_are_added_and_released(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.acceptance)
    one, newcomer = review(people), people.experts[1]

    client.post(address("application-add-expert", one.application), {"experts": [str(newcomer.pk)], "note": "样例理由"})
    answer = client.post(address("review-release", one), {"note": "多次联系未果。"})

    one.refresh_from_db()
    assert (answer.url, one.status) == (one.application.get_absolute_url(), R.RECUSED)
    assert one.application.reviews.filter(expert=newcomer).count() == 1


# --- what officials see ----------------------------------------------------------------------------
def test_scores_are_hidden_until_every_expert_has_handed_in(people: Personas, sign_in: Any) -> None:
    application = freeze(make_application(people, S.REVIEWING))
    for expert in people.experts[:2]:
        make_review(application, expert, people, R.SUBMITTED, total=Decimal("91.25"))
    last = make_review(application, people.experts[2], people, R.ACCEPTED)
    client = sign_in(people.officer)
    pages = [
        application.get_absolute_url(),
        address("application-reviews", application),
        address("application-grade", application),
    ]

    before = "".join(client.get(page).content.decode() for page in pages)
    Review.objects.filter(pk=last.pk).delete()
    make_review(application, people.experts[2], people, R.SUBMITTED, total=Decimal("91.25"))
    after = [client.get(page).content.decode() for page in pages]

    assert "91.25" not in before
    assert all("91.25" in page for page in after)
    assert all("专家甲" not in page for page in after)


@pytest.mark.parametrize(("name", "code"), [
    ("acceptance", 200), ("officer", 200), ("head", 200), ("leader", 200), ("supervisor", 200), ("finance", 403),
    ("district_officer", 403), ("lead", 403), ("expert", 404), ("rival", 404),
])  # fmt: skip
def test_who_may_compare_scores(people: Personas, sign_in: Any, name: Any, code: Any) -> None:
    application = make_application(people, S.REVIEWING)

    assert sign_in(getattr(people, name)).get(address("application-reviews", application)).status_code == code


def test_the_district_sees_no_review_on_the_application(people: Personas, sign_in: Any) -> None:
    one = review(people, R.SUBMITTED)

    text = sign_in(people.district_officer).get(one.application.get_absolute_url()).content.decode()

    assert ('id="reviews"' in text, "86.50" in text) == (False, False)
