"""Pages of joint platforms and of their direct recognition: reached, refused, nothing typed lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.urls import reverse

from consortia.enums import ConsortiumStatus, PlatformKind
from consortia.models import CoBuilder, Consortium, DirectRecognition, TermsVersion
from consortia.rules.platforms import DirectStatus
from members.models import Organisation
from tests.clock import NOON
from tests.factories.consortia import make_direct, make_platform, ready_consortium, recognised_facts
from tests.factories.members import make_organisation
from tests.personas import Personas
from tests.samples import PDF

D = DirectStatus
SignIn = Any
PAPER = {
    "document_number": "样科认〔2026〕3号",
    "meeting": "样例局务会",
    "meeting_on": "2026-11-10",
    "note": "符合条件。",
}


def at(name: str, *keys: Any) -> str:
    return reverse(f"consortia:{name}", args=[getattr(key, "pk", key) for key in keys])


def fetched(client: Any, url: str) -> int:
    """How a file is answered; it is read to its end, which closes it."""
    answer = client.get(url)
    b"".join(answer)
    return int(answer.status_code)


def operating(people: Personas, **facts: Any) -> Consortium:
    return ready_consortium(people, status=ConsortiumStatus.OPERATING, district=people.lead_org.district, **facts)


def test_the_lead_builds_a_platform_up(people: Personas, sign_in: SignIn) -> None:
    consortium, client = operating(people), sign_in(people.lead)
    facts = {
        "kind": "INCUBATOR", "name": "样例孵化器", "builder": people.lead_org.pk, "share": "60", "area": "3200",
        "equipment_value": "120.5", "address": "样例路1号", "district": people.lead_org.district_id,
        "incubation": "INVESTING", "stage": "INCUBATION", "redeveloped": "on",
    }  # fmt: skip

    page = client.post(at("platform-add", consortium), facts)["Location"]
    platform = consortium.platforms.get()
    client.post(at("builder-add", platform), {"organisation": people.university.pk, "outside": "", "share": "40"})
    client.post(at("service-add", platform), {
        "year": "2025", "staff": "8", "incubatees": "12", "graduates": "2", "served": "20", "times": "90",
        "hours": "300", "income": "55.5",
    })  # fmt: skip

    context = client.get(page).context
    assert (platform.equipment_value, platform.incubation, platform.redeveloped) == (1_205_000, "INVESTING", True)
    assert [str(row) for row in context["platform"].co_builders.all()] == ["样例理工大学"]
    assert [(row.year, row.income) for row in context["platform"].years.all()] == [(2025, 555_000)]


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"organisation": "", "outside": "", "share": "10"}, ["outside"]),
        ({"organisation": "university", "outside": "样例院所", "share": "10"}, ["outside"]),
        ({"organisation": "university", "outside": "", "share": "50.0001"}, ["share"]),
        ({"organisation": "rival_org", "outside": "", "share": "10"}, ["organisation", "outside"]),
    ],
)
def test_what_is_wrong_with_a_builder_stands_beside_it(
    people: Personas, sign_in: SignIn, facts: Any, fields: list[str]
) -> None:
    platform = make_platform(operating(people), share=50)
    platform.co_builders.all().delete()
    typed = facts | {"organisation": getattr(getattr(people, facts["organisation"] or "x", None), "pk", "")}

    answer = sign_in(people.lead).post(at("builder-add", platform), typed)

    assert (answer.status_code, sorted(answer.context["form"].errors)) == (200, fields)
    assert CoBuilder.objects.count() == 0


def test_only_housing_has_a_mode_of_incubation(people: Personas, sign_in: SignIn) -> None:
    facts = {"kind": "KEY_LAB", "name": "样例", "builder": people.lead_org.pk, "area": "1", "incubation": "SPACE"}

    answer = sign_in(people.lead).post(at("platform-add", operating(people)), facts)

    assert list(answer.context["form"].errors) == ["incubation"]


SEES = [
    ("lead", 200), ("signatory", 200), ("university_confirmer", 200), ("rival", 404), ("district_officer", 200),
    ("other_district_officer", 404), ("officer", 200), ("head", 200), ("supervisor", 200), ("expert", 404),
    ("system_admin", 404),
]  # fmt: skip


@pytest.mark.parametrize(("who", "status"), SEES)
def test_who_sees_a_platform_and_its_case(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    platform = make_platform(operating(people))
    case, client = make_direct(platform, people.lead), sign_in(getattr(people, who))

    assert client.get(platform.get_absolute_url()).status_code == status
    assert client.get(case.get_absolute_url()).status_code == status


@pytest.mark.parametrize(
    ("who", "status", "found"),
    [("officer", 200, 1), ("district_officer", 200, 1), ("other_district_officer", 200, 0), ("lead", 403, 0)],
)
def test_who_finds_it_in_the_lists(people: Personas, sign_in: SignIn, who: str, status: int, found: int) -> None:
    platform = make_platform(operating(people))
    make_direct(platform, people.lead)
    client = sign_in(getattr(people, who))

    for name in ("platform-list", "direct-list"):
        answer = client.get(at(name))
        assert answer.status_code == status
        if status == 200:
            assert len(answer.context["rows"]) == found


def test_the_register_counts_by_kind_and_state(people: Personas, sign_in: SignIn) -> None:
    consortium = operating(people)
    known = make_platform(consortium, kind=PlatformKind.INCUBATOR)
    make_platform(consortium, kind=PlatformKind.INCUBATOR, opened_on=None)
    make_platform(consortium, kind=PlatformKind.PARK)
    make_direct(known, people.lead, **recognised_facts(people.head))
    client = sign_in(people.officer)

    kinds = client.get(at("platform-list")).context["kinds"]
    rows = client.get(at("platform-list") + "?state=RECOGNISED").context["rows"]

    assert [(row.kind, row.total, row.open, row.recognised) for row in kinds] == [
        ("INCUBATOR", 2, 1, 1),
        ("PARK", 1, 1, 0),
    ]
    assert [row.pk for row in rows] == [known.pk]


def test_a_case_from_the_lead_to_the_public(people: Personas, sign_in: SignIn) -> None:
    platform = make_platform(operating(people))
    lead, district, officer = (sign_in(one) for one in (people.lead, people.district_officer, people.officer))
    file = SimpleUploadedFile("章程.pdf", PDF, "application/pdf")

    page = lead.post(at("direct-propose", platform), {"grounds": "齐备。", "label": "章程", "evidence": file})[
        "Location"
    ]
    case = DirectRecognition.objects.get()
    assert fetched(lead, at("direct-file", case.evidence.get())) == 200
    district.post(at("direct-opine", case), {"supported": "1", "opinion": "同意。"})
    found = {str(row.pk): "1" for row in case.conditions.all()}
    officer.post(at("direct-check", case), found | {"note": "属实。"})
    assert lead.get(page).context["opened"] is False
    assert "属实。" not in lead.get(page).content.decode()
    officer.post(at("direct-table", case), {"note": ""})
    sign_in(people.head).post(at("direct-recognise", case), PAPER | {"valid_from": "2026-11-18"})
    officer.post(at("direct-publish", case), {"note": ""})

    case.refresh_from_db()
    assert (case.status, case.published_on is None) == (D.RECOGNISED, False)
    assert "属实。" in lead.get(page).content.decode()
    assert [row.pk for row in officer.get(at("public-platform-list")).context["rows"]] == [case.pk]


def test_the_directory_is_open_and_shows_only_what_is_published(people: Personas, client: Any) -> None:
    consortium = operating(people, tier="A", recognised_on=NOON.date())
    shown = make_direct(
        make_platform(consortium), people.lead, **recognised_facts(people.head), published_on=NOON.date()
    )
    make_direct(make_platform(consortium), people.lead)

    listed = client.get(at("public-platform-list"))

    assert (listed.status_code, [row.pk for row in listed.context["rows"]]) == (200, [shown.pk])
    assert "样例理由。" not in listed.content.decode()
    page = client.get(at("public-consortium-detail", consortium))
    assert [row.pk for row in page.context["platforms"]] == [shown.pk]


def test_a_second_click_is_refused_and_nothing_typed_is_lost(people: Personas, sign_in: SignIn) -> None:
    case = make_direct(make_platform(operating(people)), people.lead)
    client, typed = sign_in(people.district_officer), {"supported": "0", "opinion": "暂不支持。"}

    first = client.post(at("direct-opine", case), typed)
    second = client.post(at("direct-opine", case), typed)

    assert (first.status_code, second.status_code) == (302, 409)
    assert second.context["form"]["opinion"].value() == "暂不支持。"


@pytest.mark.parametrize(
    ("act", "who", "status", "facts", "fields"),
    [
        ("opine", "district_officer", D.PROPOSED, {"supported": "", "opinion": ""}, ["opinion", "supported"]),
        ("send-back", "district_officer", D.PROPOSED, {"note": ""}, ["note"]),
        ("hear", "officer", D.CONDITION_CHECK, {"favoured": "1", "count": "0", "heard_on": "2999-01-01"},
         ["count", "heard_on", "opinion"]),
        ("recognise", "head", D.MEETING, PAPER | {"valid_from": "soon", "meeting_on": ""},
         ["meeting_on", "valid_from"]),
        ("attach", "lead", D.PROPOSED, {"label": "章程"}, ["evidence"]),
        ("withdraw", "lead", D.PROPOSED, {"note": " "}, ["note"]),
    ],
)  # fmt: skip
def test_errors_stand_next_to_the_field(
    people: Personas, sign_in: SignIn, act: str, who: str, status: str, facts: Any, fields: list[str]
) -> None:
    case = make_direct(make_platform(operating(people)), people.lead, status=status)

    answer = sign_in(getattr(people, who)).post(at(f"direct-{act}", case), facts)

    case.refresh_from_db()
    assert (answer.status_code, sorted(answer.context["form"].errors), case.status) == (200, fields, status)


def test_the_experts_paper_opens_with_the_decision(people: Personas, sign_in: SignIn) -> None:
    case = make_direct(make_platform(operating(people)), people.lead, status=D.CONDITION_CHECK)
    file = SimpleUploadedFile("意见.pdf", PDF, "application/pdf")
    officer, lead = sign_in(people.officer), sign_in(people.lead)
    officer.post(at("direct-hear", case), {
        "favoured": "1", "count": "5", "heard_on": "2026-11-10", "opinion": "同意。", "evidence": file,
    })  # fmt: skip

    assert [fetched(one, at("direct-opinion", case)) for one in (officer, lead)] == [200, 404]


def test_a_file_is_taken_off_by_the_lead_alone(people: Personas, sign_in: SignIn) -> None:
    case = make_direct(make_platform(operating(people)), people.lead)
    file = SimpleUploadedFile("章程.pdf", PDF, "application/pdf")
    lead = sign_in(people.lead)
    lead.post(at("direct-attach", case), {"label": "章程", "evidence": file})
    kept = case.evidence.get()

    assert sign_in(people.officer).post(at("direct-detach", kept)).status_code == 403
    assert sign_in(people.rival).post(at("direct-detach", kept)).status_code == 404
    assert lead.post(at("direct-detach", kept))["Location"] == case.get_absolute_url()
    assert case.evidence.count() == 0


def test_the_head_sets_the_conditions(people: Personas, sign_in: SignIn) -> None:
    client, address = sign_in(people.head), at("terms-set", "PARK")
    facts = {
        "years": "4", "basis": "样科〔2026〕5号", "zh0": "有产业规划", "en0": "Has a plan", "hard0": "on",
        "measure0": "", "least0": "", "zh1": "面积达标", "en1": "Large enough", "measure1": "AREA", "least1": "20000",
    }  # fmt: skip

    wrong = client.post(address, facts | {"least1": "", "en0": ""})
    right = client.post(address, facts)

    assert sorted(wrong.context["form"].errors) == ["en0", "least1"]
    assert (right.status_code, TermsVersion.objects.get().conditions[1]["least"]) == (302, "20000")
    assert sign_in(people.officer).post(address, facts).status_code == 403
    assert client.get(at("terms-set", "MOON")).status_code == 404
    assert sign_in(people.lead).get(at("terms-list")).status_code == 200


# --- the directory of institutions -------------------------------------------------------------
def test_the_directory_lists_verified_research_bodies(people: Personas, sign_in: SignIn) -> None:
    operating(people, tier="A", recognised_on=NOON.date())
    near = make_organisation("样例市内研究所", type="INSTITUTE", district=people.lead_org.district)
    seen = {"verified_by": people.officer, "verified_at": NOON, "verified_in": "样例公示系统"}
    Organisation.objects.update(verified_name=F("name"), verified_code=F("uscc"), **seen)
    make_organisation("样例未核验研究院", type="INSTITUTE")

    rows = sign_in(people.supplier_confirmer).get(at("institution-list")).context["rows"]

    assert [(row.name, row.consortia) for row in rows] == [("样例理工大学", 1), (near.name, 0)]
    found = sign_in(people.officer).get(at("institution-list") + "?near=1").context["rows"]
    assert [row.name for row in found] == [near.name]
    assert sign_in(people.expert).get(at("institution-list")).status_code == 403
