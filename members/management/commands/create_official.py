"""Makes the first people of the administration, before anybody is there to make them in the portal."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone, translation

from members.enums import ORGANISATION_ROLES, Role
from members.models import District
from members.services.people import create_official
from portal.kernel.workflow import TransitionRefused

ROLES = sorted(set(Role) - ORGANISATION_ROLES)


class Command(BaseCommand):
    """`manage.py create_official --email … --name … --role SECURITY_ADMIN`; the password is set by mail."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and which roles."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--title", default="", help="position, for example of a division head")
        parser.add_argument("--role", required=True, action="append", choices=ROLES, dest="roles")
        parser.add_argument("--district", help="code of the district; for DISTRICT_OFFICER")

    def handle(self, *, email: str, name: str, title: str, roles: list[str], district: str | None, **_: Any) -> None:
        """Make the account and say how it gets its password."""
        if (Role.DISTRICT_OFFICER in roles) != bool(district):
            raise CommandError("DISTRICT_OFFICER and --district belong together.")
        place = District.objects.filter(code=district).first()
        if district and place is None:
            raise CommandError(f"There is no district {district}.")
        with translation.override("en"):
            self._create(email, name, title, [Role(role) for role in roles], place)
        self.stdout.write(
            f"Done. The password is set by mail: {settings.PUBLIC_URL}{reverse('account_reset_password')}"
        )

    @staticmethod
    def _create(email: str, name: str, title: str, roles: list[Role], district: District | None) -> None:
        at = timezone.now()
        try:
            create_official(email=email, name=name, title=title, roles=roles, district=district, actor=None, at=at)
        except TransitionRefused as refusal:
            raise CommandError(" ".join(str(reason) for reason in refusal.reasons)) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
