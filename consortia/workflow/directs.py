"""The direct recognition of a platform."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consortia.enums import AT_WORK
from consortia.models import DirectRecognition
from consortia.rules.platforms import CHECKED, WITH_LEAD, DirectAction, DirectStatus
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason, Workflow, step

R, X = DirectStatus, DirectAction


def stays(row: Any) -> str:
    """A step that leaves the status as it is."""
    return str(row.status)


def platform_is_at_work(case: DirectRecognition, _at: datetime) -> Reason | None:
    """What a consortium that has ended proposed is not decided any more."""
    if case.platform.consortium.status in AT_WORK:
        return None
    return _("The consortium is not at work any more.")


def hard_conditions_met(case: DirectRecognition, _at: datetime) -> Reason | None:
    """Nobody is recognised who lacks what is required."""
    missing = case.conditions.filter(hard=True).exclude(met=True)
    names = enumerated(missing)
    return _("These required conditions are not met: %(names)s.") % {"names": names} if names else None


def experts_were_heard(case: DirectRecognition, _at: datetime) -> Reason | None:
    """Where the conditions ask for it."""
    if case.experts and case.heard_on is None:
        return _("For this kind of platform experts are heard first.")
    return None


def is_in_the_directory(case: DirectRecognition, _at: datetime) -> Reason | None:
    """Only what is shown can be taken out."""
    return None if case.published_on else _("This recognition is not published.")


def is_not_in_the_directory(case: DirectRecognition, _at: datetime) -> Reason | None:
    """It is published once."""
    return _("This recognition is published already.") if case.published_on else None


DIRECT: Workflow[DirectRecognition] = Workflow(
    step(X.ATTACH, WITH_LEAD, stays, "consortia.attach_direct"),
    step(X.DETACH, WITH_LEAD, stays, "consortia.detach_direct"),
    step(X.OPINE, {R.PROPOSED}, R.DISTRICT_OPINION, "consortia.opine_direct", platform_is_at_work),
    step(X.SEND_BACK, {R.PROPOSED}, R.RETURNED, "consortia.send_back_direct"),
    step(X.CHECK, {R.DISTRICT_OPINION}, R.CONDITION_CHECK, "consortia.check_direct", platform_is_at_work),
    step(X.HEAR, {R.CONDITION_CHECK}, R.EXPERT_OPINION, "consortia.hear_direct", platform_is_at_work),
    step(X.RETURN, CHECKED | {R.DISTRICT_OPINION}, R.RETURNED, "consortia.return_direct"),
    step(X.RESUBMIT, {R.RETURNED}, R.PROPOSED, "consortia.resubmit_direct", platform_is_at_work),
    step(X.TABLE, CHECKED, R.MEETING, "consortia.table_direct", platform_is_at_work, experts_were_heard),
    step(
        X.RECOGNISE, {R.MEETING}, R.RECOGNISED, "consortia.recognise_direct", platform_is_at_work, hard_conditions_met
    ),
    step(X.REFUSE, {R.MEETING}, R.NOT_RECOGNISED, "consortia.refuse_direct"),
    step(X.WITHDRAW, WITH_LEAD | CHECKED | {R.DISTRICT_OPINION}, R.WITHDRAWN, "consortia.withdraw_direct"),
    step(X.PUBLISH, {R.RECOGNISED}, stays, "consortia.publish_direct", is_not_in_the_directory),
    step(X.CONCEAL, {R.RECOGNISED}, stays, "consortia.conceal_direct", is_in_the_directory),
    step(X.REVOKE, {R.RECOGNISED}, R.REVOKED, "consortia.revoke_direct"),
)
