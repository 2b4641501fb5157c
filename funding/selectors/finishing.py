"""Whether an application was being worked on when its call closed."""

from datetime import datetime

from funding.models import Application
from funding.rules.finishing import was_at_work


def is_being_finished(application: Application) -> bool:
    """Somebody had it open or saved a part of it shortly before the close."""
    saves = [datetime.fromisoformat(one["at"]) for one in application.sections.values() if "at" in one]
    return was_at_work(closes_at=application.call.closes_at, seen=[application.at_work_at, *saves])


def finishes_at(application: Application, at: datetime) -> datetime | None:
    """Until when it can still be submitted although the call has closed; None before the close and for others."""
    call = application.call
    return call.finishes_at if call.is_in_grace(at) and is_being_finished(application) else None
