"""Outcomes in the browser: the kind first, then its form; the page; evidence; the bureau's judgement."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consortia.enums import ConsortiumStatus, OutcomeKind, Verification
from consortia.models import Consortium, DuplicateClaim, Outcome
from consortia.services.outcomes import add_outcome
from tests.clock import NOON
from tests.factories.consortia import make_outcome, ready_consortium, rival_consortium, unsaved_outcome
from tests.personas import Personas
from tests.samples import pdf

S = ConsortiumStatus
SignIn = Callable[..., Client]


def at(name: str, thing: Any) -> str:
    return reverse(f"consortia:{name}", args=[thing.pk])


def _patent(consortium: Consortium, **facts: str) -> dict[str, str]:
    return {
        "kind": "PATENT", "name": "样例专利", "identifier": "ZL202610000001.9", "owner": str(consortium.lead_id),
        "task": str(consortium.tasks.get().pk), "stage": "RESEARCH", "patent_type": "INVENTION",
        "applied_on": "2025-01-01", "granted_on": "2026-05-01", **facts,
    }  # fmt: skip


def test_the_kind_is_chosen_first(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    address = at("outcome-add", consortium)

    choice = client.get(address)
    wrong = client.post(address, {"kind": "MEDAL"})

    assert [page.templates[0].name for page in (choice, wrong)] == ["consortia/outcome_choose.html"] * 2
    for kind in OutcomeKind:
        assert client.get(f"{address}?kind={kind}").context["kind"] == kind


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"patent_type": "", "applied_on": ""}, ["applied_on", "patent_type"]),
        ({"granted_on": "2024-12-31"}, ["granted_on"]),
        ({"granted_on": "2999-01-01"}, ["granted_on"]),
        ({"task": ""}, ["task"]),
        ({"owner_share": "101"}, ["owner_share"]),
        ({"co_share_0": "40"}, ["co_owner_0"]),
        ({"identifier": "."}, ["identifier"]),
        ({"identifier": "ZL202610000001.5"}, ["identifier"]),
    ],
)
def test_errors_stand_next_to_the_field(
    people: Personas, sign_in: SignIn, facts: dict[str, str], fields: list[str]
) -> None:
    consortium = ready_consortium(people)

    answer = sign_in(people.lead).post(at("outcome-add", consortium), _patent(consortium, **facts))

    assert (answer.status_code, sorted(answer.context["form"].errors)) == (200, fields)
    assert answer.context["form"]["name"].value() == "样例专利"


def test_an_owner_that_is_named_twice_is_told_where(people: Personas, sign_in: SignIn) -> None:
    consortium = ready_consortium(people)
    lead, fund = str(consortium.lead_id), str(people.fund.pk)
    typed = _patent(consortium, co_owner_0=lead, co_owner_1=fund, co_owner_2=fund)

    answer = sign_in(people.lead).post(at("outcome-add", consortium), typed)

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["co_owner_0", "co_owner_2"])


def test_owners_with_shares(people: Personas, sign_in: SignIn) -> None:
    consortium, client = ready_consortium(people), sign_in(people.lead)
    shares = {"owner_share": "60", "co_owner_0": str(people.university.pk), "co_share_0": "40"}

    assert client.post(at("outcome-add", consortium), _patent(consortium, **shares)).status_code == 302
    made = Outcome.objects.get()
    page = client.get(at("outcome-update", made))

    assert page.context["form"]["co_owner_0"].value() == people.university.pk
    again = _patent(consortium, name="改名", seen=page.context["form"]["seen"].value())
    assert client.post(at("outcome-update", made), again).status_code == 302
    assert (made.co_owners.count(), Outcome.objects.get().owner_share) == (0, None)


@pytest.mark.parametrize("kind", OutcomeKind.values)
def test_the_page_of_every_kind(people: Personas, sign_in: SignIn, kind: str) -> None:
    outcome = make_outcome(ready_consortium(people), kind)

    for who, status in (("lead", 200), ("university_confirmer", 200), ("officer", 200), ("rival", 404)):
        assert sign_in(getattr(people, who)).get(outcome.get_absolute_url()).status_code == status


def test_evidence_comes_and_goes(people: Personas, sign_in: SignIn) -> None:
    outcome, client = make_outcome(ready_consortium(people)), sign_in(people.lead)
    upload = SimpleUploadedFile("证书.pdf", pdf(), content_type="application/pdf")

    assert client.get(at("evidence-attach", outcome)).status_code == 200
    answer = client.post(at("evidence-attach", outcome), {"upload": upload, "label": "证书"})
    assert answer["Location"] == outcome.get_absolute_url()
    file = outcome.evidence.select_related("attachment").get()
    assert file.attachment.sha256[:16] in client.get(outcome.get_absolute_url()).content.decode()
    for who, status in (("university_confirmer", 200), ("officer", 200), ("rival", 404)):
        answer = sign_in(getattr(people, who)).get(at("evidence-download", file))
        assert (answer.status_code, bool(b"".join(answer))) == (status, True)
    assert client.post(at("evidence-remove", file))["Location"] == outcome.get_absolute_url()
    assert outcome.evidence.count() == 0


def test_a_file_that_is_none_is_refused(people: Personas, sign_in: SignIn) -> None:
    outcome = make_outcome(ready_consortium(people))
    upload = SimpleUploadedFile("证书.pdf", b"MZ no document at all", content_type="application/pdf")

    answer = sign_in(people.lead).post(at("evidence-attach", outcome), {"upload": upload, "label": "证书"})

    assert (list(answer.context["form"].errors), outcome.evidence.count()) == (["upload"], 0)


def test_adopters_come_and_go(people: Personas, sign_in: SignIn) -> None:
    outcome, client = make_outcome(ready_consortium(people)), sign_in(people.lead)
    facts = {"adopter": "样例用户单位", "since": "2026-06-01", "scene": "产线"}

    assert client.post(at("adoption-add", outcome), facts | {"since": "2999-01-01"}).context["form"].errors
    assert client.post(at("adoption-add", outcome), facts)["Location"] == outcome.get_absolute_url()
    assert client.post(at("adoption-remove", outcome.adoptions.get()))["Location"] == outcome.get_absolute_url()
    assert outcome.adoptions.count() == 0


def test_the_bureau_doubts_on_a_page(people: Personas, sign_in: SignIn) -> None:
    outcome, client = make_outcome(ready_consortium(people)), sign_in(people.officer)

    assert client.post(at("outcome-verify", outcome), {}).status_code == 409  # without evidence
    assert list(client.post(at("outcome-doubt", outcome), {}).context["form"].errors) == ["note"]
    assert client.post(at("outcome-doubt", outcome), {"note": "编号有误"}).status_code == 302
    assert Outcome.objects.get().verification == Verification.DOUBTED


@pytest.mark.parametrize(("who", "status"), [("lead", 403), ("district_officer", 403), ("leader", 403), ("rival", 404)])
def test_nobody_else_judges(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    outcome, client = make_outcome(ready_consortium(people)), sign_in(getattr(people, who))

    answers = [client.post(at(page, outcome), {"note": "样例"}) for page in ("outcome-verify", "outcome-doubt")]

    assert [answer.status_code for answer in answers] == [status] * 2


# --- claimed twice -----------------------------------------------------------------------------
def test_a_page_names_the_rival_to_nobody_but_the_bureau(people: Personas, sign_in: SignIn) -> None:
    mine = make_outcome(ready_consortium(people), name="领航的发明")
    rivals = rival_consortium(people, name="样例竞先联合体")
    theirs = unsaved_outcome(people.rival_org, name="竞先的发明")
    add_outcome(consortium=rivals, outcome=theirs, actor=people.rival, at=NOON)

    english = {"accept-language": "en"}
    page = sign_in(people.lead).get(mine.get_absolute_url(), headers=english).content.decode()
    rows = sign_in(people.lead).get(at("consortium-outcomes", mine.consortium)).content.decode()
    district = sign_in(people.district_officer).get(mine.get_absolute_url()).content.decode()
    bureau = sign_in(people.officer).get(mine.get_absolute_url()).content.decode()

    secrets = ("竞先的发明", "样例竞先联合体", people.rival_org.name, str(theirs.pk), str(rivals.pk))
    assert [secret for secret in secrets if secret in page + rows + district] == []
    assert "This number is claimed by another consortium too." in page
    assert at("duplicate-detail", DuplicateClaim.objects.get()) in bureau
