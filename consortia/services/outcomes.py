"""What a consortium brings forth: recorded by the lead, judged by the bureau."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import NEVER_JOINED, NUMBERED, Action, Verification
from consortia.models import Adoption, Consortium, CoOwner, Outcome, OutcomeEvidence
from consortia.rules.identifiers import number_fault
from consortia.rules.numbers import canonical_number
from consortia.services.duplicates import flag_duplicates, lift_flags, lock_numbers
from consortia.services.editing import editing, store
from consortia.services.notices import tell_writers
from members.models import Organisation
from portal.kernel import files
from portal.kernel.workflow import TransitionRefused

KIND = "evidence"
MOST_FILES = 20
WHOLE = Decimal(100)
OF_THE_BUREAU = {"by": "", "by_id": ""}
JUDGED = ("verification", "judged_by_id", "judged_at", "doubt")


@dataclass(frozen=True)
class Holding:
    """A member that owns a part of an outcome; a share in per cent, or None where all own it equally."""

    organisation: Organisation
    share: Decimal | None = None


# --- the lead ----------------------------------------------------------------------------------
def add_outcome(
    *, consortium: Consortium, outcome: Outcome, actor: Any, at: datetime, co_owners: Sequence[Holding] = ()
) -> Outcome:
    """Record an unsaved outcome; a number that is claimed already is flagged, not refused."""
    with editing(consortium=consortium, action=Action.ADD_OUTCOME, actor=actor, at=at, name=outcome) as locked:
        outcome.consortium, outcome.created_at = locked, at
        _store(outcome, co_owners, at)
        flag_duplicates(outcome=outcome, actor=actor, at=at)
    return outcome


def update_outcome(
    *, outcome: Outcome, actor: Any, at: datetime, seen: str = "", co_owners: Sequence[Holding] | None = None
) -> Outcome:
    """Store a changed outcome, with its co-owners as they were unless others are given.

    What the bureau said of it lapses when anything changed.
    """
    with editing(
        consortium=outcome.consortium, action=Action.UPDATE_OUTCOME, actor=actor, at=at, name=outcome, subject=outcome,
        seen=seen,
    ):  # fmt: skip
        before = Outcome.objects.select_for_update(no_key=True).get(pk=outcome.pk)
        held = _held(before)
        for name in JUDGED:
            setattr(outcome, name, getattr(before, name))
        _store(outcome, held if co_owners is None else co_owners, at, before=before)
        if _content(before, held) != _content(outcome, _held(outcome)):
            _lapse(outcome)
        flag_duplicates(outcome=outcome, actor=actor, at=at)
    return outcome


def remove_outcome(*, outcome: Outcome, actor: Any, at: datetime) -> None:
    """Take an outcome off the record; the trail keeps that it was there."""
    with editing(
        consortium=outcome.consortium, action=Action.REMOVE_OUTCOME, actor=actor, at=at, name=outcome, subject=outcome
    ):
        lock_numbers(numbers=[outcome.canonical])
        lift_flags(outcome=outcome, actor=actor, at=at, gone=True)
        outcome.delete()


def attach_evidence(*, outcome: Outcome, upload: File[bytes], label: str, actor: Any, at: datetime) -> OutcomeEvidence:
    """Add a file that proves the outcome; the bureau has to look again."""
    facts: dict[str, Any] = {}
    with _part(outcome, Action.ATTACH_EVIDENCE, actor, at, facts=facts) as locked:
        if locked.evidence.count() >= MOST_FILES:
            raise ValidationError({"upload": _("%(most)s files are attached, which is all there can be.")
                                   % {"most": MOST_FILES}})  # fmt: skip
        owner = locked.consortium.lead_id
        attachment = files.store(upload, actor=actor, kind=KIND, at=at, owner=owner)
        if locked.evidence.filter(attachment__sha256=attachment.sha256).exists():
            raise ValidationError({"upload": _("This very file is attached already.")})
        made = OutcomeEvidence.objects.create(outcome=locked, attachment=attachment, label=label, created_at=at)
        facts |= {"file": attachment.name, "sha256": attachment.sha256}
        _lapse(locked)
    return made


def remove_evidence(*, evidence: OutcomeEvidence, actor: Any, at: datetime) -> None:
    """Take a file off the outcome; the stored file itself stays."""
    facts = {"file": evidence.attachment.name, "sha256": evidence.attachment.sha256}
    with _part(evidence.outcome, Action.REMOVE_EVIDENCE, actor, at, facts=facts) as locked:
        evidence.delete()
        _lapse(locked)


def add_adoption(*, outcome: Outcome, adoption: Adoption, actor: Any, at: datetime) -> Adoption:
    """Record an unsaved adoption: who uses the outcome since when."""
    with _part(outcome, Action.ADD_ADOPTION, actor, at, name=adoption) as locked:
        if adoption.since > timezone.localdate(at):
            raise ValidationError({"since": _("This day is still to come.")})
        adoption.outcome, adoption.created_at = locked, at
        store(row=adoption)
    return adoption


def remove_adoption(*, adoption: Adoption, actor: Any, at: datetime) -> None:
    """Take an adopter off the record."""
    with _part(adoption.outcome, Action.REMOVE_ADOPTION, actor, at, name=adoption):
        adoption.delete()


# --- the bureau --------------------------------------------------------------------------------
def verify_outcome(*, outcome: Outcome, actor: Any, at: datetime, seen: str = "", note: str = "") -> Outcome:
    """The bureau has compared the outcome with its evidence and finds it right."""
    with _judging(outcome, Action.VERIFY_OUTCOME, actor, at, seen, note) as locked:
        if locked.verification == Verification.VERIFIED:
            raise TransitionRefused(_("This outcome is verified already."))
        if not locked.evidence.exists():
            raise TransitionRefused(_("There is no evidence to compare this outcome with."))
        _judge(locked, Verification.VERIFIED, actor, at)
        tell_writers(outcome=locked, kind="consortia.outcome_verified", at=at)
    return locked


def doubt_outcome(*, outcome: Outcome, actor: Any, at: datetime, note: str, seen: str = "") -> Outcome:
    """The bureau doubts the outcome; `note` says why, and the consortium reads it."""
    reason = note.strip()
    if not reason:
        raise ValidationError({"note": _("Give the reason.")})
    with _judging(outcome, Action.DOUBT_OUTCOME, actor, at, seen, reason) as locked:
        _judge(locked, Verification.DOUBTED, actor, at, reason)
        tell_writers(outcome=locked, kind="consortia.outcome_doubted", at=at)
    return locked


@contextmanager
def _judging(outcome: Outcome, action: Action, actor: Any, at: datetime, seen: str, note: str) -> Iterator[Outcome]:
    with editing(
        consortium=outcome.consortium, action=action, actor=actor, at=at, name=outcome, subject=outcome, note=note,
        facts=dict(OF_THE_BUREAU), seen=seen,
    ):  # fmt: skip
        yield Outcome.objects.select_for_update(no_key=True).select_related("consortium").get(pk=outcome.pk)


def _judge(outcome: Outcome, verification: Verification, actor: Any, at: datetime, doubt: str = "") -> None:
    outcome.verification, outcome.doubt = verification, doubt
    outcome.judged_by, outcome.judged_at = actor, at
    outcome.save(update_fields=["verification", "doubt", "judged_by", "judged_at"])


# --- shared ------------------------------------------------------------------------------------
@contextmanager
def _part(
    outcome: Outcome, action: Action, actor: Any, at: datetime, *, name: object = "", facts: Any = None
) -> Iterator[Outcome]:
    """An edit of a part of an outcome; yields the locked outcome."""
    with editing(
        consortium=outcome.consortium, action=action, actor=actor, at=at, name=name or outcome, subject=outcome,
        facts=facts,
    ):  # fmt: skip
        yield Outcome.objects.select_for_update(no_key=True).select_related("consortium").get(pk=outcome.pk)


def _lapse(outcome: Outcome) -> None:
    """What the bureau said was said of something else."""
    outcome.verification, outcome.doubt = Verification.OPEN, ""
    outcome.judged_by, outcome.judged_at = None, None
    outcome.save(update_fields=["verification", "doubt", "judged_by", "judged_at"])


def _store(outcome: Outcome, co_owners: Sequence[Holding], at: datetime, before: Outcome | None = None) -> None:
    _require_owners(outcome, co_owners)
    _require_shares(outcome, co_owners)
    if outcome.task and outcome.task.consortium_id != outcome.consortium_id:
        raise ValidationError({"task": _("This task does not belong to the consortium.")})
    _require_past(outcome, timezone.localdate(at))
    number = canonical_number(outcome.kind, outcome.identifier)
    if outcome.kind in NUMBERED and not number:
        raise ValidationError({"identifier": _("An outcome of this kind has a number.")})
    _require_sound_number(outcome, before)
    lock_numbers(numbers=[number, before.canonical if before else ""])
    store(row=outcome)
    outcome.co_owners.all().delete()
    CoOwner.objects.bulk_create(
        CoOwner(outcome=outcome, organisation=one.organisation, share=one.share) for one in co_owners
    )


def _require_sound_number(outcome: Outcome, before: Outcome | None) -> None:
    """A number that is typed can be one; what was recorded before there were rules stays as it is."""
    typed = ("identifier", "patent_type", "standard_level")
    if before and all(getattr(before, name) == getattr(outcome, name) for name in typed):
        return
    facts = {name: getattr(outcome, name) for name in typed[1:]}
    if fault := number_fault(outcome.kind, outcome.identifier, **facts):
        raise ValidationError({"identifier": fault})


def _require_owners(outcome: Outcome, co_owners: Sequence[Holding]) -> None:
    """Results belong to those who are or were members; each is named once."""
    joined = outcome.consortium.participations.exclude(status__in=NEVER_JOINED)
    members = set(joined.values_list("organisation_id", flat=True))
    if outcome.owner_id not in members:
        raise ValidationError({"owner": _("This organisation is not a member of the consortium.")})
    others = [one.organisation.pk for one in co_owners]
    if not members.issuperset(others):
        raise ValidationError({"co_owners": _("A co-owner is not a member of the consortium.")})
    if len({outcome.owner_id, *others}) <= len(others):
        raise ValidationError({"co_owners": _("Every owner is named once.")})


def _require_shares(outcome: Outcome, co_owners: Iterable[Holding]) -> None:
    """No share at all, or one for everybody; together the whole, less what owners outside hold."""
    shares = [outcome.owner_share, *(one.share for one in co_owners)]
    given = [share for share in shares if share is not None]
    if not given:
        return
    if len(given) < len(shares):
        raise ValidationError({"owner_share": _("Give the share of every owner, or of none: then all own it equally.")})
    whole = sum(given, Decimal(0))
    if whole > WHOLE or (whole < WHOLE and not outcome.outside_owners):
        raise ValidationError(
            {"owner_share": _("The shares come to %(sum)s %%, not to 100 %%.") % {"sum": f"{whole.normalize():f}"}}
        )


def _require_past(outcome: Outcome, today: date) -> None:
    for name in ("applied_on", "granted_on", "date"):
        day = getattr(outcome, name)
        if day and day > today:
            raise ValidationError({name: _("This day is still to come.")})
    if outcome.granted_on and outcome.applied_on and outcome.granted_on < outcome.applied_on:
        raise ValidationError({"granted_on": _("A patent is not granted before it is applied for.")})


def _held(outcome: Outcome) -> list[Holding]:
    return [Holding(row.organisation, row.share) for row in outcome.co_owners.select_related("organisation")]


def _content(outcome: Outcome, co_owners: Iterable[Holding]) -> tuple[Any, ...]:
    """What the bureau judges: all that the lead wrote; whom it is offered to is no fact about it."""
    fields: Iterable[models.Field[Any, Any]] = outcome._meta.concrete_fields  # noqa: SLF001
    written = [field.value_from_object(outcome) for field in fields if field.editable and field.name != "offered"]
    return (*written, *((one.organisation.pk, one.share) for one in co_owners))
