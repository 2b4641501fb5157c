"""When outcomes are told: with the list of their call as it begins, or by an act of its own where no list comes.

Until then a case that is decided looks from outside as one that is being decided. What is told once is not told again:
`told_at` is set under the lock of the row, in the transaction of its notice.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus
from funding.models import Application, Call
from funding.selectors.outcomes import calls_with_begun_lists, list_to_come, untold_in
from funding.services.telling import lead_people
from members.models import User
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.workflow import TransitionRefused

register("funding.application_publicised", _("“%(name)s” is in public notice until %(until)s."))
register("funding.application_not_supported", _("“%(name)s” is not supported this time."))

PUBLICISED = ApplicationStatus.PUBLICISED


@transaction.atomic
def tell_with_list(*, call: Call, actor: User | None, at: datetime) -> list[Application]:
    """Tell what stands on the lists of a call that have begun, and with it who was declined; returns whom it told.

    A case that is declined at the same moment is seen or is not: then it waits for the next list.
    """
    rows, today = _locked(call), timezone.localdate(at)
    begun = [one for one in rows if one.status == PUBLICISED and one.notice and one.notice.starts_on <= today]
    return _tell([*begun, *(one for one in rows if one.status != PUBLICISED)], actor, at, "") if begun else []


@transaction.atomic
def tell_outcomes(*, call: Call, actor: User, note: str, at: datetime) -> list[Application]:
    """Tell those who were declined, where no list of the call is to come that would tell them."""
    locked = Call.everything.select_for_update(of=("self",)).get(pk=call.pk)
    require(actor, "funding.tell_outcomes", locked)
    rows = [one for one in _locked(locked) if one.status != PUBLICISED]
    if not rows:
        raise TransitionRefused(_("Every outcome of this call is told."))
    if list_to_come(locked):
        raise TransitionRefused(_("A list of this call is still to come; the outcomes are told when it is published."))
    return _tell(rows, actor, at, note)


def tell_begun_lists(*, at: datetime) -> None:
    """Tell what stands on lists that were published ahead and begin today."""
    for call in calls_with_begun_lists(timezone.localdate(at)):
        tell_with_list(call=call, actor=None, at=at)


def _locked(call: Call) -> list[Application]:
    rows = untold_in(call).select_related("call", "consortium", "notice").order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _tell(rows: list[Application], actor: User | None, at: datetime, note: str) -> list[Application]:
    for one in rows:
        one.told_at = at
        one.save(update_fields=["told_at"])
        audit.record(
            actor=actor, action=Action.TELL_OUTCOME, subject=one, at=at, note=note, facts={"status": one.status}
        )
        _notify(one, at)
    return rows


def _notify(application: Application, at: datetime) -> None:
    kind, params = "funding.application_not_supported", {"name": application.told_as}
    if application.status == PUBLICISED and application.notice:
        kind = "funding.application_publicised"
        params["until"] = application.notice.ends_on.isoformat()
    people = lead_people(consortium=application.consortium)
    notify(recipients=people, kind=kind, params=params, url=application.get_absolute_url(), at=at)
