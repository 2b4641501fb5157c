"""The statements that the permissions of the funding room are made of."""

from typing import Any

from funding.enums import SeatRole
from funding.models import Application, Award, Recusal
from funding.rules.separation import Duty, apart_from
from funding.selectors.boards import keeps_away_from_one as sees_no_whole_board
from funding.selectors.panels import leads as leads_the_panel
from funding.selectors.parties import acts_for_party, acts_in
from funding.selectors.separation import duties_in, in_the_way
from funding.selectors.spending import SPENDERS, spenders
from members.enums import BUREAU, ORGANISATION_ROLES, Role
from members.models import Organisation
from members.permissions import holds, holds_any
from portal.kernel.authz import Rule, permit, rule


def for_lead(role: Role, text: str) -> Rule:
    """The role is held in the lead organisation of the consortium that the object belongs to."""
    return Rule(text, lambda user, obj: user.holds(role, organisation=lead_of(obj)), frozenset({role}))


def lead_of(obj: Any) -> Any:
    """The id of the lead organisation behind an application, award, contract or tranche."""
    owner = obj if hasattr(obj, "consortium") else obj.award
    return owner.consortium.lead_id


def did_not(*fields: str) -> Rule:
    """The user is none of the people in these fields of the object (separation of duties)."""
    return Rule(
        "did not " + ", ".join(fields),
        lambda user, obj: all(getattr(obj, f"{field}_id") != user.pk for field in fields),
    )


@rule("leads the consortium to be applied for", Role.APPLICANT)
def leads(user: Any, consortium: Any) -> bool:
    return bool(user.holds(Role.APPLICANT, organisation=consortium.lead_id))


@rule("was given this section to write", *ORGANISATION_ROLES)
def given(user: Any, part: Any) -> bool:
    """As long as the person acts for an organisation of the consortium."""
    return bool(part.code in part.application.sections_of(user))


@rule("writes for an organisation of the consortium", Role.APPLICANT, Role.CONFIRMER)
def spends(user: Any, obj: Any) -> bool:
    """`obj` is an award, or an expenditure of one organisation."""
    award, organisation = (obj, None) if isinstance(obj, Award) else (obj.award, obj.organisation_id)
    own = {organisation} if organisation else user.organisation_ids
    writes_for = {one for one in own if any(user.holds(role, organisation=one) for role in SPENDERS)}
    return bool(writes_for and writes_for & {one.pk for one in spenders(award)})


@rule("writes for the organisation that had the money", Role.APPLICANT, Role.CONFIRMER)
def writes_for_holder(user: Any, subsidy: Any) -> bool:
    holder = Organisation.objects.filter(uscc=subsidy.credit_code).first()
    return bool(holder and any(user.holds(role, organisation=holder.pk) for role in SPENDERS))


@rule("registered it", *BUREAU, Role.APPLICANT, Role.CONFIRMER)
def registered(user: Any, subsidy: Any) -> bool:
    return bool(subsidy.recorded_by_id == user.pk)


@rule("officer of the application's district", Role.DISTRICT_OFFICER)
def of_its_district(user: Any, application: Any) -> bool:
    return bool(user.holds(Role.DISTRICT_OFFICER, district=application.district_id))


@rule("at the first desk of the application", Role.DISTRICT_OFFICER, Role.ACCEPTANCE, Role.OFFICER)
def opens(user: Any, application: Any) -> bool:
    """The district where the call has that step, else the bureau."""
    if application.call.district_step:
        return bool(user.holds(Role.DISTRICT_OFFICER, district=application.district_id))
    return bool(user.holds_any({Role.ACCEPTANCE, Role.OFFICER}))


@rule("expert assigned to this review", Role.EXPERT)
def assigned(user: Any, review: Any) -> bool:
    return bool(review.expert.user_id == user.pk and user.holds(Role.EXPERT))


@rule("has declared to have no conflict")
def declared(_user: Any, review: Any) -> bool:
    return bool(review.has_declared)


@rule("lead reviewer of the panel")
def leads_panel(_user: Any, review: Any) -> bool:
    return leads_the_panel(review)


@rule("receives money for the member", Role.APPLICANT, Role.CONFIRMER, Role.SIGNATORY)
def receives(user: Any, relay: Any) -> bool:
    return any(user.holds(role, organisation=relay.organisation_id) for role in (*SPENDERS, Role.SIGNATORY))


@rule("acts for the organisation that has to pay back", Role.APPLICANT, Role.CONFIRMER, Role.SIGNATORY)
def owes(user: Any, recovery: Any) -> bool:
    return any(user.holds(role, organisation=recovery.organisation_id) for role in (*SPENDERS, Role.SIGNATORY))


@rule("officer of the consortium's district", Role.DISTRICT_OFFICER)
def of_the_district(user: Any, cofunding: Any) -> bool:
    return bool(user.holds(Role.DISTRICT_OFFICER, district=cofunding.award.consortium.district_id))


@rule("assigns the experts of this application", Role.ACCEPTANCE)
def assigns(user: Any, review: Any) -> bool:
    return bool(user.holds(Role.ACCEPTANCE) and review.application.checked_by_id != user.pk)


@rule("reviewed this application")
def has_reviewed(user: Any, obj: Any) -> bool:
    """`obj` is the application, a review of it, or what belongs to a review."""
    review = getattr(obj, "review", obj)
    application = getattr(review, "application", review)
    return bool(application.reviews.filter(expert__user=user).exists())


@rule("raised this dispute", Role.EXPERT)
def disputes(user: Any, dispute: Any) -> bool:
    return bool(dispute.review.expert.user_id == user.pk and user.holds(Role.EXPERT))


def case_of(obj: Any) -> Application | Award | None:
    """The case that an object belongs to, or its award; None for what belongs to none."""
    if obj is None or isinstance(obj, Application | Award):
        return obj
    owner = getattr(obj, "review", obj)
    found = getattr(owner, "application", None) or getattr(owner, "award", None)
    return found if isinstance(found, Application | Award) else None


@rule("keeps away from the case")
def keeps_away(user: Any, obj: Any) -> bool:
    case = case_of(obj)
    return case is not None and user.pk in case.recused


@rule("keeps away from a case in the list")
def keeps_away_from_one(user: Any, listing: Any) -> bool:
    return bool(listing and Recusal.objects.filter(person=user, application__entry__list=listing).exists())


def apart(duty: Duty) -> Rule:
    """The user had no duty in the case that the table of separation keeps apart from this one."""

    def test(user: Any, obj: Any) -> bool:
        case = case_of(obj)
        return not (isinstance(case, Application) and in_the_way(user, case, duty))

    return Rule(f"had no duty in the case that excludes {duty.lower()}", test)


@rule("keeps away from a case of the call")
def keeps_away_from_one_of(user: Any, call: Any) -> bool:
    return call is not None and sees_no_whole_board(call, user)


@rule("keeps away from a case on the list")
def keeps_away_from_one_on(user: Any, scenario: Any) -> bool:
    return Recusal.objects.filter(person=user, application__places__scenario=scenario).exists()


@rule("had a duty in a case on the list that excludes deciding, or drew its experts")
def acted_in_one_on(user: Any, scenario: Any) -> bool:
    held = duties_in(user, scenario.places.values_list("application", flat=True))
    return bool(held & (apart_from(Duty.DECIDER) | {Duty.DRAWER}))


@rule("has a seat in this session", *BUREAU, Role.EXPERT)
def seated(user: Any, session: Any) -> bool:
    return bool(session.seats.filter(person=user).exists())


@rule("chairs this session or keeps its minutes", *BUREAU, Role.EXPERT)
def conducts(user: Any, obj: Any) -> bool:
    """`obj` is the session or a case in it."""
    session = getattr(obj, "session", obj)
    return bool(session.seats.filter(person=user, role__in=[SeatRole.CHAIR, SeatRole.SECRETARY]).exists())


@rule("keeps away from a case of the session")
def keeps_away_from_its_cases(user: Any, session: Any) -> bool:
    return Recusal.objects.filter(person=user, application__slots__session=session).exists()


def permit_in_case(code: str, who: Rule) -> None:
    """Declare who may act in a case; nobody who keeps away from it ever does."""
    permit(code, who & ~keeps_away)


@rule("checked one of its applications, or keeps away from one")
def is_bound_to_one(user: Any, assignment: Any) -> bool:
    cases = assignment.cases.all()
    away = Recusal.objects.filter(person=user, application__assignment_cases__in=cases)
    return bool(cases.filter(application__checked_by=user).exists() or away.exists())


@rule("prepared a draw for one of its applications")
def has_drawn_one(user: Any, assignment: Any) -> bool:
    return bool(assignment.cases.filter(application__draws__prepared_by=user).exists())


@rule("consents for a party of the contract", Role.CONFIRMER, Role.SIGNATORY)
def consents(user: Any, case: Any) -> bool:
    """`case` is an amendment or an acceptance."""
    return bool(acts_in(user, case))


@rule("did not check the amendment")
def did_not_check(user: Any, obj: Any) -> bool:
    """`obj` is the amendment, or the contract that it changes."""
    return bool(getattr(obj, "checked_by_id", None) != user.pk)


@rule("did not handle the case before")
def did_not_handle(user: Any, obj: Any) -> bool:
    """`obj` is an acceptance, a termination, or the contract or a tranche that ends with it."""
    return user.pk not in {getattr(obj, f"{name}_by_id", None) for name in ("checked", "assessed", "put_forward")}


@rule("confirms and signs for a party of the contract", Role.CONFIRMER, Role.SIGNATORY)
def for_party(user: Any, contract: Any) -> bool:
    return bool(acts_for_party(user, contract))


writes = for_lead(Role.APPLICANT, "writes for the lead")
signs = for_lead(Role.SIGNATORY, "signs for the lead")
bureau = holds_any(BUREAU, "bureau")
checks = holds(Role.ACCEPTANCE, Role.OFFICER)
keeps_subsidies = holds(Role.OFFICER, Role.FINANCE, Role.SUPERVISOR)
handles_reviews = holds(Role.OFFICER, Role.HEAD, Role.SUPERVISOR)
knows_content = holds(Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR)

sees_sessions = holds(Role.ACCEPTANCE, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SECRETARY, Role.SUPERVISOR)
