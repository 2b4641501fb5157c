"""What a consortium brings forth: outcomes, joint platforms, funds."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, Fund, Outcome, Platform
from consortia.services.editing import editing, require_member, store


def add_outcome(*, consortium: Consortium, outcome: Outcome, actor: Any, at: datetime) -> Outcome:
    """Record an unsaved outcome of a member; one kind and number is claimed once in the whole portal."""
    with editing(consortium=consortium, action=Action.ADD_OUTCOME, actor=actor, at=at, name=outcome) as locked:
        outcome.consortium, outcome.created_at = locked, at
        _store_outcome(locked, outcome, at)
    return outcome


def update_outcome(*, outcome: Outcome, actor: Any, at: datetime, seen: str = "") -> Outcome:
    """Store a changed outcome."""
    with editing(
        consortium=outcome.consortium,
        action=Action.UPDATE_OUTCOME,
        actor=actor,
        at=at,
        name=outcome,
        subject=outcome,
        seen=seen,
    ) as locked:
        _store_outcome(locked, outcome, at)
    return outcome


def remove_outcome(*, outcome: Outcome, actor: Any, at: datetime) -> None:
    """Take an outcome off the record; the trail keeps that it was there."""
    with editing(
        consortium=outcome.consortium, action=Action.REMOVE_OUTCOME, actor=actor, at=at, name=outcome, subject=outcome
    ):
        outcome.delete()


def add_platform(*, consortium: Consortium, platform: Platform, actor: Any, at: datetime) -> Platform:
    """Record an unsaved joint platform."""
    with editing(consortium=consortium, action=Action.ADD_PLATFORM, actor=actor, at=at, name=platform) as locked:
        platform.consortium, platform.created_at = locked, at
        _store_platform(locked, platform, at)
    return platform


def update_platform(*, platform: Platform, actor: Any, at: datetime, seen: str = "") -> Platform:
    """Store a changed joint platform."""
    with editing(
        consortium=platform.consortium,
        action=Action.UPDATE_PLATFORM,
        actor=actor,
        at=at,
        name=platform,
        subject=platform,
        seen=seen,
    ) as locked:
        _store_platform(locked, platform, at)
    return platform


def remove_platform(*, platform: Platform, actor: Any, at: datetime) -> None:
    """Take a joint platform off the record."""
    with editing(
        consortium=platform.consortium,
        action=Action.REMOVE_PLATFORM,
        actor=actor,
        at=at,
        name=platform,
        subject=platform,
    ):
        platform.delete()


def add_fund(*, consortium: Consortium, fund: Fund, actor: Any, at: datetime) -> Fund:
    """Record an unsaved fund."""
    with editing(consortium=consortium, action=Action.ADD_FUND, actor=actor, at=at, name=fund) as locked:
        fund.consortium, fund.created_at = locked, at
        _store_fund(locked, fund)
    return fund


def update_fund(*, fund: Fund, actor: Any, at: datetime, seen: str = "") -> Fund:
    """Store a changed fund."""
    with editing(
        consortium=fund.consortium, action=Action.UPDATE_FUND, actor=actor, at=at, name=fund, subject=fund, seen=seen
    ) as locked:
        _store_fund(locked, fund)
    return fund


def remove_fund(*, fund: Fund, actor: Any, at: datetime) -> None:
    """Take a fund off the record."""
    with editing(consortium=fund.consortium, action=Action.REMOVE_FUND, actor=actor, at=at, name=fund, subject=fund):
        fund.delete()


def _store_outcome(consortium: Consortium, outcome: Outcome, at: datetime) -> None:
    require_member(consortium=consortium, organisation=outcome.owner, field="owner")
    if outcome.task and outcome.task.consortium_id != consortium.pk:
        raise ValidationError({"task": _("This task does not belong to the consortium.")})
    if outcome.date > timezone.localdate(at):
        raise ValidationError({"date": _("This day is still to come.")})
    store(row=outcome)


def _store_platform(consortium: Consortium, platform: Platform, at: datetime) -> None:
    require_member(consortium=consortium, organisation=platform.builder, field="builder")
    if platform.opened_on and platform.opened_on > timezone.localdate(at):
        raise ValidationError({"opened_on": _("This day is still to come; leave it empty while it is being built.")})
    store(row=platform)


def _store_fund(consortium: Consortium, fund: Fund) -> None:
    require_member(consortium=consortium, organisation=fund.manager, field="manager")
    if fund.paid_in > fund.scale:
        raise ValidationError({"paid_in": _("More than the scale of the fund cannot be paid in.")})
    store(row=fund)
