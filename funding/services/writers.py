"""Giving sections of an application to people of the members."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application, SectionWriter
from funding.selectors.writers import candidates
from members.models import User
from portal.kernel import audit, notifications
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused

notifications.register("funding.section_given", _("You were asked to write “%(section)s” of application %(number)s."))


@transaction.atomic
def assign_section(
    *,
    application: Application,
    section: str,
    people: Collection[UUID],
    shown: Collection[UUID],
    actor: User,
    at: datetime,
) -> Application:
    """Give a section to `people`, and take it from those of the `shown` who are not among them.

    Whoever was added meanwhile and not shown stays. Raises TransitionRefused for somebody of no member, and once the
    application is out of the lead's hands.
    """
    locked = Application.everything.select_for_update(of=("self",)).get(pk=application.pk)
    require(actor, "funding.assign_section", locked)
    if not locked.is_editable:
        raise TransitionRefused(_("The application is submitted; it can be changed only when it is returned."))
    known = {one.person.pk: one.person for one in candidates(locked)}
    if set(people) - set(known):
        raise TransitionRefused(_("Only people of the consortium's members can write a section."))
    had = set(locked.writers.filter(section=section).values_list("person", flat=True))
    added, removed = set(people) - had, (set(shown) & had) - set(people)
    SectionWriter.objects.bulk_create(
        SectionWriter(application=locked, section=section, person=known[pk], assigned_by=actor, created_at=at)
        for pk in sorted(added)
    )
    locked.writers.filter(section=section, person__in=removed).delete()
    facts = {"section": section, "added": sorted(map(str, added)), "removed": sorted(map(str, removed))}
    audit.record(actor=actor, action=Action.ASSIGN_SECTION, subject=locked, at=at, facts=facts)
    _tell(locked, section, [known[pk] for pk in sorted(added)], at)
    return locked


def _tell(application: Application, section: str, people: Collection[User], at: datetime) -> None:
    params = {"section": application.parts[section], "number": application.number}
    url = application.get_absolute_url()
    notifications.notify(recipients=people, kind="funding.section_given", params=params, url=url, at=at)
