"""What the page of the preparation says once the consortium has applied."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from funding.enums import ApplicationStatus
from tests.factories.consortia import ready_consortium
from tests.factories.funding import make_application
from tests.personas import Personas

S = ApplicationStatus


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (S.APPROVED, "已立项"),
        (S.DECIDED, "市科技局办理中"),
        (S.DRAFT, None),
        (S.RETURNED, None),
        (S.WITHDRAWN, None),
    ],
)
def test_the_preparation_knows_what_it_has_led_to(
    people: Personas, sign_in: Callable[..., Client], status: str, said: str | None
) -> None:
    consortium = ready_consortium(people)
    application = make_application(people, status, consortium=consortium)

    page = sign_in(people.lead).get(reverse("consortia:consortium-preparation", args=[consortium.pk]))

    found = page.context["onward"]
    assert (found and (found.text, found.url)) == (
        said and (f"申报{application.number}：{said}", application.get_absolute_url())
    )
    assert page.content.decode().count("筹建工作已完成。") == (1 if said else 0)
