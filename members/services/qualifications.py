"""Qualifications of organisations: stated by their administrators, verified or declined by district or bureau."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from members.enums import RANKED, Action, QualificationKind, Role
from members.models import Organisation, Qualification, User
from members.selectors import holders
from members.services.documents import store_document
from members.workflow import QUALIFICATION
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

STATED_ALREADY = _("This qualification is stated already; withdraw it first if something was wrong.")

register("members.qualification_stated", _("%(organisation)s has stated “%(qualification)s”; please verify it."))
register("members.qualification_verified", _("Your qualification “%(qualification)s” is verified."))
register(
    "members.qualification_declined", _("Your qualification “%(qualification)s” is not recognised: %(reason)s"),
    urgent=True,
)  # fmt: skip


def require_fitting(*, facts: Mapping[str, Any]) -> None:
    """What belongs together. Raises ValidationError for single fields."""
    ranked = facts["kind"] in RANKED
    for name in ("list_year", "rank"):
        if ranked and facts.get(name) is None:
            raise ValidationError({name: _("A place in a ranking needs the year of the list and the place.")})
        if not ranked and facts.get(name) is not None:
            raise ValidationError({name: _("Only a ranking has a year of the list and a place.")})
    if facts["kind"] == QualificationKind.OTHER and not facts.get("label"):
        raise ValidationError({"label": _("Please say what it is called.")})
    begins, ends = facts.get("valid_from"), facts.get("valid_to")
    if begins and ends and ends < begins:
        raise ValidationError({"valid_to": _("The end is before the beginning.")})


def add_qualification(
    *, organisation: Organisation, actor: User, at: datetime, upload: Any = None, **facts: Any
) -> Qualification:
    """State one; `facts` are the fields of the form. Raises ValidationError for single fields."""
    require(actor, "members.add_qualification", organisation)
    require_fitting(facts=facts)
    try:
        with transaction.atomic():
            document = store_document(upload=upload, organisation=organisation, actor=actor, at=at)
            row = Qualification.objects.create(
                organisation=organisation, stated_by=actor, document=document, created_at=at, **facts
            )
            audit.record(
                actor=actor, action=Action.ADD_QUALIFICATION, subject=row, at=at,
                facts={**facts, "document": document and document.sha256},
            )  # fmt: skip
            recipients = holders(Role.DISTRICT_OFFICER, district=organisation.district_id)
            _notify(row, recipients if organisation.district_id else [], "members.qualification_stated", at)
    except IntegrityError:
        raise TransitionRefused(STATED_ALREADY) from None
    return row


def verify_qualification(*, qualification: Qualification, note: str, actor: User, at: datetime) -> Qualification:
    """Confirm that it was given."""
    return _check(qualification, Action.VERIFY_QUALIFICATION, note, actor, at, "members.qualification_verified")


def decline_qualification(*, qualification: Qualification, reason: str, actor: User, at: datetime) -> Qualification:
    """It counts nothing, for a reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("Please give a reason.")})
    return _check(qualification, Action.DECLINE_QUALIFICATION, reason, actor, at, "members.qualification_declined")


def withdraw_qualification(*, qualification: Qualification, note: str, actor: User, at: datetime) -> Qualification:
    """Take back what was stated wrongly; it stays on record."""
    with QUALIFICATION.moving(
        qualification, Action.WITHDRAW_QUALIFICATION, actor=actor, at=at, note=note.strip()
    ) as locked:
        locked.remark = note.strip()
    return qualification


def _check(
    qualification: Qualification, action: Action, remark: str, actor: User, at: datetime, kind: str
) -> Qualification:
    with QUALIFICATION.moving(qualification, action, actor=actor, at=at, note=remark.strip()) as locked:
        locked.checked_by, locked.checked_at, locked.remark = actor, at, remark.strip()
        _notify(locked, holders(Role.ORG_ADMIN, organisation=locked.organisation_id), kind, at)
    return qualification


def _notify(row: Qualification, recipients: Any, kind: str, at: datetime) -> None:
    params = {"organisation": row.organisation.name, "qualification": lazystr(row), "reason": row.remark}
    notify(recipients=recipients, kind=kind, at=at, url=row.get_absolute_url(), params=params)
