"""The budget of an application: written cell by cell by several people, checked, frozen, returned."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from funding.enums import Action, BudgetMode, BudgetSource
from funding.enums import ApplicationStatus as S
from funding.models import Application, BudgetAmount, BudgetItem
from funding.rules.budget import NOTE, Cell, Row
from funding.selectors.budgets import budget_faults, cells_of, items_of, line_of, read_budget, sheet_of
from funding.selectors.changes import changes
from funding.services.budgets import NOT_A_MEMBER, NOT_IN_SHEET, BudgetChanged, edit_budget
from funding.services.writers import assign_section
from members.enums import Role
from members.models import Organisation
from portal.kernel.audit import trail
from portal.kernel.workflow import TransitionRefused
from tests.clock import NOON
from tests.factories.consortia import ready_consortium
from tests.factories.funding import freeze, make_application, make_budget_item, make_call
from tests.factories.members import give, make_organisation, make_user
from tests.funding.steps import edit, queries_of, submit
from tests.personas import Personas
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db
WAN = 10_000


def name(organisation: Organisation, source: str = "OWN", category: str = "LABOUR", column: int | str = 2026) -> str:
    return Cell(Row(str(organisation.pk), source, category), str(column)).name


def write(application: Application, people: Personas, typed: dict[str, str], **facts: Any) -> Application:
    return edit_budget(
        application=application, actor=facts.pop("actor", people.lead), at=facts.pop("at", NOON), typed=typed, **facts
    )


def stands(application: Application) -> dict[str, str]:
    return cells_of(map(line_of, items_of(application)))


def page(application: Application) -> str:
    return reverse("funding:application-budget", args=[application.pk])


def post(client: Client, address: str, typed: dict[str, str], seen: dict[str, str] | None = None, **more: str) -> Any:
    return client.post(address, {"version": "0", "page": "", "seen": json.dumps(seen or {}), **typed, **more})


def save(client: Client, application: Application, *args: Any, **more: str) -> Any:
    return post(client, reverse("funding:budget-autosave", args=[application.pk]), *args, **more)


# --- writing -----------------------------------------------------------------------------------
def test_cells_are_written_changed_and_cleared(people: Personas) -> None:
    application = make_application(people)
    before, lead = stands(application), people.lead_org
    amount, note = name(lead), name(lead, column=NOTE)

    write(application, people, {amount: "1200.00", name(lead, column=2027): "5.00", note: "样例说明"})
    write(application, people, {amount: "1300.00", name(lead, column=2027): ""})

    assert stands(application) == {**before, amount: "1300.00", note: "样例说明"}
    write(application, people, {amount: "", note: ""})
    assert stands(application) == before
    assert BudgetItem.objects.filter(category="LABOUR").count() == 0


def test_the_trail_tells_each_cell_before_and_after(people: Personas) -> None:
    application, cell = make_application(people), name(people.lead_org)
    write(application, people, {cell: "7.00"})
    write(application, people, {cell: "8.00"})

    entry = trail(application)[0]
    assert (entry.action, entry.facts["cells"], entry.actor) == (Action.EDIT, {cell: ["7.00", "8.00"]}, people.lead)
    assert application.sections["budget"]["version"] == application.version == 2


def test_what_changes_nothing_leaves_no_trace(people: Personas) -> None:
    application = make_application(people)
    write(application, people, stands(application))
    assert (application.version, trail(application).count()) == (0, 0)


def test_two_people_in_different_cells_both_stand(people: Personas) -> None:
    application, mine, yours = make_application(people), name(people.lead_org), name(people.university)
    seen = stands(application)

    write(application, people, {mine: "1.00", yours: ""}, seen=seen)
    write(application, people, {mine: "", yours: "2.00"}, seen=seen, actor=people.signatory)

    after = stands(application)
    assert (after[mine], after[yours]) == ("1.00", "2.00")


def test_two_people_in_one_cell_are_told(people: Personas) -> None:
    application, cell, other = make_application(people), name(people.lead_org), name(people.university)
    seen = stands(application)
    write(application, people, {cell: "1.00"}, seen=seen)

    with pytest.raises(BudgetChanged) as told:
        write(application, people, {cell: "2.00", other: "3.00"}, seen=seen, actor=people.signatory)

    assert (told.value.clashes, told.value.by, told.value.at) == ({cell: "1.00"}, str(people.lead), NOON)
    assert (stands(application)[cell], other in stands(application)) == ("1.00", False)
    write(application, people, {cell: "2.00"}, seen={**seen, **told.value.clashes}, actor=people.signatory)
    assert stands(application)[cell] == "2.00"


def test_a_page_that_missed_its_answer_has_no_quarrel_with_itself(people: Personas) -> None:
    application, cell = make_application(people), name(people.lead_org)
    seen = stands(application)
    write(application, people, {cell: "1.00"}, seen=seen, page="page-1")

    write(application, people, {cell: "12.00"}, seen=seen, page="page-1")

    assert stands(application)[cell] == "12.00"
    with pytest.raises(BudgetChanged):
        write(application, people, {cell: "13.00"}, seen=seen, page="page-2")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_in_one_cell_and_one_is_told(people: Personas) -> None:
    application, cell = make_application(people), name(people.lead_org)
    seen = stands(application)

    results = at_once(
        lambda: write(application, people, {cell: "1.00"}, seen=seen),
        lambda: write(application, people, {cell: "2.00"}, seen=seen, actor=people.signatory),
    )

    assert refusals(results) == 1
    assert stands(application)[cell] in {"1.00", "2.00"}
    assert trail(application).count() == 1


# --- who may, and what is no budget ------------------------------------------------------------
@pytest.mark.parametrize("who", ["university_confirmer", "rival", "officer", "district_officer", "expert"])
def test_nobody_else_writes(people: Personas, who: str) -> None:
    application = make_application(people)
    with pytest.raises(PermissionDenied):
        write(application, people, {name(people.lead_org): "1.00"}, actor=getattr(people, who))


def test_a_writer_of_the_section_writes_it(people: Personas, sign_in: Any) -> None:
    application, cell = make_application(people), name(people.university)
    assign_section(
        application=application, section="budget", people=[people.university_confirmer.pk], shown=[],
        actor=people.lead, at=NOON,
    )  # fmt: skip

    write(application, people, {cell: "4.00"}, actor=people.university_confirmer)

    assert stands(application)[cell] == "4.00"
    shown = sign_in(people.university_confirmer).get(page(application))
    opened = [table.place.name for table in shown.context["tables"] if table.is_open]
    assert opened == [people.university.name]


@pytest.mark.parametrize(("who", "status"), [("lead", 200), ("university_confirmer", 403), ("rival", 404)])
def test_who_opens_the_page(people: Personas, sign_in: Any, who: str, status: int) -> None:
    assert sign_in(getattr(people, who)).get(page(make_application(people))).status_code == status


def test_only_cells_of_the_budget_are_taken(people: Personas) -> None:
    application, stranger = make_application(people), make_organisation("样例外人")
    for odd in (name(stranger), name(people.lead_org, column=1999), name(people.lead_org, category="LUMP_SUM"), "x"):
        with pytest.raises(TransitionRefused, match=str(NOT_IN_SHEET)):
            write(application, people, {odd: "1.00"})


def test_who_left_can_only_be_cleared(people: Personas) -> None:
    application, gone = make_application(people), make_organisation("样例已退出单位")
    item = make_budget_item(application, gone, BudgetSource.OWN, {2026: 5})
    cell, other = name(gone, category="EQUIPMENT"), name(gone)

    assert any("样例已退出单位" in fault for fault in budget_faults(application))
    with pytest.raises(TransitionRefused, match=str(NOT_A_MEMBER % {"name": gone.name})):
        write(application, people, {other: "1.00"})
    write(application, people, {cell: ""})

    assert (BudgetItem.objects.filter(pk=item.pk).exists(), budget_faults(application)) == (False, [])


def test_a_lump_sum_has_one_row_for_each_source(people: Personas) -> None:
    application = make_application(people, call=make_call(people, budget_mode=BudgetMode.LUMP_SUM))
    BudgetItem.objects.all().delete()
    assert {row.category for row in sheet_of(application).rows} == {"LUMP_SUM"}
    write(application, people, {name(people.lead_org, "GRANT", "LUMP_SUM"): "1.00"})


@pytest.mark.parametrize("status", [S.SUBMITTED, S.APPROVED, S.WITHDRAWN])
def test_after_the_submission_nothing_is_written(people: Personas, status: str) -> None:
    application = make_application(people, status)
    with pytest.raises(TransitionRefused):
        write(application, people, {name(people.lead_org): "1.00"})


# --- the database ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("constraint", "amounts"),
    [("budget_amount_not_negative", {2026: -1}),
     ("budget_year_in_range", {1999: 1})],
)  # fmt: skip
def test_the_database_takes_no_such_amount(people: Personas, constraint: str, amounts: dict[int, Any]) -> None:
    application = make_application(people)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_budget_item(application, people.lead_org, "OTHER", amounts)


def test_the_database_knows_each_cell_once(people: Personas) -> None:
    item = make_budget_item(make_application(people), people.lead_org, "OTHER", {2026: 1})
    with pytest.raises(IntegrityError, match="budget_amount_once_a_year"), transaction.atomic():
        BudgetAmount.objects.create(item=item, year=2026, amount=1)
    with pytest.raises(IntegrityError, match="budget_item_once"), transaction.atomic():
        make_budget_item(item.application, people.lead_org, "OTHER", {2026: 1})


# --- submitting and returning ------------------------------------------------------------------
def test_a_budget_that_does_not_fit_is_in_the_way(people: Personas) -> None:
    application = make_application(people)
    write(application, people, {name(people.lead_org, "GRANT"): "10000.00"})
    with pytest.raises(TransitionRefused, match=r"181\.00.*180\.00"):
        submit(application, people)


def test_the_snapshot_keeps_the_budget(people: Personas) -> None:
    application = make_application(people)
    write(application, people, {name(people.lead_org, column=NOTE): "样例说明"})
    submit(application, people)

    sums = read_budget(application.snapshot["budget"])
    assert application.snapshot["budget"][0] == {
        "organisation": {"id": str(people.lead_org.pk), "name": people.lead_org.name}, "source": "GRANT",
        "category": "EQUIPMENT", "amounts": {"2026": "1800000.00"}, "total": "1800000.00", "note": "",
    }  # fmt: skip
    assert sums
    assert sums.total.amount == Decimal(1_800_000) + 5 * 100 * WAN
    assert sums.members[0].label == people.lead_org.name


def test_a_return_of_the_amount_opens_the_budget(people: Personas) -> None:
    application = make_application(people, S.RETURNED, reopened=["basics"])
    assert (application.is_reopened("budget"), application.is_reopened("route")) == (True, False)
    closed = make_application(people, S.RETURNED, reopened=["route"], consortium=ready_consortium(people))
    with pytest.raises(TransitionRefused):
        write(closed, people, {name(people.lead_org): "1.00"})


def test_a_correction_tells_what_changed_in_the_budget(people: Personas) -> None:
    application = freeze(make_application(people, S.RETURNED, reopened=["budget"], correction_due=None))
    before = application.snapshot
    write(application, people, {
        name(people.lead_org, category="EQUIPMENT"): "1100000.00", name(people.university, "OTHER"): "20000.00"
    })  # fmt: skip
    freeze(application).previous_snapshot = before

    (found,) = changes(application, ["budget"])

    told = [(row.kind, row.name.rsplit(" · ", 2)[0], row.name.rsplit(": ", 1)[1]) for row in found.rows]
    assert (found.expected, told) == (
        True, [("ins", people.university.name, "2.00"), ("same", people.lead_org.name, "100.00 → 110.00")],
    )  # fmt: skip


# --- the page ----------------------------------------------------------------------------------
def test_the_page_saves_what_was_typed(people: Personas, sign_in: Any) -> None:
    application, cell = make_application(people), name(people.lead_org)
    seen = stands(application)

    answer = post(sign_in(people.lead), page(application), {cell: "1,234.5", name(people.university): ""}, seen)

    assert (answer.status_code, stands(application)) == (302, {**seen, cell: "12345000.00"})


def test_the_page_keeps_what_is_wrong_and_says_so_at_the_field(people: Personas, sign_in: Any) -> None:
    application, cell = make_application(people), name(people.lead_org)
    before = stands(application)

    answer = post(sign_in(people.lead), page(application), {cell: "1.234,5", name(people.university): "3"}, before)

    text = answer.content.decode()
    assert (answer.status_code, 'value="1.234,5"' in text, f'id="e-{cell}"' in text) == (200, True, True)
    assert stands(application) == before


@pytest.mark.parametrize("odd", ["-1", "=1+1", "1e5", "NaN", "9" * 30, "0.0000001"])
def test_no_such_amount_is_taken(people: Personas, sign_in: Any, odd: str) -> None:
    application, cell = make_application(people), name(people.lead_org)
    answer = save(sign_in(people.lead), application, {cell: odd})
    assert (answer.status_code, cell in answer.json()["errors"]) == (422, True)


@pytest.mark.parametrize("seen", [None, "[", "[1]", '{"a": 1}', "7"])
def test_a_page_must_say_what_it_showed(people: Personas, sign_in: Any, seen: str | None) -> None:
    data = {"version": "0", "page": ""} | ({} if seen is None else {"seen": seen})
    answer = sign_in(people.lead).post(page(make_application(people)), data)
    assert (answer.status_code, "seen" in answer.context["form"].errors) == (200, True)


def test_somebody_elses_value_stands_at_the_field_and_saving_again_replaces_it(people: Personas, sign_in: Any) -> None:
    application, cell = make_application(people), name(people.lead_org)
    seen = stands(application)
    write(application, people, {cell: "10000.00"})

    told = post(sign_in(people.signatory), page(application), {cell: "2"}, seen)
    again = post(
        sign_in(people.signatory), page(application), {cell: "2"}, json.loads(told.context["form"]["seen"].value())
    )

    assert (told.status_code, 'value="2"' in told.content.decode(), again.status_code) == (409, True, 302)
    assert stands(application)[cell] == "20000.00"


def test_autosave_answers_with_what_the_page_shows(people: Personas, sign_in: Any) -> None:
    application, cell, client = make_application(people), name(people.lead_org), sign_in(people.lead)
    seen = stands(application)

    first = save(client, application, {cell: "1"}, seen).json()
    second = save(client, application, {cell: "2"}, json.loads(first["seen"]))
    late = save(sign_in(people.signatory), application, {cell: "3"}, seen)

    assert (json.loads(first["seen"]), second.status_code) == ({**seen, cell: "10000.00"}, 200)
    assert (late.status_code, "2.00" in late.json()["html"], json.loads(late.json()["seen"])[cell]) == (
        409, True, "20000.00",
    )  # fmt: skip


def test_autosave_keeps_what_is_right_beside_what_is_wrong(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    right, wrong, seen = name(people.lead_org), name(people.university), stands(application)

    answer = save(client, application, {right: "1", wrong: "1.234,5"}, seen)
    told = answer.json()
    mended = save(client, application, {right: "1", wrong: "2"}, json.loads(told["seen"]))

    assert (answer.status_code, wrong in told["errors"], right in told["errors"]) == (422, True, False)
    assert (mended.status_code, stands(application)) == (200, {**seen, right: "10000.00", wrong: "20000.00"})


def test_the_page_costs_the_same_however_full(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)
    queries_of(client, page(application))
    few = len(queries_of(client, page(application)))
    write(application, people, {cell: "1.00" for cell in sheet_of(application).cells if not cell.endswith(NOTE)})
    assert len(queries_of(client, page(application))) == few


def test_officials_read_the_sums(people: Personas, sign_in: Any) -> None:
    application = make_application(people, S.SUBMITTED)
    make_budget_item(application, people.lead_org, "GRANT", {2026: 180 * WAN})
    freeze(application)

    reading = sign_in(people.officer).get(application.get_absolute_url()).context["reading"]

    assert [(row.label, row.total.amount) for row in reading.budget.members] == [(people.lead_org.name, 180 * WAN)]


def test_a_person_of_two_members_opens_both_tables(people: Personas, sign_in: Any) -> None:
    both = make_user("both", "样例两任")
    give(both, Role.APPLICANT, people.lead_org)
    give(both, Role.APPLICANT, people.university)
    tables = sign_in(both).get(page(make_application(people))).context["tables"]
    assert {table.place.name for table in tables if table.is_open} == {people.lead_org.name, people.university.name}


def test_the_task_list_says_how_the_budget_stands(people: Personas, sign_in: Any) -> None:
    application, client = make_application(people), sign_in(people.lead)

    def task() -> Any:
        progress = client.get(application.get_absolute_url()).context["progress"]
        return next(one for one in progress.tasks if one.section == "budget")

    fits = task().state
    edit(application, people, "basics", values={"requested_tier": "A", "requested_amount": Decimal(1_000_000)})
    not_any_more = task().state
    BudgetItem.objects.all().delete()
    assert (fits, not_any_more, task().state) == ("ok", "warn", "line")
