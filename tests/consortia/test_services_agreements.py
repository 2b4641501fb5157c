"""The agreement: drafted clause by clause, sent, signed by every member, in force until the next one is."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from consortia.enums import Clause, ConsortiumStatus, ParticipationStatus
from consortia.models import Agreement, AgreementSignature, BackgroundIp, Consortium, Participation
from consortia.selectors import preparation
from consortia.selectors.agreements import (
    content_of,
    contradictions,
    document,
    outdated_lists,
    parties_waiting,
    standard_wording,
)
from consortia.services import background
from consortia.services.agreements import (
    Draft,
    Paper,
    draft_agreement,
    end_agreements,
    put_into_force,
    remind_agreement,
    send_agreement,
    sign_agreement,
)
from consortia.signals import agreement_changed
from funding.rules.defaults import DEFAULT_RULES
from portal.kernel.audit import sha256, trail
from portal.kernel.models import Notification
from portal.kernel.stale import Stale, seen_of
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, HOUR, NOON
from tests.factories.consortia import (
    TEXTS,
    make_agreement,
    make_consortium,
    make_participation,
    meet,
    ready_consortium,
)
from tests.factories.members import make_organisation
from tests.personas import Personas
from tests.samples import PDF

UNTIL = date(2029, 12, 31)


def pdf_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("协议.pdf", PDF, "application/pdf")


def draft_of(**facts: Any) -> Draft:
    return Draft(**{"clauses": TEXTS, "expires_on": UNTIL, **facts})


def drafted(consortium: Consortium, people: Personas, **facts: Any) -> Agreement:
    return draft_agreement(consortium=consortium, draft=draft_of(**facts), actor=people.lead, at=NOON)


def two(people: Personas) -> tuple[Consortium, Participation, Participation]:
    """A consortium of the lead and the university."""
    consortium = make_consortium(people)
    lead = make_participation(consortium, people.lead_org, people.lead, role="LEAD", ip_share=50)
    return consortium, lead, make_participation(consortium, people.university, people.lead)


def sign(agreement: Agreement, member: Participation, actor: Any, **facts: Any) -> AgreementSignature:
    return sign_agreement(agreement=agreement, participation=member, actor=actor, at=NOON, **facts)


def statuses(consortium: Consortium) -> list[str]:
    return list(consortium.agreements.order_by("version").values_list("status", flat=True))


def test_the_default_rules_ask_for_known_clauses() -> None:
    asked = DEFAULT_RULES["eligibility"]["clauses"]

    assert [clause.value for clause in Clause if clause in asked] == asked
    assert set(Clause.values) - set(asked) == {"diffusion", "incentives"}


# --- drafting ----------------------------------------------------------------------------------
def test_a_draft_is_written_on_and_asks_nobody(people: Personas) -> None:
    consortium, _lead, _member = two(people)
    meet(people.university_confirmer)

    first = drafted(consortium, people, clauses={"goals": "一", "unknown": "二", "breach": "  "})
    again = drafted(consortium, people, clauses={"goals": "改", "breach": "三"})

    assert (first.pk, again.version, again.settled) == (again.pk, 1, ["goals", "breach"])
    assert (again.clauses, again.sha256, again.content) == ({"goals": "改", "breach": "三"}, "", {})
    assert [entry.action for entry in trail(consortium)] == ["draft_agreement"] * 2
    assert not Notification.objects.filter(recipient=people.university_confirmer).exists()
    assert preparation(consortium).item("agreement").done == 0


def test_two_people_do_not_overwrite_each_other(people: Personas) -> None:
    consortium, _lead, _member = two(people)
    seen = seen_of(drafted(consortium, people))
    drafted(consortium, people, clauses={"goals": "改"})

    with pytest.raises(Stale):
        draft_agreement(consortium=consortium, draft=draft_of(), actor=people.lead, at=NOON, seen=seen)


def test_the_term_is_ahead(people: Personas) -> None:
    with pytest.raises(ValidationError) as refusal:
        drafted(make_consortium(people), people, expires_on=date(2020, 1, 1))

    assert list(refusal.value.message_dict) == ["expires_on"]


@pytest.mark.parametrize("who", ["rival", "university_confirmer", "lead_confirmer", "officer"])
def test_only_the_lead_drafts_and_sends(people: Personas, who: str) -> None:
    consortium = ready_consortium(people)
    agreement = drafted(consortium, people, changes="改")

    with pytest.raises(PermissionDenied):
        draft_agreement(consortium=consortium, draft=draft_of(), actor=getattr(people, who), at=NOON)
    with pytest.raises(PermissionDenied):
        send_agreement(agreement=agreement, actor=getattr(people, who), at=NOON)


def test_an_ended_consortium_has_no_new_agreement(people: Personas) -> None:
    with pytest.raises(TransitionRefused):
        drafted(make_consortium(people, status=ConsortiumStatus.REVOKED), people)


def test_our_wording_fills_every_clause_from_the_data_in_chinese(people: Personas) -> None:
    consortium = ready_consortium(people)

    wording = standard_wording(consortium, expires_on=UNTIL)

    assert list(wording) == Clause.values
    assert min(map(len, wording.values())) > 20
    assert people.university.name in wording["division"]
    assert "50.00%" in wording["ip_foreground"]


def test_lists_that_grew_old_are_named_before_they_are_sent(people: Personas) -> None:
    """An amendment begins with the text of the version before, which knows nothing of who came since."""
    consortium, _lead, _member = two(people)
    agreement = drafted(consortium, people, clauses=standard_wording(consortium, expires_on=UNTIL))
    fresh = outdated_lists(agreement)
    make_participation(consortium, people.fund, people.lead, cash=100_000)
    with translation.override("en"):
        found = outdated_lists(agreement)

    agreement.clauses = TEXTS  # in words of one's own: nothing is listed

    assert (fresh, outdated_lists(agreement)) == ([], [])
    clauses = "Division of work, Raising and using funds, Foreground intellectual property"
    assert found == [f"These clauses list members, amounts or tasks otherwise than today's data: {clauses}."]


def test_a_member_abroad_is_told_by_its_register(people: Personas) -> None:
    consortium, _lead, _member = two(people)
    abroad = make_organisation(
        "Example Optics GmbH", uscc=None, id_scheme="FOREIGN", country="DE", registration_number="HRB12345"
    )
    make_participation(consortium, abroad, people.lead)

    agreement = drafted(consortium, people)

    codes = {row["name"]: row["uscc"] for row in content_of(agreement)["schedules"]["members"]}
    assert codes == {
        people.lead_org.name: people.lead_org.uscc, people.university.name: people.university.uscc,
        "Example Optics GmbH": "DE HRB12345",
    }  # fmt: skip


# --- sending -----------------------------------------------------------------------------------
def test_sent_it_is_frozen_hashed_and_announced(people: Personas) -> None:
    consortium, _lead, _member = two(people)
    meet(people.university_confirmer)
    BackgroundIp.objects.create(
        consortium=consortium, owner=people.university, title="样例专利", number="ZL1", terms="攻关任务内免费使用。"
    )
    agreement = drafted(consortium, people)

    send_agreement(agreement=agreement, actor=people.lead, at=NOON)

    assert (agreement.status, agreement.sent_at, agreement.sha256) == ("SIGNING", NOON, sha256(agreement.content))
    assert agreement.content["clauses"] == TEXTS
    assert [row["name"] for row in agreement.content["schedules"]["members"]] == [
        people.lead_org.name, people.university.name,
    ]  # fmt: skip
    assert agreement.content["schedules"]["background"][0]["number"] == "ZL1"
    assert agreement.content == content_of(agreement)
    kinds = [note.kind for note in Notification.objects.filter(recipient=people.university_confirmer)]
    assert kinds == ["consortia.agreement_drafted"]
    with pytest.raises(TransitionRefused):
        send_agreement(agreement=agreement, actor=people.lead, at=NOON)


@pytest.mark.parametrize(
    ("facts", "earlier", "members"),
    [
        ({"clauses": {"goals": "一"}}, False, 2),
        ({}, False, 1),
        ({}, True, 2),  # an amendment that does not say what it changes
    ],
)
def test_what_is_not_ready_is_not_sent(people: Personas, facts: dict[str, Any], earlier: bool, members: int) -> None:
    consortium, _lead, member = two(people)
    if members == 1:
        member.delete()
    if earlier:
        make_agreement(consortium, people.lead)

    with pytest.raises(TransitionRefused):
        send_agreement(agreement=drafted(consortium, people, **facts), actor=people.lead, at=NOON)


def test_recommended_clauses_may_stay_empty(people: Personas) -> None:
    consortium, _lead, _member = two(people)
    texts = {code: text for code, text in TEXTS.items() if code not in {"diffusion", "incentives"}}

    agreement = send_agreement(agreement=drafted(consortium, people, clauses=texts), actor=people.lead, at=NOON)

    assert agreement.settled == [code for code in Clause.values if code not in {"diffusion", "incentives"}]


def test_a_newer_version_lets_the_one_that_waits_fall_away(people: Personas) -> None:
    consortium = ready_consortium(people)
    for text in ("甲", "乙"):
        send_agreement(agreement=drafted(consortium, people, changes=text), actor=people.lead, at=NOON)

    assert statuses(consortium) == ["EFFECTIVE", "SUPERSEDED", "SIGNING"]
    assert preparation(consortium).item("agreement").done == 0


# --- signing -----------------------------------------------------------------------------------
def test_sign_once(people: Personas) -> None:
    consortium, _lead, member = two(people)
    agreement = make_agreement(consortium, people.lead, signed=False)
    meet(people.lead)

    first = sign(agreement, member, people.university_confirmer)
    again = sign_agreement(agreement=agreement, participation=member, actor=people.university_confirmer, at=NOON + HOUR)

    assert (first.sha256, first.signed_at, again.pk) == (agreement.sha256, NOON, first.pk)
    assert (first.method, first.signatory, first.signed_on) == ("SYSTEM", people.university_confirmer.name, NOON.date())
    assert [entry.action for entry in trail(consortium)] == ["sign_agreement"]
    assert [note.kind for note in Notification.objects.filter(recipient=people.lead)] == ["consortia.agreement_signed"]
    assert statuses(consortium) == ["SIGNING"]


def test_the_last_signature_puts_it_into_force_and_ends_the_one_before(
    people: Personas, django_capture_on_commit_callbacks: Any
) -> None:
    consortium, lead, member = two(people)
    make_agreement(consortium, people.lead)
    newer = make_agreement(consortium, people.lead, signed=False, version=2)
    heard: list[Any] = []
    agreement_changed.connect(lambda agreement_id, **_: heard.append(agreement_id), weak=False, dispatch_uid="test")

    sign(newer, member, people.university_confirmer)
    waiting = statuses(consortium)
    with django_capture_on_commit_callbacks(execute=True):
        sign(newer, lead, people.lead_confirmer)
    agreement_changed.disconnect(dispatch_uid="test")

    newer.refresh_from_db()
    assert (waiting, statuses(consortium)) == (["EFFECTIVE", "SIGNING"], ["SUPERSEDED", "EFFECTIVE"])
    assert (newer.effective_on, consortium.agreements.get(version=1).ended_on) == (NOON.date(), NOON.date())
    assert heard == [newer.pk]
    assert [entry.action for entry in trail(newer)] == ["take_effect"]


def test_on_paper_with_a_sealed_scan(people: Personas) -> None:
    consortium, _lead, member = two(people)
    agreement = make_agreement(consortium, people.lead, signed=False)

    signature = sign(agreement, member, people.university_confirmer, paper=Paper("样例院长", NOON.date(), pdf_file()))

    assert (signature.method, signature.signatory, signature.signed_on) == ("SCAN", "样例院长", NOON.date())
    assert signature.scan is not None
    assert trail(consortium)[0].facts["scan"] == signature.scan.sha256


def test_paper_is_not_signed_in_days_to_come(people: Personas) -> None:
    consortium, _lead, member = two(people)
    agreement = make_agreement(consortium, people.lead, signed=False)
    paper = Paper("样例院长", (NOON + 2 * DAY).date(), pdf_file())

    with pytest.raises(ValidationError):
        sign(agreement, member, people.university_confirmer, paper=paper)


def test_who_joins_later_signs_the_version_in_force(people: Personas) -> None:
    consortium, _lead, _member = two(people)
    agreement = make_agreement(consortium, people.lead)
    later = make_participation(consortium, people.fund, people.lead)

    sign(agreement, later, people.fund_confirmer)

    assert statuses(consortium) == ["EFFECTIVE"]
    assert [row.table.key for row in document(agreement).drift] == ["members", "money", "shares"]


def test_only_the_newest_version_is_signed(people: Personas) -> None:
    consortium, _lead, member = two(people)
    old = make_agreement(consortium, people.lead, signed=False)
    make_agreement(consortium, people.lead, signed=False, version=2)

    with pytest.raises(TransitionRefused):
        sign(old, member, people.university_confirmer)


def test_a_draft_is_not_signed(people: Personas) -> None:
    consortium, _lead, member = two(people)

    with pytest.raises(TransitionRefused):
        sign(drafted(consortium, people), member, people.university_confirmer)


def test_who_left_does_not_sign(people: Personas) -> None:
    consortium = make_consortium(people)
    member = make_participation(consortium, people.university, people.lead, status=ParticipationStatus.LEFT)
    agreement = make_agreement(consortium, people.lead, signed=False)

    with pytest.raises(TransitionRefused):
        sign(agreement, member, people.university_confirmer)


def test_the_agreement_of_another_consortium_is_not_signed(people: Personas) -> None:
    member = make_participation(make_consortium(people), people.university, people.lead)
    elsewhere = make_agreement(make_consortium(people), people.lead, signed=False)

    with pytest.raises(TransitionRefused):
        sign(elsewhere, member, people.university_confirmer)


@pytest.mark.parametrize("who", ["lead", "rival", "fund_confirmer", "leader"])
def test_nobody_else_signs(people: Personas, who: str) -> None:
    consortium, _lead, member = two(people)
    agreement = make_agreement(consortium, people.lead, signed=False)

    with pytest.raises(PermissionDenied):
        sign(agreement, member, getattr(people, who))


def test_when_who_had_not_signed_has_gone_the_lead_puts_it_into_force(people: Personas) -> None:
    consortium, lead, member = two(people)
    agreement = make_agreement(consortium, people.lead, signed=False)
    sign(agreement, lead, people.lead_confirmer)

    with pytest.raises(TransitionRefused):
        put_into_force(agreement=agreement, actor=people.lead, at=NOON)
    Participation.objects.filter(pk=member.pk).update(status=ParticipationStatus.LEFT)
    put_into_force(agreement=agreement, actor=people.lead, at=NOON)

    assert statuses(consortium) == ["EFFECTIVE"]


def test_remind_once_a_day(people: Personas) -> None:
    consortium, lead, _member = two(people)
    agreement = make_agreement(consortium, people.lead, signed=False)
    sign(agreement, lead, people.lead_confirmer)
    meet(people.university_confirmer, people.lead_confirmer)

    remind_agreement(agreement=agreement, actor=people.lead, at=NOON)
    with pytest.raises(TransitionRefused):
        remind_agreement(agreement=agreement, actor=people.lead, at=NOON + HOUR)
    remind_agreement(agreement=agreement, actor=people.lead, at=NOON + DAY)

    told = Notification.objects.filter(kind="consortia.agreement_reminded")
    assert {note.recipient for note in told} == {people.university_confirmer}
    assert [row.organisation for row in parties_waiting(agreement)] == [people.university]


# --- the end -----------------------------------------------------------------------------------
def test_a_term_ends_unless_the_consortium_works_under_it(people: Personas) -> None:
    preparing, working = ready_consortium(people), ready_consortium(people)
    Agreement.objects.update(expires_on=NOON.date())
    Consortium.objects.filter(pk=working.pk).update(
        status=ConsortiumStatus.OPERATING, tier="B", recognised_on=NOON.date()
    )

    assert (end_agreements(at=NOON), end_agreements(at=NOON + DAY), end_agreements(at=NOON + 2 * DAY)) == (0, 1, 0)
    assert (statuses(preparing), statuses(working)) == (["EXPIRED"], ["EFFECTIVE"])


def test_data_that_move_on_show_what_differs(people: Personas) -> None:
    consortium = ready_consortium(people)
    agreement = consortium.agreements.get()
    before = document(agreement).drift
    consortium.participations.filter(organisation=people.university).update(cash=2_000_000)
    milestone = consortium.tasks.get().milestones.filter(status="PLANNED").get()
    type(milestone).objects.filter(pk=milestone.pk).update(status="MISSED")  # progress is no change of the agreement

    (moved,) = document(agreement).drift

    assert (before, moved.table.key) == ([], "money")
    assert [row[:2] for row in (*moved.gone, *moved.new)] == [
        (people.university.name, "100.00"), (people.university.name, "200.00"),
    ]  # fmt: skip


def move_on(member: Participation, **facts: Any) -> None:
    Participation.objects.filter(pk=member.pk).update(**facts)


def test_what_the_data_contradict_is_not_signed(people: Personas) -> None:
    consortium, lead, member = two(people)
    agreement = make_agreement(consortium, people.lead, signed=False)
    paper = Paper("样例院长", NOON.date(), pdf_file())
    sign(agreement, lead, people.lead_confirmer)
    move_on(member, cash=2_000_000)

    with pytest.raises(TransitionRefused, match="new version"):
        sign(agreement, member, people.university_confirmer)
    with pytest.raises(TransitionRefused, match="new version"):
        sign(agreement, member, people.university_confirmer, paper=paper)
    assert [one.table.key for one in contradictions(agreement)] == ["money"]

    move_on(member, cash=member.cash)
    sign(agreement, member, people.university_confirmer)
    assert statuses(consortium) == ["EFFECTIVE"]


def test_what_the_data_contradict_does_not_take_effect(people: Personas) -> None:
    consortium, lead, member = two(people)
    agreement = make_agreement(consortium, people.lead, signed=False)
    sign(agreement, lead, people.lead_confirmer)
    move_on(member, status=ParticipationStatus.LEFT)
    move_on(lead, duties="另一项任务。")

    with pytest.raises(TransitionRefused, match="new version"):
        put_into_force(agreement=agreement, actor=people.lead, at=NOON)
    move_on(lead, duties=lead.duties)
    put_into_force(agreement=agreement, actor=people.lead, at=NOON)

    assert statuses(consortium) == ["EFFECTIVE"]


# --- background IP -----------------------------------------------------------------------------
def test_background_rights_are_listed_by_the_lead_for_members(people: Personas) -> None:
    consortium, _lead, _member = two(people)
    right = BackgroundIp(owner=people.university, title="样例专利", number="ZL1", terms="免费。")

    background.add_background(consortium=consortium, background=right, actor=people.lead, at=NOON)
    right.title = "样例发明专利"
    background.update_background(background=right, actor=people.lead, at=NOON)
    foreign = BackgroundIp(owner=people.rival_org, title="样例", number="ZL2", terms="无。")
    with pytest.raises(ValidationError) as refusal:
        background.add_background(consortium=consortium, background=foreign, actor=people.lead, at=NOON)
    twice = BackgroundIp(owner=people.university, title="样例", number="ZL1", terms="无。")
    with pytest.raises(ValidationError):
        background.add_background(consortium=consortium, background=twice, actor=people.lead, at=NOON)
    with pytest.raises(PermissionDenied):
        background.remove_background(background=right, actor=people.university_confirmer, at=NOON)

    assert (consortium.background_ip.get().title, list(refusal.value.message_dict)) == ("样例发明专利", ["owner"])
    background.remove_background(background=right, actor=people.lead, at=NOON)
    assert not consortium.background_ip.exists()


def test_nothing_is_listed_for_somebody_who_has_not_answered(people: Personas) -> None:
    consortium, _lead, member = two(people)
    Participation.objects.filter(pk=member.pk).update(
        status="INVITED", confirmed_by=None, confirmed_at=None, invited_until=NOON.date()
    )
    right = BackgroundIp(owner=people.university, title="样例专利", number="ZL1", terms="免费。")

    with pytest.raises(ValidationError) as refusal:
        background.add_background(consortium=consortium, background=right, actor=people.lead, at=NOON)

    assert refusal.value.message_dict == {"owner": [str(background.UNANSWERED)]}
    assert not consortium.background_ip.exists()


def test_whoever_confirmed_once_keeps_its_rights_while_it_confirms_again(people: Personas) -> None:
    consortium, _lead, member = two(people)
    Participation.objects.filter(pk=member.pk).update(
        status="INVITED", confirmed_by=None, confirmed_at=None, invited_until=None
    )
    right = BackgroundIp(owner=people.university, title="样例专利", number="ZL1", terms="免费。")

    background.add_background(consortium=consortium, background=right, actor=people.lead, at=NOON)

    assert consortium.background_ip.get() == right
