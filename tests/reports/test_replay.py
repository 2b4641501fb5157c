"""A decision replayed: its exhibits, its bundle, and the program that checks the bundle by itself."""

import io
import json
import random
import subprocess
import sys
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from consortia.models import Consortium
from funding.enums import Action, ApplicationStatus, Leaving, ReviewStatus, SessionStatus
from funding.models import Application, Call, DecisionMeeting, PublicNotice, ReviewScore, ReviewSession
from funding.rules import verifying
from funding.selectors.boards import Setting, panels
from funding.selectors.reviews import automatic_of
from funding.selectors.sessions import minutes_snapshot
from funding.services.draws import draw_experts
from funding.services.notices import publicise_applications
from funding.services.recusals import step_aside
from funding.services.reviews import decline_review
from funding.services.scenarios import Drafted, approve_scenario, freeze_scenario, put_forward_scenario
from portal.kernel import audit, files
from portal.kernel.models import AuditEntry
from portal.kernel.models.notification import ExportLog
from reports.models import MinutesDocument, SessionDocument
from reports.selectors.replay import exhibits
from reports.services.replay import export_replay, write_bundle
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import (
    freeze,
    make_application,
    make_draw,
    make_objection,
    make_review,
    make_session,
)
from tests.factories.reports import make_minutes
from tests.personas import Personas

S = ApplicationStatus


def graded(people: Personas) -> Application:
    """A case with three reviews that add up."""
    application = freeze(make_application(people, S.REVIEWING))
    for expert in people.experts:
        review = make_review(application, expert, people, ReviewStatus.SUBMITTED)
        given = ReviewScore.objects.filter(review=review)
        review.total = sum(
            (one.score or Decimal() for one in given), sum(automatic_of(application).values(), Decimal())
        )
        review.save()
    mean = verifying.cents(sum((one.total or Decimal() for one in application.reviews.all()), Decimal()) / 3)
    facts = {"graded_by": people.officer, "graded_at": NOON, "score": mean, "proposed_tier": "A", "status": S.GRADED,
             "proposed_amount": 1_500_000}  # fmt: skip
    Application.everything.filter(pk=application.pk).update(**facts)
    application.refresh_from_db()
    return application


def decided(people: Personas) -> Application:
    """The same, published, with an objection."""
    application = graded(people)
    facts = {"status": S.DECIDED, "decided_by": people.leader, "decided_at": NOON, "decided_tier": "A",
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


def bundle(application: Application, people: Personas, reader: Any = None) -> bytes:
    target = io.BytesIO()
    write_bundle(application=application, reader=reader or people.supervisor, named=True, target=target)
    return target.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def codes(application: Application, reader: Any) -> list[str]:
    """Of the exhibits whose hashes are no more those on record."""
    return [one.code for one in exhibits(application, reader=reader, named=True) if not one.matches]


def listed(people: Personas) -> Application:
    """A case that two leaders decided with a list, after a defence; minutes of both as documents."""
    case = graded(people)
    found = panels(Call.everything.select_related("rules").get(pk=case.call_id), people.officer)
    drafted = Drafted(Setting(found.terms.lines, found.terms.weights), "样例方案", {}, "样例理由")
    scenario = freeze_scenario(call=case.call, drafted=drafted, actor=people.officer, at=NOON)
    session = make_session(people, case, status=SessionStatus.LOCKED)
    session.frozen = minutes_snapshot(session)
    session.minutes_hash = audit.sha256(session.frozen)
    session.save()
    leaders = (people.leader, people.second_leader)
    put_forward_scenario(scenario=scenario, meeting="样例会议", actor=people.head, at=NOON)
    for minute, leader in enumerate(leaders):
        at = NOON + timedelta(minutes=minute)
        approve_scenario(scenario=scenario, seen=scenario.sha256, actor=leader, at=at)
    for model, of in ((MinutesDocument, scenario), (SessionDocument, session)):
        paper = files.store_bytes(b"%PDF-1.4 " + model.of.encode(), name="样例.pdf", mime="application/pdf",
                                  kind="application", at=NOON)  # fmt: skip
        model.objects.create(
            language="zh-hans", template_version="1", snapshot={}, snapshot_hash="0" * 64, file=paper, pages=1,
            requested_by=people.supervisor, **{model.of: of},
        )  # fmt: skip
    return Application.objects.select_related("call__rules").get(pk=case.pk)


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


@pytest.mark.parametrize("named", [True, False])
def test_how_an_expert_left_is_told_and_the_words_to_those_who_know_the_names(people: Personas, named: bool) -> None:
    case = make_application(people, S.REVIEWING)
    review = make_review(case, people.experts[0], people)
    decline_review(review=review, ground=Leaving.OTHER, remark="样例：出国访问。", actor=people.expert, at=NOON)

    [told] = [one for one in exhibits(case, reader=people.supervisor, named=named) if one.code == "declarations"]

    [act] = told.acts
    who, words = ("专家甲01", " · 样例：出国访问。") if named else ("E1", "")
    assert (act.what, act.who, act.at, act.note) == (Action.DECLINE_REVIEW, who, NOON, f"Another reason{words}")
    [expert] = told.content["experts"]
    assert (expert["left_for"], expert["left_note"]) == (Leaving.OTHER, "样例：出国访问。" if named else "")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bundle_packed_in_another_way_is_none(people: Personas, method: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in unpacked(bundle(decided(people), people)).items():
            archive.writestr(name, content)

    assert verifying.faults(packed.getvalue()) == ["The archive is packed in another way than the portal packs it."]


def test_resealed_lies_are_found_by_what_is_on_record(people: Personas) -> None:
    parts = unpacked(bundle(decided(people), people))
    rest = {name: content for name, content in parts.items() if name not in {verifying.MANIFEST, verifying.SEAL}}
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

    with first, again:
        content = first.read()
        assert content == again.read() == bundle(application, people)
    assert set(ExportLog.objects.values_list("sha256", "size")) == {(verifying.sha256(content), len(content))}
    assert AuditEntry.objects.filter(action="export").count() == 2


def test_what_was_changed_round_the_code_does_not_match(people: Personas) -> None:
    application = decided(people)
    assert codes(application, people.supervisor) == []

    PublicNotice.everything.update(title="样例改动")
    changed = Application.everything.select_related("notice", "call__rules").get(pk=application.pk)

    assert codes(changed, people.supervisor) == ["publication-1"]


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
    content = b"".join(file.streaming_content)
    assert verifying.faults(content) == []
    expert = people.experts[0].user.name
    assert (expert in page.content.decode(), expert in content.decode("utf-8", "ignore")) == (names, names)
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
    parts = unpacked(bundle(draw.application, people))
    for name in ("replay.py", f"draws/{draw.number}.json"):
        (tmp_path / Path(name).name).write_bytes(parts[name])

    assert verifying.faults(verifying.pack(parts)) == []
    assert run(tmp_path / "replay.py", tmp_path / f"{draw.number}.json", draw.pool_hash).returncode == 0


# --- the list and the sessions -----------------------------------------------------------------
def test_list_approvals_sessions_and_their_papers_lie_in_it(people: Personas) -> None:
    application = listed(people)
    found = {one.code: one for one in exhibits(application, reader=people.supervisor, named=True)}
    content = bundle(application, people)

    board, session = found["board-1"], found["session-1"]
    scenario = application.places.get().scenario
    assert (board.content["list"], board.matches, session.matches) == (scenario.frozen, True, True)
    assert [act.who for act in board.acts] == [
        str(one) for one in (people.officer, people.head, people.leader, people.second_leader)
    ]
    assert [row[0] for row in board.content["approvals"]] == [scenario.sha256] * 2
    papers = {name: text for name, text in unpacked(content).items() if name.startswith("documents/")}
    assert sorted(papers.values()) == [b"%PDF-1.4 scenario", b"%PDF-1.4 session"]
    assert verifying.faults(content) == []


def test_another_name_does_not_change_the_minutes(people: Personas) -> None:
    application = listed(people)
    before = next(one for one in exhibits(application, reader=people.supervisor, named=True) if one.code == "session-1")

    Consortium.objects.filter(pk=application.consortium_id).update(name="样例更名联合体")
    type(people.head).objects.filter(pk=people.head.pk).update(name="样例更名人")
    after = next(one for one in exhibits(application, reader=people.supervisor, named=True) if one.code == "session-1")

    assert (after.matches, after.file) == (True, before.file)
    ReviewSession.objects.update(frozen={**ReviewSession.objects.get().frozen, "place": "样例别处"})
    assert codes(application, people.supervisor) == ["session-1"]


def test_the_meeting_stands_in_it_with_its_hash(people: Personas) -> None:
    document = make_minutes(people, met=True)
    application = Application.objects.select_related("call__rules").get(
        pk=document.scenario.places.get().application_id
    )

    board = next(one for one in exhibits(application, reader=people.audit_admin, named=True) if one.code == "board-1")

    assert (board.content["meeting_record"]["list"], board.matches) == (document.scenario.sha256, True)
    assert str(people.leader) in [act.who for act in board.acts if act.what == Action.CLOSE_MEETING]
    before = verifying.faults(bundle(application, people, people.audit_admin))
    DecisionMeeting.objects.update(frozen={**document.scenario.record.frozen, "place": "样例别处"})
    assert codes(application, people.supervisor) == ["board-1"]
    found = set(verifying.faults(bundle(application, people))) - set(before)
    assert [one.split(": ", 1)[1] for one in found] == ["meeting_record does not have the hash on record."]


@pytest.mark.parametrize(("reader", "papers"), [("audit_admin", 2), ("supervisor", 2), ("leader", 1)])
def test_who_audits_is_given_the_papers_of_both_meetings(people: Personas, reader: str, papers: int) -> None:
    found = bundle(listed(people), people, getattr(people, reader))

    assert sum(name.startswith("documents/") for name in unpacked(found)) == papers
    assert verifying.faults(found) == []


@pytest.mark.parametrize("name", ["minutes-documents", "session-documents"])
def test_the_pages_of_the_papers_stay_closed_to_who_audits(people: Personas, sign_in: Any, name: str) -> None:
    application = listed(people)
    of = application.places.get().scenario if name[0] == "m" else application.slots.get().session

    assert sign_in(people.audit_admin).get(reverse(f"reports:{name}", args=[of.pk])).status_code in {403, 404}


@pytest.mark.parametrize("kind", ["list", "session", "paper", "approval", "too few"])
def test_nothing_of_the_meeting_can_be_told_otherwise(people: Personas, kind: str) -> None:
    parts = unpacked(bundle(listed(people), people))
    rest = {name: content for name, content in parts.items() if name not in {verifying.MANIFEST, verifying.SEAL}}
    board = next(name for name in rest if "board-1" in name)
    session = next(name for name in rest if "session-1" in name)
    told = json.loads(rest[board])
    if kind == "list":
        rest[board] = rest[board].replace("样例方案".encode(), "假的方案".encode())
    elif kind == "session":
        rest[session] = rest[session].replace("样例会议室".encode(), "假的会议室".encode())
    elif kind == "approval":
        told["content"]["approvals"][0][0] = "0" * 64
        rest[board] = verifying.canonical(told)
    elif kind == "too few":
        told["content"]["approvals"].pop()
        rest[board] = verifying.canonical(told)
    else:
        name = next(name for name in rest if name.startswith("documents/"))
        assert verifying.faults(verifying.pack({**parts, name: b"%PDF-1.4 other"})) != []
        return

    assert len(verifying.faults(verifying.pack(verifying.with_manifest(rest)))) == 1


def test_who_keeps_away_from_another_case_of_the_list_reads_its_own_part(people: Personas) -> None:
    application = listed(people)
    scenario = application.places.get().scenario
    other = make_application(people, S.GRADED, call=application.call, consortium=ready_consortium(people))
    scenario.places.create(
        application=other, position=2, rank=2, score=1, rule_amount=0, amount=0, rule_tier="", tier="", state="0" * 64
    )
    step_aside(application=other, actor=people.supervisor, ground="样例亲属关系", at=NOON)

    found = {one.code: one for one in exhibits(application, reader=people.supervisor, named=True)}

    assert "list" not in found["board-1"].content
    assert [one["application"] for one in found["board-1"].content["places"]] == [str(application.pk)]


@pytest.mark.parametrize("seed", range(20))
def test_the_mean_is_that_of_another_computation(seed: int) -> None:
    chosen = random.Random(seed)
    totals = [Decimal(chosen.randrange(6000, 6400)) / 100 for _one in range(chosen.randint(1, 9))]
    hundredths = sorted(int(one * 100) for one in totals)
    kept = hundredths[1:-1] if len(hundredths) >= 5 else hundredths

    found = verifying.mean(totals, 5)

    assert Decimal(found["mean"]) * 100 == (2 * sum(kept) + len(kept)) // (2 * len(kept))  # halves upwards, in integers
