"""What the registers of a consortium's year have in common."""

from __future__ import annotations

from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.urls import reverse

from consortia.models.consortium import Consortium
from portal.kernel.models import Attachment
from portal.kernel.models.base import Record


class EntryQuerySet(models.QuerySet[Any]):
    """Entries of registers, cut to what a person may see."""

    def visible_to(self, user: Any) -> Self:
        """Those of the consortia that the user may see."""
        return self.filter(consortium__in=Consortium.objects.visible_to(user))


class Entry(Record):
    """One entry of a register. `OWNER` names the member that may write it too, `MEMBERS` what must be members."""

    OWNER: ClassVar[str] = ""
    MEMBERS: ClassVar[tuple[str, ...]] = ()

    consortium = models.ForeignKey(Consortium, models.CASCADE, related_name="%(class)ss", editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return reverse("consortia:consortium-cooperation", args=[self.consortium_id])

    @property
    def owner_id(self) -> UUID | None:
        """The organisation that writes this entry next to the lead; None while it is not named."""
        found: UUID | None = getattr(self, f"{self.OWNER}_id") if self.OWNER else None
        return found

    @property
    def is_final(self) -> bool:
        """Only the lead changes it any more."""
        return False


class ProvenEntry(Entry):
    """An entry with a file that proves it."""

    proof = models.ForeignKey(Attachment, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        abstract = True
