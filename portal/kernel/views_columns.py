"""Choose the columns of a list."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import pgettext_lazy
from django.views.generic import FormView

from portal.kernel import columns as shown_columns
from portal.kernel.columns import ASKED, BETWEEN, Columns
from portal.kernel.saved_filters import query_of
from portal.kernel.views import ClockMixin, KeyedMixin


class ColumnsForm(forms.Form):
    """For each column whether it is shown, and at which place."""

    def __init__(self, *args: Any, columns: Columns, shown: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.movable = [one for one in columns if not one.fixed]
        rest = [one.code for one in self.movable if one.code not in shown]
        place = {code: n for n, code in enumerate([code for code in shown if code in self._codes()] + rest, start=1)}
        for one in self.movable:
            self.fields[f"show-{one.code}"] = forms.BooleanField(
                label=str(one.title), required=False, initial=one.code in shown
            )
            self.fields[f"place-{one.code}"] = forms.IntegerField(
                label=pgettext_lazy("column", "Place"), min_value=1, max_value=99, initial=place[one.code]
            )

    def _codes(self) -> set[str]:
        return {one.code for one in self.movable}

    def lines(self) -> list[tuple[Any, Any]]:
        """The two fields of each column, by place."""
        ordered = sorted(self.movable, key=lambda one: self.fields[f"place-{one.code}"].initial)
        return [(self[f"show-{one.code}"], self[f"place-{one.code}"]) for one in ordered]

    def chosen(self) -> list[str]:
        """The codes of what is shown, in their order."""
        data = self.cleaned_data
        ticked = [one.code for one in self.movable if data[f"show-{one.code}"]]
        return sorted(ticked, key=lambda code: data[f"place-{code}"])


class ColumnsChoose(ClockMixin, KeyedMixin, FormView[ColumnsForm]):
    """The columns of the list of this address, for now, from now on, or as suggested."""

    form_class = ColumnsForm
    template_name = "columns_choose.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page: str = kwargs["page"]
        self.address, self.columns = list_of(self.page)
        self.query = QueryDict(query_of(request.GET), mutable=True)
        self.query.pop(ASKED, None)

    def back(self) -> str:
        """The list as it was asked for, without a word about columns."""
        return f"{self.address}?{self.query.urlencode()}" if self.query else self.address

    def get_form_kwargs(self) -> dict[str, Any]:
        shown = [one.code for one in shown_columns.seen(self.request, self.page, self.columns)]
        return {**super().get_form_kwargs(), "columns": self.columns, "shown": shown}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fixed = [one for one in self.columns if one.fixed]
        return super().get_context_data(back=self.back(), fixed=fixed, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "suggested" in request.POST:
            shown_columns.forget_columns(person=request.user, page=self.page)
            return redirect(self.back())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ColumnsForm) -> HttpResponse:
        codes = form.chosen()
        if "now" in self.request.POST:
            fixed = [one.code for one in self.columns if one.fixed]
            self.query[ASKED] = BETWEEN.join([*fixed, *codes])
            return redirect(self.back())
        shown_columns.keep_columns(person=self.request.user, page=self.page, codes=codes, at=self.at)
        return redirect(self.back())


def list_of(page: str) -> tuple[str, Columns]:
    """Address and columns of a list whose columns can be chosen; Http404 for any other name."""
    try:
        address = reverse(page)
    except NoReverseMatch as error:
        raise Http404 from error
    found: Columns = getattr(getattr(resolve(address).func, "view_class", None), "list_columns", ())
    if not found:
        raise Http404
    return address, found
