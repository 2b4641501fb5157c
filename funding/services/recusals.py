"""Officials keep away from a case, by their own word or by that of those who direct and supervise."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application, Recusal
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
        void_approvals(scenario=scenario, at=at, reason=in_source(AWAY), of=person)
    forget(person=person, application=locked)
    params = {"person": person.name, "name": locked.told_as}
    told = holders(Role.HEAD, Role.SUPERVISOR).exclude(pk=actor.pk)
    notify(recipients=told, kind="funding.official_recused", params=params, url=locked.get_absolute_url(), at=at)
    return made


def forget(*, person: User, application: Application) -> None:
    """Take away what the portal has told somebody about a case."""
    about = Q()
    for pk in rows_of([application.pk]):
        about |= Q(url__contains=pk)
    Notification.objects.filter(about, recipient=person).delete()
