"""The commands that a newcomer touches first, run for real in a small checkout of their own."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
SCRIPTS = ["bin/up", "bin/test", "bin/bench", "bin/_lib.sh", "bin/_apt.sh", ".ci/run"]
OURS = {"DATABASE_URL", "REDIS_URL", "DATABASE_URL_FILE", "REDIS_URL_FILE", "PORTAL_VAR", "PORT"}
NOBODY = 65534


@dataclass
class Checkout:
    """A copy of bin/ that may run as an ordinary user."""

    path: Path
    environment: dict[str, str]

    def run(self, *command: str, user: int | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.path, env=self.environment, user=user, group=user,
            extra_groups=None if user is None else [], capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    @contextmanager
    def running(self, script: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
        """A run of the shared library, as bin/up would make it, and the first line it printed."""
        command = ["bash", "-c", f". bin/_lib.sh; claim var; {script}"]
        with subprocess.Popen(
            command, cwd=self.path, env=self.environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            try:
                yield process, process.stdout.readline()
            finally:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()

    def stand_in(self, name: str, body: str) -> None:
        """Put a program before all others of this name."""
        program = self.path / "stand-ins" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        self.environment["PATH"] = f"{program.parent}:{os.environ['PATH']}"


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    """Under /tmp, where every user may pass."""
    path = Path(tempfile.mkdtemp(prefix="portal-bin-"))
    path.chmod(0o755)
    copytree(ROOT / "bin", path / "bin")
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    yield Checkout(path, environment)
    rmtree(path)


@pytest.fixture
def ordinary(checkout: Checkout) -> int | None:
    """The user to run as: nobody, when the tests run as root; else whoever runs them."""
    if os.getuid():
        return None
    for path in [checkout.path, *checkout.path.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)
    return NOBODY


def is_held(checkout: Checkout) -> bool:
    """Whether any process of the run lives: all inherit the lock."""
    return bool(checkout.run("flock", "--nonblock", "var/lock", "true").returncode)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def came_true(happens: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not happens() and time.monotonic() < end:
        time.sleep(0.1)
    return happens()


def ended_within(checkout: Checkout, seconds: float) -> bool:
    return came_true(lambda: not is_held(checkout), seconds)


@pytest.mark.parametrize("script", SCRIPTS)
def test_is_bash(script: str) -> None:
    done = subprocess.run(["bash", "-n", ROOT / script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["up", "test", "bench"])
def test_help_begins_with_the_command_itself(checkout: Checkout, name: str) -> None:
    done = checkout.run(f"bin/{name}", "--help")

    assert (done.returncode, done.stderr, done.stdout.split()[0]) == (0, "", f"bin/{name}")
    assert not (checkout.path / "var").exists()


def test_up_refuses_an_unknown_option(checkout: Checkout) -> None:
    done = checkout.run("bin/up", "--rest")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == checkout.run("bin/up", "--help").stdout


def test_reset_does_not_touch_a_database_of_others(checkout: Checkout) -> None:
    checkout.environment["DATABASE_URL"] = "postgres://127.0.0.1:1/theirs"

    done = checkout.run("bin/up", "--reset")

    assert done.returncode == 1
    assert done.stderr == (
        "bin/up: --reset forgets only the servers of its own; empty the database that DATABASE_URL names yourself\n"
    )


@pytest.mark.parametrize("name", ["up", "bench"])
def test_missing_packages_are_named_in_one_sentence(checkout: Checkout, ordinary: int | None, name: str) -> None:
    present = (
        "python3 python3-venv postgresql libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk libmagic1"
    )
    checkout.stand_in("dpkg-query", f"for package in {present}; do echo $package installed; done")
    checkout.stand_in("sudo", "exit 1")

    done = checkout.run(f"bin/{name}", user=ordinary)

    lacking = "fonts-noto-cjk-extra gettext redis-server"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"bin/{name}: these Debian packages are missing: {lacking}. "
        f"Install them with: sudo apt-get install --no-install-recommends {lacking}\n"
    )


def test_missing_packages_are_installed_where_sudo_asks_nothing(checkout: Checkout, ordinary: int | None) -> None:
    checkout.stand_in("dpkg-query", "exit 1")
    checkout.stand_in("sudo", f'[ "$2" = true ] || printf "%s\\n" "$*" >{checkout.path}/asked')
    checkout.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"

    checkout.run("bash", "-c", ". bin/_lib.sh; claim var; packages gettext redis-server", user=ordinary)

    assert (checkout.path / "asked").read_text() == f"-n {checkout.path}/bin/_apt.sh gettext\n"


def test_a_directory_of_another_user_is_said(checkout: Checkout, ordinary: int | None) -> None:
    if ordinary is None:
        pytest.skip("only root can make a directory of another user")
    (checkout.path / "var").mkdir(mode=0o755)
    os.chown(checkout.path / "var", 0, 0)

    done = checkout.run("bin/up", user=ordinary)

    assert done.returncode == 1
    assert done.stderr == (
        f"bin/up: {checkout.path}/var cannot be used: it belongs to root. Be that user, or remove it\n"
    )


def test_a_second_run_of_the_same_checkout_says_so(checkout: Checkout) -> None:
    with checkout.running("echo ready; foreground sleep 60") as (first, _):
        second = checkout.run("bin/up")

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == f"bin/up: already running here (process {first.pid}); end that one first\n"
    assert first.returncode == 143


def test_reset_ends_the_one_that_runs(checkout: Checkout) -> None:
    with checkout.running("echo ready; foreground sleep 60") as (first, _):
        second = checkout.run("bash", "-c", ". bin/_lib.sh; claim var --end-the-other; echo mine")

    assert (second.returncode, second.stdout) == (0, "mine\n")
    assert second.stderr == f"  Ending the one that runs (process {first.pid})\n"
    assert first.returncode == 143


def test_servers_keep_their_data_and_are_gone_afterwards(checkout: Checkout) -> None:
    keep = "psql -qc 'CREATE TABLE kept AS SELECT 42 AS answer'"
    with checkout.running(f"servers; {keep}; echo $DATABASE_URL $REDIS_URL; foreground sleep 60") as (first, line):
        ports = [int(url.rsplit(":", 1)[1].split("/")[0]) for url in line.split()]
        during = is_held(checkout), *map(listens, ports)
    after = first.returncode, is_held(checkout), *map(listens, ports)
    second = checkout.run(
        "bash", "-c", ". bin/_lib.sh; claim var; servers; psql -Atc 'SELECT answer FROM kept' -c 'SHOW fsync'"
    )

    assert during == (True, True, True)
    assert after == (143, False, False, False)
    assert (second.returncode, second.stdout.split(), is_held(checkout)) == (0, ["42", "on"], False)


def test_redis_is_started_again_and_nothing_else_is(checkout: Checkout) -> None:
    with checkout.running("servers; echo $REDIS_URL ${PID[redis]} ${PID[postgres]}; stay") as (run, line):
        url, redis, postgres = line.split()
        port = int(url.rsplit(":", 1)[1].split("/")[0])
        os.kill(int(redis), signal.SIGKILL)
        assert came_true(lambda: not listens(port), 10)
        again = came_true(lambda: listens(port), 30), run.poll()
        os.kill(int(postgres), signal.SIGKILL)

        assert again == (True, None)
        assert run.wait(30) == 1
    assert (ended_within(checkout, 30), listens(port)) == (True, False)


def test_even_a_killed_run_leaves_no_process(checkout: Checkout) -> None:
    with checkout.running("servers; foreground sh -c 'echo up; exec sleep 60'") as (first, _):
        first.send_signal(signal.SIGKILL)

    assert ended_within(checkout, 30)


def test_secrets_are_for_the_owner_only(checkout: Checkout) -> None:
    done = checkout.run("bash", "-c", ". bin/_lib.sh; claim var; secret one; secret one; secret two")

    first, again, other = done.stdout.split()
    assert (len(first), again == first, other == first) == (64, True, False)
    assert (checkout.path / "var" / "one").stat().st_mode & 0o777 == 0o600


def test_a_port_is_remembered_until_another_program_has_it(checkout: Checkout) -> None:
    command = ("bash", "-c", ". bin/_lib.sh; claim var; port web; port web")

    first, again = map(int, checkout.run(*command).stdout.split())
    with socket.socket() as other:
        other.bind(("127.0.0.1", first))
        other.listen()
        moved, kept = map(int, checkout.run(*command).stdout.split())

    assert again == first
    assert (moved == first, kept == moved) == (False, True)


def test_the_first_free_port_from_the_one_wished_for(checkout: Checkout) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        done = checkout.run("bash", "-c", f". bin/_lib.sh; claim var; port web {taken}")

    assert taken < int(done.stdout) < taken + 1000


def test_a_failing_step_shows_the_end_of_its_log(checkout: Checkout) -> None:
    done = checkout.run("bash", "-c", ". bin/_lib.sh; claim var; step Trying sh -c 'echo because >&2; exit 3'; echo on")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "  Trying",
        "",
        "== Trying",
        "because",
        f"bin/bash: failed: Trying. The whole story is in {checkout.path}/var/log/setup.log",
    ]


def test_a_service_that_dies_at_its_start_is_said(checkout: Checkout) -> None:
    script = ". bin/_lib.sh; claim var; service web - TERM sh -c 'echo no such module; exit 1'; until_true 30 web false"

    done = checkout.run("bash", "-c", script)

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "no such module",
        f"bin/bash: web did not come up; its log is {checkout.path}/var/log/web.log",
    ]


def test_a_catalogue_is_compiled_when_it_is_newer(checkout: Checkout) -> None:
    folder = checkout.path / "room" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    command = ("bash", "-c", ". bin/_lib.sh; claim var; translations")

    first, second = checkout.run(*command), checkout.run(*command)

    assert first.stderr == "  Translations: room/locale/zh_Hans/LC_MESSAGES/django.po\n"
    assert (folder / "django.mo").exists()
    assert (second.returncode, second.stderr) == (0, "")
