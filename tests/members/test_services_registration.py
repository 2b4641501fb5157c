"""An address that proves itself before an organisation is registered with it."""

from datetime import timedelta

import pytest

from members.models import User
from members.services.registration import (
    MAILS_A_DAY,
    VALID_FOR,
    ask_registration,
    registering_address,
    registration_token,
)
from portal.kernel.models import Job
from tests.clock import DAY, NOON
from tests.factories.members import make_user
from tests.letters import message_to, newest_link
from tests.personas import Personas
from tests.races import at_once

EMAIL = "first@sample.test"


def ask(email: str = EMAIL, hours: int = 0, language: str = "en") -> None:
    ask_registration(email=email, language=language, at=NOON + timedelta(hours=hours))


def body(email: str) -> str:
    return str(message_to(email).body)


def test_the_link_tells_the_address_for_a_day(db: None) -> None:
    token = registration_token(email=EMAIL, at=NOON)

    assert registering_address(token=token, at=NOON) == EMAIL
    assert registering_address(token=token, at=NOON + VALID_FOR - timedelta(seconds=1)) == EMAIL
    assert registering_address(token=token, at=NOON + VALID_FOR) is None


def test_the_address_cannot_be_read_in_the_link_nor_told_from_it(db: None) -> None:
    ones, others = (registration_token(email=EMAIL, at=NOON) for _time in range(2))

    assert ones != others
    assert [word for word in ("first", "sample", "Zmlyc3", "c2FtcGxl") if word in ones] == []


def test_the_link_is_void_as_soon_as_the_account_exists(db: None) -> None:
    token = registration_token(email=EMAIL, at=NOON)
    make_user("first", "样例甲")

    assert registering_address(token=token, at=NOON) is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_mail_holds_the_link_and_nothing_else_that_leads_somewhere(db: None, language: str) -> None:
    ask(language=language)

    path = newest_link()
    links = [line.partition("://")[2] for line in body(EMAIL).splitlines() if "://" in line]
    assert [link[link.index("/") :] for link in links] == [path]


def test_the_mail_to_a_known_address_leads_to_sign_in_and_reset_in_its_owners_language(people: Personas) -> None:
    User.objects.filter(pk=people.lead.pk).update(language="en")
    ask(people.lead.email, language="zh-hans")

    links = [line.partition("/account/")[2] for line in body(people.lead.email).splitlines() if "://" in line]
    assert links == ["login/", "password/reset/"]
    assert message_to(people.lead.email).subject == "You have an account already"


@pytest.mark.parametrize("known", [True, False])
def test_nobody_fills_a_mailbox_or_keeps_its_owner_out(db: None, known: bool) -> None:
    if known:
        make_user("first", "样例甲")
    for _time in range(MAILS_A_DAY + 3):
        ask()

    assert Job.objects.count() == MAILS_A_DAY
    ask("second@sample.test")
    ask(hours=24)
    assert Job.objects.count() == MAILS_A_DAY + 2


def test_while_no_more_is_sent_the_last_link_is_good(db: None) -> None:
    for hour in range(MAILS_A_DAY):
        ask(hours=hour // 4)
    path = newest_link()

    assert registering_address(token=path.strip("/").rpartition("/")[2], at=NOON + DAY / 2) == EMAIL


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_both_are_answered() -> None:
    results = at_once(ask, ask)

    assert results == [None, None]
    assert Job.objects.count() in {1, 2}
