"""Links between consortia: found, proposed, accepted, declined, taken back, ended."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.enums import Action
from consortia.forms.consortium import NoteForm
from consortia.forms.link import LinkFindForm, LinkForm
from consortia.models import Consortium, ConsortiumLink
from consortia.selectors.links import linkable, own_side, partners
from consortia.services import links
from consortia.views.steps import StepView
from consortia.views.work import AddView
from consortia.workflow import LINK
from portal.kernel.views import LoadMixin, PermissionMixin


class LinkFind(LoadMixin, PermissionMixin, TemplateView):
    """Look for the consortium to be linked with."""

    model = Consortium
    permission = "consortia.propose_link"
    template_name = "consortia/link_find.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = LinkFindForm(self.request.GET if "q" in self.request.GET else None)
        found = partners(self.object, form.cleaned_data["q"]) if form.is_valid() else None
        return super().get_context_data(form=form, found=found, consortium=self.object, **kwargs)


class LinkPropose(AddView):
    """Propose a link to the consortium in the address."""

    permission, action, form_class, tab = "consortia.propose_link", Action.PROPOSE_LINK, LinkForm, "cooperation"
    template_name = "consortia/link_propose.html"
    success_message = _("The link is proposed; the other lead has been told.")

    def load(self) -> Any:
        own = super().load()
        self.partner = get_object_or_404(linkable(own), pk=self.kwargs["partner"])
        return own

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(partner=self.partner, **kwargs)

    def fallback_url(self) -> str:
        return str(self.result.get_absolute_url()) if hasattr(self, "result") else self.tab_url()

    def perform(self, form: Any) -> ConsortiumLink:
        return links.propose_link(
            consortium=self.object, partner=self.partner, link=form.instance, actor=self.request.user, at=self.at
        )


class LinkMixin(LoadMixin):
    """A link with the reader's own side and the name of the other."""

    model = ConsortiumLink

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("proposer__lead", "partner__lead")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own, other = own_side(self.object, self.request.user)
        back = f"{reverse('consortia:consortium-cooperation', args=[own.pk])}#links"
        return super().get_context_data(
            **{"link": self.object, "consortium": own, "other": other, "tab": back, **kwargs}
        )


class LinkDetail(LinkMixin, TemplateView):
    """The link, and what follows."""

    template_name = "consortia/link_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(actions=LINK.available(self.object, self.request.user, self.at), **kwargs)


class LinkStep(LinkMixin, StepView):
    """One step of a link; all but the acceptance say why."""

    workflow, subject = LINK, "link"
    template_name = "consortia/link_step.html"
    form_class: type[forms.BaseForm] = NoteForm
    step_up = True


class LinkAccept(LinkStep):
    """Say yes."""

    action, service, form_class = Action.ACCEPT_LINK, links.accept_link, forms.Form
    success_message = _("The two consortia are linked; the members of both have been told.")


class LinkDecline(LinkStep):
    """Say no."""

    action, service = Action.DECLINE_LINK, links.decline_link
    success_message = _("The link is declined.")


class LinkWithdraw(LinkStep):
    """Take the proposal back."""

    action, service = Action.WITHDRAW_LINK, links.withdraw_link
    success_message = _("The proposal is taken back.")


class LinkEnd(LinkStep):
    """End it."""

    action, service = Action.END_LINK, links.end_link
    success_message = _("The link has ended; the members of both have been told.")
