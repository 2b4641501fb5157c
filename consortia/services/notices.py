"""What the people concerned are told."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from consortia.models import (
    Consortium,
    DirectRecognition,
    DuplicateClaim,
    ExitCase,
    LeadChange,
    Outcome,
    Participation,
    PlatformMatch,
)
from consortia.selectors.liaison import mediators
from members.enums import Role
from members.models import Organisation, User
from members.selectors import holders, holders_by_organisation
from portal.kernel.notifications import notify, register

register("consortia.invited", _("%(consortium)s asks you to confirm your organisation's part."), urgent=True)
register("consortia.revised", _("Your part in %(consortium)s has changed; please confirm it again."), urgent=True)
register(
    "consortia.revised_duties",
    _("Your role or duties in %(consortium)s have changed; please confirm them again."),
    urgent=True,
)
register(
    "consortia.revised_commitments",
    _("Your commitments in %(consortium)s have changed; please confirm them again."),
    urgent=True,
)
register(
    "consortia.revised_shares", _("Your shares in %(consortium)s have changed; please confirm them again."), urgent=True
)
register(
    "consortia.revised_work",
    _("Your tasks or technologies in %(consortium)s have changed; please confirm them again."),
    urgent=True,
)
register(
    "consortia.reminded", _("%(consortium)s still waits for your answer about your organisation's part."), urgent=True
)
register("consortia.withdrawn", _("%(consortium)s has taken its invitation back."))
register(
    "consortia.expired", _("%(organisation)s has not answered the invitation to %(consortium)s in time."), urgent=True
)
register("consortia.invitation_expired", _("The invitation of your organisation to %(consortium)s has expired."))
register(
    "consortia.departure_requested",
    _("%(organisation)s is to leave %(consortium)s; its work needs takers."),
    urgent=True,
)
register(
    "consortia.stepped_back",
    _("%(organisation)s has stepped back from %(consortium)s; its work is yours again. Reason: %(reason)s"),
    urgent=True,
)
register(
    "consortia.abandoned",
    _("%(consortium)s was given up while it was being prepared. Reason: %(reason)s"),
    urgent=True,
)
register("consortia.departure_cancelled", _("%(organisation)s stays in %(consortium)s."))
register("consortia.departure_settled", _("%(organisation)s has left %(consortium)s; its work is in new hands."))
register(
    "consortia.takeover_asked",
    _("%(consortium)s asks your organisation to take over work of %(organisation)s."),
    urgent=True,
)
register("consortia.takeover_agreed", _("%(taker)s takes over from %(organisation)s: %(row)s."))
register("consortia.takeover_refused", _("%(taker)s does not take over from %(organisation)s: %(row)s."), urgent=True)
register("consortia.confirmed", _("%(organisation)s has confirmed its part in %(consortium)s."))
register("consortia.declined", _("%(organisation)s has declined to take part in %(consortium)s."), urgent=True)
register("consortia.left", _("%(consortium)s has recorded that your organisation leaves."))
register(
    "consortia.agreement_drafted", _("The agreement of %(consortium)s, version %(version)s, waits for your signature.")
)
register(
    "consortia.agreement_signed",
    _("%(organisation)s has signed the agreement of %(consortium)s (version %(version)s)."),
)
register("consortia.agreement_in_force", _("The agreement of %(consortium)s, version %(version)s, is in force."))
register(
    "consortia.agreement_reminded", _("%(consortium)s still waits for your signature under its agreement."), urgent=True
)
register("consortia.started", _("%(consortium)s is recognised in tier %(tier)s."))
register("consortia.tier_changed", _("%(consortium)s is now in tier %(tier)s."))
register("consortia.rectifying", _("The bureau has ordered %(consortium)s to rectify."), urgent=True)
register("consortia.resumed", _("%(consortium)s has finished its rectification."))
register("consortia.graduated", _("%(consortium)s has graduated."))
register("consortia.exited", _("%(consortium)s has left the programme."))
register("consortia.revoked", _("The recognition of %(consortium)s has been revoked."), urgent=True)
register("consortia.match_asked", _("%(consortium)s asks to work with %(platform)s; please answer."))
register("consortia.match_answered", _("The bureau has answered the request of %(consortium)s for %(platform)s."))
register("consortia.profile_amended", _("%(consortium)s has amended its profile."))
register("consortia.shares_amended", _("%(consortium)s has recorded another shareholding of its company."))
register("consortia.rectification_reported", _("%(consortium)s reports what it has rectified."))
register("consortia.exit_requested", _("%(consortium)s applies for its exit (case %(case)s)."))
register("consortia.exit_opened", _("An exit case about %(consortium)s has been opened (%(case)s)."), urgent=True)
register("consortia.exit_noticed", _("A notice in the exit case %(case)s waits for you."), urgent=True)
register(
    "consortia.exit_hearing", _("In the exit case %(case)s the lead may file a statement until %(due)s."), urgent=True
)
register("consortia.exit_stated", _("%(consortium)s has filed its statement in the exit case %(case)s."))
register("consortia.exit_assessed", _("The settlement in the exit case %(case)s has been assessed."))
register("consortia.exit_decided", _("The meeting has decided the exit case %(case)s."), urgent=True)
register(
    "consortia.exit_publicised", _("The decision %(case)s is publicised; you may appeal until %(until)s."), urgent=True
)
register("consortia.exit_appealed", _("%(consortium)s appeals in the exit case %(case)s."), urgent=True)
register("consortia.exit_upheld", _("The decision %(case)s has been upheld."), urgent=True)
register("consortia.exit_reversed", _("The decision %(case)s has been reversed; %(consortium)s stays."))
register("consortia.contact_named", _("You are the contact of %(consortium)s for its members and the officials."))
register("consortia.exit_withdrawn", _("The lead of %(consortium)s has taken its application for exit %(case)s back."))
register("consortia.exit_dismissed", _("The exit case %(case)s has been dismissed; %(consortium)s stays."))
register(
    "consortia.claimed_twice", _("The number of “%(outcome)s” is claimed elsewhere too; please check it."), urgent=True
)
register(
    "consortia.claim_to_settle", _("The number %(number)s is claimed twice and waits for a decision."), urgent=True
)
register(
    "consortia.claim_settled", _("The bureau has decided on the number of “%(outcome)s”, which was claimed twice.")
)
register("consortia.outcome_verified", _("The bureau has verified the outcome “%(outcome)s”."))
register("consortia.outcome_doubted", _("The bureau doubts the outcome “%(outcome)s”; please read why."), urgent=True)
register(
    "consortia.direct_proposed",
    _("%(consortium)s proposes “%(platform)s” for direct recognition; the district's opinion is needed."),
    urgent=True,
)
register(
    "consortia.direct_opined", _("The conditions of “%(platform)s” wait for their check (%(number)s)."), urgent=True
)
register("consortia.direct_checked", _("“%(platform)s” has been checked and may be put to the meeting (%(number)s)."))
register(
    "consortia.direct_returned", _("The proposal of “%(platform)s” has been returned for completion."), urgent=True
)
register("consortia.direct_withdrawn", _("The proposal of “%(platform)s” has been withdrawn (%(number)s)."))
register("consortia.direct_tabled", _("“%(platform)s” waits for the meeting's decision (%(number)s)."), urgent=True)
register("consortia.direct_recognised", _("“%(platform)s” of %(consortium)s has been directly recognised."))
register("consortia.direct_refused", _("“%(platform)s” of %(consortium)s has not been recognised; please read why."))
register("consortia.direct_revoked", _("The recognition of “%(platform)s” has been revoked."), urgent=True)
register("consortia.direct_published", _("“%(platform)s” stands in the public directory now."))
register("consortia.direct_ending", _("The recognition of “%(platform)s” ends on %(until)s."), urgent=True)
register("consortia.obligation_due", _("%(consortium)s lists an obligation of your organisation: “%(duty)s”."))
register("consortia.obligation_fulfilled", _("%(consortium)s records your obligation “%(duty)s” as fulfilled."))
register(
    "consortia.obligation_breached",
    _("%(consortium)s records a breach of your obligation “%(duty)s”; please read it."),
    urgent=True,
)
register(
    "consortia.contribution_stated", _("%(organisation)s states a contribution to %(consortium)s; please confirm it.")
)
register("consortia.contribution_confirmed", _("%(consortium)s has confirmed that your contribution arrived."))
register("consortia.demand_posed", _("A member of %(consortium)s asks: “%(title)s”."))
register("consortia.demand_answered", _("%(organisation)s has answered your demand “%(title)s”."))
register("consortia.demand_matched", _("Your answer has been chosen: “%(title)s”."))
register("consortia.liaison_assigned", _("You accompany %(consortium)s from now on."))
register("consortia.visit_recorded", _("A visit to %(consortium)s, or a service for it, has been recorded."))
register("consortia.issue_raised", _("A member of %(consortium)s has raised an issue."), urgent=True)
register("consortia.issue_moved", _("There is news of an issue in %(consortium)s."))
register(
    "consortia.seven_claimed", _("%(consortium)s has claimed one of the Seven Ones of %(year)s; please verify it.")
)
register("consortia.seven_verified", _("One of the Seven Ones of %(consortium)s in %(year)s is verified."))
register(
    "consortia.seven_returned",
    _("One of the Seven Ones of %(consortium)s in %(year)s was sent back; please read why."),
    urgent=True,
)

register(
    "consortia.lead_change_asked",
    _("%(organisation)s is to lead %(consortium)s; please read and say whether you consent."),
    urgent=True,
)
register("consortia.lead_change_proposed", _("%(consortium)s is to be led by %(organisation)s."), urgent=True)
register("consortia.lead_change_answered", _("The lead of %(consortium)s has answered the proposal of another lead."))
register("consortia.lead_changed", _("%(organisation)s leads %(consortium)s from now on."), urgent=True)
register(
    "consortia.lead_taken_over",
    _("Your organisation leads %(consortium)s now: confirm your part, and amend the agreement."),
    urgent=True,
)
register("consortia.lead_stays", _("The lead of %(consortium)s stays as it is."))

register("consortia.link_proposed", _("%(other)s proposes a link with %(consortium)s; please answer."), urgent=True)
register("consortia.link_accepted", _("%(consortium)s and %(other)s are linked."))
register("consortia.link_declined", _("%(other)s has declined a link with %(consortium)s."))
register("consortia.link_withdrawn", _("%(other)s has taken back its proposal of a link with %(consortium)s."))
register("consortia.link_ended", _("The link between %(consortium)s and %(other)s has ended."))

WRITERS = (Role.APPLICANT, Role.SIGNATORY)


def tell_member(*, participation: Participation, kind: str, at: datetime) -> None:
    """Tell those who confirm for the member; its administrators as well while nobody does."""
    place = participation.organisation_id
    people = list(holders(Role.CONFIRMER, organisation=place)) or list(holders(Role.ORG_ADMIN, organisation=place))
    params = {"consortium": participation.consortium.name, "organisation": participation.organisation.name}
    notify(recipients=people, kind=kind, params=params, url=participation.get_absolute_url(), at=at)


def tell_lead(*, participation: Participation, kind: str, at: datetime, **params: object) -> None:
    """Tell those who write for the lead what a member did."""
    consortium = participation.consortium
    said = {"consortium": consortium.name, "organisation": participation.organisation.name, **params}
    people = holders(Role.APPLICANT, organisation=consortium.lead_id)
    notify(recipients=people, kind=kind, params=said, url=consortium.get_absolute_url(), at=at)


def tell_confirmers(
    *,
    organisations: Iterable[Organisation],
    kind: str,
    consortium: Consortium,
    url: str,
    at: datetime,
    **params: object,
) -> None:
    """Tell those who confirm for the organisations, each person once."""
    places = [place.pk for place in organisations]
    people = holders_by_organisation(Role.CONFIRMER, places)
    who = [person for place in places for person in people.get(place, [])]
    notify(recipients=who, kind=kind, params={"consortium": consortium.name, **params}, url=url, at=at)


def tell_members(*, consortium: Consortium, kind: str, at: datetime, **params: object) -> None:
    """Tell those who confirm for the present members, each with the address of its own part."""
    present = list(consortium.participations.present())
    people = holders_by_organisation(Role.CONFIRMER, [row.organisation_id for row in present])
    said = {"consortium": consortium.name, **params}
    for row in present:
        notify(
            recipients=people.get(row.organisation_id, []), kind=kind, params=said, url=row.get_absolute_url(), at=at
        )


def tell_all(*, consortium: Consortium, kind: str, at: datetime, **params: object) -> None:
    """Tell the lead's writers and the confirmers of all present members."""
    members = consortium.participations.present().values_list("organisation_id", flat=True)
    people = [*holders(*WRITERS, organisation=consortium.lead_id), *holders(Role.CONFIRMER, organisation__in=members)]
    said = {"consortium": consortium.name, **params}
    notify(recipients=people, kind=kind, params=said, url=consortium.get_absolute_url(), at=at)


def tell_writers(*, outcome: Outcome, kind: str, at: datetime) -> None:
    """Tell those who write for the lead what became of one of its outcomes."""
    people = holders(*WRITERS, organisation=outcome.consortium.lead_id)
    notify(recipients=people, kind=kind, params={"outcome": outcome.name}, url=outcome.get_absolute_url(), at=at)


def tell_officers(*, claim: DuplicateClaim, at: datetime) -> None:
    """Tell the officers of the bureau that a number waits for their decision."""
    number = {"number": claim.second.identifier}
    people = holders(Role.OFFICER)
    notify(recipients=people, kind="consortia.claim_to_settle", params=number, url=claim.get_absolute_url(), at=at)


def tell_bureau(*, consortium: Consortium, kind: str, at: datetime) -> None:
    """Tell those who judge a rectification."""
    people = holders(Role.OFFICER, Role.HEAD)
    said = {"consortium": consortium.name}
    notify(recipients=people, kind=kind, params=said, url=consortium.get_absolute_url(), at=at)


def tell_asked_for_match(*, match: PlatformMatch, at: datetime) -> None:
    """Tell the liaison officer, or the division while nobody is assigned, that a request waits."""
    _of_match(match, mediators(match.consortium), "consortia.match_asked", at)


def tell_lead_of_match(*, match: PlatformMatch, at: datetime) -> None:
    """Tell those who write for the lead what the bureau answers."""
    people = holders(*WRITERS, organisation=match.consortium.lead_id)
    _of_match(match, people, "consortia.match_answered", at)


def _of_match(match: PlatformMatch, people: Iterable[User], kind: str, at: datetime) -> None:
    said = {"consortium": match.consortium.name, "platform": match.platform}
    notify(recipients=people, kind=kind, params=said, url=f"{match.get_absolute_url()}#match", at=at)


def tell_deciders(*, change: LeadChange, kind: str, at: datetime) -> None:
    """Tell the lead so far and those in the bureau whose turn it is or will be."""
    lead = holders(*WRITERS, organisation=change.old_lead_id)
    people = [*lead, *holders(Role.OFFICER, Role.HEAD, Role.LEADER)]
    said = {"consortium": change.consortium.name, "organisation": change.new_lead.name}
    notify(recipients=people, kind=kind, params=said, url=change.get_absolute_url(), at=at)


def tell_new_lead(*, consortium: Consortium, at: datetime) -> None:
    """Tell those who write for the lead of today what waits for them."""
    people = holders(*WRITERS, organisation=consortium.lead_id)
    said = {"consortium": consortium.name}
    notify(recipients=people, kind="consortia.lead_taken_over", params=said, url=consortium.get_absolute_url(), at=at)


def tell_case(*, case: ExitCase, kind: str, at: datetime, **params: object) -> None:
    """Tell those who speak for the lead, and those in the bureau whose turn it may be."""
    people = [*holders(*WRITERS, organisation=case.consortium.lead_id), *holders(Role.OFFICER, Role.HEAD, Role.LEADER)]
    _about(case, people, kind, at, **params)


def tell_case_officers(*, case: ExitCase, kind: str, at: datetime) -> None:
    """Tell the bureau what the lead has done."""
    _about(case, [*holders(Role.OFFICER, Role.HEAD, Role.LEADER, Role.SUPERVISOR)], kind, at)


def _about(case: ExitCase, people: list[User], kind: str, at: datetime, **params: object) -> None:
    said = {"consortium": case.consortium.name, "case": case.number, **params}
    notify(recipients=people, kind=kind, params=said, url=case.get_absolute_url(), at=at)


# --- direct recognition ------------------------------------------------------------------------
def tell_direct(*, case: DirectRecognition, kind: str, to: str, at: datetime, **params: object) -> None:
    """Tell those whose turn it is, or whom the case concerns."""
    consortium = case.platform.consortium
    said = {"platform": case.platform.name, "consortium": consortium.name, "number": case.number, **params}
    notify(recipients=_concerned(consortium, to), kind=kind, params=said, url=case.get_absolute_url(), at=at)


def _concerned(consortium: Consortium, to: str) -> list[User]:
    """`to` is lead, district, officers, deciders, officials (district and officers), or everybody."""
    lead = holders(*WRITERS, organisation=consortium.lead_id)
    district = holders(Role.DISTRICT_OFFICER, district=consortium.district_id)
    members = consortium.participations.present().values_list("organisation_id", flat=True)
    groups = {
        "lead": [lead],
        "district": [district],
        "officers": [holders(Role.OFFICER)],
        "deciders": [holders(Role.HEAD, Role.LEADER)],
        "officials": [district, holders(Role.OFFICER)],
        "everybody": [lead, district, holders(Role.OFFICER), holders(Role.CONFIRMER, organisation__in=members)],
    }
    return [person for group in groups[to] for person in group]
