"""Integrity records: written by supervision, lifted with a reason; an appeal is noted."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import Action, Role
from members.models import IntegrityRecord, Organisation, User
from members.rules.standing import default_end
from members.selectors import holders
from members.services.documents import store_document
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

NOT_IN_FORCE = _("This record is not in force any more.")

register("members.integrity_recorded", _("A breach of integrity is recorded of %(organisation)s."), urgent=True)
register("members.integrity_lifted", _("An integrity record of %(organisation)s is lifted."))
register("members.integrity_appealed", _("The appeal of %(organisation)s against an integrity record is noted."))


def require_order(*, begins: date, ends: date) -> None:
    """A term has an order. Raises ValidationError for `effective_to`."""
    if ends < begins:
        raise ValidationError({"effective_to": _("The end is before the beginning.")})


@transaction.atomic
def record_integrity(
    *, organisation: Organisation, level: str, behaviour: str, source: str, measure: str, effective_from: date,
    effective_to: date | None, actor: User, at: datetime, upload: Any = None,
) -> IntegrityRecord:  # fmt: skip
    """Record a breach; without an end it lasts as long as its level lasts by default."""
    require(actor, "members.record_integrity", organisation)
    return enter_breach(
        organisation=organisation, level=level, behaviour=behaviour, source=source, measure=measure,
        effective_from=effective_from, effective_to=effective_to, actor=actor, at=at, upload=upload,
    )  # fmt: skip


def enter_breach(
    *, organisation: Organisation, level: str, behaviour: str, source: str, measure: str, effective_from: date,
    actor: User, at: datetime, effective_to: date | None = None, upload: Any = None,
) -> IntegrityRecord:  # fmt: skip
    """The same as the consequence of a decision that has asked for its own permission, in its transaction."""
    end = effective_to or default_end(level, effective_from)
    require_order(begins=effective_from, ends=end)
    document = store_document(upload=upload, organisation=organisation, actor=actor, at=at)
    record = IntegrityRecord.objects.create(
        organisation=organisation, level=level, behaviour=behaviour, source=source, measure=measure, document=document,
        effective_from=effective_from, effective_to=end, recorded_by=actor, created_at=at,
    )  # fmt: skip
    facts = {"organisation": organisation.name, "level": level, "behaviour": behaviour, "source": source,
             "measure": measure, "from": effective_from, "to": end,
             "document": document and document.sha256}  # fmt: skip
    audit.record(actor=actor, action=Action.RECORD_INTEGRITY, subject=record, at=at, facts=facts)
    _tell(record, "members.integrity_recorded", at)
    return record


@transaction.atomic
def lift_integrity(*, record: IntegrityRecord, reason: str, actor: User, at: datetime) -> IntegrityRecord:
    """End a record before its time. Raises ValidationError for `reason`, TransitionRefused when it ended already."""
    require(actor, "members.lift_integrity", record)
    locked = IntegrityRecord.objects.select_for_update().get(pk=record.pk)
    today = timezone.localdate(at)
    if locked.lifted_on or (locked.effective_to and locked.effective_to < today):
        raise TransitionRefused(NOT_IN_FORCE)
    if not reason.strip():
        raise ValidationError({"reason": _("Please give a reason.")})
    locked.lifted_on, locked.lifted_by, locked.lift_reason = today, actor, reason.strip()
    locked.save(update_fields=["lifted_on", "lifted_by", "lift_reason"])
    audit.record(actor=actor, action=Action.LIFT_INTEGRITY, subject=locked, at=at, note=reason.strip())
    _tell(locked, "members.integrity_lifted", at)
    return locked


@transaction.atomic
def appeal_integrity(
    *, record: IntegrityRecord, appealed_on: date, appeal: str, actor: User, at: datetime
) -> IntegrityRecord:
    """Note what the organisation says against the record, and what became of it; noted again, it is replaced."""
    require(actor, "members.appeal_integrity", record)
    locked = IntegrityRecord.objects.select_for_update().get(pk=record.pk)
    if not appeal.strip():
        raise ValidationError({"appeal": _("Please say what the appeal is about.")})
    locked.appealed_on, locked.appeal = appealed_on, appeal.strip()
    locked.save(update_fields=["appealed_on", "appeal"])
    facts = {"on": appealed_on, "appeal": locked.appeal}
    audit.record(actor=actor, action=Action.APPEAL_INTEGRITY, subject=locked, at=at, facts=facts)
    _tell(locked, "members.integrity_appealed", at)
    return locked


def _tell(record: IntegrityRecord, kind: str, at: datetime) -> None:
    organisation = record.organisation
    notify(
        recipients=holders(Role.ORG_ADMIN, Role.SIGNATORY, organisation=organisation), kind=kind, at=at,
        url=record.get_absolute_url(), params={"organisation": organisation.name},
    )  # fmt: skip
