"""Chapter five, second half: what the public sees, and that a rival enterprise sees nothing."""

import re

from django.urls import resolve, reverse

from members.enums import OrganisationType
from tests.journeys.forming import CONSORTIUM, LEAD, LinkMailedTo, form_consortium, register
from tests.journeys.person import Person

RIVAL, OWN = "样例竞先科技有限公司", "样例竞先创新联合体"
IDENTIFIED = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}/")
# Addresses that name a call, a notice, a list of grades or the consortium's public page belong to everybody.
FOR_EVERYBODY = re.compile(
    r"^(funding:(call|notice)-|funding:application-start|consortia:public-|reports:(cycle-|grade-list|published-))"
)
LISTS = ("funding:my-applications", "consortia:consortium-list", "funding:my-funding", "reports:my-evaluations",
         "reports:report-list", "notifications", "home")  # fmt: skip
INTERFACES = ("application", "award", "tranche", "evaluation", "report")


def see_published(visitor: Person) -> None:
    """The recognised consortium stands in the public directory."""
    visitor.visit("public-home")
    visitor.follow("Consortia")
    visitor.follow_text(CONSORTIUM)
    visitor.sees(LEAD)


def find_nothing(rival: Person, link_mailed_to: LinkMailedTo) -> None:
    """An enterprise of the same kind: in its lists, by search, by the addresses that others went to, by the API."""
    secret = sorted(path for path in rival.notes.visited if IDENTIFIED.search(path) and not is_for_everybody(path))
    register(rival, RIVAL, OrganisationType.ENTERPRISE, "rival@sample.test", link_mailed_to)
    search(rival)
    for name in LISTS:
        rival.visit(name)
        rival.misses(CONSORTIUM)
    assert [row["name"] for row in rival.rows(reverse("api:consortium-list"))] == [OWN]
    assert [row for name in INTERFACES for row in rival.rows(reverse(f"api:{name}-list"))] == []
    assert len(secret) > 40
    rival.is_refused(secret[0])
    assert {path: rival.asks(path) for path in secret} == dict.fromkeys(secret, 404)


def search(rival: Person) -> None:
    """While it looks for members of a consortium of its own, organisations are found, consortia never."""
    rival.follow("Consortia")
    form_consortium(rival, OWN)
    rival.follow("Invite a member")
    rival.fill({"Credit code or name": CONSORTIUM})
    rival.press("Search")
    rival.reads("No such organisation")


def is_for_everybody(path: str) -> bool:
    """Whether the page names something public."""
    return bool(FOR_EVERYBODY.match(resolve(path).view_name))
