"""Organisations that could be invited."""

from django.db.models import Q, QuerySet

from consortia.models import Consortium
from members.models import Organisation

MOST = 20


def candidates(consortium: Consortium, words: str) -> QuerySet[Organisation]:
    """Registered organisations whose code is, or whose name contains, the words; present members left out."""
    present = consortium.participations.present().values("organisation")
    found = Organisation.objects.filter(Q(uscc=words.strip().upper()) | Q(name__icontains=words.strip()))
    return found.exclude(pk__in=present).select_related("district").order_by("name")[:MOST]
