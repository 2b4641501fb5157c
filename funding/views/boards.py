"""The tier board of a call: lines that are moved, counted again at once, and frozen as a scenario."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from funding.forms.boards import OPTIONS, BoardForm, chosen, typed_of
from funding.models import Call
from funding.rules.lines import fitted, lowered, raised
from funding.rules.scoring import TIERS
from funding.selectors.boards import BoardRow, Panels, Setting, as_graded, keeps_away_from_one, panels, tier_board
from funding.selectors.decisions import committed
from funding.services.scenarios import Drafted, freeze_scenario
from portal.kernel.authz import may
from portal.kernel.views import KeyedMixin, LoadMixin, PermissionMixin, add_errors
from portal.kernel.workflow import TransitionRefused

UP, DOWN, FREEZE = "up", "down", "freeze"


@dataclass(frozen=True)
class Line:
    """A row of the page with what its fields hold."""

    of: BoardRow
    tier: str
    amount: str
    reason: str


class TierBoard(LoadMixin, KeyedMixin, PermissionMixin, TemplateView):
    """Lines, money, ties, grey zone, sensitivity; a POST counts again what was typed and changes nothing."""

    model = Call
    permission = "funding.view_board"
    template_name = "funding/tier_board.html"

    def get_queryset(self) -> QuerySet[Call]:
        return super().get_queryset().select_related("rules")

    @cached_property
    def panels(self) -> Panels:
        """The cases that the reader may see."""
        return panels(self.object, self.actor)

    @property
    def start(self) -> Setting:
        """The lines of the rules with the gradings that depart from them; `?lines=rules` without these."""
        terms = self.panels.terms
        graded = {} if self.request.GET.get("lines") == "rules" else as_graded(self.panels)
        return Setting(terms.lines, terms.weights, graded)

    def board_form(self, *args: Any, **kwargs: Any) -> BoardForm:
        """The form of this call."""
        return BoardForm(*args, terms=self.panels.terms, cases=(one.pk for one in self.panels.cases), **kwargs)

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.counted(self.board_form(self.request.POST))

    def counted(self, form: BoardForm) -> HttpResponse:
        """The page for what was typed, with a line moved if that was asked; as it was where that makes no sense."""
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        setting = self.moved(form.setting)
        if self.request.POST.get("act") == FREEZE:
            return self.freeze(form, setting)
        facts = {name: form.cleaned_data[name] for name in ("name", "common")}
        shown = self.board_form(initial=facts | typed_of(setting, self.panels.terms))
        reasons = form.cleaned_data["reasons"]
        return self.render_to_response(self.get_context_data(form=shown, setting=setting, reasons=reasons))

    def freeze(self, form: BoardForm, setting: Setting) -> HttpResponse:
        """On to the scenario; what was typed stays on the page when it is refused."""
        typed = form.cleaned_data
        drafted = Drafted(setting, typed["name"], typed["reasons"], typed["common"])
        status = 200
        try:
            made = freeze_scenario(call=self.object, drafted=drafted, actor=self.actor, at=self.at)
        except TransitionRefused as refusal:
            status = 409
            for reason in refusal.reasons:
                form.add_error(None, str(reason))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(self.request, _("The scenario is frozen."))
            return redirect(made)
        facts = self.get_context_data(form=form, setting=setting, reasons=typed["reasons"])
        return self.render_to_response(facts, status=status)

    def moved(self, setting: Setting) -> Setting:
        """After the button that was pressed."""
        act, _sign, tier = self.request.POST.get("act", "").partition("-")
        lines = setting.lines
        if act == "fit":
            lines = fitted(self.panels.cases, self.panels.terms, self.object.budget - committed(self.object))
        elif act in {UP, DOWN} and tier in TIERS:
            whole = tier_board(self.panels, self.actor, setting)
            scores = [row.standing.score for row in whole.ranking.rows]
            lines = (raised if act == UP else lowered)(lines, tier, scores)
        return Setting(lines, setting.weights, setting.choices)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        setting = kwargs.pop("setting", None) or self.start
        reasons = kwargs.pop("reasons", {})
        terms = self.panels.terms
        kwargs.setdefault("form", self.board_form(initial=typed_of(setting, terms)))
        board = tier_board(self.panels, self.actor, setting)
        return super().get_context_data(
            board=board,
            lines=[self.line(one, setting, reasons) for one in board.rows],
            options=OPTIONS,
            may_freeze=may(self.actor, "funding.freeze_scenario", self.object),
            partial=keeps_away_from_one(self.object, self.actor),
            **kwargs,
        )

    @staticmethod
    def line(row: BoardRow, setting: Setting, reasons: dict[str, str]) -> Line:
        """What the fields of a row hold; a grading that departs from the rules brings its rationale."""
        tier, amount = chosen(setting.choices, row.row.case.pk)
        reason = reasons.get(row.row.case.pk, "") or (row.application.rationale if row.row.deviates else "")
        return Line(row, tier, amount, reason[:500])

    def back_url(self) -> str:
        """The plain ranking."""
        return f"{reverse('funding:grading-board')}?call={self.object.pk}"
