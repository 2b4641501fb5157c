"""Money passed on to the members: reported by the lead with a slip, confirmed by the receiver, watched by the clock."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.enums import Action
from funding.models import Award, Payment, Relay, RelayAlarm
from funding.models.relay import SLIP_ONCE
from funding.rules.spending import reference
from funding.selectors.relays import MemberPart, at_hand, member_parts, to_watch
from funding.selectors.spending import SPENDERS, spenders
from funding.services.ledger import pass_on
from funding.services.telling import lead_people, tell_lead
from funding.workflow import RELAY
from members.enums import Role
from members.models import Organisation, User
from members.selectors import holders
from portal.kernel import audit, files, notifications
from portal.kernel.authz import require
from portal.kernel.templatetags.ui import yuan

KIND = "funding.bank_slip"
files.LIMITS[KIND] = files.Limit(10 * 1024 * 1024, (".pdf", ".jpg", ".jpeg", ".png"))
NOT_A_MEMBER = _("Money of the grant is passed on to members of the consortium only.")
TOO_MUCH = _("You have only %(left)s yuan of this grant left to pass on.")
DAY_WRONG = _("The day lies between the first payment and today.")
RECEIVED_WRONG = _("The day lies between the transfer and today.")
TAKEN = _("This bank slip is reported already.")
notifications.register(
    "funding.relay_reported",
    _("The lead of “%(name)s” says to have passed money on to you; please confirm or object."),
    urgent=True,
)
notifications.register(
    "funding.relay_refused", _("A member of “%(name)s” says that money did not arrive."), urgent=True
)
notifications.register("funding.relay_confirmed", _("A member of “%(name)s” has confirmed the receipt of money."))
notifications.register(
    "funding.relay_overdue",
    _("Money of “%(name)s” that is due to a member has not been passed on in time."),
    urgent=True,
)


def report_relay(
    *, award: Award, organisation: Organisation, amount: Decimal, passed_on: date, slip: str, upload: File[bytes],
    actor: User, at: datetime,
) -> Relay:  # fmt: skip
    """The lead says what it transferred, with the slip of the bank. Raises ValidationError by field."""
    with transaction.atomic():
        locked = (
            Award.objects.select_for_update(of=("self",), no_key=True).select_related("consortium").get(pk=award.pk)
        )
        require(actor, "funding.report_relay", locked)
        _require_sound(locked, organisation, amount, passed_on, at)
        kept = files.store(upload, actor=actor, kind=KIND, at=at, owner=locked.consortium.lead_id)
        relay = Relay(
            award=locked, organisation=organisation, amount=amount, passed_on=passed_on, slip=reference(slip),
            evidence=kept, reported_by=actor, created_at=at,
        )  # fmt: skip
        _insert(relay)
        facts = {"organisation": organisation.pk, "amount": f"{amount:.2f}", "slip": relay.slip, "passed_on": passed_on}
        audit.record(actor=actor, action=Action.REPORT_RELAY, subject=relay, at=at, facts=facts)
        _tell_member(relay, at)
    return relay


def _require_sound(award: Award, organisation: Organisation, amount: Decimal, passed_on: date, at: datetime) -> None:
    wrong: dict[str, object] = {}
    lead = award.consortium.lead_id
    if organisation.pk == lead or organisation.pk not in {one.pk for one in spenders(award)}:
        wrong["organisation"] = NOT_A_MEMBER
    if amount > (left := at_hand(award)):
        wrong["amount"] = TOO_MUCH % {"left": yuan(left)}
    first = Payment.objects.filter(standing__award=award).order_by("paid_on").values_list("paid_on", flat=True).first()
    if first is None or not first <= passed_on <= timezone.localdate(at):
        wrong["passed_on"] = DAY_WRONG
    if wrong:
        raise ValidationError(wrong)


def _insert(relay: Relay) -> None:
    """Two may come with one slip at once: only the database sees both."""
    try:
        with transaction.atomic():
            relay.save(force_insert=True)
    except IntegrityError as error:
        if SLIP_ONCE in str(error):
            raise ValidationError({"slip": TAKEN}) from None
        raise


def confirm_relay(*, relay: Relay, received_on: date, actor: User, at: datetime, note: str = "") -> Relay:
    """The member has the money: from now on the books say so."""
    facts = {"received_on": received_on}
    with RELAY.moving(relay, Action.CONFIRM_RELAY, actor=actor, at=at, note=note, facts=facts) as locked:
        if not locked.passed_on <= received_on <= timezone.localdate(at):
            raise ValidationError({"received_on": RECEIVED_WRONG})
        locked.received_on, locked.judged_by, locked.judged_at = received_on, actor, at
        pass_on(relay=locked, actor=actor, at=at)
        tell_lead(consortium=locked.award.consortium, kind="funding.relay_confirmed", subject=locked, at=at)
    return relay


def refuse_relay(*, relay: Relay, reason: str, actor: User, at: datetime) -> Relay:
    """The money did not arrive; lead and officers are told."""
    with RELAY.moving(relay, Action.REFUSE_RELAY, actor=actor, at=at, note=reason) as locked:
        locked.judged_by, locked.judged_at, locked.reason = actor, at, reason.strip()
        consortium = locked.award.consortium
        url, params = locked.get_absolute_url(), {"name": consortium.name}
        told = [*lead_people(consortium=consortium), *holders(Role.OFFICER)]
        notifications.notify(recipients=told, kind="funding.relay_refused", params=params, url=url, at=at)
    return relay


def withdraw_relay(*, relay: Relay, reason: str, actor: User, at: datetime) -> Relay:
    """The lead was mistaken; its slip may be reported anew."""
    with RELAY.moving(relay, Action.WITHDRAW_RELAY, actor=actor, at=at, note=reason) as locked:
        locked.judged_by, locked.judged_at, locked.reason = actor, at, reason.strip()
    return relay


def _tell_member(relay: Relay, at: datetime) -> None:
    people = holders(*SPENDERS, Role.SIGNATORY, organisation=relay.organisation_id)
    params = {"name": relay.award.consortium.name}
    url = relay.get_absolute_url()
    notifications.notify(recipients=people, kind="funding.relay_reported", params=params, url=url, at=at)


# --- the clock ---------------------------------------------------------------------------------
def watch_relays(*, at: datetime) -> int:
    """Raise an alarm for what is overdue, close those that are settled; how many were raised."""
    raised = 0
    for award in to_watch().iterator(chunk_size=200):
        parts = {one.organisation.pk: one for one in member_parts(award, timezone.localdate(at))}
        with transaction.atomic():
            raised += sum(_raise(award, one, one.standing.since, at) for one in parts.values() if one.standing.since)
            still = [pk for pk, one in parts.items() if one.standing.since]
            RelayAlarm.objects.filter(award=award, settled_at=None).exclude(organisation__in=still).update(
                settled_at=at
            )
    return raised


def _raise(award: Award, part: MemberPart, since: date, at: datetime) -> bool:
    facts = {"amount": part.standing.overdue, "raised_at": at, "created_at": at}
    alarm, is_new = RelayAlarm.objects.get_or_create(
        award=award, organisation=part.organisation, since=since, defaults=facts
    )
    if is_new:
        consortium = award.consortium
        told = [*lead_people(consortium=consortium), *holders(Role.OFFICER),
                *holders(*SPENDERS, organisation=part.organisation.pk)]  # fmt: skip
        url, params = alarm.get_absolute_url(), {"name": consortium.name}
        notifications.notify(recipients=told, kind="funding.relay_overdue", params=params, url=url, at=at)
    return is_new
