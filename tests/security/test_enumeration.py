"""Who has an account (case A-11): neither what a page says nor how long it takes tells a stranger."""

import math
import re
import statistics
import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.enums import Guard
from members.models import User
from members.rules.notice import current_version
from portal.kernel.models import AuditEntry, Letter
from tests.personas import Personas

LOGIN, RESET, REGISTER = reverse("account_login"), reverse("account_reset_password"), reverse("members:register")
DOORS = [LOGIN, RESET, REGISTER]
SAMPLES = 200  # of known addresses, and as many of unknown ones, in turn
VARYING = {"Content-Length", "Content-Security-Policy", "Expires", "X-Request-ID"}  # length: that of the address
SURELY, FAR = 0.001, 0.10  # by chance once in a thousand runs; a tenth of the median


class LightHasher(Argon2PasswordHasher):
    """Argon2 of some milliseconds: 400 sign-ins go into a test, and a hash that is left out still stands out."""

    time_cost, memory_cost, parallelism = 2, 4096, 1


def visitor() -> Client:
    return Client(headers={"Accept-Language": "en"})


def typed(email: str) -> dict[str, str]:
    return {"login": email, "email": email, "password": "Wrong-pass-2031"}


# --- what is said ------------------------------------------------------------------------------
def text_of(answer: Any, email: str) -> str:
    """The page without what differs by itself: the address that was typed, tokens, keys and challenges."""
    page = answer.content.decode().replace(email, "")
    return re.sub(r'value="[^"]{16,}"|"challenge": *"[^"]*"|"X-CSRFToken":"[^"]*"', "", page)


@pytest.mark.parametrize("door", DOORS)
def test_a11_text_and_code_tell_nothing(people: Personas, door: str) -> None:
    """Of the answer, and of the page that it leads to."""
    seen = []
    for email in (people.lead.email, "none@sample.test"):
        client = visitor()
        answer = client.post(door, typed(email))
        after = client.get(answer.headers.get("Location", door))
        headers = {name: answer.headers.get(name) for name in sorted(answer.headers) if name not in VARYING}
        names = sorted(name for name in client.cookies if not name.startswith("device-"))
        seen.append((answer.status_code, headers, names, text_of(answer, email), text_of(after, email)))

    assert seen[0] == seen[1]


@pytest.mark.parametrize("door", [RESET, REGISTER])
def test_a11_the_database_is_asked_the_same(people: Personas, door: str) -> None:
    """Statement by statement; what is written differs in its values alone."""
    asked: list[list[str]] = []
    for email in ("first@sample.test", people.lead.email, "none@sample.test"):
        asked.append([])
        with connection.execute_wrapper(partial(note, asked[-1])):
            visitor().post(door, typed(email))

    assert asked[1] == asked[2]
    assert "INSERT INTO kernel_job" in " ".join(asked[1]).replace('"', "")


def note(seen: list[str], execute: Callable[..., Any], statement: str, *facts: Any) -> Any:
    seen.append(re.sub(r"s\d+_x\d+", "savepoint", statement))
    return execute(statement, *facts)


def test_a11_the_record_of_a_registration_names_no_address(people: Personas) -> None:
    for email in (people.lead.email, "none@sample.test"):
        visitor().post(REGISTER, typed(email))

    entries = list(AuditEntry.objects.filter(path=REGISTER).values("action", "facts", "note", "subject_label"))
    assert len(entries) == 2
    assert entries[0] == entries[1]
    assert [entry for entry in entries if "@" in str(entry)] == []
    keys = Letter.objects.filter(kind__in=["registration", "known"]).values_list("job__key", flat=True)
    assert [key for key in keys if "sample" in key] == []


# --- how long it takes -------------------------------------------------------------------------
def mann_whitney(ones: list[float], others: list[float]) -> float:
    """The chance that two samples of one distribution differ as much in rank (two-sided, by the normal curve)."""
    both = sorted([(value, 0) for value in ones] + [(value, 1) for value in others])
    ranks = sum(rank for rank, (_value, group) in enumerate(both, 1) if group == 0)
    n, m = len(ones), len(others)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def test_the_statistic_knows_like_from_unlike() -> None:
    draw = Random(11)
    ones, others = ([draw.gauss(10, 1) for _ in range(SAMPLES)] for _group in range(2))

    assert mann_whitney([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]) == pytest.approx(0.0495, abs=0.0001)
    assert mann_whitney(ones, others) > 0.05
    assert mann_whitney(ones, [value + 1 for value in others]) < SURELY


@pytest.fixture
def open_doors(settings: Any, db: None) -> None:
    """No limit refuses the samples; the hash is a real one."""
    settings.PASSWORD_HASHERS = [f"{__name__}.LightHasher"]
    settings.SIGN_IN_LIMITS = dict.fromkeys(Guard.values, 10_000)
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reset_password": None, "signup": None}


def make_known(emails: list[str]) -> None:
    """Accounts, all with one hash: making 200 would cost more than the samples."""
    hashed, at = make_password("River-stone-47"), timezone.now()
    User.objects.bulk_create(
        User(email=email, name="样例甲", password=hashed, date_joined=at, notice_version=current_version())
        for email in emails
    )


def sample(ask: Callable[[str, int], Any], known: list[str], unknown: list[str]) -> tuple[list[float], list[float]]:
    """Seconds for each known and each unknown address, in turn, now the one first and now the other."""
    found: tuple[list[float], list[float]] = ([], [])
    draw = Random(7)
    for turn, pair in enumerate(zip(known, unknown, strict=True)):
        for which in draw.sample((0, 1), 2):
            begun = time.perf_counter()
            ask(pair[which], turn)
            found[which].append(time.perf_counter() - begun)
    return found


@pytest.mark.usefixtures("open_doors")
@pytest.mark.parametrize("door", DOORS)
def test_a11_the_time_tells_nothing(door: str) -> None:
    """The whole request, from the middleware to the rendered page, of 200 known and 200 unknown addresses, each
    asked about once, from many networks, as one alone is stopped after 20.

    Sign-in hashes with LightHasher, so that a difference beside the
    hash weighs more here than with that of production, which is several times as slow.
    """
    known = [f"known{n}@sample.test" for n in range(SAMPLES + 5)]
    unknown = [f"nobody{n}@sample.test" for n in range(SAMPLES + 5)]
    make_known(known)
    client = visitor()

    def ask(email: str, turn: int) -> Any:
        return client.post(door, typed(email), REMOTE_ADDR=f"10.7.0.{turn % 250}")

    times = sample(ask, known, unknown)

    ones, others = (found[5:] for found in times)  # the first ones warm up
    medians = [statistics.median(found) for found in (ones, others)]
    apart = abs(medians[0] - medians[1]) / min(medians)
    chance = mann_whitney(ones, others)
    print(f"{door}: {medians[0] * 1000:.2f} / {medians[1] * 1000:.2f} ms, {apart:.1%}, p = {chance:.2g}")  # noqa: T201
    assert chance >= SURELY or apart <= FAR, f"known {medians[0]:.4f} s, unknown {medians[1]:.4f} s, p = {chance:.2g}"
