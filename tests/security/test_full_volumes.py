"""R-06: volumes that are really full: reading goes on, nothing is left in halves, room is all it takes to recover."""

import os
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image
from pytest_django import DjangoDbBlocker

from portal.kernel import files
from portal.kernel.audit_anchor import anchors, append
from portal.kernel.models import Attachment
from tests.clock import NOON
from tests.clusters import Cluster
from tests.personas import Personas
from tests.security.test_outages import Portal, make_person
from tests.volumes import Volume, volume
from tests.workers import environment

pytestmark = [pytest.mark.xdist_group("volumes"), pytest.mark.django_db]
TRIES = 200


@pytest.fixture
def small() -> Iterator[Volume]:
    with volume(2) as made:
        yield made


# --- files -------------------------------------------------------------------------------------
def keep(people: Personas, side: int) -> Attachment:
    """A picture of noise, three bytes a point."""
    content = BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(content, "PNG")
    upload = SimpleUploadedFile("样例.png", content.getvalue(), "image/png")
    return files.store(upload, actor=people.lead, kind="drill", at=NOON)


def test_r06_a_full_volume_for_files_refuses_uploads_and_shows_what_is_there(
    people: Personas, small: Volume, settings: Any
) -> None:
    settings.MEDIA_ROOT = small.path / "media"
    first = keep(people, 20)
    content = first.file.read_bytes()
    before = small.files()
    small.fill(left=200_000)

    with pytest.raises(files.FileRefused, match="系统暂时没有足够的存储空间"):
        keep(people, 400)
    held, rows, read = small.files(), Attachment.objects.count(), first.file.read_bytes()
    small.fill()
    full = Client().get("/readyz")
    small.clear()
    again, ready = keep(people, 400), Client().get("/readyz")

    assert held == sorted([*before, "ballast"])
    assert (rows, read) == (1, content)
    assert (full.status_code, full.json()["storage"], ready.status_code) == (503, False, 200)
    assert again.file.stat().st_size > 400 * 400 * 3


# --- anchors of the audit trail ------------------------------------------------------------------
def test_r06_a_full_volume_for_anchors_leaves_no_half_of_a_line(small: Volume, settings: Any) -> None:
    settings.AUDIT_ANCHOR = small.path / "audit.jsonl"
    for entry in range(1, 13):
        append("head", entry=entry, entry_hash="a" * 64, at=NOON + timedelta(minutes=entry))
    small.fill()
    written, refused = 12, 0

    for entry in range(13, 40):
        try:
            written += append("head", entry=entry, entry_hash="a" * 64, at=NOON)
        except OSError:
            refused += 1
    held = [anchor.entry for anchor in anchors()]
    small.clear()
    append("head", entry=40, entry_hash="b" * 64, at=NOON)

    assert refused > 0
    assert held == list(range(1, written + 1))
    assert [anchor.entry for anchor in anchors()] == [*held, 40]


# --- the log -----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_r06_a_full_volume_for_the_log_stops_nobody(small: Volume) -> None:
    there = environment()
    portal = Portal(there["DATABASE_URL"], settings.REDIS_URL, small.path / "log", PORTAL_UNSAFE_DATABASE="1")
    try:
        small.fill()
        full = [portal.ask("/consortia/public/").status for _ in range(40)]
        length = portal.log.stat().st_size
        small.clear()
        again = [portal.ask("/consortia/public/").status for _ in range(8)]
    finally:
        portal.end()

    lines = portal.log.read_text()[length:].splitlines()
    assert (set(full), set(again)) == ({200}, {200})
    assert sum("/consortia/public/" in line for line in lines) >= 8


# --- the database ------------------------------------------------------------------------------
@pytest.fixture
def tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Cluster, Volume]]:
    """A server whose tables lie on a volume of their own."""
    with volume(200) as made:
        cluster = Cluster(made.path)
        try:
            with django_db_blocker.unblock():
                params = connection.get_connection_params()
            words = ("host", "port", "user", "password", "dbname")
            source = psycopg.conninfo.make_conninfo(**{word: params[word] for word in words if params.get(word)})
            cluster.take("portal", source)
            make_person(cluster)
            yield cluster, made
        finally:
            cluster.end()


def test_r06_a_full_volume_for_tables_is_a_sentence_and_reading_goes_on(
    tables: tuple[Cluster, Volume], tmp_path: Path
) -> None:
    cluster, made = tables
    portal = Portal(cluster.url("portal"), settings.REDIS_URL, tmp_path / "log")
    try:
        promised = [portal.sign_in()]
        made.fill()
        while promised[-1] and len(promised) < TRIES:
            promised.append(portal.sign_in())
        refused = portal.send("/account/login/", login="load@sample.test", password="Sample-pass-2026!")
        public = portal.ask("/consortia/public/")
        own = portal.ask("/workbench/", Cookie=f"sessionid={promised[0]}")
        made.clear()
        after = portal.sign_in()
    finally:
        portal.end()

    with psycopg.connect(cluster.url("portal")) as there:
        kept = {key for (key,) in there.execute("SELECT session_key FROM django_session").fetchall()}
    assert promised.pop() == ""
    assert refused.status == 503
    assert (public.status, own.status, own.headers.get("Location")) == (200, 200, None)
    assert after
    assert {*promised, after} - kept == set()
