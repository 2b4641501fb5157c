"""The register of what binds experts: declared by themselves or recorded by the bureau, which alone strikes off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from members.enums import Action
from members.models import Expert, Organisation, Relation, User
from members.rules.relations import RelationSource
from members.services.experts import UNKNOWN_CODE
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused

FACTS = ("kind", "name", "person", "percent", "since", "until", "document_number")


@transaction.atomic
def record_relation(*, expert: Expert, actor: User, at: datetime, code: str = "", **facts: Any) -> Relation:
    """One relation: `code` of an organisation in the portal or `name` of another one, and FACTS.

    Raises ValidationError for single fields.
    """
    require(actor, "members.record_relation", expert)
    locked = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
    own = locked.user_id == actor.pk
    row = Relation(
        expert=locked, organisation=_organisation(code), recorded_by=actor, created_at=at,
        source=RelationSource.SELF if own else RelationSource.BUREAU, **facts,
    )  # fmt: skip
    row.full_clean(exclude=["expert", "recorded_by"])
    row.save()
    said = {name: facts.get(name) for name in FACTS} | {"relation": row.pk, "organisation": row.organisation_id}
    audit.record(actor=actor, action=Action.RECORD_RELATION, subject=locked, at=at, facts=said)
    return row


def _organisation(code: str) -> Organisation | None:
    if not code.strip():
        return None
    found = Organisation.objects.filter(uscc=code.strip().upper()).first()
    if found is None:
        raise ValidationError({"code": UNKNOWN_CODE})
    return found


@transaction.atomic
def strike_relation(*, relation: Relation, actor: User, reason: str, at: datetime) -> Relation:
    """Strike off what was recorded wrongly; it stays on record and binds nobody. What has ended gets an end instead."""
    require(actor, "members.strike_relation", relation)
    locked = Relation.objects.select_for_update(of=("self",)).get(pk=relation.pk)
    if locked.struck_at:
        raise TransitionRefused(_("This relation is struck off already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Please give a reason.")})
    locked.struck_at, locked.struck_by, locked.struck_reason = at, actor, reason.strip()
    locked.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    facts = {"relation": locked.pk}
    audit.record(
        actor=actor, action=Action.STRIKE_RELATION, subject=locked.expert, at=at, note=reason.strip(), facts=facts
    )
    return locked


# --- many at once ------------------------------------------------------------------------------
MOST = 500


@dataclass(frozen=True)
class Entry:
    """A row of a file."""

    number: int
    email: str
    kind: str
    person: str = ""
    code: str = ""
    name: str = ""
    percent: Decimal | None = None
    since: date | None = None
    until: date | None = None
    document_number: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """What `record_relation` takes."""
        return {name: getattr(self, name) for name in (*FACTS, "code")}


@dataclass(frozen=True)
class RowError:
    """What is wrong in a row; `column` is empty where it is the row as a whole."""

    row: int
    column: str
    text: str


class RowsRefused(ValidationError):
    """Nothing was recorded, for these rows are wrong."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(_("Nothing was recorded: some rows are wrong."))
        self.rows = list(errors)


@transaction.atomic
def import_relations(
    *, entries: Sequence[Entry], actor: User, at: datetime, unread: Sequence[RowError] = ()
) -> tuple[int, int]:
    """Record all of them or none; how many were new and how many stood there already.

    Raises RowsRefused, also for rows that could not be read.
    """
    require(actor, "members.import_relations")
    experts = {one.user.email.lower(): one for one in _experts(entries)}
    errors, new, known = list(unread), 0, 0
    for entry in entries:
        expert = experts.get(entry.email.lower())
        if expert is None:
            errors.append(RowError(entry.number, "", str(_("There is no expert with this address."))))
            continue
        if _stands(expert, entry):
            known += 1
            continue
        try:
            with transaction.atomic():
                record_relation(expert=expert, actor=actor, at=at, **entry.facts)
        except ValidationError as error:
            errors.append(RowError(entry.number, "", " ".join(error.messages)))
        new += 1
    if errors:
        raise RowsRefused(errors)
    return new, known


def _experts(entries: Sequence[Entry]) -> list[Expert]:
    """In one order, so that two imports do not wait for each other."""
    emails = {entry.email.lower() for entry in entries}
    rows = Expert.objects.annotate(address=Lower("user__email")).filter(address__in=emails)
    return list(rows.select_related("user").order_by("pk"))


def _stands(expert: Expert, entry: Entry) -> bool:
    """Whether just this is recorded already: the same file may be brought twice."""
    facts = {name: getattr(entry, name) for name in FACTS if name != "document_number"}
    rows = expert.relations.standing().filter(**facts)
    code = entry.code.strip().upper()
    return rows.filter(organisation__uscc=code).exists() if code else rows.filter(organisation=None).exists()
