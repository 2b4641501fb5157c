"""The main job: one year of a consortium, from the registration to the report, driven through the browser alone.

Two things are moved in the database, because no test waits for them: the dates of the public notice, which runs seven
days, and the day of the recognition, because a consortium counts in the evaluation of a year from six months on.
"""

from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.journeys import forming
from tests.journeys.cast import engage
from tests.journeys.person import Person
from tests.workers import Workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.xdist_group("main-job")]


def test_one_year_of_a_consortium(
    enter: Callable[..., Person], worker: Workers, link_mailed_to: Callable[[str], str]
) -> None:
    cast = engage(timezone.now())
    lead = enter("lead")
    partners = form(lead, enter, link_mailed_to)


def form(lead: Person, enter: Callable[..., Person], link_mailed_to: Callable[[str], str]) -> list[Person]:
    """Chapter one; the members at their own browsers."""
    forming.register(lead, forming.LEAD, "Enterprise", "lead@sample.test")
    forming.describe_lead(lead)
    forming.form_consortium(lead)
    members = {role: enter(role, "en" if role == "fund" else "zh-hans") for role in forming.PARTNERS}
    for role, partner in forming.PARTNERS.items():
        if role == "downstream":
            forming.invite_by_mail(lead, partner, forming.NEWCOMER)
            forming.join_by_mail(members[role], link_mailed_to(forming.NEWCOMER))
        else:
            forming.register(members[role], partner.name, partner.kind, f"{role}@sample.test")
            forming.invite_registered(lead, partner)
    forming.list_technologies(lead)
    forming.plan_task(lead)
    forming.add_resources(lead)
    forming.draft_agreement(lead)
    for member in (lead, *members.values()):
        forming.confirm_and_sign(member)
    forming.see_everything_ready(lead)
    return list(members.values())
