"""What the bureau says of a district: the industries that it stands for."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.enums import Action
from members.models import District
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

SEEN = ("focus",)


@transaction.atomic
def update_district(*, district: District, focus: str, actor: Any, at: datetime, seen: str = "") -> District:
    """Set the focus industries; raises Stale when somebody else has changed them since."""
    require(actor, "members.update_district", district)
    locked = District.objects.select_for_update().get(pk=district.pk)
    typed = " ".join(focus.split())
    require_unchanged(row=locked, seen=seen, typed={"focus": typed}, names=SEEN)
    if locked.focus == typed:
        raise TransitionRefused(_("Nothing has changed."))
    facts = {"focus": [locked.focus, typed]}
    locked.focus = typed
    locked.save(update_fields=["focus"])
    audit.record(actor=actor, action=Action.UPDATE_DISTRICT, subject=locked, at=at, facts=facts)
    return locked
