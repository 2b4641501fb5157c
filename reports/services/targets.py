"""Targets of the city: set once a year and figure, corrected by a new version with a reason."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused
from reports.enums import Action
from reports.models import CityTarget

STANDS = _("This target stands already; correct it.")
CORRECTED = _("Somebody has corrected this target meanwhile; look at the new version first.")
SAME = _("Nothing differs from the version that stands.")


def set_target(*, metric: str, year: int, value: Decimal, document: str, actor: Any, at: datetime) -> CityTarget:
    """The first version; value in yuan or as a number. Raises ValidationError where there is a target already."""
    require(actor, "reports.set_target")
    target = CityTarget(metric=metric, year=year, value=value, document=document.strip(), set_by=actor, created_at=at)
    if CityTarget.objects.filter(metric=metric, year=year).exists():
        raise ValidationError({"year": STANDS})
    try:
        return _keep(target, Action.SET_TARGET)
    except IntegrityError as error:
        raise ValidationError({"year": STANDS}) from error


def correct_target(
    *, target: CityTarget, value: Decimal, document: str, reason: str, actor: Any, at: datetime
) -> CityTarget:
    """A new version on top of the one that was seen. Raises TransitionRefused where another stands by now."""
    require(actor, "reports.correct_target", target)
    if (target.value, target.document) == (value, document.strip()):
        raise ValidationError({"value": SAME})
    later = CityTarget(
        metric=target.metric, year=target.year, version=target.version + 1, value=value, document=document.strip(),
        reason=reason.strip(), set_by=actor, created_at=at,
    )  # fmt: skip
    try:
        return _keep(later, Action.CORRECT_TARGET, before=f"{target.value:.2f}")
    except IntegrityError as error:
        raise TransitionRefused(CORRECTED) from error


@transaction.atomic
def _keep(target: CityTarget, action: Action, **facts: Any) -> CityTarget:
    """Written with its entry; of two versions of one number the database lets one in."""
    target.clean_fields(exclude=["set_by"])
    target.validate_constraints(exclude=["year"])
    target.save(force_insert=True)
    said = {"metric": target.metric, "year": target.year, "version": target.version, "value": f"{target.value:.2f}"}
    audit.record(
        actor=target.set_by, action=action, subject=target, at=target.created_at, note=target.reason,
        facts={**said, **facts, "document": target.document},
    )  # fmt: skip
    return target
