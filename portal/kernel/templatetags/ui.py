"""Template tags and filters of the look: money, dates, badges, icons, links that keep the query."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.db.models import Model
from django.db.models.enums import Choices
from django.forms import BoundField
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy

from portal.kernel import actions, badges, clocks
from portal.kernel.enumerating import enumerated
from portal.kernel.models.audit import AuditEntry

register = template.Library()

NOTHING = "—"
CENT = Decimal("0.01")
WAN = Decimal(10_000)
KB = 1024
SIZES = ("KB", "MB", "GB")
ROLES = {
    "lead": pgettext_lazy("role", "Lead"),
    "univ": pgettext_lazy("role", "Universities and institutes"),
    "fund": pgettext_lazy("role", "Funds"),
    "chain": pgettext_lazy("role", "Supply chain"),
    "serv": pgettext_lazy("role", "Services"),
}


# --- money -------------------------------------------------------------------------------------
@register.filter
def wan(value: Decimal | int | str | None, places: int | None = None) -> str:
    """Yuan as 万元 with two decimals; `wan:0` leaves out the decimals of a whole number."""
    if value in (None, ""):
        return NOTHING
    amount = (Decimal(str(value)) / WAN).quantize(CENT, ROUND_HALF_UP)
    whole = places == 0 and amount == amount.to_integral_value()
    return f"{amount:,.0f}" if whole else f"{amount:,.2f}"


@register.filter
def yuan(value: Decimal | int | str | None) -> str:
    """Yuan with two decimals and thousands commas."""
    if value in (None, ""):
        return NOTHING
    return f"{Decimal(str(value)).quantize(CENT, ROUND_HALF_UP):,.2f}"


@register.filter
def percent(value: Decimal | float | str | None, places: int = 1) -> str:
    """A percentage already on the scale of 100, as `41.7%`."""
    if value in (None, ""):
        return NOTHING
    return f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}%"


@register.filter
def plain(value: Decimal | None) -> str:
    """A measured figure without idle zeros: 8.000 is 8, 7.500 is 7.5."""
    return NOTHING if value is None or value == "" else f"{Decimal(str(value)).normalize():,f}"


# --- time --------------------------------------------------------------------------------------
@register.filter
def cn_date(value: date | datetime | None) -> str:
    """The day in full: 2026年11月21日, or 21 Nov 2026 in English."""
    if value is None or value == "":
        return NOTHING
    day = _local(value)
    if _chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return formats.date_format(day, "j M Y", use_l10n=False)


@register.filter
def when(value: datetime | date | None, now: datetime | None = None) -> str:
    """A moment in a list: `11-20 10:32`, with the year in front when it is another one; a day without the hour."""
    if value is None or value == "":
        return NOTHING
    moment = _local(value)
    this_year = timezone.localtime(now).year == moment.year
    clock = " %H:%M" if isinstance(moment, datetime) else ""
    return moment.strftime(("" if this_year else "%Y-") + "%m-%d" + clock)


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in full with its time zone, for what counts: `2026年12月4日 17:00（北京时间）`."""
    if not value:
        return NOTHING
    return gettext("%(day)s %(time)s (Beijing time)") % {"day": cn_date(value), "time": f"{_local(value):%H:%M}"}


@register.filter
def deadline(at: datetime, now: datetime | None = None) -> str:
    """The time left in words: `3 days 06:28 left`, `5 h 12 min left`, `2 days overdue`."""
    return clocks.left(at, now or timezone.now()).text


@register.simple_tag
def time_left(at: datetime, now: datetime | None = None) -> clocks.Left:
    """The time left as an object with `kind` (calm, warn, bad, over) and `text`."""
    return clocks.left(at, now or timezone.now())


@register.filter
def iso(value: datetime) -> str:
    """For the datetime attribute of <time>."""
    return timezone.localtime(value).isoformat(timespec="seconds")


@register.filter
def duration(seconds: float) -> str:
    """Seconds in words for a job: `8 s`, `2 min 05 s`."""
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return gettext("%(s)d s") % {"s": rest}
    return gettext("%(m)d min %(s)02d s") % {"m": minutes, "s": rest}


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) else value


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


# --- words -------------------------------------------------------------------------------------
@register.filter
def mask(value: str | None, shown: int = 4) -> str:
    """A phone or account number with only its first three and last `shown` signs readable."""
    text = value or ""
    if not text:
        return NOTHING
    if len(text) <= shown + 3:
        return "*" * (len(text) - 1) + text[-1]
    return text[:3] + "*" * (len(text) - shown - 3) + text[-shown:]


@register.filter
def mask_email(value: str | None) -> str:
    """`li***@example.cn`: enough to recognise one's own address."""
    name, at, host = (value or "").partition("@")
    return f"{name[:2]}***@{host}" if at else NOTHING


@register.filter
def dash(value: Any) -> Any:
    """A dash for what is not there, so that an empty cell is not mistaken for a fault."""
    return NOTHING if value in (None, "") else value


@register.filter
def of(entries: Mapping[str, Any], key: str) -> Any:
    """The entry of a mapping under a key; empty where there is none."""
    return entries.get(key, "") if entries else ""


@register.filter
def initial(name: Any) -> str:
    """The sign in an avatar: the first character of a Chinese name, the first letter of another."""
    text = str(name or "").strip().removeprefix("样例")
    return text[:1].upper() or "?"


@register.filter
def tone(name: Any) -> str:
    """One of four tints for an avatar, the same for the same name everywhere."""
    return "abcd"[sum(map(ord, str(name or ""))) % 4]


@register.filter
def size(num_bytes: int | str) -> str:
    """A file's size, in the same units as the limits: 812 B, 3.4 KB, 12.0 MB, 76.0 GB (each of 1024)."""
    count = int(num_bytes)
    if count < KB:
        return f"{count} B"
    power = next((power for power in (1, 2) if count < KB ** (power + 1)), 3)
    return f"{count / KB**power:.1f} {SIZES[power - 1]}"


# --- pictures ----------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite; decorative, so the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#i-{}"></use></svg>', extra, static("icons.svg"), name
    )


@register.simple_tag
def mix(lead: int = 0, univ: int = 0, fund: int = 0, chain: int = 0, serv: int = 0) -> SafeString:
    """The make-up of a consortium as dots, one per member, in the colours of the roles."""
    counts = {"lead": lead, "univ": univ, "fund": fund, "chain": chain, "serv": serv}
    words = enumerated(f"{ROLES[role]} {count}" for role, count in counts.items() if count)
    dots = [(role, "" if index or role == "lead" else " first") for role, n in counts.items() for index in range(n)]
    body = format_html_join("", '<i class="k-{}{}"></i>', dots)
    return format_html('<span class="mix" role="img" aria-label="{}">{}</span>', words, body)


@register.simple_tag
def member_roles() -> list[tuple[str, str]]:
    """Every role with its word, in the order of the dots."""
    return [(role, str(word)) for role, word in ROLES.items()]


@register.simple_tag
def badge(value: Choices | badges.Badge) -> SafeString:
    """A status badge of an enum member: {% badge application.status_enum %}."""
    return _badge(value if isinstance(value, badges.Badge) else badges.badge_of(value))


@register.simple_tag
def status_badge(obj: Model, field: str = "status") -> SafeString:
    """A status badge of a model's field: {% status_badge application %}, {% status_badge award "tier" %}."""
    return _badge(badges.badge_of_field(obj, field))


def _badge(look: badges.Badge) -> SafeString:
    picture = icon(look.icon) if look.icon else ""
    return format_html('<span class="st {}">{}{}</span>', look.kind, picture, look.label)


# --- links -------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The present query string with some parameters replaced; None or '' removes one."""
    request: HttpRequest = context["request"]
    params = request.GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = str(value)
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def sorting(context: Context, field: str, default: str = "", param: str = "sort") -> Mapping[str, str]:
    """The state of a sortable column and the link that turns it over; a new order starts at the first page."""
    request: HttpRequest = context["request"]
    now = request.GET.get(param) or default
    up, down = now == field, now == f"-{field}"
    turned = field if down else f"-{field}"
    aria = "ascending" if up else "descending" if down else ""
    shape = "arrow-up" if up else "arrow-down" if down else "selector"
    return {"href": query(context, **{param: turned, "after": None, "before": None}), "aria": aria, "icon": shape}


@register.simple_tag
def html_lang() -> str:
    """The page's language as HTML writes it; Chromium chooses the Chinese font by it."""
    return "zh-Hans" if _chinese() else (get_language() or "en")


@register.filter
def widget_kind(field: BoundField) -> str:
    """How a form field is drawn: check, group, file, text (everything else)."""
    kinds = {"checkbox": "check", "clearablefile": "file", "file": "file"}
    return "group" if field.use_fieldset else kinds.get(field.widget_type, "text")


@register.simple_tag
def action_label(entry: AuditEntry) -> str:
    """What an entry of the audit trail calls its act."""
    return actions.action_label(entry)
