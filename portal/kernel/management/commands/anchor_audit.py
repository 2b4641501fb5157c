"""`manage.py anchor_audit`: write the head of the audit trail to the file outside the database now."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from portal.kernel import audit
from portal.kernel.actions import Action
from portal.kernel.audit_anchor import AnchorDamaged
from portal.kernel.audit_chain import anchor_head


class Command(BaseCommand):
    """Beat does the same every five minutes, after a verification."""

    help = "Append the head of the audit trail (number, hash, time) to the file AUDIT_ANCHOR."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anew", action="store_true", help="the file was lost: go on without it, and say so in the trail"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            head = _anchor(at=timezone.now(), anew=options["anew"])
        except AnchorDamaged as damage:
            raise CommandError(f"{settings.AUDIT_ANCHOR}: {damage}") from None
        self.stdout.write(f"entry {head[0]} {head[1]} in {settings.AUDIT_ANCHOR}" if head else "the trail is empty")


def _anchor(*, at: datetime, anew: bool) -> tuple[int, str] | None:
    with transaction.atomic():
        if anew:
            audit.record(actor=None, action=Action.ANCHOR, subject=None, at=at)
        return anchor_head(at=at, anew=anew)
