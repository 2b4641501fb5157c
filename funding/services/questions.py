"""Questions about a call: asked, answered, published for everybody."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, CallStatus, QuestionStatus
from funding.models import Call, CallQuestion
from funding.workflow import QUESTION
from members.enums import Role
from members.models import Organisation, User
from members.selectors import holders
from portal.kernel import audit, notifications
from portal.kernel.authz import require
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

MOST_WAITING = 20  # questions of one organisation about one call

notifications.register("funding.question_asked", _("%(organisation)s asks about %(title)s."))
notifications.register("funding.question_answered", _("Your question about %(title)s is answered."))


@transaction.atomic
def ask_question(*, call: Call, organisation: Organisation, actor: User, at: datetime, text: str) -> CallQuestion:
    """Ask the bureau about a published call, for an organisation that the asker acts for."""
    require(actor, "funding.ask_question", organisation)
    locked = Call.everything.select_for_update(of=("self",), no_key=True).get(pk=call.pk)
    if locked.status != CallStatus.PUBLISHED:
        raise TransitionRefused(_("No questions are taken about this call."))
    waiting = locked.questions.filter(organisation=organisation, status=QuestionStatus.ASKED).count()
    if waiting >= MOST_WAITING:
        raise TransitionRefused(_("%(most)s of your questions wait for an answer already.") % {"most": MOST_WAITING})
    question = CallQuestion.objects.create(
        call=locked, organisation=organisation, asked_by=actor, text=text, created_at=at
    )
    audit.record(actor=actor, action=Action.ASK, subject=question, at=at, facts={"call": locked.pk})
    params = {"organisation": organisation.name, "title": locked.title}
    people = holders(Role.ACCEPTANCE, Role.OFFICER)
    notifications.notify(
        recipients=people, kind="funding.question_asked", params=params, url=question.get_absolute_url(), at=at
    )
    return question


def answer_question(*, question: CallQuestion, actor: User, at: datetime, answer: str, seen: str = "") -> CallQuestion:
    """Answer whoever asked; an answer that is not published yet may be mended by another one.

    Raises Stale when the question is not in the state `seen` any more.
    """
    with QUESTION.moving(question, Action.ANSWER, actor=actor, at=at) as locked:
        require_unchanged(row=locked, seen=seen, typed={"answer": answer})
        locked.answer, locked.answered_by, locked.answered_at = answer, actor, at
        people = holders(Role.APPLICANT, Role.ORG_ADMIN, organisation=locked.organisation_id)
        notifications.notify(
            recipients={*people, locked.asked_by}, kind="funding.question_answered",
            params={"title": locked.call.title}, url=locked.get_absolute_url(), at=at,
        )  # fmt: skip
    return question


def publish_answer(
    *, question: CallQuestion, actor: User, at: datetime, public_text: str, answer: str, seen: str = ""
) -> CallQuestion:
    """Put question and answer on the public page of the call, in a wording that does not tell who asked.

    Raises Stale when the question is not in the state `seen` any more.
    """
    with QUESTION.moving(question, Action.PUBLISH_ANSWER, actor=actor, at=at) as locked:
        require_unchanged(row=locked, seen=seen, typed={"answer": answer, "public_text": public_text})
        if locked.organisation.name in f"{public_text} {answer}":
            raise TransitionRefused(_("The published text must not name who asked."))
        locked.public_text, locked.answer = public_text, answer
        locked.answered_by, locked.answered_at = actor, at
    return question


def retract_answer(*, question: CallQuestion, actor: User, at: datetime, note: str) -> CallQuestion:
    """Take a published answer off the page, with a reason; whoever asked keeps it."""
    with QUESTION.moving(question, Action.RETRACT_ANSWER, actor=actor, at=at, note=note):
        if not note.strip():
            raise TransitionRefused(_("Please give a reason."))
    return question
