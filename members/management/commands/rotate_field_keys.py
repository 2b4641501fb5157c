"""Seals everything anew with the first key of FIELD_KEYS; safe while the portal runs, and to be repeated."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.services.factors import rotate_factor
from portal.kernel.fields_rotation import BATCH, rotate_fields


class Command(BaseCommand):
    """Prints a line for each column; fails when something cannot be opened, after having done the rest."""

    help = "Seal bank accounts, identity numbers, telephones and second factors with the first key of FIELD_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows in one transaction")

    def handle(self, *_args: Any, **options: Any) -> None:
        lost = []
        for rotation in rotate_fields(options["batch"]):
            self.stdout.write(f"{rotation.place}: {rotation.done} sealed anew")
            lost += rotation.unreadable
        keys = list(Authenticator.objects.order_by("pk").values_list("pk", flat=True))
        results = {key: rotate_factor(authenticator=key) for key in keys}
        self.stdout.write(f"mfa_authenticator.data: {sum(done is True for done in results.values())} sealed anew")
        lost += [f"mfa_authenticator.data:{key}" for key, done in results.items() if done is None]
        if lost:
            raise CommandError(f"{len(lost)} values do not open with any key: {', '.join(lost[:20])}")
