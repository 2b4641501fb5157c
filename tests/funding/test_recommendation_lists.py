"""Quotas of the districts, and the lists of what they recommend."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from consortia.enums import Tier
from funding.enums import Action, ApplicationStatus, CallStatus
from funding.models import Application, Call, RecommendationEntry, RecommendationList
from funding.selectors.recommendations import facts_of, fingerprint, lines
from funding.services.calls import create_call, update_call
from funding.services.checks import request_correction
from funding.services.recommendation_lists import close_recommendations, order_recommendations
from funding.services.recommendations import decline_recommendation, recommend_application, return_application
from portal.kernel.audit import trail
from portal.kernel.models import ExportLog
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from reports.selectors.duties import lists_to_close
from tests.clock import DAY, NOON
from tests.factories.consortia import make_consortium
from tests.factories.funding import make_application, make_call
from tests.factories.members import make_district
from tests.funding.steps import kinds, open_call, queries_of
from tests.funding.test_calls import facts as call_facts
from tests.funding.test_calls import typed
from tests.personas import Personas
from tests.races import at_once, refusals

S = ApplicationStatus
OVER = NOON + 15 * DAY  # a call of the factory has closed
pytestmark = pytest.mark.django_db


def recommend(application: Application, people: Personas, **facts: Any) -> Application:
    return recommend_application(
        application=application, actor=people.district_officer, at=facts.pop("at", NOON), opinion="同意推荐。"
    )


def submitted(people: Personas, call: Call, **facts: Any) -> Application:
    """One more application in the call, of a consortium of its own."""
    consortium = make_consortium(people)
    return make_application(people, facts.pop("status", S.SUBMITTED), call=call, consortium=consortium, **facts)


def listing_of(people: Personas, number: int = 3, **facts: Any) -> RecommendationList:
    """A list of so many applications, in the order in which they were recommended."""
    call = facts.pop("call", None) or make_call(people, **facts)
    for _n in range(number):
        recommend(submitted(people, call), people)
    return RecommendationList.objects.get(call=call)


def order_of(listing: RecommendationList) -> list[Any]:
    return list(listing.entries.order_by("position").values_list("application", flat=True))


def close(listing: RecommendationList, people: Personas, **facts: Any) -> RecommendationList:
    return close_recommendations(listing=listing, actor=facts.pop("actor", people.district_officer), at=OVER)


def page(name: str, listing: RecommendationList) -> str:
    return reverse(f"funding:recommendations-{name}", args=[listing.pk])


# --- quotas ------------------------------------------------------------------------------------
def test_an_officer_limits_a_district_in_the_draft(people: Personas, sign_in: Any) -> None:
    make_district("320583"), make_district("320581")

    sign_in(people.officer).post(reverse("funding:call-create"), typed(quota_320583="2", quota_320581=""))

    assert Call.objects.get().quotas == {"320583": 2}


@pytest.mark.parametrize("value", ["-1", "1.5", "1000", "x"])
def test_a_quota_is_a_whole_number(people: Personas, sign_in: Any, value: str) -> None:
    make_district("320583")

    answer = sign_in(people.officer).post(reverse("funding:call-create"), typed(quota_320583=value))

    assert (list(answer.context["form"].errors), Call.objects.count()) == (["quota_320583"], 0)


@pytest.mark.parametrize("value", [-1, 1000, "2", 1.5, True, None])
def test_the_model_takes_nothing_else_either(people: Personas, value: Any) -> None:
    with pytest.raises(ValidationError):
        create_call(actor=people.officer, at=NOON, facts=call_facts(quotas={"320583": value}))


def test_the_trail_keeps_the_quotas_and_a_published_call_its_own(people: Personas) -> None:
    call = create_call(actor=people.officer, at=NOON, facts=call_facts())
    update_call(call=call, actor=people.officer, at=NOON, facts={"quotas": {"320583": 4}})
    published = make_call(people, year=2025)

    with pytest.raises(TransitionRefused):
        update_call(call=published, actor=people.officer, at=NOON, facts={"quotas": {"320583": 4}})
    assert trail(call).first().facts["quotas"] == {"320583": 4}


def test_everybody_reads_the_quotas(people: Personas, client: Any) -> None:
    district = make_district("320583")
    call = make_call(people, quotas={"320583": 37})

    shown = client.get(call.get_absolute_url())

    assert shown.context["quotas"] == [(district, 37)]
    assert "37" in shown.content.decode()


@pytest.mark.usefixtures("english")
def test_beyond_the_quota_nothing_is_recommended(people: Personas) -> None:
    call = make_call(people, quotas={"320583": 1})
    first, second = submitted(people, call), submitted(people, call)
    recommend(first, people)

    with pytest.raises(TransitionRefused) as refused:
        recommend(second, people)

    second.refresh_from_db()
    sentence = "The district recommends at most 1 application in this call; its quota is used up."
    assert ([str(one) for one in refused.value.reasons], second.status) == ([sentence], S.SUBMITTED)
    assert RecommendationEntry.objects.count() == 1


def test_a_quota_of_none_bars_the_first(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        recommend(submitted(people, make_call(people, quotas={"320583": 0})), people)


def test_the_quota_of_another_district_does_not_matter(people: Personas) -> None:
    assert recommend(submitted(people, make_call(people, quotas={"320581": 0})), people).status == S.RECOMMENDED


def test_what_was_withdrawn_leaves_its_place_in_the_quota(people: Personas) -> None:
    call = make_call(people, quotas={"320583": 1})
    first, second = submitted(people, call), submitted(people, call)
    recommend(first, people)
    Application.objects.filter(pk=first.pk).update(status=S.WITHDRAWN)

    recommend(second, people)

    listing = RecommendationList.objects.get()
    assert [bool(line.given_up) for line in lines(listing, people.officer)] == [True, False]


def test_the_page_says_it_before_an_opinion_is_written(people: Personas, sign_in: Any) -> None:
    application = submitted(people, make_call(people, quotas={"320583": 0}))

    shown = sign_in(people.district_officer).get(reverse("funding:application-recommend", args=[application.pk]))

    assert (shown.templates[0].name, len(shown.context["reasons"])) == ("step_closed.html", 1)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_do_not_pass_the_quota(people: Personas) -> None:
    call = make_call(people, quotas={"320583": 1})
    both = [submitted(people, call), submitted(people, call)]
    people.district_officer  # noqa: B018

    results = at_once(*(partial(recommend, one, people) for one in both))

    assert (refusals(results), RecommendationEntry.objects.count()) == (1, 1)
    assert sorted(Application.objects.values_list("status", flat=True)) == [S.RECOMMENDED, S.SUBMITTED]


# --- the list ----------------------------------------------------------------------------------
def test_what_is_recommended_comes_last(people: Personas) -> None:
    listing = listing_of(people)
    assert list(listing.entries.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
    assert (listing.district_id, listing.version) == ("320583", 3)


def test_what_comes_back_after_a_correction_keeps_its_place(people: Personas) -> None:
    call = make_call(people, quotas={"320583": 2})
    first = submitted(people, call)
    recommend(first, people)
    recommend(submitted(people, call), people)
    listing = RecommendationList.objects.get()
    request_correction(application=first, actor=people.officer, at=NOON, items=[], note="缺附件。")
    close(listing, people)
    Application.objects.filter(pk=first.pk).update(status=S.SUBMITTED, recommended_by=None, recommended_at=None)
    first.refresh_from_db()

    recommend(first, people, at=OVER)

    assert (first.status, order_of(listing)[0], listing.entries.count()) == (S.RECOMMENDED, first.pk, 2)


def test_the_district_orders_its_list(people: Personas) -> None:
    listing = listing_of(people)
    first, second, third = order_of(listing)

    order_recommendations(listing=listing, actor=people.district_officer, at=NOON, order=[third, first, second])

    assert order_of(listing) == [third, first, second]
    numbers = [Application.objects.get(pk=pk).number for pk in (third, first, second)]
    entry = trail(listing).first()
    assert (entry.action, entry.facts) == (Action.ORDER_RECOMMENDATIONS, {"order": numbers})


@pytest.mark.parametrize(
    "wrong",
    [lambda o: o[:2], lambda o: [*o, o[0]], lambda o: [*o[:2], o[0]], lambda o: [*o[:2], uuid4()], lambda _o: []],
)
def test_an_order_names_each_once(people: Personas, wrong: Callable[[list[Any]], list[Any]]) -> None:
    listing = listing_of(people)
    before = order_of(listing)
    with pytest.raises(TransitionRefused):
        order_recommendations(listing=listing, actor=people.district_officer, at=NOON, order=wrong(before))
    assert order_of(listing) == before


@pytest.mark.parametrize("who", ["other_district_officer", "officer", "head", "acceptance", "lead", "rival"])
def test_nobody_else_orders_or_closes(people: Personas, who: str) -> None:
    listing = listing_of(people, 2)
    with pytest.raises(PermissionDenied):
        order_recommendations(listing=listing, actor=getattr(people, who), at=NOON, order=order_of(listing))
    with pytest.raises(PermissionDenied):
        close(listing, people, actor=getattr(people, who))


def test_nobody_orders_over_what_another_entered(people: Personas) -> None:
    listing = listing_of(people, 2)
    seen = seen_of(listing)
    order_recommendations(listing=listing, actor=people.district_officer, at=NOON, order=order_of(listing), seen=seen)
    with pytest.raises(Stale):
        order_recommendations(
            listing=listing, actor=people.district_officer, at=NOON, order=order_of(listing), seen=seen
        )


# --- closing -----------------------------------------------------------------------------------
def test_a_closed_list_has_number_fingerprint_and_its_content(people: Personas) -> None:
    people.officer, people.acceptance  # noqa: B018
    listing = listing_of(people, 2)

    closed = close(listing, people)

    number = f"2026-{listing.call.batch:02d}-320583"
    assert (closed.number, closed.closed_by, closed.closed_at) == (number, people.district_officer, OVER)
    assert closed.sha256 == fingerprint(RecommendationList.objects.get())
    entry = trail(closed).first()
    assert (entry.action, entry.facts) == (
        Action.CLOSE_RECOMMENDATIONS, {"number": number, "sha256": closed.sha256, "applications": 2},
    )  # fmt: skip
    assert kinds(people.officer).count("funding.recommendations_closed") == 1
    assert kinds(people.acceptance).count("funding.recommendations_closed") == 1


def test_what_it_says_stays_whatever_changes(people: Personas) -> None:
    listing = close(listing_of(people, 1), people)
    Application.objects.update(requested_tier=Tier.C, requested_amount=0, opinion="")

    entry = listing.entries.get()

    assert [facts_of(entry)[name] for name in ("tier", "amount", "opinion")] == ["A", "1800000.00", "同意推荐。"]


def test_the_fingerprint_holds_whatever_the_zone_of_the_clock(people: Personas) -> None:
    listing = listing_of(people, 1)
    at = OVER.astimezone(timezone.get_default_timezone())

    closed = close_recommendations(listing=listing, actor=people.district_officer, at=at)

    assert fingerprint(RecommendationList.objects.get()) == closed.sha256


def test_the_fingerprint_tells_of_every_change(people: Personas) -> None:
    listing = close(listing_of(people, 2), people)
    RecommendationEntry.objects.filter(position=1).update(position=9)
    assert fingerprint(listing) != listing.sha256


def test_it_is_closed_once_and_nothing_follows(people: Personas) -> None:
    listing = listing_of(people, 2)
    late = submitted(people, listing.call, status=S.NOT_RECOMMENDED)
    close(listing, people)
    Application.objects.filter(pk=late.pk).update(status=S.SUBMITTED)
    late.refresh_from_db()

    with pytest.raises(TransitionRefused):
        close(listing, people)
    with pytest.raises(TransitionRefused):
        recommend(late, people, at=OVER)
    with pytest.raises(TransitionRefused):
        order_recommendations(listing=listing, actor=people.district_officer, at=OVER, order=order_of(listing))
    assert [entry.action for entry in trail(listing)] == [Action.CLOSE_RECOMMENDATIONS]


def test_a_withdrawn_application_stays_in_it_marked(people: Personas, sign_in: Any) -> None:
    listing = close(listing_of(people, 2), people)
    Application.objects.filter(pk=order_of(listing)[0]).update(status=S.WITHDRAWN)

    shown = sign_in(people.officer).get(listing.get_absolute_url())

    assert [bool(line.given_up) for line in shown.context["lines"]] == [True, False]
    assert (shown.context["intact"], shown.context["listing"].taken) == (True, 1)


@pytest.mark.usefixtures("english")
def test_an_open_call_keeps_it_open(people: Personas) -> None:
    listing = listing_of(people, 1)
    with pytest.raises(TransitionRefused, match="still takes applications"):
        close_recommendations(listing=listing, actor=people.district_officer, at=NOON)


@pytest.mark.parametrize("act", ["wait", "correct"])
def test_what_waits_keeps_it_open(people: Personas, act: str) -> None:
    call = make_call(people, opens_at=NOON - 40 * DAY, closes_at=OVER - timedelta(hours=1))
    listing = listing_of(people, 1, call=call)
    other = submitted(people, call)
    if act == "correct":
        return_application(application=other, actor=people.district_officer, at=OVER, note="请补充。")

    with pytest.raises(TransitionRefused):
        close(listing, people)
    assert list(lists_to_close(people.district_officer, OVER)) == []


def test_a_correction_that_is_overdue_or_a_refusal_does_not(people: Personas) -> None:
    listing = listing_of(people, 1)
    overdue, refused = submitted(people, listing.call), submitted(people, listing.call)
    return_application(application=overdue, actor=people.district_officer, at=NOON, note="请补充。")
    decline_recommendation(application=refused, actor=people.district_officer, at=NOON, note="方向不符。")
    assert close(listing, people).number


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_close_it_once(people: Personas) -> None:
    listing = listing_of(people, 1)

    results = at_once(partial(close, listing, people), partial(close, listing, people))

    assert refusals(results) == 1
    assert [entry.action for entry in trail(listing)] == [Action.CLOSE_RECOMMENDATIONS]


@pytest.mark.django_db(transaction=True)
def test_closing_and_recommending_at_once_end_in_one_order(people: Personas) -> None:
    listing = listing_of(people, 1)
    late = submitted(people, listing.call, status=S.NOT_RECOMMENDED)
    people.acceptance, people.officer  # noqa: B018

    def recommend_late() -> None:
        Application.objects.filter(pk=late.pk).update(status=S.SUBMITTED)
        recommend(late, people, at=OVER)

    at_once(partial(close, listing, people), recommend_late)

    listing.refresh_from_db()
    entered = listing.entries.count()
    assert entered == (2 if Application.objects.get(pk=late.pk).status == S.RECOMMENDED else 1)
    assert not listing.closed_at or fingerprint(listing) == listing.sha256


# --- the desk ----------------------------------------------------------------------------------
def test_the_list_waits_on_the_desk_of_its_district_only(people: Personas) -> None:
    listing = listing_of(people, 1)

    assert list(lists_to_close(people.district_officer, NOON)) == []
    assert list(lists_to_close(people.district_officer, OVER)) == [listing]
    assert list(lists_to_close(people.other_district_officer, OVER)) == []
    close(listing, people)
    assert list(lists_to_close(people.district_officer, OVER)) == []


# --- pages -------------------------------------------------------------------------------------
PAGES = ("detail", "print", "order", "close", "export")


def over(people: Personas) -> RecommendationList:
    """A list in a call that has closed by the real clock."""
    now = timezone.now()
    return listing_of(people, 2, opens_at=now - 30 * DAY, closes_at=now - DAY)


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("district_officer", [200, 200, 200, 200, 200]), ("other_district_officer", [404, 404, 404, 404, 404]),
        ("officer", [200, 200, 403, 403, 200]), ("leader", [200, 200, 403, 403, 200]),
        ("lead", [404, 404, 404, 404, 404]), ("rival", [404, 404, 404, 404, 404]),
    ],
)  # fmt: skip
def test_who_reads_what(people: Personas, sign_in: Any, who: str, statuses: list[int]) -> None:
    listing = over(people)
    client = sign_in(getattr(people, who))
    assert [client.get(page(name, listing)).status_code for name in PAGES] == statuses


@pytest.mark.parametrize(
    ("who", "shown"), [("district_officer", 1), ("other_district_officer", 0), ("officer", 1), ("lead", None)]
)
def test_who_sees_the_lists(people: Personas, sign_in: Any, who: str, shown: int | None) -> None:
    over(people)
    answer = sign_in(getattr(people, who)).get(reverse("funding:recommendations-list"))
    assert (len(answer.context["rows"]) if answer.status_code == 200 else None) == shown


def test_the_lists_are_narrowed_by_call_and_state(people: Personas, sign_in: Any) -> None:
    first, second = listing_of(people, 1), over(people)
    close(first, people)
    client, url = sign_in(people.officer), reverse("funding:recommendations-list")

    def rows(query: str) -> list[Any]:
        return [row.pk for row in client.get(f"{url}?{query}").context["rows"]]

    assert (rows("state=closed"), rows("state=open")) == ([first.pk], [second.pk])
    assert (rows(f"call={first.call_id}"), rows("district=320583&state=open")) == ([first.pk], [second.pk])


def test_order_and_close_in_the_browser(people: Personas, sign_in: Any) -> None:
    listing = over(people)
    client = sign_in(people.district_officer)
    first, second = order_of(listing)
    seen = client.get(page("order", listing)).context["form"]["seen"].value()

    twice = client.post(page("order", listing), {f"place_{first}": "1", f"place_{second}": "1", "seen": seen})
    bad = client.post(page("order", listing), {f"place_{first}": "3", f"place_{second}": "x", "seen": seen})
    good = client.post(page("order", listing), {f"place_{first}": "2", f"place_{second}": "1", "seen": seen})
    stale = client.post(page("order", listing), {f"place_{first}": "1", f"place_{second}": "2", "seen": seen})
    closed = client.post(page("close", listing), {})
    again = client.post(page("close", listing), {})

    assert [one.status_code for one in (twice, bad, good, stale, closed, again)] == [200, 200, 302, 409, 302, 409]
    assert sorted(twice.context["form"].errors) == sorted([f"place_{first}", f"place_{second}"])
    assert sorted(bad.context["form"].errors) == sorted([f"place_{first}", f"place_{second}"])
    assert order_of(listing) == [second, first]


def test_closing_asks_who_signs(people: Personas, sign_in: Any, settings: Any) -> None:
    listing = over(people)
    client = sign_in(people.district_officer)
    settings.STEP_UP_SECONDS = -1

    answers = [client.get(page("close", listing)), client.post(page("close", listing), {})]

    listing.refresh_from_db()
    assert ([one.status_code for one in answers], listing.closed_at) == ([302, 302], None)


@pytest.mark.parametrize("file_format", ["xlsx", "csv", "json"])
def test_the_list_as_a_file(people: Personas, sign_in: Any, file_format: str) -> None:
    listing = over(people)
    client = sign_in(people.officer)

    answer = client.post(page("export", listing), {"format": file_format, "purpose": ""})
    content = b"".join(answer.streaming_content)

    log = ExportLog.objects.get()
    assert (answer.status_code, log.row_count, log.params) == (200, 2, {"list": str(listing.pk)})
    if file_format == "xlsx":
        sheet = load_workbook(BytesIO(content)).worksheets[0]
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        assert cells.count(Decimal(1_800_000)) == 2


def test_the_pages_cost_the_same_at_any_length(people: Personas, sign_in: Any) -> None:
    listing, client = listing_of(people, 2), sign_in(people.district_officer)
    urls = [page(name, listing) for name in ("detail", "print", "order")]
    everywhere = [*urls, reverse("funding:recommendations-list")]
    for url in everywhere:
        client.get(url)
    before = [len(queries_of(client, url)) for url in everywhere]
    for _n in range(3):
        recommend(submitted(people, listing.call), people)
    listing_of(people, 1)

    assert [len(queries_of(client, url)) for url in everywhere] == before


# --- the database ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "breach",
    [
        lambda listing: RecommendationList.objects.create(call=listing.call, district=listing.district),
        lambda listing: RecommendationList.objects.filter(pk=listing.pk).update(closed_at=NOON),
        lambda listing: RecommendationList.objects.filter(pk=listing.pk).update(number="1"),
        lambda listing: listing.entries.update(position=0),
        lambda listing: listing.entries.update(position=7),
        lambda listing: RecommendationEntry.objects.create(
            list=listing, application=listing.entries.first().application, position=9
        ),
    ],
)
def test_what_the_database_refuses(people: Personas, breach: Callable[[RecommendationList], Any]) -> None:
    listing = listing_of(people, 2)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        breach(listing)


def test_a_call_without_districts_has_no_list(people: Personas) -> None:
    call = open_call(people, district_step=False)
    assert (call.status, RecommendationList.objects.count()) == (CallStatus.PUBLISHED, 0)
