"""Money from the district: recorded by the lead with a slip, confirmed by the district, corrected by reversal."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Award, Cofunding
from funding.models.cofunding import SLIP_ONCE
from funding.rules.spending import reference
from funding.selectors.cofunding import cofunding_standing
from funding.services.telling import lead_people, tell
from funding.workflow import COFUNDING
from members.enums import Role
from members.models import User
from members.selectors import holders
from portal.kernel import audit, files, notifications
from portal.kernel.authz import require
from portal.kernel.templatetags.ui import yuan

KIND = "funding.cofunding"
files.LIMITS[KIND] = files.Limit(10 * 1024 * 1024, (".pdf", ".jpg", ".jpeg", ".png"))
TOO_MUCH = _("By the contract only %(left)s yuan are still to come from the district.")
DAY_WRONG = _("The day lies between the approval of the award and today.")
TAKEN = _("This bank slip is recorded already.")
notifications.register(
    "funding.cofunding_reported", _("The lead of “%(name)s” has recorded money from your district; please confirm.")
)
notifications.register("funding.cofunding_confirmed", _("The district has confirmed its payment for “%(name)s”."))
notifications.register(
    "funding.cofunding_refused", _("The district does not confirm the payment recorded for “%(name)s”."), urgent=True
)
notifications.register(
    "funding.cofunding_reversed", _("A payment of the district for “%(name)s” was reversed."), urgent=True
)


@transaction.atomic
def report_cofunding(
    *, award: Award, amount: Decimal, arrived_on: date, slip: str, upload: File[bytes], actor: User, at: datetime
) -> Cofunding:  # fmt: skip
    """The lead says what came from the district, with the slip of the bank. Raises ValidationError by field."""
    rows = Award.objects.select_for_update(of=("self",), no_key=True).select_related("consortium")
    locked = rows.get(pk=award.pk)
    require(actor, "funding.report_cofunding", locked)
    _require_sound(locked, amount, arrived_on, at)
    lead = locked.consortium.lead_id
    kept = files.store(upload, actor=actor, kind=KIND, at=at, owner=lead)
    cofunding = Cofunding(
        award=locked, organisation_id=lead, amount=amount, arrived_on=arrived_on, slip=reference(slip),
        evidence=kept, reported_by=actor, created_at=at,
    )  # fmt: skip
    _insert(cofunding)
    facts = {"amount": f"{amount:.2f}", "slip": cofunding.slip, "arrived_on": arrived_on}
    audit.record(actor=actor, action=Action.REPORT_COFUNDING, subject=cofunding, at=at, facts=facts)
    _tell(cofunding, "funding.cofunding_reported", at, district=True)
    return cofunding


def _require_sound(award: Award, amount: Decimal, arrived_on: date, at: datetime) -> None:
    wrong: dict[str, object] = {}
    if amount > (left := cofunding_standing(award).left):
        wrong["amount"] = TOO_MUCH % {"left": yuan(left)}
    if not award.approved_on <= arrived_on <= timezone.localdate(at):
        wrong["arrived_on"] = DAY_WRONG
    if wrong:
        raise ValidationError(wrong)


def _insert(cofunding: Cofunding) -> None:
    """One slip may stand for another award: only the database sees both."""
    try:
        with transaction.atomic():
            cofunding.save(force_insert=True)
    except IntegrityError as error:
        if SLIP_ONCE in str(error):
            raise ValidationError({"slip": TAKEN}) from None
        raise


def confirm_cofunding(*, cofunding: Cofunding, actor: User, at: datetime, note: str = "") -> Cofunding:
    """The district paid it: from now on the reports count it."""
    with COFUNDING.moving(cofunding, Action.CONFIRM_COFUNDING, actor=actor, at=at, note=note) as locked:
        locked.judged_by, locked.judged_at = actor, at
        _tell(locked, "funding.cofunding_confirmed", at)
    return cofunding


def refuse_cofunding(*, cofunding: Cofunding, reason: str, actor: User, at: datetime) -> Cofunding:
    """The district did not pay it, or not so; its slip may be recorded anew."""
    with COFUNDING.moving(cofunding, Action.REFUSE_COFUNDING, actor=actor, at=at, note=reason) as locked:
        locked.judged_by, locked.judged_at, locked.reason = actor, at, reason.strip()
        _tell(locked, "funding.cofunding_refused", at)
    return cofunding


def withdraw_cofunding(*, cofunding: Cofunding, reason: str, actor: User, at: datetime) -> Cofunding:
    """The lead was mistaken before the district answered."""
    with COFUNDING.moving(cofunding, Action.WITHDRAW_COFUNDING, actor=actor, at=at, note=reason) as locked:
        locked.judged_by, locked.judged_at, locked.reason = actor, at, reason.strip()
    return cofunding


def reverse_cofunding(*, cofunding: Cofunding, reason: str, actor: User, at: datetime) -> Cofunding:
    """What was confirmed by mistake counts no longer and stays on record."""
    with COFUNDING.moving(cofunding, Action.REVERSE_COFUNDING, actor=actor, at=at, note=reason) as locked:
        locked.reversed_by, locked.reversed_at, locked.reversal_reason = actor, at, reason.strip()
        _tell(locked, "funding.cofunding_reversed", at)
        _tell(locked, "funding.cofunding_reversed", at, district=True)
    return cofunding


def _tell(cofunding: Cofunding, kind: str, at: datetime, *, district: bool = False) -> None:
    """The lead, or the officers of the district; finance where the district has none."""
    consortium = cofunding.award.consortium
    told = lead_people(consortium=consortium)
    if district:
        officers = holders(Role.DISTRICT_OFFICER, district=consortium.district_id)
        told = officers if officers.exists() else holders(Role.FINANCE)
    tell(recipients=told, consortium=consortium, kind=kind, subject=cofunding, at=at)
