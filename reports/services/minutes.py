"""Minutes of decision meetings as documents: ordered by whoever may see the list, made by a job, stored once."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import ScenarioStatus
from funding.models import Scenario
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.models import MinutesDocument
from reports.selectors.minutes import minutes_snapshot
from reports.services.made import enqueue_document, keep_document, retry_document

MINUTES_TEMPLATE = "1"
JOB_KIND = "reports.render_minutes"
FILE_KIND = "minutes"


@transaction.atomic
def order_minutes(*, scenario: Scenario, language: str, actor: Any, at: datetime) -> MinutesDocument:
    """The minutes of a list that was decided; what was made of it before is given again, what failed is tried again."""
    require(actor, "reports.order_minutes", scenario)
    if scenario.status != ScenarioStatus.DECIDED:
        raise TransitionRefused(_("The meeting has not decided on this list."))
    snapshot = minutes_snapshot(scenario)
    row, created = MinutesDocument.objects.get_or_create(
        scenario=scenario, language=language, template_version=MINUTES_TEMPLATE, snapshot_hash=audit.sha256(snapshot),
        defaults={"snapshot": snapshot, "created_at": at, "requested_by": actor},
    )  # fmt: skip
    if created:
        enqueue_document(document=row, kind=JOB_KIND, requested_by=actor, at=at)
        facts = {"language": language, "snapshot": row.snapshot_hash}
        audit.record(actor=actor, action=Action.ORDER_DOCUMENT, subject=scenario, at=at, facts=facts)
    elif row.has_given_up:
        retry_document(document=row, permission="reports.order_minutes", of=scenario, actor=actor, at=at)
    return row


def store_minutes(*, document: MinutesDocument, path: Path, pages: int, at: datetime) -> MinutesDocument:
    """Keep the file that the job made."""
    title = str(document.snapshot["number"])
    return keep_document(document=document, title=title, kind=FILE_KIND, path=path, pages=pages, at=at)
