"""The one door through which a status moves.

A workflow is a table of transitions. `moving` locks the row, asks permission, source state and
guards, lets the caller set the facts, then sets the status (and `moved_at`, where the model has it),
saves, and writes the audit entry, all in one transaction. Nothing else assigns `.status` (a test reads
the code for it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel import audit
from portal.kernel.authz import may, require

M = TypeVar("M", bound=models.Model)
Reason = str | Promise
Guard = Callable[[Any, datetime], Reason | None]
Target = str | Callable[[Any], str]


class TransitionRefused(Exception):
    """The rules of the house do not allow this step now; `reasons` are sentences for the reader."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


@dataclass(frozen=True)
class Transition:
    """One row of the table: what, from where, to where (or what decides it), who, and what must hold.

    Without a permission it is the clock's: no person may take it, and its actor is None.
    """

    action: str
    sources: Set[str]
    target: Target
    permission: str
    guards: tuple[Guard, ...] = ()


def step(action: str, sources: Set[str], target: Target, permission: str, *guards: Guard) -> Transition:
    """Write a transition as one line of a table."""
    return Transition(action, frozenset(sources), target, permission, guards)


class Workflow(Generic[M]):
    """The transition table of one model."""

    def __init__(
        self,
        *transitions: Transition,
        told: Sequence[str] = (),
        joined: Sequence[str] = (),
        state: Callable[[Any, str], Reason] | None = None,
    ) -> None:
        """`told` names the fields that every entry of the audit trail keeps as they stand after the step; `joined` the
        relations that permissions and guards look at, read in one with the locked row; `state` what the state is
        called to whoever takes an action, where not everybody may know it.
        """
        self.told, self.joined, self.state = tuple(told), tuple(joined), state
        self.transitions = {transition.action: transition for transition in transitions}
        if len(self.transitions) != len(transitions):
            raise ValueError("an action stands in the table twice")

    def available(self, subject: M, user: Any, at: datetime) -> list[str]:
        """The actions that `user` may take on `subject` now. It costs queries: detail pages only."""
        return [
            action
            for action, transition in self.transitions.items()
            if self._in_state(subject, transition)
            and self._allows(user, transition, subject)
            and not self._reasons(subject, transition, at)
        ]

    def offered(self, subject: M, user: Any) -> list[str]:
        """The actions open to `user` in this state, whether or not a guard still refuses them."""
        return [
            action
            for action, transition in self.transitions.items()
            if self._in_state(subject, transition) and self._allows(user, transition, subject)
        ]

    def obstacles(self, subject: M, action: str, at: datetime) -> list[Reason]:
        """Why `action` would be refused now, as sentences; empty when nothing stands in the way."""
        transition = self.transitions[action]
        if not self._in_state(subject, transition):
            return [self._wrong_state(subject, action)]
        return self._reasons(subject, transition, at)

    @contextmanager
    def moving(
        self, subject: M, action: str, *, actor: Any, at: datetime, note: str = "", facts: dict[str, Any] | None = None
    ) -> Iterator[M]:
        """Lock, check, yield the locked row for its facts, then move, save and record.

        Raises PermissionDenied, or TransitionRefused with the reasons. `facts` is filled by the
        caller inside the block when the audit entry should hold more than the status.
        """
        transition = self.transitions[action]
        with transaction.atomic():
            locked = self._lock(subject)
            self._require(actor, transition, locked)
            reasons = self.obstacles(locked, action, at)
            if reasons:
                raise TransitionRefused(*reasons)
            yield locked
            self._finish(locked, transition, actor=actor, at=at, note=note, facts=facts or {})
        subject.refresh_from_db()

    def _lock(self, subject: M) -> M:
        manager = type(subject)._base_manager  # noqa: SLF001
        rows = manager.select_for_update(of=("self",), no_key=True)
        return (rows.select_related(*self.joined) if self.joined else rows).get(pk=subject.pk)

    @staticmethod
    def _allows(user: Any, transition: Transition, subject: M) -> bool:
        return bool(transition.permission) and may(user, transition.permission, subject)

    @staticmethod
    def _require(actor: Any, transition: Transition, subject: M) -> None:
        if transition.permission:
            require(actor, transition.permission, subject)
        elif actor is not None:
            raise PermissionDenied(transition.action)

    @staticmethod
    def _in_state(subject: M, transition: Transition) -> bool:
        return subject.status in transition.sources  # type: ignore[attr-defined]

    def _wrong_state(self, subject: M, action: str) -> Reason:
        status = self.state(subject, action) if self.state else subject.get_status_display()  # type: ignore[attr-defined]
        return _("This cannot be done in the state “%(status)s”; somebody may have acted meanwhile.") % {
            "status": status
        }

    @staticmethod
    def _reasons(subject: M, transition: Transition, at: datetime) -> list[Reason]:
        return [reason for guard in transition.guards if (reason := guard(subject, at))]

    def _finish(
        self, locked: M, transition: Transition, *, actor: Any, at: datetime, note: str, facts: dict[str, Any]
    ) -> None:
        source = locked.status  # type: ignore[attr-defined]
        target = transition.target if isinstance(transition.target, str) else transition.target(locked)
        locked.status = target  # type: ignore[attr-defined]
        if hasattr(locked, "moved_at"):
            locked.moved_at = at
        locked.save()
        audit.record(
            actor=actor,
            action=transition.action,
            subject=locked,
            at=at,
            note=note,
            facts={"from": source, "to": target, **self._told(locked), **facts},
        )

    def _told(self, locked: M) -> dict[str, Any]:
        values = {name: getattr(locked, name) for name in self.told}
        return {name: value for name, value in values.items() if value not in (None, "")}
