"""Calls, their forms and the questions about them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from funding.enums import Action, CallStatus, FormStatus, QuestionStatus
from funding.models import Call, CallQuestion, FormVersion
from funding.rules.judging import rule_faults, run_case
from portal.kernel.enumerating import enumerated
from portal.kernel.workflow import Reason, Workflow, step


def call_still_open(call: Call, at: datetime) -> Reason | None:
    """What is over cannot be made longer."""
    return _("The call has closed already.") if call.closes_at <= at else None


def design_stands(form: FormVersion, _at: datetime) -> Reason | None:
    """There is something to ask, and every rule can be worked out."""
    if not form.design.questions:
        return _("There is no question in this form yet.")
    wrong = rule_faults(form.design)
    return _("A rule cannot stand: %(fault)s") % {"fault": wrong[0]} if wrong else None


def cases_pass(form: FormVersion, _at: datetime) -> Reason | None:
    """Whoever designs a rule says what it must do, and it does."""
    if rule_faults(form.design):
        return None  # said by the guard above
    failed = enumerated(run.case.name for case in form.design.cases if not (run := run_case(form.design, case)).passed)
    return _("These test cases fail: %(names)s.") % {"names": failed} if failed else None


CALL: Workflow[Call] = Workflow(
    step(Action.PUBLISH_CALL, {CallStatus.DRAFT}, CallStatus.PUBLISHED, "funding.publish_call"),
    step(Action.EXTEND_CALL, {CallStatus.PUBLISHED}, CallStatus.PUBLISHED, "funding.extend_call", call_still_open),
    step(Action.EXTEND_BY_OUTAGE, {CallStatus.PUBLISHED}, CallStatus.PUBLISHED, ""),
    step(Action.CONCLUDE_CALL, {CallStatus.PUBLISHED}, CallStatus.CONCLUDED, "funding.conclude_call"),
)

FORM: Workflow[FormVersion] = Workflow(
    step(Action.PUBLISH_FORM, {FormStatus.DRAFT}, FormStatus.PUBLISHED, "funding.publish_form", design_stands,
         cases_pass),
    step(Action.RETIRE_FORM, {FormStatus.PUBLISHED}, FormStatus.RETIRED, "funding.publish_form"),
    told=("code", "version", "sha256"),
)  # fmt: skip

QUESTION: Workflow[CallQuestion] = Workflow(
    step(Action.ANSWER, {QuestionStatus.ASKED, QuestionStatus.ANSWERED}, QuestionStatus.ANSWERED,
         "funding.answer_question"),
    step(Action.PUBLISH_ANSWER, {QuestionStatus.ANSWERED, QuestionStatus.PUBLISHED}, QuestionStatus.PUBLISHED,
         "funding.publish_answer"),
    step(Action.RETRACT_ANSWER, {QuestionStatus.PUBLISHED}, QuestionStatus.ANSWERED, "funding.publish_answer"),
    told=("answer", "public_text"),
)  # fmt: skip
