"""Technologies, tasks, milestones, outcomes, platforms, funds: added, changed, removed by the lead alone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consortia.enums import ConsortiumStatus, MilestoneStatus
from consortia.models import Consortium, Fund, KeyTechnology, Milestone, Outcome, Platform, ResearchTask
from portal.kernel.audit import trail
from tests.factories.consortia import make_consortium, make_outcome, make_task, make_technology, ready_consortium
from tests.personas import Personas

S = ConsortiumStatus
SignIn = Callable[..., Client]
Facts = dict[str, Any]


def at(name: str, thing: Any) -> str:
    return reverse(f"consortia:{name}", args=[thing.pk])


def _facts(kind: str, people: Personas) -> Facts:
    me = str(people.lead_org.pk)
    task = ResearchTask.objects.filter(consortium__lead=people.lead_org).order_by("created_at").last()
    task = str(task.pk) if task else ""
    return {
        "technology": {
            "name": "新条目", "problem_class": "KEY", "gap": "差距", "indicator": "热容量", "unit": "MHU",
            "baseline": "5", "target": "8", "trl_start": "4", "trl_now": "4", "trl_target": "7", "owner": me,
            "due": "2028-06-30", "benchmark": "国际先进 9 MHU", "openness": "SECRET",
        },
        "task": {
            "name": "新条目", "technology": "", "lead": me, "start": "2026-01-01", "end": "2027-01-01",
            "budget_grant": "0", "budget_own": "1.50", "task_class": "FRONTIER", "research_type": "BASIC",
            "risk": "HIGH", "stage": "RESEARCH", "project_level": "", "project_number": "",
        },
        "outcome": {
            "kind": "CONTRACT", "name": "新条目", "identifier": "JS1", "owner": me, "task": task, "stage": "TRANSFER",
            "date": "2026-05-01", "amount": "0",
        },
        "platform": {"kind": "INCUBATOR", "name": "新条目", "builder": me, "area": "2400", "opened_on": ""},
        "fund": {
            "name": "新条目", "kind": "ANGEL", "role": "INITIATOR", "manager": me, "scale": "100", "paid_in": "100",
        },
    }[kind]  # fmt: skip


MODELS: dict[str, Any] = {
    "technology": KeyTechnology, "task": ResearchTask, "outcome": Outcome, "platform": Platform, "fund": Fund,
}  # fmt: skip
TABS = {
    "technology": "technologies",
    "task": "tasks",
    "outcome": "outcomes",
    "platform": "outcomes",
    "fund": "outcomes",
}
WRONG: list[tuple[str, Facts, list[str]]] = [
    ("technology", {"owner": "", "trl_now": "10", "target": "many"}, ["owner", "target", "trl_now"]),
    ("technology", {"trl_target": "3"}, ["trl_target"]),
    ("technology", {"trl_now": "3"}, ["trl_now"]),
    ("technology", {"target": "5"}, ["target"]),
    ("technology", {"due": "2020-01-01"}, ["due"]),
    ("task", {"end": "2025-12-31"}, ["end"]),
    ("task", {"name": "", "budget_own": "-1", "start": "yesterday"}, ["budget_own", "name", "start"]),
    ("outcome", {"date": "2999-01-01"}, ["date"]),
    ("task", {"project_level": "NATIONAL"}, ["project_number"]),
    ("task", {"project_number": "2026YFB1"}, ["project_level"]),
    ("task", {"as_consortium": "on"}, ["project_level"]),
    ("task", {"task_class": "MAGIC", "risk": ""}, ["risk", "task_class"]),
    ("technology", {"openness": "STATE"}, ["openness"]),
    ("task", {"end": "9999-12-31"}, ["end"]),
    ("task", {"end": "2037-01-01"}, ["end"]),
    ("task", {"start": "0001-01-01", "budget_own": "1,50"}, ["budget_own", "start"]),
    ("technology", {"due": "9999-12-31", "target": "1e2"}, ["due", "target"]),
    ("outcome", {"identifier": " ", "amount": "1.0000001", "stage": "MOON"}, ["amount", "identifier", "stage"]),
    ("platform", {"opened_on": "2999-01-01"}, ["opened_on"]),
    ("fund", {"paid_in": "100.01"}, ["paid_in"]),
]


def _made(kind: str, consortium: Consortium, people: Personas) -> Any:
    if kind == "technology":
        return make_technology(consortium)
    if kind == "task":
        return make_task(consortium, milestones=0)
    me = people.lead_org
    return {
        "outcome": lambda: make_outcome(consortium),
        "platform": lambda: Platform.objects.create(consortium=consortium, kind="INCUBATOR", name="旧", builder=me),
        "fund": lambda: Fund.objects.create(consortium=consortium, name="旧", manager=me, scale=Decimal(1)),
    }[kind]()


@pytest.mark.parametrize("kind", MODELS)
def test_add_update_remove(people: Personas, sign_in: SignIn, kind: str) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    tab = at(f"consortium-{TABS[kind]}", consortium)

    assert client.get(at(f"{kind}-add", consortium)).status_code == 200
    answer = client.post(at(f"{kind}-add", consortium), _facts(kind, people))
    made = MODELS[kind].objects.get(name="新条目")
    page = at(f"{kind}-detail", made) if kind in {"outcome", "platform"} else tab
    assert answer["Location"] == page
    assert client.get(at(f"{kind}-update", made)).context["form"]["name"].value() == "新条目"
    changed = _facts(kind, people) | {"name": "改名"}
    assert client.post(at(f"{kind}-update", made), changed)["Location"] == page
    assert MODELS[kind].objects.get(pk=made.pk).name == "改名"
    assert client.get(at(f"{kind}-remove", made)).status_code == 200
    assert client.post(at(f"{kind}-remove", made))["Location"] == tab
    assert not MODELS[kind].objects.filter(pk=made.pk).exists()
    assert client.post(at(f"{kind}-remove", made)).status_code == 404


@pytest.mark.parametrize(("kind", "facts", "fields"), WRONG)
def test_errors_stand_next_to_the_field(
    people: Personas, sign_in: SignIn, kind: str, facts: Facts, fields: list[str]
) -> None:
    consortium = ready_consortium(people)
    before = MODELS[kind].objects.count()

    response = sign_in(people.lead).post(at(f"{kind}-add", consortium), _facts(kind, people) | facts)

    assert (response.status_code, sorted(response.context["form"].errors)) == (200, fields)
    assert MODELS[kind].objects.count() == before


@pytest.mark.parametrize(
    ("kind", "field"), [("technology", "owner"), ("task", "lead"), ("outcome", "owner"), ("fund", "manager")]
)
def test_strangers_are_not_offered(people: Personas, sign_in: SignIn, kind: str, field: str) -> None:
    consortium = ready_consortium(people)
    facts = _facts(kind, people) | {field: str(people.rival_org.pk)}

    response = sign_in(people.lead).post(at(f"{kind}-add", consortium), facts)

    assert list(response.context["form"].errors) == [field]


def test_parts_of_other_consortia_are_not_offered(people: Personas, sign_in: SignIn) -> None:
    consortium, elsewhere = ready_consortium(people), make_technology(make_consortium(people))
    facts = _facts("task", people) | {"technology": str(elsewhere.pk)}

    response = sign_in(people.lead).post(at("task-add", consortium), facts)

    assert list(response.context["form"].errors) == ["technology"]


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize(("who", "status"), [("university_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_nobody_else_touches_them(people: Personas, sign_in: SignIn, kind: str, who: str, status: int) -> None:
    consortium = ready_consortium(people)
    made, client = _made(kind, consortium, people), sign_in(getattr(people, who))

    answers = [
        client.post(at(f"{kind}-add", consortium), _facts(kind, people)),
        client.post(at(f"{kind}-update", made), _facts(kind, people)),
        client.post(at(f"{kind}-remove", made)),
    ]

    assert [answer.status_code for answer in answers] == [status] * 3


def test_plans_are_refused_with_a_sentence_once_recognised(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people, status=S.OPERATING)

    response = sign_in(people.lead).post(
        at("technology-add", consortium), _facts("technology", people), headers={"accept-language": "en"}
    )

    assert response.context["form"].errors == {"__all__": ["This cannot be edited in the state “Operating”."]}


def test_stage_and_project_are_recorded_while_at_work(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people, status=S.OPERATING), sign_in(people.lead)
    task = consortium.tasks.get()
    address = at("task-record-project", task)
    said = {"stage": "TRANSFER", "project_level": "NATIONAL", "project_number": "2026YFB1", "as_consortium": "on"}
    seen = client.get(address).context["form"]["seen"].value()

    wrong = client.post(address, said | {"project_number": "", "seen": seen})
    done = client.post(address, said | {"seen": seen})
    stale = client.post(address, said | {"stage": "INCUBATION", "seen": seen})

    assert (wrong.status_code, list(wrong.context["form"].errors)) == (200, ["project_number"])
    assert (done["Location"], stale.status_code) == (at("consortium-tasks", consortium), 409)
    task.refresh_from_db()
    assert (task.stage, task.project_level, task.project_number, task.as_consortium) == (
        "TRANSFER", "NATIONAL", "2026YFB1", True,
    )  # fmt: skip
    assert trail(consortium)[0].facts["project_number"] == "2026YFB1"


@pytest.mark.parametrize(("who", "status"), [("university_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_nobody_else_records_a_project(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    task = ready_consortium(people, status=S.OPERATING).tasks.get()

    assert sign_in(getattr(people, who)).post(at("task-record-project", task), {}).status_code == status


def test_both_tabs_have_their_picture(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people, status=S.OPERATING), sign_in(people.lead)

    assert client.get(at("consortium-tasks", consortium)).context["gantt"].count("<svg") == 1
    assert client.get(at("consortium-technologies", consortium)).context["ladder"].count("<svg") == 1


# --- milestones and readiness ------------------------------------------------------------------
MILESTONE = {"name": "首台样机", "metric": "台数", "target": "1", "weight": "2", "due": "2026-06-30"}


def test_add_update_remove_milestone(people: Personas, sign_in: SignIn) -> None:
    task, client = ready_consortium(people).tasks.get(), sign_in(people.lead)

    assert client.get(at("milestone-add", task)).status_code == 200
    assert client.post(at("milestone-add", task), MILESTONE).status_code == 302
    made = task.milestones.get(name="首台样机")
    assert client.post(at("milestone-update", made), MILESTONE | {"weight": "5"}).status_code == 302
    assert Milestone.objects.get(pk=made.pk).weight == 5
    assert client.post(at("milestone-remove", made)).status_code == 302
    assert task.milestones.count() == 2


@pytest.mark.parametrize("facts", [{"due": "2030-01-01"}, {"weight": "0"}])
def test_a_milestone_out_of_bounds(people: Personas, sign_in: SignIn, facts: Facts) -> None:
    task = ready_consortium(people).tasks.get()

    response = sign_in(people.lead).post(at("milestone-add", task), MILESTONE | facts)

    assert list(response.context["form"].errors) == list(facts)


def test_reach_a_milestone(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people, status=S.OPERATING), sign_in(people.lead)
    milestone = Milestone.objects.get(task__consortium=consortium, status=MilestoneStatus.PLANNED)
    address = at("milestone-reach", milestone)

    assert client.get(address).context["obstacles"] == []
    assert sorted(client.post(address, {}).context["form"].errors) == ["actual", "reached_on"]
    answer = client.post(address, {"actual": "2.5", "reached_on": "2026-06-01", "note": "检测报告"})
    assert answer["Location"] == at("consortium-tasks", consortium)
    assert Milestone.objects.get(pk=milestone.pk).actual == Decimal("2.5")


def test_miss_a_milestone(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people, status=S.OPERATING), sign_in(people.lead)
    milestone = Milestone.objects.get(task__consortium=consortium, status=MilestoneStatus.PLANNED)
    Milestone.objects.filter(pk=milestone.pk).update(due=date(2026, 2, 1))

    assert client.post(at("milestone-miss", milestone), {"note": "设备延期"}).status_code == 302
    assert Milestone.objects.get(pk=milestone.pk).status == MilestoneStatus.MISSED


@pytest.mark.parametrize("page", ["milestone-reach", "milestone-miss", "milestone-update", "milestone-remove"])
@pytest.mark.parametrize(("who", "status"), [("university_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_only_the_lead_records_milestones(people: Personas, sign_in: SignIn, page: str, who: str, status: int) -> None:
    milestone = Milestone.objects.filter(task__consortium=ready_consortium(people, status=S.OPERATING)).first()

    assert sign_in(getattr(people, who)).get(at(page, milestone)).status_code == status


def test_record_readiness(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people, status=S.OPERATING), sign_in(people.lead)
    technology = consortium.technologies.first()
    address = at("technology-record-readiness", technology)

    assert client.get(address).status_code == 200
    assert sorted(client.post(address, {"trl_now": "11"}).context["form"].errors) == ["note", "trl_now"]
    assert client.post(address, {"trl_now": "6", "note": "检测报告"}).status_code == 302
    assert KeyTechnology.objects.get(pk=technology.pk).trl_now == 6
