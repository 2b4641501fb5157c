"""The reader's notices."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.kernel import notice_choices, notifications
from portal.kernel.models import Channel
from portal.kernel.models.notification import Notification
from portal.kernel.notice_choices import Row
from portal.kernel.notifications import Topic
from portal.kernel.views import ClockMixin, ListView, LoadMixin, ServiceFormView


@dataclass(frozen=True)
class Line:
    """A notice as the page shows it."""

    notification: Notification
    text: str
    urgent: bool


class NotificationList(ListView):
    """One's own notices, newest first."""

    model = Notification
    template_name = "notifications.html"
    page_size = 30

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        lines = [Line(row, notifications.text(row), notifications.is_urgent(row)) for row in context["rows"]]
        return {**context, "lines": lines, "unread_here": any(row.read_at is None for row in context["rows"])}


class NotificationOpen(LoadMixin):
    """Marks a notice as read and leads to what it is about."""

    model = Notification
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        notifications.open_notification(notification=self.object, at=self.at)
        return redirect(self.object.url or reverse("notifications"))


class NotificationsRead(ClockMixin):
    """Marks everything as read."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        notifications.read_all(reader=request.user, at=self.at)
        return redirect("notifications")


# --- how one wants to be told ------------------------------------------------------------------
ALL = "all"
AS_BELOW = [("", _("As set for each kind")), *Channel.choices]
Offered = list[tuple[Topic, list[Row]]]


class ChoicesForm(forms.Form):
    """A choice for each kind; one for a topic, or for all topics, goes before those below it."""

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields[ALL] = forms.ChoiceField(label=_("All notices"), choices=AS_BELOW, required=False)
        for number, (_topic, rows) in enumerate(offered):
            self.fields[f"topic-{number}"] = forms.ChoiceField(
                label=_("All of this topic"), choices=AS_BELOW, required=False
            )
            for row in rows:
                if not row.reason:
                    self.fields[row.kind] = forms.ChoiceField(
                        label=row.label, choices=Channel.choices, initial=row.chosen
                    )

    def chosen(self) -> dict[str, str]:
        """By kind."""
        data = self.cleaned_data
        return {
            row.kind: data[f"topic-{number}"] or data[ALL] or data[row.kind]
            for number, (_topic, rows) in enumerate(self.offered)
            for row in rows
            if not row.reason
        }


@dataclass(frozen=True)
class Group:
    """A topic as the page shows it: its kinds with their fields, which are None where nothing can be chosen."""

    title: Any
    whole: Any
    lines: list[tuple[Row, Any]]
    own: int
    open: bool


class NoticeChoices(ServiceFormView):
    """Which notices reach oneself by mail, and how."""

    permission = "members.keep_account"
    form_class = ChoicesForm
    template_name = "notice_choices.html"
    success_url = reverse_lazy("notice-choices")
    success_message = _("The setting is saved.")

    @cached_property
    def offered(self) -> Offered:
        """What this person may choose."""
        return notice_choices.offered(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "offered": self.offered}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(hour=settings.DIGEST_HOUR, **kwargs)
        return {**context, "groups": [self._group(context["form"], number) for number in range(len(self.offered))]}

    def _group(self, form: ChoicesForm, number: int) -> Group:
        topic, rows = self.offered[number]
        lines = [(row, None if row.reason else form[row.kind]) for row in rows]
        wrong = any(field is not None and field.errors for _row, field in lines)
        whole = form[f"topic-{number}"] if any(field for _row, field in lines) else None
        return Group(topic.title, whole, lines, sum(row.differs for row in rows), wrong)

    def perform(self, form: ChoicesForm) -> None:
        notice_choices.choose_channels(person=self.actor, chosen=form.chosen(), at=self.at)
