"""The web server of bin/up and of the containers; the address to listen on comes from whoever starts it."""

import os
import shutil
import tempfile
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

os.environ.setdefault("PORTAL_PROCESS", "web")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS = tempfile.mkdtemp(prefix="portal-metrics-")

from django.conf import settings
from django.urls import get_resolver
from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]
from prometheus_client import multiprocess

from portal.kernel import checks
from portal.kernel.headers import HEADERS
from portal.kernel.queueing import Line, beginning_of, head_start
from portal.kernel.shedding import arrived_at


def answer_unread(sock: Any, status: int, reason: str, _found: str) -> None:
    """What is no request (400), or too long a one (414, 431), never reaches the portal; its headers are the same."""
    body = f"{status} {reason}\n"
    headers = {"Connection": "close", "Content-Type": "text/plain", "Cache-Control": "no-store", **HEADERS}
    lines = (f"{name}: {value}" for name, value in {**headers, "Content-Length": len(body)}.items())
    util.write_nonblock(sock, "\r\n".join((f"HTTP/1.1 {status} {reason}", *lines, "", body)).encode("latin1"))


def due(conn: TConn) -> float:
    """When the request of a connection counts as come."""
    since: float = conn.since
    return since - head_start(beginning_of(conn.sock))


class Worker(ThreadWorker):  # type: ignore[misc]
    """Notes since when a request waits for a thread, and lets some go before others."""

    def get_thread_pool(self) -> Line:
        """As many threads as are set, which take what is due first."""
        return Line(self.cfg.threads, due)

    def enqueue_req(self, conn: TConn) -> None:
        """It is here and waits; a connection on which nothing has come yet takes no thread and no place."""
        conn.since = time.monotonic()
        if conn.initialized or conn.data_ready or beginning_of(conn.sock):
            super().enqueue_req(conn)
        else:
            self.wait_for_its_beginning(conn)

    def wait_for_its_beginning(self, conn: TConn) -> None:
        """As gunicorn itself does with a connection that kept a thread waiting for too long."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        """Its turn has come, in a thread of the pool."""
        arrived_at(conn.since)
        return super().handle(conn)


util.write_error = answer_unread
wsgi.SERVER = "portal"  # what the header of every answer names: not the program that serves
wsgi_app = "portal.wsgi:application"
preload_app = True
worker_class = Worker
workers = (os.cpu_count() or 1) + 1  # a process computes on one processor; one more fills the time that others wait
threads = 2  # more of them hand the interpreter to and fro
timeout = 60
graceful_timeout = 8
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
accesslog = None  # the portal writes its own line for each request, without query and without names
control_socket_disable = True
limit_request_line = 4094  # bytes
limit_request_fields = 60
limit_request_field_size = 8190  # bytes


def on_starting(server: Any) -> None:
    """Import every view once, before the workers are forked: half the time to the first answer, and shared memory."""
    server.log.info("%d addresses, process %s", len(get_resolver().url_patterns), settings.LOG_FORMAT)
    checks.refuse_unsafe_start()


def child_exit(server: Any, worker: Any) -> None:
    """The counts of a worker that ended are kept, its present values are not."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Nothing is left behind."""
    shutil.rmtree(METRICS, ignore_errors=True)
