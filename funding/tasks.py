"""What is done behind the scenes: submissions compared, assignments worked out, calls extended for outages."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils.translation import gettext_noop

from funding.enums import AssignmentStatus
from funding.models import Application, ApplicationFile, Assignment
from funding.rules.solving import Unsolved, solve
from funding.selectors.assignments import JOB_KIND as ASSIGN_KIND
from funding.selectors.assignments import build
from funding.selectors.previews import DRAWN
from funding.selectors.similarity import JOB_KIND
from funding.services.acceptances import expire_contracts
from funding.services.assignments import propose_assignment
from funding.services.invitations import fill_seats, lapse_invitations, remind_experts
from funding.services.outages import extend_for_outages
from funding.services.outcomes import tell_begun_lists
from funding.services.parties import remind_late_parties
from funding.services.previews import JOB_KIND as PREVIEW_KIND
from funding.services.previews import store_previews
from funding.services.recoveries import watch_recoveries
from funding.services.relays import watch_relays
from funding.services.similarity import compare_application, store_comparison
from portal.kernel import inspection
from portal.kernel.clocks import database_now
from portal.kernel.jobs import JobFailed, Progress, handler
from portal.kernel.models import Job

PATIENCE = timedelta(minutes=3)  # longer than any comparison takes
DRAWING = gettext_noop("Drawing the first pages")
READING = gettext_noop("Holding every expert against every application")
SOLVING = gettext_noop("Spreading the load")
NO_ANSWER = gettext_noop("The solver found no assignment; please drop this one and try with fewer applications.")
COMPARING = gettext_noop("Comparing with other applications")


@handler(JOB_KIND, lease=PATIENCE)
def compare_submission(job: Job, progress: Progress) -> dict[str, Any]:
    """Cut, search, keep. A submission that was replaced meanwhile has a job of its own."""
    application = Application.everything.select_related("call__rules").filter(pk=job.params["application"]).first()
    if application is None or application.similarity_checks.filter(key=job.key).exists():
        return {}  # a rehearsal that was deleted, or done already
    progress(10, COMPARING)
    found = compare_application(application=application, snapshot_hash=job.params["snapshot"])
    if found is None:
        return {}
    with progress.finishing() as result:
        check = store_comparison(
            application=application, comparison=found, snapshot_hash=job.params["snapshot"], key=job.key,
            at=progress.now(),
        )  # fmt: skip
        result["shared"] = check.shared if check else 0
    return {}


@handler(ASSIGN_KIND, lease=PATIENCE)
def work_out_assignment(job: Job, progress: Progress) -> dict[str, Any]:
    """Ask the pool, solve, keep; one that was dropped meanwhile is left alone."""
    rows = Assignment.everything.select_related("call__rules", "prepared_by")
    assignment = rows.filter(pk=job.params["assignment"], status=AssignmentStatus.SOLVING).first()
    if assignment is None:
        return {}
    progress(10, READING)
    found = build(assignment, progress.now())
    progress(40, SOLVING)
    try:
        answer = solve(found.problem)
    except Unsolved as error:
        raise JobFailed(NO_ANSWER) from error
    with progress.finishing() as result:
        propose_assignment(assignment=assignment, build=found, answer=answer, at=progress.now())
        result["experts"] = sum(map(len, answer.seats.values()))
    return {}


@handler(PREVIEW_KIND)
def draw_preview(job: Job, progress: Progress) -> dict[str, Any]:
    """Draw the first pages of a file; what cannot be drawn has no preview. A busy machine is tried again later."""
    rows = ApplicationFile.objects.select_related("attachment").filter(pk=job.params["file"], drawn_at=None)
    file = rows.first()
    if file is None:
        return {}
    progress(10, DRAWING)
    pictures = inspection.draw(file.attachment.file, DRAWN[file.attachment.mime])
    with progress.finishing() as result:
        result["pages"] = store_previews(file=file, pictures=pictures, at=progress.now())
    return {}


@shared_task(ignore_result=True, expires=600)
def chase_experts() -> None:
    """Let unanswered invitations lapse, fill the seats of draws that became free, remind of what is due soon."""
    at = database_now()
    lapse_invitations(at=at)
    fill_seats(at=at)
    remind_experts(at=at)


@shared_task(ignore_result=True, expires=600)
def chase_parties() -> None:
    """Remind the parties of contracts whose time to confirm or to sign is over."""
    remind_late_parties(at=database_now())


@shared_task(ignore_result=True, expires=600)
def tell_begun() -> None:
    """Tell the outcomes on lists that were published ahead and have begun."""
    tell_begun_lists(at=database_now())


@shared_task(ignore_result=True, expires=3600)
def watch_grants() -> None:
    """Alarms where a lead keeps money due to a member or a claim is overdue; contracts nobody had accepted expire."""
    watch_relays(at=database_now())
    watch_recoveries(at=database_now())
    expire_contracts(at=database_now())


@shared_task(ignore_result=True, expires=60)
def extend_calls() -> None:
    """Let calls close later by the time that the portal was away before their close."""
    extend_for_outages(at=database_now())
