"""Accounts under attack: A-01 to A-13 (A-11: test_enumeration.py), and what else keeps an account its owner's."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from funding.enums import ApplicationStatus, TrancheStatus
from members.enums import Guard, Role
from members.middleware import BEGAN, PASSWORD_OLD, SEEN
from members.models import EmailChange, PastPassword, SignInGuard, User
from members.passwords import NotReusedValidator
from members.services.guards import Attempt, Locked, fail_attempt, open_attempt, release_lock
from members.views.stepup import TYPED
from portal.kernel.audit import trail
from portal.kernel.idempotency import FIELD, new_key
from portal.kernel.models import AuditEntry, Job, Letter, Notification
from tests.authorization import sweep
from tests.authorization.world import World
from tests.clock import NOON
from tests.factories.funding import make_application, make_award, make_tranche
from tests.factories.members import make_user
from tests.personas import PASSWORD, Personas
from tests.races import at_once
from tests.workers import LINK, work_off

LOGIN, HOME, OWN = reverse("account_login"), reverse("home"), reverse("members:organisation-own")
WRONG, NEW = "Wrong-pass-2031", "River-stone-47"
TOO_MANY = "Too many attempts. For your protection sign-in is locked for half an hour."
MINUTE = timedelta(minutes=1)


def visitor(address: str = "10.1.0.1", **headers: str) -> Client:
    return Client(headers={"Accept-Language": "en", **headers}, REMOTE_ADDR=address)


def login(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": password})


def is_in(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer["Location"] == HOME)


def said(answer: Any) -> list[str]:
    return [str(error) for messages in answer.context["form"].errors.values() for error in messages]


def code(user: User, periods: int = 0) -> str:
    """The code of this half minute, or of another one; not in the last seconds of it."""
    left = 30 - time.time() % 30
    if left < 3:
        time.sleep(left)
    secret = decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods)))


def actions(user: User) -> list[str]:
    return list(trail(user).order_by("id").values_list("action", flat=True))


def lock_out(user: User, address: str = "10.6.6.6") -> None:
    for _attempt in range(5):
        login(visitor(address), user, WRONG)


# --- lock-out ----------------------------------------------------------------------------
def test_a01_six_wrong_passwords_lock_the_account_and_its_owner_is_told(people: Personas) -> None:
    rival = visitor("10.6.6.6")
    answers = [login(rival, people.lead, WRONG) for _attempt in range(6)]

    assert said(answers[4]) == ["E-mail address and password do not fit together."]
    assert said(answers[5]) == [TOO_MANY]
    assert said(login(rival, people.lead)) == said(login(visitor("10.7.7.7"), people.lead)) == [TOO_MANY]
    guard = SignInGuard.objects.get(scope=Guard.ACCOUNT)
    assert guard.user == people.lead
    assert guard.locked_until is not None
    assert 29 * MINUTE < guard.locked_until - timezone.now() <= 30 * MINUTE
    assert actions(people.lead).count("lock_account") == 1
    assert [one.to.reveal() for one in Letter.objects.filter(kind="locked")] == [people.lead.email]


def test_a01_the_lock_ends_after_half_an_hour(people: Personas) -> None:
    lock_out(people.lead)
    SignInGuard.objects.update(locked_until=timezone.now())

    assert is_in(login(visitor(), people.lead))


def test_a01_a_rival_keeps_nobody_out_who_uses_the_own_device(people: Personas) -> None:
    own = visitor("10.2.0.2")
    assert is_in(login(own, people.lead))
    own.post(reverse("account_logout"))
    lock_out(people.lead)

    assert said(login(visitor("10.3.0.3"), people.lead)) == [TOO_MANY]
    assert is_in(login(own, people.lead))


def test_a01_the_own_device_has_a_count_of_its_own(people: Personas) -> None:
    own = visitor()
    login(own, people.lead)
    own.post(reverse("account_logout"))
    for _attempt in range(5):
        login(own, people.lead, WRONG)

    assert said(login(own, people.lead)) == [TOO_MANY]
    assert is_in(login(visitor("10.2.0.2"), people.lead))


def test_a01_the_cookie_of_another_account_or_a_forged_one_is_no_known_device(people: Personas) -> None:
    other = visitor()
    login(other, people.rival)
    other.post(reverse("account_logout"))
    name, theirs = next((key, one.value) for key, one in other.cookies.items() if key.startswith("device-"))
    login(probe := visitor("10.5.0.5"), people.lead)
    wanted = next(key for key in probe.cookies if key.startswith("device-"))
    lock_out(people.lead)

    for value in (theirs, "x" * 40, ""):
        forger = visitor("10.8.0.8")
        forger.cookies[wanted] = value
        assert said(login(forger, people.lead)) == [TOO_MANY]
    assert name != wanted


def test_a01_attempts_at_the_same_moment_are_counted_one_by_one(transactional_db: None) -> None:
    def attempt() -> Attempt:
        return open_attempt(email="a@sample.test", device="", address="10.1.1.1", at=NOON)

    results = at_once(*[attempt] * 8)

    assert sum(isinstance(result, Locked) for result in results) == 3


def test_a01_an_address_that_nobody_has_is_locked_the_same_way(db: None) -> None:
    client = visitor()
    answers = [client.post(LOGIN, {"login": "nobody@sample.test", "password": WRONG}) for _attempt in range(6)]

    assert [said(answer) for answer in answers[4:]] == [
        ["E-mail address and password do not fit together."], [TOO_MANY]
    ]  # fmt: skip
    assert Job.objects.count() == 0


def test_a01_an_emptied_cache_opens_no_lock(people: Personas) -> None:
    lock_out(people.lead)

    cache.clear()

    assert said(login(visitor(), people.lead)) == [TOO_MANY]


def test_a01_the_security_administrator_releases_a_lock(people: Personas, sign_in: Any) -> None:
    lock_out(people.lead)
    guard = SignInGuard.objects.get(scope=Guard.ACCOUNT)
    keeper = sign_in(people.security_admin)
    assert keeper.get(reverse("members:security-console")).content.decode().count(people.lead.name) == 1

    keeper.post(reverse("members:lock-release", args=[guard.pk]), {"note": "called back"})

    assert is_in(login(visitor(), people.lead))
    assert actions(people.lead).count("release_lock") == 1


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"scope": Guard.ACCOUNT}, "An account that nobody here has, tried from an unknown device"),
        ({"scope": Guard.DEVICE}, "A device whose owner is no longer known"),
        ({"scope": Guard.ADDRESS, "label": "10.9.9.9"}, "10.9.9.9"),
    ],
)
def test_a01_every_lock_says_what_it_keeps_out(facts: dict[str, Any], shown: str) -> None:
    with translation.override("en"):
        assert SignInGuard(**facts).whose == shown


def test_a01_nobody_else_releases_a_lock(people: Personas, sign_in: Any) -> None:
    lock_out(people.lead)
    guard = SignInGuard.objects.get(scope=Guard.ACCOUNT)

    codes = {sign_in(each).post(reverse("members:lock-release", args=[guard.pk])).status_code
             for each in (people.lead, people.system_admin, people.audit_admin, people.leader)}  # fmt: skip

    assert codes == {404}


# --- one address, forged addresses --------------------------------------------------
def test_a02_one_address_stops_after_twenty_tries_and_the_security_administrator_is_told(people: Personas) -> None:
    assert people.security_admin
    client, tried = visitor("10.9.9.9"), 0
    for attempt in range(40):
        answer = client.post(LOGIN, {"login": f"p{attempt}@sample.test", "password": WRONG})
        if answer.status_code == 429 or said(answer) == [TOO_MANY]:
            break
        tried += 1

    assert tried == 20
    assert not is_in(login(client, people.lead))
    assert AuditEntry.objects.get(action="throttle_address").facts == {"address": "10.9.9.9"}
    assert Notification.objects.get(kind="members.address_stopped").recipient == people.security_admin


def test_a03_a_forged_address_changes_nothing(people: Personas) -> None:
    for attempt in range(5):
        forged = {"X-Forwarded-For": f"10.0.0.{attempt}", "X-Real-IP": "1.2.3.4", "Forwarded": "for=1.2.3.4"}
        login(visitor("10.6.6.6", **forged), people.lead, WRONG)

    assert said(login(visitor("10.6.6.6", **{"X-Forwarded-For": "10.0.0.99"}), people.lead)) == [TOO_MANY]
    assert list(SignInGuard.objects.filter(scope=Guard.ADDRESS).values_list("key", "failures")) == [("10.6.6.6", 5)]


# --- sessions ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "minutes", "goes_on"),
    [("lead", 29, True), ("lead", 31, False), ("security_admin", 14, True), ("security_admin", 16, False)],
)
def test_a04_an_idle_session_ends_and_its_row_goes(
    people: Personas, sign_in: Any, name: str, minutes: int, goes_on: bool
) -> None:
    client = sign_in(getattr(people, name))
    client.get(HOME)
    session = client.session
    session[SEEN] -= minutes * 60
    session.save()

    assert (client.get(HOME).status_code == 200) == goes_on
    assert Session.objects.filter(pk=session.session_key).exists() == goes_on


def test_a04_a_session_ends_after_eight_hours_however_busy(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead)
    client.get(HOME)
    session = client.session
    session[BEGAN] -= 8 * 3600 + 60
    session.save()

    assert client.get(HOME).status_code == 302
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_a04_one_sees_and_ends_ones_own_sessions(people: Personas) -> None:
    here, there, third = visitor("10.1.0.1"), visitor("10.2.0.2"), visitor("10.3.0.3")
    for client in (here, there, third):
        login(client, people.lead)
    login(visitor(), people.rival)

    page = here.get(reverse("members:session-list")).content.decode()
    assert [page.count(address) for address in ("10.1.0.1", "10.2.0.2", "10.3.0.3")] == [1, 1, 1]
    row = UserSession.objects.get(ip="10.2.0.2")
    here.post(reverse("members:session-end", args=[row.pk]))
    assert (there.get(OWN).status_code, third.get(OWN).status_code) == (302, 200)

    here.post(reverse("members:session-end-others"))
    assert (third.get(OWN).status_code, here.get(OWN).status_code) == (302, 200)
    assert UserSession.objects.filter(user=people.rival).count() == 1


def test_a04_nobody_ends_the_session_of_somebody_else(people: Personas) -> None:
    here, there = visitor(), visitor("10.2.0.2")
    login(here, people.lead)
    login(there, people.rival)
    row = UserSession.objects.get(user=people.rival)

    assert here.post(reverse("members:session-end", args=[row.pk])).status_code == 404
    assert there.get(OWN).status_code == 200


# --- passwords ---------------------------------------------------------------------------
def refusals(password: str, user: User | None = None, language: str = "zh-hans") -> list[str]:
    try:
        with translation.override(language):
            validate_password(password, user or User(email="sample@sample.test", name="样例申报"))
    except ValidationError as error:
        return [str(message) for message in error.messages]
    return []


COMMON = "该密码过于常见，请换一个。"
GUESSED = "该密码过于容易被猜到：除年份以及城市、主管局、平台、您所在单位和您本人的名称外，至少还须有8个字符。"


@pytest.mark.parametrize(
    "password", ["科技局2026!", "苏州市科学技术局2026Aa!", "Chuanglian2026!", "Kejiju-Suzhou-2026", "创联Aa2026!创联"]
)
def test_a05_words_that_everybody_here_knows_are_no_password(password: str) -> None:
    assert GUESSED in refusals(password)


def test_a05_neither_is_the_name_of_the_own_organisation(people: Personas) -> None:
    assert GUESSED in refusals("领航科技有限公司Aa2026!", people.lead)
    assert refusals("领航科技有限公司Aa-river-47!", people.lead) == []


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Aa1-river", "密码至少12个字符。"),
        ("riverstonemeadow", "密码须至少包含小写字母、大写字母、数字、其他符号中的3类。"),
        ("Password1234", COMMON),
        ("Password1234!", COMMON),
        ("Qwerty123456!", COMMON),
        ("aaaaaaaaaaaaA1!", COMMON),
    ],
)
def test_a05_each_refusal_is_a_clear_sentence(password: str, sentence: str) -> None:
    found = refusals(password)

    assert sentence in found
    assert [text for text in found if re.search("[a-zA-Z]{4}", text)] == []


def test_a05_the_last_five_passwords_are_not_taken_again(people: Personas) -> None:
    user, old = people.lead, [PASSWORD]
    for number in range(5):
        old.append(f"River-stone-{number}7")
        user.set_password(old[-1])
        user.save()

    reused = [password for password in old if refusals(password, user)]

    assert reused == old[1:]
    assert PastPassword.objects.filter(user=user).count() == 5
    assert refusals(old[-1], user) == ["这是您最近用过的5个密码之一，请换一个新密码。"]


def test_a05_the_rules_can_be_switched_off(people: Personas) -> None:
    NotReusedValidator(0).validate(PASSWORD, people.lead)


def test_a05_an_old_password_of_an_official_is_changed_before_anything_else(people: Personas) -> None:
    client, officer = visitor(), people.officer
    PastPassword.objects.filter(user=officer).update(set_at=timezone.now() - timedelta(days=91))
    login(client, officer)
    client.post(reverse("mfa_authenticate"), {"code": code(officer)})

    change = reverse("account_change_password")
    assert client.get(HOME)["Location"] == change
    assert client.get("/api/v1/consortia/").status_code == 403
    client.post(change, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize(("name", "days"), [("officer", 89), ("lead", 400)])
def test_a05_others_go_on(people: Personas, name: str, days: int) -> None:
    client, user = visitor(), getattr(people, name)
    PastPassword.objects.filter(user=user).update(set_at=timezone.now() - timedelta(days=days))
    login(client, user)
    if user.needs_second_factor:
        client.post(reverse("mfa_authenticate"), {"code": code(user)})

    assert client.session[PASSWORD_OLD] is False
    assert client.get(HOME).status_code == 200


# --- the second factor --------------------------------------------------------
def test_a06_a_code_works_once_even_when_the_cache_forgets(people: Personas) -> None:
    used, answers = code(people.officer), []
    for client in (visitor("10.1.0.1"), visitor("10.2.0.2")):
        login(client, people.officer)
        answers.append(client.post(reverse("mfa_authenticate"), {"code": used}).status_code)
        cache.clear()

    assert answers == [302, 200]


def test_a06_a_code_with_a_hyphen_is_the_same_code(people: Personas) -> None:
    used, answers = code(people.officer), []
    for client, typed in ((visitor("10.1.0.1"), used), (visitor("10.2.0.2"), f"{used[:3]}-{used[3:]}")):
        login(client, people.officer)
        answers.append(client.post(reverse("mfa_authenticate"), {"code": typed}).status_code)
        cache.clear()

    assert answers == [302, 200]


def test_a06_the_code_that_activated_the_app_does_not_sign_in(people: Personas) -> None:
    owner, activate = visitor(), reverse("mfa_activate_totp")
    login(owner, people.lead)
    owner.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": activate})
    secret = owner.get(activate).context["form"].secret
    left = 30 - time.time() % 30
    if left < 3:
        time.sleep(left)
    used = str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    activated = owner.post(activate, {"code": used})

    thief = visitor("10.2.0.2")
    login(thief, people.lead)
    again = thief.post(reverse("mfa_authenticate"), {"code": used})

    assert activated["Location"] == reverse("mfa_view_recovery_codes")
    assert (again.status_code, list(again.context["form"].errors)) == (200, ["code"])


@pytest.mark.parametrize("periods", [-1, -2, 2])
def test_a06_the_code_of_another_window_is_refused(people: Personas, periods: int) -> None:
    client = visitor()
    login(client, people.officer)

    assert client.post(reverse("mfa_authenticate"), {"code": code(people.officer, periods)}).status_code == 200


def test_a07_between_password_and_second_factor_everything_is_closed(people: Personas) -> None:
    world, client = World(people), visitor()
    login(client, people.officer)
    assert client.get(reverse("mfa_authenticate")).status_code == 200

    differing, reach = [], sweep.read("reach")["anonymous"]
    for name in sweep.names():
        for method in sweep.METHODS:
            half, nobody = sweep.ask(client, method, reverse(name, kwargs=world.kwargs(name)))[0], reach[name, method]
            differing += [(method, name, half, nobody)] if half != nobody else []

    assert differing == []
    assert client.get(HOME)["Location"].startswith(LOGIN)
    assert client.get("/api/v1/consortia/").status_code == 403


def test_a08_a_password_set_by_mail_leaves_the_second_factor(people: Personas) -> None:
    client = visitor()
    client.post(reverse("account_reset_password"), {"email": people.officer.email})
    work_off()
    link = LINK.search(str(mail.outbox[-1].body))
    assert link
    client.post(client.get(link[1])["Location"], {"password1": NEW, "password2": NEW})

    answer = login(client, people.officer, NEW)

    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get(HOME).status_code == 302


# --- sessions are not handed on -----------------------------------------------------
def test_a09_signing_in_gives_a_new_session_and_a_new_token(people: Personas) -> None:
    client = visitor()
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    before = (session.session_key, client.cookies["csrftoken"].value)

    login(client, people.lead)

    assert client.session.session_key != before[0]
    assert client.cookies["csrftoken"].value != before[1]
    assert not Session.objects.filter(pk=before[0]).exists()


def test_a10_a_copied_cookie_is_worth_nothing_after_signing_out(people: Personas) -> None:
    client = visitor()
    login(client, people.lead)
    copied = client.cookies["sessionid"].value
    assert "no-store" in client.get(OWN)["Cache-Control"]

    client.post(reverse("account_logout"))
    thief = visitor()
    thief.cookies["sessionid"] = copied

    assert thief.get(OWN).status_code == 302
    assert not Session.objects.filter(pk=copied).exists()


# --- changes of how one signs in ----------------------------------------------------------
def two_devices(user: User) -> tuple[Client, Client]:
    here, there = visitor("10.1.0.1"), visitor("10.2.0.2")
    for client in (here, there):
        login(client, user)
    return here, there


def stale(client: Client) -> None:
    """The sign-in was sixteen minutes ago."""
    session = client.session
    session[BEGAN] -= 16 * 60
    methods = session.get("account_authentication_methods", [])
    session["account_authentication_methods"] = [{**each, "at": each["at"] - 16 * 60} for each in methods]
    session.save()


def test_a12_a_new_password_asks_for_the_old_one_and_ends_other_sessions(people: Personas) -> None:
    here, there = two_devices(people.lead)
    change = reverse("account_change_password")

    refused = here.post(change, {"oldpassword": WRONG, "password1": NEW, "password2": NEW})
    assert list(refused.context["form"].errors) == ["oldpassword"]
    here.post(change, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert (here.get(OWN).status_code, there.get(OWN).status_code) == (200, 302)
    assert [letter.to for letter in mail.outbox] == [[people.lead.email]]
    assert UserSession.objects.filter(user=people.lead, ip="10.2.0.2").count() == 0


@pytest.mark.django_db(transaction=True)
def test_a12_a_second_factor_asks_who_one_is_and_ends_other_sessions() -> None:
    people = Personas()
    here, there = two_devices(people.lead)
    activate = reverse("mfa_activate_totp")
    assert here.get(activate)["Location"].split("?")[0] == reverse("account_reauthenticate")
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = here.get(activate).context["form"].secret

    here.post(activate, {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))})

    assert Authenticator.objects.filter(user=people.lead, type="totp").exists()
    assert (here.get(OWN).status_code, there.get(OWN).status_code) == (200, 302)
    assert {letter.to[0] for letter in mail.outbox} == {people.lead.email}


def test_a12_the_secret_of_a_second_factor_is_sealed(people: Personas) -> None:
    kept = Authenticator.objects.get(user=people.officer, type="totp").data["secret"]

    assert kept.startswith("aes-gcm.")
    assert re.fullmatch("[A-Z2-7]{32}", decrypt(kept))
    assert decrypt(kept) not in kept


def test_a12_another_address_proves_itself_and_the_old_one_is_told(people: Personas) -> None:
    here, there = two_devices(people.lead)
    old = people.lead.email
    stale(here)
    start = reverse("members:email-change")
    assert here.get(start)["Location"].split("?")[0] == reverse("account_reauthenticate")
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    here.post(start, {"email": "New.Lead@sample.test"})
    mails = {letter.kind: letter for letter in Letter.objects.all()}
    receivers = [mails[kind].to.reveal() for kind in ("email_confirm", "email_asked")]
    assert receivers == ["new.lead@sample.test", old]
    link = mails["email_confirm"].secret.reveal()
    assert visitor().get(link).status_code == 302
    login(stranger := visitor(), people.rival)
    assert stranger.get(link).status_code == 404
    here.post(link)

    people.lead.refresh_from_db()
    assert people.lead.email == "new.lead@sample.test"
    assert Letter.objects.get(kind="email_changed").to.reveal() == old
    assert (here.get(OWN).status_code, there.get(OWN).status_code) == (200, 302)
    assert here.get(link).status_code == 404
    assert is_in(login(visitor(), people.lead))


def test_a12_the_second_click_on_the_proof_gets_the_first_answer(people: Personas) -> None:
    client = visitor()
    login(client, people.lead)
    client.post(reverse("members:email-change"), {"email": "new.lead@sample.test"})
    link = Letter.objects.get(kind="email_confirm").secret.reveal()
    form = {FIELD: new_key()}

    answers = [client.post(link, form) for _click in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, reverse("mfa_index"))] * 2
    assert actions(people.lead).count("change_email") == 1


def test_a12_the_address_of_somebody_else_gets_no_mail_and_no_other_answer(people: Personas) -> None:
    client = visitor()
    login(client, people.lead)

    answers = [
        client.post(reverse("members:email-change"), {"email": email})
        for email in ("free@sample.test", people.rival.email)
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, reverse("members:session-list"))
    ] * 2
    assert [one.to.reveal() for one in Letter.objects.filter(kind="email_confirm")] == ["free@sample.test"]
    assert EmailChange.objects.get(user=people.lead).email == people.rival.email


# --- rights that end ----------------------------------------------------------------------
def test_a13_a_deactivated_person_is_out_at_the_next_request(people: Personas, sign_in: Any) -> None:
    client = visitor()
    login(client, people.lead)
    assert client.get(OWN).status_code == 200

    keeper = sign_in(people.system_admin)
    keeper.post(reverse("members:user-deactivate", args=[people.lead.pk]), {"note": "left"})

    assert client.get(OWN).status_code == 302
    assert client.post(OWN).status_code == 302
    assert client.get("/api/v1/consortia/").status_code == 403
    assert UserSession.objects.filter(user=people.lead).count() == 0
    assert not is_in(login(client, people.lead))


def test_a13_a_link_in_a_mail_lets_no_deactivated_person_in(people: Personas) -> None:
    client = visitor()
    client.post(reverse("account_reset_password"), {"email": people.lead.email})
    work_off()
    link = LINK.search(str(mail.outbox[-1].body))
    assert link
    User.objects.filter(pk=people.lead.pk).update(is_active=False)

    form = client.get(link[1])
    if form.status_code == 302:
        client.post(form["Location"], {"password1": NEW, "password2": NEW})

    assert not is_in(login(client, people.lead, NEW))
    assert client.get(OWN).status_code == 302


def test_a13_a_role_that_is_taken_away_is_gone_in_open_tabs(people: Personas, sign_in: Any) -> None:
    tab = sign_in(people.finance)
    path = reverse("funding:tranche-list")
    assert tab.get(path).status_code == 200

    grant = people.finance.role_grants.get()
    sign_in(people.security_admin).post(reverse("members:grant-revoke", args=[grant.pk]), {"note": "moved"})

    assert tab.get(path).status_code == 403


# --- step-up ------------------------------------------------------------------------------------
@pytest.fixture
def decided(people: Personas) -> str:
    """The page at which the leader decides."""
    application = make_application(people, ApplicationStatus.GRADED)
    return reverse("funding:application-decide", args=[application.pk])


def test_acts_of_weight_ask_again_after_a_quarter_of_an_hour(people: Personas, sign_in: Any, decided: str) -> None:
    client = sign_in(people.leader)
    assert client.get(decided).status_code == 200
    stale(client)

    asked = client.get(decided)
    assert asked["Location"] == f"{reverse('mfa_reauthenticate')}?next={decided.replace('/', '%2F')}"
    answer = client.post(asked["Location"], {"code": code(people.leader), "next": decided})

    assert answer["Location"] == decided
    assert client.get(decided).status_code == 200


def test_the_password_alone_is_not_enough_where_there_is_a_second_factor(
    people: Personas, sign_in: Any, decided: str
) -> None:
    client = sign_in(people.leader)
    client.get(decided)
    stale(client)

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    assert client.get(decided).status_code == 302


def test_people_of_the_demo_without_anything_to_confirm_with_are_not_asked(
    people: Personas, sign_in: Any, settings: Any
) -> None:
    people.lead_admin.is_demo = True
    people.lead_admin.set_unusable_password()
    people.lead_admin.save()
    page = reverse("members:payee-update", args=[people.lead_org.pk])
    client = sign_in(people.lead_admin)
    client.get(page)
    stale(client)

    settings.DEMO = True
    in_the_demo = client.get(page).status_code
    settings.DEMO = False

    assert (in_the_demo, client.get(page).status_code) == (200, 302)


def test_whoever_typed_too_slowly_finds_the_form_as_it_was(people: Personas, sign_in: Any, decided: str) -> None:
    client = sign_in(people.leader)
    client.get(decided)
    stale(client)

    asked = client.post(decided, {"minutes": "样会〔2026〕7号", "amount": "1234567"})
    client.post(asked["Location"], {"code": code(people.leader), "next": decided})
    form = client.get(decided).context["form"]

    assert form["amount"].value() == "1234567"
    assert form.is_bound is False
    assert TYPED not in client.session


@pytest.mark.parametrize(("act", "name"), [("verify", "officer"), ("review", "finance"), ("approve", "leader")])
def test_payments_ask_again_too(people: Personas, sign_in: Any, act: str, name: str) -> None:
    tranche = make_tranche(people, make_award(people), status=TrancheStatus.REQUESTED)
    client, path = sign_in(getattr(people, name)), reverse(f"funding:tranche-{act}", args=[tranche.pk])
    assert client.get(path).status_code == 200
    stale(client)

    assert [client.get(path).status_code, client.post(path).status_code] == [302, 302]
    tranche.refresh_from_db()
    assert tranche.status == TrancheStatus.REQUESTED


def test_a_demo_person_confirms_by_one_click(people: Personas) -> None:
    leader = people.leader
    User.objects.filter(pk=leader.pk).update(is_demo=True)
    client = visitor()
    client.post(reverse("demo"), {"user": leader.email})
    path = reverse("members:email-change")
    stale(client)
    assert client.get(path).status_code == 302

    answer = client.post(reverse("demo"), {"user": leader.email, "next": path})

    assert answer["Location"] == path
    assert client.get(path).status_code == 200


# --- the counts themselves ----------------------------------------------------------------------
def test_a_count_is_forgotten_after_half_an_hour(db: None) -> None:
    for minute in (0, 1, 2, 3):
        attempt = open_attempt(email="a@sample.test", device="", address="10.1.1.1", at=NOON + minute * MINUTE)
        fail_attempt(attempt=attempt, at=NOON + minute * MINUTE)

    open_attempt(email="a@sample.test", device="", address="10.1.1.1", at=NOON + 31 * MINUTE)

    assert set(SignInGuard.objects.values_list("failures", flat=True)) == {1}


def test_the_database_holds_no_address_in_plain_text_for_an_account(people: Personas) -> None:
    login(visitor(), people.lead, WRONG)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(members_signinguard::text, '') FROM members_signinguard")
        assert people.lead.email not in cursor.fetchone()[0]


def test_a_lock_is_released_once(people: Personas) -> None:
    lock_out(people.lead)
    guard = SignInGuard.objects.get(scope=Guard.ACCOUNT)
    release_lock(guard=guard, actor=people.security_admin, at=timezone.now())

    with pytest.raises(Exception, match="over already"), translation.override("en"):
        release_lock(guard=guard, actor=people.security_admin, at=timezone.now())


def test_make_user_is_honest(db: None) -> None:
    """Every way that sets a password notes it, or its age would be unknown."""
    user = make_user("fresh", "样例新人", Role.OFFICER)

    assert PastPassword.objects.get(user=user).hash == user.password
