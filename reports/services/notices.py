"""What the people concerned are told about the evaluation of a year."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums import OFFICIALS, ORGANISATION_ROLES, Role
from members.models import User
from members.selectors import holders
from portal.kernel.models import Notification
from portal.kernel.notifications import DEADLINE, SAFETY, insist, notify, register, topic
from reports.models import Evaluation, ExportJob, ExportSchedule, Report, ReportBatch, TypicalCase

OPENED = "reports.cycle_opened"
TO_VERIFY = "reports.to_verify"
RETURNED = "reports.returned"
TO_ASSIGN = "reports.to_assign"
TO_SCORE = "reports.to_score"
TO_GRADE = "reports.to_grade"
TO_CONFIRM = "reports.to_confirm"
SENT_BACK = "reports.sent_back"
PROVISIONAL = "reports.provisional"
FILE_DUE = "reports.file_due"
VERIFY_DUE = "reports.verify_due"
SCORE_DUE = "reports.score_due"
APPEALED = "reports.appealed"
OBJECTED = "reports.objected"
UPHELD = "reports.appeal_upheld"
DISMISSED = "reports.appeal_dismissed"
AGAIN = "reports.judged_again"
PUBLICISED = "reports.publicised"
EXEMPT = "reports.exempt"
FINAL = "reports.final"
ABSENT = "reports.absent"
TO_DECIDE = "reports.to_decide"
REVOKE = "reports.revoke"
MAY_RISE = "reports.may_rise"
PUBLISHED = "reports.published"
EDITION_WITHDRAWN = "reports.edition_withdrawn"
CASE_PROPOSED = "reports.case_proposed"
CASE_RETURNED = "reports.case_returned"
CASE_PUBLISHED = "reports.case_published"
CASE_WITHDRAWN = "reports.case_withdrawn"
REPORT_READY = "reports.report_ready"
REPORT_CORRECTED = "reports.report_corrected"
REPORT_FAILED = "reports.report_failed"
BATCH_READY = "reports.report_batch_ready"
BATCH_LACKS = "reports.report_batch_lacks"
EXPORT_READY = "reports.export_ready"
EXPORT_FAILED = "reports.export_failed"
EXPORT_STOPPED = "reports.export_stopped"
TRAIL_BROKEN = "reports.trail_broken"

register(OPENED, _("The annual evaluation %(year)s is open: file the self-report until %(due)s."))
register(TO_VERIFY, _("%(name)s has filed its self-report for %(year)s: please verify it."))
register(RETURNED, _("The self-report of %(name)s for %(year)s was returned for correction."), urgent=True)
register(TO_ASSIGN, _("The self-report of %(name)s for %(year)s is verified: an expert is to be assigned."))
register(TO_SCORE, _("You are asked to score the annual evaluation %(year)s of %(name)s."))
register(TO_GRADE, _("The expert has scored %(name)s for %(year)s: the year can be graded."))
register(TO_CONFIRM, _("The grade of %(name)s for %(year)s waits for confirmation."))
register(SENT_BACK, _("The grade of %(name)s for %(year)s was sent back."), urgent=True)
register(
    PROVISIONAL,
    _("The grade of %(name)s for %(year)s can be read: accept it, or appeal until %(until)s."),
    urgent=True,
)
register(FILE_DUE, _("The self-report of %(name)s for %(year)s is due on %(due)s."), urgent=True)
register(VERIFY_DUE, _("The verification of %(name)s for %(year)s is due on %(due)s."), urgent=True)
register(SCORE_DUE, _("The scores of %(name)s for %(year)s are due on %(due)s."), urgent=True)
register(APPEALED, _("%(name)s appeals against its grade for %(year)s: please decide by %(due)s."), urgent=True)
register(OBJECTED, _("An objection to the grade of %(name)s for %(year)s was received (%(number)s)."), urgent=True)
register(UPHELD, _("Your appeal against the grade of %(name)s for %(year)s was upheld."))
register(DISMISSED, _("Your appeal against the grade of %(name)s for %(year)s was dismissed."), urgent=True)
register(AGAIN, _("The grade of %(name)s for %(year)s is void: what was contested is to be done again."), urgent=True)
register(PUBLICISED, _("The grade of %(name)s for %(year)s is published for objections until %(until)s."))
register(EXEMPT, _("%(name)s is exempt from the annual evaluation %(year)s."))
register(FINAL, _("The annual evaluation %(year)s of %(name)s is final."))
register(ABSENT, _("%(name)s is recorded as absent from the annual evaluation %(year)s."), urgent=True)
register(TO_DECIDE, _("What follows from the year %(year)s for %(name)s waits for a decision."))
register(REVOKE, _("An exit case about %(name)s is to be opened after its year %(year)s."), urgent=True)
register(MAY_RISE, _("After its year %(year)s, %(name)s may apply for a higher tier by the fast track."))
register(PUBLISHED, _("The public edition of the report of %(name)s for %(year)s is published (%(number)s)."))
register(
    EDITION_WITHDRAWN,
    _("The public edition of the report of %(name)s for %(year)s was withdrawn (%(number)s)."),
    urgent=True,
)
register(CASE_PROPOSED, _("The typical case of %(name)s waits to be published."))
register(CASE_RETURNED, _("The typical case of %(name)s was returned to be changed."))
register(CASE_PUBLISHED, _("A typical case about %(name)s in %(year)s is published."))
register(CASE_WITHDRAWN, _("The typical case about %(name)s in %(year)s was withdrawn."))
register(REPORT_READY, _("The report %(number)s is ready."))
register(REPORT_CORRECTED, _("A corrected report takes the place of the one before: %(number)s."))
register(REPORT_FAILED, _("The report %(number)s could not be made."), urgent=True)
register(BATCH_READY, _("All %(reports)s reports of the year %(year)s are ready."))
register(BATCH_LACKS, _("%(lacking)s of the %(reports)s reports of the year %(year)s could not be made."), urgent=True)
register(EXPORT_READY, _("The file of %(title)s is ready; it is kept until %(until)s."))
register(EXPORT_FAILED, _("The file of %(title)s could not be made."), urgent=True)
register(EXPORT_STOPPED, _("The file of %(title)s is made no more by itself: the right to it is gone."))
register(TRAIL_BROKEN, _("Alarm: the audit trail was tampered with (%(first)s)."), urgent=True)

topic(_("Annual evaluation"), "reports.", roles=OFFICIALS | ORGANISATION_ROLES | {Role.EXPERT})
topic(_("Report documents"), "reports.report_", roles=OFFICIALS | ORGANISATION_ROLES)
topic(_("Funding reports"), "reports.export_", roles=OFFICIALS | ORGANISATION_ROLES)
topic(_("Audit trail"), TRAIL_BROKEN, roles={Role.AUDIT_ADMIN})
insist(DEADLINE, FILE_DUE, VERIFY_DUE, SCORE_DUE, RETURNED, ABSENT, PROVISIONAL)
insist(SAFETY, TRAIL_BROKEN)


def tell(*, evaluation: Evaluation, kind: str, recipients: Iterable[User], at: datetime, **words: Any) -> None:
    """A notice about one evaluation; `words` are what its sentence says beside name and year."""
    params = {"name": evaluation.consortium.name, "year": evaluation.cycle.year, **words}
    notify(recipients=recipients, kind=kind, params=params, url=evaluation.get_absolute_url(), at=at)


def tell_roles(*roles: Role, evaluation: Evaluation, kind: str, at: datetime, **place: Any) -> None:
    """Tell everybody who holds one of the roles, at a place if one is named."""
    tell(evaluation=evaluation, kind=kind, recipients=holders(*roles, **place), at=at)


def tell_lead(*, evaluation: Evaluation, kind: str, at: datetime, **words: Any) -> None:
    """Tell those who write and sign for the lead."""
    people = holders(Role.APPLICANT, Role.SIGNATORY, organisation=evaluation.consortium.lead_id)
    tell(evaluation=evaluation, kind=kind, recipients=people, at=at, **words)


def tell_of_case(*, case: TypicalCase, kind: str, recipients: Iterable[User], at: datetime) -> None:
    """A notice about a typical case."""
    params = {"name": case.evaluation.consortium.name, "year": case.evaluation.cycle.year}
    notify(recipients=recipients, kind=kind, params=params, url=case.get_absolute_url(), at=at)


def tell_about_report(*, report: Report, kind: str, recipients: Iterable[User], at: datetime) -> None:
    """A notice about a report document."""
    notify(recipients=recipients, kind=kind, params={"number": report.number}, url=report.get_absolute_url(), at=at)


def tell_of_batch(*, batch: ReportBatch, at: datetime, done: int, reports: int) -> None:
    """To whoever ordered it: every report is there, or how many are not."""
    params = {"year": batch.cycle.year, "reports": reports, "lacking": reports - done}
    kind = BATCH_LACKS if params["lacking"] else BATCH_READY
    notify(recipients=[batch.requested_by], kind=kind, params=params, url=batch.get_absolute_url(), at=at)


def tell_broken_trail(*, breaks: list[str], at: datetime) -> None:
    """Alarm the audit administrators; whoever has not read the last alarm gets no second one."""
    warned = Notification.objects.unread().filter(kind=TRAIL_BROKEN).values("recipient")
    recipients = holders(Role.AUDIT_ADMIN).exclude(pk__in=warned)
    params = {"first": breaks[0], "count": len(breaks)}
    notify(recipients=recipients, kind=TRAIL_BROKEN, params=params, url=reverse("reports:audit-list"), at=at)


def tell_of_export(*, order: ExportJob, title: str, at: datetime) -> None:
    """To whoever had the file made: it is there, or could not be made."""
    params = {"title": title}
    if order.expires_at:
        params["until"] = timezone.localtime(order.expires_at).strftime("%Y-%m-%d %H:%M")
    kind = EXPORT_READY if order.expires_at else EXPORT_FAILED
    notify(recipients=[order.requested_by], kind=kind, params=params, url=order.get_absolute_url(), at=at)


def tell_of_stopped_schedule(*, schedule: ExportSchedule, title: str, at: datetime) -> None:
    """To whoever had set it up."""
    notify(recipients=[schedule.requested_by], kind=EXPORT_STOPPED, params={"title": title}, url="/", at=at)
