"""Counting wrong passwords: by account from unknown devices, by known device, by network address.

A device that its owner signed in with before has a count of its own, so whoever guesses from elsewhere
locks nobody out at a deadline (after OWASP's device cookies). The rows are in PostgreSQL: neither a Redis
that is down nor one that forgets opens the door or closes it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from members.enums import Action, Guard, Role
from members.models import SignInGuard, User
from members.selectors import holders
from portal.kernel import account_mails, audit
from portal.kernel.authz import require
from portal.kernel.mail import send_mail_later
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

SUBJECT = gettext_noop("Sign-in to your account was locked")
account_mails.register("locked", label=_("Sign-in locked"), subject=SUBJECT, variables=("name", "until"))
KEPT = timedelta(days=1)  # how long a count without a lock is of use

register(
    "members.address_stopped",
    _("The network address %(address)s tried too many wrong passwords and is stopped for a while."),
    urgent=True,
)


class Locked(Exception):
    """No attempt is allowed now, whatever the password."""


@dataclass(frozen=True)
class Attempt:
    """One attempt, counted as a failure until it is known to be none."""

    email: str
    guards: list[SignInGuard] = field(default_factory=list)


def account_key(*, email: str) -> str:
    """What an account is counted under, whether or not it exists."""
    return salted_hmac("members.guards", email.strip().lower(), algorithm="sha256").hexdigest()


@transaction.atomic
def open_attempt(*, email: str, device: str, address: str, at: datetime) -> Attempt:
    """Count an attempt before the password is looked at. `device` is empty for an unknown one. Raises Locked.

    Attempts at the same moment wait for each other here, so no more than the limit are ever on their way.
    """
    rows = [_row(scope, key, label, at) for scope, key, label in _guarded(email, device, address)]
    if any(_refuses(row, at) for row in rows):
        raise Locked
    for row in rows:
        row.failures += 1
        row.save(update_fields=["failures", "since", "locked_until"])
    return Attempt(email.strip().lower(), rows)


def close_attempt(*, attempt: Attempt) -> None:
    """The password was right: take the count back, and no more, or somebody's sign-ins would hide the guesses."""
    for row in attempt.guards:
        SignInGuard.objects.filter(pk=row.pk, failures__gt=0).update(failures=F("failures") - 1)


@transaction.atomic
def fail_attempt(*, attempt: Attempt, at: datetime) -> None:
    """The password was wrong: lock what has reached its limit, and tell whom it concerns."""
    rows = [SignInGuard.objects.select_for_update().get(pk=row.pk) for row in attempt.guards]
    full = [row for row in rows if row.failures >= settings.SIGN_IN_LIMITS[row.scope] and not _is_locked(row, at)]
    for row in full:
        row.locked_until = at + timedelta(seconds=settings.SIGN_IN_LOCK_SECONDS)
        row.user = _owner(row, attempt.email)
        row.save(update_fields=["locked_until", "user"])
    for row in full:
        _tell(row, at)


@transaction.atomic
def forget_failures(*, user: User) -> None:
    """Whoever proved to own the mailbox is not locked out any longer."""
    SignInGuard.objects.filter(scope=Guard.ACCOUNT, key=account_key(email=user.email)).delete()
    SignInGuard.objects.filter(user=user).delete()


@transaction.atomic
def release_lock(*, guard: SignInGuard, actor: User, at: datetime, note: str = "") -> None:
    """Let somebody try again before the time is over."""
    require(actor, "members.release_lock", guard)
    locked = SignInGuard.objects.select_for_update(of=("self",)).get(pk=guard.pk)
    if not _is_locked(locked, at):
        raise TransitionRefused(_("This lock is over already."))
    audit.record(actor=actor, action=Action.RELEASE_LOCK, subject=locked.user or locked, at=at, note=note)
    locked.failures, locked.locked_until = 0, None
    locked.save(update_fields=["failures", "locked_until"])


def sweep_guards(*, at: datetime) -> int:
    """Remove counts that say nothing any more; how many."""
    return SignInGuard.objects.filter(since__lt=at - KEPT).exclude(locked_until__gt=at).delete()[0]


# --- one count ---------------------------------------------------------------------------------
def _guarded(email: str, device: str, address: str) -> list[tuple[Guard, str, str]]:
    """Scope, key and label of what an attempt counts for, always in this order: nobody waits in a circle."""
    if device:
        return [(Guard.DEVICE, device, "")]
    return [(Guard.ACCOUNT, account_key(email=email), ""), (Guard.ADDRESS, address, address)]


def _row(scope: Guard, key: str, label: str, at: datetime) -> SignInGuard:
    """The count, locked in the database; begun anew when its time or its lock is over."""
    SignInGuard.objects.get_or_create(scope=scope, key=key, defaults={"since": at, "label": label})
    row = SignInGuard.objects.select_for_update().get(scope=scope, key=key)
    over = row.locked_until is not None and row.locked_until <= at
    old = row.locked_until is None and row.since <= at - timedelta(seconds=settings.SIGN_IN_LOCK_SECONDS)
    if over or old:
        row.failures, row.since, row.locked_until = 0, at, None
    return row


def _is_locked(row: SignInGuard, at: datetime) -> bool:
    return row.locked_until is not None and row.locked_until > at


def _refuses(row: SignInGuard, at: datetime) -> bool:
    limit: int = settings.SIGN_IN_LIMITS[row.scope]
    return _is_locked(row, at) or row.failures >= limit


def _owner(row: SignInGuard, email: str) -> User | None:
    return None if row.scope == Guard.ADDRESS else User.objects.filter(email=email).first()


def _tell(row: SignInGuard, at: datetime) -> None:
    """The audit trail, and the owner by mail or the security administrators; nobody for an account that is nobody's."""
    if row.scope == Guard.ADDRESS:
        audit.record(actor=None, action=Action.THROTTLE_ADDRESS, subject=row, at=at, facts={"address": row.label})
        notify(
            recipients=list(holders(Role.SECURITY_ADMIN)), kind="members.address_stopped", at=at,
            params={"address": row.label}, url=reverse("members:security-console"),
        )  # fmt: skip
    elif row.user:
        facts = {"until": row.locked_until, "known_device": row.scope == Guard.DEVICE}
        audit.record(actor=None, action=Action.LOCK_ACCOUNT, subject=row.user, at=at, facts=facts)
        _mail(row.user, row, at)


def _mail(user: User, row: SignInGuard, at: datetime) -> None:
    until = timezone.localtime(row.locked_until)
    send_mail_later(
        to=user.email, subject=SUBJECT, template="locked", language=user.language, key=f"locked:{row.pk}:{until:%s}",
        context={"name": user.name, "until": f"{until:%Y-%m-%d %H:%M}"}, at=at,
    )  # fmt: skip
