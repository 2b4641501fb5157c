"""`manage.py verify_backup DIRECTORY`: whether every byte of a backup is as it was written."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.kernel import backups


class Command(BaseCommand):
    """Exits with an error naming what is missing, changed or too many; needs no database."""

    help = "Verify a backup."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            manifest = backups.verify(options["directory"])
        except backups.BackupFault as fault:
            raise CommandError("\n".join(fault.faults)) from fault
        self.stdout.write(f"{options['directory']}: whole, of {manifest['at']}")
