"""Mails about accounts in the words of the bureau: the way in stays, and no other address comes in."""

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from members.enums import Role
from members.services.invitations import invite_colleague
from members.services.registration import ask_registration
from members.services.resets import ask_reset, reset_letter
from portal.kernel import account_mails, mail_texts
from portal.kernel.account_mails import MAILS
from portal.kernel.mail import send_mail_later
from portal.kernel.models import Letter, MailText
from portal.kernel.outbox import HIDDEN_LINK, message
from tests.clock import NOON
from tests.personas import Personas

pytestmark = pytest.mark.django_db
BASE = settings.PUBLIC_URL
INVITATION = {
    "subject_zh": "{inviter}邀请您", "body_zh": "{person}：\n{roles}\n{link}\n{until}前有效。{bureau}",
    "subject_en": "{inviter} invites you", "body_en": "{person}:\n{roles}\n{link}\nuntil {until}",
}  # fmt: skip
LINK_ONLY = {"subject_zh": "链接", "body_zh": "请打开：{link}", "subject_en": "Link", "body_en": "Open: {link}"}


def write(people: Personas, kind: str, texts: dict[str, str], **more: str) -> MailText:
    return mail_texts.update_mail_text(kind=kind, texts={**texts, **more}, seen=0, actor=people.officer, at=NOON)


def faults(people: Personas, kind: str, texts: dict[str, str], **more: str) -> dict[str, list[str]]:
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        write(people, kind, texts, **more)
    with translation.override("en"):
        return dict(caught.value.message_dict)


@pytest.mark.parametrize("kind", sorted(MAILS))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_built_in_text_filled_in_is_the_mail_that_goes_out(kind: str, language: str, people: Personas) -> None:
    """So the bureau begins with what people get now, and may put it in force unchanged."""
    values: dict[str, Any] = {name: f"样例{name}" for name in MAILS[kind].variables}
    values |= {"roles": ["Applicant", "Signatory"]} if "roles" in values else {}
    values |= {"path": "/x/"} if "path" in values else {}
    send_mail_later(
        to="a@example.org", subject=MAILS[kind].subject, template=kind, context=values, language=language, key=kind,
        at=NOON,
    )  # fmt: skip
    sent = Letter.objects.get()

    with translation.override(language):
        values = account_mails.values({**values, "path": HIDDEN_LINK})
    text = mail_texts.builtin(language, kind).filled(values)

    assert (sent.subject, sent.body.reveal().strip()) == (text.subject, text.body.strip())
    texts = {
        f"{part}_{end}": getattr(mail_texts.builtin(spoken, kind), part)
        for spoken, end in mail_texts.SUFFIX.items()
        for part in ("subject", "body")
    }
    assert write(people, kind, texts).version == 1


def test_an_invitation_goes_out_in_the_words_of_the_bureau(people: Personas) -> None:
    write(people, "invitation", INVITATION)

    invite_colleague(
        organisation=people.lead_org, email="new@example.org", name="样例新人", roles=[Role.APPLICANT],
        actor=people.lead_admin, at=NOON,
    )  # fmt: skip

    letter = Letter.objects.get()
    assert letter.subject == f"{people.lead_admin.name}邀请您"
    lines = letter.body.reveal().splitlines()
    assert (lines[0], lines[1], lines[2]) == ("样例新人：", "- 牵头申报人", f"{BASE}{HIDDEN_LINK}")
    assert HIDDEN_LINK not in message(letter).body
    assert f"{BASE}/members/invitations/" in message(letter).body


def test_the_letters_of_those_who_stand_outside_too(people: Personas) -> None:
    """Also the one that the outbox never keeps."""
    for kind in ("registration", "reset"):
        write(people, kind, LINK_ONLY)
    ask_registration(email="new@example.org", language="en", at=NOON)

    written = reset_letter(job=ask_reset(email=people.lead.email, language="zh-hans", at=NOON))

    assert message(Letter.objects.get()).body.startswith(f"Open: {BASE}/members/register/")
    assert (written.subject, written.body.splitlines()[0][:4]) == ("链接", "请打开：")
    assert f"{BASE}/account/password/reset/key/" in written.body


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"body_zh": "{until}前有效"}, "body_zh", "{link} must stay in this mail."),
        ({"body_en": "{link}"}, "body_en", "{until} must stay in this mail."),
        ({"subject_en": "{link}"}, "subject_en", "An address cannot stand in the subject."),
        ({"body_en": "{link} {until} http://evil.example"}, "body_en", "so that nobody is led elsewhere."),
        ({"body_en": "{link} {until} WWW.evil.example"}, "body_en", "so that nobody is led elsewhere."),
        ({"body_en": "{link} {until} {reset}"}, "body_en", "{reset} cannot stand in this mail."),
    ],
)
def test_what_must_stay_stays_and_nothing_leads_elsewhere(
    people: Personas, more: dict[str, str], field: str, sentence: str
) -> None:
    found = faults(people, "invitation", INVITATION, **more)

    assert list(found) == [field]
    assert sentence in found[field][0]


def test_after_the_built_in_text_is_back_it_goes_out(people: Personas) -> None:
    write(people, "registration", LINK_ONLY)
    mail_texts.restore_mail_text(kind="registration", seen=1, actor=people.officer, at=NOON)

    ask_registration(email="new@example.org", language="en", at=NOON)

    assert Letter.objects.get().subject == "Your link to register your organisation"


def test_a_name_in_curly_brackets_is_no_fact(people: Personas) -> None:
    write(people, "welcome", {f"{part}_{end}": text for end in ("zh", "en")
                              for part, text in (("subject", "欢迎"), ("body", "{person} {reset}"))})  # fmt: skip

    send_mail_later(to="a@example.org", subject="x", template="welcome", context={"name": "{reset}"}, language="en",
                    key="k", at=NOON)  # fmt: skip

    assert Letter.objects.get().body.reveal() == f"{{reset}} {BASE}/account/password/reset/"


def test_the_page_names_what_must_stay(people: Personas, sign_in: Any) -> None:
    page = sign_in(people.officer).get("/members/mail/texts/invitation/").content.decode()
    assert page.count("须保留") == 2
    assert "账号与登录" in sign_in(people.officer).get("/members/mail/texts/").content.decode()
