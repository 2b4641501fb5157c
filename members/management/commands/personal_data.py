"""Prints the inventory of personal data: docs/personal-data.md is its output, and a test compares the two."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from portal.kernel.fields import EncryptedField
from portal.kernel.personal import INVENTORY, Held

HEAD = """# Personal data

Everything in the portal that tells something about a person: why it is held, on which ground, how long. Written by
`python manage.py personal_data > docs/personal-data.md` from `members/rules/personal.py`; a test finds fields that look
personal and are not declared there. Articles are those of the Personal Information Protection Law.

**sealed** fields are encrypted in the database (AES-GCM or SM4-GCM) and shown in part; whoever reveals one needs a
right of its own, a fresh confirmation of identity and a reason, and leaves a record. *no copy* marks what only proves
who somebody is: a hash or a secret.

| held in | fields | purpose | ground | kept |
|---|---|---|---|---|
"""
TAIL = """
Rights: each person sees, downloads and has corrected what is held about it on the page "My data"; requests are answered
within fifteen working days by an administrator of the own organisation, else by the system administrator. The copy
holds the rows above and, as keys, every row that names the person (`acts`).

Restriction: `python manage.py restrict_persons`, run daily, restricts people whose account has been deactivated for
PERSONAL_RETENTION_DAYS (three years): name, address and position are sealed, roles and factors end, and others see a
masked name. The audit trail and the files of grants stay as the law on archives and accounting demands. Backups older
than a restriction still hold the data: restore them only together with another run of the command.
"""


class Command(BaseCommand):
    """Prints Markdown in English."""

    help = "Print the inventory of personal data as Markdown."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with translation.override("en"):
            rows = [_row(held) for held in INVENTORY]
        self.stdout.write(HEAD + "\n".join(rows) + "\n" + TAIL, ending="")


def _row(held: Held) -> str:
    fields = ", ".join(_field(held, field) for field in held.columns() if field.name not in {"id", "created_at"})
    return f"| {held.model} | {fields} | {held.purpose} | {held.basis.value} | {held.kept.value} |"


def _field(held: Held, field: Any) -> str:
    marks = "**sealed** " * isinstance(field, EncryptedField) + "*no copy* " * (field.name in held.withheld)
    return f"{marks}{field.name}"
