"""Eight organisations: a consortium from nothing, one changed budget, and a member whose work finds takers."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consortia.enums import Action, ChainPosition, ParticipationStatus, Standing
from consortia.models import Consortium, Participation, ResearchTask
from members.enums import OrganisationType, Role
from members.models import District, Organisation, User
from reports.management.demo.cast import load_places
from tests.factories.members import make_organisation, make_user
from tests.journeys import forming
from tests.journeys.cast import KUNSHAN
from tests.journeys.person import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
Enter = Callable[..., Person]
Kind, Position = OrganisationType, ChainPosition
NAME = "样例八方材料创新联合体"
PARTNERS = (
    forming.Partner("样例甲乙大学", Kind.UNIVERSITY, Position.RESEARCH, "承担机理研究。", 0, 10),
    forming.Partner("样例丙丁研究院", Kind.INSTITUTE, Position.RESEARCH, "承担中试验证。", 50, 5),
    forming.Partner("样例戊己基金", Kind.FUND, Position.CAPITAL, "设立产业基金。", 1_000, 5),
    forming.Partner("样例庚辛材料有限公司", Kind.ENTERPRISE, Position.UPSTREAM, "供应原材料。", 200, 5),
    forming.Partner("样例壬癸装备有限公司", Kind.ENTERPRISE, Position.MIDSTREAM, "提供装备。", 200, 5),
    forming.Partner("样例子丑电子有限公司", Kind.ENTERPRISE, Position.DOWNSTREAM, "示范应用。", 200, 5),
    forming.Partner("样例寅卯检测有限公司", Kind.ENTERPRISE, Position.SERVICE, "第三方检测。", 100, 5),
)
LEAVES, TAKES = PARTNERS[4], PARTNERS[3]
TICK = "We have read what this page states and confirm it in the name of our organisation."


def settle_in(name: str, kind: OrganisationType, number: int) -> User:
    """An organisation with one person who writes and confirms for it."""
    place = make_organisation(name, type=kind, district=District.objects.get(pk=KUNSHAN))
    return make_user(f"eight{number}", f"样例联系人{number}", (Role.APPLICANT, place), (Role.CONFIRMER, place))


@pytest.fixture
def eight() -> list[User]:
    """The lead first."""
    load_places()
    lead = settle_in("样例八方科技有限公司", Kind.ENTERPRISE, 0)
    return [lead, *(settle_in(one.name, one.kind, number) for number, one in enumerate(PARTNERS, 1))]


def test_from_nothing_to_a_departure(enter: Enter, eight: list[User]) -> None:
    people = [enter(f"member{number}") for number in range(len(eight))]
    for person, user in zip(people, eight, strict=True):
        person.comes_in_as(user)
        person.visit("home")
    lead, leaves, takes = people[0], people[5], people[4]

    build(lead, people)
    change_the_budget(lead, leaves)
    leave(lead, leaves, takes)


def build(lead: Person, people: list[Person]) -> None:
    """Eight members, a task in the hands of one of them, an agreement, and everybody's confirmation."""
    forming.form_consortium(lead, NAME)
    for partner in PARTNERS:
        lead.visit("consortia:consortium-members", Consortium.objects.get().pk)
        forming.invite_registered(lead, partner)
    plan(lead)
    forming.draft_agreement(lead)
    for person in people:
        forming.confirm_and_sign(person)
    assert Participation.objects.filter(status=ParticipationStatus.CONFIRMED).count() == len(people)
    look_at_matrix(lead, {Standing.CONFIRMED: 32, Standing.LAPSED: 0})


def plan(lead: Person) -> None:
    """One task, led by the member that will leave."""
    year = timezone.localdate().year
    lead.follow_start("Research tasks")
    lead.follow(Action.ADD_TASK)
    lead.fill({
        "name": "专用装备研制",
        "responsible": Organisation.objects.get(name=LEAVES.name),
        "start": date(year, 1, 1),
        "end": date(year + 2, 12, 31),
        "Budget from the grant (×10k yuan)": 100,
        "Budget from own funds (×10k yuan)": 300,
    })  # fmt: skip
    lead.press(Action.ADD_TASK)
    lead.is_told("Saved.")


def look_at_matrix(lead: Person, wanted: dict[Standing, int]) -> None:
    """Members × items: how many cells say what."""
    lead.visit("consortia:consortium-members", Consortium.objects.get().pk)
    cells = lead.page.locator("#matrix tbody td .st")
    for standing, count in wanted.items():
        expect(cells.filter(has_text=lead.word(standing))).to_have_count(count)


def change_the_budget(lead: Person, member: Person) -> None:
    """The task of one member gets another budget: one cell lapses, and the member alone can mend it."""
    lead.visit("consortia:task-update", ResearchTask.objects.get().pk)
    lead.fill({"Budget from own funds (×10k yuan)": 350})
    lead.press(Action.UPDATE_TASK)
    look_at_matrix(lead, {Standing.LAPSED: 1})
    waiting = Participation.objects.get(status=ParticipationStatus.INVITED)
    assert waiting.organisation.name == LEAVES.name

    lead.visit("consortia:participation-detail", waiting.pk)
    expect(lead.button("Confirm our part")).to_have_count(0)
    member.visit("consortia:participation-detail", waiting.pk)
    member.sees("300.00")
    member.sees("350.00")
    member.fill({TICK: True})
    member.press("Confirm our part")
    member.is_told("Your part is confirmed.")
    look_at_matrix(lead, {Standing.LAPSED: 0})


def leave(lead: Person, member: Person, taker: Person) -> None:
    """The member asks, the lead names a taker, the taker agrees row by row, the lead settles."""
    part = Participation.objects.get(organisation__name=LEAVES.name)
    member.visit("consortia:participation-detail", part.pk)
    member.follow("Ask for departure")
    member.reads("The consortium without this member")
    member.fill({"Reason": "公司业务调整。"})
    member.press("Begin the departure")
    member.is_told("The departure has begun. Now its work needs takers.")

    lead.visit("consortia:participation-detail", part.pk)
    lead.follow("Open the departure")
    for choice in lead.page.locator("main select").all():
        choice.select_option(label=TAKES.name)
    lead.press("Save and ask the takers")
    lead.is_told("The takers are named; whoever is new among them is asked.")

    taker.follow("Consortia")
    taker.follow("Answer what you are asked to take over")
    taker.follow_text(LEAVES.name)
    taker.follow("Open the departure")
    departure = taker.path
    while taker.page.get_by_role("link", name=taker.word("Agree"), exact=True).count():
        taker.follow("Agree")
        taker.press(Action.CONSENT_DEPARTURE)
        taker.is_told("Agreed. When the departure is settled, it is yours.")

    assert lead.open(departure).status == 200
    lead.follow("Settle the departure")
    lead.press(Action.SETTLE_DEPARTURE)
    lead.is_told("The departure is settled; the work is in new hands.")
    part.refresh_from_db()
    assert part.status == ParticipationStatus.LEFT
    assert ResearchTask.objects.get().lead.name == TAKES.name
    look_at_matrix(lead, {Standing.CONFIRMED: 28, Standing.LAPSED: 0})
