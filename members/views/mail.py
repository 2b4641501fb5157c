"""The texts of mails, which the bureau writes, and the outbox, which administrators watch."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.generic import TemplateView

from members.filters import LetterFilter
from members.forms.mail import MailTextForm, RestoreForm, TextsForm
from members.selectors.letters import DIGEST_LABEL, kind_label, letters, topic_label
from members.views.stepup import StepUpMixin
from portal.kernel import account_mails, mail_texts, notifications
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.mail_texts import FIELDS, Text
from portal.kernel.models import Letter, MailText
from portal.kernel.models.job import JobState
from portal.kernel.outbox import retry_letter
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView, add_errors
from portal.kernel.views_reveal import RevealView

LANGUAGES = (("zh-hans", _("Chinese")), ("en", _("English")))


# --- texts -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """A kind of mail in the list."""

    kind: str
    label: str
    urgent: bool
    own: MailText | None


class MailTextList(PermissionMixin, TemplateView):
    """Every kind of mail whose text the bureau may write, by topic."""

    permission = "members.update_mail_text"
    template_name = "members/mail_text_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = TextsForm(self.request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        own = mail_texts.in_force(set(mail_texts.kinds()))
        words, state = asked.get("q", "").lower().split(), asked.get("own", "")
        groups = [
            (title, found)
            for title, lines in _by_topic(own)
            if (found := [line for line in lines if _fits(line, words, state)])
        ]
        return super().get_context_data(form=form, groups=groups, narrowed=bool(words or state), **kwargs)


def _by_topic(own: dict[str, MailText]) -> Iterator[tuple[Any, list[Line]]]:
    yield DIGEST_LABEL, [Line(mail_texts.DIGEST, str(_("All notices of a day")), False, _own(own, mail_texts.DIGEST))]
    accounts = [Line(kind, kind_label(kind), True, _own(own, kind)) for kind in account_mails.MAILS]
    yield _("Accounts and sign-in"), accounts
    for topic, kinds in notifications.by_topic():
        yield (
            topic.title,
            [
                Line(kind, kind_label(kind), notifications.KINDS[kind].urgent, _own(own, kind))
                for kind in kinds
            ],
        )  # fmt: skip


def _own(own: dict[str, MailText], kind: str) -> MailText | None:
    text = own.get(kind)
    return None if text is None or text.builtin else text


def _fits(line: Line, words: list[str], state: str) -> bool:
    return all(word in line.label.lower() for word in words) and state in {"", str(int(line.own is not None))}


class OfKind(PermissionMixin):
    """A page about the kind of mail in the address."""

    permission = "members.update_mail_text"
    kind: str

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kind = kwargs["kind"]
        if self.kind not in mail_texts.kinds():
            raise Http404

    @cached_property
    def versions(self) -> list[MailText]:
        """What was written, newest first."""
        return list(mail_texts.versions(self.kind)[:20])

    @property
    def newest(self) -> int:
        """The version in force; 0 for none."""
        return self.versions[0].version if self.versions else 0

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = bool(self.versions) and not self.versions[0].builtin
        facts = {"kind": self.kind, "label": kind_label(self.kind), "is_own": own}
        context: dict[str, Any] = super().get_context_data(**facts, **kwargs)  # type: ignore[misc]
        return context


class MailTextUpdate(OfKind, ServiceFormView):
    """Write the text of one kind; a preview shows it with sample facts before anything is saved."""

    form_class = MailTextForm
    template_name = "members/mail_text_update.html"
    success_message = _("The new text is in force.")

    def get_initial(self) -> dict[str, Any]:
        return {**self._texts(), "seen": self.newest}

    def _texts(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for language, end in mail_texts.SUFFIX.items():
            held = self.versions[0] if self.versions else MailText(kind=self.kind, builtin=True)
            text = mail_texts.written(held, language)
            found |= {f"subject_{end}": text.subject, f"body_{end}": text.body}
        return found

    def form_valid(self, form: MailTextForm) -> HttpResponse:
        if "preview" not in self.request.POST:
            return super().form_valid(form)
        try:
            mail_texts.check(self.kind, form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form")
        typed = form.cleaned_data if form is not None and form.is_bound and form.is_valid() else self._texts()
        return super().get_context_data(
            facts=mail_texts.allowed(self.kind).items(), needed=account_mails.needed(self.kind),
            previews=list(self._previews(typed)),
            is_preview="preview" in self.request.POST, versions=[(row, self._of(row)) for row in self.versions],
            **kwargs,
        )  # fmt: skip

    @staticmethod
    def _of(row: MailText) -> list[tuple[Any, Text]]:
        return [(label, mail_texts.written(row, language)) for language, label in LANGUAGES]

    def _previews(self, texts: Any) -> Iterator[tuple[Any, str, Text]]:
        for language, label in LANGUAGES:
            end = mail_texts.SUFFIX[language]
            text = Text(texts[f"subject_{end}"], texts[f"body_{end}"])
            with override(language):
                yield label, language, mail_texts.sampled(self.kind, text)

    def perform(self, form: MailTextForm) -> MailText:
        texts = {name: form.cleaned_data[name] for name in FIELDS}
        return mail_texts.update_mail_text(
            kind=self.kind, texts=texts, seen=form.cleaned_data["seen"], actor=self.actor, at=self.at
        )

    def refuse(self, form: Any, refusal: Any) -> HttpResponse:
        """Having been shown the other's text, one may save over it."""
        self.__dict__.pop("versions", None)
        form.data = form.data.copy()
        form.data["seen"] = self.newest
        return super().refuse(form, refusal)

    def fallback_url(self) -> str:
        return reverse("members:mail-text-update", args=[self.kind])


class MailTextRestore(OfKind, ServiceFormView):
    """The question before the built-in text comes back."""

    form_class = RestoreForm
    template_name = "members/mail_text_restore.html"
    success_message = _("The built-in text is in force.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.newest}

    def perform(self, form: RestoreForm) -> MailText:
        return mail_texts.restore_mail_text(
            kind=self.kind, seen=form.cleaned_data["seen"], actor=self.actor, at=self.at
        )

    def fallback_url(self) -> str:
        return reverse("members:mail-text-update", args=[self.kind])


# --- outbox ------------------------------------------------------------------------------------
class LetterList(PermissionMixin, ListView):
    """Every mail that went out, waits or failed; newest first."""

    permission = "members.view_outbox"
    model = Letter
    filterset_class = LetterFilter
    template_name = "members/letter_list.html"

    def get_queryset(self) -> QuerySet[Letter]:
        return letters(super().get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "lines": [(row, topic_label(row.kind)) for row in context["rows"]]}


class OfLetter(LoadMixin):
    """A page about one mail."""

    model = Letter
    object: Letter

    def get_queryset(self) -> QuerySet[Letter]:
        return super().get_queryset().select_related("job", "recipient")


class LetterDetail(OfLetter, PermissionMixin, TemplateView):
    """One mail: to whom, when, how often it was tried, and why it failed."""

    permission = "members.view_outbox"
    template_name = "members/letter_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            label=kind_label(self.object.kind), history=trail(self.object)[:20],
            may_retry=self.object.job.state == JobState.FAILED and may(self.request.user, "members.retry_letter"),
            **kwargs,
        )  # fmt: skip


class LetterReveal(StepUpMixin, OfLetter, RevealView):
    """The text as it went out, and to which address."""

    step_up = True
    permission = "members.reveal_letter"
    template_name = "members/letter_reveal.html"
    fields = ("to", "body")


class LetterRetry(OfLetter, TransitionView):
    """Try a failed mail once more."""

    permission = "members.retry_letter"
    template_name = "members/letter_retry.html"
    success_message = _("The mail is tried again.")

    def perform(self, _form: Any) -> Letter:
        return retry_letter(letter=self.object, actor=self.actor, at=self.at)
