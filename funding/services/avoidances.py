"""Names that an applicant asks to keep from the review of its application, and the word of an officer on each."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus
from funding.models import Application, Avoidance
from funding.models.avoidance import JUDGED_IN
from funding.rules.conflicts import avoid_most
from funding.rules.returns import AVOID
from funding.services.applications import editing
from members.models import User
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused

S = ApplicationStatus
JUDGED = _("The bureau has decided about this name; it stays.")
TOO_LATE = _("Names to be avoided are judged after the submission and before the experts are there.")


def name_avoided(
    *, application: Application, actor: User, at: datetime, kind: str, name: str, reason: str
) -> Avoidance:
    """Put a name on the list of a draft. Raises ValidationError for one that stands there or lacks its reason."""
    with editing(application=application, actor=actor, part=AVOID) as locked:
        most = avoid_most(locked.call.rules.data)
        if locked.avoidances.count() >= most:
            raise TransitionRefused(_("At most %(most)s names can be given.") % {"most": most})
        row = Avoidance(
            application=locked, kind=kind, name=" ".join(name.split()), reason=reason.strip(), named_by=actor,
            created_at=at,
        )  # fmt: skip
        row.full_clean(exclude={"accepted", "judged_by", "judged_at", "judgement"})
        row.save(force_insert=True)
        audit.record(actor=actor, action=Action.NAME_AVOIDED, subject=locked, at=at, facts={"avoidance": row.pk})
    return row


def remove_avoided(*, avoidance: Avoidance, actor: User, at: datetime) -> None:
    """Take a name off a draft; what was judged stays."""
    with editing(application=avoidance.application, actor=actor, part=AVOID) as locked:
        row = locked.avoidances.filter(pk=avoidance.pk).first()
        if row is None:
            raise TransitionRefused(_("The name was removed already."))
        if row.accepted is not None:
            raise TransitionRefused(JUDGED)
        row.delete()
        audit.record(
            actor=actor, action=Action.REMOVE_AVOIDED, subject=locked, at=at, facts={"avoidance": avoidance.pk}
        )


@transaction.atomic
def judge_avoided(*, avoidance: Avoidance, actor: User, at: datetime, accepted: bool, judgement: str) -> Avoidance:
    """Accept a name, which bars whoever it stands for, or refuse it; both once and with a reason."""
    rows = Application.everything.select_for_update(of=("self",))
    locked = rows.get(pk=avoidance.application_id)
    require(actor, "funding.judge_avoided", locked)
    row = locked.avoidances.get(pk=avoidance.pk)
    if row.accepted is not None:
        raise TransitionRefused(_("Somebody has decided about this name already."))
    if locked.status not in JUDGED_IN:
        raise TransitionRefused(TOO_LATE)
    if not judgement.strip():
        raise ValidationError({"judgement": _("Please give a reason.")})
    row.accepted, row.judgement = accepted, judgement.strip()
    row.judged_by, row.judged_at = actor, at
    row.save(update_fields=["accepted", "judgement", "judged_by", "judged_at"])
    facts = {"avoidance": row.pk, "accepted": accepted}
    audit.record(actor=actor, action=Action.JUDGE_AVOIDED, subject=locked, at=at, facts=facts)
    return row
