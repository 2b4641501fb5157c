"""Which rows wait for whom: one query set a duty."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from consortia.enums import (
    ALIVE,
    AT_WORK,
    ConsortiumStatus,
    DepartureStatus,
    ExitStatus,
    Layer,
    LeadChangeGround,
    ParticipationStatus,
)
from consortia.models import (
    Agreement,
    AgreementSignature,
    Consortium,
    ConsortiumLink,
    Departure,
    DepartureItem,
    DirectRecognition,
    ExitCase,
    LeadChange,
    LeadConsent,
    Participation,
)
from consortia.rules.links import LinkStatus
from consortia.rules.platforms import DirectStatus
from funding.enums import (
    TO_PAY_BACK,
    AmendmentStatus,
    ApplicationStatus,
    AppropriationStatus,
    AssignmentStatus,
    BatchStatus,
    CofundingStatus,
    CompensationStatus,
    ContractStatus,
    DrawStatus,
    NamingStatus,
    QuestionStatus,
    RecoveryStatus,
    RelayStatus,
    ReviewMode,
    ReviewStatus,
    SessionKind,
    SessionStatus,
    TrancheStatus,
)
from funding.models import (
    Amendment,
    Application,
    Appropriation,
    Assignment,
    BankStatement,
    Call,
    CallQuestion,
    Cofunding,
    Compensation,
    Consolidation,
    Contract,
    Draw,
    DrawEntry,
    Naming,
    Objection,
    PaymentBatch,
    RecommendationList,
    Recovery,
    Relay,
    RelayAlarm,
    Review,
    SessionSlot,
    StatementLine,
    Tranche,
)  # fmt: skip
from funding.models.application import WITH_LEAD
from funding.selectors import endings, ledger, parties
from funding.selectors.limits import within_limit
from funding.selectors.parties import waiting_parties
from funding.selectors.relays import open_alarms
from funding.selectors.writers import given_to
from members.enums import Role

Rows = Callable[[Any, datetime], QuerySet[Any]]
A, X = ApplicationStatus, ExitStatus


# --- calls -------------------------------------------------------------------------------------
def questions(_user: Any, _at: datetime) -> QuerySet[CallQuestion]:
    """Questions about calls that nobody has answered."""
    return CallQuestion.objects.filter(status=QuestionStatus.ASKED)


def lists_to_close(user: Any, at: datetime) -> QuerySet[RecommendationList]:
    """Recommendation lists of calls that are over and in which nothing waits for the district."""
    return RecommendationList.objects.filter(district__in=user.district_ids).to_close(at)


# --- consortia ---------------------------------------------------------------------------------
def _parts(user: Any) -> QuerySet[Participation]:
    """The parts that the user may confirm, in consortia that are alive."""
    places = [place for role, place, _district in user.grants if role == Role.CONFIRMER]
    return Participation.objects.filter(organisation__in=places, consortium__status__in=ALIVE)


def invitations(user: Any, _at: datetime) -> QuerySet[Participation]:
    """Parts to confirm."""
    return _parts(user).filter(status=ParticipationStatus.INVITED)


def agreements(user: Any, _at: datetime) -> QuerySet[Participation]:
    """Confirmed parts whose organisation has not signed the newest agreement."""
    newest = (
        Agreement.objects.laid_down().filter(consortium=OuterRef("consortium")).order_by("-version").values("pk")[:1]
    )
    signature = AgreementSignature.objects.filter(participation=OuterRef("pk"), agreement=OuterRef("newest_id"))
    confirmed = _parts(user).filter(status=ParticipationStatus.CONFIRMED).annotate(newest_id=Subquery(newest))
    return confirmed.filter(~Exists(signature), newest_id__isnull=False)


def lead_changes(user: Any, _at: datetime) -> QuerySet[LeadChange]:
    """Proposals of another lead that an organisation of the user is asked about and has not answered yet."""
    places = [place for role, place, _district in user.grants if role == Role.CONFIRMER]
    concerned = Q(participation__layer=Layer.CORE) | Q(participation__organisation=F("change__new_lead"))
    said = LeadConsent.objects.filter(concerned, change=OuterRef("pk"), participation__organisation__in=places)
    core = Participation.objects.present().filter(organisation__in=places, consortium=OuterRef("consortium"))
    asked = Q(new_lead__in=places) | Q(Exists(core.filter(layer=Layer.CORE)))
    silent = Q(old_lead__in=places) & ~Q(ground=LeadChangeGround.HANDED_OVER)
    return LeadChange.objects.open().filter(asked, ~Exists(said)).exclude(silent)


def lead_changes_to_decide(user: Any, _at: datetime) -> QuerySet[LeadChange]:
    """Proposals that somebody else made."""
    return LeadChange.objects.open().exclude(proposed_by=user)


def preparing(user: Any, _at: datetime) -> QuerySet[Consortium]:
    """Own consortia that are not recognised yet and not applied for."""
    applied = Application.objects.filter(consortium=OuterRef("pk")).exclude(status=A.WITHDRAWN)
    return Consortium.objects.led_by(user).filter(~Exists(applied), status=ConsortiumStatus.PREPARING)


def lead_changes_to_answer(role: Role) -> Rows:
    """Proposals of another lead in which the lead so far, for which the user speaks, is heard."""
    return lambda user, at: LeadChange.objects.open().filter(
        old_lead__in=_speaks_for(user, role), answered_at=None, heard_until__gte=timezone.localdate(at)
    )


def links(role: Role) -> Rows:
    """Links proposed to the consortia for whose lead the user speaks."""
    return lambda user, _at: ConsortiumLink.objects.filter(
        status=LinkStatus.PROPOSED, partner__lead__in=_speaks_for(user, role), partner__status__in=AT_WORK
    )


def _speaks_for(user: Any, role: Role) -> set[Any]:
    """Where the user writes or signs; what either may do waits once for a person who has both roles."""
    places = {place for held, place, _district in user.grants if held == role}
    return places if role == Role.APPLICANT else places - _speaks_for(user, Role.APPLICANT)


def take_overs(user: Any, _at: datetime) -> QuerySet[Departure]:
    """Departures in which an organisation of the user is asked to take something over."""
    places = [place for role, place, _district in user.grants if role == Role.CONFIRMER]
    asked = DepartureItem.objects.filter(departure=OuterRef("pk"), taker__in=places, consented_at=None)
    return Departure.objects.filter(
        Exists(asked), status=DepartureStatus.OPEN, participation__consortium__status__in=ALIVE
    )


def departures(user: Any, _at: datetime) -> QuerySet[Departure]:
    """Members that leave the consortia for whose lead the user writes."""
    return Departure.objects.filter(
        status=DepartureStatus.OPEN, participation__consortium__lead__in=_speaks_for(user, Role.APPLICANT),
        participation__consortium__status__in=ALIVE,
    )  # fmt: skip


# --- exit cases --------------------------------------------------------------------------------
def exits_to_answer(role: Role) -> Rows:
    """Cases whose notice has not arrived, or in which the lead may still speak."""
    return lambda user, at: ExitCase.objects.filter(
        Q(status=X.NOTICE_SERVED)
        | Q(status=X.STATEMENT_PERIOD, stated_at=None, statement_due__gte=timezone.localdate(at)),
        consortium__lead__in=_speaks_for(user, role),
    )


def exits_to_take_further(_user: Any, at: datetime) -> QuerySet[ExitCase]:
    """Cases that wait for an officer: for the notice, its proof, the settlement or the publicity."""
    heard = Q(stated_at__isnull=False) | Q(statement_due__lt=timezone.localdate(at))
    waiting = Q(status__in=[X.OPENED, X.NOTICE_SERVED, X.MEETING_DECIDED])
    return ExitCase.objects.filter(waiting | Q(heard, status=X.STATEMENT_PERIOD))


def exits_to_decide(user: Any, at: datetime) -> QuerySet[ExitCase]:
    """Settled cases, and decided ones that may be closed, which somebody else opened."""
    over = Q(status=X.UPHELD) | Q(status=X.PUBLICISED, publicised_to__lt=timezone.localdate(at))
    return without(ExitCase.objects.filter(Q(status=X.ASSESSED) | over), user, "opened_by")


def appeals(user: Any, _at: datetime) -> QuerySet[ExitCase]:
    """Appeals in cases that others opened and decided."""
    return without(ExitCase.objects.filter(status=X.APPEALED), user, "opened_by", "decided_by")


# --- joint platforms ---------------------------------------------------------------------------
def directs(status: DirectStatus, *untouched: str) -> Rows:
    """Direct recognitions that the user may see; without those where the user acted in `untouched`."""
    return lambda user, _at: without(DirectRecognition.objects.visible_to(user).filter(status=status), user, *untouched)


def own_directs(user: Any, _at: datetime) -> QuerySet[DirectRecognition]:
    """Proposals of the consortia that the user leads, returned for completion."""
    led = Consortium.objects.led_by(user)
    return DirectRecognition.objects.filter(platform__consortium__in=led, status=DirectStatus.RETURNED)


# --- applications ------------------------------------------------------------------------------
def own_applications(*statuses: str) -> Rows:
    """Applications of the consortia that the user leads."""
    return lambda user, _at: Application.objects.filter(
        consortium__in=Consortium.objects.led_by(user), status__in=statuses
    )


def given_sections(user: Any, _at: datetime) -> QuerySet[Any]:
    """Applications of which the user was given sections that can be written now."""
    return given_to(user, WITH_LEAD)


def applications(status: ApplicationStatus, *untouched: str) -> Rows:
    """Applications that the user may see; without those where the user acted in `untouched`."""
    return lambda user, _at: without(Application.objects.visible_to(user).filter(status=status), user, *untouched)


def without_experts(user: Any, at: datetime) -> QuerySet[Any]:
    """Checked applications that wait for experts and have no draw under way."""
    standing = Draw.objects.standing().filter(application=OuterRef("pk"))
    return applications(A.CHECKED, "checked_by")(user, at).filter(~Exists(standing))


def to_replace(user: Any, at: datetime) -> QuerySet[Any]:
    """Applications under review with a drawn expert who stepped back and was not replaced yet."""
    waiting = DrawEntry.objects.filter(
        review__application=OuterRef("pk"), review__status=ReviewStatus.RECUSED, replaced=False
    )
    return applications(A.REVIEWING, "checked_by")(user, at).filter(Exists(waiting))


def draws_to_witness(user: Any, at: datetime) -> QuerySet[Draw]:
    """Frozen pools that no supervisor has agreed to, as long as it is time."""
    rows = Draw.objects.visible_to(user).filter(status=DrawStatus.PREPARED, public_at__gt=at)
    return rows.filter(application__status__in=[A.CHECKED, A.REVIEWING])


def draws_to_draw(user: Any, at: datetime) -> QuerySet[Draw]:
    """Witnessed draws whose randomness can be entered."""
    rows = Draw.objects.visible_to(user).filter(status=DrawStatus.WITNESSED, public_at__lte=at)
    return rows.filter(application__status__in=[A.CHECKED, A.REVIEWING])


def namings(user: Any, _at: datetime) -> QuerySet[Naming]:
    """Experts named instead of drawn, to whom nobody has agreed yet."""
    return Naming.objects.visible_to(user).filter(status=NamingStatus.PROPOSED)


def assignments(user: Any, _at: datetime) -> QuerySet[Assignment]:
    """Assignments handed over that the user may agree to: not its own, with no case that it checked."""
    rows = Assignment.objects.visible_to(user).filter(status=AssignmentStatus.HANDED_OVER)
    return without(rows, user, "prepared_by").exclude(cases__application__checked_by=user)


def gradable(user: Any, at: datetime) -> QuerySet[Any]:
    """Applications whose panel is complete: enough reviews are handed in, none is still open, summed up if need be."""
    needed = Cast(F("call__rules__data__panel__required"), IntegerField())
    open_ = Count("reviews", filter=Q(reviews__status__in=[ReviewStatus.ASSIGNED, ReviewStatus.ACCEPTED]))
    done = Count("reviews", filter=Q(reviews__status=ReviewStatus.SUBMITTED))
    counted: QuerySet[Any] = applications(A.REVIEWING)(user, at).annotate(open_reviews=open_, done_reviews=done)
    complete = counted.filter(open_reviews=0, done_reviews__gte=needed)
    summed_up = Consolidation.objects.filter(application=OuterRef("pk"), consolidated_at__isnull=False)
    held = SessionSlot.objects.filter(
        application=OuterRef("pk"), kind=SessionKind.DEFENCE, session__status=SessionStatus.LOCKED
    )
    return complete.filter(
        ~Q(call__review_mode=ReviewMode.LEAD_REVIEWER) | Exists(summed_up), Q(call__defence=False) | Exists(held)
    )


def approvable(user: Any, at: datetime) -> QuerySet[Application]:
    """Applications whose public notice is over, without an open objection, not graded by the user."""
    seen = Application.objects.visible_to(user)
    over = seen.filter(status=A.PUBLICISED, notice__ends_on__lt=timezone.localdate(at))
    objected = Objection.objects.open().filter(application=OuterRef("pk"))
    return without(over.filter(~Exists(objected)), user, "graded_by")


def new_objections(user: Any, _at: datetime) -> QuerySet[Objection]:
    """Objections that nobody has taken up."""
    return Objection.objects.visible_to(user).open().filter(application__status=A.PUBLICISED)


def objections(user: Any, _at: datetime) -> QuerySet[Objection]:
    """Objections without a finding."""
    return Objection.objects.visible_to(user).open()


def reviews(status: ReviewStatus) -> Rows:
    """The user's reviews of applications that are still under review."""
    return lambda user, _at: Review.objects.of(user).filter(status=status, application__status=A.REVIEWING)


# --- money -------------------------------------------------------------------------------------
def contracts(status: ContractStatus) -> Rows:
    """Contracts that the user may see."""
    return lambda user, _at: Contract.objects.visible_to(user).filter(status=status)


def party_contracts(role: Role, status: ContractStatus) -> Rows:
    """Contracts in which a party of the user has to confirm its part, or to sign."""
    return lambda user, _at: waiting_parties(user, role, status)


def tranches(status: TrancheStatus, *untouched: str) -> Rows:
    """Tranches in a state, without those that the user has signed in another role."""
    return lambda user, _at: without(Tranche.objects.visible_to(user).filter(status=status), user, *untouched)


def tranches_to_approve(user: Any, at: datetime) -> QuerySet[Tranche]:
    """Tranches that wait for a leader, up to the sum that this one may release."""
    return tranches(TrancheStatus.REVIEWED, "verified_by", "reviewed_by")(user, at).filter(within_limit(user, "amount"))


def appropriations(user: Any, _at: datetime) -> QuerySet[Appropriation]:
    """What was appropriated by somebody else's record and is not confirmed."""
    return without(Appropriation.objects.filter(status=AppropriationStatus.RECORDED), user, "recorded_by")


def batches(status: BatchStatus, *untouched: str) -> Rows:
    """Payment batches in a state, without those that the user prepared where another person has to act."""
    return lambda user, _at: without(PaymentBatch.objects.visible_to(user).filter(status=status), user, *untouched)


def statements_to_settle(user: Any, _at: datetime) -> QuerySet[BankStatement]:
    """Bank statements with lines that wait."""
    waiting = StatementLine.objects.filter(statement=OuterRef("pk"), settled_at=None)
    return BankStatement.objects.visible_to(user).filter(Exists(waiting))


def relays_to_confirm(user: Any, _at: datetime) -> QuerySet[Relay]:
    """Transfers that the own organisation has to confirm or to deny."""
    mine = user.organisation_ids
    return Relay.objects.visible_to(user).filter(status=RelayStatus.REPORTED, organisation__in=mine)


def cofundings_to_confirm(user: Any, _at: datetime) -> QuerySet[Cofunding]:
    """Payments of the own district that its leads recorded."""
    rows = Cofunding.objects.visible_to(user).filter(status=CofundingStatus.REPORTED)
    return rows.filter(award__consortium__district__in=user.district_ids).exclude(reported_by=user)


def compensations(status: CompensationStatus, *untouched: str) -> Rows:
    """Requests for compensation in a state, without those that the user handled before."""
    return lambda user, _at: without(Compensation.objects.visible_to(user).filter(status=status), user, *untouched)


def relay_alarms(user: Any, _at: datetime) -> QuerySet[RelayAlarm]:
    """Money that was not passed on in time."""
    return open_alarms(user)


def recoveries_to_decide(user: Any, _at: datetime) -> QuerySet[Recovery]:
    """Claims and write-offs that another person proposed."""
    proposed = Q(status=RecoveryStatus.OPEN) | Q(status=RecoveryStatus.ASKED) & ~Q(waiver_by=user)
    return Recovery.objects.visible_to(user).filter(proposed).exclude(proposed_by=user)


def claims_to_judge(user: Any, _at: datetime) -> QuerySet[Recovery]:
    """Claims with an objection that waits for somebody who did not make them."""
    rows = Recovery.objects.visible_to(user).filter(objection__outcome="")
    return without(rows, user, "proposed_by", "approved_by")


def recoveries_overdue(user: Any, at: datetime) -> QuerySet[Recovery]:
    """Claims whose term is over."""
    return Recovery.objects.visible_to(user).overdue(timezone.localdate(at))


def exits_to_claim_after(_user: Any, _at: datetime) -> QuerySet[ExitCase]:
    """Closed exit cases by which more is to be paid back than was claimed since they were opened."""
    claims = Recovery.objects.filter(award__consortium=OuterRef("consortium"), created_at__gte=OuterRef("created_at"))
    standing = claims.exclude(status=RecoveryStatus.STOPPED).order_by().values("award__consortium")
    claimed = Coalesce(Subquery(standing.annotate(sum=Sum("amount")).values("sum")), Value(Decimal(0)))
    return ExitCase.objects.filter(status=X.CLOSED, recovered__gt=claimed)


def own_recoveries(user: Any, _at: datetime) -> QuerySet[Recovery]:
    """What the own organisation has to pay back."""
    mine = user.organisation_ids
    return Recovery.objects.visible_to(user).filter(status__in=TO_PAY_BACK, organisation__in=mine)


def acceptances_to_request(user: Any, at: datetime) -> QuerySet[Contract]:
    """Contracts of the own consortia whose term is over."""
    return endings.to_request(user, timezone.localdate(at))


def amendments_to_consent(role: Role) -> Rows:
    """Amendments that wait for an organisation of the user."""
    return lambda user, _at: parties.to_consent(user, role)


def amendments(status: AmendmentStatus, *untouched: str) -> Rows:
    """Amendments in a state, without those that the user handled where another person has to act."""
    return lambda user, _at: without(Amendment.objects.visible_to(user).filter(status=status), user, *untouched)


def acceptances_to_confirm(role: Role) -> Rows:
    """Acceptances in which a party of the user has to confirm its part."""
    return lambda user, _at: endings.to_confirm(user, role)


def acceptances(*statuses: str, untouched: Sequence[str] = ()) -> Rows:
    """Acceptances in a state, without those that the user handled where another person has to act."""
    return lambda user, _at: without(endings.acceptances_in(user, *statuses), user, *untouched)


def terminations(*statuses: str, untouched: Sequence[str] = ()) -> Rows:
    """Terminations in a state, likewise."""
    return lambda user, _at: without(endings.terminations_in(user, *statuses), user, *untouched)


def calls_without_line(_user: Any, _at: datetime) -> QuerySet[Call]:
    """Calls with money that draw on no budget line."""
    return ledger.calls_without_line()


def own_tranches(condition: Q) -> Rows:
    """Tranches of the consortia that the user leads."""
    return lambda user, _at: Tranche.objects.filter(condition, award__consortium__in=Consortium.objects.led_by(user))


def without(rows: QuerySet[Any], user: Any, *fields: str) -> QuerySet[Any]:
    """Nobody does both of two acts that are kept apart: those rows wait for somebody else."""
    for field in fields:
        rows = rows.exclude(**{field: user})
    return rows
