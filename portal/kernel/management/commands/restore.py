"""`manage.py restore DIRECTORY`: everything of a backup, into an empty database and an empty storage."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.kernel import restoring
from portal.kernel.backups import BackupFault


class Command(BaseCommand):
    """Refuses a backup that is not whole and a home that is not empty; checks everything afterwards."""

    help = "Restore a backup into an empty database and an empty storage."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            manifest = restoring.restore(options["directory"], timezone.now())
        except BackupFault as fault:
            raise CommandError("\n".join(fault.faults)) from fault
        self.stdout.write(f"restored as of {manifest['at']}; next: migrate, database_roles")
