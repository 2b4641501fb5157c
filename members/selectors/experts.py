"""Named reads of the expert pool."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.enums import ADMITTED, ExpertStatus, HnteField, Role
from members.models import Employment, Expert, Organisation, RoleGrant, User
from members.rules.experts import warnings
from members.selectors.organisations import PANELS, Panel

S = ExpertStatus
Choices = list[tuple[str, str]]

# The rooms above offer the sub-fields that an expert may name: (code, name), on a day.
SUB_FIELDS: list[Callable[[date], Choices]] = []


def sub_fields() -> Choices:
    """Those offered today."""
    return [choice for offered in SUB_FIELDS for choice in offered(timezone.localdate())]


def pool(experts: QuerySet[Expert], at: datetime) -> QuerySet[Expert]:
    """Experts with their person, employer (`workplace` when it is outside the portal) and standing."""
    present = Employment.objects.filter(expert=OuterRef("pk"), until=None).values("name")[:1]
    rows = experts.with_standing(at).annotate(workplace=Subquery(present))  # type: ignore[attr-defined]
    return rows.select_related("user", "employer")  # type: ignore[no-any-return]


def standing(expert: Expert, at: datetime) -> Expert:
    """The expert with what `obstacles` asks for."""
    return pool(Expert.objects.filter(pk=expert.pk), at).get()


def obstacles(expert: Any) -> list[str | Promise]:
    """Why somebody in the pool is given nothing to review; `expert` comes from `pool`."""
    if expert.status not in ADMITTED:
        return [_("Not admitted to the pool.")]
    return [
        reason
        for broken, reason in (
            (expert.status == S.SUSPENDED, _("Suspended.")),
            (not expert.user.is_active, _("The account is deactivated.")),
            (not expert.holds_role, _("The role of an expert was revoked.")),
            (expert.barred, _("The employer is barred by an integrity record.")),
            (expert.reviews_this_year >= expert.yearly_limit, _("The limit of reviews this year is reached.")),
        )
        if broken
    ]


def entry_warnings(expert: Expert, at: datetime) -> list[str | Promise]:
    """What the officer should weigh before somebody enters."""
    return warnings(title_level=expert.title_level, born=expert.born, on=timezone.localdate(at))


def employments(expert: Expert) -> QuerySet[Employment]:
    """Where it works and worked, newest first."""
    return expert.employments.select_related("organisation")


def present_employer(expert: Expert) -> Employment | None:
    """Where it works now."""
    return employments(expert).filter(until=None).first()


def in_words(codes: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """The codes by their names; an unknown code as it is."""
    return [f"{code} {names[code]}" if code in names else code for code in codes]


def technology_words(expert: Expert) -> list[str]:
    """The fields of technology that it can judge."""
    return in_words(expert.hnte_fields, {one.value: str(one.label) for one in HnteField})


def field_words(expert: Expert, names: Mapping[str, str]) -> list[str]:
    """What it can judge: fields of technology, then sub-fields, which `names` calls by their names."""
    return technology_words(expert) + in_words(expert.fields, names)


# --- whose confirmation is asked for -------------------------------------------------------------
def can_confirm(expert: Expert) -> bool:
    """Whether somebody else than the expert administers its employer in the portal."""
    grants = RoleGrant.objects.in_force().filter(role=Role.ORG_ADMIN, user__is_active=True)
    known = bool(expert.employer_id)
    return known and grants.filter(organisation=expert.employer_id).exclude(user=expert.user_id).exists()


def requests_of(organisation: Organisation, reader: Any) -> QuerySet[Expert] | None:
    """Who waits for this organisation's word as the employer; None where the reader cannot give it."""
    if not reader.holds(Role.ORG_ADMIN, organisation=organisation.pk):
        return None
    rows = Expert.objects.filter(employer=organisation, status__in=[S.APPLIED, S.NOMINATED]).exclude(user=reader)
    return rows.select_related("user") if rows.exists() else None


def unconfirmed(user: User, _at: datetime) -> QuerySet[Expert]:
    """Experts whose employers the user administers and who wait for its word."""
    homes = [home for role, home, _district in user.grants if role == Role.ORG_ADMIN]
    return Expert.objects.filter(employer__in=homes, status__in=[S.APPLIED, S.NOMINATED]).exclude(user=user)


PANELS.append(Panel("members/_expert_requests.html", requests_of))
