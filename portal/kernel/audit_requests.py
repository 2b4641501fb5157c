"""What the audit trail keeps of requests for which no service wrote an entry: refused ones above all.

Never the body, never a value that was typed: who, from where, which page, about what, and how it ended.
"""

import ipaddress
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from redis.exceptions import RedisError

from portal.kernel import audit, origin
from portal.kernel.actions import Action
from portal.kernel.models.audit import AuditEntry, Result

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

# Of strangers: so many entries a minute from one network, so many from all of them; then only every time their
# number has doubled, with the number. A million requests in a minute leave at most 600 + log2(1,000,000 / 600) entries.
PER_NETWORK, IN_ALL = 20, 600
KEPT = 120  # seconds

_here: Counter[str] = Counter()  # of this process, while the cache does not answer


def keep(request: HttpRequest, response: HttpResponse, *, at: datetime) -> None:
    """Append an entry about a state-changing request, unless what it did is on record already."""
    here = origin.current()
    if request.method in HARMLESS or _is_on_record(here):
        return
    user = getattr(request, "user", None)
    actor = user if user is not None and user.is_authenticated else None
    facts = _facts(request, response)
    if actor is None and not _tell(here, facts, at):
        return
    with transaction.atomic():
        audit.record(
            actor=actor, action=Action.REQUEST, subject=None, at=at, facts=facts, result=_result(request, response)
        )


def _is_on_record(here: origin.Origin) -> bool:
    """Whether one of the entries written in this request was committed."""
    return bool(here.entries) and AuditEntry.objects.filter(hash__in=here.entries).exists()


def _facts(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    match = request.resolver_match
    subject = getattr(request, "audited", None)
    about = {
        "view": match.view_name if match else "",
        "agent": origin.printable(request.headers.get("User-Agent", ""), origin.AGENT_LENGTH),
        "fields": sorted(set(_wrong_fields(response))),
        "object": origin.printable(str(subject), 120) if subject else "",
        "object_type": subject._meta.label_lower if subject else "",  # noqa: SLF001
        "object_id": str(subject.pk) if subject else "",
    }
    return {"status": response.status_code, **{name: value for name, value in about.items() if value}}


def _result(request: HttpRequest, response: HttpResponse) -> Result:
    if response.status_code >= 500:
        return Result.FAILED
    if response.status_code >= 400 or _is_led_away(request, response) or any(True for _ in _wrong_fields(response)):
        return Result.REFUSED
    return Result.DONE


def _is_led_away(request: HttpRequest, response: HttpResponse) -> bool:
    """Sent to the sign-in page in place of what was asked, or stopped by a middleware that says so."""
    away = response.headers.get("Location", "").partition("?")[0]
    door = resolve_url(settings.LOGIN_URL)
    return getattr(response, "refused", False) or (away == door and request.path != door)


def _wrong_fields(response: HttpResponse) -> Iterator[str]:
    """The names of the fields whose values the page refuses; __all__ stands for the form as a whole."""
    for value in (getattr(response, "context_data", None) or {}).values():
        if isinstance(value, BaseForm) and value.is_bound:
            yield from value.errors
        elif isinstance(value, BaseFormSet) and value.is_bound:
            yield from (str(name) for errors in value.errors for name in errors)


# --- strangers ---------------------------------------------------------------------------------
def _tell(here: origin.Origin, facts: dict[str, Any], at: datetime) -> bool:
    """Whether to write an entry about this request of a stranger; in a flood its entry says how many there were."""
    minute = f"{at:%Y%m%d%H%M}"
    count = _count(f"audit:{minute}:{network(here.address)}")
    if not _is_due(count, PER_NETWORK):
        return False
    everybody = _count(f"audit:{minute}:all")
    if count > PER_NETWORK:
        facts["requests_this_minute"] = count
    return _is_due(everybody, IN_ALL)


def _is_due(count: int, limit: int) -> bool:
    """The first `limit`, then each time the number has doubled."""
    times, rest = divmod(count, limit)
    return count <= limit or (rest == 0 and times.bit_count() == 1)


def network(address: str) -> str:
    """Whom requests are counted for: an IPv4 address; of IPv6 the first half, which one customer owns whole."""
    if ":" not in address:
        return address
    return ipaddress.ip_network((address, 64), strict=False).network_address.compressed


def _count(key: str) -> int:
    try:
        cache.add(key, 0, KEPT)
        return int(cache.incr(key))
    except (RedisError, OSError, ValueError):
        return _count_here(key)


def _count_here(key: str) -> int:
    if len(_here) > 10_000:
        _here.clear()
    _here[key] += 1
    return _here[key]
