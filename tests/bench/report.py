"""What one warm annual report of the demo costs: the one of its largest consortium, in a process of its own.

`cpu_s` is everything that a worker does: text from the snapshot, layout, PDF/A with tags and data, signature. The
ratio compares printing alone, of the same text, by us (with tags, in PDF/A) and by headless Chromium, both warm.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.core.management import call_command
from django.db.models import Count
from playwright.sync_api import sync_playwright

from reports.fonts import FACES, cut
from tests.browsing import ARGUMENTS, CHROMIUM

WARM, RUNS = 1, 5
MB = 1024  # ru_maxrss counts in kilobytes
TICK = os.sysconf("SC_CLK_TCK")


def run() -> Iterator[tuple[str, float, str]]:
    """The figures of a report."""
    for face in FACES:
        cut(face)
    call_command("demo", verbosity=0)
    command = [sys.executable, "-m", "tests.bench.report"]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    yield "cpu_ratio_to_chromium", figures["cpu_ratio_to_chromium"], ""
    yield "cpu_s", figures["cpu_s"], "s"
    yield "print_s", figures["print_s"], "s"
    yield "chromium_s", figures["chromium_s"], "s"
    yield "pages", figures["pages"], "pages"
    yield "pages_per_s", figures["pages_per_s"], "pages/s"
    yield "peak_mb", figures["peak_mb"], "MB"


def measure() -> dict[str, float]:
    """Median CPU seconds, pages per such second, the most memory that the process ever had."""
    from django.utils import timezone

    from reports import pdf
    from reports.models import Report
    from reports.tasks import annual_html, finish_annual, material_of

    largest = Report.objects.annotate(members=Count("evaluation__consortium__participations"))
    report = largest.filter(is_final=True).order_by("-members", "number")[0]
    material, at = material_of(report), timezone.now()
    html = annual_html(material, report.language)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.pdf"

        def make() -> None:
            document = pdf.lay_out(annual_html(material, report.language))
            finish_annual(document, path, material=material, language=report.language, at=at)

        cpu_s = median_of(make, time.process_time)
        print_s = median_of(lambda: pdf.lay_out(html).write(path), time.process_time)
        pages = pdf.lay_out(html).pages
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB
        chromium_s = by_chromium(html, Path(folder))
    return {
        "cpu_ratio_to_chromium": round(print_s / chromium_s, 2),
        "cpu_s": round(cpu_s, 2),
        "print_s": round(print_s, 2),
        "chromium_s": round(chromium_s, 2),
        "pages": pages,
        "pages_per_s": round(pages / cpu_s, 1),
        "peak_mb": round(peak, 1),
    }


def median_of(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """What one run takes by this clock, once warm."""
    seconds = []
    for _ in range(WARM + RUNS):
        begin = clock()
        work()
        seconds.append(clock() - begin)
    return statistics.median(seconds[WARM:])


def by_chromium(html: str, folder: Path) -> float:
    """The same text with the same rules and fonts, printed by a browser that is open already."""
    from reports.pdf import FONT_ADDRESS, style_sheets

    rules = "\n".join(style_sheets())
    for face in FACES:
        rules = rules.replace(f"{FONT_ADDRESS}{face.name}", face.path.as_uri())
    page_file, target = folder / "report.html", folder / "chromium.pdf"
    page_file.write_text(html.replace("</head>", f"<style>{rules}</style></head>", 1))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()

        def make() -> None:
            page.goto(page_file.as_uri(), wait_until="load")
            page.pdf(path=target, prefer_css_page_size=True, tagged=True, outline=True)

        try:
            return median_of(make, cpu_of_chromium)
        finally:
            browser.close()


def cpu_of_chromium() -> float:
    """Seconds of the processor that the browser's processes below this one have had, the ended ones included."""
    found = {stat[0]: stat for stat in map(read_stat, Path("/proc").glob("[0-9]*/stat")) if stat}
    below = {os.getpid()}
    while more := {pid for pid, stat in found.items() if stat[2] in below} - below:
        below |= more
    return sum(stat[3] for pid, stat in found.items() if pid in below and "chrom" in stat[1]) / TICK


def read_stat(path: Path) -> tuple[int, str, int, int] | None:
    """(pid, name, parent, ticks) of a process; None when it has ended meanwhile."""
    try:
        pid, _, rest = path.read_text().partition(" (")
    except (FileNotFoundError, ProcessLookupError):
        return None
    name, _, fields = rest.rpartition(") ")
    values = fields.split()
    return int(pid), name, int(values[1]), sum(map(int, values[11:15]))


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(measure()))
