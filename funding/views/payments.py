"""Payment batches, the file for the bank, and bank statements: pages and steps."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from funding.enums import Action, BatchStatus
from funding.exporters import BANK_FILE
from funding.filters import BatchFilter, OrderFilter
from funding.forms.payments import (
    COLUMNS,
    BackForm,
    BatchForm,
    BatchNoteForm,
    BatchReasonForm,
    LineForm,
    StatementForm,
    statement_rows,
    write_statement_template,
)
from funding.models import BankStatement, BudgetLine, PaymentBatch, PaymentOrder, StatementLine, Tranche
from funding.selectors import ledger, payments
from funding.services.payments import (
    drop_batch,
    fail_order,
    prepare_batch,
    release_batch,
    return_payment,
    send_batch,
)
from funding.services.statements import import_statement, put_aside, settle_line, settle_statement
from funding.views.money import DatedStep, offered
from funding.workflow import BATCH
from members.views.stepup import StepUpMixin
from portal.kernel import files
from portal.kernel.audit import trail
from portal.kernel.authz import may
from portal.kernel.tables import Unreadable
from portal.kernel.views import ListView, LoadMixin, PermissionMixin, ServiceFormView, TransitionView
from portal.kernel.views_exports import ListExport, uuids

URLS = {
    Action.RELEASE_BATCH: "funding:batch-release",
    Action.SEND_BATCH: "funding:batch-send",
    Action.DROP_BATCH: "funding:batch-drop",
}
WITH_FILE = (BatchStatus.RELEASED, BatchStatus.SENT)
MOST = 200  # tranches in a batch


# --- batches -----------------------------------------------------------------------------------
class BatchList(PermissionMixin, ListView):
    """Every batch, and from which lines another one can be prepared."""

    model = PaymentBatch
    permission = "funding.view_payments"
    template_name = "funding/batch_list.html"
    filterset_class = BatchFilter
    sorts = ("created_at",)
    default_sort = "-created_at"

    def get_queryset(self) -> QuerySet[PaymentBatch]:
        return payments.batches(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        prepares = may(self.actor, "funding.prepare_batch")
        ready = list(payments.payable(self.actor).order_by("award__line", "approved_at")) if prepares else []
        lines = [
            (line, tranches, sum(one.amount for one in tranches))
            for line, some in groupby(ready, key=lambda one: one.award.line)
            if (tranches := list(some))
        ]
        return super().get_context_data(prepares=prepares, lines=lines, **kwargs)


class BatchPrepare(StepUpMixin, LoadMixin, ServiceFormView):
    """The tranches of one line that are approved, all ticked, and the document that they are paid by."""

    model = BudgetLine
    permission, action, form_class = "funding.prepare_batch", Action.PREPARE_BATCH, BatchForm
    template_name = "funding/batch_prepare.html"
    success_message = _("The batch is prepared; a leader has to release it.")
    step_up = True

    def get_queryset(self) -> QuerySet[BudgetLine]:
        return ledger.lines(self.request.user)

    @cached_property
    def ready(self) -> list[Tranche]:
        """What can be paid from this line."""
        return list(payments.payable(self.actor, self.object)[:MOST])

    @property
    def ticked(self) -> set[Any]:
        """The tranches to be paid; all of them at first."""
        posted = self.request.method == "POST"
        return set(uuids(self.request.POST.getlist("tranches"))) if posted else {one.pk for one in self.ready}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticked, label = self.ticked, Action.PREPARE_BATCH.label
        rows = [(one, one.pk in ticked) for one in self.ready]
        return super().get_context_data(rows=rows, label=label, back=reverse("funding:batch-list"), **kwargs)

    def perform(self, form: BatchForm) -> PaymentBatch:
        chosen = [one for one in self.ready if one.pk in self.ticked]
        try:
            return prepare_batch(
                line=self.object, tranches=chosen, actor=self.actor, at=self.at, **form.cleaned_data
            )  # fmt: skip
        except ValidationError as error:
            if "tranches" not in getattr(error, "error_dict", {}):
                raise
            raise ValidationError(error.message_dict["tranches"]) from None


class BatchPage(LoadMixin):
    """A page about one batch."""

    model = PaymentBatch

    def get_queryset(self) -> QuerySet[PaymentBatch]:
        return payments.batch_page(self.request.user)


class BatchDetail(BatchPage, PermissionMixin, TemplateView):
    """One batch: whom it pays, who acted, what became of each order."""

    permission = "funding.view_payments"
    template_name = "funding/batch_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        orders = list(payments.orders_of(self.object, self.actor))
        return super().get_context_data(
            orders=orders, kept_away=self.object.count - len(orders), actions=offered(BATCH, URLS, self),
            takes_file=self.object.status in WITH_FILE and may(self.actor, "funding.take_bank_file"),
            trail=trail(self.object), **kwargs,
        )  # fmt: skip


class BatchStep(BatchPage, StepUpMixin, TransitionView):
    """A step on a batch: its service takes the fields of the form by their names."""

    workflow = BATCH
    template_name = "funding/batch_step.html"
    form_class: type[forms.Form] = BatchNoteForm
    step_up = True
    service: Any = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        orders = payments.orders_of(self.object, self.actor)
        return super().get_context_data(label=Action(self.action).label, orders=orders, **kwargs)

    def get_success_message(self) -> str:
        return gettext("Done: %(action)s.") % {"action": Action(self.action).label}

    def perform(self, form: Any) -> object:
        return self.service(batch=self.object, actor=self.actor, at=self.at, **form.cleaned_data)


class BatchRelease(BatchStep):
    action, service = Action.RELEASE_BATCH, staticmethod(release_batch)


class BatchSend(BatchStep):
    action, service = Action.SEND_BATCH, staticmethod(send_batch)


class BatchDrop(BatchStep):
    action, service, form_class = Action.DROP_BATCH, staticmethod(drop_batch), BatchReasonForm


class BankFile(StepUpMixin, BatchPage, ListExport):
    """The orders of a batch for the bank, with the accounts in full: taken for a reason, and on record."""

    export, filterset_class, list_name = BANK_FILE, OrderFilter, "funding:batch-list"
    step_up = True

    def get_queryset(self) -> QuerySet[PaymentBatch]:
        return super().get_queryset().filter(status__in=WITH_FILE)

    def get_rows(self) -> QuerySet[PaymentOrder]:
        rows = payments.orders_of(self.object, self.request.user).filter(standing__isnull=False)
        return rows.order_by("sequence")

    def params(self) -> dict[str, Any]:
        return {**super().params(), "batch": self.object.number}

    def in_words(self) -> list[tuple[str, str]]:
        return [(gettext("Batch number"), self.object.number), *super().in_words()]


# --- what became of a tranche ------------------------------------------------------------------
class BackStep(DatedStep):
    """A payment that did not go through, or came back."""

    permission, form_class, day, step_up = "funding.pay_tranche", BackForm, "day", True
    day_name = ""

    def perform(self, form: Any) -> object:
        facts = {self.day_name: form.cleaned_data["day"], "reason": form.cleaned_data["reason"]}
        try:
            return self.service(tranche=self.object, actor=self.actor, at=self.at, **facts)
        except ValidationError as error:
            if self.day_name not in getattr(error, "error_dict", {}):
                raise
            raise ValidationError({"day": error.message_dict[self.day_name]}) from None


class TrancheFail(BackStep):
    action, service, day_name = Action.FAIL_ORDER, staticmethod(fail_order), "failed_on"


class TrancheComesBack(BackStep):
    action, service, day_name = Action.RETURN_PAYMENT, staticmethod(return_payment), "returned_on"


# --- statements --------------------------------------------------------------------------------
class StatementList(PermissionMixin, TemplateView):
    """Statements, and a year of payments against them."""

    permission = "funding.view_payments"
    template_name = "funding/statement_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        this = timezone.localdate().year
        asked = self.request.GET.get("year", "")
        years = list(range(this, this - 5, -1))
        year = next((one for one in years if str(one) == asked), this)
        rows = payments.statements(self.actor).filter(imported_at__year=year)
        return super().get_context_data(
            year=year, years=years, rows=rows[:MOST], imports=may(self.actor, "funding.import_statement"),
            sums=payments.reconciled(year, self.actor), unconfirmed=payments.unconfirmed(year, self.actor)[:MOST],
            **kwargs,
        )  # fmt: skip


class StatementTemplate(PermissionMixin):
    """A table to be filled in, for banks that give none."""

    permission = "funding.import_statement"
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        content = io.BytesIO()
        write_statement_template(content)
        content.seek(0)
        name = f"{gettext('Bank statement')}.xlsx"
        response = FileResponse(content, as_attachment=True, filename=name, content_type=files.XLSX)
        files.guard(response)
        return response


class StatementImport(StepUpMixin, ServiceFormView):
    """The file of the bank: kept, read, and only then settled line by line."""

    permission, action, form_class = "funding.import_statement", Action.IMPORT_STATEMENT, StatementForm
    template_name = "funding/statement_import.html"
    success_message = _("The statement is imported; look at its lines, then settle them.")
    step_up = True
    wrong: Sequence[tuple[int, Any, str]] = ()

    def back_url(self) -> str:
        return reverse("funding:statement-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Action.IMPORT_STATEMENT.label
        return super().get_context_data(label=label, back=self.back_url(), wrong=self.wrong, **kwargs)

    def perform(self, form: StatementForm) -> BankStatement:
        upload = form.cleaned_data["upload"]
        try:
            said, wrong = statement_rows(upload)
        except Unreadable as error:
            raise ValidationError({"upload": error.messages}) from None
        if wrong:
            names = {column.name: column.heading for column in COLUMNS}
            self.wrong = [(row, names.get(name, "—"), text) for row, name, text in sorted(wrong)][:MOST]
            raise ValidationError({"upload": gettext("Some cells cannot be read; nothing was imported.")})
        return import_statement(upload=upload, said=said, actor=self.actor, at=self.at)


class StatementPage(LoadMixin):
    """A page about one statement."""

    model = BankStatement

    def get_queryset(self) -> QuerySet[BankStatement]:
        return payments.statements(self.request.user)


class StatementDetail(StatementPage, PermissionMixin, TemplateView):
    """What the bank says, line by line, and what it would do or did."""

    permission = "funding.view_payments"
    template_name = "funding/statement_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = payments.lines_of(self.object, self.actor)
        waiting = {one.line.pk: one for one in payments.matches([one for one in lines if not one.settled_at])}
        rows = [(one, waiting.get(one.pk)) for one in lines]
        return super().get_context_data(
            rows=rows, fits=sum(not one.problem for one in waiting.values()),
            settles=may(self.actor, "funding.import_statement"), trail=trail(self.object), **kwargs,
        )  # fmt: skip


class StatementSettle(StepUpMixin, StatementPage, ServiceFormView):
    """Settle every line that fits; what does not stays and says why."""

    permission, form_class = "funding.import_statement", forms.Form
    template_name = "funding/statement_settle.html"
    idempotent = False  # each line in a transaction of its own; settled once, it is passed over the second time
    step_up = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = [one for one in payments.lines_of(self.object, self.actor) if not one.settled_at]
        return super().get_context_data(found=payments.matches(lines), **kwargs)

    def perform(self, form: Any) -> Any:
        return settle_statement(statement=self.object, actor=self.actor, at=self.at)

    def get_success_message(self) -> str:
        done, left = self.result.done, len(self.result.left)
        told = ngettext("%(n)s line settled.", "%(n)s lines settled.", done) % {"n": done}
        rest = ngettext("%(n)s line is left.", "%(n)s lines are left.", left) % {"n": left} if left else ""
        return f"{told} {rest}".strip()

    def fallback_url(self) -> str:
        return str(self.object.get_absolute_url())


class LineSettle(StepUpMixin, LoadMixin, ServiceFormView):
    """A line that does not fit by itself: somebody found out which order it is, or that it is none."""

    model = StatementLine
    permission, form_class, action = "funding.import_statement", LineForm, Action.SETTLE_LINE
    template_name = "funding/statement_line.html"
    success_message = _("The line is settled.")
    step_up = True

    def get_queryset(self) -> QuerySet[StatementLine]:
        return StatementLine.objects.select_related("statement").filter(settled_at=None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found, back = payments.match(self.object), self.back_url()
        return super().get_context_data(found=found, label=Action.SETTLE_LINE.label, back=back, **kwargs)

    def perform(self, form: LineForm) -> StatementLine:
        order, note = form.cleaned_data["order_number"], form.cleaned_data["note"]
        facts = {"line": self.object, "actor": self.actor, "at": self.at, "note": note}
        return settle_line(order=order, **facts) if order else put_aside(**facts)

    def back_url(self) -> str:
        return str(self.object.statement.get_absolute_url())

    def fallback_url(self) -> str:
        return self.back_url()


class StatementFile(StatementPage, PermissionMixin):
    """The file as the bank gave it."""

    permission = "funding.import_statement"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        return files.serve(self.object.file, request=request)
