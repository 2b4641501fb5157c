"""Officials keep away from a case, by their own word or by that of those who direct and supervise."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, SessionStatus
from funding.models import Application, LiftedRecusal, Recusal, SessionAbsence, SessionSlot
from funding.selectors.recusals import rows_of, told_nothing
from funding.selectors.scenarios import standing_list
from funding.services.lists import in_source, void_approvals
from members.enums import OFFICIALS, Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.models import Notification
from portal.kernel.notifications import WITHHELD, notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.official_recused", _("%(person)s keeps away from “%(name)s”; somebody else may have to take it on."))
register("funding.recusal_lifted", _("You no longer keep away from “%(name)s”."))
AWAY = _("Keeps away from a case on the list.")
AGAIN = _("This official keeps away from the case already.")

WITHHELD.append(told_nothing)


def step_aside(*, application: Application, actor: User, ground: str, at: datetime) -> Recusal:
    """Declare a conflict of interest of one's own; from now on nothing of the case is to be seen."""
    require(actor, "funding.step_aside", application)
    return _recuse(application, actor, actor, ground, at, Action.STEP_ASIDE)


def recuse_official(*, application: Application, person: User, actor: User, ground: str, at: datetime) -> Recusal:
    """Keep an official away who does not do so by itself. Raises ValidationError for `person`."""
    require(actor, "funding.recuse_official", application)
    if not person.holds_any(OFFICIALS):
        raise ValidationError({"person": _("Only officials keep away from a case; experts step back from a review.")})
    return _recuse(application, person, actor, ground, at, Action.RECUSE_OFFICIAL)


@transaction.atomic
def _recuse(application: Application, person: User, actor: User, ground: str, at: datetime, action: Action) -> Recusal:
    listed = list(standing_list(application).select_for_update(of=("self",)))
    locked = Application.everything.select_for_update(of=("self",)).get(pk=application.pk)
    if person.pk in locked.recused:
        raise TransitionRefused(AGAIN)
    if not ground.strip():
        raise ValidationError({"ground": _("Please give a reason.")})
    made = Recusal.objects.create(
        application=locked, person=person, ground=ground.strip(), declared_by=actor, recused_at=at
    )
    audit.record(actor=actor, action=action, subject=locked, at=at, note=made.ground, facts={"person": person.pk})
    for scenario in listed:
        void_approvals(scenario=scenario, at=at, reason=in_source(why=AWAY), of=person)
    forget(person=person, application=locked)
    leave_sessions(person=person, application=locked, why=made.ground)
    params = {"person": person.name, "name": locked.told_as}
    told = holders(Role.HEAD, Role.SUPERVISOR).exclude(pk=actor.pk)
    notify(recipients=told, kind="funding.official_recused", params=params, url=locked.get_absolute_url(), at=at)
    return made


def leave_sessions(*, person: User, application: Application, why: str) -> None:
    """Whoever has a seat in a session of the case leaves the room for it."""
    for slot in open_slots(application=application).filter(session__seats__person=person):
        SessionAbsence.objects.get_or_create(slot=slot, person=person, defaults={"why": why})


def open_slots(*, application: Application) -> QuerySet[SessionSlot]:
    """Where the case is still to be heard, or being heard."""
    standing = [SessionStatus.PREPARED, SessionStatus.INVITED]
    return SessionSlot.everything.filter(application=application, session__status__in=standing)


def forget(*, person: User, application: Application) -> None:
    """Take away what the portal has told somebody about a case."""
    about = Q()
    for pk in rows_of([application.pk]):
        about |= Q(url__contains=pk)
    Notification.objects.filter(about, recipient=person).delete()


@transaction.atomic
def lift_recusal(*, recusal: Recusal, actor: User, note: str, at: datetime) -> LiftedRecusal:
    """Let an official back to a case, as a person who neither is recused nor recused; how it was stays on record."""
    application = Application.everything.select_for_update(of=("self",)).get(pk=recusal.application_id)
    require(actor, "funding.lift_recusal", application)
    locked = Recusal.objects.select_for_update(of=("self",)).filter(pk=recusal.pk).first()
    if locked is None:
        raise TransitionRefused(_("This recusal was lifted already."))
    if actor.pk in {locked.person_id, locked.declared_by_id}:
        raise TransitionRefused(_("Who is recused, or recused somebody, does not lift the recusal."))
    if not note.strip():
        raise ValidationError({"note": _("Please give a reason.")})
    made = LiftedRecusal.objects.create(
        application=application, person=locked.person, ground=locked.ground, declared_by=locked.declared_by,
        recused_at=locked.recused_at, lifted_by=actor, lifted_at=at, reason=note.strip(), created_at=at,
    )  # fmt: skip
    locked.delete()
    SessionAbsence.objects.filter(slot__in=open_slots(application=application), person=made.person).delete()
    facts = {"person": made.person_id, "ground": made.ground}
    audit.record(actor=actor, action=Action.LIFT_RECUSAL, subject=application, at=at, note=made.reason, facts=facts)
    notify(recipients=[made.person], kind="funding.recusal_lifted", params={"name": application.told_as},
           url=application.get_absolute_url(), at=at)  # fmt: skip
    return made
