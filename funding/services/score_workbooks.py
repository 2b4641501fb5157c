"""Score forms that were filled in offline: taken in, and taken over as a whole or not at all."""

from collections.abc import Mapping
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from funding.enums import Action
from funding.models import Review, ScoreWorkbook
from funding.services.scores import Entry, Typing, save_scores
from funding.services.workbooks import KIND, NOTHING, TAKEN_OVER
from funding.workflow import REVIEW
from members.models import User
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused


@transaction.atomic
def upload_scores(*, review: Review, upload: File[bytes], actor: User, at: datetime) -> ScoreWorkbook:
    """Keep a filled form; nothing of it is taken over yet. Raises FileRefused."""
    locked = Review.everything.select_for_update(of=("self",)).get(pk=review.pk)
    require(actor, "funding.score_review", locked)
    if reasons := REVIEW.obstacles(locked, Action.HAND_IN, at):
        raise TransitionRefused(*reasons)
    file = files.store(upload, actor=actor, kind=KIND, at=at)
    row = ScoreWorkbook.objects.create(review=locked, file=file, created_at=at)
    facts = {"name": file.name, "sha256": file.sha256}
    audit.record(actor=actor, action=Action.UPLOAD_WORKBOOK, subject=locked, at=at, facts=facts)
    return row


@transaction.atomic
def apply_scores(
    *, workbook: ScoreWorkbook, entries: Mapping[str, Entry], texts: Mapping[str, str], typing: Typing, actor: User,
    at: datetime,
) -> ScoreWorkbook:  # fmt: skip
    """Take over what the form changes. Raises ScoresChanged when one of these parts was saved since it was compared."""
    locked = ScoreWorkbook.objects.select_for_update(of=("self",)).get(pk=workbook.pk)
    if locked.applied_at:
        raise TransitionRefused(TAKEN_OVER)
    if not entries and not texts:
        raise TransitionRefused(NOTHING)
    save_scores(review=locked.review, actor=actor, at=at, entries=entries, typing=typing, **texts)
    locked.applied_at = at
    locked.save(update_fields=["applied_at"])
    facts = {"sha256": locked.file.sha256, "changed": sorted([*entries, *texts])}
    audit.record(actor=actor, action=Action.APPLY_WORKBOOK, subject=locked.review, at=at, facts=facts)
    workbook.refresh_from_db()
    return workbook
