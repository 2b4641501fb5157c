"""Restricts people whose data have been kept long enough; for a daily run, or for one person on demand."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from members.models import User
from members.services.restrictions import lift_restriction, past_retention, restrict_person
from portal.kernel.workflow import TransitionRefused

GROUND = "PIPL 19 and 47, regulation on network data 24: retention of accounts is over"


class Command(BaseCommand):
    """Prints the id of everybody it restricts; names nobody."""

    help = "Restrict deactivated people after PERSONAL_RETENTION_DAYS, or one --person; --lift undoes it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--person", help="the id of one person")
        parser.add_argument("--ground", default=GROUND, help="the legal ground that is recorded")
        parser.add_argument("--lift", action="store_true", help="end the restriction of --person")
        parser.add_argument("--dry-run", action="store_true", help="only say who would be restricted")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = timezone.now()
        people = past_retention(before=at - timedelta(days=settings.PERSONAL_RETENTION_DAYS))
        if options["person"]:
            people = User.objects.filter(pk=options["person"])
        if options["person"] and not people:
            raise CommandError("There is no such person.")
        act = lift_restriction if options["lift"] else restrict_person
        if options["lift"] and not options["person"]:
            raise CommandError("--lift needs --person.")
        for person in people:
            self.stdout.write(str(person.pk))
            try:
                if not options["dry_run"]:
                    act(person=person, ground=options["ground"], actor=None, at=at)
            except TransitionRefused as refusal:
                raise CommandError(" ".join(map(str, refusal.reasons))) from None
