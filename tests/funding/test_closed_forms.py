"""A form that leads nowhere is not shown: a sentence and the way back stand in its place."""

from typing import Any

import pytest
from django.urls import reverse

from funding.enums import ApplicationStatus, TrancheStatus
from tests.factories.funding import freeze, make_application, make_tranche
from tests.personas import Personas

S = ApplicationStatus
pytestmark = pytest.mark.usefixtures("english")
CASES = [
    ("application-submit", S.SUBMITTED, "signatory"),
    ("application-withdraw", S.WITHDRAWN, "signatory"),
    ("application-recommend", S.RECOMMENDED, "district_officer"),
    ("application-check", S.SUBMITTED, "acceptance"),
    ("application-assign", S.SUBMITTED, "acceptance"),
    ("application-grade", S.REVIEWING, "officer"),
    ("application-decide", S.DECIDED, "leader"),
    ("application-approve", S.DECIDED, "leader"),
]


def shown(client: Any, address: str) -> tuple[int, int, list[str]]:
    """Status, how many forms the main part has, the sentences in their place."""
    answer = client.get(address)
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return answer.status_code, main.count("<form"), list(answer.context["reasons"])


@pytest.mark.parametrize(("name", "status", "who"), CASES)
def test_a_step_out_of_turn_has_no_form(people: Personas, sign_in: Any, name: str, status: str, who: str) -> None:
    application = freeze(make_application(people, status))

    code, forms, reasons = shown(sign_in(getattr(people, who)), reverse(f"funding:{name}", args=[application.pk]))

    assert (code, forms, len(reasons)) == (200, 0, 1)


@pytest.mark.parametrize("section", ["basics", "objective"])
def test_what_was_submitted_is_not_offered_for_editing(people: Personas, sign_in: Any, section: str) -> None:
    application = freeze(make_application(people, S.SUBMITTED))
    address = reverse("funding:application-edit", args=[application.pk, section])

    code, forms, reasons = shown(sign_in(people.lead), address)

    assert (code, forms) == (200, 0)
    assert reasons == ["申请目前处于“属地审核中”状态，不能修改。"]


def test_what_is_missing_stands_in_place_of_the_declarations(people: Personas, sign_in: Any) -> None:
    application = make_application(people, route="")
    client = sign_in(people.signatory)

    page = client.get(reverse("funding:application-submit", args=[application.pk])).content.decode()

    assert page[page.index("<main") : page.index("</main>")].count("<form") == 0


def test_a_paid_tranche_is_not_paid_again(people: Personas, sign_in: Any) -> None:
    tranche = make_tranche(people, status=TrancheStatus.PAID)

    code, forms, reasons = shown(sign_in(people.finance), reverse("funding:tranche-pay", args=[tranche.pk]))

    assert (code, forms, len(reasons)) == (200, 0, 1)
