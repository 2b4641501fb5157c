"""The self-report: written by the lead, filed, verified or returned by the district."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.enums import Role
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.models import Attachment
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action, CycleStatus, EvaluationStatus
from reports.models import Evaluation, Evidence
from reports.rules import drawn
from reports.selectors.selfreport import UNCHECKED, drawn_codes, filing_snapshot, tickets_of
from reports.services.notices import RETURNED, TO_ASSIGN, TO_VERIFY, tell_lead, tell_roles
from reports.workflow import EVALUATION

EDITABLE = {EvaluationStatus.FILLING, EvaluationStatus.RETURNED}
CLOSED = _("This self-report can no longer be changed.")
Values = Mapping[str, Mapping[str, str]]


def can_be_edited(*, evaluation: Evaluation) -> bool:
    """Whether the self-report is being written and its year is open."""
    return evaluation.status in EDITABLE and evaluation.cycle.status == CycleStatus.OPEN


def _lock_editable(evaluation: Evaluation, actor: Any) -> Evaluation:
    """The locked row, if `actor` may write it now; call inside a transaction."""
    locked = Evaluation.objects.select_for_update(of=("self",), no_key=True).get(pk=evaluation.pk)
    require(actor, "reports.edit_self_report", locked)
    if not can_be_edited(evaluation=locked):
        raise TransitionRefused(CLOSED)
    return locked


def save_self_report(
    *, evaluation: Evaluation, actor: Any, values: Values, summary: str, problems: str, version: int, at: datetime,
    workbook: Mapping[str, str] | None = None,
) -> Evaluation:  # fmt: skip
    """Keep what was written so far; `version` is the one that the writer began with.

    Name and hash of the workbook that it came in, if it did, stand in the trail.
    Raises TransitionRefused when somebody else saved meanwhile.
    """
    with transaction.atomic():
        locked = _lock_editable(evaluation, actor)
        if locked.version != version:
            raise TransitionRefused(
                _("Somebody else has saved this self-report meanwhile; please compare and save again.")
            )
        locked.values = {code: dict(entry) for code, entry in values.items() if any(entry.values())}
        locked.summary, locked.problems, locked.version = summary, problems, version + 1
        locked.save(update_fields=["values", "summary", "problems", "version"])
        facts: dict[str, Any] = {"version": locked.version} | ({"workbook": dict(workbook)} if workbook else {})
        audit.record(actor=actor, action=Action.EDIT, subject=locked, at=at, facts=facts)
    evaluation.refresh_from_db()
    return evaluation


def attach_evidence(
    *, evaluation: Evaluation, actor: Any, attachment: Attachment, metrics: Sequence[str], label: str, at: datetime
) -> list[Evidence]:
    """Add a stored file as proof of figures, or of the whole when `metrics` is empty."""
    with transaction.atomic():
        locked = _lock_editable(evaluation, actor)
        proves = metrics or [""]
        same = Evidence.objects.filter(evaluation=locked, attachment__sha256=attachment.sha256)
        if same.filter(metric__in=proves).exists():
            raise ValidationError({"file": _("This very file is attached already.")})
        rows = [
            Evidence(evaluation=locked, attachment=attachment, metric=metric, label=label, created_at=at)
            for metric in proves
        ]
        facts = {"file": attachment.name, "sha256": attachment.sha256, "metric": ", ".join(metrics)}
        audit.record(actor=actor, action=Action.ATTACH, subject=locked, at=at, facts=facts)
        return Evidence.objects.bulk_create(rows)


def detach_evidence(*, evidence: Evidence, actor: Any, at: datetime) -> None:
    """Take a file out of the self-report, from all figures that it proves; the stored file itself stays."""
    with transaction.atomic():
        locked = _lock_editable(evidence.evaluation, actor)
        rows = Evidence.objects.filter(evaluation=locked, attachment=evidence.attachment_id)
        metrics = [code for code in rows.values_list("metric", flat=True) if code]
        deleted, _rows = rows.delete()
        if deleted:
            facts = {"file": evidence.attachment.name, "metric": ", ".join(metrics)}
            audit.record(actor=actor, action=Action.DETACH, subject=locked, at=at, facts=facts)


def submit_self_report(*, evaluation: Evaluation, actor: Any, at: datetime, note: str = "") -> Evaluation:
    """File it: statements, records and evidence are frozen and hashed."""
    facts: dict[str, Any] = {}
    with EVALUATION.moving(evaluation, Action.SUBMIT, actor=actor, at=at, note=note, facts=facts) as locked:
        snapshot = filing_snapshot(locked)
        locked.snapshot = {**snapshot, "checks": _draw(locked, snapshot["metrics"])}
        locked.snapshot_hash = facts["sha256"] = audit.sha256(locked.snapshot)
        locked.submitted_by, locked.submitted_at, locked.return_note = actor, at, ""
        tell_roles(
            Role.DISTRICT_OFFICER, evaluation=locked, kind=TO_VERIFY, at=at, district=locked.consortium.district_id
        )
    return locked


def _draw(evaluation: Evaluation, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Which figures are checked on the spot. Nobody knows the seed before the figures are frozen; with it anybody can
    draw again. What was drawn at an earlier filing stays drawn.
    """
    rules, seed, before = evaluation.cycle.rules.data, secrets.token_hex(16), drawn_codes(evaluation)
    held = tickets_of(evaluation, figures)
    found = drawn(rules, held, seed)
    return {"seed": seed, "tickets": held, "before": before, "drawn": [*before, *(c for c in found if c not in before)]}


def verify_self_report(
    *, evaluation: Evaluation, actor: Any, opinion: str, at: datetime, checked: Collection[str] = ()
) -> Evaluation:
    """The district has held the figures against the evidence, and checked on the spot those that were drawn."""
    facts: dict[str, Any] = {}
    with EVALUATION.moving(evaluation, Action.VERIFY, actor=actor, at=at, note=opinion, facts=facts) as locked:
        if set(drawn_codes(locked)) - set(checked):
            raise TransitionRefused(UNCHECKED)
        facts |= {"checked": sorted(checked)} if checked else {}
        locked.verified_by, locked.verified_at, locked.verification = actor, at, opinion
        tell_roles(Role.OFFICER, evaluation=locked, kind=TO_ASSIGN, at=at)
    return locked


def return_self_report(*, evaluation: Evaluation, actor: Any, note: str, at: datetime) -> Evaluation:
    """Back to the lead, saying what is to be corrected."""
    with EVALUATION.moving(evaluation, Action.RETURN, actor=actor, at=at, note=note) as locked:
        locked.return_note = note
        locked.returned_count += 1
        tell_lead(evaluation=locked, kind=RETURNED, at=at)
    return locked
