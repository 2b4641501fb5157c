"""The integrity check by supervision: records and double funding, looked at before any expert reads the application."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application
from funding.rules.credit_check import ITEMS
from funding.rules.formal_check import faults, vouched
from funding.selectors.credit_checks import credit_list, records_in_force
from funding.selectors.subsidies import overlaps
from funding.services.applications import tell, tell_lead
from funding.services.checks import NOT_YOURS, Items, Outcome
from funding.services.recommendations import NO_REASON, keep_reasons
from funding.workflow import APPLICATION
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import notifications
from portal.kernel.authz import may
from portal.kernel.workflow import Reason, TransitionRefused

notifications.register(
    "funding.application_cleared", _("%(number)s %(name)s passed the integrity check and waits for experts.")
)
notifications.register("funding.application_suspended", _("%(number)s %(name)s is suspended by the integrity check."))
notifications.register(
    "funding.application_credit_failed", _("%(number)s is not supported after the integrity check."), urgent=True
)


def clear_application(
    *, application: Application, actor: User, at: datetime, items: Items, note: str = ""
) -> Application:
    """Pass the integrity check; nothing may be left open or not in order."""
    facts = {"credit": items}
    with APPLICATION.moving(application, Action.CLEAR, actor=actor, at=at, note=note, facts=facts) as locked:
        if wrong := list(dict.fromkeys([*faults(items, ITEMS), *_found_now(locked, items, at)])):
            raise TransitionRefused(*wrong)
        _keep(locked, actor, at, items, note)
        tell(people=holders(Role.ACCEPTANCE), application=locked, kind="funding.application_cleared", at=at)
    return application


def suspend_application(
    *, application: Application, actor: User, at: datetime, items: Items, note: str, reasons: Collection[str] = ()
) -> Application:
    """Let it wait, with a reason for the bureau, until it is cleared or ended; `reasons` are codes of ReasonCode."""
    facts = {"credit": items, "reasons": sorted(reasons)}
    with APPLICATION.moving(application, Action.SUSPEND, actor=actor, at=at, note=note, facts=facts) as locked:
        if not note.strip():
            raise TransitionRefused(NO_REASON)
        _keep(locked, actor, at, items, note)
        keep_reasons(application=locked, action=Action.SUSPEND, reasons=reasons, at=at)
        people = holders(Role.OFFICER, Role.HEAD)
        tell(people=people, application=locked, kind="funding.application_suspended", at=at)
    return application


def resume_application(*, application: Application, actor: User, at: datetime, note: str) -> Application:
    """Take up again what was suspended; it is checked anew."""
    with APPLICATION.moving(application, Action.RESUME, actor=actor, at=at, note=note) as locked:
        if not note.strip():
            raise TransitionRefused(NO_REASON)
        tell(people=holders(Role.SUPERVISOR), application=locked, kind="funding.application_credit_due", at=at)
    return application


def end_suspended_application(
    *, application: Application, actor: User, at: datetime, note: str, reasons: Collection[str] = ()
) -> Application:
    """Do not support what was suspended, with a reason for the applicant."""
    facts = {"reasons": sorted(reasons)}
    with APPLICATION.moving(application, Action.END_SUSPENDED, actor=actor, at=at, note=note, facts=facts) as locked:
        if not note.strip():
            raise TransitionRefused(NO_REASON)
        _keep(locked, actor, at, locked.credit_items, note)
        locked.told_at = at
        keep_reasons(application=locked, action=Action.END_SUSPENDED, reasons=reasons, at=at)
        tell_lead(application=locked, kind="funding.application_credit_failed", at=at)
        people = holders(Role.OFFICER, Role.HEAD)
        tell(people=people, application=locked, kind="funding.application_credit_failed", at=at)
    return application


def _found_now(application: Application, items: Items, at: datetime) -> list[Reason]:
    """What the records say now against it, whatever the list said when it was filled in."""
    by_portal = {item["code"] for item in items if item["automatic"]}
    fresh = credit_list(application, records_in_force(application, at))
    return [
        *_not_concluded(application),
        *(_("Not in order: %(item)s.") % {"item": one.text} for one in fresh if one.failed),
        *(
            _("The records have changed; not looked at yet: %(item)s.") % {"item": one.text}
            for one in fresh
            if not one.automatic and one.code in by_portal
        ),
    ]


def _not_concluded(application: Application) -> list[Reason]:
    """Money from other programmes that comes close waits for a person's conclusion."""
    close = [one for one in overlaps(application) if one.is_open]
    return [_("Not concluded yet: %(project)s.") % {"project": one.subsidy.project} for one in close]


def _keep(application: Application, actor: User, at: datetime, items: Items, note: str) -> None:
    application.credit_by, application.credit_at = actor, at
    application.credit_items, application.credit_note = items, note


# --- several at once ---------------------------------------------------------------------------
def foreseen_clearing(*, application: Application, actor: User, at: datetime) -> list[Reason]:
    """Why a bulk pass would refuse it now; changes nothing."""
    if not may(actor, "funding.clear_application", application):
        return [NOT_YOURS]
    return (
        APPLICATION.obstacles(application, Action.CLEAR, at)
        or _not_concluded(application)
        or faults(_vouched(application, at, ""), ITEMS)
    )


def clear_applications(*, applications: list[Application], actor: User, at: datetime, note: str = "") -> list[Outcome]:
    """Pass each in a transaction of its own; what is refused stays as it is and is reported."""
    return [Outcome(one, _try(one, actor, at, note)) for one in applications]


def _try(application: Application, actor: User, at: datetime, note: str) -> list[Reason]:
    try:
        items = _vouched(application, at, note)
        clear_application(application=application, actor=actor, at=at, items=items, note=note)
    except TransitionRefused as refusal:
        return refusal.reasons
    except PermissionDenied:
        return [NOT_YOURS]
    return []


def _vouched(application: Application, at: datetime, note: str) -> Items:
    """Nobody vouches by the dozen for applications with records in force."""
    items = vouched(credit_list(application, records_in_force(application, at)), note)
    return [item if item["automatic"] or item["code"] != "lesser" else {**item, "result": ""} for item in items]
