"""Texts of mails: the built-in one, the bureau's, and what may stand in it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import mail_texts, mailing, notifications
from portal.kernel.audit import trail
from portal.kernel.mail_texts import DIGEST, FIELDS, Text
from portal.kernel.models import Letter, MailText
from portal.kernel.workflow import TransitionRefused
from tests.clock import DAY, HOUR, NOON
from tests.personas import Personas
from tests.races import at_once

pytestmark = pytest.mark.django_db

KIND = "consortia.invited"
TEXTS = {
    "subject_zh": "{consortium}邀请", "body_zh": "{person}：\n{notice}\n{link}",
    "subject_en": "From {consortium}", "body_en": "Dear {person},\n{notice}\n{link}",
}  # fmt: skip


def write(people: Personas, kind: str = KIND, seen: int = 0, **texts: str) -> MailText:
    return mail_texts.update_mail_text(kind=kind, texts={**TEXTS, **texts}, seen=seen, actor=people.officer, at=NOON)


def faults(people: Personas, kind: str = KIND, **texts: str) -> list[str]:
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        write(people, kind, **texts)
    with translation.override("en"):
        return [f"{name}: {sentence}" for name, found in caught.value.message_dict.items() for sentence in found]


def mailed(people: Personas, kind: str = KIND) -> Letter:
    notifications.notify(
        recipients=[people.officer], kind=kind, params={"consortium": "样例联合体"}, url="/x/", at=NOON
    )
    mailing.mail_urgent_notices(at=NOON)
    return Letter.objects.latest("created_at", "pk")


def test_the_bureaus_text_goes_out_and_the_trail_knows_who_wrote_it(people: Personas) -> None:
    text = write(people)

    letter = mailed(people)

    assert (letter.subject, letter.body.reveal().splitlines()[0]) == ("样例联合体邀请", f"{people.officer.name}：")
    (entry,) = trail(text)
    assert (entry.action, entry.actor, entry.facts["version"]) == ("update_mail_text", people.officer, 1)
    assert entry.facts["fields"] == sorted(FIELDS)


def test_back_to_the_built_in_text(people: Personas) -> None:
    write(people)

    text = mail_texts.restore_mail_text(kind=KIND, seen=1, actor=people.head, at=NOON)

    assert (text.version, text.builtin) == (2, True)
    assert mailed(people).subject == "样例联合体请您确认本单位的承诺。"
    with pytest.raises(TransitionRefused):
        mail_texts.restore_mail_text(kind=KIND, seen=2, actor=people.head, at=NOON)


def test_nobody_else_writes_texts(people: Personas) -> None:
    for person in (people.system_admin, people.lead, people.expert):
        with pytest.raises(PermissionDenied):
            mail_texts.update_mail_text(kind=KIND, texts=TEXTS, seen=0, actor=person, at=NOON)


def test_what_cannot_stand_is_said_at_its_field(people: Personas) -> None:
    found = faults(people, subject_zh="{reason}", body_zh="a } b", subject_en="", body_en="{bureau} {person.email}")

    assert found == [
        "subject_zh: {reason} cannot stand in this mail. Use one of the facts listed beside the form.",
        "body_zh: A curly bracket stands alone. A fact is written as {person}.",
        "subject_en: This text is empty. Write it in both languages.",
        "body_en: A curly bracket stands alone. A fact is written as {person}.",
    ]


def test_a_daily_mail_must_name_the_notices(people: Personas) -> None:
    digest = {"subject_zh": "汇总", "body_zh": "{notices}", "subject_en": "News", "body_en": "nothing"}

    assert faults(people, DIGEST, **digest) == ["body_en: Without {notices} the daily mail would tell nothing."]


def test_who_saves_over_an_older_version_is_told(people: Personas) -> None:
    write(people)

    with pytest.raises(TransitionRefused):
        write(people, seen=0)
    assert write(people, seen=1).version == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(people: Personas) -> None:
    answers = at_once(lambda: write(people), lambda: write(people))

    assert sorted(type(one).__name__ for one in answers) == ["MailText", "TransitionRefused"]
    assert MailText.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_a_preview_without_holes(language: str) -> None:
    with translation.override(language):
        shown = [mail_texts.sampled(kind, mail_texts.builtin(language, kind)) for kind in mail_texts.kinds()]

    assert [text for text in shown if set(text.subject + text.body) & set("{}") or "%(" in text.body] == []


@given(st.text(max_size=80), st.text(max_size=20))
def test_a_fact_is_never_read_for_facts(text: str, value: str) -> None:
    filled = Text("{name}", text).filled({"name": f"{value}{{link}}", "link": "secret"})

    assert filled.subject == f"{value}{{link}}"


def test_the_daily_mail_takes_the_bureaus_text(people: Personas) -> None:
    digest = {"subject_zh": "{day} {count}", "body_zh": "{notices}", "subject_en": "N", "body_en": "{notices}"}
    write(people, DIGEST, **digest)
    notifications.notify(
        recipients=[people.head], kind="consortia.exited", params={"consortium": "样例"}, url="", at=NOON
    )

    mailing.mail_digests(at=NOON + DAY - 3 * HOUR)

    assert Letter.objects.get().subject.split()[1] == "1"


def test_a_kind_that_is_not_there_has_no_text(people: Personas, sign_in: Any) -> None:
    assert sign_in(people.officer).get("/members/mail/texts/tests.nothing/").status_code == 404
