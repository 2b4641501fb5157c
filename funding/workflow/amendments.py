"""The way of an amendment: every party consents, an officer checks, somebody else decides."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import Action, AmendmentStatus, ContractStatus
from funding.models import Amendment
from funding.selectors.amendments import wrong_with
from funding.selectors.parties import missing_consents
from portal.kernel.workflow import Reason, Workflow, step

S = AmendmentStatus


def after_consent(amendment: Amendment) -> str:
    """The last party that consents hands over to the officer."""
    return S.PROPOSED if missing_consents(amendment) else S.CONSENTED


def still_fits(amendment: Amendment, _at: datetime) -> Reason | None:
    """The terms are those that the parties looked at, and the rules allow what is asked."""
    if amendment.contract.status != ContractStatus.EFFECTIVE:
        return _("Only an effective contract is amended.")
    if amendment.contract.sha256 != amendment.base:
        return _("The contract has changed since; withdraw this amendment and propose it anew.")
    return wrong_with(amendment.contract, amendment.kind, amendment.changes)


AMENDMENT: Workflow[Amendment] = Workflow(
    step(Action.CONSENT_AMENDMENT, {S.PROPOSED}, after_consent, "funding.consent_amendment", still_fits),
    step(Action.CHECK_AMENDMENT, {S.CONSENTED}, S.CHECKED, "funding.check_amendment", still_fits),
    step(Action.DECIDE_AMENDMENT, {S.CHECKED}, S.IN_FORCE, "funding.decide_amendment", still_fits),
    step(Action.REFUSE_AMENDMENT, {S.PROPOSED, S.CONSENTED, S.CHECKED}, S.REFUSED, "funding.refuse_amendment"),
    step(Action.WITHDRAW_AMENDMENT, {S.PROPOSED, S.CONSENTED, S.CHECKED}, S.WITHDRAWN, "funding.propose_amendment"),
    told=("kind", "base"),
    joined=("contract__award__consortium", "contract__award__application__call__rules"),
)  # fmt: skip
