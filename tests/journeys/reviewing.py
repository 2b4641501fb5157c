"""From the draw to the score: pool, witness, randomness, an expert who declines, three who score."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from consortia.enums import Tier
from funding.enums import Action, Leaving, ReviewStatus
from funding.models import Application, Draw, Review
from funding.rules.scoring import expert_indicators
from members.enums import ExpertKind
from members.models import Expert
from tests.factories.members import make_expert
from tests.journeys import deciding
from tests.journeys.person import Person

KINDS = (ExpertKind.TECHNOLOGY, ExpertKind.TECHNOLOGY, ExpertKind.FINANCE, ExpertKind.INVESTMENT)
SHARES = (90, 92, 94)  # per cent of every maximum, by expert


def pool() -> list[Expert]:
    """Four for three seats: whichever expert of technology is drawn, the other one is the substitute."""
    return [make_expert(f"drawn{n}", f"样例评审{n:02d}", kind=kind) for n, kind in enumerate(KINDS, 1)]


def draw(case: Application, acceptance: Person, supervisor: Person) -> None:
    """Prepared by the desk, witnessed, drawn with a value that was not public before."""
    acceptance.visit("funding:application-prepare-draw", case.pk)
    acceptance.choose("Source of the public randomness", "Another source")
    tomorrow = timezone.localdate() + timedelta(days=1)
    acceptance.fill({
        "Name of the other source": "样例公开数列", "Day of the randomness": tomorrow.isoformat(),
        "Public from": "21:00",
    })  # fmt: skip
    acceptance.press(Action.PREPARE_DRAW)
    acceptance.is_told("The pool is frozen. The supervisors are asked to witness.")
    drawn = Draw.objects.get()
    supervisor.visit("funding:draw-detail", drawn.pk)
    supervisor.sees(drawn.pool_hash)
    supervisor.sees(drawn.commitment)
    supervisor.follow(Action.WITNESS_DRAW)
    supervisor.page.get_by_role("main").get_by_role("checkbox").check()
    supervisor.press(Action.WITNESS_DRAW)
    now = timezone.now()  # moved in the database: the randomness became public an hour ago
    Draw.objects.update(public_at=now - timedelta(hours=1), witnessed_at=now - timedelta(hours=2))
    deciding.draw_experts(supervisor)


def read_published_draw(visitor: Person) -> None:
    """Anybody finds it, with its record and without a name."""
    visitor.visit("funding:public-draw", Draw.objects.get().pk)
    visitor.sees(deciding.VALUE)
    for name in Expert.objects.values_list("user__name", flat=True):
        visitor.misses(name)


def decline(case: Application, enter: Callable[..., Person], acceptance: Person) -> None:
    """The one of technology does not come; the next in line takes the seat, and nobody chooses."""
    gone = case.reviews.get(expert__kind=ExpertKind.TECHNOLOGY)
    expert = enter("declining")
    expert.comes_in_as(gone.expert.user)
    expert.visit("funding:review-detail", gone.pk)
    expert.follow("Decline for another reason")
    expert.choose("Why not", Leaving.NO_TIME)
    expert.press(Action.DECLINE_REVIEW)
    expert.is_told("You do not review this application. The acceptance desk is told.")
    acceptance.visit("funding:application-detail", case.pk)
    acceptance.sees(acceptance.word(Leaving.NO_TIME))
    acceptance.follow(Action.CALL_SUBSTITUTE)
    acceptance.press(Action.CALL_SUBSTITUTE)


def score(case: Application, enter: Callable[..., Person]) -> None:
    """Three who declare, each by itself, and hand in; whoever has handed in is locked."""
    seated = case.reviews.filter(status=ReviewStatus.ASSIGNED).select_related("expert__user").order_by("ordinal")
    for review, share, language in zip(seated, SHARES, ("zh-hans", "en", "zh-hans"), strict=True):
        expert = enter(review.expert.user.email.partition("@")[0], language)
        expert.comes_in_as(review.expert.user)
        review_case(expert, review, share)
    assert set(case.reviews.values_list("status", flat=True)) == {ReviewStatus.SUBMITTED, ReviewStatus.RECUSED}


def review_case(expert: Person, review: Review, share: int) -> None:
    """Declares no conflict, then scores every indicator."""
    expert.visit("funding:review-detail", review.pk)
    for declaration in deciding.DECLARATIONS:
        expert.fill({declaration: True})
    expert.press("Declare and open the proposal")
    for indicator in expert_indicators(review.application.call.rules.data):
        name = indicator.zh if expert.language == "zh-hans" else indicator.en
        given = f"{indicator.maximum * share / 100:.1f}"
        expert.page.get_by_role("textbox", name=name, exact=True).fill(given)
    expert.fill({"Overall opinion": deciding.OPINION})
    expert.choose("Suggested tier", Tier.A)
    expert.press("Hand in")
    expert.is_told("Your review is handed in. Thank you.")


def grade(case: Application, officer: Person) -> None:
    """As the rules propose."""
    officer.visit("funding:application-grade", case.pk)
    officer.press(Action.GRADE)
    officer.has_done(Action.GRADE)
    case.refresh_from_db()
