"""A copy of everything that must not be lost: the database and the files, of one and the same moment.

A backup is a directory: `database.dump` (PostgreSQL's custom format), `files/` (as below MEDIA_ROOT) and
`manifest.json` (what must be found again), whose own hash is in `manifest.sha256`. Sessions are left out. The field
keys and the secret key are not in it either: whoever finds a backup reads no bank account.
"""

import hashlib
import json
import logging
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

logger = logging.getLogger(__name__)

FORMAT = 1
DUMP, FILES, MANIFEST, SEAL = "database.dump", "files", "manifest.json", "manifest.sha256"
NOT_KEPT = ("django_session", "usersessions_usersession")
BLOCK = 1024 * 1024
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
ATTACHMENTS = "SELECT path, size, sha256 FROM kernel_attachment ORDER BY path"
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
AUDIT = "SELECT count(*), (SELECT hash FROM kernel_auditentry ORDER BY id DESC LIMIT 1) FROM kernel_auditentry"

Manifest = dict[str, Any]


class BackupFault(Exception):
    """Why a backup cannot be made, trusted or restored; `faults` are sentences."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults[:20]))
        self.faults = faults


# --- making ------------------------------------------------------------------------------------
def make(target: Path, at: datetime) -> Manifest:
    """Write a new backup at `target`, which must not exist, verify it, and only then give it its name."""
    if target.exists():
        raise BackupFault(f"{target} exists already")
    unfinished = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    unfinished.mkdir(parents=True, mode=0o700)
    try:
        manifest = fill(unfinished, at)
        verify(unfinished)
        sync(unfinished)
        unfinished.rename(target)
        sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return manifest


def fill(folder: Path, at: datetime) -> Manifest:
    """Dump, files and manifest as one snapshot of the database sees them: files are never changed."""
    with snapshot() as (cursor, name):
        dump(folder / DUMP, name)
        manifest = {"format": FORMAT, "at": at.isoformat(), **found(cursor)}
    for entry in manifest["files"]:
        copy(Path(settings.MEDIA_ROOT) / entry["path"], folder / FILES / entry["path"])
    manifest["dump"] = {"size": (folder / DUMP).stat().st_size, "sha256": sha256(folder / DUMP)}
    written = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    (folder / MANIFEST).write_bytes(written)
    (folder / SEAL).write_text(f"{hashlib.sha256(written).hexdigest()}  {MANIFEST}\n")
    return manifest


@contextmanager
def snapshot() -> Iterator[tuple[psycopg.Cursor[Any], str]]:
    """One moment of the database, which pg_dump can look at too."""
    with psycopg.connect(address(), autocommit=True) as there, there.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0")
        row = cursor.execute("SELECT pg_export_snapshot()").fetchone()
        yield cursor, row[0] if row else ""


def found(cursor: psycopg.Cursor[Any]) -> Manifest:
    """What a database holds, as the manifest tells it."""
    count, head = rows(cursor, AUDIT)[0]
    return {
        "migrations": [name for (name,) in rows(cursor, MIGRATIONS)],
        "rows": {table: how_many(cursor, table) for (table,) in rows(cursor, TABLES) if table not in NOT_KEPT},
        "audit": {"entries": count, "head": head},
        "files": [{"path": path, "size": size, "sha256": digest} for path, size, digest in rows(cursor, ATTACHMENTS)],
    }


def rows(cursor: psycopg.Cursor[Any], question: str) -> list[tuple[Any, ...]]:
    """All answers to a question of ours."""
    return cursor.execute(question.encode()).fetchall()


def how_many(cursor: psycopg.Cursor[Any], table: str) -> int:
    """Rows of a table."""
    row = cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def dump(file: Path, name: str) -> None:
    """What pg_dump sees in the snapshot `name`. Owners and rights are left to the roles of the new home."""
    left_out = [f"--exclude-table-data={table}" for table in NOT_KEPT]
    run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={name}", f"--file={file}", *left_out)


def copy(source: Path, target: Path) -> None:
    """Raises BackupFault when the file of a row is gone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError:
        raise BackupFault(f"the file {target.name} is in the database and not in the storage") from None


# --- verifying ---------------------------------------------------------------------------------
def verify(folder: Path) -> Manifest:
    """The manifest of a backup of which every byte is as it was written. Raises BackupFault."""
    manifest = read(folder)
    faults = [*dump_faults(folder, manifest), *file_faults(folder / FILES, manifest)]
    if faults:
        raise BackupFault(*faults)
    run("pg_restore", "--list", str(folder / DUMP), connect=False)
    return manifest


def read(folder: Path) -> Manifest:
    """The manifest, if it is the one that was sealed. Raises BackupFault."""
    try:
        written, seal = (folder / MANIFEST).read_bytes(), (folder / SEAL).read_text().split()[0]
    except (OSError, IndexError) as error:
        raise BackupFault(f"{folder} is no backup: {error}") from None
    if hashlib.sha256(written).hexdigest() != seal:
        raise BackupFault("the manifest has been changed")
    manifest: Manifest = json.loads(written)
    if manifest["format"] != FORMAT:
        raise BackupFault(f"the format {manifest['format']} is not known here")
    return manifest


def dump_faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What is wrong with the dump."""
    file = folder / DUMP
    if not file.is_file():
        yield "the dump of the database is missing"
    elif sha256(file) != manifest["dump"]["sha256"]:
        yield "the dump of the database has been changed"


def file_faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Which files below `folder` are missing, changed or too many."""
    wanted = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    yield from (f"the file {path} is missing" for path in sorted(wanted.keys() - there))
    yield from (f"the file {path} belongs to nothing" for path in sorted(there - wanted.keys()))
    for path in sorted(wanted.keys() & there):
        if sha256(folder / path) != wanted[path]:
            yield f"the file {path} has been changed"


def sha256(file: Path) -> str:
    """The hash (hex) of a file of any size."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


# --- the tools ---------------------------------------------------------------------------------
def address() -> str:
    """Where the database is, for libpq; manage.py sees to it that this is the owner's where the roles are apart."""
    params = connection.get_connection_params()
    words = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey")
    return psycopg.conninfo.make_conninfo(**{word: params[word] for word in words if params.get(word)})


def run(program: str, *arguments: str, connect: bool = True) -> None:
    """One of PostgreSQL's programs; the password goes by the environment. Raises BackupFault with what it said."""
    parts: dict[str, Any] = dict(psycopg.conninfo.conninfo_to_dict(address())) if connect else {}
    password = str(parts.pop("password", "") or "")
    command = [program, *arguments]
    if connect:
        command.append(f"--dbname={psycopg.conninfo.make_conninfo(**parts)}")
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupFault(f"{program} failed: {done.stderr.strip()[-2000:]}")


def sync(folder: Path) -> None:
    """Wait until all of it is on the disk."""
    for path in [*folder.rglob("*"), folder]:
        sync_folder(path)


def sync_folder(path: Path) -> None:
    """Wait until a file, or the names in a directory, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
