"""The pages at which one joins."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.enums import Role
from members.models import Invitation, Organisation, User
from members.rules.tokens import token_hash
from members.services.invitations import invite_colleague, withdraw_invitation
from members.services.organisations import CODE_KNOWN
from members.services.registration import registration_token
from portal.kernel.crypto import seal
from portal.kernel.models import Job
from tests.clock import DAY
from tests.factories.members import make_code, make_district, make_user
from tests.letters import letters, links, newest_link
from tests.personas import PASSWORD, Personas

REGISTER, SENT = reverse("members:register"), reverse("members:register-sent")
HOME = reverse("home")
ODD = "91320599MA0000042A"


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody who reads English."""
    return Client(headers={"Accept-Language": "en"})


def facts(**changes: str) -> dict[str, str]:
    return {
        "name": "样例新星科技有限公司", "type": "ENTERPRISE", "id_scheme": "USCC", "uscc": make_code(), "district": "",
        "person_name": "样例甲", "password": PASSWORD, "password_again": PASSWORD,
        "notice": "on",
        **changes,
    }  # fmt: skip


def complete(token: str = "", at: datetime | None = None) -> str:
    """The page behind a link that was mailed to first@sample.test."""
    token = token or registration_token(email="first@sample.test", at=at or timezone.now())
    return reverse("members:register-complete", args=[token])


def errors(answer: Any) -> dict[str, list[str]]:
    return {field: [str(error) for error in found] for field, found in answer.context["form"].errors.items()}


# --- registration: the address -----------------------------------------------------------------
def mails() -> list[tuple[str, str, str]]:
    """To whom, which mail, in which language; in order."""
    return [(letter.to.reveal(), letter.kind, letter.language) for letter in letters()]


def test_an_unknown_address_gets_a_link(visitor: Client) -> None:
    assert list(visitor.get(REGISTER).context["form"].fields) == ["email"]

    answer = visitor.post(REGISTER, {"email": "First@Sample.test"})

    assert (answer.status_code, answer["Location"]) == (302, SENT)
    assert visitor.get(SENT).content.decode().count("We have sent a mail to first@sample.test.") == 1
    assert mails() == [("first@sample.test", "registration", "en")]
    path = newest_link()
    assert visitor.get(path).context["form"]["email"].value() == "first@sample.test"
    assert not User.objects.exists()


def test_a_known_address_gets_the_same_answer_and_another_mail(visitor: Client, people: Personas) -> None:
    answer = visitor.post(REGISTER, {"email": people.lead.email.upper()})

    assert (answer.status_code, answer["Location"]) == (302, SENT)
    assert visitor.get(SENT).content.decode().count(f"We have sent a mail to {people.lead.email}.") == 1
    assert mails() == [(people.lead.email, "known", "zh-hans")]
    assert links() == [""]


def test_the_page_about_the_mail_names_nothing_to_anybody_else(visitor: Client) -> None:
    visitor.post(REGISTER, {"email": "first@sample.test"})

    page = Client(headers={"Accept-Language": "en"}).get(SENT).content.decode()

    assert page.count("We have sent a mail to the address you gave.") == 1
    assert page.count("first@sample.test") == 0


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b", "first@sample.test\nBcc: rival@sample.test", "first@sample.test\r\nSubject: x",
     "first@sample.test, rival@sample.test", "<first@sample.test>", f"{'a' * 250}@sample.test", "\u202efirst@x"],
)  # fmt: skip
def test_what_is_no_address_gets_no_mail(visitor: Client, email: str) -> None:
    answer = visitor.post(REGISTER, {"email": email})

    assert (answer.status_code, list(errors(answer))) == (200, ["email"])
    assert not Job.objects.exists()


def test_whoever_is_signed_in_is_led_to_the_workbench(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead)

    for path in (REGISTER, SENT, complete(), complete(token="nonsense")):
        assert client.get(path)["Location"] == HOME
    for path in (REGISTER, complete()):
        assert client.post(path, facts())["Location"] == HOME
    assert (Job.objects.count(), User.objects.filter(email="first@sample.test").count()) == (0, 0)


def test_many_registrations_from_one_network_have_to_wait(visitor: Client) -> None:
    codes = [visitor.post(REGISTER, {}).status_code for _attempt in range(21)]

    assert codes == [200] * 20 + [429]


# --- registration: behind the link --------------------------------------------------------------
def test_one_registers_and_stands_in_the_workbench(visitor: Client) -> None:
    assert visitor.get(complete()).status_code == 200

    answer = visitor.post(complete(), facts(district=make_district().pk))

    assert (answer.status_code, answer["Location"]) == (302, HOME)
    user = answer.wsgi_request.user
    assert (user.email, user.language) == ("first@sample.test", "en")
    assert Organisation.objects.get().district == make_district()
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "Welcome. Your organisation is registered; you administer it and may invite colleagues."
    ]
    assert visitor.get(reverse("members:organisation-own")).status_code == 200


def test_the_second_factor_is_set_up_without_the_password_once_more(visitor: Client) -> None:
    visitor.post(complete(), facts())

    assert visitor.get(reverse("mfa_activate_totp")).status_code == 200


def test_an_address_in_the_form_changes_nothing(visitor: Client, people: Personas) -> None:
    for email in ("other@sample.test", people.lead.email):
        visitor.post(complete(), facts(email=email, uscc="123"))
    answer = visitor.post(complete(), facts(email="other@sample.test"))

    assert answer["Location"] == HOME
    assert set(User.objects.exclude(pk=people.lead.pk).values_list("email", flat=True)) == {"first@sample.test"}


@pytest.mark.parametrize("case", ["used", "run out", "tampered", "another purpose", "nonsense", "account elsewhere"])
def test_a_void_link_says_so_and_leads_to_a_new_one(visitor: Client, case: str) -> None:
    path = complete(at=timezone.now() - timedelta(days=1)) if case == "run out" else complete()
    if case == "used":
        Client().post(path, facts())
    if case == "tampered":
        path = path[:-3] + ("A" if path[-3] != "A" else "B") + path[-2:]
    if case == "another purpose":
        path = complete(token=seal(f"{int(timezone.now().timestamp())} first@sample.test", "mfa_authenticator.data"))
    if case == "nonsense":
        path = complete(token="first@sample.test.是.%00")
    if case == "account elsewhere":
        make_user("first", "样例甲")
    before = Organisation.objects.count()

    for answer in (visitor.get(path), visitor.post(path, facts(uscc=make_code()))):
        assert answer.status_code == 404
        assert next(each.name for each in answer.templates) == "members/register_void.html"
        assert answer.content.decode().count(f'href="{REGISTER}"') == 1
    assert Organisation.objects.count() == before


def test_a_newer_link_leaves_the_older_one_good(visitor: Client) -> None:
    for _time in range(2):
        visitor.post(REGISTER, {"email": "first@sample.test"})
    older, newer = links()

    assert [visitor.get(path).status_code for path in (older, newer)] == [200, 200]
    visitor.post(older, facts())
    assert Client().get(newer).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "样例\u202e司公"), ("person_name", "<b>样例甲</b>"), ("type", "GOVERNMENT")],
)
def test_odd_names_and_authorities_are_refused(visitor: Client, field: str, value: str) -> None:
    found = errors(visitor.post(complete(), facts(**{field: value}, notice="on")))

    assert list(found) == [field]
    assert not Organisation.objects.exists()


def test_an_odd_code_asks_for_a_reason_and_loses_nothing(visitor: Client) -> None:
    page = visitor.get(complete())
    assert not page.context["form"].asks_reason

    first = visitor.post(complete(), facts(uscc=ODD))
    assert list(errors(first)) == ["uscc"]
    assert first.context["form"].asks_reason
    assert first.content.decode().count('name="uscc_override"') == 1
    assert first.content.decode().count('value="样例新星科技有限公司"') == 1

    second = visitor.post(complete(), facts(uscc=ODD, uscc_override="as on the licence"))
    assert second["Location"] == HOME
    assert Organisation.objects.get().uscc_override == "as on the licence"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"uscc": "123"}, ["uscc"]),
        ({"uscc": ""}, ["uscc"]),
        ({"uscc": "9" * 40}, ["uscc"]),
        ({"name": ""}, ["name"]),
        ({"name": "样" * 201}, ["name"]),
        ({"type": "PIRATES"}, ["type"]),
        ({"id_scheme": "DNA"}, ["id_scheme"]),
        ({"id_scheme": "FOREIGN", "uscc": ""}, ["country", "registration_number"]),
        ({"id_scheme": "FOREIGN", "country": "Germany", "registration_number": "HRB 1"}, ["country"]),
        ({"district": "999999"}, ["district"]),
        ({"password": "short", "password_again": "short"}, ["password"]),
        ({"password_again": "Another-pass-2026"}, ["password_again"]),
        ({"person_name": "\x01"}, ["person_name"]),
    ],
)
def test_bad_input_is_refused_next_to_its_field(visitor: Client, changes: dict[str, str], fields: list[str]) -> None:
    answer = visitor.post(complete(), facts(**changes))

    assert answer.status_code == 200
    assert list(errors(answer)) == fields
    assert (Organisation.objects.count(), User.objects.count()) == (0, 0)


def test_an_organisation_abroad_registers_with_country_and_number(visitor: Client) -> None:
    told = {"id_scheme": "FOREIGN", "uscc": "", "country": "jp", "registration_number": "0100-01-012345"}

    answer = visitor.post(complete(), facts(**told))

    assert answer["Location"] == HOME
    assert Organisation.objects.get().code == "JP 0100-01-012345"


def test_a_malformed_code_shows_no_way_around(visitor: Client) -> None:
    assert not visitor.post(complete(), facts(uscc="123")).context["form"].asks_reason


def test_a_known_code_is_refused_with_a_sentence(visitor: Client, people: Personas) -> None:
    answer = visitor.post(complete(), facts(uscc=str(people.lead_org.uscc)))

    assert (answer.status_code, errors(answer)) == (409, {"__all__": [str(CODE_KNOWN)]})
    assert not answer.wsgi_request.user.is_authenticated


def test_passwords_are_not_sent_back(visitor: Client) -> None:
    assert visitor.post(complete(), facts(uscc="123")).content.decode().count(PASSWORD) == 0


# --- invitations -------------------------------------------------------------------------------
def invite(people: Personas, email: str = "colleague@sample.test", *, age: int = 0) -> tuple[Invitation, str]:
    """An invitation some days old, and the address of its page."""
    invitation = invite_colleague(
        organisation=people.lead_org, email=email, name="样例同事", roles=[Role.APPLICANT], actor=people.lead_admin,
        at=timezone.now() - age * DAY,
    )  # fmt: skip
    return invitation, newest_link()


def test_a_new_person_joins(visitor: Client, people: Personas) -> None:
    _invitation, path = invite(people)
    page = visitor.get(path)
    assert (page.status_code, page.context["door"]) == (200, "join")
    assert page.context["form"]["person_name"].value() == "样例同事"

    answer = visitor.post(
        path, {"person_name": "样例同事甲", "password": PASSWORD, "password_again": PASSWORD, "notice": "on"}
    )

    assert (answer.status_code, answer["Location"]) == (302, HOME)
    user = User.objects.get(email="colleague@sample.test")
    assert (answer.wsgi_request.user, user.name, user.language) == (user, "样例同事甲", "en")
    assert user.holds(Role.APPLICANT, organisation=people.lead_org.pk)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"password": "short", "password_again": "short"}, ["password"]),
        ({"password_again": "Another-pass-2026"}, ["password_again"]),
        ({"person_name": ""}, ["person_name"]),
    ],
)
def test_bad_input_keeps_the_invitation_open(
    visitor: Client, people: Personas, changes: dict[str, str], fields: list[str]
) -> None:
    _invitation, path = invite(people)

    answer = visitor.post(
        path, {"person_name": "甲", "password": PASSWORD, "password_again": PASSWORD, "notice": "on", **changes}
    )

    assert list(errors(answer)) == fields
    assert Invitation.objects.pending().count() == 1


def test_somebody_with_an_account_signs_in_and_accepts(visitor: Client, people: Personas) -> None:
    user = make_user("colleague", "样例同事", (Role.CONFIRMER, people.university))
    _invitation, path = invite(people)
    page = visitor.get(path)
    assert page.context["door"] == "sign_in"
    assert page.content.decode().count(f"{reverse('account_login')}?next={path}") == 1

    visitor.force_login(user)
    assert visitor.get(path).context["door"] == "accept"
    answer = visitor.post(path)

    assert answer["Location"] == HOME
    assert User.objects.get(pk=user.pk).organisation_ids == {people.university.pk, people.lead_org.pk}


def test_an_account_cannot_be_made_twice(visitor: Client, people: Personas) -> None:
    make_user("colleague", "样例同事")
    _invitation, path = invite(people)

    answer = visitor.post(path, {"person_name": "甲", "password": PASSWORD, "password_again": PASSWORD, "notice": "on"})

    assert errors(answer) == {"__all__": ["You have an account already; please sign in to accept."]}


def test_somebody_else_is_told_so_and_refused(people: Personas, sign_in: Any) -> None:
    _invitation, path = invite(people)
    client = sign_in(people.rival)

    assert client.get(path).context["door"] == "other"
    assert client.post(path).status_code == 403


def test_an_official_is_refused_with_a_sentence(people: Personas, sign_in: Any) -> None:
    _invitation, path = invite(people, people.officer.email)

    answer = sign_in(people.officer).post(path, headers={"Accept-Language": "en"})

    assert errors(answer) == {
        "__all__": ["This person works for the administration and cannot act for an organisation."]
    }


@pytest.mark.parametrize("case", ["unknown", "run out", "used", "withdrawn"])
def test_a_void_link_says_so(visitor: Client, people: Personas, case: str) -> None:
    invitation, path = invite(people, age=7 if case == "run out" else 0)
    if case == "used":
        visitor.post(path, {"person_name": "甲", "password": PASSWORD, "password_again": PASSWORD, "notice": "on"})
    if case == "withdrawn":
        withdraw_invitation(invitation=invitation, actor=people.lead_admin, at=invitation.created_at)
    if case == "unknown":
        path = reverse("members:invitation-accept", args=["no-such-token"])

    for answer in (Client(headers={"Accept-Language": "en"}).get(path), Client().post(path, {})):
        assert answer.status_code == 404
        assert next(each.name for each in answer.templates) == "members/invitation_void.html"


def test_the_token_is_nowhere_in_the_invitation(people: Personas) -> None:
    invitation, path = invite(people)
    token = path.rstrip("/").rpartition("/")[2]

    assert invitation.token_hash == token_hash(token)
    assert [value for value in vars(invitation).values() if value == token] == []
