"""The register of what binds experts: declared by themselves or recorded by the bureau, which alone strikes off."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
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
