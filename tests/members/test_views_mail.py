"""Texts of mails for the bureau, the outbox for administrators, and what each person chooses."""

from typing import Any

import pytest
from django.core import mail as server
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.kernel import jobs, mail_texts, mailing, notifications
from portal.kernel.audit import trail
from portal.kernel.models import Channel, Job, Letter, MailText, NoticeChoice
from portal.kernel.models.job import JobState
from tests.clock import DAY, HOUR, NOON
from tests.personas import Personas

pytestmark = pytest.mark.django_db

KIND = "consortia.invited"
TEXTS_URL = "/members/mail/texts/"
TEXT_URL = f"{TEXTS_URL}{KIND}/"
OUTBOX = "/members/mail/outbox/"
CHOICES = "/notifications/choices/"
WRITTEN = {
    "subject_zh": "{consortium}邀请", "body_zh": "{notice}", "subject_en": "From {consortium}", "body_en": "{notice}",
}  # fmt: skip


def letter_to(person: Any, *, run: bool = True, **params: str) -> Letter:
    params = {"consortium": "样例联合体", **params}
    notifications.notify(recipients=[person], kind=KIND, params=params, url="/x/", at=NOON)
    mailing.mail_urgent_notices(at=NOON)
    letter = Letter.objects.select_related("job").latest("created_at", "pk")
    if run:
        jobs.run(letter.job_id, NOON)
    letter.job.refresh_from_db()
    return letter


# --- texts -------------------------------------------------------------------------------------
def test_the_list_names_every_kind_once(people: Personas, sign_in: Any) -> None:
    answer = sign_in(people.officer).get(TEXTS_URL)

    shown = [line.kind for _title, lines in answer.context["groups"] for line in lines]
    assert sorted(shown) == sorted(mail_texts.kinds())


def test_the_list_is_narrowed(people: Personas, sign_in: Any) -> None:
    mail_texts.update_mail_text(kind=KIND, texts=WRITTEN, seen=0, actor=people.officer, at=NOON)

    answer = sign_in(people.officer).get(TEXTS_URL, {"own": "1"})

    assert [line.kind for _title, lines in answer.context["groups"] for line in lines] == [KIND]


@pytest.mark.parametrize("name", ["lead", "system_admin", "leader", "expert"])
def test_the_texts_are_the_bureaus(people: Personas, sign_in: Any, name: str) -> None:
    client = sign_in(getattr(people, name))

    assert [client.get(url).status_code for url in (TEXTS_URL, TEXT_URL, f"{TEXT_URL}restore/")] == [403, 403, 403]


def test_a_preview_saves_nothing_and_keeps_what_was_typed(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)

    answer = client.post(TEXT_URL, {**WRITTEN, "seen": "0", "preview": "1"})

    texts = [(code, text.subject) for _label, code, text in answer.context["previews"]]
    assert texts == [("zh-hans", "样例智能传感创新联合体邀请"), ("en", "From Sample Intelligent Sensing Consortium")]
    assert answer.context["form"]["subject_zh"].value() == "{consortium}邀请"
    assert not MailText.objects.exists()


def test_a_preview_of_what_cannot_stand_says_so(people: Personas, sign_in: Any) -> None:
    answer = sign_in(people.officer).post(TEXT_URL, {**WRITTEN, "body_en": "{nothing}", "seen": "0", "preview": "1"})

    assert list(answer.context["form"].errors) == ["body_en"]
    assert answer.context["form"]["body_en"].value() == "{nothing}"


def test_a_text_is_put_in_force_and_taken_back(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)

    saved = client.post(TEXT_URL, {**WRITTEN, "seen": "0"})
    late = client.post(TEXT_URL, {**WRITTEN, "subject_zh": "late", "seen": "0"})
    taken_back = client.post(f"{TEXT_URL}restore/", {"seen": "1"})
    twice = client.post(f"{TEXT_URL}restore/", {"seen": "2"})

    assert (saved.status_code, saved["Location"]) == (302, TEXT_URL)
    assert (late.status_code, late.context["form"].data["seen"]) == (409, 1)
    assert (taken_back.status_code, twice.status_code) == (302, 409)
    rows = MailText.objects.order_by("version").values_list("version", "subject_zh", "builtin")
    assert list(rows) == [(1, "{consortium}邀请", False), (2, "", True)]
    page = client.get(TEXT_URL)
    assert [row.version for row, _texts in page.context["versions"]] == [2, 1]
    assert page.context["form"].initial["subject_zh"] == "{notice}"


# --- outbox ------------------------------------------------------------------------------------
def test_administrators_see_who_gets_what_and_no_address(people: Personas, sign_in: Any) -> None:
    letter = letter_to(people.officer)
    client: Client = sign_in(people.system_admin)

    pages = [client.get(url) for url in (OUTBOX, letter.get_absolute_url())]

    assert [page.status_code for page in pages] == [200, 200]
    assert [people.officer.email in page.content.decode() for page in pages] == [False, False]
    assert [row.subject for row, _label in pages[0].context["lines"]] == ["样例联合体请您确认本单位的承诺。"]


@pytest.mark.parametrize("name", ["officer", "lead", "security_admin"])
def test_the_outbox_is_not_for_others(people: Personas, sign_in: Any, name: str) -> None:
    letter = letter_to(people.officer)
    client = sign_in(getattr(people, name))

    url = letter.get_absolute_url()
    assert [client.get(one).status_code for one in (OUTBOX, url, f"{url}reveal/", f"{url}retry/")] == [
        403,
        404,
        404,
        404,
    ]


def test_the_text_really_sent_is_shown_for_a_reason_and_recorded(people: Personas, sign_in: Any) -> None:
    letter = letter_to(people.officer, consortium="样例改名联合体")
    mail_texts.update_mail_text(kind=KIND, texts=WRITTEN, seen=0, actor=people.officer, at=NOON)
    client: Client = sign_in(people.audit_admin)

    silent = client.post(f"{letter.get_absolute_url()}reveal/", {"note": ""})
    shown = client.post(f"{letter.get_absolute_url()}reveal/", {"note": "核对投诉"})

    (sent,) = server.outbox
    assert list(silent.context["form"].errors) == ["note"]
    assert shown.context["plain"][-1][1] == sent.body.rstrip("\n")
    (entry,) = trail(letter)
    assert (entry.action, entry.note, entry.facts) == ("reveal", "核对投诉", {"fields": ["body", "to"], "own": False})


def test_a_mail_that_failed_is_sent_again_by_the_system_administrator(people: Personas, sign_in: Any) -> None:
    letter = letter_to(people.officer, run=False)
    Job.objects.update(state=JobState.FAILED, error="x", attempts=6, finished_at=NOON)
    url = f"{letter.get_absolute_url()}retry/"

    by_auditor = sign_in(people.audit_admin).post(url).status_code
    client = sign_in(people.system_admin)
    first, second = client.post(url), client.post(url)

    assert (by_auditor, first.status_code, second.status_code) == (403, 302, 409)
    job = Job.objects.get()
    assert (job.state, job.max_attempts) == (JobState.QUEUED, 9)
    assert [entry.action for entry in trail(letter)] == ["retry_letter"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"about": "digest"}, ["digest"]), ({"about": "notice"}, [KIND]), ({"about": "account"}, []),
        ({"state": "DONE"}, [KIND]), ({"q": "样例联合体"}, [KIND]), ({"since": "2026-11-19"}, ["digest"]),
        ({"until": "2026-11-18"}, [KIND]), ({"person": "样例"}, ["digest", KIND]),
        ({"state": "nonsense"}, ["digest", KIND]),
    ],
)  # fmt: skip
def test_the_outbox_is_narrowed(people: Personas, sign_in: Any, asked: dict[str, str], found: list[str]) -> None:
    letter_to(people.officer)
    notifications.notify(recipients=[people.head], kind="consortia.exited", params={"consortium": "x"}, url="", at=NOON)
    mailing.mail_digests(at=NOON + DAY - 3 * HOUR)

    answer = sign_in(people.system_admin).get(OUTBOX, asked)

    assert [row.kind for row, _label in answer.context["lines"]] == found


def test_the_outbox_costs_the_same_at_one_and_at_three(people: Personas, sign_in: Any) -> None:
    client: Client = sign_in(people.system_admin)
    counts = []
    for people_told in ([people.officer], [people.head, people.leader]):
        for person in people_told:
            letter_to(person)
        client.get(OUTBOX)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(OUTBOX)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- what one chooses --------------------------------------------------------------------------
def kinds_shown(client: Client) -> dict[str, Any]:
    groups = client.get(CHOICES).context["groups"]
    return {row.kind: field for group in groups for row, field in group.lines}


def test_a_person_chooses_among_what_its_roles_get(people: Personas, sign_in: Any) -> None:
    expert, officer = (kinds_shown(sign_in(person)) for person in (people.expert, people.officer))

    assert ("funding.review_assigned" in expert, "consortia.invited" in expert) == (True, False)
    assert ("funding.tranche_paid" in officer, "members.address_stopped" in officer) == (True, False)


def test_what_one_has_got_already_is_shown_too(people: Personas, sign_in: Any) -> None:
    notifications.notify(recipients=[people.expert], kind=KIND, params={"consortium": "x"}, url="", at=NOON)

    assert KIND in kinds_shown(sign_in(people.expert))


def everything(client: Client, **changes: str) -> dict[str, str]:
    form = client.get(CHOICES).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields} | changes


def test_a_choice_is_kept_and_shown_again(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)

    answer = client.post(CHOICES, everything(client, **{"consortia.issue_raised": Channel.PORTAL}))

    assert (answer.status_code, answer["Location"]) == (302, CHOICES)
    assert list(NoticeChoice.objects.values_list("person", "kind", "channel")) == [
        (people.officer.pk, "consortia.issue_raised", Channel.PORTAL)
    ]
    assert kinds_shown(client)["consortia.issue_raised"].value() == Channel.PORTAL


def test_one_choice_for_a_topic_and_one_for_all(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    titles = [str(topic.title) for topic, _rows in client.get(CHOICES).context["form"].offered]
    topic = (
        f"topic-{titles.index('年度评价')}" if "年度评价" in titles else f"topic-{titles.index('Annual evaluation')}"
    )

    client.post(CHOICES, everything(client, **{"all": Channel.PORTAL, topic: Channel.ONCE}))

    chosen = dict(NoticeChoice.objects.values_list("kind", "channel"))
    assert (chosen["reports.to_grade"], chosen["consortia.issue_raised"]) == (Channel.ONCE, Channel.PORTAL)
    assert [kind for kind in chosen if kind in notifications.INSISTED] == []


def test_what_is_insisted_on_is_greyed_and_cannot_be_forged(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)
    assert kinds_shown(client)["consortia.exit_decided"] is None

    client.post(CHOICES, everything(client, **{"consortia.exit_decided": Channel.PORTAL}))

    assert not NoticeChoice.objects.filter(kind="consortia.exit_decided").exists()


def test_nonsense_is_refused_at_its_field(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.officer)

    answer = client.post(CHOICES, everything(client, **{"consortia.issue_raised": "PIGEON"}))

    assert list(answer.context["form"].errors) == ["consortia.issue_raised"]
    assert [group.open for group in answer.context["groups"]].count(True) == 1


def test_the_pages_are_linked(people: Personas, sign_in: Any) -> None:
    page = sign_in(people.officer).get(reverse("notifications")).content.decode()

    assert page.count(f'href="{CHOICES}"') >= 1
