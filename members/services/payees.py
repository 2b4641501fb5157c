"""Where money is paid to: accounts of organisations, and of experts for their fees."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.enums import Action, Role
from members.models import Expert, Organisation, User
from members.rules.notice import current_version
from members.rules.numbers import bank_account as account_digits
from members.rules.numbers import identity_number as identity_digits
from members.selectors import holders
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.notifications import notify, register
from portal.kernel.stale import require_unchanged

PAYEE = ("bank_name", "bank_account")
NO_ACCOUNT = _("Please enter the account.")
NO_BANK = _("Please name the bank and its branch.")
NO_CONSENT = _("Without your consent these data cannot be kept.")

register(
    "members.payee_updated", _("%(person)s has changed the bank account of %(organisation)s to %(account)s."),
    urgent=True,
)  # fmt: skip


@transaction.atomic
def update_payee(
    *, organisation: Organisation, bank_name: str, bank_account: str, actor: User, at: datetime, seen: str = ""
) -> Organisation:
    """State or change the account that grants are paid to; empty `bank_account` keeps the one that is there.

    Everybody who acts for the organisation is told. Raises ValidationError for single fields, and Stale when the
    account is not in the state `seen` any more.
    """
    require(actor, "members.update_payee", organisation)
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    typed = {"bank_name": bank_name.strip(), "bank_account": bank_account}
    require_unchanged(row=locked, seen=seen, typed=typed, names=PAYEE)
    _set_account(locked, bank_name, bank_account)
    locked.save(update_fields=PAYEE)
    facts = {"bank_name": locked.bank_name, "bank_account": locked.bank_account}
    audit.record(actor=actor, action=Action.UPDATE_PAYEE, subject=locked, at=at, facts=facts)
    notify(
        recipients=holders(Role.ORG_ADMIN, Role.SIGNATORY, Role.APPLICANT, organisation=locked),
        kind="members.payee_updated", at=at, url=reverse("members:organisation-own"),
        params={"person": actor.name, "organisation": locked.name, "account": str(locked.bank_account)},
    )  # fmt: skip
    return locked


@transaction.atomic
def update_fees(
    *, expert: Expert, identity_number: str, bank_name: str, bank_account: str, consent: bool, actor: User,
    at: datetime,
) -> Expert:  # fmt: skip
    """An expert's own data for fees, with separate consent to sensitive data; empty ones stay as they are.

    Raises ValidationError for single fields.
    """
    require(actor, "members.update_fees", expert)
    locked = Expert.objects.select_for_update().get(pk=expert.pk)
    if not consent:
        raise ValidationError({"consent": NO_CONSENT})
    _set_account(locked, bank_name, bank_account)
    if identity_number.strip():
        locked.identity_number = _field("identity_number", identity_digits, identity_number)
    locked.consent_version, locked.consented_at = current_version(), at
    locked.save()
    facts = {"identity_number": locked.identity_number, "bank_account": locked.bank_account,
             "notice": locked.consent_version}  # fmt: skip
    audit.record(actor=actor, action=Action.UPDATE_FEES, subject=locked, at=at, facts=facts)
    return locked


@transaction.atomic
def remove_fees(*, expert: Expert, actor: User, at: datetime) -> Expert:
    """Take the consent back: identity number and account are deleted."""
    require(actor, "members.update_fees", expert)
    locked = Expert.objects.select_for_update().get(pk=expert.pk)
    locked.identity_number = locked.bank_name = locked.bank_account = ""
    locked.consent_version, locked.consented_at = 0, None
    locked.save()
    audit.record(actor=actor, action=Action.UPDATE_FEES, subject=locked, at=at, facts={"removed": True})
    return locked


def _set_account(owner: Any, bank_name: str, bank_account: str) -> None:
    if not bank_name.strip():
        raise ValidationError({"bank_name": NO_BANK})
    owner.bank_name = bank_name.strip()
    if bank_account.strip():
        owner.bank_account = _field("bank_account", account_digits, bank_account)
    elif not owner.bank_account:
        raise ValidationError({"bank_account": NO_ACCOUNT})


def _field(name: str, rule: Any, text: str) -> str:
    """What the rule makes of it; its refusal stands at the field."""
    try:
        return str(rule(text))
    except ValidationError as error:
        raise ValidationError({name: error}) from None
