"""Who is told what in the funding room; every sentence is registered here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consortia.models import Consortium
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel.notifications import notify, register

register("funding.contract_drafted", _("The contract of “%(name)s” is drafted; please look at it and offer it."))
register("funding.contract_to_confirm", _("Please confirm your part of the contract of “%(name)s”."), urgent=True)
register("funding.contract_returned", _("A party has sent the contract of “%(name)s” back to the draft."), urgent=True)
register("funding.contract_offered", _("The contract for “%(name)s” waits for your signature."), urgent=True)
register("funding.contract_signed", _("All parties have signed the contract of “%(name)s”; please countersign."))
register("funding.contract_effective", _("The contract of “%(name)s” is effective."))
register("funding.tranche_requestable", _("Tranche %(sequence)s of “%(name)s” can be requested now."))
register("funding.tranche_requested", _("Tranche %(sequence)s of “%(name)s” was requested; please verify."))
register("funding.tranche_verified", _("Tranche %(sequence)s of “%(name)s” is verified; please review."))
register("funding.tranche_reviewed", _("Tranche %(sequence)s of “%(name)s” is reviewed; please approve."))
register("funding.tranche_approved", _("Tranche %(sequence)s of “%(name)s” is approved; please pay and record."))
register(
    "funding.tranche_paid", _("Tranche %(sequence)s of “%(name)s” was paid; please confirm the receipt."), urgent=True
)
register(
    "funding.payment_failed",
    _("The payment of tranche %(sequence)s of “%(name)s” failed; please look at your bank account."),
    urgent=True,
)
register(
    "funding.payment_returned",
    _("The bank returned tranche %(sequence)s of “%(name)s”; look at the account."),
    urgent=True,
)
register("funding.tranche_returned", _("The request for tranche %(sequence)s of “%(name)s” was returned."), urgent=True)
register("funding.tranche_reduced", _("Tranche %(sequence)s of “%(name)s” was reduced."), urgent=True)
register("funding.tranche_held", _("Tranche %(sequence)s of “%(name)s” is on hold."), urgent=True)
register("funding.tranche_released", _("The hold on tranche %(sequence)s of “%(name)s” is over."))
register("funding.tranche_cancelled", _("Tranche %(sequence)s of “%(name)s” was cancelled."), urgent=True)


def lead_people(*, consortium: Consortium) -> Iterable[User]:
    """Those who write and sign for the lead."""
    return holders(Role.APPLICANT, Role.SIGNATORY, organisation=consortium.lead_id)


def tell(*, recipients: Iterable[User], consortium: Consortium, kind: str, subject: Any, at: datetime) -> None:
    """Tell people about a contract, tranche or other object of a consortium."""
    params = {"name": consortium.name, "sequence": getattr(subject, "sequence", "")}
    notify(recipients=recipients, kind=kind, params=params, url=subject.get_absolute_url(), at=at)


def tell_lead(*, consortium: Consortium, kind: str, subject: Any, at: datetime) -> None:
    """Tell the lead."""
    tell(recipients=lead_people(consortium=consortium), consortium=consortium, kind=kind, subject=subject, at=at)


def tell_role(*roles: Role, consortium: Consortium, kind: str, subject: Any, at: datetime) -> None:
    """Tell everybody who holds one of the roles."""
    tell(recipients=holders(*roles), consortium=consortium, kind=kind, subject=subject, at=at)
