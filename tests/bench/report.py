"""What one warm annual report of the demo costs: the one of its largest consortium, in a process of its own."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import django
from django.core.management import call_command
from django.db.models import Count

from reports.fonts import FACES, cut

WARM, RUNS = 1, 5
MB = 1024  # ru_maxrss counts in kilobytes


def run() -> Iterator[tuple[str, float, str]]:
    """The three figures of a report."""
    for face in FACES:
        cut(face)
    call_command("demo", verbosity=0)
    command = [sys.executable, "-m", "tests.bench.report"]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    yield "cpu_s", figures["cpu_s"], "s"
    yield "pages_per_s", figures["pages_per_s"], "pages/s"
    yield "peak_mb", figures["peak_mb"], "MB"


def measure() -> dict[str, float]:
    """Median CPU seconds from snapshot to file, pages per such second, the most memory the process ever had."""
    from reports import pdf
    from reports.exporters.annual.material import Material
    from reports.models import Report
    from reports.tasks import annual_html

    largest = Report.objects.annotate(members=Count("evaluation__consortium__participations"))
    report = largest.filter(is_final=True).order_by("-members", "number")[0]

    def make(path: Path) -> int:
        material = Material(report.snapshot, report.number, report.template_version, report.snapshot_hash)
        document = pdf.lay_out(annual_html(material, report.language))
        document.write(path)
        return document.pages

    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(WARM + RUNS):
            begin = time.process_time()
            pages = make(Path(folder) / "report.pdf")
            seconds.append(time.process_time() - begin)
    median = statistics.median(seconds[WARM:])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB
    return {"cpu_s": round(median, 2), "pages_per_s": round(pages / median, 1), "peak_mb": round(peak, 1)}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(measure()))
