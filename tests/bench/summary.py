"""What the summary of a city of two thousand consortia costs from the order to the file, in a process of its own.

One consortium with everything in it is made through the factories and copied with all that the summary counts: members,
technologies, tasks and milestones, platforms, funds, outcomes, awards, tranches, payments and the final evaluation.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle
from typing import Any
from uuid import uuid4

import django
from django.db import connection
from django.db.models import Model
from django.utils import timezone

CONSORTIA, CHUNK = 2_000, 500
MB = 1024  # ru_maxrss counts in kilobytes
TIERS, GRADES = ("A", "B", "C"), ("EXCELLENT", "GOOD", "QUALIFIED", "UNQUALIFIED")


def run(consortia: int = CONSORTIA) -> Iterator[tuple[str, float, str]]:
    """Seconds and the most memory; what was counted shows that nothing was left out."""
    from reports.fonts import FACES, cut

    for face in FACES:
        cut(face)
    fill(consortia)
    command = [sys.executable, "-m", "tests.bench.summary"]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    yield "seconds", figures["seconds"], "s"
    yield "peak_mb", figures["peak_mb"], "MB"
    yield "snapshot_seconds", figures["snapshot_seconds"], "s"
    yield "queries", figures["queries"], "queries"
    yield "pages", figures["pages"], "pages"
    yield "consortia", figures["consortia"], "consortia"


# --- the city ----------------------------------------------------------------------------------
def fill(consortia: int) -> None:
    """One whole consortium, and copies of it spread over sub-fields, districts, tiers and grades."""
    from consortia.models import SubField
    from funding.models import Call
    from members.models import District
    from tests.factories.reports import rich_evaluation
    from tests.personas import Personas

    evaluation = rich_evaluation(Personas())
    Call.objects.update(budget=Decimal(10) ** 12)
    places, fields = cycle(District.objects.all()), cycle(SubField.objects.all())
    numbers = range(1, consortia)
    for start in range(0, len(numbers), CHUNK):
        some = numbers[start : start + CHUNK]
        copy(evaluation, [(n, next(fields), next(places)) for n in some])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def copies(row: Model, times: int, **changed: Any) -> list[Any]:
    """So many unsaved copies with keys of their own; a change is a value, or one for each copy."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.generated}
    made = [type(row)(**{**values, "id": uuid4()}) for _ in range(times)]
    for name, value in changed.items():
        for one, own in zip(made, value if isinstance(value, list) else [value] * times, strict=True):
            setattr(one, name, own)
    return type(row)._base_manager.bulk_create(made)


def copy(evaluation: Any, places: list[tuple[int, Any, Any]]) -> None:
    """Consortia like the one evaluated, with what hangs on it."""
    consortium, times = evaluation.consortium, len(places)
    tiers = [TIERS[n % 3] for n, _field, _place in places]
    made = copies(
        consortium, times, code=[f"LHT-2025-{n:05}" for n, *_ in places],
        name=[f"样例第{n}创新联合体" for n, *_ in places],
        sub_field=[field for _n, field, _place in places], district=[place for *_, place in places], tier=tiers,
        status=["CULTIVATION" if tier == "C" else "OPERATING" for tier in tiers],
    )  # fmt: skip
    for name in ("participations", "technologies", "platforms", "funds", "outcomes", "tasks"):
        for row in getattr(consortium, name).all():
            rows = copies(row, times, consortium=made, **_own(name, row, places))
            for milestone in row.milestones.all() if name == "tasks" else ():
                copies(milestone, times, task=rows)
    for year in consortium.evaluations.all():
        totals = [Decimal(45 + n % 50) for n, *_ in places]
        marks = [GRADES[3 - min((n % 50) // 13, 3)] for n, *_ in places]
        copies(year, times, consortium=made, total=totals, grade=marks)
    for award in consortium.awards.all():
        _awarded(award, made, places)


def _own(name: str, row: Any, places: list[tuple[int, Any, Any]]) -> dict[str, Any]:
    """What must differ from copy to copy."""
    if name == "outcomes":
        return {"canonical": [f"{row.canonical}/{n}" if row.canonical else "" for n, *_ in places]}
    return {"technology": None} if name == "tasks" else {}


def _awarded(award: Any, made: list[Any], places: list[tuple[int, Any, Any]]) -> None:
    """The award with its application, tranches and payments, one for each consortium."""
    from funding.models import Payment

    times = len(places)
    application = award.application
    numbers = [f"{application.number}-{n}" for n, *_ in places] if application.number else [application.number] * times
    applied = copies(application, times, consortium=made, number=numbers)
    awards = copies(award, times, consortium=made, application=applied)
    for tranche in award.tranches.all():
        tranches = copies(tranche, times, award=awards)
        for payment in Payment.objects.filter(standing=tranche):
            vouchers = [f"{payment.voucher}-{n}" for n, *_ in places]
            copies(payment, times, tranche=tranches, standing=tranches, voucher=vouchers)


# --- the summary -------------------------------------------------------------------------------
def measure() -> dict[str, float]:
    """Seconds from the order to the stored file, the most memory the process ever had."""
    from django.test.utils import CaptureQueriesContext

    from members.enums import Role
    from members.selectors import holders
    from portal.kernel import jobs
    from reports.models import EvaluationCycle
    from reports.selectors.summary import city_snapshot
    from reports.services.summary import order_city_report

    cycle_of_year, at = EvaluationCycle.objects.latest("year"), timezone.now()
    with CaptureQueriesContext(connection) as queries:
        begin = time.monotonic()
        city_snapshot(cycle_of_year, at=at)
        snapshot_seconds = time.monotonic() - begin
    begin = time.monotonic()
    report = order_city_report(cycle=cycle_of_year, language="zh-hans", actor=holders(Role.OFFICER)[0], at=at)
    if report.job is not None:
        jobs.run(report.job.pk, timezone.now())
    report.refresh_from_db()
    if report.file is None or report.pages is None:
        raise RuntimeError("the summary was not stored")
    return {
        "seconds": round(time.monotonic() - begin, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB, 1),
        "snapshot_seconds": round(snapshot_seconds, 2),
        "queries": len(queries),
        "pages": report.pages,
        "consortia": len(report.snapshot["list"]),
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(measure()))
