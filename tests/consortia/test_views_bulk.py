"""Several consortia at once: a liaison officer for all, a circular to their people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consortia.enums import ConsortiumStatus
from consortia.models import Circular, Consortium
from portal.kernel.audit import trail
from portal.kernel.models import Notification
from tests.factories.books import make_circular, make_liaison
from tests.factories.consortia import make_consortium, make_participation
from tests.factories.members import make_district
from tests.personas import Personas

ASSIGN = reverse("consortia:consortium-bulk-assign-liaison")
SEND = reverse("consortia:circular-send")
SignIn = Callable[..., Client]


def ticked(address: str, *rows: Consortium) -> str:
    return f"{address}?" + "&".join(f"ids={row.pk}" for row in rows)


def errors(answer: Any) -> dict[str, list[str]]:
    return {field: [str(error) for error in found] for field, found in answer.context["form"].errors.items()}


# --- a liaison officer for all -----------------------------------------------------------------
def test_the_preview_tells_what_will_happen_to_each(people: Personas, sign_in: SignIn) -> None:
    one = make_consortium(people, name="样例一")
    ended = make_consortium(people, name="样例二", status=ConsortiumStatus.EXITED)

    page = sign_in(people.head).get(ticked(ASSIGN, one, ended))

    assert [(row.name, bool(obstacles)) for row, obstacles in page.context["lines"]] == [
        ("样例一", False),
        ("样例二", True),
    ]
    assert page.context["possible"] == 1


def test_the_ticked_ones_get_their_officer_and_the_ended_stay(people: Personas, sign_in: SignIn) -> None:
    one, two = make_consortium(people, name="样例一"), make_consortium(people, name="样例二")
    ended = make_consortium(people, name="样例三", status=ConsortiumStatus.EXITED)
    other, officer = make_consortium(people, name="样例四"), make_liaison()
    client = sign_in(people.head)

    first = client.post(ticked(ASSIGN, one, two, ended), {"officer": officer.pk})
    again = client.post(ticked(ASSIGN, one, two, ended), {"officer": officer.pk})

    assert (first.status_code, first["Location"], again.status_code) == (302, reverse("consortia:consortium-list"), 302)
    assert set(Consortium.objects.filter(liaison_officer=officer)) == {one, two}
    assert Notification.objects.filter(recipient=officer).count() == 2
    assert other.liaison_officer is None


def test_an_officer_has_to_be_chosen(people: Personas, sign_in: SignIn) -> None:
    one = make_consortium(people)

    answer = sign_in(people.head).post(ticked(ASSIGN, one), {"officer": ""})

    assert (answer.status_code, list(errors(answer))) == (200, ["officer"])


def test_nothing_ticked_is_said(people: Personas, sign_in: SignIn) -> None:
    client = sign_in(people.head)

    assert (client.get(ASSIGN).context["ticked"], client.get(f"{ASSIGN}?ids=nonsense").context["ticked"]) == ([], [])
    assert client.get(SEND).status_code == 200


@pytest.mark.parametrize(
    ("who", "assigns", "sends"),
    [
        ("head", 200, 200), ("officer", 403, 200), ("leader", 403, 403), ("district_officer", 403, 403),
        ("lead", 403, 403), ("rival", 403, 403), ("expert", 403, 403),
    ],
)  # fmt: skip
def test_who_may(people: Personas, sign_in: SignIn, who: str, assigns: int, sends: int) -> None:
    one = make_consortium(people)
    client = sign_in(getattr(people, who))

    assert client.get(ticked(ASSIGN, one)).status_code == assigns
    assert client.get(ticked(SEND, one)).status_code == sends


# --- a circular --------------------------------------------------------------------------------
def test_a_circular_reaches_everybody_once(people: Personas, sign_in: SignIn) -> None:
    one, two = make_consortium(people, name="样例一"), make_consortium(people, name="样例二")
    make_participation(one, people.university, people.lead)
    reached, passed_over = {people.lead.pk, people.district_officer.pk}, people.university_confirmer.pk
    data = {"audience": ["LEADS", "DISTRICT"], "subject": "样例通知", "text": "样例内容。"}

    answer = sign_in(people.officer).post(ticked(SEND, one, two), data)

    circular = Circular.objects.get()
    assert answer["Location"] == circular.get_absolute_url()
    told = list(Notification.objects.filter(kind="consortia.circular").values_list("recipient", flat=True))
    assert sorted(told) == sorted(circular.recipients.values_list("pk", flat=True))
    assert (reached <= set(told), passed_over in told) == (True, False)
    entry = trail(circular)[0]
    assert (entry.action, entry.facts["consortia"], entry.facts["recipients"]) == ("send_circular", 2, len(told))


def test_a_circular_to_nobody_is_refused_at_its_field(people: Personas, sign_in: SignIn) -> None:
    one = make_consortium(people, district=make_district("320581"))

    answer = sign_in(people.officer).post(
        ticked(SEND, one), {"audience": ["LIAISON"], "subject": "样例", "text": "样例。"}
    )

    assert (list(errors(answer)), Circular.objects.exists()) == (["audience"], False)
    assert answer.context["form"]["text"].value() == "样例。"


def test_only_its_readers_open_it(people: Personas, sign_in: SignIn) -> None:
    circular = make_circular(make_consortium(people), people.officer, people.lead)
    address, listed = circular.get_absolute_url(), reverse("consortia:circular-list")

    assert sign_in(people.lead).get(address).context["circular"] == circular
    assert list(sign_in(people.lead).get(listed).context["rows"]) == [circular]
    assert list(sign_in(people.rival).get(listed).context["rows"]) == []
    assert sign_in(people.rival).get(address).status_code == 404
    assert sign_in(people.other_district_officer).get(address).status_code == 404


def test_the_bureau_sees_how_many_have_read_it(people: Personas, sign_in: SignIn) -> None:
    one = make_consortium(people)
    client = sign_in(people.officer)
    client.post(ticked(SEND, one), {"audience": ["LEADS"], "subject": "样例", "text": "样例。"})
    circular = Circular.objects.get()
    Notification.objects.filter(recipient=people.lead, kind="consortia.circular").update(read_at=circular.created_at)

    facts = client.get(circular.get_absolute_url()).context

    assert (facts["opened"], facts["sent"]) == (1, circular.recipients.count())
    assert "sent" not in sign_in(people.lead).get(circular.get_absolute_url()).context
