"""What the district does with an application."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ReasonCode
from funding.models import Application, ApplicationReason
from funding.services.applications import tell, tell_lead
from funding.services.recommendation_lists import enter
from funding.workflow import APPLICATION
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import notifications
from portal.kernel.calendar import add_working_days
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import TransitionRefused

NO_REASON = _("Please give a reason.")

notifications.register(
    "funding.application_recommended", _("%(number)s %(name)s was recommended and waits for the formal check.")
)
notifications.register("funding.application_recommended_lead", _("%(number)s was recommended to the bureau."))
notifications.register(
    "funding.application_returned", _("%(number)s was returned to you for correction until %(due)s."), urgent=True
)
notifications.register("funding.application_not_recommended", _("%(number)s was not recommended."), urgent=True)


def recommend_application(*, application: Application, actor: User, at: datetime, opinion: str) -> Application:
    """Pass it on to the bureau with the district's opinion."""
    with APPLICATION.moving(application, Action.RECOMMEND, actor=actor, at=at, note=opinion) as locked:
        if not opinion.strip():
            raise TransitionRefused(_("Please write the district's opinion."))
        locked.opinion, locked.recommended_by, locked.recommended_at = opinion, actor, at
        enter(application=locked, at=at)
        people = holders(Role.ACCEPTANCE, Role.OFFICER)
        tell(people=people, application=locked, kind="funding.application_recommended", at=at)
        tell_lead(application=locked, kind="funding.application_recommended_lead", at=at)
    return application


def decline_recommendation(
    *, application: Application, actor: User, at: datetime, note: str, reasons: Collection[str] = ()
) -> Application:
    """End it in the district, with a reason; `reasons` are codes of ReasonCode."""
    action, facts = Action.DECLINE_RECOMMENDATION, {"reasons": sorted(reasons)}
    with APPLICATION.moving(application, action, actor=actor, at=at, note=note, facts=facts) as locked:
        if not note.strip():
            raise TransitionRefused(NO_REASON)
        keep_reasons(application=locked, action=action, reasons=reasons, at=at)
        locked.opinion = note
        tell_lead(application=locked, kind="funding.application_not_recommended", at=at)
    return application


def return_application(
    *,
    application: Application,
    actor: User,
    at: datetime,
    note: str,
    parts: Collection[str] = (),
    reasons: Collection[str] = (),
) -> Application:
    """Give it back to the applicant for correction: only `parts` reopen, all of them when none is named."""
    facts = {"parts": sorted(parts), "reasons": sorted(reasons)}
    with APPLICATION.moving(application, Action.RETURN, actor=actor, at=at, note=note, facts=facts) as locked:
        give_back(application=locked, note=note, parts=parts, at=at)
        keep_reasons(application=locked, action=Action.RETURN, reasons=reasons, at=at)
    return application


def keep_reasons(*, application: Application, action: Action, reasons: Collection[str], at: datetime) -> None:
    """Record why, for the statistics. Raises TransitionRefused for a code that is none."""
    if unknown := set(reasons) - set(ReasonCode.values):
        raise TransitionRefused(_("There is no such reason: %(codes)s.") % {"codes": enumerated(sorted(unknown))})
    ApplicationReason.objects.bulk_create(
        ApplicationReason(application=application, action=action, code=code, created_at=at) for code in sorted(reasons)
    )


def give_back(*, application: Application, note: str, parts: Collection[str], at: datetime) -> None:
    """Set what is to be corrected and until when; the caller moves the status."""
    if not note.strip():
        raise TransitionRefused(NO_REASON)
    if set(parts) - set(application.parts):
        raise TransitionRefused(_("There is no such part of an application."))
    application.reopened = sorted(parts)
    days = application.call.rules.data["periods"]["correction_working_days"]
    application.return_note = note
    application.correction_due = add_working_days(timezone.localdate(at), days)
    application.returned_count += 1
    due = application.correction_due.isoformat()
    tell_lead(application=application, kind="funding.application_returned", at=at, due=due)
