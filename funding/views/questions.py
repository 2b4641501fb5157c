"""Questions about a call."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, CallStatus
from funding.filters import QuestionFilter
from funding.forms.applications import ReasonedForm
from funding.forms.calls import AnswerForm, PublishAnswerForm, QuestionForm
from funding.models import Call, CallQuestion
from funding.services.questions import (
    answer_question,
    ask_question,
    publish_answer,
    retract_answer,
)
from funding.workflow import QUESTION
from members.models import Organisation
from portal.kernel.stale import SeenMixin
from portal.kernel.views import ListView, LoadMixin, ServiceFormView, TransitionView

STEP_URLS = {
    Action.ANSWER: "funding:question-answer",
    Action.PUBLISH_ANSWER: "funding:question-publish",
    Action.RETRACT_ANSWER: "funding:question-retract",
}


class QuestionAsk(LoadMixin, ServiceFormView):
    """Asks the bureau about a call."""

    model = Call
    permission = "funding.ask_somewhere"
    form_class = QuestionForm
    template_name = "funding/question_ask.html"
    success_message = _("Your question is with the bureau.")

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().filter(status=CallStatus.PUBLISHED)

    def get_form_kwargs(self) -> dict[str, Any]:
        own = Organisation.objects.filter(pk__in=self.actor.organisation_ids).order_by("name")
        return {**super().get_form_kwargs(), "organisations": own}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answered = self.object.questions.published()
        return super().get_context_data(call=self.object, faq=answered, **kwargs)

    def perform(self, form: QuestionForm) -> CallQuestion:
        return ask_question(call=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class QuestionList(ListView):
    """Questions about calls: to the bureau all, to an organisation its own."""

    model = CallQuestion
    filterset_class = QuestionFilter
    template_name = "funding/question_list.html"

    def get_queryset(self) -> QuerySet[CallQuestion]:
        return super().get_queryset().select_related("call", "organisation")


class QuestionDetail(LoadMixin, TemplateView):
    """One question with its answer."""

    model = CallQuestion
    template_name = "funding/question_detail.html"

    def get_queryset(self) -> QuerySet[CallQuestion]:
        return super().get_queryset().select_related("call", "organisation", "asked_by", "answered_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question, user = self.object, self.request.user
        steps = [
            {"label": Action(action).label, "url": reverse(STEP_URLS[Action(action)], args=[question.pk])}
            for action in QUESTION.offered(question, user)
        ]
        return super().get_context_data(question=question, steps=steps, **kwargs)


class QuestionStep(TransitionView):
    """A step of the bureau; subclasses say which."""

    model = CallQuestion
    workflow = QUESTION
    template_name = "funding/question_step.html"

    def get_queryset(self) -> QuerySet[CallQuestion]:
        return super().get_queryset().select_related("call", "organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(question=self.object, label=Action(self.action).label, **kwargs)


class QuestionAnswer(SeenMixin, QuestionStep):
    """Answers whoever asked."""

    action = Action.ANSWER
    permission = "funding.answer_question"
    form_class = AnswerForm
    success_message = _("The answer is sent.")

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.object.answer}

    def perform(self, form: AnswerForm) -> CallQuestion:
        return answer_question(question=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class QuestionPublish(SeenMixin, QuestionStep):
    """Puts question and answer on the page of the call."""

    action = Action.PUBLISH_ANSWER
    permission = "funding.publish_answer"
    form_class = PublishAnswerForm
    success_message = _("Question and answer stand on the page of the call.")

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.object.answer, "public_text": self.object.public_text or self.object.text}

    def perform(self, form: PublishAnswerForm) -> CallQuestion:
        return publish_answer(question=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class QuestionRetract(QuestionStep):
    """Takes a published answer back."""

    action = Action.RETRACT_ANSWER
    permission = "funding.publish_answer"
    form_class = ReasonedForm
    success_message = _("The answer is no longer public.")

    def perform(self, form: ReasonedForm) -> CallQuestion:
        return retract_answer(question=self.object, actor=self.actor, at=self.at, **form.cleaned_data)
