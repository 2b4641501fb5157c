"""The way of a request for compensation: checked, decided and paid by three people."""

from funding.enums import Action, CompensationStatus
from funding.models import Compensation
from portal.kernel.workflow import Workflow, step

S = CompensationStatus
COMPENSATION: Workflow[Compensation] = Workflow(
    step(Action.CHECK_COMPENSATION, {S.FILED}, S.CHECKED, "funding.check_compensation"),
    step(Action.GRANT_COMPENSATION, {S.CHECKED}, S.GRANTED, "funding.grant_compensation"),
    step(Action.PAY_COMPENSATION, {S.GRANTED}, S.PAID, "funding.pay_compensation"),
    step(Action.RETURN_COMPENSATION, {S.PAID}, S.GRANTED, "funding.return_compensation"),
    step(Action.REFUSE_COMPENSATION, {S.FILED, S.CHECKED}, S.REFUSED, "funding.refuse_compensation"),
    step(Action.WITHDRAW_COMPENSATION, {S.FILED, S.CHECKED}, S.WITHDRAWN, "funding.file_compensation"),
    told=("number", "loss", "accepted", "granted", "paid"),
    joined=("award__consortium", "organisation"),
)  # fmt: skip
