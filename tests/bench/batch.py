"""Whole years of reports by one worker, then by two: how much faster, and whether a worker grows."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from django.core.management import call_command
from django.db.models import Min
from django.utils import timezone

from members.enums import Role
from members.selectors import holders
from portal.kernel import jobs
from portal.kernel.models import Job
from portal.kernel.tasks import sweep_jobs
from reports.enums import BatchScope, ReportStatus
from reports.fonts import FACES, cut
from reports.models import EvaluationCycle, Report, ReportBatch
from reports.models.batch import GOING
from reports.services.batches import end_batches, order_batch
from reports.services.documents import TEMPLATE_VERSION
from tests.workers import Workers, forget

REPORTS, WARM = 200, 20
PATIENCE = 1_800  # seconds for a round
SWEEP_EVERY = 5.0  # seconds
LANGUAGES = ("zh-hans", "en")


def run(reports: int = REPORTS) -> Iterator[tuple[str, float, str]]:
    """The demo's last year in both languages, again and again until there are `reports`, by one worker and by two."""
    for face in FACES:
        cut(face)
    call_command("demo", verbosity=0)
    jobs.cancel_all(wanted=Job.objects.all(), at=timezone.now())
    alone, together = Measured(1, reports), Measured(2, reports)
    yield "speedup_2", round(alone.seconds_each / together.seconds_each, 2), ""
    yield "rss_growth", round(alone.growth, 2), ""
    yield "reports", alone.made, "reports"
    yield "pages_least", Report.objects.aggregate(least=Min("pages"))["least"], "pages"
    yield "seconds_1", round(alone.seconds_each, 2), "s/report"
    yield "seconds_2", round(together.seconds_each, 2), "s/report"


class Measured:
    """How long so many warm workers take for one report, and by what the first grows from WARM reports on.

    The first round warms them up: it counts as reports that were made, not as time.
    """

    def __init__(self, workers: int, reports: int) -> None:
        self.made, self.early, self.late = 0, 0, 0
        rounds: list[float] = []
        with tempfile.TemporaryDirectory() as scratch:
            self.workers = Workers(Path(scratch) / "log", DJANGO_SETTINGS_MODULE="portal.settings.dev")
            forget()
            try:
                for _ in range(workers):
                    self.workers.start()
                while self.made < reports:
                    begin = time.monotonic()
                    number = self.round(len(rounds))
                    rounds.append((time.monotonic() - begin) / number)
            finally:
                self.workers.kill_all()
                forget()
        self.seconds_each, self.growth = fmean(rounds[1:]), self.late / self.early

    def round(self, number: int) -> int:
        """Order the year in both languages and wait until every report is there; how many."""
        made_now = Report.objects.filter(template_version=TEMPLATE_VERSION)
        made_now.update(template_version=f"{len(self.workers.running)}-{number}")
        cycle, head = EvaluationCycle.objects.earliest("year"), holders(Role.HEAD)[0]
        for language in LANGUAGES:
            order_batch(cycle=cycle, language=language, scope=BatchScope.FINAL, actor=head, at=timezone.now())
        limit, beat, before = time.monotonic() + PATIENCE, 0.0, self.made
        while ReportBatch.objects.filter(status__in=GOING).exists():
            if time.monotonic() > limit:
                raise TimeoutError("the workers are not done")
            if time.monotonic() >= beat:
                beat = time.monotonic() + SWEEP_EVERY
                sweep_jobs()
                end_batches(at=timezone.now())
            time.sleep(0.2)
            self.made = before + made_now.filter(status=ReportStatus.STORED).count()
            self.weigh()
        return self.made - before

    def weigh(self) -> None:
        """The memory of the process of the first worker that does the work, in kilobytes."""
        pid = self.workers.running[0].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            lines = Path(f"/proc/{children[0]}/status").read_text().splitlines()
            self.late = int(next(line for line in lines if line.startswith("VmRSS:")).split()[1])
        if self.made >= WARM and not self.early:
            self.early = self.late
