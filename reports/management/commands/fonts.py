"""Cut the fonts of the reports from the system's Noto CJK; does nothing where they are there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.fonts import FACES, cut


class Command(BaseCommand):
    """`manage.py fonts`"""

    help = "Make the fonts of the PDF reports from Debian's fonts-noto-cjk."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for face in FACES:
            if not face.source.exists():
                raise CommandError(f"{face.source} is missing; install the package fonts-noto-cjk.")
            path = cut(face)
            self.stdout.write(f"{path.name}  {path.stat().st_size / 1_000_000:.1f} MB")
