"""The transition tables: requests for correction, organisations, the figures of a year, qualifications, experts."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import (
    ENTERING,
    Action,
    CorrectionStatus,
    ExpertStatus,
    FigureStatus,
    ImportStatus,
    OrganisationStatus,
    QualificationStatus,
)
from members.models import CorrectionRequest, Expert, ImportBatch, Organisation, Qualification, YearFigures
from members.selectors.experts import can_confirm
from portal.kernel.workflow import Reason, Workflow, step

S = CorrectionStatus

CORRECTION: Workflow[CorrectionRequest] = Workflow(
    step(Action.CORRECT, {S.OPEN}, S.CORRECTED, "members.answer_correction"),
    step(Action.DECLINE_CORRECTION, {S.OPEN}, S.DECLINED, "members.answer_correction"),
)

PLACE = OrganisationStatus

ORGANISATION: Workflow[Organisation] = Workflow(
    step(Action.SUSPEND_ORGANISATION, {PLACE.ACTIVE}, PLACE.SUSPENDED, "members.suspend_organisation"),
    step(Action.RESUME_ORGANISATION, {PLACE.SUSPENDED}, PLACE.ACTIVE, "members.resume_organisation"),
    step(
        Action.DEREGISTER_ORGANISATION,
        {PLACE.ACTIVE, PLACE.SUSPENDED},
        PLACE.DEREGISTERED,
        "members.deregister_organisation",
    ),
)

FIGURE = FigureStatus

FIGURES: Workflow[YearFigures] = Workflow(
    step(Action.CORRECT_YEAR, set(FIGURE), FIGURE.STATED, "members.correct_year"),
    step(Action.APPLY_IMPORT, set(FIGURE), FIGURE.STATED, "members.apply_import"),
    step(Action.VERIFY_YEAR, {FIGURE.STATED, FIGURE.QUESTIONED}, FIGURE.VERIFIED, "members.verify_year"),
    step(Action.QUESTION_YEAR, {FIGURE.STATED, FIGURE.VERIFIED}, FIGURE.QUESTIONED, "members.question_year"),
    told=("version",),
)

FILE = ImportStatus


def can_be_read(batch: ImportBatch, _at: datetime) -> Reason | None:
    """The file as a whole is what it should be."""
    return batch.trouble_told or None


def nothing_is_wrong(batch: ImportBatch, _at: datetime) -> Reason | None:
    """All rows or none."""
    return _("Rows of the file are wrong; nothing is taken over while one of them is.") if batch.wrong else None


def something_would_change(batch: ImportBatch, _at: datetime) -> Reason | None:
    """A file that changes nothing needs no decision."""
    changes = batch.new + batch.changed
    return None if changes or batch.wrong or batch.trouble else _("The file changes nothing.")


IMPORT: Workflow[ImportBatch] = Workflow(
    step(Action.CHECK_IMPORT, {FILE.UPLOADED, FILE.CHECKED}, FILE.CHECKED, "members.check_import"),
    step(
        Action.APPLY_IMPORT, {FILE.CHECKED}, FILE.APPLIED, "members.apply_import",
        can_be_read, nothing_is_wrong, something_would_change,
    ),
    step(Action.DISCARD_IMPORT, {FILE.UPLOADED, FILE.CHECKED}, FILE.DISCARDED, "members.discard_import"),
    told=("kind", "source", "new", "changed", "unchanged", "wrong", "trouble"),
)  # fmt: skip

TITLE = QualificationStatus

QUALIFICATION: Workflow[Qualification] = Workflow(
    step(Action.VERIFY_QUALIFICATION, {TITLE.STATED}, TITLE.VERIFIED, "members.verify_qualification"),
    step(Action.DECLINE_QUALIFICATION, {TITLE.STATED, TITLE.VERIFIED}, TITLE.DECLINED, "members.decline_qualification"),
    step(
        Action.WITHDRAW_QUALIFICATION,
        {TITLE.STATED, TITLE.VERIFIED},
        TITLE.WITHDRAWN,
        "members.withdraw_qualification",
    ),
)

POOL = ExpertStatus


def own_data_stated(expert: Expert, _at: datetime) -> Reason | None:
    """Nobody enters whose data somebody else has made up."""
    return None if expert.refreshed_at else _("The person has not stated its own data yet.")


def employer_is_here(expert: Expert, _at: datetime) -> Reason | None:
    """The employer speaks for itself."""
    return None if can_confirm(expert) else _("The employer has no administrator in the portal who could confirm this.")


def employer_is_not_here(expert: Expert, _at: datetime) -> Reason | None:
    """Nobody speaks for an employer that can."""
    return _("The administrator of the employer confirms this in the portal.") if can_confirm(expert) else None


def suspension_is_over(expert: Expert, at: datetime) -> Reason | None:
    """The last day has passed."""
    until = expert.suspended_until
    return None if until and until < timezone.localdate(at) else _("The suspension has not run out.")


EXPERT: Workflow[Expert] = Workflow(
    step(Action.APPLY_EXPERT, {POOL.REMOVED}, POOL.APPLIED, "members.apply_expert"),
    step(
        Action.CONFIRM_UNIT, {POOL.APPLIED, POOL.NOMINATED}, POOL.UNIT_CONFIRMED, "members.confirm_expert",
        own_data_stated, employer_is_here,
    ),
    step(
        Action.RECORD_UNIT, {POOL.APPLIED, POOL.NOMINATED}, POOL.UNIT_CONFIRMED, "members.record_expert",
        own_data_stated, employer_is_not_here,
    ),
    step(Action.CHECK_ENTRY, {POOL.UNIT_CONFIRMED}, POOL.ENTRY_CHECKED, "members.check_expert"),
    step(Action.ADMIT_EXPERT, {POOL.ENTRY_CHECKED}, POOL.ACTIVE, "members.admit_expert"),
    step(Action.SUSPEND_EXPERT, {POOL.ACTIVE}, POOL.SUSPENDED, "members.suspend_expert"),
    step(Action.RESUME_EXPERT, {POOL.SUSPENDED}, POOL.ACTIVE, "members.resume_expert"),
    step(Action.END_SUSPENSION, {POOL.SUSPENDED}, POOL.ACTIVE, "", suspension_is_over),
    step(Action.REMOVE_EXPERT, set(POOL) - {POOL.REMOVED}, POOL.REMOVED, "members.remove_expert"),
    step(Action.LEAVE_POOL, ENTERING | {POOL.ACTIVE}, POOL.REMOVED, "members.leave_pool"),
)  # fmt: skip
