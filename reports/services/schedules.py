"""Funding reports made files again and again, as long as whoever set it up may have them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.authz import may, require
from portal.kernel.exporting import Export, require_purpose
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, Rhythm
from reports.figures import next_time
from reports.models import ExportJob, ExportSchedule
from reports.services.exports import Asked, order_export
from reports.services.notices import tell_of_stopped_schedule


@transaction.atomic
def schedule_export(
    *, export: Export, asked: Asked, rhythm: str, working_day: int, actor: Any, at: datetime
) -> ExportSchedule:
    """Have the file made on a working day of each period. Raises PermissionDenied or ValidationError."""
    require_purpose(export, actor, asked.purpose)
    facts = {**asdict(asked), "purpose": asked.purpose.strip()[:200], "params": audit.plain(asked.params)}
    row = ExportSchedule(requested_by=actor, slug=export.slug, rhythm=rhythm, working_day=working_day, created_at=at)
    for name, value in facts.items():
        setattr(row, name, value)
    row.next_on = next_time(Rhythm(rhythm), working_day, timezone.localdate(at))
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise ValidationError({"working_day": error.messages}) from None
    row.save(force_insert=True)
    told = {"slug": row.slug, "rhythm": row.rhythm, "working_day": row.working_day}
    audit.record(actor=actor, action=Action.SCHEDULE_EXPORT, subject=row, at=at, note=row.purpose, facts=told)
    return row


@transaction.atomic
def run_schedule(*, schedule: ExportSchedule, export: Export, at: datetime) -> ExportJob | None:
    """Order the file if it is due; without the right to it no more, and its owner is told."""
    rows = ExportSchedule.objects.select_for_update(no_key=True, of=("self",)).select_related("requested_by")
    row = rows.get(pk=schedule.pk)
    today = timezone.localdate(at)
    if row.stopped_at or row.next_on > today:
        return None
    owner = row.requested_by
    if not (owner.is_active and may(owner, export.permission)):
        _stop(row, actor=None, at=at)
        tell_of_stopped_schedule(schedule=row, title=str(export.title), at=at)
        return None
    asked = Asked(**{name: getattr(row, name) for name in Asked.__dataclass_fields__})
    try:
        order = order_export(export=export, asked=asked, actor=owner, at=at)
    except TransitionRefused:  # too many of this person's are waiting: the next sweep asks again
        return None
    row.next_on = next_time(Rhythm(row.rhythm), row.working_day, today)
    row.save(update_fields=["next_on"])
    return order


@transaction.atomic
def stop_schedule(*, schedule: ExportSchedule, actor: Any, at: datetime) -> ExportSchedule:
    """Make it no more."""
    require(actor, "reports.follow_export", schedule)
    row = ExportSchedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    if row.stopped_at:
        raise TransitionRefused(_("This file is made no more already."))
    return _stop(row, actor=actor, at=at)


def _stop(row: ExportSchedule, *, actor: Any, at: datetime) -> ExportSchedule:
    row.stopped_at = at
    row.save(update_fields=["stopped_at"])
    audit.record(actor=actor, action=Action.STOP_SCHEDULE, subject=row, at=at)
    return row
