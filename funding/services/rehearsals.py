"""The end of a rehearsal: everything that belongs to it goes, in one step; the trail keeps that it was."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Application, Call
from members.models import User
from portal.kernel import audit
from portal.kernel.authz import require
from portal.kernel.models import Attachment, Notification
from portal.kernel.workflow import TransitionRefused


@transaction.atomic
def delete_rehearsal(*, call: Call, actor: User, at: datetime, note: str) -> Counter[str]:
    """Delete the call with all that hangs on it, files and notices too; how many rows of what.

    Whatever a later room hangs on a call or an application goes with it: the relations are read from the models.
    """
    locked = Call.everything.select_for_update(of=("self",)).get(pk=call.pk)
    require(actor, "funding.delete_rehearsal", locked)
    if not locked.rehearsal:
        raise TransitionRefused(_("Only a rehearsal can be deleted."))
    list(Application.everything.select_for_update(of=("self",)).filter(call=locked).order_by("pk").only("pk"))
    gone = _Gone()
    gone.take([locked])
    facts = {"title": locked.title, "document": locked.document_number, "deleted": dict(sorted(gone.counts.items()))}
    audit.record(actor=actor, action=Action.DELETE_REHEARSAL, subject=call, at=at, note=note.strip(), facts=facts)
    return gone.counts


class _Gone:
    """Rows deleted from the leaves to the root."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def take(self, rows: list[Model]) -> None:
        """These of one model, after whatever points at them."""
        if not rows:
            return
        model, keys = type(rows[0]), [row.pk for row in rows]
        for relation in model._meta.related_objects:  # noqa: SLF001
            if not relation.many_to_many:
                related: Any = relation.related_model
                self.take(list(related._base_manager.filter(**{f"{relation.field.name}__in": keys})))  # noqa: SLF001
        deleted, _each = model._base_manager.filter(pk__in=keys).delete()  # noqa: SLF001
        self.counts[model.__name__] += deleted
        self._forget(rows)

    def _forget(self, rows: list[Model]) -> None:
        """The files they held, and the notices that lead to them."""
        Attachment.objects.filter(pk__in=_attachments(rows)).delete()
        places = [str(row.get_absolute_url()) for row in rows if hasattr(row, "get_absolute_url")]
        Notification.objects.filter(url__in=places).delete()


def _attachments(rows: Iterable[Model]) -> list[Any]:
    held = [getattr(row, field.attname) for row in rows for field in row._meta.concrete_fields  # noqa: SLF001
            if field.related_model is Attachment]  # fmt: skip
    return [key for key in held if key]
