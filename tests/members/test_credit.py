"""Credit checks: what a source proposes, what an official records, who reads it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import CreditCheck
from members.services.credit import FileSource, Finding
from portal.kernel.audit import trail
from tests.personas import Personas

SignIn = Callable[..., Client]
HEAD = "uscc,result,as_of,reference,summary\n"


@pytest.fixture
def listed(people: Personas, tmp_path: Path, settings: Any) -> Path:
    """A delivered list that knows the lead twice, once in a line that cannot be read."""
    code = people.lead_org.uscc
    path = tmp_path / "credit.csv"
    path.write_text(
        f"{HEAD}{code},GOOD,2025-03-01,R1,\n{code},attention,2026-03-01,R2,样例逾期一笔\n{code},FINE,2026-09-01,R3,\n",
        encoding="utf-8-sig",
    )
    settings.CREDIT_FILE = str(path)
    return path


def page(people: Personas) -> str:
    return reverse("members:credit-check", args=[people.lead_org.pk])


def facts(**more: Any) -> dict[str, Any]:
    return {"source": "样例征信", "result": "GOOD", "as_of": "2026-01-05", "reference": "R9", **more}


@pytest.mark.usefixtures("listed")
def test_the_newest_line_that_can_be_read_counts(people: Personas) -> None:
    found = FileSource().look_up(uscc=people.lead_org.uscc or "", name="")

    assert found == Finding("ATTENTION", date(2026, 3, 1), "R2", "样例逾期一笔")
    assert FileSource().look_up(uscc="91320500MA1ABCDE0X", name="") is None
    assert FileSource().look_up(uscc="", name="样例") is None


def test_without_a_file_nothing_is_known(people: Personas, settings: Any) -> None:
    settings.CREDIT_FILE = "/nowhere/credit.csv"

    assert FileSource().look_up(uscc=people.lead_org.uscc or "", name="") is None


@pytest.mark.usefixtures("listed")
def test_what_the_source_says_is_filled_in_and_recorded_by_a_person(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.officer)

    shown = client.get(page(people)).context["form"].initial
    answer = client.post(page(people), facts(result="ATTENTION", summary="样例逾期一笔"))

    assert (shown["result"], shown["reference"]) == ("ATTENTION", "R2")
    made = CreditCheck.objects.get()
    assert answer["Location"] == people.lead_org.get_absolute_url()
    assert (made.result, made.as_of, made.checked_by) == ("ATTENTION", date(2026, 1, 5), people.officer)
    assert trail(people.lead_org)[0].action == "check_credit"


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"result": "BAD"}, ["summary"]),
        ({"as_of": "2999-01-01"}, ["as_of"]),
        ({"source": "", "result": "FINE"}, ["result", "source"]),
    ],
)
def test_errors_stand_next_to_the_field(
    people: Personas, sign_in: SignIn, more: dict[str, str], fields: list[str]
) -> None:
    answer = sign_in(people.officer).post(page(people), facts(**more))

    assert (answer.status_code, sorted(answer.context["form"].errors)) == (200, fields)
    assert not CreditCheck.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200), ("head", 403), ("district_officer", 403), ("lead_admin", 403), ("rival", 404),
        ("other_district_officer", 404),
    ],
)  # fmt: skip
def test_who_may_record_one(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    assert sign_in(getattr(people, who)).get(page(people)).status_code == status


@pytest.mark.parametrize(
    ("who", "count"),
    [("officer", 1), ("district_officer", 1), ("other_district_officer", 0), ("lead", 0), ("rival", 0)],
)
def test_who_reads_one(people: Personas, who: str, count: int) -> None:
    CreditCheck.objects.create(
        organisation=people.lead_org, source="样例", result="GOOD", as_of=date(2026, 1, 1), checked_by=people.officer
    )

    assert CreditCheck.objects.visible_to(getattr(people, who)).count() == count
