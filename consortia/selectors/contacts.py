"""Whom to ask about a consortium: somebody who writes for its lead organisation."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from consortia.models import Consortium
from members.enums import Role
from members.models import User
from members.selectors import holders


def possible_contacts(consortium: Consortium) -> QuerySet[User]:
    """Who may be named."""
    return holders(Role.APPLICANT, organisation=consortium.lead_id).order_by("name", "pk")


def contact_of(consortium: Consortium) -> User | None:
    """The person named, as long as it still writes for the lead."""
    if consortium.contact_id is None:
        return None
    return possible_contacts(consortium).filter(pk=consortium.contact_id).first()


def contacted_by(user: Any, _at: datetime) -> QuerySet[Consortium]:
    """The consortia that name this person, of the organisations that it writes for."""
    places = [place for role, place, _district in user.grants if role == Role.APPLICANT]
    return Consortium.objects.filter(contact=user.pk, lead__in=places)
