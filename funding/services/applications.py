"""Applications in the hands of the applicant: started, written, submitted, withdrawn."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from consortia.enums import Tier
from consortia.models import Consortium
from funding.enums import Action, ApplicationKind, ApplicationStatus
from funding.models import Application, ApplicationFile, Call, TakenBack
from funding.rules import eligibility
from funding.rules.declarations import DECLARATIONS, VERSION
from funding.rules.kinds import kind_of
from funding.rules.returns import AVOID, FILES
from funding.rules.sections import SECTIONS
from funding.selectors.eligibility import start_obstacles, wrong_kind
from funding.selectors.snapshots import changed_parts, check_eligibility, freeze
from funding.services.previews import forget_previews, order_preview
from funding.services.similarity import order_comparison
from funding.workflow import APPLICATION, first_desk
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit, files, notifications
from portal.kernel.authz import may, require
from portal.kernel.numbering import next_number
from portal.kernel.workflow import TransitionRefused

KIND = "application"
MOST_FILES = 30
REST = timedelta(minutes=10)  # before a submission is compared: the minutes before a close belong to those who submit
NOT_RETURNED = _("This part was not returned to you; it stands as it was submitted.")
NOT_ALL_DECLARED = _("Every declaration must be made.")
KEPT = ("submitted_by", "submitted_at", "snapshot", "snapshot_hash", "declarations")
S = ApplicationStatus
WITH_BUREAU: dict[str, tuple[Role, ...]] = {  # and who waits for it beside acceptance desk and officers
    S.RECOMMENDED: (), S.CREDIT_CHECKING: (Role.SUPERVISOR,), S.SUSPENDED: (Role.SUPERVISOR,), S.CHECKED: (),
}  # fmt: skip

notifications.register(
    "funding.application_submitted", _("%(number)s %(name)s was submitted and waits for your recommendation.")
)
notifications.register(
    "funding.application_arrived", _("%(number)s %(name)s was submitted and waits for the formal check.")
)
notifications.register(
    "funding.application_taken_back", _("%(number)s %(name)s was taken back by its lead for editing.")
)
notifications.register("funding.application_withdrawn", _("%(number)s %(name)s was withdrawn by its lead."))


@dataclass
class SectionChanged(Exception):
    """Somebody saved the section after it was loaded; `values` is what stands there now."""

    values: dict[str, Any]
    version: int
    by: str
    at: datetime


# --- starting ----------------------------------------------------------------------------------
def start_application(
    *, call: Call, consortium: Consortium, actor: User, at: datetime, tier: str = Tier.A
) -> Application:
    """Open a draft; its kind follows from where the consortium stands."""
    with transaction.atomic():
        locked = Consortium.objects.select_for_update(of=("self",)).get(pk=consortium.pk)
        require(actor, "funding.start_application", locked)
        reasons = start_obstacles(call, locked, tier, at)
        if reasons:
            raise TransitionRefused(*reasons)
        application = _draft(call, locked, actor, at, tier)
        audit.record(
            actor=actor, action=Action.START, subject=application, at=at, facts={"call": call.pk, "to": S.DRAFT}
        )
    return application


def _draft(call: Call, consortium: Consortium, actor: User, at: datetime, tier: str) -> Application:
    number = f"{call.prefix}{call.year}-{next_number(f'{call.prefix}application-{call.year}'):04d}"
    try:
        with transaction.atomic():
            made = Application.objects.create(
                number=number, call=call, kind=kind_of(consortium.status) or ApplicationKind.NEW,
                consortium=consortium, district=consortium.district, requested_tier=tier,
                requested_amount=Decimal(0), created_by=actor, created_at=at, moved_at=at,
            )  # fmt: skip
            # Read once the row holds the call, so that nobody chooses another form for it in between.
            form = Call.everything.filter(pk=call.pk).values("form_version")
            Application.everything.filter(pk=made.pk).update(form_version=form)
    except IntegrityError as error:
        raise TransitionRefused(_("This consortium has an application in this call already.")) from error
    made.refresh_from_db(fields=["form_version"])
    return made


# --- writing -----------------------------------------------------------------------------------
@contextmanager
def editing(*, application: Application, actor: User, part: str) -> Iterator[Application]:
    """The locked draft, for one change of this part by somebody who may make it."""
    with transaction.atomic():
        rows = Application.everything.select_for_update(of=("self",)).select_related("call", "consortium")
        locked = rows.get(pk=application.pk)
        if part in {FILES, AVOID}:
            require(actor, "funding.edit_application", locked)
        else:
            require(actor, "funding.write_section", locked.section(part))
        if not locked.is_editable:
            raise TransitionRefused(_("The application is submitted; it can be changed only when it is returned."))
        if not locked.is_reopened(part):
            raise TransitionRefused(NOT_RETURNED)
        yield locked


def edit_application(
    *,
    application: Application,
    actor: User,
    at: datetime,
    section: str,
    values: Mapping[str, Any],
    loaded: int | None = None,
    page: str = "",
) -> Application:
    """Save one section. With `loaded`, the version that the writer had before its eyes, raises SectionChanged
    when the section was saved meanwhile, unless by the same `page`, which saves by itself and may have missed the
    answer. Raises ValidationError for an amount above the cap, or of nothing.
    """
    fields = SECTIONS[section].fields
    with editing(application=application, actor=actor, part=section) as locked:
        _refuse_if_changed(locked, section, loaded, page)
        changed = [name for name in fields if name in values and getattr(locked, name) != values[name]]
        for name in changed:
            setattr(locked, name, values[name])
        _within_cap(locked, given="requested_amount" in values)
        _within_reach(locked, given="requested_tier" in values)
        locked.version += 1
        saved = {"version": locked.version, "by": str(actor), "at": at.isoformat()}
        locked.sections[section] = {**saved, "page": page} if page else saved
        locked.save(update_fields=[*changed, "version", "sections"])
        facts = {"section": section, "version": locked.version, "changed": changed}
        audit.record(actor=actor, action=Action.EDIT, subject=locked, at=at, facts=facts)
    for name in (*changed, "version", "sections"):
        setattr(application, name, getattr(locked, name))
    return application


def _refuse_if_changed(locked: Application, section: str, loaded: int | None, page: str) -> None:
    saved = locked.sections.get(section)
    if loaded is None or not saved or saved["version"] <= loaded or (page and page == saved.get("page")):
        return
    values = {name: getattr(locked, name) for name in SECTIONS[section].fields}
    raise SectionChanged(values, locked.version, saved["by"], datetime.fromisoformat(saved["at"]))


def _within_reach(application: Application, *, given: bool) -> None:
    obstacles = wrong_kind(application.call, application.consortium, application.requested_tier) if given else []
    if obstacles:
        raise ValidationError({"requested_tier": [str(one) for one in obstacles]})


def _within_cap(application: Application, *, given: bool) -> None:
    cap = application.call.cap(application.requested_tier)
    if given and cap and not application.requested_amount:
        raise ValidationError({"requested_amount": _("Please ask for more than 0; this tier is funded.")})
    if application.requested_amount > cap:
        wan = f"{cap / 10_000:,.2f}"
        sentence = _("At most %(cap)s ×10k yuan may be asked for in this tier.") % {"cap": wan}
        raise ValidationError({"requested_amount": sentence})


def attach_file(
    *, application: Application, actor: User, at: datetime, upload: File[bytes], label: str, question: str = ""
) -> ApplicationFile:
    """Add a file to a draft, as the answer to a designed `question` if one is named. Raises FileRefused."""
    part = part_of_file(application=application, question=question)
    with editing(application=application, actor=actor, part=part) as locked:
        if locked.files.count() >= MOST_FILES:
            raise TransitionRefused(_("There are %(most)s files already.") % {"most": MOST_FILES})
        attachment = files.store(upload, actor=actor, kind=KIND, at=at, owner=locked.consortium.lead_id)
        if locked.files.filter(attachment__sha256=attachment.sha256).exists():
            raise ValidationError({"upload": _("This very file is attached already.")})
        row = ApplicationFile.objects.create(
            application=locked, attachment=attachment, label=label, question=question, created_at=at
        )
        facts = {"name": attachment.name, "sha256": attachment.sha256, "label": label}
        facts |= {"question": question} if question else {}
        audit.record(actor=actor, action=Action.ATTACH, subject=locked, at=at, facts=facts)
        order_preview(file=row, actor=actor, at=at)
    return row


def part_of_file(*, application: Application, question: str) -> str:
    """The section to which the file of a designed question belongs; that of any other file is the files."""
    design = application.form_version.design if question and application.form_version else None
    section = design.section_of(question) if design else None
    return section.code if section else FILES


def detach_file(*, file: ApplicationFile, actor: User, at: datetime) -> None:
    """Take a file off a draft; its content stays as long as a snapshot may name it."""
    part = part_of_file(application=file.application, question=file.question)
    with editing(application=file.application, actor=actor, part=part) as locked:
        facts = {"name": file.attachment.name, "sha256": file.attachment.sha256, "label": file.label}
        forget_previews(file=file)
        if not locked.files.filter(pk=file.pk).delete()[0]:
            raise TransitionRefused(_("The file was removed already."))
        audit.record(actor=actor, action=Action.DETACH, subject=locked, at=at, facts=facts)


# --- submitting --------------------------------------------------------------------------------
def submit_application(
    *,
    application: Application,
    actor: User,
    at: datetime,
    declarations: list[str],
    begun_at: datetime | None = None,
) -> Application:
    """Freeze the application as it stands and hand it to the first desk; `declarations` are the codes agreed to.

    `begun_at` is when the actor is proved to have had it open: it counts when the call has closed meanwhile.
    """
    facts: dict[str, Any] = {}
    with (
        _still(application, begun_at),
        APPLICATION.moving(application, Action.SUBMIT, actor=actor, at=at, facts=facts) as locked,
    ):
        if set(declarations) != set(DECLARATIONS):
            raise TransitionRefused(NOT_ALL_DECLARED)
        before, before_hash = locked.snapshot, locked.snapshot_hash
        findings = eligibility.soft(check_eligibility(locked, at))
        locked.snapshot = freeze(locked, by=actor, at=at, findings=findings)
        locked.snapshot_hash = audit.sha256(locked.snapshot)
        locked.findings = [finding.code for finding in findings]
        locked.declarations = {"version": VERSION, "accepted": sorted(declarations)}
        locked.submitted_by, locked.submitted_at = actor, at
        locked.opened_by = locked.opened_at = None
        _forget_earlier_round(locked)
        facts["sha256"] = locked.snapshot_hash
        if before:
            locked.previous_snapshot = before
            facts |= {"previous_sha256": before_hash, "changed": changed_parts(before, locked.snapshot)}
        _tell_first_desk(locked, at)
        order_comparison(application=locked, at=at, rest=REST)
    return application


@contextmanager
def _still(application: Application, begun_at: datetime | None) -> Iterator[None]:
    """Nobody edits the consortium between what is checked of it and what is frozen of it."""
    with transaction.atomic():
        if begun_at and begun_at < application.call.closes_at:
            Application.everything.filter(pk=application.pk).update(at_work_at=begun_at)
        Consortium.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=application.consortium_id)
        yield


def _forget_earlier_round(application: Application) -> None:
    """What district and bureau said of the snapshot before stays in the audit trail."""
    application.correction_due = None
    application.recommended_by = application.recommended_at = None
    application.opinion = application.check_note = ""
    application.check_items = []


def withdraw_application(*, application: Application, actor: User, at: datetime, note: str) -> Application:
    """Take an application back, with a reason."""
    before = application.status
    with APPLICATION.moving(application, Action.WITHDRAW, actor=actor, at=at, note=note) as locked:
        if not note.strip():
            raise TransitionRefused(_("Please give a reason."))
        if before == S.SUBMITTED:
            _tell_district(locked, "funding.application_withdrawn", at)
        elif before in WITH_BUREAU:
            people = holders(Role.ACCEPTANCE, Role.OFFICER, *WITH_BUREAU[before])
            tell(people=people, application=locked, kind="funding.application_withdrawn", at=at)
    return application


def take_back_application(*, application: Application, actor: User, at: datetime) -> Application:
    """Make a draft again of what nobody has opened; what was submitted is kept with its receipt."""
    facts = {"sha256": application.snapshot_hash}
    before = application.status
    with APPLICATION.moving(application, Action.TAKE_BACK, actor=actor, at=at, facts=facts) as locked:
        kept = TakenBack(application=locked, taken_back_by=actor, created_at=at)
        for name in KEPT:
            setattr(kept, name, getattr(locked, name))
        kept.save(force_insert=True)
        locked.submitted_by = locked.submitted_at = locked.snapshot = None
        locked.snapshot_hash, locked.declarations, locked.findings = "", {}, []
        if before == S.SUBMITTED:
            _tell_district(locked, "funding.application_taken_back", at)
        else:
            people = holders(Role.ACCEPTANCE, Role.OFFICER)
            tell(people=people, application=locked, kind="funding.application_taken_back", at=at)
    return application


def open_application(*, application: Application, actor: User, at: datetime) -> bool:
    """Note that the first desk has opened it: from then on it is not taken back. Whether this was the first time."""
    if application.opened_at or not may(actor, "funding.open_application", application):
        return False
    with transaction.atomic():
        waiting = Application.everything.select_for_update(of=("self",)).filter(
            pk=application.pk, opened_at=None, status=first_desk(application)
        )
        locked = waiting.first()
        if locked is None:
            return False
        locked.opened_by, locked.opened_at = actor, at
        locked.save(update_fields=["opened_by", "opened_at"])
        audit.record(actor=actor, action=Action.OPEN, subject=locked, at=at)
    return True


# --- telling -----------------------------------------------------------------------------------
def tell(*, people: Any, application: Application, kind: str, at: datetime, **params: Any) -> None:
    """A notice about an application; it leads to its page."""
    facts = {"number": application.number, "name": application.consortium.name, **params}
    notifications.notify(recipients=people, kind=kind, params=facts, url=application.get_absolute_url(), at=at)


def tell_lead(*, application: Application, kind: str, at: datetime, **params: Any) -> None:
    """A notice to those who write and sign for the lead."""
    people = holders(Role.APPLICANT, Role.SIGNATORY, organisation=application.consortium.lead_id)
    tell(people=people, application=application, kind=kind, at=at, **params)


def _tell_first_desk(application: Application, at: datetime) -> None:
    if application.call.district_step:
        _tell_district(application, "funding.application_submitted", at)
    else:
        people = holders(Role.ACCEPTANCE, Role.OFFICER)
        tell(people=people, application=application, kind="funding.application_arrived", at=at)


def _tell_district(application: Application, kind: str, at: datetime) -> None:
    people = holders(Role.DISTRICT_OFFICER, district=application.district_id)
    tell(people=people, application=application, kind=kind, at=at)
