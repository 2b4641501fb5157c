"""Public notices and the objections to them."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus
from funding.models import Application, Call, Objection, PublicNotice
from funding.rules.publicity import MOST_AHEAD, last_day, notice_row
from funding.services.calls import numbered
from funding.services.telling import lead_people
from funding.workflow import APPLICATION, OBJECTION
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.notifications import notify, register
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused

register("funding.application_publicised", _("“%(name)s” is in public notice until %(until)s."))
register("funding.objection_recorded", _("An objection to “%(name)s” was received (%(number)s)."), urgent=True)
register(
    "funding.objection_taken_up", _("An objection to “%(name)s” is being handled; please find on it."), urgent=True
)
register("funding.objection_found", _("All objections to “%(name)s” have a finding."))
register("funding.application_overturned", _("“%(name)s” is not supported: an objection was upheld."), urgent=True)

S = ApplicationStatus
IN_NOTICE = {S.PUBLICISED, S.OBJECTED}


# --- the notice --------------------------------------------------------------------------------
def publicise_applications(
    *,
    call: Call,
    applications: Sequence[Application],
    title: str,
    document_number: str,
    starts_on: date,
    actor: User,
    at: datetime,
) -> PublicNotice:
    """Publish decided applications of a call for objections; the list is frozen with its hash."""
    if not applications:
        raise TransitionRefused(_("No application is chosen."))
    if starts_on < timezone.localdate(at):
        raise TransitionRefused(_("A public notice cannot begin in the past."))
    if starts_on > timezone.localdate(at) + MOST_AHEAD:
        raise ValidationError({"starts_on": _("A public notice begins within 60 days.")})
    if any(application.call_id != call.pk for application in applications):
        raise TransitionRefused(_("An application belongs to another call."))
    facts: dict[str, Any] = {}
    with ExitStack() as stack:
        ordered = sorted(applications, key=lambda one: one.pk)  # always the same order of locks
        moving = [APPLICATION.moving(one, Action.PUBLICISE, actor=actor, at=at, facts=facts) for one in ordered]
        locked = [stack.enter_context(one) for one in moving]
        notice = _notice(call, locked, title, document_number, starts_on, actor, at)
        facts |= {"notice": notice.pk, "sha256": notice.sha256, "ends_on": notice.ends_on}
        for one in locked:
            one.notice = notice
            _tell(
                lead_people(consortium=one.consortium),
                one,
                "funding.application_publicised",
                at,
                until=notice.ends_on.isoformat(),
            )
    return notice


def _notice(
    call: Call, applications: Sequence[Application], title: str, number: str, starts_on: date, actor: User, at: datetime
) -> PublicNotice:
    rows = sorted((notice_row(one) for one in applications), key=lambda row: (row["tier"], row["number"]))
    notice = PublicNotice(
        call=call,
        title=title,
        document_number=numbered(call=call, number=number),
        starts_on=starts_on,
        ends_on=last_day(starts_on, call.rules.data),
        rows=rows,
        published_by=actor,
        published_at=at,
    )
    notice.sha256 = audit.sha256(notice.canonical())
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError({"document_number": _("A public notice of this number exists already.")}) from error
    audit.record(actor=actor, action=Action.PUBLICISE, subject=notice, at=at, facts={"sha256": notice.sha256})
    return notice


# --- objections --------------------------------------------------------------------------------
def record_objection(
    *, application: Application, kind: str, name: str, contact: str, grounds: str, at: datetime
) -> Objection:
    """Take in an objection from anybody while the notice runs; it blocks the approval until there is a finding.

    The same objection of the same objector is taken once: the second time it answers with the first one.
    """
    with transaction.atomic():
        locked = Application.everything.select_for_update(of=("self",)).get(pk=application.pk)
        notice = locked.notice
        if locked.status not in IN_NOTICE or notice is None or not notice.is_running(timezone.localdate(at)):
            raise TransitionRefused(_("The public notice is not running."))
        if said_before := _same(locked, kind=kind, name=name, grounds=grounds):
            return said_before
        year, prefix = timezone.localdate(at).year, locked.call.prefix
        objection = Objection.objects.create(
            number=f"{prefix}YY-{year}-{next_number(f'{prefix}objection-{year}'):04d}",
            application=locked,
            kind=kind,
            name=name,
            contact=contact,
            grounds=grounds,
            received_at=at,
        )
        # Who objects stays out of the trail.
        audit.record(actor=None, action=Action.RECORD_OBJECTION, subject=objection, at=at, facts={"kind": kind})
        _announce(objection, at)
    return objection


def _same(application: Application, *, kind: str, name: str, grounds: str) -> Objection | None:
    alike = application.objections.filter(kind=kind, grounds=grounds).order_by("received_at")
    return next((one for one in alike if one.name.reveal() == name), None)


def _announce(objection: Objection, at: datetime) -> None:
    params = {"name": objection.application.told_as, "number": objection.number}
    people = holders(Role.OFFICER, Role.SUPERVISOR)
    url = objection.get_absolute_url()
    notify(recipients=people, kind="funding.objection_recorded", params=params, url=url, at=at)


def object_to_application(*, application: Application, actor: User, at: datetime, note: str = "") -> Application:
    """Take up the open objections: the application waits until supervision has found on them."""
    with APPLICATION.moving(application, Action.OBJECT, actor=actor, at=at, note=note) as locked:
        _tell(holders(Role.SUPERVISOR), locked, "funding.objection_taken_up", at)
    return application


def dismiss_objection(*, objection: Objection, actor: User, finding: str, at: datetime) -> Objection:
    """Find that the objection has no ground."""
    return _find(objection, Action.DISMISS, actor, finding, at)


def uphold_objection(*, objection: Objection, actor: User, finding: str, at: datetime) -> Objection:
    """Find that the objection is right; the decision must then be overturned."""
    return _find(objection, Action.UPHOLD, actor, finding, at)


def _find(objection: Objection, action: str, actor: User, finding: str, at: datetime) -> Objection:
    with OBJECTION.moving(objection, action, actor=actor, at=at, note=finding) as locked:
        if not finding.strip():
            raise TransitionRefused(_("Please state the finding."))
        locked.finding, locked.handled_by, locked.handled_at = finding, actor, at
        others = locked.application.objections.open().exclude(pk=locked.pk)
        if not others.exists():
            _tell(holders(Role.OFFICER), locked.application, "funding.objection_found", at)
    return objection


def continue_application(*, application: Application, actor: User, at: datetime, note: str = "") -> Application:
    """Let the decision stand after all objections were dismissed."""
    with APPLICATION.moving(application, Action.CONTINUE, actor=actor, at=at, note=note):
        pass
    return application


def overturn_application(*, application: Application, actor: User, note: str, at: datetime) -> Application:
    """Overturn the decision after an objection was upheld."""
    with APPLICATION.moving(application, Action.OVERTURN, actor=actor, at=at, note=note) as locked:
        locked.decision_note = note
        _tell(lead_people(consortium=locked.consortium), locked, "funding.application_overturned", at)
        _tell(holders(Role.OFFICER, Role.LEADER), locked, "funding.application_overturned", at)
    return application


def _tell(recipients: Any, application: Application, kind: str, at: datetime, **params: Any) -> None:
    words = {"name": application.told_as, **params}
    notify(recipients=recipients, kind=kind, params=words, url=application.get_absolute_url(), at=at)
