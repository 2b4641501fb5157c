"""The formal check by the bureau."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application
from funding.rules.formal_check import faults, vouched
from funding.selectors.checks import check_list
from funding.services.applications import tell, tell_lead
from funding.services.recommendations import NO_REASON, give_back, keep_reasons
from funding.workflow import APPLICATION
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import notifications
from portal.kernel.authz import may
from portal.kernel.workflow import Reason, TransitionRefused

Items = list[dict[str, Any]]
NOT_YOURS = _("You may not do this.")

notifications.register(
    "funding.application_checked", _("%(number)s %(name)s passed the formal check and waits for experts.")
)
notifications.register(
    "funding.application_credit_due",
    _("%(number)s %(name)s passed the formal check and waits for the integrity check."),
)
notifications.register("funding.application_checked_lead", _("%(number)s passed the formal check."))
notifications.register("funding.application_rejected", _("%(number)s did not pass the formal check."), urgent=True)


def check_application(
    *, application: Application, actor: User, at: datetime, items: Items, note: str = ""
) -> Application:
    """Pass the formal check; nothing may be left open or not in order."""
    facts = {"items": items}
    with APPLICATION.moving(application, Action.CHECK, actor=actor, at=at, note=note, facts=facts) as locked:
        if wrong := faults(items):
            raise TransitionRefused(*wrong)
        _keep(locked, actor, at, items, note)
        _tell_next_desk(locked, at)
        tell_lead(application=locked, kind="funding.application_checked_lead", at=at)
    return application


def reject_application(
    *, application: Application, actor: User, at: datetime, items: Items, note: str, reasons: Collection[str] = ()
) -> Application:
    """Fail the formal check, with a reason for the applicant; `reasons` are codes of ReasonCode."""
    facts = {"items": items, "reasons": sorted(reasons)}
    with APPLICATION.moving(application, Action.REJECT, actor=actor, at=at, note=note, facts=facts) as locked:
        if not note.strip():
            raise TransitionRefused(NO_REASON)
        _keep(locked, actor, at, items, note)
        keep_reasons(application=locked, action=Action.REJECT, reasons=reasons, at=at)
        tell_lead(application=locked, kind="funding.application_rejected", at=at)
    return application


def request_correction(
    *,
    application: Application,
    actor: User,
    at: datetime,
    items: Items,
    note: str,
    parts: Collection[str] = (),
    reasons: Collection[str] = (),
) -> Application:
    """Give back the `parts` named, or all, to the applicant; it comes again by way of the first desk of the call."""
    facts = {"items": items, "parts": sorted(parts), "reasons": sorted(reasons)}
    action = Action.REQUEST_CORRECTION
    with APPLICATION.moving(application, action, actor=actor, at=at, note=note, facts=facts) as locked:
        locked.check_items, locked.check_note = items, note
        give_back(application=locked, note=note, parts=parts, at=at)
        keep_reasons(application=locked, action=action, reasons=reasons, at=at)
    return application


def _tell_next_desk(application: Application, at: datetime) -> None:
    if application.call.credit_step:
        tell(people=holders(Role.SUPERVISOR), application=application, kind="funding.application_credit_due", at=at)
    else:
        tell(people=holders(Role.ACCEPTANCE), application=application, kind="funding.application_checked", at=at)


def _keep(application: Application, actor: User, at: datetime, items: Items, note: str) -> None:
    application.checked_by, application.checked_at = actor, at
    application.check_items, application.check_note = items, note


# --- several at once ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Outcome:
    """What becomes of one application in a bulk pass; without reasons it passes."""

    application: Application
    reasons: list[Reason]

    @property
    def passed(self) -> bool:
        """Nothing stands in its way."""
        return not self.reasons


def foreseen(*, application: Application, actor: User, at: datetime) -> list[Reason]:
    """Why a bulk pass would refuse it now; changes nothing."""
    if not may(actor, "funding.check_application", application):
        return [NOT_YOURS]
    return APPLICATION.obstacles(application, Action.CHECK, at) or faults(vouched(check_list(application, at), ""))


def check_applications(*, applications: list[Application], actor: User, at: datetime, note: str = "") -> list[Outcome]:
    """Pass each in a transaction of its own; what is refused stays as it is and is reported."""
    return [Outcome(one, _try(one, actor, at, note)) for one in applications]


def _try(application: Application, actor: User, at: datetime, note: str) -> list[Reason]:
    try:
        items = vouched(check_list(application, at), note)
        check_application(application=application, actor=actor, at=at, items=items, note=note)
    except TransitionRefused as refusal:
        return refusal.reasons
    except PermissionDenied:
        return [NOT_YOURS]
    return []
