"""What this room adds to the page of an organisation: the consortia that it leads or takes part in."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from consortia.models import Consortium, Participation
from members.models import Organisation
from members.selectors.organisations import PANELS, Panel

MOST = 20  # rows on the page of an organisation; the registry has the rest


@dataclass(frozen=True)
class Parts:
    """The newest parts of an organisation, and the address of all of them where there are more."""

    parts: list[Participation]
    more: str


def consortia_of(organisation: Organisation, reader: Any) -> Parts:
    """Its parts in consortia that the reader may see, newest first, without those that it has left or declined."""
    visible = Consortium.objects.visible_to(reader).values("pk")
    present = Participation.objects.present().filter(organisation=organisation, consortium__in=visible)
    rows = list(present.select_related("consortium__sub_field").order_by("-consortium__created_at", "id")[: MOST + 1])
    address = f"{reverse('consortia:consortium-list')}?member={organisation.pk}"
    return Parts(rows[:MOST], address if len(rows) > MOST else "")


PANELS.append(Panel("consortia/_consortia_of.html", consortia_of))
