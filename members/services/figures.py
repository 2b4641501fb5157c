"""The figures of an organisation's years: stated once, corrected as a new version, verified or questioned."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.enums import Action, FigureSource, Role
from members.models import Organisation, PastFigures, User, YearFigures
from members.models.figures import AMOUNTS, HEADS, STATED, Statement
from members.selectors import holders
from members.services.documents import store_document
from members.workflow import FIGURES
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

TOO_MANY = _("The R&D staff cannot be more than the staff.")
NO_AUDITOR = _("Please name the auditor.")
NO_DOCUMENT = _("Audited accounts need the auditor's report as a file.")
KEPT = [field.name for field in Statement._meta.local_fields if field.name not in {"id", "created_at"}]  # noqa: SLF001
SEEN = (*STATED, "version")

register("members.year_stated", _("%(organisation)s has stated the figures of %(year)s; please verify them."))
register("members.year_verified", _("Your figures of %(year)s are verified."))
register("members.year_questioned", _("Your figures of %(year)s are questioned: %(reason)s"), urgent=True)


@transaction.atomic
def record_year(
    *,
    organisation: Organisation,
    year: int,
    actor: User,
    at: datetime,
    upload: Any = None,
    seen: str = "",
    **facts: Any,
) -> YearFigures:
    """State or correct the figures of one year; money in yuan. `facts` are among STATED.

    A correction is a new version: the one before is kept, and what was verified has to be verified again. The same
    figures once more change nothing. Raises ValidationError for single fields, and Stale when the figures are not in
    the state `seen` any more.
    """
    require(actor, "members.record_year", organisation)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # two who state a year wait here
    stands = YearFigures.objects.filter(organisation=organisation, year=year).first()
    stated = {"net_profit": None, "total_assets": None, "source": FigureSource.OWN, "auditor": "", **facts}
    _require_sound(stated, has_document=bool(upload or (stands and stands.document_id)))
    if stands:
        return _correct(stands, stated, upload, seen, actor, at)
    document = store_document(upload=upload, organisation=organisation, actor=actor, at=at)
    figures = YearFigures.objects.create(
        organisation=organisation, year=year, stated_by=actor, stated_at=at, document=document, **stated
    )
    audit.record(actor=actor, action=Action.RECORD_YEAR, subject=figures, at=at, facts=told(figures=figures))
    _announce(figures, at)
    return figures


def _correct(
    figures: YearFigures, stated: dict[str, Any], upload: Any, seen: str, actor: User, at: datetime
) -> YearFigures:
    require_unchanged(row=figures, seen=seen, typed=stated, names=SEEN)
    if not upload and all(getattr(figures, name) == value for name, value in stated.items()):
        return figures
    facts: dict[str, Any] = {}
    with FIGURES.moving(figures, Action.CORRECT_YEAR, actor=actor, at=at, facts=facts) as locked:
        document = store_document(upload=upload, organisation=locked.organisation, actor=actor, at=at)
        facts |= _replace(locked, {**stated, "document": document or locked.document}, actor, at)
    _announce(figures, at)
    return figures


def import_year(*, figures: YearFigures, actor: User, at: datetime, **stated: Any) -> YearFigures:
    """Put what an import says in the place of the figures; `stated` are all of STATED. The district is told once."""
    facts: dict[str, Any] = {}
    with FIGURES.moving(figures, Action.APPLY_IMPORT, actor=actor, at=at, facts=facts) as locked:
        facts |= _replace(locked, {**stated, "document": None}, actor, at)
    return figures


def _replace(figures: YearFigures, stated: dict[str, Any], actor: User, at: datetime) -> dict[str, Any]:
    """A new version in the place of the one before, which is kept; what the trail shall know of it."""
    before = {name: getattr(figures, name) for name in KEPT}
    PastFigures.objects.create(figures=figures, replaced_at=at, **before)
    now = {**stated, "stated_by": actor, "stated_at": at, "checked_by": None, "checked_at": None, "remark": ""}
    for name, value in now.items():
        setattr(figures, name, value)
    figures.version += 1
    return {**told(figures=figures), "before": {name: before[name] for name in STATED if before[name] != stated[name]}}


def verify_year(*, figures: YearFigures, note: str, actor: User, at: datetime, seen: str = "") -> YearFigures:
    """Confirm the figures as they stand. Raises Stale when they are not in the state `seen` any more."""
    with FIGURES.moving(figures, Action.VERIFY_YEAR, actor=actor, at=at, note=note.strip()) as locked:
        require_unchanged(row=locked, seen=seen, typed={}, names=SEEN)
        locked.checked_by, locked.checked_at, locked.remark = actor, at, note.strip()
        _tell(locked, "members.year_verified", at)
    return figures


def question_year(*, figures: YearFigures, reason: str, actor: User, at: datetime, seen: str = "") -> YearFigures:
    """Ask the organisation to look again; the figures go on standing, marked as questioned."""
    if not reason.strip():
        raise ValidationError({"reason": _("Please give a reason.")})
    with FIGURES.moving(figures, Action.QUESTION_YEAR, actor=actor, at=at, note=reason.strip()) as locked:
        require_unchanged(row=locked, seen=seen, typed={}, names=SEEN)
        locked.checked_by, locked.checked_at, locked.remark = actor, at, reason.strip()
        _tell(locked, "members.year_questioned", at)
    return figures


def _require_sound(stated: dict[str, Any], *, has_document: bool) -> None:
    if stated["rd_staff"] > stated["staff"]:
        raise ValidationError({"rd_staff": TOO_MANY})
    if stated["source"] == FigureSource.AUDITED and not stated["auditor"].strip():
        raise ValidationError({"auditor": NO_AUDITOR})
    if stated["source"] == FigureSource.AUDITED and not has_document:
        raise ValidationError({"upload": NO_DOCUMENT})
    if stated["source"] == FigureSource.IMPORT:
        raise TransitionRefused(_("Only an import states figures as imported."))


def told(*, figures: YearFigures) -> dict[str, Any]:
    """What the audit trail keeps of the figures."""
    facts = {name: getattr(figures, name) for name in (*AMOUNTS, *HEADS, "source", "auditor")}
    document = {"document": figures.document.sha256} if figures.document else {}
    return {"year": figures.year, "version": figures.version, **facts, **document}


def _announce(figures: YearFigures, at: datetime) -> None:
    """Its district has to verify them."""
    organisation = figures.organisation
    if organisation.district_id:
        notify(
            recipients=holders(Role.DISTRICT_OFFICER, district=organisation.district_id),
            kind="members.year_stated", at=at, url=figures.get_absolute_url(),
            params={"organisation": organisation.name, "year": figures.year},
        )  # fmt: skip


def _tell(figures: YearFigures, kind: str, at: datetime) -> None:
    notify(
        recipients=holders(Role.ORG_ADMIN, organisation=figures.organisation_id), kind=kind, at=at,
        url=figures.get_absolute_url(), params={"year": figures.year, "reason": figures.remark},
    )  # fmt: skip
