"""Programmes, budget lines and what is appropriated to them: recorded by finance, confirmed by a leader."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, AppropriationKind
from funding.models import Appropriation, BudgetLine, Call, Programme
from funding.services.ledger import appropriate
from funding.workflow import APPROPRIATION
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit, notifications
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused

notifications.register(
    "funding.appropriation_recorded", _("%(document)s for %(line)s was recorded and waits for your confirmation.")
)


@transaction.atomic
def create_programme(*, actor: User, at: datetime, facts: Mapping[str, Any]) -> Programme:
    """Take up a programme; `facts` are code, name and document. Raises ValidationError."""
    require(actor, "funding.keep_budget")
    programme = Programme(created_at=at, **facts)
    programme.full_clean()
    programme.save(force_insert=True)
    audit.record(actor=actor, action=Action.CREATE_PROGRAMME, subject=programme, at=at, facts=dict(facts))
    return programme


@transaction.atomic
def open_line(*, actor: User, at: datetime, facts: Mapping[str, Any]) -> BudgetLine:
    """Open a line of a programme for a year, with nothing on it yet. Raises ValidationError."""
    require(actor, "funding.keep_budget")
    line = BudgetLine(created_at=at, **facts)
    line.full_clean()
    line.save(force_insert=True)
    told = {**facts, "programme": line.programme.code}
    audit.record(actor=actor, action=Action.OPEN_LINE, subject=line, at=at, facts=told)
    return line


@transaction.atomic
def record_appropriation(*, line: BudgetLine, actor: User, at: datetime, facts: Mapping[str, Any]) -> Appropriation:
    """Record what a document gives to the line or takes from it; it counts once confirmed. Raises ValidationError."""
    locked = BudgetLine.objects.select_for_update(no_key=True).get(pk=line.pk)
    require(actor, "funding.keep_budget", locked)
    found = Appropriation(line=locked, recorded_by=actor, recorded_at=at, created_at=at, **facts)
    if found.decided_on and found.decided_on > timezone.localdate(at):
        raise ValidationError({"decided_on": _("The document is dated in the future.")})
    found.full_clean(exclude=["recorded_by", "confirmed_by", "confirmed_at"])
    found.save(force_insert=True)
    told = {"line": locked.pk, "kind": found.kind, "amount": f"{found.amount:.2f}", "document": found.document_number}
    audit.record(
        actor=actor, action=Action.RECORD_APPROPRIATION, subject=found, at=at, note=found.reason, facts=told
    )  # fmt: skip
    people = [person for person in holders(Role.LEADER) if person.pk != actor.pk]
    params = {"document": found.document_number, "line": str(locked)}
    notifications.notify(
        recipients=people, kind="funding.appropriation_recorded", params=params, url=found.get_absolute_url(), at=at
    )
    return found


def confirm_appropriation(*, appropriation: Appropriation, actor: User, at: datetime) -> Appropriation:
    """A second person confirms: from now on it counts."""
    facts = {"amount": f"{appropriation.amount:.2f}", "document": appropriation.document_number}
    act = Action.CONFIRM_APPROPRIATION
    with APPROPRIATION.moving(appropriation, act, actor=actor, at=at, facts=facts) as locked:
        locked.confirmed_by, locked.confirmed_at = actor, at
        _require_begun(locked)
        facts["entry"] = str(appropriate(appropriation=locked, actor=actor, at=at).pk)
    return appropriation


def _require_begun(appropriation: Appropriation) -> None:
    if appropriation.kind == AppropriationKind.INITIAL:
        return
    if not appropriation.line.accounts.exists():
        raise TransitionRefused(_("The budget of the line at the beginning of the year comes first."))


def drop_appropriation(*, appropriation: Appropriation, actor: User, reason: str, at: datetime) -> Appropriation:
    """Take back what was recorded and is not confirmed."""
    with APPROPRIATION.moving(appropriation, Action.DROP_APPROPRIATION, actor=actor, at=at, note=reason):
        pass
    return appropriation


@transaction.atomic
def name_line(*, call: Call, line: BudgetLine, actor: User, at: datetime) -> Call:
    """Say which line the awards of a call are paid from; what was awarded before stays where it is."""
    locked = Call.everything.select_for_update(of=("self",)).get(pk=call.pk)
    require(actor, "funding.keep_budget", locked)
    if line.year != locked.year:
        raise ValidationError({"line": _("The line is one of %(year)s, as the call.") % {"year": locked.year}})
    if locked.line_id == line.pk:
        raise TransitionRefused(_("The call draws on this line already."))
    locked.line = line
    locked.save(update_fields=["line"])
    audit.record(actor=actor, action=Action.NAME_LINE, subject=locked, at=at, facts={"line": line.pk})
    return locked
