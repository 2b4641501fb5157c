"""What a member confirmed, item by item."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consortia.enums import PartItem
from consortia.models.participation import Participation
from portal.kernel.models.base import Record


class ItemConfirmation(Record):
    """One item as it was confirmed; the newest counts, and only while the item reads exactly so. Never changed."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="confirmations")
    item = models.CharField(_("item"), max_length=12, choices=PartItem)
    content = models.JSONField(_("content"))
    sha256 = models.CharField(max_length=64)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"))

    class Meta:
        ordering = ["-confirmed_at", "-created_at", "-id"]
        indexes = [models.Index(fields=["participation", "item", "-confirmed_at"], name="confirmation_newest")]

    def __str__(self) -> str:
        return f"{self.participation} · {self.get_item_display()}"
