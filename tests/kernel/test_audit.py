"""The audit trail can be appended to, and nothing else."""

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction

from members.models import Organisation
from portal.kernel import audit
from portal.kernel.audit_chain import verify
from portal.kernel.models import AuditEntry
from tests.clock import NOON
from tests.factories.members import make_organisation
from tests.personas import Personas

REFUSED = (InternalError, ProgrammingError)


@pytest.fixture
def organisation(db: None) -> Organisation:
    return make_organisation()


def write(people: Personas, organisation: Organisation, *notes: str) -> list[AuditEntry]:
    with transaction.atomic():
        return [
            audit.record(actor=people.officer, action="test", subject=organisation, at=NOON, note=note)
            for note in notes
        ]


def tamper(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)


def test_entries_are_chained(people: Personas, organisation: Organisation) -> None:
    first, second = write(people, organisation, "一", "二")

    assert (first.previous, second.previous) == (audit.GENESIS, first.hash)
    assert verify().breaks == []


def test_the_trail_of_one_object_is_newest_first(people: Personas, organisation: Organisation) -> None:
    first, second = write(people, organisation, "一", "二")
    write(people, make_organisation(), "三")

    assert list(audit.trail(organisation)) == [second, first]


@pytest.mark.parametrize(
    "sql",
    ["UPDATE kernel_auditentry SET note = 'x'", "DELETE FROM kernel_auditentry", "TRUNCATE kernel_auditentry"],
)
def test_the_database_refuses_to_change_or_remove(people: Personas, organisation: Organisation, sql: str) -> None:
    write(people, organisation, "一")

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # pending triggers would stop TRUNCATE before ours does
        with pytest.raises(REFUSED, match="append-only"):
            cursor.execute(sql)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE kernel_auditentry SET note = '假' WHERE note = '二'",
        "UPDATE kernel_auditentry SET actor_name = '样例他人' WHERE note = '二'",
        "DELETE FROM kernel_auditentry WHERE note = '二'",
        "UPDATE kernel_auditentry SET at = at + interval '1 second' WHERE note = '二'",
    ],
)
def test_verification_finds_what_was_done_past_the_trigger(
    people: Personas, organisation: Organisation, sql: str
) -> None:
    write(people, organisation, "一", "二", "三")

    tamper(sql)

    assert len(verify().breaks) == 1
    with pytest.raises(CommandError):
        call_command("verify_audit")


def test_verification_of_an_untouched_trail(
    people: Personas, organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    *_, last = write(people, organisation, "一", "二")

    call_command("verify_audit")

    assert capsys.readouterr().out == f"2 entries, unbroken; head 2 {last.hash}\n"


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_the_transaction_of_its_action() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(actor=None, action="test", subject=Organisation(name="样例"), at=NOON)
