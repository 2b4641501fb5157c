"""Money from other programmes: who registers it, what comes close, who concludes, and that nothing concludes itself."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from funding.enums import ApplicationStatus, OverlapVerdict
from funding.forms.subsidies import columns
from funding.models import Application, OtherSubsidy, OverlapFinding, Recusal
from funding.rules.doubling import degree, terms_of
from funding.selectors.subsidies import concluded, overlaps, subsidies
from funding.services.clearing import clear_application, foreseen_clearing
from funding.services.subsidies import Subsidy, judge_overlap, record_subsidy, withdraw_subsidy
from portal.kernel.models import AuditEntry
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.funding import make_application, make_call, make_subsidy
from tests.funding.steps import queries_of, sound
from tests.funding.test_money_views import enter
from tests.personas import Personas
from tests.races import at_once, refusals

pytestmark = pytest.mark.usefixtures("english")
REASON = "样例：两个项目的内容不同。"


def said(people: Personas, **facts: Any) -> Subsidy:
    given: dict[str, Any] = {
        "credit_code": people.lead_org.uscc, "holder": people.lead_org.name, "department": "样例：省科技厅",
        "programme": "样例：重点研发", "project": "样例：另一个项目", "year": NOON.year, "amount": Decimal(500_000),
    }  # fmt: skip
    return Subsidy(**given | facts)


def beside(people: Personas, **facts: Any) -> tuple[Application, OtherSubsidy]:
    """An application in the check, and a subsidy of its lead for the same."""
    application = make_application(people, ApplicationStatus.CREDIT_CHECKING, call=make_call(people, credit_step=True))
    facts = {"project": f"{application.consortium.name}关键技术攻关项目"} | facts
    return application, make_subsidy(people, **facts)


def conclude(people: Personas, application: Application, subsidy: OtherSubsidy, **facts: Any) -> OverlapFinding:
    given = {"verdict": OverlapVerdict.NONE, "reason": REASON, "actor": people.supervisor, "at": NOON}
    return judge_overlap(application=application, subsidy=subsidy, **given | facts)


# --- the register ------------------------------------------------------------------------------
def test_an_organisation_registers_for_itself_an_official_for_any(people: Personas) -> None:
    own = record_subsidy(subsidy=said(people), actor=people.lead, at=NOON)
    other = record_subsidy(subsidy=said(people, project="样例：丙"), actor=people.officer, at=NOON)

    assert (own.by_official, other.by_official) == (False, True)
    for actor in (people.rival, people.university_confirmer, people.signatory, people.leader, people.expert):
        with pytest.raises(PermissionDenied):
            record_subsidy(subsidy=said(people, project="样例：丁"), actor=actor, at=NOON)
    seen = [subsidies(actor).count() for actor in (people.lead, people.officer, people.rival, people.district_officer)]
    assert seen == [2, 2, 0, 0]


@pytest.mark.parametrize(("facts", "field"), [
    ({"credit_code": "9132"}, "credit_code"), ({"year": 1999}, "year"), ({"year": NOON.year + 1}, "year"),
    ({"amount": Decimal(0)}, "amount"),
])  # fmt: skip
def test_bad_input_is_said_at_its_field(people: Personas, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        record_subsidy(subsidy=said(people, **facts), actor=people.officer, at=NOON)
    assert list(caught.value.message_dict) == [field]


def test_it_is_registered_once_until_withdrawn(people: Personas) -> None:
    row = record_subsidy(subsidy=said(people), actor=people.lead, at=NOON)
    with pytest.raises(ValidationError, match="registered already"):
        record_subsidy(subsidy=said(people), actor=people.officer, at=NOON)
    with pytest.raises(PermissionDenied):
        withdraw_subsidy(subsidy=row, actor=people.rival, reason=REASON, at=NOON)

    withdraw_subsidy(subsidy=row, actor=people.lead, reason=REASON, at=NOON)

    with pytest.raises(TransitionRefused):
        withdraw_subsidy(subsidy=row, actor=people.lead, reason=REASON, at=NOON)
    record_subsidy(subsidy=said(people), actor=people.officer, at=NOON)
    assert OtherSubsidy.objects.standing().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_register_the_same_at_once(people: Personas) -> None:
    facts, lead, officer = said(people), people.lead, people.officer
    outcomes = at_once(
        lambda: record_subsidy(subsidy=facts, actor=lead, at=NOON),
        lambda: record_subsidy(subsidy=facts, actor=officer, at=NOON),
    )
    assert refusals(outcomes) == 1
    assert OtherSubsidy.objects.count() == 1


@pytest.mark.parametrize("facts", [
    {"amount": 0}, {"credit_code": "x"}, {"year": 1}, {"reason": REASON},
])  # fmt: skip
def test_the_database_holds_it_round_the_code(people: Personas, facts: dict[str, Any]) -> None:
    row = make_subsidy(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        OtherSubsidy.objects.filter(pk=row.pk).update(**facts)


# --- beside an application ---------------------------------------------------------------------
def test_a_degree_is_arithmetic() -> None:
    assert degree(["新型显示器件的中试验证与示范"], ["新型显示器件的中试验证与示范应用"]) == 100
    assert degree(["新型显示器件的中试验证与示范"], ["工业软件的适配与推广应用方案"]) == 0
    assert degree(["新型显示"], ["新型显示"]) == 0
    assert terms_of({"doubling": {"years": 5}}).years == 5


def test_what_comes_close_waits_for_a_person(people: Personas) -> None:
    application, close = beside(people)
    far = make_subsidy(people, project="样例：完全不相干的工程建设")
    make_subsidy(people, year=NOON.year - 9)
    make_subsidy(people, credit_code=people.rival_org.uscc)

    assert [(one.subsidy, one.is_open) for one in overlaps(application)] == [(close, True), (far, False)]
    assert foreseen_clearing(application=application, actor=people.supervisor, at=NOON)
    with pytest.raises(TransitionRefused, match="Not concluded yet"):
        clear(people, application)

    conclude(people, application, close)
    clear(people, application)
    with pytest.raises(TransitionRefused, match="not open"):
        conclude(people, application, close)
    assert [one.subsidy for one in concluded(people.finance)] == [close]


def clear(people: Personas, application: Application) -> None:
    items = sound(application)
    clear_application(application=application, actor=people.supervisor, at=NOON, items=items, note="样例")


def test_what_is_paid_for_twice_does_not_pass(people: Personas) -> None:
    application, close = beside(people)
    items = sound(application)
    conclude(people, application, close, verdict=OverlapVerdict.DOUBLE)

    with pytest.raises(TransitionRefused, match="Not in order"):
        clear_application(application=application, actor=people.supervisor, at=NOON, items=items, note="样例")

    conclude(people, application, close, verdict=OverlapVerdict.PARTIAL)
    clear(people, application)
    assert AuditEntry.objects.filter(action="judge_overlap").count() == 2


def test_only_a_supervisor_who_is_free_concludes(people: Personas) -> None:
    application, close = beside(people)
    for actor in (people.officer, people.leader, people.lead, people.rival):
        with pytest.raises(PermissionDenied):
            conclude(people, application, close, actor=actor)
    with pytest.raises(TransitionRefused):
        conclude(people, application, close, reason=" ")
    Recusal.objects.create(
        application=application, person=people.supervisor, ground="样例", declared_by=people.supervisor, recused_at=NOON
    )
    with pytest.raises(PermissionDenied):
        conclude(people, application, close)


# --- pages -------------------------------------------------------------------------------------
def typed(people: Personas, **facts: Any) -> dict[str, Any]:
    return {"organisation": people.lead_org.uscc, "department": "样例：厅", "programme": "样例：计划",
            "project": "样例：项目", "year": str(NOON.year), "amount": "1000.00", "content": ""} | facts  # fmt: skip


def test_in_the_browser_from_the_register_to_the_conclusion(people: Personas) -> None:
    application, close = beside(people)
    place = reverse("funding:subsidy-record")

    assert enter(people.lead).post(place, typed(people)).status_code == 302
    assert enter(people.lead).post(place, typed(people, organisation=people.rival_org.uscc)).status_code == 200
    official = {"credit_code": people.rival_org.uscc, "holder": people.rival_org.name}
    assert enter(people.officer).post(place, typed(people, **official)).status_code == 302
    judge = reverse("funding:overlap-judge", args=[application.pk, close.pk])
    credit = reverse("funding:application-clear", args=[application.pk])

    supervisor = enter(people.supervisor)
    assert judge in supervisor.get(credit).text
    answer = supervisor.post(judge, {"verdict": "PARTIAL", "reason": REASON})
    assert (answer.status_code, answer["Location"]) == (302, credit)
    assert REASON in supervisor.get(close.get_absolute_url()).text
    assert REASON not in enter(people.lead).get(close.get_absolute_url()).text
    assert enter(people.rival).get(close.get_absolute_url()).status_code == 404
    withdraw = reverse("funding:subsidy-withdraw", args=[close.pk])
    assert enter(people.lead).post(withdraw, {"reason": REASON}).status_code == 409
    assert supervisor.post(withdraw, {"reason": REASON}).status_code == 302
    assert supervisor.post(withdraw, {"reason": REASON}).status_code == 409


def bring(people: Personas, *rows: list[Any], mode: str = "record", who: str = "officer") -> Any:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append([column.heading for column in columns()])
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    upload = SimpleUploadedFile("样例.xlsx", content.getvalue())
    return enter(getattr(people, who)).post(reverse("funding:subsidy-import"), {"upload": upload, "mode": mode})


def test_a_list_is_looked_at_and_brought_as_a_whole(people: Personas) -> None:
    good = [people.lead_org.uscc, people.lead_org.name, "样例：厅", "样例：计划", "样例：甲", NOON.year, "1000", ""]
    bad = ["x", *good[1:]]

    assert bring(people, good, mode="look").context["found"].rows
    page = bring(people, good, bad, good)
    assert [(row, column) for row, column, _text in page.context["wrong"]] == [
        (3, "Unified social credit code"), (4, "Project"),
    ]  # fmt: skip
    assert not OtherSubsidy.objects.exists()
    assert bring(people, good).status_code == 302
    assert OtherSubsidy.objects.get().by_official
    assert bring(people, good, who="lead").status_code == 403
    assert enter(people.officer).get(reverse("funding:subsidy-template")).status_code == 200


def test_the_list_asks_the_same_few_questions_however_long_it_is(people: Personas) -> None:
    make_subsidy(people)
    client = enter(people.officer)
    place = reverse("funding:subsidy-list")
    client.get(place)
    few = queries_of(client, place)
    make_subsidy(people)
    make_subsidy(people)
    assert len(queries_of(client, place)) == len(few)
