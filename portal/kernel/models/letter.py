"""Mail that leaves the portal: how people want to be told, what the bureau writes, and what was really sent."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.authz import may
from portal.kernel.fields import EncryptedField
from portal.kernel.models.base import Record
from portal.kernel.models.job import Job, JobState


class Channel(models.TextChoices):
    """By which way a person learns of a kind of notice; in the portal it stands always."""

    PORTAL = "PORTAL", _("In the portal only")
    DIGEST = "DIGEST", _("In the daily mail")
    ONCE = "ONCE", _("By mail at once")


class NoticeChoice(Record):
    """A person wants to learn of a kind otherwise than the portal suggests."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=6, choices=Channel)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notice_choice_once_for_a_kind"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="notice_choice_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"


class MailText(Record):
    """One version of the text of a kind of mail, as the bureau wrote it; the newest holds. Empty: the built-in text."""

    kind = models.CharField(max_length=60)
    version = models.PositiveIntegerField(_("version"))
    builtin = models.BooleanField(_("built-in text"), default=False)
    subject_zh = models.CharField(_("Subject in Chinese"), max_length=150, blank=True)
    body_zh = models.TextField(_("Text in Chinese"), max_length=5000, blank=True)
    subject_en = models.CharField(_("Subject in English"), max_length=150, blank=True)
    body_en = models.TextField(_("Text in English"), max_length=5000, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="mail_text_version_once"),
            models.CheckConstraint(
                condition=Q(builtin=True, subject_zh="", body_zh="", subject_en="", body_en="")
                | (Q(builtin=False) & ~Q(subject_zh="") & ~Q(body_zh="") & ~Q(subject_en="") & ~Q(body_en="")),
                name="mail_text_is_whole_or_built_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


CONFIDENTIAL: set[str] = set()  # kinds of mails that no page of the outbox shows


class LetterQuerySet(models.QuerySet["Letter"]):
    """Mails, cut to what one may see."""

    def visible_to(self, user: Any) -> Self:
        """All to those who look after the outbox, except what is confidential."""
        if not (user.is_authenticated and may(user, "members.view_outbox")):
            return self.none()
        return self.exclude(kind__in=CONFIDENTIAL)


class Letter(Record):
    """A mail as it went out or waits to. A personal link in it stands apart and is forgotten as soon as it is sent."""

    kind = models.CharField(_("kind"), max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="letters", verbose_name=_("person")
    )
    to = EncryptedField(_("recipient"), mask="contact")
    language = models.CharField(_("language"), max_length=8)
    subject = models.CharField(_("subject"), max_length=300)
    body = EncryptedField(_("text"))
    secret = EncryptedField(blank=True, editable=False)
    job = models.OneToOneField(Job, models.CASCADE, related_name="letter")
    digest_on = models.DateField(null=True, editable=False)  # the day of which it tells
    handed_at = models.DateTimeField(null=True, editable=False)  # given to the mail server, which has not answered yet
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="letter_newest"),
            models.Index(fields=["kind", "-created_at"], name="letter_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "digest_on"], name="letter_one_digest_a_day", condition=Q(digest_on__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(digest_on=None) | Q(recipient__isnull=False), name="letter_digest_is_for_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("members:letter-detail", args=[self.pk])

    @property
    def status(self) -> JobState:
        """Where it stands: the state of its job."""
        return JobState(self.job.state)
