"""Circulars: written once, sent to the people of several consortia."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Circular, Consortium
from consortia.selectors.circulars import reached
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register

register("consortia.circular", _("The bureau writes: “%(subject)s”."), urgent=True)


def send_circular(
    *, consortia: Collection[Consortium], audience: Sequence[str], subject: str, text: str, actor: Any, at: datetime
) -> Circular:
    """Send it to everybody whom the audience names, each once. Raises ValidationError when that is nobody."""
    require(actor, "consortia.send_circular")
    people = list(reached(consortia, audience))
    if not people:
        raise ValidationError({"audience": _("Nobody would receive this.")})
    with transaction.atomic():
        circular = Circular.objects.create(
            subject=subject, text=text, audience=list(audience), sent_by=actor, created_at=at
        )
        circular.consortia.set(consortia)
        circular.recipients.set(people)
        facts = {"consortia": len(consortia), "recipients": len(people), "audience": list(audience)}
        audit.record(actor=actor, action=Action.SEND_CIRCULAR, subject=circular, at=at, facts=facts)
        url = circular.get_absolute_url()
        notify(recipients=people, kind="consortia.circular", params={"subject": subject}, url=url, at=at)
    return circular
