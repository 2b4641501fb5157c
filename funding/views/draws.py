"""Pages of draws: preparing, witnessing, drawing, and what everybody may read of them."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from funding.enums import Action, DrawStatus, ExpertMode
from funding.forms.decisions import ReasonForm
from funding.forms.draws import DrawForm, PrepareDrawForm, PrepareDrawsForm, WitnessForm
from funding.models import Application, Call, Draw
from funding.rules import drawing
from funding.rules.terms import terms_of
from funding.selectors.draws import (
    calls_to_draw,
    draw_rows,
    drawn_seats,
    entries_of,
    filters_of,
    pool,
    public_draws,
    same_randomness,
    seats_needed,
    to_prepare,
)
from funding.services.draws import cancel_draw, draw_together, prepare_draw, prepare_draws, witness_draw
from funding.views.notices import frame
from funding.workflow import DRAW
from members.enums import ExpertKind
from portal.kernel.authz import may
from portal.kernel.querysets import keyset_page
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

STEP_URLS = {
    Action.WITNESS_DRAW: "funding:draw-witness",
    Action.DRAW_EXPERTS: "funding:draw-experts",
    Action.CANCEL_DRAW: "funding:draw-cancel",
}


# --- preparing ---------------------------------------------------------------------------------
class ApplicationPrepareDraw(TransitionView):
    """The pool as it would be frozen, and the form that freezes it."""

    model = Application
    permission, action = "funding.prepare_draw", Action.PREPARE_DRAW
    form_class = PrepareDrawForm
    template_name = "funding/draw_prepare.html"
    success_message = _("The pool is frozen. The supervisors are asked to witness.")

    def get_queryset(self) -> QuerySet[Application]:
        return super().get_queryset().select_related("call__rules", "consortium__lead")

    def get_initial(self) -> dict[str, Any]:
        return {"seats": seats_needed(self.object)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sources": terms_of(self.object.call.rules.data).sources}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = pool(self.object, self.at)
        return super().get_context_data(
            application=self.object,
            title=Action.PREPARE_DRAW.label,
            eligible=[one for one in rows if not one.reasons],
            excluded=[one for one in rows if one.reasons],
            terms=composition_words(terms_of(self.object.call.rules.data).least),
            filters=filters_of(self.object),
            **kwargs,
        )

    def perform(self, form: PrepareDrawForm) -> Draw:
        return prepare_draw(
            application=self.object, seats=form.cleaned_data["seats"], beacon=form.beacon, actor=self.actor, at=self.at
        )

    def fallback_url(self) -> str:
        result = getattr(self, "result", self.object)
        return str(result.get_absolute_url())


def composition_words(least: Any) -> list[dict[str, Any]]:
    """The kept seats in words."""
    return [{"kinds": [ExpertKind(kind).label for kind in group["kinds"]], "count": group["count"]} for group in least]


class CallPrepareDraws(LoadMixin, ServiceFormView):
    """Draws for several applications of a call, all with one randomness."""

    model = Call
    permission, action = "funding.prepare_draws", Action.PREPARE_DRAW
    form_class = PrepareDrawsForm
    template_name = "funding/draws_prepare.html"
    idempotent = False  # each in a transaction of its own; prepared once, it is refused the second time

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules").filter(expert_mode=ExpertMode.DRAWN)

    @cached_property
    def rows(self) -> QuerySet[Application]:
        """Those that wait and that the reader did not check."""
        rows = to_prepare(self.object).select_related("consortium__lead", "call__rules")
        return rows.exclude(checked_by=self.actor)

    def get_initial(self) -> dict[str, Any]:
        return {"seats": self.object.rules.data["panel"]["required"]}

    def get_form_kwargs(self) -> dict[str, Any]:
        sources = terms_of(self.object.rules.data).sources
        return {**super().get_form_kwargs(), "sources": sources, "choices": self.rows}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = set(self.request.POST.getlist("applications"))
        return super().get_context_data(call=self.object, rows=self.rows, chosen=chosen, **kwargs)

    def perform(self, form: PrepareDrawsForm) -> Any:
        made, refused = prepare_draws(
            applications=form.cleaned_data["applications"], seats=form.cleaned_data["seats"], beacon=form.beacon,
            actor=self.actor, at=self.at,
        )  # fmt: skip
        for application, reasons in refused:
            messages.error(self.request, f"{application.number}: {' '.join(str(one) for one in reasons)}")
        if made:
            text = ngettext("%(n)s draw is prepared.", "%(n)s draws are prepared.", len(made))
            messages.success(self.request, text % {"n": len(made)})
        return made

    def fallback_url(self) -> str:
        return reverse("funding:draw-list")


# --- the draw ----------------------------------------------------------------------------------
class DrawList(PermissionMixin, ListView):
    """Every draw, the standing ones first to be found by tab."""

    model = Draw
    permission = "funding.view_draws"
    template_name = "funding/draw_list.html"
    sorts = ("prepared_at",)
    default_sort = "-prepared_at"

    @property
    def tab(self) -> str:
        """Which status is asked for."""
        asked = self.request.GET.get("tab", "")
        return asked if asked in DrawStatus.values else ""

    def get_queryset(self) -> QuerySet[Draw]:
        rows = draw_rows(super().get_queryset())
        return rows.filter(status=self.tab) if self.tab else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabs = [("", _("All")), *DrawStatus.choices]
        calls = calls_to_draw() if may(self.request.user, "funding.prepare_draws") else ()
        return super().get_context_data(tabs=tabs, tab=self.tab, calls=calls, **kwargs)


class DrawPage(LoadMixin):
    """Loads a draw."""

    model = Draw

    def get_queryset(self) -> QuerySet[Draw]:
        people = ("requested_by", "prepared_by", "witnessed_by", "drawn_by", "cancelled_by")
        rows = super().get_queryset().select_related("application__call", "application__consortium__lead")
        return rows.select_related(*people)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(draw=self.object, application=self.object.application, **kwargs)


class DrawDetail(DrawPage, PermissionMixin, TemplateView):
    """What was frozen, who did what, and the result; names for the desk and the witness alone."""

    permission = "funding.view_draws"
    template_name = "funding/draw_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draw, user = self.object, self.request.user
        entries = entries_of(draw)
        offered = DRAW.offered(draw, user)
        steps = [
            {
                "label": action.label,
                "url": reverse(url, args=[draw.pk]),
                "obstacles": DRAW.obstacles(draw, action, self.at),
                "quiet": action == Action.CANCEL_DRAW,
            }
            for action, url in STEP_URLS.items()
            if action in offered
        ]
        return super().get_context_data(
            steps=steps,
            named=may(user, "funding.name_drawn"),
            seats=drawn_seats(draw, entries),
            candidates=[one for one in entries if not one.reasons],
            excluded=[one for one in entries if one.reasons],
            composition=composition_words(draw.frozen["rules"]["least"]),
            **kwargs,
        )


class DrawStep(DrawPage, TransitionView):
    """A step of the draw as a page of its own."""

    workflow = DRAW
    template_name = "funding/decision_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=Action(self.action).label, **kwargs)


class DrawWitness(DrawStep):
    """The supervisor agrees with what was frozen."""

    action, form_class = Action.WITNESS_DRAW, WitnessForm
    success_message = _("You are the witness. The draw waits for the public randomness.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _(
            "Read the frozen pool on the page of the draw first. From now on neither the pool nor the secret can be "
            "changed without everybody seeing it."
        )
        return super().get_context_data(explanation=text, **kwargs)

    def perform(self, form: Any) -> Draw:
        return witness_draw(draw=self.object, actor=self.actor, at=self.at)


class DrawExperts(DrawStep):
    """The witness enters the published value, and the experts are drawn."""

    action, form_class = Action.DRAW_EXPERTS, DrawForm
    success_message = _("The experts are drawn and told.")

    @cached_property
    def others(self) -> list[Draw]:
        """Those that wait for the same value."""
        return [one for one in same_randomness(self.object) if may(self.actor, "funding.witness_draw", one)]

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if not self.others:
            del form.fields["together"]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(explanation=self.object.source, **kwargs)

    def perform(self, form: Any) -> Draw:
        others = self.others if form.cleaned_data.get("together") else []
        _made, refused = draw_together(
            draw=self.object, others=others, randomness=form.cleaned_data["randomness"], actor=self.actor, at=self.at
        )
        for one in refused:
            messages.error(self.request, _("%(draw)s could not be drawn; open it to see why.") % {"draw": one.number})
        draw: Draw = self.object
        return draw


class DrawCancel(DrawStep):
    """Gives the draw up."""

    action, form_class = Action.CANCEL_DRAW, ReasonForm
    success_message = _("The draw is cancelled.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(danger=True, **kwargs)

    def perform(self, form: Any) -> Draw:
        return cancel_draw(draw=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


# --- for everybody -----------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class PublicDrawList(TemplateView):
    """Every draw with its hashes, newest first."""

    template_name = "funding/public_draw_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET
        page = keyset_page(
            public_draws(), ("-prepared_at", "-pk"), after=query.get("after"), before=query.get("before")
        )
        return super().get_context_data(frame=frame(self.request.user), page=page, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class PublicDraw(TemplateView):
    """What was published of one draw: no case, no name."""

    template_name = "funding/public_draw.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draw = get_object_or_404(Draw.objects, pk=self.kwargs["pk"])
        kinds = {one["key"]: ExpertKind(one["kind"]).label for one in draw.frozen["candidates"]}
        result = (draw.record or {}).get("result", {})
        return super().get_context_data(
            frame=frame(self.request.user),
            draw=draw,
            drawn=[(key, kinds[key]) for key in result.get("drawn", ())],
            substitutes=[(key, kinds[key]) for key in result.get("substitutes", ())],
            composition=composition_words(draw.frozen["rules"]["least"]),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class PublicDrawRecord(View):
    """The record as a file, once there is one."""

    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        draw = get_object_or_404(Draw.objects, pk=self.kwargs["pk"])
        if draw.record is None:
            raise Http404
        return _file(draw.content, f"{draw.number}.json", "application/json")


@method_decorator(login_not_required, name="dispatch")
class DrawScript(View):
    """The program that repeats any draw: the very module that the portal draws with."""

    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return _file(Path(drawing.__file__).read_bytes(), "replay.py", "text/x-python; charset=utf-8")


def _file(content: bytes, name: str, mime: str) -> HttpResponse:
    return HttpResponse(content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})
