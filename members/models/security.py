"""What the house keeps so that an account stays its owner's."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from members.enums import Guard, Role
from portal.kernel.models.base import Record


class SignInGuardQuerySet(models.QuerySet["SignInGuard"]):
    """Counts, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """All to the security administrators."""
        return self if user.is_authenticated and user.holds(Role.SECURITY_ADMIN) else self.none()

    def locked(self, at: datetime) -> Self:
        """Those that refuse now."""
        return self.filter(locked_until__gt=at)


NOBODYS = {
    Guard.ACCOUNT: _("An account that nobody here has, tried from an unknown device"),
    Guard.DEVICE: _("A device whose owner is no longer known"),
    Guard.ADDRESS: _("A network address that is not known"),
}


class SignInGuard(Record):
    """Wrong passwords of one account, known device or network address since `since`; refuses until `locked_until`.

    `key` is a keyed hash, so that an address which nobody has is counted as well and nothing tells that it is
    nobody's; `label` is what the security administrator reads.
    """

    scope = models.CharField(_("kind"), max_length=10, choices=Guard)
    key = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    label = models.CharField(max_length=60, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()
    locked_until = models.DateTimeField(_("locked until"), null=True)

    objects = SignInGuardQuerySet.as_manager()

    class Meta:
        ordering = ["-locked_until"]
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_count_for_each_guarded_thing")]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.whose}"

    @property
    def whose(self) -> str:
        """Whom or what it keeps out, in words when nobody here has the account."""
        if self.user:
            return self.user.name
        return self.label or str(NOBODYS[Guard(self.scope)])


class PastPassword(Record):
    """The hash of a password that somebody has or had; the newest one also tells how old the present one is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="past_passwords")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-set_at"]
        indexes = [models.Index(fields=["user", "-set_at"], name="past_password")]

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"


class UsedCode(Record):
    """A one-time code that was taken: the database, not a cache, says that it counts once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_code_counts_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.used_at:%Y-%m-%d %H:%M}"


class EmailChange(Record):
    """An address that somebody wants to sign in with from now on; only the SHA-256 of the token is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="email_change")
    email = models.EmailField(_("e-mail"))
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("valid until"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="new_email_in_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.email}"
