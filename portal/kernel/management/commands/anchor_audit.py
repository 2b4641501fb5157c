"""`manage.py anchor_audit`: write the head of the audit trail to the file outside the database now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.kernel.audit_anchor import AnchorDamaged
from portal.kernel.audit_chain import anchor_head


class Command(BaseCommand):
    """Beat does the same every five minutes, after a verification."""

    help = "Append the head of the audit trail (number, hash, time) to the file AUDIT_ANCHOR."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            head = anchor_head(at=timezone.now())
        except AnchorDamaged as damage:
            raise CommandError(f"{settings.AUDIT_ANCHOR} was changed: {damage}") from None
        self.stdout.write(f"entry {head[0]} {head[1]} in {settings.AUDIT_ANCHOR}" if head else "the trail is empty")
