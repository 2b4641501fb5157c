"""The main job: one year of a consortium, from the registration to the report, driven through the browser alone.

Three things are moved in the database, because no test waits for them: the moment of the public randomness, the dates
of the public notice, which runs seven days, and the day of the recognition, because a consortium counts in the
evaluation of a year from six months on.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from consortia.models import Consortium
from funding.enums import Action
from funding.models import Draw, PublicNotice, Tranche
from funding.services.parties import confirm_contract, sign_contract
from members.enums import OrganisationType, Role
from reports.enums import Grade
from reports.models import GradeList
from tests.journeys import applying, arriving, deciding, evaluating, exporting, forming, outsiders, paying
from tests.journeys.cast import DISTRICT_OFFICER, EXPERTS, OFFICIALS, engage
from tests.journeys.person import Person
from tests.workers import Workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey, pytest.mark.xdist_group("main-job")]


def test_one_year_of_a_consortium(
    enter: Callable[..., Person], worker: Workers, link_mailed_to: Callable[[str], str], tmp_path: Path
) -> None:
    cast = engage(timezone.now())
    lead = enter("lead")
    member = form(lead, enter, link_mailed_to)
    officer, leader, district = enter("officer"), enter("leader"), enter("district", "en")
    arriving.set_up_the_app(officer, cast)
    arriving.show_the_code(leader, cast)
    district.sign_in_as_demo(DISTRICT_OFFICER)
    finance = enter("finance")
    finance.sign_in_as_demo(OFFICIALS[Role.FINANCE])
    paying.appropriate(finance)
    paying.confirm_budget(leader)
    applying.publish_call(officer)
    applying.write_application(lead, tmp_path)
    applying.submit(lead)
    applying.recommend(district)
    applying.check(officer)
    supervisor = enter("supervisor")
    supervisor.sign_in_as_demo(OFFICIALS[Role.SUPERVISOR])
    applying.clear(supervisor)
    decide(enter, officer, leader)
    sign(enter, officer, lead, member)
    pay(lead, officer, leader, finance)
    evaluate(enter, lead, officer, district, leader, worker)
    look_back(enter, link_mailed_to)


def decide(enter: Callable[..., Person], officer: Person, leader: Person) -> None:
    """Chapter two, from the experts to the award."""
    acceptance, visitor = enter("acceptance"), enter()
    acceptance.sign_in_as_demo(OFFICIALS[Role.ACCEPTANCE])
    supervisor = enter("supervisor", "en")
    supervisor.sign_in_as_demo(OFFICIALS[Role.SUPERVISOR])
    deciding.prepare_draw(acceptance)
    deciding.witness_draw(supervisor)
    pass_to_the_day_of_the_draw()
    deciding.draw_experts(supervisor)
    for number, (name, scores) in enumerate(zip(EXPERTS, deciding.SCORES, strict=True), 1):
        expert = enter(f"expert{number}", "en" if number == 2 else "zh-hans")
        expert.sign_in_as_demo(name)
        deciding.review(expert, scores)
    deciding.grade(officer)
    deciding.decide(leader)
    deciding.publish_list(officer)
    deciding.read_list(visitor)
    pass_the_notice_period()
    deciding.approve(leader)


def pass_to_the_day_of_the_draw() -> None:
    """Moved in the database: the randomness became public an hour ago, after the witness had agreed."""
    now = timezone.now()
    Draw.objects.update(public_at=now - timedelta(hours=1), witnessed_at=now - timedelta(hours=2))


def pass_the_notice_period() -> None:
    """Moved in the database: the notice ended yesterday."""
    today = timezone.localdate()
    PublicNotice.objects.update(starts_on=today - timedelta(days=7), ends_on=today - timedelta(days=1))


def form(lead: Person, enter: Callable[..., Person], link_mailed_to: Callable[[str], str]) -> Person:
    """Chapter one; the members at their own browsers, one of whom signs the contract there, too."""
    forming.register(lead, forming.LEAD, OrganisationType.ENTERPRISE, "lead@sample.test", link_mailed_to)
    forming.describe_lead(lead)
    forming.form_consortium(lead, forming.CONSORTIUM)
    members = {role: enter(role, "en" if role == "fund" else "zh-hans") for role in forming.PARTNERS}
    for role, partner in forming.PARTNERS.items():
        if role == "downstream":
            forming.invite_by_mail(lead, partner, forming.NEWCOMER)
            forming.join_by_mail(members[role], link_mailed_to(forming.NEWCOMER))
        else:
            forming.register(members[role], partner.name, partner.kind, f"{role}@sample.test", link_mailed_to)
            forming.invite_registered(lead, partner)
    forming.list_technologies(lead)
    forming.plan_task(lead)
    forming.add_resources(lead)
    forming.draft_agreement(lead)
    for member in (lead, *members.values()):
        forming.confirm_and_sign(member)
    forming.see_everything_ready(lead)
    return members["downstream"]


def sign(enter: Callable[..., Person], officer: Person, lead: Person, member: Person) -> None:
    """Every party confirms its part, then all sign, and the bureau last; some of them without a browser."""
    head = enter("head", "en")
    head.sign_in_as_demo(OFFICIALS[Role.HEAD])
    paying.offer_contract(officer)
    for party in (lead, member):
        paying.confirm_contract(party)
    paying.let_others_act(confirm_contract)
    for party in (lead, member):
        paying.sign_contract(party)
    paying.let_others_act(sign_contract)
    paying.countersign_contract(head)


def pay(lead: Person, officer: Person, leader: Person, finance: Person) -> None:
    """Chapter three; three different people release the money."""
    paying.request_tranche(lead)
    paying.move_tranche(officer, "Verify tranche")
    paying.move_tranche(finance, "Review tranche")
    paying.move_tranche(leader, Action.APPROVE_PAYMENT)
    paying.pay_tranche(finance)
    paying.confirm_receipt(lead)
    paying.read_books(finance)


def evaluate(
    enter: Callable[..., Person], lead: Person, officer: Person, district: Person, leader: Person, worker: Workers
) -> None:
    """Chapter four; no worker runs while the report is ordered, so that its progress can be watched from the start."""
    head, expert = enter("head"), enter("expert")
    head.sign_in_as_demo(OFFICIALS[Role.HEAD])
    expert.sign_in_as_demo(next(iter(EXPERTS)))
    let_half_a_year_pass()
    evaluating.record_results(lead)
    evaluating.open_year(officer)
    evaluating.write_self_report(lead)
    evaluating.verify(district)
    evaluating.ask_expert(officer, next(iter(EXPERTS)))
    evaluating.score(expert)
    evaluating.grade(officer)
    worker.kill_all()
    evaluating.confirm(head)
    evaluating.appeal(lead)
    evaluating.dismiss_appeal(leader)
    evaluating.publish_grades(head)
    evaluating.read_grades(enter())
    pass_the_publication()
    evaluating.make_final(head)
    evaluating.watch_report(head, worker)
    evaluating.decide_consequences(leader)
    assert Tranche.objects.get(sequence=2).condition_met_on == timezone.localdate()
    opened, taken = evaluating.open_report(head), evaluating.download_report(lead)
    pages, text = evaluating.read_report(taken)
    assert opened == taken
    assert pages >= evaluating.LEAST_PAGES
    assert [words for words in (forming.CONSORTIUM, lead.word(Grade.GOOD), evaluating.TOTAL) if words not in text] == []


def pass_the_publication() -> None:
    """Moved in the database: the list of grades ended yesterday."""
    today = timezone.localdate()
    starts_on, ends_on = today - timedelta(days=7), today - timedelta(days=1)
    GradeList.objects.update(meeting_on=starts_on, starts_on=starts_on, ends_on=ends_on)


def let_half_a_year_pass() -> None:
    """Moved in the database: the consortium was recognised last year."""
    Consortium.objects.update(recognised_on=date(timezone.localdate().year - 1, 11, 1))


def look_back(enter: Callable[..., Person], link_mailed_to: Callable[[str], str]) -> None:
    """Chapter five: the registers as files, the public page, and the rival."""
    finance, visitor, rival = enter("finance"), enter(), enter("rival")
    finance.sign_in_as_demo(OFFICIALS[Role.FINANCE])
    exporting.check_registers(finance)
    outsiders.see_published(visitor)
    outsiders.find_nothing(rival, link_mailed_to)
