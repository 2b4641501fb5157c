"""A PostgreSQL of the test's own, to be killed; and a way to it, to be cut."""

import os
import pwd
import selectors
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from shutil import rmtree, which
from typing import Any, Literal

import psycopg

Mode = Literal["open", "refuse", "silent"]


def free_port() -> int:
    """One that nobody uses now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def programs() -> Path:
    """Where PostgreSQL's server programs are: the newest."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else Path(which("postgres") or "postgres").parent


def until(reached: Callable[[], object], seconds: float) -> float:
    """Wait until it is so; how long that took. Fails after `seconds`."""
    began = time.monotonic()
    while not reached():
        assert time.monotonic() - began < seconds, f"not reached within {seconds} s: {reached}"
        time.sleep(0.1)
    return time.monotonic() - began


class Cluster:
    """A server with every safeguard on, under /tmp, as the user postgres when we are root."""

    def __init__(self, volume: Path | None = None) -> None:
        """Its tables are on the `volume` if one is given; its write-ahead log never is."""
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="portal-cluster-"))
        self.user = None if os.getuid() else pwd.getpwnam("postgres")
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        if volume:
            (self.folder / "pg").symlink_to(volume / "pg")
        self.run("initdb", "--pgdata", str((self.folder / "pg").resolve()), "--waldir", str(self.folder / "wal"),
                 "--no-sync", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def _as(self) -> dict[str, Any]:
        if not self.user:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def run(self, program: str, *arguments: str) -> None:
        """One of the server's programs."""
        command = [programs() / program, *arguments]
        subprocess.run(command, cwd="/", check=True, capture_output=True, **self._as())

    def start(self, *options: str) -> None:
        """Start, and wait until it answers."""
        command = [programs() / "postgres", "-D", self.folder / "pg", "-p", str(self.port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}", *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log, **self._as())
        until(self.answers, 60)

    def answers(self) -> bool:
        """Whether it takes a question."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.url("postgres"), connect_timeout=2) as connection:
            return bool(connection.execute("SELECT 1").fetchone())
        return False

    def kill(self) -> None:
        """As a crash: the postmaster and, by its own death, all of its children."""
        assert self.process
        for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        (self.folder / "pg" / "postmaster.pid").unlink(missing_ok=True)

    def restart(self, *options: str) -> None:
        """As an administrator does."""
        self.stop()
        self.start(*options)

    def stop(self) -> None:
        """In order, without waiting for those who are connected."""
        assert self.process
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)

    def end(self) -> None:
        """The end of the test."""
        if self.process and self.process.poll() is None:
            self.stop()
        rmtree(self.folder, ignore_errors=True)

    def url(self, name: str, port: int | None = None) -> str:
        """The address of a database in it; `port` may be that of a Gate."""
        return f"postgres://postgres@127.0.0.1:{port or self.port}/{name}"

    def take(self, name: str, source: str) -> None:
        """A database of this name with everything that the database at the address `source` holds."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        dump = subprocess.run(["pg_dump", "--no-owner", "--no-acl", source], check=True, capture_output=True)
        command = ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", self.url(name)]
        subprocess.run(command, input=dump.stdout, check=True, capture_output=True)


class Gate:
    """A port before another one: `open` lets through, `refuse` listens no more, `silent` takes all and says nothing."""

    def __init__(self, target: int) -> None:
        self.target, self.port, self.mode = target, free_port(), "open"
        self.pairs: dict[socket.socket, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.listener: socket.socket | None = None
        self.lock = threading.RLock()
        self._listen()
        threading.Thread(target=self._run, daemon=True).start()

    def set(self, mode: Mode) -> None:
        """From now on. What is connected stays connected when it becomes silent, and is cut when it refuses."""
        with self.lock:
            before, self.mode = self.mode, mode
            if mode == "refuse" or before == "silent":
                for end in list(self.pairs):
                    self._forget(end)
            if mode == "refuse" and self.listener:
                self.selector.unregister(self.listener)
                self.listener.close()
                self.listener = None
            if mode != "refuse" and not self.listener:
                self._listen()

    def _listen(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.selector.register(self.listener, selectors.EVENT_READ)

    def _run(self) -> None:
        while True:
            for key, _events in self.selector.select(timeout=0.05):
                with self.lock, suppress(OSError, KeyError, ValueError):
                    self._accept() if key.fileobj is self.listener else self._pass(key.fileobj)  # type: ignore[arg-type]

    def _accept(self) -> None:
        assert self.listener
        here, _address = self.listener.accept()
        try:
            there = socket.create_connection(("127.0.0.1", self.target)) if self.mode == "open" else socket.socket()
        except OSError:
            here.close()
            return
        self.pairs |= {here: there, there: here}
        for end in (here, there) if self.mode == "open" else (here,):
            self.selector.register(end, selectors.EVENT_READ)

    def _pass(self, end: socket.socket) -> None:
        try:
            data = end.recv(65536)
            if data and self.mode == "open":
                self.pairs[end].sendall(data)
        except OSError:
            data = b""
        if not data:
            self._forget(end)

    def _forget(self, end: socket.socket) -> None:
        for one in (end, self.pairs.pop(end, None)):
            if one is None:
                continue
            with suppress(KeyError, ValueError):
                self.selector.unregister(one)
            one.close()
            self.pairs.pop(one, None)
