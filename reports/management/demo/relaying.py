"""Money passed on to members: most confirmed it, one waits, one says that nothing came, one lead keeps it too long."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Max

from funding.models import Award, Payment, Relay
from funding.selectors.relays import MemberPart, at_hand, member_parts
from funding.services.relays import confirm_relay, refuse_relay, report_relay, watch_relays
from reports.management.demo.calendar import moment
from reports.management.demo.cast import Cast
from reports.management.demo.papers import paper

AFTER, ANSWERED = timedelta(days=8), timedelta(days=3)
WAITS, DENIED, KEPT = 1, 2, 3  # the awards that differ, by their place in the story
MISSING = "样例：经核对账户，至今未收到该笔款项。"


def pass_on(cast: Cast, today: date) -> None:
    """What was received by the leads goes on to their members."""
    paid = Payment.objects.filter(receipt_on__lt=today - AFTER)
    last = dict(paid.order_by().values_list("tranche__award").annotate(Max("receipt_on")))
    awards = Award.objects.select_related("application__call__rules", "consortium__lead", "contract")
    newest = sorted(awards.filter(pk__in=last), key=lambda one: (last[one.pk], one.consortium.code), reverse=True)
    for place, award in enumerate(newest):
        for number, part in enumerate(member_parts(award, today)):
            if place != KEPT:
                _one(cast, part, award, last[award.pk] + AFTER, (place, number))
    watch_relays(at=moment(today, 6))


def _one(cast: Cast, part: MemberPart, award: Award, day: date, place: tuple[int, int]) -> None:
    amount = min(part.standing.left, at_hand(award))
    if amount <= 0:
        return
    slip = f"HD{day:%Y%m%d}{place[0]:03}{place[1]}"
    between = (f"付款人：{award.consortium.lead.name}", f"收款人：{part.organisation.name}")
    lines = (f"回单号：{slip}", *between, f"金额：{amount} 元")
    upload = SimpleUploadedFile(f"银行回单{slip}.pdf", paper("银行电子回单（样例）", lines), "application/pdf")
    relay = report_relay(
        award=award, organisation=part.organisation, amount=amount, passed_on=day, slip=slip, upload=upload,
        actor=cast.of(award.consortium.lead), at=moment(day, 15),
    )  # fmt: skip
    if place[0] != WAITS:
        _answer(cast, relay, day + ANSWERED, denied=place[0] == DENIED)


def _answer(cast: Cast, relay: Relay, day: date, *, denied: bool) -> None:
    member = cast.of(relay.organisation)
    if denied:
        refuse_relay(relay=relay, reason=MISSING, actor=member, at=moment(day, 10))
    else:
        confirm_relay(relay=relay, received_on=relay.passed_on, actor=member, at=moment(day, 10))
