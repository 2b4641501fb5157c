"""`manage.py database_roles`: as the owner, make the runtime role and the auditors' reader, and cut their rights."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from portal.kernel.database_roles import Login, separate
from portal.settings import env


class Command(BaseCommand):
    """Run after every migrate; the second time it changes nothing."""

    help = "Make the database's runtime role (of DATABASE_URL) and its reader for auditors, with the rights they need."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runtime", help="name of the runtime role; by default the user of DATABASE_URL")
        parser.add_argument("--reader", help="name of the reader; by default the user of DATABASE_READER_URL")

    def handle(self, *_args: Any, **options: Any) -> None:
        runtime = self._login(options["runtime"], "DATABASE_URL", "app")
        reader = self._login(options["reader"], "DATABASE_READER_URL", "auditor")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            owner = cursor.fetchone()[0]
            if owner in {runtime.name, reader.name}:
                raise CommandError(f"{owner} owns the tables: name the runtime role in DATABASE_URL and the owner in "
                                   "DATABASE_OWNER_URL.")  # fmt: skip
            separate(cursor, runtime=runtime, reader=reader)
        self.stdout.write(f"owner {owner}, runtime {runtime.name}, reader {reader.name}")

    @staticmethod
    def _login(name: str | None, variable: str, suffix: str) -> Login:
        """Name and password from the option or the variable, else a name made from that of the database."""
        if name:
            return Login(name)
        if not env.given(variable):
            return Login(f"{settings.DATABASES['default']['NAME']}_{suffix}")
        parts = urlsplit(env.secret(variable))
        return Login(unquote(parts.username or ""), unquote(parts.password or ""))
