"""The directory of research institutions: who could be a partner, and in how many consortia each works already."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from consortia.enums import JOINED
from consortia.models import Consortium, Participation
from members.enums import GROUPS, Group, OrganisationStatus, OrganisationType
from members.models import Organisation

RESEARCHING = [kind for kind, group in GROUPS.items() if group == Group.RESEARCH]
LISTED = sorted({*RESEARCHING, OrganisationType.OFFSHORE_CENTRE})


def institutions() -> QuerySet[Any]:
    """Verified research bodies, each with `consortia`: how many published ones it takes part in."""
    published = Consortium.objects.published().values("pk")
    joined = Participation.objects.filter(organisation=OuterRef("pk"), status__in=JOINED, consortium__in=published)
    counted = joined.order_by().values("organisation").annotate(n=Count("consortium", distinct=True)).values("n")
    rows = Organisation.objects.verified().filter(type__in=LISTED, status=OrganisationStatus.ACTIVE)
    return rows.select_related("district").annotate(consortia=Coalesce(Subquery(counted), 0))
