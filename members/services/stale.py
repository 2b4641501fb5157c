"""Accounts that nobody uses: warned, then disabled; a security administrator may let them in again."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from members.enums import Action
from members.models import User
from members.services.people import is_last_administrator, is_last_at_home, lock_peers
from members.services.sessions import end_sessions
from members.services.voiding import void_proposals
from portal.kernel import account_mails, audit
from portal.kernel.mail import send_mail_later

WARNED_BEFORE = timedelta(days=7)
SUBJECT = gettext_noop("Your account will be disabled unless you sign in")
NOTE = gettext_noop("Nobody signed in to this account for a long time.")
account_mails.register("stale", label=_("Account unused"), subject=SUBJECT, variables=("name", "day"))


def unused_since(*, before: datetime) -> QuerySet[User]:
    """Active accounts without a sign-in (or a beginning) since that moment, longest unused first; not the demo's."""
    life = Greatest(Coalesce("last_login", "date_joined"), Coalesce("reactivated_at", "date_joined"), F("date_joined"))
    return User.objects.annotate(alive_at=life).filter(
        is_active=True, is_demo=False, alive_at__lte=before
    ).order_by("alive_at", "pk")  # fmt: skip


def warn_stale_accounts(*, at: datetime) -> list[User]:
    """Tell the owners of accounts that will be disabled in a week, once for each time."""
    if not settings.STALE_DAYS:
        return []
    unused = unused_since(before=at - timedelta(days=settings.STALE_DAYS) + WARNED_BEFORE)
    return [user for user in unused if _warn(user, at)]


def disable_stale_accounts(*, at: datetime) -> list[User]:
    """Disable what was warned of a week ago and is unused still; never the last one who can do something."""
    if not settings.STALE_DAYS:
        return []
    unused = unused_since(before=at - timedelta(days=settings.STALE_DAYS))
    warned = unused.filter(stale_warned_at__lte=at - WARNED_BEFORE, stale_warned_at__gte=F("alive_at"))
    return [user for user in warned if _disable(user, at)]


@transaction.atomic
def _warn(user: User, at: datetime) -> bool:
    locked = User.objects.select_for_update().get(pk=user.pk)
    alive: datetime = user.alive_at  # type: ignore[attr-defined]
    if locked.stale_warned_at and locked.stale_warned_at >= alive:
        return False
    locked.stale_warned_at = at
    locked.save(update_fields=["stale_warned_at"])
    day = timezone.localdate(at + WARNED_BEFORE)
    send_mail_later(
        to=locked.email, subject=SUBJECT, template="stale", language=locked.language, at=at,
        key=f"stale:{locked.pk}:{alive:%Y%m%d}", context={"name": locked.name, "day": f"{day:%Y-%m-%d}"},
    )  # fmt: skip
    return True


@transaction.atomic
def _disable(user: User, at: datetime) -> bool:
    lock_peers(user=user)
    locked = User.objects.select_for_update().get(pk=user.pk)
    signed_in_meanwhile = locked.last_login != user.last_login
    needed = is_last_administrator(user=locked) or is_last_at_home(user=locked)
    if not locked.is_active or signed_in_meanwhile or needed:
        return False
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    audit.record(actor=None, action=Action.DISABLE_STALE, subject=locked, at=at, note=NOTE)
    end_sessions(user=locked, actor=None, at=at)
    void_proposals(user=locked, actor=None, at=at)
    return True
