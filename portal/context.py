"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.kernel.notifications import unread_count
from portal.navigation import navigation, public_navigation


def portal(request: HttpRequest) -> dict[str, Any]:
    """Navigation, unread notifications and the names of this installation; evaluated only when used."""
    return {
        "nav": SimpleLazyObject(lambda: navigation(request)),
        "topnav": SimpleLazyObject(lambda: public_navigation(request)),
        "unread": SimpleLazyObject(lambda: _unread(request)),
        "city": settings.CITY,
        "demo_mode": settings.DEMO,
    }


def _unread(request: HttpRequest) -> int:
    return unread_count(request.user) if request.user.is_authenticated else 0
