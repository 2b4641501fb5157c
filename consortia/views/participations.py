"""Members: found, invited, revised, confirmed, declined, signed for, gone."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.enums import Action
from consortia.forms.consortium import NoteForm
from consortia.forms.participation import PART, ConfirmForm, MemberFindForm, NewMemberForm, PartForm, SignForm
from consortia.models import Agreement, Consortium, Participation
from consortia.selectors import candidates, changes_since_confirmation
from consortia.services.agreements import sign_agreement
from consortia.services.participations import (
    confirm_participation,
    decline_participation,
    invite_member,
    invite_new_member,
    leave_participation,
    revise_participation,
)
from consortia.views.forming import EditMixin
from consortia.views.pages import clause_list
from consortia.workflow import PARTICIPATION
from members.models import Organisation
from portal.kernel.audit import sha256
from portal.kernel.authz import may
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin, PermissionMixin, ServiceFormView, TransitionView


def members_page(consortium: Consortium) -> str:
    """Where the lead returns to."""
    return reverse("consortia:consortium-members", args=[consortium.pk])


class MemberFind(LoadMixin, PermissionMixin, TemplateView):
    """Look for a registered organisation to invite."""

    model = Consortium
    permission = "consortia.invite_member"
    template_name = "consortia/member_find.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = MemberFindForm(self.request.GET if "q" in self.request.GET else None)
        found = candidates(self.object, form.cleaned_data["q"]) if form.is_valid() else None
        return super().get_context_data(form=form, found=found, consortium=self.object, **kwargs)


class Invite(EditMixin, ServiceFormView):
    """What both ways of inviting share."""

    action = Action.INVITE
    model = Consortium
    permission = "consortia.invite_member"
    success_message = _("The organisation is invited. It confirms its part in its own account.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consortium=self.object, **kwargs)

    def fallback_url(self) -> str:
        return members_page(self.object)


class ParticipationInvite(Invite):
    """Invite a registered organisation."""

    form_class = PartForm
    template_name = "consortia/participation_invite.html"

    def load(self) -> Consortium:
        consortium: Consortium = super().load()
        self.organisation = get_object_or_404(Organisation, pk=self.kwargs["organisation"])
        return consortium

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(organisation=self.organisation, **kwargs)

    def perform(self, form: Any) -> Participation:
        return invite_member(
            consortium=self.object,
            organisation=self.organisation,
            part=form.part(),
            actor=self.request.user,
            at=self.at,
        )


class ParticipationInviteNew(Invite):
    """Invite an organisation that is not registered yet."""

    form_class = NewMemberForm
    template_name = "consortia/participation_invite_new.html"

    def perform(self, form: Any) -> Participation:
        return invite_new_member(
            consortium=self.object, part=form.part(), actor=self.request.user, at=self.at, **form.organisation()
        )


class ParticipationMixin(LoadMixin):
    """A participation that the reader may see."""

    model = Participation

    def get_queryset(self) -> QuerySet[Participation]:
        return super().get_queryset().select_related(
            "consortium__lead", "consortium__sub_field", "organisation", "confirmed_by"
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(participation=self.object, consortium=self.object.consortium, **kwargs)


class PartPage(ParticipationMixin, TemplateView):
    """What the member promises, what it gets, what changed, and the agreement; with the forms of consent."""

    template_name = "consortia/participation_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        member, user = self.object, self.request.user
        agreement = member.consortium.agreements.first()
        signature = agreement and agreement.signatures.filter(participation=member).select_related("signed_by").first()
        actions = PARTICIPATION.available(member, user, self.at)
        unsigned = agreement if agreement and not signature else None
        seen = {"seen": sha256(member.canonical()), "agreement": unsigned.pk if unsigned else None}
        confirms = Action.CONFIRM in actions
        signs = bool(unsigned) and not confirms and may(user, "consortia.sign_agreement", member)
        forms = {"form": ConfirmForm() if confirms else None, "sign_form": SignForm() if signs else None}
        return super().get_context_data(
            actions=actions, agreement=agreement, signature=signature, changes=changes_since_confirmation(member),
            clauses=clause_list(agreement) if agreement else [], read=seen, **{**forms, **kwargs},
        )  # fmt: skip


class ParticipationDetail(PartPage):
    """The page of one member's part."""


class ParticipationConfirm(PartPage, TransitionView):
    """Confirm exactly what was read, and sign the agreement with it if there is one."""

    permission = "consortia.confirm_participation"
    form_class = ConfirmForm
    template_name = "consortia/participation_confirm.html"
    workflow, action = PARTICIPATION, Action.CONFIRM
    success_message = _("Your part is confirmed.")

    def closed(self) -> list[str]:
        """The page is that of the part: it stays, without its form."""
        return []

    def perform(self, form: Any) -> Participation:
        return confirm_participation(
            participation=self.object, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"],
            agreement=_version(self.object, form.cleaned_data["agreement"]),
        )  # fmt: skip


class AgreementSign(PartPage, ServiceFormView):
    """Sign the newest version."""

    permission = "consortia.sign_agreement"
    form_class = SignForm
    template_name = "consortia/agreement_sign.html"
    success_message = _("The agreement is signed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None)
        refused = {"sign_form": form} if form else {}
        return super().get_context_data(**refused, form=None, **kwargs)

    def perform(self, form: Any) -> Any:
        version = get_object_or_404(self.object.consortium.agreements, pk=form.cleaned_data["agreement"])
        return sign_agreement(agreement=version, participation=self.object, actor=self.request.user, at=self.at)

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class ParticipationDecline(ParticipationMixin, TransitionView):
    """Refuse, with a reason."""

    permission = "consortia.decline_participation"
    form_class = NoteForm
    template_name = "consortia/participation_decline.html"
    workflow, action = PARTICIPATION, Action.DECLINE
    success_message = _("You have declined. The lead has been told.")

    def perform(self, form: Any) -> Participation:
        return decline_participation(
            participation=self.object, actor=self.request.user, at=self.at, note=form.cleaned_data["note"]
        )


class ParticipationRevise(SeenMixin, ParticipationMixin, TransitionView):
    """Change what a member promises."""

    permission = "consortia.revise_participation"
    form_class = PartForm
    template_name = "consortia/participation_revise.html"
    workflow, action = PARTICIPATION, Action.REVISE
    success_message = _("The part is changed. The member has to confirm it again.")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in PART}

    def perform(self, form: Any) -> Participation:
        seen = form.cleaned_data["seen"]
        return revise_participation(
            participation=self.object, part=form.part(), actor=self.request.user, at=self.at, seen=seen
        )

    def fallback_url(self) -> str:
        return members_page(self.object.consortium)


class ParticipationLeave(ParticipationMixin, TransitionView):
    """Record that a member leaves."""

    permission = "consortia.leave_participation"
    form_class = NoteForm
    template_name = "consortia/participation_leave.html"
    workflow, action = PARTICIPATION, Action.LEAVE
    success_message = _("The departure is recorded.")

    def perform(self, form: Any) -> Participation:
        return leave_participation(
            participation=self.object, actor=self.request.user, at=self.at, note=form.cleaned_data["note"]
        )

    def fallback_url(self) -> str:
        return members_page(self.object.consortium)


def _version(participation: Participation, pk: UUID | None) -> Agreement | None:
    """The version that was read, among those of the same consortium."""
    return get_object_or_404(participation.consortium.agreements, pk=pk) if pk else None
