"""The exit case."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, ExitStatus, ExitTrigger
from consortia.models import ExitCase
from portal.kernel.workflow import Reason, Workflow, step

A = Action
E = ExitStatus


def period_runs(case: ExitCase, at: datetime) -> Reason | None:
    """The lead speaks once, until the end of the last day."""
    if case.stated_at:
        return _("A statement has been filed already.")
    if case.statement_due and timezone.localdate(at) > case.statement_due:
        return _("The statement period is over.")
    return None


def has_been_heard(case: ExitCase, at: datetime) -> Reason | None:
    """Nobody is judged unheard; who leaves of its own will has spoken by asking."""
    if case.trigger == ExitTrigger.VOLUNTARY or case.stated_at:
        return None
    if case.statement_due and timezone.localdate(at) > case.statement_due:
        return None
    return _("The lead organisation has to be heard first: the notice, then its statement or the end of the period.")


def is_voluntary(case: ExitCase, _at: datetime) -> Reason | None:
    """The lead takes back what it has asked for itself."""
    if case.trigger == ExitTrigger.VOLUNTARY:
        return None
    return _("The bureau has opened this case; only the lead's own application is taken back.")


def publicity_runs(case: ExitCase, at: datetime) -> Reason | None:
    """Appeals come while the decision is publicised."""
    if case.publicised_to and timezone.localdate(at) <= case.publicised_to:
        return None
    return _("The days of publicity are over.")


def publicity_is_over(case: ExitCase, at: datetime) -> Reason | None:
    """Nothing takes effect before."""
    if case.status == E.UPHELD or (case.publicised_to and timezone.localdate(at) > case.publicised_to):
        return None
    return _("The days of publicity are not over yet.")


RUNNING = frozenset({E.OPENED, E.NOTICE_SERVED, E.STATEMENT_PERIOD, E.ASSESSED})

EXIT_CASE: Workflow[ExitCase] = Workflow(
    step(A.SERVE_NOTICE, {E.OPENED}, E.NOTICE_SERVED, "consortia.serve_notice"),
    step(A.RECORD_DELIVERY, {E.NOTICE_SERVED}, E.STATEMENT_PERIOD, "consortia.record_delivery"),
    step(A.FILE_STATEMENT, {E.STATEMENT_PERIOD}, E.STATEMENT_PERIOD, "consortia.file_statement", period_runs),
    step(A.ASSESS_EXIT, {E.OPENED, E.STATEMENT_PERIOD}, E.ASSESSED, "consortia.assess_exit", has_been_heard),
    step(A.DECIDE_EXIT, {E.ASSESSED}, E.MEETING_DECIDED, "consortia.decide_exit"),
    step(A.PUBLICISE_EXIT, {E.MEETING_DECIDED}, E.PUBLICISED, "consortia.publicise_exit"),
    step(A.APPEAL_EXIT, {E.PUBLICISED}, E.APPEALED, "consortia.appeal_exit", publicity_runs),
    step(A.UPHOLD_EXIT, {E.APPEALED}, E.UPHELD, "consortia.uphold_exit"),
    step(A.REVERSE_EXIT, {E.APPEALED}, E.REVERSED, "consortia.reverse_exit"),
    step(A.CLOSE_EXIT, {E.PUBLICISED, E.UPHELD}, E.CLOSED, "consortia.close_exit", publicity_is_over),
    step(A.DISMISS_EXIT, RUNNING, E.DISMISSED, "consortia.dismiss_exit"),
    step(A.WITHDRAW_EXIT, {E.OPENED, E.ASSESSED}, E.WITHDRAWN, "consortia.withdraw_exit", is_voluntary),
)
