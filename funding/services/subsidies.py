"""The register of money from other programmes, and what supervision concludes about it; never concluded by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action, ApplicationStatus
from funding.models import Application, OtherSubsidy, OverlapFinding
from funding.models.subsidy import SUBSIDY_ONCE
from funding.rules.spending import digits
from funding.selectors.subsidies import overlaps
from funding.services.recommendations import NO_REASON
from members.enums import BUREAU
from members.models import Organisation, User
from members.rules.codes import credit_code
from portal.kernel import audit, files
from portal.kernel.authz import require
from portal.kernel.workflow import TransitionRefused

KIND = "funding.subsidy"
MB = 1024 * 1024
files.LIMITS[KIND] = files.Limit(10 * MB, (".pdf", ".jpg", ".jpeg", ".png"))
STANDS = _("This subsidy is registered already.")
FIRST_YEAR = 2000
OPEN = frozenset({ApplicationStatus.CREDIT_CHECKING, ApplicationStatus.SUSPENDED})


@dataclass(frozen=True)
class Subsidy:
    """What a notice of another programme says."""

    credit_code: str
    holder: str
    department: str
    programme: str
    project: str
    year: int
    amount: Decimal
    content: str = ""


@dataclass(frozen=True)
class Entry:
    """A row of a list and its number there."""

    number: int
    subsidy: Subsidy


@dataclass(frozen=True)
class Imported:
    """What became of a list, or would become: all rows, or what is wrong (row, column, sentence)."""

    rows: Sequence[OtherSubsidy]
    wrong: Sequence[tuple[int, str, str]]


@transaction.atomic
def record_subsidy(
    *, subsidy: Subsidy, actor: User, at: datetime, upload: File[bytes] | None = None
) -> OtherSubsidy:  # fmt: skip
    """Register it. Raises ValidationError by field."""
    row = _new(subsidy, actor, at)
    require(actor, "funding.record_subsidy", row)
    _check(row)
    if upload is not None:
        owner = Organisation.objects.filter(uscc=row.credit_code).first()
        row.document = files.store(upload, actor=actor, kind=KIND, at=at, owner=owner.pk if owner else None)
    _insert(row)
    _note(row, Action.RECORD_SUBSIDY)
    return row


def import_subsidies(
    *, entries: Sequence[Entry], actor: User, at: datetime, only_look: bool = False
) -> Imported:  # fmt: skip
    """Register all rows or none; with `only_look` none, and it is told what would be."""
    require(actor, "funding.import_subsidies")
    rows: list[OtherSubsidy] = []
    wrong: list[tuple[int, str, str]] = []
    with transaction.atomic():
        for entry in entries:
            row = _new(entry.subsidy, actor, at)
            try:
                with transaction.atomic():
                    _check(row)
                    _insert(row)
            except ValidationError as error:
                wrong += [(entry.number, name, " ".join(texts)) for name, texts in error.message_dict.items()]
            else:
                rows.append(row)
        if wrong or only_look:
            transaction.set_rollback(True)
        else:
            for row in rows:
                _note(row, Action.IMPORT_SUBSIDIES)
    return Imported(rows, wrong)


@transaction.atomic
def withdraw_subsidy(*, subsidy: OtherSubsidy, actor: User, reason: str, at: datetime) -> OtherSubsidy:
    """It was registered by mistake: it no longer counts, and stays on record."""
    locked = OtherSubsidy.objects.select_for_update(no_key=True).get(pk=subsidy.pk)
    require(actor, "funding.withdraw_subsidy", locked)
    if locked.withdrawn_at:
        raise TransitionRefused(_("It is withdrawn already."))
    if not actor.holds_any(BUREAU) and locked.findings.exists():
        raise TransitionRefused(_("Supervision has concluded about it; please ask the bureau."))
    if not reason.strip():
        raise TransitionRefused(NO_REASON)
    locked.withdrawn_by, locked.withdrawn_at, locked.reason = actor, at, reason.strip()
    locked.save(update_fields=["withdrawn_by", "withdrawn_at", "reason"])
    audit.record(actor=actor, action=Action.WITHDRAW_SUBSIDY, subject=locked, at=at, note=reason)
    return locked


@transaction.atomic
def judge_overlap(
    *, application: Application, subsidy: OtherSubsidy, verdict: str, reason: str, actor: User, at: datetime
) -> OverlapFinding:
    """A supervisor concludes, while the check is open, about one of those beside the application."""
    locked = Application.objects.select_for_update(of=("self",), no_key=True).get(pk=application.pk)
    require(actor, "funding.judge_overlap", locked)
    if locked.status not in OPEN:
        raise TransitionRefused(_("The integrity check of this application is not open."))
    if not reason.strip():
        raise TransitionRefused(NO_REASON)
    beside = {one.subsidy.pk: one.degree for one in overlaps(locked)}
    if subsidy.pk not in beside:
        raise TransitionRefused(_("This subsidy does not stand beside the application any more."))
    facts = {
        "degree": beside[subsidy.pk], "verdict": verdict, "reason": reason.strip(), "judged_by": actor, "judged_at": at,
    }  # fmt: skip
    finding, _new_one = OverlapFinding.objects.update_or_create(application=locked, subsidy=subsidy, defaults=facts)
    told = {"subsidy": subsidy.pk, "verdict": verdict, "degree": finding.degree}
    audit.record(actor=actor, action=Action.JUDGE_OVERLAP, subject=locked, at=at, note=reason, facts=told)
    return finding


def _new(said: Subsidy, actor: User, at: datetime) -> OtherSubsidy:
    words = {name: " ".join(getattr(said, name).split()) for name in ("holder", "department", "programme", "project")}
    return OtherSubsidy(
        **words, credit_code=digits(said.credit_code).upper(), year=said.year, amount=said.amount,
        content=said.content.strip(), recorded_by=actor, by_official=actor.holds_any(BUREAU), created_at=at,
    )  # fmt: skip


def _check(row: OtherSubsidy) -> None:
    wrong: dict[str, object] = {}
    try:
        credit_code(row.credit_code)
    except ValidationError as error:
        wrong["credit_code"] = error.messages
    if not FIRST_YEAR <= row.year <= timezone.localdate(row.created_at).year:
        wrong["year"] = _("The year lies between 2000 and this one.")
    if row.amount <= 0:
        wrong["amount"] = _("Give more than zero.")
    if wrong:
        raise ValidationError(wrong)


def _insert(row: OtherSubsidy) -> None:
    """Two may register it at once: only the database sees both."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if SUBSIDY_ONCE in str(error):
            raise ValidationError({"project": STANDS}) from None
        raise


def _note(row: OtherSubsidy, action: Action) -> None:
    facts = {"credit_code": row.credit_code, "project": row.project, "year": row.year, "amount": f"{row.amount:.2f}"}
    audit.record(actor=row.recorded_by, action=action, subject=row, at=row.created_at, facts=facts)
