"""What the tables of a database look like."""

import os
import re
import subprocess

from psycopg import conninfo


def shape(address: str) -> list[str]:
    """Every statement that makes the tables, sorted: the order of tables tells nothing."""
    parts = conninfo.conninfo_to_dict(address)
    password = str(parts.pop("password", ""))
    command = ["pg_dump", "--schema-only", "--no-owner", "--no-acl", conninfo.make_conninfo("", **parts)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PGPASSWORD": password}
    )
    lines = re.sub(r"^(--|\\|SET|SELECT).*$", "", done.stdout, flags=re.MULTILINE)
    return sorted(line for line in lines.splitlines() if line.strip())
