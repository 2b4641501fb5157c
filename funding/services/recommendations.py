"""What the district does with an application."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application
from funding.services.applications import tell, tell_lead
from funding.workflow import APPLICATION
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import notifications
from portal.kernel.calendar import add_working_days
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
        people = holders(Role.ACCEPTANCE, Role.OFFICER)
        tell(people=people, application=locked, kind="funding.application_recommended", at=at)
        tell_lead(application=locked, kind="funding.application_recommended_lead", at=at)
    return application


def decline_recommendation(*, application: Application, actor: User, at: datetime, note: str) -> Application:
    """End it in the district, with a reason."""
    with APPLICATION.moving(application, Action.DECLINE_RECOMMENDATION, actor=actor, at=at, note=note) as locked:
        if not note.strip():
            raise TransitionRefused(NO_REASON)
        locked.opinion = note
        tell_lead(application=locked, kind="funding.application_not_recommended", at=at)
    return application


def return_application(*, application: Application, actor: User, at: datetime, note: str) -> Application:
    """Give it back to the applicant for correction."""
    with APPLICATION.moving(application, Action.RETURN, actor=actor, at=at, note=note) as locked:
        give_back(application=locked, note=note, at=at)
    return application


def give_back(*, application: Application, note: str, at: datetime) -> None:
    """Set what is to be corrected and until when; the caller moves the status."""
    if not note.strip():
        raise TransitionRefused(NO_REASON)
    days = application.call.rules.data["periods"]["correction_working_days"]
    application.return_note = note
    application.correction_due = add_working_days(timezone.localdate(at), days)
    application.returned_count += 1
    due = application.correction_due.isoformat()
    tell_lead(application=application, kind="funding.application_returned", at=at, due=due)
