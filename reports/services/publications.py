"""The public edition of a report: published, made a document in both languages, withdrawn."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.models import Evaluation, Publication, PublicationDocument
from reports.selectors.published import edition_of, final_report, why_not_to_publish
from reports.services.made import Paper, order_document
from reports.services.notices import EDITION_WITHDRAWN, PUBLISHED, tell_lead
from reports.workflow import PUBLICATION

ORIGINAL = "zh-hans"
LANGUAGES = (ORIGINAL, "en")  # the edition, and a translation


def _number(document: PublicationDocument) -> str:
    return document.number


PAPER = Paper(
    model=PublicationDocument, job="reports.render_publication", file="public_report", version="1", title=_number,
    permission="reports.publish_report",
)  # fmt: skip


@transaction.atomic
def publish_report(*, evaluation: Evaluation, actor: Any, at: datetime) -> Publication:
    """The public edition of a final year; asked again, the one that stands, and what failed of it is made again.

    Raises PermissionDenied or TransitionRefused.
    """
    require(actor, PAPER.permission, evaluation)
    locked = Evaluation.objects.select_for_update(of=("self",), no_key=True).select_related("consortium", "cycle").get(
        pk=evaluation.pk
    )  # fmt: skip
    publication = Publication.objects.standing().filter(evaluation=locked).first()
    if publication is None:
        publication = _publish(locked, actor=actor, at=at)
    for language in LANGUAGES:
        number = publication.number if language == ORIGINAL else f"{publication.number}-{language.upper()}"
        order_document(
            paper=PAPER, of=publication, snapshot=publication.snapshot, language=language, actor=actor, at=at,
            number=number,
        )  # fmt: skip
    return publication


def edition_series(*, evaluation: Evaluation) -> str:
    """The series in which the public editions of its year are numbered."""
    return f"public-report-{evaluation.cycle.year}"


def _publish(evaluation: Evaluation, *, actor: Any, at: datetime) -> Publication:
    if reason := why_not_to_publish(evaluation):
        raise TransitionRefused(reason)
    report = final_report(evaluation)
    if report is None:
        raise TransitionRefused(_("The report of the final grade has to be made first."))
    number = f"GK-{evaluation.cycle.year}-{next_number(edition_series(evaluation=evaluation)):04d}"
    snapshot = edition_of(report)
    publication = Publication.objects.create(
        evaluation=evaluation, report=report, number=number, grade=evaluation.grade, snapshot=snapshot,
        snapshot_hash=audit.sha256(snapshot), published_by=actor, created_at=at,
    )  # fmt: skip
    facts = {"report": report.number, "snapshot_hash": publication.snapshot_hash}
    audit.record(actor=actor, action=Action.PUBLISH_REPORT, subject=publication, at=at, facts=facts)
    tell_lead(evaluation=evaluation, kind=PUBLISHED, at=at, number=number)
    return publication


def withdraw_report(*, publication: Publication, actor: Any, note: str, at: datetime) -> Publication:
    """Nobody reads it any more; its address and its number say that it was withdrawn."""
    with PUBLICATION.moving(publication, Action.WITHDRAW_REPORT, actor=actor, at=at, note=note) as locked:
        locked.withdrawn_by, locked.withdrawn_at, locked.withdrawal = actor, at, note
        tell_lead(evaluation=locked.evaluation, kind=EDITION_WITHDRAWN, at=at, number=locked.number)
    return locked
