"""Members: found, invited, reminded, replaced, revised, confirmed, declined, signed for."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from consortia.enums import PRESENT, Action, ParticipationStatus
from consortia.forms.agreement import SignForm
from consortia.forms.consortium import NoteForm
from consortia.forms.participation import PART, ConfirmForm, MemberFindForm, NewMemberForm, PartForm
from consortia.models import Agreement, Consortium, DepartureItem, Participation
from consortia.selectors import PartState, candidates, part_state
from consortia.selectors.agreements import clause_texts, contradictions, to_sign
from consortia.selectors.departures import due_rows, may_be_replaced, open_departure, part_draft
from consortia.services.invitations import remind_participation, withdraw_participation
from consortia.services.participations import (
    confirm_participation,
    decline_participation,
    invite_member,
    invite_new_member,
    revise_participation,
)
from consortia.services.retreats import step_back_participation
from consortia.views.forming import EditMixin
from consortia.views.steps import StepView
from consortia.workflow import PARTICIPATION, offered_edits
from members.enums import OFFICIALS
from members.models import Organisation
from members.views.stepup import StepUpMixin
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
        replaced = replaced_in(self)
        return super().get_context_data(form=form, found=found, consortium=self.object, replaced=replaced, **kwargs)


def replaced_in(view: Any) -> Participation | None:
    """The member whose place is to be taken, if the address names one."""
    asked = view.request.GET.get("replaces", "")
    if not asked:
        return None
    rows = Participation.objects.filter(consortium=view.object).select_related("organisation")
    return next((row for row in rows if str(row.pk) == asked and may_be_replaced(row)), None)


class Invite(EditMixin, ServiceFormView):
    """What both ways of inviting share; whoever takes the place of another begins with its part."""

    action = Action.INVITE
    model = Consortium
    success_message = _("The organisation is invited. It confirms its part in its own account.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consortium=self.object, replaced=self.replaced, **kwargs)

    @cached_property
    def replaced(self) -> Participation | None:
        """Whose place it is."""
        return replaced_in(self)

    def get_initial(self) -> dict[str, Any]:
        return part_draft(self.replaced) if self.replaced else {}

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
            replaces=self.replaced,
        )


class ParticipationInviteNew(Invite):
    """Invite an organisation that is not registered yet."""

    form_class = NewMemberForm
    template_name = "consortia/participation_invite_new.html"

    def perform(self, form: Any) -> Participation:
        return invite_new_member(
            consortium=self.object, part=form.part(), actor=self.request.user, at=self.at, replaces=self.replaced,
            **form.organisation(),
        )  # fmt: skip


class ParticipationMixin(LoadMixin):
    """A participation that the reader may see."""

    model = Participation

    def get_queryset(self) -> QuerySet[Participation]:
        return super().get_queryset().select_related(
            "consortium__lead", "consortium__sub_field", "organisation", "confirmed_by", "replaces__organisation"
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(participation=self.object, consortium=self.object.consortium, **kwargs)


class PartPage(ParticipationMixin, TemplateView):
    """The part item by item, with what changed since it was confirmed, and the agreement; with the forms of consent."""

    template_name = "consortia/participation_detail.html"

    @cached_property
    def state(self) -> PartState:
        """The part as it stands."""
        return part_state(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        member, user = self.object, self.request.user
        agreement = to_sign(member.consortium)
        signature = agreement and agreement.signatures.filter(participation=member).select_related("signed_by").first()
        actions = PARTICIPATION.available(member, user, self.at)
        unsigned = agreement if agreement and not signature else None
        stale = contradictions(unsigned) if unsigned else []
        unsigned = None if stale else unsigned
        read = {"agreement": unsigned.pk if unsigned else None}
        confirms = Action.CONFIRM in actions
        signs = bool(unsigned) and not confirms and may(user, "consortia.sign_agreement", member)
        form = ConfirmForm(state=self.state) if confirms else None
        forms = {"form": form, "sign_form": SignForm() if signs else None}
        return super().get_context_data(
            actions=actions, agreement=agreement, signature=signature, state=self.state,
            present=member.status in PRESENT, enters=enters(member, user),
            departure=open_departure(member), replaceable=may_be_replaced(member) and offers_invite(member, user),
            drafts=drafts(member, user), over=member.is_over(timezone.localdate(self.at)),
            clauses=clause_texts(agreement) if agreement else [], read=read, stale=stale, **{**forms, **kwargs},
        )  # fmt: skip


class ParticipationDetail(PartPage):
    """The page of one member's part."""


class ParticipationConfirm(StepUpMixin, PartPage, TransitionView):
    """Confirm exactly what was read, and sign the agreement with it if there is one."""

    step_up = True
    form_class = ConfirmForm
    template_name = "consortia/participation_confirm.html"
    workflow, action = PARTICIPATION, Action.CONFIRM

    def get_success_message(self) -> str:
        if self.object.status == ParticipationStatus.CONFIRMED:
            return gettext("Your part is confirmed.")
        return gettext("What you chose is confirmed; the rest still waits for you.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"state": self.state}

    def closed(self) -> list[str]:
        """The page is that of the part: it stays, without its form."""
        return []

    def perform(self, form: Any) -> Participation:
        return confirm_participation(
            participation=self.object, actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"],
            agreement=_version(self.object, form.cleaned_data["agreement"]),
        )  # fmt: skip


class ParticipationDecline(ParticipationMixin, TransitionView):
    """Refuse, with a reason."""

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

    form_class = PartForm
    template_name = "consortia/participation_revise.html"
    seen_names = PART  # a reminder on the same row is no change of the part
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


class AskOnce(ParticipationMixin, StepView):
    """A step of the lead about an invitation, on a page that says what it does."""

    template_name = "consortia/participation_step.html"
    workflow, subject = PARTICIPATION, "participation"

    def back_url(self) -> str:
        return self.fallback_url()

    def fallback_url(self) -> str:
        return members_page(self.object.consortium)


class ParticipationRemind(AskOnce):
    """Say once more that an answer is waited for."""

    action, service = Action.REMIND, remind_participation
    explanation = _("Those who confirm for the organisation get a notice, once a day at most.")
    success_message = _("The organisation is reminded.")


class ParticipationWithdraw(AskOnce):
    """Take an invitation back."""

    action, service = Action.WITHDRAW, withdraw_participation
    form_class = NoteForm
    explanation = _("The organisation cannot take part any more unless you invite it again; its shares are free.")
    success_message = _("The invitation is withdrawn.")


class ParticipationStepBack(ParticipationMixin, StepView):
    """A member leaves a consortium that is still being prepared."""

    workflow, subject = PARTICIPATION, "participation"
    action, service, form_class = Action.STEP_BACK, step_back_participation, NoteForm
    template_name = "consortia/participation_step_back.html"
    step_up = True
    explanation = _("Your organisation is no member any more, and its confirmations count no longer.")
    success_message = _("Your organisation has stepped back. The lead has been told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        due = [DepartureItem(**row.facts()) for row in due_rows(self.object)]
        return super().get_context_data(due=due, **kwargs)


def enters(participation: Participation, user: Any) -> bool:
    """Whether the reader may open the consortium: who has left reads the own part only."""
    near = participation.status in PRESENT or participation.consortium.lead_id in user.organisation_ids
    return near or user.holds_any(OFFICIALS)


def offers_invite(participation: Participation, user: Any) -> bool:
    """Whether the reader may invite somebody in its place."""
    return Action.INVITE in offered_edits(participation.consortium, user)


def drafts(participation: Participation, user: Any) -> bool:
    """Whether the reader may write the next version of the agreement."""
    return Action.DRAFT_AGREEMENT in offered_edits(participation.consortium, user)


def _version(participation: Participation, pk: UUID | None) -> Agreement | None:
    """The version that was read, among those of the same consortium."""
    return get_object_or_404(participation.consortium.agreements.laid_down(), pk=pk) if pk else None
