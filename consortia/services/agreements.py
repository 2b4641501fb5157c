"""The agreement: drafted clause by clause, sent, signed by every member, in force until the next version is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consortia.enums import Action, AgreementStatus, Clause, ForegroundRule, SigningMethod
from consortia.models import Agreement, AgreementSignature, Consortium, Participation
from consortia.selectors.agreements import content_of, parties_waiting, to_sign
from consortia.services.editing import editing, note_edit
from consortia.services.notices import tell_lead, tell_member, tell_members
from consortia.signals import agreement_changed
from consortia.workflow import AGREEMENT, EDITS
from consortia.workflow.agreements import everybody_has_signed, says_what_the_data_say
from portal.kernel import files
from portal.kernel.audit import sha256
from portal.kernel.authz import require
from portal.kernel.stale import LENGTH, STANDS, Stale, require_unchanged
from portal.kernel.workflow import TransitionRefused

FILES = "signed_agreement"
files.LIMITS[FILES] = files.Limit(settings.UPLOAD_MAX_BYTES, (".pdf", ".jpg", ".jpeg", ".png"))


@dataclass(frozen=True)
class Draft:
    """What the lead writes; `changes` says what an amendment changes."""

    clauses: Mapping[str, str]
    expires_on: date
    foreground: ForegroundRule | str = ForegroundRule.SHARED
    changes: str = ""

    def facts(self) -> dict[str, Any]:
        """The fields of an Agreement; clauses that nobody knows are dropped."""
        texts = {clause.value: self.clauses.get(clause.value, "").strip() for clause in Clause}
        return {
            "clauses": {code: text for code, text in texts.items() if text},
            "expires_on": self.expires_on,
            "foreground": self.foreground,
            "changes": self.changes.strip(),
        }


@dataclass(frozen=True)
class Paper:
    """A signature that was given on paper: who signed when, and the scan."""

    signatory: str
    signed_on: date
    scan: File[bytes]


def draft_agreement(*, consortium: Consortium, draft: Draft, actor: Any, at: datetime, seen: str = "") -> Agreement:
    """Write the next version, or go on writing it; nobody is asked anything yet.

    With `seen`, the state of the draft that the writer had before its eyes, raises Stale when it was changed since.
    """
    facts: dict[str, Any] = {}
    if draft.expires_on < timezone.localdate(at):
        raise ValidationError({"expires_on": _("This day has passed.")})
    with editing(
        consortium=consortium, action=Action.DRAFT_AGREEMENT, actor=actor, at=at, name=consortium.name, facts=facts
    ) as locked:
        row = _draft_of(locked, actor, at)
        _require_unchanged(row, draft, seen)
        for name, value in draft.facts().items():
            setattr(row, name, value)
        row.save()
        facts |= {"version": row.version, "clauses": row.settled}
    return row


def _require_unchanged(row: Agreement, draft: Draft, seen: str) -> None:
    typed = draft.facts()
    texts = typed.pop("clauses")
    try:
        require_unchanged(row=row, seen=seen, typed=typed)
    except Stale as stale:
        differing = [clause for clause in Clause if row.clauses.get(clause, "") != texts.get(clause, "")]
        said = (STANDS % {"label": one.label, "value": row.clauses.get(one, "")[:LENGTH] or "—"} for one in differing)
        raise Stale(stale.seen, *stale.reasons, *said) from stale


def _draft_of(consortium: Consortium, actor: Any, at: datetime) -> Agreement:
    """The one draft, which may be new."""
    found = consortium.agreements.select_for_update().filter(status=AgreementStatus.DRAFT).first()
    if found:
        return found
    version = (consortium.agreements.aggregate(max=Max("version"))["max"] or 0) + 1
    return Agreement(consortium=consortium, version=version, drafted_by=actor, created_at=at)


def send_agreement(*, agreement: Agreement, actor: Any, at: datetime) -> Agreement:
    """Freeze the draft with its schedules and ask every member to sign; a version that still waited falls away."""
    facts: dict[str, Any] = _about(agreement)
    with transaction.atomic():
        _hold(agreement.consortium)
        with AGREEMENT.moving(agreement, Action.SEND_AGREEMENT, actor=actor, at=at, facts=facts) as locked:
            for other in locked.consortium.agreements.filter(status=AgreementStatus.SIGNING):
                _supersede(other, at)
            locked.content = content_of(locked)
            locked.sha256 = facts["sha256"] = sha256(locked.content)
            locked.sent_at = at
            tell_members(
                consortium=locked.consortium, kind="consortia.agreement_drafted", at=at, version=locked.version
            )
            _announce(locked)
    return agreement


def sign_agreement(
    *, agreement: Agreement, participation: Participation, actor: Any, at: datetime, paper: Paper | None = None
) -> AgreementSignature:
    """Sign in the name of a present member, or hand in its `paper`; a second click gives the same signature."""
    with transaction.atomic():
        consortium = _hold(participation.consortium)
        require(actor, "consortia.sign_agreement", participation)
        if consortium.status not in EDITS[Action.SIGN_AGREEMENT].during:
            raise TransitionRefused(_("This consortium has ended."))
        return add_signature(agreement=agreement, participation=participation, actor=actor, at=at, paper=paper)


def add_signature(
    *, agreement: Agreement, participation: Participation, actor: Any, at: datetime, paper: Paper | None = None
) -> AgreementSignature:
    """Store the signature; the caller holds the consortium's row and has asked the permission.

    With the last one the version takes effect, and the one before it is superseded in the same moment.
    """
    consortium = _hold(participation.consortium)
    current = to_sign(consortium)
    if current is None or current.pk != agreement.pk:
        raise TransitionRefused(_("There is a newer version of the agreement. Please read it before you sign."))
    if not Participation.objects.present().filter(pk=participation.pk).exists():
        raise TransitionRefused(_("Only present members sign the agreement."))
    found = current.signatures.filter(participation=participation).first()
    return found or _sign(current, participation, actor, at, paper)


def _sign(
    agreement: Agreement, participation: Participation, actor: Any, at: datetime, paper: Paper | None
) -> AgreementSignature:
    if reason := says_what_the_data_say(agreement, at):
        raise TransitionRefused(reason)
    given = _on_paper(paper, participation, actor, at) if paper else _in_the_portal(actor, at)
    signature = AgreementSignature.objects.create(
        agreement=agreement, participation=participation, signed_by=actor, signed_at=at, sha256=agreement.sha256,
        **given,
    )  # fmt: skip
    tell_lead(participation=participation, kind="consortia.agreement_signed", at=at, version=agreement.version)
    _note_signature(signature, at)
    if everybody_has_signed(agreement, at) or AGREEMENT.obstacles(agreement, Action.TAKE_EFFECT, at):
        if agreement.status == AgreementStatus.EFFECTIVE:
            _announce(agreement)
    else:
        _take_effect(agreement, at)
    return signature


def _in_the_portal(actor: Any, at: datetime) -> dict[str, Any]:
    return {"method": SigningMethod.SYSTEM, "signatory": str(actor)[:60], "signed_on": timezone.localdate(at)}


def _on_paper(paper: Paper, participation: Participation, actor: Any, at: datetime) -> dict[str, Any]:
    if paper.signed_on > timezone.localdate(at):
        raise ValidationError({"signed_on": _("This day is still to come.")})
    scan = files.store(paper.scan, actor=actor, kind=FILES, at=at, owner=participation.organisation_id)
    return {
        "method": SigningMethod.SCAN, "signatory": paper.signatory, "signed_on": paper.signed_on, "scan": scan
    }  # fmt: skip


def _note_signature(signature: AgreementSignature, at: datetime) -> None:
    agreement, place = signature.agreement, signature.participation.organisation
    facts = {
        "by": place.name, "by_id": str(place.pk), "version": agreement.version, "sha256": agreement.sha256,
        "method": signature.method, "scan": signature.scan.sha256 if signature.scan else "",
    }  # fmt: skip
    note_edit(
        consortium=signature.participation.consortium, action=Action.SIGN_AGREEMENT, actor=signature.signed_by, at=at,
        name=place.name, facts=facts,
    )  # fmt: skip


def put_into_force(*, agreement: Agreement, actor: Any, at: datetime) -> Agreement:
    """Let a version take effect after whoever had not signed has gone; otherwise the last signature does it."""
    with transaction.atomic():
        _hold(agreement.consortium)
        require(actor, "consortia.send_agreement", agreement)
        agreement.refresh_from_db()
        if reasons := AGREEMENT.obstacles(agreement, Action.TAKE_EFFECT, at):
            raise TransitionRefused(*reasons)
        _take_effect(agreement, at)
    return agreement


def _take_effect(agreement: Agreement, at: datetime) -> None:
    for other in agreement.consortium.agreements.filter(status=AgreementStatus.EFFECTIVE):
        _supersede(other, at)
    facts = _about(agreement)
    with AGREEMENT.moving(agreement, Action.TAKE_EFFECT, actor=None, at=at, facts=facts) as locked:
        locked.effective_on = timezone.localdate(at)
        tell_members(consortium=locked.consortium, kind="consortia.agreement_in_force", at=at, version=locked.version)
        _announce(locked)


def drop_waiting(*, consortium: Consortium, at: datetime) -> None:
    """A version that waits for signatures falls away: it is not what the members agree on any more."""
    for waiting in _hold(consortium).agreements.filter(status=AgreementStatus.SIGNING):
        _supersede(waiting, at)


def _supersede(agreement: Agreement, at: datetime) -> None:
    facts = _about(agreement)
    with AGREEMENT.moving(agreement, Action.SUPERSEDE, actor=None, at=at, facts=facts) as locked:
        locked.ended_on = timezone.localdate(at)


def remind_agreement(*, agreement: Agreement, actor: Any, at: datetime) -> Agreement:
    """Tell those who have not signed once more that they are waited for; once a day at most."""
    facts = _about(agreement)
    with transaction.atomic():
        _hold(agreement.consortium)
        with AGREEMENT.moving(agreement, Action.REMIND_AGREEMENT, actor=actor, at=at, facts=facts) as locked:
            locked.reminded_at = at
            waiting = parties_waiting(locked)
            facts["waiting"] = [row.organisation.name for row in waiting]
            for row in waiting:
                tell_member(participation=row, kind="consortia.agreement_reminded", at=at)
    return agreement


def end_agreements(*, at: datetime) -> int:
    """Let the versions end whose term is over; those of recognised consortia run on. How many ended."""
    over = Agreement.objects.filter(status=AgreementStatus.EFFECTIVE, expires_on__lt=timezone.localdate(at))
    return sum(_end(row, at) for row in over.select_related("consortium__lead"))


def _end(agreement: Agreement, at: datetime) -> bool:
    facts = _about(agreement)
    with transaction.atomic():
        _hold(agreement.consortium)
        agreement.refresh_from_db(fields=["status"])
        if AGREEMENT.obstacles(agreement, Action.END_AGREEMENT, at):
            return False
        with AGREEMENT.moving(agreement, Action.END_AGREEMENT, actor=None, at=at, facts=facts) as locked:
            locked.ended_on = locked.expires_on
    return True


def _hold(consortium: Consortium) -> Consortium:
    """Whoever changes a version waits here for the others; its versions are locked before anything is recorded."""
    locked = Consortium.objects.select_for_update().get(pk=consortium.pk)
    list(Agreement.objects.select_for_update().filter(consortium=locked).order_by("pk").values_list("pk"))
    return locked


def _announce(agreement: Agreement) -> None:
    transaction.on_commit(partial(agreement_changed.send_robust, Agreement, agreement_id=agreement.pk))


def _about(agreement: Agreement) -> dict[str, Any]:
    """In whose name, and about what."""
    lead = agreement.consortium.lead
    return {
        "by": lead.name, "by_id": str(lead.pk), "name": agreement.consortium.name, "version": agreement.version,
        "sha256": agreement.sha256,
    }  # fmt: skip
