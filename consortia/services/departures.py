"""A member leaves: asked for, its work given to takers, agreed by each of them, settled."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import lazy, lazystr
from django.utils.translation import gettext_lazy as _

from consortia.enums import ALIVE, Action, ConsortiumStatus, DepartureStatus, ParticipationStatus
from consortia.models import Consortium, Departure, DepartureItem, Participation
from consortia.selectors.departures import Due, due_rows
from consortia.services.handover import hand_over
from consortia.services.notices import tell_confirmers, tell_lead, tell_member
from consortia.workflow import DEPARTURE, PARTICIPATION
from members.enums import Role
from members.models import Organisation
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import TransitionRefused

TAKES = (ParticipationStatus.INVITED, ParticipationStatus.CONFIRMED)


@dataclass(frozen=True)
class Choice:
    """Who takes a row over: an organisation, nobody because it is given up, or nobody yet."""

    taker: Organisation | None = None
    freed: bool = False


def request_departure(*, participation: Participation, actor: Any, at: datetime, note: str) -> Departure:
    """Begin the departure of a member, by itself or by the lead; `note` says why. Returns what is to be handed over."""
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})
    asker = _asker(participation, actor)
    facts = _about(asker, participation)
    with transaction.atomic():
        _hold(participation)
        with PARTICIPATION.moving(
            participation, Action.REQUEST_DEPARTURE, actor=actor, at=at, note=note, facts=facts
        ) as locked:
            departure = Departure.objects.create(
                participation=locked, asked_by=asker, reason=note.strip(), created_at=at
            )
            renew_departure(departure=departure, at=at)
            tell = tell_member if asker.pk == locked.consortium.lead_id else tell_lead
            tell(participation=locked, kind="consortia.departure_requested", at=at)
    return departure


def renew_departure(*, departure: Departure, at: datetime) -> None:
    """Bring the rows up to what the member has now; a row whose content changed asks its taker again."""
    due = {(row.kind, row.object_id): row for row in due_rows(departure.participation)}
    kept = {(row.kind, row.object_id): row for row in departure.items.select_for_update().order_by("pk")}
    for key, row in kept.items():
        if key not in due:
            row.delete()
        elif row.sha256 != due[key].sha256:
            _renew(row, due[key], at)
    DepartureItem.objects.bulk_create(
        DepartureItem(departure=departure, created_at=at, **row.facts()) for key, row in due.items() if key not in kept
    )


def _renew(row: DepartureItem, due: Due, at: datetime) -> None:
    asked_again = row.consented_at is not None
    for name, value in due.facts().items():
        setattr(row, name, value)
    row.consented_by, row.consented_at = None, None
    row.save()
    if asked_again and row.taker:
        _ask(row.departure, [row.taker], at)


def renew_departures(*, consortium: Consortium, at: datetime) -> None:
    """The same for every departure that is open in the consortium; the caller holds its row."""
    for departure in Departure.objects.filter(participation__consortium=consortium, status=DepartureStatus.OPEN):
        renew_departure(departure=departure, at=at)


def allocate_departure(*, departure: Departure, choices: Mapping[Any, Choice], actor: Any, at: datetime) -> Departure:
    """Name the taker of each row, by the row's key; who is newly named is asked for its consent."""
    member = departure.participation
    facts = _about(member.consortium.lead, member)
    with transaction.atomic():
        _hold(member)
        with DEPARTURE.moving(departure, Action.ALLOCATE_DEPARTURE, actor=actor, at=at, facts=facts) as locked:
            renew_departure(departure=locked, at=at)
            rows = locked.items.select_related("taker")
            named = [row for row in rows if row.pk in choices and _allocate(row, choices[row.pk], _takers(member))]
            _ask(locked, [row.taker for row in named if row.taker], at)
            facts["rows"] = {str(row): row.taker.name if row.taker else "" for row in rows}
    return departure


def _takers(member: Participation) -> set[Any]:
    """The organisations that may take something over."""
    present = member.consortium.participations.filter(status__in=TAKES).exclude(pk=member.pk)
    return set(present.values_list("organisation", flat=True))


def _allocate(row: DepartureItem, choice: Choice, takers: Collection[Any]) -> bool:
    """Whether somebody is newly named."""
    if choice.taker and choice.taker.pk not in takers:
        raise ValidationError({f"row-{row.pk}": _("This organisation is not a member of the consortium.")})
    if choice.freed and not row.may_be_freed:
        raise ValidationError({f"row-{row.pk}": _("Work needs somebody who takes it over.")})
    taker = choice.taker
    if (row.taker, row.freed) == (taker, choice.freed):
        return False
    row.taker, row.freed, row.consented_by, row.consented_at = taker, choice.freed, None, None
    row.refused_by, row.refused_reason = None, ""
    row.save()
    return taker is not None


def _ask(departure: Departure, takers: Collection[Organisation], at: datetime) -> None:
    tell_confirmers(
        organisations=takers, kind="consortia.takeover_asked", consortium=departure.consortium,
        url=departure.get_absolute_url(), at=at, organisation=departure.participation.organisation.name,
    )  # fmt: skip


def consent_departure(
    *, item: DepartureItem, actor: Any, at: datetime, seen: str = "", also: Mapping[UUID, str] | None = None
) -> DepartureItem:
    """The taker agrees to take over exactly what it read (`seen`, SHA-256).

    `also` are further rows of the same departure that it is asked about, by key, as they read: all or none of them.
    """
    with transaction.atomic():
        locked = _answering(item, "consortia.consent_departure", actor)
        others = locked.departure.items.exclude(pk=locked.pk).filter(taker=locked.taker_id, pk__in=also or ())
        rows = [locked, *(_answering(row, "consortia.consent_departure", actor) for row in others)]
        _require_as_read(rows, {**(also or {}), locked.pk: seen or locked.sha256})
        for row in rows:
            row.consented_by, row.consented_at = actor, at
        DepartureItem.objects.bulk_update(rows, ["consented_by", "consented_at"])
        for row in rows:
            _note(row, Action.CONSENT_DEPARTURE, actor, at)
        _tell_answer(locked, "consortia.takeover_agreed", at, lazy(enumerated, str)(rows))
    return locked


def _require_as_read(rows: Collection[DepartureItem], read: Mapping[UUID, str]) -> None:
    if {row.pk: row.sha256 for row in rows} != read:
        raise TransitionRefused(_("This has changed meanwhile. Please read it again."))


def refuse_departure(*, item: DepartureItem, actor: Any, at: datetime, note: str) -> DepartureItem:
    """The taker does not want it; the row is open again, with the reason."""
    if not note.strip():
        raise ValidationError({"note": _("Give the reason.")})
    with transaction.atomic():
        locked = _answering(item, "consortia.consent_departure", actor)
        _note(locked, Action.REFUSE_DEPARTURE, actor, at, note)
        _tell_answer(locked, "consortia.takeover_refused", at, lazystr(locked))
        locked.refused_by, locked.refused_reason, locked.taker = locked.taker, note.strip(), None
        locked.save()
    return locked


def _answering(item: DepartureItem, permission: str, actor: Any) -> DepartureItem:
    """The row, locked, while its taker is still waited for."""
    _hold(item.departure.participation)
    locked = DepartureItem.objects.select_for_update(of=("self",)).filter(pk=item.pk).first()
    if locked is None or locked.departure.status != DepartureStatus.OPEN or locked.consortium.status not in ALIVE:
        raise TransitionRefused(_("This departure is not open any more, or the work has changed."))
    require(actor, permission, locked)
    if not locked.waits:
        raise TransitionRefused(_("This was answered already."))
    return locked


def _note(item: DepartureItem, action: Action, actor: Any, at: datetime, note: str = "") -> None:
    member, taker = item.departure.participation, item.taker
    facts = _about(taker, member) | {"row": str(item), "kind": item.kind, "sha256": item.sha256}
    audit.record(actor=actor, action=action, subject=member, at=at, note=note, facts=facts)


def _tell_answer(item: DepartureItem, kind: str, at: datetime, rows: Any) -> None:
    taker = item.taker.name if item.taker else ""
    tell_lead(participation=item.departure.participation, kind=kind, at=at, taker=taker, row=rows)


def cancel_departure(*, departure: Departure, actor: Any, at: datetime, note: str = "") -> Departure:
    """Whoever asked takes it back; the member stays, and confirms its part once more."""
    member = departure.participation
    facts = _about(departure.asked_by, member)
    with transaction.atomic():
        _hold(member)
        with (
            DEPARTURE.moving(departure, Action.CANCEL_DEPARTURE, actor=actor, at=at, note=note, facts=facts),
            PARTICIPATION.moving(member, Action.STAY, actor=actor, at=at, note=note, facts=facts) as locked,
        ):
            locked.confirmed_by, locked.confirmed_at = None, None
            tell_lead(participation=locked, kind="consortia.departure_cancelled", at=at)
            tell_member(participation=locked, kind="consortia.departure_cancelled", at=at)
    return departure


def settle_departure(*, departure: Departure, actor: Any, at: datetime) -> Departure:
    """Everything goes to its takers and the member is gone, in one step; the consents confirm the takers' new parts."""
    member = departure.participation
    facts = _about(member.consortium.lead, member)
    with transaction.atomic():
        _hold(member)
        with DEPARTURE.moving(departure, Action.SETTLE_DEPARTURE, actor=actor, at=at, facts=facts) as locked:
            rows = list(locked.items.select_related("taker", "consented_by"))
            _require_as_agreed(member, rows)
            locked.settled_at = at
            hand_over(departure=locked, rows=rows, actor=actor, at=at)
            facts["rows"] = {str(row): row.taker.name if row.taker else "" for row in rows}
            tell_lead(participation=member, kind="consortia.departure_settled", at=at)
            tell_member(participation=member, kind="consortia.left", at=at)
    return departure


def _require_as_agreed(member: Participation, rows: list[DepartureItem]) -> None:
    present = {(row.kind, row.object_id, row.sha256) for row in due_rows(member)}
    if present != {(row.kind, row.object_id, row.sha256) for row in rows}:
        raise TransitionRefused(_("The work of this member has changed; go through the takers once more."))
    gone = [row for row in rows if row.taker_id and row.taker_id not in _takers(member)]
    if gone:
        names = enumerated(row.taker for row in gone)
        raise TransitionRefused(_("No member any more: %(names)s. Name another taker.") % {"names": names})


def require_nothing_planned(*, participation: Participation) -> None:
    """While plans can still be changed, an invitation is not withdrawn from who is responsible for a part of them."""
    if participation.consortium.status == ConsortiumStatus.PREPARING and due_rows(participation, work_only=True):
        raise TransitionRefused(
            _("This organisation is responsible for tasks or technologies. Give them to another member first.")
        )


def _asker(participation: Participation, actor: Any) -> Organisation:
    """The member if one of its confirmers acts, else the lead; the workflow decides whether the actor may."""
    if actor.holds(Role.CONFIRMER, organisation=participation.organisation_id):
        return participation.organisation
    return participation.consortium.lead


def _hold(participation: Participation) -> None:
    """Whoever changes something about members waits here for the others."""
    Consortium.objects.select_for_update().get(pk=participation.consortium_id)


def _about(by: Any, participation: Participation) -> dict[str, Any]:
    return {"by": by.name, "by_id": str(by.pk), "name": participation.organisation.name}
