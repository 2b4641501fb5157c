"""Sign-in by allauth in our house: password, second factor, lock-out, passwords by mail."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from members.models import User
from portal.kernel.audit import trail
from portal.kernel.models import Job
from portal.kernel.models.job import JobState
from tests.personas import PASSWORD, Personas, enrol_totp
from tests.workers import LINK, work_off

LOGIN = reverse("account_login")
HOME = reverse("home")
NEW = "River-stone-47"


@pytest.fixture
def browser(db: None) -> Client:
    """A visitor who reads English."""
    return Client(headers={"Accept-Language": "en"})


def login(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": password, **more})


def code(secret: str, periods: int = 0) -> str:
    """The code of now, or of a later or earlier half minute; it does not run out while it is on its way."""
    left = 30 - time.time() % 30
    if left < 2:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def errors(answer: Any) -> list[str]:
    return [str(error) for messages in answer.context["form"].errors.values() for error in messages]


def actions(user: User) -> list[str]:
    return list(trail(user).order_by("id").values_list("action", flat=True))


# --- password ----------------------------------------------------------------------------------
def test_somebody_of_an_organisation_comes_in_by_password(browser: Client, people: Personas) -> None:
    answer = login(browser, people.lead)

    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert answer.wsgi_request.user == people.lead
    assert actions(people.lead) == ["sign_in"]


def test_the_address_may_be_written_in_capitals(browser: Client, people: Personas) -> None:
    answer = browser.post(LOGIN, {"login": people.lead.email.upper(), "password": PASSWORD})

    assert answer["Location"] == HOME


def test_one_goes_on_where_one_was(browser: Client, people: Personas) -> None:
    assert login(browser, people.lead, next="/members/organisations/own/")["Location"] == "/members/organisations/own/"


@pytest.mark.parametrize(
    "target", ["https://elsewhere.test/", "//elsewhere.test/", "/\\elsewhere.test", "javascript:x"]
)
def test_nobody_is_led_elsewhere(browser: Client, people: Personas, target: str) -> None:
    assert login(browser, people.lead, next=target)["Location"] == HOME


def test_the_session_gets_a_new_key(browser: Client, people: Personas) -> None:
    browser.get(LOGIN)
    session = browser.session
    session["before"] = True
    session.save()
    key = session.session_key

    login(browser, people.lead)

    assert browser.session.session_key != key


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_an_unknown_address_sound_the_same(browser: Client, people: Personas, known: bool) -> None:
    email = people.lead.email if known else "nobody@sample.test"

    answer = browser.post(LOGIN, {"login": email, "password": "Wrong-pass-2026"})

    assert errors(answer) == ["E-mail address and password do not fit together."]


def test_the_language_of_the_sign_in_is_that_of_the_mails_from_now_on(people: Personas) -> None:
    login(Client(headers={"Accept-Language": "en"}), people.lead)

    people.lead.refresh_from_db()
    assert people.lead.language == "en"


def test_a_deactivated_person_is_told_so(browser: Client, people: Personas) -> None:
    User.objects.filter(pk=people.lead.pk).update(is_active=False)

    answer = login(browser, people.lead)

    assert answer["Location"] == reverse("account_inactive")
    assert not answer.wsgi_request.user.is_authenticated
    assert browser.get(answer["Location"]).status_code == 200


# --- lock-out ----------------------------------------------------------------------------------
def test_after_five_wrong_passwords_the_right_one_is_refused_too(browser: Client, people: Personas) -> None:
    for _attempt in range(5):
        login(browser, people.lead, "Wrong-pass-2026")

    answer = login(browser, people.lead)

    assert errors(answer) == ["Too many attempts. For your protection sign-in is locked for half an hour."]
    assert not answer.wsgi_request.user.is_authenticated


def test_the_lock_is_that_of_one_account_and_forged_addresses_do_not_open_it(people: Personas) -> None:
    for attempt in range(5):
        login(Client(headers={"X-Forwarded-For": f"10.0.0.{attempt}"}), people.lead, "Wrong-pass-2026")

    locked = login(Client(headers={"X-Forwarded-For": "10.0.0.99", "Accept-Language": "zh-hans"}), people.lead)

    assert errors(locked) == ["尝试次数过多。为保护账号安全，登录已锁定30分钟。"]
    assert login(Client(), people.rival)["Location"] == HOME


def test_one_address_on_the_net_cannot_try_many_accounts(browser: Client, people: Personas) -> None:
    for attempt in range(20):
        browser.post(LOGIN, {"login": f"p{attempt}@sample.test", "password": "Wrong-pass-2026"})

    assert login(browser, people.lead).status_code == 200


def test_a_right_password_does_not_count(browser: Client, people: Personas) -> None:
    for _attempt in range(6):
        assert login(browser, people.lead)["Location"] == HOME
        browser.post(reverse("account_logout"))


def test_whoever_sets_a_new_password_by_mail_is_not_locked_out_any_longer(browser: Client, people: Personas) -> None:
    for _attempt in range(5):
        login(browser, people.lead, "Wrong-pass-2026")

    reset(browser, people.lead, NEW)

    assert login(browser, people.lead, NEW)["Location"] == HOME


# --- second factor -----------------------------------------------------------------------------
def test_an_official_passes_with_password_and_code(browser: Client, bare_officer: User) -> None:
    secret = enrol_totp(bare_officer)

    first = login(browser, bare_officer)
    assert first["Location"] == reverse("mfa_authenticate")
    assert not first.wsgi_request.user.is_authenticated
    assert browser.get(HOME)["Location"].split("?")[0] == LOGIN
    assert browser.get("/api/v1/consortia/").status_code == 403

    second = browser.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert second["Location"] == HOME
    assert [record["method"] for record in browser.session["account_authentication_methods"]] == ["password", "mfa"]


def test_a_code_counts_once(bare_officer: User) -> None:
    secret = enrol_totp(bare_officer)
    used = code(secret)
    answers = []
    for client in (Client(headers={"Accept-Language": "en"}), Client(headers={"Accept-Language": "en"})):
        login(client, bare_officer)
        answers.append(client.post(reverse("mfa_authenticate"), {"code": used}))

    assert [answer.status_code for answer in answers] == [302, 200]
    assert errors(answers[1]) == [
        "This code is not right, or it has run out or been used. Please enter the one shown now."
    ]


@pytest.mark.parametrize("periods", [-2, 2])
def test_a_code_of_another_half_minute_does_not_count(browser: Client, bare_officer: User, periods: int) -> None:
    secret = enrol_totp(bare_officer)
    login(browser, bare_officer)

    assert browser.post(reverse("mfa_authenticate"), {"code": code(secret, periods)}).status_code == 200


def test_a_recovery_code_counts_once(browser: Client, bare_officer: User) -> None:
    enrol_totp(bare_officer)
    spare = RecoveryCodes.activate(bare_officer).get_unused_codes()[0]

    for expected in (302, 200):
        login(browser, bare_officer)
        answer = browser.post(reverse("mfa_authenticate"), {"code": spare})
        assert answer.status_code == expected
        browser.post(reverse("account_logout"))


def test_many_wrong_codes_lock_the_second_door_too(browser: Client, bare_officer: User) -> None:
    secret = enrol_totp(bare_officer)
    login(browser, bare_officer)
    for attempt in range(5):
        browser.post(reverse("mfa_authenticate"), {"code": f"00000{attempt}"})

    answer = browser.post(reverse("mfa_authenticate"), {"code": code(secret)})

    assert errors(answer) == ["Too many attempts. For your protection sign-in is locked for half an hour."]


@pytest.mark.django_db(transaction=True)
def test_an_official_sets_up_an_app_at_the_first_sign_in(browser: Client, bare_officer: User) -> None:
    login(browser, bare_officer)
    assert browser.get(HOME)["Location"] == reverse("mfa_index")
    activate = reverse("mfa_activate_totp")
    assert browser.get(activate)["Location"].split("?")[0] == reverse("account_reauthenticate")
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": activate})
    page = browser.get(activate)
    secret = page.context["form"].secret
    assert page.content.decode().count("<svg width=") == 1

    answer = browser.post(activate, {"code": code(secret)})

    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = browser.get(answer["Location"])
    assert len(codes.context["unused_codes"]) == 10
    assert browser.get(reverse("mfa_download_recovery_codes")).content.decode().split() == codes.context["unused_codes"]
    assert browser.get(reverse("members:role-list")).status_code == 200
    assert actions(bare_officer) == ["sign_in", "add_second_factor", "add_second_factor"]
    assert [letter.subject for letter in mail.outbox] == ["An authenticator app was set up"]


def test_the_last_factor_stays_where_the_roles_demand_one(browser: Client, people: Personas) -> None:
    for user, stays in ((people.officer, True), (people.lead, False)):
        if user == people.lead:
            enrol_totp(user)
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(user)
        confirm(client, user)

        client.post(reverse("mfa_deactivate_totp"))

        assert Authenticator.objects.filter(user=user, type="totp").exists() == stays


def confirm(client: Client, user: User) -> None:
    """Prove once more who one is: by the app where there is one, else by the password."""
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    given = {"code": code(decrypt(factor.data["secret"]))} if factor else {"password": PASSWORD}
    door = "mfa_reauthenticate" if factor else "account_reauthenticate"
    client.post(reverse(door), {**given, "next": reverse("mfa_index")})


def test_every_page_of_the_account_opens(people: Personas) -> None:
    RecoveryCodes.activate(people.officer)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(people.officer)
    confirm(client, people.officer)

    names = [
        "mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_list_webauthn", "mfa_add_webauthn", "account_change_password", "account_logout", "mfa_reauthenticate",
    ]  # fmt: skip
    assert {name: client.get(reverse(name)).status_code for name in names} == dict.fromkeys(names, 200)


# --- passwords ---------------------------------------------------------------------------------
def reset(client: Client, user: User, password: str) -> Any:
    """Ask for the link, follow it, set the password."""
    client.post(reverse("account_reset_password"), {"email": user.email})
    work_off()
    link = LINK.search(mail.outbox[-1].body)
    assert link
    form = client.get(link[1])["Location"]
    return client.post(form, {"password1": password, "password2": password})


@pytest.mark.parametrize(("language", "subject"), [("en", "Set a new password"), ("zh-hans", "设置新密码")])
def test_a_forgotten_password_is_set_anew_by_mail_in_the_readers_language(
    people: Personas, language: str, subject: str
) -> None:
    User.objects.filter(pk=people.lead.pk).update(language=language)
    client = Client(headers={"Accept-Language": "zh-hans" if language == "en" else "en"})

    answer = reset(client, people.lead, NEW)

    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    assert mail.outbox[0].subject == subject
    people.lead.refresh_from_db()
    assert people.lead.check_password(NEW)
    assert actions(people.lead) == ["change_password"]
    assert not answer.wsgi_request.user.is_authenticated


def test_after_a_reset_the_second_factor_is_still_asked(browser: Client, bare_officer: User) -> None:
    enrol_totp(bare_officer)
    reset(browser, bare_officer, NEW)

    assert login(browser, bare_officer, NEW)["Location"] == reverse("mfa_authenticate")


def test_a_link_counts_once(browser: Client, people: Personas) -> None:
    reset(browser, people.lead, NEW)
    link = LINK.search(mail.outbox[0].body)
    assert link

    answer = Client().get(link[1])

    assert answer.context["token_fail"]


def test_an_unknown_address_sees_the_same_page(browser: Client, people: Personas) -> None:
    pages = []
    for email in (people.lead.email, "nobody@sample.test"):
        answer = browser.post(reverse("account_reset_password"), {"email": email})
        pages.append((answer.status_code, answer["Location"]))

    assert pages == [(302, reverse("account_reset_password_done"))] * 2
    assert mail.outbox == []
    work_off()
    assert [letter.to for letter in mail.outbox] == [[people.lead.email], ["nobody@sample.test"]]
    assert mail.outbox[1].body.count(reverse("members:register")) == 1
    assert browser.get(reverse("account_signup"))["Location"] == reverse("members:register")


def test_a_mail_server_that_is_away_is_asked_again(browser: Client, people: Personas, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    answer = browser.post(reverse("account_reset_password"), {"email": people.lead.email})
    work_off()

    assert answer["Location"] == reverse("account_reset_password_done")
    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)


def test_a_change_is_told_of_without_waiting_for_the_mail_server(
    browser: Client, people: Personas, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    login(browser, people.lead)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    answer = browser.post(reverse("account_change_password"), change)

    assert answer.status_code == 302
    assert [record.getMessage() for record in caplog.records if record.name == "portal.kernel.mail"] == [
        "a letter could not be sent"
    ]


def test_neither_the_address_nor_the_link_is_kept(browser: Client, people: Personas) -> None:
    browser.post(reverse("account_reset_password"), {"email": people.lead.email.upper()})
    work_off()

    job = Job.objects.get()
    assert (job.kind, job.state, job.result, job.requested_by) == ("kernel.mail.reset", JobState.DONE, {}, None)
    assert people.lead.email not in f"{job.key} {job.params}".lower()
    assert [letter.to for letter in mail.outbox] == [[people.lead.email]]


def test_a_changed_password_signs_out_the_other_devices(people: Personas) -> None:
    here, there = Client(headers={"Accept-Language": "en"}), Client(headers={"Accept-Language": "en"})
    for client in (here, there):
        login(client, people.lead)

    answer = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )

    assert answer.status_code == 302
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["The password is changed."]
    own = reverse("members:organisation-own")
    assert (here.get(own).status_code, there.get(own).status_code) == (200, 302)
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([people.lead.email], "Your password was changed")
    ]


@pytest.mark.parametrize(
    ("old", "new", "again", "fields"),
    [
        ("Wrong-pass-2026", NEW, NEW, ["oldpassword"]),
        (PASSWORD, "short", "short", ["password1"]),
        (PASSWORD, NEW, NEW + "x", ["password2"]),
    ],
)
def test_bad_passwords_are_refused_next_to_their_field(
    sign_in: Any, people: Personas, old: str, new: str, again: str, fields: list[str]
) -> None:
    answer = sign_in(people.lead).post(
        reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": again}
    )

    assert list(answer.context["form"].errors) == fields


# --- doors that stay shut ----------------------------------------------------------------------
@pytest.mark.parametrize("name", ["account_email", "account_confirm_email", "account_request_login_code"])
def test_doors_that_we_do_not_use_are_not_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_signing_out_asks_first_and_takes_a_post(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead)

    assert client.get(reverse("account_logout")).wsgi_request.user.is_authenticated
    assert not client.post(reverse("account_logout")).wsgi_request.user.is_authenticated
    assert "_auth_user_id" not in client.session
