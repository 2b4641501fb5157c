"""`manage.py demo`: load the demo into an empty database; `--people` names who can sign in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from members.models import Organisation
from members.selectors import demo_people
from portal.kernel import jobs
from portal.kernel.models import Job
from portal.kernel.models.job import JobState
from portal.kernel.outbox import KIND
from reports.management.demo.scale import multiply
from reports.management.demo.story import play


class Command(BaseCommand):
    """Everything is invented; the same on every run, with dates that move with today."""

    help = "Load the demo into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--consortia", type=int, default=0, metavar="N", help="add rows until there are N consortia"
        )
        parser.add_argument("--people", action="store_true", help="print the people to sign in as, and do nothing else")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["people"]:
            self.people()
            return
        if not Organisation.objects.exists():
            with transaction.atomic(), translation.override("zh-hans"):
                play(timezone.localdate(), self.tell)
            self.tell(f"{send_mails()} mails sent")
        elif not options["consortia"]:
            raise CommandError("There is data here already; the demo is loaded into an empty database.")
        if options["consortia"]:
            with transaction.atomic():
                self.stdout.write(f"{multiply(options['consortia'], timezone.now())} consortia added")

    def tell(self, text: str) -> None:
        """Say what is being loaded."""
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def people(self) -> None:
        """The demo people as a table, and the page that signs them in."""
        with translation.override("en"):
            rows = [(person.email, person.name, ", ".join(roles)) for person, roles in roles_of_people()]
        widths = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
        for email, name, roles in rows:
            self.stdout.write(f"  {email:<{widths[0]}}  {name:<{widths[1]}}  {roles}")
        self.stdout.write(f"\nSign any of them in by one click: {settings.PUBLIC_URL}/demo/")


def send_mails() -> int:
    """Hand what waits in the outbox to the mail server, as a worker would; how many mails."""
    waiting = list(Job.objects.filter(kind=KIND, state=JobState.QUEUED).values_list("pk", flat=True))
    for pk in waiting:
        jobs.run(pk, timezone.now())
    return len(waiting)


def roles_of_people() -> list[tuple[Any, list[str]]]:
    """Each demo person with the names of its roles."""
    people = demo_people().prefetch_related("role_grants")
    return [
        (person, sorted({grant.get_role_display() for grant in person.role_grants.all() if not grant.revoked_at}))
        for person in people
    ]
