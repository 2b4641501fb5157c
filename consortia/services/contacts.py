"""Who is asked about a consortium at its lead organisation."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import Consortium
from consortia.selectors.contacts import contacted_by, possible_contacts
from consortia.services.editing import editing, note_edit
from members.enums import Role
from members.models import User
from members.selectors.handover import register as register_work
from portal.kernel.notifications import notify


def name_contact(*, consortium: Consortium, contact: User | None, actor: Any, at: datetime) -> Consortium:
    """The members and the officials see whom to ask; None if nobody is named any more. Raises ValidationError."""
    facts: dict[str, Any] = {"after": str(contact.pk) if contact else ""}
    with editing(consortium=consortium, action=Action.NAME_CONTACT, actor=actor, at=at, facts=facts) as locked:
        if contact and not possible_contacts(locked).filter(pk=contact.pk).exists():
            raise ValidationError({"contact": _("This person does not write for the lead organisation.")})
        facts["before"] = str(locked.contact_id or "")
        _store(locked, contact)
        if contact and contact != actor and facts["before"] != facts["after"]:
            said, url = {"consortium": locked.name}, locked.get_absolute_url()
            notify(recipients=[contact], kind="consortia.contact_named", params=said, url=url, at=at)
    consortium.contact = contact
    return consortium


def pass_contacts(*, leaver: User, successor: User, actor: User, at: datetime) -> None:
    """The successor is asked in place of `leaver`; who may end a role may do this."""
    rows = contacted_by(leaver, at).select_related("lead")
    for row in list(rows.select_for_update(of=("self",)).order_by("pk")):
        _store(row, successor)
        facts = {"before": str(leaver.pk), "after": str(successor.pk)}
        note_edit(consortium=row, action=Action.NAME_CONTACT, actor=actor, at=at, facts=facts)


def _store(consortium: Consortium, contact: User | None) -> None:
    consortium.contact = contact
    consortium.save(update_fields=["contact"])


register_work(Role.APPLICANT, _("Consortia whose contact they are"), contacted_by, pass_contacts)
