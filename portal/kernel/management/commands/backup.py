"""`manage.py backup DIRECTORY`: a verified copy of database and files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.kernel import backups


class Command(BaseCommand):
    """Exits with an error, and leaves nothing behind, unless the whole backup is written and verified."""

    help = "Write a backup of the database and the files to a new directory, and verify it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="must not exist yet")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            manifest = backups.make(options["directory"].absolute(), timezone.now())
        except backups.BackupFault as fault:
            raise CommandError("\n".join(fault.faults)) from fault
        rows, files, entries = sum(manifest["rows"].values()), len(manifest["files"]), manifest["audit"]["entries"]
        self.stdout.write(f"{options['directory']}: {rows} rows, {files} files, {entries} audit entries")
