"""A decision replayed: its exhibits, its bundle, and the program that checks the bundle by itself."""

import io
import random
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from funding.enums import ApplicationStatus, ReviewStatus
from funding.models import Application, PublicNotice, ReviewScore
from funding.rules import verifying
from funding.selectors.reviews import automatic_of
from funding.services.draws import draw_experts
from funding.services.notices import publicise_applications
from funding.services.recusals import step_aside
from portal.kernel.models import AuditEntry
from reports.selectors.replay import exhibits
from reports.services.replay import bundle_files, export_replay
from tests.clock import NOON
from tests.factories.funding import freeze, make_application, make_draw, make_objection, make_review
from tests.personas import Personas

S = ApplicationStatus


def decided(people: Personas) -> Application:
    """A case with three reviews that add up, published, with an objection."""
    application = freeze(make_application(people, S.REVIEWING))
    for expert in people.experts:
        review = make_review(application, expert, people, ReviewStatus.SUBMITTED)
        given = ReviewScore.objects.filter(review=review)
        review.total = sum(
            (one.score or Decimal() for one in given), sum(automatic_of(application).values(), Decimal())
        )
        review.save()
    mean = verifying.cents(sum((one.total or Decimal() for one in application.reviews.all()), Decimal()) / 3)
    facts = {"graded_by": people.officer, "graded_at": NOON, "score": mean, "proposed_tier": "A", "status": S.DECIDED,
             "proposed_amount": 1_500_000, "decided_by": people.leader, "decided_at": NOON, "decided_tier": "A",
             "decided_amount": 1_500_000}  # fmt: skip
    Application.everything.filter(pk=application.pk).update(**facts)
    application.refresh_from_db()
    publicise_applications(
        call=application.call, applications=[application], title="样例公示", document_number="样科公示〔2026〕88号",
        starts_on=NOON.date(), actor=people.officer, at=NOON,
    )  # fmt: skip
    make_objection(application)
    application.refresh_from_db()
    return application


def bundle(application: Application, people: Personas) -> bytes:
    return verifying.pack(bundle_files(application=application, reader=people.supervisor, named=True))


def run(script: Path, *arguments: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", script, *arguments], capture_output=True, text=True, check=False)


def test_a_bare_python_checks_the_bundle_and_one_flipped_byte_makes_it_fail(people: Personas, tmp_path: Path) -> None:
    content = bundle(decided(people), people)
    file = tmp_path / "bundle.zip"
    file.write_bytes(content)
    with zipfile.ZipFile(file) as archive:
        archive.extract("verify.py", tmp_path)
    script = tmp_path / "verify.py"

    good = run(script, file, verifying.sha256(content))
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    bad = run(script, file)

    assert (good.returncode, good.stdout.splitlines()[-1], good.stderr) == (0, "OK", "")
    assert (bad.returncode, bad.stdout.splitlines()[0]) == (1, "DIFFERENT")
    assert run(script).returncode == 2


def test_no_byte_can_be_changed(people: Personas) -> None:
    content = bundle(decided(people), people)
    assert verifying.faults(content) == []
    chosen = random.Random(7)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        heads = {place for one in archive.infolist() for place in range(one.header_offset, one.header_offset + 30)}
        first = archive.start_dir
    places = {*heads, *range(first, first + 60), *chosen.sample(range(len(content)), 150), len(content) - 1}

    unseen = [
        place
        for place in places
        if not verifying.faults(
            content[:place] + bytes([content[place] ^ 1 << chosen.randrange(8)]) + content[place + 1 :]
        )
    ]

    assert unseen == []


def test_resealed_lies_are_found_by_what_is_on_record(people: Personas) -> None:
    files = bundle_files(application=decided(people), reader=people.supervisor, named=True)
    rest = {name: content for name, content in files.items() if name not in {verifying.MANIFEST, verifying.SEAL}}
    snapshot = next(name for name in rest if "snapshot" in name)
    sums = next(name for name in rest if "aggregation" in name)

    told = verifying.with_manifest({**rest, snapshot: rest[snapshot].replace("样例".encode(), "假的".encode(), 1)})
    added = verifying.with_manifest({**rest, sums: rest[sums].replace(b'"L4":"', b'"L4":"1', 1)})

    assert [one.split(": ", 1)[1] for one in verifying.faults(verifying.pack(told))] == [
        "snapshot does not have the hash on record."
    ]
    assert any("add up to something else" in one for one in verifying.faults(verifying.pack(added)))


def test_the_same_state_gives_the_same_bytes_and_taking_it_changes_nothing(people: Personas) -> None:
    application = decided(people)
    first = export_replay(application=application, actor=people.supervisor, named=True, at=NOON)

    again = export_replay(application=application, actor=people.supervisor, named=True, at=NOON)

    assert first == again
    assert AuditEntry.objects.filter(action="export").count() == 2


def test_what_was_changed_round_the_code_does_not_match(people: Personas) -> None:
    application = decided(people)
    assert [one.code for one in exhibits(application, named=True) if not one.matches] == []

    PublicNotice.everything.update(title="样例改动")
    changed = Application.everything.select_related("notice", "call__rules").get(pk=application.pk)

    assert [one.code for one in exhibits(changed, named=True) if not one.matches] == ["publication-1"]


def test_neither_the_objector_nor_the_grounds_are_in_it(people: Personas) -> None:
    application = decided(people)
    text = bundle(application, people).decode("utf-8", "ignore")

    assert "样例异议人" not in text
    assert application.objections.get().grounds not in text


@pytest.mark.parametrize(("reader", "names"), [("supervisor", True), ("audit_admin", True), ("leader", False)])
def test_the_page_and_the_file(people: Personas, sign_in: Any, reader: str, names: bool) -> None:
    application = decided(people)
    client = sign_in(getattr(people, reader))

    page = client.get(f"/reports/replay/{application.pk}/")
    file = client.post(f"/reports/replay/{application.pk}/bundle/")

    assert (page.status_code, page.context["broken"]) == (200, [])
    assert verifying.faults(file.content) == []
    expert = people.experts[0].user.name
    assert (expert in page.content.decode(), expert in file.content.decode("utf-8", "ignore")) == (names, names)
    assert client.get("/reports/replay/").status_code == 200


@pytest.mark.parametrize(("reader", "status"), [("officer", 403), ("head", 403), ("lead", 404)])
def test_nobody_else_replays(people: Personas, sign_in: Any, reader: str, status: int) -> None:
    application = decided(people)

    assert sign_in(getattr(people, reader)).get(f"/reports/replay/{application.pk}/").status_code in {status, 403}


def test_who_keeps_away_replays_nothing(people: Personas, sign_in: Any) -> None:
    application = decided(people)
    step_aside(application=application, actor=people.supervisor, ground="样例亲属关系", at=NOON)

    assert sign_in(people.supervisor).get(f"/reports/replay/{application.pk}/").status_code == 404


def test_the_draw_lies_in_it_with_its_script(people: Personas, tmp_path: Path) -> None:
    assert people.experts
    draw = make_draw(people, witnessed=True)
    draw_experts(draw=draw, randomness="02 07 11 + 09", actor=people.supervisor, at=NOON)
    files = bundle_files(application=draw.application, reader=people.supervisor, named=True)
    for name in ("replay.py", f"draws/{draw.number}.json"):
        (tmp_path / Path(name).name).write_bytes(files[name])

    assert verifying.faults(verifying.pack(files)) == []
    assert run(tmp_path / "replay.py", tmp_path / f"{draw.number}.json", draw.pool_hash).returncode == 0


@pytest.mark.parametrize("seed", range(20))
def test_the_mean_is_that_of_another_computation(seed: int) -> None:
    chosen = random.Random(seed)
    totals = [Decimal(chosen.randrange(6000, 6400)) / 100 for _one in range(chosen.randint(1, 9))]
    hundredths = sorted(int(one * 100) for one in totals)
    kept = hundredths[1:-1] if len(hundredths) >= 5 else hundredths

    found = verifying.mean(totals, 5)

    assert Decimal(found["mean"]) * 100 == (2 * sum(kept) + len(kept)) // (2 * len(kept))  # halves upwards, in integers
