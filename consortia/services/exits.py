"""The exit case: opened, heard, settled, decided, publicised, perhaps appealed, closed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, ExitMeasure, ExitTrigger
from consortia.models import Consortium, ExitCase
from consortia.rules.stages import PUBLICITY_DAYS, STATEMENT_WORKING_DAYS
from consortia.services.consortia import FILES, end_rectification
from consortia.services.editing import editing
from consortia.services.life import NO_PAPER, Paper, note_event, require_paper, require_reason
from consortia.services.notices import tell_all, tell_case, tell_case_officers
from consortia.workflow import CONSORTIUM, EXIT_CASE
from members.enums import IntegrityLevel
from members.services.integrity import enter_breach
from portal.kernel import files
from portal.kernel.authz import require
from portal.kernel.calendar import add_working_days
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused

BEHAVIOUR = 300  # characters of the integrity record


@dataclass(frozen=True)
class Settlement:
    """How funds, intellectual property and equipment are settled; `recovered` in yuan."""

    funds: str
    ip: str
    equipment: str
    recovered: Decimal = Decimal(0)
    no_fault: bool = False


def request_exit(*, consortium: Consortium, grounds: str, actor: Any, at: datetime) -> ExitCase:
    """The lead asks to leave of its own will."""
    case = _open(consortium, Action.REQUEST_EXIT, ExitTrigger.VOLUNTARY, grounds, actor, at)
    tell_case_officers(case=case, kind="consortia.exit_requested", at=at)
    return case


def open_exit(
    *, consortium: Consortium, trigger: ExitTrigger | str, grounds: str, actor: Any, at: datetime
) -> ExitCase:
    """The bureau opens a case; only the lead itself leaves of its own will."""
    if trigger == ExitTrigger.VOLUNTARY:
        raise ValidationError({"trigger": _("Only the lead organisation itself applies for the exit.")})
    case = _open(consortium, Action.OPEN_EXIT, ExitTrigger(trigger), grounds, actor, at)
    tell_case(case=case, kind="consortia.exit_opened", at=at)
    return case


def _open(
    consortium: Consortium, action: Action, trigger: ExitTrigger, grounds: str, actor: Any, at: datetime
) -> ExitCase:
    if not grounds.strip():
        raise ValidationError({"grounds": _("Give the grounds.")})
    facts: dict[str, Any] = {"trigger": trigger.value}
    by_lead = action == Action.REQUEST_EXIT
    if not by_lead:
        facts |= {"by": "", "by_id": ""}
    with editing(consortium=consortium, action=action, actor=actor, at=at, note=grounds.strip(), facts=facts) as locked:
        if locked.leaving_since:
            raise TransitionRefused(_("An exit case about this consortium is running."))
        year = timezone.localtime(at).year
        case = ExitCase.objects.create(
            number=f"TC-{year}-{next_number(f'TC-{year}'):04d}", consortium=locked, trigger=trigger,
            grounds=grounds.strip(), opened_by=actor, created_at=at,
        )  # fmt: skip
        _mark(locked, timezone.localdate(at))
        name = locked.lead.name if by_lead else ""
        note_event(consortium=locked, kind=action, actor=actor, at=at, by=name, reason=case.grounds)
        facts |= {"case": case.number}
    consortium.refresh_from_db()
    return case


def serve_notice(*, case: ExitCase, notice_number: str, actor: Any, at: datetime, note: str) -> ExitCase:
    """Send the notice with the facts and the measure intended; `note` holds them."""
    reason = require_reason(note=note)
    if not notice_number.strip():
        raise ValidationError({"notice_number": _("This is needed here.")})
    paper = Paper(document_number=notice_number.strip())
    with EXIT_CASE.moving(case, Action.SERVE_NOTICE, actor=actor, at=at, note=reason, facts=paper.facts()) as locked:
        _require_not_voluntary(locked)
        locked.notice_number, locked.served_on = paper.document_number, timezone.localdate(at)
        tell_case(case=locked, kind="consortia.exit_noticed", at=at)
        _tell_life(locked, Action.SERVE_NOTICE, actor, at, reason, paper)
    return case


def record_delivery(*, case: ExitCase, actor: Any, at: datetime, note: str = "") -> ExitCase:
    """The notice has arrived: the lead says so, or the officer with the proof in `note`. The period begins."""
    with EXIT_CASE.moving(case, Action.RECORD_DELIVERY, actor=actor, at=at, note=note) as locked:
        today = timezone.localdate(at)
        locked.delivered_on = today
        locked.statement_due = add_working_days(today, STATEMENT_WORKING_DAYS)
        tell_case(case=locked, kind="consortia.exit_hearing", at=at, due=locked.statement_due.isoformat())
    return case


def file_statement(
    *, case: ExitCase, statement: str, evidence: "UploadedFile[Any] | None", actor: Any, at: datetime
) -> ExitCase:
    """What the lead says to its defence, once and in time."""
    if not statement.strip():
        raise ValidationError({"statement": _("The statement has no text.")})
    with EXIT_CASE.moving(case, Action.FILE_STATEMENT, actor=actor, at=at) as locked:
        locked.statement, locked.stated_by, locked.stated_at = statement.strip(), actor, at
        locked.statement_file = _kept(locked, evidence, actor, at)
        tell_case_officers(case=locked, kind="consortia.exit_stated", at=at)
        _tell_life(locked, Action.FILE_STATEMENT, actor, at, "", by=locked.consortium.lead.name)
    return case


def assess_exit(*, case: ExitCase, settlement: Settlement, actor: Any, at: datetime, note: str = "") -> ExitCase:
    """Funds, intellectual property and equipment are settled, and whether anybody is at fault."""
    if settlement.no_fault and case.trigger == ExitTrigger.VIOLATION:
        raise ValidationError({"no_fault": _("Who has violated rules is not without fault.")})
    facts = {"recovered": f"{settlement.recovered:.2f}", "no_fault": settlement.no_fault}
    with EXIT_CASE.moving(case, Action.ASSESS_EXIT, actor=actor, at=at, note=note, facts=facts) as locked:
        for name in ("funds", "ip", "equipment", "recovered", "no_fault"):
            setattr(locked, name, getattr(settlement, name))
        locked.assessed_by = actor
        tell_case(case=locked, kind="consortia.exit_assessed", at=at)
        _tell_life(locked, Action.ASSESS_EXIT, actor, at, note)
    return case


def decide_exit(
    *,
    case: ExitCase,
    measure: ExitMeasure | str,
    paper: Paper,
    actor: Any,
    at: datetime,
    note: str,
    integrity_level: IntegrityLevel | str = "",
) -> ExitCase:
    """What the meeting decided; to revoke needs the bureau leader, and a violation enters the integrity record."""
    reason = require_reason(note=note)
    require_paper(paper=paper, at=at)
    if measure == ExitMeasure.REVOKE:
        require(actor, "consortia.revoke_consortium", case)
    facts = {"measure": ExitMeasure(measure).value, "integrity_level": str(integrity_level)} | paper.facts()
    with EXIT_CASE.moving(case, Action.DECIDE_EXIT, actor=actor, at=at, note=reason, facts=facts) as locked:
        _require_fitting(locked, measure, integrity_level)
        locked.measure, locked.integrity_level, locked.decided_by = measure, integrity_level, actor
        locked.document_number, locked.meeting = paper.document_number, paper.meeting
        locked.meeting_on = paper.meeting_on
        tell_case(case=locked, kind="consortia.exit_decided", at=at)
        _tell_life(locked, Action.DECIDE_EXIT, actor, at, reason, paper)
    return case


def _require_fitting(case: ExitCase, measure: str, integrity_level: str) -> None:
    """Without fault nobody is revoked nor recorded; a violation is recorded."""
    if case.no_fault and measure == ExitMeasure.REVOKE:
        raise ValidationError({"measure": _("Who was diligent leaves; the recognition is not revoked.")})
    if case.trigger == ExitTrigger.VIOLATION and not integrity_level:
        raise ValidationError({"integrity_level": _("A violation enters the integrity record; give its weight.")})
    if case.trigger != ExitTrigger.VIOLATION and integrity_level:
        raise ValidationError({"integrity_level": _("Only a violation enters the integrity record.")})


def publicise_exit(*, case: ExitCase, actor: Any, at: datetime, note: str = "") -> ExitCase:
    """The decision stands on the consortium's public page from today on; the lead may appeal until the last day."""
    with EXIT_CASE.moving(case, Action.PUBLICISE_EXIT, actor=actor, at=at, note=note) as locked:
        today = timezone.localdate(at)
        locked.publicised_from, locked.publicised_to = today, today + timedelta(days=PUBLICITY_DAYS)
        tell_case(case=locked, kind="consortia.exit_publicised", at=at, until=locked.publicised_to.isoformat())
        _tell_life(locked, Action.PUBLICISE_EXIT, actor, at, "", _paper_of(locked))
    return case


def appeal_exit(
    *, case: ExitCase, appeal: str, evidence: "UploadedFile[Any] | None", actor: Any, at: datetime
) -> ExitCase:
    """The lead appeals while the decision is publicised."""
    if not appeal.strip():
        raise ValidationError({"appeal": _("The appeal has no text.")})
    with EXIT_CASE.moving(case, Action.APPEAL_EXIT, actor=actor, at=at) as locked:
        locked.appeal, locked.appealed_at = appeal.strip(), at
        locked.appeal_file = _kept(locked, evidence, actor, at)
        tell_case_officers(case=locked, kind="consortia.exit_appealed", at=at)
        _tell_life(locked, Action.APPEAL_EXIT, actor, at, "", by=locked.consortium.lead.name)
    return case


def uphold_exit(*, case: ExitCase, actor: Any, at: datetime, note: str) -> ExitCase:
    """The appeal is rejected; the case may be closed."""
    reason = require_reason(note=note)
    with EXIT_CASE.moving(case, Action.UPHOLD_EXIT, actor=actor, at=at, note=reason) as locked:
        locked.appeal_decided_by = actor
        tell_case(case=locked, kind="consortia.exit_upheld", at=at)
        _tell_life(locked, Action.UPHOLD_EXIT, actor, at, reason)
    return case


def reverse_exit(*, case: ExitCase, actor: Any, at: datetime, note: str) -> ExitCase:
    """The appeal is granted: the case ends and the consortium stays."""
    return _end(case, Action.REVERSE_EXIT, "consortia.exit_reversed", actor, at, note)


def dismiss_exit(*, case: ExitCase, actor: Any, at: datetime, note: str) -> ExitCase:
    """There are no grounds to go on: the case ends and the consortium stays."""
    return _end(case, Action.DISMISS_EXIT, "consortia.exit_dismissed", actor, at, note)


def withdraw_exit(*, case: ExitCase, actor: Any, at: datetime, note: str) -> ExitCase:
    """Before a meeting has decided, the lead takes back what it has asked for: the consortium stays."""
    return _end(case, Action.WITHDRAW_EXIT, "consortia.exit_withdrawn", actor, at, note)


def _end(case: ExitCase, action: Action, kind: str, actor: Any, at: datetime, note: str) -> ExitCase:
    reason, by_lead = require_reason(note=note), action == Action.WITHDRAW_EXIT
    with EXIT_CASE.moving(case, action, actor=actor, at=at, note=reason) as locked:
        _mark(_held(locked), None)
        locked.ended_on = timezone.localdate(at)
        if action == Action.REVERSE_EXIT:
            locked.appeal_decided_by = actor
        tell = tell_case_officers if by_lead else tell_case
        tell(case=locked, kind=kind, at=at)
        _tell_life(locked, action, actor, at, reason, by=locked.consortium.lead.name if by_lead else "")
    return case


def close_exit(*, case: ExitCase, actor: Any, at: datetime, note: str = "") -> ExitCase:
    """The decision takes effect: the consortium leaves, or its recognition is revoked; a violation is recorded."""
    with EXIT_CASE.moving(case, Action.CLOSE_EXIT, actor=actor, at=at, note=note) as locked:
        consortium = _held(locked)
        locked.ended_on = timezone.localdate(at)
        leaves = locked.measure == ExitMeasure.EXIT
        action, kind = (Action.EXIT, "consortia.exited") if leaves else (Action.REVOKE, "consortia.revoked")
        if locked.integrity_level:
            _enter_breach(locked, consortium, actor, at)
        facts = {"case": locked.number} | _paper_of(locked).facts()
        with CONSORTIUM.moving(consortium, action, actor=actor, at=at, note=note, facts=facts) as leaving:
            leaving.leaving_since = None
            end_rectification(consortium=leaving, at=at)
            tell_all(consortium=leaving, kind=kind, at=at)
            note_event(consortium=leaving, kind=action, actor=actor, at=at, reason=note, paper=_paper_of(locked))
    return case


# --- helpers -----------------------------------------------------------------------------------
def _held(case: ExitCase) -> Consortium:
    """The consortium, locked before the first entry of the trail."""
    return Consortium.objects.select_for_update(of=("self",)).select_related("lead").get(pk=case.consortium_id)


def _enter_breach(case: ExitCase, consortium: Consortium, actor: Any, at: datetime) -> None:
    """The violation stands against the lead organisation."""
    enter_breach(
        organisation=consortium.lead, level=case.integrity_level, behaviour=case.grounds[:BEHAVIOUR],
        source=case.document_number, measure=case.get_measure_display(), effective_from=timezone.localdate(at),
        actor=actor, at=at,
    )  # fmt: skip


def _mark(consortium: Consortium, since: date | None) -> None:
    """Show everywhere that a case is running; the caller holds the row."""
    consortium.leaving_since = since
    consortium.save(update_fields=["leaving_since"])


def _kept(case: ExitCase, upload: "UploadedFile[Any] | None", actor: Any, at: datetime) -> Any:
    owner = case.consortium.lead_id
    return files.store(upload, actor=actor, kind=FILES, at=at, owner=owner) if upload else None


def _require_not_voluntary(case: ExitCase) -> None:
    if case.trigger == ExitTrigger.VOLUNTARY:
        raise TransitionRefused(_("Who leaves of its own will needs no notice; assess the settlement."))


def _paper_of(case: ExitCase) -> Paper:
    return Paper(case.document_number, case.meeting, case.meeting_on)


def _tell_life(
    case: ExitCase, kind: Action, actor: Any, at: datetime, reason: str, paper: Paper = NO_PAPER, by: str = ""
) -> None:
    note_event(consortium=case.consortium, kind=kind, actor=actor, at=at, by=by, reason=reason, paper=paper)
