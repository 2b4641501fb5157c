"""What may answer a demand: the best fits first, and of others no more than they offer."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from consortia.enums import ConsortiumStatus, OutcomeKind
from consortia.models import Consortium
from consortia.selectors.matching import fits, pairs_of
from consortia.services.outcomes import update_outcome
from tests.clock import NOON
from tests.factories.books import make_demand
from tests.factories.consortia import make_outcome, make_technology, ready_consortium, rival_consortium
from tests.personas import Personas

SignIn = Callable[..., Client]
WORDS = "在线无损检测方法"


def _consortia(people: Personas) -> tuple[Consortium, Consortium]:
    operating = ConsortiumStatus.OPERATING
    return ready_consortium(people, status=operating), rival_consortium(people, status=operating)


def test_the_pairs_of_a_text() -> None:
    assert pairs_of("无损检测，ＡＢ a") == ["ab", "损检", "无损", "检测"]
    assert pairs_of("") == pairs_of("。 x") == []


def test_the_best_fit_comes_first(people: Personas) -> None:
    consortium, _rival = _consortia(people)
    far = make_outcome(consortium, OutcomeKind.AWARD, name="检测方法", identifier="1")
    near = make_outcome(consortium, OutcomeKind.AWARD, name="在线无损检测方法及装置", identifier="2")
    make_outcome(consortium, OutcomeKind.AWARD, name="样机研制", identifier="3")
    technology = make_technology(consortium, name="无损检测探头")

    found = fits(WORDS, people.lead)

    assert (found.outcomes, found.technologies) == ([near, far], [technology])


def test_of_other_consortia_only_what_they_offer(people: Personas) -> None:
    _consortium, rival = _consortia(people)
    mine = {"owner": people.rival_org, "name": "在线无损检测装置"}
    offered = make_outcome(rival, OutcomeKind.AWARD, identifier="1", offered=True, **mine)
    make_outcome(rival, OutcomeKind.AWARD, identifier="2", **mine)
    public = make_technology(rival, openness="PUBLIC", **mine)
    make_technology(rival, openness="INTERNAL", **mine)
    make_technology(rival, openness="SECRET", **mine)

    theirs, whole, bureau = (fits(WORDS, reader) for reader in (people.lead, people.rival, people.officer))

    assert (theirs.outcomes, theirs.technologies) == ([offered], [public])
    assert [row.inside for row in (*theirs.outcomes, *theirs.technologies)] == [False, False]  # type: ignore[attr-defined]
    assert [(len(one.outcomes), len(one.technologies)) for one in (whole, bureau)] == [(2, 3)] * 2


def test_what_is_not_published_is_not_found_by_others(people: Personas) -> None:
    preparing = rival_consortium(people)
    make_outcome(preparing, OutcomeKind.AWARD, owner=people.rival_org, name="无损检测", offered=True)
    make_technology(preparing, name="无损检测", openness="PUBLIC")

    found = fits(WORDS, people.lead)

    assert (found.outcomes, found.technologies) == ([], [])


def test_what_others_keep_inside_cannot_be_probed(people: Personas) -> None:
    _consortium, rival = _consortia(people)
    technology = make_technology(rival, name="样例技术", openness="PUBLIC")

    assert fits(technology.gap, people.lead).technologies == []


def test_universities_and_institutes_only(people: Personas) -> None:
    consortium, _rival = _consortia(people)
    make_outcome(consortium, OutcomeKind.AWARD, name="无损检测甲", identifier="1")
    theirs = make_outcome(consortium, OutcomeKind.AWARD, name="无损检测乙", identifier="2", owner=people.university)
    shared = make_outcome(consortium, OutcomeKind.AWARD, name="无损检测丙", identifier="3")
    shared.co_owners.create(organisation=people.university)
    technology = make_technology(consortium, name="无损检测探头", owner=people.university)

    found = fits(WORDS, people.lead, research_only=True)

    assert ({*found.outcomes}, found.technologies) == ({theirs, shared}, [technology])


@pytest.mark.parametrize(
    ("who", "status"), [("lead", 200), ("university_confirmer", 200), ("officer", 200), ("rival", 404)]
)
def test_who_searches_from_a_demand(people: Personas, sign_in: SignIn, who: str, status: int) -> None:
    consortium, _rival = _consortia(people)
    demand = make_demand(consortium, people.lead, title="无损检测", question="全文")

    page = sign_in(getattr(people, who)).get(reverse("consortia:demand-search", args=[demand.pk]))

    assert page.status_code == status


def test_who_reads_the_brief_searches_by_the_brief(people: Personas, sign_in: SignIn) -> None:
    consortium, _rival = _consortia(people)
    demand = make_demand(consortium, people.lead, title="内部题目", published=True, brief="寻求无损检测")
    address = reverse("consortia:demand-search", args=[demand.pk])

    inside, outside = (sign_in(person).get(address) for person in (people.lead, people.rival))

    assert inside.context["words"] == "内部题目 样例问题全文"
    assert (outside.context["words"], "内部题目" in outside.content.decode()) == ("寻求无损检测", False)


@pytest.mark.parametrize("query", ["q=", "q=%20", "q=a", "q=%27%22%3B--", "q=" + "x" * 999, "who=nobody"])
def test_odd_words_find_nothing_and_break_nothing(people: Personas, sign_in: SignIn, query: str) -> None:
    consortium, _rival = _consortia(people)
    demand = make_demand(consortium, people.lead)

    page = sign_in(people.lead).get(reverse("consortia:demand-search", args=[demand.pk]) + "?" + query)

    assert (page.status_code, page.context["found"].outcomes) == (200, [])


def test_offering_an_outcome_keeps_its_verification(people: Personas) -> None:
    consortium, _rival = _consortia(people)
    outcome = make_outcome(consortium, verification="VERIFIED", judged_by=people.officer, judged_at=NOON)
    outcome.offered = True

    update_outcome(outcome=outcome, actor=people.lead, at=NOON)

    outcome.refresh_from_db()
    assert (outcome.offered, outcome.verification) == (True, "VERIFIED")
