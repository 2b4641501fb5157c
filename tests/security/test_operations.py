"""Backups that can be restored, migrations that can be undone, keys that can be changed, a list of what is inside."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.signing import BadSignature, dumps, loads
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client, override_settings
from psycopg import sql

from members.services.resets import ask_reset
from portal.kernel import audit, audit_chain, backups, files, jobs, mail
from portal.kernel.models import Attachment, AuditEntry, Job
from portal.kernel.models.job import JobState
from tests.bench.back import ROOMS
from tests.clock import NOON
from tests.factories.members import make_user
from tests.tables import shape

ROOT = Path(settings.BASE_DIR)


class Scratch:
    """An empty database beside the one of the tests, with an empty storage: another machine."""

    def __init__(self, folder: Path) -> None:
        self.name = f"scratch_{token_hex(6)}"
        self.media, self.mail, self.anchor = folder / "media", folder / "mail", folder / "anchor" / "audit.jsonl"
        self.execute("CREATE DATABASE {}")

    @property
    def address(self) -> str:
        """As DATABASE_URL names it."""
        db = connection.settings_dict
        return f"postgres://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}/{self.name}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(backups.address(), dbname="postgres", autocommit=True) as there:
            there.execute(sql.SQL(statement).format(sql.Identifier(self.name)))

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A command of manage.py over there."""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "DATABASE_URL": self.address,
            "TEST_MEDIA_ROOT": str(self.media),
            "AUDIT_ANCHOR": str(self.anchor),
            "TEST_MAIL": str(self.mail),
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            **more,
        }
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    def migrate(self) -> None:
        """All tables: a copy of those that the migrations made for the tests, where there is such a database."""
        if template := os.environ.get("TEST_TEMPLATE"):
            self.execute("DROP DATABASE {}")
            self.execute(f"CREATE DATABASE {{}} TEMPLATE {template}")
        else:
            done = self.manage("migrate", "--noinput", "--verbosity=0")
            assert done.returncode == 0, done.stderr

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with psycopg.connect(backups.address(), dbname=self.name) as there:
            return there.execute(question.encode()).fetchall()


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    scratch = Scratch(tmp_path / "scratch")
    yield scratch
    scratch.execute("DROP DATABASE {} WITH (FORCE)")


@pytest.fixture
def life(transactional_db: None, settings: object, tmp_path: Path) -> None:
    """A portal that has been used: a person with a session, audited acts, files, jobs in every state."""
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    settings.AUDIT_ANCHOR = tmp_path / "anchor.jsonl"  # type: ignore[attr-defined]
    person = make_user("drill", "样例演练")
    Client().force_login(person)
    with transaction.atomic():
        for number in range(5):
            audit.record(actor=person, action="drill", subject=person, at=NOON, facts={"number": number})
    for number in range(3):
        files.store_bytes(f"content {number}".encode(), name=f"{number}.txt", mime="text/plain", kind="drill", at=NOON)
    waiting = [send_later(number) for number in range(3)]
    Job.objects.filter(pk=waiting[0].pk).update(
        state=JobState.DONE, progress=100, finished_at=NOON, started_at=NOON, attempts=1
    )
    Job.objects.filter(pk=waiting[1].pk).update(
        state=JobState.RUNNING, started_at=NOON, attempts=1, lease_until=NOON + timedelta(minutes=1)
    )
    ask_reset(email=person.email, language="en", at=NOON)
    inside = jobs.enqueue(kind="drill.inside", key="drill", params={}, requested_by=person, at=NOON)
    Job.objects.filter(pk=inside.pk).update(
        state=JobState.RUNNING, started_at=NOON, attempts=3, lease_until=NOON + timedelta(minutes=1)
    )


def send_later(number: int) -> Job:
    return mail.send_mail_later(
        to=f"drill{number}@sample.test", subject="Drill", template="invitation", context={}, language="en",
        key=f"drill-{number}", at=NOON,
    )  # fmt: skip


# --- backup and restore ------------------------------------------------------------------------
def test_r10_a_backup_is_restored_on_an_empty_machine_and_nothing_is_sent_twice(
    life: None, scratch: Scratch, tmp_path: Path
) -> None:
    audit_chain.anchor_head(at=NOON)  # the other machine does not have this file
    call_command("backup", str(tmp_path / "night"))
    before = json.loads((tmp_path / "night" / "manifest.json").read_text())

    done = scratch.manage("restore", str(tmp_path / "night"))
    trail = scratch.manage("verify_audit")
    again = scratch.manage("backup", str(tmp_path / "again"))
    after = json.loads((tmp_path / "again" / "manifest.json").read_text())
    states = scratch.ask("SELECT kind, state, attempts < max_attempts FROM kernel_job ORDER BY kind, state")

    assert (done.returncode, trail.returncode, again.returncode) == (0, 0, 0), done.stderr + trail.stderr + again.stderr
    grown = {table: after["rows"][table] - rows for table, rows in before["rows"].items()}
    assert {table: more for table, more in grown.items() if more} == {"kernel_auditentry": 1}
    assert scratch.ask("SELECT action FROM kernel_auditentry ORDER BY id DESC LIMIT 1") == [("restore",)]
    assert (after["files"], after["migrations"]) == (before["files"], before["migrations"])
    assert len(before["files"]) == 3
    assert scratch.ask("SELECT count(*) FROM django_session") == [(0,)]
    assert states == [
        ("drill.inside", "QUEUED", True),
        ("kernel.mail", "CANCELLED", True),
        ("kernel.mail", "CANCELLED", True),
        ("kernel.mail", "DONE", True),
        ("kernel.mail.reset", "CANCELLED", True),
    ]
    assert sweep(scratch) == "[]"
    assert not scratch.mail.exists()


def sweep(scratch: Scratch) -> str:
    """Do everything that is due over there and tell which mails went out."""
    code = (
        "from django.utils import timezone\n"
        "from portal.kernel import jobs, mail\n"
        "from portal.kernel.models import Job\n"
        "sent = [str(i) for i in jobs.sweep(timezone.now()) if Job.objects.get(pk=i).kind == mail.KIND]\n"
        "print(sent)"
    )
    return scratch.manage("shell", "--no-imports", "-c", code).stdout.strip()


def test_r09_what_was_wiped_is_back_as_it_was(life: None, scratch: Scratch, tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "night"))
    assert scratch.manage("restore", str(tmp_path / "night")).returncode == 0
    scratch.execute("DROP DATABASE {} WITH (FORCE)")
    scratch.execute("CREATE DATABASE {}")
    shutil.rmtree(scratch.media)

    done = scratch.manage("restore", str(tmp_path / "night"))

    head = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    assert done.returncode == 0, done.stderr
    assert scratch.ask(f"SELECT id, hash FROM kernel_auditentry WHERE id = {head[0]}") == [head]  # noqa: S608
    assert sorted(path.name for path in scratch.media.rglob("*") if path.is_file()) == sorted(
        Path(path).name for path in Attachment.objects.values_list("path", flat=True)
    )


@pytest.mark.parametrize("part", ["database.dump", "manifest.json", "files"])
def test_r11_one_byte_changed_in_a_backup_is_found(life: None, tmp_path: Path, part: str) -> None:
    call_command("backup", str(tmp_path / "night"))
    found = tmp_path / "night" / part
    victim = found if found.is_file() else next(path for path in found.rglob("*") if path.is_file())
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(bytes(content))

    with pytest.raises(CommandError, match=r"has been changed$"):
        call_command("verify_backup", str(tmp_path / "night"))


def test_r11_a_file_missing_from_a_backup_or_too_many_is_found(life: None, tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "night"))
    next(path for path in (tmp_path / "night" / "files").rglob("*") if path.is_file()).unlink()
    (tmp_path / "night" / "files" / "stray").write_text("?")

    with pytest.raises(CommandError, match=r"is missing\nthe file stray belongs to nothing$"):
        call_command("verify_backup", str(tmp_path / "night"))


def test_a_backup_with_a_file_lost_from_the_storage_is_not_called_one(life: None, tmp_path: Path) -> None:
    Attachment.objects.order_by("id").first().file.unlink()

    with pytest.raises(CommandError, match=r"in the database and not in the storage$"):
        call_command("backup", str(tmp_path / "night"))

    assert [path.name for path in tmp_path.iterdir() if "night" in path.name] == []


def test_a_restore_never_goes_over_what_is_there(life: None, tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "night"))

    with pytest.raises(CommandError, match=r"^the database is not empty$"):
        call_command("restore", str(tmp_path / "night"))


# --- keys --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_o04_a_new_secret_key_signs_nobody_out_while_the_old_one_falls_back(client: Client) -> None:
    client.force_login(make_user("rotating", "样例轮换"))
    old = settings.SECRET_KEY
    signed = dumps("facts")

    with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=[old]):
        kept = client.get("/workbench/").status_code
        facts = loads(signed)
    with override_settings(SECRET_KEY="m" * 60, SECRET_KEY_FALLBACKS=[]):
        dropped = client.get("/workbench/").status_code
        with pytest.raises(BadSignature):
            loads(signed)

    assert (kept, facts, dropped) == (200, "facts", 302)


# --- migrations --------------------------------------------------------------------------------
NEWEST = 10  # migrations; `bin/bench back` undoes all of them


def newest() -> dict[str, str]:
    """The rooms whose newest migrations are undone, and where to: on none of these does an older one build."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    gone = {(one.app_label, one.name) for one, _back in [step for step in plan if step[0].app_label in ROOMS][-NEWEST:]}
    kept = {one.app_label: one.name for one, _back in plan if (one.app_label, one.name) not in gone}
    return {room: kept.get(room, "zero") for room in ROOMS if room in {label for label, _name in gone}}


def test_o03_the_newest_migrations_go_back_and_forth_to_the_same_tables(
    transactional_db: None, scratch: Scratch
) -> None:
    scratch.migrate()
    before, done = shape(scratch.address), "SELECT count(*) FROM django_migrations"
    [all_of_them] = scratch.ask(done)

    undone = [scratch.manage("migrate", room, name, "--verbosity=0") for room, name in newest().items()]
    left = scratch.ask(done)
    again = scratch.manage("migrate", "--noinput", "--verbosity=0")

    assert {one.returncode for one in (*undone, again)} == {0}, [one.stderr for one in (*undone, again)]
    assert left == [(all_of_them[0] - NEWEST,)]
    assert (scratch.ask(done), shape(scratch.address)) == ([all_of_them], before)


# --- what is inside ----------------------------------------------------------------------------
def test_o01_the_list_of_components_is_that_of_the_lock(tmp_path: Path) -> None:
    subprocess.run([ROOT / ".ci" / "sbom", tmp_path / "sbom.json"], check=True, capture_output=True)
    bom = json.loads((tmp_path / "sbom.json").read_text())
    command = ["uv", "export", "--frozen", "--offline", "--no-dev", "--no-hashes", "--no-annotate", "--no-header"]
    locked = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    named = {f"{part['name']}=={part['version']}" for part in bom["components"]}
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.5")
    assert named == {line.split(" ;")[0] for line in locked.splitlines() if line}
    assert all(part["purl"].startswith("pkg:pypi/") for part in bom["components"])


SECRETS = {
    "private key": re.compile(r"-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP )?PRIVATE KEY"),
    "cloud key": re.compile(r"\b(?:AKIA|LTAI|AKID)[0-9A-Za-z]{12,}\b"),
    "token": re.compile(r"\b(?:ghp|gho|ghs|glpat|xox[bp]|sk-ant|pypi-AgE)[-_A-Za-z0-9]{16,}\b"),
    "key in a setting": re.compile(
        r"(?m)^[ \t]*[A-Z_]*(?:SECRET|PASSWORD|TOKEN|FIELD_KEYS)[A-Z_]*[ \t]*=[ \t]*[\"']?[0-9A-Za-z+/]{24,}"
    ),
}


def tracked() -> list[Path]:
    """Every text file of the checkout that is not made by it."""
    listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                             capture_output=True, text=True, check=False)  # fmt: skip
    names = [name for name in listing.stdout.split("\0") if name]
    return [
        ROOT / name for name in names if not name.endswith((".lock", ".ttf", ".png", ".woff2", ".mo", ".jpg", ".gz"))
    ]


def test_o05_no_secret_stands_in_the_repository() -> None:
    paths = [path for path in tracked() if path.is_file()]

    found = [
        (kind, str(path.relative_to(ROOT)))
        for path in paths
        for kind, pattern in SECRETS.items()
        if pattern.search(path.read_text(errors="replace"))
    ]

    assert len(paths) > 300
    assert found == []


def test_o05_no_secret_stands_in_its_history() -> None:
    command = ["git", "log", "-p", "--all", "--no-color", "--unified=0", "--", ".", ":!uv.lock", ":!static"]
    history = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode(errors="replace")
    added = "\n".join(line[1:] for line in history.splitlines() if line.startswith("+"))

    assert {kind: pattern.findall(added) for kind, pattern in SECRETS.items()} == {kind: [] for kind in SECRETS}


def test_o05_the_search_finds_what_it_is_for() -> None:
    samples = [
        "-----BEGIN RSA PRIVATE " + "KEY-----", "LTAI" + "4FxSample0000000", "ghp_" + "a1" * 18,
        "SECRET_KEY = '" + "0f" * 20 + "'",
    ]  # fmt: skip

    assert [kind for text in samples for kind, pattern in SECRETS.items() if pattern.search(text)] == list(SECRETS)
