"""The page that gives a session another time or place."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.forms.sessions import MoveForm
from funding.models import ReviewSession
from funding.services.sessions import move_session
from funding.views.sessions import SessionStep


class SessionMove(SessionStep):
    """Those invited are told the new time and the reason."""

    action, form_class = Action.MOVE_SESSION, MoveForm
    success_message = _("The session is moved. Everybody is told.")
    explanation = _(
        "The agenda keeps its order; each case moves with the session. Everybody invited is told the new time and the "
        "reason, each lead of its own case alone. Who has to leave the room is looked at once more."
    )

    def get_initial(self) -> dict[str, Any]:
        session = self.object
        return {"starts_at": session.starts_at, "place": session.place, "address": session.address}

    def perform(self, form: Any) -> ReviewSession:
        return move_session(session=self.object, actor=self.actor, at=self.at, **form.cleaned_data)
