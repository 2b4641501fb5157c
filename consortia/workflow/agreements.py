"""The agreement."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK, Action, AgreementStatus
from consortia.models import Agreement
from consortia.rules.agreements import MANDATORY
from consortia.selectors.agreements import contradictions, parties_waiting
from consortia.workflow.life import consortium_is_alive
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason, Workflow, step

S, A = AgreementStatus, Action


def members_are_two(agreement: Agreement, _at: datetime) -> Reason | None:
    """Nobody agrees with itself alone."""
    if agreement.consortium.participations.present().count() > 1:
        return None
    return _("An agreement needs at least two members.")


def mandatory_clauses_written(agreement: Agreement, _at: datetime) -> Reason | None:
    """What every agreement has to settle."""
    missing = enumerated(clause.label for clause in MANDATORY if clause not in agreement.settled)
    return _("These clauses have no text yet: %(names)s.") % {"names": missing} if missing else None


def says_what_changes(agreement: Agreement, _at: datetime) -> Reason | None:
    """Members read first what an amendment is about."""
    earlier = agreement.consortium.agreements.laid_down().filter(version__lt=agreement.version)
    if agreement.changes or not earlier.exists():
        return None
    return _("Say what this version changes before you send it.")


def term_is_ahead(agreement: Agreement, at: datetime) -> Reason | None:
    """What is over does not begin."""
    over = agreement.expires_on < timezone.localdate(at)
    return _("The term of this version is over already. Draft a new one.") if over else None


def everybody_has_signed(agreement: Agreement, _at: datetime) -> Reason | None:
    """Every member that the version names and that is still present."""
    names = enumerated(row.organisation.name for row in parties_waiting(agreement))
    return _("These have not signed yet: %(names)s.") % {"names": names} if names else None


def says_what_the_data_say(agreement: Agreement, _at: datetime) -> Reason | None:
    """Nobody agrees to an amount or a task that has been changed since."""
    found = enumerated(one.table.title for one in contradictions(agreement))
    if not found:
        return None
    return _(
        "Since version %(version)s was sent its data have changed: %(names)s. A new version must be sent before "
        "anybody signs."
    ) % {"version": agreement.version, "names": found}  # fmt: skip


def somebody_is_waited_for(agreement: Agreement, _at: datetime) -> Reason | None:
    """There is somebody to remind."""
    return None if parties_waiting(agreement) else _("Everybody has signed.")


def waiting_not_reminded_today(agreement: Agreement, at: datetime) -> Reason | None:
    """One reminder a day is enough."""
    last = agreement.reminded_at
    if last and timezone.localdate(last) == timezone.localdate(at):
        return _("Whoever has not signed has been reminded today already.")
    return None


def term_is_over(agreement: Agreement, at: datetime) -> Reason | None:
    """It runs until the end of its last day."""
    return None if agreement.expires_on < timezone.localdate(at) else _("Its term is not over yet.")


def nobody_works_under_it(agreement: Agreement, _at: datetime) -> Reason | None:
    """A recognised consortium never is without an agreement: the old one stands until a new one is signed."""
    if agreement.consortium.status in AT_WORK:
        return _("While the consortium is recognised its agreement stays in force until a new version is.")
    return None


AGREEMENT: Workflow[Agreement] = Workflow(
    step(
        A.SEND_AGREEMENT, {S.DRAFT}, S.SIGNING, "consortia.send_agreement",
        consortium_is_alive, members_are_two, mandatory_clauses_written, says_what_changes, term_is_ahead,
    ),
    step(
        A.REMIND_AGREEMENT, {S.SIGNING}, S.SIGNING, "consortia.remind_agreement",
        consortium_is_alive, somebody_is_waited_for, waiting_not_reminded_today,
    ),
    step(
        A.TAKE_EFFECT, {S.SIGNING}, S.EFFECTIVE, "",
        consortium_is_alive, everybody_has_signed, says_what_the_data_say, term_is_ahead,
    ),
    step(A.SUPERSEDE, {S.SIGNING, S.EFFECTIVE}, S.SUPERSEDED, ""),
    step(A.END_AGREEMENT, {S.EFFECTIVE}, S.EXPIRED, "", term_is_over, nobody_works_under_it),
)  # fmt: skip
