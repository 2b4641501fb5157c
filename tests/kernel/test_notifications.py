"""Notices: told in the transaction, read in the reader's language, marked once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from portal.kernel import notifications
from portal.kernel.models import Notification
from tests.clock import DAY, HOUR, NOON
from tests.personas import Personas

pytestmark = pytest.mark.django_db

notifications.register("tests.moved", gettext_lazy("%(total)s notifications"))
notifications.register("tests.late", "%(code)s is overdue", urgent=True)


def tell(*recipients: Any, **facts: Any) -> list[Notification]:
    facts = {"kind": "tests.late", "params": {"code": "LHT-1"}, "url": "/workbench/", "at": NOON, **facts}
    return notifications.notify(recipients=recipients, **facts)


def test_everybody_is_told_once(people: Personas) -> None:
    tell(people.officer, people.head, people.officer)

    told = Notification.objects.order_by("recipient__email").values_list("recipient", "created_at", "read_at")
    assert list(told) == [(people.head.pk, NOON, None), (people.officer.pk, NOON, None)]


def test_nobody_to_tell_is_no_fault() -> None:
    assert tell() == []


def test_a_kind_must_be_declared(people: Personas) -> None:
    with pytest.raises(LookupError, match=r"tests\.unheard"):
        tell(people.officer, kind="tests.unheard")


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        notifications.register("tests.late", "again")


def test_the_sentence_is_made_when_it_is_read(people: Personas) -> None:
    (notice,) = tell(people.officer, kind="tests.moved", params={"total": 3})

    with translation.override("en"):
        assert notifications.text(notice) == "3 notifications"
    with translation.override("zh-hans"):
        assert notifications.text(notice) == "共 3 条通知"


@pytest.mark.parametrize(("kind", "params"), [("tests.gone", {}), ("tests.late", {}), ("tests.late", [])])
def test_a_notice_that_cannot_be_filled_says_something_plain(kind: str, params: Any) -> None:
    with translation.override("en"):
        assert notifications.text(Notification(kind=kind, params=params)) == "There is news for you."


def test_an_urgent_kind_stands_out() -> None:
    kinds = ["tests.late", "tests.moved", "tests.gone"]

    assert [notifications.is_urgent(Notification(kind=kind)) for kind in kinds] == [True, False, False]


def test_the_first_reading_counts(people: Personas) -> None:
    (notice,) = tell(people.officer)

    notifications.open_notification(notification=notice, at=NOON + HOUR)
    notifications.open_notification(notification=notice, at=NOON + DAY)

    assert Notification.objects.get().read_at == NOON + HOUR


def test_reading_all_touches_only_ones_own(people: Personas) -> None:
    tell(people.officer, people.head)
    tell(people.officer)

    read = notifications.read_all(reader=people.officer, at=NOON + HOUR)

    assert read == 2
    assert (notifications.unread_count(people.officer), notifications.unread_count(people.head)) == (0, 1)


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere", "x"])
def test_the_database_refuses_an_address_that_is_not_ours(people: Personas, url: str) -> None:
    with pytest.raises(IntegrityError, match="notification_url_is_a_local_path"), transaction.atomic():
        tell(people.officer, url=url)


# --- pages -------------------------------------------------------------------------------------
def test_the_list_shows_ones_own_newest_first(people: Personas, sign_in: Any) -> None:
    tell(people.officer, params={"code": "LHT-OLD"})
    tell(people.officer, params={"code": "LHT-NEW"}, at=NOON + HOUR)
    tell(people.head, params={"code": "LHT-FOREIGN"})

    response = sign_in(people.officer).get(reverse("notifications"))

    assert [line.text for line in response.context["lines"]] == ["LHT-NEW is overdue", "LHT-OLD is overdue"]


def test_an_empty_list_says_so(people: Personas, sign_in: Any) -> None:
    response = sign_in(people.officer).get(reverse("notifications"))

    assert response.status_code == 200
    assert response.context["lines"] == []


def test_a_long_list_is_paged(people: Personas, sign_in: Any) -> None:
    for hour in range(31):
        tell(people.officer, at=NOON + hour * HOUR)
    client: Client = sign_in(people.officer)

    first = client.get(reverse("notifications"))
    second = client.get(reverse("notifications"), {"after": first.context["page"].next_token})

    assert (len(first.context["lines"]), len(second.context["lines"])) == (30, 1)


def test_opening_marks_as_read_and_leads_on(people: Personas, sign_in: Any) -> None:
    (notice,) = tell(people.officer)
    began = timezone.now()

    response = sign_in(people.officer).get(reverse("notification-open", args=[notice.pk]))

    assert (response.status_code, response["Location"]) == (302, "/workbench/")
    read_at = Notification.objects.get().read_at
    assert read_at is not None
    assert began <= read_at < began + timedelta(minutes=1)


def test_a_notice_without_address_leads_back_to_the_list(people: Personas, sign_in: Any) -> None:
    (notice,) = tell(people.officer, url="")

    response = sign_in(people.officer).get(reverse("notification-open", args=[notice.pk]))

    assert response["Location"] == reverse("notifications")


def test_a_foreign_notice_does_not_exist(people: Personas, sign_in: Any) -> None:
    (notice,) = tell(people.officer)

    response = sign_in(people.head).get(reverse("notification-open", args=[notice.pk]))

    assert response.status_code == 404
    assert Notification.objects.get().read_at is None


def test_all_are_marked_as_read_by_post_only(people: Personas, sign_in: Any) -> None:
    tell(people.officer, people.head)
    client: Client = sign_in(people.officer)

    got, posted = client.get(reverse("notifications-read")), client.post(reverse("notifications-read"))

    assert (got.status_code, posted.status_code) == (405, 302)
    assert list(Notification.objects.unread().values_list("recipient", flat=True)) == [people.head.pk]


def test_the_list_costs_the_same_at_one_and_at_three(people: Personas, sign_in: Any) -> None:
    client: Client = sign_in(people.officer)
    tell(people.officer)
    client.get(reverse("notifications"))

    with TestCase().assertNumQueries(QUERIES):
        client.get(reverse("notifications"))
    tell(people.officer)
    tell(people.officer)
    with TestCase().assertNumQueries(QUERIES):
        client.get(reverse("notifications"))


QUERIES = 7  # session, user, role grants, second factor, the page, its count, the bell
