"""Impatience: a double click, the back button, the same page in two windows. One act each, and a word about it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import expect

from consortia.enums import Tier
from funding.enums import Action, ApplicationStatus
from funding.models import Application, Award, Payment
from portal.kernel.models import AuditEntry
from tests.browsing import LANGUAGES
from tests.clock import DAY
from tests.factories.funding import make_application, make_call, make_tranche
from tests.journeys.applying import DECLARATIONS
from tests.journeys.person import Person
from tests.personas import Personas

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
Enter = Callable[..., Person]
TOO_LATE = "This cannot be done in the state “%(status)s”; somebody may have acted meanwhile."


def double_click(person: Person, button: str) -> None:
    """Twice at once, which sends the form once."""
    sent: list[str] = []
    person.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    with person.page.expect_navigation(wait_until="load") as coming:
        person.button(button).dblclick()
    assert coming.value is not None
    assert (coming.value.status, len(sent)) == (200, 1)
    person.look()


def too_late(person: Person, subject: Model) -> str:
    """What the portal says to whoever comes second, with the state as it is now."""
    subject.refresh_from_db()
    with override(person.language):
        if isinstance(subject, Application):  # the lead reads its own words for it; approved is the same in both
            return person.word(TOO_LATE, status=str(subject.applicant_status.label))
        return person.word(TOO_LATE, status=subject.get_status_display())  # type: ignore[attr-defined]


def press_in_other_window(person: Person, button: str, subject: Model) -> None:
    """The same page, opened before: the portal says what has become of it."""
    person.presses_too_late(button)
    expect(person.page.get_by_role("alert")).to_contain_text(too_late(person, subject))


def go_back_and_press(person: Person, button: str, subject: Model, done: str) -> None:
    """The page that was sent already: either it says so at once, or the answer to it does."""
    person.page.go_back(wait_until="load")
    words = too_late(person, subject)
    if person.page.get_by_text(words).count() == 0:
        person.press(button)
        words = done
    person.sees(words)


def acts(subject: Model, action: Action) -> int:
    """How often this was done to it, by the audit trail."""
    return AuditEntry.objects.filter(subject_id=str(subject.pk), action=action).count()


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_submission(enter: Enter, people: Personas, language: str) -> None:
    now = timezone.now()
    call = make_call(people, opens_at=now - DAY, closes_at=now + DAY)
    draft = make_application(people, call=call, justification="样例理由。")
    signatory, window = enter("signatory", language), enter("window", language)
    for one in (signatory, window):
        one.comes_in_as(people.signatory)
        one.visit("funding:application-submit", draft.pk)
        one.fill(dict.fromkeys(DECLARATIONS, True))

    double_click(signatory, "Submit application")
    received = signatory.word("The application was received.")
    signatory.sees(received)
    press_in_other_window(window, "Submit application", draft)
    go_back_and_press(signatory, "Submit application", draft, received)

    draft.refresh_from_db()
    assert (draft.status, acts(draft, Action.SUBMIT)) == (ApplicationStatus.SUBMITTED, 1)


def test_one_award(enter: Enter, people: Personas) -> None:
    application = make_application(people, ApplicationStatus.PUBLICISED)
    leader, window = enter("leader"), enter("window")
    for one in (leader, window):
        one.comes_in_as(people.second_leader)
        one.visit("funding:application-approve", application.pk)
        one.fill({"Number of the approval document": f"样科〔2026〕{one.name}号"})

    double_click(leader, "Approve")
    done = leader.word("Done: %(action)s.", action=leader.word(Action.APPROVE))
    leader.sees(done)
    press_in_other_window(window, "Approve", application)
    go_back_and_press(leader, "Approve", application, done)

    assert Award.objects.values_list("application", "tier", "amount", "document_number").get() == (
        application.pk, Tier.A, Decimal(1_550_000), "样科〔2026〕leader号",
    )  # fmt: skip
    assert acts(application, Action.APPROVE) == 1


def test_one_payment(enter: Enter, people: Personas) -> None:
    tranche = make_tranche(people, status="APPROVED")
    cashier, window = enter("cashier", "en"), enter("window", "en")
    for one in (cashier, window):
        one.comes_in_as(people.finance)
        one.visit("funding:tranche-pay", tranche.pk)
        one.fill({"Voucher number": f"样例-{one.name}"})
    pay = Action.PAY

    double_click(cashier, pay)
    done = cashier.word("Done: %(action)s.", action=cashier.word(pay))
    cashier.sees(done)
    press_in_other_window(window, pay, tranche)
    window.still_reads({"Voucher number": "样例-window"})
    go_back_and_press(cashier, pay, tranche, done)

    assert Payment.objects.values_list("tranche", "amount", "voucher").get() == (
        tranche.pk, tranche.amount, "样例-CASHIER",
    )  # fmt: skip
    assert acts(tranche, Action.PAY) == 1
