"""Imports into the registry: upload a file, look at what each row would do, take over all of it or nothing."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from members.enums import Action, FigureSource, ImportKind, Verdict
from members.forms.import_columns import Column, columns_of
from members.forms.imports import ImportForm, template_text, write_template
from members.models import ImportBatch, ImportRow
from members.services.imports import apply_import, discard_import
from members.tasks import check_again, take_in
from members.workflow import IMPORT
from portal.kernel import files
from portal.kernel.exporting import defuse
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView

SHOWN = 100  # rows of each verdict
FORMS = {"xlsx": files.XLSX, "csv": "text/csv; charset=utf-8"}
PARTS = ((Verdict.WRONG, _("Wrong rows")), (Verdict.CHANGED, Verdict.CHANGED.label), (Verdict.NEW, Verdict.NEW.label))


class ImportList(PermissionMixin, ListView):
    """What was imported, and what waits."""

    permission = "members.view_imports"
    model = ImportBatch
    template_name = "members/import_list.html"

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return super().get_queryset().select_related("file", "uploaded_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kinds=ImportKind, **kwargs)


class ImportTemplate(PermissionMixin):
    """A table to be filled in."""

    permission = "members.upload_import"
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *, kind: str, form: str) -> HttpResponseBase:
        if kind.upper() not in ImportKind.values or form not in FORMS:
            raise Http404
        chosen, content = ImportKind(kind.upper()), io.BytesIO()
        if form == "csv":
            content.write(template_text(chosen, timezone.now()))
        else:
            write_template(content, chosen, timezone.now())
        content.seek(0)
        response = FileResponse(
            content, as_attachment=True, filename=f"{chosen.label}.{form}", content_type=FORMS[form]
        )
        files.guard(response)
        return response


class ImportUpload(ServiceFormView):
    """Bring a file; what it would do is shown before anything is done."""

    permission = "members.upload_import"
    form_class = ImportForm
    template_name = "members/import_upload.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kinds=ImportKind, **kwargs)

    def perform(self, form: ImportForm) -> ImportBatch:
        return take_in(actor=self.actor, at=self.at, **form.cleaned_data)


class ImportPage(LoadMixin, PermissionMixin):
    """One import."""

    permission = "members.view_imports"
    model = ImportBatch
    object: ImportBatch

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return super().get_queryset().select_related("file", "job", "uploaded_by", "applied_by")


class ImportDetail(ImportPage, TemplateView):
    """What each row would do, and what became of it."""

    template_name = "members/import_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = {column.name: column for column in columns_of(self.object.kind, self.at)}
        counts = {verdict: getattr(self.object, verdict.lower()) for verdict in Verdict}
        parts = [
            {"verdict": verdict.value, "title": title, "count": counts[verdict], "rows": self.rows(verdict, columns)}
            for verdict, title in PARTS
            if counts[verdict] and self.object.rows.exists()
        ]
        return super().get_context_data(
            parts=parts,
            digest=self.digest(columns),
            totals=[(verdict.label, counts[verdict]) for verdict in Verdict],
            verdicts=Verdict,
            shown=SHOWN,
            acts=IMPORT.available(self.object, self.actor, self.at),
            reasons=IMPORT.obstacles(self.object, Action.APPLY_IMPORT, self.at),
            **kwargs,
        )

    def rows(self, verdict: Verdict, columns: dict[str, Column]) -> list[tuple[ImportRow, list[Any]]]:
        """The first of them, with what is wrong or what changes: (column, sentence) or (column, before, after)."""
        found = self.object.rows.filter(verdict=verdict).select_related("organisation", "figures").order_by("number")
        return [(row, list(told(row, columns))) for row in found[:SHOWN]]

    def digest(self, columns: dict[str, Column]) -> list[tuple[str, list[tuple[str, int]]]]:
        """Rows by kind of organisation or by year, and by verdict in words."""
        group = columns["type" if self.object.kind == ImportKind.ORGANISATIONS else "year"]
        return [
            (group.shown(name), [(str(verdict.label), counts.get(verdict, 0)) for verdict in Verdict])
            for name, counts in sorted(self.object.digest.items())
        ]


def told(row: ImportRow, columns: dict[str, Column]) -> Iterator[tuple[str, ...]]:
    """The details of a row in words."""
    for name, said in row.errors:
        yield columns[name].heading, said if isinstance(said, str) else said[get_language()]
    for name, (before, after) in row.changes.items():
        if name == "source":
            yield gettext("Source"), str(FigureSource(before).label), str(FigureSource(after).label)
        elif column := columns.get(name):
            yield column.heading, column.shown(before), column.shown(after)


class ImportProgress(ImportPage, TemplateView):
    """How far the reading is; when it is over the page is opened anew."""

    template_name = "members/_import_progress.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        if not self.object.is_being_read:
            answer["HX-Redirect"] = self.object.get_absolute_url()
        return answer


class ImportDocument(ImportPage):
    """The file as it was uploaded."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.file, request=request)


class ImportErrors(ImportPage):
    """All that is wrong, as CSV."""

    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        columns = {column.name: column for column in columns_of(self.object.kind, self.at)}
        content = io.StringIO(newline="")
        writer = csv.writer(content)
        writer.writerow([str(_("Row")), str(_("Of")), str(_("Column")), str(_("What is wrong"))])
        for row in self.object.rows.filter(verdict=Verdict.WRONG).order_by("number").iterator(1000):
            for heading, sentence in told(row, columns):
                writer.writerow([row.number, defuse(row.label), defuse(heading), defuse(sentence)])
        name, text = f"{self.object.file.name}-errors.csv", io.BytesIO(content.getvalue().encode("utf-8-sig"))
        response = FileResponse(text, as_attachment=True, filename=name, content_type=FORMS["csv"])
        files.guard(response)
        return response


class ImportStep(TransitionView):
    """One step with an import; the page says in one sentence what follows from it."""

    model = ImportBatch
    object: ImportBatch
    workflow = IMPORT
    form_class: type[forms.BaseForm] = forms.Form
    template_name = "members/import_step.html"
    consequence: Any = ""

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return super().get_queryset().select_related("file", "job")


class ImportCheck(ImportStep):
    """Look once more at what the rows would do now."""

    action, permission = Action.CHECK_IMPORT, "members.check_import"
    consequence = _("Every row is compared once more with what stands now. Nothing is taken over yet.")

    def perform(self, form: Any) -> ImportBatch:
        return check_again(batch=self.object, actor=self.actor, at=self.at)


class ImportApply(ImportStep):
    """Take over all rows."""

    action, permission = Action.APPLY_IMPORT, "members.apply_import"
    consequence = _("All rows are taken over together, or none if anything stands in the way.")
    success_message = _("The import is applied.")

    def perform(self, form: Any) -> ImportBatch:
        return apply_import(batch=self.object, actor=self.actor, at=self.at)


class ImportDiscard(ImportStep):
    """Let it be."""

    action, permission = Action.DISCARD_IMPORT, "members.discard_import"
    consequence = _("Nothing is taken over. The file stays on record.")
    success_message = _("The import is discarded.")

    def perform(self, form: Any) -> ImportBatch:
        return discard_import(batch=self.object, actor=self.actor, at=self.at)
