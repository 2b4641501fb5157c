"""Calls: written by an officer, published under a document number, extended and concluded by the head."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus, CallStatus
from funding.models import BudgetLine, Call, CallExtension, RuleSet
from funding.models.call import LAST_BATCH
from funding.rules.defaults import DEFAULT_RULES
from funding.selectors.calls import newest_taxonomy
from funding.selectors.ledger import only_line
from funding.workflow import CALL
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit, notifications
from portal.kernel.authz import require
from portal.kernel.numbering import next_number
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

NUMBER = 40  # characters of a document number
TERMS = (
    "guidelines", "budget", "line", "cap_a", "cap_b", "cap_c", "rules", "takes_new", "takes_upgrade", "taxonomy",
    "grace_minutes", "outage_hours", "outage_step", "selection_mode", "review_mode", "expert_mode", "budget_mode",
    "district_step", "credit_step", "site_visit", "defence", "plan", "quotas", "form_version",
)  # fmt: skip
NAMED = {"rules", "taxonomy", "guidelines", "form_version", "line"}  # told in other words
FIELDS = ("rehearsal", "year", "round", "batch", "title", "opens_at", "closes_at", *TERMS)

notifications.register(
    "funding.call_extended", _("%(title)s takes applications until %(closes)s; it was extended."), urgent=True
)
notifications.register(
    "funding.call_extended_by_outage",
    _("%(title)s closes %(minutes)s minutes later, on %(closes)s: the portal was away before its close."), urgent=True,
)  # fmt: skip


def ensure_default_rules() -> RuleSet:
    """The rule set that ships with the portal; made when it is first needed."""
    return RuleSet.objects.get_or_create(
        code=DEFAULT_RULES["code"],
        defaults={
            "name": gettext("Default rules (a proposal)"),
            "data": DEFAULT_RULES,
            "sha256": audit.sha256(DEFAULT_RULES),
        },
    )[0]


@transaction.atomic
def create_call(*, actor: User, at: datetime, facts: Mapping[str, Any]) -> Call:
    """Draft a call; `facts` are the model's fields, money in yuan. Raises ValidationError."""
    require(actor, "funding.create_call")
    call = Call(created_by=actor, created_at=at, **_known(facts))
    call.taxonomy = call.taxonomy or newest_taxonomy()
    call.line = call.line or _usual_line(call)
    _number_apart(call, None)
    call.full_clean()
    call.save(force_insert=True)
    audit.record(actor=actor, action=Action.CREATE_CALL, subject=call, at=at, facts=_facts(call))
    return call


@transaction.atomic
def update_call(*, call: Call, actor: User, at: datetime, facts: Mapping[str, Any], seen: str = "") -> Call:
    """Change a draft; a published call stands as it was published. Raises ValidationError, and Stale when the
    draft is not in the state `seen` any more.
    """
    locked = Call.everything.select_for_update(of=("self",)).get(pk=call.pk)
    require(actor, "funding.update_call", locked)
    if locked.status != CallStatus.DRAFT:
        raise TransitionRefused(_("A published call cannot be changed any more."))
    require_unchanged(row=locked, seen=seen, typed=_known(facts))
    before = locked.batch if locked.rehearsal else None
    for name, value in _known(facts).items():
        setattr(locked, name, value)
    locked.taxonomy = locked.taxonomy or newest_taxonomy()
    locked.line = locked.line or _usual_line(locked)
    _number_apart(locked, before)
    locked.full_clean()
    locked.save()
    audit.record(actor=actor, action=Action.UPDATE_CALL, subject=locked, at=at, facts=_facts(locked))
    return locked


def _usual_line(call: Call) -> BudgetLine | None:
    return None if call.rehearsal else only_line(call.year)


def _number_apart(call: Call, before: int | None) -> None:
    """A rehearsal takes no round and no batch of the calls that count; it keeps what it had `before`."""
    if call.rehearsal:
        call.batch = call.round = before or LAST_BATCH + next_number("rehearsal")


def publish_call(*, call: Call, actor: User, at: datetime, document_number: str) -> Call:
    """Make a call public under its document number; from then on its rules are frozen."""
    with CALL.moving(call, Action.PUBLISH_CALL, actor=actor, at=at, note=document_number) as locked:
        if not document_number.strip():
            raise TransitionRefused(_("A call is published under a document number."))
        if locked.closes_at <= at:
            raise TransitionRefused(_("The call would be closed already; please change its times first."))
        locked.document_number = numbered(call=locked, number=document_number)
    return call


def numbered(*, call: Call, number: str) -> str:
    """The number of a document of this call; one of a rehearsal is marked. Raises ValidationError when too long."""
    whole = f"{call.prefix}{number.strip()}"
    if len(whole) > NUMBER:
        sentence = _("At most %(most)s characters, “%(prefix)s” included.") % {"most": NUMBER, "prefix": call.prefix}
        raise ValidationError({"document_number": sentence})
    return whole


def extend_call(*, call: Call, actor: User, at: datetime, closes_at: datetime, reason: str) -> CallExtension:
    """Let a call close later, decided before it closes; whoever writes an application is told.

    Raises ValidationError for an earlier close.
    """
    facts: dict[str, Any] = {}
    with CALL.moving(call, Action.EXTEND_CALL, actor=actor, at=at, note=reason, facts=facts) as locked:
        extension = CallExtension(
            call=locked, closed_at=locked.closes_at, closes_at=closes_at, reason=reason.strip(), decided_by=actor,
            created_at=at,
        )  # fmt: skip
        extension.full_clean()
        extension.save(force_insert=True)
        locked.closes_at = closes_at
        facts |= {"closed_at": extension.closed_at, "closes_at": closes_at}
        tell_writers(call=locked, kind="funding.call_extended", at=at)
    return extension


def tell_writers(*, call: Call, kind: str, at: datetime, **facts: Any) -> None:
    """Tell those who write an application in this call about its close."""
    writing = call.applications.filter(status=ApplicationStatus.DRAFT).values("consortium__lead")
    people = holders(Role.APPLICANT, Role.SIGNATORY, organisation__in=writing)
    closes = f"{timezone.localtime(call.closes_at):%Y-%m-%d %H:%M}"
    params = {"title": call.title, "closes": closes, **facts}
    notifications.notify(recipients=people, kind=kind, params=params, url=call.get_absolute_url(), at=at)


def conclude_call(*, call: Call, actor: User, at: datetime, note: str = "") -> Call:
    """End the work on a call."""
    with CALL.moving(call, Action.CONCLUDE_CALL, actor=actor, at=at, note=note) as locked:
        if (locked.is_open(at) or locked.is_in_grace(at)) and not locked.rehearsal:
            raise TransitionRefused(_("The call still takes applications."))
    return call


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in FIELDS if name in facts}


def _facts(call: Call) -> dict[str, Any]:
    """What the audit trail keeps of a draft."""
    plain = {name: getattr(call, name) for name in FIELDS if name not in NAMED}
    version = call.taxonomy.version if call.taxonomy else None
    form = str(call.form_version or "")
    return {
        **plain,
        "line": str(call.line or ""),
        "form_version": form,
        "taxonomy": version,
        "rules": call.rules.sha256,
        "guidelines": audit.sha256(call.guidelines),
    }
