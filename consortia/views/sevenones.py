"""The Seven Ones of a consortium by year: the tab, the claim, the bureau's word, the close of a year."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from consortia import charts
from consortia.enums import Action, SevenOnes
from consortia.forms.outcome import DoubtForm, JudgeForm
from consortia.forms.sevenones import ClaimForm
from consortia.models import Consortium, SevenOnesEvidence, SevenOnesItem, SevenOnesYear
from consortia.rules import HIGHEST, seven_ones
from consortia.rules.sevenones import OneStatus, postdoc_station
from consortia.selectors.facts import facts_of, load_whole
from consortia.selectors.sevenones import SEEN, by_item, row_of, years_of
from consortia.services.sevenones import claim_seven, close_seven, return_seven, verify_seven
from consortia.views.pages import ConsortiumPage
from consortia.views.work import PartMixin
from consortia.workflow import SEVEN
from portal.kernel import files
from portal.kernel.stale import SeenMixin
from portal.kernel.views import LoadMixin, ServiceFormView, TransitionView


class ConsortiumSeven(ConsortiumPage):
    """One year of the Seven Ones, and how the years compare."""

    template_name = "consortia/consortium_seven.html"
    tab = "seven"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        years = years_of(self.overview, language=get_language() or "zh")
        wanted = self.request.GET.get("year", "")
        shown = next((one for one in years if str(one.year) == wanted), years[0])
        for one in shown.ones:
            one.acts = SEVEN.available(one.row, self.request.user, self.at)
        return context | {
            "years": years, "shown": shown, "table": by_item(years), "highest": HIGHEST,
            "ring": charts.year_ring(shown), "station": postdoc_station(self.overview.consortium.platforms.all()),
        }  # fmt: skip


class SevenPart(PartMixin):
    """A page about one of the seven; back to its year."""

    model, tab = SevenOnesItem, "seven"

    def get_queryset(self) -> QuerySet[Any]:
        rows = SevenOnesItem.objects.visible_to(self.request.user)
        return rows.select_related("consortium__lead", "consortium__liaison_officer", "claimed_by")

    def tab_url(self) -> str:
        return str(self.object.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.object, **kwargs)


class SevenClaim(SevenPart, SeenMixin, TransitionView):
    """The lead says how far it is."""

    permission, workflow, action = "consortia.claim_seven", SEVEN, Action.CLAIM_SEVEN
    form_class, seen_names = ClaimForm, SEEN
    template_name = "consortia/seven_claim.html"
    success_message = _("The claim is on its way to the bureau.")

    def load(self) -> Any:
        """The row of the consortium, year and item in the address; it need not be stored yet."""
        if self.kwargs["item"] not in SevenOnes.values:
            raise Http404
        visible = Consortium.objects.visible_to(self.request.user)
        self.whole = load_whole(get_object_or_404(visible, pk=self.kwargs["pk"]))
        return row_of(self.whole, self.kwargs["year"], SevenOnes(self.kwargs["item"]))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.object, "consortium": self.whole}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ones = seven_ones(facts_of(self.whole), language=get_language() or "zh").ones
        return super().get_context_data(one=next(one for one in ones if one.item == self.object.item), **kwargs)

    def perform(self, form: Any) -> SevenOnesItem:
        return claim_seven(
            consortium=self.whole, year=self.object.year, item=SevenOnes(self.object.item), claim=form.claim(),
            actor=self.request.user, at=self.at, seen=form.cleaned_data["seen"],
        )  # fmt: skip


class SevenJudge(SevenPart, SeenMixin, TransitionView):
    """The bureau looks at a claim; refused when the lead has changed it meanwhile."""

    workflow, seen_names = SEVEN, SEEN
    template_name = "consortia/seven_judge.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proofs = self.object.evidence.select_related("attachment")
        return super().get_context_data(proofs=proofs, **kwargs)


class SevenVerify(SevenJudge):
    """It is as it is claimed."""

    permission, action, form_class = "consortia.verify_seven", Action.VERIFY_SEVEN, JudgeForm
    success_message = _("Verified.")

    def perform(self, form: Any) -> SevenOnesItem:
        return verify_seven(row=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


class SevenReturn(SevenJudge):
    """It is not."""

    permission, action, form_class = "consortia.return_seven", Action.RETURN_SEVEN, DoubtForm
    success_message = _("Sent back; the lead has been told.")

    def perform(self, form: Any) -> SevenOnesItem:
        return return_seven(row=self.object, actor=self.request.user, at=self.at, **form.cleaned_data)


class SevenFile(LoadMixin, View):
    """Hands a file of evidence out to whoever may see its consortium."""

    http_method_names = ["get", "head", "options"]

    def load(self) -> Any:
        rows = SevenOnesItem.objects.visible_to(self.request.user)
        proofs = SevenOnesEvidence.objects.filter(row__in=rows).exclude(attachment=None)
        return get_object_or_404(proofs.select_related("attachment"), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.attachment, request=request)


class SevenClose(ServiceFormView):
    """The head of division closes a year for all consortia."""

    permission, action, form_class = "consortia.close_seven", Action.CLOSE_SEVEN, forms.Form
    template_name = "consortia/seven_close.html"
    success_message = _("The year of the Seven Ones is closed.")

    def closed(self) -> list[str]:
        found = SevenOnesYear.objects.filter(year=self.kwargs["year"]).exists()
        return [str(_("The year %(year)s is closed.") % {"year": self.kwargs["year"]})] if found else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = self.kwargs["year"]
        rows = SevenOnesItem.objects.filter(year=year)
        counts = [(status, rows.filter(status=status).count()) for status in OneStatus]
        label = Action.CLOSE_SEVEN.label
        return super().get_context_data(year=year, object=year, counts=counts, label=label, **kwargs)

    def back_url(self) -> str:
        return reverse("consortia:supervision-list")

    def perform(self, form: Any) -> SevenOnesYear:
        return close_seven(year=self.kwargs["year"], actor=self.request.user, at=self.at)

    def fallback_url(self) -> str:
        return self.back_url()
