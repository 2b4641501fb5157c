"""`manage.py purge_audit FOLDER`: as the owner, archive the audit entries that need not be kept any longer."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from django.utils import timezone

from portal.kernel.audit_retention import NothingToPurge, TrailBroken, purge


class Command(BaseCommand):
    """Nothing younger than 180 days leaves, nothing about money younger than three years; never run by itself."""

    help = "Archive the oldest audit entries to a file in FOLDER and remove them from the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            done = purge(folder=options["folder"], at=timezone.now())
        except NothingToPurge:
            self.stdout.write("no entry is old enough")
            return
        except TrailBroken as error:
            raise CommandError(f"The trail is broken and stays as it is: {error}") from None
        except ProgrammingError as error:
            raise CommandError(f"Only the owner of the database may do this: {error}") from None
        self.stdout.write(f"{done.entries} entries up to {done.last_id} are in {done.archive}\nSHA-256 {done.sha256}")
