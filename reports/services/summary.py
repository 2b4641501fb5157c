"""The summary of a year over the whole city: ordered once per snapshot, made by a job, stored once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.numbering import next_number
from reports.models import CityReport, EvaluationCycle
from reports.selectors.summary import city_snapshot, is_final
from reports.services.made import Paper, order_document


def _title(document: CityReport) -> str:
    with override(document.language):
        return str(_("City-wide annual summary %(year)s") % {"year": document.cycle.year})


PAPER = Paper(
    model=CityReport, job="reports.render_city_report", file="city_report", version="4", title=_title,
    permission="reports.order_city_report",
)  # fmt: skip


def city_series(*, year: int) -> str:
    """The series in which the summaries of a year are numbered."""
    return f"city-report-{year}"


@transaction.atomic
def order_city_report(*, cycle: EvaluationCycle, language: str, actor: Any, at: datetime) -> CityReport:
    """The summary of the city as it stands: frozen, numbered and ordered; asked again, the same one."""
    require(actor, PAPER.permission, cycle)
    locked = (
        EvaluationCycle.objects.select_for_update(of=("self",), no_key=True).select_related("rules").get(pk=cycle.pk)
    )
    snapshot = city_snapshot(locked, at=at)
    same = CityReport.objects.filter(
        cycle=locked, language=language, template_version=PAPER.version, snapshot_hash=audit.sha256(snapshot)
    ).first()
    number = same.number if same else f"CS-{locked.year}-{next_number(city_series(year=locked.year)):04d}"
    return order_document(
        paper=PAPER, of=locked, snapshot=snapshot, language=language, actor=actor, at=at,
        number=number, is_final=is_final(snapshot),
    )  # fmt: skip
