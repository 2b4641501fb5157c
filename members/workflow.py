"""The transition table of requests for correction."""

from members.enums import Action, CorrectionStatus
from members.models import CorrectionRequest
from portal.kernel.workflow import Workflow, step

S = CorrectionStatus

CORRECTION: Workflow[CorrectionRequest] = Workflow(
    step(Action.CORRECT, {S.OPEN}, S.CORRECTED, "members.answer_correction"),
    step(Action.DECLINE_CORRECTION, {S.OPEN}, S.DECLINED, "members.answer_correction"),
)
