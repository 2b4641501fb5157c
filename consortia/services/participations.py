"""Members: invited, replaced, revised, confirmed, declined. They leave in `departures`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, ChainPosition, Layer, PartItem
from consortia.models import Agreement, Consortium, Participation
from consortia.rules.invitations import ANSWER_WITHIN
from consortia.selectors.departures import may_be_replaced, open_departure
from consortia.selectors.parts import ItemState, PartState, part_state
from consortia.services.agreements import add_signature
from consortia.services.confirmations import about, confirm_items, tell_changed
from consortia.services.editing import editing, store
from consortia.services.notices import tell_lead, tell_member
from consortia.workflow import PARTICIPATION
from members.models import Organisation
from members.services.organisations import invite_organisation
from portal.kernel.authz import require
from portal.kernel.calendar import add_working_days
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

WHOLE = Decimal(100)
SHARES = ("ip_share", "benefit_share")


@dataclass(frozen=True)
class Part:
    """What a member promises and gets; money in yuan, shares in per cent."""

    chain_position: ChainPosition | str
    duties: str
    layer: Layer | str = Layer.CORE
    cash: Decimal = Decimal(0)
    in_kind: Decimal = Decimal(0)
    ip_share: Decimal = Decimal(0)
    benefit_share: Decimal = Decimal(0)
    person_months: int = 0

    def facts(self) -> dict[str, Any]:
        """The fields of a Participation."""
        return asdict(self)

    def said(self) -> dict[str, Any]:
        """The same for the trail: amounts as text."""
        return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in asdict(self).items()}


def invite_member(
    *,
    consortium: Consortium,
    organisation: Organisation,
    part: Part,
    actor: Any,
    at: datetime,
    replaces: Participation | None = None,
) -> Participation:
    """Ask a registered organisation to take part; its own confirmer answers. `replaces` is whose place it takes."""
    member = Participation(organisation=organisation, replaces=replaces, **part.facts())
    facts: dict[str, Any] = {"participation": str(member.pk), "part": part.said()}
    with editing(
        consortium=consortium, action=Action.INVITE, actor=actor, at=at, name=organisation.name, facts=facts
    ) as locked:
        if locked.participations.present().filter(organisation=organisation).exists():
            raise ValidationError({"organisation": _("This organisation is a member already.")})
        _require_shares(locked, part)
        if replaces:
            _replace(locked, replaces, organisation)
            facts["replaces"] = replaces.organisation.name
        member.consortium = locked
        member.invited_until = add_working_days(timezone.localdate(at), ANSWER_WITHIN)
        return create_participation(participation=member, actor=actor, at=at)


def _replace(consortium: Consortium, replaced: Participation, organisation: Organisation) -> None:
    """Somebody else takes the place of a member that is leaving, has left or never joined."""
    if replaced.consortium_id != consortium.pk or not may_be_replaced(replaced):
        raise TransitionRefused(_("This member is not to be replaced."))
    departure = open_departure(replaced)
    if departure:
        departure.replacement = organisation
        departure.save(update_fields=["replacement"])


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
    country: str = "",
    registration_number: str = "",
    replaces: Participation | None = None,
) -> Participation:
    """Ask an organisation that may not be registered yet: its contact gets an invitation by mail."""
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=consortium.pk)
        require(actor, "consortia.invite_member", consortium)
        organisation = invite_organisation(
            actor=actor, name=name, uscc=uscc, id_scheme=id_scheme, type=type, uscc_override=uscc_override,
            country=country, registration_number=registration_number, contact_name=contact_name,
            contact_email=contact_email, at=at,
        )  # fmt: skip
        return invite_member(
            consortium=consortium, organisation=organisation, part=part, actor=actor, at=at, replaces=replaces
        )


def create_participation(*, participation: Participation, actor: Any, at: datetime) -> Participation:
    """Store an invited participation and tell its organisation; the caller holds the consortium's row."""
    participation.invited_by, participation.invited_at, participation.created_at = actor, at, at
    store(row=participation)
    tell_member(participation=participation, kind="consortia.invited", at=at)
    return participation


def revise_participation(
    *, participation: Participation, part: Part, actor: Any, at: datetime, seen: str = ""
) -> Participation:
    """Change what one member promises: its confirmation of the items that differ lapses, nobody else's.

    With `seen`, the state that the writer had before its eyes, raises Stale when it was changed since.
    """
    facts = about(by=participation.consortium.lead, participation=participation)
    with transaction.atomic():
        consortium = Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        with PARTICIPATION.moving(participation, Action.REVISE, actor=actor, at=at, facts=facts) as locked:
            require_unchanged(row=locked, seen=seen, typed=part.facts(), names=list(part.facts()))
            before = part_state(locked)
            _require_shares(consortium, part, besides=locked)
            for name, value in part.facts().items():
                setattr(locked, name, value)
            locked.save()
            locked.confirmed_by, locked.confirmed_at = None, None
            _tell(before, part_state(locked), facts, at)
    return participation


def _tell(before: PartState, after: PartState, facts: dict[str, Any], at: datetime) -> None:
    changed = [new for old, new in zip(before.items, after.items, strict=True) if old.sha256 != new.sha256]
    if not changed:
        raise TransitionRefused(_("Nothing has changed, so the confirmation stays as it is."))
    facts["items"] = [one.item.value for one in changed]
    facts["before"] = _contents(before, changed)
    facts["after"] = _contents(after, changed)
    tell_changed(participation=after.participation, items=[one.item for one in changed], at=at)


def _contents(state: PartState, items: list[ItemState]) -> dict[str, Any]:
    return {name: value for one in items for name, value in state.item(one.item).content.items()}


def confirm_participation(
    *,
    participation: Participation,
    actor: Any,
    at: datetime,
    seen: Mapping[str, str] | None = None,
    agreement: Agreement | None = None,
) -> Participation:
    """Confirm items of one's part; with the last one the part is confirmed and `agreement`, if given, signed.

    `seen` says which items and which content (SHA-256) the person read: if one of them changed meanwhile, nothing is
    confirmed. Without it everything is confirmed as it stands.
    """
    facts: dict[str, Any] = about(by=participation.organisation, participation=participation)
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        require(actor, "consortia.confirm_participation", participation)
        state = part_state(participation)
        chosen = _chosen(state, seen)
        complete = len(chosen) == len(state.open)
        action = Action.CONFIRM if complete else Action.CONFIRM_ITEM
        with PARTICIPATION.moving(participation, action, actor=actor, at=at, facts=facts) as locked:
            confirm_items(participation=locked, states=chosen, actor=actor, at=at)
            facts |= {"items": {one.item.value: one.sha256 for one in chosen}}
            if complete:
                _join(locked, actor, at, agreement)
    return participation


def _chosen(state: PartState, seen: Mapping[str, str] | None) -> list[ItemState]:
    """The open items among those that were read."""
    if seen is None:
        return list(state.open)
    if any(state.item(PartItem(item)).sha256 != fingerprint for item, fingerprint in seen.items()):
        raise TransitionRefused(_("The lead has changed your part meanwhile. Please read it again."))
    chosen = [one for one in state.open if one.item in seen]
    if state.open and not chosen:
        raise TransitionRefused(_("Choose what you confirm: what you chose is confirmed already."))
    return chosen


def _join(locked: Participation, actor: Any, at: datetime, agreement: Agreement | None) -> None:
    locked.confirmed_by, locked.confirmed_at, locked.invited_until = actor, at, None
    tell_lead(participation=locked, kind="consortia.confirmed", at=at)
    if agreement is not None:
        add_signature(agreement=agreement, participation=locked, actor=actor, at=at)


def decline_participation(*, participation: Participation, actor: Any, at: datetime, note: str) -> Participation:
    """Refuse to take part; `note` is the reason, which the lead reads."""
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})
    facts = about(by=participation.organisation, participation=participation)
    with transaction.atomic():
        Consortium.objects.select_for_update().get(pk=participation.consortium_id)
        with PARTICIPATION.moving(participation, Action.DECLINE, actor=actor, at=at, note=note, facts=facts) as locked:
            locked.decline_reason = note.strip()
            tell_lead(participation=locked, kind="consortia.declined", at=at)
    return participation


def _require_shares(consortium: Consortium, part: Part, besides: Participation | None = None) -> None:
    """All present members together hold at most the whole of each share; the caller holds the consortium's row."""
    others = consortium.participations.present()
    if besides:
        others = others.exclude(pk=besides.pk)
    taken = others.aggregate(**{name: Sum(name, default=Decimal(0)) for name in SHARES})
    errors = {name: _too_much(taken[name]) for name in SHARES if taken[name] + getattr(part, name) > WHOLE}
    if errors:
        raise ValidationError(errors)


def _too_much(taken: Decimal) -> Any:
    left = (WHOLE - taken).normalize()
    return _("The other members hold %(taken)s %% already; at most %(left)s %% are left.") % {
        "taken": f"{taken.normalize():f}", "left": f"{left:f}"
    }  # fmt: skip
