"""A decision is invisible to applicants until it is published, and visible to them from then on.

A case is scored, graded, put on the board, approved by two leaders and so decided, or declined by one, with words and
numbers that stand nowhere else. Whoever applies, takes part, scored or has no part asks every address that opens, PDFs
too: no word of it is there, and what is about the case itself reads as it did while it was with the experts. Of who is
declined the mails are sent as well.
"""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from consortia.enums import Tier
from funding.enums import ApplicationStatus, ReviewStatus
from funding.models import Call, Scenario
from funding.rules.boards import Choice
from funding.selectors.boards import Setting, panels
from funding.services.decisions import decline_application, grade_application
from funding.services.notices import publicise_applications
from funding.services.scenarios import Drafted, approve_scenario, freeze_scenario, put_forward_scenario
from portal.kernel import jobs, mailing, outbox
from portal.kernel.models import Job, Notification
from portal.kernel.models.job import JobState
from tests.authorization import sweep
from tests.authorization.world import World
from tests.clock import DAY
from tests.factories.consortia import ready_consortium, rival_consortium
from tests.factories.funding import freeze, make_application, make_call, make_review
from tests.personas import Personas

pytestmark = pytest.mark.django_db
S = ApplicationStatus
READERS = ("lead", "signatory", "lead_confirmer", "university_confirmer", "rival", "anonymous")
OUTSIDE = ("lead", "university_confirmer", "expert", "anonymous")  # who is told when a case is declined, and no sooner
DISTINCT = ("lead", "rival", "anonymous")  # who reads most of each kind
RATIONALE, DEPARTURE, MEETING = "zq样例定档理由zq", "zq样例调整理由zq", "zq样例会议zq"
GRADED, DECIDED, SCORE = Decimal(923_400), Decimal(935_800), Decimal("83.17")
INTERNAL = (S.REVIEWING, S.GRADED)  # of what is decided speaks every notice
# What differs each time that a page is made: the tokens of its forms, and the clock.
VOLATILE = re.compile(
    r'name="(?:csrfmiddlewaretoken|idempotency_key)" value="[^"]*"|X-CSRFToken":"\w+"|name="seen"[^>]*>'
    r"|data-clock>[^<]*<"
)


def words_of(scenario: Scenario) -> tuple[str, ...]:
    """What nobody outside may read, in each way of writing it."""
    return (*words_of_grading(), DEPARTURE, scenario.sha256, str(scenario.pk))


def words_of_grading() -> tuple[str, ...]:
    amounts = [f"{amount:{form}}" for amount in (GRADED, DECIDED) for form in ("f", ",f")]
    tenthousands = [f"{amount / 10_000:.2f}" for amount in (GRADED, DECIDED)]
    return (*amounts, *tenthousands, str(SCORE), RATIONALE, MEETING)


@pytest.fixture
def world(people: Personas) -> World:
    """Where the application of the lead that stands for all is with the experts, every one of whom has scored."""
    found = World(people)
    opened = make_call(people, opens_at=timezone.now() - 9 * DAY, closes_at=timezone.now() + 9 * DAY)
    facts: dict[str, Any] = {"requested_tier": Tier.A, "requested_amount": Decimal(1_511_100)}
    case = freeze(make_application(people, S.REVIEWING, call=opened, consortium=ready_consortium(people), **facts))
    for expert in people.experts:
        make_review(case, expert, people, ReviewStatus.SUBMITTED, total=SCORE)
    found.application = case
    assert people.leader != people.second_leader
    return found


def decide(world: World) -> Scenario:
    """Through grading, board, list and the approvals of two leaders."""
    people, case, at = world.people, world.application, timezone.now()
    grade_application(application=case, actor=people.officer, tier="B", amount=GRADED, rationale=RATIONALE, at=at)
    call = Call.objects.select_related("rules").get(pk=case.call_id)
    terms = panels(call, people.officer).terms
    chosen = Setting(terms.lines, terms.weights, {str(case.pk): Choice("B", DECIDED)})
    drafted = Drafted(chosen, "样例方案", {}, DEPARTURE)
    scenario = freeze_scenario(call=call, drafted=drafted, actor=people.second_officer, at=at)
    put_forward_scenario(scenario=scenario, meeting=MEETING, actor=people.head, at=at)
    for leader in (people.leader, people.second_leader):
        approve_scenario(scenario=scenario, seen=scenario.sha256, actor=leader, at=at)
    case.refresh_from_db()
    assert (case.status, case.decided_amount) == (S.DECIDED, DECIDED)
    return scenario


def decline(world: World) -> tuple[str, ...]:
    """Through grading and a leader, while another of the call waits for the list; the words that it took."""
    people, case, at = world.people, world.application, timezone.now()
    grade_application(application=case, actor=people.officer, tier="B", amount=GRADED, rationale=RATIONALE, at=at)
    decline_application(application=case, actor=people.leader, meeting=MEETING, note=DEPARTURE, at=at)
    case.refresh_from_db()
    assert (case.status, case.told_at) == (S.NOT_APPROVED, None)
    return (*words_of_grading(), DEPARTURE)


def publish(world: World, case: Any = None) -> None:
    at, case = timezone.now(), case or world.application
    publicise_applications(
        call=case.call, applications=[case], title="样例公示",
        document_number="样科公示〔2026〕90088号", starts_on=timezone.localdate(at), actor=world.people.officer, at=at,
    )  # fmt: skip
    world.application.refresh_from_db()


def own(world: World) -> Iterator[tuple[str, str]]:
    """The addresses about the case, those that list it, and a search for it."""
    case = world.application
    yield from ((name, url) for name, url in sweep.addresses(world) if str(case.pk) in url)
    yield "search", f"/search/?q={case.number}"
    listed = ("home", "notifications", "funding:my-applications", "api:application-list", "funding:notice-list")
    yield from ((name, url) for name, url in sweep.addresses(world) if name in listed)


def answers(world: World, reader: str, urls: list[tuple[str, str]]) -> dict[str, str]:
    """What the reader is told, whether it is let in or refused, by address, and by method for whoever signs."""
    client, found = sweep.client_of(world, reader), {}
    for name, url in urls:
        for method in sweep.METHODS if reader == "signatory" else ("GET",):
            status, text, _headers = sweep.ask(client, method, url)
            found[f"{method} {name}"] = f"{status} {VOLATILE.sub('', text)}"
    return found


def everything(world: World, reader: str) -> dict[str, str]:
    """The text of all that opens to the reader."""
    opens, client = sweep.read("reach")[reader], sweep.client_of(world, reader)
    urls = [(name, url) for name, url in sweep.addresses(world) if opens.get((name, "GET")) == "200"]
    return {name: text_of(client, url) for name, url in urls}


def text_of(client: Client, url: str) -> str:
    """What stands there; of a PDF its text."""
    answer: Any = client.get(url)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    written = str(content.decode(errors="replace"))
    if not content.startswith(b"%PDF-"):
        return written
    try:
        pages = PdfReader(io.BytesIO(content)).pages
        return "".join(page.extract_text() for page in pages).replace("\n", "")
    except PdfReadError:  # what only looks like one
        return written


def forget() -> None:
    """Only what comes from now on counts."""
    Notification.objects.all().delete()
    send_off(timezone.now())
    mail.outbox.clear()


def send_off(at: Any) -> None:
    for job in Job.objects.filter(kind__startswith=outbox.KIND, state=JobState.QUEUED):
        jobs.run(job.pk, at)


def mails() -> dict[str, str]:
    """Everything that was told, sent off: what each address got."""
    noon = timezone.localtime().replace(hour=12) + timedelta(days=1)
    mailing.mail_urgent_notices(at=timezone.now())
    mailing.mail_digests(at=noon)
    send_off(noon)
    found: dict[str, str] = {}
    for one in mail.outbox:
        for address in one.to:
            found[address] = found.get(address, "") + f"{one.subject}\n{one.body}\n"
    return found


def leaks(texts: dict[str, str], words: tuple[str, ...]) -> set[tuple[str, str]]:
    return {(name, word) for name, text in texts.items() for word in words if word in text}


def test_nobody_outside_learns_of_a_decision_before_it_is_published(world: World) -> None:
    urls = list(own(world))
    before = {reader: answers(world, reader, urls) for reader in READERS}

    words = words_of(decide(world))

    told = {reader: answers(world, reader, urls) for reader in READERS}
    changed = {(reader, one) for reader in READERS for one, text in told[reader].items() if text != before[reader][one]}
    assert changed == set()
    assert {reader: found for reader in DISTINCT if (found := leaks(everything(world, reader), words))} == {}
    internal = tuple(str(state.label) for state in INTERNAL)
    assert {(reader, one) for reader in READERS for one, _word in leaks(told[reader], internal)} == set()


def test_no_notice_and_no_mail_tells_an_applicant_of_it(world: World) -> None:
    people = world.people
    outside = [people.lead, people.signatory, people.lead_admin, people.lead_confirmer, people.university_confirmer]
    forget()

    words = words_of(decide(world))

    assert not Notification.objects.filter(recipient__in=outside).exists()
    assert Notification.objects.filter(recipient=people.second_leader).exists()
    sent = mails()
    assert world.people.second_leader.email in sent
    assert leaks({person.email: sent.get(person.email, "") for person in outside}, words) == set()


def test_from_the_publication_on_it_is_read(world: World) -> None:
    words = words_of(decide(world))
    case = {"pk": world.application.pk}
    urls = [
        ("page", reverse("funding:application-detail", kwargs=case)),
        ("api", reverse("api:application-detail", kwargs=case)),
    ]
    leader = answers(world, "leader", urls)

    publish(world)

    notice = [("notice", world.application.notice.get_absolute_url())]
    assert {word for _name, word in leaks(leader, words)} >= {RATIONALE, DEPARTURE, str(SCORE)}
    assert {name for name, _word in leaks(answers(world, "lead", urls), words)} == {"GET page", "GET api"}
    assert {word for _name, word in leaks(answers(world, "anonymous", notice), words)} == {"93.58"}
    assert leaks(answers(world, "lead", urls), (RATIONALE, DEPARTURE)) == set()


def test_who_is_declined_learns_of_it_with_the_list(world: World) -> None:
    people, urls = world.people, list(own(world))
    outside = {people.lead, people.signatory, people.lead_confirmer, people.university_confirmer}
    addresses = {one.email for one in outside}
    listed = make_application(people, S.DECIDED, call=world.application.call, consortium=rival_consortium(people))
    forget()
    before = {reader: answers(world, reader, urls) for reader in OUTSIDE}

    words = decline(world)

    told = {reader: answers(world, reader, urls) for reader in OUTSIDE}
    changed = {(reader, one) for reader in OUTSIDE for one, text in told[reader].items() if text != before[reader][one]}
    assert changed == set()
    assert (set(mails()) & addresses, Notification.objects.filter(recipient__in=outside).count()) == (set(), 0)

    publish(world, listed)

    case = world.application
    case.refresh_from_db()
    page = text_of(sweep.client_of(world, "lead"), case.get_absolute_url())
    assert str(case.applicant_status.label) in page
    assert leaks({"page": page}, words) == set()
    sent = mails()
    assert case.consortium.name in sent[people.lead.email]
    notices = Notification.objects.filter(kind="funding.application_not_supported")
    assert set(notices.values_list("recipient", flat=True)) == {people.lead.pk, people.signatory.pk}
