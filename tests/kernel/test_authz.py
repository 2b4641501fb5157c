"""Rules read as statements and bind everybody."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.authz import PERMISSIONS, Rule, may, permit, require
from portal.kernel.authz import rule as declare

ALWAYS = Rule("always", lambda _user, _obj: True)
NEVER = Rule("never", lambda _user, _obj: False)
WRITES = declare("writes", "WRITER")(lambda _user, _obj: True)
SIGNS = declare("signs", "SIGNER")(lambda _user, _obj: True)


def person(**facts: bool) -> SimpleNamespace:
    return SimpleNamespace(**{"is_authenticated": True, "is_active": True, "is_superuser": False, **facts})


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        (ALWAYS, True),
        (NEVER, False),
        (ALWAYS & NEVER, False),
        (ALWAYS | NEVER, True),
        (~NEVER, True),
        (ALWAYS & ~NEVER, True),
        (~(ALWAYS | NEVER), False),
    ],
)
def test_rules_combine(rule: Rule, answer: bool) -> None:
    assert rule(person()) is answer


def test_a_combined_rule_says_what_it_asks() -> None:
    assert (ALWAYS & ~NEVER).text == "(always and not never)"


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        (WRITES, {"WRITER"}),
        (ALWAYS, set()),
        (WRITES | SIGNS, {"WRITER", "SIGNER"}),
        (WRITES & ALWAYS, {"WRITER"}),
        (~WRITES, set()),
        (SIGNS & ~WRITES, {"SIGNER"}),
        (~SIGNS | WRITES, {"WRITER"}),
    ],
)
def test_a_combined_rule_keeps_the_roles_that_meet_it(rule: Rule, roles: set[str]) -> None:
    assert rule.roles == roles


@pytest.mark.parametrize("who", [person(is_authenticated=False), person(is_active=False)])
def test_nobody_passes_signed_out_or_deactivated_even_a_negation(who: SimpleNamespace) -> None:
    assert [ALWAYS(who), (~NEVER)(who)] == [False, False]


def test_a_superuser_is_bound_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PERMISSIONS, "kernel.test", NEVER)

    assert may(person(is_superuser=True), "kernel.test") is False
    with pytest.raises(PermissionDenied):
        require(person(is_superuser=True), "kernel.test")


def test_a_permission_nobody_declared_is_a_mistake_not_a_no() -> None:
    with pytest.raises(KeyError):
        may(person(), "kernel.nobody_declared_this")


def test_a_permission_is_declared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PERMISSIONS, "kernel.test", NEVER)

    with pytest.raises(ValueError, match="declared twice"):
        permit("kernel.test", ALWAYS)
