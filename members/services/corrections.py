"""Requests to put personal data right: made by the person, answered by who keeps the data."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import Action, CorrectionField, Role
from members.models import CorrectionRequest, User
from members.selectors import holders
from members.workflow import CORRECTION
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.calendar import add_working_days
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

WORKING_DAYS = 15
AGAIN = _("You have asked for this already; please wait for the answer.")
NO_ANSWER = _("Please write an answer.")
SET_BY_ANSWER = {CorrectionField.NAME, CorrectionField.TITLE}

register("members.correction_requested", _("%(person)s asks for a correction of personal data by %(due)s."))
register("members.correction_answered", _("Your request for a correction is answered."))


def request_correction(
    *, person: User, field: CorrectionField, wanted: str, explanation: str, actor: User, at: datetime
) -> CorrectionRequest:
    """Ask; goes to the administrators of the person's organisation, else to the system administrators."""
    require(actor, "members.update_own_data", person)
    due = add_working_days(timezone.localdate(at), WORKING_DAYS)
    try:
        with transaction.atomic():
            request = CorrectionRequest.objects.create(
                person=person, field=field, wanted=wanted.strip(), explanation=explanation.strip(), due_on=due,
                created_at=at,
            )  # fmt: skip
            audit.record(actor=actor, action=Action.REQUEST_CORRECTION, subject=request, at=at, facts={"field": field})
            notify(
                recipients=_answerers(person), kind="members.correction_requested", at=at,
                params={"person": person.name, "due": due.isoformat()}, url=request.get_absolute_url(),
            )  # fmt: skip
    except IntegrityError:
        raise TransitionRefused(AGAIN) from None
    return request


def correct_data(*, request: CorrectionRequest, answer: str, actor: User, at: datetime) -> CorrectionRequest:
    """Grant the request; name and position are set at once."""
    return _answer(request, Action.CORRECT, answer, actor, at)


def decline_correction(*, request: CorrectionRequest, answer: str, actor: User, at: datetime) -> CorrectionRequest:
    """Leave the data as they are, with a reason."""
    return _answer(request, Action.DECLINE_CORRECTION, answer, actor, at)


def _answer(request: CorrectionRequest, action: Action, answer: str, actor: User, at: datetime) -> CorrectionRequest:
    with CORRECTION.moving(request, action, actor=actor, at=at, facts={"field": request.field}) as locked:
        if not answer.strip():
            raise TransitionRefused(NO_ANSWER)
        locked.answer, locked.answered_by, locked.answered_at = answer.strip(), actor, at
        if action == Action.CORRECT and locked.field in SET_BY_ANSWER:
            person = User.objects.select_for_update().get(pk=locked.person_id)
            setattr(person, locked.field, locked.wanted)
            person.save(update_fields=[locked.field])
        notify(
            recipients=[locked.person], kind="members.correction_answered", at=at, params={},
            url=locked.get_absolute_url(),
        )  # fmt: skip
    return request


def _answerers(person: User) -> list[User]:
    """Administrators of the own organisations other than oneself; those of the system where there are none."""
    colleagues = holders(Role.ORG_ADMIN, organisation__in=person.organisation_ids).exclude(pk=person.pk)
    return list(colleagues) or list(holders(Role.SYSTEM_ADMIN).exclude(pk=person.pk))
