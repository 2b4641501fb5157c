"""`manage.py verify_audit`: follow the chain of the audit trail to its head, and compare it with the anchors."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.kernel.audit_chain import verify
from portal.kernel.audit_retention import verify_archive

SHOWN = 20


class Command(BaseCommand):
    """Exits with an error that tells the first broken places."""

    help = "Verify the audit trail: edits, deletions, insertions, swaps, and a missing end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--archive", type=Path, help="verify this file of purge_audit instead")

    def handle(self, *_args: Any, **options: Any) -> None:
        begin = time.monotonic()
        found = verify_archive(options["archive"]) if options["archive"] else verify()
        if found.breaks:
            more = f"\n… and {len(found.breaks) - SHOWN} more" if len(found.breaks) > SHOWN else ""
            raise CommandError("The audit trail is broken:\n" + "\n".join(found.breaks[:SHOWN]) + more)
        self.stdout.write(f"{found.entries} entries, unbroken; head {found.head[0]} {found.head[1]}")
        self.stderr.write(f"{found.entries / max(time.monotonic() - begin, 1e-6):.0f} entries a second")
