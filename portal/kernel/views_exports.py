"""A list as a file: the rows that its filter leaves, or those that were ticked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView

from portal.kernel.columns import Columns, ListColumn, of_export, seen
from portal.kernel.enumerating import enumerated
from portal.kernel.exporting import Export, make_export, respond
from portal.kernel.models.notification import ExportFormat
from portal.kernel.querysets import MAX_SIZE
from portal.kernel.streaming import stream_export, streams
from portal.kernel.views import ClockMixin, KeyedMixin, PermissionMixin, add_errors

FORMATS = [(one, one.label) for one in (ExportFormat.XLSX, ExportFormat.CSV, ExportFormat.JSON)]


class ListExportForm(forms.Form):
    """Which format, and what for."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=FORMATS, initial=ExportFormat.XLSX, widget=forms.RadioSelect
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"), required=False, max_length=200,
        help_text=gettext_lazy("Stands in the log of exports."),
    )  # fmt: skip


AS_SEEN, ALL_COLUMNS = "seen", "all"


class ListExport(ClockMixin, KeyedMixin, PermissionMixin, FormView[Any]):
    """Subclasses give `export`, `filterset_class`, `list_name` (the address of the list) and the rows to be narrowed.

    The address carries the query of the list; `ids` in it takes only the rows that were ticked. With `list_columns`
    the file can hold the columns that the reader sees on the list.
    """

    export: Export
    filterset_class: Any
    list_name: str
    list_columns: Columns = ()
    form_class: type[forms.Form] = ListExportForm
    template_name = "list_export.html"

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)
        self.permission = self.export.permission

    def get_rows(self) -> QuerySet[Any]:
        """All that the reader may see, in the order of the file."""
        return cast("QuerySet[Any]", self.export.rows(self.request.user, {}))

    @cached_property
    def ids(self) -> list[UUID]:
        """The rows that were ticked."""
        return uuids(self.request.GET.getlist("ids"))[:MAX_SIZE]

    @cached_property
    def narrowed(self) -> Any:
        """The filter in the address, as on the list."""
        return self.filterset_class(self.request.GET, queryset=self.get_rows(), request=self.request)

    @cached_property
    def shown(self) -> list[ListColumn]:
        """What the reader sees of the list."""
        return seen(self.request, self.list_name, self.list_columns)

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if self.list_columns:
            titles = enumerated(one.title for one in self.shown if one.exports)
            form.fields["columns"] = forms.ChoiceField(
                label=_("Columns"), required=False, initial=AS_SEEN, widget=forms.RadioSelect,
                choices=[(AS_SEEN, _("As on the list: %(columns)s") % {"columns": titles}), (ALL_COLUMNS, _("All"))],
            )  # fmt: skip
        return form

    def chosen_rows(self) -> QuerySet[Any]:
        """What goes into the file."""
        rows: QuerySet[Any] = self.narrowed.qs
        return rows.filter(pk__in=self.ids) if self.ids else rows

    def to_take(self) -> Export:
        """The export of the rows that were chosen, with what was asked for in words."""
        rows, words = self.chosen_rows(), self.in_words()
        return replace(self.export, rows=lambda _user, _params: rows, notes=lambda _user, _params: words)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(export=self.export, chosen=self.in_words(), list_name=self.list_name, **kwargs)

    def form_valid(self, form: Any) -> Any:
        params, export = self.params(), self.to_take()
        if form.cleaned_data.get("columns") == AS_SEEN:
            export = replace(export, columns=of_export(self.shown, export.columns))
            params["columns"] = ",".join(column.name for column in export.columns)
        try:
            if streams(export, form.cleaned_data["format"]):
                return stream_export(
                    export=export, user=self.request.user, params=params, purpose=form.cleaned_data["purpose"],
                    at=self.at,
                )  # fmt: skip
            made = make_export(
                export=export, user=self.request.user, params=params, file_format=form.cleaned_data["format"],
                purpose=form.cleaned_data["purpose"], at=self.at,
            )  # fmt: skip
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        return respond(made)

    def params(self) -> dict[str, Any]:
        """What was asked for, for the log."""
        ticked = {"ids": sorted(map(str, self.ids))} if self.ids else {}
        return {**asked_for(self.narrowed), **ticked}

    def in_words(self) -> list[tuple[str, str]]:
        """What was asked for, for people."""
        fields = self.narrowed.form.fields
        words = [
            (str(fields[name].label), _words(fields[name], value)) for name, value in asked_for(self.narrowed).items()
        ]
        rows = len(self.ids)
        ticked = [(_("Selected"), ngettext("%(n)d row", "%(n)d rows", rows) % {"n": rows})] if rows else []
        return words + ticked


def asked_for(narrowed: Any) -> dict[str, str]:
    """The fields of a filter that are set, without those that were refused."""
    asked: Mapping[str, Any] = narrowed.form.cleaned_data if narrowed.form.is_valid() else {}
    return {name: _text(value) for name, value in asked.items() if value not in (None, "", []) and _text(value)}


def _text(value: Any) -> str:
    """Rows by their keys, several of them with a comma between."""
    if isinstance(value, QuerySet | list | tuple):
        return ",".join(map(_text, value))
    return str(getattr(value, "pk", value))


def _words(field: Any, value: str) -> str:
    """What a list of choices calls the value; the value itself where there is none."""
    return enumerated(_label(field, one) for one in value.split(",")) if hasattr(field, "choices") else value


def _label(field: Any, value: str) -> str:
    for code, label in field.choices:
        inside = label if isinstance(label, list | tuple) else [(code, label)]
        if found := {str(key): text for key, text in inside}.get(value):
            return str(found)
    return value


def uuids(texts: list[str]) -> list[UUID]:
    """Those of the texts that are identifiers."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
