"""Open work passes to a named successor when somebody leaves a role."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from members.enums import Action
from members.models import Handover, RoleGrant, User
from members.selectors.handover import Burden, burdens
from portal.kernel import audit
from portal.kernel.notifications import notify, register

NO_SUCCESSOR = _("Please choose who takes this over.")
NOT_IN_ROLE = _("This person does not hold the role here any more.")

register("members.handed_over", _("%(leaver)s leaves a role, and its open work is yours now. %(place)s"), urgent=True)


@transaction.atomic
def hand_over(
    *, grants: Iterable[RoleGrant], successors: Mapping[str, User], actor: User, at: datetime
) -> list[Handover]:
    """Record who takes over what these roles carry; `successors` by the key of each burden.

    Raises ValidationError for the key of a role with open work when somebody else holds it and nobody was chosen.
    Nobody else in the role: the work waits for the next holder.
    """
    open_work = burdens(grants, at)
    chosen = [(burden, _successor(burden, successors)) for burden in open_work]
    return [_record(burden, successor, actor, at) for burden, successor in chosen]


def _successor(burden: Burden, successors: Mapping[str, User]) -> User | None:
    if not burden.others:
        return None
    successor = successors.get(burden.key)
    if successor is None:
        raise ValidationError({burden.key: NO_SUCCESSOR})
    if successor not in burden.others:
        raise ValidationError({burden.key: NOT_IN_ROLE})
    return successor


def _record(burden: Burden, successor: User | None, actor: User, at: datetime) -> Handover:
    grant, leaver = burden.grant, burden.grant.user
    row = Handover.objects.create(
        leaver=leaver, successor=successor, role=grant.role, organisation=grant.organisation,
        district=grant.district, work=burden.counted(), actor=actor, at=at,
    )  # fmt: skip
    facts = {"role": grant.role, "organisation": grant.organisation_id, "district": grant.district_id,
             "successor": successor and successor.pk, "work": row.work}  # fmt: skip
    audit.record(actor=actor, action=Action.HAND_OVER, subject=leaver, at=at, facts=facts)
    if successor is not None:
        _pass_on(burden, successor, actor, at)
    return row


def _pass_on(burden: Burden, successor: User, actor: User, at: datetime) -> None:
    leaver = burden.grant.user
    for kind, _count in burden.work:
        if kind.passes is not None:
            kind.passes(leaver=leaver, successor=successor, actor=actor, at=at)
    params = {"leaver": leaver.name, "place": lazystr(burden.grant.organisation or burden.grant.district or "")}
    notify(recipients=[successor], kind="members.handed_over", params=params, url="/", at=at)
