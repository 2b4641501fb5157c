"""The registers of a consortium's year: one set of services for all kinds of entries."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import JOINED, Action
from consortia.models import Consortium, Contribution, Entry, Obligation, Participation, PlatformMatch
from consortia.rules.registers import MatchResult
from consortia.selectors.registers import BY_MODEL
from consortia.services.editing import editing, store
from consortia.services.notices import WRITERS, tell_asked_for_match, tell_confirmers, tell_lead
from members.enums import Role
from members.selectors import holders
from portal.kernel import files
from portal.kernel.authz import may, require
from portal.kernel.notifications import notify
from portal.kernel.workflow import TransitionRefused

KIND = "evidence"
PAST = ("date", "received_on", "settled_on")
Upload = File[bytes] | None


def add_entry(*, entry: Entry, actor: Any, at: datetime, upload: Upload = None, beyond: bool = False) -> Entry:
    """Record an unsaved entry of any register.

    `beyond` lets a contribution be more than was promised. One that the lead records counts as confirmed.
    """
    entry.created_by, entry.created_at = actor, at
    with editing(
        consortium=entry.consortium, action=Action.ADD_ENTRY, actor=actor, at=at, name=entry, subject=entry,
        facts=_facts(entry, actor),
    ):  # fmt: skip
        _store(entry, actor=actor, at=at, upload=upload, beyond=beyond)
        if isinstance(entry, Contribution):
            _settle_arrival(entry, actor, at)
        if isinstance(entry, Obligation):
            _tell_bound(entry, at)
        if isinstance(entry, PlatformMatch) and entry.result == MatchResult.ASKED:
            tell_asked_for_match(match=entry, at=at)
    return entry


def update_entry(
    *, entry: Entry, actor: Any, at: datetime, seen: str = "", upload: Upload = None, beyond: bool = False
) -> Entry:
    """Store a changed entry; who writes for a member changes its own only, before and after."""
    stored: Any = type(entry).objects.get(pk=entry.pk)
    require(actor, "consortia.update_entry", stored)
    with editing(
        consortium=entry.consortium, action=Action.UPDATE_ENTRY, actor=actor, at=at, name=entry, subject=entry,
        facts=_facts(entry, actor), seen=seen,
    ):  # fmt: skip
        if isinstance(entry, Contribution):
            _require_unconfirmed_or_lead(entry, actor)
        _store(entry, actor=actor, at=at, upload=upload, beyond=beyond)
        if isinstance(entry, Obligation) and entry.state != stored.state:
            _tell_bound(entry, at)
    return entry


def remove_entry(*, entry: Entry, actor: Any, at: datetime) -> None:
    """Take an entry off its register; the trail keeps that it was there."""
    facts = _facts(entry, actor)
    with editing(
        consortium=entry.consortium, action=Action.REMOVE_ENTRY, actor=actor, at=at, name=str(entry), subject=entry,
        facts=facts,
    ):  # fmt: skip
        if isinstance(entry, Contribution):
            _require_unconfirmed_or_lead(entry, actor)
        entry.delete()


def confirm_contribution(*, contribution: Contribution, actor: Any, at: datetime, seen: str = "") -> Contribution:
    """The lead confirms that what the member states has arrived; from then on it counts."""
    with editing(
        consortium=contribution.consortium, action=Action.CONFIRM_CONTRIBUTION, actor=actor, at=at,
        name=contribution, subject=contribution, seen=seen, facts=_facts(contribution, actor),
    ):  # fmt: skip
        fresh = Contribution.objects.get(pk=contribution.pk)
        if fresh.is_final:
            raise TransitionRefused(_("This contribution is confirmed already."))
        _confirm(contribution, actor, at)
        people = holders(Role.CONFIRMER, *WRITERS, organisation=contribution.owner_id)
        said = {"consortium": contribution.consortium.name}
        url = contribution.get_absolute_url()
        notify(recipients=people, kind="consortia.contribution_confirmed", params=said, url=url, at=at)
    return contribution


def _tell_bound(entry: Obligation, at: datetime) -> None:
    """The member learns what it is bound to, and how the lead sees that it was done."""
    tell_confirmers(
        organisations=[entry.member], kind=f"consortia.obligation_{entry.state.lower()}", consortium=entry.consortium,
        url=entry.get_absolute_url(), at=at, duty=entry.duty,
    )  # fmt: skip


def _confirm(contribution: Contribution, actor: Any, at: datetime) -> None:
    contribution.confirmed_by, contribution.confirmed_at = actor, at
    contribution.save(update_fields=["confirmed_by", "confirmed_at"])


def _settle_arrival(contribution: Contribution, actor: Any, at: datetime) -> None:
    """What the lead writes is confirmed with it; of what a member states the lead is told."""
    if may(actor, "consortia.confirm_contribution", contribution):
        _confirm(contribution, actor, at)
    else:
        tell_lead(participation=contribution.participation, kind="consortia.contribution_stated", at=at)


def _require_unconfirmed_or_lead(contribution: Contribution, actor: Any) -> None:
    """Asked again under the lock: the lead may have confirmed it meanwhile."""
    stored = Contribution.objects.get(pk=contribution.pk)
    if stored.is_final and not may(actor, "consortia.confirm_contribution", stored):
        raise TransitionRefused(_("This contribution is confirmed; only the lead changes it."))


# --- checks ------------------------------------------------------------------------------------
def _store(entry: Entry, *, actor: Any, at: datetime, upload: Upload, beyond: bool) -> None:
    _check(entry, timezone.localdate(at))
    if isinstance(entry, Contribution):
        _warn_beyond(entry, beyond)
    if upload:
        entry.proof = files.store(upload, actor=actor, kind=KIND, at=at, owner=entry.consortium.lead_id)  # type: ignore[attr-defined]
    store(row=entry)


def _check(entry: Entry, today: date) -> None:
    consortium = entry.consortium
    for name in entry.MEMBERS:
        if organisation := getattr(entry, f"{name}_id"):
            _require_joined(consortium, organisation, name)
    for name in PAST:
        if (getattr(entry, name, None) or today) > today:
            raise ValidationError({name: _("This day is still to come.")})
    if (task := getattr(entry, "task", None)) and task.consortium_id != consortium.pk:
        raise ValidationError({"task": _("This task does not belong to the consortium.")})
    if (technology := getattr(entry, "technology", None)) and technology.consortium_id != consortium.pk:
        raise ValidationError({"technology": _("This technology does not belong to the consortium.")})
    part = getattr(entry, "participation", None)
    if part and (part.consortium_id != consortium.pk or part.status not in JOINED):
        raise ValidationError({"participation": _("This organisation is not a member of the consortium.")})


def _require_joined(consortium: Consortium, organisation: Any, field: str) -> None:
    members = Participation.objects.filter(consortium=consortium, status__in=JOINED)
    if not members.filter(organisation=organisation).exists():
        raise ValidationError({field: _("This organisation is not a member of the consortium.")})


def _warn_beyond(contribution: Contribution, beyond: bool) -> None:
    """More than promised is never recorded unawares."""
    others = Contribution.objects.filter(participation=contribution.participation, kind=contribution.kind)
    before = others.exclude(pk=contribution.pk).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    if before + contribution.amount <= contribution.promised or beyond:
        return
    text = _("With this, %(sum)s of %(promised)s yuan promised would have arrived. Tick the box if that is right.")
    raise ValidationError({"amount": text % {"sum": before + contribution.amount, "promised": contribution.promised}})


def _facts(entry: Entry, actor: Any) -> dict[str, Any]:
    """In whose name, which register; no person is named."""
    facts = {"register": BY_MODEL[type(entry)].slug, "entry": str(entry.pk)}
    if may(actor, "consortia.confirm_contribution", entry) or not entry.owner_id:
        return facts
    owner = _owner(entry)
    return facts | {"by": str(owner), "by_id": str(entry.owner_id)}


def _owner(entry: Entry) -> models.Model:
    part = getattr(entry, "participation", None)
    return part.organisation if part else getattr(entry, entry.OWNER)  # type: ignore[no-any-return]
