"""People who sign in."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.enums import KEEPERS, OFFICIALS, SECOND_FACTOR, Role
from portal.kernel.fields import EncryptedField
from portal.kernel.models.base import Record


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is kept in lower case."""

    def create_user(self, *, email: str, name: str, password: str | None = None, **facts: Any) -> User:
        """A person who may sign in; without a password only after setting one by mail."""
        user = self.model(email=email.strip().lower(), name=name, **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def visible_to(self, user: Any) -> models.QuerySet[User]:
        """Everybody to those who keep users and roles, oneself to all others; nobody who is restricted."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(restricted_at=None) if user.holds_any(KEEPERS) else self.filter(pk=user.pk)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(Record, AbstractBaseUser):
    """A person; what it may do follows from its role grants, nothing else."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    title = models.CharField(_("position"), max_length=60, blank=True)
    phone = EncryptedField(_("mobile telephone"), mask="phone", max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)  # single letters, in lists
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    notice_version = models.PositiveSmallIntegerField(_("accepted privacy notice"), default=0, editable=False)
    notice_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    restricted_at = models.DateTimeField(_("restricted at"), null=True, editable=False)
    restriction_ground = models.CharField(_("legal ground"), max_length=300, blank=True, editable=False)
    sealed_identity = EncryptedField(blank=True, editable=False)  # name, address and position while restricted
    reactivated_at = models.DateTimeField(null=True, editable=False)
    stale_warned_at = models.DateTimeField(null=True, editable=False)  # told that nobody has used the account

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")),
                name="user_email_in_lower_case",
                violation_error_message=_("An e-mail address is kept in small letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:user-detail", args=[self.pk])

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def grants(self) -> list[tuple[str, UUID | None, str | None]]:
        """(role, organisation id, district code) of every grant in force; one query, kept for the request."""
        return list(self.role_grants.filter(revoked_at=None).values_list("role", "organisation_id", "district_id"))

    @property
    def roles(self) -> set[str]:
        """The roles held, wherever."""
        return {role for role, _organisation, _district in self.grants}

    def holds(self, role: Role, *, organisation: UUID | None = None, district: str | None = None) -> bool:
        """Whether the role is held; with an organisation or district, whether it is held there."""
        return any(
            role == held
            and (organisation is None or organisation == at_organisation)
            and (district is None or district == at_district)
            for held, at_organisation, at_district in self.grants
        )

    def holds_any(self, roles: Collection[Role]) -> bool:
        """Whether at least one of the roles is held."""
        return not self.roles.isdisjoint(roles)

    @property
    def organisation_ids(self) -> set[UUID]:
        """The organisations this person acts for."""
        return {organisation for _role, organisation, _district in self.grants if organisation}

    @property
    def district_ids(self) -> set[str]:
        """The districts this person is an officer of."""
        return {district for _role, _organisation, district in self.grants if district}

    @property
    def is_official(self) -> bool:
        """Works for the bureau or a district."""
        return self.holds_any(OFFICIALS)

    @property
    def needs_second_factor(self) -> bool:
        """Officials, experts and administrators sign in with two factors."""
        return self.holds_any(SECOND_FACTOR)

    # Django asks these of every user; rights come from portal.kernel.authz alone.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_perms(self, perms: Collection[str], obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False
