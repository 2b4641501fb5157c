"""Keep the filter of a list under a name, and forget it again."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from portal.kernel import saved_filters
from portal.kernel.models import SavedFilter
from portal.kernel.views import ClockMixin, KeyedMixin, LoadMixin, add_errors


class FilterForm(forms.Form):
    """The name."""

    name = forms.CharField(label=_("Name of the filter"), max_length=40, strip=True)


def address_of(page: str) -> str:
    """The address of a list whose filters can be kept; Http404 for any other name."""
    try:
        address = reverse(page)
    except NoReverseMatch as error:
        raise Http404 from error
    view = getattr(resolve(address).func, "view_class", None)
    if not getattr(view, "saves_filters", False):
        raise Http404
    return address


class FilterSave(ClockMixin, KeyedMixin, FormView[FilterForm]):
    """The query of this address is that of the list, and is kept."""

    form_class = FilterForm
    template_name = "filter_save.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.query = saved_filters.query_of(request.GET)
        self.back = f"{address_of(kwargs['page'])}?{self.query}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=self.back, **kwargs)

    def form_valid(self, form: FilterForm) -> HttpResponse:
        try:
            saved_filters.save_filter(
                owner=self.request.user, page=self.kwargs["page"], query=self.query, name=form.cleaned_data["name"]
            )
        except forms.ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        return redirect(self.back)


class FilterAlert(LoadMixin, KeyedMixin, FormView[forms.Form]):
    """Be told of new rows once a day, or not any more: the other of what holds now."""

    model = SavedFilter
    form_class = forms.Form
    template_name = "filter_alert.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.back = f"{address_of(self.object.page)}?{self.object.query}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=self.back, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            saved_filters.set_alert(saved=self.object, wanted=self.kwargs["wanted"] == "on")
        except forms.ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        return redirect(self.back)


class FilterRemove(LoadMixin, KeyedMixin, FormView[forms.Form]):
    """The question before a filter is forgotten."""

    model = SavedFilter
    form_class = forms.Form
    template_name = "filter_remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=address_of(self.object.page), **kwargs)

    def form_valid(self, _form: forms.Form) -> HttpResponse:
        back = address_of(self.object.page)
        saved_filters.remove_filter(saved=self.object)
        return redirect(back)
