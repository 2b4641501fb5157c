"""Public notices and the objections to them."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus, ObjectionEffect
from funding.models import Application, Call, Objection, ObjectionFile, PublicNotice
from funding.rules.publicity import MOST_AHEAD, answer_due, is_lower, last_day, notice_row, sealed_code
from funding.services.calls import numbered
from funding.services.outcomes import tell_with_list
from funding.services.replies import reply
from funding.services.telling import lead_people
from funding.signals import notice_published
from funding.workflow import APPLICATION, OBJECTION
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit, files
from portal.kernel.notifications import notify, register
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused

register("funding.objection_recorded", _("An objection to “%(name)s” was received (%(number)s)."), urgent=True)
register(
    "funding.objection_taken_up", _("An objection to “%(name)s” is being handled; please find on it."), urgent=True
)
register("funding.objection_found", _("All objections to “%(name)s” have a finding."))
register("funding.application_overturned", _("“%(name)s” is not supported: an objection was upheld."), urgent=True)

register("funding.application_amended", _("“%(name)s” was lowered after an objection; please publish it anew."))

EVIDENCE = "objection_evidence"
MOST_FILES = 3
files.LIMITS[EVIDENCE] = files.Limit(10 * files.MB, (".pdf", ".jpg", ".jpeg", ".png"))
S = ApplicationStatus
IN_NOTICE = {S.PUBLICISED, S.OBJECTED}


# --- the notice --------------------------------------------------------------------------------
def publicise_applications(
    *,
    call: Call,
    applications: Sequence[Application],
    title: str,
    document_number: str,
    starts_on: date,
    actor: User,
    at: datetime,
) -> PublicNotice:
    """Publish decided applications of a call for objections; the list is frozen with its hash.

    Who is on it and who was declined in the call is told when the list begins.
    """
    if not applications:
        raise TransitionRefused(_("No application is chosen."))
    if starts_on < timezone.localdate(at):
        raise TransitionRefused(_("A public notice cannot begin in the past."))
    if starts_on > timezone.localdate(at) + MOST_AHEAD:
        raise ValidationError({"starts_on": _("A public notice begins within 60 days.")})
    if any(application.call_id != call.pk for application in applications):
        raise TransitionRefused(_("An application belongs to another call."))
    facts: dict[str, Any] = {}
    with transaction.atomic():
        with ExitStack() as stack:
            ordered = sorted(applications, key=lambda one: one.pk)  # always the same order of locks
            moving = [APPLICATION.moving(one, Action.PUBLICISE, actor=actor, at=at, facts=facts) for one in ordered]
            locked = [stack.enter_context(one) for one in moving]
            amends = _amended(locked)
            notice = _notice(call, locked, title, document_number, starts_on, actor, at, amends)
            facts |= {"notice": notice.pk, "sha256": notice.sha256, "ends_on": notice.ends_on}
            for one in locked:
                one.notice, one.told_at = notice, None
        told = {one.pk for one in tell_with_list(call=call, actor=actor, at=at)}
    for one in applications:
        one.told_at = at if one.pk in told else None
    return notice


def _amended(applications: Sequence[Application]) -> PublicNotice | None:
    """The notice whose rows these were before they were amended; None for what is published the first time."""
    before = {one.notice for one in applications}
    if len(before) > 1:
        raise TransitionRefused(_("What was amended is published by itself, for one earlier notice at a time."))
    return before.pop()


def _notice(
    call: Call,
    applications: Sequence[Application],
    title: str,
    number: str,
    starts_on: date,
    actor: User,
    at: datetime,
    amends: PublicNotice | None,
) -> PublicNotice:
    rows = sorted((notice_row(one) for one in applications), key=lambda row: (row["tier"], row["number"]))
    notice = PublicNotice(
        call=call,
        title=title,
        document_number=numbered(call=call, number=number),
        starts_on=starts_on,
        ends_on=last_day(starts_on, call.rules.data),
        rows=rows,
        amends=amends,
        published_by=actor,
        published_at=at,
    )
    notice.sha256 = audit.sha256(notice.canonical())
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError({"document_number": _("A public notice of this number exists already.")}) from error
    audit.record(actor=actor, action=Action.PUBLICISE, subject=notice, at=at, facts={"sha256": notice.sha256})
    transaction.on_commit(partial(notice_published.send_robust, PublicNotice, notice_id=notice.pk))
    return notice


# --- objections --------------------------------------------------------------------------------
def record_objection(
    *,
    application: Application,
    kind: str,
    name: str,
    contact: str,
    grounds: str,
    at: datetime,
    code: str = "",
    evidence: Sequence[File[bytes]] = (),
) -> Objection:
    """Take in an objection from anybody while the notice runs; it blocks the approval until there is a finding.

    The same objection of the same objector is taken once: the second time it answers with the first one. Of `code`,
    by which the objector can follow it, only a hash is kept. Raises FileRefused.
    """
    with transaction.atomic():
        locked = Application.everything.select_for_update(of=("self",)).get(pk=application.pk)
        notice = locked.notice
        if locked.status not in IN_NOTICE or notice is None or not notice.is_running(timezone.localdate(at)):
            raise TransitionRefused(_("The public notice is not running."))
        if said_before := _same(locked, kind=kind, name=name, grounds=grounds):
            return said_before
        year, prefix = timezone.localdate(at).year, locked.call.prefix
        number = f"{prefix}YY-{year}-{next_number(f'{prefix}objection-{year}'):04d}"
        objection = Objection.objects.create(
            number=number,
            application=locked,
            kind=kind,
            name=name,
            contact=contact,
            grounds=grounds,
            received_at=at,
            answer_due=answer_due(timezone.localdate(at), locked.call.rules.data),
            code_hash=sealed_code(number, code) if code else "",
        )
        hashes = _keep(objection, evidence, at)
        # Who objects stays out of the trail.
        facts = {"kind": kind, **({"evidence": hashes} if hashes else {})}
        audit.record(actor=None, action=Action.RECORD_OBJECTION, subject=objection, at=at, facts=facts)
        _announce(objection, at)
    return objection


def _keep(objection: Objection, evidence: Sequence[File[bytes]], at: datetime) -> list[str]:
    """Keep the files under names that tell nothing; the hashes of them."""
    hashes = []
    for ordinal, upload in enumerate(evidence[:MOST_FILES], 1):
        extension = Path(files.clean_name(upload.name)).suffix.lower()
        upload.name = f"{objection.number}-{ordinal}{extension}"
        attachment = files.store(upload, actor=None, kind=EVIDENCE, at=at)
        ObjectionFile.objects.create(objection=objection, attachment=attachment, ordinal=ordinal, created_at=at)
        hashes.append(attachment.sha256)
    return hashes


def _same(application: Application, *, kind: str, name: str, grounds: str) -> Objection | None:
    alike = application.objections.filter(kind=kind, grounds=grounds).order_by("received_at")
    return next((one for one in alike if one.name.reveal() == name), None)


def _announce(objection: Objection, at: datetime) -> None:
    params = {"name": objection.application.told_as, "number": objection.number}
    people = holders(Role.OFFICER, Role.SUPERVISOR)
    url = objection.get_absolute_url()
    notify(recipients=people, kind="funding.objection_recorded", params=params, url=url, at=at)


def object_to_application(*, application: Application, actor: User, at: datetime, note: str = "") -> Application:
    """Take up the open objections: the application waits until supervision has found on them."""
    with APPLICATION.moving(application, Action.OBJECT, actor=actor, at=at, note=note) as locked:
        _tell(holders(Role.SUPERVISOR), locked, "funding.objection_taken_up", at)
    return application


def dismiss_objection(*, objection: Objection, actor: User, finding: str, at: datetime, letter: str = "") -> Objection:
    """Find that the objection has no ground."""
    return _find(objection, Action.DISMISS, actor, finding, letter, at)


def refuse_objection(*, objection: Objection, actor: User, finding: str, at: datetime, letter: str = "") -> Objection:
    """Do not admit an objection: no real name, no facts, or not about what was published."""
    return _find(objection, Action.REFUSE_OBJECTION, actor, finding, letter, at)


def uphold_objection(
    *,
    objection: Objection,
    actor: User,
    finding: str,
    at: datetime,
    effect: str = ObjectionEffect.CANCEL,
    tier: str = "",
    amount: Decimal | None = None,
    letter: str = "",
) -> Objection:
    """Find that the objection is right; the decision must then be overturned, or lowered to this tier and amount."""
    if effect != ObjectionEffect.AMEND:
        return _find(objection, Action.UPHOLD, actor, finding, letter, at, effect=effect)
    decided = objection.application
    if amount is None or not tier:
        raise ValidationError({"amount": _("State tier and amount that remain.")})
    if not is_lower(tier, amount, (decided.decided_tier, decided.decided_amount or Decimal())):
        raise ValidationError({"amount": _("An objection lowers tier or amount and raises neither.")})
    facts = {"effect": effect, "amended_tier": tier, "amended_amount": amount}
    return _find(objection, Action.UPHOLD, actor, finding, letter, at, **facts)


def _find(
    objection: Objection, action: str, actor: User, finding: str, letter: str, at: datetime, **effect: Any
) -> Objection:
    with OBJECTION.moving(objection, action, actor=actor, at=at, note=finding, facts=dict(effect)) as locked:
        if not finding.strip():
            raise TransitionRefused(_("Please state the finding."))
        locked.finding, locked.handled_by, locked.handled_at = finding, actor, at
        for name, value in effect.items():
            setattr(locked, name, value)
        reply(objection=locked, action=action, text=letter, at=at)
        others = locked.application.objections.open().exclude(pk=locked.pk)
        if not others.exists():
            _tell(holders(Role.OFFICER), locked.application, "funding.objection_found", at)
    return objection


def amend_application(*, application: Application, actor: User, note: str, at: datetime) -> Application:
    """Lower tier and amount as it was found; what is amended has to be published anew before it is approved."""
    facts: dict[str, Any] = {"before": [application.decided_tier, application.decided_amount]}
    with APPLICATION.moving(application, Action.AMEND_DECISION, actor=actor, at=at, note=note, facts=facts) as locked:
        found = locked.objections.filter(effect=ObjectionEffect.AMEND).order_by("amended_amount").first()
        if found is None or found.amended_amount is None:  # the guard has said so already
            raise TransitionRefused(_("No objection was upheld."))
        locked.decided_tier, locked.decided_amount = found.amended_tier, found.amended_amount
        _tell(holders(Role.OFFICER, Role.LEADER), locked, "funding.application_amended", at)
    return application


def continue_application(*, application: Application, actor: User, at: datetime, note: str = "") -> Application:
    """Let the decision stand after all objections were dismissed."""
    with APPLICATION.moving(application, Action.CONTINUE, actor=actor, at=at, note=note):
        pass
    return application


def overturn_application(*, application: Application, actor: User, note: str, at: datetime) -> Application:
    """Overturn the decision after an objection was upheld."""
    with APPLICATION.moving(application, Action.OVERTURN, actor=actor, at=at, note=note) as locked:
        locked.decision_note = note
        _tell(lead_people(consortium=locked.consortium), locked, "funding.application_overturned", at)
        _tell(holders(Role.OFFICER, Role.LEADER), locked, "funding.application_overturned", at)
    return application


def _tell(recipients: Any, application: Application, kind: str, at: datetime, **params: Any) -> None:
    words = {"name": application.told_as, **params}
    notify(recipients=recipients, kind=kind, params=words, url=application.get_absolute_url(), at=at)
