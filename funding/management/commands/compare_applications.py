"""`manage.py compare_applications`: submissions from before there was a comparison, or cut by an older method."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from funding.selectors.similarity import uncompared
from funding.services.similarity import order_comparison, store_passages


class Command(BaseCommand):
    """First all of them are cut, so that each finds each; then a worker compares one after the other."""

    help = "Have every submission compared with all others that was not compared as it stands."

    def handle(self, *_args: Any, **_options: Any) -> None:
        rows = list(uncompared().only("pk", "snapshot_hash"))
        for application in rows:
            store_passages(application=application, snapshot_hash=application.snapshot_hash)
        for application in rows:
            order_comparison(application=application, at=timezone.now())
        self.stdout.write(f"{len(rows)} applications are being compared")
