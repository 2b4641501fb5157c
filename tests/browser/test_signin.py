"""Coming in, in a real browser: password and code, lock-out, invitation, passkey, registration, demo."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.enums import Role
from members.middleware import SEEN
from members.models import Organisation, User
from members.services.invitations import invite_colleague
from members.services.people import enrol_demo_second_factor
from members.services.registration import registration_token
from tests.browsing import LANGUAGES, WIDTHS, Visit, assert_accessible, assert_no_overflow
from tests.factories.members import give, make_district, make_user
from tests.letters import newest_link
from tests.personas import PASSWORD, Personas, enrol_totp

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = reverse("account_login")
OWN = reverse("members:organisation-own")
ROLES = reverse("members:role-list")


@pytest.fixture
def people() -> Personas:
    """The cast, committed, so that the live server sees it."""
    return Personas()


def code(secret: str) -> str:
    """The code of now; close to the end of its half minute, that of the next one."""
    left = 30 - time.time() % 30
    if left < 3:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(page: Page, user: User, password: str = PASSWORD) -> None:
    """Fill in the form of the sign-in page that is open."""
    page.fill("#id_login", user.email)
    page.fill("#id_password", password)
    page.locator("main form:has(#id_login) button.pri").click()


def bare_officer() -> User:
    """An official without a second factor."""
    user = make_user("bare", "样例新员")
    give(user, Role.OFFICER)
    return user


# --- password and code -------------------------------------------------------------------------
def test_an_official_signs_in_with_password_and_code(visit: Visit) -> None:
    officer = bare_officer()
    secret = enrol_totp(officer)
    page = visit(f"{LOGIN}?next={ROLES}", language="en")

    sign_in(page, officer)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    assert_accessible(page)
    page.fill("#id_code", code(secret))
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1, name="Roles")).to_be_visible()
    assert page.url.endswith(ROLES)


def test_an_official_sets_up_an_app_at_the_first_sign_in(visit: Visit) -> None:
    page = visit(LOGIN, language="en")
    sign_in(page, bare_officer())
    expect(page.get_by_text("Please set up a second factor.")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Set up an app").click()
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".qr svg")).to_be_visible()
    assert_accessible(page)
    page.get_by_text("You cannot scan it?").click()
    page.fill("#id_code", code(page.locator("details code").inner_text()))
    page.get_by_role("button", name="Set up the app").click()

    expect(page.locator(".codes li")).to_have_count(10)
    assert_accessible(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("nav.nav")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Too many attempts. For your protection sign-in is locked for half an hour."),
        ("zh-hans", "尝试次数过多。为保护账号安全，登录已锁定30分钟。"),
    ],
)
def test_the_lock_out_says_how_long_it_lasts(people: Personas, visit: Visit, language: str, sentence: str) -> None:
    user = people.lead
    page = visit(LOGIN, language=language)

    for _attempt in range(5):
        sign_in(page, user, "Wrong-pass-2026")
    sign_in(page, user)

    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.locator("#id_login")).to_have_value(user.email)
    assert_accessible(page)


def test_whoever_was_idle_signs_in_again_and_goes_on(people: Personas, visit: Visit) -> None:
    page = visit(f"{LOGIN}?next={OWN}", language="en")
    sign_in(page, people.lead)
    expect(page.get_by_role("heading", level=1, name="样例领航科技有限公司")).to_be_visible()
    let_idle(people.lead)

    page.reload()
    expect(page.get_by_text("You were signed out because nothing happened for a while.")).to_be_visible()
    sign_in(page, people.lead)

    expect(page.get_by_role("heading", level=1, name="样例领航科技有限公司")).to_be_visible()


def let_idle(user: User) -> None:
    """Move the last sign of life of the user's session an hour back."""
    for row in Session.objects.all():
        if row.get_decoded().get("_auth_user_id") == str(user.pk):
            session = SessionStore(row.session_key)
            session[SEEN] -= 3600
            session.save()


# --- joining -----------------------------------------------------------------------------------
def test_an_invited_colleague_joins(people: Personas, visit: Visit) -> None:
    invite_colleague(
        organisation=people.lead_org, email="colleague@sample.test", name="样例同事", roles=[Role.APPLICANT],
        actor=people.lead_admin, at=timezone.now(),
    )  # fmt: skip
    page = visit(newest_link(), language="en")
    expect(page.get_by_role("heading", level=1, name="样例领航科技有限公司")).to_be_visible()
    assert_accessible(page)

    page.fill("#id_password", PASSWORD)
    page.fill("#id_password_again", PASSWORD)
    page.check("#id_notice")
    page.get_by_role("button", name="Join the organisation").click()

    expect(page.get_by_role("status")).to_contain_text("You now act for this organisation.")
    assert page.url.endswith(reverse("home"))
    assert User.objects.get(email="colleague@sample.test").organisation_ids == {people.lead_org.pk}


def test_an_enterprise_registers_with_an_odd_code_and_a_reason(visit: Visit) -> None:
    make_district()
    page = visit(reverse("members:register"), language="en")
    page.fill("#id_email", "first@sample.test")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("We have sent a mail to first@sample.test.")).to_be_visible()
    assert_accessible(page)
    page = visit(newest_link(), language="en")
    expect(page.locator("#id_email")).to_be_disabled()
    expect(page.locator("#id_email")).to_have_value("first@sample.test")
    page.fill("#id_name", "样例新星科技有限公司")
    page.select_option("#id_district", "320583")
    page.fill("#id_uscc", "91320599MA0000042A")
    page.fill("#id_person_name", "样例甲")
    fill_passwords(page)
    page.get_by_role("button", name="Register the organisation").click()
    expect(page.get_by_role("alert")).to_contain_text("The check digit of this code does not fit.")
    assert_accessible(page)

    page.fill("#id_uscc_override", "as on the licence")
    fill_passwords(page)
    page.get_by_role("button", name="Register the organisation").click()

    expect(page.get_by_role("status")).to_contain_text("Your organisation is registered")
    assert Organisation.objects.get().uscc_override == "as on the licence"
    expect(visit(reverse("mfa_activate_totp"), language="en").locator("#id_code")).to_be_visible()


def fill_passwords(page: Page) -> None:
    page.fill("#id_password", PASSWORD)
    page.fill("#id_password_again", PASSWORD)
    page.check("#id_notice")


def test_one_click_in_the_demo(people: Personas, visit: Visit) -> None:
    officer = bare_officer()
    officer.is_demo = True
    officer.save()
    enrol_demo_second_factor(user=officer)
    page = visit(reverse("demo"), language="en")
    assert_accessible(page)

    page.get_by_role("button", name="Sign in as 样例新员").click()

    page.wait_for_url(re.compile(reverse("home")))
    expect(page.get_by_label("Account menu of 样例新员")).to_be_visible()


# --- passkeys ----------------------------------------------------------------------------------
@pytest.fixture
def authenticator(page: Page) -> Iterator[Any]:
    """A platform authenticator that the browser believes in; it verifies its user without asking."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield lambda present: session.send(
        "WebAuthn.setUserVerified", {"authenticatorId": added["authenticatorId"], "isUserVerified": present}
    )
    session.detach()


def add_key(page: Page, *, passwordless: bool) -> None:
    """From the page of the account's security to a key."""
    page.get_by_role("link", name="Add a key").click()
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.fill("#id_name", "Sample key")
    page.set_checked("#id_passwordless", passwordless)
    page.get_by_role("button", name="Add the key").click()
    expect(page.locator(".codes li")).to_have_count(10)


def sign_out(page: Page) -> None:
    page.get_by_label("Account menu of 样例新员").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()


def test_a_passkey_is_added_and_signs_in_without_a_password(visit: Visit, authenticator: Any) -> None:
    officer = bare_officer()
    page = visit(LOGIN, language="en")
    sign_in(page, officer)
    add_key(page, passwordless=True)
    key = Authenticator.objects.get(user=officer, type=Authenticator.Type.WEBAUTHN)
    assert (key.wrap().name, key.wrap().is_passwordless) == ("Sample key", True)
    sign_out(page)

    page = visit(LOGIN, language="en")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(re.compile(reverse("home")))
    expect(page.get_by_label("Account menu of 样例新员")).to_be_visible()


def test_a_security_key_is_the_second_factor(visit: Visit, authenticator: Any) -> None:
    officer = bare_officer()
    page = visit(LOGIN, language="en")
    sign_in(page, officer)
    add_key(page, passwordless=False)
    sign_out(page)

    page = visit(f"{LOGIN}?next={ROLES}", language="en")
    sign_in(page, officer)
    page.get_by_role("button", name="Use a passkey or security key").click()

    expect(page.get_by_role("heading", level=1, name="Roles")).to_be_visible()


def test_a_key_that_is_refused_says_so_on_the_page(visit: Visit) -> None:
    page = visit(LOGIN, language="en")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": False, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("The key was not used")


# --- every page, both languages, narrow and wide -----------------------------------------------
PUBLIC = [
    LOGIN, reverse("members:register"), reverse("members:register-sent"),
    reverse("members:register-complete", args=["void"]), reverse("account_reset_password"),
    reverse("account_reset_password_done"),
]  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_doors_are_accessible_and_fit(visit: Visit, console: list[str], language: str, width: int) -> None:
    token = registration_token(email="first@sample.test", at=timezone.now())
    for path in [*PUBLIC, reverse("members:register-complete", args=[token])]:
        page = visit(path, language=language, width=width)
        assert_accessible(page)
        assert_no_overflow(page)
    assert [words for words in console if "404" not in words] == []
    console.clear()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_room_are_accessible_and_fit(
    people: Personas, visit: Visit, language: str, width: int
) -> None:
    pk = people.lead_org.pk
    assert people.signatory
    pages = {
        people.lead_admin: [
            OWN, reverse("members:organisation-update", args=[pk]), reverse("members:year-record", args=[pk]),
            reverse("members:colleague-invite", args=[pk]), reverse("account_change_password"), reverse("mfa_index"),
            reverse("members:colleague-grant", args=[pk, people.signatory.pk]),
        ],
        people.officer: [
            reverse("members:organisation-list"), reverse("members:organisation-detail", args=[pk]), ROLES,
            reverse("members:expert-list"),
        ],
        people.system_admin: [
            reverse("members:user-list"), reverse("members:user-create"), people.officer.get_absolute_url(),
            reverse("members:user-deactivate", args=[people.officer.pk]),
        ],
        people.security_admin: [reverse("members:role-grant", args=[people.officer.pk])],
    }  # fmt: skip
    for user in pages:
        user.is_demo = True
        user.save()
    assert people.experts
    for user, paths in pages.items():
        page = visit(reverse("demo"), language=language, width=width)
        page.locator(f"form:has(input[value='{user.email}']) button").click()
        page.wait_for_url(re.compile(reverse("home")))
        for path in paths:
            page = visit(path, language=language, width=width)
            assert_accessible(page)
            assert_no_overflow(page)
        page.context.clear_cookies()


def test_one_comes_back_to_a_refused_form_as_to_any_page(visit: Visit, people: Personas) -> None:
    page = visit(LOGIN)
    sign_in(page, people.lead, "not-the-password-at-all")
    expect(page.locator("main .errorlist, main .note.bad").first).to_be_visible()
    page.goto(page.url.replace(LOGIN, reverse("public-home")))

    page.go_back()

    expect(page.locator("#id_login")).to_be_visible()
