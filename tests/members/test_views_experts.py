"""Pages of the expert pool."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.enums import ExpertKind, ExpertStatus, HnteField, Role
from members.models import Expert
from members.rules.experts import CHECKLIST
from portal.kernel.models import ExportLog
from tests.clock import NOON
from tests.factories.members import make_expert, make_user
from tests.personas import Personas

S = ExpertStatus
LIST, EXPORT, OWN = (reverse(f"members:expert-{name}") for name in ("list", "export", "own"))
APPLY, REFRESH, EMPLOY, NOMINATE = (
    reverse(f"members:expert-{name}") for name in ("apply", "refresh", "employ", "nominate")
)
PROFILE = {
    "kind": "TECH", "hnte_fields": ["40"], "title_level": "SENIOR", "born": "1975", "region": "CITY",
    "yearly_limit": "5",
}  # fmt: skip
EMPLOYER = {"code": "", "name": "样例研究院", "position": "研究员", "since": "2020-03-01"}


def page(expert: Expert, act: str = "detail") -> str:
    return reverse(f"members:expert-{act}", args=[expert.pk])


# --- the list ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("officer", 200), ("acceptance", 200), ("supervisor", 200), ("head", 200), ("finance", 200),
        ("leader", 403), ("lead", 403), ("lead_admin", 403), ("expert", 403),
    ],
)  # fmt: skip
def test_the_pool_is_for_those_who_work_with_it(people: Personas, sign_in: Any, name: str, status: int) -> None:
    assert sign_in(getattr(people, name)).get(LIST).status_code == status


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"甲", "乙", "丙"}),
        ("q=乙", {"乙"}),
        ("kind=FINANCE&kind=TECH", {"甲", "乙"}),
        ("technology=40", {"甲"}),
        ("technology=40&technology=10", {"甲", "乙"}),
        ("status=REMOVED", {"丙"}),
        ("region=OUTSIDE", {"乙"}),
        ("refresh=1", {"乙"}),
        ("refresh=0", {"甲", "丙"}),
        ("limit=1", set()),
        ("limit=0", {"甲", "乙", "丙"}),
    ],
)
def test_the_pool_is_narrowed(people: Personas, sign_in: Any, query: str, found: set[str]) -> None:
    make_expert("a", "甲", kind=ExpertKind.TECHNOLOGY, hnte_fields=[HnteField.MATERIALS])
    make_expert(
        "b", "乙", kind=ExpertKind.FINANCE, hnte_fields=[HnteField.ELECTRONICS], region="OUTSIDE",
        refreshed_at=NOON - timedelta(days=800),
    )  # fmt: skip
    make_expert("c", "丙", kind=ExpertKind.LEGAL, status=S.REMOVED, ground="样例")

    answer = sign_in(people.officer).get(f"{LIST}?{query}")

    assert {expert.user.name for expert in answer.context["rows"]} == found


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pool_costs_the_same_for_any_number_of_rows(people: Personas, sign_in: Any, rows: int) -> None:
    for number in range(rows):
        make_expert(f"x{number}", f"专家{number}", employer=people.university)
    client = sign_in(people.officer)
    client.get(LIST)

    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)

    assert len(queries) == QUERIES


@pytest.mark.parametrize(("purpose", "logged"), [("", 0), ("年度核对", 1)])
def test_an_export_names_its_purpose(people: Personas, sign_in: Any, purpose: str, logged: int) -> None:
    assert len(people.experts) == 3

    answer = sign_in(people.officer).post(f"{EXPORT}?kind=FINANCE", {"format": "csv", "purpose": purpose})

    if answer.streaming:
        assert b"".join(answer.streaming_content).count(b"\n") == 2  # a heading and the one of finance
    assert answer.status_code == 200
    assert list(ExportLog.objects.values_list("row_count", flat=True)) == [1] * logged


@pytest.mark.parametrize("name", ["acceptance", "finance", "lead_admin", "expert"])
def test_who_may_not_export(people: Personas, sign_in: Any, name: str) -> None:
    assert sign_in(getattr(people, name)).get(EXPORT).status_code == 403


# --- one expert --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "status"), [("officer", 200), ("head", 200), ("leader", 404), ("lead", 404), ("rival", 404)]
)
def test_who_opens_a_profile(people: Personas, sign_in: Any, name: str, status: int) -> None:
    assert sign_in(getattr(people, name)).get(page(people.experts[0])).status_code == status


@pytest.mark.parametrize(("state", "status"), [(S.APPLIED, 200), (S.ENTRY_CHECKED, 200), (S.ACTIVE, 404)])
def test_the_employer_sees_those_who_enter(people: Personas, sign_in: Any, state: ExpertStatus, status: int) -> None:
    facts = {"checked_by": people.officer, "checked_at": NOON} if state == S.ENTRY_CHECKED else {}
    expert = make_expert("new", "专家丁01", status=state, employer=people.lead_org, **facts)

    assert sign_in(people.lead_admin).get(page(expert)).status_code == status


def test_the_employer_confirms_from_its_own_page(people: Personas, sign_in: Any) -> None:
    expert = make_expert("new", "专家丁01", status=S.APPLIED, employer=people.lead_org)
    client = sign_in(people.lead_admin)
    panels = client.get(reverse("members:organisation-own")).context["panels"]

    done = client.post(page(expert, "confirm"), {"note": ""})

    expert.refresh_from_db()
    assert [list(one["rows"]) for one in panels if one["template"] == "members/_expert_requests.html"] == [[expert]]
    assert (done.url, expert.status) == (reverse("members:organisation-own"), S.UNIT_CONFIRMED)
    assert client.post(page(expert, "confirm"), {"note": ""}).status_code == 409


def test_the_officer_ticks_the_checklist(people: Personas, sign_in: Any) -> None:
    expert = make_expert("new", "专家丁01", status=S.UNIT_CONFIRMED)
    client = sign_in(people.officer)
    missing = client.post(page(expert, "check"), {"title": "on", "field": "on", "note": "记得我"})

    done = client.post(page(expert, "check"), {**dict.fromkeys(CHECKLIST, "on"), "note": ""})

    expert.refresh_from_db()
    assert (list(missing.context["form"].errors), missing.context["form"]["note"].value()) == (["integrity"], "记得我")
    assert (done.url, expert.status, expert.checked_by) == (page(expert), S.ENTRY_CHECKED, people.officer)


@pytest.mark.parametrize(
    ("act", "state", "data", "target"),
    [
        ("admit", S.ENTRY_CHECKED, {"note": ""}, S.ACTIVE),
        ("suspend", S.ACTIVE, {"reason": "逾期", "until": ""}, S.SUSPENDED),
        ("resume", S.SUSPENDED, {"reason": "已整改"}, S.ACTIVE),
        ("remove", S.ACTIVE, {"reason": "违规"}, S.REMOVED),
    ],
)
def test_the_head_keeps_the_pool(
    people: Personas, sign_in: Any, act: str, state: ExpertStatus, data: Any, target: ExpertStatus
) -> None:
    facts = {S.SUSPENDED: {"ground": "样例"}, S.ENTRY_CHECKED: {"checked_by": people.officer, "checked_at": NOON}}
    expert = make_expert("one", "专家丁01", status=state, **facts.get(state, {}))
    client = sign_in(people.head)

    answers = [
        client.get(page(expert, act)),
        client.post(page(expert, act), data),
        client.post(page(expert, act), data),
    ]

    expert.refresh_from_db()
    assert ([one.status_code for one in answers], expert.status) == ([200, 302, 409], target)


@pytest.mark.parametrize("act", ["admit", "suspend", "resume", "remove"])
def test_the_officer_does_not_keep_the_pool(people: Personas, sign_in: Any, act: str) -> None:
    assert sign_in(people.officer).get(page(people.experts[0], act)).status_code == 403


# --- oneself -----------------------------------------------------------------------------------
def test_whoever_is_not_there_yet_is_led_to_the_application(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.university_confirmer)

    assert client.get(OWN).url == APPLY
    done = client.post(APPLY, {**PROFILE, **EMPLOYER})

    expert = Expert.objects.get()
    assert (done.url, expert.user, expert.status, expert.yearly_limit) == (
        OWN,
        people.university_confirmer,
        S.APPLIED,
        5,
    )
    assert client.get(OWN).context["own"] is True
    assert client.post(APPLY, {**PROFILE, **EMPLOYER}).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"born": "2020"}, "born"),
        ({"born": "x"}, "born"),
        ({"yearly_limit": "11"}, "yearly_limit"),
        ({"kind": "CHEF"}, "kind"),
        ({"hnte_fields": ["99"]}, "hnte_fields"),
        ({"hnte_fields": []}, "hnte_fields"),
        ({"since": "2999-01-01"}, "since"),
        ({"name": ""}, "code"),
        ({"code": "91320599MA0000000X"}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(people: Personas, sign_in: Any, changes: Any, field: str) -> None:
    answer = sign_in(people.university_confirmer).post(APPLY, {**PROFILE, **EMPLOYER, **changes})

    assert (answer.status_code, list(answer.context["form"].errors), Expert.objects.count()) == (200, [field], 0)


def test_the_expert_confirms_its_data_and_moves(people: Personas, sign_in: Any) -> None:
    client, expert = sign_in(people.expert), people.experts[0]
    client.post(REFRESH, PROFILE)
    client.post(EMPLOY, EMPLOYER)

    expert.refresh_from_db()
    assert (expert.born, [str(one) for one in expert.employments.all()]) == (1975, ["样例研究院"])
    assert expert.refreshed_at != NOON
    assert client.get(OWN).status_code == 200


@pytest.mark.parametrize("url", [REFRESH, EMPLOY])
def test_without_a_profile_there_is_nothing_to_keep(people: Personas, sign_in: Any, url: str) -> None:
    assert sign_in(people.lead).get(url).status_code == 403


def test_the_expert_leaves(people: Personas, sign_in: Any) -> None:
    client, expert = sign_in(people.expert), people.experts[0]

    done = client.post(page(expert, "leave"))

    expert.refresh_from_db()
    assert (done.url, expert.status) == (OWN, S.REMOVED)
    assert client.get(OWN).status_code == 200


# --- nominating --------------------------------------------------------------------------------
def test_an_administrator_nominates_a_colleague(people: Personas, sign_in: Any) -> None:
    client = sign_in(people.lead_admin)
    shown = client.get(f"{NOMINATE}?email={people.lead.email}")

    done = client.post(NOMINATE, {"email": people.lead.email, "kind": "MGMT", "note": "熟悉产业"})
    wrong = client.post(NOMINATE, {"email": people.rival.email, "kind": "MGMT", "note": "熟悉产业"})

    assert (shown.context["form"].initial["email"], done.url) == (
        people.lead.email,
        reverse("members:organisation-own"),
    )
    assert (list(wrong.context["form"].errors), Expert.objects.get().user) == (["email"], people.lead)


def test_a_nominee_is_told_what_to_do(people: Personas, sign_in: Any) -> None:
    nominee = make_user("nominee", "样例提名", (Role.CONFIRMER, people.lead_org))
    Expert.objects.create(user=nominee, status=S.NOMINATED, nominated_by=people.officer)

    assert sign_in(nominee).get(OWN).context["object"].refreshed_at is None


QUERIES = 10
