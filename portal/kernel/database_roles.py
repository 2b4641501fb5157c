"""The three roles of the database, and which rights a connection has that it should not have.

The owner migrates. The runtime role (web, worker, beat) works on the business tables and can only append to and read
the audit trail. The reader, for auditors with tools of their own, reads the audit trail and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004
from django.db import connections
from psycopg import sql

TRAIL, CHECKPOINTS = "kernel_auditentry", "kernel_auditcheckpoint"
FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")
HINT = (
    "Give the owner's address as DATABASE_OWNER_URL and that of another role as DATABASE_URL, then run "
    "`manage.py database_roles` (docs/operations.md)."
)

EXCESS = """
SELECT 'superuser' FROM pg_roles WHERE rolname = current_user AND rolsuper
UNION ALL SELECT 'owner of the table' FROM pg_class
    WHERE oid = %(trail)s::regclass AND pg_has_role(current_user, relowner, 'MEMBER')
UNION ALL SELECT right_ FROM unnest(%(rights)s::text[]) AS right_
    WHERE has_table_privilege(current_user, %(trail)s, right_)
UNION ALL SELECT 'UPDATE of a column' WHERE has_any_column_privilege(current_user, %(trail)s, 'UPDATE')
UNION ALL SELECT 'CREATE in the schema' WHERE has_schema_privilege(current_user, 'public', 'CREATE')
UNION ALL SELECT 'past triggers' WHERE has_parameter_privilege(current_user, 'session_replication_role', 'SET')
"""


@dataclass(frozen=True)
class Login:
    """A role and its password; without one it keeps what it has."""

    name: str
    password: str = ""


def excess(cursor: Any) -> list[str]:
    """The rights by which the role of this connection could change the audit trail; none in a database without it."""
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [TRAIL])
    if not cursor.fetchone()[0]:
        return []
    cursor.execute(EXCESS, {"trail": TRAIL, "rights": list(FORBIDDEN)})
    return [right for (right,) in cursor.fetchall()]


def separate(cursor: Any, *, runtime: Login, reader: Login) -> None:
    """Make both roles and give them what they need and nothing more; run again after every migration."""
    for role in (runtime, reader):
        _make(cursor, role)
    for statement in _statements(runtime.name, reader.name):
        cursor.execute(statement)


def _make(cursor: Any, role: Login) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role.name])
    word = "ALTER" if cursor.fetchone() else "CREATE"
    parts = [sql.SQL(word), sql.SQL("ROLE"), sql.Identifier(role.name), sql.SQL("LOGIN NOCREATEDB NOCREATEROLE")]
    if role.password:
        parts += [sql.SQL("PASSWORD"), sql.Literal(role.password)]
    cursor.execute(sql.SQL(" ").join(parts))


def _statements(runtime: str, reader: str) -> list[sql.Composed]:
    names = {
        "runtime": sql.Identifier(runtime),
        "reader": sql.Identifier(reader),
        "database": sql.Identifier(settings.DATABASES["default"]["NAME"]),
        "trail": sql.Identifier(TRAIL),
        "checkpoints": sql.Identifier(CHECKPOINTS),
    }
    return [sql.SQL(statement).format(**names) for statement in RIGHTS]


RIGHTS = (
    "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {runtime}, {reader}",
    "GRANT USAGE ON SCHEMA public TO {runtime}, {reader}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {runtime}, {reader}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {runtime}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {runtime}",
    "REVOKE ALL ON {trail}, {checkpoints}, django_migrations FROM {runtime}",
    "GRANT SELECT, INSERT ON {trail} TO {runtime}",
    "GRANT SELECT ON {checkpoints}, django_migrations TO {runtime}",
    "GRANT SELECT ON {trail}, {checkpoints} TO {reader}",
    # What a later migration adds works at once; a table that must not be changed is cut by the next run.
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {runtime}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {runtime}",
)


@register(Tags.database)
def separated(app_configs: Any = None, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A portal that could change its own audit trail does not start in production, and warns elsewhere."""
    if settings.AS_OWNER:
        return []
    kind = Error if settings.ROLES_REQUIRED else Warning
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            if rights := excess(cursor):
                text = f"The portal's role in the database ({alias}) could change the audit trail: {', '.join(rights)}."
                found.append(kind(text, hint=HINT, id="kernel.E002" if settings.ROLES_REQUIRED else "kernel.W002"))
    return found
