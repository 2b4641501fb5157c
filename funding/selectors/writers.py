"""Who writes an application: the people of the lead, and those of members to whom sections were given."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from consortia.enums import JOINED
from funding.models import Application, SectionWriter
from members.enums import ORGANISATION_ROLES, Role
from members.models import Organisation, RoleGrant, User
from members.selectors import holders

LEADING = (Role.APPLICANT, Role.SIGNATORY)


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be given a section, with the organisation that the person acts for."""

    person: User
    organisation: Organisation


def leading(application: Application) -> QuerySet[User]:
    """Who writes every section: those who write or sign for the lead."""
    return holders(*LEADING, organisation=application.consortium.lead_id)


def candidates(application: Application) -> list[Candidate]:
    """The people of the lead and of the members that have joined who do not write every section anyway; two queries."""
    members = application.consortium.participations.filter(status__in=JOINED).values("organisation")
    grants = RoleGrant.objects.in_force().filter(
        user__is_active=True, role__in=ORGANISATION_ROLES, organisation__in=members
    )
    everywhere = set(leading(application).values_list("pk", flat=True))
    found = {
        grant.user_id: Candidate(grant.user, grant.organisation)
        for grant in grants.select_related("user", "organisation").order_by("organisation__name", "user__name")
        if grant.organisation and grant.user_id not in everywhere
    }
    return list(found.values())


def writers_of(application: Application) -> dict[str, list[User]]:
    """To whom each section was given, by the code of the section; one query."""
    found: dict[str, list[User]] = defaultdict(list)
    for row in application.writers.select_related("person"):
        found[row.section].append(row.person)
    return dict(found)


def at_work(application: Application, section: str) -> list[User]:
    """Everybody who may write this section."""
    given = User.objects.filter(pk__in=application.writers.filter(section=section).values("person"))
    return [*leading(application), *given]


def given_to(user: User, statuses: Iterable[str]) -> QuerySet[Application]:
    """The applications in these states of which the user was given a section."""
    rows = SectionWriter.objects.filter(person=user).values("application")
    return Application.objects.visible_to(user).filter(pk__in=rows, status__in=list(statuses))
