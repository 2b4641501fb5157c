"""Members: invited, revised, confirmed, declined, gone."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, ChainPosition, ConsortiumStatus, Layer
from consortia.models import Agreement, Consortium, Participation
from consortia.services.agreements import add_signature
from consortia.services.editing import editing, store
from consortia.services.notices import tell_lead, tell_member
from consortia.workflow import PARTICIPATION
from members.models import Organisation
from members.services.organisations import invite_organisation
from portal.kernel.audit import sha256
from portal.kernel.authz import require
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Part:
    """What a member promises; money in yuan, `ip_share` in per cent."""

    chain_position: ChainPosition | str
    duties: str
    layer: Layer | str = Layer.CORE
    cash: Decimal = Decimal(0)
    in_kind: Decimal = Decimal(0)
    ip_share: Decimal = Decimal(0)
    person_months: int = 0

    def facts(self) -> dict[str, Any]:
        """The fields of a Participation."""
        return asdict(self)


def invite_member(
    *, consortium: Consortium, organisation: Organisation, part: Part, actor: Any, at: datetime
) -> Participation:
    """Ask a registered organisation to take part; its own confirmer answers."""
    member = Participation(organisation=organisation, **part.facts())
    facts = {"participation": str(member.pk), "part": member.canonical()}
    with editing(
        consortium=consortium, action=Action.INVITE, actor=actor, at=at, name=organisation.name, facts=facts
    ) as locked:
        if locked.participations.present().filter(organisation=organisation).exists():
            raise ValidationError({"organisation": _("This organisation is a member already.")})
        _require_share(locked, part.ip_share)
        member.consortium = locked
        return create_participation(participation=member, actor=actor, at=at)


def invite_new_member(
    *,
    consortium: Consortium,
    part: Part,
    name: str,
    id_scheme: str,
    uscc: str | None,
    type: str,  # noqa: A002
    contact_name: str,
    contact_email: str,
    actor: Any,
    at: datetime,
    uscc_override: str = "",
) -> Participation:
    """Ask an organisation that may not be registered yet: its contact gets an invitation by mail."""
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=consortium.pk)
        require(actor, "consortia.invite_member", consortium)
        organisation = invite_organisation(
            actor=actor, name=name, uscc=uscc, id_scheme=id_scheme, type=type, uscc_override=uscc_override,
            contact_name=contact_name, contact_email=contact_email, at=at,
        )  # fmt: skip
        return invite_member(consortium=consortium, organisation=organisation, part=part, actor=actor, at=at)


def create_participation(*, participation: Participation, actor: Any, at: datetime) -> Participation:
    """Store an invited participation and tell its organisation; the caller holds the consortium's row."""
    participation.invited_by, participation.invited_at, participation.created_at = actor, at, at
    store(row=participation)
    tell_member(participation=participation, kind="consortia.invited", at=at)
    return participation


def revise_participation(
    *, participation: Participation, part: Part, actor: Any, at: datetime, seen: str = ""
) -> Participation:
    """Change what one member promises: its confirmation lapses, nobody else's.

    With `seen`, the state that the writer had before its eyes, raises Stale when it was changed since.
    """
    facts = _about(participation.consortium.lead, participation)
    with transaction.atomic():
        consortium = Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        with PARTICIPATION.moving(participation, Action.REVISE, actor=actor, at=at, facts=facts) as locked:
            require_unchanged(row=locked, seen=seen, typed=part.facts())
            before = locked.canonical()
            for name, value in part.facts().items():
                setattr(locked, name, value)
            if locked.canonical() == before:
                raise TransitionRefused(_("Nothing has changed, so the confirmation stays as it is."))
            _require_share(consortium, part.ip_share, besides=locked)
            locked.confirmed_by, locked.confirmed_at, locked.confirmed_hash = None, None, ""
            facts |= {"before": before, "after": locked.canonical()}
            tell_member(participation=locked, kind="consortia.revised", at=at)
    return participation


def confirm_participation(
    *, participation: Participation, actor: Any, at: datetime, seen: str = "", agreement: Agreement | None = None
) -> Participation:
    """Confirm exactly the present part; with `agreement` its newest version is signed in the same step.

    `seen` is the hash of what the person read: if the lead changed it meanwhile, nothing is confirmed.
    """
    facts = _about(participation.organisation, participation)
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        with PARTICIPATION.moving(participation, Action.CONFIRM, actor=actor, at=at, facts=facts) as locked:
            fingerprint = sha256(locked.canonical())
            if seen not in {"", fingerprint}:
                raise TransitionRefused(_("The lead has changed your part meanwhile. Please read it again."))
            locked.confirmed_by, locked.confirmed_at, locked.confirmed_hash = actor, at, fingerprint
            facts |= {"part": locked.canonical(), "sha256": fingerprint}
            tell_lead(participation=locked, kind="consortia.confirmed", at=at)
            if agreement is not None:
                add_signature(agreement=agreement, participation=locked, actor=actor, at=at)
    return participation


def decline_participation(*, participation: Participation, actor: Any, at: datetime, note: str) -> Participation:
    """Refuse to take part; `note` is the reason, which the lead reads."""
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})
    facts = _about(participation.organisation, participation)
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        with PARTICIPATION.moving(participation, Action.DECLINE, actor=actor, at=at, note=note, facts=facts) as locked:
            locked.decline_reason = note.strip()
            tell_lead(participation=locked, kind="consortia.declined", at=at)
    return participation


def leave_participation(*, participation: Participation, actor: Any, at: datetime, note: str) -> Participation:
    """Record that a member leaves; its work and results stay where they are."""
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})
    facts = _about(participation.consortium.lead, participation)
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        with PARTICIPATION.moving(participation, Action.LEAVE, actor=actor, at=at, note=note, facts=facts) as locked:
            _require_nothing_planned(locked)
            locked.confirmed_by, locked.confirmed_at, locked.confirmed_hash = None, None, ""
            tell_member(participation=locked, kind="consortia.left", at=at)
    return participation


def _require_nothing_planned(participation: Participation) -> None:
    """While plans can still be changed, nobody leaves who is responsible for a part of them."""
    consortium, organisation = participation.consortium, participation.organisation
    if consortium.status != ConsortiumStatus.PREPARING:
        return
    tasks, technologies = consortium.tasks.filter(lead=organisation), consortium.technologies.filter(owner=organisation)
    if tasks.exists() or technologies.exists():
        raise TransitionRefused(
            _("This organisation is responsible for tasks or technologies. Give them to another member first.")
        )


def _require_share(consortium: Consortium, share: Decimal, besides: Participation | None = None) -> None:
    """All present members together hold at most the whole; the consortium's row is locked by the caller."""
    others = consortium.participations.present()
    if besides:
        others = others.exclude(pk=besides.pk)
    taken = others.aggregate(sum=Sum("ip_share"))["sum"] or Decimal(0)
    if taken + share > WHOLE:
        left = (WHOLE - taken).normalize()
        raise ValidationError(
            {"ip_share": _("The other members hold %(taken)s %% already; at most %(left)s %% are left.")
             % {"taken": f"{taken.normalize():f}", "left": f"{left:f}"}}
        )  # fmt: skip


def _about(by: Organisation, participation: Participation) -> dict[str, Any]:
    return {"by": by.name, "by_id": str(by.pk), "name": participation.organisation.name}
