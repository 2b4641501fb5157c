"""`manage.py verify_audit`: follow the chain of the audit trail from its first entry to its head."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.kernel import audit
from portal.kernel.models import AuditEntry


class Command(BaseCommand):
    """Exits with an error naming the entries that do not follow from the one before."""

    help = "Verify the hash chain of the audit trail."

    def handle(self, *_args: Any, **_options: Any) -> None:
        broken = list(audit.broken_links())
        if broken:
            raise CommandError(f"The chain is broken at entries {', '.join(map(str, broken[:20]))}.")
        head = AuditEntry.objects.order_by("-id").first()
        self.stdout.write(
            f"{AuditEntry.objects.count()} entries, unbroken; head {head.hash if head else audit.GENESIS}"
        )
