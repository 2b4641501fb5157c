"""Credit checks: a source may propose what it knows, an official looks at it and records it.

A source is a class without arguments that has `name` and `look_up`; CREDIT_SOURCE names it. Two are shipped: FileSource
reads a list that was delivered as a file (CREDIT_FILE), NoSource knows nothing, so that everything is entered by hand.
"""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from members.enums import Action, CreditResult
from members.models import CreditCheck, Organisation, User
from members.services.documents import store_document
from portal.kernel import audit
from portal.kernel.authz import require


@dataclass(frozen=True)
class Finding:
    """What a source knows of one organisation."""

    result: str
    as_of: date
    reference: str = ""
    summary: str = ""


class CreditSource(Protocol):
    """Where credit data come from; asked while an official waits, so it answers within a second or not at all."""

    name: str

    def look_up(self, *, uscc: str, name: str) -> Finding | None:
        """What is known under this code; None when nothing is, or when the source is away."""


class NoSource:
    """Nothing is looked up."""

    name = ""

    def look_up(self, *, uscc: str, name: str) -> Finding | None:
        """Nothing."""
        return None


class FileSource:
    """A CSV file in UTF-8 with the columns uscc, result (GOOD, ATTENTION, BAD), as_of, reference, summary."""

    name = str(_("Credit list delivered as a file"))

    def look_up(self, *, uscc: str, name: str) -> Finding | None:
        """The newest line of this code that can be read."""
        path = Path(settings.CREDIT_FILE)
        if not settings.CREDIT_FILE or not uscc or not path.is_file():
            return None
        with path.open(encoding="utf-8-sig", newline="") as lines:
            found = [one for row in csv.DictReader(lines) if row.get("uscc") == uscc and (one := _finding(row))]
        return max(found, key=lambda one: one.as_of, default=None)


def _finding(row: dict[str, str]) -> Finding | None:
    try:
        result, as_of = CreditResult(row["result"].strip().upper()), date.fromisoformat(row["as_of"].strip())
    except (KeyError, ValueError, AttributeError):
        return None
    return Finding(result, as_of, (row.get("reference") or "")[:80], (row.get("summary") or "")[:1000])


def credit_source() -> CreditSource:
    """The source that this installation names."""
    found: CreditSource = import_string(settings.CREDIT_SOURCE)()
    return found


def check_credit(
    *, organisation: Organisation, check: CreditCheck, actor: User, at: datetime, upload: Any = None
) -> CreditCheck:
    """Record an unsaved check."""
    require(actor, "members.check_credit", organisation)
    if check.as_of > timezone.localdate(at):
        raise ValidationError({"as_of": _("This day is still to come.")})
    with transaction.atomic():
        check.organisation, check.checked_by, check.created_at = organisation, actor, at
        check.document = store_document(upload=upload, organisation=organisation, actor=actor, at=at)
        check.save()
        facts = {"result": check.result, "as_of": check.as_of.isoformat(), "source": check.source}
        audit.record(actor=actor, action=Action.CHECK_CREDIT, subject=organisation, at=at, facts=facts)
    return check
