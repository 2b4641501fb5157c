"""The audit trail under attack: the open cases P-01 to P-06, and where an act came from."""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from celery.signals import task_success
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from consortia.enums import Action, ConsortiumStatus, MilestoneStatus
from consortia.models import Milestone
from consortia.workflow import MILESTONE
from members.models import Organisation
from portal.kernel import audit, audit_requests, origin
from portal.kernel.audit_anchor import TAIL, Anchor, AnchorDamaged, anchors, append, latest
from portal.kernel.audit_chain import anchor_head, verify, watch
from portal.kernel.audit_retention import NothingToPurge, TrailBroken, purge, verify_archive
from portal.kernel.database_roles import separated
from portal.kernel.models import AuditEntry, Notification
from portal.kernel.tasks import sweep_files
from tests.bench import audit as bench
from tests.clock import NOON
from tests.factories.consortia import make_consortium, make_task
from tests.factories.funding import make_tranche
from tests.factories.members import make_organisation
from tests.personas import Personas

SIGN_IN = reverse("account_login")
LANGUAGE = reverse("set_language")


@pytest.fixture(autouse=True)
def _anchor_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_ANCHOR = tmp_path / "anchor" / "audit.jsonl"


@pytest.fixture
def organisation(db: None) -> Organisation:
    return make_organisation()


def write(people: Personas, organisation: Organisation, count: int) -> list[AuditEntry]:
    with transaction.atomic():
        return [
            audit.record(actor=people.officer, action="test", subject=organisation, at=NOON, note=f"第{n}条")
            for n in range(count)
        ]


def tamper(*statements: str) -> None:
    """As whoever owns the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)


def told(entry: AuditEntry) -> tuple[Any, ...]:
    return (entry.action, entry.result, entry.actor, entry.method, entry.path, entry.facts.get("status"))


def enter(user: Any, **facts: Any) -> Client:
    client = Client(raise_request_exception=False, **facts)
    client.force_login(user)
    return client


# --- P-01: every state-changing request ----------------------------------------------------------
def test_p01_an_act_tells_who_in_which_role_from_where(people: Personas) -> None:
    url = reverse("members:user-deactivate", args=[people.officer.pk])

    answer = enter(people.system_admin, REMOTE_ADDR="192.0.2.7").post(url, {"note": "已离职。"})

    (entry,) = AuditEntry.objects.filter(request_id=answer.headers["X-Request-ID"])
    assert (entry.action, entry.actor, entry.roles, entry.address, entry.result, entry.subject_id, entry.path) == (
        "deactivate_user", people.system_admin, "SYSTEM_ADMIN", "192.0.2.7", "done", str(people.officer.pk), url
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "method", "status", "result"),
    [
        ("members:user-deactivate", "post", 403, "refused"),
        ("members:user-detail", "post", 405, "refused"),
        ("members:user-detail", "put", 405, "refused"),
        ("members:user-detail", "patch", 405, "refused"),
        ("members:user-detail", "delete", 405, "refused"),
    ],
)
def test_p01_a_refused_request_is_kept(people: Personas, name: str, method: str, status: int, result: str) -> None:
    url = reverse(name, args=[people.rival.pk])

    answer = getattr(enter(people.security_admin), method)(url)

    assert answer.status_code == status
    (entry,) = AuditEntry.objects.filter(request_id=answer.headers["X-Request-ID"])
    assert told(entry) == ("request", result, people.security_admin, method.upper(), url, status)
    assert (entry.roles, entry.facts["view"]) == ("SECURITY_ADMIN", name)
    assert (entry.facts["object"], entry.facts["object_id"]) == (people.rival.name, str(people.rival.pk))


def test_p01_a_page_that_is_not_there(people: Personas) -> None:
    enter(people.rival).post(reverse("members:user-deactivate", args=[people.lead.pk]), {"note": "x"})
    enter(people.rival).post("/no/such/page/")

    entries = AuditEntry.objects.filter(action="request").order_by("id")
    assert [(entry.result, entry.facts["status"], entry.facts.get("object")) for entry in entries] == [
        ("refused", 404, None)
    ] * 2


def test_p01_a_form_with_mistakes_names_its_fields_and_no_value(people: Personas) -> None:
    url = reverse("members:user-deactivate", args=[people.rival.pk])

    answer = enter(people.system_admin).post(url, {"note": ""})

    entry = AuditEntry.objects.get()
    assert (answer.status_code, told(entry)) == (
        200, ("request", "refused", people.system_admin, "POST", url, 200)
    )  # fmt: skip
    assert entry.facts["fields"] == ["note"]


def test_p01_a_form_without_its_token(people: Personas) -> None:
    client = enter(people.officer, enforce_csrf_checks=True)

    client.post(LANGUAGE, {"language": "en"})

    assert told(AuditEntry.objects.get()) == ("request", "refused", people.officer, "POST", LANGUAGE, 403)


def test_p01_a_stranger_who_is_led_to_the_door_was_refused(people: Personas) -> None:
    url = reverse("members:user-deactivate", args=[people.rival.pk])

    Client(REMOTE_ADDR="192.0.2.7").post(url, {"note": "x"})

    entry = AuditEntry.objects.get()
    assert told(entry) == ("request", "refused", None, "POST", url, 302)
    assert (entry.address, entry.roles) == ("192.0.2.7", "")


def test_p01_whoever_lacks_the_second_factor_was_refused(people: Personas) -> None:
    people.system_admin.authenticator_set.all().delete()
    url = reverse("members:user-deactivate", args=[people.rival.pk])

    enter(people.system_admin).post(url, {"note": "已离职。"})

    assert told(AuditEntry.objects.get(action="request")) == (
        "request", "refused", people.system_admin, "POST", url, 302
    )  # fmt: skip


def test_p01_looking_leaves_no_entry(people: Personas) -> None:
    client = enter(people.system_admin)

    client.get(reverse("members:user-deactivate", args=[people.rival.pk]))
    client.head(SIGN_IN)
    client.options(SIGN_IN)

    assert AuditEntry.objects.count() == 0


def test_p01_a_failed_sign_in_stands_under_the_account(people: Personas) -> None:
    user = people.lead
    answer = Client(REMOTE_ADDR="192.0.2.7").post(SIGN_IN, {"login": user.email, "password": "Wrong-pass-2026"})

    entry = AuditEntry.objects.get()
    assert (answer.status_code, entry.action, entry.result, entry.actor, entry.subject_id, entry.address) == (
        200, "sign_in", "refused", None, str(user.pk), "192.0.2.7"
    )  # fmt: skip
    assert "Wrong-pass" not in json.dumps(entry.facts) + entry.note


def test_p01_a_sign_in_under_an_unknown_address_keeps_no_address(db: None) -> None:
    Client().post(SIGN_IN, {"login": "niemand@sample.test", "password": "Wrong-pass-2026"})

    entry = AuditEntry.objects.get()
    assert told(entry) == ("request", "refused", None, "POST", SIGN_IN, 200)
    assert "niemand" not in json.dumps(entry.facts) + entry.note + entry.subject_label


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("members:invitation-accept", ["Live-token:2026_x"]),
        ("members:email-confirm", ["Live-token:2026_x"]),
        ("account_reset_password_from_key", ["1a", "Live-token:2026_x"]),
    ],
)
@pytest.mark.parametrize("cut", [None, -1])
def test_p01_what_opens_a_door_is_not_kept(db: None, name: str, arguments: list[str], cut: int | None) -> None:
    kwargs = dict(zip(("uidb36", "key"), arguments, strict=True)) if len(arguments) > 1 else {"token": arguments[0]}

    Client(raise_request_exception=False).post(reverse(name, kwargs=kwargs)[:cut], {})

    assert [
        (entry.path.count("***"), "Live-token" in json.dumps({n: str(v) for n, v in vars(entry).items()}))
        for entry in AuditEntry.objects.all()
    ] == [(len(arguments), False)]


def test_p01_signing_out_is_kept(people: Personas) -> None:
    enter(people.lead).post(reverse("account_logout"))

    assert [(entry.action, entry.actor) for entry in AuditEntry.objects.all()] == [("sign_out", people.lead)]


def test_p01_what_was_undone_is_kept_as_refused(people: Personas) -> None:
    """The service's own entry goes with its transaction; the request's takes its place."""
    deactivate = reverse("members:user-deactivate", args=[people.officer.pk])
    client = enter(people.system_admin)
    client.post(deactivate, {"note": "已离职。"})

    answer = client.post(deactivate, {"note": "再次。"})

    (entry,) = AuditEntry.objects.filter(request_id=answer.headers["X-Request-ID"])
    assert (entry.action, entry.result) == ("request", "refused")


def test_p01_a_flood_of_strangers_is_counted_not_listed(db: None) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    for _ in range(200):
        client.post("/no/such/page/")
    Client(REMOTE_ADDR="192.0.2.8").post("/no/such/page/")

    mine = AuditEntry.objects.filter(address="192.0.2.7")
    told_counts = [entry.facts["requests_this_minute"] for entry in mine if "requests_this_minute" in entry.facts]
    assert mine.count() <= 2 * (20 + 4)  # the minute may turn meanwhile
    assert max(told_counts) >= 40
    assert AuditEntry.objects.filter(address="192.0.2.8").count() == 1


def test_p01_one_customer_of_ipv6_is_one_network() -> None:
    found = {audit_requests.network(f"2001:db8:1:2:{n:x}::1") for n in range(50)}

    assert (found, audit_requests.network("192.0.2.7")) == ({"2001:db8:1:2::"}, "192.0.2.7")


@pytest.mark.parametrize(("count", "due"), [(1, True), (20, True), (21, False), (40, True), (60, False), (80, True)])
def test_p01_of_a_flood_each_doubling_is_told(count: int, due: bool) -> None:
    assert audit_requests._is_due(count, 20) is due


def test_p01_a_job_names_itself(people: Personas, organisation: Organisation) -> None:
    seen: list[origin.Origin] = []

    def note(**_kwargs: Any) -> None:
        seen.append(origin.current())

    task_success.connect(note, weak=False)
    try:
        sweep_files.apply(task_id="task-0001")
    finally:
        task_success.disconnect(note)

    assert [(here.method, here.path, here.request_id) for here in seen] == [
        ("JOB", "portal.kernel.tasks.sweep_files", "task-0001")
    ]
    assert origin.current() == origin.NOWHERE


# --- P-02: tampering is found, and an alarm is raised --------------------------------------------
COPY = """INSERT INTO kernel_auditentry SELECT (jsonb_populate_record(e, jsonb_build_object(
    'id', 8, 'previous', repeat('a', 64), 'hash', repeat('b', 64)))).* FROM kernel_auditentry e WHERE id = 3"""
RENUMBER = "UPDATE kernel_auditentry SET id = id - 100 WHERE id > 100"
TAMPERINGS = {
    "edit": ["UPDATE kernel_auditentry SET note = '假' WHERE id = 3"],
    "edit of the role": ["UPDATE kernel_auditentry SET roles = 'LEADER' WHERE id = 3"],
    "edit of the address": ["UPDATE kernel_auditentry SET address = '203.0.113.1' WHERE id = 3"],
    "edit of the result": ["UPDATE kernel_auditentry SET result = 'refused' WHERE id = 3"],
    "edit of a fact": ["UPDATE kernel_auditentry SET facts = '{\"sum\": 1}' WHERE id = 3"],
    "deletion": ["DELETE FROM kernel_auditentry WHERE id = 3"],
    "deletion of the first": ["DELETE FROM kernel_auditentry WHERE id = 1"],
    "deletion, closed up": [
        "DELETE FROM kernel_auditentry WHERE id = 3",
        "UPDATE kernel_auditentry SET id = id + 100 WHERE id > 3", RENUMBER.replace("100", "101", 1),
    ],
    "insertion": [COPY],
    "swap": ["UPDATE kernel_auditentry SET id = CASE id WHEN 2 THEN 103 ELSE 104 END WHERE id IN (2, 4)",
             "UPDATE kernel_auditentry SET id = CASE id WHEN 103 THEN 4 ELSE 2 END WHERE id IN (103, 104)"],
    "tail cut": ["DELETE FROM kernel_auditentry WHERE id > 5"],
    "everything": ["DELETE FROM kernel_auditentry"],
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_p02_tampering_raises_an_alarm_at_the_next_watch(
    people: Personas, organisation: Organisation, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    auditor = people.audit_admin
    write(people, organisation, 7)
    watch(at=NOON)
    tamper(*TAMPERINGS[name])

    with caplog.at_level(logging.CRITICAL):
        found = watch(at=NOON + timedelta(minutes=5))

    assert found.breaks != []
    assert [notice.recipient for notice in Notification.objects.filter(kind="reports.trail_broken")] == [auditor]
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert len(anchors()) == 1  # a broken trail is not anchored
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_audit")


def test_p02_the_watch_comes_every_five_minutes() -> None:
    schedule = configured.CELERY_BEAT_SCHEDULE["watch-audit"]

    assert schedule == {"task": "portal.kernel.tasks.watch_audit", "schedule": timedelta(minutes=5)}


def test_p02_an_alarm_that_nobody_has_read_is_not_repeated(people: Personas, organisation: Organisation) -> None:
    assert people.audit_admin
    write(people, organisation, 3)
    tamper(TAMPERINGS["edit"][0])

    watch(at=NOON)
    watch(at=NOON + timedelta(minutes=5))

    assert Notification.objects.filter(kind="reports.trail_broken").count() == 1


def test_p02_a_sound_trail_is_anchored_once(people: Personas, organisation: Organisation) -> None:
    entries = write(people, organisation, 3)

    assert [watch(at=NOON).breaks, watch(at=NOON + timedelta(minutes=5)).breaks] == [[], []]

    assert [(anchor.kind, anchor.entry, anchor.hash) for anchor in anchors()] == [("head", 3, entries[-1].hash)]


def test_p02_appending_reads_no_more_than_the_last_line(settings: Any) -> None:
    for entry in range(1, 61):
        append("head", entry=entry, entry_hash=f"{entry:064x}", at=NOON)
    file = settings.AUDIT_ANCHOR
    assert file.stat().st_size > 2 * TAIL

    again = append("head", entry=60, entry_hash=f"{60:064x}", at=NOON)
    file.write_bytes(b"changed" + file.read_bytes())
    more = append("head", entry=61, entry_hash=f"{61:064x}", at=NOON)

    assert (again, more, latest()) == (False, True, Anchor(**json.loads(file.read_bytes().splitlines()[-1])))
    with pytest.raises(AnchorDamaged, match="line 1 cannot be read"):
        anchors()
    file.write_bytes(file.read_bytes().removeprefix(b"changed"))
    assert [anchor.entry for anchor in anchors()] == list(range(1, 62))


def test_p02_a_torn_last_line_takes_no_other(settings: Any) -> None:
    append("head", entry=1, entry_hash="0" * 64, at=NOON)
    settings.AUDIT_ANCHOR.write_bytes(settings.AUDIT_ANCHOR.read_bytes()[:50])

    with pytest.raises(AnchorDamaged, match="the last line cannot be read"):
        append("head", entry=2, entry_hash="1" * 64, at=NOON)


def test_p02_a_changed_anchor_file_is_found(people: Personas, organisation: Organisation) -> None:
    for n in range(3):
        write(people, organisation, 1)
        anchor_head(at=NOON + timedelta(minutes=n))
    file = configured.AUDIT_ANCHOR
    lines = file.read_text().splitlines(keepends=True)

    file.write_text(lines[0] + lines[2])

    assert verify().breaks == ["the anchor file was changed: line 2 does not follow from the one before"]


LOSSES = {
    "missing": "the anchor file is missing: 3 lines were written, up to entry 3",
    "cut": "the end of the anchor file is missing: 2 of 3 lines are left",
    "replaced": "the anchor file was replaced: it ends with entry 1, but entry 3 was anchored",
}


@pytest.mark.parametrize("name", LOSSES)
def test_p02_a_lost_anchor_hides_no_missing_end(
    people: Personas, organisation: Organisation, name: str, settings: Any
) -> None:
    first, *_rest = [(write(people, organisation, 1)[0], watch(at=NOON))[0] for _ in range(3)]
    file, broken = settings.AUDIT_ANCHOR, LOSSES[name]
    kept = file.read_text().splitlines(keepends=True)
    file.unlink()
    if name == "cut":
        file.write_text("".join(kept[:2]))
    for kind in ("head", "purge", "head") if name == "replaced" else ():
        append(kind, entry=1, entry_hash=first.hash, at=NOON)
    tamper("DELETE FROM kernel_auditentry WHERE id > 2")
    before = file.read_bytes() if file.exists() else None

    found = watch(at=NOON + timedelta(minutes=5))

    assert broken in found.breaks
    assert (file.read_bytes() if file.exists() else None) == before  # nothing is anchored over it
    for command in ("verify_audit", "anchor_audit"):
        with pytest.raises(CommandError, match=broken):
            call_command(command)


def test_p02_whoever_lost_the_anchors_says_so(people: Personas, organisation: Organisation, settings: Any) -> None:
    write(people, organisation, 3)
    watch(at=NOON)
    settings.AUDIT_ANCHOR.unlink()

    call_command("anchor_audit", anew=True, stdout=StringIO())

    assert (verify().breaks, [anchor.entry for anchor in anchors()]) == ([], [4])
    assert AuditEntry.objects.get(pk=4).action == "anchor_anew"


def test_p02_the_command_anchors_and_verifies(people: Personas, organisation: Organisation) -> None:
    *_, last = write(people, organisation, 2)
    out = StringIO()

    call_command("anchor_audit", stdout=out)
    call_command("verify_audit", stdout=out, stderr=StringIO())

    assert out.getvalue() == (
        f"entry 2 {last.hash} in {configured.AUDIT_ANCHOR}\n2 entries, unbroken; head 2 {last.hash}\n"
    )


# --- P-03: the runtime role cannot change the trail ----------------------------------------------
@pytest.fixture
def roles(db: None) -> Iterator[tuple[str, str]]:
    """Both roles, with names of this database, gone with the transaction of the test."""
    name = connection.settings_dict["NAME"]
    pair = (f"{name}_app", f"{name}_auditor")
    call_command("database_roles", runtime=pair[0], reader=pair[1], stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    yield pair
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{role}"')


def attempt(statement: str) -> str:
    """What the database says to a statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except (ProgrammingError, OperationalError) as error:
        return "denied" if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege) else str(error)
    return "done"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_auditentry SET note = 'x'",
        "UPDATE kernel_auditentry SET note = 'x' WHERE false",
        "DELETE FROM kernel_auditentry",
        "DELETE FROM kernel_auditentry WHERE false",
        "TRUNCATE kernel_auditentry",
        "DROP TABLE kernel_auditentry",
        "ALTER TABLE kernel_auditentry DISABLE TRIGGER audit_append_only",
        "ALTER TABLE kernel_auditentry DISABLE TRIGGER ALL",
        "ALTER TABLE kernel_auditentry ADD COLUMN x int",
        "ALTER TABLE kernel_auditentry OWNER TO CURRENT_USER",
        "DROP TRIGGER audit_append_only ON kernel_auditentry",
        "CREATE TRIGGER x BEFORE INSERT ON kernel_auditentry FOR EACH ROW EXECUTE FUNCTION kernel_audit_refuse()",
        "DROP FUNCTION kernel_audit_refuse() CASCADE",
        "CREATE OR REPLACE FUNCTION kernel_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "CREATE RULE x AS ON INSERT TO kernel_auditentry DO INSTEAD NOTHING",
        "SET LOCAL session_replication_role = replica",
        "INSERT INTO kernel_auditcheckpoint VALUES (1, '', now(), '', '')",
        "CREATE TABLE x (y int)",
        "CREATE TEMPORARY TABLE kernel_auditentry (y int)",
        "DELETE FROM django_migrations",
    ],
)
def test_p03_the_runtime_role_is_denied(
    people: Personas, organisation: Organisation, roles: tuple[str, str], statement: str
) -> None:
    write(people, organisation, 1)
    become(roles[0])

    assert attempt(statement) == "denied"


def test_p03_the_runtime_role_does_the_work_of_the_portal(
    people: Personas, organisation: Organisation, roles: tuple[str, str]
) -> None:
    client = enter(people.system_admin)
    url = reverse("members:user-deactivate", args=[people.officer.pk])
    become(roles[0])

    answer = client.post(url, {"note": "已离职。"})

    assert (answer.status_code, verify().breaks) == (302, [])
    assert AuditEntry.objects.get(action="deactivate_user").actor == people.system_admin


def test_p03_the_runtime_role_has_every_right_on_every_other_table(roles: tuple[str, str]) -> None:
    question = """SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND NOT (has_table_privilege(%(r)s, c.oid, 'SELECT') AND has_table_privilege(%(r)s, c.oid, 'INSERT')
        AND has_table_privilege(%(r)s, c.oid, 'UPDATE') AND has_table_privilege(%(r)s, c.oid, 'DELETE')) ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(question, {"r": roles[0]})
        assert [name for (name,) in cursor.fetchall()] == [
            "django_migrations", "kernel_auditcheckpoint", "kernel_auditentry"
        ]  # fmt: skip


def test_p03_the_reader_reads_the_trail_and_nothing_else(
    people: Personas, organisation: Organisation, roles: tuple[str, str]
) -> None:
    write(people, organisation, 2)
    become(roles[1])

    assert AuditEntry.objects.count() == 2
    assert [attempt(statement) for statement in (
        "SELECT * FROM members_user", "SELECT * FROM django_session", "DELETE FROM kernel_auditentry",
        "INSERT INTO kernel_auditcheckpoint VALUES (1, '', now(), '', '')", "CREATE TABLE x (y int)",
    )] == ["denied"] * 5  # fmt: skip


def test_p03_the_second_run_changes_nothing(roles: tuple[str, str]) -> None:
    rights = "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    with connection.cursor() as cursor:
        cursor.execute(rights)
        before = cursor.fetchall()
        call_command("database_roles", runtime=roles[0], reader=roles[1], stdout=StringIO())
        cursor.execute(rights)
        assert cursor.fetchall() == before


def test_p03_the_owner_is_not_made_the_runtime_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    with pytest.raises(CommandError, match="owns the tables"):
        call_command("database_roles", runtime=owner)


def test_p03_production_does_not_start_with_rights_on_the_trail(roles: tuple[str, str], settings: Any) -> None:
    settings.AS_OWNER = False
    found = {}
    for required in (False, True):
        settings.ROLES_REQUIRED = required
        found[required] = [message.id for message in separated(databases=["default"])]
    become(roles[0])
    found["runtime role"] = [message.id for message in separated(databases=["default"])]

    assert found == {False: ["kernel.W002"], True: ["kernel.E002"], "runtime role": []}


# --- P-04: no entry, no action -------------------------------------------------------------------
@pytest.fixture
def milestone(people: Personas) -> Milestone:
    task = make_task(make_consortium(people, status=ConsortiumStatus.OPERATING), milestones=2)
    return task.milestones.get(status=MilestoneStatus.PLANNED)


def reach(milestone: Milestone, people: Personas) -> None:
    with MILESTONE.moving(milestone, Action.REACH, actor=people.lead, at=NOON) as locked:
        locked.actual, locked.reached_on = 2, NOON.date()


def test_p04_without_the_right_to_write_the_trail_nothing_is_done(
    people: Personas, milestone: Milestone, roles: tuple[str, str]
) -> None:
    assert people.lead.roles
    with connection.cursor() as cursor:
        cursor.execute(f'REVOKE INSERT ON kernel_auditentry FROM "{roles[0]}"')
    become(roles[0])

    with pytest.raises(ProgrammingError):
        reach(milestone, people)

    milestone.refresh_from_db()
    assert (milestone.status, AuditEntry.objects.count()) == (MilestoneStatus.PLANNED, 0)


@pytest.mark.django_db(transaction=True)
def test_p04_while_the_trail_is_locked_nothing_is_done(people: Personas, milestone: Milestone) -> None:
    client, officer = enter(people.system_admin), people.officer
    with psycopg.connect(**_parameters()) as other:
        other.execute("LOCK TABLE kernel_auditentry IN ACCESS EXCLUSIVE MODE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(OperationalError):
            reach(milestone, people)
        answer = client.post(reverse("members:user-deactivate", args=[officer.pk]), {"note": "已离职。"})
        other.rollback()
    connection.close()

    milestone.refresh_from_db()
    officer.refresh_from_db()
    assert (answer.status_code, milestone.status, officer.is_active) == (503, MilestoneStatus.PLANNED, True)


def _parameters() -> dict[str, Any]:
    names = ("host", "port", "user", "password", "dbname")
    return {name: value for name, value in connection.get_connection_params().items() if name in names}


@pytest.mark.django_db(transaction=True)
def test_p04_what_only_the_request_would_have_recorded_is_refused_too(people: Personas) -> None:
    client = enter(people.officer)
    with psycopg.connect(**_parameters()) as other:
        other.execute("LOCK TABLE kernel_auditentry IN ACCESS EXCLUSIVE MODE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        answers = [client.post(LANGUAGE, {"language": "en"}).status_code, client.post("/no/such/page/").status_code]
        other.rollback()
    connection.close()

    assert answers == [503, 404]  # a refusal remains a refusal


# --- P-05: how long it is kept -------------------------------------------------------------------
def written(people: Personas, subject: Any, *days_ago: int) -> None:
    with transaction.atomic():
        for days in days_ago:
            audit.record(actor=people.officer, action="test", subject=subject, at=NOON - timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "left"), [((179, 1), 2), ((180, 1), 2), ((181, 1), 2), ((181, 179, 1), 3), ((400, 181, 179), 2), ((1,), 1)]
)
def test_p05_what_is_younger_than_180_days_stays(
    people: Personas, organisation: Organisation, tmp_path: Path, days: tuple[int, ...], left: int
) -> None:
    written(people, organisation, *days)

    with suppress(NothingToPurge):
        purge(folder=tmp_path / "archive", at=NOON)

    assert AuditEntry.objects.filter(at__gte=NOON - timedelta(days=180), action="test").count() == sum(
        day <= 180 for day in days
    )
    assert (AuditEntry.objects.count(), verify().breaks) == (left, [])


def test_p05_what_is_about_money_stays_three_years(
    people: Personas, organisation: Organisation, tmp_path: Path
) -> None:
    tranche = make_tranche(people)
    written(people, organisation, 1200)
    written(people, tranche, 1090)
    written(people, organisation, 400, 1)

    purge(folder=tmp_path, at=NOON)

    ages = [(NOON - entry.at).days for entry in AuditEntry.objects.filter(action="test").order_by("id")]
    assert ages == [1090, 400, 1]


def test_p05_the_chain_goes_on_behind_the_checkpoint(
    people: Personas, organisation: Organisation, tmp_path: Path
) -> None:
    written(people, organisation, 400, 300, 200, 2)
    anchor_head(at=NOON)

    done = purge(folder=tmp_path, at=NOON)
    written(people, organisation, 1)

    assert (done.entries, done.last_id, verify().breaks, verify_archive(done.archive).breaks) == (3, 3, [], [])
    assert list(AuditEntry.objects.order_by("id").values_list("id", "action")) == [
        (4, "test"), (5, "purge_audit"), (6, "test")
    ]  # fmt: skip
    assert [(anchor.kind, anchor.entry) for anchor in anchors()] == [("head", 4), ("purge", 3)]


def test_p05_what_a_purge_took_can_be_taken_by_nobody_else(
    people: Personas, organisation: Organisation, tmp_path: Path
) -> None:
    written(people, organisation, 400, 300, 200, 2)
    hashes = dict(AuditEntry.objects.values_list("id", "hash"))
    anchor_head(at=NOON)

    tamper(
        "DELETE FROM kernel_auditentry WHERE id <= 2",
        f"INSERT INTO kernel_auditcheckpoint VALUES (2, '{hashes[2]}', now(), '', '')",  # noqa: S608
    )

    assert verify().breaks == ["entries up to 2 were removed and no anchor says so"]


def test_p05_a_broken_trail_is_not_purged(people: Personas, organisation: Organisation, tmp_path: Path) -> None:
    written(people, organisation, 400, 300, 2)
    tamper("UPDATE kernel_auditentry SET note = '假' WHERE id = 1")

    with pytest.raises(TrailBroken):
        purge(folder=tmp_path, at=NOON)

    assert (AuditEntry.objects.count(), list(tmp_path.glob("*.gz"))) == (3, [])


def test_p05_the_portal_itself_cannot_purge(
    people: Personas, organisation: Organisation, roles: tuple[str, str], tmp_path: Path
) -> None:
    written(people, organisation, 400, 2)
    become(roles[0])

    with pytest.raises(CommandError, match="Only the owner"):
        call_command("purge_audit", tmp_path)


def test_p05_nothing_purges_by_itself() -> None:
    assert [name for name, entry in configured.CELERY_BEAT_SCHEDULE.items() if "purge" in str(entry)] == []


# --- P-06: what a stranger writes stays one line of bounded length -------------------------------
def test_p06_a_user_agent_is_encoded_and_truncated(db: None) -> None:
    agent = "evil\r\nINFO forged\x1b[31m\u202e" + "a" * 1_000_000

    Client(headers={"user-agent": agent}).post("/no/such/page/")

    (told_agent,) = [entry.facts["agent"] for entry in AuditEntry.objects.all()]
    assert told_agent.startswith(r"evil\r\nINFO forged\x1b[31m\u202eaaa")
    assert (len(told_agent), told_agent.isprintable()) == (origin.AGENT_LENGTH, True)


def test_p06_a_path_is_encoded_and_truncated(people: Personas) -> None:
    enter(people.officer).post("/no%0asuch%1b[2Jpage/" + "a" * 5000)

    entry = AuditEntry.objects.get()
    assert entry.path.startswith(r"/no\nsuch\x1b[2Jpage/aaa")
    assert (len(entry.path), entry.path.isprintable(), len(entry.subject_label)) == (300, True, 250)


def test_p06_the_label_of_an_object_is_one_line(people: Personas, db: None) -> None:
    with transaction.atomic():
        entry = audit.record(
            actor=people.officer, action="test", subject=Organisation(name="样例\n假\x1b[0m　公司"), at=NOON
        )

    assert entry.subject_label == r"样例\n假\x1b[0m" + "　公司"


# --- where an act comes from ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "192.0.2.7"),
        (0, "203.0.113.9", "192.0.2.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 198.51.100.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.7"),
        (1, "junk\n", "192.0.2.7"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "2001:DB8::0001", "2001:db8::1"),
    ],
)
def test_a03_only_our_own_proxies_are_believed(proxies: int, forwarded: str, address: str) -> None:
    assert origin.address({"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": forwarded}, proxies) == address


@pytest.mark.parametrize(
    ("trusted", "given", "kept"),
    [
        (True, "0f8fad5b-d9cb-469f-a165-70867728950e", True),
        (False, "0f8fad5b-d9cb-469f-a165-70867728950e", False),
        (True, "short", False),
        (True, "x" * 65, False),
        (True, "abcdefgh\nINFO forged", False),
        (True, "abcdefgh\n", False),
        (True, "", False),
    ],
)
def test_a_request_id_is_taken_from_our_own_proxy_only(trusted: bool, given: str, kept: bool) -> None:
    found = origin.identifier(given, trusted=trusted)

    assert (found == given) is kept
    assert origin.WELL_FORMED.fullmatch(found)


def test_every_answer_names_its_request(client: Client, db: None) -> None:
    ids = {client.get(url).headers["X-Request-ID"] for url in (SIGN_IN, "/no/such/page/", "/healthz")}

    assert [len(each) for each in ids] == [32, 32, 32]


def test_an_id_that_was_used_before_hides_nothing(people: Personas, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    client = enter(people.officer, headers={"x-request-id": "the-same-id-again"})

    client.post("/no/such/page/")
    client.post("/no/such/page/")

    assert AuditEntry.objects.filter(request_id="the-same-id-again").count() == 2


# --- the benchmark, small ------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_every_random_tampering_is_found_and_the_trail_is_read_fast() -> None:
    figures = {name: value for name, value, _unit in bench.run(tamperings=24, moves=20, entries=5_000)}

    assert (figures["tamperings"], figures["tamperings_found"]) == (24, 24)
    assert figures["verify_rows_per_s"] >= 2_000  # 8,000 on a quiet machine, see bin/bench
    assert figures["overhead_ratio"] > 1
