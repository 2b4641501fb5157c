"""The Seven Ones of a consortium, year by year: what its lead claims, what proves it, what the bureau verified."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consortia.enums import Progress, SevenOnes
from consortia.models.consortium import Consortium
from consortia.rules.sevenones import OneStatus, Proof
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record

PERSON = settings.AUTH_USER_MODEL
S = OneStatus


class SevenOnesYear(Record):
    """A year in which nothing is claimed or verified any more."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed at"))

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class SevenOnesQuerySet(models.QuerySet["SevenOnesItem"]):
    """Items, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the consortia that the user may see."""
        return self.filter(consortium__in=Consortium.objects.visible_to(user))

    def waiting(self) -> Self:
        """Claimed and not judged."""
        return self.filter(status=S.CLAIMED)


class SevenOnesItem(Record):
    """One of the seven in one year.

    `proposed` is what the registers said when it was claimed. `verified` stays while a further claim waits.
    """

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="seven_ones", editable=False)
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    item = models.CharField(_("item"), max_length=12, choices=SevenOnes, editable=False)
    claimed = models.PositiveSmallIntegerField(_("how far it is"), choices=Progress, default=Progress.NONE)
    narrative = models.TextField(_("narrative"), max_length=2000, blank=True)
    proposed = models.PositiveSmallIntegerField(
        _("what the registers say"), choices=Progress, default=Progress.NONE, editable=False
    )
    status = models.CharField(_("status"), max_length=8, choices=S, default=S.OPEN, editable=False)
    claimed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    claimed_at = models.DateTimeField(_("claimed at"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    verified = models.PositiveSmallIntegerField(_("verified"), choices=Progress, null=True, editable=False)
    verified_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    verified_at = models.DateTimeField(_("verified at"), null=True, editable=False)

    objects = SevenOnesQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "item"]
        indexes = [models.Index(fields=["claimed_at", "id"], condition=Q(status=S.CLAIMED), name="seven_ones_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["consortium", "year", "item"], name="seven_ones_item_once_a_year"),
            models.CheckConstraint(
                condition=Q(claimed__lte=2, proposed__lte=2) & (Q(verified=None) | Q(verified__lte=2)),
                name="seven_ones_none_begun_or_built",
            ),
            models.CheckConstraint(
                condition=Q(status=S.OPEN, claimed_by=None, claimed_at=None)
                | ~Q(status=S.OPEN) & Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="seven_ones_claimed_means_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status=S.RETURNED) & ~Q(reason="") | ~Q(status=S.RETURNED) & Q(reason=""),
                name="seven_ones_sent_back_means_why",
            ),
            models.CheckConstraint(
                condition=Q(verified=None, verified_by=None, verified_at=None)
                | Q(verified__isnull=False, verified_by__isnull=False, verified_at__isnull=False),
                name="seven_ones_verified_means_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status=S.VERIFIED) | Q(verified=F("claimed")) & ~Q(verified_by=F("claimed_by")),
                name="seven_ones_verified_by_another",
            ),
        ]

    def __str__(self) -> str:
        return str(SevenOnes(self.item).label)

    def get_absolute_url(self) -> str:
        address = reverse("consortia:consortium-seven", args=[self.consortium_id])
        return f"{address}?year={self.year}"


class SevenOnesEvidence(Record):
    """What proves an item: a file, or an entry of a register by its id, named as it was when it was claimed."""

    row = models.ForeignKey(SevenOnesItem, models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=Proof)
    object_id = models.UUIDField(null=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    label = models.CharField(_("what it proves"), max_length=160)

    class Meta:
        ordering = ["kind", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["row", "object_id"], name="seven_ones_entry_linked_once"),
            models.CheckConstraint(
                condition=Q(kind=Proof.FILE, object_id=None, attachment__isnull=False)
                | ~Q(kind=Proof.FILE) & Q(object_id__isnull=False, attachment=None),
                name="seven_ones_proof_is_a_file_or_an_entry",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> str:
        """What a form calls it: a file by its own id, an entry by that of the entry."""
        return f"{self.kind}:{self.object_id or self.pk}"
