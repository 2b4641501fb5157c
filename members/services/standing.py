"""The standing of organisations: verified against the public register, suspended, deregistered, owned by others."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import Action, Role
from members.models import Organisation, User
from members.selectors import holders
from members.workflow import ORGANISATION
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

IDENTITY = ("name", "uscc")  # what is compared with the register
NO_SOURCE = _("Please say where it was looked up.")
NO_REASON = _("Please give a reason.")
VERIFIED_ALREADY = _("The name and the code are verified already.")
UNKNOWN_CODE = _("No organisation with this credit code is in the portal.")
CIRCLE = _("This would be a circle: the parent belongs to this organisation.")

register("members.organisation_suspended", _("%(organisation)s is suspended: %(reason)s"), urgent=True)
register("members.organisation_resumed", _("%(organisation)s is admitted again."))
register(
    "members.organisation_deregistered", _("%(organisation)s is recorded as deregistered: %(reason)s"), urgent=True
)


@transaction.atomic
def verify_organisation(
    *, organisation: Organisation, source: str, actor: User, at: datetime, seen: str = ""
) -> Organisation:
    """Confirm that name and code stand in the public register as they stand here; bound to both as they are now.

    Raises ValidationError for `source`, Stale when name or code are not as `seen`, TransitionRefused the second time.
    """
    require(actor, "members.verify_organisation", organisation)
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    require_unchanged(row=locked, seen=seen, typed={}, names=IDENTITY)
    if not source.strip():
        raise ValidationError({"source": NO_SOURCE})
    if locked.is_verified:
        raise TransitionRefused(VERIFIED_ALREADY)
    locked.verified_by, locked.verified_at, locked.verified_in = actor, at, source.strip()
    locked.verified_name, locked.verified_code = locked.name, locked.uscc or ""
    locked.save()
    facts = {"name": locked.name, "code": locked.verified_code, "source": locked.verified_in}
    audit.record(actor=actor, action=Action.VERIFY_ORGANISATION, subject=locked, at=at, facts=facts)
    return locked


@transaction.atomic
def affiliate_organisation(
    *, organisation: Organisation, parent_code: str, source: str, actor: User, at: datetime
) -> Organisation:
    """Record the parent by its credit code; an empty code ends the relation.

    Raises ValidationError for single fields. A trigger refuses circles that two people tie at once.
    """
    require(actor, "members.affiliate_organisation", organisation)
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not source.strip():
        raise ValidationError({"source": NO_SOURCE})
    parent = _parent(parent_code.strip().upper(), locked)
    if parent == locked.parent:
        return locked
    before, locked.parent = locked.parent, parent
    facts = {"from": before and before.uscc, "to": parent and parent.uscc, "source": source.strip()}
    try:
        with transaction.atomic():
            locked.save(update_fields=["parent"])
    except IntegrityError:
        raise ValidationError({"parent_code": CIRCLE}) from None
    audit.record(actor=actor, action=Action.AFFILIATE, subject=locked, at=at, facts=facts)
    return locked


def suspend_organisation(*, organisation: Organisation, reason: str, actor: User, at: datetime) -> Organisation:
    """Bar it from new applications until it is admitted again."""
    return _move(organisation, Action.SUSPEND_ORGANISATION, _given(reason), actor, at, "members.organisation_suspended")


def resume_organisation(*, organisation: Organisation, reason: str, actor: User, at: datetime) -> Organisation:
    """Admit it again."""
    return _move(organisation, Action.RESUME_ORGANISATION, _given(reason), actor, at, "members.organisation_resumed")


def deregister_organisation(*, organisation: Organisation, reason: str, actor: User, at: datetime) -> Organisation:
    """Record that it does not exist any more; there is no way back."""
    kind = "members.organisation_deregistered"
    return _move(organisation, Action.DEREGISTER_ORGANISATION, _given(reason), actor, at, kind)


def _move(
    organisation: Organisation, action: Action, reason: str, actor: User, at: datetime, kind: str
) -> Organisation:
    with ORGANISATION.moving(organisation, action, actor=actor, at=at, note=reason) as locked:
        notify(
            recipients=holders(Role.ORG_ADMIN, Role.SIGNATORY, Role.APPLICANT, organisation=locked),
            kind=kind, at=at, url=reverse("members:organisation-own"),
            params={"organisation": locked.name, "reason": reason},
        )  # fmt: skip
    return organisation


def _given(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    return reason.strip()


def _parent(code: str, child: Organisation) -> Organisation | None:
    if not code:
        return None
    found = Organisation.objects.filter(uscc=code).first()
    if found is None:
        raise ValidationError({"parent_code": UNKNOWN_CODE})
    if found == child:
        raise ValidationError({"parent_code": CIRCLE})
    return found
