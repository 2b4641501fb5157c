"""Real Celery workers for tests: on the database, the Redis and the files of the test that starts them."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from redis import Redis

from portal.kernel import jobs

LINK = re.compile(re.escape(settings.PUBLIC_URL) + r"(/\S+)")  # to the portal, in a mail


def forget() -> None:
    """Empty the broker: the queue and the messages handed out but not acknowledged."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.delete("celery", "unacked", "unacked_index", "unacked_mutex")


def work_off() -> None:
    """Do what is due now, in this process."""
    for job in jobs.sweep(timezone.now()):
        jobs.run(job, timezone.now())


def environment() -> dict[str, str]:
    """What a worker must know to work on the data of this test."""
    db = connection.settings_dict
    address = f"postgres://{db['USER']}:{db['PASSWORD']}@/{db['NAME']}?host={db['HOST']}"
    at_port = f"postgres://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}/{db['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": at_port if db["PORT"] else address,
        "REDIS_URL": settings.REDIS_URL,
        "TEST_MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "LOG_LEVEL": "WARNING",
    }


class Workers:
    """Worker processes of this test, each in a process group of its own."""

    def __init__(self, log: Path, **more: str) -> None:
        self.log = log
        self.more = more
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *include: str) -> subprocess.Popen[bytes]:
        """One more; `include` are modules with further handlers."""
        command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-c", "1", "-l", "WARNING"]
        command += ["--without-gossip", "--without-mingle"]
        for module in include:
            command += ["--include", module]
        with self.log.open("ab") as log:
            worker = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=environment() | self.more,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """As a power cut would: parent and children at once."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.running.remove(worker)

    def kill_all(self) -> None:
        """The end of the test."""
        for worker in list(self.running):
            self.kill(worker)

    def kill_child(self, worker: subprocess.Popen[bytes]) -> None:
        """As the kernel does when memory runs out: the process that does the work."""
        children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
