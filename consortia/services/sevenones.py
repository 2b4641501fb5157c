"""The Seven Ones of a year: claimed by the lead, verified or sent back by the bureau, closed with the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, Progress, SevenOnes
from consortia.models import Consortium, SevenOnesEvidence, SevenOnesItem, SevenOnesYear
from consortia.rules.sevenones import OneStatus, Proof, seven_ones
from consortia.selectors.facts import facts_of, load_whole
from consortia.selectors.sevenones import SEEN, entries_for, name_of
from consortia.services.notices import WRITERS
from consortia.workflow import SEVEN
from members.enums import Role
from members.selectors import holders
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.notifications import notify
from portal.kernel.stale import require_unchanged
from portal.kernel.workflow import TransitionRefused

KIND = "evidence"
MOST_FILES = 20
OF_THE_BUREAU = {"by": "", "by_id": ""}


@dataclass(frozen=True)
class Claim:
    """What the lead says: how far it is, in words, the keys of the evidence that counts, and a further file."""

    progress: Progress
    narrative: str = ""
    evidence: frozenset[str] = field(default_factory=frozenset)
    upload: File[bytes] | None = None
    label: str = ""


# --- the lead ----------------------------------------------------------------------------------
def claim_seven(
    *, consortium: Consortium, year: int, item: SevenOnes, claim: Claim, actor: Any, at: datetime, seen: str = ""
) -> SevenOnesItem:
    """Claim one of the seven for a year; what was verified before stands until the bureau has looked again."""
    require(actor, "consortia.claim_seven", consortium)
    with transaction.atomic():
        _lock_year(year, shared=True)
        row, _made = SevenOnesItem.objects.get_or_create(consortium=consortium, year=year, item=item)
        facts = _said(row) | {"by": consortium.lead.name, "by_id": str(consortium.lead_id)}
        with SEVEN.moving(row, Action.CLAIM_SEVEN, actor=actor, at=at, note=claim.narrative, facts=facts) as locked:
            typed = {"claimed": claim.progress, "narrative": claim.narrative}
            require_unchanged(row=locked, seen=seen, typed=typed, names=SEEN)
            is_news = locked.status != OneStatus.CLAIMED
            _claim(locked, claim, actor, at)
            facts |= {"claimed": locked.claimed, "proposed": locked.proposed, "evidence": _listed(locked)}
        if is_news:
            _tell_judges(row, at)
    return row


def _claim(row: SevenOnesItem, claim: Claim, actor: Any, at: datetime) -> None:
    whole = load_whole(row.consortium)
    row.proposed = next(one.progress for one in seven_ones(facts_of(whole)).ones if one.item == row.item)
    _keep_evidence(row, whole, claim, actor, at)
    if claim.progress > row.proposed and not claim.narrative.strip():
        raise ValidationError({"narrative": _("The registers say less; say here why it is further.")})
    if claim.progress and row.item != SevenOnes.SUB_FIELD and not row.evidence.exists():
        raise ValidationError({"evidence": _("Name what proves it: an entry of the register, or a file.")})
    row.claimed, row.narrative = claim.progress, claim.narrative.strip()
    row.claimed_by, row.claimed_at, row.reason = actor, at, ""


def _keep_evidence(row: SevenOnesItem, whole: Consortium, claim: Claim, actor: Any, at: datetime) -> None:
    """Drop what is not named any more, link what is new, store the further file."""
    kept = {proof.key: proof for proof in row.evidence.all()}
    entries = {f"{kind}:{entry.pk}": (kind, entry) for kind, entry in entries_for(whole, SevenOnes(row.item))}
    if claim.evidence - kept.keys() - entries.keys():
        raise ValidationError({"evidence": _("One of these is not in the registers of the consortium any more.")})
    row.evidence.filter(pk__in=[proof.pk for key, proof in kept.items() if key not in claim.evidence]).delete()
    for key in sorted(claim.evidence - kept.keys()):
        kind, entry = entries[key]
        row.evidence.create(kind=kind, object_id=entry.pk, label=name_of(kind, entry)[:160], created_at=at)
    if claim.upload:
        _attach(row, claim, actor, at)


def _attach(row: SevenOnesItem, claim: Claim, actor: Any, at: datetime) -> None:
    if not claim.label.strip():
        raise ValidationError({"label": _("Say what the file proves.")})
    stored = row.evidence.filter(kind=Proof.FILE)
    if stored.count() >= MOST_FILES:
        raise ValidationError({"upload": _("%(most)s files are attached, which is all there can be.")
                               % {"most": MOST_FILES}})  # fmt: skip
    attachment = files.store(claim.upload, actor=actor, kind=KIND, at=at, owner=row.consortium.lead_id)  # type: ignore[arg-type]
    if stored.filter(attachment__sha256=attachment.sha256).exists():
        raise ValidationError({"upload": _("This very file is attached already.")})
    SevenOnesEvidence.objects.create(
        row=row, kind=Proof.FILE, attachment=attachment, label=claim.label.strip(), created_at=at
    )


# --- the bureau --------------------------------------------------------------------------------
def verify_seven(*, row: SevenOnesItem, actor: Any, at: datetime, seen: str = "", note: str = "") -> SevenOnesItem:
    """The bureau finds it as it is claimed."""
    with transaction.atomic():
        _lock_year(row.year, shared=True)
        facts = _said(row) | OF_THE_BUREAU
        with SEVEN.moving(row, Action.VERIFY_SEVEN, actor=actor, at=at, note=note, facts=facts) as locked:
            require_unchanged(row=locked, seen=seen, typed={}, names=SEEN)
            if locked.claimed > locked.proposed and not note.strip():
                raise ValidationError({"note": _("The claim goes beyond what the registers say: say why it is right.")})
            locked.verified, locked.verified_by, locked.verified_at = locked.claimed, actor, at
            facts |= {"verified": locked.claimed, "evidence": _listed(locked)}
        _tell_writers(row, "consortia.seven_verified", at)
    return row


def return_seven(*, row: SevenOnesItem, note: str, actor: Any, at: datetime, seen: str = "") -> SevenOnesItem:
    """The bureau does not find it so; `note` says why, and the lead may claim again."""
    reason = note.strip()
    if not reason:
        raise ValidationError({"note": _("Give the reason.")})
    with transaction.atomic():
        _lock_year(row.year, shared=True)
        facts = _said(row) | OF_THE_BUREAU
        with SEVEN.moving(row, Action.RETURN_SEVEN, actor=actor, at=at, note=reason, facts=facts) as locked:
            require_unchanged(row=locked, seen=seen, typed={}, names=SEEN)
            locked.reason = reason
        _tell_writers(row, "consortia.seven_returned", at)
    return row


def close_seven(*, year: int, actor: Any, at: datetime) -> SevenOnesYear:
    """Close a year that is over; no claim may wait any more."""
    require(actor, "consortia.close_seven")
    if year >= timezone.localdate(at).year:
        raise TransitionRefused(_("The year %(year)s is not over yet.") % {"year": year})
    with transaction.atomic():
        _lock_year(year, shared=False)
        waiting = SevenOnesItem.objects.waiting().filter(year=year).count()
        if waiting:
            raise TransitionRefused(_("%(count)s claims of this year still wait for verification.")
                                    % {"count": waiting})  # fmt: skip
        row, made = SevenOnesYear.objects.get_or_create(year=year, defaults={"closed_by": actor, "closed_at": at})
        if not made:
            raise TransitionRefused(_("The year %(year)s is closed.") % {"year": year})
        audit.record(actor=actor, action=Action.CLOSE_SEVEN, subject=row, at=at, facts={"year": year})
    return row


# --- shared ------------------------------------------------------------------------------------
def _lock_year(year: int, *, shared: bool) -> None:
    """Whoever closes the year waits for those at work in it, and they for the closing."""
    call = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}(hashtextextended(%s, 0))", [f"seven:{year}"])


def _said(row: SevenOnesItem) -> dict[str, Any]:
    return {"item": row.item, "year": row.year}


def _listed(row: SevenOnesItem) -> list[Mapping[str, str]]:
    """The evidence as it is at this moment, for the trail."""
    proofs = row.evidence.select_related("attachment")
    return [{"key": one.key, "label": one.label, "sha256": one.attachment.sha256 if one.attachment else ""}
            for one in proofs]  # fmt: skip


def _tell_judges(row: SevenOnesItem, at: datetime) -> None:
    officer = row.consortium.liaison_officer
    people = [officer] if officer and officer.is_active else holders(Role.OFFICER)
    said = {"consortium": row.consortium.name, "year": row.year}
    notify(recipients=people, kind="consortia.seven_claimed", params=said, url=row.get_absolute_url(), at=at)


def _tell_writers(row: SevenOnesItem, kind: str, at: datetime) -> None:
    people = holders(*WRITERS, organisation=row.consortium.lead_id)
    said = {"consortium": row.consortium.name, "year": row.year}
    notify(recipients=people, kind=kind, params=said, url=row.get_absolute_url(), at=at)
