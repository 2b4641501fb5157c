"""The direct recognition of a platform: proposed, opined, checked, perhaps heard by experts, decided by a meeting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action
from consortia.models import DirectCondition, DirectEvidence, DirectRecognition, Platform, TermsVersion
from consortia.rules.platforms import FEWEST_BUILDERS, REMINDER_DAYS, DirectAction
from consortia.rules.recognition import MOST_CONDITIONS, Condition, Terms, last_day, verdict
from consortia.selectors.platforms import due_to_end, held_until, measured, shares, terms_of
from consortia.services.consortia import FILES
from consortia.services.editing import editing
from consortia.services.life import Paper, note_event, require_paper, require_reason
from consortia.services.notices import tell_direct
from consortia.workflow import DIRECT
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused

A = DirectAction
Upload = UploadedFile[Any] | None


@dataclass(frozen=True)
class Finding:
    """What the check says of one condition."""

    met: bool
    note: str = ""


@dataclass(frozen=True)
class Hearing:
    """What the experts said, how many they were, and when."""

    favoured: bool
    count: int
    heard_on: date
    opinion: str


# --- the lead ----------------------------------------------------------------------------------
def propose_direct(
    *, platform: Platform, grounds: str, actor: Any, at: datetime, label: str = "", evidence: Upload = None
) -> DirectRecognition:
    """Ask the bureau to recognise a platform; its conditions are frozen as they stand today."""
    text = _require_text(grounds, "grounds")
    with editing(
        consortium=platform.consortium, action=Action.PROPOSE_DIRECT, actor=actor, at=at, name=platform,
        subject=platform,
    ):  # fmt: skip
        stored = Platform.objects.get(pk=platform.pk)
        terms, version = terms_of(stored.kind)
        ready = _require_ready(stored, terms, timezone.localdate(at))
        case = _begin(stored, text, ready, version, actor, at)
        _keep(case, label, evidence, actor, at)
        tell_direct(case=case, kind="consortia.direct_proposed", to="district", at=at)
    return case


def _begin(
    platform: Platform, grounds: str, terms: Terms, version: TermsVersion | None, actor: Any, at: datetime
) -> DirectRecognition:
    year = timezone.localtime(at).year
    case = DirectRecognition.objects.create(
        number=f"ZR-{year}-{next_number(f'ZR-{year}'):04d}", platform=platform, grounds=grounds, proposed_by=actor,
        terms_version=version.version if version else 0, years=terms.years, experts=terms.experts, created_at=at,
        moved_at=at,
    )  # fmt: skip
    DirectCondition.objects.bulk_create(
        DirectCondition(
            recognition=case, position=position, text_zh=one.text_zh, text_en=one.text_en, hard=one.hard,
            measure=one.measure, least=one.least,
        )
        for position, one in enumerate(terms.conditions, 1)
    )  # fmt: skip
    return case


def _require_ready(platform: Platform, terms: Terms | None, today: date) -> Terms:
    """Two builders with shares, a kind that has conditions, nothing else running. Raises TransitionRefused."""
    reasons: list[Any] = []
    given = shares(platform)
    if len(given) < FEWEST_BUILDERS:
        reasons.append(_("A joint platform is built by two parties or more; add the other builders first."))
    if not all(given):
        reasons.append(_("Give the share of every builder first."))
    if terms is None:
        reasons.append(_("Platforms of this kind are not recognised directly."))
    if platform.recognitions.running().exists():
        reasons.append(_("A direct recognition of this platform is running already."))
    if held := held_until(platform, today):
        reasons.append(
            _("It is recognised until %(day)s; that is too early for a renewal.") % {"day": held.valid_until}
        )
    if reasons or terms is None:
        raise TransitionRefused(*reasons)
    return terms


def attach_direct(
    *, case: DirectRecognition, label: str, evidence: Upload, actor: Any, at: datetime
) -> DirectRecognition:
    """Add a file that proves the proposal."""
    facts: dict[str, Any] = {}
    with _moving(case, A.ATTACH, actor, at, facts=facts) as locked:
        kept = _keep(locked, label, evidence, actor, at)
        if kept is None:
            raise ValidationError({"evidence": _("Choose a file.")})
        facts |= {"file": kept.attachment.name, "sha256": kept.attachment.sha256}
    return case


def detach_direct(*, evidence: DirectEvidence, actor: Any, at: datetime) -> DirectRecognition:
    """Take a file off the proposal; the stored file itself stays."""
    facts = {"file": evidence.attachment.name, "sha256": evidence.attachment.sha256}
    with _moving(evidence.recognition, A.DETACH, actor, at, facts=facts):
        evidence.delete()
    return evidence.recognition


def resubmit_direct(*, case: DirectRecognition, grounds: str, actor: Any, at: datetime) -> DirectRecognition:
    """Propose again what was returned; district and check begin anew."""
    text = _require_text(grounds, "grounds")
    with _moving(case, A.RESUBMIT, actor, at) as locked:
        locked.grounds, locked.proposed_by, locked.returned_because = text, actor, ""
        locked.supported, locked.opinion, locked.opined_by = None, "", None
        locked.check_note, locked.checked_by = "", None
        locked.favoured, locked.expert_count, locked.heard_on, locked.expert_opinion = None, None, None, ""
        locked.expert_file = None
        locked.conditions.update(met=None, value=None, note="")
        tell_direct(case=locked, kind="consortia.direct_proposed", to="district", at=at)
    return case


def withdraw_direct(*, case: DirectRecognition, actor: Any, at: datetime, note: str) -> DirectRecognition:
    """The lead takes its proposal back; it may propose anew."""
    reason = require_reason(note=note)
    with _moving(case, A.WITHDRAW, actor, at, note=reason) as locked:
        tell_direct(case=locked, kind="consortia.direct_withdrawn", to="officials", at=at)
    return case


# --- the district ------------------------------------------------------------------------------
def opine_direct(
    *, case: DirectRecognition, supported: bool, opinion: str, actor: Any, at: datetime
) -> DirectRecognition:
    """What the district says; it goes to the bureau either way."""
    text = _require_text(opinion, "opinion")
    with _moving(case, A.OPINE, actor, at, facts={"supported": supported}) as locked:
        locked.supported, locked.opinion, locked.opined_by = supported, text, actor
        tell_direct(case=locked, kind="consortia.direct_opined", to="officers", at=at)
    return case


def send_back_direct(*, case: DirectRecognition, actor: Any, at: datetime, note: str) -> DirectRecognition:
    """The district asks for something to be completed."""
    return _return(case, A.SEND_BACK, actor, at, note)


# --- the bureau --------------------------------------------------------------------------------
def return_direct(*, case: DirectRecognition, actor: Any, at: datetime, note: str) -> DirectRecognition:
    """The bureau asks for something to be completed; the district looks at it again."""
    return _return(case, A.RETURN, actor, at, note)


def _return(case: DirectRecognition, action: A, actor: Any, at: datetime, note: str) -> DirectRecognition:
    reason = require_reason(note=note)
    with _moving(case, action, actor, at, note=reason) as locked:
        locked.returned_because = reason
        tell_direct(case=locked, kind="consortia.direct_returned", to="lead", at=at)
    return case


def check_direct(
    *, case: DirectRecognition, findings: Mapping[Any, Finding], actor: Any, at: datetime, note: str = ""
) -> DirectRecognition:
    """An answer to every condition, by its key; one that contradicts the figures on record needs its reason."""
    with _moving(case, A.CHECK, actor, at) as locked:
        figures = measured(locked.platform, timezone.localdate(at))
        for row in locked.conditions.all():
            _answer(row, findings.get(row.pk), figures)
        locked.check_note, locked.checked_by = note.strip(), actor
        if not locked.experts:
            tell_direct(case=locked, kind="consortia.direct_checked", to="officers", at=at)
    return case


def _answer(row: DirectCondition, finding: Finding | None, figures: Mapping[str, Any]) -> None:
    if finding is None:
        raise ValidationError({str(row.pk): _("Say whether this condition is met.")})
    row.value = figures.get(row.measure)
    says = verdict(row.rule, row.value)
    if says is not None and says != finding.met and not finding.note.strip():
        raise ValidationError({f"{row.pk}-note": _("This contradicts the figure on record; say why.")})
    row.met, row.note = finding.met, finding.note.strip()
    row.save(update_fields=["met", "note", "value"])


def hear_direct(
    *, case: DirectRecognition, hearing: Hearing, evidence: Upload, actor: Any, at: datetime
) -> DirectRecognition:
    """What the experts said, with their paper; where the conditions do not ask for it, it may be left out."""
    text = _require_text(hearing.opinion, "opinion")
    if hearing.heard_on > timezone.localdate(at):
        raise ValidationError({"heard_on": _("This day is still to come.")})
    facts = {"favoured": hearing.favoured, "experts": hearing.count}
    with _moving(case, A.HEAR, actor, at, facts=facts) as locked:
        locked.favoured, locked.expert_count = hearing.favoured, hearing.count
        locked.heard_on, locked.expert_opinion = hearing.heard_on, text
        if evidence:
            locked.expert_file = files.store(evidence, actor=actor, kind=FILES, at=at, owner=None)
    return case


def table_direct(*, case: DirectRecognition, actor: Any, at: datetime, note: str = "") -> DirectRecognition:
    """The case goes to the meeting."""
    with _moving(case, A.TABLE, actor, at, note=note) as locked:
        tell_direct(case=locked, kind="consortia.direct_tabled", to="deciders", at=at)
    return case


def recognise_direct(
    *, case: DirectRecognition, paper: Paper, valid_from: date, actor: Any, at: datetime, note: str
) -> DirectRecognition:
    """The meeting recognises the platform, for the years that its conditions give."""
    reason = require_reason(note=note)
    require_paper(paper=paper, at=at)
    facts = paper.facts() | {"valid_from": valid_from.isoformat()}
    with _moving(case, A.RECOGNISE, actor, at, note=reason, facts=facts) as locked:
        _decide(locked, paper, reason, actor)
        locked.valid_from, locked.valid_until = valid_from, last_day(valid_from, locked.years)
        _require_unused(locked)
        _tell_all(locked, "consortia.direct_recognised", A.RECOGNISE, paper, reason, actor, at)
    return case


def refuse_direct(*, case: DirectRecognition, paper: Paper, actor: Any, at: datetime, note: str) -> DirectRecognition:
    """The meeting does not recognise the platform; the lead reads why."""
    reason = require_reason(note=note)
    require_paper(paper=paper, at=at)
    with _moving(case, A.REFUSE, actor, at, note=reason, facts=paper.facts()) as locked:
        _decide(locked, paper, reason, actor)
        tell_direct(case=locked, kind="consortia.direct_refused", to="everybody", at=at)
    return case


def revoke_direct(*, case: DirectRecognition, paper: Paper, actor: Any, at: datetime, note: str) -> DirectRecognition:
    """The recognition ends before its time; it leaves the directory."""
    reason = require_reason(note=note)
    require_paper(paper=paper, at=at)
    with _moving(case, A.REVOKE, actor, at, note=reason, facts=paper.facts()) as locked:
        locked.revoked_because, locked.published_on = reason, None
        _tell_all(locked, "consortia.direct_revoked", A.REVOKE, paper, reason, actor, at)
    return case


def publish_direct(*, case: DirectRecognition, actor: Any, at: datetime, note: str = "") -> DirectRecognition:
    """Everybody may find it in the directory."""
    with _moving(case, A.PUBLISH, actor, at, note=note) as locked:
        locked.published_on = timezone.localdate(at)
        tell_direct(case=locked, kind="consortia.direct_published", to="lead", at=at)
    return case


def conceal_direct(*, case: DirectRecognition, actor: Any, at: datetime, note: str = "") -> DirectRecognition:
    """The directory shows it no longer; the recognition stays."""
    with _moving(case, A.CONCEAL, actor, at, note=note) as locked:
        locked.published_on = None
    return case


def _decide(case: DirectRecognition, paper: Paper, reason: str, actor: Any) -> None:
    case.decided_by, case.reason = actor, reason
    case.document_number, case.meeting, case.meeting_on = paper.document_number, paper.meeting, paper.meeting_on


def _require_unused(case: DirectRecognition) -> None:
    same = DirectRecognition.objects.filter(status="RECOGNISED", document_number=case.document_number)
    if same.exists():
        raise ValidationError({"document_number": _("Another platform was recognised under this document number.")})


def _tell_all(
    case: DirectRecognition, kind: str, action: A, paper: Paper, reason: str, actor: Any, at: datetime
) -> None:
    tell_direct(case=case, kind=kind, to="everybody", at=at)
    note_event(consortium=case.platform.consortium, kind=action, actor=actor, at=at, by="", reason=reason, paper=paper)


# --- the clock ---------------------------------------------------------------------------------
def remind_of_ends(*, at: datetime) -> int:
    """Remind once of each recognition that ends soon; returns how many."""
    today = timezone.localdate(at)
    with transaction.atomic():
        ending = list(due_to_end(today, REMINDER_DAYS).select_for_update(of=("self",), skip_locked=True))
        for case in ending:
            case.reminded_on = today
            case.save(update_fields=["reminded_on"])
            until = case.valid_until.isoformat() if case.valid_until else ""
            tell_direct(case=case, kind="consortia.direct_ending", to="lead", at=at, until=until)
    return len(ending)


# --- the conditions ----------------------------------------------------------------------------
def set_terms(*, kind: str, terms: Terms, basis: str, actor: Any, at: datetime) -> TermsVersion:
    """A new version of the conditions of a kind; cases that run keep theirs."""
    require(actor, "consortia.set_terms")
    if not terms.conditions:
        raise ValidationError(_("A checklist has at least one condition."))
    if len(terms.conditions) > MOST_CONDITIONS:
        raise ValidationError(_("A checklist has at most %(n)s conditions.") % {"n": MOST_CONDITIONS})
    _require_text(basis, "basis")
    try:
        with transaction.atomic():
            version = _new_version(kind, terms, basis.strip(), actor, at)
            facts = {"kind": kind, "version": version.version, "conditions": version.conditions, "basis": basis}
            audit.record(actor=actor, action=A.SET_TERMS, subject=version, at=at, facts=facts)
    except IntegrityError as error:
        raise TransitionRefused(_("Somebody has set these conditions meanwhile; look at them first.")) from error
    return version


def _new_version(kind: str, terms: Terms, basis: str, actor: Any, at: datetime) -> TermsVersion:
    _terms, before = terms_of(kind)
    lines = [one.data() for one in map(_filled, terms.conditions)]
    return TermsVersion.objects.create(
        kind=kind, version=before.version + 1 if before else 1, conditions=lines, years=terms.years,
        experts=terms.experts, basis=basis, set_by=actor, created_at=at,
    )  # fmt: skip


def _filled(condition: Condition) -> Condition:
    if bool(condition.measure) != (condition.least is not None):
        raise ValidationError(
            _("A measure needs its figure, and a figure its measure: “%(text)s”.") % {"text": condition.text_zh}
        )
    return condition


# --- shared ------------------------------------------------------------------------------------
def _moving(case: DirectRecognition, action: A, actor: Any, at: datetime, *, note: str = "", facts: Any = None) -> Any:
    """The step, told in the name of the lead organisation where it is the lead's."""
    lead = case.platform.consortium.lead
    by_lead = action in {A.ATTACH, A.DETACH, A.RESUBMIT, A.WITHDRAW}
    told = facts if facts is not None else {}
    told["name"] = case.platform.name
    if by_lead:
        told |= {"by": lead.name, "by_id": str(lead.pk)}
    return DIRECT.moving(case, action, actor=actor, at=at, note=note, facts=told)


def _keep(case: DirectRecognition, label: str, upload: Upload, actor: Any, at: datetime) -> DirectEvidence | None:
    if upload is None:
        return None
    kept = files.store(upload, actor=actor, kind=FILES, at=at, owner=case.platform.consortium.lead_id)
    name = label.strip() or kept.name[:120]
    return DirectEvidence.objects.create(recognition=case, label=name, attachment=kept, created_at=at)


def _require_text(text: str, field: str) -> str:
    if not text.strip():
        raise ValidationError({field: _("This is needed here.")})
    return text.strip()
