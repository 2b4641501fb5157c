"""Funds, and what they invest in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium, Fund, Investment, SubField
from consortia.services.editing import editing, require_member, store


def add_fund(
    *, consortium: Consortium, fund: Fund, actor: Any, at: datetime, sub_fields: Iterable[SubField] = ()
) -> Fund:
    """Record an unsaved fund."""
    with editing(consortium=consortium, action=Action.ADD_FUND, actor=actor, at=at, name=fund) as locked:
        fund.consortium, fund.created_at = locked, at
        _store_fund(locked, fund)
        fund.sub_fields.set(sub_fields)
    return fund


def update_fund(
    *, fund: Fund, actor: Any, at: datetime, seen: str = "", sub_fields: Iterable[SubField] | None = None
) -> Fund:
    """Store a changed fund; its sub-fields stay unless others are given."""
    with editing(
        consortium=fund.consortium, action=Action.UPDATE_FUND, actor=actor, at=at, name=fund, subject=fund, seen=seen
    ) as locked:
        _store_fund(locked, fund)
        if sub_fields is not None:
            fund.sub_fields.set(sub_fields)
    return fund


def remove_fund(*, fund: Fund, actor: Any, at: datetime) -> None:
    """Take a fund off the record, with its investments."""
    with editing(consortium=fund.consortium, action=Action.REMOVE_FUND, actor=actor, at=at, name=fund, subject=fund):
        fund.delete()


def add_investment(*, fund: Fund, investment: Investment, actor: Any, at: datetime) -> Investment:
    """Record an unsaved investment of a fund."""
    with editing(
        consortium=fund.consortium, action=Action.ADD_INVESTMENT, actor=actor, at=at, name=investment, subject=fund
    ):
        investment.fund, investment.created_at = fund, at
        _store_investment(investment, at)
    return investment


def update_investment(*, investment: Investment, actor: Any, at: datetime, seen: str = "") -> Investment:
    """Store a changed investment."""
    with editing(
        consortium=investment.fund.consortium, action=Action.UPDATE_INVESTMENT, actor=actor, at=at, name=investment,
        subject=investment, seen=seen,
    ):  # fmt: skip
        _store_investment(investment, at)
    return investment


def remove_investment(*, investment: Investment, actor: Any, at: datetime) -> None:
    """Take an investment off the record."""
    with editing(
        consortium=investment.fund.consortium, action=Action.REMOVE_INVESTMENT, actor=actor, at=at, name=investment,
        subject=investment,
    ):  # fmt: skip
        investment.delete()


def _store_fund(consortium: Consortium, fund: Fund) -> None:
    require_member(consortium=consortium, organisation=fund.manager, field="manager")
    if fund.paid_in > fund.scale:
        raise ValidationError({"paid_in": _("More than the scale of the fund cannot be paid in.")})
    store(row=fund)


def _store_investment(investment: Investment, at: datetime) -> None:
    if investment.date > timezone.localdate(at):
        raise ValidationError({"date": _("This day is still to come.")})
    store(row=investment)
