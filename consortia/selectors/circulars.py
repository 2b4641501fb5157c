"""Whom a circular reaches, and who has read it."""

from collections.abc import Collection

from django.db.models import Count, QuerySet

from consortia.enums import Audience
from consortia.models import Circular, Consortium, Participation
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel.models import Notification

SPEAK = (Role.APPLICANT, Role.SIGNATORY)


def reached(consortia: Collection[Consortium], audience: Collection[str]) -> QuerySet[User]:
    """The active people of the audience, each once."""
    leads = {one.lead_id for one in consortia}
    members = Participation.objects.present().filter(consortium__in=[one.pk for one in consortia])
    found = {
        Audience.LEADS: lambda: holders(*SPEAK, organisation__in=leads),
        Audience.MEMBERS: lambda: holders(Role.CONFIRMER, organisation__in=members.values("organisation")),
        Audience.DISTRICT: lambda: holders(Role.DISTRICT_OFFICER, district__in={one.district_id for one in consortia}),
        Audience.LIAISON: lambda: holders(Role.LIAISON).filter(pk__in={one.liaison_officer_id for one in consortia}),
    }
    people = [found[Audience(kind)]().values("pk") for kind in audience]
    return User.objects.filter(pk__in=people[0].union(*people[1:])) if people else User.objects.none()


def read_by(circulars: Collection[Circular]) -> dict[str, int]:
    """How many have opened the notice of each circular, by its address; one query."""
    addresses = [one.get_absolute_url() for one in circulars]
    opened = Notification.objects.filter(kind="consortia.circular", url__in=addresses, read_at__isnull=False)
    return dict(opened.order_by().values_list("url").annotate(n=Count("pk")))
