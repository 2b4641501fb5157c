"""What the people concerned are told."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from consortia.models import Consortium, Participation
from members.enums import Role
from members.selectors import holders, holders_by_organisation
from portal.kernel.notifications import notify, register

register("consortia.invited", _("%(consortium)s asks you to confirm your organisation's part."), urgent=True)
register("consortia.revised", _("Your part in %(consortium)s has changed; please confirm it again."), urgent=True)
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
register("consortia.started", _("%(consortium)s is recognised in tier %(tier)s."))
register("consortia.tier_changed", _("%(consortium)s is now in tier %(tier)s."))
register("consortia.rectifying", _("The bureau has ordered %(consortium)s to rectify."), urgent=True)
register("consortia.resumed", _("%(consortium)s has finished its rectification."))
register("consortia.graduated", _("%(consortium)s has graduated."))
register("consortia.exited", _("%(consortium)s has left the programme."))
register("consortia.revoked", _("The recognition of %(consortium)s has been revoked."), urgent=True)

WRITERS = (Role.APPLICANT, Role.SIGNATORY)


def tell_member(*, participation: Participation, kind: str, at: datetime) -> None:
    """Tell those who confirm for the member; its administrators as well while nobody does."""
    place = participation.organisation_id
    people = list(holders(Role.CONFIRMER, organisation=place)) or list(holders(Role.ORG_ADMIN, organisation=place))
    params = {"consortium": participation.consortium.name}
    notify(recipients=people, kind=kind, params=params, url=participation.get_absolute_url(), at=at)


def tell_lead(*, participation: Participation, kind: str, at: datetime, **params: object) -> None:
    """Tell those who write for the lead what a member did."""
    consortium = participation.consortium
    said = {"consortium": consortium.name, "organisation": participation.organisation.name, **params}
    people = holders(Role.APPLICANT, organisation=consortium.lead_id)
    notify(recipients=people, kind=kind, params=said, url=consortium.get_absolute_url(), at=at)


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
