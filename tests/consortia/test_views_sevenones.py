"""The Seven Ones in the browser: the tab by year, the claim, the bureau's word, the close."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from consortia.enums import ConsortiumStatus, Progress, SevenOnes
from consortia.models import Consortium, SevenOnesItem, SevenOnesYear
from consortia.rules.sevenones import OneStatus
from consortia.selectors import events, trail_of
from tests.factories.books import make_one
from tests.factories.consortia import ready_consortium
from tests.personas import Personas
from tests.samples import pdf

SignIn = Callable[..., Client]
P = Progress


def _this_year() -> int:
    return timezone.localdate().year


def _operating(people: Personas) -> Consortium:
    return ready_consortium(people, status=ConsortiumStatus.OPERATING)


def tab(consortium: Consortium) -> str:
    return reverse("consortia:consortium-seven", args=[consortium.pk])


def claim_at(consortium: Consortium, item: str = "technologies", year: int | None = None) -> str:
    return reverse("consortia:seven-claim", args=[consortium.pk, year or _this_year(), item])


def _filled(consortium: Consortium, **facts: Any) -> dict[str, Any]:
    key = f"TECHNOLOGY:{consortium.technologies.first().pk}"  # type: ignore[union-attr]
    return {"claimed": "2", "narrative": "样例说明。", "evidence": [key], **facts}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("lead", 200), ("university_confirmer", 200), ("officer", 200), ("district_officer", 200),
        ("other_district_officer", 404), ("rival", 404),
    ],
)  # fmt: skip
def test_who_reads_the_tab(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    consortium = _operating(people)
    consortium.district = people.lead_org.district  # type: ignore[assignment]
    consortium.save()

    assert sign_in(getattr(people, who)).get(tab(consortium)).status_code == status


def test_the_tab_shows_the_year_asked_for(people: Personas, sign_in: SignIn) -> None:
    consortium, year = _operating(people), _this_year()
    make_one(consortium, people.lead, year=year - 1, judge=people.officer)
    row = make_one(consortium, people.lead, year=year, claimed=P.IN_PROGRESS)
    gone = row.evidence.create(kind="TECHNOLOGY", object_id=consortium.pk, label="样例已删")
    client = sign_in(people.lead)

    now = client.get(tab(consortium)).context
    before = client.get(row.get_absolute_url().replace(str(year), str(year - 1))).context
    odd = client.get(tab(consortium) + "?year=abc")

    assert ([one.year for one in now["years"]], now["shown"].year) == ([year, year - 1], year)
    item = next(one for one in now["shown"].ones if one.row.pk == row.pk)
    assert ([(link.evidence, link.url) for link in item.links], item.stands) == ([(gone, "")], None)
    assert (before["shown"].year, before["shown"].total, before["shown"].built) == (year - 1, 2, 1)
    assert odd.context["shown"].year == year
    assert [len(row.cells) for row in now["table"]] == [2] * 7


def test_the_lead_claims_in_the_browser(people: Personas, sign_in: SignIn) -> None:
    consortium, client = _operating(people), sign_in(people.lead)
    page = client.get(claim_at(consortium))
    file = SimpleUploadedFile("清单.pdf", pdf())

    answer = client.post(
        claim_at(consortium),
        _filled(consortium, upload=file, label="盖章清单", seen=page.context["form"]["seen"].value()),
    )

    row = SevenOnesItem.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())
    assert (row.claimed, row.evidence.count()) == (P.BUILT, 2)
    proof = row.evidence.get(kind="FILE")
    address = reverse("consortia:seven-file", args=[proof.pk])
    assert b"".join(sign_in(people.officer).get(address).streaming_content) == pdf()  # type: ignore[attr-defined]
    assert sign_in(people.rival).get(address).status_code == 404
    again = client.get(claim_at(consortium)).context["form"]["evidence"]
    assert sorted(again.value()) == sorted(one.key for one in row.evidence.all())


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"claimed": ""}, "claimed"),
        ({"claimed": "7"}, "claimed"),
        ({"evidence": []}, "evidence"),
        ({"evidence": ["FUND:x"]}, "evidence"),
        ({"label": "无文件"}, "upload"),
        ({"upload": SimpleUploadedFile("x.exe", b"MZ"), "label": "x"}, "upload"),
        ({"upload": SimpleUploadedFile("清单.pdf", pdf())}, "label"),
    ],
)
def test_errors_stand_next_to_the_field(people: Personas, sign_in: SignIn, facts: dict[str, Any], field: str) -> None:
    consortium = _operating(people)
    if upload := facts.get("upload"):
        upload.seek(0)

    answer = sign_in(people.lead).post(claim_at(consortium), _filled(consortium, **facts))

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert (answer.context["form"]["narrative"].value(), SevenOnesItem.objects.count()) == ("样例说明。", 0)


@pytest.mark.parametrize(("who", "status"), [("university_confirmer", 403), ("officer", 403), ("rival", 404)])
def test_nobody_else_claims_in_the_browser(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    consortium, client = _operating(people), sign_in(getattr(people, who))

    assert client.get(claim_at(consortium)).status_code == status
    assert client.post(claim_at(consortium), _filled(consortium)).status_code == status


def test_there_are_seven_of_them(people: Personas, sign_in: SignIn) -> None:
    consortium, client = _operating(people), sign_in(people.lead)

    assert [client.get(claim_at(consortium, item)).status_code for item in SevenOnes.values] == [200] * 7
    assert client.get(claim_at(consortium, "eighth")).status_code == 404


def test_a_year_that_cannot_be_claimed_has_no_form(people: Personas, sign_in: SignIn) -> None:
    page = sign_in(people.lead).get(claim_at(_operating(people), year=2001))

    assert page.templates[0].name == "step_closed.html"


def test_the_officer_verifies_in_the_browser_once(people: Personas, sign_in: SignIn) -> None:
    row = make_one(_operating(people), people.lead, year=_this_year())
    client, address = sign_in(people.officer), reverse("consortia:seven-verify", args=[row.pk])
    seen = client.get(address).context["form"]["seen"].value()

    answers = [client.post(address, {"seen": seen, "note": "实地核查属实。"}).status_code for _ in range(2)]

    row.refresh_from_db()
    assert (answers, row.status) == ([302, 409], OneStatus.VERIFIED)


def test_what_the_lead_changed_meanwhile_is_shown_first(people: Personas, sign_in: SignIn) -> None:
    row = make_one(_operating(people), people.lead, year=_this_year())
    client, address = sign_in(people.officer), reverse("consortia:seven-verify", args=[row.pk])
    seen = client.get(address).context["form"]["seen"].value()
    SevenOnesItem.objects.filter(pk=row.pk).update(claimed=P.IN_PROGRESS)

    answer = client.post(address, {"seen": seen, "note": ""})

    row.refresh_from_db()
    assert (answer.status_code, row.status) == (409, OneStatus.CLAIMED)


def test_sending_back_needs_a_reason(people: Personas, sign_in: SignIn) -> None:
    row = make_one(_operating(people), people.lead, year=_this_year())
    client, address = sign_in(people.officer), reverse("consortia:seven-return", args=[row.pk])

    empty = client.post(address, {"note": ""})
    assert (empty.status_code, list(empty.context["form"].errors)) == (200, ["note"])
    assert client.post(address, {"note": "清单未盖章。"}).status_code == 302

    assert sign_in(people.lead).get(row.get_absolute_url()).context["shown"].ones[1].row.reason == "清单未盖章。"


@pytest.mark.parametrize(
    ("who", "status"), [("lead", 403), ("head", 403), ("other_district_officer", 404), ("rival", 404)]
)
def test_nobody_else_judges_in_the_browser(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    row, client = make_one(_operating(people), people.lead, year=_this_year()), sign_in(getattr(people, who))

    for name in ("seven-verify", "seven-return"):
        assert client.post(reverse(f"consortia:{name}", args=[row.pk]), {"note": "x"}).status_code == status


def test_the_head_closes_the_year_from_the_supervision_list(people: Personas, sign_in: SignIn) -> None:
    year = _this_year() - 1
    waiting = make_one(_operating(people), people.lead, year=year)
    client, address = sign_in(people.head), reverse("consortia:seven-close", args=[year])

    page = client.get(reverse("consortia:supervision-list")).context
    assert (page["found"].claims, page["found"].year_to_close, page["may_close"]) == ([waiting], year, True)
    assert client.post(address).status_code == 409
    SevenOnesItem.objects.filter(pk=waiting.pk).update(status=OneStatus.RETURNED, reason="逾期。")
    assert [client.get(address).status_code, client.post(address).status_code] == [200, 302]

    assert SevenOnesYear.objects.get().year == year
    assert client.get(address).templates[0].name == "step_closed.html"
    assert sign_in(people.officer).post(address).status_code == 403


def test_the_public_page_shows_what_is_verified(people: Personas, client: Client) -> None:
    consortium, year = _operating(people), _this_year()
    address = reverse("consortia:public-consortium-detail", args=[consortium.pk])
    make_one(consortium, people.lead, year=year, narrative="样例内情。")
    assert client.get(address).context["seven"] is None

    make_one(consortium, people.lead, year=year, item=SevenOnes.FUND, judge=people.officer)
    page = client.get(address)

    assert [row.item for row in page.context["seven"][1]] == ["fund"]
    assert "样例内情" not in page.content.decode()


def test_the_overview_marks_what_is_verified(people: Personas, sign_in: SignIn) -> None:
    consortium = _operating(people)
    make_one(consortium, people.lead, year=_this_year(), claimed=P.IN_PROGRESS, judge=people.officer)

    card = sign_in(people.lead).get(consortium.get_absolute_url()).context["scorecard"]

    assert [(one.progress, one.verified) for one in card.ones][1] == (P.IN_PROGRESS, True)


def test_the_trail_tells_of_it(people: Personas, sign_in: SignIn) -> None:
    consortium, client = _operating(people), sign_in(people.lead)
    client.post(claim_at(consortium), _filled(consortium))

    with translation.override("en"):
        event = events(trail_of(consortium)[:1], consortium, people.lead)[0]

    assert event.text == f"claimed “Draw up one list of key technologies” of the Seven Ones of {_this_year()}"
