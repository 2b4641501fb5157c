"""The audit trail as a file for the audit administrator."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.kernel.actions import action_label
from portal.kernel.audit import canonical
from portal.kernel.exporting import Column, Export, Params
from portal.kernel.models.audit import AuditEntry
from reports.selectors.asof import role_words
from reports.selectors.audit import entries


def rows(user: Any, _params: Params) -> QuerySet[AuditEntry]:
    """All that the reader may see, oldest first."""
    return entries(user).order_by("id")


AUDIT_TRAIL = Export(
    slug="audit-trail",
    title=_("Audit trail"),
    permission="members.export_audit",
    rows=rows,
    personal=True,
    columns=(
        Column(_("Number"), lambda entry: entry.id, "int"),
        Column(_("Time"), lambda entry: entry.at, "date", width=20),
        Column(_("Person"), lambda entry: entry.actor_name),
        Column(_("Person's number"), lambda entry: entry.actor_id),
        Column(_("Roles"), role_words),
        Column(_("Action"), action_label),
        Column(_("Action code"), lambda entry: entry.action),
        Column(_("Result"), lambda entry: entry.get_result_display()),
        Column(pgettext_lazy("audit", "Object"), lambda entry: entry.subject_label, width=40),
        Column(_("Kind of object"), lambda entry: entry.subject_type),
        Column(_("Number of the object"), lambda entry: entry.subject_id),
        Column(_("Note"), lambda entry: entry.note, width=40),
        Column(_("Facts"), lambda entry: canonical(entry.facts), width=40),
        Column(pgettext_lazy("network", "Address"), lambda entry: entry.address),
        Column(_("Method"), lambda entry: entry.method),
        Column(_("Path"), lambda entry: entry.path),
        Column(_("Request"), lambda entry: entry.request_id),
        Column(_("Hash of the entry before"), lambda entry: entry.previous),
        Column(_("Hash"), lambda entry: entry.hash),
    ),
)
