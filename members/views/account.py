"""One's own account: where one is signed in, and under which address."""

from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.forms.people import EmailForm, ShortcutsForm
from members.models import EmailChange, User
from members.rules.tokens import token_hash
from members.selectors.accounts import own_sessions
from members.services.addresses import ask_email_change, change_email
from members.services.personal import choose_shortcuts
from members.services.sessions import end_session, end_sessions
from members.views.stepup import StepUpMixin
from portal.kernel.views import LoadMixin, ServiceFormView


class SessionList(TemplateView):
    """Where one is signed in."""

    template_name = "members/session_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sessions = list(own_sessions(self.request.user, timezone.now()))  # type: ignore[arg-type]
        here = self.request.session.session_key
        others = [session for session in sessions if session.session_key != here]
        return super().get_context_data(sessions=sessions, here=here, others=others, **kwargs)


class OwnFormView(ServiceFormView):
    """A form about one's own account."""

    permission = "members.keep_account"
    success_url = reverse_lazy("members:session-list")


class SessionEnd(LoadMixin, OwnFormView):
    """End one of one's own sessions."""

    model = UserSession
    object: UserSession
    form_class = forms.Form
    template_name = "members/session_end.html"
    success_message = _("The session is ended.")

    def get_queryset(self) -> QuerySet[UserSession]:
        return own_sessions(self.request.user, timezone.now()).exclude(  # type: ignore[arg-type]
            session_key=self.request.session.session_key or ""
        )

    def permission_object(self) -> None:
        return None

    def perform(self, _form: Any) -> None:
        end_session(session=self.object, actor=self.actor, at=self.at)


class SessionEndOthers(OwnFormView):
    """End all one's sessions but this one."""

    form_class = forms.Form
    template_name = "members/session_end.html"
    success_message = _("All other sessions are ended.")

    def perform(self, _form: Any) -> int:
        return end_sessions(user=self.actor, actor=self.actor, at=self.at, keep=self.request.session.session_key)


class ShortcutsUpdate(OwnFormView):
    """Turn the letters that do something in lists on or off."""

    form_class = ShortcutsForm
    template_name = "members/shortcuts_update.html"
    success_url = reverse_lazy("home")
    success_message = _("The setting is saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"shortcuts": self.request.user.shortcuts}  # type: ignore[union-attr]

    def perform(self, form: ShortcutsForm) -> None:
        choose_shortcuts(person=self.actor, on=form.cleaned_data["shortcuts"])


class EmailChangeStart(StepUpMixin, OwnFormView):
    """Ask for another address."""

    step_up = True
    form_class = EmailForm
    template_name = "members/email_change.html"
    success_message = _("A link is on its way to the new address; it is good for a day.")

    def perform(self, form: EmailForm) -> None:
        ask_email_change(user=self.actor, email=form.cleaned_data["email"], at=self.at)


class EmailConfirm(StepUpMixin, OwnFormView):
    """The page behind the link: signed in with the old address, one takes the new one."""

    step_up = True
    form_class = forms.Form
    template_name = "members/email_confirm.html"
    success_message = _("From now on you sign in with the new address.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = EmailChange.objects.filter(token_hash=token_hash(kwargs["token"]))
        self.change = found.filter(user=request.user).first() if request.user.is_authenticated else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.change is None or self.change.expires_at <= timezone.now():
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(change=self.change, **kwargs)

    def perform(self, _form: Any) -> User:
        return change_email(
            user=self.actor, token=self.kwargs["token"], session=self.request.session.session_key, at=self.at
        )

    def get_success_url(self) -> str:
        return reverse("mfa_index")
