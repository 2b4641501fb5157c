"""What each of the three administrators has to look at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from members.enums import ADMINISTRATORS, SECOND_FACTOR, Action, Role
from members.models import RoleGrant, RoleProposal, SignInGuard, User
from members.selectors import FACTORS
from portal.kernel import mail
from portal.kernel.models import Attachment, AuditEntry, Job
from portal.kernel.models.audit import Result
from portal.kernel.models.job import JobState

RECENT = timedelta(days=7)
SHOWN = 10  # rows of a list


@dataclass(frozen=True)
class People:
    """How many accounts there are."""

    active: int
    deactivated: int
    without_role: int
    never_in: int


def people() -> People:
    """Counted in one query."""
    held = Exists(RoleGrant.objects.in_force().filter(user=OuterRef("pk")))
    active = Q(is_active=True)
    counted = User.objects.annotate(held=held).aggregate(
        active=Count("pk", filter=active),
        deactivated=Count("pk", filter=~active),
        without_role=Count("pk", filter=active & Q(held=False)),
        never_in=Count("pk", filter=active & Q(last_login=None)),
    )
    return People(**counted)


@dataclass(frozen=True)
class Work:
    """Jobs by state; those that failed in the last week, newest first."""

    queued: int
    running: int
    failed: list[Job]
    mails_waiting: int
    mails_failed: int


def work(at: datetime) -> Work:
    """Two queries."""
    letters, queued = Q(kind=mail.KIND), Q(state=JobState.QUEUED)
    failed = Q(state=JobState.FAILED, finished_at__gt=at - RECENT)
    counted = Job.objects.aggregate(
        queued=Count("pk", filter=queued),
        running=Count("pk", filter=Q(state=JobState.RUNNING)),
        mails_waiting=Count("pk", filter=queued & letters),
        mails_failed=Count("pk", filter=failed & letters),
    )
    return Work(failed=list(Job.objects.filter(failed).order_by("-finished_at")[:SHOWN]), **counted)


def stored() -> tuple[int, int]:
    """Files and their bytes."""
    counted = Attachment.objects.aggregate(files=Count("pk"), size=Sum("size"))
    return counted["files"], counted["size"] or 0


def proposals(at: datetime) -> QuerySet[RoleProposal]:
    """What a second security administrator has to decide on."""
    return RoleProposal.objects.open(at).select_related("user", "proposed_by")


def locks(at: datetime) -> QuerySet[SignInGuard]:
    """Accounts, devices and addresses that are locked now."""
    return SignInGuard.objects.locked(at).select_related("user")


def without_second_factor() -> QuerySet[User]:
    """Active people whose roles demand a second factor that they have not set up."""
    factor = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
    bound = Exists(RoleGrant.objects.in_force().filter(user=OuterRef("pk"), role__in=SECOND_FACTOR))
    return User.objects.filter(bound, ~factor, is_active=True).order_by("email")


def disabled_for_disuse(at: datetime) -> QuerySet[AuditEntry]:
    """Accounts that were disabled because nobody used them, in the last ninety days."""
    after = at - timedelta(days=90)
    return AuditEntry.objects.filter(action=Action.DISABLE_STALE, at__gt=after).order_by("-id")


def open_sessions(at: datetime) -> int:
    """How many sessions go on."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    return int(UserSession.objects.filter(session_key__in=alive).count())


def administrators() -> list[tuple[Role, int]]:
    """How many active people hold each administrator role."""
    held = RoleGrant.objects.in_force().filter(role__in=ADMINISTRATORS, user__is_active=True)
    counted = dict(held.values_list("role").annotate(n=Count("user", distinct=True)))
    return [(role, counted.get(role, 0)) for role in Role if role in ADMINISTRATORS]


def recent_acts(actions: Iterable[Action], at: datetime) -> QuerySet[AuditEntry]:
    """Entries of these acts in the last week, newest first."""
    found = AuditEntry.objects.filter(at__gt=at - RECENT, subject_type__startswith="members.", action__in=list(actions))
    return found.order_by("-id")[:SHOWN]


@dataclass(frozen=True)
class Trail:
    """The audit trail in numbers of the last week."""

    entries: int
    refused: int
    failed: int
    exports: int


def trail_of_week(at: datetime) -> Trail:
    """One query."""
    counted = AuditEntry.objects.filter(at__gt=at - RECENT).aggregate(
        entries=Count("pk"),
        refused=Count("pk", filter=Q(result=Result.REFUSED)),
        failed=Count("pk", filter=Q(result=Result.FAILED)),
        exports=Count("pk", filter=Q(action="export")),
    )
    return Trail(**counted)


@dataclass(frozen=True)
class Policy:
    """What is in force, by the settings."""

    length: int
    history: int
    classes: int
    age: int
    idle: int
    idle_admin: int
    absolute: int
    tries: int
    lock: int
    step_up: int
    stale: int


def policy() -> Policy:
    """Minutes, hours and days as they are read."""
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    options = {entry["NAME"].rpartition(".")[2]: entry.get("OPTIONS", {}) for entry in validators}
    return Policy(
        length=options["LengthValidator"]["min_length"],
        history=options["NotReusedValidator"]["last"],
        classes=options["CharacterClassValidator"]["classes"],
        age=settings.PASSWORD_MAX_AGE_DAYS,
        idle=settings.SESSION_IDLE_SECONDS // 60,
        idle_admin=settings.SESSION_IDLE_ADMIN_SECONDS // 60,
        absolute=settings.SESSION_COOKIE_AGE // 3600,
        tries=settings.SIGN_IN_LIMITS["ACCOUNT"],
        lock=settings.SIGN_IN_LOCK_SECONDS // 60,
        step_up=settings.STEP_UP_SECONDS // 60,
        stale=settings.STALE_DAYS,
    )
