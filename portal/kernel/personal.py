"""Personal data: the inventory of what is held and why, and the one door through which a sealed value comes out."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.crypto import Unreadable
from portal.kernel.fields import EncryptedField, Secret
from portal.kernel.workflow import TransitionRefused

logger = logging.getLogger(__name__)

ALL = "*"
REVEAL = "reveal"
NO_REASON = _("Please say what you need it for.")
UNREADABLE = _("This value cannot be opened with the keys of the portal. Please tell the system administrator.")


# --- the inventory -----------------------------------------------------------------------------
class Basis(Enum):
    """Why the law allows to hold it (Personal Information Protection Law, articles in brackets)."""

    DUTY = _("needed for a statutory duty (13.1.3, 34)")
    CONTRACT = _("needed for a contract with the person or its organisation (13.1.2)")
    CONSENT = _("consent, which can be taken back (13.1.1, 14, 15)")
    SEPARATE_CONSENT = _("separate consent for sensitive data (29)")
    SECURITY = _("duty to keep the system secure (Cybersecurity Law)")


class Kept(Enum):
    """How long it stays; afterwards the person is restricted or the row is deleted."""

    ACCOUNT = _("while the account is active, then three years; then restricted")
    TASK = _("until the purpose is fulfilled; deleted by the person at any time")
    FILE = _("with the file of the grant, ten years")
    SHORT = _("days: deleted by the portal itself")
    TRAIL = _("with the audit trail: at least 180 days, three years where money is concerned")


@dataclass(frozen=True)
class Held:
    """Fields of one model that tell something about a person.

    `path` leads from the row to the user whose data it is (ORM lookup), by which the copy for that person is made;
    `by` is the user's attribute it equals. Empty when the person has no account. `withheld` are fields that no copy
    holds, because they only serve to prove who somebody is.
    """

    model: str
    fields: tuple[str, ...]
    purpose: str | Promise
    basis: Basis
    kept: Kept
    path: str = ""
    by: str = "pk"
    withheld: frozenset[str] = frozenset()

    def get_model(self) -> type[models.Model]:
        """The model itself."""
        return apps.get_model(self.model)

    def columns(self) -> list[models.Field[Any, Any]]:
        """The fields that it speaks of."""
        concrete = self.get_model()._meta.concrete_fields  # noqa: SLF001
        return [field for field in concrete if ALL in self.fields or field.name in self.fields]

    def shown(self) -> list[models.Field[Any, Any]]:
        """Those of which the person gets a copy."""
        return [field for field in self.columns() if field.name not in self.withheld]

    @property
    def sensitive(self) -> bool:
        """Whether it needs a separate consent or is sealed."""
        sealed = any(isinstance(field, EncryptedField) for field in self.columns())
        return sealed or self.basis is Basis.SEPARATE_CONSENT


INVENTORY: list[Held] = []


def hold(
    model: str, *fields: str, purpose: str | Promise, basis: Basis, kept: Kept,
    path: str = "", by: str = "pk", withheld: Iterable[str] = (),
) -> None:  # fmt: skip
    """Declare personal data; `fields` may be ALL."""
    INVENTORY.append(Held(model, fields, purpose, basis, kept, path, by, frozenset(withheld)))


# --- revealing ---------------------------------------------------------------------------------
def disclose(
    *, subject: models.Model, fields: Iterable[str], permission: str, actor: Any, at: datetime, note: str, own: bool
) -> dict[str, str]:
    """The plain text of sealed fields of one row, once, on record; the record holds names and reason, no value.

    Raises PermissionDenied; ValidationError without a reason, which only the person itself (`own`) need not give;
    TransitionRefused when a value does not open.
    """
    require(actor, permission, subject)
    if not own and not note.strip():
        raise ValidationError({"note": NO_REASON})
    secrets: dict[str, Secret] = {name: getattr(subject, name) for name in fields}
    try:
        plain = {name: secret.reveal() for name, secret in secrets.items() if secret}
    except Unreadable as error:
        logger.error("%s %s: %s", subject._meta.label, subject.pk, error)  # noqa: SLF001, TRY400
        raise TransitionRefused(UNREADABLE) from None
    with transaction.atomic():
        facts = {"fields": sorted(plain), "own": own}
        audit.record(actor=actor, action=REVEAL, subject=subject, at=at, note=note.strip(), facts=facts)
    return plain
