"""Authorization: rules that read as statements, asked in one place.

Django answers `has_perm` for a superuser before it asks any rule, so a rule about conflicts of
interest would not bind one; hence `may` and `require` of our own, which bind everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied

Predicate = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Rule:
    """A named condition on (user, object); combine with &, | and ~.

    `roles` are the roles by which somebody meets it, all of them when anybody may; a condition that no role meets
    (who acted before, what was declared) has none, nor has what a rule excepts.
    """

    text: str
    test: Predicate
    roles: frozenset[str] = field(default=frozenset())

    def __call__(self, user: Any, obj: Any = None) -> bool:
        """Whether the rule holds; nobody who is signed out or deactivated passes any rule."""
        return bool(user.is_authenticated and user.is_active and self.test(user, obj))

    def __and__(self, other: Rule) -> Rule:
        return Rule(
            f"({self.text} and {other.text})", lambda u, o: self.test(u, o) and other.test(u, o),
            self.roles | other.roles,
        )  # fmt: skip

    def __or__(self, other: Rule) -> Rule:
        return Rule(
            f"({self.text} or {other.text})", lambda u, o: self.test(u, o) or other.test(u, o),
            self.roles | other.roles,
        )  # fmt: skip

    def __invert__(self) -> Rule:
        return Rule(f"not {self.text}", lambda u, o: not self.test(u, o))


def rule(text: str, *roles: str) -> Callable[[Predicate], Rule]:
    """Turn a predicate into a rule: `@rule("leads the consortium", Role.APPLICANT)`."""
    return lambda test: Rule(text, test, frozenset(roles))


PERMISSIONS: dict[str, Rule] = {}


def permit(code: str, who: Rule) -> None:
    """Declare who may do `code`; declared twice is a mistake."""
    if code in PERMISSIONS:
        raise ValueError(f"{code} is declared twice")
    PERMISSIONS[code] = who


def may(user: Any, code: str, obj: Any = None) -> bool:
    """Whether `user` may do `code` to `obj`. Raises KeyError for a permission nobody declared."""
    return PERMISSIONS[code](user, obj)


def require(user: Any, code: str, obj: Any = None) -> None:
    """Raise PermissionDenied unless `user` may do `code` to `obj`."""
    if not may(user, code, obj):
        raise PermissionDenied(code)
