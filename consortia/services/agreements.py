"""The agreement: drafted in versions, signed by every member."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, Clause
from consortia.models import Agreement, AgreementSignature, Consortium, Participation
from consortia.services.editing import editing, note_edit
from consortia.services.notices import tell_lead, tell_members
from consortia.workflow import EDITS
from portal.kernel.audit import sha256
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused


def draft_agreement(
    *, consortium: Consortium, text: str, clauses: Sequence[str], actor: Any, at: datetime
) -> Agreement:
    """Lay down a new version; signatures under older ones do not count for it."""
    known = [clause.value for clause in Clause if clause.value in clauses]
    if not text.strip():
        raise ValidationError({"text": _("The agreement has no text.")})
    facts: dict[str, Any] = {}
    with editing(
        consortium=consortium, action=Action.DRAFT_AGREEMENT, actor=actor, at=at, name=consortium.name, facts=facts
    ) as locked:
        version = (locked.agreements.aggregate(max=Max("version"))["max"] or 0) + 1
        content = {"consortium": str(locked.pk), "version": version, "text": text, "clauses": known}
        agreement = Agreement.objects.create(
            consortium=locked, version=version, text=text, clauses=known, sha256=sha256(content), drafted_by=actor,
            created_at=at,
        )  # fmt: skip
        tell_members(consortium=locked, kind="consortia.agreement_drafted", at=at, version=version)
        facts |= {"version": version, "sha256": agreement.sha256}
    return agreement


def sign_agreement(
    *, agreement: Agreement, participation: Participation, actor: Any, at: datetime
) -> AgreementSignature:
    """Sign the newest version in the name of a present member; a second click gives the same signature."""
    with transaction.atomic():
        consortium = Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        require(actor, "consortia.sign_agreement", participation)
        if consortium.status not in EDITS[Action.SIGN_AGREEMENT].during:
            raise TransitionRefused(_("This consortium has ended."))
        return add_signature(agreement=agreement, participation=participation, actor=actor, at=at)


def add_signature(
    *, agreement: Agreement, participation: Participation, actor: Any, at: datetime
) -> AgreementSignature:
    """Store the signature; the caller holds the consortium's row and has asked the permission."""
    consortium = participation.consortium
    newest = consortium.agreements.order_by("-version").first()
    if newest is None or newest.pk != agreement.pk:
        raise TransitionRefused(_("There is a newer version of the agreement. Please read it before you sign."))
    if not Participation.objects.present().filter(pk=participation.pk).exists():
        raise TransitionRefused(_("Only present members sign the agreement."))
    signature, new = AgreementSignature.objects.get_or_create(
        agreement=newest, participation=participation,
        defaults={"signed_by": actor, "signed_at": at, "sha256": newest.sha256},
    )  # fmt: skip
    if new:
        tell_lead(participation=participation, kind="consortia.agreement_signed", at=at, version=newest.version)
        name, by_id = participation.organisation.name, str(participation.organisation_id)
        facts = {"by": name, "by_id": by_id, "version": newest.version, "sha256": newest.sha256}
        note_edit(consortium=consortium, action=Action.SIGN_AGREEMENT, actor=actor, at=at, name=name, facts=facts)
    return signature
