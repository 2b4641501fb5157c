"""Mistakes while typing: each is named at its field in the reader's language, and nothing typed is lost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.password_validation import get_default_password_validators
from django.urls import reverse
from django.utils import timezone

from consortia.enums import ChainPosition, Tier
from consortia.models import Consortium
from funding.models import Application
from members.enums import OrganisationType
from members.models import Organisation, User
from members.passwords import LengthValidator
from tests.browsing import LANGUAGES
from tests.clock import DAY
from tests.factories.consortia import make_sub_field, meet
from tests.factories.funding import make_application, make_call
from tests.factories.members import make_district
from tests.journeys.forming import NOTICE, LinkMailedTo, ask_for_the_link
from tests.journeys.person import Person
from tests.personas import PASSWORD, Personas

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
Enter = Callable[..., Person]
CHECK_DIGIT = (
    "The check digit of this code does not fit. Please compare it with the business licence; if it really is so, say "
    "why you are sure and go on."
)
LEAST = next(one.min_length for one in get_default_password_validators() if isinstance(one, LengthValidator))
TOO_SMALL = "Ensure this value is greater than or equal to %(limit_value)s."
TOO_LARGE = "Ensure this value is less than or equal to %(limit_value)s."
LENGTH = ("The password must have at least %(n)d sign.", "The password must have at least %(n)d signs.")
KINDS = "The password must mix at least %(n)d of: lower case letters, capital letters, digits, other signs."
REASON = "Why this code is right all the same"


@pytest.fixture
def draft(people: Personas) -> Application:
    """A draft in a call that is open today."""
    now = timezone.now()
    return make_application(people, call=make_call(people, opens_at=now - DAY, closes_at=now + DAY))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_registration_with_four_mistakes(enter: Enter, link_mailed_to: LinkMailedTo, language: str) -> None:
    """The address that cannot be one, and, behind the link of the mail, three more."""
    district = make_district()
    visitor = enter("visitor", language)
    visitor.visit("members:register")
    visitor.fill({"E-mail": "first@sample"})
    visitor.press("Send the link")
    visitor.is_corrected("E-mail", "Enter a valid email address.")
    visitor.still_reads({"E-mail": "first@sample"})
    ask_for_the_link(visitor, "first@sample.test", link_mailed_to)
    typed: dict[str, Any] = {
        "Name of the organisation": "样例慢笔科技有限公司",
        "Kind of organisation": OrganisationType.INSTITUTE,
        "district": visitor.spoken(district),
        "Unified social credit code": "91320599MA0000042A",
        "Your name": "样例慢笔甲",
    }
    visitor.fill({**typed, "Password": "short", "Password again": "short"})

    visitor.press("Register the organisation")

    visitor.is_corrected("Unified social credit code", CHECK_DIGIT)
    visitor.is_corrected_by("Password", visitor.counted(KINDS, KINDS, 3, n=3))
    visitor.is_corrected_by("Password", visitor.counted(*LENGTH, LEAST, n=LEAST))
    visitor.still_reads(typed)
    assert not User.objects.exists()

    visitor.fill({"Password": PASSWORD, "Password again": PASSWORD})
    visitor.fill({REASON: "与营业执照一致。", NOTICE: True})
    visitor.press("Register the organisation")

    visitor.is_told("Welcome. Your organisation is registered; you administer it and may invite colleagues.")
    assert Organisation.objects.values_list("name", "type", "uscc", "uscc_override").get() == (
        typed["Name of the organisation"], OrganisationType.INSTITUTE, "91320599MA0000042A", "与营业执照一致。",
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_amount_beyond_the_cap_and_none_at_all(
    enter: Enter, people: Personas, draft: Application, language: str
) -> None:
    lead = enter("lead", language)
    lead.comes_in_as(people.lead)
    lead.visit("funding:application-edit", draft.pk, "basics")
    typed = {"Tier applied for": Tier.B, "Amount asked for (×10k yuan)": "99,999"}
    lead.fill(typed)
    cap = f"{draft.call.cap(Tier.B) / 10_000:,.2f}"

    lead.press("Save")

    lead.is_corrected(
        "Amount asked for (×10k yuan)", "At most %(cap)s ×10k yuan may be asked for in this tier.", cap=cap
    )
    lead.still_reads(typed)

    lead.fill({"Amount asked for (×10k yuan)": ""})
    lead.press("Save")

    lead.is_corrected("Amount asked for (×10k yuan)", "This field is required.")
    lead.still_reads({"Tier applied for": Tier.B, "Amount asked for (×10k yuan)": ""})
    draft.refresh_from_db()
    assert (draft.requested_tier, draft.requested_amount, draft.version) == (Tier.A, Decimal(1_800_000), 0)

    lead.fill({"Amount asked for (×10k yuan)": "60"})
    lead.press("Save")
    draft.refresh_from_db()
    assert (draft.requested_tier, draft.requested_amount) == (Tier.B, Decimal(600_000))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_too_long_is_not_cut(enter: Enter, people: Personas, draft: Application, language: str) -> None:
    lead = enter("lead", language)
    lead.comes_in_as(people.lead)
    lead.visit("funding:application-edit", draft.pk, "objective")
    text = "攻克关键技术。" * 500
    box = lead.field("Need and objective")
    box.evaluate("(box, text) => { box.value = text }", text)  # as a paste into a browser that knows no limit

    lead.press("Save")

    expected = "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d)."
    with_numbers = lead.counted(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).", expected, 3000,
        limit_value=3000, show_value=3500,
    )  # fmt: skip
    lead.is_corrected_by("Need and objective", with_numbers)
    lead.still_reads({"Need and objective": text})
    draft.refresh_from_db()
    assert draft.objective == "攻克关键核心技术。"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_consortium_formed_in_a_hurry(enter: Enter, people: Personas, language: str) -> None:
    meet(people.lead_org)
    sub_field = make_sub_field()
    lead = enter("lead", language)
    lead.comes_in_as(people.lead)
    lead.visit("consortia:consortium-create")
    typed: dict[str, Any] = {
        "name": "样例急行创新联合体",
        "sub-field": lead.spoken(sub_field),
        "chief scientist": "样例首席",
        "duties": "牵头攻关。",
        "chain position": ChainPosition.MIDSTREAM,
        "Cash commitment (×10k yuan)": "-5",
        "IP share (%)": "140",
    }
    lead.fill(typed)

    lead.press("Form consortium")

    lead.is_corrected("mission", "This field is required.")
    lead.is_corrected("strategic alignment", "This field is required.")
    lead.is_corrected("Cash commitment (×10k yuan)", TOO_SMALL, limit_value=0)
    lead.is_corrected("IP share (%)", TOO_LARGE, limit_value=100)
    lead.still_reads(typed)
    assert not Consortium.objects.exists()

    lead.fill({"mission": "攻克一批技术。", "strategic alignment": "对接国家战略。"})
    lead.fill({"Cash commitment (×10k yuan)": 5, "IP share (%)": 40})
    lead.press("Form consortium")

    consortium = Consortium.objects.get()
    assert consortium.name == typed["name"]
    assert lead.path == reverse("consortia:consortium-preparation", args=[consortium.pk])
