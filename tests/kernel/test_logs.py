"""What the log tells, and what it never tells."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from portal.kernel import origin
from portal.kernel.logs import Context, Json, Line, redacted
from tests.factories.members import make_user


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json())
    handler.addFilter(Context())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def last(lines: io.StringIO) -> dict[str, object]:
    return json.loads(lines.getvalue().splitlines()[-1])


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_id_and_without_query_or_name(client: Client, lines: io.StringIO) -> None:
    person = make_user("logged", "样例日志")
    client.force_login(person)

    answer = client.get("/workbench/?q=canary-query", headers={"user-agent": "canary-agent"})

    told = last(lines)
    assert {name: told[name] for name in ("method", "path", "view", "status", "user", "request_id")} == {
        "method": "GET", "path": "/workbench/", "view": "home", "status": answer.status_code,
        "user": str(person.pk), "request_id": answer.headers["X-Request-ID"],
    }  # fmt: skip
    assert isinstance(told["duration_ms"], int)
    assert [word for word in ("canary", person.name, person.email) if word in lines.getvalue()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/members/security/", 403), ("/no/such/canary@sample.test/", 404)])
def test_a_refusal_is_one_line_of_django_with_the_id_and_without_traceback(
    client: Client, lines: io.StringIO, path: str, status: int
) -> None:
    client.force_login(make_user("refused", "样例日志"))

    answer = client.get(path)

    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    refusals = [line for line in told if line["logger"] == "django.request"]
    assert answer.status_code == status
    assert [line["request_id"] for line in refusals] == [answer.headers["X-Request-ID"]]
    assert [word for word in ("exception", "canary@", "样例日志") if word in lines.getvalue()] == []


@pytest.mark.django_db
def test_x09_a_key_in_an_address_is_not_logged(client: Client, lines: io.StringIO) -> None:
    client.get("/account/password/reset/key/5f-canarykey/")

    assert "canarykey" not in lines.getvalue()


def test_p06_what_a_stranger_writes_stays_on_one_line_and_is_cut(lines: io.StringIO) -> None:
    logging.getLogger("portal.test").warning("seen %s", 'a\n{"level": "FORGED"}\r\x1b[31m\u202e' + "x" * 1_000_000)

    assert lines.getvalue().count("\n") == 1
    assert len(lines.getvalue()) < 3000
    assert last(lines)["message"][:42] == 'seen a\\n{"level": "FORGED"}\\r\\x1b[31m\\u202e'[:42]  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    [
        "mail to someone@sample.test failed",
        "postgres://portal:hunter22@db/portal",
        "password=hunter22",
        "token: 'hunter22'",
        "call 13812345678 now",
        "id 11010519491231002X",
        "account 6222020200112233445",
        "Key\nDETAIL:  Key (name)=(someone) exists",
    ],
)
def test_x09_personal_data_and_secrets_are_taken_out(text: str) -> None:
    shown = redacted(text)

    assert "***" in shown
    assert [word for word in ("someone", "hunter22", "13812345678", "1231002X", "6222") if word in shown] == []


def test_an_id_of_an_object_is_no_secret() -> None:
    text = "job 0190b8a4-1383-4567-8912-345678901234 failed after 3 attempts"

    assert redacted(text) == text


def test_what_a_job_logs_carries_its_id(lines: io.StringIO) -> None:
    with origin.coming_from(origin.of_job("portal.kernel.tasks.run_job 42", "0123456789abcdef")):
        logging.getLogger("portal.test").info("working")

    assert (last(lines)["request_id"], last(lines)["job"]) == ("0123456789abcdef", "portal.kernel.tasks.run_job 42")


def test_an_error_brings_its_traceback_in_the_same_line(lines: io.StringIO) -> None:
    try:
        int("someone@sample.test")
    except ValueError:
        logging.getLogger("portal.test").exception("broken")

    told = last(lines)
    assert lines.getvalue().count("\n") == 1
    assert str(told["exception"]).splitlines()[-1] == "ValueError: invalid literal for int() with base 10: '***'"


def test_a_human_reads_a_line() -> None:
    record = logging.LogRecord("portal.test", logging.INFO, "", 0, "hello", (), None)
    Context().filter(record)

    assert Line().format(record).endswith("INFO portal.test [-] hello")
