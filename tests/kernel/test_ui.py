"""Money, dates, badges and links as templates write them, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import TextChoices
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from portal.kernel import badges, clocks
from portal.kernel.models import Job
from portal.kernel.models.job import JobState
from portal.kernel.templatetags import ui
from tests.clock import DAY, HOUR, NOON

MINUTE = timedelta(minutes=1)


class Colour(TextChoices):
    RED = "red", "Red"
    BLUE = "blue", "Blue"


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def draw(source: str, path: str = "/", **values: Any) -> str:
    return Template(source).render(Context({"request": RequestFactory().get(path), **values}))


# --- money -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        (Decimal(2000000), "200.00"),
        (Decimal("12345678.90"), "1,234.57"),
        (Decimal(50), "0.01"),
        (Decimal("49.99"), "0.00"),
        (Decimal(-15000), "-1.50"),
        (0, "0.00"),
        ("1000000.00", "100.00"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_wan_rounds_half_up_to_two_decimals(yuan: Any, shown: str) -> None:
    assert ui.wan(yuan) == shown


@pytest.mark.parametrize(
    ("yuan", "shown"), [(Decimal(2000000), "200"), (Decimal(36000000), "3,600"), (Decimal(1855000), "185.50")]
)
def test_wan_0_leaves_out_the_decimals_of_a_whole_number(yuan: Decimal, shown: str) -> None:
    assert ui.wan(yuan, 0) == shown


def test_yuan_keeps_the_cents() -> None:
    assert [ui.yuan(Decimal("1234567.895")), ui.yuan(0), ui.yuan(None)] == ["1,234,567.90", "0.00", "—"]


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [(Decimal("41.66"), 1, "41.7%"), (100, 0, "100%"), (None, 1, "—"), ("0.25", 1, "0.3%")],
)
def test_percent(value: Any, places: int, shown: str) -> None:
    assert ui.percent(value, places) == shown


# --- time --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "shown"), [("zh-hans", "2026年11月21日"), ("en", "21 Nov 2026")])
def test_a_day_in_full(language: str, shown: str) -> None:
    with translation.override(language):
        assert ui.cn_date(date(2026, 11, 21)) == shown


def test_a_day_is_that_of_shanghai() -> None:
    assert ui.cn_date(datetime(2026, 11, 20, 17, 0, tzinfo=UTC)) == "21 Nov 2026"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2026, 11, 20, 2, 32, tzinfo=UTC), "11-20 10:32"),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "01-01 00:00"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31 23:59"),
        (date(2026, 3, 1), "03-01"),
        (date(2024, 3, 1), "2024-03-01"),
        (None, "—"),
    ],
)
def test_when_says_the_year_only_if_it_is_another(value: Any, shown: str) -> None:
    assert ui.when(value, NOON) == shown


@pytest.mark.parametrize(
    ("language", "shown"), [("zh-hans", "2026年12月4日 17:00（北京时间）"), ("en", "4 Dec 2026 17:00 (Beijing time)")]
)
def test_a_moment_that_counts_names_its_time_zone(language: str, shown: str) -> None:
    with translation.override(language):
        assert ui.moment(datetime(2026, 12, 4, 9, 0, tzinfo=UTC)) == shown


@pytest.mark.parametrize(
    ("gap", "kind", "english", "chinese"),
    [
        (14 * DAY + 6 * HOUR + 28 * MINUTE, "calm", "14 days 06:28 left", "剩 14 天 06:28"),
        (7 * DAY, "warn", "7 days 00:00 left", "剩 7 天 00:00"),
        (DAY + MINUTE, "warn", "1 day 00:01 left", "剩 1 天 00:01"),
        (DAY, "bad", "1 day 00:00 left", "剩 1 天 00:00"),
        (5 * HOUR + 2 * MINUTE, "bad", "5 h 02 min left", "剩 5 小时 02 分"),
        (timedelta(), "bad", "0 h 00 min left", "剩 0 小时 00 分"),
        (-HOUR, "over", "1 h 00 min overdue", "逾期 1 小时 00 分"),
        (-3 * DAY, "over", "3 days overdue", "逾期 3 天"),
    ],
)
def test_a_deadline_grows_louder(gap: timedelta, kind: str, english: str, chinese: str) -> None:
    left = clocks.left(NOON + gap, NOON)

    assert (left.kind, left.text) == (kind, english)
    with translation.override("zh-hans"):
        assert ui.deadline(NOON + gap, NOON) == chinese


@pytest.mark.parametrize(("seconds", "shown"), [(8.9, "8 s"), (125, "2 min 05 s"), (3600, "60 min 00 s")])
def test_a_duration(seconds: float, shown: str) -> None:
    assert ui.duration(seconds) == shown


# --- words -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "shown"), [("13800001234", "138****1234"), ("1234567", "******7"), ("6", "6"), ("", "—"), (None, "—")]
)
def test_a_number_is_masked(value: str | None, shown: str) -> None:
    assert ui.mask(value) == shown


def test_an_address_is_masked() -> None:
    assert [ui.mask_email("liqing@example.cn"), ui.mask_email("nobody")] == ["li***@example.cn", "—"]


@pytest.mark.parametrize(
    ("name", "sign"), [("样例陆晴", "陆"), ("mei lin", "M"), ("样例", "?"), ("", "?"), (None, "?")]
)
def test_the_sign_in_an_avatar(name: Any, sign: str) -> None:
    assert ui.initial(name) == sign


def test_the_tint_of_an_avatar_belongs_to_the_name() -> None:
    assert {ui.tone(name) for name in ("样例陆晴", "样例沈墨", "A", "B", "C", "D")} <= set("abcd")
    assert ui.tone("样例陆晴") == ui.tone("样例陆晴")


def test_nothing_is_a_dash_but_zero_is_not() -> None:
    assert [ui.dash(None), ui.dash(""), ui.dash(0)] == ["—", "—", 0]


@pytest.mark.parametrize(
    ("num_bytes", "shown"),
    [
        (812, "812 B"),
        (3_482, "3.4 KB"),
        ("12582912", "12.0 MB"),
        (20 * 1024**2, "20.0 MB"),
        (1024**3, "1.0 GB"),
        (81_578_600_000, "76.0 GB"),
    ],
)
def test_the_size_of_a_file(num_bytes: Any, shown: str) -> None:
    assert ui.size(num_bytes) == shown


# --- badges ------------------------------------------------------------------------------------
def test_a_registered_status_has_its_kind_and_icon() -> None:
    badges.register_badges(Colour, {Colour.RED: ("bad", "ban"), Colour.BLUE: ("info", "")})

    assert badges.badge_of(Colour.RED) == badges.Badge("Red", "bad", "ban")
    assert draw("{% badge value %}", value=Colour.BLUE) == '<span class="st info">Blue</span>'


def test_a_status_that_was_forgotten_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match=r"Colour has no badge for BLUE\."):
        badges.register_badges(Colour, {Colour.RED: ("bad", "ban")})


def test_a_status_that_nobody_registered_is_plain() -> None:
    class Shape(TextChoices):
        ROUND = "round", "Round"

    assert badges.badge_of(Shape.ROUND) == badges.Badge("Round", "", "")


def test_a_badge_escapes_its_word() -> None:
    assert draw("{% badge value %}", value=badges.Badge("<b>")) == '<span class="st ">&lt;b&gt;</span>'


def test_the_badge_of_a_field_is_found_by_its_choices() -> None:
    badges.register_badges(JobState, dict.fromkeys(JobState, ("ok", "check")))

    assert badges.badge_of_field(Job(state="DONE"), "state") == badges.Badge("Done", "ok", "check")


# --- links -------------------------------------------------------------------------------------
def test_query_replaces_and_removes_parameters() -> None:
    shown = draw("{% query page=2 q='' %}", "/list/?q=a&status=x&status=y&page=1")

    assert QueryDict(shown.removeprefix("?").replace("&amp;", "&")).dict() == {"status": "y", "page": "2"}
    assert "status=x&amp;status=y" in shown


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", ("?sort=amount", "descending", "arrow-down")),
        ("/?sort=amount&after=t", ("?sort=-amount", "ascending", "arrow-up")),
        ("/?sort=name", ("?sort=-amount", "", "selector")),
    ],
)
def test_a_sortable_head_turns_the_order_and_begins_anew(path: str, expected: tuple[str, str, str]) -> None:
    context = Context({"request": RequestFactory().get(path)})

    state = ui.sorting(context, "amount", "-amount")

    assert (state["href"], state["aria"], state["icon"]) == expected


@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_the_page_names_its_language_as_html_does(language: str, lang: str) -> None:
    with translation.override(language):
        assert draw("{% html_lang %}") == lang


def test_the_dots_of_a_consortium_say_their_numbers() -> None:
    assert draw("{% mix lead=1 univ=2 fund=0 chain=1 %}") == (
        '<span class="mix" role="img" aria-label="Lead 1, Universities and institutes 2, Supply chain 1">'
        '<i class="k-lead"></i><i class="k-univ first"></i><i class="k-univ"></i><i class="k-chain first"></i></span>'
    )
