"""What this room adds to the page of an organisation: the consortia that it leads or takes part in."""

from typing import Any

from consortia.models import Consortium, Participation
from members.models import Organisation
from members.selectors.organisations import PANELS, Panel


def consortia_of(organisation: Organisation, reader: Any) -> list[Participation]:
    """Its parts in consortia that the reader may see, newest first, without those that it has left or declined."""
    visible = Consortium.objects.visible_to(reader).values("pk")
    present = Participation.objects.present().filter(organisation=organisation, consortium__in=visible)
    return list(present.select_related("consortium__sub_field").order_by("-consortium__created_at", "id"))


PANELS.append(Panel("consortia/_consortia_of.html", consortia_of))
